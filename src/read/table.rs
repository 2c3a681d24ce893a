//! One table of the case: finding its file, and its rows by column.

use std::io;
use std::rc::Rc;

use super::csv::{self, Record, Stop};
use super::decode::{self, Decoded};
use super::explained::{explain, told_of};
use super::header::{Header, OddWords, fits, header};
use super::policy::Policy;
use super::problem::{Log, Problem, grouped};
use super::source::Source;
use super::workbook;
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
        let cell = if self.header.workbook { cell } else { bare(cell) };
        let missing = cell.is_empty() || self.header.says().missing.iter().any(|word| word == cell);
        (!missing).then_some(cell)
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
        let read = if file.to_lowercase().ends_with(".csv") {
            self.text_table(table, &file, each)
        } else {
            self.workbook_table(table, &file, each)
        };
        match read {
            Ok(header) => header,
            Err(stop) => {
                self.log.push(explain(&file, stop));
                None
            }
        }
    }

    /// The one file that holds the table.
    fn find(&mut self, table: &Table, needed: bool) -> Option<String> {
        let forms: Vec<String> = [".csv", ".xlsx", ".ods"].iter().map(|end| format!("{}{end}", table.name)).collect();
        let found: Vec<String> =
            self.names.iter().filter(|name| forms.contains(&name.to_lowercase())).cloned().collect();
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
            let advice = format!("Save it as {}.csv, .xlsx or .ods, or take it out of the folder", table.name);
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
                let known = ["csv", "xlsx", "ods", "xls", "xlsm", "xlsb", "tsv", "txt"].contains(&end);
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
        if !is_text(self.source, table.name, file, &mut self.log).map_err(Stop::Io)? {
            return Ok(None);
        }
        let source = self.source;
        let says = self.policy.says(table.name);
        let spelling = decode::detect(source, file, says.encoding).map_err(Stop::Io)?;
        let sample = decode::sample(source, file, &spelling).map_err(Stop::Io)?;
        let known = |title: &str| self.policy.column(table, title).is_some();
        let delimiter = says.delimiter.unwrap_or_else(|| csv::delimiter(&sample, &known));
        self.log.note(file, told_of(&spelling, &sample, delimiter));
        let mut text = Decoded::open(source, file, &spelling).map_err(Stop::Io)?;
        let mut reading = Reading::new(table, file, false, each);
        csv::records(&mut text, delimiter, &mut |record| reading.take(record, &self.policy, &mut self.log))?;
        Ok(reading.end(&mut self.log))
    }

    fn workbook_table(
        &mut self,
        table: &'static Table,
        file: &str,
        each: &mut dyn FnMut(&Row<'_>, &mut Log),
    ) -> Result<Option<Header>, Stop> {
        let bytes = packed(self.source, file)?;
        let mut reading = Reading::new(table, file, true, each);
        let policy = Rc::clone(&self.policy);
        let mut take = |record: &Record<'_>| reading.take(record, &policy, &mut self.log);
        let mut sheet = String::new();
        workbook::rows(bytes, table.name, &mut sheet, &mut take)?;
        self.log.note(file, sheet);
        Ok(reading.end(&mut self.log))
    }
}

/// The bytes of a workbook, where it is not too large.
pub(super) fn packed(source: &dyn Source, file: &str) -> Result<Vec<u8>, Stop> {
    let most = workbook::MOST_PACKED;
    if source.size(file).map_err(Stop::Io)? > most {
        return Err(Stop::Workbook(format!("it has more than {} bytes", grouped(most))));
    }
    source.bytes(file, most).map_err(Stop::Io)
}

/// Refuses what is too large or no text at all.
pub(super) fn is_text(source: &dyn Source, stem: &str, file: &str, log: &mut Log) -> io::Result<bool> {
    let size = source.size(file)?;
    let head = source.bytes(file, 8)?;
    let refusal = if size > MOST_BYTES {
        let why = format!("the file has {} bytes, more than the {} that are read", grouped(size), grouped(MOST_BYTES));
        Some((why, "Split it, or leave out old years".to_owned()))
    } else if head.starts_with(b"PK\x03\x04") {
        let advice = format!("Rename it to {stem}.xlsx (or {stem}.ods), or save it as CSV");
        Some(("this is a workbook, not CSV".to_owned(), advice))
    } else if head.starts_with(b"\xD0\xCF\x11\xE0") {
        let advice = format!("Open it and save it as {stem}.csv or .xlsx");
        Some(("this is an old Excel workbook (.xls), not CSV".to_owned(), advice))
    } else {
        None
    };
    if let Some((why, advice)) = &refusal {
        log.push(Problem::error(file, why, advice));
    }
    Ok(refusal.is_none())
}

/// A table that is being read.
struct Reading<'e> {
    table: &'static Table,
    file: String,
    workbook: bool,
    each: &'e mut dyn FnMut(&Row<'_>, &mut Log),
    header: Option<Header>,
    usable: bool,
    rows: u64,
    odd: OddWords,
}

impl<'e> Reading<'e> {
    fn new(table: &'static Table, file: &str, workbook: bool, each: &'e mut dyn FnMut(&Row<'_>, &mut Log)) -> Self {
        let file = file.to_owned();
        Self { table, file, workbook, each, header: None, usable: true, rows: 0, odd: OddWords::default() }
    }

    /// Takes the next record; false if there is no sense in reading on.
    fn take(&mut self, record: &Record<'_>, policy: &Policy, log: &mut Log) -> bool {
        if record.is_blank() {
            return true;
        }
        let Some(header) = &self.header else {
            let header = header(self.table, &self.file, self.workbook, record, policy, log);
            self.usable = header.is_some();
            self.header = header;
            return self.usable;
        };
        self.rows += 1;
        if self.rows > MOST_ROWS {
            let why = format!("the table has more than {} rows", grouped(MOST_ROWS));
            log.push(Problem::error(&self.file, why, "Leave out old years"));
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
            let advice = "Write the names of the columns into its first row";
            log.push(Problem::error(&self.file, "the file is empty", advice));
        }
        if let Some(header) = &self.header {
            self.odd.tell(header, log);
        }
        self.header
    }
}
