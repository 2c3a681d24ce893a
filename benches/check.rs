//! How long it takes to hold one ticket to the rules: rule by rule, and to all of them.
//! See `benches/README.md`.

#![allow(missing_docs, clippy::panic, reason = "a bench stops where its input is missing")]

mod cases;

use divan::Bencher;
use divan::counter::ItemsCount;
use foureyes::draw::{Root, digest};
use foureyes::model::{Case, Schedule};
use foureyes::rules::{BOOK, Book, Found, Sheet};
use foureyes::urn::{Options, build};

fn main() {
    divan::main();
}

/// A case, its book and a ticket of it.
struct Ticket {
    case: Case,
    book: Book,
    schedule: Schedule,
}

fn ticket(name: &str) -> Ticket {
    let folder = cases::folders().into_iter().find(|folder| cases::name(folder) == name);
    let case = cases::case(&folder.unwrap_or_else(|| panic!("no case {name}")));
    let book = Book::new(&case.settings).unwrap_or_else(|problems| panic!("{problems:?}"));
    let root = Root::from_seed(&digest(b"bench"), "1");
    let schedule = build(&case, &book, &root, &Options { threads: 1 }).schedule;
    Ticket { case, book, schedule }
}

fn all() -> Vec<String> {
    cases::folders().iter().map(|folder| cases::name(folder)).collect()
}

fn each() -> Vec<String> {
    all().iter().flat_map(|case| BOOK.iter().map(move |entry| format!("{case} {}", entry.name))).collect()
}

/// What it takes to prepare the rules for a case, and to hold one schedule to them: what nobody does often.
#[divan::bench(args = all(), max_time = 1)]
fn fresh(bencher: Bencher, name: &str) {
    let Ticket { case, book, schedule } = ticket(name);
    bencher.bench_local(|| assert!(divan::black_box(book.check(&case, &schedule)).is_empty()));
}

/// Laying a ticket out and holding it to every rule, prepared before: what is done for each ticket of an urn.
#[divan::bench(args = all(), max_time = 1)]
fn each_ticket(bencher: Bencher, name: &str) {
    let Ticket { case, book, schedule } = ticket(name);
    let (checker, mut sheet) = (book.checker(&case), Sheet::new(&case));
    bencher.counter(visits(&schedule)).bench_local(|| {
        sheet.clear();
        assert!(sheet.put_all(&schedule) && checker.holds(sheet.read()));
    });
}

/// The same, without the rules.
#[divan::bench(args = all(), max_time = 0.5)]
fn laying_out(bencher: Bencher, name: &str) {
    let Ticket { case, schedule, .. } = ticket(name);
    let mut sheet = Sheet::new(&case);
    bencher.counter(visits(&schedule)).bench_local(|| {
        sheet.clear();
        assert!(sheet.put_all(&schedule));
        divan::black_box(sheet.read());
    });
}

/// One rule, prepared before, on a ticket that is laid out.
#[divan::bench(args = each(), max_time = 0.2)]
fn one_rule(bencher: Bencher, name: &str) {
    let (name, rule) = name.split_once(' ').unwrap_or_default();
    let Ticket { case, book, schedule } = ticket(name);
    let rule = book.rules().find(|(entry, _)| entry.name == rule).and_then(|(_, rule)| rule.checker(&case));
    let mut sheet = Sheet::new(&case);
    assert!(sheet.put_all(&schedule));
    let held = sheet.read();
    bencher.counter(visits(&schedule)).bench_local(|| {
        let mut found = Found::any();
        // A rule that is off, or that nothing in the case could break, takes no time.
        rule.iter().for_each(|check| check.check(held, &mut found));
        assert!(found.is_empty());
    });
}

fn visits(schedule: &Schedule) -> ItemsCount {
    ItemsCount::new(schedule.assignments.len())
}
