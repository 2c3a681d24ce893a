//! How days and slots are written in sentences.

use chrono::NaiveDate;

use crate::model::{Assignment, Case, SlotId};

/// A slot's name.
pub(super) fn slot(case: &Case, slot: SlotId) -> &str {
    case.period.slots.get(slot.index()).map_or("?", String::as_str)
}

/// A day and a slot: `Mon 2027-01-04 am`.
pub(super) fn moment(case: &Case, date: NaiveDate, at: SlotId) -> String {
    format!("{} {}", day(date), slot(case, at))
}

/// When an assignment begins.
pub(super) fn when(case: &Case, assignment: &Assignment) -> String {
    moment(case, assignment.date, assignment.slot)
}

/// A day with its weekday: `Mon 2027-01-04`.
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%a %Y-%m-%d").to_string()
}

/// One day, or a run of days.
pub(super) fn days(from: NaiveDate, to: NaiveDate) -> String {
    if from == to { day(from) } else { format!("{} to {}", day(from), day(to)) }
}
