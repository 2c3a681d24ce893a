//! May these people go there, given what else is planned? Asked of every rule of the book.
//!
//! The urn has the same question in a faster shape; this one answers with the rules that stand in the way.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use smallvec::SmallVec;

use crate::model::{Assignment, Case, InspectorId, Schedule, SlotId, Team, VisitId};
use crate::rules::{Apart, Bar, Board, Book, Checker, Clash, Guard, Need, Place, Rule};

/// Positions of rules in [`Ways::rules`], in order and without repetition.
pub(super) type Rules = SmallVec<[usize; 4]>;

/// Adds a rule to those that stand in the way.
pub(super) fn note(rules: &mut Rules, rule: usize) {
    if let Err(at) = rules.binary_search(&rule) {
        rules.insert(at, rule);
    }
}

/// The rules of a case, ready to be asked, and the board that they look at.
pub(super) struct Ways<'c> {
    /// The case.
    pub case: &'c Case,
    /// What is planned; a visit that is asked about must not stand on it.
    pub board: Board<'c>,
    /// The rules that are on.
    pub rules: Vec<Asked<'c>>,
    book: &'c Book,
    checker: OnceCell<Checker<'c>>,
}

/// One rule with its answers that don't depend on the board.
pub(super) struct Asked<'c> {
    /// Its name.
    pub name: &'static str,
    rule: &'c dyn Rule,
    bars: Vec<Bar<'c>>,
    apart: Apart,
    guard: Option<Box<dyn Guard + 'c>>,
}

/// What one visit asks of its team, whenever it is held.
pub(super) struct Asks {
    /// The visit.
    pub visit: VisitId,
    /// People in its team.
    pub size: usize,
    /// What the team must have, and the rule that says so.
    pub needs: Vec<(usize, Need)>,
    waived: BTreeSet<(usize, InspectorId)>,
    bars: Vec<(usize, Option<InspectorId>, NaiveDate, NaiveDate)>,
}

impl Asks {
    /// Whether a waiver lifts the rule for this person on this visit.
    pub fn waived(&self, rule: usize, who: InspectorId) -> bool {
        self.waived.contains(&(rule, who))
    }
}

impl<'c> Ways<'c> {
    /// The rules of `book` over the board on which `schedule` stands, without the visit `without`.
    pub fn new(case: &'c Case, book: &'c Book, schedule: &Schedule, without: VisitId) -> Self {
        let mut board = Board::new(case);
        for (visit, assignment) in schedule.assignments.iter().filter(|(visit, _)| **visit != without) {
            let day = board.calendar.day(assignment.date);
            if let (Some(day), true) = (day, visit.index() < case.visits.len()) {
                board.put(Place { visit: *visit, day, slot: assignment.slot }, assignment.team.clone());
            }
        }
        let asked = |(entry, rule): (&'static crate::rules::Entry, &'c dyn Rule)| Asked {
            name: entry.name,
            rule,
            bars: rule.bars(case),
            apart: rule.apart(case),
            guard: rule.guard(case),
        };
        Self { case, board, rules: book.rules().map(asked).collect(), book, checker: OnceCell::new() }
    }

    /// The rules' own checks, which have the last word; made ready when they are first asked.
    pub fn checker(&self) -> &Checker<'c> {
        self.checker.get_or_init(|| self.book.checker(self.case))
    }

    /// What `visit` asks.
    pub fn asks(&self, visit: VisitId) -> Asks {
        let place = self.case.visit(visit).establishment;
        let rules = || self.rules.iter().enumerate();
        let size = rules().filter_map(|(_, asked)| asked.rule.team_size(self.case, visit)).max().unwrap_or(2);
        let needs =
            rules().flat_map(|(at, asked)| asked.rule.needs(self.case, visit).into_iter().map(move |need| (at, need)));
        let waivers = self.case.waivers.iter().filter(|waiver| waiver.visit == visit);
        let waived = waivers.filter_map(|waiver| Some((self.position(&waiver.rule)?, waiver.inspector)));
        let bars = rules().flat_map(|(at, asked)| asked.bars.iter().map(move |bar| (at, bar)));
        let bars = bars.filter(|(_, bar)| bar.target.covers(self.case, place));
        let ends = |bar: &Bar| (bar.from.unwrap_or(NaiveDate::MIN), bar.to.unwrap_or(NaiveDate::MAX));
        Asks {
            visit,
            size,
            needs: needs.collect(),
            waived: waived.collect(),
            bars: bars.map(|(at, bar)| (at, bar.inspector, ends(bar).0, ends(bar).1)).collect(),
        }
    }

    /// Where the rule of that name stands, if it is on.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.rules.iter().position(|asked| asked.name == name)
    }

    /// Every day and slot of the period.
    pub fn all_times(&self, visit: VisitId) -> impl Iterator<Item = Place> + use<> {
        let (days, slots) = (self.board.calendar.days().len(), self.case.period.slots.len());
        (0..days).flat_map(move |day| (0..slots).map(move |slot| Place { visit, day, slot: SlotId::at(slot) }))
    }

    /// Every day and slot of the period at which no rule closes the visit.
    pub fn times(&self, visit: VisitId) -> Vec<Place> {
        self.all_times(visit).filter(|place| self.closed(*place).is_empty()).collect()
    }

    /// The rules by which the visit may not be held then, whoever goes and whatever else is planned.
    pub fn closed(&self, place: Place) -> Rules {
        let date = self.board.calendar.date(place.day);
        let closes = |asked: &Asked| asked.rule.closed(self.case, place.visit, date, place.slot);
        self.rules.iter().enumerate().filter(|(_, asked)| closes(asked)).map(|(at, _)| at).collect()
    }

    /// The limits that keep the visit from that time, whoever goes.
    pub fn blocked(&self, place: Place, planned: &mut dyn FnMut(VisitId)) -> Rules {
        self.clashes(planned, |guard, clash| guard.time(&self.board, place, clash))
    }

    /// The rules that keep `who` from the visit then, whoever the others are; and the placed visits
    /// that have a part in it.
    pub fn person(&self, asks: &Asks, place: Place, who: InspectorId, planned: &mut dyn FnMut(VisitId)) -> Rules {
        let date = self.board.calendar.date(place.day);
        let mut rules = self.clashes(planned, |guard, clash| guard.person(&self.board, place, who, clash));
        for (rule, barred, from, to) in &asks.bars {
            let barred = barred.is_none_or(|barred| barred == who) && *from <= date && date <= *to;
            if barred && !asks.waived(*rule, who) {
                note(&mut rules, *rule);
            }
        }
        rules
    }

    /// The rules that keep these two from serving together there and then.
    pub fn pair(&self, asks: &Asks, place: Place, a: InspectorId, b: InspectorId) -> Rules {
        let (a, b) = (a.min(b), a.max(b));
        let mut rules = self.clashes(&mut |_| {}, |guard, clash| guard.pair(&self.board, place, a, b, clash));
        for (at, asked) in self.rules.iter().enumerate() {
            let apart = &asked.apart;
            let apart = apart.pairs.iter().any(|pair| *pair == (a, b) || *pair == (b, a))
                || apart.groups.iter().any(|group| group.contains(&a) && group.contains(&b));
            if apart && !asks.waived(at, a) && !asks.waived(at, b) {
                note(&mut rules, at);
            }
        }
        rules
    }

    /// The limits that keep the whole team (in order of ids) from the visit there and then.
    pub fn team(&self, place: Place, team: &[InspectorId]) -> Rules {
        self.clashes(&mut |_| {}, |guard, clash| guard.team(&self.board, place, team, clash))
    }

    /// Whether `who` counts towards a need of the rule at `rule`.
    pub fn has(&self, asks: &Asks, rule: usize, quality: &str, who: InspectorId) -> bool {
        asks.waived(rule, who) || self.rules[rule].rule.has(self.case, who, quality)
    }

    /// Every rule that keeps this team (in order of ids) from the visit there and then.
    pub fn hindrances(&self, asks: &Asks, place: Place, team: &Team) -> Rules {
        let mut all = self.closed(place);
        let mut add = |rules: Rules| rules.into_iter().for_each(|rule| note(&mut all, rule));
        add(self.blocked(place, &mut |_| {}));
        team.members().iter().for_each(|who| add(self.person(asks, place, *who, &mut |_| {})));
        team.pairs().for_each(|(a, b)| add(self.pair(asks, place, a, b)));
        add(self.team(place, team.members()));
        let unmet = asks.needs.iter().filter(|(rule, need)| {
            let have = team.members().iter().filter(|who| self.has(asks, *rule, &need.quality, **who)).count();
            have < need.at_least
        });
        add(unmet.map(|(rule, _)| *rule).collect());
        all
    }

    /// The names of rules.
    pub fn names(&self, rules: &Rules) -> Vec<&'static str> {
        rules.iter().map(|rule| self.rules[*rule].name).collect()
    }

    /// The assignment that this place and team are.
    pub fn assignment(&self, place: Place, team: Team) -> Assignment {
        Assignment { date: self.board.calendar.date(place.day), slot: place.slot, team }
    }

    fn clashes(&self, planned: &mut dyn FnMut(VisitId), ask: impl Fn(&dyn Guard, &mut dyn FnMut(Clash))) -> Rules {
        let mut rules = Rules::new();
        for (at, asked) in self.rules.iter().enumerate() {
            let Some(guard) = asked.guard.as_deref() else { continue };
            ask(guard, &mut |clash| {
                note(&mut rules, at);
                if let Clash::Planned { visits, .. } = clash {
                    visits.iter().for_each(|visit| planned(*visit));
                }
            });
        }
        rules
    }
}
