//! What is wrong with the files and what was assumed of them, for people and as JSON.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use serde::Serialize;

use super::choice::{self, Choice, Offer};
use super::header::Sheets;
use super::policy::Says;

/// How much of one kind of problem is shown one by one; the rest is counted.
const SHOWN: u64 = 5;

/// Whether a problem stops the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// No case is made until it is mended.
    Error,
    /// The case is made; a person should look.
    Warning,
}

/// Something wrong in one place of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whether it stops the case.
    pub level: Level,
    /// The file, as it is called in the folder.
    pub file: String,
    /// The row as a spreadsheet numbers it (the header is row 1, blank rows count); in `policy.toml`
    /// the line. None where the problem is the file's as a whole.
    pub row: Option<u64>,
    /// The column's header as the file writes it; in `policy.toml` the key.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// What is wrong with it.
    pub why: String,
    /// What to do.
    pub advice: String,
}

/// Something that was detected or assumed, and may be looked at: encoding, delimiter, date format, columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The file it is about.
    pub file: String,
    /// What was detected or assumed.
    pub says: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = if self.level == Level::Error { "error" } else { "warning" };
        let end = if self.why.ends_with('?') { "" } else { "." };
        write!(f, "{level}: {}: {}{end} {}", self.place(), self.why, self.advice)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.says)
    }
}

impl Problem {
    pub(super) fn error(file: &str, why: impl Into<String>, advice: impl Into<String>) -> Self {
        let (why, advice) = (why.into(), advice.into());
        Self { level: Level::Error, file: file.to_owned(), row: None, column: None, value: None, why, advice }
    }

    pub(super) fn warning(file: &str, why: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(file, why, advice) }
    }

    /// Where it is: file, row, column and value, as far as they are known.
    pub(super) fn place(&self) -> String {
        let unit = if self.file.ends_with(".toml") { "line" } else { "row" };
        let row = self.row.map(|row| format!(", {unit} {row}")).unwrap_or_default();
        let column = self.column.as_ref().map(|column| format!(", {column}")).unwrap_or_default();
        let value = self.value.as_ref().map(|value| format!(" `{value}`")).unwrap_or_default();
        format!("{}{row}{column}{value}", self.file)
    }

    pub(super) fn row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    pub(super) fn column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    pub(super) fn value(mut self, value: &str) -> Self {
        self.value = Some(shown(value));
        self
    }
}

/// `value` on one line, without what a terminal would obey, and not longer than a line holds.
pub(super) fn shown(value: &str) -> String {
    let mut out = String::new();
    for (count, letter) in value.chars().enumerate() {
        if count == 60 {
            return out + "…";
        }
        match letter {
            '\n' => out.push('⏎'),
            letter if letter.is_control() || super::ids::is_invisible(letter) => {
                out.push_str(&format!("<U+{:04X}>", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out
}

/// A number with its thousands apart: `3,587`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number and what it counts, in one or many: `1 row`, `3,587 rows`.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// What the numbers of rows on the second sheet of a workbook begin after, and again on each that follows. So the rows of all
/// sheets of a table are one row of numbers, and only what is told of them is of a sheet and its row.
pub(super) const SHEET: u64 = 1 << 40;

/// Which sheet a row is on, from 0, and its number there.
pub(super) fn sheet_and_row(row: u64) -> (usize, u64) {
    (usize::try_from(row / SHEET).unwrap_or(usize::MAX), row % SHEET)
}

/// Collects problems and notes. Of each kind in a file the first few are kept, the rest counted.
#[derive(Default)]
pub(super) struct Log {
    problems: Vec<Problem>,
    notes: Vec<Note>,
    choices: Vec<Choice>,
    /// By file: the sheets of workbooks that have several.
    sheets: BTreeMap<String, Sheets>,
    counts: BTreeMap<(String, &'static str), (u64, Level)>,
    errors: u64,
}

impl Log {
    /// Reports one problem that comes alone.
    pub(super) fn push(&mut self, problem: Problem) {
        self.errors += u64::from(problem.level == Level::Error);
        self.problems.push(problem);
    }

    /// Asks what no file can say. The same question of other rows or sheets is asked once. `problem` says where and why; each of
    /// the `options` is an answer in words and the keys that it sets in the section of the policy that `says` belongs to.
    pub(super) fn ask(&mut self, says: &Says, problem: Problem, options: &[Offer<'_>]) {
        let (problem, mut choice) = choice::choice(says, problem, options);
        choice.about = self.told_of_sheet(problem.clone()).place();
        if !self.choices.iter().any(|other| other.answers == choice.answers) {
            self.choices.push(choice);
            self.push(problem);
        }
    }

    /// From now on, problems of the file are told of these sheets: rows are numbered on from one to the next.
    pub(super) fn of_sheets(&mut self, file: &str, sheets: &Sheets) {
        self.sheets.insert(file.to_owned(), Rc::clone(sheets));
    }

    /// A problem told of its sheet and of the row there.
    fn told_of_sheet(&self, mut problem: Problem) -> Problem {
        if let (Some(sheets), Some((sheet, row))) = (self.sheets.get(&problem.file), problem.row.map(sheet_and_row)) {
            let name = sheets.borrow().get(sheet).map(|name| super::sheets::label(&problem.file, name));
            (problem.file, problem.row) = (name.unwrap_or(problem.file), Some(row));
        }
        problem
    }

    /// Takes up, in an import, a question that the reading of the case asked of the clean tables; `problem` says where it stands in
    /// the export.
    pub(super) fn take_up(&mut self, choice: &Choice, problem: Problem) {
        let says = Says { imported: true, ..Says::default() };
        let advice = choice::advice(&says, &choice.answers);
        self.choices.push(Choice { about: problem.place(), ..choice.clone() });
        self.push(Problem { advice, ..problem });
    }

    /// What was asked so far.
    pub(super) fn take_choices(&mut self) -> Vec<Choice> {
        std::mem::take(&mut self.choices)
    }

    /// Reports one of perhaps thousands of the same `kind` (a plural noun); `make` runs only if it is shown.
    pub(super) fn one_of(&mut self, level: Level, file: &str, kind: &'static str, make: impl FnOnce() -> Problem) {
        self.errors += u64::from(level == Level::Error);
        let (count, _) = self.counts.entry((file.to_owned(), kind)).or_insert((0, level));
        *count += 1;
        if *count <= SHOWN {
            self.problems.push(Problem { level, ..make() });
        }
    }

    /// States what was detected or assumed.
    pub(super) fn note(&mut self, file: &str, says: impl Into<String>) {
        self.notes.push(Note { file: file.to_owned(), says: says.into() });
    }

    /// How many errors were reported so far.
    pub(super) fn errors(&self) -> u64 {
        self.errors
    }

    /// Drops a warning of a word for a blank where an error says of the same cell how to state it.
    fn tell_once(&mut self) {
        let place = |problem: &Problem| (problem.file.clone(), problem.row, problem.column.clone());
        let stated = |problem: &Problem, level| problem.level == level && problem.advice.contains("na = [");
        let refused: Vec<_> = self.problems.iter().filter(|one| stated(one, Level::Error)).map(place).collect();
        self.problems.retain(|one| !(stated(one, Level::Warning) && refused.contains(&place(one))));
    }

    /// Everything reported, file after file in the order first met, rows in order.
    pub(super) fn finish(mut self) -> (Vec<Problem>, Vec<Note>) {
        for ((file, kind), (count, level)) in std::mem::take(&mut self.counts) {
            if count > SHOWN {
                let (more, all) = (grouped(count - SHOWN), grouped(count));
                let why = format!("{more} more {kind} ({all} in all)");
                let advice = "They are mended in the same way";
                self.problems.push(Problem { level, ..Problem::error(&file, why, advice) });
            }
        }
        self.tell_once();
        let mut files: Vec<String> = Vec::new();
        for problem in &self.problems {
            if !files.contains(&problem.file) {
                files.push(problem.file.clone());
            }
        }
        let place = |problem: &Problem| files.iter().position(|file| *file == problem.file);
        self.problems.sort_by_key(|problem| (place(problem), problem.row.unwrap_or(u64::MAX)));
        let problems = std::mem::take(&mut self.problems);
        (problems.into_iter().map(|problem| self.told_of_sheet(problem)).collect(), self.notes)
    }
}
