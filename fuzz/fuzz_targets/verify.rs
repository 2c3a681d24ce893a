//! Whatever the files of a record are, the verifier gives a verdict, the same one each time.
//!
//! The input is a text of changes to the hand-made record of `tests/tampered/base`: each line, a byte that
//! says which file, two that say where, and what is put there instead of as many bytes. So the fuzzer
//! begins next to a sound record rather than far away from any.

#![no_main]

use foureyes::record::{self, Files};
use foureyes::verify::verify;
use libfuzzer_sys::fuzz_target;

const BASE: [(&str, &[u8]); 11] = [
    ("inputs/absences.jsonl", include_bytes!("../../tests/tampered/base/inputs/absences.jsonl")),
    ("inputs/conflicts.jsonl", include_bytes!("../../tests/tampered/base/inputs/conflicts.jsonl")),
    ("inputs/establishments.jsonl", include_bytes!("../../tests/tampered/base/inputs/establishments.jsonl")),
    ("inputs/history.jsonl", include_bytes!("../../tests/tampered/base/inputs/history.jsonl")),
    ("inputs/inspectors.jsonl", include_bytes!("../../tests/tampered/base/inputs/inspectors.jsonl")),
    ("inputs/policy.jsonl", include_bytes!("../../tests/tampered/base/inputs/policy.jsonl")),
    ("inputs/visits.jsonl", include_bytes!("../../tests/tampered/base/inputs/visits.jsonl")),
    ("inputs/waivers.jsonl", include_bytes!("../../tests/tampered/base/inputs/waivers.jsonl")),
    ("record.json", include_bytes!("../../tests/tampered/base/record.json")),
    ("schedule.csv", include_bytes!("../../tests/tampered/base/schedule.csv")),
    ("schedule.jsonl", include_bytes!("../../tests/tampered/base/schedule.jsonl")),
];

fuzz_target!(|data: &[u8]| {
    let mut files: Files = BASE.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    for change in data.split(|byte| *byte == b'\n') {
        apply(&mut files, change);
    }
    let verdict = verify(&files);
    assert_eq!(verdict, verify(&files));
    assert!(!verdict.is_sound() || verdict.findings.is_empty());
    assert!(!verdict.to_string().is_empty() && !verdict.json().is_empty());
    if let Ok((case, book)) = record::thaw(&files) {
        assert!(record::freeze(&case, &book).files.iter().all(|(name, bytes)| files.get(name) == Some(bytes)));
    }
});

/// A byte for the file, two for the place in it, one for how many bytes go; the rest comes in their place.
/// An escaped `\n` is a line feed.
fn apply(files: &mut Files, change: &[u8]) {
    let [file, high, low, gone, new @ ..] = change else { return };
    let (name, _) = BASE[usize::from(*file) % BASE.len()];
    let Some(bytes) = files.get_mut(name) else { return };
    let at = (usize::from(*high) << 8 | usize::from(*low)) % (bytes.len() + 1);
    let end = (at + usize::from(*gone)).min(bytes.len());
    let new = String::from_utf8_lossy(new).replace("\\n", "\n");
    bytes.splice(at..end, new.into_bytes());
}
