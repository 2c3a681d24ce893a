//! What XLSX and ODS have in common: a ZIP archive of XML parts, read piece by piece within bounds.
//!
//! Nothing in a workbook is believed of its own size. Bytes are counted as they are really decompressed, a cell
//! has a greatest length, and what rows may give in all is bounded too, so that a small file can't grow without end.

use std::io::{self, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesEnd, BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use super::csv::{MOST_BYTES, MOST_CELLS, Record, Stop};
use super::{ods, xlsx};

/// Most bytes of a workbook as it lies on disk.
pub(super) const MOST_PACKED: u64 = 64 << 20;
/// Most bytes of one part once it is decompressed.
const MOST_PART: u64 = 1 << 30;
/// Most bytes that the rows of one sheet give in all.
const MOST_GIVEN: u64 = 1 << 30;

pub(super) type Archive = ZipArchive<Cursor<Vec<u8>>>;

/// Where the rows of a sheet go; false means that no more are wanted.
pub(super) type Each<'a> = &'a mut dyn FnMut(&Record<'_>) -> bool;

/// Gives every row of the sheet named `table`, or else of the first, to `each`; first a sentence on which it is to `says`.
pub(super) fn rows(bytes: Vec<u8>, table: &str, says: &mut String, each: Each<'_>) -> Result<(), Stop> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let read = if archive.index_for_name("xl/workbook.xml").is_some() {
        xlsx::rows(&mut archive, table, says, each)
    } else if archive.index_for_name("content.xml").is_some() {
        ods::rows(&mut archive, table, says, each)
    } else {
        Err(Stop::Workbook("it is neither an XLSX nor an ODS workbook".to_owned()))
    };
    match read {
        Err(Stop::Enough) => Ok(()),
        read => read,
    }
}

/// Every sheet of a workbook: its name, what `take` kept of its rows, and its merged cells. `take` says whether it
/// wants more.
pub(super) fn all<T: Default>(
    bytes: Vec<u8>,
    take: &mut dyn FnMut(&Record<'_>, &mut T) -> bool,
) -> Result<Vec<(String, T, Vec<Area>)>, Stop> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut all = Vec::new();
    let mut keep = |name: &str, read: Rows<'_>| {
        let (mut kept, mut merged) = (T::default(), Vec::new());
        match read(&mut |record| take(record, &mut kept), &mut merged) {
            Ok(()) | Err(Stop::Enough) => all.push((name.to_owned(), kept, merged)),
            Err(stop) => return Err(stop),
        }
        Ok(())
    };
    if archive.index_for_name("xl/workbook.xml").is_some() {
        xlsx::all(&mut archive, &mut keep)?;
    } else if archive.index_for_name("content.xml").is_some() {
        ods::all(&mut archive, &mut keep)?;
    } else {
        return Err(Stop::Workbook("it is neither an XLSX nor an ODS workbook".to_owned()));
    }
    Ok(all)
}

/// Where the sheets of a workbook go, one after the other: a name, and what reads its rows and its merged cells.
pub(super) type Keep<'a> = &'a mut dyn FnMut(&str, Rows<'_>) -> Result<(), Stop>;

/// What reads the rows of a sheet, and then its merged cells.
pub(super) type Rows<'a> = &'a mut dyn FnMut(Each<'_>, &mut Vec<Area>) -> Result<(), Stop>;

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

fn broken(error: ZipError) -> Stop {
    Stop::Workbook(format!("it is damaged, or locked with a password ({error})"))
}

/// Which of the sheets is read; the sentence that says so goes to `says`.
pub(super) fn choose(sheets: &[String], table: &str, says: &mut String) -> Result<usize, Stop> {
    let at = sheets.iter().position(|sheet| super::ids::fold(sheet) == table).unwrap_or(0);
    let sheet = sheets.get(at).ok_or_else(|| Stop::Workbook("it has no sheets".to_owned()))?;
    let among = if sheets.len() > 1 { format!(" of {}", sheets.len()) } else { String::new() };
    *says = format!("sheet `{}`{among}", super::problem::shown(sheet));
    Ok(at)
}

/// A part of a workbook as a stream of XML.
pub(super) struct Xml<'a> {
    reader: Reader<BufReader<Bounded<Box<dyn Read + 'a>>>>,
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

    /// The value of an attribute that is a whole number.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.attribute(name)?.parse().ok()
    }
}

impl<'a> Xml<'a> {
    /// The part called `name`; none if there is no such part.
    pub(super) fn open(archive: &'a mut Archive, name: &str) -> Result<Option<Self>, Stop> {
        let part = match archive.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(broken(error)),
        };
        let mut reader = Reader::from_reader(BufReader::new(Bounded::new(Box::new(part) as Box<dyn Read>, MOST_PART)));
        reader.config_mut().expand_empty_elements = true;
        Ok(Some(Self { reader, buffer: Vec::new() }))
    }

    /// The next piece; comments and the like are passed over.
    pub(super) fn next(&mut self) -> Result<Piece<'_>, Stop> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(unreadable)?;
        Ok(match event {
            Event::Start(start) => Piece::Start(Start(start)),
            Event::End(end) => Piece::End(End(end)),
            Event::Text(text) => {
                Piece::Text(text.xml_content().map_err(|error| unreadable(error.into()))?.into_owned())
            }
            Event::CData(text) => Piece::Text(String::from_utf8_lossy(&text.into_inner()).into_owned()),
            Event::GeneralRef(entity) => Piece::Text(match entity.resolve_char_ref().map_err(unreadable)? {
                Some(letter) => letter.to_string(),
                None => predefined(&entity).to_owned(),
            }),
            Event::Eof => Piece::Eof,
            _ => Piece::Text(String::new()),
        })
    }
}

/// The entities that XML itself knows; a workbook may declare no others.
fn predefined(entity: &[u8]) -> &'static str {
    match entity {
        b"amp" => "&",
        b"lt" => "<",
        b"gt" => ">",
        b"quot" => "\"",
        b"apos" => "'",
        _ => "",
    }
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
    run: usize,
}

impl<R> Bounded<R> {
    fn new(inner: R, most: u64) -> Self {
        Self { inner, left: most, run: 0 }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        for byte in buffer.get(..count).unwrap_or_default() {
            self.run = if matches!(byte, b'<' | b'>') { 0 } else { self.run + 1 };
            if self.run > MOST_BYTES {
                return Err(too_large("a cell in it is longer than 1 MiB"));
            }
        }
        self.left =
            self.left.checked_sub(count as u64).ok_or_else(|| too_large("it decompresses to more than 1 GiB"))?;
        Ok(count)
    }
}

fn too_large(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, why)
}

/// A row of a sheet while its cells arrive.
#[derive(Default)]
pub(super) struct Line {
    text: String,
    ends: Vec<usize>,
    given: u64,
}

impl Line {
    /// Puts `text` into the cell at `column`, from 0; cells come in their order.
    pub(super) fn put(&mut self, row: u64, column: u64, text: &str) -> Result<(), Stop> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let column = usize::try_from(column).ok().filter(|column| *column < MOST_CELLS);
        let column = column.ok_or(Stop::TooManyCells { row })?;
        if column < self.ends.len() {
            return Err(Stop::Workbook(format!("its row {row} has cells out of order")));
        }
        self.ends.resize(column, self.text.len());
        self.text.push_str(text);
        self.ends.push(self.text.len());
        if self.text.len() > MOST_BYTES { Err(Stop::TooLong { row }) } else { Ok(()) }
    }

    /// Whether nothing was put.
    pub(super) fn is_blank(&self) -> bool {
        self.ends.is_empty()
    }

    /// Gives the row to `each`; stops where that wants no more.
    pub(super) fn give(&mut self, row: u64, each: Each<'_>) -> Result<(), Stop> {
        self.given = self.given.saturating_add(self.text.len() as u64);
        if self.given > MOST_GIVEN {
            return Err(Stop::Workbook("its cells hold more than 1 GiB".to_owned()));
        }
        let goes_on = self.is_blank() || each(&Record::new(row, &self.text, &self.ends));
        if goes_on { Ok(()) } else { Err(Stop::Enough) }
    }

    /// Begins the next row.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_gives_more_than_its_bound() {
        let give = |bytes: u64, most| io::copy(&mut Bounded::new(io::repeat(b'<').take(bytes), most), &mut io::sink());
        assert!(give(1000, 1000).is_ok());
        assert!(give(1001, 1000).is_err());
    }

    #[test]
    fn no_cell_runs_on_for_ever() {
        let mut endless = Bounded::new(io::repeat(b'a'), u64::MAX);
        assert!(io::copy(&mut endless, &mut io::sink()).is_err());
    }
}
