//! The builder's side of no-return: what each place remembers, and what the board adds.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use smallvec::SmallVec;

use super::{Demand, NAME, NoReturn, Scope};
use crate::model::{Case, EstablishmentId, InspectorId, PastVisit, VisitId};
use crate::rules::seats::Waived;
use crate::rules::shared::Moment;
use crate::rules::{Board, Clash, Guard, Place, Question};

/// What answers for no-return; none where bars say all.
pub(super) fn of<'c>(rule: &NoReturn, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
    let waived = Waived::of(case, NAME);
    let mut memory = Memory { rule: *rule, waived, known_of: vec![None; case.visits.len()], known: Vec::new() };
    for known in known(rule, case) {
        let lone = known.visits.len() == 1;
        let barred = lone && (!known.follow_up || known.past.is_empty());
        if !barred {
            known.visits.iter().for_each(|visit| memory.known_of[visit.index()] = Some(memory.known.len()));
            memory.known.push(known);
        }
    }
    (!memory.known.is_empty()).then(|| Box::new(memory) as Box<dyn Guard>)
}

/// The visits of one scope, and the teams of its past that can still matter.
pub(super) struct Known {
    pub(super) visits: Vec<VisitId>,
    /// Whether one of them asks for one new member.
    follow_up: bool,
    /// The last so many teams before the period and all within it, by date.
    pub(super) past: Vec<(NaiveDate, Vec<InspectorId>)>,
    /// Everybody in those teams, in order.
    people: Vec<InspectorId>,
}

/// Every scope that has a visit with a demand.
pub(super) fn known(rule: &NoReturn, case: &Case) -> Vec<Known> {
    let mut numbers: BTreeMap<Scope, usize> = BTreeMap::new();
    let mut all: Vec<Known> = Vec::new();
    for visit in case.visit_ids() {
        let number = *numbers.entry(rule.scope_of(case, visit)).or_insert(all.len());
        if number == all.len() {
            all.push(Known { visits: Vec::new(), follow_up: false, past: Vec::new(), people: Vec::new() });
        }
        all[number].visits.push(visit);
        all[number].follow_up |= rule.demand(case, visit) == Demand::OneNew;
    }
    let places = (0..case.establishments.len()).map(EstablishmentId::at);
    let number_of: Vec<_> = places.map(|place| numbers.get(&rule.scope(case, place)).copied()).collect();
    let before = case.history.partition_point(|past| past.date <= case.period.to);
    for past in case.history[..before].iter().rev().filter(|past| past.is_own()) {
        if let Some(number) = number_of[past.establishment.index()] {
            all[number].remember(past, rule.teams, case.period.from);
        }
    }
    all.iter_mut().for_each(Known::settle);
    all
}

impl Known {
    /// Takes a line of history, the latest first.
    fn remember(&mut self, past: &PastVisit, teams: usize, from: NaiveDate) {
        if self.past.last().is_none_or(|(date, _)| *date != past.date) {
            let before = self.past.iter().rev().take(teams).filter(|(date, _)| *date < from).count();
            if before == teams {
                return;
            }
            self.past.push((past.date, Vec::new()));
        }
        if let Some((_, team)) = self.past.last_mut() {
            team.extend(&past.team);
        }
    }

    fn settle(&mut self) {
        self.past.reverse();
        self.people = self.past.iter().flat_map(|(_, team)| team.iter().copied()).collect();
        self.people.sort_unstable();
        self.people.dedup();
    }
}

/// What is known of each scope, for the builder.
struct Memory {
    rule: NoReturn,
    waived: Waived,
    known_of: Vec<Option<usize>>,
    known: Vec<Known>,
}

/// A team that came or comes, for the builder.
struct Coming<'b> {
    when: Moment,
    visit: Option<VisitId>,
    team: &'b [InspectorId],
}

type Visits = SmallVec<[VisitId; 4]>;

impl Guard for Memory {
    fn answers(&self, question: Question) -> bool {
        question == Question::Person || (question == Question::Team && self.known.iter().any(|known| known.follow_up))
    }

    fn person(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let Some(known) = self.known(place.visit).filter(|known| known.met(board, who)) else { return };
        let events = timeline(known, board);
        let (before, after) = events.split_at(split(&events, board, place));
        if self.rule.demand(board.case, place.visit) == Demand::AllNew && !self.waived.lifts(place.visit, who) {
            match self.in_the_way(before, who) {
                None => clash(Clash::Fixed),
                Some(visits) => tell(&visits, clash),
            }
        }
        tell(&self.left_behind(board, after, who), clash);
    }

    fn team(&self, board: &Board, place: Place, team: &[InspectorId], clash: &mut dyn FnMut(Clash)) {
        let Some(known) = self.known(place.visit).filter(|known| known.follow_up) else { return };
        let mut events = timeline(known, board);
        let at = split(&events, board, place);
        if self.rule.demand(board.case, place.visit) == Demand::OneNew {
            match self.cheapest_new(&events[..at], place.visit, team) {
                None => clash(Clash::Fixed),
                Some(visits) => tell(&visits, clash),
            }
        }
        events.insert(at, Coming { when: moment(board, place), visit: Some(place.visit), team });
        let worn = |events: &[Coming], at: usize, visit| {
            self.rule.demand(board.case, visit) == Demand::OneNew && self.nobody_new(events, at, visit)
        };
        tell(&take_out(&mut events, at + 1, worn), clash);
    }

    fn fallout(&self, board: &Board, gone: VisitId, broken: &mut dyn FnMut(VisitId)) {
        let Some(known) = self.known(gone) else { return };
        let bad = |events: &[Coming], at: usize, visit| match self.rule.demand(board.case, visit) {
            Demand::AllNew => self.somebody_back(events, at, visit),
            Demand::OneNew => self.nobody_new(events, at, visit),
            Demand::Nothing => false,
        };
        take_out(&mut timeline(known, board), 0, bad).into_iter().for_each(broken);
    }
}

fn tell(visits: &[VisitId], clash: &mut dyn FnMut(Clash)) {
    if !visits.is_empty() {
        clash(Clash::Planned { visits, go: visits.len() });
    }
}

impl Memory {
    fn known(&self, visit: VisitId) -> Option<&Known> {
        self.known_of[visit.index()].map(|number| &self.known[number])
    }

    fn last<'e, 'b>(&self, events: &'e [Coming<'b>], at: usize) -> &'e [Coming<'b>] {
        &events[at.saturating_sub(self.rule.teams)..at]
    }

    /// The planned visits of `who` that come too late before the end of `before`; none where one that
    /// was made does. Taking one away brings an older team closer, so older ones are looked at
    /// until so many teams without `who` have passed.
    fn in_the_way(&self, before: &[Coming], who: InspectorId) -> Option<Visits> {
        let (mut visits, mut passed) = (Visits::new(), 0);
        for event in before.iter().rev() {
            if passed == self.rule.teams {
                break;
            }
            if event.team.contains(&who) {
                visits.push(event.visit?);
            } else {
                passed += 1;
            }
        }
        Some(visits)
    }

    /// The planned visits after which `who` would have been there too recently.
    fn left_behind(&self, board: &Board, after: &[Coming], who: InspectorId) -> Visits {
        let (mut visits, mut passed) = (Visits::new(), 0);
        let binds =
            |visit: &VisitId| self.rule.demand(board.case, *visit) == Demand::AllNew && !self.waived.lifts(*visit, who);
        for event in after {
            if passed == self.rule.teams {
                break;
            }
            match event.visit.filter(|visit| event.team.contains(&who) && binds(visit)) {
                Some(visit) => visits.push(visit),
                None => passed += 1,
            }
        }
        visits
    }

    /// The fewest planned visits without which one of `team` is new to a follow-up; none where
    /// each of them was there before the plan.
    fn cheapest_new(&self, before: &[Coming], visit: VisitId, team: &[InspectorId]) -> Option<Visits> {
        if team.iter().any(|who| self.waived.lifts(visit, *who)) {
            return Some(Visits::new());
        }
        team.iter().filter_map(|who| self.in_the_way(before, *who)).min_by_key(|visits| visits.len())
    }

    fn somebody_back(&self, events: &[Coming], at: usize, visit: VisitId) -> bool {
        events[at].team.iter().any(|who| self.is_back(events, at, visit, *who))
    }

    fn nobody_new(&self, events: &[Coming], at: usize, visit: VisitId) -> bool {
        events[at].team.iter().all(|who| self.is_back(events, at, visit, *who))
    }

    fn is_back(&self, events: &[Coming], at: usize, visit: VisitId, who: InspectorId) -> bool {
        self.last(events, at).iter().any(|event| event.team.contains(&who)) && !self.waived.lifts(visit, who)
    }
}

impl Known {
    /// Whether `who` is in any team, past or placed. Most people are in none, and need no closer look.
    fn met(&self, board: &Board, who: InspectorId) -> bool {
        let placed = |visit: &VisitId| board.placed(*visit).is_some_and(|placed| placed.team.contains(who));
        self.visits.iter().any(placed) || self.people.binary_search(&who).is_ok()
    }
}

fn moment(board: &Board, place: Place) -> Moment {
    (board.calendar.date(place.day), Some((place.slot, place.visit)))
}

fn timeline<'b>(known: &'b Known, board: &'b Board) -> SmallVec<[Coming<'b>; 8]> {
    let past = known.past.iter().map(|(date, team)| Coming { when: (*date, None), visit: None, team });
    let placed = known.visits.iter().filter_map(|visit| {
        let placed = board.placed(*visit)?;
        let when = moment(board, Place { visit: *visit, day: placed.day, slot: placed.slot });
        Some(Coming { when, visit: Some(*visit), team: placed.team.members() })
    });
    let mut events: SmallVec<[Coming; 8]> = past.chain(placed).collect();
    events.sort_by_key(|event| event.when);
    events
}

fn split(events: &[Coming], board: &Board, place: Place) -> usize {
    let when = moment(board, place);
    events.partition_point(|event| event.when < when)
}

/// Takes out, in order of time, every planned visit from `at` on that is bad, and says which.
fn take_out(
    events: &mut SmallVec<[Coming; 8]>,
    mut at: usize,
    bad: impl Fn(&[Coming], usize, VisitId) -> bool,
) -> Visits {
    let mut out = Visits::new();
    while at < events.len() {
        match events[at].visit.filter(|visit| bad(events, at, *visit)) {
            Some(visit) => {
                out.push(visit);
                events.remove(at);
            }
            None => at += 1,
        }
    }
    out
}
