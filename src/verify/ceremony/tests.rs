//! Ceremonies with one thing wrong in each, and what is found.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::draw::beacon::{CHAIN, time_of};
use crate::draw::from_hex;
use crate::draw::nonce::Chain;
use crate::record::ledger::testing::{self, ORIGIN, commit, day, dice, freeze, key, override_, void};
use crate::record::ledger::{
    BeaconLine, Commit, Disclose, NonceShown, Open, Quicknet, Role, Shown, ShownDice, ShownRound, Signed,
    checkpoint_file,
};
use crate::record::merkle_root;
use crate::record::note::{Checkpoint, Note};
use crate::verify::State;

const ROUND: u64 = 1000;
const GENUINE: &str =
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39";

fn chain(name: &str) -> Chain {
    Chain::new(name, [7; 32], 9).unwrap()
}

/// The parties of the tests, with anchors of chains.
fn opening() -> Body {
    let Body::Open(mut open) = testing::opening() else { panic!("an opening is an opening") };
    open.parties.iter_mut().for_each(|party| party.anchor = chain(&party.name).anchor());
    Body::Open(open)
}

fn draw_of(counter: u64, beacon: Shown) -> Body {
    Body::Draw(Draw { beacon, counter, leaves: 3, record: [6; 32], root: [7; 32], seats: 4, staffed: 2 })
}

fn drawn(counter: u64) -> Body {
    draw_of(counter, Shown::Quicknet(ShownRound { round: ROUND, signature: from_hex(GENUINE).unwrap() }))
}

fn committed(counter: u64) -> Body {
    Body::Commit(Commit { beacon: BeaconLine::Quicknet(Quicknet { chain: CHAIN, round: ROUND }), ..commit(counter, 1) })
}

fn disclosed(counter: u64) -> Body {
    let of = |name: &str| chain(name).nonce(u32::try_from(counter).unwrap()).unwrap();
    let shown = |name: &str| NonceShown { name: name.to_owned(), nonce: of(name) };
    Body::Disclose(Disclose { counter, nonces: vec![shown("officer"), shown("planner")] })
}

/// A ceremony in which nothing is wrong: drawn, changed by hand, committed again, made void, disclosed.
fn sound() -> Vec<Body> {
    vec![opening(), freeze(1), committed(1), drawn(1), override_(1), committed(2), void(2), disclosed(1)]
}

fn entries(bodies: &[Body]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for body in bodies {
        let names: &[&str] = if body.needs_two() { &["officer", "planner"] } else { &[] };
        let signed = names.iter().map(|name| Signed::new(name, &key(name), ORIGIN, body)).collect();
        let next = Entry::next(entries.last(), body.clone(), signed);
        entries.push(next);
    }
    entries
}

fn time(ahead: i64) -> i64 {
    time_of(ROUND).unwrap() - ahead
}

/// The note of the first `size` of these lines, cosigned at a time if one is given.
fn note(entries: &[Entry], size: usize, cosigned: Option<i64>) -> Note {
    let root = merkle_root(entries.iter().take(size).map(|entry| entry.bytes.as_slice()));
    let mut note = Note::new(&Checkpoint::new(ORIGIN, size as u64, root).unwrap().to_string()).unwrap();
    note.sign("planner", &key("planner")).unwrap();
    if let Some(time) = cosigned {
        note.cosign("audit", &key("audit"), time).unwrap();
    }
    note
}

/// The files of a ceremony whose first three lines were cosigned ten minutes before the round.
fn files(entries: &[Entry]) -> Files {
    let mut files = Files::from([(LEDGER.to_owned(), testing::bytes(entries))]);
    for size in 1..=entries.len() {
        let cosigned = (size == 3).then(|| time(600));
        put(&mut files, size, &note(entries, size, cosigned));
    }
    files
}

fn put(files: &mut Files, size: usize, note: &Note) {
    files.insert(checkpoint_file(size as u64), note.to_string().into_bytes());
}

fn names(files: &Files) -> BTreeSet<&'static str> {
    verify_ceremony(files).findings.iter().map(|finding| finding.name).collect()
}

fn names_of(entries: &[Entry]) -> BTreeSet<&'static str> {
    names(&files(entries))
}

/// What is found in the ceremony of these bodies.
fn found(bodies: &[Body]) -> Vec<&'static str> {
    names(&files(&entries(bodies))).into_iter().collect()
}

#[test]
fn a_sound_ceremony_is_sound_and_overrides_come_first() {
    let verdict = verify_ceremony(&files(&entries(&sound())));
    assert_eq!(verdict.findings, []);
    assert!(verdict.is_sound() && verdict.claims[..6].iter().all(|(_, state)| *state == State::Sound));
    let (text, json) = (verdict.to_string(), verdict.json());
    assert!(text.starts_with(
        "OVERRIDE  line 5: 1 seat given by hand, signed by officer (officer) and planner (planner)\n          reason: The ferry"
    ));
    assert!(text.find("VOID").unwrap() < text.find("ledger ").unwrap() && text.contains("\n\nSound"), "{text}");
    assert!(json.contains(r#""loud":[{"kind":"override","line":5,"reason":"The ferry does not run.""#), "{json}");
    assert_eq!((verdict.tally.drawn, verdict.tally.void, verdict.tally.overrides), (1, 1, 1));
}

#[test]
fn what_was_not_handed_on_is_said() {
    let states = |files: &Files| -> Vec<State> {
        let verdict = verify_ceremony(files);
        assert!(verdict.is_sound(), "{verdict}");
        // What everybody can check; the others take an auditor's files.
        verdict.claims.iter().take(6).map(|(_, state)| *state).collect()
    };
    let (whole, given, not) = (entries(&sound()), State::Sound, State::NotGiven);
    let ledger = Files::from([(LEDGER.to_owned(), testing::bytes(&whole))]);
    assert_eq!(states(&ledger), [given, not, not, given, given, given]);
    let quiet = entries(&sound()[..5]);
    assert_eq!(states(&files(&quiet)), [given, given, given, given, given, not]);
    let fresh = entries(&sound()[..3]);
    assert_eq!(states(&files(&fresh)), [given; 6]);
    assert_eq!(states(&files(&entries(&sound()[..1]))), [given; 6]);
}

#[test]
fn a_void_says_whether_the_number_could_be_known() {
    let entries = entries(&sound());
    let told = |cosigned: &[(usize, i64)]| {
        let mut files = files(&entries);
        for (size, time) in cosigned {
            put(&mut files, *size, &note(&entries, *size, Some(*time)));
        }
        verify_ceremony(&files).loud[1].says.clone()
    };
    assert!(told(&[]).ends_with("commitment 2, and nobody saw that before its beacon was known"));
    assert!(told(&[(8, time(-5))]).ends_with("nobody saw that before its beacon was known"));
    assert!(told(&[(7, time(5))]).ends_with("as was fixed before its beacon"));
    let alone = Files::from([(LEDGER.to_owned(), testing::bytes(&entries))]);
    assert_eq!(verify_ceremony(&alone).loud[1].says, "nothing is drawn from commitment 2");
}

/// The files under `tests/vectors/ledger`, for whoever reads ledgers with another program. The key of a party is the SHA-256 of its
/// name, and every chain begins with 32 sevens.
#[test]
fn the_ledger_among_the_vectors_is_what_is_written() {
    let mut files = files(&entries(&sound()));
    files.retain(|name, _| [LEDGER, "checkpoints/000003.note"].contains(&name.as_str()));
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/ledger");
    for (name, bytes) in &files {
        assert!(
            std::fs::read(folder.join(name)).is_ok_and(|there| there == *bytes),
            "{name} is {}",
            String::from_utf8_lossy(bytes)
        );
    }
    assert_eq!(crate::record::load_ceremony(&folder).unwrap(), files);
    assert!(verify_ceremony(&files).is_sound());
}

#[test]
fn without_a_ledger_nothing_can_be_checked() {
    for files in [Files::new(), Files::from([(LEDGER.to_owned(), Vec::new())])] {
        let verdict = verify_ceremony(&files);
        assert!(!verdict.is_sound() && verdict.findings.len() == 1);
        assert!(verdict.claims[1..].iter().all(|(_, state)| *state == State::Unchecked));
    }
}

#[test]
fn what_was_drawn_must_have_been_witnessed_in_time() {
    let entries = entries(&sound());
    let told = |size: usize, time: Option<i64>| {
        let mut files = files(&entries);
        put(&mut files, 3, &note(&entries, 3, None));
        put(&mut files, size, &note(&entries, size, time));
        names(&files).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(told(3, Some(time(1))), [""; 0]);
    assert_eq!(told(5, Some(time(1))), [""; 0]);
    assert_eq!(told(3, Some(time(0))), ["commitment-late"]);
    assert_eq!(told(8, Some(time(-9000))), ["commitment-late"]);
    assert_eq!(told(3, None), ["commitment-unwitnessed"]);
    assert_eq!(told(2, Some(time(600))), ["commitment-unwitnessed"], "it does not have the commitment");
}

#[test]
fn the_planner_and_officers_are_no_witnesses() {
    let entries = entries(&sound());
    for name in ["planner", "officer"] {
        let mut files = files(&entries);
        let mut note = note(&entries, 3, None);
        note.cosign(name, &key(name), time(600)).unwrap();
        put(&mut files, 3, &note);
        assert_eq!(names(&files).into_iter().collect::<Vec<_>>(), ["commitment-unwitnessed"]);
    }
}

#[test]
fn checkpoints_are_the_planners_and_of_these_lines() {
    let entries = entries(&sound());
    let told = |size: usize, text: String| {
        let mut files = files(&entries);
        files.insert(checkpoint_file(size as u64), text.into_bytes());
        names(&files).into_iter().collect::<Vec<_>>()
    };
    let text = note(&entries, 5, Some(time(9))).to_string();
    assert_eq!(told(5, text.clone()), [""; 0]);
    assert_eq!(told(4, text.clone()), ["checkpoint"], "another name");
    assert_eq!(told(5, String::new()), ["checkpoint"]);
    assert_eq!(told(5, text.replacen('\n', "\nmore\n", 1)), ["checkpoint"]);
    assert_eq!(told(5, text.replacen("harbour", "hamburg", 1)), ["checkpoint-signature"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(told(5, format!("{}\n", lines[..5].join("\n"))), [""; 0], "the planner alone");
    assert_eq!(told(5, format!("{}\n{}\n", lines[..4].join("\n"), lines[5])), ["checkpoint-signature"]);
    let other = note(&entries[..4], 4, Some(time(9))).to_string();
    let cosigned_elsewhere = other.lines().nth(5).unwrap();
    assert_eq!(told(5, format!("{}\n{cosigned_elsewhere}\n", lines[..5].join("\n"))), ["cosignature"]);
}

#[test]
fn a_second_ledger_and_lines_that_were_taken_away_are_found() {
    let (one, mut other) = (entries(&sound()), sound());
    other[1] = freeze_of_another_case();
    let mut mixed = files(&one);
    put(&mut mixed, 2, &note(&entries(&other), 2, None));
    assert_eq!(names(&mixed).into_iter().collect::<Vec<_>>(), ["checkpoint"]);
    let mut cut = files(&one);
    cut.insert(LEDGER.to_owned(), testing::bytes(&one[..7]));
    assert_eq!(names(&cut).into_iter().collect::<Vec<_>>(), ["checkpoint"]);
}

fn freeze_of_another_case() -> Body {
    match freeze(1) {
        Body::Freeze(freeze) => Body::Freeze(crate::record::ledger::Freeze { leaves: 8, ..freeze }),
        other => panic!("{other:?} is no freeze"),
    }
}

#[test]
fn draws_are_neither_dropped_nor_repeated() {
    let all = sound();
    let with = |bodies: &[Body]| found(&[&all[..3], bodies].concat());
    assert_eq!(with(&[committed(2)]), ["draw-dropped"]);
    assert_eq!(with(&[committed(2), void(2), disclosed(2)]), ["draw-dropped"]);
    assert_eq!(with(&[committed(2), void(2), drawn(1)]), ["draw-dropped", "drawn-again"]);
    assert_eq!(with(&[drawn(1), drawn(1)]), ["drawn-again"]);
    assert_eq!(with(&[drawn(1), void(1)]), ["drawn-again"]);
    assert_eq!(with(&[void(1), drawn(1)]), ["drawn-again"]);
    assert_eq!(with(&[drawn(1), committed(3)]), ["ledger-order"]);
    assert_eq!(with(&[drawn(2)]), ["ledger-order"]);
}

#[test]
fn what_decides_is_what_was_named_and_genuine() {
    let all = sound();
    let with = |beacon: Shown| found(&[&all[..3], &[draw_of(1, beacon)]].concat());
    let genuine: [u8; 48] = from_hex(GENUINE).unwrap();
    let round = |round, signature| Shown::Quicknet(ShownRound { round, signature });
    assert_eq!(with(round(ROUND, genuine)), [""; 0]);
    assert_eq!(with(round(ROUND + 1, genuine)), ["beacon-swapped"]);
    assert_eq!(with(round(ROUND, [9; 48])), ["beacon-forged"]);
    let throws = |faces, n| Shown::Dice(ShownDice { faces, throws: vec!["1"; n].join(" ") });
    assert_eq!(with(throws(6, 100)), [""; 0], "the fallback");
    assert_eq!(with(throws(6, 99)), ["beacon-forged"]);
    assert_eq!(with(throws(10, 78)), ["beacon-swapped"]);
    let by_dice = Commit { beacon: BeaconLine::Dice(dice()), fallback: None, ..commit(1, 1) };
    let with = |beacon: Shown| found(&[&all[..2], &[Body::Commit(by_dice.clone()), draw_of(1, beacon)]].concat());
    assert_eq!(with(throws(6, 100)), [""; 0]);
    assert_eq!(with(throws(10, 78)), ["beacon-swapped"]);
    assert_eq!(with(round(ROUND, genuine)), ["beacon-swapped"]);
    let none = Commit {
        fallback: None,
        beacon: BeaconLine::Quicknet(Quicknet { chain: CHAIN, round: ROUND }),
        ..commit(1, 1)
    };
    assert_eq!(found(&[&all[..2], &[Body::Commit(none), draw_of(1, throws(6, 100))]].concat()), ["beacon-swapped"]);
}

#[test]
fn dice_are_witnessed_until_their_day_is_over() {
    let by_dice = Commit { beacon: BeaconLine::Dice(dice()), fallback: None, ..commit(1, 1) };
    let throws = Shown::Dice(ShownDice { faces: 6, throws: ["1"; 100].join(" ") });
    let entries = entries(&[opening(), freeze(1), Body::Commit(by_dice), draw_of(1, throws)]);
    let end = day(4).and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp();
    for (time, name) in [(end - 1, None), (end, Some("commitment-late"))] {
        let mut files = files(&entries);
        put(&mut files, 3, &note(&entries, 3, Some(time)));
        assert_eq!(names(&files).into_iter().next(), name);
    }
}

#[test]
fn dice_with_an_hour_are_witnessed_before_it() {
    let hour = chrono::NaiveTime::from_hms_opt(10, 0, 0).unwrap();
    let timed = crate::record::ledger::Dice { time: Some(hour), ..dice() };
    let by_dice = Commit { beacon: BeaconLine::Dice(timed), fallback: None, ..commit(1, 1) };
    let throws = Shown::Dice(ShownDice { faces: 6, throws: ["1"; 100].join(" ") });
    let entries = entries(&[opening(), freeze(1), Body::Commit(by_dice), draw_of(1, throws)]);
    let end = day(3).and_time(hour).and_utc().timestamp();
    for (time, name) in [(end - 1, None), (end, Some("commitment-late")), (end + 60, Some("commitment-late"))] {
        let mut files = files(&entries);
        put(&mut files, 3, &note(&entries, 3, Some(time)));
        assert_eq!(names(&files).into_iter().next(), name);
    }
}

#[test]
fn what_takes_two_hands_has_two() {
    let with = |names: &[(&str, &str)]| {
        let mut all = entries(&sound()[..4]);
        let body = override_(1);
        let sign =
            |(name, of): &(&str, &str)| Signed { name: (*name).to_owned(), ..Signed::new(of, &key(of), ORIGIN, &body) };
        all.push(Entry::next(all.last(), body.clone(), names.iter().map(sign).collect()));
        names_of(&all).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(with(&[("audit", "audit"), ("officer", "officer")]), [""; 0]);
    assert_eq!(with(&[]), ["signature-missing"]);
    assert_eq!(with(&[("planner", "planner")]), ["signature-missing"]);
    assert_eq!(with(&[("officer", "planner"), ("planner", "planner")]), ["signature", "signature-missing"]);
    assert_eq!(with(&[("audit", "audit"), ("nobody", "officer"), ("planner", "planner")]), ["signature"]);
}

#[test]
fn secrets_are_the_links_of_their_chains() {
    let mut all = sound();
    let with = |all: &[Body], change: &dyn Fn(&mut Disclose)| {
        let Body::Disclose(mut disclose) = disclosed(1) else { panic!("a disclosure is one") };
        change(&mut disclose);
        found(&[&all[..7], &[Body::Disclose(disclose)]].concat())
    };
    assert_eq!(with(&all, &|_| {}), [""; 0]);
    assert_eq!(with(&all, &|all| all.nonces[1].nonce = [1; 32]), ["nonce"]);
    assert_eq!(with(&all, &|all| all.nonces[1].nonce = chain("planner").nonce(2).unwrap()), ["nonce"]);
    assert_eq!(with(&all, &|all| all.nonces.swap(0, 1)), ["ledger-order"]);
    assert_eq!(with(&all, &|all| all.counter = 3), ["ledger-order"]);
    all.push(disclosed(2));
    assert_eq!(found(&all), [""; 0]);
    all.swap(7, 8);
    assert_eq!(found(&all), [""; 0], "in another order");
}

#[test]
fn a_record_states_the_secrets_too() {
    let whole = entries(&sound()[..4]);
    let told = |nonces: &[String]| {
        let record = r#"{"builder":"3","case":"a","ceremony":{"commit":"","counter":1,"fixed":"","from":"2027-01-04","nonces":NONCES,"to":"2027-01-04"},"check":"","counts":{"mandatory":0,"mandatory_staffed":0,"seats":0,"staffed":0,"visits":0,"waivers":0},"files":{},"format":"foureyes/v1","inputs":"","kind":"ceremony","odds":"","reserves":"","schedule":"","seed":"","stages":"","unstaffed":[]}"#;
        let record = record.replace("NONCES", &format!("{nonces:?}").replace(' ', ""));
        let mut files = files(&whole);
        files.insert("draws/001/record.json".to_owned(), format!("{record}\n").into_bytes());
        let verdict = verify_ceremony(&files);
        let secrets = verdict.claims[5].1;
        let of_secrets = verdict.findings.iter().filter(|finding| finding.claim == "secrets");
        (secrets, of_secrets.map(|finding| finding.name).collect::<Vec<_>>())
    };
    let of = |name: &str, counter| crate::draw::to_hex(&chain(name).nonce(counter).unwrap());
    assert_eq!(told(&[of("officer", 1), of("planner", 1)]), (State::Sound, vec![]));
    assert_eq!(told(&[of("officer", 1), of("planner", 2)]), (State::Broken, vec!["nonce"]));
    assert_eq!(told(&[of("officer", 1)]), (State::Broken, vec!["nonce"]));
    assert_eq!(told(&[of("officer", 1), "x".to_owned()]), (State::Broken, vec!["nonce"]));
}

#[test]
fn lines_moved_left_out_or_put_in_break_the_chain() {
    let whole = entries(&sound());
    let told = |change: &dyn Fn(&mut Vec<Entry>)| {
        let mut all = whole.clone();
        change(&mut all);
        let mut files = files(&whole);
        files.insert(LEDGER.to_owned(), testing::bytes(&all));
        names(&files)
    };
    assert!(told(&|all| drop(all.remove(4))).contains("ledger-chain"));
    assert!(told(&|all| all.swap(4, 5)).contains("ledger-chain"));
    assert!(told(&|all| all.insert(4, all[4].clone())).contains("ledger-chain"));
    assert!(told(&|all| drop(all.remove(0))).contains("ledger-chain"));
}

#[test]
fn a_ledger_of_nonsense_is_told_and_does_not_take_for_ever() {
    let Body::Open(open) = opening() else { panic!("an opening is an opening") };
    let auditors = open.parties.into_iter().filter(|party| party.role == Role::Auditor).collect();
    let bodies = [Body::Open(Open { parties: auditors, ..open_of("x") }), disclosed(9), drawn(7), freeze(5)];
    assert!(found(&bodies).contains(&"ledger-order"));
    let huge = Body::Disclose(Disclose {
        counter: (1 << 53) - 1,
        nonces: vec![NonceShown { name: "planner".to_owned(), nonce: [0; 32] }],
    });
    assert_eq!(found(&[opening(), huge.clone(), huge]), ["ledger-order"]);
}

fn open_of(origin: &str) -> Open {
    Open { format: String::new(), origin: origin.to_owned(), parties: Vec::new() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever byte of the ledger or of a checkpoint is changed, something is found.
    #[test]
    fn no_byte_can_be_changed_unseen(place in 0..usize::MAX, bit in 0..8u32) {
        let mut files = files(&entries(&sound()));
        let total: usize = files.values().map(Vec::len).sum();
        let mut at = place % total;
        for bytes in files.values_mut() {
            match bytes.get_mut(at) {
                Some(byte) => {
                    *byte ^= 1 << bit;
                    break;
                }
                None => at -= bytes.len(),
            }
        }
        prop_assert!(!names(&files).is_empty());
    }

    /// No ledger makes the verifier panic.
    #[test]
    fn nothing_is_too_strange(lines in proptest::collection::vec("[ -~]{0,80}|\\{\"kind\":\"[a-z]{4,8}\",\"line\":[0-9]{1,20}\\}", 0..8)) {
        let text = lines.join("\n");
        let files = Files::from([(LEDGER.to_owned(), text.clone().into_bytes()), ("checkpoints/000001.note".to_owned(), text.into_bytes())]);
        prop_assert!(!verify_ceremony(&files).is_sound());
    }
}
