//! Claim: `schedule.csv` says what `schedule.jsonl` says.

use super::{Claim, Evidence, Finding};
use crate::record::{SCHEDULE, TABLE, schedule_table};

pub(super) const CLAIM: Claim = Claim { name: "table", says: "the table that people read says what the schedule says" };

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let (case, _) = evidence.thawed.case?;
    let published = evidence.published.as_ref().filter(|_| evidence.files.contains_key(SCHEDULE))?;
    let stated = evidence.files.get(TABLE)?;
    let actual = schedule_table(case, &published.schedule);
    if *stated == actual {
        return Some(Vec::new());
    }
    let mut lines = stated.split(|byte| *byte == b'\n').zip(actual.split(|byte| *byte == b'\n'));
    let at = lines.position(|(stated, actual)| stated != actual);
    let show = |bytes: &[u8], at: usize| {
        let line = bytes.split(|byte| *byte == b'\n').nth(at).unwrap_or_default();
        String::from_utf8_lossy(line).chars().take(200).collect::<String>()
    };
    let (line, says) = match at {
        Some(at) => {
            let says = format!("the line is `{}`; the schedule says `{}`", show(stated, at), show(&actual, at));
            (Some(at as u64 + 1), says)
        }
        None => (None, "the file is shorter or longer than the schedule".to_owned()),
    };
    Some(vec![Finding::new("table", TABLE, line, says)])
}
