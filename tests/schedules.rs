//! The cases that ship and their published draws: each is drawn again from its seed, byte for byte, and verified.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

use std::path::{Path, PathBuf};

use foureyes::bound::stage_bounds;
use foureyes::draw::Root;
use foureyes::model::Case;
use foureyes::record::{self, Files};
use foureyes::rules::Book;
use foureyes::urn::{Nobody, Options, draw_stages};
use foureyes::verify::{verify, verify_ceremony};

/// The folders below `folder` that hold `file`, in order.
fn folders(folder: &str, file: &str) -> Vec<PathBuf> {
    let below = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found: Vec<PathBuf> = std::fs::read_dir(below).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.join(file).is_file());
    found.sort();
    found
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

fn case(folder: &Path) -> Case {
    let reading = foureyes::read::read_case(folder);
    let problems: Vec<_> = reading.problems.iter().map(ToString::to_string).collect();
    reading.case.unwrap_or_else(|| panic!("{}: {}", folder.display(), problems.join("\n")))
}

/// What is published of the case today, or was where the draw did not name who heads a team, or had reserves of whole days alone.
fn published(case: &Case, seed: &str, heads: bool, levels: bool) -> Files {
    let book = Book::new(&case.settings).map_err(|problems| format!("{problems:?}")).unwrap();
    let frozen = record::freeze(case, &book);
    let root = Root::from_seed(&frozen.digest, seed);
    let drawn = draw_stages(case, &book, &root, &Options { threads: 8 }, &mut Nobody);
    let mut files = record::publish(case, &book, &frozen, seed, &drawn);
    if !heads {
        record::with_heads_by_id(&mut files, case, &drawn.schedule);
    }
    if !levels {
        record::with_reserves_of_days(&mut files, case);
    }
    files.insert(record::BOUNDS.to_owned(), record::bound_lines(case, &stage_bounds(case, &book, &drawn)));
    files
}

#[test]
fn every_case_that_ships_has_a_published_draw() {
    let cases: Vec<_> = folders("examples", "visits.csv").iter().map(|folder| name(folder)).collect();
    let drawn: Vec<_> = folders("schedules", "record.json").iter().map(|folder| name(folder)).collect();
    assert!(!cases.is_empty());
    assert_eq!(cases, drawn);
}

#[test]
fn every_published_draw_is_sound() {
    for folder in folders("schedules", "record.json") {
        let verdict = verify(&record::load(&folder).unwrap());
        assert!(verdict.is_sound(), "{}: {verdict}", folder.display());
    }
}

#[test]
fn every_published_ceremony_is_sound() {
    let ceremonies = folders("schedules", "ledger.jsonl");
    assert!(!ceremonies.is_empty());
    for folder in ceremonies {
        let verdict = verify_ceremony(&record::load_ceremony(&folder).unwrap());
        assert!(verdict.is_sound(), "{}: {verdict}", folder.display());
    }
}

/// Whether the urns are filled quickly enough for a test in a debug build. The README's commands plan and replay harbour, and `.ci/run` replays every
/// case in release, on one thread and on eight.
fn is_small(case: &Case) -> bool {
    case.visits.len() <= 50
}

#[test]
fn every_published_draw_comes_from_its_seed_byte_for_byte() {
    for folder in folders("examples", "visits.csv").into_iter().filter(|folder| is_small(&case(folder))) {
        let drawn = folder.parent().unwrap().with_file_name("schedules").join(name(&folder));
        let files = record::load(&drawn).unwrap();
        let record = record::read_record(&files).0.unwrap();
        let mut again = published(&case(&folder), &record.seed, record.heads.is_some(), record.levels.is_some());
        // The urns are too large to be kept beside the program; the roots of their tickets are in what is kept.
        again.retain(|file, _| record::stage_of_urn(file).is_none());
        let differing: Vec<_> = again.keys().filter(|file| again.get(*file) != files.get(*file)).collect();
        assert!(differing.is_empty() && again.len() == files.len(), "{}: {differing:?}", name(&folder));
    }
}

#[test]
fn freezing_and_thawing_a_case_that_ships_loses_nothing() {
    for folder in folders("examples", "visits.csv") {
        let case = case(&folder);
        let book = Book::new(&case.settings).map_err(|problems| format!("{problems:?}")).unwrap();
        let frozen = record::freeze(&case, &book);
        let Ok((thawed, again)) = record::thaw(&frozen.files) else {
            panic!("{}: {:#?}", name(&folder), record::thaw_what_can_be(&frozen.files).flaws);
        };
        assert_eq!(record::freeze(&thawed, &again), frozen);
        assert_eq!(Case { settings: case.settings.clone(), ..thawed }, case);
    }
}
