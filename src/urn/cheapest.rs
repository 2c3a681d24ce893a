//! The cheapest team that may go as the board stands, with nobody ejected: a search seat by seat over people in order
//! of cost, who are asked for only when their turn comes. Most placements need nothing more, so this is the inner loop.

use smallvec::SmallVec;

use super::Ways;
use super::tally::Tally;
use crate::model::InspectorId;
use crate::rules::{Board, Clash, Place};

/// The people of a team.
pub(super) type Crew = SmallVec<[InspectorId; 4]>;

/// Steps of one search, so that large teams from large pools end.
const STEPS: u32 = 2_000;

/// Needs of one visit that are kept as bits; the rare visit with more has its whole team asked.
const MASKED: usize = 64;

/// One person who might go: cost, who, which of the visit's needs they meet (a bit each), and whether the board lets them,
/// once that was asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Free {
    pub cost: u64,
    pub who: InspectorId,
    pub meets: u64,
    pub may: Option<bool>,
}

/// A search for the team of one visit at one time.
pub(super) struct Cheapest<'a, 'c> {
    ways: &'a Ways<'c>,
    board: &'a Board<'c>,
    place: Place,
    /// In order of cost.
    people: &'a mut [Free],
    /// What it costs that two meet; none where that is not counted.
    tally: Option<&'a Tally>,
    chosen: SmallVec<[usize; 8]>,
    best: Option<(u64, Crew)>,
    steps: u32,
}

impl Free {
    /// Somebody of whom the board was not asked yet.
    pub fn new(ways: &Ways, place: Place, who: InspectorId, cost: u64) -> Self {
        let needs = ways.of(place.visit).needs.iter().take(MASKED).enumerate();
        let meets = needs.map(|(at, need)| u64::from(need.met_by(who)) << at).sum();
        Self { cost, who, meets, may: None }
    }
}

impl<'a, 'c> Cheapest<'a, 'c> {
    pub fn new(
        ways: &'a Ways<'c>,
        board: &'a Board<'c>,
        place: Place,
        people: &'a mut [Free],
        tally: Option<&'a Tally>,
    ) -> Self {
        Self { ways, board, place, people, tally, chosen: SmallVec::new(), best: None, steps: 0 }
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
        for at in from..self.people.len() {
            self.steps += 1;
            let Free { cost: own, meets, .. } = self.people[at];
            let least = cost + own * seats as u64;
            if self.steps > STEPS || self.best.as_ref().is_some_and(|(best, _)| least >= *best) {
                return;
            }
            if meets & must != must || !self.may(at) {
                continue;
            }
            if let Some(meeting) = self.joins(at) {
                self.chosen.push(at);
                self.grow(at + 1, cost + own + meeting, seats - 1);
                self.chosen.pop();
            }
        }
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
            let lets = self.ways.guards.iter().all(|guard| guard.lets(self.board, self.place, who));
            self.people[at].may = Some(lets);
            lets
        })
    }

    /// What it costs that this person joins those chosen; none where they may not serve together.
    fn joins(&self, at: usize) -> Option<u64> {
        let one = self.people[at].who;
        let mut cost = 0;
        for other in self.chosen.iter().map(|at| self.people[*at].who) {
            let (a, b) = (one.min(other), one.max(other));
            let mut clear = self.ways.together(self.place.visit, a, b);
            for guard in &self.ways.guards {
                if !clear {
                    return None;
                }
                guard.pair(self.board, self.place, a, b, &mut |_: Clash| clear = false);
            }
            if !clear {
                return None;
            }
            cost += self.tally.map_or(0, |tally| tally.meeting(a, b));
        }
        Some(cost)
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
        for guard in &self.ways.guards {
            guard.team(self.board, self.place, &team, &mut |_: Clash| clear = false);
        }
        if clear {
            self.best = Some((cost, team));
        }
    }
}
