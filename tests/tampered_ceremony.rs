//! Every attack under `tests/tampered/ceremony/` gives its findings, all of them and no others.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

mod attacks;

use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::process::Command;

use attacks::ceremony::{attacks, base, keys, parties};
use foureyes::record::Files;
use foureyes::record::ledger::{Body, LEDGER, read_ledger};
use foureyes::rules::BOOK;
use foureyes::verify::{
    CeremonyVerdict, Elsewhere, FINDINGS, Finding, NOTICES, State, verify_ceremony, verify_ceremony_beside,
    verify_receipt,
};
use serde_json::Value;

/// What is said of an attacked ceremony, held against what the head of the attack gives from elsewhere.
fn verdict(attack: &attacks::Attack, files: Files) -> CeremonyVerdict {
    let (files, elsewhere) = attack.elsewhere(&files).unwrap_or((files, Elsewhere::default()));
    verify_ceremony_beside(&files, &elsewhere)
}

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

/// What some attacks begin with goes on from the base, and is as sound.
#[test]
fn what_attacks_begin_with_is_sound() {
    let verdict = verify_ceremony(&attacks::Attack::read("begins: later\nrefreeze 3\nrebuild 4\nreseal planner audit officer\nredraw 4\nreseal planner audit officer").ceremony());
    assert!(verdict.is_sound() && verdict.findings.is_empty(), "{verdict}");
    assert!(verdict.claims.iter().all(|(_, state)| *state == State::Sound), "{verdict}");
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
        let elsewhere = attack.elsewhere(&files);
        assert!(files != base() || elsewhere.is_some(), "{name} changes nothing");
        let is_told = ["loud", "notice"].iter().any(|word| attack.head.contains_key(*word));
        assert!(!attack.expect.is_empty() || is_told, "{name} expects nothing");
        let (found, says) = match attack.receipt_verdict(&files) {
            Some(verdict) => (names(&verdict.findings), verdict.to_string()),
            None => {
                let verdict = verdict(&attack, files);
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
        let verdict = verdict(&attack, attack.ceremony());
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

/// What `foureyes verify` prints of some files of the base, with more that it is told.
fn verified(files: &Files, more: &[&str]) -> (String, bool) {
    let scratch = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = scratch.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_foureyes"));
    let output = command.args(["verify", "--quiet"]).arg(scratch.path()).args(more).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.success())
}

/// Files of parties by name, as they are given to the program.
fn party_files(names: &[&str]) -> Vec<String> {
    let file = |name: &&str| attacks::ceremony::folder().join(format!("keys/{name}.party")).display().to_string();
    names.iter().flat_map(|name| ["--party".to_owned(), file(name)]).collect()
}

#[test]
fn the_program_holds_a_ceremony_against_what_is_known_from_elsewhere() {
    let files = base();
    let asked = |names: &[&str]| {
        let parties = party_files(names);
        verified(&files, &parties.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let (said, sound) = asked(&["audit", "officer", "planner"]);
    assert!(sound && said.contains("sound      parties") && !said.contains("keys-unproved"), "{said}");
    let (said, sound) = asked(&["other-audit"]);
    assert!(!sound && said.contains("party-unknown: ledger.jsonl, line 1"), "{said}");
    let copy = attacks::ceremony::folder().join("base").display().to_string();
    let (said, sound) = verified(&files, &[&copy]);
    assert!(sound && said.contains("sound      elsewhere"), "{said}");
    let river = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules/river").display().to_string();
    let (said, sound) = verified(&files, &[&river]);
    assert!(!sound && said.contains("forked: ledger.jsonl, line 1"), "{said}");
}

#[test]
fn the_program_builds_every_draw_of_a_ceremony_anew() {
    let river = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules/river");
    let mut files = foureyes::record::load_ceremony(&river).unwrap();
    let (said, sound) = verified(&files, &["--replay"]);
    assert!(sound && said.matches("; replayed").count() == 2, "{said}");
    files.retain(|name, _| !name.starts_with("draws/002/"));
    let (said, sound) = verified(&files, &["--replay"]);
    assert!(sound && said.contains("not given  replay") && said.contains("; not replayed"), "{said}");
    let odds = "draws/001/odds.jsonl";
    let text = String::from_utf8(files[odds].clone()).unwrap();
    files.insert(odds.to_owned(), text.replacen("\"held\":1000", "\"held\":999", 1).into_bytes());
    let (said, sound) = verified(&files, &["--replay"]);
    assert!(!sound && said.contains("replay: draws/001/odds.jsonl, line 1"), "{said}");
}
