//! XLSB (MS-XLSB): rows of the sheets. It is an XLSX whose parts are records and not XML.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read};

use super::biff::{Look, MOST_COUNT, damaged, error, f64_at, rk, show, u16_at, u32_at, wide, yes_no};
use super::csv::{MOST_BYTES, Stop};
use super::values::{is_date_format, is_date_number};
use super::workbook::{Archive, Area, Each, Keep, Line, MOST_SHEETS, Piece, Tab, Xml};

/// Most bytes of all shared strings.
const MOST_SHARED: usize = 256 << 20;

/// The records of a part.
struct Records<R> {
    part: BufReader<R>,
    data: Vec<u8>,
}

impl<R: Read> Records<R> {
    fn new(part: R) -> Self {
        Self { part: BufReader::new(part), data: Vec::new() }
    }

    /// The kind of the next record, and what it holds; none at the end of the part. What is longer than a row of ours may be is
    /// passed over: no cell is.
    fn next(&mut self) -> Result<Option<(u32, &[u8])>, Stop> {
        let Some(kind) = self.number(2)? else { return Ok(None) };
        let length = self.number(4)?.ok_or_else(|| damaged("a record is cut short"))?;
        let length = usize::try_from(length).map_err(|_| damaged("a record is too long"))?;
        let read = if length <= MOST_BYTES {
            self.data.resize(length, 0);
            self.part.read_exact(&mut self.data).map(|()| true)
        } else {
            self.data.clear();
            let passed = std::io::copy(&mut self.part.by_ref().take(length as u64), &mut std::io::sink());
            passed.map(|passed| passed == length as u64)
        };
        match read {
            Ok(true) if (kind <= 0x12 || kind == 0x3E) && length > MOST_BYTES => {
                Err(damaged("a cell is longer than 1 MiB"))
            }
            Ok(true) => Ok(Some((kind, &self.data))),
            Ok(false) => Err(damaged("a record is cut short")),
            Err(error) => Err(unreadable(&error)),
        }
    }

    /// A number in up to so many bytes of seven bits; none at the end of the part.
    fn number(&mut self, most: u32) -> Result<Option<u32>, Stop> {
        let mut number = 0;
        for at in 0..most {
            let mut byte = [0];
            match self.part.read(&mut byte) {
                Ok(0) if at == 0 => return Ok(None),
                Ok(0) => return Err(damaged("a record is cut short")),
                Ok(_) => number |= u32::from(byte[0] & 0x7F) << (7 * at),
                Err(error) => return Err(unreadable(&error)),
            }
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
        Ok(Some(number))
    }
}

fn unreadable(error: &std::io::Error) -> Stop {
    Stop::Workbook(error.to_string())
}

/// A text with its length in four bytes, at `at` of a record; and where it ends.
fn text(data: &[u8], at: usize) -> Result<(String, usize), Stop> {
    let count = u32_at(data, at);
    // No text, which is not the same as an empty one, is told by the greatest number.
    if count == u32::MAX {
        return Ok((String::new(), at + 4));
    }
    let end = usize::try_from(count).ok().and_then(|count| count.checked_mul(2)?.checked_add(at + 4));
    let bytes = end.and_then(|end| data.get(at + 4..end)).ok_or_else(|| damaged("a text is cut short"))?;
    Ok((wide(bytes), at + 4 + bytes.len()))
}

struct Listed {
    name: String,
    relation: String,
    hidden: bool,
}

/// What the parts beside the sheets say.
#[derive(Default)]
struct Book {
    sheets: Vec<Listed>,
    parts: BTreeMap<String, String>,
    from_1904: bool,
    shared: Vec<String>,
    looks: Vec<Look>,
}

/// Gives every sheet to `keep`.
pub(super) fn sheets(archive: &mut Archive, keep: Keep<'_>) -> Result<(), Stop> {
    let mut book = Book::default();
    book.read_sheets(archive)?;
    book.read_relations(archive)?;
    book.read_styles(archive)?;
    book.read_shared(archive)?;
    if book.sheets.is_empty() {
        return Err(Stop::Workbook("it has no sheets".to_owned()));
    }
    let several = book.sheets.len() > 1;
    for Listed { name, relation, hidden } in &book.sheets {
        let part = book.parts.get(relation).cloned().unwrap_or_default();
        keep(&Tab { name, hidden: *hidden, several }, &mut |line, each| {
            let part = archive.binary(&part)?.ok_or_else(|| Stop::Workbook("its sheet is missing".to_owned()))?;
            Sheet { book: &book, line, row: None, column: 0 }.read(Records::new(part), each)
        })?;
    }
    Ok(())
}

impl Book {
    fn read_sheets(&mut self, archive: &mut Archive) -> Result<(), Stop> {
        let Some(part) = archive.binary("xl/workbook.bin")? else { return Ok(()) };
        let mut records = Records::new(part);
        while let Some((kind, data)) = records.next()? {
            match kind {
                0x99 => self.from_1904 = u32_at(data, 0) & 1 == 1,
                0x9C => {
                    let (relation, end) = text(data, 8)?;
                    let name = text(data, end)?.0;
                    self.sheets.push(Listed { name, relation, hidden: u32_at(data, 0) != 0 });
                }
                _ => {}
            }
            if self.sheets.len() > MOST_SHEETS {
                return Err(Stop::Workbook("it has too many sheets".to_owned()));
            }
        }
        Ok(())
    }

    fn read_relations(&mut self, archive: &mut Archive) -> Result<(), Stop> {
        let Some(mut xml) = Xml::open(archive, "xl/_rels/workbook.bin.rels")? else { return Ok(()) };
        loop {
            match xml.next()? {
                Piece::Start(start) if start.is("Relationship") && self.parts.len() < MOST_SHEETS * 2 => {
                    let target = start.attribute("Target").unwrap_or_default();
                    let absolute = target.strip_prefix('/').map(str::to_owned);
                    let part = absolute.unwrap_or_else(|| format!("xl/{target}"));
                    self.parts.insert(start.attribute("Id").unwrap_or_default(), part);
                }
                Piece::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn read_styles(&mut self, archive: &mut Archive) -> Result<(), Stop> {
        let Some(part) = archive.binary("xl/styles.bin")? else { return Ok(()) };
        let (mut records, mut fonts, mut dates, mut in_cells) =
            (Records::new(part), Vec::new(), BTreeSet::new(), false);
        while let Some((kind, data)) = records.next()? {
            match kind {
                0x2B => fonts.push(u16_at(data, 2) & 8 != 0),
                0x2C => dates.extend(is_date_format(&text(data, 2)?.0).then(|| u16_at(data, 0))),
                0x269 => in_cells = true,
                0x26A => in_cells = false,
                0x2F if in_cells => {
                    let (format, font) = (u16_at(data, 2), usize::from(u16_at(data, 4)));
                    let date = is_date_number(format.into()) || dates.contains(&format);
                    self.looks.push(Look { date, struck: fonts.get(font).copied().unwrap_or_default() });
                }
                _ => {}
            }
            if self.looks.len().max(fonts.len()) > MOST_COUNT {
                return Err(Stop::Workbook("it has too many styles".to_owned()));
            }
        }
        Ok(())
    }

    fn read_shared(&mut self, archive: &mut Archive) -> Result<(), Stop> {
        let Some(part) = archive.binary("xl/sharedStrings.bin")? else { return Ok(()) };
        let (mut records, mut bytes) = (Records::new(part), 0);
        while let Some((kind, data)) = records.next()? {
            if kind == 0x13 {
                let text = text(data, 1)?.0;
                bytes += text.len();
                self.shared.push(text);
            }
            if bytes > MOST_SHARED || self.shared.len() > MOST_COUNT {
                return Err(Stop::Workbook("its texts are longer than 256 MiB".to_owned()));
            }
        }
        Ok(())
    }
}

/// A sheet that is being read.
struct Sheet<'a> {
    book: &'a Book,
    line: &'a mut Line,
    row: Option<u32>,
    /// The column behind the last cell.
    column: u32,
}

impl Sheet<'_> {
    fn read<R: Read>(mut self, mut records: Records<R>, each: Each<'_>) -> Result<(), Stop> {
        while let Some((kind, data)) = records.next()? {
            match kind {
                0x00 => self.begin(data, each)?,
                0x01..=0x12 | 0x3E => self.cell(kind, data)?,
                0x3C if u16_at(data, 16) & 1 == 1 => {
                    self.line.aside.hide_columns(u32_at(data, 0).into(), u32_at(data, 4).into());
                }
                0x92 => self.give(each)?,
                0xB0 => {
                    let [top, bottom, left, right] = [0, 4, 8, 12].map(|at| u32_at(data, at));
                    let column = |at| usize::try_from(at).unwrap_or(usize::MAX);
                    let (top, bottom) = (u64::from(top) + 1, u64::from(bottom) + 1);
                    let area = Area { top, bottom, left: column(left), right: column(right) };
                    area.keep(&mut self.line.aside.merged)?;
                }
                _ => {}
            }
        }
        self.give(each)
    }

    fn give(&mut self, each: Each<'_>) -> Result<(), Stop> {
        let Some(row) = self.row.take() else { return Ok(()) };
        self.line.give(u64::from(row) + 1, each)
    }

    fn begin(&mut self, data: &[u8], each: Each<'_>) -> Result<(), Stop> {
        let (before, row) = (self.row, u32_at(data, 0));
        self.give(each)?;
        if before.is_some_and(|before| row <= before) {
            return Err(Stop::Workbook(format!("its rows are out of order at row {}", u64::from(row) + 1)));
        }
        (self.row, self.column) = (Some(row), 0);
        self.line.clear();
        if data.get(11).is_some_and(|flags| flags & 0x10 != 0) {
            self.line.hide();
        }
        Ok(())
    }

    /// Puts what a cell shows. Short records (12 to 18) say no column: theirs is the one behind the last cell.
    fn cell(&mut self, kind: u32, data: &[u8]) -> Result<(), Stop> {
        let row = self.row.map(|row| u64::from(row) + 1).ok_or_else(|| damaged("a cell has no row"))?;
        let (column, kind, data) = match kind {
            0x0C..=0x12 => (self.column, kind - 11, data),
            _ => (u32_at(data, 0), kind, data.get(4..).unwrap_or_default()),
        };
        self.column = column.saturating_add(1);
        let least = match kind {
            0x01 => return Ok(()),
            0x02 | 0x07 => 8,
            _ => 5,
        };
        if data.len() < least {
            return Err(damaged("a cell is cut short"));
        }
        let style = usize::try_from(u32_at(data, 0) & 0xFF_FFFF).ok();
        let look = style.and_then(|style| self.book.looks.get(style)).copied().unwrap_or_default();
        let shown = |value: f64| show(value, look, self.book.from_1904);
        let byte = data.get(4).copied().unwrap_or_default();
        let text = match kind {
            0x02 => shown(rk(u32_at(data, 4))),
            0x03 | 0x0B => error(byte).to_owned(),
            0x04 | 0x0A => yes_no(byte).to_owned(),
            0x05 | 0x09 => shown(f64_at(data, 4).ok_or_else(|| damaged("a cell is cut short"))?),
            0x06 | 0x08 => text(data, 4)?.0,
            0x07 => {
                let at = usize::try_from(u32_at(data, 4)).ok();
                let text = at.and_then(|at| self.book.shared.get(at)).cloned();
                text.ok_or_else(|| damaged("a cell names a text that is not there"))?
            }
            _ => text(data, 5)?.0,
        };
        self.line.put(row, column.into(), &text, look.struck)
    }
}
