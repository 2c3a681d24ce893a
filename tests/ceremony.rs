//! A ceremony from the freeze to the draw, with real rounds of quicknet, stopped at every operation of the disk.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use foureyes::ceremony::disk::{Cut, Fault};
use foureyes::ceremony::{
    About, Came, CeremonyError, Disk, Keys, Office, ToCommit, commit, draw, freeze, in_order, receipts, to_draw,
};
use foureyes::draw::Digest;
use foureyes::draw::beacon::{CHAIN, Round};
use foureyes::model::Case;
use foureyes::record::ledger::{BeaconLine, Body, LEDGER_FORMAT, Open, Party, Quicknet, Role, Shown, ShownRound};
use foureyes::record::{self, Files, read_beacon};
use foureyes::rules::Book;
use foureyes::urn::{Nobody, Options};
use foureyes::verify::{State, verify, verify_receipt};

const ORIGIN: &str = "river.example/inspections";

/// The case that ships for a ceremony, with a few tickets.
fn case() -> (Case, Book) {
    let mut case = foureyes::read::read_case(Path::new("examples/ceremony/office")).case.unwrap();
    case.urn.tickets = 4;
    let book = Book::new(&case.settings).map_err(|problems| format!("{problems:?}")).unwrap();
    (case, book)
}

/// Read once: the tests freeze it hundreds of times.
static INPUTS: LazyLock<Files> = LazyLock::new(|| {
    let (case, book) = case();
    record::freeze(&case, &book).files
});

/// The round that ships, verified once, and its randomness.
static ROUND: LazyLock<(Round, Digest)> = LazyLock::new(|| {
    let (round, randomness) = read_beacon(&fs::read("examples/ceremony/rounds/quicknet-123.json").unwrap()).unwrap();
    assert_eq!(round.verify(), Ok(randomness));
    (round, randomness)
});

/// The keys of everybody, made once in `folder`.
fn keys(folder: &Path) -> [Keys; 3] {
    let one = |name: &str, role| match folder.join(format!("{name}.secret")) {
        path if path.exists() => Keys::load(&path).unwrap(),
        _ => Keys::create(&Disk::new(), folder, name, role, 10).unwrap().0,
    };
    [one("planner", Role::Planner), one("audit", Role::Auditor), one("officer", Role::Officer)]
}

fn parties(folder: &Path) -> Vec<Party> {
    let mut parties: Vec<Party> = keys(folder).iter().map(Keys::party).collect();
    parties.sort_by(|one, other| one.name.cmp(&other.name));
    parties
}

fn opening(folder: &Path) -> Body {
    Body::Open(Open { format: LEDGER_FORMAT.to_owned(), origin: ORIGIN.to_owned(), parties: parties(folder) })
}

fn asked(round: u64) -> ToCommit {
    ToCommit {
        span: None,
        beacon: BeaconLine::Quicknet(Quicknet { chain: CHAIN, round }),
        fallback: None,
        nonces: None,
    }
}

/// One act after the other, each with a disk of its own; what is there already is not done twice.
fn acts(folder: &Path, disk: impl Fn() -> Disk) -> Result<Files, CeremonyError> {
    let (secret, place) = (folder.join("keys"), folder.join("schedules"));
    let [planner, audit, officer] = keys(&secret);
    Office::found(&place, disk(), opening(&secret))?.seal(&planner)?;
    freeze(&mut Office::open(&place, disk())?, &planner, "River district, 24 and 25 August 2023", &INPUTS)?;
    let options = Options { threads: 1 };
    let mut office = Office::open(&place, disk())?;
    if office.course().commitments.is_empty() {
        commit(&mut office, &planner, &asked(123), &options, &mut Nobody)?;
    }
    office.seal(&planner)?;
    drop(office);
    cosign(&place, &audit);
    let mut office = Office::open(&place, disk())?;
    let made = to_draw(&office)?;
    let (round, randomness) = *ROUND;
    let secrets = [&planner, &officer].map(|keys| (keys.name().to_owned(), keys.nonce(1).unwrap()));
    let nonces = in_order(&office, &made.commit, &secrets)?;
    let beacon = Shown::Quicknet(ShownRound { round: round.round, signature: round.signature });
    let came = Came { beacon, randomness, nonces };
    Ok(draw(&mut office, &planner, &came, &options, &mut Nobody)?.0)
}

/// The auditor's hand under the last checkpoint, a minute before the round.
fn cosign(place: &Path, audit: &Keys) {
    let office = Office::open(place, Disk::new()).unwrap();
    let size = office.entries().len() as u64;
    let (_, mut note) = office.checkpoint(size).unwrap();
    note.cosign(audit.name(), audit.key(), 1_692_803_673).unwrap();
    fs::write(office.path(&record::ledger::checkpoint_file(size)), note.to_string()).unwrap();
}

/// Every file below `folder` but the lock, with its bytes.
fn all(folder: &Path) -> Files {
    let mut found = Files::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().unwrap() != "ledger.lock" {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn a_ceremony_draws_a_record_that_is_sound() {
    let scratch = tempfile::tempdir().unwrap();
    fs::create_dir(scratch.path().join("keys")).unwrap();
    let files = acts(scratch.path(), Disk::new).unwrap();
    let verdict = verify(&files);
    assert!(verdict.is_sound(), "{verdict}");
    assert!(verdict.claims.iter().any(|(claim, state)| claim.name == "fixed" && *state == State::Sound));
    let record = record::read_record(&files).0.unwrap();
    assert_eq!((record.kind.as_str(), record.seed.len()), ("ceremony", 64));
    let again = acts(scratch.path(), Disk::new).unwrap();
    assert_eq!(again, files, "what was drawn stays");
}

#[test]
fn everybody_gets_a_receipt_that_holds_and_nobody_elses() {
    let scratch = tempfile::tempdir().unwrap();
    fs::create_dir(scratch.path().join("keys")).unwrap();
    acts(scratch.path(), Disk::new).unwrap();
    let (secret, place) = (scratch.path().join("keys"), scratch.path().join("schedules"));
    let [_, audit, _] = keys(&secret);
    cosign(&place, &audit);
    let office = Office::open(&place, Disk::new()).unwrap();
    let (size, note) = office.last_cosigned().unwrap().unwrap();
    let parties = parties(&secret);
    let (mut inputs, mut orders) = (0, 0);
    for about in [About::Inputs, About::Orders] {
        for receipt in receipts(&office, about, &[], (size, &note)).unwrap() {
            let bytes = receipt.bytes();
            let verdict = verify_receipt("mine", &bytes, &parties, Some(note.as_bytes()));
            assert!(verdict.is_sound(), "{verdict}");
            assert!(!verify_receipt("mine", &bytes, &[], None).is_sound(), "nobody vouches for it");
            let mut stranger = receipt.clone();
            stranger.inspector = "somebody".to_owned();
            let found = verify_receipt("mine", &stranger.bytes(), &parties, None).findings;
            assert!(found.iter().all(|finding| finding.name == "receipt-stranger") && !found.is_empty());
            let mut altered = receipt.clone();
            altered.opened[0].text = altered.opened[0].text.replace("true", "false").replace("am", "pm");
            let found = verify_receipt("mine", &altered.bytes(), &parties, None).findings;
            assert!(altered == receipt || found.iter().any(|finding| finding.name == "receipt-leaf"));
            match about {
                About::Inputs => inputs += 1,
                About::Orders | About::Day(_) => orders += 1,
            }
        }
    }
    assert_eq!(inputs, case().0.inspectors.len());
    assert!(orders > 0);
}

/// What the acts leave when act number `act` is stopped at operation `at`, and what the same acts make of that; nothing where it was not stopped.
fn stopped(act: usize, fault: Fault) -> Option<(Files, Files, Files)> {
    let scratch = tempfile::tempdir().unwrap();
    fs::create_dir(scratch.path().join("keys")).unwrap();
    keys(&scratch.path().join("keys"));
    let number = Cell::new(0);
    let disk = || match number.replace(number.get() + 1) == act {
        true => Disk::failing(fault),
        false => Disk::failing(Fault { at: u64::MAX, ..fault }),
    };
    let was_stopped = acts(scratch.path(), disk).is_err();
    let before = all(&scratch.path().join("schedules"));
    let drawn = acts(scratch.path(), || Disk::failing(Fault { at: u64::MAX, ..fault })).unwrap();
    was_stopped.then(|| (before, all(&scratch.path().join("schedules")), drawn))
}

#[test]
fn whatever_stops_an_act_the_same_command_ends_it_and_nothing_is_drawn_twice() {
    let mut operations = 0;
    for (act, cut) in [0, 1, 2, 3].into_iter().flat_map(|act| [(act, Cut::Kill), (act, Cut::Power)]) {
        let faults = (0..).map(|at| Fault { at, part: 50, cut });
        for (before, after, drawn) in faults.map_while(|fault| stopped(act, fault)) {
            operations += 1;
            if let Some(record) = before.get("draws/001/record.json") {
                assert!(after.get("draws/001/record.json") == Some(record), "it was drawn twice, act {act}");
            }
            if let Some(ledger) = before.get("ledger.jsonl") {
                let whole = ledger.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
                assert!(after["ledger.jsonl"].starts_with(&ledger[..whole]), "a whole line was lost, act {act}");
            }
            assert!(verify(&drawn).is_sound());
            let left: Vec<_> = after.keys().filter(|name| name.contains(".tmp")).collect();
            assert!(left.is_empty(), "{left:?}, act {act}");
            let draws = String::from_utf8(after["ledger.jsonl"].clone()).unwrap().matches("\"kind\":\"draw\"").count();
            assert_eq!(draws, 1);
        }
    }
    assert!(operations > 100, "{operations}");
}
