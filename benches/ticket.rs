//! How long the first ticket takes, from a case in memory to a schedule, on one thread; and what the
//! parts of it take. See `benches/README.md`.

#![allow(missing_docs, clippy::panic, reason = "a bench stops where its input is missing")]

mod cases;

use std::path::{Path, PathBuf};

use divan::Bencher;
use foureyes::draw::{Root, digest};
use foureyes::rules::Book;
use foureyes::urn::{Options, Ways, build};

fn main() {
    divan::main();
}

/// A folder that prints as its name.
struct Named(PathBuf);

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&cases::name(&self.0))
    }
}

fn all() -> Vec<Named> {
    cases::folders().into_iter().map(Named).collect()
}

fn on(bencher: Bencher, folder: &Path, mut work: impl FnMut(&foureyes::model::Case, &Book)) {
    let case = cases::case(folder);
    let book = Book::new(&case.settings).unwrap_or_else(|problems| panic!("{problems:?}"));
    bencher.bench_local(|| work(&case, &book));
}

#[divan::bench(args = all(), max_time = 10)]
fn first_ticket(bencher: Bencher, folder: &Named) {
    let root = Root::from_seed(&digest(b"bench"), "1");
    on(bencher, &folder.0, |case, book| {
        divan::black_box(build(case, book, &root, &Options { threads: 1 }));
    });
}

#[divan::bench(args = all(), max_time = 2)]
fn ways(bencher: Bencher, folder: &Named) {
    on(bencher, &folder.0, |case, book| {
        divan::black_box(Ways::new(case, book));
    });
}

#[divan::bench(args = all(), max_time = 2)]
fn check_every_rule(bencher: Bencher, folder: &Named) {
    let root = Root::from_seed(&digest(b"bench"), "1");
    let mut schedule = None;
    on(bencher, &folder.0, |case, book| {
        let schedule = schedule.get_or_insert_with(|| build(case, book, &root, &Options { threads: 1 }).schedule);
        assert!(divan::black_box(book.check(case, schedule)).is_empty());
    });
}
