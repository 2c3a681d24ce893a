//! Counting by ticket: who serves at all, who meets whom, and what somebody learns who has seen their own visits.
//!
//! Whoever holds the urn and has made a visit can strike out every ticket in which they did not make it like that.
//! What remains is grouped here by inspector: tickets in which that inspector sees the same (visits, times and
//! partners) lie in one group. A drawn ticket's group has g tickets with odds g of K, so on average the sum of g * g
//! over K remains.

use std::thread;

use super::sight::Sight;
use super::walk::{Block, Met, Walk, Walked};
use super::{COUNTED_CELLS_MAX, COUNTED_PEOPLE_MAX, Spread, runs};
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

/// Cells of inspectors and tickets that are kept at once, and of pairs over all threads.
const CELLS_AT_ONCE: usize = 1 << 22;
const PAIRS_AT_ONCE: usize = 1 << 26;

pub(super) fn count(urn: &Urn, threads: usize) -> Counted {
    let people = urn.layout().inspectors();
    let few = people <= COUNTED_PEOPLE_MAX;
    let leaks = few && people * urn.len() <= COUNTED_CELLS_MAX;
    let at_once = (CELLS_AT_ONCE / urn.len()).max(1);
    let mut block = Block { from: 0, people: if leaks { at_once.min(people) } else { 0 } };
    let (mut walked, mut seen) = walk(urn, block, few, threads);
    let mut remain = Vec::new();
    while block.people > 0 {
        remain.extend(remaining_to(block, &seen, &walked.serves, threads));
        block = Block { from: block.from + block.people, people: at_once.min(people - block.from - block.people) };
        if block.people > 0 {
            (_, seen) = walk(urn, block, false, threads);
        }
    }
    walked.outcomes.sort_unstable();
    walked.outcomes.dedup();
    let (first, all) = remain.into_iter().unzip();
    Counted {
        meetings: walked.met.map(|met| meetings(people, &met)),
        leak: leaks.then(|| Leak { first: Remaining::of(first), all: Remaining::of(all) }),
        outcomes: walked.outcomes.len() as u32,
        serves: walked.serves,
    }
}

/// Walks through all tickets, a share of them on each thread: what was counted, and what the people of `block` saw,
/// ticket by ticket.
fn walk(urn: &Urn, block: Block, meetings: bool, threads: usize) -> (Walked, Vec<(Sight, Sight)>) {
    let pairs = Met::cells(urn.layout().inspectors()).max(1);
    let threads = if meetings { threads.min((PAIRS_AT_ONCE / pairs).max(1)) } else { threads };
    let share = urn.len().div_ceil(threads).max(1);
    let mut seen = vec![Default::default(); block.people * urn.len()];
    let mut rows: Vec<&mut [(Sight, Sight)]> = seen.chunks_mut((share * block.people).max(1)).collect();
    rows.resize_with(threads, Default::default);
    let part = |number: usize, rows| {
        let tickets = share * number..(share * (number + 1)).min(urn.len());
        Walk::new(urn, block, meetings).through(tickets, rows)
    };
    let part = &part;
    let walked = thread::scope(|scope| {
        let mut rows = (0..).zip(rows);
        let own = rows.next();
        let others: Vec<_> = rows.map(|(number, rows)| scope.spawn(move || part(number, rows))).collect();
        let mut walked = own.map(|(number, rows)| part(number, rows)).unwrap_or_default();
        for other in others {
            walked.add(other.join().expect("counting an urn of checked tickets does not fail"));
        }
        walked
    });
    (walked, seen)
}

/// How the counts of pairs are spread, and the first pair of those that meet most often.
fn meetings(people: usize, met: &Met) -> Meetings {
    let mut spread = Spread::default();
    let mut most: Option<(u32, (InspectorId, InspectorId))> = None;
    let pairs = (0..people).flat_map(|b| (0..b).map(move |a| (InspectorId::at(a), InspectorId::at(b))));
    for (pair, count) in pairs.zip(met.counts()).filter(|(_, count)| *count > 0) {
        spread.add(count);
        if most.is_none_or(|(n, first)| n < count || (n == count && pair < first)) {
            most = Some((count, pair));
        }
    }
    Meetings { spread, most: most.map(|(_, pair)| pair) }
}

/// What remains to the people of `block` who serve: after their first visit, and after all of them.
fn remaining_to(block: Block, seen: &[(Sight, Sight)], serves: &[u32], threads: usize) -> Vec<(u64, u64)> {
    let serving: Vec<usize> = (0..block.people).filter(|at| serves[block.from + at] > 0).collect();
    let share = serving.len().div_ceil(threads).max(1);
    let part = |people: &[usize]| {
        let column = |at: usize| seen.iter().skip(at).step_by(block.people);
        let of = |at: &usize| (remaining(column(*at).map(|seen| seen.0)), remaining(column(*at).map(|seen| seen.1)));
        people.iter().map(of).collect::<Vec<_>>()
    };
    let part = &part;
    thread::scope(|scope| {
        let parts: Vec<_> = serving.chunks(share).map(|people| scope.spawn(move || part(people))).collect();
        let joined = parts.into_iter().map(|part| part.join().expect("sorting does not fail"));
        joined.flatten().collect()
    })
}

/// Tickets that remain on average, in tenths.
fn remaining(sights: impl Iterator<Item = Sight>) -> u64 {
    let mut sights: Vec<Sight> = sights.collect();
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
