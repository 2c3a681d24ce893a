//! Receipts: what the ledger says of each inspector, for them alone to hold.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::past::{Past, record_in};
use super::{CeremonyError, FrozenInputs, Office};
use crate::record::ledger::{Body, Entry};
use crate::record::salted::{Leaf, Tree};
use crate::record::{Receipt, SCHEDULE, draw_folder, schedule_lines, thaw};

/// What receipts are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// What was entered about somebody, in the last freeze.
    Inputs,
    /// Where somebody goes, by the last draw and the changes since.
    Orders,
    /// The same for one day alone: a receipt that is handed out today must not tell where its owner goes tomorrow.
    Day(NaiveDate),
}

/// A receipt for each of `wanted`, or for everybody whom it would show anything, in order of id. It is bound to the last checkpoint that an auditor cosigned; `is_cosigned` says
/// of a checkpoint's number of lines whether it is one.
///
/// # Errors
/// Where there is nothing to show yet, no such checkpoint has it, or files of the ceremony are not what the ledger names.
pub fn receipts(
    office: &Office,
    about: About,
    wanted: &[String],
    checkpoint: (u64, &str),
) -> Result<Vec<Receipt>, CeremonyError> {
    let (at, tree) = match about {
        About::Inputs => inputs(office)?,
        About::Orders | About::Day(_) => orders(office)?,
    };
    let (size, note) = checkpoint;
    if size <= at as u64 {
        return Err(CeremonyError::refused(
            format!("line {} of the ledger is in no checkpoint that an auditor cosigned", at + 1),
            "have the last checkpoint cosigned first (`foureyes cosign`)",
        ));
    }
    let entries = office.entries().get(..usize::try_from(size).unwrap_or(usize::MAX)).unwrap_or_default();
    let people: BTreeSet<String> = match wanted {
        [] => tree.leaves().iter().filter(|leaf| about.has(leaf)).flat_map(named).collect(),
        some => some.iter().cloned().collect(),
    };
    people.iter().map(|id| one(entries, at, note, (&tree, about), id)).collect()
}

impl About {
    /// Whether a leaf is among what is asked about.
    fn has(self, leaf: &Leaf) -> bool {
        let Self::Day(date) = self else { return true };
        let line: serde_json::Value = serde_json::from_str(&leaf.text).unwrap_or_default();
        line.get("date").and_then(|date| date.as_str()) == Some(&date.to_string())
    }
}

fn one(
    entries: &[Entry],
    at: usize,
    note: &str,
    (tree, about): (&Tree, About),
    id: &str,
) -> Result<Receipt, CeremonyError> {
    let is_theirs = |leaf: &Leaf| about.has(leaf) && named(leaf).any(|named| named == id);
    let receipt = Receipt::new(note, entries, at, tree, id, is_theirs);
    receipt.filter(|receipt| !receipt.opened.is_empty()).ok_or_else(|| {
        CeremonyError::refused(format!("there is nothing about `{id}` in it"), "look at the spelling of the id")
    })
}

/// Whom a leaf is about: the person whose inputs it has, or the team of a visit.
fn named(leaf: &Leaf) -> impl Iterator<Item = String> {
    let team = match leaf.table.as_str() {
        "inspectors" => vec![leaf.key.clone()],
        "schedule" => {
            let line: serde_json::Value = serde_json::from_str(&leaf.text).unwrap_or_default();
            let team = line.get("team").and_then(|team| team.as_array()).cloned().unwrap_or_default();
            team.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    };
    team.into_iter()
}

/// The place of the last freeze in the ledger, and its tree.
fn inputs(office: &Office) -> Result<(usize, Tree), CeremonyError> {
    let nothing = || CeremonyError::refused("nothing is frozen yet", "freeze the inputs first (`foureyes freeze`)");
    let (line, freeze) = office.course().freezes.last().ok_or_else(nothing)?;
    Ok((*line as usize - 1, FrozenInputs::of(office, freeze.number)?.tree()))
}

/// The place of the last draw, amendment or override in the ledger, and the tree over what was held after it.
fn orders(office: &Office) -> Result<(usize, Tree), CeremonyError> {
    let is_last = |entry: &&Entry| matches!(entry.body, Body::Draw(_) | Body::Amend(_) | Body::Override(_));
    let nothing = || CeremonyError::refused("nothing is drawn yet", "draw first (`foureyes draw`)");
    let entry = office.entries().iter().rev().find(is_last).ok_or_else(nothing)?;
    let tree = match &entry.body {
        Body::Draw(draw) => {
            let files = record_in(&office.path(&draw_folder(draw.counter)))?;
            let schedule = files.get(SCHEDULE).map(Vec::as_slice).unwrap_or_default();
            Tree::of_schedule(schedule, &frozen_of(office, draw.counter)?.master, &format!("draw/{}", draw.counter))
        }
        Body::Amend(amend) => changed(office, entry.line, amend.number)?,
        Body::Override(given) => changed(office, entry.line, given.number)?,
        _ => return Err(nothing()),
    };
    Ok((entry.line as usize - 1, tree))
}

/// The tree over what is held after the change on line `line`.
fn changed(office: &Office, line: u64, number: u64) -> Result<Tree, CeremonyError> {
    let past = Past::before(office, line + 1)?;
    let last = past.draws.last().map_or(0, |draw| draw.counter);
    let frozen = frozen_of(office, last)?;
    let (case, _) = thaw(&frozen.files)
        .map_err(|_| CeremonyError::refused("the frozen inputs can't be read", "get them from a copy"))?;
    let schedule = schedule_lines(&case, &past.held.schedule(&case));
    Ok(Tree::of_schedule(&schedule, &frozen.master, &format!("change/{number}")))
}

/// The freeze that draw `counter` was drawn from.
fn frozen_of(office: &Office, counter: u64) -> Result<FrozenInputs, CeremonyError> {
    let made = office.course().commitments.iter().find(|made| made.commit.counter == counter);
    FrozenInputs::of(office, made.map_or(0, |made| made.commit.freeze))
}
