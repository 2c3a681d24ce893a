//! Nobody of the last team comes to the next visit of a place.
//!
//! # Says
//! The team of a visit has no member of the last team (or of the last so many teams) that came to the
//! establishment or, if the policy says so, to any establishment of its owner. Everybody whom history
//! records there on one day is one team; every planned visit has a team of its own, and what is
//! planned for a day comes after what history records of that day. A follow-up may bring one person
//! back who knows the case, as long as at least one member is new. A person with a waiver for the
//! visit counts as new. A place without an owner stands for itself.
//!
//! # Why
//! Who knows who will come can bribe in advance; who was bribed once must not be the one who looks again.
//!
//! # Passes
//! Ana and Ben came in December; in January Cem and Dia come.
//!
//! # Breaks
//! Ana and Ben came in December; in January Ana comes with Cem.
//!
//! # Source
//! India, State Reform Action Plan, reform 206(iii): the same inspector never inspects the same
//! establishment twice in a row. UN paper of July 2023, para. 47.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use smallvec::SmallVec;

use super::shared::{Moment, Waived, past_teams};
use super::{Bar, Board, Chosen, Clash, Entry, Guard, Parameter, Place, Rule, Shape, Target, Value, Violation};
use crate::model::{Case, EstablishmentId, InspectorId, Kind, PastVisit, Schedule, VisitId};

const NAME: &str = "no-return";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    shape: Shape::Limit,
    enabled: true,
    parameters: &[
        Parameter { name: "teams", value: Value::Number(1, 1, 50), says: "how many of the last teams stay away" },
        Parameter {
            name: "scope",
            value: Value::Choice("establishment", &["establishment", "owner"]),
            says: "whose last teams: those of the establishment, or of all that have the same owner",
        },
        Parameter {
            name: "follow_up",
            value: Value::Choice("new-member", &["new-member", "forbid", "allow"]),
            says: "a follow-up needs one new member, or may bring nobody back, or anybody",
        },
    ],
    text: include_str!("no_return.rs"),
    make: |chosen: &Chosen| {
        Box::new(NoReturn {
            teams: chosen.count("teams"),
            by_owner: chosen.choice("scope") == "owner",
            follow_up: match chosen.choice("follow_up") {
                "forbid" => Demand::AllNew,
                "allow" => Demand::Nothing,
                _ => Demand::OneNew,
            },
        })
    },
};

#[derive(Clone, Copy)]
struct NoReturn {
    teams: usize,
    by_owner: bool,
    follow_up: Demand,
}

/// What a visit asks of its team.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demand {
    AllNew,
    OneNew,
    Nothing,
}

/// What has the memory: an owner, or a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scope<'c> {
    Owner(&'c str),
    Place(EstablishmentId),
}

impl NoReturn {
    fn demand(&self, case: &Case, visit: VisitId) -> Demand {
        if case.visit(visit).kind == Kind::FollowUp { self.follow_up } else { Demand::AllNew }
    }

    fn scope<'c>(&self, case: &'c Case, place: EstablishmentId) -> Scope<'c> {
        let owner = case.establishment(place).owner.as_deref();
        owner.filter(|_| self.by_owner).map_or(Scope::Place(place), Scope::Owner)
    }

    fn scope_of<'c>(&self, case: &'c Case, visit: VisitId) -> Scope<'c> {
        self.scope(case, case.visit(visit).establishment)
    }
}

impl Rule for NoReturn {
    /// What history alone says of the places with one visit: nothing planned can change it.
    fn bars<'c>(&self, case: &'c Case) -> Vec<Bar<'c>> {
        let mut bars = Vec::new();
        for known in known(self, case) {
            let [visit] = known.visits[..] else { continue };
            if self.demand(case, visit) == Demand::AllNew {
                bars.extend(self.bars_of_one(case.visit(visit).establishment, &known.past));
            }
        }
        bars
    }

    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        let mut memory = Memory {
            rule: *self,
            waived: Waived::of(case, NAME),
            known_of: vec![None; case.visits.len()],
            known: Vec::new(),
        };
        for known in known(self, case) {
            let lone = known.visits.len() == 1;
            let barred = lone && (!known.follow_up || known.past.is_empty());
            if !barred {
                known.visits.iter().for_each(|visit| memory.known_of[visit.index()] = Some(memory.known.len()));
                memory.known.push(known);
            }
        }
        (!memory.known.is_empty()).then(|| Box::new(memory) as Box<dyn Guard>)
    }

    fn check(&self, case: &Case, schedule: &Schedule) -> Vec<Violation> {
        let mut events: BTreeMap<Scope, Vec<Event>> = BTreeMap::new();
        for (visit, assignment) in &schedule.assignments {
            let when = (assignment.date, Some((assignment.slot, *visit)));
            let event = Event { when, team: assignment.team.members().to_vec() };
            events.entry(self.scope_of(case, *visit)).or_default().push(event);
        }
        let place = |index| self.scope(case, EstablishmentId::at(index));
        let concerned: Vec<_> = (0..case.establishments.len()).map(|at| events.contains_key(&place(at))).collect();
        for past in past_teams(&case.history).filter(|past| concerned[past.place.index()]) {
            let event = Event { when: (past.date, None), team: past.members.to_vec() };
            events.entry(self.scope(case, past.place)).or_default().push(event);
        }
        events.into_values().flat_map(|events| self.check_scope(case, in_order(events))).collect()
    }
}

/// A team that came or comes, for `check`.
struct Event {
    when: Moment,
    team: Vec<InspectorId>,
}

/// By time; what history records of one day is one team.
fn in_order(mut events: Vec<Event>) -> Vec<Event> {
    events.sort_by_key(|event| event.when);
    events.dedup_by(|later, earlier| {
        let one = later.when.1.is_none() && later.when == earlier.when;
        if one {
            earlier.team.append(&mut later.team);
        }
        one
    });
    events
}

impl NoReturn {
    fn check_scope(&self, case: &Case, events: Vec<Event>) -> Vec<Violation> {
        let mut found = Vec::new();
        for (at, event) in events.iter().enumerate() {
            let Some((_, visit)) = event.when.1 else { continue };
            let last = &events[at.saturating_sub(self.teams)..at];
            let seen = |who: &InspectorId| last.iter().rev().find(|earlier| earlier.team.contains(who));
            let back = |who: &InspectorId| Some((*who, seen(who).filter(|_| !case.waived(NAME, visit, *who))?));
            let returned: Vec<_> = event.team.iter().filter_map(back).collect();
            match self.demand(case, visit) {
                Demand::AllNew => found.extend(returned.iter().map(|(who, earlier)| {
                    let says = format!("{} returns {}", case.inspector(*who).id, self.whither(case, visit, event));
                    let says = format!("{says}; was there {}", when(case, earlier));
                    Violation { rule: NAME, visits: vec![visit], inspectors: vec![*who], says }
                })),
                Demand::OneNew if returned.len() == event.team.len() => {
                    let says = format!("nobody is new {}", self.whither(case, visit, event));
                    let told = |(who, earlier): &(InspectorId, &Event)| {
                        format!("{} was there {}", case.inspector(*who).id, when(case, earlier))
                    };
                    let says = format!("{says}: {}", returned.iter().map(told).collect::<Vec<_>>().join(", "));
                    found.push(Violation { rule: NAME, visits: vec![visit], inspectors: event.team.clone(), says });
                }
                _ => {}
            }
        }
        found
    }

    fn whither(&self, case: &Case, visit: VisitId, event: &Event) -> String {
        let place = case.place_of(visit);
        let owner = match self.scope_of(case, visit) {
            Scope::Owner(owner) => format!(" of {owner}"),
            Scope::Place(_) => String::new(),
        };
        format!("to {}{owner} with visit {} on {}", place.id, case.visit(visit).id, event.when.0)
    }
}

fn when(case: &Case, event: &Event) -> String {
    match event.when.1 {
        Some((_, visit)) => format!("on {} with visit {}", event.when.0, case.visit(visit).id),
        None => format!("on {} (history)", event.when.0),
    }
}

/// The visits of one scope, and the teams of its past that can still matter.
struct Known {
    visits: Vec<VisitId>,
    /// Whether one of them asks for one new member.
    follow_up: bool,
    /// The last so many teams before the period and all within it, by date.
    past: Vec<(NaiveDate, Vec<InspectorId>)>,
    /// Everybody in those teams, in order.
    people: Vec<InspectorId>,
}

/// Every scope that has a visit with a demand.
fn known(rule: &NoReturn, case: &Case) -> Vec<Known> {
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
    for past in case.history[..before].iter().rev() {
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

impl NoReturn {
    /// From the day of each team on until so many others have come.
    fn bars_of_one<'c>(&self, place: EstablishmentId, past: &[(NaiveDate, Vec<InspectorId>)]) -> Vec<Bar<'c>> {
        let mut bars = Vec::new();
        for (at, (date, team)) in past.iter().enumerate() {
            let to = past.get(at + self.teams).and_then(|(next, _)| next.pred_opt());
            bars.extend(team.iter().map(|who| Bar {
                inspector: Some(*who),
                target: Target::Establishment(place),
                from: Some(*date),
                to,
            }));
        }
        bars
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
