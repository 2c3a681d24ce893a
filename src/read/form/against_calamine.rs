//! Every workbook among the tests is read by `calamine` too, and each of its cells must show the same. (Not XLSB: it passes over the
//! short records of cells, which SheetJS writes.)

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader};

use super::{Form, of};
use crate::read::source::Memory;
use crate::read::values::{iso, number, serial};
use crate::read::workbook::Line;

/// Writers whose workbooks calamine shows in another way: days that count from 1904, which it leaves to its callers, and texts of
/// two bytes a letter. `tests/writers.rs` holds these to the reference.
const OTHERWISE: [&str; 2] = ["xlsxwriter_1904", "perl_spreadsheet_writeexcel"];

/// By sheet, row and column: what a cell shows.
type Cells = BTreeMap<(String, u64, u64), String>;

fn workbooks(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default().to_owned();
        if OTHERWISE.iter().any(|name| path.ends_with(name)) {
            continue;
        }
        if path.is_dir() {
            workbooks(&path, found);
        } else if ["xlsx", "xlsm", "xls", "ods"].contains(&end.as_str()) {
            found.push(path);
        }
    }
}

/// What we read; none where it is refused or no workbook, and how many formulas were never computed.
fn ours(bytes: &[u8]) -> Option<(Cells, u64)> {
    let files = BTreeMap::from([("f".to_owned(), bytes.to_vec())]);
    let Ok(Form::Book(book)) = of(&Memory(&files), "f") else { return None };
    let (mut cells, mut uncomputed) = (Cells::new(), 0);
    let read = book.sheets(&mut |tab, rows| {
        let mut line = Line::default();
        rows(&mut line, &mut |record| {
            for (at, cell) in (0..).zip(record.cells()).filter(|(_, cell)| !cell.is_empty()) {
                cells.insert((tab.name.to_owned(), record.row, at), cell.to_owned());
            }
            true
        })?;
        uncomputed += line.aside.uncomputed.count;
        Ok(())
    });
    read.is_ok().then_some((cells, uncomputed))
}

fn theirs(bytes: &[u8]) -> Option<Cells> {
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes.to_vec())).ok()?;
    let mut cells = Cells::new();
    for (name, range) in book.worksheets() {
        let start = range.start().unwrap_or_default();
        for (row, column, data) in range.used_cells() {
            let place = (name.clone(), start.0 as u64 + row as u64 + 1, u64::from(start.1) + column as u64);
            let shown = show(data).trim().to_owned();
            if !shown.is_empty() {
                cells.insert(place, shown);
            }
        }
    }
    Some(cells)
}

fn show(data: &Data) -> String {
    match data {
        Data::Float(value) => number(value.to_string()),
        Data::DateTime(value) => serial(value.as_f64().to_string(), false),
        Data::DateTimeIso(text) => iso(text),
        Data::Empty => String::new(),
        other => other.to_string(),
    }
}

#[test]
fn every_cell_shows_what_calamine_reads() {
    let mut found = Vec::new();
    workbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"), &mut found);
    let (mut books, mut count, mut wrong) = (0, 0, Vec::new());
    for path in found {
        let bytes = fs::read(&path).unwrap();
        let (Some((ours, uncomputed)), Some(theirs)) = (ours(&bytes), theirs(&bytes)) else { continue };
        // A formula without a value has one for calamine: nothing, or zero.
        if uncomputed > 0 {
            continue;
        }
        (books, count) = (books + 1, count + ours.len());
        // It does not see that some styles of old workbooks by SheetJS show dates.
        let as_date = |text: &String| serial(text.clone(), false);
        let differs = |place: &&(String, u64, u64)| {
            let (ours, theirs) = (ours.get(*place), theirs.get(*place));
            ours != theirs && ours != theirs.map(as_date).as_ref()
        };
        for place in ours.keys().chain(theirs.keys()).filter(differs).take(3) {
            wrong.push(format!("{}: {place:?}: {:?}, {:?}", path.display(), ours.get(place), theirs.get(place)));
        }
    }
    assert!(wrong.is_empty(), "ours and theirs differ:\n{}", wrong.join("\n"));
    assert!(books > 20 && count > 200, "{books} workbooks, {count} cells");
}
