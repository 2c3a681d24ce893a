//! Cells that no header names, and characters that nobody sees: counted while a table is read, and told in the end.
//!
//! A remark beside a table is worth a warning. A column that is filled in most rows is one whose header somebody forgot,
//! and it may be the leave: that is asked.

use std::collections::BTreeMap;

use super::csv::Record;
use super::header::Header;
use super::problem::{Log, Problem, counted, grouped, shown};
use super::spelled::has_unseen_edges;

/// What was met in one table.
#[derive(Default)]
pub(super) struct Stray {
    rows: u64,
    columns: BTreeMap<usize, Column>,
    /// Cells with unseen characters at an edge, and the first of them: its row and its header.
    unseen: u64,
    first: Option<(u64, String)>,
}

/// A column without header.
struct Column {
    filled: u64,
    row: u64,
    value: String,
    /// The next number, as long as the column counts the rows.
    next: Option<u64>,
}

impl Stray {
    /// Looks at a row.
    pub(super) fn look(&mut self, header: &Header, record: &Record<'_>) {
        self.rows += 1;
        let beyond = header.width()..record.len();
        for at in header.unnamed().iter().copied().chain(beyond) {
            let cell = record.cell(at);
            if !cell.is_empty() {
                self.filled(at, cell, record.row);
            }
        }
        if !record.is_ascii() {
            for at in header.places() {
                if has_unseen_edges(record.cell(at)) {
                    self.unseen += 1;
                    self.first.get_or_insert_with(|| (record.row, header.title_at(at).to_owned()));
                }
            }
        }
    }

    fn filled(&mut self, at: usize, cell: &str, row: u64) {
        let number = cell.parse::<u64>().ok();
        match self.columns.get_mut(&at) {
            Some(column) => {
                column.filled += 1;
                column.next = column.next.filter(|next| number == Some(*next)).map(|next| next + 1);
            }
            None => {
                let next = number.filter(|number| *number < 2 && self.rows == 1).map(|number| number + 1);
                self.columns.insert(at, Column { filled: 1, row, value: shown(cell), next });
            }
        }
    }

    /// Tells what was met.
    pub(super) fn tell(self, header: &Header, log: &mut Log) {
        for (at, column) in &self.columns {
            self.column(*at, column, header, log);
        }
        if let Some((row, title)) = self.first {
            let cells = counted(self.unseen, "cell begins or ends", "cells begin or end");
            let says = format!(
                "{cells} with characters that nobody sees, which are cut off (first in row {row}, {})",
                shown(&title)
            );
            log.note(&header.file, says);
        }
    }

    fn column(&self, at: usize, column: &Column, header: &Header, log: &mut Log) {
        let name = letters(at);
        if column.next.is_some() && column.filled == self.rows && self.rows > 1 {
            return log.note(&header.file, format!("column {name} has no header and counts the rows: it is not read"));
        }
        let cells = counted(column.filled, "cell is filled", "cells are filled");
        let rows = grouped(self.rows);
        let why = format!("column {name} has no header, and {cells} in its {rows} rows");
        if header.says().ignore_unnamed {
            return log.note(&header.file, format!("{why}: not read, as `ignore_unnamed` asks"));
        }
        let problem = Problem::error(&header.file, why, "").row(column.row).value(&column.value);
        let most = column.filled * 2 > self.rows && self.rows > 1;
        if most || looks_like_a_date(&column.value) {
            let why = format!("{}. If it is to be read, write a header above it", problem.why);
            let says = "if it is not to be read";
            log.ask(header.says(), Problem { why, ..problem }, &[(says, &[("ignore_unnamed", "true")])]);
        } else {
            let advice = "They are not read; if they say something, write a header above the column";
            let level = super::problem::Level::Warning;
            log.push(Problem { level, advice: advice.to_owned(), ..problem });
        }
    }
}

/// Whether a day may be meant: three numbers apart, such as `4.1.2027`.
fn looks_like_a_date(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let number = |part: &&str| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() >= 3 && parts.iter().take(3).all(number) && parts.iter().take(3).any(|part| part.len() == 4)
}

/// What a spreadsheet calls a column: `A`, `Z`, `AA`.
fn letters(at: usize) -> String {
    let last = char::from(b'A' + u8::try_from(at % 26).unwrap_or_default());
    if at < 26 { last.to_string() } else { format!("{}{last}", letters(at / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_called_as_spreadsheets_call_them() {
        for (at, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (1023, "AMJ")] {
            assert_eq!(letters(at), name);
        }
    }

    #[test]
    fn a_day_is_known_by_its_numbers() {
        assert!(["2027-01-04", "4.1.2027", "04/01/2027 00:00"].into_iter().all(looks_like_a_date));
        assert!(!["checked", "12-A", "1.5", "10.0.0.1", "2027"].into_iter().any(looks_like_a_date));
    }
}
