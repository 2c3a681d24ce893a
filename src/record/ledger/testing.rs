//! A small ledger for tests: a planner, an auditor and an officer with keys that everybody knows.

use chrono::NaiveDate;
use ed25519_dalek::SigningKey;

use super::*;
use crate::draw::{beacon, digest};

pub(crate) const ORIGIN: &str = "labour.example/harbour";

/// The key of `name`, which is no secret.
pub(crate) fn key(name: &str) -> SigningKey {
    SigningKey::from_bytes(&digest(name.as_bytes()))
}

pub(crate) fn party(name: &str, role: Role) -> Party {
    let key = key(name).verifying_key().to_bytes();
    Party { anchor: digest(&key), key, links: 9, name: name.to_owned(), role }
}

pub(crate) fn opening() -> Body {
    let parties = vec![party("audit", Role::Auditor), party("officer", Role::Officer), party("planner", Role::Planner)];
    Body::Open(Open { format: LEDGER_FORMAT.to_owned(), origin: ORIGIN.to_owned(), parties })
}

pub(crate) fn freeze(number: u64) -> Body {
    Body::Freeze(Freeze { case: "Harbour".to_owned(), leaves: 7, number, root: [3; 32] })
}

pub(crate) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, day).expect("January has the day")
}

pub(crate) fn dice() -> Dice {
    Dice { date: day(3), faces: 6, place: "Town hall".to_owned(), throws: 100, time: None }
}

pub(crate) fn commit(counter: u64, freeze: u64) -> Commit {
    Commit {
        beacon: BeaconLine::Quicknet(Quicknet { chain: beacon::CHAIN, round: 1000 * counter }),
        bound: Some(300),
        builder: "3".to_owned(),
        counter,
        fallback: Some(Fallback::Dice(dice())),
        fixed: [4; 32],
        freeze,
        from: day(4),
        nonces: vec!["officer".to_owned(), "planner".to_owned()],
        tickets: 1000,
        to: day(4),
        urn: Some([5; 32]),
        urn_salted: None,
        worst: 340,
    }
}

pub(crate) fn draw(counter: u64) -> Body {
    let beacon = Shown::Quicknet(ShownRound { round: 1000 * counter, signature: [9; 48] });
    Body::Draw(Draw { beacon, counter, leaves: 3, record: [6; 32], root: [7; 32], seats: 4, staffed: 2 })
}

pub(crate) fn draw_from_dice(counter: u64) -> Body {
    let beacon = Shown::Dice(ShownDice { faces: 6, throws: "6 1 3".to_owned() });
    Body::Draw(Draw { beacon, counter, leaves: 3, record: [6; 32], root: [7; 32], seats: 4, staffed: 2 })
}

pub(crate) fn void(counter: u64) -> Body {
    Body::Void(Void { counter, reason: "The roster was wrong.".to_owned() })
}

pub(crate) fn amend(number: u64) -> Body {
    let why = Why::Absence;
    Body::Amend(Amend { change: [8; 32], leaves: 3, number, root: [7; 32], seats: 1, unfilled: 0, why })
}

pub(crate) fn override_(number: u64) -> Body {
    let reason = "The ferry does not run.".to_owned();
    Body::Override(Override { change: [8; 32], leaves: 3, number, reason, root: [7; 32], seats: 1 })
}

pub(crate) fn executed(number: u64) -> Body {
    Body::Executed(Executed { as_drawn: 2, change: [8; 32], date: day(4), number, otherwise: 0 })
}

pub(crate) fn disclose(counter: u64) -> Body {
    let nonces = ["officer", "planner"].map(|name| NonceShown { name: name.to_owned(), nonce: [1; 32] });
    Body::Disclose(Disclose { counter, nonces: nonces.to_vec() })
}

/// The ledger of `bodies`, behind an opening; whatever needs two signatures has those of officer and planner.
pub(crate) fn ledger(bodies: impl IntoIterator<Item = Body>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for body in std::iter::once(opening()).chain(bodies) {
        let names: &[&str] = if body.needs_two() { &["officer", "planner"] } else { &[] };
        let signed = names.iter().map(|name| Signed::new(name, &key(name), ORIGIN, &body)).collect();
        let next = Entry::next(entries.last(), body, signed);
        entries.push(next);
    }
    entries
}

/// A line of every kind.
pub(crate) fn every_kind() -> Vec<Entry> {
    ledger([
        freeze(1),
        Body::Commit(commit(1, 1)),
        draw(1),
        amend(1),
        override_(2),
        executed(3),
        Body::Commit(commit(2, 1)),
        draw_from_dice(2),
        Body::Commit(commit(3, 1)),
        void(3),
        disclose(1),
    ])
}

pub(crate) fn bytes(entries: &[Entry]) -> Vec<u8> {
    entries.iter().flat_map(|entry| entry.bytes.clone()).collect()
}
