//! A file of an office as sheets of rows, whole: a header can only be looked for where everything above it is at hand.

use super::super::csv::{self, DELIMITERS, Record, Stop};
use super::super::decode::Ready;
use super::super::explained::stopped;
use super::super::form::{self, Book, Form};
use super::super::policy::Says;
use super::super::problem::{Log, Problem, grouped};
use super::super::sheets::{self, Fate};
use super::super::source::Source;
use super::super::table::is_readable;
use super::super::text;
use super::super::workbook::{self, Area, Aside};

/// Most cells of all sheets of a file. What is imported is an office's own export, not a register of a country's past.
const MOST_CELLS: usize = 8 << 20;

/// One file.
pub(super) struct Grid {
    /// What it is called, without its folders.
    pub(super) file: String,
    pub(super) workbook: bool,
    pub(super) sheets: Vec<Sheet>,
}

/// One sheet of a workbook, or all of a CSV file.
#[derive(Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
    pub(super) merged: Vec<Area>,
    /// Whether the workbook has others, also if not all are read.
    pub(super) several: bool,
}

/// One row that is not blank.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its number in a spreadsheet.
    pub(super) row: u64,
    pub(super) cells: Vec<String>,
}

impl Line {
    fn of(record: &Record<'_>) -> Self {
        Self { row: record.row, cells: record.cells().map(str::to_owned).collect() }
    }

    /// A cell; empty where there is none.
    pub(super) fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }

    /// Where something stands.
    pub(super) fn filled(&self) -> impl Iterator<Item = (usize, &str)> {
        self.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(at, cell)| (at, cell.as_str()))
    }
}

/// Reads a file; what is wrong with it is in the log.
pub(super) fn read(
    source: &dyn Source,
    file: &str,
    says: &Says,
    known: &dyn Fn(&str) -> bool,
    log: &mut Log,
) -> Option<Grid> {
    let read = form::of(source, file).and_then(|form| {
        for surprise in form.notes(file) {
            log.note(file, surprise);
        }
        match form {
            Form::Text => cells(source, file, says, known, log),
            Form::Book(book) => all_sheets(book, file, says, log),
            Form::Calendar => {
                let why = "it is a calendar (iCalendar), which is not read";
                log.push(Problem::error(file, why, "Export the table as CSV, XLSX or ODS"));
                Ok(None)
            }
            Form::Other(what, advice) => {
                log.push(Problem::error(file, what, advice));
                Ok(None)
            }
        }
    });
    match read {
        Ok(grid) => grid,
        Err(Stop::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            log.push(Problem::error(file, "there is no such file", "Look at its name and its folder"));
            None
        }
        Err(stop) => {
            stopped(says, file, stop, log);
            None
        }
    }
}

/// The sheets of a workbook that are to be read, or that the policy says are skipped.
fn all_sheets(book: Book, file: &str, says: &Says, log: &mut Log) -> Result<Option<Grid>, Stop> {
    let (mut all, mut cells) = (Vec::new(), 0);
    let beside = book.sheets(&mut |tab, rows| {
        let label = if tab.several { sheets::label(file, tab.name) } else { file.to_owned() };
        let (mut line, mut lines) = (workbook::Line::default(), Vec::new());
        let fate = Fate::of(tab, says);
        let read = rows(&mut line, &mut |record| matches!(fate, Fate::Hidden) || take(record, &mut lines, &mut cells));
        match read {
            Ok(()) | Err(Stop::Enough) => bounded(cells)?,
            Err(stop) => return Err(stop),
        }
        match fate {
            Fate::Hidden => {
                sheets::tell_unread(&label, &line.aside, says, log);
                return Ok(());
            }
            Fate::Read => sheets::tell(&label, 0, &label, &line.aside, log),
            Fate::Skipped => {}
        }
        let Aside { merged, .. } = line.aside;
        all.push(Sheet { name: tab.name.to_owned(), lines, merged, several: tab.several });
        Ok(())
    })?;
    beside.into_iter().for_each(|said| log.note(file, said));
    Ok(Some(Grid { file: file.to_owned(), workbook: true, sheets: all }))
}

fn cells(
    source: &dyn Source,
    file: &str,
    says: &Says,
    known: &dyn Fn(&str) -> bool,
    log: &mut Log,
) -> Result<Option<Grid>, Stop> {
    if !is_readable(source, file, log)? {
        return Ok(None);
    }
    let pick = |sample: &str| delimiter(sample, known);
    let Some(text) = text::open(source, file, says, &pick, log)? else { return Ok(None) };
    let (mut lines, mut cells) = (Vec::new(), 0);
    text.rows(&mut |record| take(record, &mut lines, &mut cells))?;
    bounded(cells)?;
    let sheets = vec![Sheet { lines, ..Sheet::default() }];
    Ok(Some(Grid { file: file.to_owned(), workbook: false, sheets }))
}

/// Keeps a record; false once there are too many cells.
fn take(record: &Record<'_>, lines: &mut Vec<Line>, cells: &mut usize) -> bool {
    if !record.is_blank() {
        // Long texts count as several cells: a workbook may say the same long text in each of millions.
        *cells += record.len() + record.cells().map(str::len).sum::<usize>() / 128;
        lines.push(Line::of(record));
    }
    *cells <= MOST_CELLS
}

fn bounded(cells: usize) -> Result<(), Stop> {
    let most = grouped(MOST_CELLS as u64);
    if cells > MOST_CELLS { Err(Stop::Workbook(format!("it has more than {most} cells"))) } else { Ok(()) }
}

/// The delimiter of a file that may begin with titles: the one under which some row has most headers that are
/// `known`, then the one that cuts most rows alike, then the one that cuts most.
fn delimiter(sample: &str, known: &dyn Fn(&str) -> bool) -> u8 {
    let score = |delimiter: &u8| {
        let (mut widths, mut matched) = (std::collections::BTreeMap::<usize, usize>::new(), 0);
        let _ = csv::records(&mut Ready(Some(sample)), *delimiter, &mut |record| {
            matched = matched.max(record.cells().filter(|cell| known(cell)).count());
            *widths.entry(record.len()).or_default() += 1;
            true
        });
        let usual = widths.into_iter().filter(|(width, _)| *width > 1).max_by_key(|(width, count)| (*count, *width));
        (matched, usual.map(|(width, count)| (count, width)))
    };
    DELIMITERS.into_iter().rev().max_by_key(score).unwrap_or(b',')
}
