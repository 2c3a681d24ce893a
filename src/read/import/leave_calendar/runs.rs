//! From the cells of people's days to absences: days that follow each other are one. What contradicts itself is an error.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::super::super::ids::fold;
use super::super::super::problem::{Level, Log, Problem, counted, shown};
use super::super::kind::Kind;
use super::super::lay::tell;
use super::super::rows::Tidy;
use super::codes::Meaning;
use super::rows::{Found, Mark};

/// Cells merged over several people that mean away.
pub(super) fn over_several(tall: &[Mark], meanings: &BTreeMap<String, Meaning>, log: &mut Log) {
    for mark in tall.iter().filter(|mark| meanings.get(&mark.code) != Some(&Meaning::Present)) {
        let why = format!(
            "the cell is merged over the rows of several people ({}), and it is not clear whom it means",
            shown(&mark.person)
        );
        let problem = Problem::error(&mark.file, why, "Write the code into the row of each who is away");
        tell(
            log,
            Level::Error,
            "cells merged over several people",
            problem.row(mark.row).column(mark.place.as_str()).value(&mark.code),
        );
    }
}

/// Days that one person has in two blocks, with other codes: the title of one of the two is probably wrong.
pub(super) fn overlaps(found: &Found, log: &mut Log) {
    let mut codes: BTreeMap<(&str, NaiveDate, usize), BTreeSet<&str>> = BTreeMap::new();
    for mark in &found.marks {
        codes.entry((&mark.person, mark.date, mark.block)).or_default().insert(&mark.code);
    }
    let mut told = BTreeSet::new();
    for (person, blocks) in found.rows.iter().filter(|(_, blocks)| blocks.len() > 1) {
        let mut first: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for at in blocks {
            for date in &found.blocks[*at].dates {
                let Some(other) = first.get(date).copied() else {
                    first.insert(*date, *at);
                    continue;
                };
                let of = |block: usize| codes.get(&(person.as_str(), *date, block));
                if of(other) != of(*at) && told.insert((other, *at)) {
                    tell_overlap(found, person, *date, other, *at, log);
                }
            }
        }
    }
}

fn tell_overlap(found: &Found, person: &str, date: NaiveDate, one: usize, other: usize, log: &mut Log) {
    let (one, other) = (&found.blocks[one], &found.blocks[other]);
    let elsewhere = if one.file == other.file { String::new() } else { format!(" of {}", one.file) };
    let why =
        format!("{person} has {date} in two blocks of days, here and at {}{elsewhere}, and they differ", one.place);
    let advice = "Correct the month of the one that is wrong; if both are right, keep one of them";
    log.push(Problem::error(&other.file, why, advice).column(other.place.as_str()));
}

/// Days away that follow each other, as one absence.
pub(super) fn runs(kind: &Kind, marks: &[Mark], meanings: &BTreeMap<String, Meaning>, log: &mut Log) -> Vec<Tidy> {
    let away = |mark: &&Mark| matches!(meanings.get(&mark.code), Some(Meaning::Away | Meaning::Half));
    let mut days: BTreeMap<(&str, NaiveDate), Vec<&Mark>> = BTreeMap::new();
    for mark in marks.iter().filter(away) {
        days.entry((&mark.person, mark.date)).or_default().push(mark);
    }
    let halves = marks.iter().filter(|mark| meanings.get(&mark.code) == Some(&Meaning::Half)).count();
    if let (1.., Some(mark)) = (halves, marks.first()) {
        log.note(&mark.file, format!("half a day is a whole day ({})", counted(halves as u64, "cell", "cells")));
    }
    let mut all: Vec<(Tidy, NaiveDate, Vec<&str>)> = Vec::new();
    for ((person, date), marks) in days {
        let next = all.last().is_some_and(|(tidy, last, _)| tidy.cells[0] == person && last.succ_opt() == Some(date));
        if !next {
            let first = marks[0];
            let mut cells = vec![String::new(); kind.table.columns.len()];
            (cells[0], cells[kind.at("from")]) = (person.to_owned(), date.to_string());
            let extra = vec![String::new(); kind.extra.columns.len()];
            all.push((Tidy { file: first.file.clone(), row: first.row, cells, extra }, date, Vec::new()));
        }
        let Some((_, last, codes)) = all.last_mut() else { continue };
        *last = date;
        for mark in marks {
            if !codes.iter().any(|code| fold(code) == fold(&mark.code)) {
                codes.push(&mark.code);
            }
        }
    }
    let written = |(mut tidy, last, codes): (Tidy, NaiveDate, Vec<&str>)| {
        tidy.cells[kind.at("to")] = last.to_string();
        tidy.cells[kind.at("reason")] = codes.join(", ");
        tidy
    };
    all.into_iter().map(written).collect()
}
