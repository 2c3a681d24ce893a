//! Everything that a plan is made from.

use chrono::NaiveDate;

use super::{
    Absence, Conflict, Establishment, EstablishmentId, Inspector, InspectorId, PastVisit, Period, Programmed, Settings,
    Stage, Visit, VisitId,
};

/// One case: the policy, the people, the places, and what is known of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Name of the case, for people.
    pub name: String,
    /// The days and slots to plan.
    pub period: Period,
    /// How the urn is filled and drawn from.
    pub urn: UrnPolicy,
    /// How often places are to be seen that nobody must see.
    pub programmed: Programmed,
    /// What the policy says of the rules.
    pub settings: Settings,
    /// By id.
    pub inspectors: Vec<Inspector>,
    /// By id; those that only history names among them, marked so.
    pub establishments: Vec<Establishment>,
    /// By id.
    pub visits: Vec<Visit>,
    /// In order, without repetition.
    pub conflicts: Vec<Conflict>,
    /// In order, without repetition.
    pub absences: Vec<Absence>,
    /// By date, then establishment, then team; without exact repetition.
    pub history: Vec<PastVisit>,
    /// In order, without repetition.
    pub waivers: Vec<Waiver>,
}

/// Below so many tickets a draw can be steered before anything is fixed: whoever has the inputs changes them in private, again and again,
/// until the wanted team would come. Acts and verdicts warn of it.
///
/// ```
/// assert!(foureyes::model::UrnPolicy::default().tickets >= foureyes::model::FEW_TICKETS);
/// ```
pub const FEW_TICKETS: u32 = 100;

/// How the urn is filled and drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrnPolicy {
    /// Tickets in the urn, at least 1.
    pub tickets: u32,
    /// How much one draw decides.
    pub stage: Stage,
    /// A visit with fewer possible teams is told of before anything is drawn; 0 tells of none.
    pub pool_min: u32,
    /// A visit of which one person has more than so many per cent of the odds is told of too, 1 to 100.
    pub odds_max: u32,
}

impl Default for UrnPolicy {
    fn default() -> Self {
        Self { tickets: 1000, stage: Stage::Day, pool_min: 4, odds_max: 25 }
    }
}

/// A signed exception: this rule does not hold this person back from this visit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waiver {
    /// Name of the rule.
    pub rule: String,
    /// The visit it is for.
    pub visit: VisitId,
    /// The person it is for.
    pub inspector: InspectorId,
    /// Why.
    pub reason: String,
    /// Who signed it.
    pub approver: String,
    /// When it was signed.
    pub date: NaiveDate,
}

impl Case {
    /// The inspector at `id`.
    pub fn inspector(&self, id: InspectorId) -> &Inspector {
        &self.inspectors[id.index()]
    }

    /// The establishment at `id`.
    pub fn establishment(&self, id: EstablishmentId) -> &Establishment {
        &self.establishments[id.index()]
    }

    /// The visit at `id`.
    pub fn visit(&self, id: VisitId) -> &Visit {
        &self.visits[id.index()]
    }

    /// The position of the inspector with this id, if there is one.
    pub fn find_inspector(&self, id: &str) -> Option<InspectorId> {
        self.inspectors.binary_search_by(|inspector| inspector.id.as_str().cmp(id)).ok().map(InspectorId::at)
    }

    /// The position of the establishment with this id, if there is one.
    pub fn find_establishment(&self, id: &str) -> Option<EstablishmentId> {
        self.establishments.binary_search_by(|place| place.id.as_str().cmp(id)).ok().map(EstablishmentId::at)
    }

    /// The position of the visit with this id, if there is one.
    pub fn find_visit(&self, id: &str) -> Option<VisitId> {
        self.visits.binary_search_by(|visit| visit.id.as_str().cmp(id)).ok().map(VisitId::at)
    }

    /// The place that the visit at `id` goes to.
    pub fn place_of(&self, id: VisitId) -> &Establishment {
        self.establishment(self.visit(id).establishment)
    }

    /// Every inspector's position, in order.
    pub fn inspector_ids(&self) -> impl Iterator<Item = InspectorId> + use<> {
        (0..self.inspectors.len()).map(InspectorId::at)
    }

    /// Every visit's position, in order.
    pub fn visit_ids(&self) -> impl Iterator<Item = VisitId> + use<> {
        (0..self.visits.len()).map(VisitId::at)
    }

    /// Whether a waiver lifts `rule` for `inspector` on `visit`.
    pub fn waived(&self, rule: &str, visit: VisitId, inspector: InspectorId) -> bool {
        self.waivers.iter().any(|w| w.visit == visit && w.inspector == inspector && w.rule == rule)
    }
}
