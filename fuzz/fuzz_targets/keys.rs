//! Whatever the small files of a party are, those with another spelling are refused, and nobody signs for what does not follow.
//!
//! The first byte says which file the rest is about: `NAME.party`, `NAME.secret`, `NAME.seen` of an auditor who cosigns, or a proposal with its change that
//! an officer is to sign. Each line behind it is a change to a sound one; without a change that can be made, the rest is the file.

#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use foureyes::ceremony::{
    Disk, Keys, Office, PROPOSED, PROPOSED_CHANGE, change_in_words, cosign, in_words, read_party, recheck,
};
use foureyes::draw::digest;
use foureyes::draw::nonce::is_link;
use foureyes::record::changes::change_line;
use foureyes::record::ledger::{Body, Draft, LEDGER, read_ledger};
use foureyes::record::note::Note;
use foureyes::record::{Files, spelled};
use foureyes_fuzz::{files_in, scratch, splice};
use libfuzzer_sys::fuzz_target;

/// The ceremony when its first five lines stood, and the sixth was proposed.
struct Base {
    folder: PathBuf,
    keys: Files,
    seen: Vec<u8>,
    draft: Draft,
    change: Vec<u8>,
    lines: Vec<u8>,
    shorter: Vec<u8>,
}

/// Before this line was there: the amendment of a conflict, whose change is the second.
const LINES: usize = 5;

static BASE: LazyLock<Base> = LazyLock::new(|| {
    let folder = scratch("keys");
    let (files, keys) = (files_in("tests/tampered/ceremony/base"), files_in("tests/tampered/ceremony/keys"));
    let entries = read_ledger(&files[LEDGER]).0;
    let lines: Vec<u8> = entries[..LINES].iter().flat_map(|entry| entry.bytes.clone()).collect();
    let later = |name: &str| name.starts_with("checkpoints/") && name > "checkpoints/000005.note";
    for (name, bytes) in files.iter().chain(&keys).filter(|(name, _)| !later(name)) {
        put(&folder.join(name), bytes);
    }
    put(&folder.join(LEDGER), &lines);
    let draft = Draft { body: entries[LINES].body.clone(), signed: entries[LINES].signed[..1].to_vec() };
    Base {
        change: files["changes/002.json"].clone(),
        seen: files["checkpoints/000004.note"].clone(),
        shorter: entries[..4].iter().flat_map(|entry| entry.bytes.clone()).collect(),
        folder,
        keys,
        draft,
        lines,
    }
});

fuzz_target!(|data: &[u8]| {
    let [which, data @ ..] = data else { return };
    match which % 4 {
        0 => party(&changed(&BASE.keys["audit.party"], data)),
        1 => secret(&changed(&BASE.keys["audit.secret"], data)),
        2 => seen(&changed(&BASE.seen, data)),
        _ => {
            let (change, draft) = data.split_at(data.len() / 2);
            proposal(changed(&BASE.change, change), draft);
        }
    }
});

fn changed(file: &[u8], data: &[u8]) -> Vec<u8> {
    let mut bytes = file.to_vec();
    data.split(|byte| *byte == b'\n').for_each(|change| splice(&mut bytes, change));
    if bytes == file { data.to_vec() } else { bytes }
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a temporary folder can be made");
    fs::write(path, bytes).expect("a temporary file can be written");
}

fn party(bytes: &[u8]) {
    let path = BASE.folder.join("a.party");
    put(&path, bytes);
    match read_party(&path) {
        Ok(party) => assert_eq!(spelled(&party).as_bytes(), bytes),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn secret(bytes: &[u8]) {
    let path = BASE.folder.join("a.secret");
    put(&path, bytes);
    let Ok(keys) = Keys::load(&path) else { return };
    // A chain may have a million links; those that a fuzzer can wait for are walked.
    let text = String::from_utf8_lossy(bytes);
    if !text.contains("\"links\":9,") {
        return;
    }
    let party = keys.party();
    assert_eq!(party.flaws(), []);
    assert!((1..=9).all(|draw| is_link(&party.name, &party.anchor, draw, &keys.nonce(draw.into()).expect("a link"))));
    assert_eq!((keys.nonce(0), keys.nonce(10), keys.nonce(u64::MAX)), (None, None, None));
    put(&BASE.folder.join("a.party"), spelled(&party).as_bytes());
    assert_eq!(read_party(&BASE.folder.join("a.party")).expect("it was spelled"), party);
}

/// What an auditor cosigned last is theirs, or they cosign nothing.
fn seen(bytes: &[u8]) {
    let base = &*BASE;
    put(&base.folder.join(LEDGER), &base.shorter);
    put(&base.folder.join("checkpoints/000004.note"), &base.seen);
    fs::rename(base.folder.join("checkpoints/000005.note"), base.folder.join("later")).expect("it is there");
    put(&base.folder.join("audit.seen"), bytes);
    let keys = Keys::load(&base.folder.join("audit.secret")).expect("keys of tests");
    let cosigned = cosign(&base.folder, Disk::new(), &keys, 1_692_803_775);
    fs::rename(base.folder.join("later"), base.folder.join("checkpoints/000005.note")).expect("it is there");
    if cosigned.is_ok() {
        let text = |bytes: &[u8]| Note::parse(bytes).expect("a note").text().to_owned();
        assert_eq!(text(bytes), text(&base.seen), "the auditor signed nothing else");
    }
}

/// Half of the input changes the change, half the proposal, which always names the digest of the change.
fn proposal(change: Vec<u8>, data: &[u8]) {
    let base = &*BASE;
    let mut draft = base.draft.clone();
    if let Body::Amend(amend) = &mut draft.body {
        amend.change = digest(&change);
    }
    let proposed = changed(spelled(&draft).as_bytes(), data);
    let proposed = if data.is_empty() { spelled(&draft).into_bytes() } else { proposed };
    put(&base.folder.join(LEDGER), &base.lines);
    put(&base.folder.join(PROPOSED), &proposed);
    put(&base.folder.join(PROPOSED_CHANGE), &change);
    let office = Office::look(&base.folder, Disk::new()).expect("the ledger is sound");
    let Ok(Some(waiting)) = office.proposal() else { return };
    assert_eq!(spelled(&waiting.draft).as_bytes(), proposed);
    assert!(!in_words(&waiting.draft.body).is_empty());
    let Some(bytes) = waiting.change else { return };
    if let Ok(change) = recheck(&office, &waiting.draft.body, &bytes) {
        assert_eq!(change_line(&change), bytes);
        assert!(!change_in_words(&change).is_empty());
    }
}
