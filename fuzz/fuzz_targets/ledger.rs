//! Whatever the ledger of a ceremony and its checkpoints are, the verifier gives a verdict, the same one each time, and what can be
//! read of the ledger has one spelling.
//!
//! The input is a text of changes to the sound ledger of `tests/vectors/ledger`: each line, a byte that says which file, two
//! that say where, one how many bytes go, and what comes in their place. An escaped `\n` is a line feed.

#![no_main]

use std::sync::LazyLock;

use foureyes::record::Files;
use foureyes::record::ledger::{LEDGER, read_ledger};
use foureyes::verify::verify_ceremony;
use foureyes_fuzz::{files_in, splice_one};
use libfuzzer_sys::fuzz_target;

static BASE: LazyLock<Files> = LazyLock::new(|| files_in("tests/vectors/ledger"));

fuzz_target!(|data: &[u8]| {
    let mut files = BASE.clone();
    data.split(|byte| *byte == b'\n').for_each(|change| splice_one(&mut files, change));
    let verdict = verify_ceremony(&files);
    assert_eq!(verdict, verify_ceremony(&files));
    assert!(!verdict.is_sound() || verdict.findings.is_empty());
    assert!(!verdict.to_string().is_empty() && !verdict.json().is_empty());
    let (entries, flaws) = read_ledger(&files[LEDGER]);
    let bytes: Vec<u8> = entries.iter().flat_map(|entry| entry.bytes.clone()).collect();
    assert!(!flaws.is_empty() || bytes == files[LEDGER]);
});
