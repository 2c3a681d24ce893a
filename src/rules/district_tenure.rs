//! Nobody serves one district longer than so many months without time away from it.
//!
//! # Says
//! An inspector's term in a district begins with the first service there, and with every service after
//! so many months away. No visit lies so many months or more after the first day of its term.
//! Services are what history records and what is planned. Places without a district belong to none.
//! Without any history the rule asks nothing: nobody's term is known. A waiver for the visit lifts the
//! rule for that person; the service counts all the same.
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

use chrono::{Days, Months, NaiveDate};
use smallvec::SmallVec;

use super::held::day_number;
use super::seats::Waived;
use super::shared::{Districts, within};
use super::{
    Bar, Board, Check, Chosen, Clash, Duty, Entry, Found, Guard, Held, Parameter, Place, Question, Reach, Rule, Shape,
    Start, Target, Value, Violation,
};
use crate::model::{Case, InspectorId, PastVisit, VisitId};

const NAME: &str = "district-tenure";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Limit,
    enabled: true,
    waivable: true,
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
    later: &[],
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

    /// History from the oldest service that can matter in the period to its end. A term that holds a service of so many months
    /// before the period has ended already; what lies a time away before that service changes nothing.
    fn recent(self, case: &Case) -> &[PastVisit] {
        let back = case.period.from.checked_sub_months(self.months).and_then(|day| day.checked_sub_months(self.away));
        // A few days more: months differ in length.
        let oldest = back.and_then(|day| day.checked_sub_days(Days::new(7))).unwrap_or(NaiveDate::MIN);
        within(&case.history, oldest, case.period.to)
    }

    /// The first day on which somebody who last served on `last` is back from having been away.
    fn back(self, last: NaiveDate) -> NaiveDate {
        last.checked_add_months(self.away).unwrap_or(NaiveDate::MAX)
    }
}

impl Rule for Tenure {
    fn bars<'c>(&self, case: &'c Case) -> Vec<Bar<'c>> {
        let districts = Districts::of(case);
        let mut bars = Vec::new();
        for ((who, district), dates) in services(&districts, self.recent(case)) {
            let target = Target::District(districts.name(district));
            let bar = |(from, to)| Bar { inspector: Some(who), target, from: Some(from), to };
            bars.extend(self.barred(&dates, case.period.from, case.period.to).into_iter().map(bar));
        }
        bars
    }

    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        let districts = Districts::of(case);
        let long = !case.history.is_empty() && self.end(case.period.from) <= case.period.to;
        let mut past: Vec<Vec<(usize, Vec<NaiveDate>)>> = vec![Vec::new(); case.inspectors.len()];
        for ((who, district), dates) in services(&districts, self.recent(case)) {
            if long || self.open(&dates, case.period.from, case.period.to) {
                past[who.index()].push((district, dates));
            }
        }
        if !long && past.iter().all(Vec::is_empty) {
            return None;
        }
        Some(Box::new(Terms { rule: *self, waived: Waived::of(case, NAME), districts, past, long }))
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        if case.history.is_empty() {
            return None;
        }
        let districts = Districts::of(case);
        let mut past: Vec<Vec<Known>> = case.inspectors.iter().map(|_| Vec::new()).collect();
        for ((who, district), dates) in services(&districts, &case.history) {
            past[who.index()].push(Known { district, terms: self.terms(&dates), dates });
        }
        let days = case.period.from.iter_days().take_while(|day| *day <= case.period.to);
        let fresh = days.map(|day| self.begin(day)).collect();
        let first = day_number(case.period.from);
        let is_open = |known: &&Known| known.is_open(case.period.from, case.period.to);
        let open = |of_one: &Vec<Known>| of_one.iter().filter(is_open).map(|known| known.district).collect();
        let (open, waived) = (past.iter().map(open).collect(), Waived::of(case, NAME));
        Some(Box::new(Services { rule: *self, case, waived, districts, past, open, first, fresh }))
    }
}

/// A term, as it is after some service.
#[derive(Clone, Copy)]
struct Term {
    start: NaiveDate,
    /// The first day that it has no more.
    end: NaiveDate,
    last: NaiveDate,
    /// The first day on which its person is back from having been away.
    back: NaiveDate,
}

impl Term {
    /// The term of a service that comes after `before`; `fresh` is the one that it would begin. The definition.
    fn after(before: Option<Self>, fresh: Self) -> Self {
        match before.filter(|before| fresh.start < before.back) {
            Some(Self { start, end, .. }) => Self { start, end, ..fresh },
            None => fresh,
        }
    }
}

/// What history has of everybody.
struct Services<'c> {
    rule: Tenure,
    case: &'c Case,
    waived: Waived,
    districts: Districts<'c>,
    /// By person, then by district.
    past: Vec<Vec<Known>>,
    /// By person: the districts in which what history has can make a visit of the period one too many.
    open: Vec<SmallVec<[usize; 4]>>,
    /// The number of the first day of the period.
    first: i32,
    /// For each day of the period the term that begins on it, so that months are not added for every visit.
    fresh: Vec<Term>,
}

/// Somebody's past services in one district, in order, and the term after each.
struct Known {
    district: usize,
    dates: Vec<NaiveDate>,
    terms: Vec<Term>,
}

impl Known {
    /// Whether a term that is counted on in the period, given as its first and last day, is over by its last day; or history has services in
    /// the period itself.
    fn is_open(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.dates.last().is_some_and(|date| from < *date)
            || self.terms.last().is_some_and(|term| from < term.back && term.end <= to)
    }
}

impl Check for Services<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for (who, starts) in held.people() {
            if self.is_far_from_any_end(who, starts) {
                continue;
            }
            let district = |start: &Start| Some((self.districts.of_visit(start.visit)?, *start));
            let mut services: SmallVec<[(usize, Start); 16]> = starts.iter().filter_map(district).collect();
            services.sort_unstable();
            for planned in services.chunk_by(|a, b| a.0 == b.0) {
                self.walk(who, planned, found);
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::People
    }
}

impl Services<'_> {
    /// Whether no term of `who` could end by their last visit of all: neither one that begins with their first visit, nor one that history
    /// began, in any district where they go. Most people are, and need no closer look.
    fn is_far_from_any_end(&self, who: InspectorId, starts: &[Start]) -> bool {
        let (Some(first), Some(last)) = (starts.first(), starts.last()) else { return true };
        let open = &self.open[who.index()];
        let is_open = |start: &Start| self.districts.of_visit(start.visit).is_some_and(|there| open.contains(&there));
        let within = self.case.period.from <= first.date && last.date <= self.case.period.to;
        within && last.date < self.fresh(*first).end && (open.is_empty() || !starts.iter().any(is_open))
    }

    /// One service in a district after the other, those of the past among them.
    fn walk(&self, who: InspectorId, planned: &[(usize, Start)], found: &mut Found) {
        let past = &self.past[who.index()];
        let known = past.binary_search_by_key(&planned[0].0, |known| known.district).ok().map(|at| &past[at]);
        let (dates, terms) = known.map_or((&[][..], &[][..]), |known| (&known.dates, &known.terms));
        let before = dates.partition_point(|date| *date <= planned[0].1.date);
        let mut term = before.checked_sub(1).map(|last| terms[last]);
        let mut between = dates[before..].iter().peekable();
        for (district, start) in planned {
            while let Some(date) = between.next_if(|date| **date <= start.date) {
                term = Some(Term::after(term, self.rule.begin(*date)));
            }
            let now = Term::after(term, self.fresh(*start));
            if now.end <= start.date && !self.waived.lifts(start.visit, who) {
                found.tell(|| self.violation(who, *district, *start, now, term));
            }
            term = Some(now);
        }
    }

    fn fresh(&self, start: Start) -> Term {
        let at = start.day.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.fresh.get(at)).copied().unwrap_or_else(|| self.rule.begin(start.date))
    }

    fn violation(&self, who: InspectorId, district: usize, at: Start, now: Term, before: Option<Term>) -> Violation {
        let says = format!(
            "{} has served {} since {}, last on {}, and goes there with visit {} on {}; \
             at most {} months are allowed, then {} months away",
            self.case.inspector(who).id,
            self.districts.name(district),
            now.start,
            before.map_or(at.date, |before| before.last),
            self.case.visit(at.visit).id,
            at.date,
            self.rule.months.as_u32(),
            self.rule.away.as_u32(),
        );
        Violation { rule: NAME, visits: vec![at.visit], inspectors: vec![who], says }
    }
}

impl Tenure {
    /// The term of somebody whose only service is on `date`.
    fn begin(self, date: NaiveDate) -> Term {
        Term { start: date, end: self.end(date), last: date, back: self.back(date) }
    }

    /// The term after each of these services.
    fn terms(self, dates: &[NaiveDate]) -> Vec<Term> {
        let next = |term: &mut Option<Term>, date: &NaiveDate| {
            *term = Some(Term::after(*term, self.begin(*date)));
            *term
        };
        dates.iter().scan(None, next).collect()
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

/// The days of each person's past services in each district that has a visit, in order.
fn services(districts: &Districts, history: &[PastVisit]) -> Vec<((InspectorId, usize), Vec<NaiveDate>)> {
    let mut services = Vec::new();
    for past in history {
        if let Some(district) = districts.of_place(past.establishment) {
            services.extend(past.team.iter().map(|who| (*who, district, past.date)));
        }
    }
    services.sort_unstable();
    services.dedup();
    let of_one = services.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    of_one.map(|of_one| ((of_one[0].0, of_one[0].1), of_one.iter().map(|(.., date)| *date).collect())).collect()
}

/// The terms that planned visits can prolong or begin, for the builder; bars have the others.
struct Terms<'c> {
    rule: Tenure,
    waived: Waived,
    districts: Districts<'c>,
    past: Vec<Vec<(usize, Vec<NaiveDate>)>>,
    /// Whether a term can both begin and end within the period.
    long: bool,
}

type Planned = SmallVec<[(NaiveDate, VisitId); 16]>;

impl Guard for Terms<'_> {
    fn answers(&self, question: Question) -> bool {
        question == Question::Person
    }

    fn person(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let Some(district) = self.districts.of_visit(place.visit) else { return };
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

impl Terms<'_> {
    fn planned(&self, board: &Board, district: usize, who: InspectorId) -> Planned {
        let mut planned = Planned::new();
        for day in 0..board.calendar.days().len() {
            let there = |duty: &&Duty| self.districts.of_visit(duty.visit) == Some(district);
            let here = board.duties(who, day).iter().filter(there);
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
