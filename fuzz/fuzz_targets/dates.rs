//! Whatever stands in the dates of an absence, reading gives a case or says why not, the same each time, within the years that a case
//! holds.
//!
//! The first byte says what the policy states of them; the rest is the two cells, parted by a line break.

#![no_main]

use std::collections::BTreeMap;

use foureyes::read::{Level, read_files};
use libfuzzer_sys::fuzz_target;

const SAYS: [&str; 8] = [
    "",
    "midnight = \"next\"\nend = \"exclusive\"\n",
    "midnight = \"nearest\"\n",
    "calendar = \"hijri-umm-al-qura\"\n",
    "calendar = \"japanese\"\n",
    "calendar = \"roc\"\n",
    "dates = \"%d-%b-%y\"\n",
    "language = \"pl\"\ndates = \"%m/%d/%Y\"\ncalendar = \"persian\"\n",
];

fuzz_target!(|data: &[u8]| {
    let Some((which, bytes)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(bytes).replace('"', "'");
    let (from, to) = text.split_once('\n').unwrap_or((&text, &text));
    let policy = format!(
        "[period]\nfrom = 2027-01-04\nto = 2027-01-15\n[files.absences]\n{}",
        SAYS[usize::from(*which) % SAYS.len()]
    );
    let file = |name: &str, text: String| (name.to_owned(), text.into_bytes());
    let files = BTreeMap::from([
        file("policy.toml", policy),
        file("inspectors.csv", "id\nI1\nI2\n".to_owned()),
        file("establishments.csv", "id\nE1\n".to_owned()),
        file("visits.csv", "id,establishment\nV1,E1\n".to_owned()),
        file("absences.csv", format!("inspector,from,to\nI1,\"{from}\",\"{to}\"\n")),
    ]);
    let reading = read_files(&files);
    let failed = reading.problems.iter().any(|problem| problem.level == Level::Error);
    assert_eq!(reading.case.is_none(), failed);
    if let Some(case) = &reading.case {
        assert!(case.absences.iter().all(|absence| absence.from <= absence.to));
    }
    assert_eq!(reading.to_json(), read_files(&files).to_json());
});
