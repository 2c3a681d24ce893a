//! From what offices really have to a clean case: exports with titles, merged cells, rows of postings, leave in words and a
//! sheet a person become the tables of a case, one row a thing, with ids and ISO dates.
//!
//! Files are read by the readers of this room ([`super`]), within the same bounds. What is clean is read once more as a case before
//! anything is written; who writes it, asks a person or looks at a clock is not here. Nothing is guessed in silence: whatever is
//! assumed is a note, whatever can't be known is an error or a question.

mod append;
mod ask;
mod clean;
mod clerk;
mod compare;
mod contradiction;
mod days;
mod declared;
mod grid;
mod group;
mod head;
mod ics;
mod idents;
mod keep;
mod kind;
mod lay;
mod leave;
mod leave_calendar;
mod length;
mod likeness;
mod names;
mod numbers;
mod overlay;
mod roster;
mod rows;
mod silence;
mod span;
mod status;
mod tables;
mod titles;
mod unread;
mod whole;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use super::aliases::SECTION as ALIASES;
pub use ask::{Header, Question};
pub use clean::Clean;
pub use compare::{Away, Change, Changes, Entry};
pub(super) use ics::PLACES;
pub use keep::Said;
pub(super) use keep::{as_line, as_toml};
pub(super) use kind::{DaysAre, EventWishes, KINDS, Wishes, WordsOfLeave};
pub(super) use names::keys as keys_of_name;
pub(super) use titles::Titles;

use super::choice::Choice;
use super::problem::{Level, Note, Problem, counted};
use super::source::Folder;
use clerk::Clerk;

/// Whether a header may be that of a column of status: whether a row counts.
pub(super) fn is_status(title: &str) -> bool {
    likeness::likeness(kind::STATUS_COLUMN, title) >= likeness::LIKELY
}

/// The tables that can be imported.
///
/// ```
/// assert!(foureyes::read::import::tables().any(|table| table == "conflicts"));
/// ```
pub fn tables() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.table.name)
}

/// What is to be imported.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Files, each with the table that it becomes.
    pub sources: Vec<(&'static str, PathBuf)>,
    /// What is said of them, for good.
    pub said: Vec<Said>,
    /// Whether proposals that have no rival are taken.
    pub accept: bool,
    /// Whether past visits are added to those that the case has.
    pub append: bool,
    /// Whether past visits may take the place of those that the case has, however many are lost.
    pub replace: bool,
    /// The policy of a case that is not there yet.
    pub template: String,
}

/// What an import gives. Nothing was written.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// What is wrong; with an error in it there is nothing to write.
    pub problems: Vec<Problem>,
    /// What was detected or assumed.
    pub notes: Vec<Note>,
    /// Files whose columns somebody must name first. With one of them nothing else was done.
    pub questions: Vec<Question>,
    /// What no file can say and somebody must. Each stands among the problems too, with how to answer it.
    pub choices: Vec<Choice>,
    /// Columns that were taken without being said, by table, ours and theirs.
    pub taken: Vec<(&'static str, &'static str, String)>,
    /// The clean tables.
    pub tables: Vec<Clean>,
    /// What changed, table by table.
    pub changes: Vec<Changes>,
    /// Who is away, week by week.
    pub away: Vec<Away>,
    /// What is to be written, by name: those files that are new or differ from what is there.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Files of the case that held these tables under another name.
    pub replaced: Vec<String>,
}

impl Import {
    /// Whether it can be written.
    pub fn is_sound(&self) -> bool {
        self.questions.is_empty() && !self.problems.iter().any(|problem| problem.level == Level::Error)
    }
}

/// Reads what is to be imported into the case in `case`, which may be new. Nothing is written.
pub fn import(case: &Path, request: &Request) -> Import {
    let folder = Folder::new(case, None);
    let mut clerk = Clerk::new(&folder, request);
    clerk.work();
    let choices = clerk.log.take_choices();
    let (problems, notes) = clerk.log.finish();
    Import { choices, problems, notes: together(notes), ..clerk.import }
}

/// Notes that say the same of several sheets of a file, as one.
fn together(notes: Vec<Note>) -> Vec<Note> {
    let mut all: Vec<(Note, u64)> = Vec::new();
    for note in notes {
        let file = note.file.split(", sheet ").next().unwrap_or_default().to_owned();
        let of_sheet = |(other, _): &&mut (Note, u64)| {
            note.file != file && other.says == note.says && other.file.split(", sheet ").next() == Some(&file)
        };
        match all.iter_mut().find(of_sheet) {
            Some((_, count)) => *count += 1,
            None => all.push((note, 1)),
        }
    }
    let told = |(note, count): (Note, u64)| match (count, note.file.split_once(", sheet ")) {
        (2.., Some((file, _))) => Note { file: format!("{file}, {}", counted(count, "sheet", "sheets")), ..note },
        _ => note,
    };
    all.into_iter().map(told).collect()
}
