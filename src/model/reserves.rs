//! Reserves: who steps in where somebody of a team can't go, in the order that the draw fixed.

use super::{InspectorId, VisitId};

/// The reserves of one visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserves {
    /// The visit.
    pub visit: VisitId,
    /// The number of the stage that drew it, from 1.
    pub stage: usize,
    /// One for each member of the team, in order of their ids.
    pub seats: Vec<SeatReserves>,
}

/// The reserves of one seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatReserves {
    /// Whose seat it is.
    pub member: InspectorId,
    /// How many people may step in. Each of them had the same chance to stand first: 1 in so many.
    pub of: usize,
    /// Those who are asked first, in order; all of them, or the first few.
    pub order: Vec<InspectorId>,
}
