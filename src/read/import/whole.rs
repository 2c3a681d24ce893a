//! Ids that a program took for numbers and wrote with a fraction: `7.0`, `12.0`.
//!
//! Whoever handles tables as numbers (pandas does) makes `7.0` of `7` as soon as one cell of the column is blank. Where every id
//! of a column is like that, none is meant so.

use super::super::header::Header;
use super::super::problem::{Log, counted, shown};
use super::super::spelled::{trim, without_apostrophe, without_point_zero};
use super::grid::Line;

/// Columns that hold one id a cell.
const IDS: [&str; 7] = ["id", "inspector", "inspectors", "establishment", "supervisor", "target", "visit"];

/// Reads the ids of each column of whole numbers without their `.0`, and says so.
pub(super) fn read(header: &Header, columns: usize, lines: &mut [Line], log: &mut Log) {
    for column in (0..columns).filter(|column| IDS.contains(&header.name(*column))) {
        let Some(place) = header.place(column) else { continue };
        let blank = |cell: &str| cell.is_empty() || header.says().missing.iter().any(|word| word == cell);
        let whole = |line: &&mut Line| !blank(trim(line.cell(place)));
        let all = lines.iter().map(|line| trim(line.cell(place))).filter(|cell| !blank(cell));
        let mut count = 0;
        let is_whole = all.inspect(|_| count += 1).all(|cell| without_point_zero(without_apostrophe(cell)).is_some());
        if !is_whole || count == 0 {
            continue;
        }
        let mut example = None;
        for line in lines.iter_mut().filter(whole) {
            let cell = without_apostrophe(trim(line.cell(place))).to_owned();
            let id = without_point_zero(&cell).unwrap_or(&cell).to_owned();
            example.get_or_insert_with(|| (shown(&cell), shown(&id)));
            id.clone_into(&mut line.cells[place]);
        }
        let (cell, id) = example.unwrap_or_default();
        let cells = counted(count, "cell", "cells");
        let title = shown(header.title(column));
        log.note(
            &header.file,
            format!("{title}: every id ends in `.0`, which programs put behind whole numbers, and is read without it ({cells}; `{cell}` is `{id}`)"),
        );
    }
}
