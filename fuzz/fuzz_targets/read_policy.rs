//! Whatever stands in `policy.toml`, reading gives a case or says why not.

#![no_main]

use std::collections::BTreeMap;

use foureyes::read::{Level, read_files};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let files = BTreeMap::from([
        file("policy.toml", data),
        file("inspectors.csv", b"id,name\nI1,Ana\nI2,Ben\n"),
        file("establishments.csv", b"id\nE1\n"),
        file("visits.csv", b"id,establishment,earliest,slot,duration\nV1,E1,05/01/2027,am,1\n"),
    ]);
    let reading = read_files(&files);
    let failed = reading.problems.iter().any(|problem| problem.level == Level::Error);
    assert_eq!(reading.case.is_none(), failed);
});
