//! Every attack under `tests/tampered/ceremony/` gives its findings, all of them and no others.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

mod attacks;

use std::collections::BTreeSet;
use std::panic::catch_unwind;

use attacks::ceremony::{attacks, base, keys, parties};
use foureyes::record::Files;
use foureyes::record::ledger::{Body, LEDGER, read_ledger};
use foureyes::rules::BOOK;
use foureyes::verify::{FINDINGS, Finding, NOTICES, State, verify_ceremony, verify_receipt};
use serde_json::Value;

fn names(findings: &[Finding]) -> BTreeSet<String> {
    findings.iter().map(|finding| finding.name.to_owned()).collect()
}

#[test]
fn the_untouched_ceremony_is_sound_and_nothing_of_it_is_left_unchecked() {
    let verdict = verify_ceremony(&base());
    assert!(verdict.is_sound() && verdict.findings.is_empty(), "{verdict}");
    assert!(verdict.claims.iter().all(|(_, state)| *state == State::Sound), "{verdict}");
}

#[test]
fn the_ceremony_has_lines_of_every_kind_but_overrides_and_is_of_the_keys_that_are_there() {
    let files = base();
    let entries = read_ledger(&files[LEDGER]).0;
    let kinds: BTreeSet<_> = entries.iter().map(|entry| entry.body.kind()).collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["amend", "commit", "disclose", "draw", "executed", "freeze", "open", "void"]
    );
    let Body::Open(open) = &entries[0].body else { panic!("line 1 opens") };
    assert_eq!(open.parties, parties());
    assert_eq!(keys("audit").name(), "audit");
}

#[test]
fn the_untouched_receipts_are_sound() {
    let files = base();
    let receipts: Files = files.iter().filter(|(name, _)| name.ends_with(".receipt")).map(owned).collect();
    assert!(receipts.len() > 4);
    for (name, bytes) in receipts {
        let verdict = verify_receipt(&name, &bytes, &parties(), None);
        assert!(verdict.is_sound(), "{verdict}");
    }
}

fn owned((name, bytes): (&String, &Vec<u8>)) -> (String, Vec<u8>) {
    (name.clone(), bytes.clone())
}

#[test]
fn every_attack_gives_its_findings() {
    let mut wrong = Vec::new();
    for (name, attack) in attacks() {
        assert!(!attack.why.is_empty(), "{name} has no why");
        // A step that can't be done is told with the others: after the base was made again, all that it takes is seen at once.
        let Ok(files) = catch_unwind(|| attack.ceremony()) else {
            wrong.push(format!("{name}: a step can't be done"));
            continue;
        };
        assert!(files != base(), "{name} changes nothing");
        let is_told = ["loud", "notice"].iter().any(|word| attack.head.contains_key(*word));
        assert!(!attack.expect.is_empty() || is_told, "{name} expects nothing");
        let (found, says) = match attack.receipt_verdict(&files) {
            Some(verdict) => (names(&verdict.findings), verdict.to_string()),
            None => {
                let verdict = verify_ceremony(&files);
                assert_eq!(verdict.is_sound(), verdict.findings.is_empty(), "{verdict}");
                (names(&verdict.findings), verdict.to_string())
            }
        };
        if found != attack.expect {
            wrong.push(format!("{name}: expected {:?}, found {found:?}\n{says}", attack.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What is lawful and must not be overlooked is shown before everything else.
#[test]
fn what_bends_a_draw_is_shown_first() {
    let loud: Vec<_> = attacks().into_iter().filter(|(_, attack)| attack.head.contains_key("loud")).collect();
    assert!(loud.iter().any(|(_, attack)| attack.expect.is_empty()));
    for (name, attack) in loud {
        let kind = &attack.head["loud"];
        let verdict = verify_ceremony(&attack.ceremony());
        let json: Value = serde_json::from_str(&verdict.json()).unwrap();
        assert!(json["loud"].as_array().unwrap().iter().any(|loud| loud["kind"] == kind.as_str()), "{name}");
        assert!(verdict.to_string().starts_with(&kind.to_uppercase()), "{name}: {verdict}");
    }
}

/// What no claim can say is told, and stands before all claims.
#[test]
fn what_must_be_known_is_told_first() {
    for (name, attack) in attacks() {
        let Some(told) = attack.head.get("notice") else { continue };
        let verdict = verify_ceremony(&attack.ceremony());
        for notice in told.split(' ') {
            assert!(verdict.notices.iter().any(|one| one.name == notice), "{name}, {notice}: {verdict}");
            let (at, claims) = (format!("NOTICE {notice}"), "\nledger   ");
            let text = verdict.to_string();
            assert!(text.find(&at).unwrap() < text.find(claims).unwrap(), "{name}: {verdict}");
        }
    }
}

#[test]
fn every_notice_has_its_attack() {
    let told = |attack: &attacks::Attack| attack.head.get("notice").cloned().unwrap_or_default();
    let told: BTreeSet<String> = attacks()
        .iter()
        .flat_map(|(_, attack)| told(attack).split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let missed: Vec<_> = NOTICES.iter().map(|meant| meant.name).filter(|name| !told.contains(*name)).collect();
    assert_eq!(missed, [""; 0]);
}

#[test]
fn every_finding_of_ceremonies_has_its_attack() {
    let met: BTreeSet<String> = attacks().into_iter().flat_map(|(_, attack)| attack.expect).collect();
    let of_ceremonies = FINDINGS.iter().filter(|known| known.of_ceremony);
    let missed: Vec<_> = of_ceremonies.map(|known| known.name).filter(|name| !met.contains(*name)).collect();
    assert_eq!(missed, [""; 0]);
    let known: BTreeSet<_> = FINDINGS.iter().map(|known| known.name).chain(BOOK.iter().map(|rule| rule.name)).collect();
    let strange: Vec<_> = met.iter().filter(|name| !known.contains(name.as_str())).collect();
    assert!(strange.is_empty(), "findings that are in no list: {strange:?}");
}

/// What a public reader, or an inspector, is not given is no finding.
#[test]
fn without_the_files_of_auditors_the_rest_is_sound() {
    for gone in ["draws/", "frozen/", "changes/", "checkpoints/"] {
        let mut files = base();
        files.retain(|name, _| !name.starts_with(gone));
        let verdict = verify_ceremony(&files);
        assert!(verdict.is_sound() && verdict.findings.is_empty(), "without {gone}: {verdict}");
        assert!(verdict.claims.iter().any(|(_, state)| *state == State::NotGiven), "without {gone}: {verdict}");
    }
}
