//! Places that a cap on visits makes safe: told, since it cuts against "no place is ever safe".

use serde_json::{Value, json};

use super::{Section, Side, count, table};
use crate::model::{Case, Schedule};
use crate::rules::{Book, Safe};

/// Places that are named.
const NAMED: usize = 10;

/// The places that nobody may visit any more without a cause, those that are safe longest first. None where there are none.
pub fn safe_places(case: &Case, book: &Book, schedule: &Schedule) -> Option<Section> {
    let mut safe = book.safe_places(case, schedule);
    // Never is later than any day.
    safe.sort_by_key(|one| (one.again.is_some(), std::cmp::Reverse(one.again), one.place));
    let places = case.establishments.iter().filter(|place| place.registered).count();
    let columns = [("place", Side::Left), ("safe days", Side::Right), ("visited again from", Side::Left)];
    let row = |one: &Safe| {
        let again = one.again.map_or_else(|| "never".to_owned(), |day| day.to_string());
        [case.establishment(one.place).id.clone(), one.days.to_string(), again]
    };
    let working = count(case.period.days().len(), "working day", "working days");
    let more = match safe.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("\n... and {more} more"),
    };
    let body = format!(
        "Of the {working} of the period, on so many no visit that counts may come. Who knows this knows that the place is safe;\n\
         visits of the kinds that rule visit-cap does not count may still come.\n{}{more}",
        table(&columns, safe.iter().take(NAMED).map(row)),
    );
    let title = format!("Safe by the cap on visits: {} of {}", safe.len(), count(places, "place", "places"));
    (!safe.is_empty()).then(|| Section::new(title, body))
}

/// The same for machines, in the order of ids.
pub fn safe_places_json(case: &Case, book: &Book, schedule: &Schedule) -> Value {
    let one = |safe: Safe| {
        json!({
            "place": case.establishment(safe.place).id, "days": safe.days,
            "again": safe.again.map(|day| day.to_string()),
        })
    };
    book.safe_places(case, schedule).into_iter().map(one).collect()
}
