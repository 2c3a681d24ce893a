//! From an office's files to a [`Case`]: every problem at once, each with file, row, column and what to do.
//!
//! A case is a folder with `policy.toml` and one table a file (CSV, XLSX or ODS). Encoding, delimiter and
//! date formats are detected, and what was detected is stated; nothing that matters is guessed. What the
//! rules make of the case is not looked at here.

mod absences;
mod aliases;
mod alike;
mod biff;
mod cells;
mod charset;
mod choice;
mod conflicts;
mod coordinates;
mod csv;
mod dates;
mod decode;
mod doubt;
mod doubts;
mod establishments;
mod explained;
mod form;
mod header;
mod history;
mod html;
mod ics;
mod ids;
pub mod import;
mod inspectors;
mod labels;
mod legal_forms;
mod letters;
mod ods;
mod persons;
mod policy;
mod problem;
mod programmed;
mod quotes;
mod sheets;
mod source;
mod spelled;
mod spreadsheetml;
mod strangers;
mod stray;
mod swallowed;
mod table;
mod teams;
mod text;
mod unique;
mod values;
mod visits;
mod waivers;
mod workbook;
mod xls;
mod xlsb;
mod xlsx;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde::Serialize;

pub use choice::{Answer, Choice};
pub use persons::SAME as SAME_PERSON;
pub use problem::{Level, Note, Problem};
pub use teams::{TeamRow, read_teams};

use crate::model::{Case, Settings};
use problem::Log;
use source::{Completed, Folder, Memory, Source};
use table::{Desk, Table};

/// The names of the tables, in the order in which they are read.
const TABLES: [&str; 7] = ["establishments", "inspectors", "visits", "conflicts", "absences", "history", "waivers"];

/// The tables, in the order in which they are read.
fn tables() -> [&'static Table; 7] {
    [
        &establishments::TABLE,
        &inspectors::TABLE,
        &visits::TABLE,
        &conflicts::TABLE,
        &absences::TABLE,
        &history::TABLE,
        &waivers::TABLE,
    ]
}

/// How a case is to be read.
#[derive(Clone, Debug)]
pub struct Options {
    /// A policy that lies elsewhere than in the folder.
    pub policy: Option<PathBuf>,
    /// Whether a case without visits is an error.
    pub visits_needed: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { policy: None, visits_needed: true }
    }
}

/// What reading gave.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The case; there if and only if no problem is an error.
    pub case: Option<Case>,
    /// What is wrong, file by file. Of thousands of the same kind the first few are listed, the rest counted.
    pub problems: Vec<Problem>,
    /// What was detected or assumed.
    pub notes: Vec<Note>,
    /// What the policy says of the rules, even where no case could be made; the rules judge it.
    pub settings: Settings,
    /// The rules that waivers name, even where no case could be made; the rules judge them.
    pub waived: Vec<Waived>,
}

/// A rule that a waiver names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// The file.
    pub file: String,
    /// The row as a spreadsheet numbers it.
    pub row: u64,
    /// The column's header as the file writes it.
    pub column: String,
    /// What stands there.
    pub rule: String,
}

impl Reading {
    /// Problems and notes as one JSON object.
    ///
    /// ```
    /// let reading = foureyes::read::read_files(&Default::default());
    /// assert!(reading.to_json().contains(r#""file":"policy.toml""#));
    /// ```
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Told<'a> {
            problems: &'a [Problem],
            notes: &'a [Note],
        }
        let told = Told { problems: &self.problems, notes: &self.notes };
        serde_json::to_string(&told).expect("texts and numbers are always JSON")
    }
}

/// Reads the case in `folder`.
pub fn read_case(folder: &Path) -> Reading {
    read_case_with(folder, &Options::default())
}

/// Reads the case in `folder` as `options` say.
pub fn read_case_with(folder: &Path, options: &Options) -> Reading {
    read(&Folder::new(folder, options.policy.as_deref()), options.visits_needed)
}

/// Whether a folder has a file that is read as the table of this name.
///
/// ```
/// assert!(!foureyes::read::has_table(std::path::Path::new("src"), "history"));
/// ```
pub fn has_table(folder: &Path, table: &str) -> bool {
    let names = Folder::new(folder, None).names().unwrap_or_default();
    names.iter().any(|name| form::is_table(name, table))
}

/// A policy that says nothing: its period lies behind every history.
const NO_POLICY: &str = "[period]\nfrom = 2199-12-30\nto = 2199-12-31\nslots = [\"day\"]\n";

/// Reads what a folder knows of the past: its history, and the people and places that it lists. The policy, and every table but the history, may be
/// missing.
pub fn read_past(folder: &Path) -> Reading {
    let source = Folder::new(folder, None);
    let names = source.names().unwrap_or_default();
    let lacks = |table: &str| {
        let stems =
            names.iter().filter_map(|name| name.to_lowercase().rsplit_once('.').map(|(stem, _)| stem.to_owned()));
        !stems.into_iter().any(|stem| stem == table)
    };
    let missing = [
        ("policy", source::POLICY, NO_POLICY),
        ("inspectors", "inspectors.csv", "id\n"),
        ("establishments", "establishments.csv", "id\n"),
    ];
    let with = missing.into_iter().filter(|(table, ..)| lacks(table)).map(|(_, name, text)| (name, text)).collect();
    read(&Completed { source: &source, with }, false)
}

/// Reads a case from files in memory, by name.
///
/// ```
/// use std::collections::BTreeMap;
/// let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
/// let files = BTreeMap::from([
///     file("policy.toml", "[period]\nfrom = 2027-01-04\nto = 2027-01-08\nslots = [\"am\", \"pm\"]\n"),
///     file("inspectors.csv", "id;name\nI1;Ana\nI2;Ben\n"),
///     file("establishments.csv", "id\nE1\n"),
///     file("visits.csv", "id,establishment\nV1,E1\n"),
/// ]);
/// let case = foureyes::read::read_files(&files).case.unwrap();
/// assert_eq!(case.inspectors.len(), 2);
/// ```
pub fn read_files(files: &BTreeMap<String, Vec<u8>>) -> Reading {
    read(&Memory(files), true)
}

fn read(source: &dyn Source, visits_needed: bool) -> Reading {
    read_and_ask(source, visits_needed).0
}

/// Reads a case; what must be chosen stands among its problems, and an import asks it.
fn read_and_ask(source: &dyn Source, visits_needed: bool) -> (Reading, Vec<Choice>) {
    let (mut log, mut settings, mut waived) = (Log::default(), Settings::new(), Vec::new());
    let case = match source.names() {
        Ok(names) => {
            let policy = Rc::new(policy::read(source, &mut log));
            settings.clone_from(&policy.settings);
            strangers::tell(&names, &policy, &mut log);
            let mut desk = Desk { source, names, policy, log, waived };
            let case = assemble(&mut desk, visits_needed);
            (log, waived) = (desk.log, desk.waived);
            case
        }
        Err(error) => {
            let why = format!("the folder can't be read: {error}");
            log.push(Problem::error(".", why, "Name a folder that holds policy.toml and the tables"));
            None
        }
    };
    let choices = log.take_choices();
    let (problems, notes) = log.finish();
    (Reading { case, problems, notes, settings, waived }, choices)
}

/// Reads table after table; a table that fails does not keep the others from being read.
fn assemble(desk: &mut Desk<'_>, visits_needed: bool) -> Option<Case> {
    let (mut establishments, places, register) = establishments::read(desk);
    programmed::settle(&mut establishments, desk);
    let (inspectors, people, persons) = inspectors::read(desk, &register);
    let (visits, planned) = visits::read(desk, visits_needed, &places, &establishments);
    let conflicts = conflicts::read(desk, &people, &places, &register);
    let absences = absences::read(desk, &people);
    let past = history::read(desk, &inspectors, &people, &places);
    let waivers = waivers::read(desk, &people, planned.as_ref());
    register.stated_in_vain(&mut desk.log);
    let policy = Rc::clone(&desk.policy);
    let mut case = Case {
        name: policy.name.clone().unwrap_or_else(|| "unnamed".to_owned()),
        period: policy.period.clone()?,
        urn: policy.urn,
        programmed: policy.programmed.clone(),
        settings: policy.settings.clone(),
        inspectors,
        establishments,
        visits,
        conflicts,
        absences,
        history: past.visits,
        waivers,
    };
    labels::settle(&mut case, desk);
    persons.settle(&mut case, &desk.file_of("inspectors"), &mut desk.log);
    // Positions hold only in a case without errors.
    (desk.log.errors() == 0).then(|| establishments::add(&mut case, past.unregistered))?;
    Some(case)
}
