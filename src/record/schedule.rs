//! The published schedule: one line a visit, in order of visit, those that are not staffed among them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::canonical::{rows, table};
use super::day::Day;
use super::flaw::{Flaw, Flaws, flaws};
use super::layout::{FIXED, Files, SCHEDULE, TEAM_MAX};
use crate::model::{Assignment, Case, InspectorId, Schedule, SlotId, Team, VisitId};

/// One visit. A staffed one has date, slot and team; one that is not says so.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unstaffed: Option<bool>,
    visit: String,
}

/// The bytes of `schedule.jsonl`.
pub fn schedule_lines(case: &Case, schedule: &Schedule) -> Vec<u8> {
    table(case.visit_ids().map(|id| {
        let assignment = schedule.assignments.get(&id);
        Line {
            date: assignment.map(|a| Day(a.date)),
            slot: assignment.map(|a| slot_name(case, a.slot).to_owned()),
            team: assignment.map(|a| a.team.members().iter().map(|who| case.inspector(*who).id.clone()).collect()),
            unstaffed: assignment.is_none().then_some(true),
            visit: case.visit(id).id.clone(),
        }
    }))
}

/// The name of a slot; blank where the day has no such slot, which no schedule of ours can have.
pub(super) fn slot_name(case: &Case, slot: SlotId) -> &str {
    case.period.slots.get(slot.index()).map_or("", String::as_str)
}

/// A schedule as it was published.
#[derive(Debug)]
pub struct Published {
    /// What could be read of it.
    pub schedule: Schedule,
    /// The line on which each visit stands.
    pub lines: BTreeMap<VisitId, u64>,
    /// Everything wrong with the file, in order of line.
    pub flaws: Vec<Flaw>,
}

/// The schedule among `files`, trusting nothing. Where a team names a person twice, the person is kept once, so
/// that every rule can still be asked of the others.
pub fn read_schedule(files: &Files, case: &Case) -> Published {
    read(files, SCHEDULE, case)
}

/// What was fixed before a ceremony's draw, read like the schedule.
pub fn read_fixed(files: &Files, case: &Case) -> Published {
    read(files, FIXED, case)
}

fn read<'c>(files: &Files, file: &'c str, case: &'c Case) -> Published {
    let mut reader = Reader { case, file, schedule: Schedule::default(), lines: BTreeMap::new() };
    let mut flaws = Flaws::default();
    let mut before: Option<String> = None;
    for (number, line) in rows::<Line>(files, file, &mut flaws) {
        if before.as_ref().is_some_and(|before| *before > line.visit) {
            flaws.add(flaws::ORDER, file, Some(number), "the visit should stand before the one above it");
        }
        reader.read(number, &line, &mut flaws);
        before = Some(line.visit);
    }
    if files.contains_key(file) {
        for id in case.visit_ids().filter(|id| !reader.lines.contains_key(id)) {
            let says = format!("visit `{}` is not in the schedule, neither staffed nor unstaffed", case.visit(id).id);
            flaws.add(flaws::VISIT_MISSING, file, None, says);
        }
    }
    Published { schedule: reader.schedule, lines: reader.lines, flaws: flaws.into_vec() }
}

struct Reader<'c> {
    case: &'c Case,
    file: &'c str,
    schedule: Schedule,
    lines: BTreeMap<VisitId, u64>,
}

impl Reader<'_> {
    fn read(&mut self, number: u64, line: &Line, flaws: &mut Flaws) {
        let file = self.file;
        let mut flaw = |name, says: String| flaws.add(name, file, Some(number), says);
        let Some(visit) = self.case.find_visit(&line.visit) else {
            return flaw(flaws::UNKNOWN_ID, format!("there is no visit `{}`", line.visit));
        };
        if let Some(first) = self.lines.get(&visit) {
            return flaw(flaws::VISIT_TWICE, format!("visit `{}` stands on line {first} already", line.visit));
        }
        self.lines.insert(visit, number);
        match (line.date, &line.slot, &line.team, line.unstaffed) {
            (None, None, None, Some(true)) => {}
            (Some(date), Some(slot), Some(team), None) => {
                let slot = self.case.period.slots.iter().position(|name| name == slot).map(SlotId::at);
                if slot.is_none() {
                    flaw(flaws::UNKNOWN_ID, format!("there is no slot `{}`", line.slot.as_deref().unwrap_or_default()));
                }
                let team = self.team(&line.visit, team, &mut flaw);
                if let (Some(slot), Some(team)) = (slot, team) {
                    self.schedule.assignments.insert(visit, Assignment { date: date.0, slot, team });
                }
            }
            _ => flaw(flaws::MALFORMED, "a visit has date, slot and team, or says that it is unstaffed".to_owned()),
        }
    }

    fn team(&self, visit: &str, ids: &[String], flaw: &mut dyn FnMut(&'static str, String)) -> Option<Team> {
        if ids.len() > TEAM_MAX {
            flaw(flaws::TEAM_SIZE, format!("visit `{visit}` names {} people; at most {TEAM_MAX} are read", ids.len()));
            return None;
        }
        let mut members: Vec<InspectorId> = Vec::new();
        for id in ids {
            match self.case.find_inspector(id) {
                Some(who) => members.push(who),
                None => flaw(flaws::UNKNOWN_ID, format!("there is no inspector `{id}`")),
            }
        }
        if ids.is_empty() {
            flaw(flaws::TEAM_SIZE, format!("nobody goes on visit `{visit}`, and it does not say that it is unstaffed"));
        }
        if !ids.is_sorted() {
            flaw(flaws::ORDER, format!("the team of visit `{visit}` is not in order"));
        }
        members.sort_unstable();
        for twice in members.windows(2).filter(|pair| pair[0] == pair[1]) {
            let id = &self.case.inspector(twice[0]).id;
            flaw(flaws::PERSON_TWICE, format!("{id} is named twice on visit `{visit}`"));
        }
        members.dedup();
        Team::new(members)
    }
}
