//! XLSX (ECMA-376): the sheet's rows, with shared strings and dates resolved.
//!
//! A date is a number whose style has a date format. It is given as `2026-04-03`; its time of day is dropped.

use chrono::{Days, NaiveDate};

use super::csv::Stop;
use super::workbook::{Archive, Area, Each, Keep, Line, Piece, Start, Xml, choose};

/// Most bytes of all shared strings.
const MOST_SHARED: usize = 256 << 20;
/// Most shared strings and styles.
const MOST_COUNT: usize = 8 << 20;

/// What the parts beside the sheet say.
#[derive(Default)]
struct Book {
    sheets: Vec<String>,
    relations: Vec<String>,
    /// Days count from 1904, not from 1900.
    from_1904: bool,
    shared: Vec<String>,
    /// Whether each style shows a number as a date.
    dates: Vec<bool>,
}

/// Gives every row of the sheet to `each`.
pub(super) fn rows(archive: &mut Archive, table: &str, says: &mut String, each: Each<'_>) -> Result<(), Stop> {
    let mut book = Book::default();
    book.read_sheets(archive)?;
    let at = choose(&book.sheets, table, says)?;
    book.read_styles(archive)?;
    book.read_shared(archive)?;
    book.sheet(archive, at, None, each)
}

/// Gives every sheet to `keep`.
pub(super) fn all(archive: &mut Archive, keep: Keep<'_>) -> Result<(), Stop> {
    let mut book = Book::default();
    book.read_sheets(archive)?;
    book.read_styles(archive)?;
    book.read_shared(archive)?;
    for (at, name) in book.sheets.iter().enumerate() {
        keep(name, &mut |each, merged| book.sheet(archive, at, Some(merged), each))?;
    }
    Ok(())
}

/// The part that a relation of the workbook leads to.
fn part_of(archive: &mut Archive, relation: &str) -> Result<Option<String>, Stop> {
    let Some(mut xml) = Xml::open(archive, "xl/_rels/workbook.xml.rels")? else { return Ok(None) };
    loop {
        match xml.next()? {
            Piece::Start(start) if start.attribute("Id").as_deref() == Some(relation) => {
                let target = start.attribute("Target").unwrap_or_default();
                let absolute = target.strip_prefix('/').map(str::to_owned);
                return Ok(Some(absolute.unwrap_or_else(|| format!("xl/{target}"))));
            }
            Piece::Eof => return Ok(None),
            _ => {}
        }
    }
}

impl Book {
    /// Gives every row of the sheet at `at` to `each`; its merged cells to `merged`, where they are wanted.
    fn sheet(
        &self,
        archive: &mut Archive,
        at: usize,
        merged: Option<&mut Vec<Area>>,
        each: Each<'_>,
    ) -> Result<(), Stop> {
        let relation = self.relations.get(at).map_or("", String::as_str);
        let part = part_of(archive, relation)?.unwrap_or_else(|| format!("xl/worksheets/sheet{}.xml", at + 1));
        let Some(xml) = Xml::open(archive, &part)? else {
            return Err(Stop::Workbook("its sheet is missing".to_owned()));
        };
        let mut sheet = Sheet { book: self, xml, line: Line::default(), row: 0, column: 0 };
        sheet.read(each)?;
        merged.map_or(Ok(()), |merged| sheet.read_merged(merged))
    }

    fn read_sheets(&mut self, archive: &mut Archive) -> Result<(), Stop> {
        let Some(mut xml) = Xml::open(archive, "xl/workbook.xml")? else { return Ok(()) };
        loop {
            match xml.next()? {
                Piece::Start(start) if start.is("sheet") => {
                    self.sheets.push(start.attribute("name").unwrap_or_default());
                    self.relations.push(start.attribute("id").unwrap_or_default());
                    bounded(self.sheets.len())?;
                }
                Piece::Start(start) if start.is("workbookPr") => {
                    let flag = start.attribute("date1904");
                    self.from_1904 = matches!(flag.as_deref(), Some("1" | "true"));
                }
                Piece::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn read_styles(&mut self, archive: &mut Archive) -> Result<(), Stop> {
        let Some(mut xml) = Xml::open(archive, "xl/styles.xml")? else { return Ok(()) };
        let (mut own_dates, mut in_cells) = (Vec::new(), false);
        loop {
            match xml.next()? {
                Piece::Start(start) if start.is("numFmt") => {
                    let format = start.attribute("formatCode").unwrap_or_default();
                    own_dates.extend(start.number("numFmtId").filter(|_| is_date_format(&format)));
                    bounded(own_dates.len())?;
                }
                Piece::Start(start) if start.is("cellXfs") => in_cells = true,
                Piece::End(end) if end.is("cellXfs") => in_cells = false,
                Piece::Start(start) if in_cells && start.is("xf") => {
                    let format = start.number("numFmtId").unwrap_or_default();
                    self.dates
                        .push(matches!(format, 14..=22 | 27..=36 | 45..=47 | 50..=58) || own_dates.contains(&format));
                    bounded(self.dates.len())?;
                }
                Piece::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn read_shared(&mut self, archive: &mut Archive) -> Result<(), Stop> {
        let Some(mut xml) = Xml::open(archive, "xl/sharedStrings.xml")? else { return Ok(()) };
        let (mut text, mut inside, mut phonetic, mut bytes) = (String::new(), false, false, 0);
        loop {
            match xml.next()? {
                Piece::Start(start) if start.is("si") => text.clear(),
                Piece::Start(start) if start.is("rPh") => phonetic = true,
                Piece::End(end) if end.is("rPh") => phonetic = false,
                Piece::Start(start) if start.is("t") => inside = !phonetic,
                Piece::End(end) if end.is("t") => inside = false,
                Piece::Text(piece) if inside => text.push_str(&piece),
                Piece::End(end) if end.is("si") => {
                    bytes += text.len();
                    self.shared.push(std::mem::take(&mut text));
                    bounded(self.shared.len())?;
                }
                Piece::Eof => return Ok(()),
                _ => {}
            }
            if bytes + text.len() > MOST_SHARED {
                return Err(Stop::Workbook("its texts are longer than 256 MiB".to_owned()));
            }
        }
    }

    /// What a cell shows.
    fn show(&self, kind: &str, style: Option<usize>, value: String) -> String {
        match kind {
            "s" => value.trim().parse().ok().and_then(|at: usize| self.shared.get(at).cloned()).unwrap_or_default(),
            "str" | "inlineStr" | "e" => value,
            "b" => if value.trim() == "1" { "true" } else { "false" }.to_owned(),
            "d" => value.split('T').next().unwrap_or_default().to_owned(),
            _ if value.trim().is_empty() => String::new(),
            _ if style.and_then(|style| self.dates.get(style)) == Some(&true) => self.date(value),
            _ => number(value),
        }
    }

    /// The day that a number counts to.
    fn date(&self, value: String) -> String {
        let whole = value.trim().split(['.', 'e', 'E']).next().unwrap_or_default();
        let start = if self.from_1904 { (1904, 1, 1) } else { (1899, 12, 30) };
        let start = NaiveDate::from_ymd_opt(start.0, start.1, start.2);
        let day = whole.parse().ok().and_then(|days| start?.checked_add_days(Days::new(days)));
        // Small numbers are times of day, or days before the calendar of 1900 was mended.
        day.filter(|_| whole.len() >= 3).map_or(value, |day| day.to_string())
    }
}

fn bounded(count: usize) -> Result<(), Stop> {
    if count > MOST_COUNT { Err(Stop::Workbook("it has too many parts".to_owned())) } else { Ok(()) }
}

/// A number as a person would write it: ids that a spreadsheet took for numbers have no fraction.
pub(super) fn number(value: String) -> String {
    let text = value.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    text.parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .map_or_else(|| text.to_owned(), |number| number.to_string())
}

/// Whether a number format shows a date: it has a letter of day, month or year outside of quotes and brackets.
fn is_date_format(format: &str) -> bool {
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    for letter in format.chars() {
        match letter {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' => return true,
            _ => {}
        }
    }
    false
}

/// A sheet that is being read.
struct Sheet<'a> {
    book: &'a Book,
    xml: Xml<'a>,
    line: Line,
    /// From 1; 0 before the first.
    row: u64,
    /// Of the next cell, from 0.
    column: u64,
}

impl Sheet<'_> {
    /// Reads on to the end of the part: which cells are merged stands below them.
    fn read_merged(&mut self, merged: &mut Vec<Area>) -> Result<(), Stop> {
        loop {
            match self.xml.next()? {
                Piece::Start(start) if start.is("mergeCell") => {
                    if let Some(area) = start.attribute("ref").as_deref().and_then(area) {
                        area.keep(merged)?;
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
        let (mut value, mut inside, mut phonetic) = (String::new(), false, false);
        loop {
            match self.xml.next()? {
                Piece::Start(start) if start.is("rPh") => phonetic = true,
                Piece::End(end) if end.is("rPh") => phonetic = false,
                Piece::Start(start) if start.is("v") || start.is("t") => inside = !phonetic,
                Piece::End(end) if end.is("v") || end.is("t") => inside = false,
                Piece::Text(piece) if inside => value.push_str(&piece),
                Piece::Eof => break,
                Piece::End(end) if end.is("c") => break,
                _ => {}
            }
            if value.len() > super::csv::MOST_BYTES {
                return Err(Stop::TooLong { row: self.row });
            }
        }
        let text = self.book.show(&cell.kind, cell.style, value);
        self.line.put(self.row, cell.column, &text)
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

    #[test]
    fn a_date_format_has_a_day_a_month_or_a_year() {
        assert!(is_date_format("dd/mm/yyyy"));
        assert!(is_date_format("[$-409]d. mmm yyyy"));
        assert!(!is_date_format("#,##0.00 \"days\""));
        assert!(!is_date_format("[Red]0"));
        assert!(!is_date_format("General"));
    }

    #[test]
    fn an_id_that_became_a_number_has_no_fraction() {
        assert_eq!(number("4.092017542E9".to_owned()), "4092017542");
        assert_eq!(number("007".to_owned()), "007");
        assert_eq!(number("1.5".to_owned()), "1.5");
    }
}
