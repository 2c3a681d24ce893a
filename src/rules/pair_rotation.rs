//! Two people who served together are not paired again too soon, nor too often.
//!
//! # Says
//! Between two services of one pair lie at least so many days, services that history records before
//! among them; and in the whole period a pair serves together at most so many times, where the
//! policy gives a number. What two people do together in one duty period of the rule one-partner (a
//! day, unless the policy says otherwise) is one service; where that rule is off, each visit is. In a
//! larger team every two members are a pair. The days are counted from the last visit of one service to
//! each visit of the next, and services that history records in the period count towards the number. The
//! later visit breaks the rule: a waiver of either of the two for it lifts the rule, and a visit with a
//! waiver does not count against the number.
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

use std::ops::Range;

use chrono::{Days, NaiveDate};
use smallvec::SmallVec;

use super::held::day_number;
use super::seats::Waived;
use super::shared::{DutyPeriod, Moment, Past, PastTeam, past_teams, within};
use super::{
    Board, Check, Chosen, Clash, Entry, Found, Guard, Held, Parameter, Place, Question, Reach, Rule, Shape, Start,
    Value, Violation,
};
use crate::model::{Case, InspectorId, SlotId, VisitId};

const NAME: &str = "pair-rotation";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Limit,
    enabled: true,
    waivable: true,
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
    later: &[],
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

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let services = || Services { rule: *self, case, waived: Waived::of(case, NAME), past: Past::of(case) };
        (!self.no_limit()).then(|| Box::new(services()) as Box<dyn Check>)
    }
}

/// Who served with whom in the past.
struct Services<'c> {
    rule: PairRotation,
    case: &'c Case,
    waived: Waived,
    past: Past<'c>,
}

impl Check for Services<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        let mut seen = Seen { by: vec![None; self.case.inspectors.len()] };
        for (a, duties) in held.people() {
            if !self.meets_again(held, a, duties, &mut seen) {
                continue;
            }
            let met = self.met(held, a, duties);
            // A pair with one service in all keeps every limit.
            for services in met.chunk_by(|one, next| one.0 == next.0).filter(|services| services.len() > 1) {
                let times: SmallVec<[Moment; 8]> = services.iter().map(|(_, time)| *time).collect();
                self.check_gaps((a, services[0].0), &times, found);
                self.check_number((a, services[0].0), &times, found);
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::People
    }
}

type Met = SmallVec<[(InspectorId, Moment); 16]>;

/// By person: with whom, of all that were asked about, and in which service they were last seen.
struct Seen {
    by: Vec<Option<(InspectorId, i64)>>,
}

impl Seen {
    /// Sees `a` with `b` in a service; tells whether they were seen in another one before.
    fn meet_again(&mut self, a: InspectorId, b: InspectorId, service: i64) -> bool {
        let before = self.by[b.index()].replace((a, service));
        before.is_some_and(|(who, before)| who == a && before != service)
    }

    fn have_met(&self, a: InspectorId, b: InspectorId) -> bool {
        self.by[b.index()].is_some_and(|(who, _)| who == a)
    }
}

impl<'c> Services<'c> {
    /// Whether `a` has two services with anybody of a higher id, the past that can matter counted too. Most people do not, and need no
    /// closer look.
    fn meets_again(&self, held: &Held, a: InspectorId, duties: &[Start], seen: &mut Seen) -> bool {
        let mut again = false;
        for start in duties {
            let service = self.service(start);
            for b in held.team(start.visit).iter().filter(|b| **b > a) {
                again |= seen.meet_again(a, *b, service);
            }
        }
        let met = |team: &PastTeam| team.members.iter().any(|b| *b > a && seen.have_met(a, *b));
        again || self.near(a, duties).any(met)
    }

    /// A number for the service that a visit is part of.
    fn service(&self, start: &Start) -> i64 {
        match self.rule.duty {
            DutyPeriod::Visit => start.visit.0.into(),
            duty => duty.numbers(start.day).0.into(),
        }
    }

    /// Whom of those with a higher id `a` serves with in the plan, and every service of the two that can
    /// matter; by partner, then in order of time.
    fn met(&self, held: &Held, a: InspectorId, duties: &[Start]) -> Met {
        let mut met = Met::new();
        for start in duties {
            let partners = held.team(start.visit).iter().filter(|b| **b > a);
            partners.for_each(|b| met.push((*b, start.moment())));
        }
        met.sort_by_key(|(b, _)| *b);
        let planned = met.len();
        for team in self.near(a, duties).filter(|_| planned > 0) {
            // Asked of the partners in the plan, not of every two people of the past: a past team may be large.
            for at in 0..planned {
                let b = met[at].0;
                let asked = at.checked_sub(1).is_some_and(|before| met[before].0 == b);
                if !asked && team.members.binary_search(&b).is_ok() {
                    met.push((b, (team.date, None)));
                }
            }
        }
        if met.len() > planned {
            met.sort_unstable();
        }
        met
    }

    /// The past teams of `who` in the period, and those near enough to what is planned.
    fn near(&self, who: InspectorId, duties: &[Start]) -> impl Iterator<Item = &PastTeam<'c>> {
        let (from, to) = (day_number(self.case.period.from), day_number(self.case.period.to));
        let days = i32::try_from(self.rule.days).unwrap_or(i32::MAX);
        let from = duties.first().map_or(from, |first| from.min(first.day.saturating_sub(days)));
        let to = duties.last().map_or(to, |last| to.max(last.day));
        self.past.teams_of(who, from, to)
    }
}

impl Services<'_> {
    /// Every planned service too soon after the service before it.
    fn check_gaps(&self, pair: Pair, times: &[Moment], found: &mut Found) {
        let mut before: Option<Moment> = None;
        for two in times.windows(2) {
            let (earlier, later) = (two[0], two[1]);
            if !self.rule.duty.one(earlier.0, later.0) {
                before = Some(earlier);
            }
            let (Some(before), Some((_, visit))) = (before, later.1) else { continue };
            let apart = (later.0 - before.0).num_days();
            if apart < self.rule.days && !self.waived.lifts_either(visit, pair) {
                found.tell(|| {
                    let (days, least) = (if apart == 1 { "day" } else { "days" }, self.rule.days);
                    let why = format!("{apart} {days} after {}; at least {least} are asked", told(self.case, before));
                    self.violation(pair, later, visit, &why)
                });
            }
        }
    }

    /// Every planned service in the period beyond the number. What history records of the period comes
    /// first, and a visit in a duty period in which history has the pair is no further service.
    fn check_number(&self, pair: Pair, times: &[Moment], found: &mut Found) {
        let (case, most) = (self.case, self.rule.max_together);
        let each = self.rule.duty == DutyPeriod::Visit;
        let service = |time: &Moment| self.rule.duty.first_day(time.0);
        let in_period = |time: &&Moment| case.period.from <= time.0 && time.0 <= case.period.to;
        let past = times.iter().filter(|time| time.1.is_none()).filter(in_period).map(service);
        let mut past: SmallVec<[NaiveDate; 8]> = past.collect();
        if !each {
            past.dedup();
        }
        let (mut count, mut last) = (past.len(), None);
        for time in times.iter().filter(|_| most > 0) {
            let Some((_, visit)) = time.1.filter(|(_, visit)| !self.waived.lifts_either(*visit, pair)) else {
                continue;
            };
            if !each && past.contains(&service(time)) {
                continue;
            }
            if each || last != Some(service(time)) {
                count += 1;
                last = Some(service(time));
            }
            if count > most {
                found.tell(|| {
                    let why = format!("service {count} of the period; at most {most} are allowed");
                    self.violation(pair, *time, visit, &why)
                });
            }
        }
    }

    fn violation(&self, (a, b): Pair, time: Moment, visit: VisitId, why: &str) -> Violation {
        let (one, other) = (&self.case.inspector(a).id, &self.case.inspector(b).id);
        let id = &self.case.visit(visit).id;
        let says = format!("{one} and {other} serve together on visit {id} on {}, {why}", time.0);
        Violation { rule: NAME, visits: vec![visit], inspectors: vec![a, b], says }
    }
}

fn told(case: &Case, time: Moment) -> String {
    match time.1 {
        Some((_, visit)) => format!("visit {} on {}", case.visit(visit).id, time.0),
        None => format!("{} (history)", time.0),
    }
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

/// A visit of two people together that stands on the board.
struct Together {
    day: usize,
    slot: SlotId,
    visit: VisitId,
}

impl Guard for Pairs {
    fn answers(&self, question: Question) -> bool {
        question == Question::Pair
    }

    fn pair(&self, board: &Board, place: Place, a: InspectorId, b: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let pair = (a.min(b), a.max(b));
        let past = self.past(pair);
        // Most pairs have not met, or not so often that it matters, and need no closer look.
        let known = board.met(a, b) + past.len();
        let seldom = self.rule.max_together == 0 || known < self.rule.max_together;
        if known == 0 || (self.rule.days == 0 && seldom) {
            return;
        }
        let all = 0..board.calendar.days().len();
        let days = if self.rule.max_together > 0 { all } else { self.reach[place.day].clone() };
        let met: SmallVec<[Together; 8]> = days.flat_map(|day| together(board, day, pair)).collect();
        let excused = self.lifted(place.visit, pair);
        let date = board.calendar.date(place.day);
        if !excused && past.iter().any(|(_, past)| *past <= date && self.rule.too_soon(*past, date)) {
            clash(Clash::Fixed);
        }
        self.planned_too_soon(board, place, pair, &met, clash);
        if self.rule.max_together > 0 && !excused {
            self.too_often(board, date, pair, &met, clash);
        }
    }
}

/// The visits on a day in which both have a part.
fn together<'b>(board: &'b Board, day: usize, (a, b): Pair) -> impl Iterator<Item = Together> + 'b {
    let mine = board.duties(a, day);
    let other = if mine.is_empty() { &[] } else { board.duties(b, day) };
    let shared = mine.iter().filter(|duty| other.iter().any(|theirs| theirs.visit == duty.visit));
    shared.map(move |duty| Together { day, slot: duty.slot, visit: duty.visit })
}

impl Pairs {
    fn lifted(&self, visit: VisitId, pair: Pair) -> bool {
        self.waived.lifts_either(visit, pair)
    }

    fn past(&self, (a, b): Pair) -> &[(InspectorId, NaiveDate)] {
        let of_one = &self.past[a.index()];
        let first = of_one.partition_point(|(other, _)| *other < b);
        let count = of_one[first..].partition_point(|(other, _)| *other == b);
        &of_one[first..first + count]
    }

    fn planned_too_soon(
        &self,
        board: &Board,
        place: Place,
        pair: Pair,
        met: &[Together],
        clash: &mut dyn FnMut(Clash),
    ) {
        let date = board.calendar.date(place.day);
        for Together { day, slot, visit } in met {
            if self.rule.too_soon(board.calendar.date(*day), date) {
                let here = (place.day, place.slot, place.visit);
                let later = here.max((*day, *slot, *visit)).2;
                if !self.lifted(later, pair) {
                    clash(Clash::Planned { visits: &[*visit], go: 1 });
                }
            }
        }
    }

    /// Tells where one more service would be too many, and which would have to go.
    fn too_often(&self, board: &Board, date: NaiveDate, pair: Pair, met: &[Together], clash: &mut dyn FnMut(Clash)) {
        let each = self.rule.duty == DutyPeriod::Visit;
        let service = |date| self.rule.duty.first_day(date);
        let in_period = self.past(pair).iter().filter(|(_, date)| self.from <= *date);
        let mut past: SmallVec<[NaiveDate; 8]> = in_period.map(|(_, date)| service(*date)).collect();
        if !each {
            past.dedup();
        }
        let mut planned: SmallVec<[(NaiveDate, Visits); 8]> = SmallVec::new();
        for met in met.iter().filter(|met| !self.lifted(met.visit, pair)) {
            let named = service(board.calendar.date(met.day));
            match planned.last_mut().filter(|(last, _)| !each && *last == named) {
                Some((_, visits)) => visits.push(met.visit),
                None if !each && past.contains(&named) => {}
                None => planned.push((named, SmallVec::from_slice(&[met.visit]))),
            }
        }
        let here = service(date);
        let known = !each && (past.contains(&here) || planned.iter().any(|(named, _)| *named == here));
        let over = (past.len() + planned.len() + 1).saturating_sub(self.rule.max_together);
        if !known && over > 0 {
            make_room(planned, over, clash);
        }
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

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        period 2027-01-04..2027-02-05
        inspectors ana ben cem dea
        places p1 p2 p3
        visit v1 p1
        visit v2 p2
        visit v3 p3
        visit v4 p3
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("pair-rotation", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn fourteen_days_later_passes_and_thirteen_break() {
        assert!(says("history 2026-12-21 p3 ana ben\nplan v1 2027-01-04 am ana ben").is_empty());
        let found = says("history 2026-12-22 p3 ana ben\nplan v1 2027-01-04 am ana ben");
        let expected = "ana and ben serve together on visit v1 on 2027-01-04, 13 days after 2026-12-22 (history); \
                        at least 14 are asked";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn the_later_of_two_planned_services_breaks() {
        let found = says("plan v2 2027-01-04 am ana ben\nplan v1 2027-01-11 am ben ana");
        let expected = "ana and ben serve together on visit v1 on 2027-01-11, 7 days after visit v2 on 2027-01-04; \
                        at least 14 are asked";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn a_duty_period_is_one_service() {
        let day = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 pm ana ben";
        assert!(says(day).is_empty());
        assert_eq!(says(&format!("set one-partner.duty visit\n{day}")).len(), 1);
        assert_eq!(says(&format!("set one-partner.enabled false\n{day}")).len(), 1, "then every visit is a service");
        let week = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-08 pm ana ben";
        assert_eq!(says(week).len(), 1);
        assert!(says(&format!("set one-partner.duty week\n{week}")).is_empty());
        let next = "set one-partner.duty week\nplan v1 2027-01-08 am ana ben\nplan v2 2027-01-18 am ana ben";
        assert_eq!(says(next).len(), 1, "ten days, in two weeks");
    }

    #[test]
    fn every_two_members_of_a_larger_team_are_a_pair() {
        let plan = "plan v1 2027-01-04 am ana ben cem\nplan v2 2027-01-05 am ana ben cem dea";
        assert_eq!(says(plan).len(), 3);
    }

    #[test]
    fn lines_of_one_visit_of_the_past_are_one_team() {
        let past = "history 2027-01-04 p3 ana\nhistory 2027-01-04 p3 ben";
        assert_eq!(says(&format!("{past}\nplan v1 2027-01-05 am ana ben")).len(), 1);
        let elsewhere = "history 2027-01-04 p3 ana\nhistory 2027-01-04 p2 ben";
        assert!(says(&format!("{elsewhere}\nplan v1 2027-01-05 am ana ben")).is_empty());
    }

    #[test]
    fn no_more_services_than_the_policy_allows_in_the_period() {
        let twice = "set pair-rotation.days 0\nset pair-rotation.max_together 2
            plan v1 2027-01-04 am ana ben\nplan v2 2027-01-05 am ana ben";
        assert!(says(twice).is_empty());
        assert!(says(&format!("{twice}\nplan v3 2027-01-05 pm ana ben")).is_empty(), "one duty day");
        assert!(says(&format!("{twice}\nhistory 2027-01-03 p1 ana ben")).is_empty(), "before the period");
        let found = says(&format!("{twice}\nplan v3 2027-01-06 pm ana ben"));
        let expected = "ana and ben serve together on visit v3 on 2027-01-06, service 3 of the period; \
                        at most 2 are allowed";
        assert_eq!(found, [expected]);
        assert_eq!(says(&format!("{twice}\nhistory 2027-01-06 p1 ana ben")).len(), 1, "history counts first");
        assert!(says(&format!("{twice}\nhistory 2027-01-05 p1 ana ben")).is_empty(), "one service with history's");
    }

    #[test]
    fn without_a_number_or_days_it_asks_nothing() {
        let plan = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-05 am ana ben";
        assert!(says(&format!("set pair-rotation.days 0\n{plan}")).is_empty());
    }

    #[test]
    fn a_waiver_of_either_excuses_the_later_service() {
        let plan = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-05 am ana ben";
        assert!(says(&format!("waiver pair-rotation v2 ana\n{plan}")).is_empty());
        assert!(says(&format!("waiver pair-rotation v2 ben\n{plan}")).is_empty());
        assert_eq!(says(&format!("waiver pair-rotation v1 ana\n{plan}")).len(), 1);
        let thrice = format!("waiver pair-rotation v2 ana\n{plan}\nplan v3 2027-01-06 am ana ben");
        assert_eq!(says(&thrice).len(), 1, "what was excused is a service all the same");
    }
}
