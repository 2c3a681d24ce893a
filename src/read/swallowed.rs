//! Rows that a quoted cell swallowed: a quote that was left open, and another one later that closes it just before a delimiter
//! or a line end. Nothing is wrong with such text by itself; only the lines of the cell tell that they are rows.
//!
//! A line after the first of a cell is taken for a row if it has as many cells as the table. Commas of prose have a blank
//! after them, so a line in which all have one is an address or a note, unless the table is written like that too.

use std::collections::BTreeMap;

use super::csv::Record;
use super::quotes::Lines;

/// A line within a cell that may be a row.
#[derive(Clone, Debug)]
pub(super) struct Swallowed {
    /// The row that has the cell.
    pub(super) row: u64,
    /// The line of a text editor in which the cell begins.
    pub(super) opened: u64,
    /// The line that may be a row.
    pub(super) line: u64,
    /// What stands in it.
    pub(super) text: String,
}

/// What is looked at, record by record. How wide the table is, is known only in the end.
pub(super) struct Look {
    delimiter: u8,
    /// Whether the table itself has blanks after its delimiters.
    spaced: bool,
    header: Option<usize>,
    widths: BTreeMap<usize, u64>,
    /// The width of the last records and how many they are, before they go to `widths`.
    run: (usize, u64),
    /// By how many cells it has: the first line that may be a row.
    lines: BTreeMap<usize, Swallowed>,
}

impl Look {
    pub(super) fn new(delimiter: u8) -> Self {
        let (widths, lines) = (BTreeMap::new(), BTreeMap::new());
        Self { delimiter, spaced: false, header: None, widths, run: (0, 0), lines }
    }

    /// Looks at the next record.
    pub(super) fn take(&mut self, record: &Record<'_>) {
        if self.header.is_none() && !record.is_blank() {
            self.header = Some(record.len());
            self.spaced = (1..record.len()).any(|at| record.raw(at).starts_with(' '));
        }
        if self.run.0 == record.len() {
            self.run.1 += 1;
        } else {
            let (width, count) = std::mem::replace(&mut self.run, (record.len(), 1));
            *self.widths.entry(width).or_default() += count;
        }
        if record.has_lines() {
            self.cells(record);
        }
    }

    fn cells(&mut self, record: &Record<'_>) {
        let mut editor = Lines::default();
        for at in 0..record.len() {
            let cell = record.raw(at);
            let lines = split(cell);
            let (opened, first) = (record.line + editor.line() - 1, at + self.count(lines[0]) + 1);
            for (below, line) in lines.iter().enumerate().skip(1) {
                let own = self.count(line);
                let is_last = below + 1 == lines.len();
                let cells = own + 1 + if is_last { record.len() - 1 - at } else { 0 };
                // The last line of an address in the first column has all the other cells after it, and is no row.
                let alone = own == 0 && !(is_last && first == cells);
                if cells > 1 && !alone && !self.is_prose(line, own) {
                    let line_at = opened + below as u64;
                    let text = (*line).to_owned();
                    let found = Swallowed { row: record.row, opened, line: line_at, text };
                    self.lines.entry(cells).or_insert(found);
                }
            }
            editor.pass(cell);
        }
    }

    fn count(&self, line: &str) -> usize {
        line.bytes().filter(|byte| *byte == self.delimiter).count()
    }

    fn is_prose(&self, line: &str, commas: usize) -> bool {
        let blank = |rest: &&str| rest.is_empty() || rest.starts_with(char::is_whitespace);
        self.delimiter == b',' && commas > 0 && !self.spaced && line.split(',').skip(1).all(|rest| blank(&rest))
    }

    /// The first line of a cell that is a row of the table: as wide as its header, or as most of its records.
    pub(super) fn end(mut self) -> Option<Swallowed> {
        *self.widths.entry(self.run.0).or_default() += self.run.1;
        let usual = self.widths.iter().max_by_key(|(_, count)| **count).map(|(width, _)| *width);
        let found = [self.header, usual].into_iter().flatten().filter_map(|width| self.lines.get(&width));
        found.min_by_key(|found| found.line).cloned()
    }
}

/// The lines of a cell; at least one.
fn split(cell: &str) -> Vec<&str> {
    cell.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r')).collect()
}
