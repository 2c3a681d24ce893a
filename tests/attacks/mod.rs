//! The attacks of `tests/tampered/`, read from their files and done to the base. What each must give is for tests to ask.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use foureyes::draw::{Root, digest, in_order, pick};
use foureyes::model::{Drawn, DrawnStage, Odds, Urn};
use foureyes::record::{self, Files, INPUTS, ODDS, RECORD, RESERVES, Record, SCHEDULE, STAGES, TABLE, UrnOf};
use serde_json::Value;

/// Where the attacks stand.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tampered")
}

/// The record that is attacked.
pub fn base() -> Files {
    record::load(&folder().join("base")).unwrap()
}

/// The stages that lie in `files`, each with the ticket that is stated to be drawn, and what they drew.
pub fn drawn(files: &Files) -> Drawn {
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

/// An attack: who gains what by it, the findings that it must give, and what is done.
pub struct Attack {
    pub why: String,
    pub expect: BTreeSet<String>,
    steps: Vec<Step>,
}

impl Attack {
    pub fn read(text: &str) -> Self {
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

    /// The base after its steps.
    pub fn files(&self) -> Files {
        let mut files = base();
        self.steps.iter().for_each(|step| step.apply(&mut files));
        files
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

/// The line with its line feed.
pub fn ended(line: &[u8]) -> Vec<u8> {
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

/// Every attack with its name.
pub fn attacks() -> Vec<(String, Attack)> {
    let mut paths: Vec<_> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), Attack::read(&fs::read_to_string(path).unwrap()))).collect()
}
