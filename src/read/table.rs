//! One table of the case: finding its file, its header, and its rows by column.

use std::io;
use std::rc::Rc;

use super::csv::{self, Record, Stop};
use super::decode::{self, Decoded, How, Spelling};
use super::ids::{nearest, nfc};
use super::policy::{Policy, Says};
use super::problem::{Level, Log, Problem, counted, grouped, shown};
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
    decides: bool,
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

/// A table's header: which of its columns is which of ours.
pub(super) struct Header {
    pub(super) file: String,
    /// Whether it came from a workbook, whose dates may be numbers.
    pub(super) workbook: bool,
    columns: &'static [Column],
    titles: Vec<String>,
    places: Vec<Option<usize>>,
    says: Says,
}

impl Header {
    /// Whether the file has our column.
    pub(super) fn has(&self, column: usize) -> bool {
        self.places.get(column).is_some_and(Option::is_some)
    }

    /// The column as the file calls it.
    pub(super) fn title(&self, column: usize) -> &str {
        let ours = self.columns.get(column).map_or("", |column| column.name);
        let title = self.places.get(column).copied().flatten().and_then(|place| self.titles.get(place));
        title.map_or(ours, String::as_str)
    }

    /// The column as we call it.
    pub(super) fn name(&self, column: usize) -> &'static str {
        self.columns.get(column).map_or("", |column| column.name)
    }

    /// What the policy says of the file.
    pub(super) fn says(&self) -> &Says {
        &self.says
    }
}

impl Header {
    /// The header of an imported file, whose columns were found elsewhere.
    pub(super) fn found(table: &Table, file: &str, workbook: bool, titles: &[String], says: Says) -> Self {
        let file = file.to_owned();
        Self { file, workbook, columns: table.columns, titles: titles.to_vec(), places: Vec::new(), says }
    }

    /// With our columns at these `places` of the file.
    pub(super) fn at(self, places: Vec<Option<usize>>) -> Self {
        Self { places, ..self }
    }
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
        let cell = self.record.cell(self.header.places.get(column).copied().flatten()?);
        let cell = if self.header.workbook { cell } else { bare(cell) };
        let missing = cell.is_empty() || self.header.says.missing.iter().any(|word| word == cell);
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

/// Whether a record has as many cells as the header.
pub(super) fn fits(header: &Header, record: &Record<'_>, log: &mut Log) -> bool {
    let width = header.titles.len();
    let filled = record.cells().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(at, _)| at + 1).last();
    let (has, kind) = match filled.unwrap_or_default() {
        filled if filled > width => (filled, "rows with more cells than the header"),
        _ if record.len() < width && !header.workbook => (record.len(), "rows with fewer cells than the header"),
        _ => return true,
    };
    log.one_of(Level::Error, &header.file, kind, || {
        let why = format!("the row has {has} cells, the header {width}");
        let advice = "Look for a cell that holds the delimiter without quotes around it, or a lost one";
        Problem::error(&header.file, why, advice).row(record.row)
    });
    false
}

/// Reads the header. None where a column is there twice or a required one is missing.
fn header(
    table: &'static Table,
    file: &str,
    workbook: bool,
    record: &Record<'_>,
    policy: &Policy,
    log: &mut Log,
) -> Option<Header> {
    let mut titles: Vec<String> = record.cells().map(|cell| nfc(cell.trim_start_matches('\u{FEFF}'))).collect();
    while titles.last().is_some_and(String::is_empty) {
        titles.pop();
    }
    let found: Vec<Option<usize>> = titles.iter().map(|title| policy.column(table, title)).collect();
    let mut places = vec![None; table.columns.len()];
    let mut sound = twice(file, record.row, &titles, log);
    for (at, ours) in found.iter().enumerate().filter_map(|(at, ours)| Some((at, (*ours)?))) {
        if let Some(first) = places[ours].replace(at)
            && super::ids::fold(&titles[first]) != super::ids::fold(&titles[at])
        {
            let why =
                format!("two columns are both `{}`: {} and {}", table.columns[ours].name, titles[first], titles[at]);
            log.push(Problem::error(file, why, "Keep one, or map the right one in policy.toml").row(record.row));
            sound = false;
        }
    }
    let header = Header {
        file: file.to_owned(),
        workbook,
        columns: table.columns,
        titles,
        places,
        says: policy.says(table.name),
    };
    let complete = complete(table, &header, policy, record.row, log) & mapped(table, &header, policy, record.row, log);
    strangers(table, &header, policy, &found, log);
    (sound && complete).then_some(header)
}

/// Reports headers that stand there twice.
fn twice(file: &str, row: u64, titles: &[String], log: &mut Log) -> bool {
    let mut sound = true;
    for (at, title) in titles.iter().enumerate().filter(|(_, title)| !title.is_empty()) {
        let same = |other: &String| super::ids::fold(other) == super::ids::fold(title);
        if let Some(first) = titles[..at].iter().position(same) {
            let why = format!("two columns have this header (column {} and column {})", first + 1, at + 1);
            log.push(Problem::error(file, why, "Rename or delete one").row(row).column(title));
            sound = false;
        }
    }
    sound
}

fn complete(table: &Table, header: &Header, policy: &Policy, row: u64, log: &mut Log) -> bool {
    let missing: Vec<&Column> = (0..table.columns.len())
        .filter(|at| !header.has(*at))
        .map(|at| &table.columns[at])
        .filter(|c| c.required)
        .collect();
    let seen = shown(&header.titles.join(", "));
    if !missing.is_empty() && header.places.iter().all(Option::is_none) {
        let why = format!("the first row has none of the columns of this table, it reads: {seen}");
        let columns: Vec<_> = missing.iter().map(|column| column.name).collect();
        let advice = format!(
            "If titles stand above the header, delete them; if the headers have other names, map {} in policy.toml under [columns.{}]",
            columns.join(", "),
            table.name
        );
        log.push(Problem::error(&header.file, why, advice).row(row));
        return false;
    }
    for column in &missing {
        let at = table.columns.iter().position(|other| other.name == column.name).unwrap_or_default();
        let theirs = policy.mapped(table, at).map(|theirs| format!(" (`{}`, says policy.toml)", shown(theirs)));
        let why =
            format!("the column `{}`{} is missing; the file has: {seen}", column.name, theirs.unwrap_or_default());
        let advice = format!(
            "Add it, or write in policy.toml under [columns.{}]: {} = \"the header that the file uses\"",
            table.name, column.name
        );
        log.push(Problem::error(&header.file, why, advice).row(row));
    }
    missing.is_empty()
}

/// A header that the policy maps a column to must be there; a column lost in silence would change plans.
fn mapped(table: &Table, header: &Header, policy: &Policy, row: u64, log: &mut Log) -> bool {
    let absent = (0..table.columns.len()).filter(|at| !header.has(*at) && !table.columns[*at].required);
    let mut sound = true;
    for (name, theirs) in absent.filter_map(|at| Some((table.columns[at].name, policy.mapped(table, at)?))) {
        let why = format!("policy.toml says that `{name}` has the header `{}`, which is not there", shown(theirs));
        log.push(Problem::error(&header.file, why, "Correct the one or the other").row(row));
        sound = false;
    }
    sound
}

/// Columns that are not read: those near to one of ours are probably misspelt.
fn strangers(table: &Table, header: &Header, policy: &Policy, found: &[Option<usize>], log: &mut Log) {
    let mut ignored = Vec::new();
    for (title, _) in header.titles.iter().zip(found).filter(|(title, ours)| ours.is_none() && !title.is_empty()) {
        let open = (0..table.columns.len()).filter(|at| !header.has(*at) && policy.mapped(table, *at).is_none());
        let stated = header.says.ignore.iter().any(|other| super::ids::fold(other) == super::ids::fold(title));
        let near = nearest(title, open.map(|at| table.columns[at].name), 1);
        match near.first().filter(|_| !stated) {
            Some(near) => misspelt(table, header, title, near, log),
            None => ignored.push(shown(title)),
        }
    }
    if !ignored.is_empty() {
        log.note(&header.file, format!("columns that are not used: {}", ignored.join(", ")));
    }
}

fn misspelt(table: &Table, header: &Header, title: &str, near: &str, log: &mut Log) {
    let decides = table.columns.iter().any(|column| column.name == near && column.decides);
    let why = format!("this column is not known, and near to `{near}`");
    let advice = format!(
        "Rename it, or write in policy.toml under [columns.{0}]: {near} = \"{title}\"; if it is something else, under [files.{0}]: ignore = [\"{title}\"]",
        table.name
    );
    let problem = Problem::error(&header.file, why, advice).column(title);
    log.push(Problem { level: if decides { Level::Error } else { Level::Warning }, ..problem });
}

/// Cells such as `NA`, which may be a value or a blank: counted, and told once.
#[derive(Default)]
struct OddWords(std::collections::BTreeMap<(usize, String), (u64, u64)>);

impl OddWords {
    fn look(&mut self, header: &Header, record: &Record<'_>) {
        for place in header.places.iter().flatten() {
            let cell = record.cell(*place);
            let odd = matches!(cell, "NA" | "N/A" | "n/a" | "NULL" | "null" | "#N/A" | "NaN" | "-" | "--");
            if odd && !header.says.missing.iter().any(|word| word == cell) {
                let entry = self.0.entry((*place, cell.to_owned())).or_insert((0, record.row));
                entry.0 += 1;
            }
        }
    }

    fn tell(self, header: &Header, log: &mut Log) {
        for ((place, word), (count, row)) in self.0 {
            let why = format!(
                "{} this word, which is read as a value and not as a blank",
                counted(count, "cell holds", "cells hold")
            );
            let advice = format!(
                "If it means that nothing is known, write in policy.toml under [{}]: na = [\"{word}\"]",
                header.says.section()
            );
            let title = header.titles.get(place).map_or("", String::as_str);
            log.push(Problem::warning(&header.file, why, advice).row(row).column(title).value(&word));
        }
    }
}

/// How encoding and delimiter are told to people.
pub(super) fn told_of(spelling: &Spelling, sample: &str, delimiter: u8) -> String {
    format!("{}, separated by {}", tell(spelling, sample), name_of(delimiter))
}

/// How the encoding is told to people; a guess with a word to judge it by.
fn tell(spelling: &Spelling, sample: &str) -> String {
    let name = spelling.encoding.name();
    match spelling.how {
        How::Stated => format!("{name} (as policy.toml says)"),
        How::Mark => format!("{name} (marked)"),
        How::Proven => name.to_owned(),
        How::Guessed => {
            let mut words = sample.split([',', ';', '\t', '\n', '\r', '"', ' ']);
            let word = words.find(|word| !word.is_ascii()).map(|word| format!(", e.g. `{}`", shown(word)));
            format!("{name} (a guess{}; if letters are wrong, state encoding in policy.toml)", word.unwrap_or_default())
        }
    }
}

fn name_of(delimiter: u8) -> &'static str {
    match delimiter {
        b';' => "semicolons",
        b'\t' => "tabs",
        _ => "commas",
    }
}

/// Why a file could not be read to its end.
pub(super) fn explain(file: &str, stop: Stop) -> Problem {
    let most = grouped(csv::MOST_BYTES as u64);
    match stop {
        Stop::Undecodable { row, line, bad } => {
            let at = grouped(bad.offset.saturating_add(1));
            let why = match bad.bytes.as_str() {
                "" => "the file ends in the middle of a letter".to_owned(),
                bytes => format!(
                    "byte {at} of the file (hexadecimal {bytes}; line {line} in a text editor) is no letter of its encoding"
                ),
            };
            let advice = "Save the file as UTF-8, or state its encoding in policy.toml under [files]";
            Problem::error(file, why, advice).row(row)
        }
        Stop::TooLong { row } => {
            let why = format!("the row is longer than {most} bytes");
            Problem::error(file, why, "Look for a quote that is never closed; a cell can't be this long").row(row)
        }
        Stop::TooManyCells { row } => {
            let why = format!("the row has more than {} cells", csv::MOST_CELLS);
            Problem::error(file, why, "Delete the columns that are not needed").row(row)
        }
        Stop::Unclosed { row } => {
            let why = "a quote is opened in this row and never closed";
            Problem::error(file, why, "Close it, or delete it").row(row)
        }
        Stop::Workbook(why) => {
            let why = format!("the workbook can't be read: {why}");
            Problem::error(file, why, "Open it in a spreadsheet and save the table alone, best of all as CSV")
        }
        Stop::Enough => Problem::warning(file, "the table was not read to its end", "Look at its other problems"),
        Stop::Io(error) => Problem::error(
            file,
            format!("the file can't be read: {error}"),
            "Look at what it is, at its permissions and its disk",
        ),
    }
}
