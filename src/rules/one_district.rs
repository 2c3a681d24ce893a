//! An inspector's visits of one day lie in one district.
//!
//! # Says
//! All visits of one inspector on one day are to places in one district. Places without a district
//! count as a district of their own. A visit that history records on the same day counts where its
//! place has a district. Of two planned visits the later one breaks the rule, and a waiver for it
//! lifts the rule for that person.
//!
//! # Why
//! Who crosses the country between two visits inspects little at either, and is seen on the way.
//!
//! # Passes
//! Ana goes to two places in Harbour on Monday, and to one in Old Town on Tuesday.
//!
//! # Breaks
//! On Monday Ana goes to Harbour in the morning and to Old Town in the afternoon.
//!
//! # Source
//! Practice of county inspectorates: in Wake County two of three visits of an inspector lie in one town.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::shared::{Waived, within};
use super::{Board, Chosen, Clash, Entry, Guard, Place, Rule, Shape, Violation};
use crate::model::{Case, EstablishmentId, InspectorId, Schedule, SlotId, VisitId};

const NAME: &str = "one-district";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    shape: Shape::Limit,
    enabled: true,
    parameters: &[],
    text: include_str!("one_district.rs"),
    make: |_: &Chosen| Box::new(OneDistrict),
};

struct OneDistrict;

/// What one person has on one day: what history records, then what is planned in order of time.
#[derive(Default)]
struct DayOf {
    past: Vec<EstablishmentId>,
    planned: Vec<(SlotId, VisitId)>,
}

impl Rule for OneDistrict {
    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        let mut numbers = BTreeMap::new();
        let mut district = Vec::with_capacity(case.establishments.len());
        for establishment in &case.establishments {
            let next = numbers.len();
            district.push(*numbers.entry(establishment.district.as_deref()).or_insert(next));
        }
        let mut past: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for row in within(&case.history, case.period.from, case.period.to) {
            if case.establishment(row.establishment).district.is_some() {
                for who in &row.team {
                    past.entry((*who, row.date)).or_default().push(district[row.establishment.index()]);
                }
            }
        }
        let district_of = case.visits.iter().map(|visit| district[visit.establishment.index()]).collect();
        let guard = Districts { waived: Waived::of(case, NAME), district_of, past };
        (numbers.len() > 1).then(|| Box::new(guard) as Box<dyn Guard>)
    }

    fn check(&self, case: &Case, schedule: &Schedule) -> Vec<Violation> {
        let mut days: BTreeMap<(InspectorId, NaiveDate), DayOf> = BTreeMap::new();
        for (visit, assignment) in &schedule.assignments {
            for who in assignment.team.members() {
                let day = days.entry((*who, assignment.date)).or_default();
                day.planned.push((assignment.slot, *visit));
            }
        }
        for past in &case.history {
            for who in &past.team {
                if let Some(day) = days.get_mut(&(*who, past.date)) {
                    day.past.push(past.establishment);
                }
            }
        }
        days.into_iter().flat_map(|((who, date), day)| check_day(case, who, date, day)).collect()
    }
}

fn check_day(case: &Case, who: InspectorId, date: NaiveDate, mut day: DayOf) -> Vec<Violation> {
    day.planned.sort_unstable();
    let district = |place: EstablishmentId| case.establishment(place).district.as_deref();
    // The first visit to each district is evidence enough.
    let mut seen: BTreeMap<Option<&str>, String> = BTreeMap::new();
    for place in day.past.into_iter().filter(|place| district(*place).is_some()) {
        seen.entry(district(place)).or_insert_with(|| format!("{} (history)", case.establishment(place).id));
    }
    let mut found = Vec::new();
    for (_, visit) in day.planned {
        let here = district(case.visit(visit).establishment);
        let other = seen.iter().find(|(district, _)| **district != here);
        if let Some((there, place)) = other.filter(|_| !case.waived(NAME, visit, who)) {
            let says = format!(
                "{} is in {} at {place} and in {} on visit {} on {date}",
                case.inspector(who).id,
                there.unwrap_or("no district"),
                here.unwrap_or("no district"),
                case.visit(visit).id,
            );
            found.push(Violation { rule: NAME, visits: vec![visit], inspectors: vec![who], says });
        }
        seen.entry(here).or_insert_with(|| format!("{} (visit {})", case.place_of(visit).id, case.visit(visit).id));
    }
    found
}

/// Districts as numbers, for the builder.
struct Districts {
    waived: Waived,
    district_of: Vec<usize>,
    past: BTreeMap<(InspectorId, NaiveDate), Vec<usize>>,
}

impl Guard for Districts {
    fn person(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let here = self.district_of[place.visit.index()];
        for duty in board.duties(who, place.day) {
            if self.district_of[duty.visit.index()] == here {
                continue;
            }
            let later = (place.slot, place.visit).max((duty.slot, duty.visit)).1;
            if !self.waived.lifts(later, who) {
                clash(Clash::Planned { visits: &[duty.visit], go: 1 });
            }
        }
        let past = || self.past.get(&(who, board.calendar.date(place.day)));
        let elsewhere = || past().is_some_and(|past| past.iter().any(|district| *district != here));
        if !self.past.is_empty() && elsewhere() && !self.waived.lifts(place.visit, who) {
            clash(Clash::Fixed);
        }
    }
}
