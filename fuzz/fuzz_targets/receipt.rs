//! Whatever a receipt has, nothing is called sound that shows an inspector what the ceremony does not have.
//!
//! The input is read as a receipt; then it is a text of changes to one of the receipts of `tests/tampered/ceremony`: a byte that says
//! which, then each line a change.

#![no_main]

use std::sync::LazyLock;

use foureyes::ceremony::Keys;
use foureyes::record::ledger::{Party, checkpoint_file};
use foureyes::record::note::{Checkpoint, Note};
use foureyes::record::{Files, Receipt, read_receipt};
use foureyes::verify::verify_receipt;
use foureyes_fuzz::{files_in, scratch, splice};
use libfuzzer_sys::fuzz_target;

/// What was published, and what inspectors were given.
struct Base {
    files: Files,
    receipts: Vec<Receipt>,
    parties: Vec<Party>,
}

static BASE: LazyLock<Base> = LazyLock::new(|| {
    let receipts = files_in("tests/tampered/ceremony/receipts");
    let secrets = files_in("tests/tampered/ceremony/keys");
    let parties = secrets.iter().filter(|(name, _)| name.ends_with(".secret")).map(|(name, bytes)| {
        let path = scratch("receipt").join(name);
        std::fs::write(&path, bytes).expect("a temporary file can be written");
        Keys::load(&path).expect("keys of tests").party()
    });
    Base {
        files: files_in("tests/tampered/ceremony/base"),
        receipts: receipts.values().map(|bytes| read_receipt("", bytes).0.expect("a receipt")).collect(),
        parties: parties.collect(),
    }
});

fuzz_target!(|data: &[u8]| {
    look(data);
    let [which, changes @ ..] = data else { return };
    let mut bytes = BASE.receipts[usize::from(*which) % BASE.receipts.len()].bytes();
    for change in changes.split(|byte| *byte == b'\n') {
        splice(&mut bytes, change);
    }
    look(&bytes);
});

fn look(bytes: &[u8]) {
    let (receipt, flaws) = read_receipt("a.receipt", bytes);
    if let Some(receipt) = receipt.as_ref().filter(|_| flaws.is_empty()) {
        assert_eq!(receipt.bytes(), bytes);
    }
    let published = receipt.as_ref().and_then(published);
    for published in [published, None] {
        let verdict = verify_receipt("a.receipt", bytes, &BASE.parties, published.map(Vec::as_slice));
        assert!(!verdict.to_string().is_empty() && !verdict.json().is_empty());
        assert!(!verdict.is_sound() || verdict.findings.is_empty());
        if verdict.is_sound() {
            is_of_the_ceremony(receipt.as_ref().expect("what is sound can be read"));
        }
        assert!(!verify_receipt("a.receipt", bytes, &[], published.map(Vec::as_slice)).is_sound());
    }
}

/// The checkpoint of as many lines, as it was published.
fn published(receipt: &Receipt) -> Option<&'static Vec<u8>> {
    let note = Note::parse(receipt.checkpoint.as_bytes()).ok()?;
    BASE.files.get(&checkpoint_file(Checkpoint::parse(note.text()).ok()?.size()))
}

/// Nobody who writes a fuzzer's input has the auditor's key: whatever stands in a sound receipt stood in one that was given out.
fn is_of_the_ceremony(receipt: &Receipt) {
    let text = |receipt: &Receipt| Note::parse(receipt.checkpoint.as_bytes()).expect("a note").text().to_owned();
    assert!(BASE.receipts.iter().any(|given| text(given) == text(receipt)));
    assert!(
        BASE.files["ledger.jsonl"].split_inclusive(|byte| *byte == b'\n').any(|line| line == receipt.entry.as_bytes())
    );
    let given = || BASE.receipts.iter().filter(|given| given.entry == receipt.entry).flat_map(|given| &given.opened);
    assert!(receipt.opened.iter().all(|opened| given().any(|one| one == opened)));
    let names = format!("\"{}\"", receipt.inspector);
    assert!(receipt.opened.iter().all(|opened| opened.text.contains(&names)));
}
