//! Whatever an office exports, importing makes tables of it that can be read, or says why not, the same each time; and importing them
//! again changes nothing.
//!
//! The first byte says which table of a small sound case the rest of the input is to become, and whether that case is there already.

#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use foureyes::read::import::{Import, Request, import, tables};
use foureyes::read::{Level, Options, read_case_with};
use libfuzzer_sys::fuzz_target;

const SMALL: [(&str, &str); 7] = [
    ("inspectors.csv", "id,name,unit\nI1,Ana,A\nI2,Ben,B\n"),
    ("establishments.csv", "id,name,owner,district\nE1,Mill,Acme,North\nE2,Quay,Bolt,South\n"),
    ("visits.csv", "id,establishment,kind,slot\nV1,E1,raid,am\nV2,E2,,\n"),
    ("conflicts.csv", "inspector,target_kind,target,category\nI1,owner,Acme,kin\n"),
    ("absences.csv", "inspector,from,to\nI1,2027-01-04,2027-01-04\n"),
    ("history.csv", "date,establishment,inspectors\n2026-11-30,E1,I1|I2\n"),
    ("policy.toml", POLICY),
];
const POLICY: &str = "[period]\nfrom = 2027-01-04\nto = 2027-01-15\nslots = [\"am\", \"pm\"]\n";

static SCRATCH: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("foureyes-fuzz-import-{}", std::process::id())));

/// The folder of a case with these files and no others.
fn laid_out(files: &[(&str, &str)]) -> PathBuf {
    let case = SCRATCH.join("case");
    let _ = fs::remove_dir_all(&case);
    fs::create_dir_all(&case).expect("there is room for a small case");
    files.iter().for_each(|(name, text)| fs::write(case.join(name), text).expect("there is room for a small case"));
    case
}

fn written(case: &Path, import: &Import) {
    import.replaced.iter().for_each(|name| fs::remove_file(case.join(name)).expect("it was there"));
    import.files.iter().for_each(|(name, bytes)| fs::write(case.join(name), bytes).expect("there is room"));
}

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let (which, new) = (usize::from(*first) % 6, *first >= 128);
    let Some(table) = tables().nth(which) else { return };
    let case = laid_out(if new { &[] } else { &SMALL });
    let export = SCRATCH.join("export.csv");
    fs::write(&export, bytes).expect("there is room for an export");
    let request =
        Request { sources: vec![(table, export)], accept: true, template: POLICY.to_owned(), ..Request::default() };
    let done = import(&case, &request);
    assert_eq!(format!("{done:?}"), format!("{:?}", import(&case, &request)));
    if !done.is_sound() {
        assert!(!done.questions.is_empty() || done.problems.iter().any(|one| one.level == Level::Error));
        return;
    }
    written(&case, &done);
    let reading = read_case_with(&case, &Options { visits_needed: false, ..Options::default() });
    let wrong: Vec<String> = reading
        .problems
        .iter()
        .filter(|one| one.level == Level::Error && one.why != "the file is missing")
        .map(ToString::to_string)
        .collect();
    assert!(wrong.is_empty(), "what was imported can't be read: {wrong:?}");
    let again = import(&case, &Request { accept: false, ..request });
    assert!(again.is_sound() && again.files.is_empty(), "importing again changes something: {again:?}");
});
