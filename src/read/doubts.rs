//! Names of a register that may be one, and that nobody has settled: told with all spellings and how often each stands there, and with
//! the two lines of the policy of which one is true. And names written with letters of another script, which nobody can see.

use std::collections::BTreeMap;

use super::aliases::{APART, Aliases, SECTION};
use super::alike::{self, Bare};
use super::import::{Said, as_line};
use super::labels::Label;
use super::letters::{deceiving_word, looks, scripts};
use super::policy::Says;
use super::problem::{Level, Log, Problem, counted, grouped, shown};
use super::source::POLICY;
use super::table::Row;

/// Most names of which the lines for the policy are written out, and most letters of one.
const WRITTEN: usize = 12;
const LETTERS: usize = 120;

/// Where names stand: what they are names of, the file and the column's header.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) noun: &'static str,
    pub(super) file: &'a str,
    pub(super) column: &'a str,
}

/// The groups of names that may be one.
#[derive(Default)]
pub(super) struct Doubts {
    groups: Vec<Vec<Label>>,
    /// By folded name: its group.
    of: BTreeMap<String, usize>,
}

impl Doubts {
    /// What is doubtful among `names`, by folded name; legal forms are looked at in the names of owners alone.
    pub(super) fn among(noun: &str, names: &BTreeMap<String, Label>, aliases: &Aliases) -> Self {
        let folded: Vec<&String> = names.keys().collect();
        let bare: Vec<Bare> = names.values().map(|label| Bare::of(&label.spelling, noun == "owner")).collect();
        let mut doubts = Self::default();
        for group in alike::groups(&bare, &|one, other| aliases.are_apart(folded[one], folded[other])) {
            let at = doubts.groups.len();
            doubts.of.extend(group.iter().map(|name| (folded[*name].clone(), at)));
            let mut labels: Vec<Label> = group.iter().map(|name| names[folded[*name]].clone()).collect();
            labels.sort_by(|a, b| (b.rows, &a.spelling).cmp(&(a.rows, &b.spelling)));
            doubts.groups.push(labels);
        }
        doubts
    }

    /// Tells of every group.
    pub(super) fn tell(&self, place: Place<'_>, log: &mut Log) {
        for group in &self.groups {
            log.one_of(Level::Warning, place.file, "groups of names that may be one", || {
                let why = format!("these may be one {}: {}; they are read as {}", place.noun, all(group), group.len());
                let problem = Problem::warning(place.file, why, advice(place.noun, group)).column(place.column);
                at(problem, group.last().map_or(0, |label| label.first))
            });
        }
    }

    /// A conflict of interest that names one of a group would miss the others: which it is must be said first.
    pub(super) fn hold(&self, noun: &'static str, name: &str, row: &Row<'_>, column: usize, log: &mut Log) {
        let Some(group) = self.of.get(name).and_then(|at| self.groups.get(*at)) else { return };
        let why = format!("these may be one {noun}, and a conflict with one misses the others: {}", all(group));
        let problem = row.problem(column, why, "");
        if !is_writable(group) || group.iter().any(|label| label.spelling.contains('|')) {
            return log.push(Problem { advice: advice(noun, group), ..problem });
        }
        let [one, two] = said(noun, group);
        let says = Says { table: SECTION, ..Says::default() };
        let answers = [("if they are one", [(&*one.key, &*one.value)]), ("if not", [(&*two.key, &*two.value)])];
        let answers: Vec<_> = answers.iter().map(|(words, sets)| (*words, &sets[..])).collect();
        log.ask(&says, problem, &answers);
    }
}

/// The names with how often each stands there.
fn all(group: &[Label]) -> String {
    let named = group.iter().take(6).map(|label| {
        let rows = if label.rows > 0 { format!(" ({})", counted(label.rows, "row", "rows")) } else { String::new() };
        format!("`{}`{rows}", shown(&label.spelling))
    });
    let more = if group.len() > 6 { format!(" and {} more", grouped(group.len() as u64 - 6)) } else { String::new() };
    named.collect::<Vec<_>>().join(", ") + &more
}

fn is_writable(group: &[Label]) -> bool {
    group.len() <= WRITTEN && group.iter().all(|label| label.spelling.chars().count() <= LETTERS)
}

/// The two answers: all are read as the name that stands there most often, or all are two.
fn said(noun: &str, group: &[Label]) -> [Said; 2] {
    let names: Vec<&str> = group.iter().map(|label| label.spelling.as_str()).collect();
    let of = |key: String, value: String| Said { table: SECTION.to_owned(), key, value };
    let (first, others) = names.split_first().map_or(("", [].as_slice()), |(first, others)| (*first, others));
    [of(format!("{noun}.{first}"), others.join("|")), of(format!("{noun}.{APART}"), names.join("|"))]
}

fn advice(noun: &str, group: &[Label]) -> String {
    if !is_writable(group) {
        return format!(
            "Write in {POLICY} under [{SECTION}.{noun}]: \"the name in force\" = [\"the others that are the same\"], and {APART} = [[\"names\", \"that are two\"]]"
        );
    }
    let [one, two] = said(noun, group);
    format!(
        "Write in {POLICY} under [{SECTION}.{noun}]: {} if they are one, {} if they are not",
        as_line(&one).1,
        as_line(&two).1
    )
}

fn at(problem: Problem, row: u64) -> Problem {
    if row > 0 { problem.row(row) } else { problem }
}

/// Reports names with letters of another script that look the same.
pub(super) fn deceive(names: &BTreeMap<String, Label>, place: Place<'_>, log: &mut Log) {
    const KIND: &str = "names with letters that deceive the eye";
    const ADVICE: &str = "Type it anew, in the letters that everybody sees";
    let say = |label: &Label, why: String, log: &mut Log| {
        log.one_of(Level::Error, place.file, KIND, || {
            at(Problem::error(place.file, why, ADVICE).column(place.column).value(&label.spelling), label.first)
        });
    };
    for label in names.values() {
        if let Some(word) = deceiving_word(&label.spelling) {
            say(label, format!("the word `{}` mixes letters of several scripts that look the same", shown(word)), log);
        }
    }
    if names.values().all(|label| label.spelling.is_ascii()) {
        return;
    }
    let mut seen: BTreeMap<String, &Label> = BTreeMap::new();
    let mut by_rows: Vec<&Label> = names.values().filter(|label| deceiving_word(&label.spelling).is_none()).collect();
    by_rows.sort_by_key(|label| std::cmp::Reverse(label.rows));
    for label in by_rows {
        let first = *seen.entry(looks(&label.spelling)).or_insert(label);
        if scripts(&first.spelling) != scripts(&label.spelling) {
            let why = "the name looks the same as another and is written with letters of another script";
            let row = if first.first > 0 { format!(" (that of row {})", first.first) } else { String::new() };
            say(label, format!("{why}{row}"), log);
        }
    }
}
