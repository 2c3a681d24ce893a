//! Every case that ships goes through reading, freezing, building and publishing, and verifies.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

use std::path::Path;

use foureyes::draw::Root;
use foureyes::model::Case;
use foureyes::record;
use foureyes::rules::Book;
use foureyes::urn::{Options, build};
use foureyes::verify::verify;

fn case(name: &str) -> Case {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let reading = foureyes::read::read_case(&folder);
    let problems: Vec<_> = reading.problems.iter().map(ToString::to_string).collect();
    reading.case.unwrap_or_else(|| panic!("{name}: {}", problems.join("\n")))
}

fn is_sound_from_end_to_end(name: &str) {
    let case = case(name);
    let book = Book::new(&case.settings).map_err(|problems| format!("{problems:?}")).unwrap();
    let frozen = record::freeze(&case, &book);
    let Ok((thawed, again)) = record::thaw(&frozen.files) else {
        panic!("{name}: {:#?}", record::thaw_what_can_be(&frozen.files).flaws);
    };
    assert_eq!(record::freeze(&thawed, &again), frozen);
    assert_eq!(Case { settings: case.settings.clone(), ..thawed }, case);

    let built = build(&case, &book, &Root::from_seed(&frozen.digest, "0"), &Options { threads: 1 });
    let verdict = verify(&record::publish(&case, &book, &frozen, "0", &built.schedule));
    assert!(verdict.is_sound(), "{name}: {verdict}");
}

#[test]
fn the_harbour_district_is_sound_from_end_to_end() {
    is_sound_from_end_to_end("harbour");
}

#[test]
fn the_vice_squad_is_sound_from_end_to_end() {
    is_sound_from_end_to_end("vice-squad");
}
