//! What holds of every ticket: every rule, the same bytes, and as much coverage as there can be.

mod towns;

use foureyes::draw::{Root, digest};
use foureyes::model::{Case, Schedule};
use foureyes::rules::Book;
use foureyes::urn::{Built, Options, build};
use towns::{Size, town};

fn built(case: &Case, seed: &str, threads: usize) -> (Book, Built) {
    let book = Book::new(&case.settings).unwrap();
    let root = Root::from_seed(&digest(b"town"), seed);
    let built = build(case, &book, &root, &Options { threads });
    (book, built)
}

#[test]
fn every_ticket_obeys_every_rule() {
    for number in 0..60 {
        let case = town(number, Size { inspectors: 6 + number as usize % 12, visits: 12, days: 9 });
        let (book, built) = built(&case, "1", 1);
        assert_eq!(book.check(&case, &built.schedule), [], "{}", case.name);
    }
}

#[test]
fn threads_and_repetition_change_nothing() {
    for number in 0..20 {
        let case = town(number, Size { inspectors: 8, visits: 24, days: 7 });
        let one = built(&case, "1", 1).1;
        for threads in [1, 2, 8] {
            assert_eq!(built(&case, "1", threads).1, one, "{}, {threads} threads", case.name);
        }
    }
}

#[test]
fn every_seed_is_a_seed_of_its_own() {
    let case = town(3, Size { inspectors: 20, visits: 20, days: 10 });
    let schedules = ["", "0", "1", " "].map(|seed| built(&case, seed, 1).1.schedule);
    for (at, one) in schedules.iter().enumerate() {
        assert!(schedules[at + 1..].iter().all(|other| other != one));
    }
}

#[test]
fn an_empty_case_has_an_empty_ticket() {
    for (inspectors, visits) in [(0, 0), (3, 0), (0, 3), (1, 3)] {
        let mut case = town(1, Size { inspectors: 5, visits: 5, days: 5 });
        case.inspectors.truncate(inspectors);
        case.visits.truncate(visits);
        (case.history, case.conflicts, case.absences) = (Vec::new(), Vec::new(), Vec::new());
        assert_eq!(built(&case, "1", 1).1.schedule, Schedule::default());
    }
}
