//! What it takes to recount an urn, beside what it took to build it, in microseconds for each visit that a ticket holds:
//! one line a case. What is recounted is all that a verifier does: every ticket's bytes, their order, the root, the counts,
//! and the rules, ticket by ticket.
//!
//! `FOUREYES_BENCH=FOLDER cargo bench --bench recount -- [TICKETS] [PART OF A NAME]`

#![allow(missing_docs, clippy::panic, clippy::print_stdout, reason = "a bench that prints a table")]

mod cases;

use std::borrow::Borrow;
use std::hint::black_box;
use std::time::Instant;

use foureyes::draw::{Root, Stream, digest, in_order};
use foureyes::model::{Case, InspectorId, Odds, Schedule, SlotId, Stage, Urn};
use foureyes::record::merkle_root;
use foureyes::rules::{Book, Checker, Sheet};
use foureyes::urn::{Options, build};

/// Lawful tickets that are built; the others are these again, for the lead's builder of whole urns is not there yet.
const BUILT: usize = 8;

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let tickets: usize = words.next().and_then(|word| word.parse().ok()).unwrap_or(1000);
    let part = words.next().unwrap_or_default();
    let columns = ["bytes", "order", "root", "count", "rules", "all", "random"];
    print!("{:<10} {:>7} {:>10} {:>8}", "case", "tickets", "placed", "build");
    println!("{}", columns.map(|name| format!(" {name:>8}")).concat());
    for folder in cases::folders().into_iter().filter(|folder| cases::name(folder).contains(&part)) {
        let case = cases::case(&folder);
        let book = Book::new(&case.settings).unwrap_or_else(|problems| panic!("{problems:?}"));
        line(&cases::name(&folder), &case, &book, tickets);
    }
}

fn line(name: &str, case: &Case, book: &Book, tickets: usize) {
    let (built, each) = timed(|| lawful(case, book));
    let placed_once: usize = each.iter().map(|ticket| ticket.assignments.len()).sum();
    let urn = in_order(urn(case, book, each.iter().cycle().take(tickets)));
    let random = self::urn(case, book, (0..tickets as u64).map(|seed| at_random(case, book, seed)));
    let placed = Odds::count(&urn).held() as f64;
    let micros = |seconds: f64| seconds * 1e6 / placed;
    let (bytes, _) = timed(|| Urn::new(urn.layout().clone(), urn.bytes().to_vec()));
    let (order, _) = timed(|| urn.tickets().map(digest).collect::<Vec<_>>());
    let (root, _) = timed(|| merkle_root(urn.tickets()));
    let (count, _) = timed(|| Odds::count(&urn));
    let (rules, _) = timed(|| hold(case, book, &urn));
    let (count_random, odds) = timed(|| Odds::count(&random));
    print!("{name:<10} {tickets:>7} {placed:>10} {:>8.3}", built * 1e6 / placed_once as f64);
    let all = bytes + order + root + count + rules;
    let shown = [bytes, order, root, count, rules, all].map(micros);
    print!("{}", shown.map(|micros| format!(" {micros:>8.4}")).concat());
    println!(" {:>8.4}", count_random * 1e6 / odds.held() as f64);
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

fn lawful(case: &Case, book: &Book) -> Vec<Schedule> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let root = |seed: usize| Root::from_seed(&digest(b"bench"), &seed.to_string());
    (0..BUILT).map(|seed| build(case, book, &root(seed), &Options { threads }).schedule).collect()
}

fn urn(case: &Case, book: &Book, tickets: impl Iterator<Item = impl Borrow<Schedule>>) -> Urn {
    let layout = book.layout(case, Stage::Period.spans(&case.period)[0], &Schedule::default());
    let mut bytes = Vec::new();
    tickets.for_each(|ticket| layout.encode(ticket.borrow(), &mut bytes));
    Urn::new(layout, bytes).unwrap_or_else(|flaw| panic!("{flaw}"))
}

/// A ticket that obeys no rule, but looks like one: twenty or so people a visit.
fn at_random(case: &Case, book: &Book, seed: u64) -> Schedule {
    let mut stream = Stream::from_key(digest(&seed.to_le_bytes()));
    let days = case.period.days();
    let mut schedule = Schedule::default();
    for visit in case.visit_ids() {
        let people = case.inspectors.len();
        let first = visit.index() % people;
        let mut pick = || InspectorId::at((first + stream.index(people.min(40))) % people);
        let mut team = std::collections::BTreeSet::new();
        while team.len() < book.team_size(case, visit) {
            team.insert(pick());
        }
        let team = foureyes::model::Team::new(team).unwrap_or_else(|| panic!("a team of nobody"));
        let (date, slot) = (days[stream.index(days.len())], SlotId::at(stream.index(case.period.slots.len())));
        schedule.assignments.insert(visit, foureyes::model::Assignment { date, slot, team });
    }
    schedule
}

/// Holds every ticket to every rule, on all cores.
fn hold(case: &Case, book: &Book, urn: &Urn) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let checker = book.checker(case);
    let share = urn.len().div_ceil(cores);
    std::thread::scope(|scope| {
        for core in 0..cores {
            let checker = &checker;
            scope.spawn(move || hold_some(case, checker, urn, core * share..((core + 1) * share).min(urn.len())));
        }
    });
}

fn hold_some(case: &Case, checker: &Checker, urn: &Urn, numbers: std::ops::Range<usize>) {
    let mut sheet = Sheet::new(case);
    for number in numbers {
        sheet.clear();
        urn.layout().for_each(urn.bytes_of(number), |held| {
            assert!(sheet.put(held.visit, held.date, held.slot, held.team), "a visit is held once");
        });
        assert!(checker.holds(sheet.read()), "a rule is broken");
    }
}
