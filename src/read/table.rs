//! One table of the case: finding its file, and its rows by column.

mod tabs;

use std::rc::Rc;

use self::tabs::Tabs;
use super::csv::{self, Record, Stop};
use super::explained::stopped;
use super::form::{self, Book, ENDINGS, Form};
use super::header::{Header, OddWords, Sheets, fits, header};
use super::policy::Policy;
use super::problem::{Log, Problem, grouped};
use super::source::Source;
use super::spelled;
use super::text;
use crate::model::bare;

/// Most bytes of a table as text.
pub(super) const MOST_BYTES: u64 = 1 << 30;
/// Most rows of a table.
const MOST_ROWS: u64 = 5_000_000;

/// What a table is called and which columns it has.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [Column],
}

/// One column that we know.
pub(super) struct Column {
    pub(super) name: &'static str,
    required: bool,
    /// Whether plans depend on it; a misspelt header of such a column is an error.
    pub(super) decides: bool,
}

impl Column {
    /// Whether the table can't be read without it.
    pub(super) fn is_required(&self) -> bool {
        self.required
    }
}

/// A column without which the table can't be read.
pub(super) const fn must(name: &'static str) -> Column {
    Column { name, required: true, decides: true }
}

/// A column that may be missing.
pub(super) const fn may(name: &'static str) -> Column {
    Column { name, required: false, decides: true }
}

/// A column that may be missing and that only people read.
pub(super) const fn told(name: &'static str) -> Column {
    Column { name, required: false, decides: false }
}

/// Everything that the readers of tables share.
pub(super) struct Desk<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) names: Vec<String>,
    pub(super) policy: Rc<Policy>,
    pub(super) log: Log,
    /// The rules that waivers name.
    pub(super) waived: Vec<super::Waived>,
}

/// One row, by our columns.
pub(super) struct Row<'a> {
    pub(super) header: &'a Header,
    record: &'a Record<'a>,
}

impl<'a> Row<'a> {
    /// A record under a header.
    pub(super) fn new(header: &'a Header, record: &'a Record<'a>) -> Self {
        Self { header, record }
    }

    /// Its number in a spreadsheet.
    pub(super) fn number(&self) -> u64 {
        self.record.row
    }

    /// What stands in the column; none where it is blank or one of the words for "not available".
    pub(super) fn text(&self, column: usize) -> Option<&'a str> {
        let cell = self.record.cell(self.header.place(column)?);
        let cell = spelled::trim(cell);
        let plain = if self.header.workbook { cell } else { bare(cell) };
        let cell = if plain.len() < cell.len() { plain } else { spelled::without_apostrophe(cell) };
        let missing = cell.is_empty() || self.header.says().missing.iter().any(|word| word == cell);
        (!missing).then_some(cell)
    }

    /// What stands in a column that is none of ours.
    pub(super) fn other(&self, place: usize) -> &'a str {
        self.record.cell(place)
    }

    /// A problem with what stands in the column.
    pub(super) fn problem(&self, column: usize, why: impl Into<String>, advice: impl Into<String>) -> Problem {
        let header = self.header;
        let problem = Problem::error(&header.file, why, advice).row(self.number()).column(header.title(column));
        match self.text(column) {
            Some(value) => problem.value(value),
            None => problem,
        }
    }
}

impl Desk<'_> {
    /// Reads a table, row by row. None if there is no such file or it can't be read; what is wrong is in the log.
    pub(super) fn table(
        &mut self,
        table: &'static Table,
        needed: bool,
        each: &mut dyn FnMut(&Row<'_>, &mut Log),
    ) -> Option<Header> {
        let file = self.find(table, needed)?;
        match self.read(table, &file, each) {
            Ok(header) => header,
            Err(stop) => {
                stopped(&self.policy.says(table.name), &file, stop, &mut self.log);
                None
            }
        }
    }

    /// Reads a file as what it is.
    fn read(
        &mut self,
        table: &'static Table,
        file: &str,
        each: &mut dyn FnMut(&Row<'_>, &mut Log),
    ) -> Result<Option<Header>, Stop> {
        let form = form::of(self.source, file)?;
        for surprise in form.notes(file) {
            self.log.note(file, surprise);
        }
        match form {
            Form::Text => self.text_table(table, file, each),
            Form::Book(book) => self.workbook_table(table, file, book, each),
            Form::Calendar => {
                let advice = "Import it, or export the table as CSV, XLSX or ODS";
                self.log.push(Problem::error(file, "it is a calendar (iCalendar), not a table", advice));
                Ok(None)
            }
            Form::Other(what, advice) => {
                self.log.push(Problem::error(file, what, advice));
                Ok(None)
            }
        }
    }

    /// The one file that holds the table.
    fn find(&mut self, table: &Table, needed: bool) -> Option<String> {
        let found: Vec<String> = self.names.iter().filter(|name| form::is_table(name, table.name)).cloned().collect();
        if let [one] = found.as_slice() {
            return Some(one.clone());
        }
        if let [first, ..] = found.as_slice() {
            let why = format!("the same table is there more than once: {}", found.join(", "));
            self.log.push(Problem::error(
                first,
                why,
                "Keep the one that is right and take the others out of the folder",
            ));
            return None;
        }
        if let Some(near) = self.misnamed(table) {
            let why = format!("is not a name that is read; it looks like the table `{}`", table.name);
            let advice = match near.to_lowercase().ends_with(".ics") {
                true => format!(
                    "Import it: foureyes import CASE --{} FILE, with the calendar in another folder",
                    table.name
                ),
                false => format!("Save it as {}.csv, .xlsx or .ods, or take it out of the folder", table.name),
            };
            self.log.push(Problem::error(&near, why, advice));
        } else if needed {
            let name = format!("{}.csv", table.name);
            let advice = format!("Put {name} (or .xlsx, .ods) into the folder; `foureyes init` writes a template");
            self.log.push(Problem::error(&name, "the file is missing", advice));
        }
        None
    }

    /// What the file of a table is called.
    pub(super) fn file_of(&self, table: &str) -> String {
        let is_it = |name: &&String| name.to_lowercase().split('.').next() == Some(table);
        self.names.iter().find(is_it).cloned().unwrap_or_else(|| format!("{table}.csv"))
    }

    /// A file that is probably meant for this table: a near name, or a form that is not read.
    fn misnamed(&self, table: &Table) -> Option<String> {
        let tables = super::TABLES;
        self.names
            .iter()
            .find(|name| {
                let lower = name.to_lowercase();
                let Some((stem, end)) = lower.rsplit_once('.') else { return false };
                let known = ENDINGS.contains(&end);
                let other = tables.contains(&stem) && stem != table.name;
                known && !other && (stem == table.name || strsim::damerau_levenshtein(stem, table.name) <= 2)
            })
            .cloned()
    }

    fn text_table(
        &mut self,
        table: &'static Table,
        file: &str,
        each: &mut dyn FnMut(&Row<'_>, &mut Log),
    ) -> Result<Option<Header>, Stop> {
        if !is_readable(self.source, file, &mut self.log)? {
            return Ok(None);
        }
        let source = self.source;
        let says = self.policy.says(table.name);
        let known = |title: &str| self.policy.column(table, title).is_some();
        let pick = |sample: &str| csv::delimiter(sample, &known);
        let Some(text) = text::open(source, file, &says, &pick, &mut self.log)? else { return Ok(None) };
        let mut reading = Reading::new(table, file, None, each);
        text.rows(&mut |record| reading.take(record, &self.policy, &mut self.log))?;
        Ok(reading.end(&mut self.log))
    }

    fn workbook_table(
        &mut self,
        table: &'static Table,
        file: &str,
        book: Book,
        each: &mut dyn FnMut(&Row<'_>, &mut Log),
    ) -> Result<Option<Header>, Stop> {
        let policy = Rc::clone(&self.policy);
        let mut tabs = Tabs::new(table, file, &policy, each, &mut self.log);
        let beside = book.sheets(&mut |tab, rows| tabs.take(tab, rows))?;
        let header = tabs.end();
        beside.into_iter().for_each(|said| self.log.note(file, said));
        Ok(header)
    }
}

/// Refuses what is too large to be read as text.
pub(super) fn is_readable(source: &dyn Source, file: &str, log: &mut Log) -> Result<bool, Stop> {
    let size = source.size(file).map_err(Stop::Io)?;
    if size > MOST_BYTES {
        let why = format!("the file has {} bytes, more than the {} that are read", grouped(size), grouped(MOST_BYTES));
        log.push(Problem::error(file, why, "Split it, or leave out old years"));
    }
    Ok(size <= MOST_BYTES)
}

/// Says what a table without rows means, where somebody may have lost them.
pub(super) fn nobody(table: &Table, file: &str, log: &mut Log) {
    match table.name {
        "absences" => log.note(file, "it has no row: nobody is away"),
        "conflicts" => log.note(file, "it has no row: nobody declares a conflict"),
        _ => {}
    }
}

fn empty(file: &str) -> Problem {
    Problem::error(file, "the file is empty", "Write the names of the columns into its first row")
}

/// A table that is being read.
struct Reading<'e> {
    table: &'static Table,
    file: &'e str,
    /// Those of a workbook.
    sheets: Option<&'e Sheets>,
    each: &'e mut dyn FnMut(&Row<'_>, &mut Log),
    header: Option<Header>,
    usable: bool,
    rows: u64,
    odd: OddWords,
}

impl<'e> Reading<'e> {
    fn new(
        table: &'static Table,
        file: &'e str,
        sheets: Option<&'e Sheets>,
        each: &'e mut dyn FnMut(&Row<'_>, &mut Log),
    ) -> Self {
        Self { table, file, sheets, each, header: None, usable: true, rows: 0, odd: OddWords::default() }
    }

    /// Takes the next record; false if there is no sense in reading on.
    fn take(&mut self, record: &Record<'_>, policy: &Policy, log: &mut Log) -> bool {
        if record.is_blank() {
            return true;
        }
        let Some(header) = &self.header else {
            let header = header(self.table, self.file, self.sheets, record, policy, log);
            self.usable = header.is_some();
            self.header = header;
            return self.usable;
        };
        self.rows += 1;
        if self.rows > MOST_ROWS {
            let why = format!("the table has more than {} rows", grouped(MOST_ROWS));
            log.push(Problem::error(self.file, why, "Leave out old years"));
            self.usable = false;
            return false;
        }
        if fits(header, record, log) {
            self.odd.look(header, record);
            (self.each)(&Row { header, record }, log);
        }
        true
    }

    fn end(self, log: &mut Log) -> Option<Header> {
        if self.header.is_none() && self.usable {
            log.push(empty(self.file));
        }
        if let Some(header) = &self.header {
            self.odd.tell(header, log);
            if self.usable && self.rows == 0 {
                nobody(self.table, self.file, log);
            }
        }
        self.header
    }
}
