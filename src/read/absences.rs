//! Leave and other absences.

use std::rc::Rc;

use super::dates::end::{self, Ends, Whole};
use super::dates::{self, DateKey, Dates};
use super::header::Header;
use super::ids::{Directory, nfc};
use super::policy::Policy;
use super::problem::{Level, Log, Problem};
use super::table::{Desk, Row, Table, may, must, told};
use super::unique;
use crate::model::{Absence, InspectorId, SlotId, is_blank};

pub(super) const TABLE: Table =
    Table { name: "absences", columns: &[must("inspector"), must("from"), must("to"), told("reason"), may("slots")] };
const INSPECTOR: usize = 0;
const FROM: usize = 1;
const TO: usize = 2;
const REASON: usize = 3;
const SLOTS: usize = 4;

/// A row whose days are not settled yet.
struct Draft {
    row: u64,
    inspector: InspectorId,
    from: Option<DateKey>,
    to: Option<DateKey>,
    /// Whether it is of whole days, by the columns of its times.
    whole: bool,
    reason: Option<String>,
    slots: Vec<SlotId>,
}

/// Reads the absences, in order, each once. Those that overlap stay as they are: a day is absent or not.
pub(super) fn read(desk: &mut Desk<'_>, people: &Directory) -> Vec<Absence> {
    let mut drafts = Vec::new();
    let mut dates = [FROM, TO].map(Dates::new);
    let (mut ends, policy) = (None, Rc::clone(&desk.policy));
    let header = desk.table(&TABLE, false, &mut |row, log| {
        let inspector = required(row, INSPECTOR, log).and_then(|id| people.join(row, INSPECTOR, &nfc(id), log));
        let [from, to] = &mut dates;
        let (from, to) = (required(row, FROM, log).and(from.take(row)), required(row, TO, log).and(to.take(row)));
        let reason = super::cells::label(row, REASON);
        let slots = slots(row, &policy, log);
        let whole = ends.get_or_insert_with(|| Ends::of(row.header.others())).is_whole(row);
        let draft = |at| Draft { row: row.number(), inspector: InspectorId(at), from, to, whole, reason, slots };
        drafts.extend(inspector.map(draft));
    });
    let Some(header) = header else { return Vec::new() };
    let [from, to] = dates::settle(&dates, &header, &mut desk.log);
    let (mut absences, mut whole) = (Vec::new(), Vec::new());
    for draft in drafts {
        let midnight = from.is_midnight(draft.from) && to.is_midnight(draft.to);
        let (Some(from), Some(to)) = (from.get(draft.from), to.get(draft.to)) else { continue };
        let absence = Absence { inspector: draft.inspector, from, to, reason: draft.reason, slots: draft.slots };
        check_order(&absence, draft.row, &header, &mut desk.log);
        whole.push((draft.whole || midnight) && from <= to);
        absences.push((absence, draft.row));
    }
    let of_whole = absences.iter_mut().zip(whole).filter(|(_, whole)| *whole);
    let rows = of_whole.map(|((absence, row), _)| Whole { row: *row, from: absence.from, to: &mut absence.to });
    end::settle(&header, TO, rows.collect(), &mut desk.log);
    unique::distinct(&header, absences, &mut desk.log)
}

/// The slots of a part of a day, in order, each once; none where the cell is blank, for the whole day.
fn slots(row: &Row<'_>, policy: &Policy, log: &mut Log) -> Vec<SlotId> {
    let mut slots: Vec<SlotId> = super::cells::split(row, SLOTS)
        .filter_map(|name| super::visits::named_slot(row, SLOTS, name, policy, log))
        .collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// What stands in a column that must not be blank.
pub(super) fn required<'a>(row: &Row<'a>, column: usize, log: &mut Log) -> Option<&'a str> {
    let text = row.text(column);
    if text.is_none() {
        log.one_of(Level::Error, &row.header.file, "blank cells where something must stand", || {
            row.problem(column, "the cell is blank", "Fill it, or delete the row")
        });
    }
    text.filter(|text| can_be_read(text, row, column, log))
}

/// Whether anything in a cell can be seen: a reason of marks alone is none.
fn can_be_read(text: &str, row: &Row<'_>, column: usize, log: &mut Log) -> bool {
    if is_blank(text) {
        log.one_of(Level::Error, &row.header.file, "cells in which nothing can be seen", || {
            row.problem(column, "nothing in the cell can be seen", "Write it in words that can be read")
        });
    }
    !is_blank(text)
}

fn check_order(absence: &Absence, row: u64, header: &Header, log: &mut Log) {
    if absence.to < absence.from {
        log.one_of(Level::Error, &header.file, "absences that end before they begin", || {
            let why = format!("the absence ends before it begins on {}", absence.from);
            let problem = Problem::error(&header.file, why, "Correct one of the two dates");
            problem.row(row).column(header.title(TO)).value(&absence.to.to_string())
        });
    }
}
