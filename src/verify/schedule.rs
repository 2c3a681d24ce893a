//! Claim: the schedule has every visit once, names only what the inputs have, and is counted right.

use super::format::{finding, is_of_format};
use super::{Claim, Evidence, Finding};
use crate::draw::{digest, to_hex};
use crate::model::Case;
use crate::record::{Counts, Published, RECORD, Record, SCHEDULE};

pub(super) const CLAIM: Claim =
    Claim { name: "schedule", says: "every visit stands in the schedule once, and the record counts them right" };

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let (case, _) = evidence.thawed.case?;
    let published = evidence.published.as_ref().filter(|_| evidence.files.contains_key(SCHEDULE))?;
    let mut found: Vec<_> = published.flaws.iter().filter(|flaw| !is_of_format(flaw)).map(finding).collect();
    if let Some(record) = &evidence.record {
        found.extend(statements(evidence, record, case, published));
    }
    Some(found)
}

/// What the record states about the schedule, where it is not so.
fn statements(evidence: &Evidence, record: &Record, case: &Case, published: &Published) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut differs = |name, says: String| found.push(Finding::new(name, RECORD, Some(1), says));
    let actual = evidence.files.get(SCHEDULE).map(|bytes| to_hex(&digest(bytes))).unwrap_or_default();
    if record.schedule != actual {
        differs("schedule-digest", format!("the record states the digest {}; it is {actual}", record.schedule));
    }
    if record.case != case.name {
        differs("case-name", format!("the record says `{}`, the policy `{}`", record.case, case.name));
    }
    let counted = Counts::of(case, &published.schedule);
    if record.counts != counted {
        differs("counts", format!("the record states {}; recounted: {}", told(&record.counts), told(&counted)));
    }
    let unstaffed = case.visit_ids().filter(|visit| !published.schedule.assignments.contains_key(visit));
    let unstaffed: Vec<_> = unstaffed.map(|visit| case.visit(visit).id.clone()).collect();
    if record.unstaffed != unstaffed {
        let [stated, actual] = [&record.unstaffed, &unstaffed].map(|list| listed(list));
        differs("unstaffed-list", format!("the record lists {stated} as unstaffed; the schedule has {actual}"));
    }
    found
}

fn told(counts: &Counts) -> String {
    let Counts { visits, staffed, mandatory, mandatory_staffed, seats, waivers } = counts;
    format!(
        "{visits} visits, {staffed} staffed, {mandatory} mandatory, {mandatory_staffed} of them staffed, \
         {seats} seats, {waivers} waivers"
    )
}

/// The first few of a list, for a sentence.
fn listed(ids: &[String]) -> String {
    let shown = ids.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    match ids.len() {
        0 => "none".to_owned(),
        1..=10 => shown,
        many => format!("{shown} and {} more", many - 10),
    }
}
