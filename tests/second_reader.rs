//! `examples/second_reader.py`, which shares no line with the program, finds the same in every attacked record and in every
//! published one.
//!
//! It takes Python 3.9 or later. A fresh machine has none: there this test says so and asks nothing, unless the
//! environment names `CI`, where every reader must be asked.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a helper of a test fails the test")]

mod attacks;
mod office;
#[path = "agreement/small.rs"]
mod small;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use attacks::{Attack, attacks, base, drawn, folder};
use foureyes::bound::stage_bounds;
use foureyes::draw::{Root, Stream, digest};
use foureyes::model::{Case, Drawn, Setting, Stage, UrnPolicy};
use foureyes::read::read_case;
use foureyes::record::{self, BOUNDS, Ceremony, Files, Frozen, bound_lines, load_ceremony, read_receipt};
use foureyes::rules::{BOOK, Board, Book};
use foureyes::urn::{Nobody, Options, draw_stages};
use foureyes::verify::{CeremonyVerdict, verify, verify_ceremony, verify_ceremony_beside, verify_receipt};
use office::ceremony;
use serde_json::Value;

/// The findings of a folder, by name, and whether it is sound.
type Said = (BTreeSet<String>, bool);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What the second reader is asked with; none where there is no Python.
fn python() -> Option<&'static str> {
    let new_enough = "import sys; sys.exit(sys.version_info < (3, 9))";
    let runs = |name: &&str| Command::new(name).args(["-c", new_enough]).status().is_ok_and(|status| status.success());
    let found = ["python3", "python"].into_iter().find(runs);
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "no Python 3.9 or later is installed, and CI asks both readers");
        eprintln!("NOT ASKED: the second reader takes Python 3.9 or later, and there is none");
    }
    found
}

fn ask(python: &str, arguments: &[PathBuf]) -> Output {
    let reader = root().join("examples/second_reader.py");
    Command::new(python).arg("-B").arg(reader).arg("--json").args(arguments).output().unwrap()
}

/// What the second reader says of `folders`, all in one process; by folder.
fn said(python: &str, folders: &[PathBuf]) -> BTreeMap<PathBuf, Said> {
    let output = ask(python, folders);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let said: BTreeMap<PathBuf, Said> = lines.lines().map(of_line).collect();
    assert_eq!(said.len(), folders.len(), "one line a folder");
    let code = i32::from(said.values().any(|(_, sound)| !sound));
    assert_eq!(output.status.code(), Some(code), "0 where all is sound, 1 where something was found");
    said
}

fn of_line(line: &str) -> (PathBuf, Said) {
    let line: Value = serde_json::from_str(line).unwrap();
    let names = line["findings"].as_array().unwrap().iter().map(|finding| finding["name"].as_str().unwrap().to_owned());
    let folder = line["folder"].as_str().unwrap();
    (PathBuf::from(folder), (names.collect(), line["sound"].as_bool().unwrap()))
}

/// Every attacked record as a folder of its own under `scratch`, with its name.
fn written(scratch: &Path, attacks: &[(String, Attack)]) -> Vec<PathBuf> {
    let write = |(name, attack): &(String, Attack)| {
        let folder = scratch.join(name);
        record::write(&folder, &attack.files()).unwrap();
        folder
    };
    attacks.iter().map(write).collect()
}

#[test]
fn both_readers_find_the_same_in_every_attacked_record() {
    let Some(python) = python() else { return };
    let (scratch, attacks) = (tempfile::tempdir().unwrap(), attacks());
    let folders = written(scratch.path(), &attacks);
    let said = said(python, &folders);
    let mut wrong = Vec::new();
    for ((name, attack), folder) in attacks.iter().zip(&folders) {
        let ours: BTreeSet<String> = verify(&attack.files()).findings.iter().map(|one| one.name.to_owned()).collect();
        let (theirs, sound) = &said[folder];
        if attack.expect != *theirs || ours != *theirs || *sound {
            wrong.push(format!("{name} ({}): expected {:?}, found {theirs:?}", attack.why, attack.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_second_reader_says_the_same_of_every_claim_of_the_base_with_and_without_its_urns() {
    let Some(python) = python() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let texts = ["", "delete urns/001.urn", "delete urns/001.urn\ndelete urns/002.urn", "cut urns/002.urn\n- 1"];
    let attacks: Vec<_> = (0..).map(|at: u8| at.to_string()).zip(texts.map(Attack::read)).collect();
    let folders = written(scratch.path(), &attacks);
    let lines = String::from_utf8(ask(python, &folders).stdout).unwrap();
    for ((_, attack), line) in attacks.iter().zip(lines.lines()) {
        let theirs: Value = serde_json::from_str(line).unwrap();
        let ours: Value = serde_json::from_str(&verify(&attack.files()).json()).unwrap();
        assert_eq!(theirs["claims"], ours["claims"]);
        assert_eq!(theirs["sound"], ours["sound"]);
    }
    assert!(verify(&base()).is_sound());
}

/// Where `region` is a minute of work on a slow machine, `CI` does it; elsewhere the smaller two are enough.
/// The base, as a ceremony would have drawn its second week after the first had been fixed.
fn of_a_ceremony() -> Files {
    let files = base();
    let (case, book) = record::thaw(&files).unwrap();
    let mut all = drawn(&files);
    let (stage, first) = (all.stages.remove(1), all.stages.remove(0));
    let before = foureyes::model::Schedule { assignments: first.urn.part(first.index as usize).assignments };
    let ceremony = Ceremony::new(2, "00".repeat(32), stage.span(), vec!["11".repeat(32)]);
    let drawn = Drawn { before, stages: vec![stage], schedule: all.schedule };
    record::publish_ceremony(&case, &book, &record::freeze(&case, &book), "2027-01", &drawn, ceremony)
}

/// `old` stands in the file once, and becomes `new`.
fn changed(files: &Files, name: &str, old: &str, new: &str) -> Files {
    let text = std::str::from_utf8(&files[name]).unwrap();
    assert_eq!(text.matches(old).count(), 1, "{old} in {name}");
    let mut files = files.clone();
    files.insert(name.to_owned(), text.replace(old, new).into_bytes());
    files
}

#[test]
fn both_readers_say_the_same_of_a_ceremonys_record() {
    let Some(python) = python() else { return };
    let whole = of_a_ceremony();
    assert!(verify(&whole).is_sound(), "{}", verify(&whole));
    let without = |name: &str| {
        let mut files = whole.clone();
        assert!(files.remove(name).is_some());
        files
    };
    let first = r#""date":"2027-01-04","slot":"am","team":["ana","ben"],"visit":"v01""#;
    let later = first.replace("04", "13");
    let cases = [
        whole.clone(),
        without("fixed.jsonl"),
        without("urns/002.urn"),
        without("reserves.jsonl"),
        changed(&whole, "fixed.jsonl", first, &later),
        changed(&whole, "schedule.jsonl", first, &later),
        changed(&whole, "fixed.jsonl", first, r#""unstaffed":true,"visit":"v01""#),
        changed(&whole, "fixed.jsonl", r#""ben"],"visit":"v01""#, r#""cem"],"visit":"v01""#),
        changed(&whole, "fixed.jsonl", r#""ben"],"visit":"v01""#, r#""nobody"],"visit":"v01""#),
        changed(&whole, "record.json", r#""counter":2"#, r#""counter":3"#),
        changed(&whole, "record.json", r#""from":"2027-01-11""#, r#""from":"2027-01-12""#),
        changed(&whole, "record.json", r#""kind":"ceremony""#, r#""kind":"seed""#),
    ];
    let scratch = tempfile::tempdir().unwrap();
    for (at, files) in cases.iter().enumerate() {
        let folder = scratch.path().join(at.to_string());
        record::write(&folder, files).unwrap();
        let theirs: Value = serde_json::from_slice(&ask(python, &[folder]).stdout).unwrap();
        let ours: Value = serde_json::from_str(&verify(files).json()).unwrap();
        let names = |verdict: &Value| {
            let found = verdict["findings"].as_array().unwrap().iter().map(|one| one["name"].to_string());
            found.collect::<BTreeSet<_>>()
        };
        assert_eq!(names(&theirs), names(&ours), "case {at}: {}", verify(files));
        assert_eq!(theirs["claims"], ours["claims"], "case {at}");
    }
}

#[test]
fn the_second_reader_calls_every_published_record_sound() {
    let Some(python) = python() else { return };
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root().join("schedules")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| std::env::var_os("CI").is_some() || !folder.ends_with("region"));
    folders.push(folder().join("base"));
    let scratch = tempfile::tempdir().unwrap();
    record::write(&scratch.path().join("levels"), &attacks::with_levels()).unwrap();
    folders.push(scratch.path().join("levels"));
    for (folder, (found, sound)) in said(python, &folders) {
        assert!(sound && found.is_empty(), "{}: {found:?}", folder.display());
    }
}

#[test]
fn the_arithmetic_of_the_second_reader_gives_the_published_vectors() {
    let Some(python) = python() else { return };
    let output = ask(python, &[PathBuf::from("--self-test")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// Rule travel: the least whole kilometres within which two points lie.
#[test]
fn the_second_reader_counts_distances_as_the_vectors_do() {
    let Some(python) = python() else { return };
    let says = "import json, sys; sys.path.insert(0, 'examples'); import second_reader as reader\n\
        for row in json.load(open('tests/vectors/travel.json')):\n    \
            a, b = ({'lat': lat, 'lon': lon} for lat, lon in (row['a'], row['b']))\n    \
            assert row['km'] == next(km for km in range(2001) if reader.within(a, b, km)), row\n";
    let output = Command::new(python).args(["-B", "-c", says]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_folder_that_is_none_ends_with_two() {
    let Some(python) = python() else { return };
    let output = ask(python, &[root().join("tests/no-such-folder")]);
    assert_eq!(output.status.code(), Some(2));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(line["error"].as_str().unwrap().contains("is not a folder"));
}

/// What `--json` of the second reader says of a file or a folder.
fn told(python: &str, arguments: &[PathBuf]) -> Value {
    let output = ask(python, arguments);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The findings of a verdict by name, and its claims.
fn in_short(verdict: &Value) -> (BTreeSet<String>, Vec<(String, String)>) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let names = verdict["findings"].as_array().unwrap().iter().map(|one| text(&one["name"])).collect();
    let claims = verdict["claims"].as_array().unwrap();
    (names, claims.iter().map(|one| (text(&one["claim"]), text(&one["state"]))).collect())
}

fn put(folder: &Path, files: &Files) {
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// Both readers say the same of every ceremony, each with what was done to it.
fn agree_on_ceremonies(python: &str, ceremonies: &[(String, Files)]) {
    let mut wrong = Vec::new();
    for some in ceremonies.chunks(50) {
        let scratch = tempfile::tempdir().unwrap();
        let folder = |at: usize| scratch.path().join(at.to_string());
        some.iter().enumerate().for_each(|(at, (_, files))| put(&folder(at), files));
        let mut asked = vec![PathBuf::from("--beacon")];
        asked.extend((0..some.len()).map(folder));
        let output = ask(python, &asked);
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).unwrap();
        assert_eq!(lines.lines().count(), some.len(), "one line a folder");
        let told = some.iter().zip(lines.lines());
        wrong.extend(told.filter_map(|((what, files), line)| {
            differ(&verify_ceremony(files), line).map(|how| format!("{what}\n{how}"))
        }));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What both readers say in the same words.
const ALIKE: [&str; 6] = ["sound", "beside", "notices", "cosignatures", "head", "parties"];

/// What both say of each draw.
fn draws(verdict: &Value) -> Vec<Value> {
    let mut draws = verdict["draws"].as_array().unwrap().clone();
    for draw in &mut draws {
        draw.as_object_mut().unwrap().retain(|key, _| !["replayed", "settings", "waivers"].contains(&key.as_str()));
    }
    draws
}

/// How the line of the second reader on a ceremony differs from what the program says of it.
fn differ(ours: &CeremonyVerdict, line: &str) -> Option<String> {
    let all = |verdict: &str| {
        let verdict: Value = serde_json::from_str(verdict).unwrap();
        let loud = verdict["loud"].as_array().unwrap().iter().map(|one| one["signed"].clone());
        (in_short(&verdict), ALIKE.map(|key| verdict[key].clone()), draws(&verdict), loud.collect::<Vec<_>>())
    };
    let (theirs, ours) = (all(line), all(&ours.json()));
    (theirs != ours).then(|| format!("  theirs: {theirs:?}\n  ours: {ours:?}"))
}

/// Changes of one text in one file: which, what becomes what.
const ALTERED: [(&str, &str, &str); 16] = [
    ("ledger.jsonl", "\"round\":123", "\"round\":124"),
    ("ledger.jsonl", "\"kind\":\"draw\"", "\"kind\":\"redraw\""),
    ("ledger.jsonl", "\"signature\":\"b7", "\"signature\":\"b6"),
    ("ledger.jsonl", "\"staffed\":", "\"staffed\":1"),
    ("ledger.jsonl", "\"name\":\"audit\"", "\"name\":\"aud it\""),
    ("ledger.jsonl", "{\"case\":", "{ \"case\":"),
    ("checkpoints/000003.note", "\n3\n", "\n4\n"),
    ("checkpoints/000003.note", "audit", "audits"),
    ("checkpoints/000003.note", "\u{2014} planner", "\u{2014} planners"),
    ("frozen/001/salt", "\n", ""),
    ("frozen/001/inputs/visits.jsonl", "\"duration\":1", "\"duration\":2"),
    ("draws/001/record.json", "\"counter\":1", "\"counter\":2"),
    ("draws/001/record.json", "\"nonces\":[\"", "\"nonces\":[\"0"),
    ("draws/001/record.json", "\"seed\":\"", "\"seed\":\"0"),
    ("draws/001/inputs/visits.jsonl", "\"duration\":1", "\"duration\":2"),
    ("draws/001/fixed.jsonl", "\"unstaffed\":true", "\"unstaffed\":false"),
];

#[test]
fn both_readers_say_the_same_of_a_ceremony_and_of_parts_of_it() {
    let Some(python) = python() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let whole = ceremony(scratch.path()).files;
    let mut ceremonies = vec![("whole".to_owned(), whole.clone())];
    for part in ["ledger", "checkpoints", "checkpoints/000003", "frozen", "draws", "draws/001/fixed", "draws/001/urns"]
    {
        let mut files = whole.clone();
        files.retain(|name, _| !name.starts_with(part));
        assert!(files.len() < whole.len(), "{part}");
        ceremonies.push((format!("without {part}"), files));
    }
    for (name, old, new) in ALTERED {
        let text = std::str::from_utf8(&whole[name]).unwrap();
        assert!(text.contains(old), "{old} in {name}");
        let mut files = whole.clone();
        files.insert(name.to_owned(), text.replacen(old, new, 1).into_bytes());
        ceremonies.push((format!("{name}: {new}"), files));
    }
    assert!(verify_ceremony(&whole).is_sound(), "{}", verify_ceremony(&whole));
    let signed = load_ceremony(&root().join("tests/vectors/ledger")).unwrap();
    ceremonies.push(("with an override and a void".to_owned(), signed));
    agree_on_ceremonies(python, &ceremonies);
}

#[test]
fn both_readers_find_the_same_in_every_attacked_ceremony() {
    let Some(python) = python() else { return };
    let mut ceremonies = vec![("the base".to_owned(), without_receipts(attacks::ceremony::base()))];
    let alone = |attack: &Attack| attack.receipt().is_none() && attack.elsewhere(&attack.ceremony()).is_none();
    let attacked = attacks::ceremony::attacks().into_iter().filter(|(_, attack)| alone(attack));
    ceremonies.extend(attacked.map(|(name, attack)| (name, without_receipts(attack.ceremony()))));
    agree_on_ceremonies(python, &ceremonies);
}

/// Where something is known from elsewhere, each reader is told of it in its own way.
#[test]
fn both_readers_find_the_same_where_something_is_known_from_elsewhere() {
    let Some(python) = python() else { return };
    let mut met = 0;
    for (name, attack) in attacks::ceremony::attacks() {
        let Some((mut files, elsewhere)) = attack.elsewhere(&attack.ceremony()) else { continue };
        files.retain(|name, _| !name.starts_with("receipts/"));
        let scratch = tempfile::tempdir().unwrap();
        let mut asked = vec![PathBuf::from("--beacon")];
        let mut give = |word: &str, path: PathBuf| asked.extend([PathBuf::from(word), path]);
        attack.known().into_iter().for_each(|path| give("--party", path));
        let (shown, copies) = (elsewhere.checkpoints.iter(), elsewhere.ledgers.iter());
        for (at, (_, bytes)) in shown.enumerate() {
            put(&scratch.path().join("shown"), &Files::from([(at.to_string(), bytes.clone())]));
            give("--checkpoint", scratch.path().join("shown").join(at.to_string()));
        }
        for (_, bytes) in copies {
            put(&scratch.path().join("copy"), &Files::from([("ledger.jsonl".to_owned(), bytes.clone())]));
            give("--copy", scratch.path().join("copy"));
        }
        put(&scratch.path().join("folder"), &files);
        asked.push(scratch.path().join("folder"));
        let output = ask(python, &asked);
        let line = String::from_utf8(output.stdout).unwrap();
        let ours = verify_ceremony_beside(&files, &elsewhere);
        assert_eq!(differ(&ours, line.trim_end()), None, "{name}");
        met += 1;
    }
    assert!(met > 6, "{met} attacks");
}

/// What `make` makes of random numbers, so many times; where the environment says so with `FOUREYES_ALTERED=FIRST..END`, others, for a night.
fn at_random<T>(kind: &str, count: u64, make: impl Fn(&mut Stream) -> T) -> Vec<(u64, T)> {
    let asked = std::env::var("FOUREYES_ALTERED").ok();
    let range = asked.as_deref().and_then(|text| text.split_once("..")).unwrap_or(("0", ""));
    let (first, end) = (range.0.parse().unwrap(), range.1.parse().unwrap_or(count));
    let stream = |number| Stream::from_key(digest(format!("altered {kind} {number}").as_bytes()));
    (first..end).map(|number| (number, make(&mut stream(number)))).collect()
}

#[test]
fn both_readers_find_the_same_in_ceremonies_altered_at_random() {
    let Some(python) = python() else { return };
    let altered = at_random("ceremony", 60, attacks::random::ceremony);
    let altered: Vec<_> =
        altered.into_iter().map(|(number, (what, files))| (format!("{number}: {what}"), files)).collect();
    agree_on_ceremonies(python, &altered);
}

/// Whoever can sign for all but the auditor makes what they like. Both readers say the same of it, and call nothing sound without a reason that a
/// reader can see; how often each is printed.
#[test]
fn nothing_that_all_but_the_auditor_altered_is_sound_without_a_reason() {
    let Some(python) = python() else { return };
    let altered = at_random("colluding", 60, attacks::random::colluding);
    let base = verify_ceremony(&without_receipts(attacks::ceremony::base()));
    let (mut counts, mut none) = (BTreeMap::<String, usize>::new(), Vec::new());
    for (number, (what, files)) in &altered {
        let reason = reason(&base, &verify_ceremony(files));
        none.extend(reason.is_none().then(|| format!("{number}: {what}")));
        *counts.entry(reason.unwrap_or_default()).or_default() += 1;
    }
    counts.iter().for_each(|(reason, count)| println!("{count:6}  {reason}"));
    assert!(none.is_empty(), "sound without a reason:\n{}", none.join("\n"));
    let named = altered.into_iter().map(|(number, (what, files))| (format!("{number}: {what}"), files));
    agree_on_ceremonies(python, &named.collect::<Vec<_>>());
}

/// Why an altered ceremony is called what it is; none where it is sound and a reader sees nothing that the base does not have.
fn reason(base: &CeremonyVerdict, verdict: &CeremonyVerdict) -> Option<String> {
    if !verdict.is_sound() {
        return Some("not sound".to_owned());
    }
    let names = |verdict: &CeremonyVerdict| -> Vec<(&str, Option<u64>)> {
        verdict.notices.iter().map(|notice| (notice.name, notice.line)).collect()
    };
    let known = names(base);
    let told: BTreeSet<&str> =
        names(verdict).into_iter().filter(|one| !known.contains(one)).map(|(name, _)| name).collect();
    let not_given: Vec<&str> = verdict.lacking.iter().map(|lacking| lacking.claim).collect();
    let reasons = [
        (verdict.head == base.head).then(|| "sound: no line of the ledger is another".to_owned()),
        (!told.is_empty()).then(|| format!("sound, and told: {}", told.into_iter().collect::<Vec<_>>().join(", "))),
        (!not_given.is_empty()).then(|| "sound as far as it goes: files are not handed on".to_owned()),
        (verdict.tally.lines < base.tally.lines).then(|| "sound: a ledger that ends earlier".to_owned()),
        (verdict.loud != base.loud).then(|| "sound, and shown first: voids, overrides, dice".to_owned()),
    ];
    reasons.into_iter().flatten().next()
}

fn without_receipts(mut files: Files) -> Files {
    files.retain(|name, _| !name.starts_with("receipts/"));
    files
}

#[test]
fn both_readers_find_the_same_where_facts_vanish_at_random() {
    let Some(python) = python() else { return };
    let altered = at_random("later", 40, attacks::random::later);
    let altered: Vec<_> =
        altered.into_iter().map(|(number, (what, files))| (format!("{number}: {what}"), files)).collect();
    agree_on_ceremonies(python, &altered);
}

#[test]
fn both_readers_find_the_same_in_records_altered_at_random() {
    let Some(python) = python() else { return };
    agree_on_records(python, &at_random("record", 60, attacks::random::record));
}

/// Both readers find the same in every record, each with its number and with what was done to it.
fn agree_on_records(python: &str, records: &[(u64, (String, Files))]) {
    let mut wrong = Vec::new();
    for some in records.chunks(50) {
        let scratch = tempfile::tempdir().unwrap();
        let folder = |number: u64| scratch.path().join(number.to_string());
        some.iter().for_each(|(number, (_, files))| put(&folder(*number), files));
        let said = said(python, &some.iter().map(|(number, _)| folder(*number)).collect::<Vec<_>>());
        for (number, (what, files)) in some {
            let verdict = verify(files);
            let names: BTreeSet<String> = verdict.findings.iter().map(|one| one.name.to_owned()).collect();
            let theirs = &said[&folder(*number)];
            if (&names, verdict.is_sound()) != (&theirs.0, theirs.1) {
                wrong.push(format!("{number}: {what}\n  theirs: {theirs:?}\n  ours: {names:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_readers_find_urns_made_by_hand_poor() {
    let Some(python) = python() else { return };
    let (honest, made) = attacks::poor::records();
    let made = made.into_iter().chain([("honest", honest)]).map(|(what, files)| (what.to_owned(), files));
    agree_on_records(python, &(0..).zip(made).collect::<Vec<_>>());
}

/// A small random case, frozen, with what `ask` says of its urns; none where it can't be frozen as it is.
fn frozen_small_case(stream: &mut Stream, ask: impl Fn(&mut Stream, &mut UrnPolicy)) -> Option<(Case, Book, Frozen)> {
    // Chance seldom breaks what must lie hours apart, so more cases are about that.
    let names: Vec<&str> = BOOK.iter().map(|entry| entry.name).chain(["rest"; 6]).collect();
    let alone = names.get(stream.index(names.len() + 1)).copied();
    let (mut case, book) = small::case(stream, alone);
    ask(stream, &mut case.urn);
    let frozen = record::freeze(&case, &book);
    record::thaw(&frozen.files).ok()?;
    Some((case, book, frozen))
}

/// What `make` makes of small random cases, where they can be frozen.
fn of_small_cases<T>(kind: &str, count: u64, make: impl Fn(&mut Stream) -> Option<T>) -> Vec<(u64, T)> {
    at_random(kind, count, make).into_iter().filter_map(|(number, made)| Some((number, made?))).collect()
}

/// A record of a small random case, in which a schedule was drawn that may break any rule; none where the case can't be frozen as it is.
fn of_a_small_case(stream: &mut Stream) -> Option<(String, Files)> {
    let (case, book, frozen) = frozen_small_case(stream, |_, urn| urn.tickets = 2)?;
    let size = |visit| book.rules().find_map(|(_, rule)| rule.team_size(&case, visit)).unwrap_or(2);
    let mut board = Board::new(&case);
    for _ in 0..1 + stream.index(2 * case.visits.len()) {
        let Some((place, team)) = small::placement(stream, &board) else { break };
        if team.members().len() == size(place.visit) {
            board.put(place, team);
        }
    }
    let schedule = board.schedule();
    let root = Root::from_seed(&frozen.digest, "small");
    let drawn = attacks::drawn_as(&case, &book, &root, &schedule);
    let broken: BTreeSet<&str> = book.check(&case, &schedule).iter().map(|one| one.rule).collect();
    let what = broken.iter().map(|name| format!("breaks {name}.")).collect::<Vec<_>>().join(" ");
    Some((what, record::publish(&case, &book, &frozen, "small", &drawn)))
}

#[test]
fn both_readers_find_the_same_rules_broken_in_small_random_cases() {
    let Some(python) = python() else { return };
    let made = of_small_cases("small case", 240, of_a_small_case);
    let never = |name: &&str| !made.iter().any(|(_, (what, _))| what.contains(&format!("breaks {name}.")));
    let never: Vec<&str> = BOOK.iter().map(|entry| entry.name).filter(never).collect();
    // A ticket has no room for a team of another size.
    assert_eq!(never, ["team-size"], "of {} records", made.len());
    agree_on_records(python, &made);
}

/// What the program draws for a small random case, with its bounds; none where the case can't be frozen as it is.
fn drawn_of_a_small_case(stream: &mut Stream) -> Option<(String, Files)> {
    let (case, book, frozen) = frozen_small_case(stream, |stream, urn| {
        urn.tickets = [1, 3, 8, 12, 16, 40][stream.index(6)];
        urn.stage = [Stage::Day, Stage::Week, Stage::Period][stream.index(3)];
    })?;
    let drawn = draw_stages(&case, &book, &Root::from_seed(&frozen.digest, "s"), &Options::default(), &mut Nobody);
    let mut files = record::publish(&case, &book, &frozen, "s", &drawn);
    if stream.index(2) == 0 {
        files.insert(BOUNDS.to_owned(), bound_lines(&case, &stage_bounds(&case, &book, &drawn)));
    }
    Some((format!("{} visits drawn", drawn.schedule.assignments.len()), files))
}

#[test]
fn both_readers_call_sound_what_is_drawn_for_small_random_cases() {
    let Some(python) = python() else { return };
    let made = of_small_cases("drawn", 120, drawn_of_a_small_case);
    for (number, (what, files)) in &made {
        let verdict = verify(files);
        assert!(verdict.is_sound(), "{number}, {what}: {verdict}");
    }
    assert!(made.iter().filter(|(_, (what, _))| !what.starts_with("0 ")).count() > 10);
    agree_on_records(python, &made);
}

/// What is published for the case in `tests/cases/broken/RULE` where the plan did not know the rule, or did.
fn planned(case: &Case, rule: &str, knew_it: bool) -> Files {
    let mut known = case.clone();
    known.settings.get_mut(rule).unwrap().insert("enabled".to_owned(), Setting::Switch(knew_it));
    let (book, stated) = (Book::new(&known.settings).unwrap(), Book::new(&case.settings).unwrap());
    let frozen = record::freeze(case, &stated);
    let drawn = draw_stages(&known, &book, &Root::from_seed(&frozen.digest, "s"), &Options::default(), &mut Nobody);
    record::publish(case, &stated, &frozen, "s", &drawn)
}

/// The record with coordinates that no place may have.
fn with_wrong_coordinates(files: &Files) -> Vec<(String, Files)> {
    let porto = r#""lat":41149450,"lon":-8610790"#;
    let wrong = [
        r#""lat":80000001,"lon":-8610790"#,
        r#""lat":41149450,"lon":-180000001"#,
        r#""lat":41149450"#,
        r#""lat":41149450,"lon":179000000"#,
        r#""lat":41149450,"lon":2147483648"#,
    ];
    let alter = |coordinates: &str| {
        let files = changed(files, "inputs/establishments.jsonl", porto, coordinates);
        let found = verify(&files).findings;
        let name = if coordinates.ends_with("483648") { "malformed" } else { "bad-value" };
        assert!(found.iter().any(|one| one.name == name), "{coordinates}: {found:?}");
        (coordinates.to_owned(), files)
    };
    wrong.into_iter().map(alter).collect()
}

#[test]
fn both_readers_find_each_rule_broken_by_a_plan_that_did_not_know_it() {
    let Some(python) = python() else { return };
    let mut made = Vec::new();
    for folder in std::fs::read_dir(root().join("tests/cases/broken")).unwrap() {
        let folder = folder.unwrap().path();
        let rule = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let case = read_case(&folder).case.unwrap();
        let (broken, kept) = (planned(&case, &rule, false), planned(&case, &rule, true));
        let found: BTreeSet<&str> = verify(&broken).findings.iter().map(|one| one.name).collect();
        assert!(found.contains(rule.as_str()) && found.contains("ticket-rule"), "{rule}: {found:?}");
        assert!(verify(&kept).is_sound(), "{rule}: {}", verify(&kept));
        if rule == "travel" {
            made.extend(with_wrong_coordinates(&kept));
        }
        made.extend([(format!("breaks {rule}"), broken), (format!("keeps {rule}"), kept)]);
    }
    agree_on_records(python, &(0..).zip(made).collect::<Vec<_>>());
}

/// Where a receipt and the published checkpoint are put in `scratch`, and what the second reader is asked with by somebody who knows these
/// parties by their files in `keys`.
fn of_a_receipt(scratch: &Path, keys: &Path, known: &[&str]) -> (PathBuf, PathBuf, Vec<PathBuf>) {
    let (receipt, checkpoint) = (scratch.join("a.receipt"), scratch.join("checkpoint"));
    let parties = known.iter().flat_map(|name| ["--party".into(), keys.join(format!("{name}.party"))]);
    let named = parties.chain(["--checkpoint".into(), checkpoint.clone(), receipt.clone()]).collect();
    (receipt, checkpoint, named)
}

#[test]
fn both_readers_find_the_same_in_every_attacked_receipt() {
    let Some(python) = python() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let keys = attacks::ceremony::folder().join("keys");
    let (receipt, checkpoint, named) = of_a_receipt(scratch.path(), &keys, &["audit", "officer", "planner"]);
    let mut asked = 0;
    for (name, attack) in attacks::ceremony::attacks() {
        let files = attack.ceremony();
        let Some(ours) = attack.receipt_verdict(&files) else { continue };
        std::fs::write(&receipt, &files[attack.receipt().unwrap()]).unwrap();
        std::fs::write(&checkpoint, attack.published(&files)).unwrap();
        let ours: Value = serde_json::from_str(&ours.json()).unwrap();
        assert_eq!(in_short(&told(python, &named)), in_short(&ours), "{name}");
        asked += 1;
    }
    assert!(asked > 4, "{asked} receipts are attacked");
}

#[test]
fn both_readers_find_the_same_in_receipts_altered_at_random() {
    let Some(python) = python() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let keys = attacks::ceremony::folder().join("keys");
    let (receipt, checkpoint, named) = of_a_receipt(scratch.path(), &keys, &["audit", "officer", "planner"]);
    let mut wrong = Vec::new();
    for (number, (what, bytes, before)) in at_random("receipt", 20, attacks::random::receipt) {
        let published = read_receipt("", &before).0.unwrap().checkpoint;
        std::fs::write(&receipt, &bytes).unwrap();
        std::fs::write(&checkpoint, &published).unwrap();
        let parties = attacks::ceremony::parties();
        let ours = verify_receipt("a.receipt", &bytes, &parties, Some(published.as_bytes()));
        let (theirs, ours) = (told(python, &named), serde_json::from_str::<Value>(&ours.json()).unwrap());
        if in_short(&theirs) != in_short(&ours) {
            wrong.push(format!("{number}: {what}\n  theirs: {:?}\n  ours: {:?}", in_short(&theirs), in_short(&ours)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_readers_say_the_same_of_receipts() {
    let Some(python) = python() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let made = ceremony(scratch.path());
    let (receipt, checkpoint, named) = of_a_receipt(scratch.path(), scratch.path(), &["audit", "planner"]);
    std::fs::write(&checkpoint, &made.checkpoint).unwrap();
    let known: Vec<_> = made.parties.iter().filter(|party| party.name != "officer").cloned().collect();
    for bytes in &made.receipts {
        let text = std::str::from_utf8(bytes).unwrap();
        let altered = |(old, new): (&str, &str)| text.replacen(old, new, 1);
        let changes = [
            ("\"inspector\":\"", "\"inspector\":\"x"),
            ("\"number\":", "\"number\":1"),
            ("\"salt\":\"", "\"salt\":\"0"),
            ("\"entry_proof\":[\"", "\"entry_proof\":[\"0"),
            ("audit ", "audits "),
            ("\\n3\\n", "\\n2\\n"),
            ("\"opened\":[", "\"opened\": ["),
            ("foureyes/v1/receipt", "foureyes/v2/receipt"),
            ("\\\"line\\\":", "\\\"line\\\":1"),
        ];
        for text in [text.to_owned(), String::new(), text.repeat(2)].into_iter().chain(changes.map(altered)) {
            std::fs::write(&receipt, &text).unwrap();
            let ours = verify_receipt("a.receipt", text.as_bytes(), &known, Some(&made.checkpoint)).json();
            let ours: Value = serde_json::from_str(&ours).unwrap();
            let theirs = told(python, &named);
            assert_eq!(in_short(&theirs), in_short(&ours), "{text}");
        }
    }
}
