//! What reading says of each folder of `tests/cases/read`, against the `expect.txt` in it.
//!
//! `BLESS=1 cargo test --test read` writes the files anew; read the difference before you keep it.

#![allow(clippy::unwrap_used, reason = "a test that can't read its own files fails")]

mod expected;

use std::fmt::{Debug, Write};
use std::path::PathBuf;

use foureyes::model::Case;
use foureyes::read::{Level, Reading, read_case};

#[test]
fn every_folder_reads_as_it_says() {
    expected::hold(&folders(), |folder| told(&read_case(folder)));
}

#[test]
fn a_case_is_made_if_and_only_if_nothing_is_an_error() {
    for folder in folders() {
        let reading = read_case(&folder);
        let failed = reading.problems.iter().any(|problem| problem.level == Level::Error);
        assert_eq!(reading.case.is_none(), failed, "{}", folder.display());
    }
}

fn folders() -> Vec<PathBuf> {
    expected::folders("read")
}

/// Problems, notes and the case as text.
fn told(reading: &Reading) -> String {
    let mut out = String::new();
    reading.problems.iter().for_each(|problem| writeln!(out, "{problem}").unwrap());
    reading.notes.iter().for_each(|note| writeln!(out, "note: {note}").unwrap());
    match &reading.case {
        Some(case) => tell_case(case, &mut out),
        None => out += "no case\n",
    }
    out
}

fn tell_case(case: &Case, out: &mut String) {
    writeln!(out, "case: {}", case.name).unwrap();
    writeln!(out, "{}", brief(&case.period)).unwrap();
    writeln!(out, "{}", brief(&case.urn)).unwrap();
    if case.programmed != Default::default() {
        writeln!(out, "{}", brief(&case.programmed)).unwrap();
    }
    case.settings.iter().for_each(|rule| writeln!(out, "{}", brief(&rule)).unwrap());
    lines(&case.inspectors, out);
    lines(&case.establishments, out);
    lines(&case.visits, out);
    lines(&case.conflicts, out);
    lines(&case.absences, out);
    lines(&case.history, out);
    lines(&case.waivers, out);
}

fn lines<T: Debug>(list: &[T], out: &mut String) {
    list.iter().take(12).for_each(|item| writeln!(out, "{}", brief(item)).unwrap());
    if list.len() > 12 {
        writeln!(out, "... {} in all", list.len()).unwrap();
    }
}

/// What ends a part that says nothing.
const ABSENT: [&str; 3] = [": None", ": []", ": {}"];

/// The debug form, without what is none or empty.
fn brief(item: &impl Debug) -> String {
    let text = format!("{item:?}");
    let body = text.strip_suffix(" }").unwrap_or(&text);
    let kept: Vec<&str> = body.split(", ").filter(|part| ABSENT.iter().all(|none| !part.ends_with(none))).collect();
    kept.join(", ")
}
