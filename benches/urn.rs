//! What an urn takes to fill and to recount, how its odds stand beside their bounds, and how much quicker recounting is: one line a
//! case. What is recounted is all that a verifier does: every ticket's bytes, their order, the root, the counts,
//! and the rules, ticket by ticket. Where the policy says stages of a day, all of them are drawn, and counted together.
//!
//! `FOUREYES_BENCH=FOLDER cargo bench --bench urn -- [TICKETS] [PART OF A NAME] [day|week|period]`

#![allow(missing_docs, clippy::panic, clippy::print_stdout, reason = "a bench that prints a table")]

mod cases;

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::Instant;

use foureyes::bound::stage_bounds;
use foureyes::draw::{Root, digest};
use foureyes::model::{Case, Drawn, Odds, Stage, StageBounds, Urn};
use foureyes::record::merkle_root;
use foureyes::rules::{Book, Checker, Sheet};
use foureyes::urn::{Nobody, Options, draw_stages};

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let tickets: u32 = words.next().and_then(|word| word.parse().ok()).unwrap_or(1000);
    let part = words.next().unwrap_or_default();
    let stage = words.next();
    let columns = ["fill s", "recount s", "times", "staffed", "distinct", "worst", "bound", "squares %"];
    print!("{:<10} {:>6} {:>7}", "case", "stages", "tickets");
    println!("{}", columns.map(|name| format!(" {name:>9}")).concat());
    for folder in cases::folders().into_iter().filter(|folder| cases::name(folder).contains(&part)) {
        let mut case = cases::case(&folder);
        case.urn.tickets = tickets;
        case.urn.stage = match stage.as_deref() {
            Some("day") => Stage::Day,
            Some("week") => Stage::Week,
            _ => Stage::Period,
        };
        let book = Book::new(&case.settings).unwrap_or_else(|problems| panic!("{problems:?}"));
        line(&cases::name(&folder), &case, &book);
    }
}

fn line(name: &str, case: &Case, book: &Book) {
    let root = Root::from_seed(&digest(b"bench"), "urn");
    let (fill, drawn) = timed(|| draw_stages(case, book, &root, &Options::default(), &mut Nobody));
    let (again, ()) = timed(|| recount(case, book, &drawn));
    let bounds = stage_bounds(case, book, &drawn);
    let (worst, bound) = worst(&drawn, &bounds);
    let squares: u64 = drawn.stages.iter().map(|stage| stage.odds.squares()).sum();
    let least: u64 = bounds.iter().map(|bounds| bounds.squares.at_least).sum();
    let above = 100.0 * (squares as f64 / least.max(1) as f64 - 1.0);
    let distinct: usize = drawn.stages.iter().map(|stage| distinct(&stage.urn)).sum();
    print!("{name:<10} {:>6} {:>7}", drawn.stages.len(), case.urn.tickets);
    print!(" {fill:>9.2} {again:>9.3} {:>9.0} {:>9} {distinct:>9}", fill / again, drawn.schedule.assignments.len());
    println!(" {worst:>9} {bound:>9} {above:>9.2}");
}

/// The stage whose worst odds lie furthest above their bound: those, and the bound.
fn worst(drawn: &Drawn, bounds: &[StageBounds]) -> (u32, u32) {
    let worst = |odds: &Odds| odds.worst().map_or(0, |worst| worst.n);
    let each = drawn.stages.iter().zip(bounds).map(|(stage, bounds)| (worst(&stage.odds), bounds.worst.at_least));
    each.max_by_key(|(worst, bound)| worst.saturating_sub(*bound)).unwrap_or((0, 0))
}

fn distinct(urn: &Urn) -> usize {
    urn.tickets().collect::<BTreeSet<_>>().len()
}

/// What `work` takes in seconds: the least of a few runs, if it is short.
fn timed<T>(mut work: impl FnMut() -> T) -> (f64, T) {
    let (mut least, mut spent) = (f64::INFINITY, 0.0);
    loop {
        let begun = Instant::now();
        let done = black_box(work());
        let seconds = begun.elapsed().as_secs_f64();
        (least, spent) = (least.min(seconds), spent + seconds);
        if spent > 1.0 {
            return (least, done);
        }
    }
}

/// All that a verifier does with the urns.
fn recount(case: &Case, book: &Book, drawn: &Drawn) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let checker = book.checker(case);
    let mut before = foureyes::model::Schedule::default();
    for stage in &drawn.stages {
        let urn = Urn::new(stage.urn.layout().clone(), stage.urn.bytes().to_vec());
        let urn = urn.unwrap_or_else(|flaw| panic!("{flaw}"));
        assert!(urn.tickets().map(digest).is_sorted(), "tickets stand in order of their digests");
        black_box(merkle_root(urn.tickets()));
        assert_eq!(Odds::count_on(&urn, cores), stage.odds, "odds are as counted");
        hold(case, &checker, &urn, &before, cores);
        before.assignments.extend(urn.part(stage.index as usize).assignments);
    }
}

/// Holds every ticket to every rule, with what was drawn before, on all cores.
fn hold(case: &Case, checker: &Checker, urn: &Urn, before: &foureyes::model::Schedule, cores: usize) {
    let share = urn.len().div_ceil(cores);
    std::thread::scope(|scope| {
        for core in 0..cores {
            let numbers = core * share..((core + 1) * share).min(urn.len());
            scope.spawn(move || {
                let mut sheet = Sheet::new(case);
                for number in numbers {
                    sheet.clear();
                    assert!(sheet.put_all(before), "what was drawn lies in the period");
                    urn.layout().for_each(urn.bytes_of(number), |held| {
                        assert!(sheet.put(held.visit, held.date, held.slot, held.team), "a visit is held once");
                    });
                    assert!(checker.holds(sheet.read()), "a rule is broken");
                }
            });
        }
    });
}
