//! Whatever the files of a ceremony are, the verifier gives a verdict, the same one each time, and nothing is called sound whose
//! draws are not those that were made.
//!
//! The input is a text of changes to the ceremony of `tests/tampered/ceremony`, which has a line of nearly each kind, its urns and all secrets.
//! Its first byte says how careful the attacker is (nothing is made anew; the chain and the planner's checkpoints; those and the signatures of all parties)
//! and how many files are gone; each line behind it is a change.

#![no_main]

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use foureyes::ceremony::Keys;
use foureyes::draw::digest;
use foureyes::record::ledger::{Body, Entry, LEDGER, checkpoint_file, read_ledger};
use foureyes::record::note::{Checkpoint, Note, SignatureKind, VerifierKey};
use foureyes::record::salted::{Master, Tree};
use foureyes::record::{BOUNDS, Files, SALT, change_file, draw_folder, frozen_folder, merkle_root};
use foureyes::verify::{State, verify_ceremony};
use foureyes_fuzz::{files_in, scratch, splice_one};
use libfuzzer_sys::fuzz_target;

/// Whose ledger it is.
const ORIGIN: &str = "river.example/inspections";

static BASE: LazyLock<Files> = LazyLock::new(|| files_in("tests/tampered/ceremony/base"));

static KEYS: LazyLock<BTreeMap<&str, Keys>> = LazyLock::new(|| {
    let (given, folder) = (files_in("tests/tampered/ceremony/keys"), scratch("ceremony"));
    let load = |name: &'static str| {
        let path = folder.join(format!("{name}.secret"));
        fs::write(&path, &given[&format!("{name}.secret")]).expect("a temporary file can be written");
        (name, Keys::load(&path).expect("keys of tests"))
    };
    ["audit", "officer", "planner"].map(load).into()
});

fuzz_target!(|data: &[u8]| {
    let [how, changes @ ..] = data else { return };
    let (care, mut gone) = (how % 3, how / 3 % 4);
    let mut files = BASE.clone();
    for change in changes.split(|byte| *byte == b'\n') {
        match change {
            [file] if gone > 0 => {
                gone -= 1;
                let name = files.keys().nth(usize::from(*file) % files.len().max(1)).cloned();
                name.map(|name| files.remove(&name));
            }
            change => splice_one(&mut files, change),
        }
    }
    match care {
        0 => {}
        1 => reseal(&mut files, &["planner"]),
        _ => reseal(&mut files, &["audit", "officer", "planner"]),
    }
    let verdict = verify_ceremony(&files);
    // Each costs the checking of two rounds and two urns, so not every input is looked at twice.
    if changes.len() % 8 == 0 {
        assert_eq!(verdict, verify_ceremony(&files));
    }
    let unread = verdict.claims.iter().any(|(_, state)| *state == State::Unchecked);
    assert_eq!(verdict.is_sound(), verdict.findings.is_empty() && !unread, "{verdict}");
    assert!(!verdict.to_string().is_empty() && !verdict.json().is_empty());
    if verdict.is_sound() {
        let witnessed =
            verdict.claims.iter().any(|(claim, state)| claim.name == "commitments" && *state == State::Sound);
        is_that_of_the_ceremony(&files, care, witnessed);
    }
});

/// What must be as it was in a ceremony that is called sound. A note may have more signatures, or fewer than were needed; a bound may be proved in another
/// way; and what stands behind the last line may be kept from everybody. The planner alone can't change a line that was witnessed, and nobody what was drawn.
fn is_that_of_the_ceremony(files: &Files, care: u8, witnessed: bool) {
    let (ledger, was) = (&files[LEDGER], &BASE[LEDGER]);
    let entries = read_ledger(ledger).0;
    assert!(care > 0 || was.starts_with(ledger));
    let drawn =
        |counter| entries.iter().any(|entry| matches!(&entry.body, Body::Draw(draw) if draw.counter == counter));
    let last = entries.iter().rposition(|entry| matches!(&entry.body, Body::Commit(commit) if drawn(commit.counter)));
    let before: usize = entries.iter().take(last.map_or(0, |last| last + 1)).map(|entry| entry.bytes.len()).sum();
    assert!(care > 1 || !witnessed || was.starts_with(&ledger[..before]));
    for entry in &entries {
        let folder = match &entry.body {
            Body::Draw(draw) => draw_folder(draw.counter),
            Body::Freeze(freeze) if care == 0 => frozen_folder(freeze.number),
            _ => continue,
        };
        for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with(&format!("{folder}/"))) {
            assert!(name.ends_with(BOUNDS) || BASE.get(name) == Some(bytes), "{name}");
        }
    }
}

/// What those whose keys these are can make anew: roots and digests, the chain, their signatures, and each checkpoint of lines that changed; cosignatures at the
/// times at which they were made.
fn reseal(files: &mut Files, names: &[&str]) {
    let Some(ledger) = files.get(LEDGER) else { return };
    let mut chained: Vec<Entry> = Vec::new();
    for Entry { mut body, mut signed, .. } in read_ledger(ledger).0 {
        restate(files, &mut body);
        for signed in &mut signed {
            if let Some(name) = names.iter().find(|name| **name == signed.name) {
                *signed = KEYS[name].sign(ORIGIN, &body);
            }
        }
        let next = Entry::next(chained.last(), body, signed);
        chained.push(next);
    }
    files.insert(LEDGER.to_owned(), chained.iter().flat_map(|entry| entry.bytes.clone()).collect());
    for size in 1..=chained.len() {
        let root = merkle_root(chained[..size].iter().map(|entry| entry.bytes.as_slice()));
        let text = Checkpoint::new(ORIGIN, size as u64, root).expect("a name of a ledger").to_string();
        let name = checkpoint_file(size as u64);
        let Some(was) = files.get(&name).and_then(|bytes| Note::parse(bytes).ok()) else { continue };
        if was.text() != text {
            files.insert(name, resealed(&text, &was, names.contains(&"audit")).to_string().into_bytes());
        }
    }
}

/// Has a line say what the files are that it names.
fn restate(files: &Files, body: &mut Body) {
    let change = |number| files.get(&change_file(number)).map(|bytes| digest(bytes));
    match body {
        Body::Freeze(freeze) => {
            let folder = format!("{}/", frozen_folder(freeze.number));
            let inner: Files = files
                .iter()
                .filter_map(|(name, bytes)| Some((name.strip_prefix(&folder)?.to_owned(), bytes.clone())))
                .collect();
            if let Some(master) = inner.get(SALT).and_then(|salt| Master::read(salt)) {
                let tree = Tree::of_inputs(&inner, &master, &format!("freeze/{}", freeze.number));
                (freeze.root, freeze.leaves) = (tree.root(), tree.leaves().len() as u64);
            }
        }
        Body::Amend(amend) => amend.change = change(amend.number).unwrap_or(amend.change),
        Body::Override(given) => given.change = change(given.number).unwrap_or(given.change),
        Body::Executed(done) => done.change = change(done.number).unwrap_or(done.change),
        Body::Commit(_) | Body::Disclose(_) | Body::Draw(_) | Body::Open(_) | Body::Void(_) => {}
    }
}

fn resealed(text: &str, was: &Note, by_the_auditor: bool) -> Note {
    let mut note = Note::new(text).expect("the text of a checkpoint");
    note.sign("planner", KEYS["planner"].key()).expect("the planner has a name");
    if let Some(time) = cosigned(was).filter(|_| by_the_auditor) {
        note.cosign("audit", KEYS["audit"].key(), time).expect("a time that was there before");
    }
    note
}

/// When the auditor cosigned a note.
fn cosigned(note: &Note) -> Option<i64> {
    let key = KEYS["audit"].key().verifying_key();
    let key = VerifierKey::new("audit", SignatureKind::Cosignature, key).expect("the auditor has a name");
    note.verified(&[key]).ok()?.first()?.time
}
