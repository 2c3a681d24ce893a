//! The cheapest team that may go as the board stands, with nobody ejected: a search seat by seat over people in order
//! of cost, who are asked for only when their turn comes. Most placements need nothing more, so this is the inner loop.

use smallvec::SmallVec;

use super::Ways;
use super::queue::Queue;
use super::tally::Tally;
use crate::model::InspectorId;
use crate::rules::{Board, Clash, Place};

/// The people of a team.
pub(super) type Crew = SmallVec<[InspectorId; 4]>;

/// Steps of one search, so that large teams from large pools end.
const STEPS: u32 = 2_000;

/// Of those, so many once a team is known: those who stand in front are cheap enough, and a team that is cheaper by how often two
/// have met is found soon or matters little.
const AFTER: u32 = 8;

/// Needs of one visit that are kept as bits; the rare visit with more has its whole team asked.
const MASKED: usize = 64;

/// Everybody who might go, by cost: the cost in the upper half of a word, the person in the lower.
pub(super) type Line = Queue<u64>;

/// Somebody's place in a line.
#[inline]
pub(super) fn in_line(cost: u64, who: InspectorId) -> u64 {
    cost.min(u64::from(u32::MAX)) << 32 | u64::from(who.0)
}

/// One person whose turn came: cost, who, which of the visit's needs they meet (a bit each), and whether the board lets them,
/// once that was asked.
#[derive(Clone, Copy, Debug)]
struct Free {
    cost: u64,
    who: InspectorId,
    meets: u64,
    may: Option<bool>,
}

/// A search for the team of one visit at one time.
pub(super) struct Cheapest<'a, 'c> {
    ways: &'a Ways<'c>,
    board: &'a Board<'c>,
    place: Place,
    line: &'a mut Line,
    /// The guards that need not be asked about people any more, a bit each.
    sieved: u64,
    /// Those of the line whose turn came.
    people: SmallVec<[Free; 16]>,
    /// What it costs that two meet; none where that is not counted.
    tally: Option<&'a Tally>,
    chosen: SmallVec<[usize; 8]>,
    best: Option<(u64, Crew)>,
    /// Steps that are left.
    steps: u32,
}

impl<'a, 'c> Cheapest<'a, 'c> {
    pub fn new(
        ways: &'a Ways<'c>,
        board: &'a Board<'c>,
        place: Place,
        (line, sieved): (&'a mut Line, u64),
        tally: Option<&'a Tally>,
    ) -> Self {
        let (people, chosen) = (SmallVec::new(), SmallVec::new());
        Self { ways, board, place, line, sieved, people, tally, chosen, best: None, steps: STEPS }
    }

    /// The cheapest team and its cost; none where there is none.
    pub fn run(mut self) -> Option<(u64, Crew)> {
        let size = self.ways.of(self.place.visit).size;
        self.grow(0, 0, size);
        self.best
    }

    fn grow(&mut self, from: usize, cost: u64, seats: usize) {
        if seats == 0 {
            return self.finish(cost);
        }
        let Some(must) = self.must_meet(seats) else { return };
        for at in from..self.line.len() {
            let Some(Free { cost: own, meets, .. }) = self.next(at) else { return };
            let least = cost + own * seats as u64;
            if self.steps == 0 || self.best.as_ref().is_some_and(|(best, _)| least >= *best) {
                return;
            }
            self.steps -= 1;
            if meets & must != must || !self.may(at) {
                continue;
            }
            let with = cost + own + self.meetings(at);
            let worth = self.best.as_ref().is_none_or(|(best, _)| with + own * (seats as u64 - 1) < *best);
            if worth && self.joins(at) {
                self.chosen.push(at);
                self.grow(at + 1, with, seats - 1);
                self.chosen.pop();
            }
        }
    }

    /// The person with `at` before them. Nobody is asked for before those who stand in front.
    fn next(&mut self, at: usize) -> Option<Free> {
        if at == self.people.len() {
            let (cost, who) = self.line.get(at).map(|one| (one >> 32, InspectorId(one as u32)))?;
            let needs = self.ways.of(self.place.visit).needs.iter().take(MASKED).enumerate();
            let meets = needs.map(|(at, need)| u64::from(need.met_by(who)) << at).sum();
            self.people.push(Free { cost, who, meets, may: None });
        }
        self.people.get(at).copied()
    }

    /// The needs that whoever comes next must meet, since the seats after them are too few; none where even
    /// that would not be enough.
    fn must_meet(&self, seats: usize) -> Option<u64> {
        let mut must = 0;
        for (need, asked) in self.ways.of(self.place.visit).needs.iter().enumerate().take(MASKED) {
            let have = self.chosen.iter().filter(|at| self.people[**at].meets >> need & 1 == 1).count();
            if have + seats < asked.at_least {
                return None;
            }
            must |= u64::from(have + seats == asked.at_least) << need;
        }
        Some(must)
    }

    /// Whether the board lets this person go; asked once.
    fn may(&mut self, at: usize) -> bool {
        let Free { who, may, .. } = self.people[at];
        may.unwrap_or_else(|| {
            let mut guards = self.ways.on_people().filter(|(at, _)| *at >= 64 || self.sieved >> at & 1 == 0);
            let lets = guards.all(|(_, guard)| guard.lets(self.board, self.place, who));
            self.people[at].may = Some(lets);
            lets
        })
    }

    /// What it costs that this person meets those chosen once more.
    fn meetings(&self, at: usize) -> u64 {
        let (Some(tally), one) = (self.tally, self.people[at].who) else { return 0 };
        self.chosen.iter().map(|other| tally.meeting(self.people[*other].who, one)).sum()
    }

    /// Whether this person may serve with those chosen.
    fn joins(&self, at: usize) -> bool {
        let one = self.people[at].who;
        self.chosen.iter().map(|at| self.people[*at].who).all(|other| {
            let (a, b) = (one.min(other), one.max(other));
            let mut clear = self.ways.together(self.place.visit, a, b);
            let mut guards = self.ways.on_pairs();
            while let Some(guard) = guards.next().filter(|_| clear) {
                guard.pair(self.board, self.place, a, b, &mut |_: Clash| clear = false);
            }
            clear
        })
    }

    fn finish(&mut self, cost: u64) {
        if self.best.as_ref().is_some_and(|(best, _)| cost >= *best) {
            return;
        }
        let mut team: Crew = self.chosen.iter().map(|at| self.people[*at].who).collect();
        team.sort_unstable();
        let unmasked = self.ways.of(self.place.visit).needs.iter().skip(MASKED);
        let mut clear =
            unmasked.into_iter().all(|need| team.iter().filter(|who| need.met_by(**who)).count() >= need.at_least);
        for guard in self.ways.on_teams() {
            guard.team(self.board, self.place, &team, &mut |_: Clash| clear = false);
        }
        if clear {
            self.steps = self.steps.min(AFTER);
            self.best = Some((cost, team));
        }
    }
}
