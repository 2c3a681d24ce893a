//! An inspector's visits of one day lie within reach of each other.
//!
//! # Says
//! Any two visits of one inspector on one day are to places that lie at most so many kilometres apart, as the crow flies. A place without
//! coordinates is within reach of every place. A visit that history records on the same day counts. Of two planned visits
//! the later one breaks the rule, and a waiver for it lifts the rule for that person. With 0 kilometres the rule asks nothing.
//! DRAW.md, section 2, says how the distance is counted in whole numbers.
//!
//! # Why
//! Districts have borders and roads do not know them: two places of one district can be a day apart, and two of different districts next
//! door.
//!
//! # Passes
//! With 30 km: on Monday Ana goes to Porto and to Matosinhos, 8 km from it.
//!
//! # Breaks
//! With 30 km: on Monday Ana goes to Porto in the morning and to Braga, 47 km from it, in the afternoon.
//!
//! # Source
//! Home care and field service planning: places visited by one person on one day are near each other. Distance by the haversine formula
//! (R. W. Sinnott, Sky and Telescope, 1984).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::seats::Waived;
use super::shared::within;
use super::{
    Board, Check, Chosen, Clash, Entry, Found, Guard, Held, Parameter, Place, Question, Reach, Rule, Shape, Start,
    Value, Violation,
};
use crate::model::{Case, EstablishmentId, InspectorId, Point, VisitId};

mod distance;

pub use distance::is_within;

const NAME: &str = "travel";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 2,
    shape: Shape::Limit,
    enabled: false,
    waivable: true,
    parameters: &[Parameter {
        name: "km",
        value: Value::Number(50, 0, 2000),
        says: "kilometres between two visits of one person on one day, at most; 0 asks nothing",
    }],
    later: &[],
    text: include_str!("travel.rs"),
    make: |chosen: &Chosen| {
        Box::new(Travel { km: u32::try_from(chosen.number("km")).expect("declared as 0 to 2,000") })
    },
};

#[derive(Clone, Copy)]
struct Travel {
    km: u32,
}

impl Travel {
    /// Whether the two places lie too far apart for one day.
    fn is_too_far(self, a: Option<Point>, b: Option<Point>) -> bool {
        a.zip(b).is_some_and(|(a, b)| !is_within(a, b, self.km))
    }
}

impl Rule for Travel {
    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        let point = |place: EstablishmentId| case.establishment(place).point;
        let mut points: Vec<Point> = case.establishments.iter().filter_map(|place| place.point).collect();
        points.sort_unstable();
        points.dedup();
        let mut past: BTreeMap<_, Vec<Point>> = BTreeMap::new();
        for row in within(&case.history, case.period.from, case.period.to) {
            for who in &row.team {
                past.entry((*who, row.date)).or_default().extend(point(row.establishment));
            }
        }
        let point_of = case.visits.iter().map(|visit| point(visit.establishment)).collect();
        let guard = Distances { rule: *self, waived: Waived::of(case, NAME), point_of, past };
        (self.km > 0 && points.len() > 1).then(|| Box::new(guard) as Box<dyn Guard>)
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let has_point = |place: EstablishmentId| case.establishment(place).point.is_some();
        let mut past = vec![Vec::new(); case.inspectors.len()];
        for row in case.history.iter().filter(|row| has_point(row.establishment)) {
            row.team.iter().for_each(|who| past[who.index()].push((row.date, row.establishment)));
        }
        let any = self.km > 0 && case.visits.iter().any(|visit| has_point(visit.establishment));
        any.then(|| Box::new(Days { rule: *self, case, waived: Waived::of(case, NAME), past }) as Box<dyn Check>)
    }
}

/// Where history has people.
struct Days<'c> {
    rule: Travel,
    case: &'c Case,
    waived: Waived,
    /// By person, in order of time: when, and at which place whose coordinates are known.
    past: Vec<Vec<(NaiveDate, EstablishmentId)>>,
}

impl Check for Days<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for (who, starts) in held.people() {
            for day in starts.chunk_by(|a, b| a.day == b.day) {
                let past = self.past_on(who, day[0].date);
                // Most people have one visit on a day, and nothing to travel to.
                if day.len() + past.len() > 1 {
                    self.check_day(who, past, day, found);
                }
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Weeks
    }
}

impl Days<'_> {
    fn past_on(&self, who: InspectorId, date: NaiveDate) -> &[(NaiveDate, EstablishmentId)] {
        let past = &self.past[who.index()];
        let end = past.partition_point(|(day, _)| *day <= date);
        &past[past[..end].partition_point(|(day, _)| *day < date)..end]
    }

    fn check_day(&self, who: InspectorId, past: &[(NaiveDate, EstablishmentId)], day: &[Start], found: &mut Found) {
        for (at, start) in day.iter().enumerate() {
            let place = |visit: VisitId| self.case.visit(visit).establishment;
            let history = past.iter().map(|(_, place)| (*place, None));
            let mut earlier = history.chain(day[..at].iter().map(|one| (place(one.visit), Some(one.visit))));
            let point = |place: EstablishmentId| self.case.establishment(place).point;
            let far = earlier.find(|(there, _)| self.rule.is_too_far(point(*there), point(place(start.visit))));
            let Some((there, with)) = far.filter(|_| !self.waived.lifts(start.visit, who)) else { continue };
            found.tell(|| self.violation(who, there, with, *start));
        }
    }

    fn violation(&self, who: InspectorId, there: EstablishmentId, with: Option<VisitId>, start: Start) -> Violation {
        let case = self.case;
        let with = with.map_or("history".to_owned(), |visit| format!("visit {}", case.visit(visit).id));
        let says = format!(
            "{} is at {} ({with}) and at {} on visit {} on {}, more than {} km apart",
            case.inspector(who).id,
            case.establishment(there).id,
            case.place_of(start.visit).id,
            case.visit(start.visit).id,
            start.date,
            self.rule.km,
        );
        Violation { rule: NAME, visits: vec![start.visit], inspectors: vec![who], says }
    }
}

/// Where visits lie, for the builder.
struct Distances {
    rule: Travel,
    waived: Waived,
    point_of: Vec<Option<Point>>,
    past: BTreeMap<(InspectorId, NaiveDate), Vec<Point>>,
}

impl Guard for Distances {
    fn answers(&self, question: Question) -> bool {
        question == Question::Person
    }

    fn person(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let here = self.point_of[place.visit.index()];
        if here.is_none() {
            return;
        }
        for duty in board.duties(who, place.day) {
            if !self.rule.is_too_far(here, self.point_of[duty.visit.index()]) {
                continue;
            }
            let later = (place.slot, place.visit).max((duty.slot, duty.visit)).1;
            if !self.waived.lifts(later, who) {
                clash(Clash::Planned { visits: &[duty.visit], go: 1 });
            }
        }
        if self.past.is_empty() || self.waived.lifts(place.visit, who) {
            return;
        }
        let past = self.past.get(&(who, board.calendar.date(place.day)));
        if past.is_some_and(|past| past.iter().any(|there| self.rule.is_too_far(here, Some(*there)))) {
            clash(Clash::Fixed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{broken, on_by_default};

    const CASE: &str = "
        slots am pm night
        set travel.km 30
        inspectors ana ben cem dea
        place porto lat=41149450 lon=-8610790
        place matosinhos lat=41182180 lon=-8689080
        place braga lat=41550322 lon=-8420053
        place somewhere
        visit vp porto
        visit vm matosinhos
        visit vb braga
        visit vs somewhere
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("travel", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn it_is_off_unless_a_policy_turns_it_on() {
        assert!(!on_by_default("travel"));
    }

    #[test]
    fn places_near_each_other_pass_and_others_on_another_day() {
        let day = "plan vp 2027-01-04 am ana ben\nplan vm 2027-01-04 pm ana cem";
        assert!(says(&format!("{day}\nplan vb 2027-01-05 am ana ben")).is_empty());
        assert!(says("plan vp 2027-01-04 am ana ben\nplan vb 2027-01-04 am cem dea").is_empty());
    }

    #[test]
    fn a_far_place_on_the_same_day_breaks() {
        let plan = "plan vp 2027-01-04 am ana ben\nplan vb 2027-01-04 pm ana cem";
        let expected = "ana is at porto (visit vp) and at braga on visit vb on 2027-01-04, more than 30 km apart";
        assert_eq!(says(plan), [expected]);
        assert_eq!(broken("travel", &format!("{CASE}\n{plan}").replace("km 30", "km 48")), [""; 0]);
        assert_eq!(broken("travel", &format!("{CASE}\n{plan}").replace("km 30", "km 0")), [""; 0]);
    }

    #[test]
    fn a_place_without_coordinates_is_near_every_place() {
        assert!(says("plan vs 2027-01-04 am ana ben\nplan vb 2027-01-04 pm ana cem").is_empty());
        let three = "plan vp 2027-01-04 am ana ben\nplan vs 2027-01-04 pm ana cem\nplan vb 2027-01-04 night ana dea";
        assert_eq!(says(three).len(), 1, "but it is no bridge between two that are far from each other");
    }

    #[test]
    fn history_of_the_day_counts() {
        assert!(says("history 2027-01-04 matosinhos ana\nplan vp 2027-01-04 am ana ben").is_empty());
        let found = says("history 2027-01-04 porto ana\nplan vb 2027-01-04 am ana ben");
        assert_eq!(found, ["ana is at porto (history) and at braga on visit vb on 2027-01-04, more than 30 km apart"]);
    }

    #[test]
    fn a_waiver_excuses_the_later_visit() {
        let plan = "plan vp 2027-01-04 am ana ben\nplan vb 2027-01-04 pm ana cem";
        assert!(says(&format!("waiver travel vb ana\n{plan}")).is_empty());
        assert_eq!(says(&format!("waiver travel vp ana\n{plan}")).len(), 1);
    }
}
