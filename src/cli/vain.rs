//! Warnings of what switches a rule off without a word: words of the policy that nobody has.

use super::nearest::nearest;
use super::published::POLICY;
use super::unasked::unasked;
use crate::model::{Case, Conflict, ConflictTarget, InspectorId, Setting};
use crate::read::{Level, Note, Problem, Reading, SAME_PERSON};
use crate::rules::{Book, InVain, in_vain};

/// The rule that keeps rows of one person apart.
const APART: &str = "not-together";
/// Most words of a column that are named.
const NAMED: usize = 6;

/// Adds what is to be said of a case that was read: warnings of what the policy states, and a note where a default names nobody, since
/// an office may well have no trainees.
pub(super) fn judge(reading: &mut Reading) {
    let Some(case) = &reading.case else { return };
    let (stated, default): (Vec<InVain>, Vec<InVain>) = in_vain(case).into_iter().partition(|vain| vain.stated);
    let problems: Vec<Problem> =
        stated.iter().map(warning).chain(idle(case)).chain(with_oneself(case)).chain(unasked(case)).collect();
    if problems.iter().any(|problem| problem.level == Level::Error) {
        reading.case = None;
    }
    reading.problems.extend(problems);
    reading.notes.extend(default.iter().map(warning).map(|told| Note {
        file: told.file,
        says: format!("{}: {}. {}", told.column.unwrap_or_default(), told.why, told.advice),
    }));
}

/// What asks nothing for want of what it needs, of the rules that are on.
fn idle(case: &Case) -> Vec<Problem> {
    // Settings that can't be are told by whoever asks for the book.
    let Ok(book) = Book::new(&case.settings) else { return Vec::new() };
    let told = book.rules().filter_map(|(entry, rule)| Some((entry.name, rule.idle(case)?)));
    told.map(|(rule, idle)| Problem {
        level: Level::Warning,
        file: POLICY.to_owned(),
        row: None,
        column: Some(format!("[rules.{rule}] {}", idle.parameter)),
        value: None,
        why: idle.why,
        advice: idle.advice.to_owned(),
    })
    .collect()
}

/// What would let somebody who has two rows be sent with themselves: nobody inspects alone.
fn with_oneself(case: &Case) -> Option<Problem> {
    let of_one = |conflict: &Conflict| conflict.category.as_deref() == Some(SAME_PERSON);
    let apart: Vec<InspectorId> = case.conflicts.iter().filter(|one| of_one(one)).flat_map(both).collect();
    let is_off = case.settings.get(APART).and_then(|rule| rule.get("enabled")) == Some(&Setting::Switch(false));
    let waived = case.waivers.iter().find(|waiver| waiver.rule == APART && apart.contains(&waiver.inspector));
    let (level, place, why, advice) = match waived {
        _ if apart.is_empty() => return None,
        _ if is_off => {
            let why = "the rule is off, and it alone keeps rows of one person from serving together";
            (Level::Error, "[rules.not-together] enabled".to_owned(), why, "Turn it on, or give each person one row")
        }
        None => return None,
        Some(waiver) => {
            let place = format!("waivers, {}", case.inspector(waiver.inspector).id);
            let why = "a waiver of not-together also lets this person be sent with another row of themselves";
            (Level::Warning, place, why, "Look at who goes on that visit")
        }
    };
    let (file, why, advice) = (POLICY.to_owned(), why.to_owned(), advice.to_owned());
    Some(Problem { level, file, row: None, column: Some(place), value: None, why, advice })
}

fn both(conflict: &Conflict) -> Vec<InspectorId> {
    match conflict.target {
        ConflictTarget::Inspector(other) => vec![conflict.inspector, other],
        _ => vec![conflict.inspector],
    }
}

fn warning(vain: &InVain) -> Problem {
    let InVain { rule, parameter, stated, words, column, has } = vain;
    let (table, header) = column.place();
    let there = match has.as_slice() {
        [] => format!("the column {header} of {table} has no words at all"),
        has => format!("the column {header} of {table} has {}", listed(has)),
    };
    let whose = if *stated { "" } else { " (the default)" };
    let why =
        format!("no row has {}{whose}, and so that part of the rule `{rule}` does nothing; {there}", listed(words));
    let meant = words.iter().find_map(|word| nearest(word, has.iter().map(String::as_str)).first().copied());
    let advice = match meant {
        Some(meant) => format!("Write the words that the file has, perhaps `{meant}`"),
        None if *stated => "Write the words that the file has, or take these out".to_owned(),
        None => format!(
            "Write in {POLICY} under [rules.{rule}]: {parameter} = [\"the words that the file has\"], or {parameter} = [] if there are none"
        ),
    };
    Problem {
        level: Level::Warning,
        file: POLICY.to_owned(),
        row: None,
        column: Some(format!("[rules.{rule}] {parameter}")),
        value: None,
        why,
        advice,
    }
}

fn listed(words: &[String]) -> String {
    let more = if words.len() > NAMED { format!(" and {} more", words.len() - NAMED) } else { String::new() };
    let shown: Vec<String> = words.iter().take(NAMED).map(|word| format!("`{word}`")).collect();
    shown.join(", ") + &more
}
