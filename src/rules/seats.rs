//! Which seats a waiver lifts a rule from, and how sentences name the people of a team.

use crate::model::{Case, InspectorId, VisitId};

/// The waivers of one rule, laid out so that looking one up does not read them all.
pub(super) struct Waived(Vec<(VisitId, InspectorId)>);

impl Waived {
    /// The waivers that `case` has of `rule`.
    pub(super) fn of(case: &Case, rule: &str) -> Self {
        let waivers = case.waivers.iter().filter(|w| w.rule == rule);
        let mut waived: Vec<_> = waivers.map(|w| (w.visit, w.inspector)).collect();
        waived.sort_unstable();
        Self(waived)
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the rule is lifted for `who` on `visit`.
    #[inline]
    pub(super) fn lifts(&self, visit: VisitId, who: InspectorId) -> bool {
        // Most rules have no waiver, and all are asked of every seat.
        !self.0.is_empty() && self.0.binary_search(&(visit, who)).is_ok()
    }

    /// Whether the rule is lifted for either of two people on `visit`.
    pub(super) fn lifts_either(&self, visit: VisitId, (a, b): (InspectorId, InspectorId)) -> bool {
        self.lifts(visit, a) || self.lifts(visit, b)
    }
}

/// The ids of `team` as a sentence names them: `ana, ben`.
pub(super) fn named(case: &Case, team: &[InspectorId]) -> String {
    team.iter().map(|who| case.inspector(*who).id.as_str()).collect::<Vec<_>>().join(", ")
}
