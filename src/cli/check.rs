//! `foureyes check`: everything that is wrong with a case's files.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::input::{is_case, is_of_one_import, judged, setting_in_words};
use super::watch::watch;
use super::{End, Ended, Shell};
use crate::read::{Level, Problem, Reading, read_case};
use crate::report::{Section, count, summary, summary_json};
use crate::rules::{Book, SettingProblem};

/// What `check` is told.
#[derive(Debug, Args)]
pub struct Check {
    /// The folder of the case
    case: PathBuf,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        is_case(&self.case)?;
        is_of_one_import(&self.case)?;
        let reading = judged(watch(shell, "reading", || read_case(&self.case)));
        let settings = &reading.settings;
        let wrong_settings = Book::new(settings).err().unwrap_or_default();
        let errors = reading.problems.iter().filter(|problem| problem.level == Level::Error).count();
        let errors = errors + wrong_settings.len();
        if self.json {
            shell.print_json(&as_json(&reading, &wrong_settings, errors));
        } else {
            shell.print_sections(&self.in_words(&reading, &wrong_settings, errors));
        }
        Ok(End::findings(errors > 0))
    }

    fn in_words(&self, reading: &Reading, settings: &[SettingProblem], errors: usize) -> Vec<Section> {
        let mut sections = Vec::new();
        let notes: Vec<String> = reading.notes.iter().map(|note| format!("{}: {}", note.file, note.says)).collect();
        if !notes.is_empty() {
            sections.push(Section::new("What was detected or assumed", notes.join("\n")));
        }
        let mut problems: Vec<String> = reading.problems.iter().map(Problem::to_string).collect();
        problems.extend(settings.iter().map(|wrong| format!("error: {}", setting_in_words(wrong))));
        if !problems.is_empty() {
            sections.push(Section::new("Problems", problems.join("\n")));
        }
        sections.extend(reading.case.as_ref().map(summary));
        let warnings = reading.problems.len() - (errors - settings.len());
        sections.push(self.verdict(errors, warnings));
        sections
    }

    fn verdict(&self, errors: usize, warnings: usize) -> Section {
        let (title, shown) = (verdict(errors, warnings), self.case.display());
        let next = match errors {
            0 => format!("Next: foureyes capacity {shown}, then foureyes plan {shown} --seed TEXT"),
            _ => format!("Nothing can be planned from these files. Mend them, then: foureyes check {shown}"),
        };
        Section::new(title, next)
    }
}

fn verdict(errors: usize, warnings: usize) -> String {
    let warnings = count(warnings, "warning", "warnings");
    match errors {
        0 => format!("No errors, {warnings}"),
        _ => format!("{}, {warnings}", count(errors, "error", "errors")),
    }
}

fn as_json(reading: &Reading, settings: &[SettingProblem], errors: usize) -> Value {
    let notes = reading.notes.iter().map(|note| json!({ "file": note.file, "says": note.says }));
    let own = reading.problems.iter().map(|problem| {
        json!({
            "level": if problem.level == Level::Error { "error" } else { "warning" },
            "file": problem.file, "row": problem.row, "column": problem.column,
            "value": problem.value, "why": problem.why, "advice": problem.advice,
        })
    });
    let settings = settings.iter().map(|wrong| {
        json!({
            "level": "error", "file": "policy.toml", "row": null,
            "column": format!("rules.{}.{}", wrong.rule, wrong.parameter).trim_end_matches('.'),
            "value": null, "why": wrong.problem, "advice": "see foureyes rules",
        })
    });
    json!({
        "errors": errors,
        "notes": notes.collect::<Vec<_>>(),
        "problems": own.chain(settings).collect::<Vec<_>>(),
        "case": reading.case.as_ref().map(summary_json),
    })
}
