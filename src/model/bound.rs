//! Bounds: what no lottery could beat, and what proves it.
//!
//! A certificate is data that anybody can weigh in one pass over the inputs. How it was found does not matter.

use chrono::NaiveDate;

use super::{InspectorId, VisitId, Week};

/// Fractions of one in which [`Prices`] are counted.
pub const PRICE_UNITS: u32 = 16;

/// The smallest worst odds that any lottery could have, given how often it makes each visit: somebody goes on some visit
/// in at least so many tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorstOdds {
    /// In how many tickets, at least. One more than there are tickets where no lottery can make these visits so often.
    pub at_least: u32,
    /// Why: these seats can't be filled with anybody going less often.
    pub cut: Cut,
}

/// Seats that must be filled, and people who are counted with all the seats that they have rather than by their odds.
///
/// It proves that somebody has odds of more than n of K where the seats of its visits are more than the seats of
/// its full weeks, each K times, and n for each person who may go on one of its visits in some other week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// The visits, in order, nobody twice.
    pub visits: Vec<CutVisit>,
    /// People in weeks of the span, in order.
    pub full: Vec<(InspectorId, Week)>,
}

/// A visit of a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CutVisit {
    /// Which visit.
    pub visit: VisitId,
    /// Only the seats of one of its needs, by its place among the needs in the order of the book; or all seats.
    pub need: Option<u32>,
}

/// The least sum over (visit, person) of the square of how many tickets hold them that any lottery could have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeastSquares {
    /// The sum, at least.
    pub at_least: u64,
    /// Why.
    pub prices: Prices,
}

/// Prices in [`PRICE_UNITS`]. Any prices prove a bound (weak duality); good ones prove a good bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// What a seat costs, by person and week of the span, in order; none where nothing is said.
    pub weeks: Vec<(InspectorId, Week, u64)>,
    /// What a seat pays, by visit, in order; nothing where nothing is said.
    pub visits: Vec<VisitPrice>,
}

/// What the seats of a visit pay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitPrice {
    /// Which visit.
    pub visit: VisitId,
    /// Each seat; may be below nothing.
    pub seat: i64,
    /// More for each need that who sits there meets, in the order of the book.
    pub needs: Vec<u64>,
}

/// The bounds of one stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageBounds {
    /// The number of the stage, from 1.
    pub stage: u64,
    /// The smallest worst odds of any lottery that holds each visit as often as the stage's urn does.
    pub worst: WorstOdds,
    /// The least sum of squared odds of any such lottery.
    pub squares: LeastSquares,
    /// The most visits that any schedule can staff from the first day of the stage to the end of the period, where that is said.
    pub most: Option<MostStaffed>,
}

/// A day, or the days of a span that lie in one calendar week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayOrWeek {
    /// One day.
    Day(NaiveDate),
    /// One week.
    Week(Week),
}

/// The most visits that any schedule can staff in a span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MostStaffed {
    /// Of all visits that earlier draws have not made.
    pub visits: Coverage,
    /// Of the mandatory ones among them.
    pub mandatory: Coverage,
}

/// How many of some visits can be staffed at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// How many visits there are.
    pub of: usize,
    /// How many can be staffed at most.
    pub at_most: usize,
    /// Visits that nobody can staff, even if there were nothing else to do: too few people, or too few with a quality.
    pub hopeless: Vec<VisitId>,
    /// Why no more of the others, each about other visits. What is missing adds up.
    pub short: Vec<Shortfall>,
}

/// Visits that want more seats than there are.
///
/// It proves that some go without: whoever goes on one of them takes a seat of `full`, or is one of the others. Staffing first the
/// visits that want least, `there` seats are not enough for more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shortfall {
    /// The rule and the quality of the seats that are counted; none where all seats are.
    pub quality: Option<(String, String)>,
    /// The visits that compete, in order.
    pub visits: Vec<VisitId>,
    /// The people who are counted with all the seats that they have then, in order. Whoever may go on one of the visits at
    /// another time too, or takes no seat there, is counted once for it.
    pub full: Vec<(InspectorId, DayOrWeek)>,
    /// Seats that those visits want.
    pub wanted: u64,
    /// Seats that they can have.
    pub there: u64,
    /// How many of the visits go without at least.
    pub missing: usize,
}
