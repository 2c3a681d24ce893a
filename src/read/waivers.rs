//! Signed exceptions. Whether there is a rule of that name is for the rule book to say.

use super::absences::required;
use super::dates::{self, DateKey, Dates};
use super::ids::{Directory, nfc};
use super::table::{Desk, Table, must};
use super::{Waived, unique};
use crate::model::{InspectorId, VisitId, Waiver};

pub(super) const TABLE: Table = Table {
    name: "waivers",
    columns: &[must("rule"), must("visit"), must("inspector"), must("reason"), must("approver"), must("date")],
};
const RULE: usize = 0;
const VISIT: usize = 1;
const INSPECTOR: usize = 2;
const REASON: usize = 3;
const APPROVER: usize = 4;
const DATE: usize = 5;

/// A row whose date is not settled yet.
struct Draft {
    row: u64,
    texts: [String; 3],
    visit: u32,
    inspector: u32,
    date: Option<DateKey>,
}

/// Reads the waivers, in order, each once. Without visits they have nothing to lift.
pub(super) fn read(desk: &mut Desk<'_>, people: &Directory, visits: Option<&Directory>) -> Vec<Waiver> {
    let Some(visits) = visits else { return Vec::new() };
    let mut named = Vec::new();
    let mut drafts = Vec::new();
    let mut dates = [Dates::new(DATE)];
    let header = desk.table(&TABLE, false, &mut |row, log| {
        named.extend(row.text(RULE).map(|rule| (row.number(), nfc(rule))));
        let texts = [RULE, REASON, APPROVER].map(|column| required(row, column, log).map(nfc));
        let visit = required(row, VISIT, log).and_then(|id| visits.join(row, VISIT, &nfc(id), log));
        let inspector = required(row, INSPECTOR, log).and_then(|id| people.join(row, INSPECTOR, &nfc(id), log));
        let date = required(row, DATE, log).and(dates[0].take(row));
        if let ([Some(rule), Some(reason), Some(approver)], Some(visit), Some(inspector)) = (texts, visit, inspector) {
            drafts.push(Draft { row: row.number(), texts: [rule, reason, approver], visit, inspector, date });
        }
    });
    let Some(header) = header else { return Vec::new() };
    let column = header.title(RULE);
    let waived = named.into_iter().map(|(row, rule)| {
        let (file, row) = header.place_of(row);
        Waived { file, row, column: column.to_owned(), rule }
    });
    desk.waived = waived.collect();
    let [dates] = dates::settle(&dates, &header, &mut desk.log);
    let waiver = |draft: Draft| {
        let ([rule, reason, approver], date) = (draft.texts, dates.get(draft.date)?);
        let (visit, inspector) = (VisitId(draft.visit), InspectorId(draft.inspector));
        Some((Waiver { rule, visit, inspector, reason, approver, date }, draft.row))
    };
    let waivers = drafts.into_iter().filter_map(waiver).collect();
    unique::distinct(&header, waivers, &mut desk.log)
}
