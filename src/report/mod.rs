//! Tables and sentences for people.
//!
//! Nothing here decides anything: a report is made from a finished case, schedule or verdict. It
//! is plain text that can be read without colour; who prints it may make the titles bold.

mod coverage;
mod files;
mod load;
mod names;
mod policy;
mod rulebook;
pub mod simulate;
mod summary;
mod table;
mod timetable;

pub use coverage::{coverage, exceptions};
pub use files::{CASE_FILES, CaseFile, Column, files_in_words};
pub use load::load;
pub use names::{count, person, place, team, team_in_order};
pub use policy::policy_template;
pub use rulebook::{rule_list, rule_page, rules_markdown};
pub use summary::summary;
pub use table::{Side, table};
pub use timetable::timetable;

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its title, one line.
    pub title: String,
    /// Its text, without a last line break.
    pub body: String,
}

impl Section {
    /// A section of this title and text.
    pub fn new(title: impl Into<String>, body: impl Into<String>) -> Self {
        Self { title: title.into(), body: body.into() }
    }
}
