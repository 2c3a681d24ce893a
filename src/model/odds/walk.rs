//! One walk through the tickets, for everything that is counted ticket by ticket.

use std::ops::Range;

use super::sight::{Sight, sight};
use crate::model::{InspectorId, Urn};

/// The inspectors whose sights are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub from: usize,
    pub people: usize,
}

/// What was counted on a walk.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// By inspector: the tickets in which they serve.
    pub serves: Vec<u32>,
    /// By ticket: the outcome.
    pub outcomes: Vec<Sight>,
    /// Who met whom, if it is counted.
    pub met: Option<Met>,
}

impl Walked {
    /// Adds what was counted on the tickets behind these.
    pub fn add(&mut self, other: Self) {
        self.serves.iter_mut().zip(other.serves).for_each(|(all, more)| *all += more);
        self.outcomes.extend(other.outcomes);
        if let (Some(met), Some(more)) = (&mut self.met, other.met) {
            met.counts.iter_mut().zip(more.counts).for_each(|(all, more)| *all += more);
        }
    }
}

/// For every two people the tickets in which they share a team at least once.
#[derive(Debug)]
pub(super) struct Met {
    counts: Vec<u32>,
    /// A bit for each two: whether they have met in the ticket at hand.
    now: Vec<u64>,
    /// The words of `now` that are not nought.
    used: Vec<u32>,
}

impl Met {
    /// How many pairs there are among so many people.
    pub fn cells(people: usize) -> usize {
        people * people.saturating_sub(1) / 2
    }

    fn new(people: usize) -> Self {
        let cells = Self::cells(people);
        Self { counts: vec![0; cells], now: vec![0; cells.div_ceil(64)], used: Vec::new() }
    }

    /// The counts of (0, 1), (0, 2), (1, 2), (0, 3) and so on.
    pub fn counts(&self) -> impl Iterator<Item = u32> + '_ {
        self.counts.iter().copied()
    }

    #[inline]
    fn meet(&mut self, team: &[InspectorId]) {
        for (at, b) in team.iter().enumerate() {
            for a in &team[..at] {
                let cell = Self::cells(b.index()) + a.index();
                let (word, bit) = (&mut self.now[cell / 64], 1 << (cell % 64));
                self.counts[cell] += u32::from(*word & bit == 0);
                *word |= bit;
                self.used.push((cell / 64) as u32);
            }
        }
    }

    fn next_ticket(&mut self) {
        self.used.drain(..).for_each(|word| self.now[word as usize] = 0);
    }
}

/// What one inspector sees in one ticket.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    all: Sight,
    first: Sight,
    first_time: u32,
    /// One more than the ticket.
    ticket: u32,
}

/// A walk that is under way.
pub(super) struct Walk<'u> {
    urn: &'u Urn,
    block: Block,
    walked: Walked,
    /// By inspector: what they saw in the last ticket in which they serve.
    seen: Vec<Seen>,
    /// Who serves in the ticket at hand.
    serving: Vec<InspectorId>,
}

impl<'u> Walk<'u> {
    pub fn new(urn: &'u Urn, block: Block, meetings: bool) -> Self {
        let people = urn.layout().inspectors();
        let walked = Walked { serves: vec![0; people], outcomes: Vec::new(), met: meetings.then(|| Met::new(people)) };
        Self { urn, block, walked, seen: vec![Seen::default(); people], serving: Vec::new() }
    }

    /// Walks through the tickets with these numbers. In `rows` there is nought for each of them and each inspector of the
    /// block, and then what they see there: of their first visit, and of all.
    pub fn through(mut self, tickets: Range<usize>, rows: &mut [(Sight, Sight)]) -> Walked {
        let mut rows = rows.chunks_exact_mut(self.block.people.max(1));
        for number in tickets {
            self.ticket(number);
            let row = rows.next().unwrap_or_default();
            for who in self.serving.drain(..) {
                self.walked.serves[who.index()] += 1;
                let at = who.index().wrapping_sub(self.block.from);
                if let Some(cell) = row.get_mut(at) {
                    let seen = &self.seen[who.index()];
                    *cell = (seen.first, seen.all);
                }
            }
            self.walked.met.iter_mut().for_each(Met::next_ticket);
        }
        self.walked
    }

    fn ticket(&mut self, number: usize) {
        let (layout, bytes) = (self.urn.layout(), self.urn.bytes_of(number));
        let mark = number as u32 + 1;
        let mut outcome: Sight = 0;
        layout.for_each_drawn(bytes, |room, time, team| {
            let sight = sight(room, layout.words(bytes, room));
            outcome = outcome.wrapping_add(sight);
            for member in team {
                let seen = &mut self.seen[member.index()];
                if seen.ticket != mark {
                    *seen = Seen { all: sight, first: sight, first_time: time as u32, ticket: mark };
                    self.serving.push(*member);
                    continue;
                }
                seen.all = seen.all.wrapping_add(sight);
                // Two visits of one person at one time break a rule, but may stand in an urn that is being looked at.
                if (time as u32) < seen.first_time {
                    (seen.first, seen.first_time) = (sight, time as u32);
                }
            }
            if let Some(met) = &mut self.walked.met {
                met.meet(team);
            }
        });
        self.walked.outcomes.push(outcome);
    }
}
