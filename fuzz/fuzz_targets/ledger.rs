//! Whatever the ledger of a ceremony and its checkpoints are, the verifier gives a verdict, the same one each time, and what can be
//! read of the ledger has one spelling.
//!
//! The input is a text of changes to the sound ledger of `tests/vectors/ledger`: each line, a byte that says which file, two
//! that say where, one how many bytes go, and what comes in their place. An escaped `\n` is a line feed.

#![no_main]

use foureyes::record::Files;
use foureyes::record::ledger::{LEDGER, read_ledger};
use foureyes::verify::verify_ceremony;
use libfuzzer_sys::fuzz_target;

const BASE: [(&str, &[u8]); 2] = [
    ("checkpoints/000003.note", include_bytes!("../../tests/vectors/ledger/checkpoints/000003.note")),
    (LEDGER, include_bytes!("../../tests/vectors/ledger/ledger.jsonl")),
];

fuzz_target!(|data: &[u8]| {
    let mut files: Files = BASE.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    for change in data.split(|byte| *byte == b'\n') {
        apply(&mut files, change);
    }
    let verdict = verify_ceremony(&files);
    assert_eq!(verdict, verify_ceremony(&files));
    assert!(!verdict.is_sound() || verdict.findings.is_empty());
    assert!(!verdict.to_string().is_empty() && !verdict.json().is_empty());
    let (entries, flaws) = read_ledger(&files[LEDGER]);
    let bytes: Vec<u8> = entries.iter().flat_map(|entry| entry.bytes.clone()).collect();
    assert!(!flaws.is_empty() || bytes == files[LEDGER]);
});

fn apply(files: &mut Files, change: &[u8]) {
    let [file, high, low, gone, new @ ..] = change else { return };
    let (name, _) = BASE[usize::from(*file) % BASE.len()];
    let Some(bytes) = files.get_mut(name) else { return };
    let at = (usize::from(*high) << 8 | usize::from(*low)) % (bytes.len() + 1);
    let end = (at + usize::from(*gone)).min(bytes.len());
    let new = String::from_utf8_lossy(new).replace("\\n", "\n");
    bytes.splice(at..end, new.into_bytes());
}
