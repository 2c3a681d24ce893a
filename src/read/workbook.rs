//! What all workbooks have in common: sheets of rows, read piece by piece within bounds.
//!
//! Nothing in a workbook is believed of its own size. Bytes are counted as they are really decompressed, a cell
//! has a greatest length, and what rows may give in all is bounded too, so that a small file can't grow without end.

use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesEnd, BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

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
            Ok(part) => Ok(Some(Bounded { most_run, ..Bounded::new(part, MOST_PART, Rc::clone(&self.left)) })),
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
    /// Formulas that no program has computed yet, and row and column of the first few.
    pub(super) uncomputed: u64,
    pub(super) first_uncomputed: Vec<(u64, u64)>,
    /// Columns that nobody sees, from the one to the other.
    hidden_columns: Vec<(u64, u64)>,
    /// Whether something stands in each column.
    filled: Vec<bool>,
}

/// Most places of formulas that are told one by one.
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

/// A part of a workbook as a stream of XML.
pub(super) struct Xml<'a> {
    reader: Reader<BufReader<Box<dyn Read + 'a>>>,
    buffer: Vec<u8>,
}

/// One piece of XML. Names are without their namespace.
pub(super) enum Piece<'b> {
    Start(Start<'b>),
    End(End<'b>),
    Text(String),
    Eof,
}

/// The end of an element.
pub(super) struct End<'b>(BytesEnd<'b>);

impl End<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.0.local_name().as_ref() == name.as_bytes()
    }
}

/// The beginning of an element.
pub(super) struct Start<'b>(BytesStart<'b>);

impl Start<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.0.local_name().as_ref() == name.as_bytes()
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut all = self.0.attributes();
        let found = all
            .with_checks(false)
            .flatten()
            .find(|attribute| attribute.key.local_name().as_ref() == name.as_bytes())?;
        found.unescape_value().ok().map(std::borrow::Cow::into_owned)
    }

    /// Whether an attribute says yes.
    pub(super) fn is_on(&self, name: &str) -> bool {
        matches!(self.attribute(name).as_deref(), Some("1" | "true" | "on"))
    }

    /// Whether an attribute says yes, or is not there.
    pub(super) fn is_not_off(&self, name: &str) -> bool {
        !matches!(self.attribute(name).as_deref(), Some("0" | "false" | "off"))
    }

    /// The value of an attribute that is a whole number.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.attribute(name)?.parse().ok()
    }
}

impl<'a> Xml<'a> {
    /// The part called `name`; none if there is no such part.
    pub(super) fn open(archive: &'a mut Archive, name: &str) -> Result<Option<Self>, Stop> {
        Ok(archive.part(name)?.map(|part| Self::of(Box::new(part))))
    }

    /// A document that is no part of an archive.
    pub(super) fn whole(text: &'a [u8]) -> Self {
        Self::of(Box::new(Bounded::new(text, MOST_PART, Rc::new(Cell::new(MOST_PART)))))
    }

    fn of(bytes: Box<dyn Read + 'a>) -> Self {
        let mut reader = Reader::from_reader(BufReader::new(bytes));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new() }
    }

    /// Passes over the rest of an element called `name` that has begun, and whatever lies in it.
    pub(super) fn pass(&mut self, name: &str) -> Result<(), Stop> {
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Piece::Start(start) if start.is(name) => depth += 1,
                Piece::End(end) if end.is(name) => depth -= 1,
                Piece::Eof => depth = 0,
                _ => {}
            }
        }
        Ok(())
    }

    /// The next piece; comments and the like are passed over.
    pub(super) fn next(&mut self) -> Result<Piece<'_>, Stop> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(unreadable)?;
        Ok(match event {
            Event::Start(start) => Piece::Start(known(start)?),
            Event::End(end) => Piece::End(End(end)),
            Event::Text(text) => {
                Piece::Text(text.xml_content().map_err(|error| unreadable(error.into()))?.into_owned())
            }
            Event::CData(text) => Piece::Text(String::from_utf8_lossy(&text.into_inner()).into_owned()),
            Event::GeneralRef(entity) => Piece::Text(match entity.resolve_char_ref().map_err(unreadable)? {
                Some(letter) => letter.to_string(),
                None => predefined(&entity)?.to_owned(),
            }),
            Event::Eof => Piece::Eof,
            _ => Piece::Text(String::new()),
        })
    }
}

/// The entities that XML itself knows. A workbook declares no others; what stands for one can't be known, and is not passed over.
fn predefined(entity: &[u8]) -> Result<&'static str, Stop> {
    Ok(match entity {
        b"amp" => "&",
        b"lt" => "<",
        b"gt" => ">",
        b"quot" => "\"",
        b"apos" => "'",
        other => {
            let name = super::problem::shown(&String::from_utf8_lossy(other));
            return Err(Stop::Workbook(format!("a cell in it has the XML entity `&{name};`, which is not known")));
        }
    })
}

/// A beginning whose attributes can all be read.
fn known(start: BytesStart<'_>) -> Result<Start<'_>, Stop> {
    let unread = |start: &BytesStart<'_>| {
        let mut all = start.attributes();
        all.with_checks(false).flatten().any(|attribute| attribute.unescape_value().is_err())
    };
    if start.contains(&b'&') && unread(&start) {
        return Err(Stop::Workbook("an attribute in it has an XML entity that is not known".to_owned()));
    }
    Ok(Start(start))
}

fn unreadable(error: quick_xml::Error) -> Stop {
    match error {
        quick_xml::Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => Stop::Workbook(error.to_string()),
        error => Stop::Workbook(format!("it is damaged ({error})")),
    }
}

/// A reader that refuses to give more than a part may hold, in all and between two tags.
struct Bounded<R> {
    inner: R,
    left: u64,
    /// What is left of the bytes of all parts.
    of_all: Rc<Cell<u64>>,
    /// Bytes since the last tag, and how many there may be.
    run: usize,
    most_run: usize,
}

impl<R> Bounded<R> {
    fn new(inner: R, most: u64, of_all: Rc<Cell<u64>>) -> Self {
        Self { inner, left: most, of_all, run: 0, most_run: MOST_BYTES }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        for byte in buffer.get(..count).unwrap_or_default() {
            self.run = if matches!(byte, b'<' | b'>') { 0 } else { self.run + 1 };
            if self.run > self.most_run {
                return Err(too_large("a cell in it is longer than 1 MiB"));
            }
        }
        self.left =
            self.left.checked_sub(count as u64).ok_or_else(|| too_large("it decompresses to more than 1 GiB"))?;
        let of_all = self.of_all.get().checked_sub(count as u64);
        self.of_all.set(of_all.ok_or_else(|| too_large("it decompresses to more than 2 GiB"))?);
        Ok(count)
    }
}

fn too_large(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, why)
}

/// A row of a sheet while its cells arrive, and what is to be said of the rows before it.
#[derive(Default)]
pub(super) struct Line {
    text: String,
    ends: Vec<usize>,
    given: u64,
    hidden: bool,
    /// Whether all that was put is struck through.
    struck: bool,
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
        self.ends.resize(column, self.text.len());
        self.text.push_str(text);
        self.ends.push(self.text.len());
        if self.text.len() > MOST_BYTES { Err(Stop::TooLong { row }) } else { Ok(()) }
    }

    /// Keeps that the cell has a formula that no program has computed.
    pub(super) fn uncomputed(&mut self, row: u64, column: u64) {
        self.aside.uncomputed += 1;
        if self.aside.first_uncomputed.len() < MOST_TOLD {
            self.aside.first_uncomputed.push((row, column));
        }
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
        let Aside { rows, hidden, struck, filled, .. } = &mut self.aside;
        rows.add(row);
        for (tally, _) in [(hidden, self.hidden), (struck, self.struck)].into_iter().filter(|(_, is_so)| *is_so) {
            tally.add(row);
        }
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
        (self.hidden, self.struck) = (false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_gives_more_than_its_bound() {
        let give = |bytes: u64, most| {
            let all = Rc::new(Cell::new(u64::MAX));
            io::copy(&mut Bounded::new(io::repeat(b'<').take(bytes), most, all), &mut io::sink())
        };
        assert!(give(1000, 1000).is_ok());
        assert!(give(1001, 1000).is_err());
    }

    #[test]
    fn no_cell_runs_on_for_ever() {
        let mut endless = Bounded::new(io::repeat(b'a'), u64::MAX, Rc::new(Cell::new(u64::MAX)));
        assert!(io::copy(&mut endless, &mut io::sink()).is_err());
    }
}
