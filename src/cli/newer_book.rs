//! What was published stays as it is when the rule book grows: held against the book of the unit tests, which has a rule more
//! (`src/rules/newcomer.rs`).

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::path::{Path, PathBuf};

use crate::model::{Case, Setting, Settings};
use crate::read::read_case;
use crate::record::{POLICY, digest_of_inputs, freeze, load, load_ceremony, thaw};
use crate::rules::{Book, EDITION};
use crate::verify::{verify, verify_ceremony};

const NEWCOMER: &str = "newcomer";

fn folders(of: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(of)).unwrap();
    let mut folders: Vec<_> = all.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn harbour() -> Case {
    read_case(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/harbour")).case.unwrap()
}

fn with(rule: &str, parameter: &str, value: Setting) -> Settings {
    let mut settings = harbour().settings;
    settings.entry(rule.to_owned()).or_default().insert(parameter.to_owned(), value);
    settings
}

#[test]
fn every_shipped_record_is_sound_and_reads_the_same() {
    assert_eq!(EDITION, 1_001, "the book of the unit tests has a rule more");
    for folder in folders("schedules") {
        if folder.join("ledger.jsonl").exists() {
            let verdict = verify_ceremony(&load_ceremony(&folder).unwrap());
            assert!(verdict.is_sound(), "{}: {verdict}", folder.display());
            continue;
        }
        let files = load(&folder).unwrap();
        let (case, book) = thaw(&files).unwrap_or_else(|flaws| panic!("{}: {flaws:?}", folder.display()));
        assert!(book.rules().all(|(entry, _)| entry.name != NEWCOMER), "what a policy does not name is off in it");
        assert_eq!(freeze(&case, &book).digest, digest_of_inputs(&files), "{}", folder.display());
        // The rules of a long record are judged by `tests/schedules.rs`.
        if case.visits.len() <= 100 {
            assert!(verify(&files).is_sound(), "{}: {}", folder.display(), verify(&files));
        }
    }
}

#[test]
fn a_rule_that_is_off_changes_no_byte_of_what_is_frozen() {
    let case = harbour();
    let unknown = freeze(&case, &Book::new(&case.settings).unwrap());
    let off = freeze(&case, &Book::new(&with(NEWCOMER, "enabled", Setting::Switch(false))).unwrap());
    assert_eq!(unknown, off);
    let policy = String::from_utf8(unknown.files[POLICY].clone()).unwrap();
    assert!(policy.contains("\"edition\":2,") && !policy.contains(NEWCOMER), "{policy}");
}

#[test]
fn a_policy_states_the_least_edition_that_knows_what_it_names() {
    let on = with(NEWCOMER, "enabled", Setting::Switch(true));
    assert_eq!(Book::new(&on).unwrap().edition(), 1_000, "its parameter says what the rule did before");
    let mut later = on.clone();
    later.get_mut(NEWCOMER).unwrap().insert("letters".to_owned(), Setting::Number(2));
    let book = Book::new(&later).unwrap();
    assert_eq!(book.edition(), 1_001);
    let (_, read) = thaw(&freeze(&harbour(), &book).files).unwrap();
    assert_eq!(read.written(), book.written());
}

#[test]
fn a_policy_names_nothing_that_its_edition_did_not_know() {
    let mut written = Book::new(&with(NEWCOMER, "enabled", Setting::Switch(true))).unwrap().written();
    let says = |edition, written: &Settings| {
        let gaps = Book::frozen(edition, written).unwrap().gaps;
        gaps.into_iter().map(|gap| gap.says).collect::<Vec<_>>()
    };
    assert!(says(1_000, &written).is_empty());
    let too_old =
        "parameter `enabled` of rule `newcomer` came with edition 1000 of the rule book; the policy is of edition 2";
    assert_eq!(says(2, &written), [too_old]);
    let too_new = "the policy is of edition 1001 of the rule book, and names nothing that came after edition 1000";
    assert_eq!(says(1_001, &written), [too_new]);
    written.get_mut(NEWCOMER).unwrap().insert("letters".to_owned(), Setting::Number(1));
    let as_before =
        "parameter `letters` of rule `newcomer` says what the rule did before it came, and is then not written down";
    assert_eq!(says(1_001, &written)[0], as_before);
}
