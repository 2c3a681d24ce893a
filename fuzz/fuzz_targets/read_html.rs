//! Whatever an HTML page holds, reading gives a case or says why not.

#![no_main]

use std::collections::BTreeMap;

use foureyes::read::{Level, read_files};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let bytes = [b"<table>", data].concat();
    let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let files = BTreeMap::from([
        file("policy.toml", b"[period]\nfrom = 2027-01-04\nto = 2027-01-15\n"),
        file("inspectors.csv", b"id\nI1\nI2\n"),
        file("establishments.csv", b"id\nE1\n"),
        file("visits.csv", b"id,establishment\nV1,E1\n"),
        ("history.xls".to_owned(), bytes),
    ]);
    let reading = read_files(&files);
    let failed = reading.problems.iter().any(|problem| problem.level == Level::Error);
    assert_eq!(reading.case.is_none(), failed);
});
