//! Claim: what was fixed before a ceremony's draw is in its schedule as it was, and beside it only the days that were drawn.

use super::{Claim, Evidence, Finding};
use crate::draw::{digest, to_hex};
use crate::model::{Case, Stretch, VisitId};
use crate::record::{FIXED, Published, RECORD, SCHEDULE};

pub(super) const CLAIM: Claim =
    Claim { name: "fixed", says: "what was fixed before the draw stands as it was, and only the days drawn are new" };

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let (case, _) = evidence.thawed.case?;
    let (stretch, record) = (evidence.stretch.as_ref()?, evidence.record.as_ref()?);
    let published = evidence.published.as_ref().filter(|_| evidence.files.contains_key(SCHEDULE))?;
    let stated = &record.ceremony.as_ref()?.fixed;
    let actual = to_hex(&digest(evidence.files.get(FIXED)?));
    let mut found = Vec::new();
    if *stated != actual {
        let says = format!("the record states the digest {stated}; it is {actual}");
        found.push(Finding::new("fixed-digest", RECORD, Some(1), says));
    }
    found.extend(differences(case, stretch, published));
    Some(found)
}

/// The visits that the schedule has otherwise than they were fixed, or on days that were not drawn.
fn differences(case: &Case, stretch: &Stretch, published: &Published) -> Vec<Finding> {
    let fixed = &stretch.before;
    let drawn_on = |date| stretch.stages.iter().any(|(_, span)| span.contains(date));
    let wrong = |visit: VisitId| match (fixed.assignments.get(&visit), published.schedule.assignments.get(&visit)) {
        (Some(fixed), said) if said != Some(fixed) => Some("was fixed otherwise before the draw"),
        (None, Some(said)) if !drawn_on(said.date) => Some("is held on a day that was not drawn"),
        _ => None,
    };
    let finding = |visit: VisitId| {
        let says = format!("visit `{}` {}", case.visit(visit).id, wrong(visit)?);
        Some(Finding::new("fixed", SCHEDULE, published.lines.get(&visit).copied(), says))
    };
    case.visit_ids().filter_map(finding).collect()
}
