//! Tables of an HTML page. Many programs call such a page `.xls`.
//!
//! A page is cut into tags and texts as a browser does it; but no tree is made of it. The rules by which a browser mends tags that are
//! nested wrongly make some pages grow without end, and a table needs none of them: a row, a cell or a table ends where it says so, or
//! where the next one begins.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::csv::{MOST_BYTES, MOST_CELLS, Stop};
use super::problem::{grouped, shown};
use super::workbook::{Area, Each, Keep, Line, Tab};

/// Most bytes of a page.
pub(super) const MOST_PAGE: u64 = 32 << 20;
/// Most cells of a page.
const MOST_ALL: usize = 2 << 20;
/// Most tables of a page.
const MOST_TABLES: usize = 10_000;
/// Most rows that a cell may span.
const MOST_SPAN: u64 = 65_534;

/// One table.
#[derive(Default)]
struct Grid {
    caption: String,
    hidden: bool,
    rows: Vec<Row>,
}

#[derive(Default)]
struct Row {
    hidden: bool,
    struck: bool,
    cells: Vec<Cell>,
}

#[derive(Default)]
struct Cell {
    text: String,
    struck: bool,
    across: u64,
    down: u64,
}

/// Where text goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Into {
    Nothing,
    Caption,
    Cell,
}

/// A table that has begun and not ended.
struct Open {
    at: usize,
    into: Into,
    /// How many elements that strike text through are open in the cell.
    struck: usize,
    /// Whether all text of the cell so far is struck through.
    all_struck: bool,
    /// Whether a blank is to come before the next text.
    blank: bool,
}

/// A page that is being read.
#[derive(Default)]
struct Page {
    grids: Vec<Grid>,
    open: Vec<Open>,
    cells: usize,
    /// What stands outside of all tables, as far as it is told.
    outside: String,
    /// Whether what comes is no text of the page: a script, a style, its title.
    unseen: bool,
}

/// Most bytes of what stands outside of the tables that are told.
const MOST_OUTSIDE: usize = 240;

/// Gives every table to `keep`; what there is to say of the text outside of them, which is not read, comes back.
pub(super) fn sheets(text: &str, keep: Keep<'_>) -> Result<Option<String>, Stop> {
    let Page { grids, outside, .. } = Page::read(text)?;
    if grids.is_empty() {
        return Err(Stop::Workbook(
            "it is an HTML page without a table; perhaps its sheets lie in other files".to_owned(),
        ));
    }
    let several = grids.len() > 1;
    for (at, grid) in grids.iter().enumerate() {
        let caption = grid.caption.trim();
        let name = if caption.is_empty() { format!("table {}", at + 1) } else { caption.to_owned() };
        keep(&Tab { name: &name, hidden: grid.hidden, several }, &mut |line, each| grid.give(line, each))?;
    }
    let words = outside.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = || format!("outside of its tables stands what is not read: `{}`", shown(&words));
    Ok((!words.is_empty()).then(told))
}

impl Page {
    fn read(text: &str) -> Result<Self, Stop> {
        let mut page = Self::default();
        // Scripts and styles hold no tags, and only a tokenizer that knows their names passes over them.
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(text, emitter) {
            match token {
                Ok(Token::StartTag(tag)) => page.begin(&tag)?,
                Ok(Token::EndTag(tag)) => page.end(&tag.name),
                Ok(Token::String(text)) if page.open.is_empty() => page.beside(&String::from_utf8_lossy(&text)),
                Ok(Token::String(text)) => page.text(&String::from_utf8_lossy(&text))?,
                Ok(_) => {}
                Err(never) => match never {},
            }
        }
        // Without the end of a table nobody knows what was below it.
        match page.open.is_empty() {
            true => Ok(page),
            false => Err(Stop::Workbook("the page is cut short: the end of a table is missing".to_owned())),
        }
    }

    fn beside(&mut self, text: &str) {
        if !self.unseen && self.outside.len() < MOST_OUTSIDE {
            self.outside.push_str(text);
            self.outside.push(' ');
        }
    }

    fn begin(&mut self, tag: &StartTag<()>) -> Result<(), Stop> {
        match tag.name.as_slice() {
            b"script" | b"style" | b"title" => self.unseen = true,
            b"table" => {
                self.open.push(Open {
                    at: self.grids.len(),
                    into: Into::Nothing,
                    struck: 0,
                    all_struck: true,
                    blank: false,
                });
                self.grids.push(Grid { hidden: is_unseen(tag), ..Grid::default() });
                if self.grids.len() > MOST_TABLES {
                    return Err(Stop::Workbook(format!("it has more than {} tables", grouped(MOST_TABLES as u64))));
                }
            }
            b"tr" => self.row(Row { hidden: is_unseen(tag), struck: is_struck(tag), cells: Vec::new() }),
            b"td" | b"th" => self.cell(tag)?,
            b"caption" => self.into(Into::Caption),
            b"s" | b"strike" | b"del" => self.strike(1),
            b"br" => self.text_as_it_is("\n")?,
            _ => self.part(&tag.name),
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            b"script" | b"style" | b"title" => self.unseen = false,
            b"table" => {
                self.close();
                self.open.pop();
            }
            b"tr" | b"td" | b"th" | b"caption" => {
                self.close();
                self.into(Into::Nothing);
            }
            b"s" | b"strike" | b"del" => self.strike(-1),
            _ => self.part(name),
        }
    }

    /// Paragraphs and the like stand on lines of their own.
    fn part(&mut self, name: &[u8]) {
        let is_block = matches!(name, b"p" | b"div" | b"li" | b"ul" | b"ol" | b"h1" | b"h2" | b"h3" | b"h4");
        if let (true, Some((_, cell))) = (is_block, self.here())
            && !cell.text.is_empty()
            && !cell.text.ends_with('\n')
        {
            cell.text.push('\n');
        }
    }

    fn strike(&mut self, by: isize) {
        self.open.last_mut().into_iter().for_each(|open| open.struck = open.struck.saturating_add_signed(by));
    }

    fn into(&mut self, into: Into) {
        self.open.last_mut().into_iter().for_each(|open| (open.into, open.struck, open.blank) = (into, 0, false));
    }

    fn row(&mut self, row: Row) {
        self.close();
        self.into(Into::Nothing);
        if let Some(open) = self.open.last() {
            self.grids[open.at].rows.push(row);
        }
    }

    fn cell(&mut self, tag: &StartTag<()>) -> Result<(), Stop> {
        self.close();
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        (open.all_struck, open.into, open.struck, open.blank) = (true, Into::Cell, 0, false);
        let rows = &mut self.grids[open.at].rows;
        if rows.is_empty() {
            rows.push(Row::default());
        }
        let span = |name: &[u8], most: u64| number(tag, name).unwrap_or(1).clamp(1, most);
        let (across, down) = (span(b"colspan", MOST_CELLS as u64), span(b"rowspan", MOST_SPAN));
        let row = rows.last_mut().expect("one was just pushed if there was none");
        row.cells.push(Cell { text: String::new(), struck: row.struck || is_struck(tag), across, down });
        self.cells += 1;
        if self.cells > MOST_ALL {
            return Err(Stop::Workbook(format!("it has more than {} cells", grouped(MOST_ALL as u64))));
        }
        Ok(())
    }

    /// Ends the cell that is open, if one is.
    fn close(&mut self) {
        if let Some((open, cell)) = self.here() {
            cell.struck |= open.all_struck && !cell.text.trim().is_empty();
        }
    }

    /// The table and the cell that text goes into.
    fn here(&mut self) -> Option<(&mut Open, &mut Cell)> {
        let open = self.open.last_mut().filter(|open| open.into == Into::Cell)?;
        let cell = self.grids.get_mut(open.at)?.rows.last_mut()?.cells.last_mut()?;
        Some((open, cell))
    }

    /// Takes text as a browser shows it: blanks and ends of lines are one blank.
    fn text(&mut self, text: &str) -> Result<(), Stop> {
        if let Some(open) = self.open.last().filter(|open| open.into == Into::Caption) {
            self.grids[open.at].caption.push_str(text);
            return Ok(());
        }
        let Some((open, cell)) = self.here() else { return Ok(()) };
        open.blank |= text.starts_with(is_blank);
        for word in text.split(is_blank).filter(|word| !word.is_empty()) {
            if open.blank && !cell.text.is_empty() && !cell.text.ends_with('\n') {
                cell.text.push(' ');
            }
            cell.text.push_str(word);
            open.all_struck &= open.struck > 0;
            open.blank = true;
        }
        open.blank = text.ends_with(is_blank);
        bounded(cell)
    }

    fn text_as_it_is(&mut self, text: &str) -> Result<(), Stop> {
        let Some((open, cell)) = self.here() else { return Ok(()) };
        open.blank = false;
        cell.text.push_str(text);
        bounded(cell)
    }
}

fn bounded(cell: &Cell) -> Result<(), Stop> {
    if cell.text.len() > MOST_BYTES {
        Err(Stop::Workbook("a cell in it is longer than 1 MiB".to_owned()))
    } else {
        Ok(())
    }
}

/// Blanks, also the one that keeps words on a line, which pages put into blank cells.
fn is_blank(letter: char) -> bool {
    letter.is_ascii_whitespace() || letter == '\u{A0}'
}

fn attribute<'t>(tag: &'t StartTag<()>, name: &[u8]) -> Option<&'t [u8]> {
    tag.attributes.get(name).map(|value| value.as_slice())
}

fn number(tag: &StartTag<()>, name: &[u8]) -> Option<u64> {
    std::str::from_utf8(attribute(tag, name)?).ok()?.trim().parse().ok()
}

/// Whether the style of an element says this, blanks and case apart.
fn styled(tag: &StartTag<()>, says: &str) -> bool {
    let style = String::from_utf8_lossy(attribute(tag, b"style").unwrap_or_default()).to_lowercase();
    style.split_whitespace().collect::<String>().contains(says)
}

fn is_unseen(tag: &StartTag<()>) -> bool {
    attribute(tag, b"hidden").is_some() || styled(tag, "display:none")
}

fn is_struck(tag: &StartTag<()>) -> bool {
    styled(tag, "line-through")
}

impl Grid {
    /// Lays the cells out: one that spans others pushes those of its rows to the right.
    fn give(&self, line: &mut Line, each: Each<'_>) -> Result<(), Stop> {
        // Up to which row each column is taken by a cell above.
        let mut taken = vec![0u64; MOST_CELLS];
        for (number, row) in (1u64..).zip(&self.rows) {
            line.clear();
            if row.hidden {
                line.hide();
            }
            let mut column = 0;
            for cell in &row.cells {
                while taken.get(column).is_some_and(|until| *until >= number) {
                    column += 1;
                }
                let (right, bottom) = (column + cell.across as usize - 1, number + cell.down - 1);
                line.put(number, column as u64, cell.text.trim(), cell.struck)?;
                Area { top: number, bottom, left: column, right }.keep(&mut line.aside.merged)?;
                if cell.down > 1 {
                    taken.iter_mut().take(right + 1).skip(column).for_each(|until| *until = bottom);
                }
                column = right + 1;
            }
            line.give(number, each)?;
        }
        Ok(())
    }
}
