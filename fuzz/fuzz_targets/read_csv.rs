//! Whatever bytes a table has, reading gives a case or says why not, the same each time.
//!
//! The first byte says which table of a small sound case the rest of the input replaces.

#![no_main]

use std::collections::BTreeMap;

use foureyes::read::{Level, read_files};
use libfuzzer_sys::fuzz_target;

const SMALL: [(&str, &str); 8] = [
    ("inspectors.csv", "id,name,unit,supervisor\nI1,Ana,A,\nI2,Ben,B,I1\n"),
    ("establishments.csv", "id,owner,district\nE1,Acme,North\nE2,Bolt,South\n"),
    ("visits.csv", "id,establishment,kind,slot\nV1,E1,raid,am\nV2,E2,,\n"),
    ("conflicts.csv", "inspector,target_kind,target,category,to\nI1,owner,Acme,gift,2026-12-31\n"),
    ("absences.csv", "inspector,from,to\nI1,2027-01-04,2027-01-04\n"),
    ("history.csv", "date,establishment,inspectors,visit\n2026-11-30,E1,I1|I2,H1\n2026-12-01,OLD,I9,H2\n"),
    ("waivers.csv", "rule,visit,inspector,reason,approver,date\nlead,V1,I1,why,Roe,2027-01-02\n"),
    ("policy.toml", "[period]\nfrom = 2027-01-04\nto = 2027-01-15\nslots = [\"am\", \"pm\"]\n"),
];

fuzz_target!(|data: &[u8]| {
    let Some((which, bytes)) = data.split_first() else { return };
    let file = |(name, text): &(&str, &str)| ((*name).to_owned(), text.as_bytes().to_vec());
    let mut files: BTreeMap<String, Vec<u8>> = SMALL.iter().map(file).collect();
    let (name, _) = SMALL[usize::from(*which) % 7];
    files.insert(name.to_owned(), bytes.to_vec());
    let reading = read_files(&files);
    let failed = reading.problems.iter().any(|problem| problem.level == Level::Error);
    assert_eq!(reading.case.is_none(), failed);
    assert_eq!(reading.to_json(), read_files(&files).to_json());
    assert!(reading.problems.iter().all(|problem| !problem.to_string().is_empty()));
});
