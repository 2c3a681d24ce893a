//! Nobody serves one district longer than so many months without time away from it.
//!
//! # Says
//! An inspector's term in a district begins with the first service there, and with every service after
//! so many months away. No visit lies so many months or more after the first day of its term.
//! Services are what history records and what is planned. Places without a district belong to none.
//! Without any history the rule asks nothing: nobody's term is known.
//!
//! # Why
//! Familiarity grows with the months. Who must leave for a time cannot make a district their own.
//!
//! # Passes
//! Ana has served Harbour since 4 May 2026; on 4 January 2027 she goes there again.
//!
//! # Breaks
//! Ana has served Harbour since 4 January 2026; on 4 January 2027 she goes there again.
//!
//! # Source
//! Brazil, Decreto 4.552/2002 art. 5: at most twelve months in an area, and no reappointment for the next.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};
use smallvec::SmallVec;

use super::seats::Waived;
use super::shared::{Moment, within};
use super::{Bar, Board, Chosen, Clash, Entry, Guard, Parameter, Place, Rule, Shape, Target, Value, Violation};
use crate::model::{Case, InspectorId, Schedule, VisitId};

const NAME: &str = "district-tenure";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    shape: Shape::Limit,
    enabled: true,
    parameters: &[
        Parameter {
            name: "months",
            value: Value::Number(12, 1, 1_200),
            says: "months that a term in a district lasts, at most",
        },
        Parameter {
            name: "away",
            value: Value::Number(12, 1, 1_200),
            says: "months without a service there after which a new term begins",
        },
    ],
    text: include_str!("district_tenure.rs"),
    make: |chosen: &Chosen| {
        let months = |name| Months::new(u32::try_from(chosen.number(name)).expect("declared as 1 to 1,200"));
        Box::new(Tenure { months: months("months"), away: months("away") })
    },
};

#[derive(Clone, Copy)]
struct Tenure {
    months: Months,
    away: Months,
}

impl Tenure {
    /// The first day that a term which began on `start` has no more.
    fn end(self, start: NaiveDate) -> NaiveDate {
        start.checked_add_months(self.months).unwrap_or(NaiveDate::MAX)
    }

    /// The oldest service that can matter in the period. A term that holds a service of so many months
    /// before the period has ended already; what lies a time away before that service changes nothing.
    fn oldest(self, case: &Case) -> NaiveDate {
        let back = case.period.from.checked_sub_months(self.months).and_then(|day| day.checked_sub_months(self.away));
        // A few days more: months differ in length.
        back.and_then(|day| day.checked_sub_days(Days::new(7))).unwrap_or(NaiveDate::MIN)
    }

    /// The first day on which somebody who last served on `last` is back from having been away.
    fn back(self, last: NaiveDate) -> NaiveDate {
        last.checked_add_months(self.away).unwrap_or(NaiveDate::MAX)
    }
}

impl Rule for Tenure {
    fn bars<'c>(&self, case: &'c Case) -> Vec<Bar<'c>> {
        let numbers = Districts::of(case);
        let mut bars = Vec::new();
        for ((who, district), dates) in numbers.services(case, self.oldest(case)) {
            let target = Target::District(numbers.names[district]);
            let bar = |(from, to)| Bar { inspector: Some(who), target, from: Some(from), to };
            bars.extend(self.barred(&dates, case.period.from, case.period.to).into_iter().map(bar));
        }
        bars
    }

    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        let numbers = Districts::of(case);
        let long = !case.history.is_empty() && self.end(case.period.from) <= case.period.to;
        let mut past: Vec<Vec<(usize, Vec<NaiveDate>)>> = vec![Vec::new(); case.inspectors.len()];
        for ((who, district), dates) in numbers.services(case, self.oldest(case)) {
            if long || self.open(&dates, case.period.from, case.period.to) {
                past[who.index()].push((district, dates));
            }
        }
        if !long && past.iter().all(Vec::is_empty) {
            return None;
        }
        let of_place = |visit: &crate::model::Visit| numbers.of_place[visit.establishment.index()];
        let district_of = case.visits.iter().map(of_place).collect();
        Some(Box::new(Terms { rule: *self, waived: Waived::of(case, NAME), district_of, past, long }))
    }

    fn check(&self, case: &Case, schedule: &Schedule) -> Vec<Violation> {
        if case.history.is_empty() {
            return Vec::new();
        }
        let numbers = Districts::of(case);
        let mut services: BTreeMap<(InspectorId, usize), Vec<Moment>> = BTreeMap::new();
        for (visit, assignment) in &schedule.assignments {
            if let Some(district) = numbers.of_place[case.visit(*visit).establishment.index()] {
                for who in assignment.team.members() {
                    let times = services.entry((*who, district)).or_default();
                    times.push((assignment.date, Some((assignment.slot, *visit))));
                }
            }
        }
        for past in &case.history {
            if let Some(district) = numbers.of_place[past.establishment.index()] {
                for who in &past.team {
                    if let Some(times) = services.get_mut(&(*who, district)) {
                        times.push((past.date, None));
                    }
                }
            }
        }
        let walk = |((who, district), times)| self.walk(case, who, numbers.names[district], times);
        services.into_iter().flat_map(walk).collect()
    }
}

impl Tenure {
    /// The definition: one service after the other.
    fn walk(self, case: &Case, who: InspectorId, district: &str, mut times: Vec<Moment>) -> Vec<Violation> {
        times.sort_unstable();
        let mut found = Vec::new();
        let mut term: Option<(NaiveDate, NaiveDate)> = None;
        for (date, planned) in times {
            let start = term.filter(|(_, last)| date < self.back(*last)).map_or(date, |(start, _)| start);
            let late = planned.filter(|_| self.end(start) <= date);
            if let Some((_, visit)) = late.filter(|(_, visit)| !case.waived(NAME, *visit, who)) {
                let last = term.map_or(date, |(_, last)| last);
                let says = format!(
                    "{} has served {district} since {start}, last on {last}, and goes there with visit {} on {date}; \
                     at most {} months are allowed, then {} months away",
                    case.inspector(who).id,
                    case.visit(visit).id,
                    self.months.as_u32(),
                    self.away.as_u32(),
                );
                found.push(Violation { rule: NAME, visits: vec![visit], inspectors: vec![who], says });
            }
            term = Some((start, date));
        }
        found
    }

    /// The days from `from` to `to` that services in the past bar, whatever is planned: planned
    /// services can only make a term begin earlier.
    fn barred(self, dates: &[NaiveDate], from: NaiveDate, to: NaiveDate) -> Vec<(NaiveDate, Option<NaiveDate>)> {
        let mut barred = Vec::new();
        let mut start = None;
        for (at, date) in dates.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| dates.get(before));
            let same = before.is_some_and(|before| *date < self.back(*before));
            let begun = start.filter(|_| same).unwrap_or(*date);
            start = Some(begun);
            let first = self.end(begun).max(*date);
            let free = dates.get(at + 1).map_or(self.back(*date), |next| self.back(*date).min(*next));
            if first < free && first <= to && from < free {
                barred.push((first, free.pred_opt()));
            }
        }
        barred
    }

    /// Whether what is planned can bar a day of the period that the past alone does not.
    fn open(self, dates: &[NaiveDate], from: NaiveDate, to: NaiveDate) -> bool {
        let Some(last) = dates.last() else { return false };
        let start = self.start(dates.iter().copied(), *last);
        let links = from < self.back(*last) && self.back(*last) <= to;
        *last >= from || (links && self.end(start) <= to)
    }

    /// The first day of the term that `date` lies in, given services in order.
    fn start(self, dates: impl DoubleEndedIterator<Item = NaiveDate>, date: NaiveDate) -> NaiveDate {
        let mut start = date;
        for earlier in dates.rev().filter(|earlier| *earlier <= date) {
            if self.back(earlier) <= start {
                break;
            }
            start = earlier;
        }
        start
    }
}

/// Districts as numbers: of those in which a visit is to be made.
struct Districts<'c> {
    names: Vec<&'c str>,
    of_place: Vec<Option<usize>>,
}

impl<'c> Districts<'c> {
    fn of(case: &'c Case) -> Self {
        let visited =
            case.visits.iter().filter_map(|visit| case.establishment(visit.establishment).district.as_deref());
        let mut names: Vec<_> = visited.collect();
        names.sort_unstable();
        names.dedup();
        let number = |district: &str| names.binary_search(&district).ok();
        let of_place = case.establishments.iter().map(|at| at.district.as_deref().and_then(number)).collect();
        Self { names, of_place }
    }

    /// The days of each person's past services in each district, in order: those from `first` to the end of
    /// the period.
    fn services(&self, case: &Case, first: NaiveDate) -> Vec<((InspectorId, usize), Vec<NaiveDate>)> {
        let mut services = Vec::new();
        for past in within(&case.history, first, case.period.to) {
            if let Some(district) = self.of_place[past.establishment.index()] {
                services.extend(past.team.iter().map(|who| (*who, district, past.date)));
            }
        }
        services.sort_unstable();
        services.dedup();
        let of_one = services.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
        of_one.map(|of_one| ((of_one[0].0, of_one[0].1), of_one.iter().map(|(.., date)| *date).collect())).collect()
    }
}

/// The terms that planned visits can prolong or begin, for the builder; bars have the others.
struct Terms {
    rule: Tenure,
    waived: Waived,
    district_of: Vec<Option<usize>>,
    past: Vec<Vec<(usize, Vec<NaiveDate>)>>,
    /// Whether a term can both begin and end within the period.
    long: bool,
}

type Planned = SmallVec<[(NaiveDate, VisitId); 16]>;

impl Guard for Terms {
    fn person(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let Some(district) = self.district_of[place.visit.index()] else { return };
        let past = self.past[who.index()].iter().find(|(of, _)| *of == district);
        if past.is_none() && !self.long {
            return;
        }
        let past = past.map_or(&[][..], |(_, dates)| dates);
        let planned = self.planned(board, district, who);
        let date = board.calendar.date(place.day);
        if !self.waived.lifts(place.visit, who) {
            self.look_back(past, &planned, date, clash);
        }
        for (later, visit) in planned.iter().filter(|(later, _)| date < *later) {
            let with_both = planned.iter().map(|(day, _)| *day).chain([date]);
            if self.late(past, with_both, *later) && !self.waived.lifts(*visit, who) {
                clash(Clash::Planned { visits: &[*visit], go: 1 });
            }
        }
    }
}

impl Terms {
    fn planned(&self, board: &Board, district: usize, who: InspectorId) -> Planned {
        let mut planned = Planned::new();
        for day in 0..board.calendar.days().len() {
            let here =
                board.duties(who, day).iter().filter(|duty| self.district_of[duty.visit.index()] == Some(district));
            planned.extend(here.map(|duty| (board.calendar.date(day), duty.visit)));
        }
        planned
    }

    /// Whether a service on `date` comes after the end of its term.
    fn late(&self, past: &[NaiveDate], planned: impl Iterator<Item = NaiveDate>, date: NaiveDate) -> bool {
        let mut dates: SmallVec<[NaiveDate; 32]> = past.iter().copied().chain(planned).collect();
        dates.sort_unstable();
        self.rule.end(self.rule.start(dates.into_iter(), date)) <= date
    }

    /// Tells of the planned visits without which the term would not have ended by `date`: those before
    /// its last months if that is enough, all before `date` if not.
    fn look_back(&self, past: &[NaiveDate], planned: &Planned, date: NaiveDate, clash: &mut dyn FnMut(Clash)) {
        let without = |gone: &dyn Fn(NaiveDate) -> bool| {
            let kept = planned.iter().map(|(day, _)| *day).filter(|day| !gone(*day));
            !self.late(past, kept, date)
        };
        if without(&|_| false) {
            return;
        }
        if !without(&|day| day < date) {
            return clash(Clash::Fixed);
        }
        let first = |day: NaiveDate| self.rule.end(day) <= date;
        let enough = without(&first);
        let gone = planned.iter().filter(|(day, _)| if enough { first(*day) } else { *day < date });
        let visits: SmallVec<[VisitId; 16]> = gone.map(|(_, visit)| *visit).collect();
        clash(Clash::Planned { visits: &visits, go: visits.len() });
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        period 2027-01-04..2027-03-31
        inspectors ana ben cem
        place h1 district=Harbour
        place h2 district=Harbour
        place t1 district=Town
        place n1
        visit vh1 h1
        visit vh2 h2
        visit vh3 h2
        visit vt t1
        visit vn n1
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("district-tenure", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn the_last_day_of_a_term_passes_and_the_next_breaks() {
        let past = "history 2026-01-05 h1 ana\nhistory 2026-09-01 h2 ana";
        assert!(says(&format!("{past}\nplan vh1 2027-01-04 am ana ben")).is_empty());
        let found = says(&format!("{past}\nplan vh1 2027-01-05 am ana ben"));
        let expected = "ana has served Harbour since 2026-01-05, last on 2026-09-01, and goes there with visit vh1 on \
                        2027-01-05; at most 12 months are allowed, then 12 months away";
        assert_eq!(found, [expected]);
        assert!(says(&format!("{past}\nplan vt 2027-01-05 am ana ben")).is_empty(), "another district");
    }

    #[test]
    fn who_was_away_long_enough_begins_anew() {
        let away = "set district-tenure.away 3\nhistory 2026-01-05 h1 ana";
        let back = format!("{away}\nhistory 2026-10-05 h2 ana");
        assert!(says(&format!("{back}\nplan vh1 2027-01-05 am ana ben")).is_empty());
        let not_quite = "set district-tenure.away 3\nhistory 2025-11-05 h1 ana\nhistory 2026-02-04 h2 ana
            history 2026-05-03 h1 ana\nhistory 2026-08-02 h1 ana\nhistory 2026-11-01 h2 ana";
        assert_eq!(says(&format!("{not_quite}\nplan vh1 2027-01-05 am ana ben")).len(), 1);
    }

    #[test]
    fn what_is_planned_keeps_a_term_alive() {
        let past = "set district-tenure.months 14\nset district-tenure.away 2
            history 2026-01-05 h1 ana\nhistory 2026-02-27 h1 ana\nhistory 2026-04-20 h1 ana
            history 2026-06-10 h1 ana\nhistory 2026-08-01 h1 ana\nhistory 2026-09-20 h1 ana\nhistory 2026-11-10 h1 ana";
        assert!(says(&format!("{past}\nplan vh2 2027-03-05 am ana ben")).is_empty(), "away since November");
        let found = says(&format!("{past}\nplan vh1 2027-01-08 am ana ben\nplan vh2 2027-03-05 am ana ben"));
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("since 2026-01-05, last on 2027-01-08"), "{}", found[0]);
    }

    #[test]
    fn a_term_may_begin_and_end_within_the_period() {
        let plan = "set district-tenure.months 1\nplan vh1 2027-01-29 am ana ben\nplan vh2 2027-03-01 am ana cem";
        assert!(says(plan).is_empty(), "without history it asks nothing");
        let found = says(&format!("history 2026-12-01 t1 ben\n{plan}"));
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("since 2027-01-29"), "{}", found[0]);
    }

    #[test]
    fn a_place_without_a_district_belongs_to_none() {
        assert!(says("history 2026-01-04 n1 ana\nplan vn 2027-01-11 am ana ben").is_empty());
    }

    #[test]
    fn a_waiver_excuses_that_person_on_that_visit() {
        let lines = "set district-tenure.away 13
            history 2026-01-04 h1 ana ben
            waiver district-tenure vh1 ana";
        assert!(says(&format!("{lines}\nplan vh1 2027-01-04 am ana cem")).is_empty());
        let found = says(&format!("{lines}\nplan vh1 2027-01-04 am ana ben\nplan vh2 2027-01-05 am ana cem"));
        assert_eq!(found.len(), 2, "ben on vh1 and ana on vh2: {found:?}");
    }
}
