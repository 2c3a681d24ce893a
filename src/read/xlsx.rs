//! XLSX (ECMA-376): rows of its sheets, with shared strings and dates resolved.

use std::collections::BTreeMap;

use super::csv::Stop;
use super::problem::{counted, shown};
use super::values::{is_date_format, is_date_number, iso, number, serial};
use super::workbook::{Archive, Area, Each, Keep, Line, MOST_SHEETS, Piece, Start, Tab, Xml};

/// Most bytes of all shared strings.
const MOST_SHARED: usize = 256 << 20;
/// Most shared strings and styles.
const MOST_COUNT: usize = 8 << 20;

/// A sheet as the workbook lists it.
struct Listed {
    name: String,
    relation: String,
    hidden: bool,
}

/// What a style says of its cells.
#[derive(Clone, Copy, Default)]
struct Style {
    /// A number is shown as a date.
    date: bool,
    /// The text is struck through.
    struck: bool,
}

/// What the parts beside the sheets say.
#[derive(Default)]
struct Book {
    sheets: Vec<Listed>,
    /// By relation: its part.
    parts: BTreeMap<String, String>,
    /// Days count from 1904, not from 1900.
    from_1904: bool,
    /// Whether all formulas are to be computed when it is opened: whoever wrote it could not.
    computes: bool,
    shared: Vec<String>,
    /// Whether each shared string is struck through, all of it or in part.
    struck: Vec<Struck>,
    styles: Vec<Style>,
}

/// Most parts of comments that are looked for.
const MOST_COMMENTS: usize = 256;

/// What there is to say of the comments on cells, which are not read: how many there are, and the first.
pub(super) fn comments(archive: &mut Archive) -> Result<Option<String>, Stop> {
    let (mut count, mut first) = (0, None);
    for at in 1..=MOST_COMMENTS {
        for part in [format!("xl/comments{at}.xml"), format!("xl/comments/comment{at}.xml")] {
            let Some(mut xml) = Xml::open(archive, &part)? else { continue };
            let (mut cell, mut text, mut inside) = (String::new(), String::new(), false);
            loop {
                match xml.next()? {
                    Piece::Start(start) if start.is("comment") => {
                        (cell, text) = (start.attribute("ref").unwrap_or_default(), String::new());
                        count += 1;
                    }
                    Piece::Start(start) if start.is("t") => inside = true,
                    Piece::End(end) if end.is("t") => inside = false,
                    Piece::Text(piece) if inside && text.len() < 200 => text.push_str(&piece),
                    Piece::End(end) if end.is("comment") && first.is_none() => {
                        first = Some(format!("{} says `{}`", shown(&cell), shown(text.trim())));
                    }
                    Piece::Eof => break,
                    _ => {}
                }
            }
        }
    }
    let says =
        |first| format!("{} a comment, which is not read; that of {first}", counted(count, "cell has", "cells have"));
    Ok(first.map(says))
}

/// Gives every sheet to `keep`.
pub(super) fn sheets(archive: &mut Archive, keep: Keep<'_>) -> Result<(), Stop> {
    let mut book = Book::default();
    book.read_sheets(archive)?;
    book.read_relations(archive)?;
    book.read_styles(archive)?;
    book.read_shared(archive)?;
    let several = book.sheets.len() > 1;
    for (at, Listed { name, hidden, .. }) in book.sheets.iter().enumerate() {
        keep(&Tab { name, hidden: *hidden, several }, &mut |line, each| book.sheet(archive, at, line, each))?;
    }
    if book.sheets.is_empty() { Err(Stop::Workbook("it has no sheets".to_owned())) } else { Ok(()) }
}

impl Book {
    /// Gives every row of the sheet at `at` to `each`.
    fn sheet(&self, archive: &mut Archive, at: usize, line: &mut Line, each: Each<'_>) -> Result<(), Stop> {
        let part = self.sheets.get(at).and_then(|sheet| self.parts.get(&sheet.relation)).cloned();
        let part = part.unwrap_or_else(|| format!("xl/worksheets/sheet{}.xml", at + 1));
        let Some(xml) = Xml::open(archive, &part)? else {
            return Err(Stop::Workbook("its sheet is missing".to_owned()));
        };
        let mut sheet = Sheet { book: self, xml, line, row: 0, column: 0 };
        sheet.read(each)?;
        sheet.read_merged()
    }

    fn read_sheets(&mut self, archive: &mut Archive) -> Result<(), Stop> {
        let Some(mut xml) = Xml::open(archive, "xl/workbook.xml")? else { return Ok(()) };
        loop {
            match xml.next()? {
                Piece::Start(start) if start.is("sheet") => {
                    let hidden = matches!(start.attribute("state").as_deref(), Some("hidden" | "veryHidden"));
                    let name = start.attribute("name").unwrap_or_default();
                    self.sheets.push(Listed { name, relation: start.attribute("id").unwrap_or_default(), hidden });
                    if self.sheets.len() > MOST_SHEETS {
                        return Err(Stop::Workbook("it has too many sheets".to_owned()));
                    }
                }
                Piece::Start(start) if start.is("workbookPr") => self.from_1904 = start.is_on("date1904"),
                Piece::Start(start) if start.is("calcPr") => self.computes = start.is_on("fullCalcOnLoad"),
                Piece::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// The parts that the relations of the workbook lead to.
    fn read_relations(&mut self, archive: &mut Archive) -> Result<(), Stop> {
        let Some(mut xml) = Xml::open(archive, "xl/_rels/workbook.xml.rels")? else { return Ok(()) };
        loop {
            match xml.next()? {
                Piece::Start(start) if start.is("Relationship") => {
                    let target = start.attribute("Target").unwrap_or_default();
                    let absolute = target.strip_prefix('/').map(str::to_owned);
                    let part = absolute.unwrap_or_else(|| format!("xl/{target}"));
                    self.parts.entry(start.attribute("Id").unwrap_or_default()).or_insert(part);
                    bounded(self.parts.len())?;
                }
                Piece::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn read_styles(&mut self, archive: &mut Archive) -> Result<(), Stop> {
        let Some(mut xml) = Xml::open(archive, "xl/styles.xml")? else { return Ok(()) };
        let (mut own_dates, mut fonts) = (Vec::new(), Vec::new());
        let (mut in_cells, mut in_fonts) = (false, false);
        loop {
            match xml.next()? {
                Piece::Start(start) if start.is("numFmt") => {
                    let format = start.attribute("formatCode").unwrap_or_default();
                    own_dates.extend(start.number("numFmtId").filter(|_| is_date_format(&format)));
                    bounded(own_dates.len())?;
                }
                Piece::Start(start) if start.is("fonts") => in_fonts = true,
                Piece::End(end) if end.is("fonts") => in_fonts = false,
                Piece::Start(start) if in_fonts && start.is("font") => {
                    fonts.push(false);
                    bounded(fonts.len())?;
                }
                Piece::Start(start) if in_fonts && start.is("strike") => {
                    fonts.last_mut().into_iter().for_each(|font| *font = start.is_not_off("val"));
                }
                Piece::Start(start) if start.is("cellXfs") => in_cells = true,
                Piece::End(end) if end.is("cellXfs") => in_cells = false,
                Piece::Start(start) if in_cells && start.is("xf") => {
                    let format = start.number("numFmtId").unwrap_or_default();
                    let font = start.number("fontId").and_then(|font| usize::try_from(font).ok());
                    let struck = font.and_then(|font| fonts.get(font)).copied().unwrap_or_default();
                    self.styles.push(Style { date: is_date_number(format) || own_dates.contains(&format), struck });
                    bounded(self.styles.len())?;
                }
                Piece::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn read_shared(&mut self, archive: &mut Archive) -> Result<(), Stop> {
        let Some(mut xml) = Xml::open(archive, "xl/sharedStrings.xml")? else { return Ok(()) };
        let (mut rich, mut bytes) = (Rich::default(), 0);
        loop {
            match xml.next()? {
                Piece::Start(start) if start.is("si") => rich = Rich::default(),
                Piece::End(end) if end.is("si") => {
                    bytes += rich.text.len();
                    self.struck.push(rich.is_struck());
                    self.shared.push(std::mem::take(&mut rich.text));
                    bounded(self.shared.len())?;
                }
                Piece::Eof => return Ok(()),
                piece => rich.take(&piece),
            }
            if bytes + rich.text.len() > MOST_SHARED {
                return Err(Stop::Workbook("its texts are longer than 256 MiB".to_owned()));
            }
        }
    }

    /// What a cell shows.
    fn show(&self, kind: &str, style: Style, value: String) -> String {
        match kind {
            "s" => self.at(&value).and_then(|at| self.shared.get(at).cloned()).unwrap_or_default(),
            "str" | "inlineStr" | "e" => value,
            "b" => if value.trim() == "1" { "true" } else { "false" }.to_owned(),
            "d" => iso(&value),
            _ if value.trim().is_empty() => String::new(),
            _ if style.date => serial(value, self.from_1904),
            _ => number(value),
        }
    }

    /// Where a shared string stands.
    fn at(&self, value: &str) -> Option<usize> {
        value.trim().parse().ok().filter(|at| *at < self.shared.len())
    }
}

/// Whether a text is struck through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Struck {
    No,
    InPart,
    All,
}

/// A text that may be made of pieces with looks of their own.
#[derive(Default)]
struct Rich {
    text: String,
    inside: bool,
    phonetic: bool,
    /// Whether the piece that is being read is struck through.
    struck: bool,
    /// Whether some piece with text is, and whether some is not.
    met: [bool; 2],
}

impl Rich {
    fn take(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Start(start) if start.is("rPh") => self.phonetic = true,
            Piece::End(end) if end.is("rPh") => self.phonetic = false,
            Piece::Start(start) if start.is("r") => self.struck = false,
            Piece::Start(start) if start.is("strike") => self.struck = start.is_not_off("val"),
            Piece::Start(start) if start.is("v") || start.is("t") => self.inside = !self.phonetic,
            Piece::End(end) if end.is("v") || end.is("t") => self.inside = false,
            Piece::Text(text) if self.inside => {
                self.text.push_str(text);
                self.met[usize::from(self.struck)] |= !text.trim().is_empty();
            }
            _ => {}
        }
    }

    fn is_struck(&self) -> Struck {
        match self.met {
            [_, false] => Struck::No,
            [true, true] => Struck::InPart,
            [false, true] => Struck::All,
        }
    }
}

fn bounded(count: usize) -> Result<(), Stop> {
    if count > MOST_COUNT { Err(Stop::Workbook("it has too many parts".to_owned())) } else { Ok(()) }
}

/// A sheet that is being read.
struct Sheet<'a> {
    book: &'a Book,
    xml: Xml<'a>,
    line: &'a mut Line,
    /// From 1; 0 before the first.
    row: u64,
    /// Of the next cell, from 0.
    column: u64,
}

impl Sheet<'_> {
    /// Reads on to the end of the part: which cells are merged stands below them.
    fn read_merged(&mut self) -> Result<(), Stop> {
        loop {
            match self.xml.next()? {
                Piece::Start(start) if start.is("mergeCell") => {
                    if let Some(area) = start.attribute("ref").as_deref().and_then(area) {
                        area.keep(&mut self.line.aside.merged)?;
                    }
                }
                Piece::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn read(&mut self, each: Each<'_>) -> Result<(), Stop> {
        loop {
            match self.xml.next()? {
                Piece::Start(start) if start.is("row") => {
                    let row = start.number("r").unwrap_or(self.row.saturating_add(1));
                    if row <= self.row {
                        return Err(Stop::Workbook(format!("its rows are out of order at row {row}")));
                    }
                    (self.row, self.column) = (row, 0);
                    self.line.clear();
                    if start.is_on("hidden") {
                        self.line.hide();
                    }
                }
                Piece::Start(start) if start.is("col") && start.is_on("hidden") => {
                    let place = |name: &str| start.number(name).unwrap_or_default().saturating_sub(1);
                    self.line.aside.hide_columns(place("min"), place("max"));
                }
                Piece::Start(start) if start.is("c") => {
                    let cell = Cell::of(&start, self.column);
                    self.column = cell.column.saturating_add(1);
                    self.cell(cell)?;
                }
                Piece::End(end) if end.is("row") => self.line.give(self.row, each)?,
                Piece::Eof => return Ok(()),
                Piece::End(end) if end.is("sheetData") => return Ok(()),
                _ => {}
            }
        }
    }

    /// Reads to the end of a cell, and puts what it shows into the row.
    fn cell(&mut self, cell: Cell) -> Result<(), Stop> {
        let (mut rich, mut formula) = (Rich::default(), false);
        loop {
            match self.xml.next()? {
                Piece::Start(start) if start.is("f") => formula = true,
                Piece::Eof => break,
                Piece::End(end) if end.is("c") => break,
                piece => rich.take(&piece),
            }
            if rich.text.len() > super::csv::MOST_BYTES {
                return Err(Stop::TooLong { row: self.row });
            }
        }
        let style = cell.style.and_then(|style| self.book.styles.get(style)).copied().unwrap_or_default();
        let shared = self.book.at(&rich.text).filter(|_| cell.kind == "s");
        let looks = shared.map_or(rich.is_struck(), |at| self.book.struck[at]);
        if formula && self.is_uncomputed(&cell.kind, rich.text.trim()) {
            self.line.uncomputed(self.row, cell.column);
            return Ok(());
        }
        let text = self.book.show(&cell.kind, style, rich.text);
        self.line.put(self.row, cell.column, &text, style.struck || looks == Struck::All)?;
        if looks == Struck::InPart && !style.struck {
            self.line.strike_in_part();
        }
        Ok(())
    }

    /// Whether this is what stands in the place of a formula's value before it was computed: nothing, or the zero of programs
    /// that can't compute (rust_xlsxwriter, XlsxWriter) and say that the workbook is to be computed when it is opened.
    fn is_uncomputed(&self, kind: &str, value: &str) -> bool {
        match value {
            "" => kind != "str",
            "0" => self.book.computes && matches!(kind, "" | "n"),
            _ => false,
        }
    }
}

/// The head of a cell.
struct Cell {
    column: u64,
    kind: String,
    style: Option<usize>,
}

impl Cell {
    fn of(start: &Start<'_>, next: u64) -> Self {
        let column = start.attribute("r").and_then(|place| column(&place)).unwrap_or(next);
        let style = start.number("s").and_then(|style| usize::try_from(style).ok());
        Self { column, kind: start.attribute("t").unwrap_or_default(), style }
    }
}

/// The column of a place such as `AB12`, from 0.
fn column(place: &str) -> Option<u64> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number =
        letters.take(5).fold(0, |sum: u64, letter| sum * 26 + u64::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// The cells from one place to another, such as `A5:B9`.
fn area(places: &str) -> Option<Area> {
    let (first, last) = places.split_once(':')?;
    let row = |place: &str| place.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse::<u64>().ok();
    let column = |place: &str| usize::try_from(column(place)?).ok();
    Some(Area { top: row(first)?, bottom: row(last)?, left: column(first)?, right: column(last)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_names_its_column() {
        assert_eq!(column("A1"), Some(0));
        assert_eq!(column("AB12"), Some(27));
        assert_eq!(column("12"), None);
        assert!(column("ZZZZZZZZZZZZZZZZ99999999999999").is_some());
    }

    #[test]
    fn merged_cells_are_named_by_two_places() {
        assert_eq!(area("A5:B9"), Some(Area { top: 5, bottom: 9, left: 0, right: 1 }));
        assert_eq!(area("A5"), None);
        assert_eq!(area("A:B99999999999999999999999"), None);
    }
}
