//! The facts as a rule itself states them: what its `check` finds when a team is put in.

use super::ways::Ways;
use crate::model::{Assignment, Case, InspectorId, Schedule, VisitId};
use crate::rules::{Sheet, Violation};

/// A rule that stands in somebody's way, with the facts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hindrance {
    /// Name of the rule.
    pub rule: &'static str,
    /// The facts, as the rule's own check states them.
    pub says: String,
}

/// The part of a schedule that can matter to who goes on `visit`: the visits of these people, of the
/// same place, owner or operation, and of the people who share those. Rules look no further.
fn around(case: &Case, schedule: &Schedule, visit: VisitId, people: &[InspectorId]) -> Schedule {
    let own = case.visit(visit);
    let place = case.place_of(visit);
    let matters = |other: &VisitId, assignment: &Assignment| {
        let there = case.visit(*other);
        there.establishment == own.establishment
            || (place.owner.is_some() && case.place_of(*other).owner == place.owner)
            || (own.operation.is_some() && there.operation == own.operation)
            || assignment.team.members().iter().any(|member| people.contains(member))
    };
    let part = schedule.assignments.iter().filter(|(other, assignment)| matters(other, assignment));
    Schedule { assignments: part.map(|(other, assignment)| (*other, assignment.clone())).collect() }
}

/// What these rules find wrong with `assignment` for `visit` that they did not find wrong before;
/// every rule that is on where none are named.
pub(super) fn new_violations(
    ways: &Ways,
    schedule: &Schedule,
    visit: VisitId,
    assignment: &Assignment,
    rules: Option<&[&'static str]>,
) -> Vec<Violation> {
    let mut people = assignment.team.members().to_vec();
    people.extend(schedule.assignments.get(&visit).into_iter().flat_map(|was| was.team.members()));
    let before = around(ways.case, schedule, visit, &people);
    let mut after = before.clone();
    after.assignments.insert(visit, assignment.clone());
    let (old, mut new) = (found(ways, &before, rules), found(ways, &after, rules));
    new.retain(|violation| !old.contains(violation));
    new
}

/// What these rules find wrong with a schedule of the case.
fn found(ways: &Ways, schedule: &Schedule, rules: Option<&[&'static str]>) -> Vec<Violation> {
    let mut sheet = Sheet::new(ways.case);
    assert!(sheet.put_all(schedule), "a schedule names visits and people of its case");
    let wanted = |name: &str| rules.is_none_or(|rules| rules.contains(&name));
    ways.checker().violations_of(sheet.read(), wanted)
}

/// [`new_violations`] as sentences, without repetition.
pub(super) fn evidence(
    ways: &Ways,
    schedule: &Schedule,
    visit: VisitId,
    assignment: &Assignment,
    rules: &[&'static str],
) -> Vec<Hindrance> {
    let found = new_violations(ways, schedule, visit, assignment, Some(rules));
    let mut all: Vec<_> = found.into_iter().map(|found| Hindrance { rule: found.rule, says: found.says }).collect();
    all.sort_unstable();
    all.dedup();
    let silent = rules.iter().filter(|rule| all.iter().all(|one| one.rule != **rule));
    let plain = |rule: &&'static str| Hindrance { rule, says: format!("the rule {rule} stands in the way") };
    let silent: Vec<_> = silent.map(plain).collect();
    all.extend(silent);
    all
}
