//! Why one inspector does not go on one visit: every day and slot of the window, and what stands in the way.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::NaiveDate;

use super::evidence::{Hindrance, evidence};
use super::hunt::{Hunt, everybody};
use super::ways::{Asks, Ways};
use crate::model::{Assignment, Case, InspectorId, Schedule, SlotId, Team, VisitId};
use crate::rules::{Book, Place};

/// Steps of the search for company at one time.
const STEPS: u64 = 50_000;

/// The answer for one visit and one inspector, given the rest of the schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyNot {
    /// The visit.
    pub visit: VisitId,
    /// The inspector.
    pub inspector: InspectorId,
    /// What the schedule has for the visit, if anything.
    pub planned: Option<Assignment>,
    /// The window in spells of days that have the same answer, in order of time.
    pub spells: Vec<Spell>,
    /// Rules that close days or slots of the period to the visit, whoever goes, and how many of them.
    pub closed: Vec<(&'static str, usize)>,
}

/// Days on end with one answer, in the same slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive; days that are not worked or closed may lie between.
    pub to: NaiveDate,
    /// The slots of each day.
    pub slots: Vec<SlotId>,
    /// A team with the inspector in it that could have gone on the first day; then nothing stands in the way.
    pub team: Option<Team>,
    /// Whether the rules hold back every company that the inspector could go with, and not the inspector.
    pub company: bool,
    /// The rules in the way, and the facts as they are on the first day.
    pub hindrances: Vec<Hindrance>,
}

/// What the days of a spell have in common: the slots' answer, and the rules in the way.
type Answer = (bool, Vec<&'static str>);

/// Why `inspector` does not go on `visit`.
pub fn why_not(case: &Case, book: &Book, schedule: &Schedule, visit: VisitId, inspector: InspectorId) -> WhyNot {
    let ways = Ways::new(case, book, schedule, visit);
    let asks = ways.asks(visit);
    let question = Question { schedule, ways: &ways, asks: &asks, who: inspector };
    let mut spells: Vec<(usize, Answer, Spell)> = Vec::new();
    let times = ways.times(visit);
    let mut open_days: Vec<usize> = times.iter().map(|time| time.day).collect();
    open_days.dedup();
    for (nth, day) in open_days.iter().enumerate() {
        let mut answers: BTreeMap<Answer, Vec<SlotId>> = BTreeMap::new();
        for time in times.iter().filter(|time| time.day == *day) {
            answers.entry(question.answer(*time)).or_default().push(time.slot);
        }
        let date = ways.board.calendar.date(*day);
        for (answer, slots) in answers {
            let same = |(last, was, spell): &&mut (usize, Answer, Spell)| {
                *last + 1 == nth && *was == answer && spell.slots == slots
            };
            match spells.iter_mut().find(same) {
                Some((last, _, spell)) => (*last, spell.to) = (nth, date),
                None => spells.push((nth, answer.clone(), question.spell(*day, slots, answer))),
            }
        }
    }
    let mut spells: Vec<Spell> = spells.into_iter().map(|(_, _, spell)| spell).collect();
    spells.sort_by_key(|spell| (spell.from, spell.slots.first().copied()));
    let planned = schedule.assignments.get(&visit).cloned();
    WhyNot { visit, inspector, planned, spells, closed: closed(&ways, visit) }
}

/// The rules that close days or slots of the period to the visit, and how many each.
pub(super) fn closed(ways: &Ways, visit: VisitId) -> Vec<(&'static str, usize)> {
    let mut closed: BTreeMap<usize, usize> = BTreeMap::new();
    for place in ways.all_times(visit) {
        for rule in ways.closed(place) {
            *closed.entry(rule).or_default() += 1;
        }
    }
    closed.into_iter().map(|(rule, times)| (ways.rules[rule].name, times)).collect()
}

struct Question<'a, 'c> {
    schedule: &'a Schedule,
    ways: &'a Ways<'c>,
    asks: &'a Asks,
    who: InspectorId,
}

impl Question<'_, '_> {
    fn answer(&self, time: Place) -> Answer {
        let alone = self.alone(time);
        if !alone.is_empty() {
            return (false, alone);
        }
        match self.company(time) {
            (Some(_), _) => (false, Vec::new()),
            (None, nearest) => (true, self.ways.names(&self.ways.hindrances(self.asks, time, &nearest))),
        }
    }

    /// The rules that hold the inspector back, whoever the others are.
    fn alone(&self, time: Place) -> Vec<&'static str> {
        let mut rules = self.ways.person(self.asks, time, self.who, &mut |_| {});
        rules.extend(self.ways.blocked(time, &mut |_| {}));
        rules.sort_unstable();
        rules.dedup();
        self.ways.names(&rules)
    }

    /// A team that the inspector could go with, and the one that comes nearest.
    fn company(&self, time: Place) -> (Option<Team>, Team) {
        let mut others = everybody(self.ways, self.asks, time);
        others.retain(|candidate| candidate.who != self.who);
        let free: Vec<_> = others.iter().filter(|candidate| candidate.barred.is_empty()).cloned().collect();
        let mut found = None;
        Hunt::new(self.ways, self.asks, time, &free, STEPS).every_with(self.who, &mut |team, _| {
            found = Some(team);
            ControlFlow::Break(())
        });
        let asks = self.asks;
        let apart = |who| self.ways.pair(asks, time, self.who, who).len();
        let has = |who| asks.needs.iter().filter(|(rule, need)| self.ways.has(asks, *rule, &need.quality, who)).count();
        others.sort_by_cached_key(|one| (one.barred.len() + apart(one.who), Reverse(has(one.who)), one.who));
        let nearest = others.iter().map(|one| one.who).take(self.asks.size.saturating_sub(1)).chain([self.who]);
        let nearest = Team::new(nearest).expect("the inspector and others are somebody, each once");
        (found, nearest)
    }

    fn spell(&self, day: usize, slots: Vec<SlotId>, (company, rules): Answer) -> Spell {
        let date = self.ways.board.calendar.date(day);
        let slot = slots.first().copied().unwrap_or(SlotId(0));
        let time = Place { visit: self.asks.visit, day, slot };
        let (found, nearest) = self.company(time);
        let team = found.filter(|_| rules.is_empty());
        let shown = if company { Some(nearest) } else { Team::new([self.who]) };
        let shown = shown.map(|team| self.ways.assignment(time, team)).filter(|_| !rules.is_empty());
        let facts = |shown| evidence(self.ways, self.schedule, self.asks.visit, &shown, &rules);
        Spell { from: date, to: date, slots, team, company, hindrances: shown.map(facts).unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    const CASE: &str = "
        period 2027-01-04..2027-01-08
        slots am
        inspector ana lead
        inspector ben lead
        inspectors cem
        place p1
        place p2
        visit v1 p1
        visit v2 p2
        absence ben 2027-01-04..2027-01-06 leave
        plan v1 2027-01-04 am ana cem
        plan v2 2027-01-07 am ana cem
    ";

    fn ask(text: &str, id: &str) -> WhyNot {
        let (case, schedule) = fixture(text);
        let who = case.inspector_ids().find(|who| case.inspector(*who).id == id).unwrap();
        why_not(&case, &Book::new(&case.settings).unwrap(), &schedule, VisitId(0), who)
    }

    #[test]
    fn days_with_one_answer_are_one_spell() {
        let answer = ask(CASE, "ben");
        let days: Vec<_> = answer.spells.iter().map(|spell| (spell.from.to_string(), spell.to.to_string())).collect();
        assert_eq!(days[0], ("2027-01-04".into(), "2027-01-06".into()));
        assert_eq!(answer.spells[0].hindrances[0].rule, "availability");
        assert!(answer.spells[0].hindrances[0].says.contains("absent from 2027-01-04 to 2027-01-06 (leave)"));
        let last = answer.spells.last().unwrap();
        assert_eq!(last.to.to_string(), "2027-01-08");
        assert!(last.team.is_some() && last.hindrances.is_empty(), "on the 8th Ben could go with Ana or Cem");
    }

    #[test]
    fn a_day_without_company_names_the_rule_that_holds_the_others() {
        let answer = ask(CASE, "ben");
        let seventh = answer.spells.iter().find(|spell| spell.from.to_string() == "2027-01-07").unwrap();
        assert!(seventh.company && seventh.team.is_none());
        assert!(seventh.hindrances.iter().any(|one| one.rule == "workload"), "{:?}", seventh.hindrances);
    }

    #[test]
    fn the_morning_is_told_before_the_afternoon() {
        const HALF_DAYS: &str = "
            period 2027-01-04..2027-01-05
            slots am pm
            inspector ana lead
            inspector ben lead
            place p1
            place p2
            visit v1 p1
            visit v2 p2
            plan v2 2027-01-04 am ana ben
        ";
        let answer = ask(HALF_DAYS, "ben");
        let told: Vec<_> = answer.spells.iter().map(|spell| (spell.from, spell.slots[0])).collect();
        assert!(told.windows(2).any(|two| two[0].0 == two[1].0), "a day has two answers: {told:?}");
        assert!(told.is_sorted(), "{told:?}");
    }

    #[test]
    fn a_closed_window_has_no_spell_and_names_the_rule() {
        let answer = ask(&CASE.replace("visit v1 p1", "visit v1 p1 earliest=2027-02-01"), "ben");
        assert!(answer.spells.is_empty());
        assert_eq!(answer.closed, [("window", 5)]);
    }
}
