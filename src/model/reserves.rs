//! Reserves: who steps in where somebody can't go on a day, in the order that the draw fixed.

use chrono::NaiveDate;

use super::{InspectorId, VisitId};

/// The reserves of one person on one day. An absence lasts whole days, so whoever steps in takes over every visit
/// that the person has on that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserves {
    /// The day.
    pub date: NaiveDate,
    /// In whose place they step.
    pub member: InspectorId,
    /// The number of the stage that drew the day, from 1.
    pub stage: usize,
    /// Every visit that the member has on the day, in order of their ids.
    pub visits: Vec<VisitId>,
    /// How many people may step in. Each of them had the same chance to stand first: 1 in so many.
    pub of: usize,
    /// Those who are asked first, in order; all of them, or the first few.
    pub order: Vec<InspectorId>,
}
