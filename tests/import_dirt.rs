//! No conflict and no day of leave is lost in silence: offices whose truth is known, with the dirt that real files have.
//!
//! Each number makes an office of a few people and places, writes its files with one to three kinds of dirt (`tests/dirt/kinds.rs`), and
//! imports them with everything taken that is proposed. Either the import stops (an error, or a question), or everything that is true
//! is in the case that comes of it, or a note names what is missing and the key of the policy that leaves it out. Something that nobody said is a failure too.
//!
//! Some hundreds are made by default. All of them, or others:
//! `FOUREYES_DIRT=0..10000 cargo test --test import_dirt -- --nocapture`. The count of each outcome stands in the output. A failure
//! says its number, the files and what was lost; `FOUREYES_DIRT=17..18` makes that one alone. `FOUREYES_ERRORS=1` prints the first error of
//! every office that is refused.

#![allow(clippy::unwrap_used, reason = "a test that can't write its own files fails")]

mod dirt;

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::TimeDelta;
use dirt::check::{Outcome, outcome};
use dirt::kinds::{KINDS, office};
use dirt::office::{Cell, Office};
use dirt::truth::{Conflict, Leave, Target, Truth};
use foureyes::draw::{Stream, digest};
use rayon::prelude::*;

/// How many are made where nobody asks for more.
const FEW: u64 = 268;

/// How many failures are shown whole.
const SHOWN: usize = 12;

#[test]
fn nothing_is_lost_in_silence() {
    let asked = std::env::var("FOUREYES_DIRT").ok();
    let range = asked.as_deref().and_then(|text| text.split_once("..")).unwrap_or(("0", ""));
    let (first, end): (u64, u64) = (range.0.parse().unwrap(), range.1.parse().unwrap_or(FEW));
    let all: Vec<(u64, Vec<&str>, Outcome)> = (first..end)
        .into_par_iter()
        .map(|number| {
            let (kinds, office) = office(number);
            (number, kinds, outcome(&office))
        })
        .collect();
    println!("{}", counted(&all));
    if std::env::var_os("FOUREYES_ERRORS").is_some() {
        for (number, kinds, outcome) in &all {
            if let Outcome::Error(why) = outcome {
                println!("{number} {}: {why}", kinds.join(" + "));
            }
        }
    }
    let failed = failures(&all);
    let shown: Vec<String> =
        failed.iter().take(SHOWN).map(|(number, kinds, what)| told(*number, kinds, what)).collect();
    assert!(failed.is_empty(), "{} kinds of failure\n{}", failed.len(), shown.join("\n"));
}

/// What came of each kind of dirt, where it was laid on, alone or with others.
fn counted(all: &[(u64, Vec<&str>, Outcome)]) -> String {
    let mut out = format!(
        "{:48}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>9}{:>7}\n",
        "", "kept", "wider", "noted", "column", "choice", "error", "invented", "LOST"
    );
    let mut counts: BTreeMap<&str, [u64; 8]> = BTreeMap::new();
    for (_, kinds, outcome) in all {
        let at = match outcome {
            Outcome::Kept => 0,
            Outcome::Wider => 1,
            Outcome::Noted => 2,
            Outcome::Columns => 3,
            Outcome::Choice => 4,
            Outcome::Error(_) => 5,
            Outcome::Invented(_) => 6,
            Outcome::Lost(_) => 7,
        };
        kinds.iter().chain(&["in all"]).for_each(|kind| counts.entry(kind).or_default()[at] += 1);
    }
    for kind in KINDS.iter().map(|kind| kind.says).chain(["in all"]) {
        let [kept, wider, noted, columns, choice, error, invented, lost] =
            counts.get(kind).copied().unwrap_or_default();
        writeln!(out, "{kind:48}{kept:>7}{wider:>7}{noted:>7}{columns:>7}{choice:>7}{error:>7}{invented:>9}{lost:>7}")
            .unwrap();
    }
    out
}

type Failure<'a> = (u64, &'a [&'a str], &'a Vec<String>);

/// The failures, one for each set of kinds: the losses first, those of one kind before those of several.
fn failures<'a>(all: &'a [(u64, Vec<&'a str>, Outcome)]) -> Vec<Failure<'a>> {
    let mut failed: BTreeMap<(bool, usize, &[&str]), Failure<'_>> = BTreeMap::new();
    for (number, kinds, outcome) in all {
        if let Outcome::Lost(what) | Outcome::Invented(what) = outcome {
            let key = (matches!(outcome, Outcome::Invented(_)), kinds.len(), kinds.as_slice());
            failed.entry(key).or_insert((*number, kinds, what));
        }
    }
    failed.into_values().collect()
}

fn told(number: u64, kinds: &[&str], what: &[String]) -> String {
    let (_, office) = office(number);
    let mut out = format!("--- {number}: {}\n", kinds.join(" + "));
    what.iter().for_each(|loss| writeln!(out, "LOST OR INVENTED: {loss}").unwrap());
    for (name, table) in &office.tables {
        writeln!(out, "{name}.{} {:?}\n{}", table.ending(), table.form, table.told()).unwrap();
    }
    out
}

fn clean(number: u64) -> Office {
    let mut stream = Stream::from_key(digest(format!("clean office {number}").as_bytes()));
    Office::new(Truth::new(number.is_multiple_of(2), &mut stream))
}

#[test]
fn offices_without_dirt_are_kept() {
    for number in 0..12 {
        assert_eq!(outcome(&clean(number)), Outcome::Kept, "{number}");
    }
}

/// Takes something away from an office's files.
type Plant = fn(&mut Office);

/// A check that finds nothing would prove nothing: each of these takes something away from the files, and must be found.
#[test]
fn every_planted_loss_is_found() {
    let plants: [(&str, Plant); 6] = [
        ("a conflict", |office| drop(office.sheet("conflicts").rows.remove(0))),
        ("a leave", |office| drop(office.sheet("absences").rows.remove(0))),
        ("the first day of a leave", |office| move_day(office, "absences", 0, 1, 1)),
        ("the last day of a leave", |office| move_day(office, "absences", 0, 2, -1)),
        ("the owner of a place", |office| another_owner(office)),
        ("whose conflict it is", |office| {
            office.sheet("conflicts").rows[0][0] = Cell::Text(office.truth.people[2].id.clone())
        }),
    ];
    for (what, plant) in plants {
        let mut office = unlike();
        plant(&mut office);
        let came = outcome(&office);
        assert!(matches!(came, Outcome::Lost(_)), "{what}: {came:?}");
    }
}

#[test]
fn a_planted_day_that_nobody_said_is_found() {
    let mut office = unlike();
    move_day(&mut office, "absences", 0, 2, 1);
    assert!(matches!(outcome(&office), Outcome::Invented(_)));
}

/// An office in which no two things say the same, so that each is missed when it is gone.
fn unlike() -> Office {
    let mut truth = clean(2).truth;
    let day = |text: &str| text.parse().unwrap();
    let conflict = |who, target| Conflict { who, target, from: None, to: None };
    truth.conflicts =
        vec![conflict(0, Target::Place(0)), conflict(1, Target::Owner(0)), conflict(0, Target::Person(1))];
    let leave = |who, from, to| Leave { who, from: day(from), to: day(to) };
    truth.leaves = vec![leave(0, "2027-01-05", "2027-01-08"), leave(1, "2027-02-01", "2027-02-01")];
    Office::new(truth)
}

/// Moves a day of a row by a number of days.
fn move_day(office: &mut Office, table: &str, row: usize, column: usize, by: i64) {
    if let Cell::Day(day) = &mut office.sheet(table).rows[row][column] {
        *day += TimeDelta::days(by);
    }
}

/// Gives one place of the first owner to somebody else.
fn another_owner(office: &mut Office) {
    let at = office.truth.places.iter().position(|place| place.owner == 0).unwrap();
    office.sheet("establishments").rows[at][2] = Cell::Text("Somebody Else".to_owned());
}
