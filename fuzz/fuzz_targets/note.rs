//! Whatever a note has, it is written again as the same bytes, and no known key is said to have signed what it did not.
//!
//! The input is read as a note, as a key and as the text of a checkpoint; then it is put over a real checkpoint from a place on.

#![no_main]

use foureyes::record::note::{Checkpoint, Note, VerifierKey};
use libfuzzer_sys::fuzz_target;

const FILE: &[u8] = include_bytes!("../../tests/vectors/arche2025h1.note");
const KEYS: [&str; 2] = [
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
];

fuzz_target!(|data: &[u8]| {
    note(data);
    if let [high, low, gone, over @ ..] = data {
        let at = (usize::from(*high) << 8 | usize::from(*low)) % FILE.len();
        let end = (at + usize::from(*gone)).min(FILE.len());
        note(&[&FILE[..at], over, &FILE[end..]].concat());
    }
    let text = String::from_utf8_lossy(data);
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(checkpoint) = Checkpoint::parse(&text) {
        assert_eq!(checkpoint.to_string(), text);
    }
});

fn note(bytes: &[u8]) {
    let Ok(note) = Note::parse(bytes) else { return };
    assert_eq!(note.to_string().as_bytes(), bytes);
    let keys = KEYS.map(|key| key.parse().expect("a key that was written down"));
    if note.verified(&keys).is_ok() {
        assert!(FILE.starts_with(note.text().as_bytes()), "only this text was ever signed");
    }
}
