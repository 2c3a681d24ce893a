//! Seats needed against seats there are, before anything is planned. Pairs double the load of an office
//! that sent one inspector a visit, and a planner must see that first.
//!
//! What is there is counted generously: rotation, partners and conflicts with single places take more away.
//! So what is short here is short under every plan; what is not short may still fail.

use std::collections::{BTreeMap, BTreeSet};

use super::seats::Seats;
use crate::model::{Case, EstablishmentId, SlotId, VisitId, Week};
use crate::rules::Book;

/// Seats needed against seats there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// The whole period.
    pub whole: Demand,
    /// People on the roster who can make a visit in the period at all.
    pub people: usize,
    /// Week by week.
    pub weeks: Vec<WeekCapacity>,
    /// Runs of weeks in which fewer seats are there than mandatory visits need that can be held at no
    /// other time; only the shortest runs that show it.
    pub short: Vec<Shortage>,
    /// Visits that no day and slot of the period is open to, whoever goes.
    pub nowhere: Vec<VisitId>,
}

/// Visits, the seats that they need, and the seats there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// Mandatory visits whose windows lie wholly inside. With one inspector a visit, this was the load.
    pub must_visits: usize,
    /// The seats of their teams.
    pub must: usize,
    /// Visits of every kind that may be held inside, those above among them.
    pub may_visits: usize,
    /// The seats of their teams.
    pub may: usize,
    /// Seats there are.
    pub there: usize,
}

impl Demand {
    /// Seats that are lacking whatever is planned.
    pub fn lacking(&self) -> usize {
        self.must.saturating_sub(self.there)
    }
}

/// One week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekCapacity {
    /// The week.
    pub week: Week,
    /// Its working days.
    pub days: usize,
    /// People who can make a visit in it.
    pub people: usize,
    /// All seats.
    pub all: Demand,
    /// District by district; places without one under none.
    pub districts: Vec<District>,
    /// Quality by quality that teams must have: leads, skills, women.
    pub qualities: Vec<Quality>,
}

/// The seats of one district. People who may serve in several are counted in each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// The district.
    pub district: Option<String>,
    /// Its seats.
    pub seats: Demand,
}

/// The seats that must be held by people with one quality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quality {
    /// The rule that asks for it.
    pub rule: &'static str,
    /// The quality, in the rule's words.
    pub quality: String,
    /// Its seats.
    pub seats: Demand,
}

/// Weeks on end with too few seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// First week.
    pub from: Week,
    /// Last week, inclusive.
    pub to: Week,
    /// Which seats.
    pub scope: Scope,
    /// Seats that mandatory visits need there and can find nowhere else.
    pub needed: usize,
    /// Seats there are.
    pub there: usize,
    /// Those visits.
    pub visits: Vec<VisitId>,
}

/// Which seats are counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All.
    All,
    /// Those of one district.
    District(Option<String>),
    /// Those to be held by people with a quality that a rule asks for.
    Quality(&'static str, String),
}

/// What one visit needs in one scope, and the weeks that it may be held in.
struct Asked {
    visit: VisitId,
    mandatory: bool,
    first: usize,
    last: usize,
    seats: usize,
}

/// Seats needed against seats there are, for the whole, each district and each quality. Waivers that would
/// let somebody go on a day that a rule bars are not counted as seats.
pub fn capacity(case: &Case, book: &Book) -> Capacity {
    let seats = Seats::new(case, book);
    let weeks = seats.weeks.len();
    let mut asked: BTreeMap<Scope, Vec<Asked>> = BTreeMap::from([(Scope::All, Vec::new())]);
    let mut nowhere = Vec::new();
    for visit in case.visit_ids() {
        match span(case, book, &seats, visit) {
            Some(span) => ask(case, book, visit, span, &mut asked),
            None => nowhere.push(visit),
        }
    }
    let there: BTreeMap<Scope, Vec<usize>> =
        asked.keys().map(|scope| (scope.clone(), there(case, book, &seats, scope))).collect();
    let table = seats.table(None);
    let people = |has: &dyn Fn(&[usize]) -> bool| table.iter().filter(|row| has(row)).count();
    let demand = |scope: &Scope, from, to| demand(&asked[scope], &there[scope], from, to);
    let week = |(at, (week, days)): (usize, &(Week, Vec<_>))| WeekCapacity {
        week: *week,
        days: days.len(),
        people: people(&|row| row[at] > 0),
        all: demand(&Scope::All, at, at),
        districts: in_week(asked.keys(), |scope| match scope {
            Scope::District(district) => Some(District { district: district.clone(), seats: demand(scope, at, at) }),
            _ => None,
        }),
        qualities: in_week(asked.keys(), |scope| match scope {
            Scope::Quality(rule, quality) => {
                Some(Quality { rule, quality: quality.clone(), seats: demand(scope, at, at) })
            }
            _ => None,
        }),
    };
    let short = asked.iter().flat_map(|(scope, asked)| shortages(&seats, scope, asked, &there[scope]));
    Capacity {
        whole: demand(&Scope::All, 0, weeks.saturating_sub(1)),
        people: people(&|row| row.iter().any(|seats| *seats > 0)),
        short: short.collect(),
        weeks: seats.weeks.iter().enumerate().map(week).collect(),
        nowhere,
    }
}

fn in_week<'s, T>(scopes: impl Iterator<Item = &'s Scope>, of: impl Fn(&Scope) -> Option<T>) -> Vec<T> {
    scopes.filter_map(of).collect()
}

/// The first and the last week in which a visit may be held.
pub(super) fn span(case: &Case, book: &Book, seats: &Seats, visit: VisitId) -> Option<(usize, usize)> {
    let slots = || (0..case.period.slots.len()).map(SlotId::at);
    let open = |day| slots().any(|slot| book.rules().all(|(_, rule)| !rule.closed(case, visit, day, slot)));
    let mut weeks = seats.weeks.iter().enumerate().filter(|(_, (_, days))| days.iter().any(|day| open(*day)));
    let first = weeks.next()?.0;
    Some((first, weeks.next_back().map_or(first, |(last, _)| last)))
}

fn ask(
    case: &Case,
    book: &Book,
    visit: VisitId,
    (first, last): (usize, usize),
    asked: &mut BTreeMap<Scope, Vec<Asked>>,
) {
    let mandatory = case.visit(visit).kind.is_mandatory();
    let mut add = |scope, seats| {
        asked.entry(scope).or_default().push(Asked { visit, mandatory, first, last, seats });
    };
    let size = book.rules().filter_map(|(_, rule)| rule.team_size(case, visit)).max().unwrap_or(2);
    add(Scope::All, size);
    add(Scope::District(case.place_of(visit).district.clone()), size);
    for (entry, rule) in book.rules() {
        let waivers = case.waivers.iter().filter(|waiver| waiver.visit == visit && waiver.rule == entry.name);
        let waived: BTreeSet<_> = waivers.map(|waiver| waiver.inspector).collect();
        for need in rule.needs(case, visit) {
            add(Scope::Quality(entry.name, need.quality), need.at_least.saturating_sub(waived.len()));
        }
    }
}

/// Seats there are in one scope, week by week.
fn there(case: &Case, book: &Book, seats: &Seats, scope: &Scope) -> Vec<usize> {
    let table = match scope {
        Scope::District(district) => {
            let place = case.establishments.iter().position(|place| place.district == *district);
            seats.table(place.map(EstablishmentId::at))
        }
        Scope::All | Scope::Quality(..) => seats.table(None),
    };
    let counts = |who| match scope {
        Scope::Quality(rule, quality) => {
            book.rules().any(|(entry, asked)| entry.name == *rule && asked.has(case, who, quality))
        }
        Scope::All | Scope::District(_) => true,
    };
    let rows = || case.inspector_ids().zip(&table).filter(|(who, _)| counts(*who));
    let week = |at: usize| rows().map(|(_, row)| row[at]).fold(0, usize::saturating_add);
    (0..seats.weeks.len()).map(week).collect()
}

fn demand(asked: &[Asked], there: &[usize], from: usize, to: usize) -> Demand {
    let mut sum = Demand::default();
    for one in asked.iter().filter(|one| one.first <= to && from <= one.last) {
        sum.may_visits += 1;
        sum.may = sum.may.saturating_add(one.seats);
        if one.mandatory && from <= one.first && one.last <= to {
            sum.must_visits += 1;
            sum.must = sum.must.saturating_add(one.seats);
        }
    }
    sum.there = there.iter().skip(from).take(to + 1 - from).fold(0, |sum, seats| sum.saturating_add(*seats));
    sum
}

/// The runs of weeks that are short, without those that only repeat what a shorter run inside shows.
fn shortages(seats: &Seats, scope: &Scope, asked: &[Asked], there: &[usize]) -> Vec<Shortage> {
    let weeks = seats.weeks.len();
    let mut inside = vec![vec![0usize; weeks]; weeks];
    for one in asked.iter().filter(|one| one.mandatory) {
        inside[one.first][one.last] = inside[one.first][one.last].saturating_add(one.seats);
    }
    let mut short: Vec<(usize, usize, usize, usize)> = Vec::new();
    for from in 0..weeks {
        let (mut needed, mut seats_there) = (0usize, 0usize);
        for to in from..weeks {
            needed = (from..=to).fold(needed, |sum, first| sum.saturating_add(inside[first][to]));
            seats_there = seats_there.saturating_add(there[to]);
            if needed > seats_there {
                short.push((from, to, needed, seats_there));
            }
        }
    }
    let lacking = |(_, _, needed, there): &(usize, usize, usize, usize)| needed - there;
    let shown = |one: &&(usize, usize, usize, usize)| {
        let inner = |other: &(usize, usize, usize, usize)| other != *one && one.0 <= other.0 && other.1 <= one.1;
        !short.iter().any(|other| inner(other) && lacking(other) >= lacking(one))
    };
    let shortage = |(from, to, needed, there): &(usize, usize, usize, usize)| Shortage {
        from: seats.weeks[*from].0,
        to: seats.weeks[*to].0,
        scope: scope.clone(),
        needed: *needed,
        there: *there,
        visits: asked
            .iter()
            .filter(|one| one.mandatory && *from <= one.first && one.last <= *to && one.seats > 0)
            .map(|one| one.visit)
            .collect(),
    };
    short.iter().filter(shown).map(shortage).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    /// Two weeks; the only lead but one is away in the second, in which three visits need one.
    const CASE: &str = "
        inspector ana lead per_week=2
        inspector ben lead
        inspectors cem dan
        place p1 district=D1
        place p2 district=D2
        visit v1 p1 earliest=2027-01-11
        visit v2 p1 earliest=2027-01-11
        visit v3 p2 earliest=2027-01-11
        visit v4 p2
        visit v5 p2 kind=programmed latest=2027-01-08
        absence ben 2027-01-11..2027-01-15
    ";

    fn of(text: &str) -> Capacity {
        let (case, _) = fixture(text);
        capacity(&case, &Book::new(&case.settings).unwrap())
    }

    #[test]
    fn pairs_need_two_seats_a_visit() {
        let capacity = of(CASE);
        assert_eq!((capacity.whole.must_visits, capacity.whole.must), (4, 8));
        assert_eq!((capacity.whole.may_visits, capacity.whole.may), (5, 10));
        // Ana two a week; the others two a day, ten a week; Ben the first week only.
        assert_eq!(capacity.whole.there, 4 + 10 + 20 + 20);
        assert_eq!(capacity.people, 4);
    }

    #[test]
    fn a_week_counts_what_must_lie_in_it_and_what_may() {
        let weeks = of(CASE).weeks;
        assert_eq!(weeks.iter().map(|week| (week.all.must, week.all.may)).collect::<Vec<_>>(), [(0, 4), (6, 8)]);
        assert_eq!((weeks[0].people, weeks[1].people, weeks[1].days), (4, 3, 5));
        let there: Vec<_> = weeks[1].districts.iter().map(|one| (one.seats.must, one.seats.there)).collect();
        assert_eq!(there, [(4, 22), (2, 22)]);
    }

    #[test]
    fn leads_that_are_short_in_the_second_week_are_named() {
        let capacity = of(CASE);
        let [short] = capacity.short.as_slice() else { panic!("{:?}", capacity.short) };
        assert_eq!(short.scope, Scope::Quality("lead", "lead".into()));
        assert_eq!((short.from.number, short.to.number, short.needed, short.there), (2, 2, 3, 2));
        assert_eq!(short.visits, [VisitId(0), VisitId(1), VisitId(2)]);
        assert!(of(&CASE.replace("per_week=2", "per_week=3")).short.is_empty());
    }

    #[test]
    fn a_waiver_of_the_need_is_a_seat_less_to_find() {
        assert!(of(&format!("{CASE}\n waiver lead v1 cem")).short.is_empty());
    }

    #[test]
    fn what_history_used_of_a_week_is_not_there_again() {
        let used = of(&format!("{CASE}\n period 2027-01-05..2027-01-15\n history 2027-01-04 p1 cem dan"));
        assert_eq!(used.weeks[0].all.there, 2 + 8 + 8 + 8);
        let more = "history 2027-01-04 p1 cem dan\n history 2027-01-04 p2 cem dan\n set workload.per_week 7";
        assert_eq!(of(&format!("{CASE}\n period 2027-01-05..2027-01-15\n {more}")).weeks[0].all.there, 2 + 7 + 5 + 5);
    }

    #[test]
    fn a_territory_takes_seats_from_the_other_district_only() {
        let weeks = of(&format!("{CASE}\n inspector eve territory=D1")).weeks;
        let there: Vec<_> = weeks[1].districts.iter().map(|one| one.seats.there).collect();
        assert_eq!(there, [32, 22]);
    }

    #[test]
    fn a_run_of_weeks_may_be_short_where_no_single_week_is() {
        let text = "
            inspector ana lead per_week=1
            inspector ben per_week=1
            place p1
            visit v1 p1
            visit v2 p1
            visit v3 p1
        ";
        let short = of(text).short;
        assert!(short.iter().any(|one| one.scope == Scope::All && (one.needed, one.there) == (6, 4)), "{short:?}");
    }

    #[test]
    fn a_visit_without_any_open_day_is_named_and_not_counted() {
        let capacity = of(&CASE.replace("visit v1 p1 earliest=2027-01-11", "visit v1 p1 earliest=2027-02-01"));
        assert_eq!(capacity.nowhere, [VisitId(0)]);
        assert_eq!(capacity.whole.must_visits, 3);
    }

    #[test]
    fn an_empty_case_has_an_empty_capacity() {
        let capacity = of("");
        assert_eq!(capacity.whole, Demand::default());
        assert!(capacity.short.is_empty());
    }
}
