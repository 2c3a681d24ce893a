//! A whole ceremony with a round of quicknet that was real, made in a moment: what readers are asked about.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use foureyes::ceremony::{
    About, Came, Disk, Keys, Office, ToCommit, commit, disclose, draw, freeze, in_order, receipts, to_draw,
};
use foureyes::draw::Digest;
use foureyes::draw::beacon::CHAIN;
use foureyes::record::ledger::{
    BeaconLine, Body, LEDGER_FORMAT, Open, Party, Quicknet, Role, Shown, ShownRound, checkpoint_file,
};
use foureyes::record::{self, Files, load_ceremony, read_beacon};
use foureyes::rules::Book;
use foureyes::urn::{Nobody, Options};

/// What comes of a ceremony.
pub struct Ceremony {
    /// Everything in its folder that a verifier reads.
    pub files: Files,
    /// Who takes part.
    pub parties: Vec<Party>,
    /// A receipt for inputs and one for orders.
    pub receipts: Vec<Vec<u8>>,
    /// The checkpoint that they have.
    pub checkpoint: Vec<u8>,
}

/// Frozen, committed, cosigned, drawn, cosigned and disclosed, in `folder`.
pub fn ceremony(folder: &Path) -> Ceremony {
    let keys = [("audit", Role::Auditor), ("officer", Role::Officer), ("planner", Role::Planner)];
    let keys = keys.map(|(name, role)| Keys::create(&Disk::new(), folder, name, role, 10).unwrap().0);
    let [audit, _, planner] = &keys;
    let parties: Vec<Party> = keys.iter().map(Keys::party).collect();
    let (format, origin) = (LEDGER_FORMAT.to_owned(), "river.example/inspections".to_owned());
    let place = folder.join("schedules");
    let opening = Body::Open(Open { format, origin, parties: parties.clone() });
    let mut office = Office::found(&place, Disk::new(), opening).unwrap();
    freeze(&mut office, planner, "River district, 24 and 25 August 2023", &inputs()).unwrap();
    let options = Options { threads: 1 };
    commit(&mut office, planner, &asked(), &options, &mut Nobody).unwrap();
    office.seal(planner).unwrap();
    cosign(&office, audit);
    let made = to_draw(&office).unwrap();
    let (round, randomness) = read_beacon(&fs::read("examples/ceremony/rounds/quicknet-123.json").unwrap()).unwrap();
    let is_named = |keys: &&Keys| made.commit.nonces.iter().any(|name| name == keys.name());
    let secrets = keys.iter().filter(is_named).map(|keys| (keys.name().to_owned(), keys.nonce(1).unwrap()));
    let secrets: BTreeMap<String, Digest> = secrets.collect();
    let pairs: Vec<(String, Digest)> = secrets.clone().into_iter().collect();
    let nonces = in_order(&office, &made.commit, &pairs).unwrap();
    let beacon = Shown::Quicknet(ShownRound { round: round.round, signature: round.signature });
    draw(&mut office, planner, &Came { beacon, randomness, nonces }, &options, &mut Nobody).unwrap();
    cosign(&office, audit);
    let (size, note) = office.last_cosigned().unwrap().unwrap();
    let one = |about| receipts(&office, about, &[], (size, &note)).unwrap().swap_remove(0).bytes();
    let receipts = vec![one(About::Inputs), one(About::Orders)];
    disclose(&mut office, planner, 1, &secrets).unwrap();
    office.seal(planner).unwrap();
    drop(office);
    Ceremony { files: load_ceremony(&place).unwrap(), parties, receipts, checkpoint: note.into_bytes() }
}

/// The inputs that ship for a ceremony, with a few tickets.
fn inputs() -> Files {
    let mut case = foureyes::read::read_case(Path::new("examples/ceremony/office")).case.unwrap();
    case.urn.tickets = 4;
    let book = Book::new(&case.settings).unwrap();
    record::freeze(&case, &book).files
}

fn asked() -> ToCommit {
    let beacon = BeaconLine::Quicknet(Quicknet { chain: CHAIN, round: 123 });
    ToCommit { span: None, beacon, fallback: None, nonces: None }
}

/// The auditor's hand under the last checkpoint, a minute before the round.
fn cosign(office: &Office, audit: &Keys) {
    let size = office.entries().len() as u64;
    let (_, mut note) = office.checkpoint(size).unwrap();
    note.cosign(audit.name(), audit.key(), 1_692_803_673).unwrap();
    fs::write(office.path(&checkpoint_file(size)), note.to_string()).unwrap();
}
