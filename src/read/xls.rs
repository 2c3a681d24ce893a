//! XLS of 1997 and later (BIFF8, MS-XLS): rows of the sheets.
//!
//! The workbook is one stream of records. Cells may stand in any order, so the places of all cells of a sheet are sorted first (eight
//! bytes a cell); what a cell shows is looked up only when its row is given.

mod strings;

use std::cell::Cell;
use std::collections::BTreeSet;

use self::strings::{Pieces, text};
use super::biff::{Look, MOST_CELLS, MOST_COUNT, damaged, error, f64_at, rk, show, u16_at, u32_at, yes_no};
use super::csv::Stop;
use super::values::{is_date_format, is_date_number};
use super::workbook::{Area, Each, Keep, Line, MOST_SHEETS, Tab};

const FORMULA: u16 = 0x0006;
const EOF: u16 = 0x000A;
const FILE_PASS: u16 = 0x002F;
const CONTINUE: u16 = 0x003C;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOL_OR_ERROR: u16 = 0x0205;
const STRING: u16 = 0x0207;
const RK: u16 = 0x027E;
const MANY_RK: u16 = 0x00BD;
const RICH: u16 = 0x00D6;
const SHARED: u16 = 0x00FD;
const BOF: u16 = 0x0809;

/// Most bytes of all shared strings.
const MOST_SHARED: usize = 256 << 20;

/// One record: where it begins, what it is and what it holds.
#[derive(Clone, Copy)]
struct Record<'a> {
    at: usize,
    kind: u16,
    data: &'a [u8],
}

/// Records from some place of the stream on.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    /// The next record; none at the end of the stream, which must not lie within one.
    fn next(&mut self) -> Result<Option<Record<'a>>, Stop> {
        let rest = self.stream.get(self.at..).unwrap_or_default();
        // What is left behind the last record is padding.
        if rest.len() < 4 {
            return Ok(None);
        }
        let (kind, length) = (u16_at(rest, 0), usize::from(u16_at(rest, 2)));
        let data = rest.get(4..4 + length).ok_or_else(|| damaged("a record is cut short"))?;
        let at = self.at;
        self.at += 4 + length;
        Ok(Some(Record { at, kind, data }))
    }

    /// What a record holds, and the records that go on with it.
    fn with_more(&self, data: &'a [u8]) -> Result<Vec<&'a [u8]>, Stop> {
        let mut ahead = Records { stream: self.stream, at: self.at };
        let mut all = vec![data];
        while let Some(Record { kind: CONTINUE, data, .. }) = ahead.next()? {
            all.push(data);
        }
        Ok(all)
    }
}

/// What stands before the sheets.
#[derive(Default)]
struct Book {
    sheets: Vec<Listed>,
    from_1904: bool,
    shared: Vec<String>,
    fonts: Vec<bool>,
    formats: BTreeSet<u16>,
    looks: Vec<Look>,
}

struct Listed {
    name: String,
    at: usize,
    hidden: bool,
}

/// Whether the stream is of the form that is read here: none if it is no workbook at all.
pub(super) fn is_new(stream: &[u8]) -> Option<bool> {
    (u16_at(stream, 0) == BOF).then(|| u16_at(stream, 4) == 0x0600)
}

/// Whether it is locked with a password.
pub(super) fn is_locked(stream: &[u8]) -> bool {
    let mut records = Records { stream, at: 0 };
    let mut kinds = std::iter::from_fn(|| records.next().ok().flatten()).map(|record| record.kind);
    kinds.by_ref().take_while(|kind| *kind != EOF).any(|kind| kind == FILE_PASS)
}

/// Gives every sheet to `keep`.
pub(super) fn sheets(stream: &[u8], keep: Keep<'_>) -> Result<(), Stop> {
    let book = Book::read(stream)?;
    if book.sheets.is_empty() {
        return Err(Stop::Workbook("it has no sheets".to_owned()));
    }
    // Sheets that overlap would let a small file give the same cells again and again.
    let left = Cell::new(stream.len());
    let several = book.sheets.len() > 1;
    for Listed { name, at, hidden } in &book.sheets {
        let tab = Tab { name, hidden: *hidden, several };
        keep(&tab, &mut |line, each| {
            Sheet { book: &book, stream, left: &left, hidden: Vec::new(), cells: Vec::new() }.read(*at, line, each)
        })?;
    }
    Ok(())
}

impl Book {
    fn read(stream: &[u8]) -> Result<Self, Stop> {
        let (mut book, mut records) = (Self::default(), Records { stream, at: 0 });
        while let Some(Record { kind, data, .. }) = records.next()? {
            match kind {
                0x0022 => book.from_1904 = u16_at(data, 0) == 1,
                0x0031 => book.fonts.push(u16_at(data, 2) & 8 != 0),
                0x041E if is_date_format(&text(&[data.get(2..).unwrap_or_default()])?) => {
                    book.formats.insert(u16_at(data, 0));
                }
                0x00E0 => book.looks.push(book.look(data)),
                0x0085 if data.get(5) == Some(&0) => {
                    let at = usize::try_from(u32_at(data, 0)).map_err(|_| damaged("a sheet lies too far away"))?;
                    let hidden = data.get(4).is_some_and(|state| state & 3 != 0);
                    book.sheets.push(Listed { name: strings::short(data.get(6..).unwrap_or_default())?, at, hidden });
                }
                0x00FC => book.shared = shared(&records.with_more(data)?)?,
                EOF => break,
                _ => {}
            }
            if book.sheets.len() > MOST_SHEETS {
                return Err(Stop::Workbook("it has too many sheets".to_owned()));
            }
        }
        Ok(book)
    }

    /// What a style says. The font numbered 4 does not exist, and is left out of the count.
    fn look(&self, data: &[u8]) -> Look {
        let (font, format) = (usize::from(u16_at(data, 0)), u16_at(data, 2));
        let font = if font > 4 { font - 1 } else { font };
        let date = is_date_number(format.into()) || self.formats.contains(&format);
        Look { date, struck: self.fonts.get(font).copied().unwrap_or_default() }
    }
}

/// The texts that cells share.
fn shared(pieces: &[&[u8]]) -> Result<Vec<String>, Stop> {
    let mut pieces = Pieces::new(pieces);
    pieces.skip(4)?;
    let count = pieces.u32()?;
    let (mut all, mut bytes) = (Vec::new(), 0);
    for _ in 0..count {
        if pieces.is_at_end() {
            // Some writers count the cells here and not the texts.
            break;
        }
        let text = pieces.text()?;
        bytes += text.len();
        all.push(text);
        if bytes > MOST_SHARED || all.len() > MOST_COUNT {
            return Err(Stop::Workbook("its texts are longer than 256 MiB".to_owned()));
        }
    }
    Ok(all)
}

/// A sheet that is being read.
struct Sheet<'a> {
    book: &'a Book,
    stream: &'a [u8],
    /// Bytes that no sheet has taken yet.
    left: &'a Cell<usize>,
    /// Whether nobody sees each row.
    hidden: Vec<bool>,
    /// Row, column and where the record begins, in one number that sorts so.
    cells: Vec<u64>,
}

impl Sheet<'_> {
    fn read(mut self, at: usize, line: &mut Line, each: Each<'_>) -> Result<(), Stop> {
        let end = self.look_over(at, line)?;
        self.left.set(self.left.get().checked_sub(end - at).ok_or_else(|| damaged("its sheets overlap"))?);
        self.cells.sort_unstable();
        let mut cells = self.cells.iter().peekable();
        let mut row = None;
        while let Some(cell) = cells.next() {
            let place = cell >> 32;
            // Of two records of one cell the later counts.
            if cells.peek().is_some_and(|next| **next >> 32 == place) {
                continue;
            }
            if row != Some(place >> 16) {
                if let Some(row) = row {
                    line.give(row + 1, each)?;
                }
                row = Some(place >> 16);
                self.begin(place >> 16, line);
            }
            let at = usize::try_from(cell & u64::from(u32::MAX)).unwrap_or(usize::MAX);
            self.put(at, (place >> 16) + 1, place & 0xFFFF, line)?;
        }
        match row {
            Some(row) => line.give(row + 1, each),
            None => Ok(()),
        }
    }

    fn begin(&self, row: u64, line: &mut Line) {
        line.clear();
        let hidden = usize::try_from(row).ok().and_then(|row| self.hidden.get(row));
        if hidden == Some(&true) {
            line.hide();
        }
    }

    /// Finds the cells, what is merged and what nobody sees; and where the sheet ends.
    fn look_over(&mut self, at: usize, line: &mut Line) -> Result<usize, Stop> {
        let (mut records, mut depth) = (Records { stream: self.stream, at }, 0u32);
        while let Some(Record { at, kind, data }) = records.next()? {
            match kind {
                BOF => depth += 1,
                EOF if depth <= 1 => return Ok(records.at),
                EOF => depth -= 1,
                // Charts that lie on the sheet have records of their own.
                _ if depth > 1 => {}
                FORMULA | NUMBER | LABEL | BOOL_OR_ERROR | RK | RICH | SHARED => {
                    self.cell(data, u16_at(data, 2), at)?
                }
                MANY_RK => {
                    let count = data.len().saturating_sub(6) / 6;
                    for next in 0..u16::try_from(count).unwrap_or(u16::MAX) {
                        self.cell(data, u16_at(data, 2).saturating_add(next), at)?;
                    }
                }
                0x0208 if u16_at(data, 12) & 0x20 != 0 => {
                    let row = usize::from(u16_at(data, 0));
                    self.hidden.resize(self.hidden.len().max(row + 1), false);
                    self.hidden[row] = true;
                }
                0x007D if u16_at(data, 8) & 1 == 1 => {
                    line.aside.hide_columns(u16_at(data, 0).into(), u16_at(data, 2).into());
                }
                0x00E5 => merged(data, line)?,
                // A note; its text stands among the drawings.
                0x001C if data.len() >= 4 => line.comment(u64::from(u16_at(data, 0)) + 1, u16_at(data, 2).into(), ""),
                _ => {}
            }
        }
        Err(damaged("a sheet has no end"))
    }

    fn cell(&mut self, data: &[u8], column: u16, at: usize) -> Result<(), Stop> {
        if data.len() < 8 {
            return Err(damaged("a cell is cut short"));
        }
        let at = u32::try_from(at).map_err(|_| damaged("a cell lies too far away"))?;
        self.cells.push(u64::from(u16_at(data, 0)) << 48 | u64::from(column) << 32 | u64::from(at));
        if self.cells.len() > MOST_CELLS { Err(Stop::Workbook("it has too many cells".to_owned())) } else { Ok(()) }
    }

    /// Puts what the cell at `column` shows, whose record begins at `at`.
    fn put(&self, at: usize, row: u64, column: u64, line: &mut Line) -> Result<(), Stop> {
        let mut records = Records { stream: self.stream, at };
        let Some(Record { kind, data, .. }) = records.next()? else { return Ok(()) };
        if matches!(kind, RK | SHARED) && data.len() < 10 {
            return Err(damaged("a cell is cut short"));
        }
        let nth = usize::try_from(column).unwrap_or_default().saturating_sub(usize::from(u16_at(data, 2)));
        let style = if kind == MANY_RK { u16_at(data, 4 + nth * 6) } else { u16_at(data, 4) };
        let look = self.book.looks.get(usize::from(style)).copied().unwrap_or_default();
        let shown = |value: f64| show(value, look, self.book.from_1904);
        let text = match kind {
            NUMBER => shown(f64_at(data, 6).ok_or_else(|| damaged("a cell is cut short"))?),
            RK => shown(rk(u32_at(data, 6))),
            MANY_RK => shown(rk(u32_at(data, 6 + nth * 6))),
            SHARED => self.shared(u32_at(data, 6))?,
            LABEL | RICH => {
                let mut pieces = records.with_more(data)?;
                pieces[0] = data.get(6..).unwrap_or_default();
                text(&pieces)?
            }
            BOOL_OR_ERROR if data.get(7) == Some(&0) => yes_no(data[6]).to_owned(),
            BOOL_OR_ERROR => error(data.get(6).copied().unwrap_or_default()).to_owned(),
            _ if is_uncomputed(data) => {
                line.uncomputed(row, column);
                return Ok(());
            }
            _ if data.len() < 14 => return Err(damaged("a cell is cut short")),
            _ => match data.get(6..14) {
                Some([0, .., 0xFF, 0xFF]) => computed_text(&mut records)?,
                Some([1, _, value, .., 0xFF, 0xFF]) => yes_no(*value).to_owned(),
                Some([2, _, code, .., 0xFF, 0xFF]) => error(*code).to_owned(),
                Some([.., 0xFF, 0xFF]) => String::new(),
                _ => shown(f64_at(data, 6).ok_or_else(|| damaged("a cell is cut short"))?),
            },
        };
        line.put(row, column, &text, look.struck)
    }

    fn shared(&self, at: u32) -> Result<String, Stop> {
        let text = usize::try_from(at).ok().and_then(|at| self.book.shared.get(at));
        text.cloned().ok_or_else(|| damaged("a cell names a text that is not there"))
    }
}

/// Whether a formula has the zero of programs that can't compute, and that say that it is to be computed when it is opened.
fn is_uncomputed(data: &[u8]) -> bool {
    data.get(6..14) == Some(&[0; 8]) && u16_at(data, 14) & 2 != 0
}

/// The text that a formula gave; it follows the formula, behind what other cells share with it.
fn computed_text(records: &mut Records<'_>) -> Result<String, Stop> {
    while let Some(Record { kind, data, .. }) = records.next()? {
        match kind {
            STRING => return text(&records.with_more(data)?),
            0x0221 | 0x0236 | 0x04BC | CONTINUE => {}
            _ => break,
        }
    }
    Err(damaged("the text of a formula is missing"))
}

fn merged(data: &[u8], line: &mut Line) -> Result<(), Stop> {
    for area in data.get(2..).unwrap_or_default().chunks_exact(8) {
        let [top, bottom, left, right] = [0, 2, 4, 6].map(|at| u16_at(area, at));
        let (top, bottom) = (u64::from(top) + 1, u64::from(bottom) + 1);
        Area { top, bottom, left: left.into(), right: right.into() }.keep(&mut line.aside.merged)?;
    }
    Ok(())
}
