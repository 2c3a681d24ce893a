//! The attacks of `tests/tampered/`, read from their files and done to the base. What each must give is for tests to ask.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]
#![allow(dead_code, reason = "no test asks for all of it")]

pub mod ceremony;
pub mod poor;
pub mod random;
mod steps;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use foureyes::draw::{Root, digest, in_order, pick};
use foureyes::model::{Case, Drawn, DrawnStage, Odds, Schedule, Urn};
use foureyes::record::{self, Files, INPUTS, LEVELS, ODDS, RECORD, RESERVES, Record, SCHEDULE, STAGES, TABLE, UrnOf};
use foureyes::rules::Book;

pub use steps::{Attack, ended};
use steps::{Step, attacks_in};

/// Where the attacks stand.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tampered")
}

/// The record that is attacked.
pub fn base() -> Files {
    record::load(&folder().join("base")).unwrap()
}

/// The base, after the steps of `levels/base.steps`.
static WITH_LEVELS: LazyLock<Files> = LazyLock::new(|| {
    let steps = std::fs::read_to_string(folder().join("levels/base.steps")).unwrap();
    Attack::read(&steps).done_to(base())
});

/// The record whose reserves have levels.
pub fn with_levels() -> Files {
    WITH_LEVELS.clone()
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

impl Attack {
    /// The base after its steps.
    pub fn files(&self) -> Files {
        let base = if self.head.contains_key("base") { with_levels() } else { base() };
        self.done_to(base)
    }

    fn done_to(&self, mut files: Files) -> Files {
        self.steps.iter().for_each(|step| step.apply(&mut files));
        files
    }
}

impl Step {
    fn apply(&self, files: &mut Files) {
        match self.verb.as_str() {
            _ if self.applied(files) => {}
            "rehash" => rehash(files, &self.object),
            other => panic!("no step is called {other}"),
        }
    }
}

/// What a careful attacker states anew.
fn rehash(files: &mut Files, what: &str) {
    let mut record = record::read_record(files).0.unwrap();
    match what {
        "inputs" => {
            let of = |name: &str| foureyes::draw::to_hex(&digest(&files[name]));
            record.files = INPUTS.iter().map(|name| ((*name).to_owned(), of(name))).collect();
            record.inputs = foureyes::draw::to_hex(&record::digest_of_inputs(files));
        }
        "schedule" => record.schedule = foureyes::draw::to_hex(&digest(&files[SCHEDULE])),
        "odds" => record.odds = foureyes::draw::to_hex(&digest(&files[ODDS])),
        "reserves" => record.reserves = foureyes::draw::to_hex(&digest(&files[RESERVES])),
        "stages" => record.stages = foureyes::draw::to_hex(&digest(&files[STAGES])),
        "urns" => restate_urns(files, &mut record),
        "draw" => draw_again(files, &mut record),
        "levels" => {
            let drawn = drawn(files);
            record.levels = Some(LEVELS);
            state(files, &mut record, &drawn);
        }
        "check" => {
            let root = Root::from_seed(&record::digest_of_inputs(files), &record.seed);
            record.check = foureyes::draw::to_hex(&root.key("check", &record.builder));
        }
        "table" => {
            let (case, _) = record::thaw_what_can_be(files).case.unwrap();
            let schedule = record::read_schedule(files, &case).schedule;
            let root = Root::from_seed(&record::digest_of_inputs(files), &record.seed);
            let before = record::read_fixed(files, &case).schedule;
            let heads = record::Heads::of_record(&case, &record, &root, &schedule, &before);
            files.insert(TABLE.to_owned(), record::schedule_table(&case, &schedule, &heads));
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
    state(files, record, &drawn_as(&case, &book, &root, &schedule));
}

/// What was drawn where every ticket of every urn says `schedule`, whose teams must have the size that the rules ask for.
pub fn drawn_as(case: &Case, book: &Book, root: &Root, schedule: &Schedule) -> Drawn {
    let mut drawn = Drawn::default();
    for (number, span) in (1..).zip(case.urn.stage.spans(&case.period)) {
        let layout = book.layout(case, span, &drawn.schedule);
        let mut rest = schedule.clone();
        rest.assignments.retain(|_, assignment| assignment.date >= span.from);
        let mut ticket = Vec::new();
        layout.encode(&rest, &mut ticket);
        let urn = Urn::new(layout, ticket.repeat(case.urn.tickets as usize)).unwrap();
        let index = pick(root, number, case.urn.tickets);
        drawn.schedule.assignments.extend(urn.part(index as usize).assignments);
        drawn.stages.push(DrawnStage { number, odds: Odds::count(&urn), urn, index });
    }
    drawn
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
    let mut again = record::publish(&case, &book, &record::freeze(&case, &book), &record.seed, drawn);
    if record.levels.is_none() {
        record::with_reserves_of_days(&mut again, &case);
    }
    for name in
        [ODDS, RESERVES, STAGES].map(str::to_owned).into_iter().chain((1..=drawn.stages.len()).map(record::urn_file))
    {
        files.insert(name.clone(), again[&name].clone());
    }
    let again = record::read_record(&again).0.unwrap();
    (record.odds, record.reserves, record.stages) = (again.odds, again.reserves, again.stages);
}

/// Says in the record that this builder made it.
pub fn made_by(builder: &str, files: &mut Files) {
    let mut record = record::read_record(files).0.unwrap();
    let root = Root::from_seed(&record::digest_of_inputs(files), &record.seed);
    record.check = foureyes::draw::to_hex(&root.key("check", builder));
    builder.clone_into(&mut record.builder);
    files.insert(RECORD.to_owned(), spelled(&record));
}

fn spelled(record: &Record) -> Vec<u8> {
    ended(&serde_json::to_vec(record).unwrap())
}

/// Every attack with its name.
pub fn attacks() -> Vec<(String, Attack)> {
    let of_levels = attacks_in(&folder().join("levels")).into_iter();
    attacks_in(&folder())
        .into_iter()
        .chain(of_levels.map(|(name, attack)| (format!("levels-{name}"), attack)))
        .collect()
}
