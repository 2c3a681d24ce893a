//! What the tickets so far have used, and what it therefore costs to use it again.
//!
//! The cost of somebody on a visit is how many tickets sent them there already. Taking the cheapest, with a little
//! chance, is fictitious play (follow the perturbed leader, Kalai and Vempala, 2005), and a step of Frank and Wolfe on
//! the sum of squared odds: the urn tends to the lottery that is hardest to guess.

use std::ops::Range;

use super::Ways;
use super::price::chance;
use crate::model::{InspectorId, SlotId, VisitId};
use crate::rules::Placed;

/// One ticket more.
pub(super) const ONE: u64 = 1 << 10;
/// What chance may add, in tickets.
const CHANCE: u64 = 2 * ONE;

/// Counts over the tickets of one urn; only what lies in the stage is counted.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    /// Tickets counted.
    pub tickets: u64,
    /// By visit: where its people and times begin in the lists below.
    people_of: Vec<usize>,
    times_of: Vec<usize>,
    people: Vec<u32>,
    times: Vec<u32>,
    /// By visit: tickets in which it is held in the stage.
    held: Vec<u32>,
    /// By visit: tickets in which it is held at all.
    kept: Vec<u32>,
    pairs: Pairs,
    /// By pool and day: how much dearer the day is, in 1024ths of an even share of times.
    pub pressure: Vec<u64>,
    days: usize,
    aims: super::aim::Aims,
    top: Vec<u32>,
}

impl Tally {
    pub fn new(ways: &Ways, aims: super::aim::Aims) -> Self {
        let offsets = |length: &dyn Fn(VisitId) -> usize| {
            let mut sum = 0;
            let mut offsets: Vec<usize> = Vec::with_capacity(ways.case.visits.len() + 1);
            for visit in ways.case.visit_ids() {
                offsets.push(sum);
                sum += length(visit);
            }
            offsets.push(sum);
            offsets
        };
        let people_of = offsets(&|visit| ways.pool(visit).len());
        let times_of = offsets(&|visit| ways.of(visit).times.len());
        let top = people_of.windows(2).map(|w| aims.people[w[0]..w[1]].iter().copied().max().unwrap_or(0)).collect();
        Self {
            tickets: 0,
            people: vec![0; people_of.last().copied().unwrap_or(0)],
            times: vec![0; times_of.last().copied().unwrap_or(0)],
            people_of,
            times_of,
            held: vec![0; ways.case.visits.len()],
            kept: vec![0; ways.case.visits.len()],
            pairs: Pairs::new(ways.case.inspectors.len()),
            pressure: vec![0; ways.cells()],
            days: ways.days(),
            aims,
            top,
        }
    }

    /// Learns from one batch on which days teams were sought in vain.
    pub fn learn(&mut self, tried: &[(u32, u32)]) {
        let k = super::price::knob();
        for (pressure, (tries, fails)) in self.pressure.iter_mut().zip(tried).filter(|(_, (tries, _))| *tries > 0) {
            let rate = u64::from(*fails) * 1024 / u64::from(*tries);
            *pressure = (*pressure + rate / k[9]).saturating_sub(k[10] / k[9]).min(16384);
        }
    }

    /// Counts one ticket.
    pub fn count(&mut self, ways: &Ways, span: &Range<usize>, placed: &[Option<Placed>]) {
        self.tickets += 1;
        for (visit, placed) in ways.case.visit_ids().zip(placed) {
            let Some(Placed { day, slot, team }) = placed else { continue };
            self.kept[visit.index()] += 1;
            if !span.contains(day) {
                continue;
            }
            self.held[visit.index()] += 1;
            if let Ok(at) = ways.of(visit).times.binary_search(&(*day, *slot)) {
                self.times[self.times_of[visit.index()] + at] += 1;
            }
            let pool = ways.pool(visit);
            for who in team.members() {
                if let Ok(at) = pool.binary_search(who) {
                    self.people[self.people_of[visit.index()] + at] += 1;
                }
            }
            team.pairs().for_each(|(a, b)| self.pairs.count(a, b));
        }
    }

    /// What the person at `at` of a visit's pool costs there.
    pub fn person(&self, visit: VisitId, at: u32, word: u64) -> u64 {
        let used = self.people[self.people_of[visit.index()] + at as usize];
        let aim = self.aims.people[self.people_of[visit.index()] + at as usize];
        let over = (u64::from(used) * 64).saturating_sub(u64::from(self.aims.most) * (self.tickets + 8) / 1024);
        u64::from(used) * ONE + over * super::price::knob()[16] + u64::from(self.top[visit.index()] - aim) * (self.tickets + 16) / 64 + chance(word, u64::from(at)) % super::price::knob()[2].max(1)
    }

    pub fn share(&self, visit: VisitId, ways: &Ways) -> u64 {
        let pool = self.people_of[visit.index() + 1] - self.people_of[visit.index()];
        (u64::from(self.held[visit.index()]) + 16) * ways.of(visit).size as u64 * ONE / pool.max(1) as u64
    }

    /// Whether the person at `at` of a visit's pool was sent there as often as anybody need be.
    pub fn is_full(&self, visit: VisitId, at: u32) -> bool {
        let used = u64::from(self.people[self.people_of[visit.index()] + at as usize]);
        (used + 1) << 16 > u64::from(self.aims.most) * (self.tickets + 16)
    }

    pub fn worst(&self, visit: VisitId) -> u64 {
        let all = &self.people[self.people_of[visit.index()]..self.people_of[visit.index() + 1]];
        u64::from(all.iter().copied().max().unwrap_or(0)) * 1024 / self.tickets.max(1)
    }

    /// What the time at `at` of a visit's times costs.
    pub fn time(&self, ways: &Ways, visit: VisitId, at: usize, word: u64) -> u64 {
        let used = self.times[self.times_of[visit.index()] + at];
        let all = ways.of(visit).times.len() as u64;
        let share = (u64::from(self.held[visit.index()]) + 16) * ONE / all;
        let aim = u64::from(65536 - self.aims.times[self.times_of[visit.index()] + at].min(65536)) * (self.tickets + 16) / 64;
        let pressure = self.pressure[ways.cell(visit, ways.of(visit).times[at].0)];
        u64::from(used) * ONE + aim + share * pressure / 1024 + chance(word, at as u64) % CHANCE
    }

    /// What it costs that these two meet once more, anywhere.
    pub fn pair(&self, a: InspectorId, b: InspectorId) -> u64 {
        u64::from(self.pairs.of(a, b)) * super::price::knob()[14]
    }

    /// In how many tickets a visit is held in the stage.
    pub fn held(&self, visit: VisitId) -> u64 {
        u64::from(self.held[visit.index()])
    }

    /// In how many tickets a visit is held at all.
    pub fn kept(&self, visit: VisitId) -> u64 {
        u64::from(self.kept[visit.index()])
    }
}

/// How often each two people serve together: the triangle below the diagonal.
#[derive(Clone, Debug)]
struct Pairs {
    counts: Vec<u32>,
}

impl Pairs {
    fn new(people: usize) -> Self {
        Self { counts: vec![0; people * people.saturating_sub(1) / 2] }
    }

    fn at(a: InspectorId, b: InspectorId) -> usize {
        let (low, high) = (a.index().min(b.index()), a.index().max(b.index()));
        high * (high - 1) / 2 + low
    }

    fn of(&self, a: InspectorId, b: InspectorId) -> u32 {
        self.counts[Self::at(a, b)]
    }

    fn count(&mut self, a: InspectorId, b: InspectorId) {
        self.counts[Self::at(a, b)] += 1;
    }
}

/// The times of a visit that lie in `days`, as positions in its list.
pub(super) fn times_in(times: &[(usize, SlotId)], days: &Range<usize>) -> Range<usize> {
    let first = times.partition_point(|(day, _)| *day < days.start);
    let end = times.partition_point(|(day, _)| *day < days.end);
    first..end.max(first)
}
