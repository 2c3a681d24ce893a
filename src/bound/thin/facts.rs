//! What keeps people from visits before anything is planned: bars, who may not be together, and what limits make
//! of history. The limits are asked as a builder asks them, over a board on which nothing stands.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::tally::Bits;
use crate::model::{Case, EstablishmentId, InspectorId, SlotId, VisitId};
use crate::rules::{Bar, Board, Book, Clash, Guard, Parts, Place, Target};

/// Somebody, or everybody, kept from a visit on some days; or two people kept from serving together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub rule: &'static str,
    /// Nobody: it holds for all.
    pub who: Option<InspectorId>,
    /// With whom, where it concerns a pair.
    pub with: Option<InspectorId>,
    pub days: Bits,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

impl Fact {
    /// What a rule says of whole teams.
    pub fn of_teams(rule: &'static str) -> Self {
        Self { rule, who: None, with: None, days: Bits::none(0), from: None, to: None }
    }
}

/// The facts of a case, gathered so that those of a visit are found without looking at all.
pub(super) struct Facts<'c> {
    case: &'c Case,
    book: &'c Book,
    pub board: Board<'c>,
    guards: Vec<(&'static str, Box<dyn Guard + 'c>)>,
    all: Vec<(Fact, Target<'c>)>,
    everywhere: Vec<usize>,
    at_places: BTreeMap<EstablishmentId, Vec<usize>>,
    at_owners: BTreeMap<&'c str, Vec<usize>>,
    /// Who may never serve with whom (no days), or not on some days.
    pairs: Vec<Fact>,
    /// By inspector: their pairs, as positions in `pairs`, at the one with the lower id.
    pairs_of: Vec<Vec<usize>>,
    by_district: BTreeMap<Option<&'c str>, Vec<Fact>>,
    /// By place: who was there, where several visits are planned at it or at its owner's places.
    known_at: BTreeMap<EstablishmentId, BTreeSet<InspectorId>>,
    parts: Parts,
}

impl<'c> Facts<'c> {
    pub fn new(case: &'c Case, book: &'c Book) -> Self {
        let board = Board::new(case);
        let parts = Parts::new(case, book, &board.calendar);
        let guards = book.rules().filter_map(|(entry, rule)| Some((entry.name, rule.guard(case)?))).collect();
        let mut facts = Self {
            case,
            book,
            board,
            guards,
            all: Vec::new(),
            everywhere: Vec::new(),
            at_places: BTreeMap::new(),
            at_owners: BTreeMap::new(),
            pairs: Vec::new(),
            pairs_of: vec![Vec::new(); case.inspectors.len()],
            by_district: BTreeMap::new(),
            known_at: known_at(case),
            parts,
        };
        for (entry, rule) in book.rules() {
            rule.bars(case).into_iter().for_each(|bar| facts.gather(entry.name, bar));
            let apart = rule.apart(case);
            let grouped = apart.groups.iter().flat_map(|group| {
                group.iter().enumerate().flat_map(|(at, a)| group[at + 1..].iter().map(move |b| (*a, *b)))
            });
            for (a, b) in apart.pairs.iter().copied().chain(grouped).filter(|(a, b)| a != b) {
                facts.pairs.push(pair(entry.name, a.min(b), a.max(b), Bits::none(0)));
            }
        }
        facts.ask_of_history();
        for (at, fact) in facts.pairs.iter().enumerate() {
            fact.who.into_iter().for_each(|who| facts.pairs_of[who.index()].push(at));
        }
        facts
    }

    /// The rules that may say something of a team as a whole.
    pub fn guarding(&self) -> impl Iterator<Item = &'static str> {
        self.guards.iter().map(|(rule, _)| *rule)
    }

    /// Whether the rules, but for those that `skip` names, let `team` go to `visit` on one of `days`, with nothing else planned.
    pub fn lets(&self, visit: VisitId, team: &[InspectorId], days: &Bits, skip: &dyn Fn(&'static str) -> bool) -> bool {
        let guards: Vec<_> = self.guards.iter().filter(|(rule, _)| !skip(rule)).collect();
        let times =
            days.iter().flat_map(|day| (0..self.case.period.slots.len()).map(move |slot| (day, SlotId::at(slot))));
        times.into_iter().any(|(day, slot)| {
            let (place, mut clear) = (Place { visit, day, slot }, true);
            guards.iter().for_each(|(_, guard)| guard.team(&self.board, place, team, &mut |_| clear = false));
            clear
        })
    }

    fn gather(&mut self, rule: &'static str, bar: Bar<'c>) {
        let days = self.between(bar.from, bar.to);
        if days.is_empty() {
            return;
        }
        let at = self.all.len();
        match bar.target {
            Target::Establishment(place) => self.at_places.entry(place).or_default().push(at),
            Target::Owner(owner) => self.at_owners.entry(owner).or_default().push(at),
            _ => self.everywhere.push(at),
        }
        let fact = Fact { rule, who: bar.inspector, with: None, days, from: bar.from, to: bar.to };
        self.all.push((fact, bar.target));
    }

    fn between(&self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Bits {
        let mut days = Bits::none(self.days());
        for (at, day) in self.board.calendar.days().iter().enumerate() {
            if from.is_none_or(|from| from <= *day) && to.is_none_or(|to| *day <= to) {
                days.set(at);
            }
        }
        days
    }

    /// Working days of the period.
    pub fn days(&self) -> usize {
        self.board.calendar.days().len()
    }

    /// What the limits say of people in each district, and of pairs that served together.
    fn ask_of_history(&mut self) {
        let mut probes: BTreeMap<Option<&'c str>, VisitId> = BTreeMap::new();
        for visit in self.case.visit_ids().filter(|visit| !self.has_waiver(*visit)) {
            probes.entry(self.case.place_of(visit).district.as_deref()).or_insert(visit);
        }
        if self.case.history.is_empty() {
            return;
        }
        let everybody: Vec<InspectorId> = self.case.inspector_ids().collect();
        for (district, probe) in &probes {
            let found = self.ask_persons(*probe, &everybody);
            self.by_district.insert(*district, found);
        }
        if let Some(probe) = probes.values().next() {
            let found = self.ask_pairs(*probe);
            self.pairs.extend(found);
        }
    }

    fn has_waiver(&self, visit: VisitId) -> bool {
        self.case.waivers.iter().any(|waiver| waiver.visit == visit)
    }

    fn ask_persons(&self, visit: VisitId, people: &[InspectorId]) -> Vec<Fact> {
        let ask = |rule, guard: &dyn Guard, who| {
            self.ask(rule, visit, who, None, |place, clash| guard.person(&self.board, place, who, clash))
        };
        let asked = self.guards.iter().flat_map(|(rule, guard)| people.iter().map(move |who| (*rule, guard, *who)));
        asked.filter_map(|(rule, guard, who)| ask(rule, guard.as_ref(), who)).collect()
    }

    fn ask_pairs(&self, visit: VisitId) -> Vec<Fact> {
        let mut pairs = BTreeSet::new();
        for past in &self.case.history {
            for (at, a) in past.team.iter().enumerate() {
                pairs.extend(past.team[at + 1..].iter().map(|b| (*a.min(b), *a.max(b))));
            }
        }
        let asked = self.guards.iter().flat_map(|(rule, guard)| pairs.iter().map(move |pair| (*rule, guard, *pair)));
        let ask = |rule, guard: &dyn Guard, a, b| {
            self.ask(rule, visit, a, Some(b), |place, clash| guard.pair(&self.board, place, a, b, clash))
        };
        asked.filter_map(|(rule, guard, (a, b))| ask(rule, guard.as_ref(), a, b)).collect()
    }

    /// The days on which a limit says that no plan could let somebody go.
    fn ask(
        &self,
        rule: &'static str,
        visit: VisitId,
        who: InspectorId,
        with: Option<InspectorId>,
        asks: impl Fn(Place, &mut dyn FnMut(Clash)),
    ) -> Option<Fact> {
        let mut days = Bits::none(self.days());
        for day in 0..self.days() {
            let fixed = |slot: usize| {
                let mut fixed = false;
                asks(Place { visit, day, slot: SlotId::at(slot) }, &mut |clash| fixed |= clash == Clash::Fixed);
                fixed
            };
            // A part of a day is not the day: of a visit's own slots its facts speak.
            if (0..self.case.period.slots.len()).all(fixed) {
                days.set(day);
            }
        }
        let dates: Vec<NaiveDate> = days.iter().map(|day| self.board.calendar.date(day)).collect();
        let (from, to) = (dates.first().copied(), dates.last().copied());
        (!days.is_empty()).then_some(Fact { rule, who: Some(who), with, days, from, to })
    }

    /// The days on which the rules let a visit be held, whoever goes.
    pub fn open(&self, visit: VisitId) -> Bits {
        let mut open = Bits::none(self.days());
        for (at, date) in self.board.calendar.days().iter().enumerate() {
            let slots = (0..self.case.period.slots.len()).map(SlotId::at);
            let closed = |slot| self.book.rules().any(|(_, rule)| rule.closed(self.case, visit, *date, slot));
            if slots.into_iter().any(|slot| !closed(slot)) {
                open.set(at);
            }
        }
        open
    }

    /// All that keeps somebody from `visit`, no waiver lifting it.
    pub fn of(&self, visit: VisitId) -> Vec<Fact> {
        let place = self.case.visit(visit).establishment;
        let at = self.case.establishment(place);
        let of_place = self.at_places.get(&place).into_iter().flatten();
        let of_owner = at.owner.as_deref().and_then(|owner| self.at_owners.get(owner)).into_iter().flatten();
        let bars = self.everywhere.iter().chain(of_place).chain(of_owner).map(|at| &self.all[*at]);
        let mut facts: Vec<Fact> =
            bars.filter(|(_, target)| target.covers(self.case, place)).map(|(fact, _)| fact.clone()).collect();
        facts.extend(self.by_district.get(&at.district.as_deref()).into_iter().flatten().cloned());
        if let Some(known) = self.known_at.get(&place) {
            let known: Vec<InspectorId> = known.iter().copied().collect();
            let more = self.ask_persons(visit, &known);
            facts.extend(more.into_iter().filter(|fact| !facts.contains(fact)).collect::<Vec<_>>());
        }
        facts.extend(self.parts.people().filter_map(|who| self.shut(visit, who)));
        if self.has_waiver(visit) {
            facts.retain(|fact| !self.lifted(visit, fact));
        }
        facts
    }

    /// Days on which parts that are closed to somebody leave nothing of what is open to `visit`.
    fn shut(&self, visit: VisitId, who: InspectorId) -> Option<Fact> {
        let mut days = Bits::none(self.days());
        self.parts.shut(visit, who, |_| false).into_iter().for_each(|day| days.set(day));
        let dates: Vec<NaiveDate> = days.iter().map(|day| self.board.calendar.date(day)).collect();
        let (from, to) = (dates.first().copied(), dates.last().copied());
        let rule = self.parts.rules(who).next()?;
        (!days.is_empty()).then_some(Fact { rule, who: Some(who), with: None, days, from, to })
    }

    /// All that keeps two of these people (in order) from serving together on `visit`, no waiver lifting it.
    pub fn pairs(&self, visit: VisitId, people: &[InspectorId]) -> Vec<&Fact> {
        let there = |who: Option<InspectorId>| who.is_some_and(|who| people.binary_search(&who).is_ok());
        let pairs = people.iter().flat_map(|who| &self.pairs_of[who.index()]).map(|at| &self.pairs[*at]);
        let waiver = self.has_waiver(visit);
        pairs.filter(|fact| there(fact.with) && !(waiver && self.lifted(visit, fact))).collect()
    }

    fn lifted(&self, visit: VisitId, fact: &Fact) -> bool {
        let waived = |who: InspectorId| self.case.waived(fact.rule, visit, who);
        fact.who.is_some_and(waived) || fact.with.is_some_and(waived)
    }
}

fn pair(rule: &'static str, a: InspectorId, b: InspectorId, days: Bits) -> Fact {
    Fact { rule, who: Some(a), with: Some(b), days, from: None, to: None }
}

/// Who was at the places, or at places of their owners, that several visits are planned for: of them a limit may
/// know more than its bars say.
fn known_at(case: &Case) -> BTreeMap<EstablishmentId, BTreeSet<InspectorId>> {
    let owner = |place: EstablishmentId| case.establishment(place).owner.as_deref();
    let mut visits: BTreeMap<EstablishmentId, usize> = BTreeMap::new();
    let mut of_owner: BTreeMap<&str, usize> = BTreeMap::new();
    for visit in &case.visits {
        *visits.entry(visit.establishment).or_default() += 1;
        owner(visit.establishment).into_iter().for_each(|owner| *of_owner.entry(owner).or_default() += 1);
    }
    let mut known: BTreeMap<EstablishmentId, BTreeSet<InspectorId>> = BTreeMap::new();
    let mut known_to: BTreeMap<&str, BTreeSet<InspectorId>> = BTreeMap::new();
    for past in &case.history {
        known.entry(past.establishment).or_default().extend(&past.team);
        owner(past.establishment).into_iter().for_each(|owner| known_to.entry(owner).or_default().extend(&past.team));
    }
    let mut all = BTreeMap::new();
    for (place, count) in visits {
        let owned = owner(place).filter(|owner| of_owner.get(owner).is_some_and(|visits| *visits > 1));
        let mut people: BTreeSet<InspectorId> = BTreeSet::new();
        if count > 1 {
            people.extend(known.get(&place).into_iter().flatten());
        }
        people.extend(owned.and_then(|owner| known_to.get(owner)).into_iter().flatten());
        if !people.is_empty() {
            all.insert(place, people);
        }
    }
    all
}
