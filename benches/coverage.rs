//! How much of each case one ticket staffs, beside how long it took: one line a case and seed.
//!
//! `FOUREYES_BENCH=FOLDER cargo bench --bench coverage -- [SEEDS] [PART OF A NAME]`

#![allow(missing_docs, clippy::panic, clippy::print_stdout, reason = "a bench that prints a table")]

mod cases;

use std::time::Instant;

use foureyes::draw::{Root, digest};
use foureyes::rules::Book;
use foureyes::urn::{Options, build};

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let seeds: u32 = words.next().and_then(|word| word.parse().ok()).unwrap_or(3);
    let part = words.next().unwrap_or_default();
    println!("{:<14} {:>6} {:>7} {:>8} {:>9} {:>10}", "case", "seed", "visits", "staffed", "ms", "steps");
    for folder in cases::folders().into_iter().filter(|folder| cases::name(folder).contains(&part)) {
        let case = cases::case(&folder);
        let book = Book::new(&case.settings).unwrap_or_else(|problems| panic!("{problems:?}"));
        for seed in 1..=seeds {
            let root = Root::from_seed(&digest(b"bench"), &seed.to_string());
            let begun = Instant::now();
            let built = build(&case, &book, &root, &Options { threads: 1 });
            let ms = begun.elapsed().as_secs_f64() * 1000.0;
            let staffed = built.schedule.assignments.len();
            assert!(book.check(&case, &built.schedule).is_empty(), "a rule is broken");
            let (name, visits) = (cases::name(&folder), case.visits.len());
            println!("{name:<14} {seed:>6} {visits:>7} {staffed:>8} {ms:>9.1} {:>10}", built.steps);
        }
    }
}
