//! What it takes to verify a month of a ceremony: one draw a day, each with its record, with the urns and without them.
//!
//! `cargo bench --bench month -- [CASE FOLDER]`; without one, `examples/region`: 20 days, 600 visits, 1,000 tickets a day.

#![allow(
    missing_docs,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench that prints a table"
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use foureyes::bound::stage_bounds;
use foureyes::draw::{Root, pick, urn_seed};
use foureyes::model::{Case, Drawn, DrawnStage, Odds, Schedule, Span};
use foureyes::read::read_case;
use foureyes::record::{BOUNDS, Ceremony, Files, Frozen, bound_lines, freeze, publish_ceremony, stage_of_urn};
use foureyes::rules::Book;
use foureyes::urn::{Nobody, Options, fill_stage};
use foureyes::verify::verify;

fn main() {
    let given = std::env::args().skip(1).find(|word| !word.starts_with("--")).map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/region"));
    let case = read_case(&folder).case.unwrap_or_else(|| panic!("{} has errors", folder.display()));
    let book = Book::new(&case.settings).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut month = time("drawn", || drawn(&case, &book));
    time("verified, with urns", || recount(&month));
    month.iter_mut().for_each(|files| files.retain(|name, _| stage_of_urn(name).is_none()));
    time("verified, without urns", || recount(&month));
}

fn time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    println!("{what:<24} {:>8.2} s", start.elapsed().as_secs_f64());
    done
}

fn recount(month: &[Files]) {
    for files in month {
        let verdict = verify(files);
        assert!(verdict.is_sound(), "{verdict}");
    }
}

/// The records of a draw for each stage of the policy.
fn drawn(case: &Case, book: &Book) -> Vec<Files> {
    let frozen = freeze(case, book);
    let mut before = Schedule::default();
    let stages = (1..).zip(case.urn.stage.spans(&case.period));
    stages
        .map(|stage| {
            let (files, after) = one(case, book, &frozen, stage, &before);
            before = after;
            files
        })
        .collect()
}

fn one(case: &Case, book: &Book, frozen: &Frozen, stage: (usize, Span), before: &Schedule) -> (Files, Schedule) {
    let (number, span) = stage;
    let root = Root::from_seed(&frozen.digest, &urn_seed(number as u64));
    let urn = fill_stage(case, book, &root, &Options::default(), stage, before, &mut Nobody);
    let seed = format!("day {number}");
    let index = pick(&Root::from_seed(&frozen.digest, &seed), number, case.urn.tickets);
    let mut schedule = before.clone();
    schedule.assignments.extend(urn.part(index as usize).assignments);
    let stages = vec![DrawnStage { number, odds: Odds::count(&urn), urn, index }];
    let drawn = Drawn { before: before.clone(), schedule: schedule.clone(), stages };
    let ceremony = Ceremony::new(number as u64, String::new(), span, Vec::new());
    let mut files = publish_ceremony(case, book, frozen, &seed, &drawn, ceremony);
    files.insert(BOUNDS.to_owned(), bound_lines(case, &stage_bounds(case, book, &drawn)));
    (files, schedule)
}
