//! What a choice costs. Integers only; the cheapest of what is allowed is taken.

use super::Ways;
use crate::model::InspectorId;

/// Chance: what two equally loaded people may differ by.
const CHANCE: u64 = 1 << 10;
/// Load: what somebody with all of their seats taken costs more than somebody with none.
const LOAD: u64 = 3 << 10;
/// Scarcity: what a quality that everybody with it is needed for costs where it isn't asked for.
const SCARCITY: u64 = 4 << 10;

/// Load beside what earlier tickets used: what somebody with all of their seats taken costs more, in 1024ths of a ticket.
const SPREAD: u64 = 2 << 10;

/// What each person is worth to all visits, before anything is placed.
#[derive(Clone, Debug, Default)]
pub(super) struct Worth {
    /// By inspector: seats they can take in the period, at least 1.
    seats: Vec<u64>,
    /// By inspector: how scarce what they have is.
    scarcity: Vec<u64>,
    /// By inspector: how short what they have is, in 1024ths of an even share.
    shortage: Vec<u64>,
}

impl Worth {
    pub fn new(ways: &Ways) -> Self {
        let seats = seats(ways);
        // What a quality that is asked for so often is worth, by how many seats those have who have it.
        let scarce = |asked: u64, have: u64| (asked * SCARCITY / have).min(2 * SCARCITY);
        // Nothing while half of those seats are enough, and from there on quickly more, so that nobody whom a visit can do
        // without is used up there.
        let short = |asked: u64, have: u64| (asked * 1024 / have).min(1024).saturating_sub(512) * 24;
        Self { scarcity: of_qualities(ways, &seats, scarce), shortage: of_qualities(ways, &seats, short), seats }
    }
}

/// What each person costs, whatever the visit, before chance.
pub(super) struct Prices<'a> {
    worth: &'a Worth,
    /// By inspector: seats taken.
    taken: Vec<u64>,
    /// By inspector: what their load adds to their cost beside what earlier tickets used.
    load: Vec<u64>,
}

impl<'a> Prices<'a> {
    pub fn new(worth: &'a Worth) -> Self {
        let nothing = vec![0; worth.seats.len()];
        Self { worth, taken: nothing.clone(), load: nothing }
    }

    pub fn take(&mut self, who: InspectorId) {
        self.taken[who.index()] += 1;
        self.weigh(who.index());
    }

    pub fn free(&mut self, who: InspectorId) {
        self.taken[who.index()] -= 1;
        self.weigh(who.index());
    }

    fn weigh(&mut self, at: usize) {
        self.load[at] = self.taken[at] * SPREAD / self.worth.seats[at];
    }

    /// What `who` costs on a visit whose words of chance begin with `word`.
    pub fn of(&self, who: InspectorId, word: u64) -> u64 {
        let at = who.index();
        self.taken[at] * LOAD / self.worth.seats[at] + self.worth.scarcity[at] + chance(word, at as u64) % CHANCE
    }

    /// What `who` costs on a visit of a stage beside what earlier tickets used: a little for their load, and
    /// more than any spreading where what they have is scarce and was not asked for. `share` is an even share of the visit.
    #[inline]
    pub fn beside(&self, who: InspectorId, share: u64) -> u64 {
        let at = who.index();
        self.load[at] + self.worth.shortage[at] * share / 1024
    }

    /// What the load of `who` adds to unevenness: the fuller they are, the more each further seat adds.
    pub fn unevenness(&self, who: InspectorId) -> u64 {
        let at = who.index();
        self.taken[at] * self.taken[at] * LOAD / self.worth.seats[at]
    }
}

/// A word for one of many from one word for all (the finaliser of splitmix64, Steele and others, 2014):
/// cheap, and spread over all bits. It only breaks ties between allowed choices.
#[inline]
pub(super) fn chance(word: u64, one: u64) -> u64 {
    let mut mixed = word ^ one.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Seats that each person could take, as far as days and the roster's numbers tell: a measure for spreading
/// the load. What is allowed is the rules' business.
fn seats(ways: &Ways) -> Vec<u64> {
    let case = ways.case;
    let days = ways.days_served();
    let of = |who: InspectorId| {
        let inspector = case.inspector(who);
        let per_day = u64::from(inspector.visits_per_day.unwrap_or(2));
        let per_week = u64::from(inspector.visits_per_week.unwrap_or(10));
        let days = days[who.index()];
        (days * per_day).min(days.div_ceil(5) * per_week).max(1)
    };
    case.inspector_ids().map(of).collect()
}

/// For each person the sum over what they have of what each quality is worth, by the seats that ask for it and the seats of
/// those who have it.
fn of_qualities(ways: &Ways, seats: &[u64], worth: impl Fn(u64, u64) -> u64) -> Vec<u64> {
    let mut sums = vec![0; seats.len()];
    for (asked, holders) in ways.qualities() {
        let have: u64 = holders.iter().zip(seats).filter(|(has, _)| **has).map(|(_, seats)| *seats).sum();
        let each = worth(*asked, have.max(1));
        sums.iter_mut().zip(holders.iter()).filter(|(_, has)| **has).for_each(|(sum, _)| *sum += each);
    }
    sums
}
