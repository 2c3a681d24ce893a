//! Counting by visit: who goes, when, and with whom.
//!
//! A few visits are read from all tickets and laid side by side, each with what every ticket says of it; then one visit
//! after the other is counted. Teams are numbers, and sorted; people and times are counted in boxes.

use std::thread;

use chrono::NaiveDate;

use super::tally::Tally;
use super::{Spread, VisitOdds, runs};
use crate::model::ticket::{Packing, Seats};
use crate::model::{InspectorId, Layout, SlotId, TICKET_TEAM_MAX, Urn};

/// What is said of visits and is laid side by side at once: few enough to stay near the processor.
const READ_AT_ONCE: usize = 1 << 15;

/// Visits that are read at once: few enough that each has its lines near the processor, and more than one, since a ticket's
/// bytes come many at a time.
const ROOMS_AT_ONCE: (usize, usize) = (4, 64);

/// The odds of every visit that some ticket holds in the span, in order.
pub(super) fn count(urn: &Urn, threads: usize) -> Vec<VisitOdds> {
    let rooms = urn.layout().rooms();
    let share = rooms.div_ceil(threads).max(1);
    let from = |share: usize, number: usize| (share * number).min(rooms);
    thread::scope(|scope| {
        let part = |number| move || Counter::new(urn).count(from(share, number), from(share, number + 1));
        let others: Vec<_> = (1..threads).map(|number| scope.spawn(part(number))).collect();
        let mut all = part(0)();
        for other in others {
            all.extend(other.join().expect("counting an urn of checked tickets does not fail"));
        }
        all
    })
}

/// What counting one visit after the other needs, kept between them.
struct Counter<'u> {
    urn: &'u Urn,
    people: Tally,
    times: Tally,
    pairs: Vec<(u64, u32)>,
    /// The teams of the visit at hand.
    teams: Vec<u64>,
}

impl<'u> Counter<'u> {
    fn new(urn: &'u Urn) -> Self {
        let (people, times) = (urn.layout().inspectors(), urn.layout().span_times());
        Self { urn, people: Tally::new(people), times: Tally::new(times), pairs: Vec::new(), teams: Vec::new() }
    }

    fn count(&mut self, from: usize, to: usize) -> Vec<VisitOdds> {
        let layout = self.urn.layout();
        let tickets = self.urn.len();
        let at_once = (READ_AT_ONCE / tickets).clamp(ROOMS_AT_ONCE.0, ROOMS_AT_ONCE.1);
        let (mut odds, mut codes) = (Vec::new(), Vec::new());
        for first in (from..to).step_by(at_once) {
            let packed: Vec<_> = (first..to.min(first + at_once)).map(|room| (room, layout.packing(room))).collect();
            read(self.urn, &packed, &mut codes);
            for ((room, packing), codes) in packed.into_iter().zip(codes.chunks_exact(tickets)) {
                odds.extend(match packing {
                    Some(packing) => self.packed(room, packing, codes),
                    None => self.large(room),
                });
            }
        }
        odds
    }

    /// The odds of a visit of which the tickets say this.
    fn packed(&mut self, room: usize, packing: Packing, codes: &[u64]) -> Option<VisitOdds> {
        let mut teams = std::mem::take(&mut self.teams);
        teams.clear();
        for (time, team) in codes.iter().filter_map(|code| packing.drawn(*code)) {
            self.times.add(time, 1);
            teams.push(team);
        }
        let odds = self.fold(room, &mut teams, |team| packing.team(team));
        self.teams = teams;
        odds
    }

    /// The odds of a visit whose team is too large for one word.
    fn large(&mut self, room: usize) -> Option<VisitOdds> {
        let (mut teams, mut team) = (Vec::new(), Seats::default());
        for ticket in self.urn.tickets() {
            if let Some(time) = self.urn.layout().read_drawn(ticket, room, &mut team) {
                self.times.add(time, 1);
                teams.push(team);
            }
        }
        let mut keys: Vec<[InspectorId; TICKET_TEAM_MAX]> = teams.iter().map(|team| team.filled()).collect();
        let size = team.len();
        self.fold(room, &mut keys, |key| key.into_iter().take(size).collect::<Vec<_>>())
    }

    /// The odds of a visit that has these teams, told as something that can be sorted.
    fn fold<K: Ord + Copy, T: std::ops::Deref<Target = [InspectorId]>>(
        &mut self,
        room: usize,
        keys: &mut [K],
        team: impl Fn(K) -> T,
    ) -> Option<VisitOdds> {
        let held = keys.len() as u32;
        keys.sort_unstable();
        let (mut teams, mut of_two) = (Spread::default(), false);
        runs(keys, |key, n| {
            teams.add(n);
            let team = team(key);
            of_two = team.len() == 2;
            team.iter().for_each(|member| self.people.add(member.index(), n));
            if team.len() > 2 {
                self.pairs.extend(pairs(&team).map(|pair| (pair, n)));
            }
        });
        let layout = self.urn.layout();
        (held > 0).then(|| VisitOdds {
            visit: layout.visit(room),
            held,
            inspectors: self.people.take().map(|(who, n)| (InspectorId::at(who), n)).collect(),
            times: times(layout, &mut self.times),
            // In a team of two, the pair is the team.
            pairs: if of_two { teams } else { spread(&mut self.pairs) },
            teams,
        })
    }
}

/// What every ticket says of some visits, visit by visit; nought of those that take more than a word.
fn read(urn: &Urn, rooms: &[(usize, Option<Packing>)], codes: &mut Vec<u64>) {
    let tickets = urn.len();
    codes.clear();
    codes.resize(rooms.len() * tickets, 0);
    for (number, ticket) in urn.tickets().enumerate() {
        let column = codes[number..].iter_mut().step_by(tickets);
        for ((_, packing), code) in rooms.iter().zip(column) {
            *code = packing.map_or(0, |packing| packing.code(ticket));
        }
    }
}

fn times(layout: &Layout, tally: &mut Tally) -> Vec<(NaiveDate, SlotId, u32)> {
    let told = |(time, n)| {
        let (date, slot) = layout.time(time);
        (date, slot, n)
    };
    tally.take().map(told).collect()
}

/// Every two of a team, as one number.
fn pairs(team: &[InspectorId]) -> impl Iterator<Item = u64> {
    let after = |at: usize| team[at + 1..].iter();
    team.iter().enumerate().flat_map(move |(at, a)| after(at).map(|b| u64::from(a.0) << 32 | u64::from(b.0)))
}

/// How counts of pairs are spread, those of one pair added up; forgets them.
fn spread(pairs: &mut Vec<(u64, u32)>) -> Spread {
    pairs.sort_unstable();
    let mut spread = Spread::default();
    pairs.chunk_by(|a, b| a.0 == b.0).for_each(|run| spread.add(run.iter().map(|(_, n)| n).sum()));
    pairs.clear();
    spread
}
