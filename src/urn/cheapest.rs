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

/// One person who might go: cost, who, and whether the board lets them, once that was asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Free {
    pub cost: u64,
    pub who: InspectorId,
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
        for at in from..self.people.len() {
            self.steps += 1;
            let least = cost + self.people[at].cost * seats as u64;
            if self.steps > STEPS || self.best.as_ref().is_some_and(|(best, _)| least >= *best) {
                return;
            }
            if !self.may_still_meet(at, seats) || !self.may(at) {
                continue;
            }
            if let Some(meeting) = self.joins(at) {
                self.chosen.push(at);
                self.grow(at + 1, cost + self.people[at].cost + meeting, seats - 1);
                self.chosen.pop();
            }
        }
    }

    /// Whether the board lets this person go; asked once.
    fn may(&mut self, at: usize) -> bool {
        let Free { who, may, .. } = self.people[at];
        may.unwrap_or_else(|| {
            let clear = self.ways.guards.iter().all(|guard| guard.lets(self.board, self.place, who));
            self.people[at].may = Some(clear);
            clear
        })
    }

    /// Whether the seats left can meet what the team still lacks if the next is taken by `at`.
    fn may_still_meet(&self, at: usize, seats: usize) -> bool {
        self.ways.of(self.place.visit).needs.iter().all(|need| {
            let meets = |at: usize| usize::from(need.met_by(self.people[at].who));
            let have = self.chosen.iter().map(|chosen| meets(*chosen)).sum::<usize>() + meets(at);
            have + (seats - 1) >= need.at_least
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
            cost += self.tally.map_or(0, |tally| tally.pair(a, b));
        }
        Some(cost)
    }

    fn finish(&mut self, cost: u64) {
        if self.best.as_ref().is_some_and(|(best, _)| cost >= *best) {
            return;
        }
        let mut team: Crew = self.chosen.iter().map(|at| self.people[*at].who).collect();
        team.sort_unstable();
        let mut clear = true;
        for guard in &self.ways.guards {
            guard.team(self.board, self.place, &team, &mut |_: Clash| clear = false);
        }
        if clear {
            self.best = Some((cost, team));
        }
    }
}
