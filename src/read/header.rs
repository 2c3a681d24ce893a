//! The header of a table: which of a file's columns is which of ours, and what to say of those that are none.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::csv::Record;
use super::ids::{fold, nearest, nfc};
use super::import;
use super::policy::{Policy, Says};
use super::problem::{self, Level, Log, Problem, counted, shown};
use super::spelled;
use super::stray::Stray;
use super::table::{Column, Table};

/// A table's header: which of its columns is which of ours.
pub(super) struct Header {
    pub(super) file: String,
    /// Whether it came from a workbook, whose dates may be numbers.
    pub(super) workbook: bool,
    columns: &'static [Column],
    titles: Vec<String>,
    places: Vec<Option<usize>>,
    says: Says,
    sheets: Sheets,
    /// Columns within the table that have no header.
    unnamed: Vec<usize>,
}

/// The names of the sheets of a workbook that has several, in their order, as far as they were met.
pub(super) type Sheets = Rc<RefCell<Vec<String>>>;

impl Header {
    /// Whether the file has our column.
    pub(super) fn has(&self, column: usize) -> bool {
        self.place(column).is_some()
    }

    /// The column as the file calls it.
    pub(super) fn title(&self, column: usize) -> &str {
        let ours = self.columns.get(column).map_or("", |column| column.name);
        let title = self.place(column).and_then(|place| self.titles.get(place));
        title.map_or(ours, String::as_str)
    }

    /// The other way on where the row is the first of one sheet of several.
    fn or_skip(&self, row: u64) -> String {
        let sheets = self.sheets.borrow();
        let sheet = sheets.get(problem::sheet_and_row(row).0);
        let how =
            |name: &String| format!("; if the sheet is no part of the table, say {}", self.says.how_to_skip(name));
        sheet.map(how).unwrap_or_default()
    }

    /// The column as we call it.
    pub(super) fn name(&self, column: usize) -> &'static str {
        self.columns.get(column).map_or("", |column| column.name)
    }

    /// Whether a row can't do without our column.
    pub(super) fn needs(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(Column::is_required)
    }

    /// The columns that are none of ours: where each stands, and what the file calls it.
    pub(super) fn others(&self) -> impl Iterator<Item = (usize, &str)> {
        let ours = |at: &usize| self.places.contains(&Some(*at));
        let titles = self.titles.iter().enumerate().filter(|(_, title)| !title.is_empty());
        titles.filter(move |(at, _)| !ours(at)).map(|(at, title)| (at, title.as_str()))
    }

    /// What the policy says of the file.
    pub(super) fn says(&self) -> &Says {
        &self.says
    }

    /// Where the file has our column.
    pub(super) fn place(&self, column: usize) -> Option<usize> {
        self.places.get(column).copied().flatten()
    }

    /// How a row is told of in what is said of another: `row 5`, or `row 5 of sheet May`.
    pub(super) fn tell_row(&self, row: u64) -> String {
        let (sheet, row) = problem::sheet_and_row(row);
        match self.sheets.borrow().get(sheet) {
            Some(name) => format!("row {row} of sheet {}", shown(name)),
            None => format!("row {row}"),
        }
    }

    /// The file, with its sheet where it has several, and the row there.
    pub(super) fn place_of(&self, row: u64) -> (String, u64) {
        let (sheet, row) = problem::sheet_and_row(row);
        let file = self.sheets.borrow().get(sheet).map(|name| super::sheets::label(&self.file, name));
        (file.unwrap_or_else(|| self.file.clone()), row)
    }

    /// With the columns that only another sheet of the same table has.
    pub(super) fn and(mut self, other: &Self) -> Self {
        for at in 0..self.places.len().min(other.places.len()) {
            if !self.has(at) && other.has(at) {
                self.places[at] = Some(self.titles.len());
                self.titles.push(other.title(at).to_owned());
            }
        }
        self
    }

    /// How many columns it has.
    pub(super) fn width(&self) -> usize {
        self.titles.len()
    }

    /// Columns within the table that have no header.
    pub(super) fn unnamed(&self) -> &[usize] {
        &self.unnamed
    }

    /// Where the file has columns of ours.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.places.iter().copied().flatten()
    }

    /// What the file calls a column of its own.
    pub(super) fn title_at(&self, place: usize) -> &str {
        self.titles.get(place).map_or("", String::as_str)
    }

    /// The header of an imported file, whose columns were found elsewhere.
    pub(super) fn found(table: &Table, file: &str, workbook: bool, titles: &[String], says: Says) -> Self {
        let file = file.to_owned();
        let (titles, unnamed, sheets) = (titles.to_vec(), unnamed(titles), Sheets::default());
        Self { file, workbook, columns: table.columns, titles, places: Vec::new(), says, unnamed, sheets }
    }

    /// With our columns at these `places` of the file.
    pub(super) fn at(self, places: Vec<Option<usize>>) -> Self {
        Self { places, ..self }
    }
}

fn unnamed(titles: &[String]) -> Vec<usize> {
    (0..titles.len()).filter(|at| titles[*at].is_empty()).collect()
}

/// Whether a record is a row of the table. In text it has as many cells as the header; in a workbook something may stand
/// beside the table ([`Stray`]), but a row has something in it.
pub(super) fn fits(header: &Header, record: &Record<'_>, log: &mut Log) -> bool {
    let width = header.titles.len();
    let filled = record.cells().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(at, _)| at + 1).last();
    let (has, kind) = match filled.unwrap_or_default() {
        filled if filled > width && header.workbook => return has_named(header, record, log),
        filled if filled > width => (filled, "rows with more cells than the header"),
        _ if record.len() < width && !header.workbook && !header.says.short_rows => {
            (record.len(), "rows with fewer cells than the header")
        }
        _ => return true,
    };
    log.one_of(Level::Error, &header.file, kind, || {
        let why = format!("the row has {has} cells, the header {width}");
        let advice = "Look for a cell that holds the delimiter without quotes around it, or a lost one";
        let advice = if has < width { format!("{advice}{}", may_be_short(&header.says)) } else { advice.to_owned() };
        Problem::error(&header.file, why, advice).row(record.row)
    });
    false
}

/// How it is said that a program leaves blank cells at the end of a row out.
fn may_be_short(says: &Says) -> String {
    let how = says.how("short_rows", "true");
    format!("; if the program that wrote the file leaves blank cells at the end of a row out: {how}")
}

/// Whether something stands under a header; what stands only beside the table is told.
fn has_named(header: &Header, record: &Record<'_>, log: &mut Log) -> bool {
    let named = (0..header.titles.len()).any(|at| !record.cell(at).is_empty());
    if !named {
        let beside = record.cells().find(|cell| !cell.is_empty()).unwrap_or_default();
        log.one_of(Level::Warning, &header.file, "rows in which something stands beside the table only", || {
            let why = "this stands beside the table, in a row that has nothing under the headers, and is not read";
            let advice = "If it says something, write it under a header";
            Problem::warning(&header.file, why, advice).row(record.row).value(beside)
        });
    }
    named
}

/// Reads the header. None where a column is there twice or a required one is missing.
pub(super) fn header(
    table: &'static Table,
    file: &str,
    sheets: Option<&Sheets>,
    record: &Record<'_>,
    policy: &Policy,
    log: &mut Log,
) -> Option<Header> {
    let mut titles: Vec<String> = record.cells().map(|cell| nfc(spelled::trim(cell))).collect();
    while titles.last().is_some_and(String::is_empty) {
        titles.pop();
    }
    let found: Vec<Option<usize>> = titles.iter().map(|title| policy.column(table, title)).collect();
    let mut places = vec![None; table.columns.len()];
    let mut sound = twice(file, record.row, &titles, log);
    for (at, ours) in found.iter().enumerate().filter_map(|(at, ours)| Some((at, (*ours)?))) {
        if let Some(first) = places[ours].replace(at)
            && fold(&titles[first]) != fold(&titles[at])
        {
            let why =
                format!("two columns are both `{}`: {} and {}", table.columns[ours].name, titles[first], titles[at]);
            log.push(Problem::error(file, why, "Keep one, or map the right one in policy.toml").row(record.row));
            sound = false;
        }
    }
    let says = policy.says(table.name);
    let mut header = Header::found(table, file, sheets.is_some(), &titles, says).at(places);
    header.sheets = sheets.map(Rc::clone).unwrap_or_default();
    let complete = complete(table, &header, policy, record.row, log) & mapped(table, &header, policy, record.row, log);
    strangers(table, &header, policy, &found, record.row, log);
    (sound && complete).then_some(header)
}

/// Reports headers that stand there twice.
fn twice(file: &str, row: u64, titles: &[String], log: &mut Log) -> bool {
    let mut sound = true;
    for (at, title) in titles.iter().enumerate().filter(|(_, title)| !title.is_empty()) {
        let same = |other: &String| fold(other) == fold(title);
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
        .filter(|column| column.is_required())
        .collect();
    let seen = shown(&header.titles.join(", "));
    if !missing.is_empty() && header.places.iter().all(Option::is_none) {
        let why = format!("the first row has none of the columns of this table, it reads: {seen}");
        let columns: Vec<_> = missing.iter().map(|column| column.name).collect();
        let advice = format!(
            "If titles stand above the header, delete them; if the headers have other names, map {} in policy.toml under [columns.{}]{}{}",
            columns.join(", "),
            table.name,
            or_import(table, &missing),
            header.or_skip(row)
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
            "Add it, or write in policy.toml under [columns.{}]: {} = \"the header that the file uses\"{}{}",
            table.name,
            column.name,
            or_import(table, &[column]),
            header.or_skip(row)
        );
        log.push(Problem::error(&header.file, why, advice).row(row));
    }
    missing.is_empty()
}

/// What an import can read and nothing else: leave without a column for its days.
fn or_import(table: &Table, missing: &[&Column]) -> &'static str {
    let days = missing.iter().any(|column| matches!(column.name, "from" | "to"));
    match table.name == "absences" && days {
        true => {
            "; if it is leave in words, or a plan with a column for each day, import it: foureyes import CASE --absences FILE, with the file in another folder"
        }
        false => "",
    }
}

/// A header that the policy maps a column to must be there; a column lost in silence would change plans.
fn mapped(table: &Table, header: &Header, policy: &Policy, row: u64, log: &mut Log) -> bool {
    let absent = (0..table.columns.len()).filter(|at| !header.has(*at) && !table.columns[*at].is_required());
    let mut sound = true;
    for (name, theirs) in absent.filter_map(|at| Some((table.columns[at].name, policy.mapped(table, at)?))) {
        let why = format!("policy.toml says that `{name}` has the header `{}`, which is not there", shown(theirs));
        log.push(Problem::error(&header.file, why, "Correct the one or the other").row(row));
        sound = false;
    }
    sound
}

/// Columns that are not read: those near to one of ours are probably misspelt.
fn strangers(table: &Table, header: &Header, policy: &Policy, found: &[Option<usize>], row: u64, log: &mut Log) {
    let file = header.place_of(row).0;
    let mut ignored = Vec::new();
    for (title, _) in header.titles.iter().zip(found).filter(|(title, ours)| ours.is_none() && !title.is_empty()) {
        let open = (0..table.columns.len()).filter(|at| !header.has(*at) && policy.mapped(table, *at).is_none());
        let stated = header.says.ignore.iter().any(|other| fold(other) == fold(title));
        let near = nearest(title, open.map(|at| table.columns[at].name), 1);
        match near.first().filter(|_| !stated) {
            Some(near) => misspelt(table, &file, title, near, log),
            None => {
                if !stated && says_what_counts(table, title) {
                    unread_status(table, &file, title, log);
                }
                ignored.push(shown(title));
            }
        }
    }
    if !ignored.is_empty() {
        log.note(&file, format!("columns that are not used: {}", ignored.join(", ")));
    }
}

/// Whether a column may say which rows count, in a table where that matters.
fn says_what_counts(table: &Table, title: &str) -> bool {
    ["absences", "conflicts", "inspectors", "visits", "history"].contains(&table.name) && import::is_status(title)
}

/// Every row counts, whatever such a column says: somebody should know.
fn unread_status(table: &Table, file: &str, title: &str, log: &mut Log) {
    let why = "this column may say which rows count, and is not read: all rows count";
    let advice = format!(
        "Delete the rows that do not count, or import the file, which asks what the words mean; then write in policy.toml under [files.{}]: ignore = [\"{title}\"]",
        table.name
    );
    log.push(Problem::warning(file, why, advice).column(title));
}

fn misspelt(table: &Table, file: &str, title: &str, near: &str, log: &mut Log) {
    let decides = table.columns.iter().any(|column| column.name == near && column.decides);
    let why = format!("this column is not known, and near to `{near}`");
    let advice = format!(
        "Rename it, or write in policy.toml under [columns.{0}]: {near} = \"{title}\"; if it is something else, under [files.{0}]: ignore = [\"{title}\"]",
        table.name
    );
    let problem = Problem::error(file, why, advice).column(title);
    log.push(Problem { level: if decides { Level::Error } else { Level::Warning }, ..problem });
}

/// Cells such as `NA`, which may be a value or a blank: counted, and told once; and what stands under no header.
#[derive(Default)]
pub(super) struct OddWords {
    words: BTreeMap<(usize, String), (u64, u64)>,
    stray: Stray,
}

impl OddWords {
    pub(super) fn look(&mut self, header: &Header, record: &Record<'_>) {
        self.stray.look(header, record);
        for place in header.places.iter().flatten() {
            let cell = record.cell(*place);
            let odd = matches!(cell, "NA" | "N/A" | "n/a" | "NULL" | "null" | "#N/A" | "NaN" | "-" | "--");
            if odd && !header.says.missing.iter().any(|word| word == cell) {
                let entry = self.words.entry((*place, cell.to_owned())).or_insert((0, record.row));
                entry.0 += 1;
            }
        }
    }

    pub(super) fn tell(self, header: &Header, log: &mut Log) {
        self.stray.tell(header, log);
        for ((place, word), (count, row)) in self.words {
            let why = format!(
                "{} this word, which is read as a value and not as a blank",
                counted(count, "cell holds", "cells hold")
            );
            let advice = format!("If it means that nothing is known, say so: {}", header.says.how("na", &word));
            let title = header.titles.get(place).map_or("", String::as_str);
            log.push(Problem::warning(&header.file, why, advice).row(row).column(title).value(&word));
        }
    }
}
