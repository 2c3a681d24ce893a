//! Odds: what is counted in an urn, n of K. Everything here is a whole number that anybody can recount.
//!
//! Only the part of a ticket that the stage's own days hold is drawn, and only that part is counted. The counting
//! is linear in the tickets, but for sorting the teams of each visit. It uses a few threads, which never change a number.
//!
//! Where the measures come from: worst odds, and odds limited from above, Jecmen and others, "Mitigating Manipulation in
//! Peer Review via Randomized Reviewer Assignments" (NeurIPS 2020); average worst odds, support and the sum of squared
//! odds, Xu, Jecmen, Song and Fang, "A One-Size-Fits-All Approach to Improving Randomness in Paper Assignment" (NeurIPS
//! 2023); effective numbers, Hill, "Diversity and Evenness" (Ecology 54, 1973), of order 2. Entropy is made of the same
//! counts where it is shown.

mod measures;
mod people;
mod sight;
mod tally;
mod visits;
mod walk;

use chrono::NaiveDate;

use super::{InspectorId, SlotId, Span, Urn, VisitId};

pub use measures::Worst;
pub use people::{Leak, Meetings, Remaining};

/// What the tickets of an urn say, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odds {
    /// The days that the draw decides.
    pub span: Span,
    /// Tickets, K.
    pub tickets: u32,
    /// Different tickets, their completions looked at too.
    pub distinct: u32,
    /// Different outcomes of the draw: tickets that differ only in their completions count once.
    pub outcomes: u32,
    /// The visits that some ticket holds on the stage's days, in order.
    pub visits: Vec<VisitOdds>,
    /// By inspector: the tickets in which they go on any visit of the stage's days.
    pub serves: Vec<u32>,
    /// How often two people meet; not counted for rosters of more than [`COUNTED_PEOPLE_MAX`] people.
    pub meetings: Option<Meetings>,
    /// How many tickets remain possible to somebody who holds the urn and has seen their own visits; not counted
    /// for rosters of more than [`COUNTED_PEOPLE_MAX`] people, or where people times tickets are beyond
    /// [`COUNTED_CELLS_MAX`].
    pub leak: Option<Leak>,
}

/// People up to whom pairs and leakage are counted: they grow with the square of the roster.
pub const COUNTED_PEOPLE_MAX: usize = 8_192;

/// People times tickets up to which leakage is counted.
pub const COUNTED_CELLS_MAX: usize = 1 << 26;

/// The odds of one visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitOdds {
    /// The visit.
    pub visit: VisitId,
    /// Tickets that hold it on the stage's days, n(v).
    pub held: u32,
    /// Who goes in how many of them, n(v, i); by inspector, those with none left out.
    pub inspectors: Vec<(InspectorId, u32)>,
    /// When it starts in how many of them, n(v, t); in order of time.
    pub times: Vec<(NaiveDate, SlotId, u32)>,
    /// How the pairs within its teams are spread: n(v, {i, j}).
    pub pairs: Spread,
    /// How its teams are spread.
    pub teams: Spread,
}

/// How counts are spread over whatever is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// How many have a count above nought.
    pub distinct: u64,
    /// The largest count.
    pub most: u32,
    /// The sum of the squares of the counts.
    pub squares: u64,
}

impl Spread {
    /// Counts one more with the count `n`, which must be above nought.
    fn add(&mut self, n: u32) {
        self.distinct += 1;
        self.most = self.most.max(n);
        self.squares += u64::from(n) * u64::from(n);
    }
}

impl Odds {
    /// Counts `urn`, on as many threads as the machine has.
    ///
    /// # Panics
    /// Where the urn has 2^32 tickets or more; policies allow a million.
    pub fn count(urn: &Urn) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self::count_on(urn, threads)
    }

    /// [`count`](Self::count) on so many threads, at least one.
    ///
    /// # Panics
    /// As [`count`](Self::count).
    pub fn count_on(urn: &Urn, threads: usize) -> Self {
        let visits = visits::count(urn, threads.max(1));
        let people::Counted { serves, meetings, leak, outcomes } = people::count(urn, threads.max(1));
        let tickets = u32::try_from(urn.len()).expect("an urn has fewer tickets than 2^32");
        Self { span: urn.layout().span(), tickets, distinct: distinct(urn), outcomes, visits, serves, meetings, leak }
    }

    /// The odds of `visit`, where some ticket holds it on the stage's days.
    pub fn of(&self, visit: VisitId) -> Option<&VisitOdds> {
        let at = self.visits.binary_search_by_key(&visit, |odds| odds.visit).ok()?;
        self.visits.get(at)
    }
}

impl VisitOdds {
    /// n(v, i).
    pub fn of(&self, inspector: InspectorId) -> u32 {
        let found = self.inspectors.binary_search_by_key(&inspector, |(who, _)| *who).ok();
        found.and_then(|at| self.inspectors.get(at)).map_or(0, |(_, n)| *n)
    }
}

fn distinct(urn: &Urn) -> u32 {
    let mut tickets: Vec<&[u8]> = urn.tickets().collect();
    tickets.sort_unstable();
    tickets.dedup();
    tickets.len() as u32
}

/// Calls `each` with every run of equal items of a sorted list: the item and how often it stands there.
#[inline]
fn runs<T: PartialEq + Copy>(sorted: &[T], mut each: impl FnMut(T, u32)) {
    sorted.chunk_by(|a, b| a == b).for_each(|run| each(run[0], run.len() as u32));
}
