//! Whatever stands in a workbook that is one XML document, reading gives a case or says why not.
//!
//! The first byte says whether it is flat ODF or an Excel workbook of 2003.

#![no_main]

use std::collections::BTreeMap;

use foureyes::read::{Level, read_files};
use libfuzzer_sys::fuzz_target;

const FLAT: &[u8] = b"<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'>";
const EXCEL: &[u8] = b"<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>";

fuzz_target!(|data: &[u8]| {
    let Some((form, rest)) = data.split_first() else { return };
    let bytes = [if form % 2 == 0 { FLAT } else { EXCEL }, rest].concat();
    let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let files = BTreeMap::from([
        file("policy.toml", b"[period]\nfrom = 2027-01-04\nto = 2027-01-15\n"),
        file("inspectors.csv", b"id\nI1\nI2\n"),
        file("establishments.csv", b"id\nE1\n"),
        file("visits.csv", b"id,establishment\nV1,E1\n"),
        ("history.xml".to_owned(), bytes),
    ]);
    let reading = read_files(&files);
    let failed = reading.problems.iter().any(|problem| problem.level == Level::Error);
    assert_eq!(reading.case.is_none(), failed);
});
