//! The most visits that any schedule can staff, and what is short where it is not all of them.
//!
//! In plain words: first count out what can't be staffed by itself. Then look at one kind of seat at a time, all seats or those that ask for
//! one quality, and let them flow: from each person's weeks and days, through the person on the visit (once), to the visit.
//! Where the flow falls short its smallest cut names visits that compete for people whose time is all counted. They fall apart
//! into groups that share nobody, and in each the visits that want least are staffed first: what remains goes without.
//!
//! Team rules, pairs and slots are left out, so that fewer may be staffed and never more. Integers only.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::flow::{Flow, Node};
use super::groups::Groups;
use crate::model::{Case, Coverage, DayOrWeek, InspectorId, MostStaffed, Schedule, Shortfall, Span, VisitId, Week};
use crate::rules::{Book, Eligible, Goer};

/// The most visits that any schedule can staff within `span`, after what `before` has drawn.
///
/// ```
/// # use foureyes::{bound::most_staffed, model::{Schedule, Span}, read::read_case, rules::Book};
/// let case = read_case("examples/harbour".as_ref()).case.expect("the harbour ships in order");
/// let book = Book::new(&case.settings).expect("and its policy too");
/// let span = Span { from: case.period.from, to: case.period.to };
/// assert_eq!(most_staffed(&case, &book, span, &Schedule::default()).visits.at_most, 80);
/// ```
pub fn most_staffed(case: &Case, book: &Book, span: Span, before: &Schedule) -> MostStaffed {
    let eligible = Eligible::new(case, book, span, before);
    let all: Vec<_> = case.visit_ids().filter(|visit| !before.assignments.contains_key(visit)).collect();
    let mandatory: Vec<_> = all.iter().copied().filter(|visit| case.visit(*visit).kind.is_mandatory()).collect();
    let visits = coverage(&eligible, &all);
    let mandatory = if mandatory.len() == all.len() { visits.clone() } else { coverage(&eligible, &mandatory) };
    MostStaffed { visits, mandatory }
}

/// The rule and the quality of some seats; none means all seats.
type Kind = Option<(&'static str, String)>;

fn coverage(eligible: &Eligible, visits: &[VisitId]) -> Coverage {
    let (hopeless, others): (Vec<_>, Vec<_>) = visits.iter().partition(|visit| is_hopeless(eligible, **visit));
    let mut kinds: BTreeMap<Kind, Vec<(VisitId, usize)>> = BTreeMap::new();
    for visit in &others {
        kinds.entry(None).or_default().push((*visit, eligible.size(*visit)));
        for asked in eligible.needs(*visit).iter().filter(|asked| asked.at_least > 0) {
            let of_kind = kinds.entry(Some((asked.rule, asked.quality.clone()))).or_default();
            of_kind.push((*visit, asked.at_least));
        }
    }
    let mut short: Vec<_> = kinds.into_iter().map(|(kind, wanted)| shortfalls(eligible, &kind, &wanted)).collect();
    short.sort_by_key(|of_kind| Reverse(of_kind.iter().map(|one| one.missing).sum::<usize>()));
    let short = about_other_visits(short.into_iter().flatten());
    let missing: usize = short.iter().map(|one| one.missing).sum();
    Coverage { of: visits.len(), at_most: others.len() - missing, hopeless, short }
}

/// Whether there are too few people for the visit even if there were no other.
fn is_hopeless(eligible: &Eligible, visit: VisitId) -> bool {
    let people = |has: &dyn Fn(InspectorId) -> bool| eligible.goers(visit).filter(|goer| has(goer.who)).count();
    people(&|_| true) < eligible.size(visit)
        || eligible.needs(visit).iter().any(|asked| people(&|who| asked.met_by(who)) < asked.at_least)
}

/// Those that share no visit with one that came before.
fn about_other_visits(short: impl Iterator<Item = Shortfall>) -> Vec<Shortfall> {
    let mut known = BTreeSet::new();
    let mut others = Vec::new();
    for one in short {
        if one.visits.iter().all(|visit| !known.contains(visit)) {
            known.extend(one.visits.iter().copied());
            others.push(one);
        }
    }
    others
}

/// What is short of one kind of seats, of which each visit wants so many.
fn shortfalls(eligible: &Eligible, kind: &Kind, wanted: &[(VisitId, usize)]) -> Vec<Shortfall> {
    let mut network = Network::new(eligible, kind);
    wanted.iter().for_each(|(visit, seats)| network.add(*visit, *seats));
    let all: u64 = wanted.iter().map(|(_, seats)| *seats as u64).sum();
    if network.flow.fill() == all { Vec::new() } else { network.shortfalls() }
}

/// A person's time: a week of the span, or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Time {
    Week(InspectorId, usize),
    Day(InspectorId, usize),
}

/// The flow network of one kind of seats.
struct Network<'e, 'c> {
    eligible: &'e Eligible<'c>,
    kind: &'e Kind,
    flow: Flow,
    times: BTreeMap<Time, (Node, u64)>,
    visits: Vec<(VisitId, u64, Node)>,
}

impl<'e, 'c> Network<'e, 'c> {
    fn new(eligible: &'e Eligible<'c>, kind: &'e Kind) -> Self {
        Self { eligible, kind, flow: Flow::new(), times: BTreeMap::new(), visits: Vec::new() }
    }

    fn add(&mut self, visit: VisitId, seats: usize) {
        let node = self.flow.node();
        self.flow.arc(node, self.flow.sink(), seats as u64);
        self.visits.push((visit, seats as u64, node));
        let goers: Vec<_> = self.goers(visit).collect();
        for goer in goers {
            let from = self.from(&goer);
            self.flow.arc(from, node, 1);
        }
    }

    /// Who may sit on seats of this kind.
    fn goers(&self, visit: VisitId) -> impl Iterator<Item = Goer> + use<'e, 'c> {
        let (eligible, kind) = (self.eligible, self.kind);
        let asked = kind.as_ref().and_then(|(rule, quality)| {
            eligible.needs(visit).iter().find(|asked| asked.rule == *rule && asked.quality == *quality)
        });
        eligible.goers(visit).filter(move |goer| asked.is_none_or(|asked| asked.met_by(goer.who)))
    }

    /// Where a goer comes from: the source, one day, or several.
    fn from(&mut self, goer: &Goer) -> Node {
        if !goer.takes_seat {
            return self.flow.source();
        }
        let days: Vec<_> = goer.days.iter().map(|day| self.day(goer.who, day)).collect();
        if let [only] = days.as_slice() {
            return *only;
        }
        let node = self.flow.node();
        for day in days {
            self.flow.arc(day, node, 1);
        }
        node
    }

    fn day(&mut self, who: InspectorId, day: usize) -> Node {
        if let Some((known, _)) = self.times.get(&Time::Day(who, day)) {
            return *known;
        }
        let week = self.week(who, day);
        self.time(Time::Day(who, day), week, self.eligible.seats_on(who, day))
    }

    fn week(&mut self, who: InspectorId, day: usize) -> Node {
        let week = self.eligible.week_of(day);
        match self.times.get(&Time::Week(who, week)) {
            Some((known, _)) => *known,
            None => self.time(Time::Week(who, week), self.flow.source(), self.eligible.seats(who, week)),
        }
    }

    fn time(&mut self, time: Time, from: Node, seats: u64) -> Node {
        let node = self.flow.node();
        self.flow.arc(from, node, seats);
        self.times.insert(time, (node, seats));
        node
    }

    /// What the smallest cut says, after filling.
    fn shortfalls(&self) -> Vec<Shortfall> {
        let competing: Vec<_> = self.visits.iter().filter(|(.., node)| self.flow.reaches_sink(*node)).collect();
        let mut groups = Groups::new(competing.len());
        let mut counted: BTreeMap<Time, usize> = BTreeMap::new();
        let mut crossing = vec![0; competing.len()];
        for (at, (visit, ..)) in competing.iter().enumerate() {
            for goer in self.goers(*visit) {
                match self.full(&goer) {
                    Some(times) => {
                        times.into_iter().for_each(|time| groups.join(*counted.entry(time).or_insert(at), at));
                    }
                    None => crossing[at] += 1,
                }
            }
        }
        let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
        for (at, ((visit, seats, _), crossing)) in competing.into_iter().zip(crossing).enumerate() {
            let part = parts.entry(groups.of(at)).or_default();
            part.wanted.push((*visit, *seats));
            part.there += crossing;
        }
        for (time, at) in counted {
            let part = parts.entry(groups.of(at)).or_default();
            part.there += self.times.get(&time).map_or(0, |(_, seats)| *seats);
            part.full.push(self.told(time));
        }
        parts.into_values().filter_map(|part| part.told(self.kind)).collect()
    }

    /// The times that count for a goer where all of those in which they could go are counted with all their seats: the
    /// day, or its week where that is scarcer.
    fn full(&self, goer: &Goer) -> Option<Vec<Time>> {
        if !goer.takes_seat {
            return None;
        }
        let of_day = |day: usize| {
            let reaches = |time| self.times.get(&time).is_some_and(|(node, _)| self.flow.reaches_sink(*node));
            let (week, day) = (Time::Week(goer.who, self.eligible.week_of(day)), Time::Day(goer.who, day));
            [week, day].into_iter().find(|time| reaches(*time))
        };
        goer.days.iter().map(of_day).collect()
    }

    fn told(&self, time: Time) -> (InspectorId, DayOrWeek) {
        let date = |day: usize| self.eligible.calendar.date(day);
        match time {
            Time::Day(who, day) => (who, DayOrWeek::Day(date(day))),
            Time::Week(who, week) => {
                let first = self.eligible.days_of(week).iter().next().unwrap_or(0);
                (who, DayOrWeek::Week(Week::of(date(first))))
            }
        }
    }
}

/// A group of visits that compete.
#[derive(Default)]
struct Part {
    wanted: Vec<(VisitId, u64)>,
    full: Vec<(InspectorId, DayOrWeek)>,
    there: u64,
}

impl Part {
    /// The shortfall, if some of the visits must go without.
    fn told(mut self, kind: &Kind) -> Option<Shortfall> {
        let mut seats: Vec<_> = self.wanted.iter().map(|(_, seats)| *seats).collect();
        seats.sort_unstable();
        let mut left = self.there;
        let staffed = seats.iter().take_while(|seats| {
            let fits = **seats <= left;
            left -= if fits { **seats } else { 0 };
            fits
        });
        let missing = seats.len() - staffed.count();
        self.full.sort_unstable();
        (missing > 0).then(|| Shortfall {
            quality: kind.as_ref().map(|(rule, quality)| ((*rule).to_owned(), quality.clone())),
            visits: self.wanted.iter().map(|(visit, _)| *visit).collect(),
            full: self.full,
            wanted: seats.iter().sum(),
            there: self.there,
            missing,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    fn of(text: &str) -> (Case, MostStaffed) {
        let (case, before) = fixture(text);
        let book = Book::new(&case.settings).unwrap();
        let span = Span { from: case.period.from, to: case.period.to };
        let most = most_staffed(&case, &book, span, &before);
        (case, most)
    }

    fn at_most(text: &str) -> (usize, usize) {
        let most = of(text).1;
        (most.visits.at_most, most.mandatory.at_most)
    }

    const ONE_DAY: &str = "
        period 2027-01-04..2027-01-04
        places p1
        visit v1 p1
        visit v2 p1
        visit v3 p1 kind=programmed
        visit v4 p1 kind=programmed
    ";

    #[test]
    fn leads_are_short_before_people_are() {
        let text = format!("{ONE_DAY} inspector ana lead\n inspectors ben cem dea eli");
        let (_, most) = of(&text);
        assert_eq!((most.visits.at_most, most.visits.of, most.mandatory.at_most), (2, 4, 2));
        let [short] = most.visits.short.as_slice() else { panic!("{most:?}") };
        assert_eq!(short.quality, Some(("lead".into(), "lead".into())));
        assert_eq!((short.wanted, short.there, short.missing, short.visits.len()), (4, 2, 2, 4));
        let day = "2027-01-04".parse().unwrap();
        assert!([DayOrWeek::Day(day), DayOrWeek::Week(Week::of(day))].contains(&short.full[0].1), "{short:?}");
        assert_eq!((short.full.len(), short.full[0].0), (1, InspectorId(0)));
        assert!(most.mandatory.short.is_empty());
    }

    #[test]
    fn an_odd_seat_staffs_nobody() {
        assert_eq!(at_most(&format!("{ONE_DAY} inspector ana lead\n inspector ben lead per_day=1\n")).0, 1);
    }

    #[test]
    fn larger_teams_go_without_first() {
        let raid = "visit r1 p1 kind=raid size=4\n inspectors ana ben cem dea\n set lead.leads 0";
        assert_eq!(at_most(&format!("{ONE_DAY} {raid}")).0, 4, "eight seats: four pairs, or a raid and two pairs");
        assert_eq!(at_most(&format!("{ONE_DAY} {raid}\n set workload.per_day 1")).0, 2);
    }

    #[test]
    fn a_visit_that_nobody_could_ever_staff_is_named() {
        let (case, most) =
            of(&format!("{ONE_DAY} visit dive p1 skills=diving\n inspector ana lead\n inspector ben lead"));
        let hopeless: Vec<_> = most.visits.hopeless.iter().map(|visit| case.visit(*visit).id.as_str()).collect();
        assert_eq!(hopeless, ["dive"]);
        assert_eq!(most.visits.at_most, 2);
    }

    #[test]
    fn what_is_short_in_two_places_adds_up() {
        let text = "
            period 2027-01-04..2027-01-04
            place north district=N
            place south district=S
            visit n1 north
            visit n2 north
            visit n3 north
            visit s1 south
            visit s2 south
            visit s3 south
            inspector ana lead territory=N
            inspector ben territory=N
            inspector cem lead territory=S
            inspector dea territory=S
        ";
        let most = of(text).1;
        assert_eq!((most.visits.at_most, most.visits.short.len()), (4, 2), "{most:?}");
    }

    #[test]
    fn what_was_drawn_before_takes_seats_and_is_not_counted_again() {
        let week = "period 2027-01-04..2027-01-08\n inspector ana lead per_week=2\n inspectors ben cem\n places p1\n visit v1 p1\n visit v2 p1\n visit v3 p1";
        assert_eq!(at_most(week), (2, 2));
        assert_eq!(at_most(&format!("{week}\n plan v1 2027-01-04 am ana ben")), (1, 1));
    }

    #[test]
    fn a_waiver_of_workload_gives_a_seat_more() {
        let text =
            format!("{ONE_DAY} inspector ana lead\n inspector ben\n waiver workload v1 ana\n waiver workload v1 ben");
        assert_eq!(at_most(&text).0, 3);
    }

    #[test]
    fn an_empty_case_staffs_nothing() {
        assert_eq!(at_most(""), (0, 0));
    }
}
