//! What a path on the command line names, for commands that plan or explain: a case, a record with what was drawn, or a ceremony with
//! what is held now.

use std::path::Path;

use super::held::{Since, held};
use super::nearest::{did_you_mean, nearest};
use super::published::{POLICY, is_ceremony, is_folder, record};
use super::vain;
use super::watch::watch;
use super::{Shell, Stop, few, replace};
use crate::draw::Root;
use crate::model::{Case, InspectorId, Reserves, Schedule, VisitId};
use crate::read::{Level, Options, Problem, Reading, Waived, read_case_with};
use crate::record::{
    Files, Heads, RECORD, digest_of_inputs, read_fixed, read_odds, read_record, read_reserves, read_schedule,
    read_stages, thaw,
};
use crate::report::{Chances, Section, count};
use crate::rules::{BOOK, Book, SettingProblem, waivable};

/// A case with what was drawn for it, if anything was.
pub(super) struct Drawn {
    pub(super) case: Case,
    pub(super) book: Book,
    pub(super) schedule: Schedule,
    /// Who heads each team.
    pub(super) heads: Heads,
    /// Who may step in, as far as the record says it.
    pub(super) reserves: Vec<Reserves>,
    /// Whether a schedule was drawn at all.
    pub(super) planned: bool,
    /// The files of the record; of a ceremony, those of each draw with its odds; none of a case.
    pub(super) files: Vec<Files>,
    /// Of a ceremony, what changed since its draws.
    pub(super) since: Option<Since>,
}

impl Drawn {
    /// The published odds of a visit, where its stage held it; of a ceremony, those of the last draw that did.
    pub(super) fn chances(&self, visit: VisitId) -> Option<Chances> {
        self.files.iter().rev().find_map(|files| {
            let (odds, _) = read_odds(files, &self.case);
            let (_, _, line) = odds.into_iter().find(|(of, ..)| *of == visit)?;
            let (stages, _) = read_stages(files);
            let tickets = stages.iter().find(|(_, stage)| stage.stage == line.stage)?.1.tickets;
            Some(Chances { line, tickets })
        })
    }

    /// Whether what is to be drawn of the visit was drawn: of a ceremony, later days may still be to come.
    pub(super) fn is_drawn(&self, visit: VisitId) -> bool {
        let may_come = |since: &Since| since.may_come(&self.case, &self.case.visit(visit).id);
        self.planned && !self.since.as_ref().is_some_and(may_come)
    }

    /// What changed of the visit since it was drawn, a sentence each.
    pub(super) fn changes(&self, visit: VisitId) -> Vec<String> {
        self.since.as_ref().map(|since| since.changes(&self.case.visit(visit).id)).unwrap_or_default()
    }
}

/// What changed since the draw, where anything did.
pub(super) fn changes_in_words(changes: &[String]) -> Option<Section> {
    (!changes.is_empty()).then(|| Section::new("CHANGED SINCE THE DRAW", changes.join("\n")))
}

/// Holds that `path` is the folder of a case, and not of a record.
pub(super) fn is_case(path: &Path) -> Result<(), Stop> {
    is_folder(path)?;
    let shown = path.display();
    if !path.join(POLICY).exists() && path.join(RECORD).exists() {
        return Err(Stop::new(
            format!("`{shown}` is a published record, not a case"),
            format!("name the case folder that it was planned from; or look at the record: foureyes verify {shown}"),
        ));
    }
    Ok(())
}

/// Holds that the tables in `path` are all of one import: where some are new and some are old, a conflict may be in none of them.
pub(super) fn is_of_one_import(path: &Path) -> Result<(), Stop> {
    if !replace::is_waiting(path) {
        return Ok(());
    }
    let shown = path.display();
    Err(Stop::new(
        format!(
            "an import into `{shown}` was interrupted while it was written: some of its tables are new and some are old"
        ),
        format!("give the same import again, foureyes import {shown} ...; it puts all of them in their places first"),
    ))
}

/// The case in a folder and its rules, for a command that needs them sound. Warnings are told.
pub(super) fn case_to_work_with(shell: &mut Shell, path: &Path) -> Result<(Case, Book), Stop> {
    is_case(path)?;
    case_to_work_with_as(shell, path, &Options::default())
}

/// The same, read in another way.
pub(super) fn case_to_work_with_as(shell: &mut Shell, path: &Path, how: &Options) -> Result<(Case, Book), Stop> {
    is_of_one_import(path)?;
    let Reading { case, problems, settings, .. } = judged(watch(shell, "reading", || read_case_with(path, how)));
    let quiet = shell.is_quiet();
    let told = |problem: &&Problem| problem.level == Level::Error || !quiet;
    problems.iter().filter(told).for_each(|problem| shell.problem(problem));
    let errors = problems.iter().filter(|problem| problem.level == Level::Error).count();
    match (case, Book::new(&settings)) {
        (Some(case), Ok(book)) => Ok((case, book)),
        (_, book) => {
            let wrong = book.err().unwrap_or_default();
            wrong.iter().for_each(|wrong| shell.error(&setting_in_words(wrong)));
            Err(faulty(path, errors + wrong.len()))
        }
    }
}

/// What was read, with a problem for every waiver of what can't be waived and for words of the policy that nobody has: the reader
/// knows no rules.
pub(super) fn judged(mut reading: Reading) -> Reading {
    vain::judge(&mut reading);
    few::judge(&mut reading);
    let wrong: Vec<Problem> = reading.waived.iter().filter_map(wrong_waiver).collect();
    if !wrong.is_empty() {
        reading.case = None;
        reading.problems.extend(wrong);
    }
    reading
}

fn wrong_waiver(waived: &Waived) -> Option<Problem> {
    let why = waivable(&waived.rule).err()?;
    let names = BOOK.iter().filter(|entry| entry.waivable).map(|entry| entry.name);
    let advice = match nearest(&waived.rule, names).first() {
        _ if BOOK.iter().any(|entry| entry.name == waived.rule) => "Delete the row: this rule always holds".to_owned(),
        Some(meant) => format!("Correct it; perhaps `{meant}` is meant"),
        None => "Correct it; `foureyes rules` lists their names".to_owned(),
    };
    let Waived { file, row, column, rule } = waived.clone();
    Some(Problem { level: Level::Error, file, row: Some(row), column: Some(column), value: Some(rule), why, advice })
}

/// What is wrong with the policy of a rule, with the name that may have been meant.
pub(super) fn setting_in_words(wrong: &SettingProblem) -> String {
    let SettingProblem { rule, parameter, problem } = wrong;
    let entry = BOOK.iter().find(|entry| entry.name == rule);
    let (place, meant) = match entry {
        None => (format!("[rules.{rule}]"), nearest(rule, BOOK.iter().map(|entry| entry.name))),
        Some(entry) if entry.all_parameters().any(|known| known.name == parameter) => {
            (format!("[rules.{rule}] {parameter}"), Vec::new())
        }
        Some(entry) => {
            let known = entry.all_parameters().map(|known| known.name);
            (format!("[rules.{rule}] {parameter}"), nearest(parameter, known))
        }
    };
    let meant = meant.first().map(|meant| format!(". Did you mean {meant}?")).unwrap_or_default();
    format!("{POLICY}, {place}: {problem}{meant}")
}

fn faulty(path: &Path, errors: usize) -> Stop {
    let shown = path.display();
    let errors = count(errors, "error", "errors");
    Stop::new(
        format!("the files of `{shown}` have {errors} (above); nothing was done"),
        format!("mend them; `foureyes check {shown}` reports them all again"),
    )
}

/// What a folder has to ask about: a record with its schedule, a ceremony with what is held now, or a case without one.
pub(super) fn drawn(shell: &mut Shell, path: &Path) -> Result<Drawn, Stop> {
    is_folder(path)?;
    if is_ceremony(path) {
        let drawn = held(path)?;
        let warning = drawn.since.as_ref().and_then(|since| since.warning(path));
        warning.iter().for_each(|warning| shell.warn(warning));
        return Ok(drawn);
    }
    if path.join(POLICY).exists() && !path.join(RECORD).exists() {
        let (case, book) = case_to_work_with(shell, path)?;
        shell.say("This is a case without a schedule: the answer is given as if nothing else were planned.");
        return Ok(Drawn {
            case,
            book,
            schedule: Schedule::default(),
            heads: Heads::default(),
            reserves: Vec::new(),
            planned: false,
            files: Vec::new(),
            since: None,
        });
    }
    let files = record(path)?;
    let unreadable = |flaws: usize| {
        let shown = path.display();
        let flaws = count(flaws, "flaw", "flaws");
        Stop::new(
            format!("the record in `{shown}` can't be read: {flaws}"),
            format!("`foureyes verify {shown}` names them"),
        )
    };
    let (case, book) = thaw(&files).map_err(|flaws| unreadable(flaws.len()))?;
    let published = read_schedule(&files, &case);
    if !published.flaws.is_empty() {
        return Err(unreadable(published.flaws.len()));
    }
    let reserves = read_reserves(&files, &case).0.into_iter().map(|(_, one)| one).collect();
    let heads = heads(&files, &case, &published.schedule);
    let schedule = published.schedule;
    Ok(Drawn { case, book, schedule, heads, reserves, planned: true, files: vec![files], since: None })
}

/// Who heads each team by the record in `files`.
pub(super) fn heads(files: &Files, case: &Case, schedule: &Schedule) -> Heads {
    let Some(record) = read_record(files).0 else { return Heads::default() };
    let root = Root::from_seed(&digest_of_inputs(files), &record.seed);
    let before = read_fixed(files, case).schedule;
    Heads::of_record(case, &record, &root, schedule, &before)
}

/// The visit of that id.
pub(super) fn visit(case: &Case, id: &str) -> Result<VisitId, Stop> {
    let at = case.visits.iter().position(|visit| visit.id == id).map(VisitId::at);
    at.ok_or_else(|| {
        let known = case.visits.iter().map(|visit| visit.id.as_str());
        Stop::new(format!("there is no visit `{id}`"), did_you_mean(id, known, "schedule.csv lists the visits"))
    })
}

/// The inspector of that id.
pub(super) fn inspector(case: &Case, id: &str) -> Result<InspectorId, Stop> {
    let at = case.inspectors.iter().position(|inspector| inspector.id == id).map(InspectorId::at);
    at.ok_or_else(|| {
        let by_name = case.inspectors.iter().find(|inspector| inspector.name.as_deref() == Some(id));
        let known = case.inspectors.iter().map(|inspector| inspector.id.as_str());
        let hint = match by_name {
            Some(named) => format!("that is the name of `{}`; give the id", named.id),
            None => did_you_mean(id, known, "give an id of the roster"),
        };
        Stop::new(format!("there is no inspector `{id}`"), hint)
    })
}
