//! `foureyes audit`: what chance does not explain, over years of records, ledgers and history.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;

use super::folder::{is_free_for_one, write_one};
use super::input::{case_to_work_with_as, judged};
use super::published::{POLICY, is_ceremony, is_folder, record};
use super::watch::watch;
use super::{End, Ended, Shell, Stop};
use crate::audit::{Evidence, Gathering, audit};
use crate::model::Case;
use crate::read::{self, Level, read_past};
use crate::record::{RECORD, load_ceremony};
use crate::report::{audit_in_words, audit_json, audit_page, count};

/// Folders within a folder that are looked through for records.
const FOLDERS_MAX: usize = 10_000;

/// What `audit` is told.
#[derive(Debug, Args)]
pub struct Audit {
    /// Records, ceremonies, cases, or folders with a history; or a folder that holds such folders
    #[arg(required = true)]
    folder: Vec<PathBuf>,
    /// How many honest offices may get an alarm, as a part of one
    #[arg(long, value_name = "PART", default_value = "0.05", value_parser = level)]
    level: f64,
    /// Look at visits from this day on
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// Look at visits up to this day, included
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    /// Also write a page with charts, as one file that is not there yet
    #[arg(long, value_name = "FILE.html")]
    page: Option<PathBuf>,
    /// Show every row and every month
    #[arg(long)]
    all: bool,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

fn level(text: &str) -> Result<f64, String> {
    let level = text.parse().ok().filter(|level| (1e-6..=0.5).contains(level));
    level.ok_or_else(|| "write a part of one like 0.05 or 0.01, from 0.000001 to 0.5".to_owned())
}

impl Audit {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        self.page.as_ref().map_or(Ok(()), |page| is_free_for_one(page))?;
        let evidence = self.evidence(shell)?;
        let found = watch(shell, "comparing", || audit(&evidence, self.level));
        if let Some(path) = &self.page {
            write_one(path, audit_page(&evidence, &found).as_bytes())?;
            shell.say(&format!("The page is in {}; only you may read it", path.display()));
        }
        match self.json {
            true => shell.print_json(&audit_json(&evidence, &found)),
            false => shell.print_sections(&audit_in_words(&evidence, &found, self.all)),
        }
        Ok(End::findings(found.alarms().next().is_some()))
    }

    fn evidence(&self, shell: &mut Shell) -> Result<Evidence, Stop> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from > to
        {
            return Err(Stop::new(format!("{from} lies after {to}"), "give the earlier day to --from"));
        }
        let mut gathering = Gathering::default();
        for folder in &self.folder {
            is_folder(folder)?;
            for path in those_in(folder)? {
                add(shell, &path, &mut gathering)?;
            }
        }
        let evidence = gathering.evidence(self.from, self.to);
        if evidence.visits.is_empty() {
            return Err(Stop::new(
                "there is no visit to look at",
                "name records that `foureyes plan` has written, or a folder whose history.csv has rows; and look at --from and --to",
            ));
        }
        let visits = count(evidence.visits.len(), "visit", "visits");
        shell.say(&format!("{visits} by {}", count(evidence.people.len(), "inspector", "inspectors")));
        Ok(evidence)
    }
}

/// The folder itself where something can be read in it, or the folders in it in which something can, in order of name.
fn those_in(folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    if kind(folder).is_some() {
        return Ok(vec![folder.to_owned()]);
    }
    let shown = folder.display();
    let unreadable = |error| Stop::new(format!("`{shown}` can't be read: {error}"), "look at who may read it");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)?.take(FOLDERS_MAX) {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() && kind(&path).is_some() {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Stop::new(
            format!("in `{shown}` there is neither a record, nor a ledger, nor a case, nor a history"),
            "name a folder that `foureyes plan` has written, that of a ceremony, or one with history.csv",
        ));
    }
    Ok(found)
}

/// What can be read in a folder.
#[derive(Clone, Copy)]
enum What {
    Record,
    Ceremony,
    Case,
    Past,
}

fn kind(path: &Path) -> Option<What> {
    let has = |name: &str| path.join(name).is_file();
    if has(RECORD) {
        Some(What::Record)
    } else if is_ceremony(path) {
        Some(What::Ceremony)
    } else if has(POLICY) {
        Some(What::Case)
    } else {
        read::has_table(path, "history").then_some(What::Past)
    }
}

fn add(shell: &mut Shell, path: &Path, gathering: &mut Gathering) -> Result<(), Stop> {
    let shown = path.display().to_string();
    shell.say(&format!("Reading {shown}"));
    let added = match kind(path) {
        Some(What::Record) => {
            let files = record(path)?;
            watch(shell, "reading", || gathering.record(&shown, &files))
        }
        Some(What::Ceremony) => {
            let files = load_ceremony(path).map_err(|error| Stop::new(error, "name a ceremony's folder"))?;
            watch(shell, "reading", || gathering.ceremony(&shown, &files))
        }
        Some(What::Case) => {
            let how = read::Options { policy: None, visits_needed: false };
            let (case, _) = case_to_work_with_as(shell, path, &how)?;
            gathering.case(&shown, &case)
        }
        Some(What::Past) | None => gathering.case(&shown, &past(shell, path)?),
    };
    added.map_err(|error| {
        Stop::new(
            error,
            "audit the records of one office at a time; `foureyes verify` says what is wrong with a record",
        )
    })
}

/// A history without a policy. What it warns of concerns plans, and nothing is planned.
fn past(shell: &mut Shell, path: &Path) -> Result<Case, Stop> {
    let reading = judged(watch(shell, "reading", || read_past(path)));
    let wrong: Vec<_> = reading.problems.iter().filter(|problem| problem.level == Level::Error).collect();
    wrong.iter().for_each(|problem| shell.problem(problem));
    let errors = count(wrong.len(), "error", "errors");
    let shown = path.display();
    reading.case.ok_or_else(|| {
        Stop::new(format!("the files of `{shown}` have {errors} (above)"), "mend them; each line says how")
    })
}
