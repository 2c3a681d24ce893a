//! What the tickets so far have used, and what it therefore costs to use it again.
//!
//! The cost of somebody on a visit is how many tickets sent them there already, less how many should have. Taking the
//! cheapest, with a little chance, is fictitious play (follow the perturbed leader, Kalai and Vempala, 2005), and a step of
//! Frank and Wolfe on the sum of squared odds: the urn tends to the lottery that is hardest to guess.

use std::ops::Range;

use super::Ways;
use super::aim::{Aims, UNIT};
use super::fill::BATCH;
use super::price::chance;
use crate::model::{InspectorId, SlotId, VisitId};
use crate::rules::{Place, Placed, below_diagonal};

/// One ticket more.
pub(super) const ONE: u64 = 1 << 10;
/// What chance may add, in tickets.
const CHANCE: u64 = 2 * ONE;
/// What one meeting of two people adds: little, since pairs spread by themselves where people do.
const MEETING: u64 = ONE / 64;
/// How many times as much each ticket costs beyond those in which anybody need be sent anywhere.
const BEYOND: u64 = 16;
/// The tickets that are looked ahead: what is built side by side, and as many again.
const AHEAD: u64 = 2 * BATCH as u64;
/// The tickets that are built side by side.
const SIDE: u64 = BATCH as u64 * ONE;
/// How much dearer a day may become on which teams were sought in vain, in 1024ths of an even share of times.
const PRESSURE: u32 = 16 << 10;

/// Counts over the tickets of one urn; only what lies in the stage is counted.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    /// Tickets counted, and how many there are to be.
    pub tickets: u64,
    whole: u64,
    aims: Aims,
    /// By visit: where its people and times begin in the lists below.
    people_of: Vec<usize>,
    times_of: Vec<usize>,
    people: Vec<u32>,
    times: Vec<u32>,
    /// By visit: the greatest aim of its people.
    top: Vec<u32>,
    /// By visit: tickets in which it is held in the stage, and at all.
    held: Vec<u32>,
    kept: Vec<u32>,
    meetings: Meetings,
    /// By pool and day: how much dearer the day is, in 1024ths of an even share of times.
    pressure: Vec<u32>,
}

impl Tally {
    /// Counts of nothing yet, for an urn of `whole` tickets.
    pub fn new(ways: &Ways, aims: Aims, whole: usize) -> Self {
        let people_of = offsets(ways, |visit| ways.pool(visit).len());
        let times_of = offsets(ways, |visit| ways.of(visit).times.len());
        let top = |of: &[usize]| aims.people[of[0]..of[1]].iter().copied().max().unwrap_or(0);
        Self {
            tickets: 0,
            whole: whole as u64,
            people: vec![0; aims.people.len()],
            times: vec![0; aims.times.len()],
            top: people_of.windows(2).map(top).collect(),
            people_of,
            times_of,
            aims,
            held: vec![0; ways.case.visits.len()],
            kept: vec![0; ways.case.visits.len()],
            meetings: Meetings::new(ways.case.inspectors.len()),
            pressure: vec![0; ways.cells()],
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
            for at in team.members().iter().filter_map(|who| pool.binary_search(who).ok()) {
                self.people[self.people_of[visit.index()] + at] += 1;
            }
            team.pairs().for_each(|(a, b)| self.meetings.count(a, b));
        }
    }

    /// Learns from one batch on which days teams were sought in vain: `sought` has, by pool and day, how often one was
    /// sought and how often in vain.
    pub fn learn(&mut self, sought: &[(u32, u32)]) {
        for (pressure, (times, vain)) in self.pressure.iter_mut().zip(sought).filter(|(_, (times, _))| *times > 0) {
            *pressure = (*pressure + vain * 256 / times).saturating_sub(8).min(PRESSURE);
        }
    }

    /// How much dearer days have become, by pool and day.
    pub fn pressure(&self) -> &[u32] {
        &self.pressure
    }

    /// Takes up what was learned before an interruption.
    pub fn set_pressure(&mut self, pressure: impl Iterator<Item = u32>) {
        self.pressure.iter_mut().zip(pressure).for_each(|(here, learned)| *here = learned);
    }

    /// What the people of a visit's pool were used for.
    pub fn of(&self, ways: &Ways, visit: VisitId) -> Used<'_> {
        let all = self.people_of[visit.index()]..self.people_of[visit.index() + 1];
        let (pool, size) = (ways.pool(visit).len().max(1) as u64, ways.of(visit).size as u64);
        Used {
            people: &self.people[all.clone()],
            aims: &self.aims.people[all],
            ahead: self.tickets + AHEAD,
            top: self.due(self.top[visit.index()]),
            // Whole tickets: with a part of one nobody could go again until it is whole, on any visit at once, and then everybody would.
            most: due(self.aims.most, (self.tickets + AHEAD).min(self.whole)).next_multiple_of(ONE).max(ONE),
            side: (SIDE * self.aim(visit) / UNIT as u64).max(ONE),
            share: (u64::from(self.held[visit.index()]) + AHEAD) * size * ONE / pool,
        }
    }

    /// What a team costs at a place, chance aside.
    pub fn weigh(&self, ways: &Ways, place: Place, team: &[InspectorId]) -> u64 {
        let (used, pool) = (self.of(ways, place.visit), ways.pool(place.visit));
        team.iter().filter_map(|who| pool.binary_search(who).ok()).map(|at| used.cost(at)).sum()
    }

    /// Whether any of a team was sent to a visit as often already as anybody need be sent anywhere.
    pub fn is_beyond(&self, ways: &Ways, visit: VisitId, team: &[InspectorId]) -> bool {
        let (used, pool) = (self.of(ways, visit), ways.pool(visit));
        let full = |at: usize| u64::from(used.people[at]) * ONE >= used.most;
        team.iter().filter_map(|who| pool.binary_search(who).ok()).any(full)
    }

    /// What the time at `at` of a visit's times costs.
    pub fn time(&self, ways: &Ways, visit: VisitId, at: usize, word: u64) -> u64 {
        let place = self.times_of[visit.index()] + at;
        let times = &ways.of(visit).times;
        let share = (u64::from(self.held[visit.index()]) + AHEAD) * ONE / times.len().max(1) as u64;
        let pressed = share * u64::from(self.pressure[ways.cell(visit, times[at].0)]) / 1024;
        let below = self.due(UNIT as u32 - self.aims.times[place].min(UNIT as u32));
        u64::from(self.times[place]) * ONE + below + pressed + luck(word, at as u64)
    }

    /// What it costs that these two meet once more, anywhere.
    pub fn meeting(&self, a: InspectorId, b: InspectorId) -> u64 {
        u64::from(self.meetings.of(a, b)) * MEETING
    }

    /// In how many of [`UNIT`] tickets a visit should be held in the stage.
    pub fn aim(&self, visit: VisitId) -> u64 {
        self.aims.visits[visit.index()].min(UNIT as u64)
    }

    /// In how many tickets a visit is held in the stage.
    pub fn held(&self, visit: VisitId) -> u64 {
        u64::from(self.held[visit.index()])
    }

    /// In how many tickets a visit is held at all.
    pub fn kept(&self, visit: VisitId) -> u64 {
        u64::from(self.kept[visit.index()])
    }

    /// What an aim comes to by now.
    fn due(&self, aim: u32) -> u64 {
        due(aim, self.tickets + AHEAD)
    }
}

/// What an aim comes to after so many tickets.
fn due(aim: u32, tickets: u64) -> u64 {
    u64::from(aim) * tickets / (UNIT as u64 / ONE)
}

/// What the people of one visit's pool were used for, by position in it.
pub(super) struct Used<'a> {
    people: &'a [u32],
    aims: &'a [u32],
    ahead: u64,
    /// What the greatest aim of these people comes to, and the greatest that anybody need have anywhere.
    top: u64,
    most: u64,
    /// Of the tickets that are built side by side, those in which the visit is held in the stage; at least one.
    side: u64,
    /// An even share of the visit's seats for one of its pool, so far.
    pub share: u64,
}

impl Used<'_> {
    /// What the person at `at` costs: how often they were sent, less how often they should have been, and much more where they
    /// went as often already as anybody need be sent anywhere.
    #[inline]
    pub fn cost(&self, at: usize) -> u64 {
        let used = u64::from(self.people[at]) * ONE;
        used + (self.top - due(self.aims[at], self.ahead)) + (used + ONE).saturating_sub(self.most) * BEYOND
    }

    /// Whether the person at `at` was sent there as often as anybody need be sent anywhere. Of the tickets that are built side by side
    /// only so many may still send them as are missing to that: chance says whether this one may.
    #[inline]
    pub fn is_full(&self, at: usize, word: u64) -> bool {
        let room = self.most.saturating_sub(u64::from(self.people[at]) * ONE);
        room < self.side && (room < ONE || chance(!word, at as u64) % self.side >= room)
    }
}

/// What chance adds to the cost of one of many.
#[inline]
pub(super) fn luck(word: u64, one: u64) -> u64 {
    chance(word, one) % CHANCE
}

/// Where each visit's part begins in a list of all visits' parts, and where the last one ends.
fn offsets(ways: &Ways, length: impl Fn(VisitId) -> usize) -> Vec<usize> {
    let mut offsets = vec![0];
    for visit in ways.case.visit_ids() {
        offsets.push(offsets[visit.index()] + length(visit));
    }
    offsets
}

/// How often each two people serve together: the triangle below the diagonal.
#[derive(Clone, Debug)]
struct Meetings(Vec<u32>);

impl Meetings {
    fn new(people: usize) -> Self {
        Self(vec![0; people * people.saturating_sub(1) / 2])
    }

    fn of(&self, a: InspectorId, b: InspectorId) -> u32 {
        self.0[below_diagonal(a, b)]
    }

    fn count(&mut self, a: InspectorId, b: InspectorId) {
        self.0[below_diagonal(a, b)] += 1;
    }
}

/// The times of a visit that lie in `days`, as positions in its list.
pub(super) fn times_in(times: &[(usize, SlotId)], days: &Range<usize>) -> Range<usize> {
    let first = times.partition_point(|(day, _)| *day < days.start);
    let end = times.partition_point(|(day, _)| *day < days.end);
    first..end.max(first)
}
