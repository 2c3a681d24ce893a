//! Two people who served together are not paired again too soon, nor too often.
//!
//! # Says
//! Between two services of one pair lie at least so many days, services that history records before
//! among them; and in the whole period a pair serves together at most so many times, where the
//! policy gives a number. What two people do together in one duty period of the rule one-partner (a
//! day, unless the policy says otherwise) is one service; where that rule is off, each visit is. In a
//! larger team every two members are a pair. The later service breaks the rule: a waiver of either of
//! the two for it lifts the rule, and a visit with a waiver does not count against the number.
//!
//! # Why
//! It takes two to keep a bribe secret, and time to learn whom to trust.
//!
//! # Passes
//! Ana and Ben serve together on Monday morning and afternoon, and again two weeks later.
//!
//! # Breaks
//! Ana and Ben serve together on Monday, and again on Tuesday.
//!
//! # Source
//! UN paper of July 2023, para. 47 (compulsory rotation). In the records of Wake County 14 days could always be
//! kept, 28 days not always. The traveling umpire problem has the same rule for teams.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Days, NaiveDate};
use smallvec::SmallVec;

use super::shared::{DutyPeriod, Moment, Waived, past_teams, within};
use super::{Board, Chosen, Clash, Entry, Guard, Parameter, Place, Rule, Shape, Value, Violation};
use crate::model::{Case, InspectorId, Schedule, VisitId};

const NAME: &str = "pair-rotation";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    shape: Shape::Limit,
    enabled: true,
    parameters: &[
        Parameter {
            name: "days",
            value: Value::Number(14, 0, 36_500),
            says: "days between two services of a pair, at least; 0 asks nothing",
        },
        Parameter {
            name: "max_together",
            value: Value::Number(0, 0, 1_000),
            says: "services of a pair in the period, at most; 0 is no limit",
        },
    ],
    text: include_str!("pair_rotation.rs"),
    make: |chosen: &Chosen| {
        Box::new(PairRotation {
            days: chosen.number("days"),
            max_together: chosen.count("max_together"),
            duty: DutyPeriod::in_force(chosen),
        })
    },
};

#[derive(Clone, Copy)]
struct PairRotation {
    days: i64,
    max_together: usize,
    duty: DutyPeriod,
}

type Pair = (InspectorId, InspectorId);

impl PairRotation {
    fn no_limit(self) -> bool {
        self.days == 0 && self.max_together == 0
    }

    fn too_soon(self, earlier: NaiveDate, later: NaiveDate) -> bool {
        (later - earlier).num_days().abs() < self.days && !self.duty.one(earlier, later)
    }
}

impl Rule for PairRotation {
    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        if self.no_limit() {
            return None;
        }
        let back = Days::new(self.days.unsigned_abs());
        let from = case.period.from.checked_sub_days(back).unwrap_or(NaiveDate::MIN);
        let mut past = vec![Vec::new(); case.inspectors.len()];
        for team in past_teams(within(&case.history, from, case.period.to)) {
            for (at, a) in team.members.iter().enumerate() {
                past[a.index()].extend(team.members[at + 1..].iter().map(|b| (*b, team.date)));
            }
        }
        past.iter_mut().for_each(|of_one| of_one.sort_unstable());
        let days = case.period.days();
        let reach = |date: &NaiveDate| {
            let first = days.partition_point(|day| (*date - *day).num_days() >= self.days);
            first..days.partition_point(|day| (*day - *date).num_days() < self.days).max(first)
        };
        let reach = days.iter().map(reach).collect();
        Some(Box::new(Pairs { rule: *self, waived: Waived::of(case, NAME), past, from: case.period.from, reach }))
    }

    fn check(&self, case: &Case, schedule: &Schedule) -> Vec<Violation> {
        if self.no_limit() {
            return Vec::new();
        }
        let mut services: BTreeMap<Pair, Vec<Moment>> = BTreeMap::new();
        for (visit, assignment) in &schedule.assignments {
            for pair in assignment.team.pairs() {
                services.entry(pair).or_default().push((assignment.date, Some((assignment.slot, *visit))));
            }
        }
        for past in past_teams(&case.history) {
            for (at, a) in past.members.iter().enumerate() {
                for b in &past.members[at + 1..] {
                    if let Some(times) = services.get_mut(&(*a, *b)) {
                        times.push((past.date, None));
                    }
                }
            }
        }
        let mut found = Vec::new();
        for (pair, mut times) in services {
            times.sort_unstable();
            found.extend(self.check_gaps(case, pair, &times));
            found.extend(self.check_number(case, pair, &times));
        }
        found
    }
}

impl PairRotation {
    /// Every planned service too soon after the service before it.
    fn check_gaps(self, case: &Case, pair: Pair, times: &[Moment]) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut before: Option<Moment> = None;
        for two in times.windows(2) {
            let (earlier, later) = (two[0], two[1]);
            if !self.duty.one(earlier.0, later.0) {
                before = Some(earlier);
            }
            let (Some(before), Some((_, visit))) = (before, later.1) else { continue };
            let apart = (later.0 - before.0).num_days();
            if apart < self.days && !waived(case, pair, visit) {
                let why = format!("{apart} days after {}; at least {} are asked", told(case, before), self.days);
                found.push(violation(case, pair, later, visit, &why));
            }
        }
        found
    }

    /// Every planned service in the period beyond the number; what history records of it comes first.
    fn check_number(self, case: &Case, pair: Pair, times: &[Moment]) -> Vec<Violation> {
        let mut found = Vec::new();
        let (mut count, mut numbers) = (0, BTreeMap::new());
        let (past, planned): (Vec<Moment>, Vec<Moment>) = times.iter().partition(|time| time.1.is_none());
        let in_period = |time: &Moment| case.period.from <= time.0 && time.0 <= case.period.to;
        for time in past.into_iter().filter(in_period).chain(planned) {
            if self.max_together == 0 || time.1.is_some_and(|(_, visit)| waived(case, pair, visit)) {
                continue;
            }
            let service = self.duty.first_day(time.0);
            let number = numbers.get(&service).copied().filter(|_| self.duty != DutyPeriod::Visit).unwrap_or(count + 1);
            numbers.insert(service, number);
            count = count.max(number);
            if let Some((_, visit)) = time.1.filter(|_| number > self.max_together) {
                let why = format!("service {number} of the period; at most {} are allowed", self.max_together);
                found.push(violation(case, pair, time, visit, &why));
            }
        }
        found
    }
}

fn waived(case: &Case, (a, b): Pair, visit: VisitId) -> bool {
    case.waived(NAME, visit, a) || case.waived(NAME, visit, b)
}

fn told(case: &Case, time: Moment) -> String {
    match time.1 {
        Some((_, visit)) => format!("visit {} on {}", case.visit(visit).id, time.0),
        None => format!("{} (history)", time.0),
    }
}

fn violation(case: &Case, (a, b): Pair, time: Moment, visit: VisitId, why: &str) -> Violation {
    let (one, other) = (&case.inspector(a).id, &case.inspector(b).id);
    let says = format!("{one} and {other} serve together on visit {} on {}, {why}", case.visit(visit).id, time.0);
    Violation { rule: NAME, visits: vec![visit], inspectors: vec![a, b], says }
}

/// The services of the past near the period, for the builder; the board knows those of the plan.
struct Pairs {
    rule: PairRotation,
    waived: Waived,
    /// By the first of two: the second, and when.
    past: Vec<Vec<(InspectorId, NaiveDate)>>,
    /// First day of the period.
    from: NaiveDate,
    /// For each day, the days so near that a service on one forbids a service on the other.
    reach: Vec<Range<usize>>,
}

type Visits = SmallVec<[VisitId; 8]>;

impl Guard for Pairs {
    fn pair(&self, board: &Board, place: Place, a: InspectorId, b: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let pair = (a.min(b), a.max(b));
        let excused = self.lifted(place.visit, pair);
        if self.rule.days > 0 {
            if !excused && self.past_too_soon(board.calendar.date(place.day), pair) {
                clash(Clash::Fixed);
            }
            self.planned_too_soon(board, place, pair, excused, clash);
        }
        if self.rule.max_together > 0 && !excused {
            self.too_often(board, place, pair, clash);
        }
    }
}

/// The visits on a day in which both have a part.
fn together<'b>(
    board: &'b Board,
    day: usize,
    (a, b): Pair,
) -> impl Iterator<Item = (VisitId, crate::model::SlotId)> + 'b {
    let other = if board.duties(a, day).is_empty() { &[] } else { board.duties(b, day) };
    let shared = board.duties(a, day).iter().filter(|duty| other.iter().any(|theirs| theirs.visit == duty.visit));
    shared.map(|duty| (duty.visit, duty.slot))
}

impl Pairs {
    fn lifted(&self, visit: VisitId, (a, b): Pair) -> bool {
        self.waived.lifts(visit, a) || self.waived.lifts(visit, b)
    }

    fn past(&self, (a, b): Pair) -> &[(InspectorId, NaiveDate)] {
        let of_one = &self.past[a.index()];
        let first = of_one.partition_point(|(other, _)| *other < b);
        let count = of_one[first..].partition_point(|(other, _)| *other == b);
        &of_one[first..first + count]
    }

    fn past_too_soon(&self, date: NaiveDate, pair: Pair) -> bool {
        self.past(pair).iter().any(|(_, past)| *past <= date && self.rule.too_soon(*past, date))
    }

    fn planned_too_soon(&self, board: &Board, place: Place, pair: Pair, excused: bool, clash: &mut dyn FnMut(Clash)) {
        for day in self.reach[place.day].clone() {
            for (visit, slot) in together(board, day, pair) {
                let later = (place.day, place.slot, place.visit) < (day, slot, visit);
                let excused = if later { self.lifted(visit, pair) } else { excused };
                let one = || self.rule.duty.one(board.calendar.date(day), board.calendar.date(place.day));
                if !excused && !one() {
                    clash(Clash::Planned { visits: &[visit], go: 1 });
                }
            }
        }
    }

    fn too_often(&self, board: &Board, place: Place, pair: Pair, clash: &mut dyn FnMut(Clash)) {
        let name = |day: usize| self.rule.duty.first_day(board.calendar.date(day));
        let apart = self.rule.duty == DutyPeriod::Visit;
        let here = name(place.day);
        let mut past: SmallVec<[NaiveDate; 8]> = self.past(pair).iter().map(|(_, date)| *date).collect();
        past.retain(|date| self.from <= *date);
        past.iter_mut().for_each(|date| *date = self.rule.duty.first_day(*date));
        if !apart {
            past.dedup();
        }
        let mut planned: SmallVec<[(NaiveDate, Visits); 8]> = SmallVec::new();
        for day in 0..board.calendar.days().len() {
            for (visit, _) in together(board, day, pair).filter(|(visit, _)| !self.lifted(*visit, pair)) {
                match planned.last_mut().filter(|(service, _)| !apart && *service == name(day)) {
                    Some((_, visits)) => visits.push(visit),
                    None if !apart && past.contains(&name(day)) => {}
                    None => planned.push((name(day), SmallVec::from_slice(&[visit]))),
                }
            }
        }
        let known = !apart && (past.contains(&here) || planned.iter().any(|(service, _)| *service == here));
        let over = (past.len() + planned.len() + 1).saturating_sub(self.rule.max_together);
        if known || over == 0 {
            return;
        }
        make_room(planned, over, clash);
    }
}

/// Tells that `over` of these services must go, each with all of its visits: the smallest, where
/// they differ.
fn make_room(mut services: SmallVec<[(NaiveDate, Visits); 8]>, over: usize, clash: &mut dyn FnMut(Clash)) {
    if over > services.len() {
        return clash(Clash::Fixed);
    }
    let single = services.iter().all(|(_, visits)| visits.len() == 1);
    services.sort_by_key(|(_, visits)| visits.len());
    let taken = if single { services.len() } else { over };
    let visits: Visits = services.iter().take(taken).flat_map(|(_, visits)| visits.iter().copied()).collect();
    clash(Clash::Planned { visits: &visits, go: if single { over } else { visits.len() } });
}
