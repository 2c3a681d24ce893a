//! Claim: `schedule.csv` says what `schedule.jsonl` says.

use super::{Claim, Evidence, Finding};
use crate::draw::Root;
use crate::record::{DRAWN, Heads, SCHEDULE, TABLE, schedule_table};

pub(super) const CLAIM: Claim = Claim { name: "table", says: "the table that people read says what the schedule says" };

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let heads = heads(evidence)?;
    let (case, _) = evidence.thawed.case?;
    let published = evidence.published.as_ref().filter(|_| evidence.files.contains_key(SCHEDULE))?;
    let stated = evidence.files.get(TABLE)?;
    let actual = schedule_table(case, &published.schedule, &heads);
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

/// Who heads each team. Where heads are drawn, that can be told only of a record that was derived from these inputs and this seed; where it was not, that
/// is found already.
fn heads(evidence: &Evidence) -> Option<Heads> {
    let (case, _) = evidence.thawed.case?;
    let schedule = &evidence.published.as_ref()?.schedule;
    let Some(record) = evidence.record.as_ref().filter(|record| record.heads.is_some()) else {
        return Some(Heads::of(case, schedule, |_| None));
    };
    let is_drawn = record.heads.as_deref() == Some(DRAWN);
    let derived = super::seed::check(evidence).is_some_and(|found| found.is_empty());
    let root = Root::from_seed(&evidence.inputs, &record.seed);
    let before = evidence.stretch.as_ref().map(|stretch| &stretch.before)?;
    (is_drawn && derived).then(|| Heads::of_record(case, record, &root, schedule, before))
}
