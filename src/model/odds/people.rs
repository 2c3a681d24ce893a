//! Counting by ticket: who serves at all, who meets whom, and what somebody learns who has seen their own visits.
//!
//! Whoever holds the urn and has made a visit can strike out every ticket in which they did not make it like that.
//! What remains is grouped here by inspector: tickets in which that inspector sees the same (visits, times and
//! partners) lie in one group. A drawn ticket's group has g tickets with odds g of K, so on average the sum of g * g
//! over K remains. Groups are told apart by 64-bit sums; that two of a million tickets fall together by chance has
//! odds of one in tens of millions.

use super::{COUNTED_CELLS_MAX, COUNTED_PEOPLE_MAX, Spread, runs};
use crate::model::ticket::Members;
use crate::model::{InspectorId, Urn};

/// How often two people meet, anywhere on the stage's days: the tickets in which they share a team at least once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meetings {
    /// How the counts of pairs are spread.
    pub spread: Spread,
    /// The pair that meets most often, the first of those in order.
    pub most: Option<(InspectorId, InspectorId)>,
}

/// Tickets that remain possible to an inspector who holds the urn, in tenths of a ticket, rounded down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leak {
    /// After the first of their own visits.
    pub first: Remaining,
    /// After all of their own visits on the stage's days.
    pub all: Remaining,
}

/// Of the inspectors whom some ticket has serve on the stage's days. Nought where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remaining {
    /// To the one who learns most, in tenths of a ticket.
    pub least: u64,
    /// To the one in the middle (the lower of two), in tenths of a ticket.
    pub median: u64,
}

/// What is counted by ticket.
pub(super) struct Counted {
    pub serves: Vec<u32>,
    pub meetings: Option<Meetings>,
    pub leak: Option<Leak>,
    pub outcomes: u32,
}

/// Cells of inspectors and tickets that are kept at once.
const CELLS_AT_ONCE: usize = 1 << 22;

pub(super) fn count(urn: &Urn) -> Counted {
    let people = urn.layout().inspectors();
    let few = people <= COUNTED_PEOPLE_MAX;
    let (serves, outcomes) = serving(urn);
    let meetings = few.then(|| meetings(urn));
    let leak = (few && people * urn.len() <= COUNTED_CELLS_MAX).then(|| leak(urn, &serves));
    Counted { serves, meetings, leak, outcomes }
}

/// Calls `each` with every visit that a ticket holds in the span: its room, time and team.
fn for_each_drawn(urn: &Urn, ticket: &[u8], mut each: impl FnMut(usize, usize, &[InspectorId])) {
    let mut team = Members::new();
    for room in 0..urn.layout().rooms() {
        if let Some(time) = urn.layout().read_in_span(ticket, room, &mut team) {
            each(room, time, &team);
        }
    }
}

/// By inspector the tickets in which they serve, and how many outcomes differ.
fn serving(urn: &Urn) -> (Vec<u32>, u32) {
    let mut serves = vec![(0u32, usize::MAX); urn.layout().inspectors()];
    let mut outcomes = Vec::with_capacity(urn.len());
    for (number, ticket) in urn.tickets().enumerate() {
        let mut outcome = 0u64;
        for_each_drawn(urn, ticket, |room, time, team| {
            outcome = outcome.wrapping_add(sight(room, time, team));
            for member in team {
                let (count, last) = &mut serves[member.index()];
                *count += u32::from(*last != number);
                *last = number;
            }
        });
        outcomes.push(outcome);
    }
    outcomes.sort_unstable();
    outcomes.dedup();
    (serves.into_iter().map(|(count, _)| count).collect(), outcomes.len() as u32)
}

/// Every two people have a cell: the tickets in which they met, and one more than the last of those.
fn meetings(urn: &Urn) -> Meetings {
    let people = urn.layout().inspectors();
    let mut cells = vec![(0u32, 0u32); people * people.saturating_sub(1) / 2];
    for (number, ticket) in (1..).zip(urn.tickets()) {
        for_each_drawn(urn, ticket, |_, _, team| {
            for (at, b) in team.iter().enumerate() {
                for a in &team[..at] {
                    let (count, last) = &mut cells[b.index() * (b.index() - 1) / 2 + a.index()];
                    *count += u32::from(*last != number);
                    *last = number;
                }
            }
        });
    }
    let mut meetings = Meetings::default();
    let pairs = (0..people).flat_map(|b| (0..b).map(move |a| (InspectorId::at(a), InspectorId::at(b))));
    let mut most: Option<(u32, (InspectorId, InspectorId))> = None;
    for (pair, (count, _)) in pairs.zip(cells).filter(|(_, (count, _))| *count > 0) {
        meetings.spread.add(count);
        if most.is_none_or(|(n, first)| n < count || (n == count && pair < first)) {
            most = Some((count, pair));
        }
    }
    meetings.most = most.map(|(_, pair)| pair);
    meetings
}

/// What one inspector sees in one ticket.
#[derive(Clone, Copy)]
struct Seen {
    all: u64,
    first: u64,
    first_time: u32,
}

impl Seen {
    const NOTHING: Self = Self { all: 0, first: 0, first_time: u32::MAX };

    fn see(&mut self, time: usize, sight: u64) {
        self.all = self.all.wrapping_add(sight);
        // Two visits of one person at one time break a rule, but may stand in an urn that is being looked at.
        if time < self.first_time as usize {
            (self.first, self.first_time) = (sight, time as u32);
        }
    }
}

fn leak(urn: &Urn, serves: &[u32]) -> Leak {
    let at_once = (CELLS_AT_ONCE / urn.len()).max(1);
    let (mut first, mut all) = (Vec::new(), Vec::new());
    for (block, counts) in serves.chunks(at_once).enumerate() {
        let from = block * at_once;
        let seen = seen(urn, from, counts.len());
        for at in (0..counts.len()).filter(|at| counts[*at] > 0) {
            let column = || seen.iter().skip(at).step_by(counts.len());
            first.push(remaining(column().map(|seen| seen.first).collect()));
            all.push(remaining(column().map(|seen| seen.all).collect()));
        }
    }
    Leak { first: Remaining::of(first), all: Remaining::of(all) }
}

/// Ticket by ticket what each of `count` inspectors from number `from` on sees.
fn seen(urn: &Urn, from: usize, count: usize) -> Vec<Seen> {
    let mut seen = vec![Seen::NOTHING; count * urn.len()];
    for (row, ticket) in seen.chunks_exact_mut(count).zip(urn.tickets()) {
        for_each_drawn(urn, ticket, |room, time, team| {
            let sight = sight(room, time, team);
            for member in team {
                if let Some(seen) = member.index().checked_sub(from).and_then(|at| row.get_mut(at)) {
                    seen.see(time, sight);
                }
            }
        });
    }
    seen
}

/// Tickets that remain on average, in tenths.
fn remaining(mut sights: Vec<u64>) -> u64 {
    sights.sort_unstable();
    let mut squares = 0;
    runs(&sights, |_, n| squares += u64::from(n) * u64::from(n));
    squares * 10 / sights.len().max(1) as u64
}

impl Remaining {
    fn of(mut each: Vec<u64>) -> Self {
        each.sort_unstable();
        let median = each.get(each.len().saturating_sub(1) / 2).copied().unwrap_or_default();
        Self { least: each.first().copied().unwrap_or_default(), median }
    }
}

/// A visit, its time and its team as one number.
fn sight(room: usize, time: usize, team: &[InspectorId]) -> u64 {
    let start = mixed(mixed(0, room as u64), time as u64);
    team.iter().fold(start, |sight, member| mixed(sight, u64::from(member.0)))
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014) over two numbers: it decides nothing, it only tells
/// groups apart.
fn mixed(a: u64, b: u64) -> u64 {
    let mut x = a.rotate_left(23) ^ b.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
