//! Looking for teams: all of them, the first, or those that would be allowed if a few rules were lifted.
//!
//! Members are chosen in one fixed order, a branch is left as soon as a rule can't be kept any more, and
//! the whole search is bounded by steps, so that its answer is the same on every machine.

use std::ops::ControlFlow;

use super::ways::{Asks, Rules, Ways};
use crate::model::{InspectorId, Team};
use crate::rules::Place;

/// One rule lifted for one person on the visit: what a waiver does.
pub(super) type Lift = (usize, InspectorId);

/// Somebody who might go, and the rules that would have to be lifted for it.
#[derive(Clone)]
pub(super) struct Candidate {
    /// Who.
    pub who: InspectorId,
    /// The rules that keep them from the visit at that time.
    pub barred: Rules,
}

/// A search for teams of one visit at one time.
pub(super) struct Hunt<'a, 'c> {
    ways: &'a Ways<'c>,
    asks: &'a Asks,
    place: Place,
    among: &'a [Candidate],
    budget: usize,
    steps: u64,
    /// Whether the steps were enough.
    pub complete: bool,
}

type Found<'f> = &'f mut dyn FnMut(Team, &[Lift]) -> ControlFlow<()>;

impl<'a, 'c> Hunt<'a, 'c> {
    /// A search among these people (each once) in at most so many steps.
    pub fn new(ways: &'a Ways<'c>, asks: &'a Asks, place: Place, among: &'a [Candidate], steps: u64) -> Self {
        Self { ways, asks, place, among, budget: 0, steps, complete: true }
    }

    /// Allows up to `budget` liftings. Exact for pairs; in larger teams what keeps two people apart is
    /// lifted for the later one, so that a few cheaper liftings may be missed.
    pub fn lifting(self, budget: usize) -> Self {
        Self { budget, ..self }
    }

    /// Tells of every team, with the liftings that it takes, until `found` breaks or the steps are used up.
    pub fn every(&mut self, found: Found) {
        let _ = self.walk(0, &mut Vec::new(), &mut Vec::new(), found);
    }

    /// Tells of every team that has `first` in it; `first` must not be among the others.
    pub fn every_with(&mut self, first: InspectorId, found: Found) {
        let _ = self.walk(0, &mut vec![first], &mut Vec::new(), found);
    }

    /// The first team.
    pub fn first(&mut self) -> Option<Team> {
        let mut first = None;
        self.every(&mut |team, _| {
            first = Some(team);
            ControlFlow::Break(())
        });
        first
    }

    fn walk(
        &mut self,
        from: usize,
        team: &mut Vec<InspectorId>,
        lifts: &mut Vec<Lift>,
        found: Found,
    ) -> ControlFlow<()> {
        if self.steps == 0 {
            self.complete = false;
            return ControlFlow::Break(());
        }
        self.steps -= 1;
        if team.len() >= self.asks.size {
            return self.finish(team, lifts, found);
        }
        for at in from..self.among.len() {
            let candidate = &self.among[at];
            let before = lifts.len();
            lifts.extend(candidate.barred.iter().map(|rule| (*rule, candidate.who)));
            self.join(candidate.who, team, lifts);
            team.push(candidate.who);
            let on = if lifts.len() <= self.budget && self.can_be_met(team, lifts) {
                self.walk(at + 1, team, lifts, &mut *found)
            } else {
                ControlFlow::Continue(())
            };
            team.pop();
            lifts.truncate(before);
            on?;
        }
        ControlFlow::Continue(())
    }

    /// What must be lifted for `who` to serve with those already chosen.
    fn join(&self, who: InspectorId, team: &[InspectorId], lifts: &mut Vec<Lift>) {
        for member in team {
            if lifts.len() > self.budget {
                return;
            }
            for rule in self.ways.pair(self.asks, self.place, *member, who) {
                if !lifts.contains(&(rule, *member)) && !lifts.contains(&(rule, who)) {
                    lifts.push((rule, who));
                }
            }
        }
    }

    fn lacking(&self, at: usize, team: &[InspectorId], lifts: &[Lift]) -> usize {
        let (rule, need) = &self.asks.needs[at];
        let has = |who: &&InspectorId| {
            lifts.contains(&(*rule, **who)) || self.ways.has(self.asks, *rule, &need.quality, **who)
        };
        need.at_least.saturating_sub(team.iter().filter(has).count())
    }

    fn can_be_met(&self, team: &[InspectorId], lifts: &[Lift]) -> bool {
        let open = self.asks.size.saturating_sub(team.len()) + self.budget - lifts.len();
        (0..self.asks.needs.len()).all(|at| self.lacking(at, team, lifts) <= open)
    }

    fn finish(&self, team: &[InspectorId], lifts: &mut Vec<Lift>, found: Found) -> ControlFlow<()> {
        let before = lifts.len();
        for at in 0..self.asks.needs.len() {
            self.lift_need(at, team, lifts);
        }
        let Some(whole) = Team::new(team.iter().copied()) else { return ControlFlow::Continue(()) };
        for rule in self.ways.team(self.place, whole.members()) {
            if !team.iter().any(|who| lifts.contains(&(rule, *who))) {
                lifts.push((rule, whole.members()[0]));
            }
        }
        let on = if lifts.len() <= self.budget { found(whole, lifts) } else { ControlFlow::Continue(()) };
        lifts.truncate(before);
        on
    }

    /// A waiver of a need's rule counts its holder as having the quality.
    fn lift_need(&self, at: usize, team: &[InspectorId], lifts: &mut Vec<Lift>) {
        let (rule, need) = &self.asks.needs[at];
        let lacking = self.lacking(at, team, lifts);
        let without = |who: &&InspectorId| {
            !lifts.contains(&(*rule, **who)) && !self.ways.has(self.asks, *rule, &need.quality, **who)
        };
        let chosen: Vec<Lift> = team.iter().filter(without).take(lacking).map(|who| (*rule, *who)).collect();
        let over = lacking > chosen.len();
        lifts.extend(chosen);
        if over {
            // A need that no waiver of the team could meet: more people must have it than it has.
            lifts.extend(std::iter::repeat_n((*rule, InspectorId(u32::MAX)), self.budget + 1));
        }
    }
}

/// Everybody who is free to go at that time.
pub(super) fn free(ways: &Ways, asks: &Asks, place: Place) -> Vec<Candidate> {
    let mut all = everybody(ways, asks, place);
    all.retain(|candidate| candidate.barred.is_empty());
    all
}

/// Everybody, with the rules that keep them from that time. Those whom fewer rules bar and who have
/// more of what the team needs stand first, so that a bounded search meets them early.
pub(super) fn everybody(ways: &Ways, asks: &Asks, place: Place) -> Vec<Candidate> {
    let candidate = |who| Candidate { who, barred: ways.person(asks, place, who, &mut |_| {}) };
    let mut all: Vec<_> = ways.case.inspector_ids().map(candidate).collect();
    let has = |who| asks.needs.iter().filter(|(rule, need)| ways.has(asks, *rule, &need.quality, who)).count();
    all.sort_by_cached_key(|one| (one.barred.len(), std::cmp::Reverse(has(one.who)), one.who));
    all
}
