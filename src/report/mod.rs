//! Tables and sentences for people.
//!
//! Nothing here decides anything: a report is made from a finished case, schedule or verdict. It
//! is plain text that can be read without colour; who prints it may make the titles bold.

mod audit;
mod bounds;
mod chances;
mod coverage;
mod expiring;
mod files;
pub mod html;
mod imported;
mod load;
mod names;
mod odds;
pub mod orders;
pub mod page;
mod policy;
mod programmed;
mod relief;
mod remedy;
mod replayed;
mod reserves;
mod rulebook;
mod safe;
mod seats;
pub mod simulate;
mod summary;
mod table;
mod thin;
mod times;
mod timetable;
mod unstaffed;
mod why;

pub use audit::{audit_in_words, audit_json, audit_page};
pub use bounds::{
    coverage_beside_bound, coverage_bound_in_words, coverage_bound_json, least_squares_in_words, worst_odds_in_words,
    worst_odds_json,
};
pub use chances::Chances;
pub use coverage::{coverage, coverage_json, exceptions, rules_off};
pub use expiring::{Expiring, expiring, expiring_in_words, expiring_json};
pub use files::{CASE_FILES, CaseFile, Column, files_in_words};
pub use imported::{import_in_words, import_json, questions_in_words};
pub use load::{load, load_json};
pub use names::{count, head_in_words, person, place, team, team_headed, team_in_order};
pub use odds::{Lottery, odds_in_words, odds_json};
pub use policy::policy_template;
pub use programmed::{programmed, programmed_json};
pub use relief::{relief_in_words, relief_json};
pub use remedy::{remedies_in_words, remedies_json};
pub use replayed::{month_in_words, replay_in_words, replay_json};
pub use reserves::{reserves_in_words, reserves_json, thin_days, thin_days_json};
pub use rulebook::{rule_list, rule_page, rules_markdown};
pub use safe::{safe_places, safe_places_json};
pub use seats::{capacity_in_words, capacity_json, is_short};
pub use summary::{summary, summary_json};
pub use table::{Side, table};
pub use thin::{thin_in_brief, thin_in_words, thin_json};
pub use timetable::{staffed_json, timetable, timetable_json};
pub use unstaffed::{prospect, unstaffed, unstaffed_json};
pub use why::{explanation, explanation_json, why_not_in_words, why_not_json};

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
