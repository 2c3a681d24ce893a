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
const SPREAD: u64 = 8 << 10;

/// What each person costs, whatever the visit, before chance.
pub(super) struct Prices {
    /// By inspector: seats they can take in the period, at least 1.
    seats: Vec<u64>,
    /// By inspector: seats taken.
    taken: Vec<u64>,
    /// By inspector: how scarce what they have is.
    scarcity: Vec<u64>,
    /// By inspector: how short what they have is, in 1024ths of an even share.
    shortage: Vec<u64>,
}

impl Prices {
    pub fn new(ways: &Ways) -> Self {
        let people = ways.case.inspectors.len();
        Self { seats: seats(ways), taken: vec![0; people], scarcity: scarcity(ways), shortage: shortage(ways) }
    }

    pub fn take(&mut self, who: InspectorId) {
        self.taken[who.index()] += 1;
    }

    pub fn free(&mut self, who: InspectorId) {
        self.taken[who.index()] -= 1;
    }

    /// What `who` costs on a visit whose words of chance begin with `word`.
    pub fn of(&self, who: InspectorId, word: u64) -> u64 {
        let at = who.index();
        self.taken[at] * LOAD / self.seats[at] + self.scarcity[at] + chance(word, at as u64) % CHANCE
    }

    /// What `who` costs on a visit of a stage beside what earlier tickets used: a little for their load, and
    /// more than any spreading where what they have is scarce and was not asked for. `share` is an even share of the visit.
    pub fn beside(&self, who: InspectorId, share: u64) -> u64 {
        let at = who.index();
        self.taken[at] * SPREAD / self.seats[at] + self.shortage[at] * share / 1024
    }

    /// What the load of `who` adds to unevenness: the fuller they are, the more each further seat adds.
    pub fn unevenness(&self, who: InspectorId) -> u64 {
        let at = who.index();
        self.taken[at] * self.taken[at] * LOAD / self.seats[at]
    }
}

/// A word for one of many from one word for all (the finaliser of splitmix64, Steele and others, 2014):
/// cheap, and spread over all bits. It only breaks ties between allowed choices.
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

/// For each person the scarcity of what they have: of each quality, the seats that ask for it against
/// the seats of those who have it.
fn scarcity(ways: &Ways) -> Vec<u64> {
    let case = ways.case;
    let seats = seats(ways);
    let mut scarcity = vec![0; case.inspectors.len()];
    for (asked, holders) in ways.qualities() {
        let have: u64 = holders.iter().zip(&seats).filter(|(has, _)| **has).map(|(_, seats)| *seats).sum();
        let scarce = (asked * SCARCITY / have.max(1)).min(2 * SCARCITY);
        let held = scarcity.iter_mut().zip(holders.iter()).filter(|(_, has)| **has);
        held.for_each(|(scarcity, _)| *scarcity += scarce);
    }
    scarcity
}

/// For each person how short what they have is: nothing while half of the seats of those with a quality are enough for it, and from there
/// on quickly more, so that nobody whom a visit can do without is used up there.
fn shortage(ways: &Ways) -> Vec<u64> {
    let seats = seats(ways);
    let mut shortage = vec![0; seats.len()];
    for (asked, holders) in ways.qualities() {
        let have: u64 = holders.iter().zip(&seats).filter(|(has, _)| **has).map(|(_, seats)| *seats).sum();
        let used = (asked * 1024 / have.max(1)).min(1024);
        let held = shortage.iter_mut().zip(holders.iter()).filter(|(_, has)| **has);
        held.for_each(|(shortage, _)| *shortage += used.saturating_sub(512) * 24);
    }
    shortage
}
