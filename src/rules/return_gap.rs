//! Nobody comes back to a place before so many days have passed, whoever came between.
//!
//! # Says
//! Between two visits of one inspector to one establishment lie at least so many days, visits of the
//! past among them. Two visits on one day lie no day apart. The later of the two is the one that
//! breaks the rule, and a waiver for it lifts the rule. With 0 days the rule asks nothing.
//!
//! # Why
//! In a small office two teams that take turns keep to "not twice in a row" and still know the place too well.
//!
//! # Passes
//! With 365 days: Ana came on 4 January 2026, and comes again on 4 January 2027.
//!
//! # Breaks
//! With 365 days: Ana came on 5 January 2026, and comes again on 4 January 2027.
//!
//! # Source
//! India, Ministry of Finance, 2020: an inspector is not assigned to the same unit in subsequent years.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use smallvec::SmallVec;

use super::seats::Waived;
use super::shared::{Moment, within};
use super::{
    Bar, Board, Check, Chosen, Clash, Entry, Found, Guard, Held, Parameter, Place, Question, Reach, Rule, Shape, Start,
    Target, Value, Violation,
};
use crate::model::{Case, EstablishmentId, InspectorId, VisitId};

const NAME: &str = "return-gap";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Limit,
    enabled: true,
    waivable: true,
    parameters: &[Parameter {
        name: "days",
        value: Value::Number(0, 0, 36_500),
        says: "days between two visits of one person to one place, at least; 0 asks nothing",
    }],
    later: &[],
    text: include_str!("return_gap.rs"),
    make: |chosen: &Chosen| Box::new(ReturnGap { days: chosen.number("days") }),
};

#[derive(Clone, Copy)]
struct ReturnGap {
    days: i64,
}

impl ReturnGap {
    fn too_close(self, a: NaiveDate, b: NaiveDate) -> bool {
        (b - a).num_days().abs() < self.days
    }

    /// The first day that can still bar a day of the period.
    fn first_day(self, case: &Case) -> NaiveDate {
        let back = Days::new(self.days.max(0).unsigned_abs());
        case.period.from.checked_sub_days(back).unwrap_or(NaiveDate::MIN)
    }
}

impl Rule for ReturnGap {
    fn bars<'c>(&self, case: &'c Case) -> Vec<Bar<'c>> {
        if self.days == 0 {
            return Vec::new();
        }
        let mut visited = vec![false; case.establishments.len()];
        case.visits.iter().for_each(|visit| visited[visit.establishment.index()] = true);
        let last = Days::new((self.days - 1).unsigned_abs());
        let recent = within(&case.history, self.first_day(case), case.period.to);
        let recent = recent.iter().filter(|past| visited[past.establishment.index()]);
        let bars = recent.flat_map(|past| {
            past.team.iter().map(move |who| Bar {
                inspector: Some(*who),
                target: Target::Establishment(past.establishment),
                from: Some(past.date),
                to: past.date.checked_add_days(last),
            })
        });
        bars.collect()
    }

    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        let mut visits = vec![0_usize; case.establishments.len()];
        case.visits.iter().for_each(|visit| visits[visit.establishment.index()] += 1);
        let again = self.days > 0 && visits.iter().any(|count| *count > 1);
        again.then(|| Box::new(Gap { rule: *self, waived: Waived::of(case, NAME) }) as Box<dyn Guard>)
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        if self.days == 0 {
            return None;
        }
        Some(Box::new(Services { rule: *self, case, waived: Waived::of(case, NAME), places: places(case) }))
    }
}

/// Who came to each place with a visit.
struct Services<'c> {
    rule: ReturnGap,
    case: &'c Case,
    waived: Waived,
    /// By place.
    places: Vec<Visited>,
}

/// The visits to one place, and who came there in the past and when, in order.
#[derive(Default)]
struct Visited {
    visits: SmallVec<[VisitId; 2]>,
    past: SmallVec<[(InspectorId, NaiveDate); 12]>,
}

fn places(case: &Case) -> Vec<Visited> {
    let mut places: BTreeMap<EstablishmentId, Visited> = BTreeMap::new();
    for visit in case.visit_ids() {
        places.entry(case.visit(visit).establishment).or_default().visits.push(visit);
    }
    for past in &case.history {
        if let Some(place) = places.get_mut(&past.establishment) {
            place.past.extend(past.team.iter().map(|who| (*who, past.date)));
        }
    }
    let mut places: Vec<_> = places.into_values().collect();
    places.iter_mut().for_each(|place| place.past.sort_unstable());
    places
}

impl Visited {
    /// The last time before `start` that `who` came, by history.
    fn before(&self, who: InspectorId, start: Start) -> Option<Moment> {
        let past = self.past.partition_point(|past| *past <= (who, start.date)).checked_sub(1)?;
        self.past.get(past).filter(|(other, _)| *other == who).map(|(_, date)| (*date, None))
    }
}

impl Check for Services<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for place in &self.places {
            let sent = place.visits.iter().filter_map(|visit| held.visit(*visit));
            let mut services: SmallVec<[(InspectorId, Start); 4]> = SmallVec::new();
            sent.for_each(|sent| sent.team.iter().for_each(|who| services.push((*who, sent.start))));
            if place.visits.len() > 1 {
                services.sort_unstable();
            }
            let mut last: Option<(InspectorId, Start)> = None;
            for (who, start) in services {
                let planned = last.filter(|(other, _)| *other == who).map(|(_, start)| start.moment());
                if let Some(earlier) = planned.max(place.before(who, start))
                    && self.rule.too_close(earlier.0, start.date)
                    && !self.waived.lifts(start.visit, who)
                {
                    found.tell(|| self.violation(who, earlier, start));
                }
                last = Some((who, start));
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }

    fn ties(&self) -> Vec<Vec<VisitId>> {
        self.places.iter().map(|place| place.visits.to_vec()).collect()
    }
}

impl Services<'_> {
    fn violation(&self, who: InspectorId, earlier: Moment, Start { date, visit, .. }: Start) -> Violation {
        let before = match earlier.1 {
            Some((_, before)) => format!("with visit {}", self.case.visit(before).id),
            None => "(history)".to_owned(),
        };
        let apart = (date - earlier.0).num_days();
        let days = if apart == 1 { "day" } else { "days" };
        let (id, place) = (&self.case.inspector(who).id, &self.case.place_of(visit).id);
        let says = format!(
            "{id} comes to {place} with visit {} on {date}, {apart} {days} after {} {before}; at least {} are asked",
            self.case.visit(visit).id,
            earlier.0,
            self.rule.days,
        );
        Violation { rule: NAME, visits: vec![visit], inspectors: vec![who], says }
    }
}

/// Looks for planned visits of one person to one place; bars have what history says.
struct Gap {
    rule: ReturnGap,
    waived: Waived,
}

impl Guard for Gap {
    fn answers(&self, question: Question) -> bool {
        question == Question::Person
    }

    fn person(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let at = board.case.visit(place.visit).establishment;
        let date = board.calendar.date(place.day);
        for visit in board.visits_of(at) {
            let Some(placed) = board.placed(*visit).filter(|placed| placed.team.contains(who)) else { continue };
            if !self.rule.too_close(board.calendar.date(placed.day), date) {
                continue;
            }
            let here = (place.day, place.slot, place.visit);
            let later: VisitId = if (placed.day, placed.slot, *visit) < here { place.visit } else { *visit };
            if !self.waived.lifts(later, who) {
                clash(Clash::Planned { visits: &[*visit], go: 1 });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        set return-gap.days 10
        inspectors ana ben cem dea
        places p1 p2
        visit v1 p1
        visit v2 p1
        visit v3 p1
        visit w1 p2
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("return-gap", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn a_return_on_the_last_day_of_the_gap_passes_and_a_day_sooner_breaks() {
        assert!(says("history 2026-12-25 p2 ana ben\nplan w1 2027-01-04 am ana cem").is_empty());
        let found = says("history 2026-12-26 p2 ana ben\nplan w1 2027-01-04 am ana cem");
        let expected = "ana comes to p2 with visit w1 on 2027-01-04, 9 days after 2026-12-26 (history); \
                        at least 10 are asked";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn it_does_not_matter_who_came_between() {
        let past = "history 2026-12-26 p2 ana ben\nhistory 2026-12-28 p2 cem dea";
        assert_eq!(says(&format!("{past}\nplan w1 2027-01-04 am ana ben")).len(), 2);
    }

    #[test]
    fn the_later_of_two_planned_visits_breaks() {
        let found = says("plan v2 2027-01-04 am ana ben\nplan v1 2027-01-13 am ana cem");
        let expected = "ana comes to p1 with visit v1 on 2027-01-13, 9 days after 2027-01-04 with visit v2; \
                        at least 10 are asked";
        assert_eq!(found, [expected]);
        assert!(says("plan v2 2027-01-04 am ana ben\nplan v1 2027-01-14 am ana cem").is_empty());
    }

    #[test]
    fn two_visits_on_one_day_are_no_day_apart() {
        assert_eq!(says("plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 pm ana cem").len(), 1);
        assert_eq!(says("history 2027-01-04 p2 ana\nplan w1 2027-01-04 pm ana cem").len(), 1);
    }

    #[test]
    fn without_days_it_asks_nothing() {
        let lines = "set return-gap.days 0\nplan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 pm ana ben";
        let case = CASE.replace("set return-gap.days 10", "");
        assert!(broken("return-gap", &format!("{case}\n{lines}")).is_empty());
    }

    #[test]
    fn a_waiver_excuses_the_later_visit_only() {
        let plan = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-05 am ana cem";
        assert!(says(&format!("waiver return-gap v2 ana\n{plan}")).is_empty());
        assert_eq!(says(&format!("waiver return-gap v1 ana\n{plan}")).len(), 1);
        assert_eq!(says(&format!("waiver return-gap v2 ana\n{plan}\nplan v3 2027-01-06 am ana dea")).len(), 1);
    }
}
