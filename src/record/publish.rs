//! The record itself: what binds the frozen inputs, the seed and the schedule together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::canonical::{line, rows};
use super::flaw::{Flaw, Flaws};
use super::freeze::Frozen;
use super::heads::{DRAWN, Heads};
use super::layout::{
    BUILDER, CEREMONY, FIXED, FORMAT, Files, INPUTS, ODDS, RECORD, RESERVES, SCHEDULE, SEED, STAGES, TABLE, urn_file,
};
use super::merkle::merkle_root;
use super::reserves::{LEVELS, reserve_lines, reserves};
use super::schedule::schedule_lines;
use super::stages::{StageLine, odds_lines, stage_lines};
use super::stretch::Ceremony;
use super::table::schedule_table;
use super::urn::UrnOf;
use crate::draw::{Root, digest, to_hex};
use crate::model::{Case, Drawn, Schedule};
use crate::rules::Book;

/// What `record.json` says: one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of the builder that made the schedule.
    pub builder: String,
    /// The name of the case.
    pub case: String,
    /// Of a ceremony's draw, where its seed comes from and which days it decided.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ceremony: Option<Ceremony>,
    /// What shows that the derivation begins with these inputs and this seed, without any builder:
    /// the key of purpose `check` and id `builder`, in hex.
    pub check: String,
    /// What was planned, counted.
    pub counts: Counts,
    /// SHA-256 of each frozen input, in hex.
    pub files: BTreeMap<String, String>,
    /// [`FORMAT`].
    pub format: String,
    /// [`DRAWN`](super::heads::DRAWN) where the draw names who heads each team; absent in records of before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub heads: Option<String>,
    /// The digest of the inputs, in hex.
    pub inputs: String,
    /// How the randomness came about: `seed`, or `ceremony`.
    pub kind: String,
    /// [`LEVELS`] where reserves are drawn for visits too; absent in records of before, whose reserves are of whole days alone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub levels: Option<u64>,
    /// SHA-256 of `odds.jsonl`, in hex.
    pub odds: String,
    /// SHA-256 of `reserves.jsonl`, in hex.
    pub reserves: String,
    /// SHA-256 of `schedule.jsonl`, in hex.
    pub schedule: String,
    /// The seed.
    pub seed: String,
    /// SHA-256 of `stages.jsonl`, in hex.
    pub stages: String,
    /// The visits that are not staffed, in order.
    pub unstaffed: Vec<String>,
}

/// What was planned, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Visits that every schedule must staff if the rules allow.
    pub mandatory: u64,
    /// How many of those are staffed.
    pub mandatory_staffed: u64,
    /// Seats: places in the teams of staffed visits.
    pub seats: u64,
    /// Visits that are staffed.
    pub staffed: u64,
    /// All visits.
    pub visits: u64,
    /// Waivers among the inputs.
    pub waivers: u64,
}

impl Counts {
    /// Counts `schedule`.
    pub fn of(case: &Case, schedule: &Schedule) -> Self {
        let mut counts =
            Self { visits: case.visits.len() as u64, waivers: case.waivers.len() as u64, ..Self::default() };
        for visit in case.visit_ids() {
            let mandatory = u64::from(case.visit(visit).kind.is_mandatory());
            counts.mandatory += mandatory;
            if let Some(assignment) = schedule.assignments.get(&visit) {
                counts.mandatory_staffed += mandatory;
                counts.staffed += 1;
                counts.seats += assignment.team.members().len() as u64;
            }
        }
        counts
    }
}

/// Everything that a draw from a literal seed publishes: `record.json`, `schedule.jsonl`, `schedule.csv`, `reserves.jsonl`, the urns with
/// `stages.jsonl` and `odds.jsonl`, and the inputs. `seed` must have [one spelling](super::one_spelling), and every stage must
/// have been built and drawn from `Root::from_seed(&frozen.digest, seed)`. Nothing in it depends on clock, path or threads.
pub fn publish(case: &Case, book: &Book, frozen: &Frozen, seed: &str, drawn: &Drawn) -> Files {
    publish_as(case, book, frozen, seed, drawn, None)
}

/// What a ceremony's draw publishes: the same, with `fixed.jsonl`, for the one stage of `drawn` and what was fixed before it.
/// `ceremony` says where `seed` comes from; its digest of `fixed.jsonl` and its days are set here.
pub fn publish_ceremony(
    case: &Case,
    book: &Book,
    frozen: &Frozen,
    seed: &str,
    drawn: &Drawn,
    ceremony: Ceremony,
) -> Files {
    let fixed = schedule_lines(case, &drawn.before);
    let ceremony = Ceremony { fixed: hex_of(&fixed), ..ceremony };
    let mut files = publish_as(case, book, frozen, seed, drawn, Some(ceremony));
    files.insert(FIXED.to_owned(), fixed);
    files
}

fn publish_as(
    case: &Case,
    book: &Book,
    frozen: &Frozen,
    seed: &str,
    drawn: &Drawn,
    ceremony: Option<Ceremony>,
) -> Files {
    let schedule = &drawn.schedule;
    let mut files = urns(case, frozen, drawn);
    let lines = schedule_lines(case, schedule);
    let root = Root::from_seed(&frozen.digest, seed);
    let reserves = reserve_lines(case, &reserves((case, book), &root, schedule, &drawn.stretch(), true));
    let unstaffed = case.visit_ids().filter(|visit| !schedule.assignments.contains_key(visit));
    let record = Record {
        builder: BUILDER.to_owned(),
        case: case.name.clone(),
        kind: if ceremony.is_some() { CEREMONY } else { SEED }.to_owned(),
        ceremony,
        check: to_hex(&root.key("check", BUILDER)),
        counts: Counts::of(case, schedule),
        files: INPUTS.iter().filter_map(|name| Some(((*name).to_owned(), hex_of(frozen.files.get(*name)?)))).collect(),
        format: FORMAT.to_owned(),
        heads: Some(DRAWN.to_owned()),
        inputs: to_hex(&frozen.digest),
        levels: Some(LEVELS),
        odds: files.get(ODDS).map(|bytes| hex_of(bytes)).unwrap_or_default(),
        reserves: hex_of(&reserves),
        schedule: hex_of(&lines),
        seed: seed.to_owned(),
        stages: files.get(STAGES).map(|bytes| hex_of(bytes)).unwrap_or_default(),
        unstaffed: unstaffed.map(|visit| case.visit(visit).id.clone()).collect(),
    };
    let heads = Heads::of_record(case, &record, &root, schedule, &drawn.before);
    files.extend(frozen.files.clone());
    files.insert(RECORD.to_owned(), line(&record).into_bytes());
    files.insert(RESERVES.to_owned(), reserves);
    files.insert(SCHEDULE.to_owned(), lines);
    files.insert(TABLE.to_owned(), schedule_table(case, schedule, &heads));
    files
}

/// The urn of each stage, and the two tables of what is counted in them.
fn urns(case: &Case, frozen: &Frozen, drawn: &Drawn) -> Files {
    let (mut files, mut before, mut stages) = (Files::new(), drawn.before.clone(), Vec::new());
    for stage in &drawn.stages {
        let number = stage.number;
        let root = merkle_root(stage.urn.tickets());
        stages.push(StageLine::of(case, number, (&stage.urn, &root), &stage.odds, stage.index));
        let of = UrnOf { case, inputs: &frozen.digest, stage: number, before: &before };
        files.insert(urn_file(number), of.file(&stage.urn));
        before.assignments.extend(stage.urn.part(stage.index as usize).assignments);
    }
    files.insert(STAGES.to_owned(), stage_lines(&stages));
    files.insert(ODDS.to_owned(), odds_lines(case, &drawn.schedule, &drawn.stages));
    files
}

/// What `record.json` says, where it can be read, and what is wrong with the file.
pub fn read_record(files: &Files) -> (Option<Record>, Vec<Flaw>) {
    let mut flaws = Flaws::default();
    let mut lines = rows::<Record>(files, RECORD, &mut flaws);
    if let Some((number, _)) = lines.get(1) {
        flaws.add(super::flaws::REPEATED, RECORD, Some(*number), "a record is one line");
    }
    lines.truncate(1);
    (lines.pop().map(|(_, record)| record), flaws.into_vec())
}

/// SHA-256 of `bytes`, in hex.
fn hex_of(bytes: &[u8]) -> String {
    to_hex(&digest(bytes))
}
