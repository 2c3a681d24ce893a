//! SpreadsheetML of Excel 2003: one XML document with all sheets.

use std::collections::BTreeSet;

use super::csv::{MOST_BYTES, Stop};
use super::values::{iso, number};
use super::workbook::{Area, Each, Keep, Line, MOST_SHEETS, Piece, Start, Tab, Xml};

/// Most styles.
const MOST_STYLES: usize = 1 << 20;

/// What is said of the sheets elsewhere than in their rows.
#[derive(Default)]
struct Said {
    /// Whether nobody sees each sheet; it stands behind the rows.
    hidden: Vec<bool>,
    /// Styles of what is struck through.
    struck: BTreeSet<String>,
}

/// Gives every sheet to `keep`.
pub(super) fn sheets(text: &[u8], keep: Keep<'_>) -> Result<(), Stop> {
    let said = Said::read(Xml::whole(text))?;
    let (mut xml, mut at) = (Xml::whole(text), 0);
    loop {
        let name = match xml.next()? {
            Piece::Start(start) if start.is("Worksheet") => start.attribute("Name").unwrap_or_default(),
            Piece::Eof if said.hidden.is_empty() => return Err(Stop::Workbook("it has no sheets".to_owned())),
            Piece::Eof => return Ok(()),
            _ => continue,
        };
        let hidden = said.hidden.get(at).copied().unwrap_or_default();
        at += 1;
        let mut open = true;
        keep(&Tab { name: &name, hidden, several: said.hidden.len() > 1 }, &mut |line, each| {
            let sheet = Sheet { xml: &mut xml, said: &said, line, row: 0, column: 0, next_row: 1, next_column: 0 };
            sheet.read(&mut open, each)
        })?;
        while open {
            match xml.next()? {
                Piece::End(end) if end.is("Worksheet") => open = false,
                Piece::Eof => open = false,
                _ => {}
            }
        }
    }
}

impl Said {
    fn read(mut xml: Xml<'_>) -> Result<Self, Stop> {
        let (mut said, mut style, mut visible) = (Self::default(), String::new(), false);
        loop {
            match xml.next()? {
                Piece::Start(start) if start.is("Style") => style = start.attribute("ID").unwrap_or_default(),
                Piece::Start(start) if start.is("Font") && start.is_on("StrikeThrough") => {
                    said.struck.insert(style.clone());
                }
                Piece::Start(start) if start.is("Worksheet") => said.hidden.push(false),
                Piece::Start(start) if start.is("Visible") => visible = true,
                Piece::End(end) if end.is("Visible") => visible = false,
                Piece::Text(text) if visible && text.contains("Hidden") => {
                    said.hidden.last_mut().into_iter().for_each(|hidden| *hidden = true);
                }
                Piece::Eof => return Ok(said),
                _ => {}
            }
            if said.hidden.len() > MOST_SHEETS || said.struck.len() > MOST_STYLES {
                return Err(Stop::Workbook("it has too many sheets or styles".to_owned()));
            }
        }
    }
}

/// A sheet that is being read.
struct Sheet<'a, 'x> {
    xml: &'a mut Xml<'x>,
    said: &'a Said,
    line: &'a mut Line,
    row: u64,
    column: u64,
    /// The row and the column that come next where none is named.
    next_row: u64,
    next_column: u64,
}

/// The head of a cell.
struct Cell {
    struck: bool,
    formula: bool,
}

impl Sheet<'_, '_> {
    fn read(mut self, open: &mut bool, each: Each<'_>) -> Result<(), Stop> {
        loop {
            match self.xml.next()? {
                Piece::Start(start) if start.is("Column") => {
                    let first = start.number("Index").map_or(self.next_column, |index| index.saturating_sub(1));
                    let last = first.saturating_add(start.number("Span").unwrap_or_default());
                    self.next_column = last.saturating_add(1);
                    if start.is_on("Hidden") {
                        self.line.aside.hide_columns(first, last);
                    }
                }
                Piece::Start(start) if start.is("Row") => {
                    let row = start.number("Index").unwrap_or(self.next_row);
                    let (hidden, span) = (start.is_on("Hidden"), start.number("Span").unwrap_or_default());
                    self.begin(row, span, hidden)?;
                }
                Piece::Start(start) if start.is("Cell") => {
                    let (index, across) = (start.number("Index"), start.number("MergeAcross").unwrap_or_default());
                    let down = start.number("MergeDown").unwrap_or_default();
                    let style = start.attribute("StyleID").unwrap_or_default();
                    let struck = self.said.struck.contains(&style);
                    let cell = Cell { struck, formula: start.attribute("Formula").is_some() };
                    self.column = index.map_or(self.next_column, |index| index.saturating_sub(1));
                    self.next_column = self.column.saturating_add(across).saturating_add(1);
                    self.merge(across, down)?;
                    self.cell(&cell)?;
                }
                Piece::End(end) if end.is("Row") => self.line.give(self.row, each)?,
                Piece::End(end) if end.is("Worksheet") => break,
                Piece::Eof => break,
                _ => {}
            }
        }
        *open = false;
        Ok(())
    }

    fn begin(&mut self, row: u64, span: u64, hidden: bool) -> Result<(), Stop> {
        if row <= self.row {
            return Err(Stop::Workbook(format!("its rows are out of order at row {row}")));
        }
        self.row = row;
        (self.next_row, self.next_column) = (row.saturating_add(span).saturating_add(1), 0);
        self.line.clear();
        if hidden {
            self.line.hide();
        }
        Ok(())
    }

    fn merge(&mut self, across: u64, down: u64) -> Result<(), Stop> {
        let column = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let (left, right) = (column(self.column), column(self.column.saturating_add(across)));
        let area = Area { top: self.row, bottom: self.row.saturating_add(down), left, right };
        area.keep(&mut self.line.aside.merged)
    }

    /// Reads to the end of a cell, and puts what it shows into the row.
    fn cell(&mut self, cell: &Cell) -> Result<(), Stop> {
        let (mut text, mut kind, mut inside) = (String::new(), String::new(), false);
        loop {
            match self.xml.next()? {
                Piece::Start(start) if start.is("Comment") => {
                    self.line.comment(self.row, self.column, "");
                    self.xml.pass("Comment")?;
                }
                Piece::Start(start) if start.is("Data") => {
                    kind = kind_of(&start);
                    inside = true;
                }
                Piece::End(end) if end.is("Data") => inside = false,
                Piece::Text(piece) if inside => text.push_str(&piece),
                Piece::End(end) if end.is("Cell") => break,
                Piece::Eof => break,
                _ => {}
            }
            if text.len() > MOST_BYTES {
                return Err(Stop::TooLong { row: self.row });
            }
        }
        if cell.formula && text.trim().is_empty() && kind != "String" {
            self.line.uncomputed(self.row, self.column);
        }
        let text = match kind.as_str() {
            "DateTime" => iso(&text),
            "Number" if !text.trim().is_empty() => number(text),
            "Boolean" => if text.trim() == "1" { "true" } else { "false" }.to_owned(),
            _ => text,
        };
        self.line.put(self.row, self.column, &text, cell.struck)
    }
}

fn kind_of(start: &Start<'_>) -> String {
    start.attribute("Type").unwrap_or_default()
}
