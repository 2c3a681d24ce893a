//! What all workbooks have in common: sheets of rows, read piece by piece within bounds.
//!
//! Nothing in a workbook is believed of its own size. Bytes are counted as they are really decompressed, a cell
//! has a greatest length, and what rows may give in all is bounded too, so that a small file can't grow without end.

mod xml;

use std::cell::Cell;
use std::io::{Cursor, Read};
use std::rc::Rc;

use zip::ZipArchive;
use zip::result::ZipError;

use self::xml::Bounded;
pub(super) use self::xml::{Piece, Start, Xml};

use super::csv::{MOST_BYTES, MOST_CELLS, Record, Stop};

/// Most bytes of a workbook as it lies on disk.
pub(super) const MOST_PACKED: u64 = 64 << 20;
/// Most bytes of one part once it is decompressed.
const MOST_PART: u64 = 1 << 30;
/// Most bytes of all parts that are read; one that is read twice counts twice.
const MOST_UNPACKED: u64 = 2 << 30;
/// Most bytes that the rows of one sheet give in all.
const MOST_GIVEN: u64 = 1 << 30;
/// Most sheets of a workbook.
pub(super) const MOST_SHEETS: usize = 10_000;
/// The greatest number of a row. No program has more than some millions.
pub(super) const MOST_ROW: u64 = u32::MAX as u64;

/// A ZIP archive of which not too much is unpacked.
pub(super) struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    left: Rc<Cell<u64>>,
}

impl Archive {
    pub(super) fn new(bytes: Vec<u8>) -> Result<Self, Stop> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        Ok(Self { zip, left: Rc::new(Cell::new(MOST_UNPACKED)) })
    }

    /// Whether it has the part.
    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// A part that is XML, as a stream; none if there is no such part.
    fn part(&mut self, name: &str) -> Result<Option<impl Read + '_>, Stop> {
        self.stream(name, MOST_BYTES)
    }

    /// A part of any kind, as a stream.
    pub(super) fn binary(&mut self, name: &str) -> Result<Option<impl Read + '_>, Stop> {
        self.stream(name, usize::MAX)
    }

    fn stream(&mut self, name: &str, most_run: usize) -> Result<Option<impl Read + '_>, Stop> {
        match self.zip.by_name(name) {
            Ok(part) => Ok(Some(Bounded::new(part, MOST_PART, Rc::clone(&self.left)).with_runs_of(most_run))),
            Err(ZipError::FileNotFound) => Ok(None),
            Err(error) => Err(broken(error)),
        }
    }
}

/// A sheet that is about to be read.
pub(super) struct Tab<'a> {
    pub(super) name: &'a str,
    /// Whether nobody sees it in the program that wrote it.
    pub(super) hidden: bool,
    /// Whether the workbook has others.
    pub(super) several: bool,
}

/// Where the sheets of a workbook go, one after the other; rows that are not asked for are passed over.
pub(super) type Keep<'a> = &'a mut dyn FnMut(&Tab<'_>, Rows<'_>) -> Result<(), Stop>;

/// What reads the rows of a sheet; what else there is to say of them is then in the line.
pub(super) type Rows<'a> = &'a mut dyn FnMut(&mut Line, Each<'_>) -> Result<(), Stop>;

/// Where the rows of a sheet go; false means that no more are wanted.
pub(super) type Each<'a> = &'a mut dyn FnMut(&Record<'_>) -> bool;

/// How often something was met, and in which row first and last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) first: u64,
    pub(super) last: u64,
}

impl Tally {
    fn add(&mut self, row: u64) {
        let first = if self.count == 0 { row } else { self.first };
        *self = Self { count: self.count + 1, first, last: row };
    }
}

/// How many cells something was met in, and row and column of the first few.
#[derive(Debug, Default)]
pub(super) struct Spots {
    pub(super) count: u64,
    pub(super) first: Vec<(u64, u64)>,
}

impl Spots {
    pub(super) fn add(&mut self, row: u64, column: u64) {
        self.count += 1;
        if self.first.len() < MOST_TOLD {
            self.first.push((row, column));
        }
    }
}

/// What there is to say of a sheet beside its rows.
#[derive(Debug, Default)]
pub(super) struct Aside {
    pub(super) merged: Vec<Area>,
    /// Rows that hold something.
    pub(super) rows: Tally,
    /// Those of them that nobody sees.
    pub(super) hidden: Tally,
    /// Those of them in which all is struck through.
    pub(super) struck: Tally,
    /// Cells that are struck through, in whole or in part, in rows of which not all is.
    pub(super) struck_cells: Spots,
    /// Formulas that no program has computed yet.
    pub(super) uncomputed: Spots,
    /// Comments on cells, and what the first says, where that is known.
    pub(super) comments: Spots,
    pub(super) first_comment: String,
    /// Columns that nobody sees, from the one to the other.
    hidden_columns: Vec<(u64, u64)>,
    /// Whether something stands in each column.
    filled: Vec<bool>,
}

/// Most places that are told one by one.
const MOST_TOLD: usize = 5;

impl Aside {
    /// Keeps that nobody sees these columns, both included.
    pub(super) fn hide_columns(&mut self, first: u64, last: u64) {
        if self.hidden_columns.len() < MOST_CELLS {
            self.hidden_columns.push((first, last));
        }
    }

    /// The columns that nobody sees and that hold something.
    pub(super) fn unseen_columns(&self) -> impl Iterator<Item = u64> {
        let hidden = |at: &u64| self.hidden_columns.iter().any(|(first, last)| (first..=last).contains(&at));
        (0u64..).zip(&self.filled).filter(|(_, filled)| **filled).map(|(at, _)| at).filter(hidden)
    }
}

/// Cells that were merged into one, both ends included: rows from 1, columns from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) top: u64,
    pub(super) bottom: u64,
    pub(super) left: usize,
    pub(super) right: usize,
}

/// Most merged areas of a sheet.
const MOST_MERGED: usize = 1 << 20;

impl Area {
    /// Keeps an area of more than one cell, where it lies within what a sheet may have.
    pub(super) fn keep(self, merged: &mut Vec<Self>) -> Result<(), Stop> {
        let several = self.top < self.bottom || self.left < self.right;
        if several && self.top <= self.bottom && self.left <= self.right && self.right < MOST_CELLS {
            merged.push(self);
        }
        if merged.len() > MOST_MERGED { Err(Stop::Workbook("it has too many merged cells".to_owned())) } else { Ok(()) }
    }
}

pub(super) fn broken(error: ZipError) -> Stop {
    Stop::Workbook(format!("it is damaged ({error})"))
}

/// A row of a sheet while its cells arrive, and what is to be said of the rows before it.
#[derive(Default)]
pub(super) struct Line {
    text: String,
    ends: Vec<usize>,
    given: u64,
    hidden: bool,
    /// Whether all that was put is struck through, and the columns of what is, in whole or in part.
    struck: bool,
    struck_cells: Vec<usize>,
    pub(super) aside: Aside,
}

impl Line {
    /// Puts `text` into the cell at `column`, from 0; cells come in their order.
    pub(super) fn put(&mut self, row: u64, column: u64, text: &str, struck: bool) -> Result<(), Stop> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let column = usize::try_from(column).ok().filter(|column| *column < MOST_CELLS);
        let column = column.ok_or(Stop::TooManyCells { row })?;
        if column < self.ends.len() {
            return Err(Stop::Workbook(format!("its row {row} has cells out of order")));
        }
        self.struck = struck && (self.struck || self.ends.is_empty());
        if struck {
            self.struck_cells.push(column);
        }
        self.ends.resize(column, self.text.len());
        self.text.push_str(text);
        self.ends.push(self.text.len());
        if self.text.len() > MOST_BYTES { Err(Stop::TooLong { row }) } else { Ok(()) }
    }

    /// Keeps that the cell has a formula that no program has computed.
    pub(super) fn uncomputed(&mut self, row: u64, column: u64) {
        self.aside.uncomputed.add(row, column);
    }

    /// Keeps that a part of the text of the last cell is struck through.
    pub(super) fn strike_in_part(&mut self) {
        self.struck_cells.extend(self.ends.len().checked_sub(1));
    }

    /// Keeps that the cell has a comment, and what it says, where that is known.
    pub(super) fn comment(&mut self, row: u64, column: u64, text: &str) {
        if self.aside.comments.count == 0 {
            text.trim().clone_into(&mut self.aside.first_comment);
        }
        self.aside.comments.add(row, column);
    }

    /// Keeps that nobody sees the row.
    pub(super) fn hide(&mut self) {
        self.hidden = true;
    }

    /// Whether nothing was put.
    pub(super) fn is_blank(&self) -> bool {
        self.ends.is_empty()
    }

    /// Gives the row to `each`; stops where that wants no more.
    pub(super) fn give(&mut self, row: u64, each: Each<'_>) -> Result<(), Stop> {
        if self.is_blank() {
            return Ok(());
        }
        if row > MOST_ROW {
            return Err(Stop::Workbook("the number of a row in it is too great".to_owned()));
        }
        self.given = self.given.saturating_add(self.text.len() as u64);
        if self.given > MOST_GIVEN {
            return Err(Stop::Workbook("its cells hold more than 1 GiB".to_owned()));
        }
        self.count(row);
        if each(&Record::new(row, &self.text, &self.ends)) { Ok(()) } else { Err(Stop::Enough) }
    }

    fn count(&mut self, row: u64) {
        let Aside { rows, hidden, struck, .. } = &mut self.aside;
        rows.add(row);
        for (tally, _) in [(hidden, self.hidden), (struck, self.struck)].into_iter().filter(|(_, is_so)| *is_so) {
            tally.add(row);
        }
        if !self.struck {
            let columns = self.struck_cells.iter().filter_map(|column| u64::try_from(*column).ok());
            columns.for_each(|column| self.aside.struck_cells.add(row, column));
        }
        let filled = &mut self.aside.filled;
        filled.resize(filled.len().max(self.ends.len()), false);
        let mut start = 0;
        for (filled, end) in filled.iter_mut().zip(&self.ends) {
            *filled |= *end > start;
            start = *end;
        }
    }

    /// Begins the next row.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.struck_cells.clear();
        (self.hidden, self.struck) = (false, false);
    }
}
