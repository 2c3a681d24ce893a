//! A case in a few lines.

use serde_json::{Value, json};

use super::{Section, Side, count, table};
use crate::model::Case;

/// What a case has, for somebody who has just handed in its files.
pub fn summary(case: &Case) -> Section {
    let period = &case.period;
    let seats: usize = case.visits.iter().filter_map(|visit| visit.team_size).map(|size| size as usize).sum();
    let sized = case.visits.iter().filter(|visit| visit.team_size.is_some()).count();
    let leads = case.inspectors.iter().filter(|inspector| inspector.lead).count();
    let registered = case.establishments.iter().filter(|place| place.registered).count();
    let only_past = case.establishments.len() - registered;
    let mandatory = case.visits.iter().filter(|visit| visit.kind.is_mandatory()).count();
    let of_own_size = match sized {
        0 => "teams of the usual size".to_owned(),
        _ => format!("{sized} of them with a team size of their own ({})", count(seats, "seat", "seats")),
    };
    let slots = count(period.slots.len(), "slot", "slots");
    let days = count(period.days().len(), "working day", "working days");
    let rows = [
        [
            "period",
            &format!("{} to {}: {days} of {slots} ({})", period.from, period.to, period.slots_in_words().join(", ")),
        ],
        ["inspectors", &format!("{}, {leads} of them leads", case.inspectors.len())],
        ["establishments", &format!("{registered}; {only_past} more that only history names")],
        ["visits", &format!("{}, {mandatory} of them mandatory; {of_own_size}", case.visits.len())],
        ["conflicts", &case.conflicts.len().to_string()],
        ["absences", &case.absences.len().to_string()],
        ["history", &count(case.history.len(), "past visit", "past visits")],
        ["waivers", &case.waivers.len().to_string()],
    ]
    .map(|row| row.map(str::to_owned));
    let text = table(&[("", Side::Left), ("", Side::Left)], rows);
    Section::new(format!("Case: {}", case.name), text.trim_start_matches('\n'))
}

/// [`summary`] for machines.
pub fn summary_json(case: &Case) -> Value {
    let registered = case.establishments.iter().filter(|place| place.registered).count();
    json!({
        "name": case.name,
        "from": case.period.from.to_string(),
        "to": case.period.to.to_string(),
        "working_days": case.period.days().len(),
        "slots": case.period.slots,
        "inspectors": case.inspectors.len(),
        "leads": case.inspectors.iter().filter(|inspector| inspector.lead).count(),
        "establishments": registered,
        "establishments_of_history": case.establishments.len() - registered,
        "visits": case.visits.len(),
        "mandatory_visits": case.visits.iter().filter(|visit| visit.kind.is_mandatory()).count(),
        "conflicts": case.conflicts.len(),
        "absences": case.absences.len(),
        "history": case.history.len(),
        "waivers": case.waivers.len(),
    })
}
