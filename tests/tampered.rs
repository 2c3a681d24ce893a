//! Every attack under `tests/tampered/` gives its findings, all of them and no others.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use foureyes::draw::{Root, digest, in_order, pick};
use foureyes::model::{Drawn, DrawnStage, Odds, Urn};
use foureyes::record::{self, Files, INPUTS, ODDS, RECORD, RESERVES, Record, SCHEDULE, STAGES, TABLE, UrnOf};
use foureyes::rules::BOOK;
use foureyes::verify::{FINDINGS, State, Verdict, verify};
use proptest::prelude::*;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tampered")
}

fn base() -> Files {
    record::load(&folder().join("base")).unwrap()
}

fn names(verdict: &Verdict) -> BTreeSet<String> {
    verdict.findings.iter().map(|finding| finding.name.to_owned()).collect()
}

/// The stages that lie in `files`, each with the ticket that is stated to be drawn, and what they drew.
fn drawn(files: &Files) -> Drawn {
    let (case, book) = record::thaw_what_can_be(files).case.unwrap();
    let inputs = record::digest_of_inputs(files);
    let mut drawn = Drawn::default();
    for (span, (_, line)) in case.urn.stage.spans(&case.period).into_iter().zip(record::read_stages(files).0) {
        let layout = book.layout(&case, span, &drawn.schedule);
        let name = record::urn_file(line.stage as usize);
        let of = UrnOf { case: &case, inputs: &inputs, stage: line.stage as usize, before: &drawn.schedule };
        let tickets = of.tickets(&layout, &name, &files[&name]).unwrap();
        let urn = Urn::new(layout.clone(), tickets.to_vec()).unwrap();
        drawn.schedule.assignments.extend(urn.part(line.drawn as usize).assignments);
        drawn.stages.push(DrawnStage { number: line.stage as usize, odds: Odds::count(&urn), urn, index: line.drawn });
    }
    drawn
}

/// One step of an attack: its verb and object, and the texts taken away and put in.
struct Step {
    verb: String,
    object: String,
    old: Vec<Vec<u8>>,
    new: Vec<Vec<u8>>,
}

struct Attack {
    why: String,
    expect: BTreeSet<String>,
    steps: Vec<Step>,
}

impl Attack {
    fn read(text: &str) -> Self {
        let mut attack = Self { why: String::new(), expect: BTreeSet::new(), steps: Vec::new() };
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            if let Some(why) = line.strip_prefix("why: ") {
                attack.why = why.to_owned();
            } else if let Some(name) = line.strip_prefix("expect: ") {
                attack.expect.insert(name.to_owned());
            } else if let Some(old) = line.strip_prefix("- ") {
                attack.steps.last_mut().unwrap().old.push(unescaped(old));
            } else if let Some(new) = line.strip_prefix("+ ") {
                attack.steps.last_mut().unwrap().new.push(unescaped(new));
            } else {
                let (verb, object) = line.split_once(' ').unwrap();
                let (verb, object) = (verb.to_owned(), object.to_owned());
                attack.steps.push(Step { verb, object, old: Vec::new(), new: Vec::new() });
            }
        }
        attack
    }
}

/// `\xNN` is a byte.
fn unescaped(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(&part.as_bytes()[2..]);
    }
    bytes
}

impl Step {
    fn apply(&self, files: &mut Files) {
        match self.verb.as_str() {
            "change" => self.change(files.get_mut(&self.object).unwrap()),
            "drop" => self.edit_lines(files, |lines| {
                lines.remove(at(lines, &self.old[0]));
            }),
            "append" => self.edit_lines(files, |lines| lines.extend(self.new.iter().map(|line| ended(line)))),
            "swap" => self.edit_lines(files, |lines| {
                let (one, other) = (at(lines, &self.old[0]), at(lines, &self.old[1]));
                lines.swap(one, other);
            }),
            "delete" => assert!(files.remove(&self.object).is_some(), "{} is not there", self.object),
            "add" => {
                let bytes = self.new.iter().flat_map(|line| ended(line)).collect();
                assert!(files.insert(self.object.clone(), bytes).is_none(), "{} is there already", self.object);
            }
            "rehash" => rehash(files, &self.object),
            "copy-ticket" => self.edit_tickets(files, |tickets, from, to| tickets[to] = tickets[from].clone()),
            "swap-tickets" => self.edit_tickets(files, |tickets, one, other| tickets.swap(one, other)),
            "set-ticket" => {
                let hex = std::str::from_utf8(&self.new[0]).unwrap();
                let bytes = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
                let ticket: Vec<u8> = (0..hex.len()).step_by(2).map(bytes).collect();
                self.edit_tickets(files, |tickets, at, _| tickets[at] = ticket);
            }
            "cut" => {
                let bytes = files.get_mut(&self.object).unwrap();
                bytes.truncate(bytes.len() - number(&self.old[0]));
            }
            other => panic!("no step is called {other}"),
        }
    }

    fn change(&self, bytes: &mut Vec<u8>) {
        let (old, new) = (&self.old[0], self.new.first().cloned().unwrap_or_default());
        let found: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(old)).collect();
        assert_eq!(found.len(), 1, "`{}` stands there {} times", String::from_utf8_lossy(old), found.len());
        bytes.splice(found[0]..found[0] + old.len(), new);
    }

    /// Hands the tickets of an urn to `edit`, beside one or two numbers of tickets.
    fn edit_tickets(&self, files: &mut Files, edit: impl FnOnce(&mut Vec<Vec<u8>>, usize, usize)) {
        let bytes = files.get_mut(&self.object).unwrap();
        let head = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let said: Value = serde_json::from_slice(&bytes[..head]).unwrap();
        let each = said["bytes"].as_u64().unwrap() as usize;
        let mut tickets = bytes[head..].chunks(each).map(<[u8]>::to_vec).collect();
        edit(&mut tickets, number(&self.old[0]), self.old.get(1).map_or(0, |old| number(old)));
        bytes.splice(head.., tickets.concat());
    }

    fn edit_lines(&self, files: &mut Files, edit: impl FnOnce(&mut Vec<Vec<u8>>)) {
        let bytes = files.get_mut(&self.object).unwrap();
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        edit(&mut lines);
        *bytes = lines.concat();
    }
}

fn number(text: &[u8]) -> usize {
    std::str::from_utf8(text).unwrap().trim().parse().unwrap()
}

fn ended(line: &[u8]) -> Vec<u8> {
    [line, b"\n"].concat()
}

fn at(lines: &[Vec<u8>], text: &[u8]) -> usize {
    let has = |line: &Vec<u8>| line.windows(text.len()).any(|part| part == text);
    let found: Vec<_> = (0..lines.len()).filter(|at| has(&lines[*at])).collect();
    assert_eq!(found.len(), 1, "`{}` stands on {} lines", String::from_utf8_lossy(text), found.len());
    found[0]
}

/// What a careful attacker states anew.
fn rehash(files: &mut Files, what: &str) {
    let mut record = record::read_record(files).0.unwrap();
    match what {
        "inputs" => {
            let of = |name: &str| record::hex(&digest(&files[name]));
            record.files = INPUTS.iter().map(|name| ((*name).to_owned(), of(name))).collect();
            record.inputs = record::hex(&record::digest_of_inputs(files));
        }
        "schedule" => record.schedule = record::hex(&digest(&files[SCHEDULE])),
        "odds" => record.odds = record::hex(&digest(&files[ODDS])),
        "reserves" => record.reserves = record::hex(&digest(&files[RESERVES])),
        "stages" => record.stages = record::hex(&digest(&files[STAGES])),
        "urns" => restate_urns(files, &mut record),
        "draw" => draw_again(files, &mut record),
        "check" => {
            let root = Root::from_seed(&record::digest_of_inputs(files), &record.seed);
            record.check = record::hex(&root.key("check", &record.builder));
        }
        "table" => {
            let (case, _) = record::thaw_what_can_be(files).case.unwrap();
            let schedule = record::read_schedule(files, &case).schedule;
            files.insert(TABLE.to_owned(), record::schedule_table(&case, &schedule));
        }
        other => panic!("nothing rehashes {other}"),
    }
    files.insert(RECORD.to_owned(), spelled(&record));
}

/// Draws anew what `schedule.jsonl` says, from urns in which every ticket is the same.
fn draw_again(files: &mut Files, record: &mut Record) {
    let (case, book) = record::thaw_what_can_be(files).case.unwrap();
    let schedule = record::read_schedule(files, &case).schedule;
    let root = Root::from_seed(&record::digest_of_inputs(files), &record.seed);
    let mut drawn = Drawn::default();
    for (number, span) in (1..).zip(case.urn.stage.spans(&case.period)) {
        let layout = book.layout(&case, span, &drawn.schedule);
        let mut rest = schedule.clone();
        rest.assignments.retain(|_, assignment| assignment.date >= span.from);
        let mut ticket = Vec::new();
        layout.encode(&rest, &mut ticket);
        let urn = Urn::new(layout, ticket.repeat(case.urn.tickets as usize)).unwrap();
        let index = pick(&root, number, case.urn.tickets);
        drawn.schedule.assignments.extend(urn.part(index as usize).assignments);
        drawn.stages.push(DrawnStage { number, odds: Odds::count(&urn), urn, index });
    }
    state(files, record, &drawn);
}

/// Puts the tickets of every urn in their order and states what is counted in them; what was drawn stays the ticket of
/// the number that was stated.
fn restate_urns(files: &mut Files, record: &mut Record) {
    let mut drawn = drawn(files);
    for stage in &mut drawn.stages {
        stage.urn = in_order(stage.urn.clone());
    }
    state(files, record, &drawn);
}

/// Writes the urns of `drawn` and what is counted in them, and has the record name them.
fn state(files: &mut Files, record: &mut Record, drawn: &Drawn) {
    let (case, book) = record::thaw_what_can_be(files).case.unwrap();
    let again = record::publish(&case, &book, &record::freeze(&case, &book), &record.seed, drawn);
    for name in
        [ODDS, RESERVES, STAGES].map(str::to_owned).into_iter().chain((1..=drawn.stages.len()).map(record::urn_file))
    {
        files.insert(name.clone(), again[&name].clone());
    }
    let again = record::read_record(&again).0.unwrap();
    (record.odds, record.reserves, record.stages) = (again.odds, again.reserves, again.stages);
}

fn spelled(record: &Record) -> Vec<u8> {
    ended(&serde_json::to_vec(record).unwrap())
}

fn attacks() -> Vec<(String, Attack)> {
    let mut paths: Vec<_> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), Attack::read(&fs::read_to_string(path).unwrap()))).collect()
}

#[test]
fn the_untouched_record_is_sound() {
    let verdict = verify(&base());
    assert!(verdict.is_sound(), "{verdict}");
    assert!(verdict.findings.is_empty());
}

#[test]
fn the_base_is_the_one_spelling_of_itself() {
    let files = base();
    let (case, book) = record::thaw(&files).map_err(|flaws| format!("{flaws:#?}")).unwrap();
    assert_eq!(record::publish(&case, &book, &record::freeze(&case, &book), "2027-01", &drawn(&files)), files);
}

#[test]
fn every_attack_gives_its_findings() {
    let mut wrong = Vec::new();
    for (name, attack) in attacks() {
        let mut files = base();
        attack.steps.iter().for_each(|step| step.apply(&mut files));
        assert!(files != base(), "{name} changes nothing");
        assert!(!attack.why.is_empty() && !attack.expect.is_empty(), "{name} has no why, or expects nothing");
        let verdict = verify(&files);
        if names(&verdict) != attack.expect {
            wrong.push(format!("{name}: expected {:?}, found {:?}\n{verdict}", attack.expect, names(&verdict)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What no attack on this base can show, and why.
const NOT_ATTACKED: &[&str] = &[
    "fixed",         // of ceremonies
    "fixed-digest",  // of ceremonies
    "home-district", // off by default
    "mixed-units",   // off by default
    "replay",        // needs the builder
    "return-gap",    // without a limit by default
    "too-large",     // larger than a file of the tests should be
];

#[test]
fn every_finding_and_every_rule_has_its_attack() {
    let met: BTreeSet<String> = attacks().into_iter().flat_map(|(_, attack)| attack.expect).collect();
    let findings = FINDINGS.iter().map(|known| known.name);
    let known: BTreeSet<_> = findings.chain(BOOK.iter().map(|entry| entry.name)).map(str::to_owned).collect();
    let missed: Vec<_> = known.difference(&met).map(String::as_str).collect();
    assert_eq!(missed, NOT_ATTACKED);
    assert_eq!(met.difference(&known).next(), None, "a finding that is in no list");
}

/// The base after the steps of `text`.
fn after(text: &str) -> Verdict {
    let mut files = base();
    Attack::read(text).steps.iter().for_each(|step| step.apply(&mut files));
    verify(&files)
}

#[test]
fn a_mandatory_visit_that_is_not_staffed_breaks_no_claim_and_is_shown() {
    let verdict = after(
        r#"
change schedule.jsonl
- {"date":"2027-01-04","slot":"am","team":["ana","ben"],"visit":"v01"}
+ {"unstaffed":true,"visit":"v01"}
change record.json
- "mandatory_staffed":8,"seats":20,"staffed":9
+ "mandatory_staffed":7,"seats":18,"staffed":8
change record.json
- "unstaffed":["v10"]
+ "unstaffed":["v01","v10"]
rehash schedule
rehash table
rehash draw
"#,
    );
    assert!(verdict.is_sound(), "{verdict}");
    assert_eq!(verdict.tally.as_ref().unwrap().mandatory_unstaffed, ["v01"]);
    assert!(verdict.to_string().contains("NOT STAFFED  mandatory visit v01"), "{verdict}");
}

/// Whoever derives everything anew is seen only by a replay; what they turned off is shown all the same.
#[test]
fn a_rule_that_the_policy_turned_off_is_shown() {
    let verdict = after(
        r#"
change inputs/policy.jsonl
- {"enabled":true},"rule":"one-district"
+ {"enabled":false},"rule":"one-district"
rehash inputs
rehash check
rehash draw
"#,
    );
    assert!(verdict.is_sound(), "{verdict}");
    assert_eq!(verdict.tally.as_ref().unwrap().rules_off, ["one-district"]);
    assert!(verdict.to_string().contains("RULE OFF     one-district"), "{verdict}");
}

/// A rule that is on may be made to ask nothing.
#[test]
fn what_the_policy_sets_beside_the_defaults_is_shown() {
    let verdict = after(
        r#"
change inputs/policy.jsonl
- "cooling_months":24
+ "cooling_months":0
rehash inputs
rehash check
rehash draw
"#,
    );
    assert!(verdict.is_sound(), "{verdict}");
    let settings = &verdict.tally.as_ref().unwrap().settings;
    assert!(
        settings.iter().any(|one| one == "conflict-of-interest: cooling_months = 0, by default 24"),
        "{settings:?}"
    );
    assert!(verdict.to_string().contains("SETTING      conflict-of-interest: cooling_months = 0"), "{verdict}");
}

/// Nobody inspects alone, whoever derived everything anew.
#[test]
fn a_record_cannot_turn_off_the_size_of_teams() {
    let verdict = after(
        r#"
change inputs/policy.jsonl
- {"enabled":true,"size":2},"rule":"team-size"
+ {"enabled":false,"size":2},"rule":"team-size"
rehash inputs
rehash check
"#,
    );
    assert!(names(&verdict).contains("policy-rules"), "{verdict}");
}

#[test]
fn a_waiver_is_shown_whether_it_is_used_or_not() {
    let verdict = verify(&base());
    let tally = verdict.tally.as_ref().unwrap();
    assert_eq!((tally.waivers.len(), tally.waivers_used), (1, 1));
    assert!(verdict.to_string().contains("WAIVER       no-return for ida on visit v05, signed by Director Weiss"));
}

/// An urn may be too large or too secret to be handed on.
#[test]
fn without_an_urn_the_rest_is_checked_and_the_verdict_says_what_was_not() {
    let states =
        |verdict: &Verdict| verdict.claims.iter().map(|(claim, state)| (claim.name, *state)).collect::<Vec<_>>();
    let of_urns = ["urns", "drawn", "odds", "tickets"];
    for gone in ["delete urns/001.urn", "delete urns/002.urn", "delete urns/001.urn\ndelete urns/002.urn"] {
        let verdict = after(gone);
        assert!(verdict.is_sound() && verdict.findings.is_empty(), "{verdict}");
        for (claim, state) in states(&verdict) {
            let expected = if of_urns.contains(&claim) { State::NotGiven } else { State::Sound };
            assert_eq!(state, expected, "{gone}: {claim}");
        }
        assert!(verdict.to_string().contains("Sound as far as it could be checked: an urn was not handed on."));
        let there = 2 - gone.lines().count() as u64;
        assert_eq!(verdict.urns.map(|urns| (urns.read, urns.stages, urns.tickets)), Some((there, 2, 8 * there)));
    }
    let verdict = after("delete urns/001.urn\ncut urns/002.urn\n- 1");
    assert!(!verdict.is_sound() && states(&verdict).contains(&("urns", State::Broken)), "{verdict}");
    assert!(states(&verdict).contains(&("tickets", State::Unchecked)), "{verdict}");
}

/// Whatever stands in an urn is a verdict, not a panic, and never a sound one.
#[test]
fn any_bit_of_an_urn_turned_round_is_found() {
    for name in ["urns/001.urn", "urns/002.urn"] {
        for at in (0..base()[name].len()).step_by(3) {
            let mut files = base();
            files.get_mut(name).unwrap()[at] ^= 1 << (at % 8);
            assert!(!verify(&files).is_sound(), "byte {at} of {name}");
        }
    }
}

#[test]
fn the_verdict_for_machines_says_the_same() {
    let json: Value = serde_json::from_str(&after("delete schedule.csv").json()).unwrap();
    assert_eq!(json["sound"], false);
    assert_eq!(json["findings"][0]["name"], "missing-file");
    assert_eq!(json["findings"][0]["file"], "schedule.csv");
    assert_eq!(json["claims"][5]["state"], "unchecked");
}

#[test]
fn a_table_of_one_line_without_end_is_too_large() {
    let mut files = base();
    files.get_mut("inputs/absences.jsonl").unwrap().extend(vec![b' '; (1 << 20) + 1]);
    assert!(names(&verify(&files)).contains("too-large"));
}

/// Values at the ends of what a field can hold.
const ODD: &[&str] = &[
    "0",
    "1",
    "8",
    "255",
    "4294967295",
    "true",
    "false",
    "\"0000-01-01\"",
    "\"9999-12-31\"",
    "\"2027-01-10\"",
    "\"\"",
    "\"ana\"",
    "\"p01\"",
    "\"v01\"",
    "\"pm\"",
    "\"north\"",
    "\"raid\"",
    "\"owner\"",
    "[]",
    "[\"ana\",\"ben\",\"cem\"]",
];

/// Every value within `value`, lists and tables among them.
fn values<'v>(value: &'v mut Value, found: &mut Vec<&'v mut Value>) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|value| values(value, found)),
        other => found.push(other),
    }
}

/// Puts an odd value somewhere into the line at `line` of the file at `file`, spelt as it must be.
fn disturb(files: &mut Files, file: usize, line: usize, at: usize, odd: usize) {
    let names: Vec<String> = files.keys().filter(|name| name.contains(".json")).cloned().collect();
    let name = &names[file % names.len()];
    let text = String::from_utf8(files[name].clone()).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let line = line % lines.len();
    let mut value: Value = serde_json::from_str(&lines[line]).unwrap();
    let mut within = Vec::new();
    values(&mut value, &mut within);
    let at = at % within.len();
    *within[at] = serde_json::from_str(ODD[odd % ODD.len()]).unwrap();
    lines[line] = value.to_string();
    files.insert(name.clone(), lines.iter().flat_map(|line| ended(line.as_bytes())).collect());
}

proptest! {
    #[test]
    fn odd_values_give_a_verdict_and_never_a_panic(
        changes in prop::collection::vec((any::<usize>(), any::<usize>(), any::<usize>(), any::<usize>()), 1..5),
    ) {
        let mut files = base();
        for (file, line, at, odd) in changes {
            disturb(&mut files, file, line, at, odd);
        }
        let verdict = verify(&files);
        prop_assert!(files == base() || !verdict.is_sound(), "{}", verdict);
        prop_assert_eq!(verdict.is_sound(), verdict.findings.is_empty());
    }
}
