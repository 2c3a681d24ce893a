//! The roster, the register, and how the visits are spread over people.

use std::collections::BTreeSet;

use super::told::{Day, Person, Place};
use crate::model::{Case, InspectorId, Schedule};

/// How many visits everybody has, in the order of the roster.
pub(super) fn visits_of_each(case: &Case, schedule: &Schedule) -> Vec<usize> {
    let mut visits = vec![0; case.inspectors.len()];
    schedule.assignments.values().flat_map(|to| to.team.members()).for_each(|who| visits[who.index()] += 1);
    visits
}

/// Everybody on the roster.
pub(super) fn people(case: &Case, schedule: &Schedule) -> Vec<Person> {
    let visits = visits_of_each(case, schedule);
    let days = case.period.days();
    let person = |who: InspectorId| {
        let inspector = case.inspector(who);
        let absent = |day: &chrono::NaiveDate| {
            let absences = case.absences.iter().filter(|absence| absence.inspector == who);
            let whole = absences.filter(|one| one.slots.is_empty() || one.slots.len() == case.period.slots.len());
            whole.into_iter().any(|absence| absence.from <= *day && *day <= absence.to)
        };
        Person {
            id: inspector.id.clone(),
            name: inspector.name.clone(),
            unit: inspector.unit.clone(),
            lead: inspector.lead,
            visits: visits[who.index()],
            away: days.iter().copied().filter(absent).map(Day).collect(),
        }
    };
    case.inspector_ids().map(person).collect()
}

/// The places that a visit is for.
pub(super) fn places(case: &Case) -> Vec<Place> {
    let visited: BTreeSet<_> = case.visits.iter().map(|visit| visit.establishment).collect();
    let place = |at| {
        let place = case.establishment(at);
        Place { id: place.id.clone(), name: place.name.clone(), district: place.district.clone() }
    };
    visited.into_iter().map(place).collect()
}
