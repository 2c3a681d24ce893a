//! ODS (OpenDocument 1.3): the sheet's rows. Cells and rows that repeat are spelled out only where they hold something.

use super::csv::Stop;
use super::workbook::{Archive, Area, Each, Keep, Line, Piece, Start, Xml, choose};

/// Most times that a row with content may repeat itself.
const MOST_REPEATS: u64 = 100_000;

/// Gives every row of the sheet to `each`.
pub(super) fn rows(archive: &mut Archive, table: &str, says: &mut String, each: Each<'_>) -> Result<(), Stop> {
    let at = choose(&sheets(archive)?, table, says)?;
    sheet(archive, at, &mut Vec::new(), each)
}

/// Gives every sheet to `keep`.
pub(super) fn all(archive: &mut Archive, keep: Keep<'_>) -> Result<(), Stop> {
    for (at, name) in sheets(archive)?.iter().enumerate() {
        keep(name, &mut |each, merged| sheet(archive, at, merged, each))?;
    }
    Ok(())
}

/// Gives every row of the sheet at `at` to `each`, and its merged cells to `merged`.
fn sheet(archive: &mut Archive, at: usize, merged: &mut Vec<Area>, each: Each<'_>) -> Result<(), Stop> {
    let mut xml = content(archive)?;
    let mut met = 0;
    loop {
        match xml.next()? {
            Piece::Start(start) if start.is("table") && met == at => break,
            Piece::Start(start) if start.is("table") => met += 1,
            Piece::Eof => return Ok(()),
            _ => {}
        }
    }
    Sheet { xml, line: Line::default(), row: 1, column: 0, merged }.read(each)
}

fn content(archive: &mut Archive) -> Result<Xml<'_>, Stop> {
    Xml::open(archive, "content.xml")?.ok_or_else(|| Stop::Workbook("its content is missing".to_owned()))
}

/// The names of the sheets. (Tables within tables do not occur in spreadsheets.)
fn sheets(archive: &mut Archive) -> Result<Vec<String>, Stop> {
    let mut xml = content(archive)?;
    let mut names = Vec::new();
    loop {
        match xml.next()? {
            Piece::Start(start) if start.is("table") => names.push(start.attribute("name").unwrap_or_default()),
            Piece::Eof => return Ok(names),
            _ => {}
        }
        if names.len() > 10_000 {
            return Err(Stop::Workbook("it has too many sheets".to_owned()));
        }
    }
}

/// A sheet that is being read.
struct Sheet<'a> {
    xml: Xml<'a>,
    line: Line,
    /// Of the row being read, from 1.
    row: u64,
    /// Of the next cell, from 0.
    column: u64,
    merged: &'a mut Vec<Area>,
}

/// The head of a cell: how often it stands there, and what it shows if not its text.
struct Cell {
    repeats: u64,
    /// Rows and columns that it spans.
    spans: (u64, u64),
    value: Option<String>,
}

impl Cell {
    fn of(start: &Start<'_>) -> Self {
        let value = match start.attribute("value-type").as_deref() {
            Some("float" | "percentage" | "currency") => start.attribute("value").map(super::xlsx::number),
            Some("date") => {
                start.attribute("date-value").map(|day| day.split('T').next().unwrap_or_default().to_owned())
            }
            Some("boolean") => start.attribute("boolean-value"),
            Some("string") => start.attribute("string-value"),
            _ => None,
        };
        let span = |name: &str| start.number(name).unwrap_or(1).max(1);
        let spans = (span("number-rows-spanned"), span("number-columns-spanned"));
        Self { repeats: start.number("number-columns-repeated").unwrap_or(1), spans, value }
    }
}

impl Sheet<'_> {
    fn read(mut self, each: Each<'_>) -> Result<(), Stop> {
        let mut repeats = 1;
        loop {
            match self.xml.next()? {
                Piece::Start(start) if start.is("table-row") => {
                    repeats = start.number("number-rows-repeated").unwrap_or(1);
                    self.column = 0;
                    self.line.clear();
                }
                Piece::Start(start) if start.is("table-cell") || start.is("covered-table-cell") => {
                    let cell = Cell::of(&start);
                    self.cell(cell)?;
                }
                Piece::End(end) if end.is("table-row") => self.give(repeats, each)?,
                Piece::Eof => return Ok(()),
                Piece::End(end) if end.is("table") => return Ok(()),
                _ => {}
            }
        }
    }

    fn give(&mut self, repeats: u64, each: Each<'_>) -> Result<(), Stop> {
        if !self.line.is_blank() {
            if repeats > MOST_REPEATS {
                return Err(Stop::Workbook(format!("its row {} repeats itself {repeats} times", self.row)));
            }
            for row in self.row..self.row.saturating_add(repeats) {
                self.line.give(row, each)?;
            }
        }
        self.row = self.row.saturating_add(repeats);
        Ok(())
    }

    /// Reads to the end of a cell, and puts what it shows into the row, as often as it stands there.
    fn cell(&mut self, cell: Cell) -> Result<(), Stop> {
        let text = self.text()?;
        self.merge(cell.spans)?;
        let text = cell.value.unwrap_or(text);
        let next = self.column.saturating_add(cell.repeats);
        if !text.trim().is_empty() {
            for column in self.column..next {
                self.line.put(self.row, column, &text)?;
            }
        }
        self.column = next;
        Ok(())
    }

    /// Keeps that the next cell spans others.
    fn merge(&mut self, (rows, columns): (u64, u64)) -> Result<(), Stop> {
        let end = |start: u64, count: u64| start.saturating_add(count - 1);
        let column = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let (left, right) = (column(self.column), column(end(self.column, columns)));
        Area { top: self.row, bottom: end(self.row, rows), left, right }.keep(self.merged)
    }

    /// The paragraphs of a cell, one a line; remarks upon it left out.
    fn text(&mut self) -> Result<String, Stop> {
        let (mut text, mut paragraphs, mut inside, mut remark) = (String::new(), 0, false, false);
        loop {
            match self.xml.next()? {
                Piece::Start(start) if start.is("annotation") => remark = true,
                Piece::End(end) if end.is("annotation") => remark = false,
                Piece::Start(start) if start.is("p") && !remark => {
                    text.push_str(if paragraphs > 0 { "\n" } else { "" });
                    (paragraphs, inside) = (paragraphs + 1, true);
                }
                Piece::End(end) if end.is("p") => inside = false,
                Piece::Start(start) if inside && (start.is("s") || start.is("tab")) => text.push(' '),
                Piece::Start(start) if inside && start.is("line-break") => text.push('\n'),
                Piece::Text(piece) if inside && !remark => text.push_str(&piece),
                Piece::Eof => return Ok(text),
                Piece::End(end) if end.is("table-cell") || end.is("covered-table-cell") => return Ok(text),
                _ => {}
            }
            if text.len() > super::csv::MOST_BYTES {
                return Err(Stop::TooLong { row: self.row });
            }
        }
    }
}
