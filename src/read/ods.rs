//! ODS and flat ODF (OpenDocument 1.3): rows of the sheets. Cells and rows that repeat are spelled out only where they hold something.

use std::collections::{BTreeMap, BTreeSet};

use super::csv::Stop;
use super::values::{iso, number};
use super::workbook::{Archive, Area, Each, Keep, Line, MOST_SHEETS, Piece, Start, Tab, Xml};

/// Most times that a row with content may repeat itself.
const MOST_REPEATS: u64 = 100_000;
/// Most styles.
const MOST_STYLES: usize = 1 << 20;
/// Most styles that follow from one another.
const MOST_PARENTS: usize = 16;

/// Gives every sheet of an ODS to `keep`.
pub(super) fn sheets(archive: &mut Archive, keep: Keep<'_>) -> Result<(), Stop> {
    let mut styles = Styles::default();
    if let Some(xml) = Xml::open(archive, "styles.xml")? {
        styles.read(xml)?;
    }
    let count = styles.read(content(archive)?)?;
    walk(content(archive)?, &styles.looks(), count, keep)
}

/// Gives every sheet of a flat ODF document to `keep`.
pub(super) fn flat(text: &[u8], keep: Keep<'_>) -> Result<(), Stop> {
    let mut styles = Styles::default();
    let count = styles.read(Xml::whole(text))?;
    walk(Xml::whole(text), &styles.looks(), count, keep)
}

fn content(archive: &mut Archive) -> Result<Xml<'_>, Stop> {
    Xml::open(archive, "content.xml")?.ok_or_else(|| Stop::Workbook("its content is missing".to_owned()))
}

fn walk(mut xml: Xml<'_>, looks: &Looks, count: usize, keep: Keep<'_>) -> Result<(), Stop> {
    loop {
        let (name, hidden) = match xml.next()? {
            Piece::Start(start) if start.is("table") => {
                let style = start.attribute("style-name").unwrap_or_default();
                (start.attribute("name").unwrap_or_default(), looks.hidden.contains(&style))
            }
            Piece::Start(start) if let Some(name) = other(&start) => {
                xml.pass(name)?;
                continue;
            }
            Piece::Eof if count == 0 => return Err(Stop::Workbook("it has no sheets".to_owned())),
            Piece::Eof => return Ok(()),
            _ => continue,
        };
        let mut open = true;
        keep(&Tab { name: &name, hidden, several: count > 1 }, &mut |line, each| {
            let sheet = Sheet { xml: &mut xml, looks, line, row: 1, column: 0, struck: false, columns: Vec::new() };
            sheet.read(&mut open, each)
        })?;
        while open {
            match xml.next()? {
                Piece::Start(start) if let Some(name) = other(&start) => xml.pass(name)?,
                Piece::End(end) if end.is("table") => open = false,
                Piece::Eof => open = false,
                _ => {}
            }
        }
    }
}

/// What may hold tables that are no sheets: drawings, with charts and their data, and what changes were followed.
fn other(start: &Start<'_>) -> Option<&'static str> {
    ["shapes", "object", "tracked-changes"].into_iter().find(|name| start.is(name))
}

/// What styles say of how cells and sheets are shown, as far as it matters.
#[derive(Default)]
struct Styles(BTreeMap<String, Style>);

#[derive(Default)]
struct Style {
    parent: Option<String>,
    struck: Option<bool>,
    hidden: bool,
}

/// The styles of what is struck through, and of sheets that nobody sees.
struct Looks {
    struck: BTreeSet<String>,
    hidden: BTreeSet<String>,
}

impl Styles {
    /// Reads the styles of a document, and counts its sheets.
    fn read(&mut self, mut xml: Xml<'_>) -> Result<usize, Stop> {
        let (mut name, mut count) = (String::new(), 0);
        loop {
            match xml.next()? {
                Piece::Start(start) if start.is("style") => {
                    name = start.attribute("name").unwrap_or_default();
                    let parent = start.attribute("parent-style-name");
                    self.0.insert(name.clone(), Style { parent, ..Style::default() });
                }
                Piece::Start(start) if start.is("text-properties") => {
                    let line = ["text-line-through-style", "text-line-through-type"];
                    let struck = line.iter().find_map(|name| start.attribute(name)).map(|line| line != "none");
                    if let (Some(style), Some(struck)) = (self.0.get_mut(&name), struck) {
                        style.struck = Some(struck);
                    }
                }
                Piece::Start(start) if start.is("table-properties") => {
                    let hidden = start.attribute("display").as_deref() == Some("false");
                    self.0.get_mut(&name).into_iter().for_each(|style| style.hidden |= hidden);
                }
                Piece::End(end) if end.is("style") => name.clear(),
                Piece::Start(start) if let Some(name) = other(&start) => xml.pass(name)?,
                Piece::Start(start) if start.is("table") => count += 1,
                Piece::Eof => return Ok(count),
                _ => {}
            }
            if count > MOST_SHEETS || self.0.len() > MOST_STYLES {
                return Err(Stop::Workbook("it has too many sheets or styles".to_owned()));
            }
        }
    }

    fn looks(&self) -> Looks {
        let of = |is_so: &dyn Fn(&(&String, &Style)) -> bool| {
            self.0.iter().filter(is_so).map(|(name, _)| name.clone()).collect()
        };
        Looks { struck: of(&|(_, style)| self.is_struck(style)), hidden: of(&|(_, style)| style.hidden) }
    }

    fn is_struck(&self, style: &Style) -> bool {
        let mut style = Some(style);
        for _ in 0..MOST_PARENTS {
            let Some(this) = style else { return false };
            if let Some(struck) = this.struck {
                return struck;
            }
            style = this.parent.as_ref().and_then(|parent| self.0.get(parent));
        }
        false
    }
}

/// A sheet that is being read.
struct Sheet<'a, 'x> {
    xml: &'a mut Xml<'x>,
    looks: &'a Looks,
    line: &'a mut Line,
    /// Of the row being read, from 1.
    row: u64,
    /// Of the next cell, or while columns are read the next column, from 0.
    column: u64,
    /// Whether cells of the row that say nothing themselves are struck through.
    struck: bool,
    /// The same of columns, from the one to the other.
    columns: Vec<(u64, u64)>,
}

/// The head of a cell: how often it stands there, and what it shows if not its text.
struct Cell {
    repeats: u64,
    /// Rows and columns that it spans.
    spans: (u64, u64),
    value: Option<String>,
    /// A formula of which nothing is known but how it is computed.
    formula: bool,
    /// Whether it is struck through, where its style says.
    struck: Option<bool>,
}

impl Cell {
    fn of(start: &Start<'_>, looks: &Looks) -> Self {
        let kind = start.attribute("value-type");
        let value = match kind.as_deref() {
            Some("float" | "percentage" | "currency") => start.attribute("value").map(number),
            Some("date") => start.attribute("date-value").map(|date| iso(&date)),
            Some("boolean") => start.attribute("boolean-value"),
            Some("string") => start.attribute("string-value"),
            _ => None,
        };
        let formula = kind.is_none() && start.attribute("formula").is_some();
        let span = |name: &str| start.number(name).unwrap_or(1).max(1);
        let spans = (span("number-rows-spanned"), span("number-columns-spanned"));
        let struck = start.attribute("style-name").map(|style| looks.struck.contains(&style));
        let repeats = start.number("number-columns-repeated").unwrap_or(1);
        Self { repeats, spans, value, formula, struck }
    }
}

/// Whether nobody sees the row or column.
fn is_unseen(start: &Start<'_>) -> bool {
    matches!(start.attribute("visibility").as_deref(), Some("collapse" | "filter"))
}

impl Sheet<'_, '_> {
    fn read(mut self, open: &mut bool, each: Each<'_>) -> Result<(), Stop> {
        let mut repeats = 1;
        loop {
            match self.xml.next()? {
                Piece::Start(start) if start.is("table-row") => {
                    repeats = start.number("number-rows-repeated").unwrap_or(1);
                    self.column = 0;
                    self.line.clear();
                    if is_unseen(&start) {
                        self.line.hide();
                    }
                    let style = start.attribute("default-cell-style-name");
                    self.struck = style.is_some_and(|style| self.looks.struck.contains(&style));
                }
                Piece::Start(start) if start.is("table-cell") || start.is("covered-table-cell") => {
                    let cell = Cell::of(&start, self.looks);
                    self.cell(cell)?;
                }
                Piece::Start(start) if start.is("table-column") => {
                    let first = self.column;
                    self.column = first.saturating_add(start.number("number-columns-repeated").unwrap_or(1));
                    let columns = (first, self.column.saturating_sub(1));
                    if is_unseen(&start) {
                        self.line.aside.hide_columns(columns.0, columns.1);
                    }
                    let style = start.attribute("default-cell-style-name");
                    if style.is_some_and(|style| self.looks.struck.contains(&style)) && self.columns.len() < 1024 {
                        self.columns.push(columns);
                    }
                }
                Piece::End(end) if end.is("table-row") => self.give(repeats, each)?,
                Piece::Start(start) if let Some(name) = other(&start) => self.xml.pass(name)?,
                Piece::End(end) if end.is("table") => break,
                Piece::Eof => break,
                _ => {}
            }
        }
        *open = false;
        Ok(())
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
                let below = |(first, last): &(u64, u64)| (first..=last).contains(&&column);
                let struck = cell.struck.unwrap_or_else(|| self.struck || self.columns.iter().any(below));
                self.line.put(self.row, column, &text, struck)?;
            }
        } else if cell.formula {
            self.line.uncomputed(self.row, self.column);
        }
        self.column = next;
        Ok(())
    }

    /// Keeps that the next cell spans others.
    fn merge(&mut self, (rows, columns): (u64, u64)) -> Result<(), Stop> {
        let end = |start: u64, count: u64| start.saturating_add(count - 1);
        let column = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let (left, right) = (column(self.column), column(end(self.column, columns)));
        Area { top: self.row, bottom: end(self.row, rows), left, right }.keep(&mut self.line.aside.merged)
    }

    /// The paragraphs of a cell, one a line; remarks upon it left out.
    fn text(&mut self) -> Result<String, Stop> {
        let (mut text, mut paragraphs, mut inside) = (String::new(), 0, false);
        let (mut remark, mut said, mut says) = (false, String::new(), false);
        loop {
            match self.xml.next()? {
                Piece::Start(start) if start.is("annotation") => (remark, said) = (true, String::new()),
                Piece::End(end) if end.is("annotation") => {
                    self.line.comment(self.row, self.column, &said);
                    remark = false;
                }
                Piece::Start(start) if remark && start.is("p") => says = true,
                Piece::End(end) if remark && end.is("p") => says = false,
                Piece::Text(piece) if remark && says && said.len() < 200 => said.push_str(&piece),
                Piece::Start(start) if start.is("p") && !remark => {
                    text.push_str(if paragraphs > 0 { "\n" } else { "" });
                    (paragraphs, inside) = (paragraphs + 1, true);
                }
                Piece::End(end) if end.is("p") => inside = false,
                Piece::Start(start) if inside && (start.is("s") || start.is("tab")) => text.push(' '),
                Piece::Start(start) if inside && start.is("line-break") => text.push('\n'),
                Piece::Text(piece) if inside && !remark => text.push_str(&piece),
                Piece::Start(start) if let Some(name) = other(&start) => self.xml.pass(name)?,
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
