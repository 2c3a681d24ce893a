//! Who sits where in a schedule, and which seats a waiver lifts a rule from.

use std::collections::BTreeSet;

use crate::model::{Assignment, Case, InspectorId, Schedule, VisitId};

/// The waivers of one rule, laid out so that looking one up does not read them all.
pub(super) struct Waived(BTreeSet<(VisitId, InspectorId)>);

impl Waived {
    /// The waivers that `case` has of `rule`.
    pub(super) fn of(case: &Case, rule: &str) -> Self {
        Self(case.waivers.iter().filter(|w| w.rule == rule).map(|w| (w.visit, w.inspector)).collect())
    }

    /// Whether the rule is lifted for `who` on `visit`.
    pub(super) fn lifts(&self, visit: VisitId, who: InspectorId) -> bool {
        self.0.contains(&(visit, who))
    }
}

/// Every seat of `schedule` that no waiver lifts `rule` from: the visit, its assignment, who sits there.
pub(super) fn seats<'s>(
    case: &Case,
    schedule: &'s Schedule,
    rule: &str,
) -> impl Iterator<Item = (VisitId, &'s Assignment, InspectorId)> + use<'s> {
    let waived = Waived::of(case, rule);
    let all = schedule.assignments.iter();
    let all = all.flat_map(|(visit, to)| to.team.members().iter().map(move |who| (*visit, to, *who)));
    all.filter(move |(visit, _, who)| !waived.lifts(*visit, *who))
}

/// Every two people of one team whom no waiver of either lifts `rule` from.
pub(super) fn pairs<'s>(
    case: &Case,
    schedule: &'s Schedule,
    rule: &str,
) -> impl Iterator<Item = (VisitId, InspectorId, InspectorId)> + use<'s> {
    let waived = Waived::of(case, rule);
    let all = schedule.assignments.iter();
    let all = all.flat_map(|(visit, to)| to.team.pairs().map(move |(a, b)| (*visit, a, b)));
    all.filter(move |(visit, a, b)| !waived.lifts(*visit, *a) && !waived.lifts(*visit, *b))
}

/// The ids of `team` as a sentence names them: `ana, ben`.
pub(super) fn named(case: &Case, team: &[InspectorId]) -> String {
    team.iter().map(|who| case.inspector(*who).id.as_str()).collect::<Vec<_>>().join(", ")
}
