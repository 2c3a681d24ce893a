//! What an auditor is shown before they sign: what each new freeze lacks that the one before had, what its policy says otherwise, and what the
//! open commitment forgets. What is lawful is not held up; but once it is signed nobody asks any more.

use std::collections::BTreeMap;
use std::path::Path;

use super::memory::last;
use super::{CeremonyError, Disk, FrozenInputs, Keys, Office, Past};
use crate::record::frozen_folder;
use crate::record::ledger::{Body, Made};
use crate::verify::FreezeRead;

/// What whoever has these `keys` should know of the lines in `folder` that they have not cosigned yet, a sentence each.
///
/// # Errors
/// Where the ledger, or what was cosigned last, can't be read.
pub fn look(folder: &Path, disk: Disk, keys: &Keys) -> Result<Vec<String>, CeremonyError> {
    let office = Office::look(folder, disk)?;
    // A memory that can't be read is told of when something is signed; here everything is new then.
    let before = last(keys).unwrap_or_default().map_or(0, |seen| seen.checkpoint.size());
    Ok(since(&office, before))
}

/// The same of the lines behind the first `before`.
fn since(office: &Office, before: u64) -> Vec<String> {
    let past = Past::of(office).ok();
    let drawn = past.as_ref().map(|past| drawn(office, past)).unwrap_or_default();
    let (mut told, mut last) = (Vec::new(), None);
    for (line, freeze) in &office.course().freezes {
        let number = freeze.number;
        let is_new = *line > before;
        // Of what was cosigned only the last freeze is held against the next one.
        let is_asked =
            is_new || office.course().freezes.iter().any(|(next, one)| *next > before && one.number == number + 1);
        let now = if is_asked { read(office, number) } else { Ok(None) };
        match (&now, &last) {
            (Err(says), _) if is_new => told.push(format!("freeze {number} can't be compared: {says}")),
            (Ok(None), _) | (Ok(Some(_)), Some(None)) if is_new && number > 1 => told.push(not_there(number)),
            (Ok(Some(now)), Some(Some(before))) if is_new => {
                told.extend(between(before, now, &|visit| drawn.get(visit).is_some_and(|first| first < line)));
            }
            _ => {}
        }
        last = Some(now.ok().flatten());
    }
    if let Some(open) = office.course().open().filter(|made| made.line > before) {
        told.extend(forgotten(past.as_ref(), open, last.flatten().as_ref()));
    }
    told
}

/// None where its folder is not there.
fn read(office: &Office, number: u64) -> Result<Option<FreezeRead>, String> {
    if !office.path(&frozen_folder(number)).is_dir() {
        return Ok(None);
    }
    let frozen = FrozenInputs::of(office, number).map_err(|error| error.to_string())?;
    FreezeRead::of(number, &frozen.files).map(Some).ok_or_else(|| "its inputs can't be read".to_owned())
}

fn not_there(number: u64) -> String {
    format!(
        "freeze {number} can't be compared with the one before, for this folder does not have the inputs of both; ask the planner for {} and {}",
        frozen_folder(number - 1),
        frozen_folder(number)
    )
}

fn between(before: &FreezeRead, now: &FreezeRead, drawn: &dyn Fn(&str) -> bool) -> Vec<String> {
    let since = now.since(before, drawn).into_iter();
    let mut told: Vec<String> = since.map(|one| format!("{}{}", one.counts, one.facts)).collect();
    let ((from, to), (first, until)) = (now.period(), before.period());
    if (from, to) != (first, until) {
        let (number, last) = (now.number(), before.number());
        told.push(format!("freeze {number} plans {from} to {to}, and freeze {last} {first} to {until}"));
    }
    told
}

/// The visits that were drawn or given by hand so far, each with the first line that drew it; 0 for those that were given.
fn drawn(office: &Office, past: &Past) -> BTreeMap<String, u64> {
    let lines = office.entries().iter().filter(|entry| matches!(entry.body, Body::Draw(_))).map(|entry| entry.line);
    let mut first = BTreeMap::new();
    for (line, draw) in lines.zip(&past.draws) {
        for visit in draw.schedule.assignments.keys().filter(|visit| !draw.before.assignments.contains_key(visit)) {
            first.entry(draw.case.visit(*visit).id.clone()).or_insert(line);
        }
    }
    for (id, _) in past.held.visits() {
        first.entry(id.to_owned()).or_insert(0);
    }
    first
}

/// What would be found when the open commitment is drawn.
fn forgotten(past: Option<&Past>, open: &Made, freeze: Option<&FreezeRead>) -> Vec<String> {
    let counter = open.commit.counter;
    let (Some(past), Some(freeze)) = (past, freeze.filter(|freeze| freeze.number() == open.commit.freeze)) else {
        return Vec::new();
    };
    let lacks = past.held.lacks(&past.draws, freeze.case(), open.commit.from);
    lacks.into_iter().map(|lack| format!("commitment {counter} will not be sound when it is drawn: {lack}")).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::testing::People;
    use super::*;
    use crate::ceremony::{cosign, freeze};
    use crate::record::{Files, below, load_ceremony};

    const CONFLICTS: &str = "inputs/conflicts.jsonl";

    /// What the first freeze of the attacked ceremony has.
    fn inputs() -> Files {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tampered/ceremony/base");
        let mut inputs = below(&load_ceremony(&base).unwrap(), "frozen/001");
        inputs.remove("salt");
        inputs
    }

    fn without(inputs: &Files, name: &str, text: &str) -> Files {
        let mut inputs = inputs.clone();
        let lines = String::from_utf8(inputs[name].clone()).unwrap();
        let kept: String = lines.split_inclusive('\n').filter(|line| !line.contains(text)).collect();
        assert!(kept.len() < lines.len());
        inputs.insert(name.to_owned(), kept.into_bytes());
        inputs
    }

    fn changed(inputs: &Files, name: &str, old: &str, new: &str) -> Files {
        let mut inputs = inputs.clone();
        let text = String::from_utf8(inputs[name].clone()).unwrap();
        assert!(text.contains(old));
        inputs.insert(name.to_owned(), text.replace(old, new).into_bytes());
        inputs
    }

    /// The folder of a ledger that has these freezes.
    fn frozen(people: &People, all: &[Files]) -> std::path::PathBuf {
        let folder = people.ledger(&[]);
        for inputs in all {
            let mut office = Office::open(&folder, Disk::new()).unwrap();
            freeze(&mut office, &people.planner, "River", inputs).unwrap();
        }
        folder
    }

    fn told(people: &People, folder: &Path) -> Vec<String> {
        look(folder, Disk::new(), &people.auditor).unwrap()
    }

    #[test]
    fn what_vanished_is_told_before_it_is_signed_and_not_after() {
        let (people, first) = (People::new(), inputs());
        let second =
            changed(&without(&first, CONFLICTS, "ivo"), "inputs/policy.jsonl", "\"tickets\":8", "\"tickets\":7");
        let folder = frozen(&people, &[first, second]);
        let wanted = [
            "freeze 2 lacks conflicts of freeze 1: 1 (fia with ivo)",
            "freeze 2 has another policy than freeze 1: 1 (tickets 7 instead of 8)",
        ];
        assert_eq!(told(&people, &folder), wanted);
        assert_eq!(told(&people, &folder), wanted, "looking signs nothing");
        cosign(&folder, Disk::new(), &people.auditor, 1_692_000_000).unwrap();
        assert_eq!(told(&people, &folder), [""; 0]);
    }

    #[test]
    fn another_period_is_told() {
        let (people, first) = (People::new(), inputs());
        let second = changed(&first, "inputs/policy.jsonl", "\"to\":\"2023-08-25\"", "\"to\":\"2023-09-01\"");
        let folder = frozen(&people, &[first, second]);
        let wanted = "freeze 2 plans 2023-08-24 to 2023-09-01, and freeze 1 2023-08-24 to 2023-08-25";
        assert_eq!(told(&people, &folder), [wanted]);
    }

    #[test]
    fn without_the_inputs_it_is_said_that_nothing_was_compared() {
        let (people, first) = (People::new(), inputs());
        let second = without(&first, CONFLICTS, "ivo");
        let folder = frozen(&people, &[first, second]);
        let kept = fs::read(folder.join("frozen/002").join(CONFLICTS)).unwrap();
        fs::write(folder.join("frozen/002").join(CONFLICTS), b"").unwrap();
        assert!(told(&people, &folder)[0].starts_with("freeze 2 can't be compared: "), "{:?}", told(&people, &folder));
        fs::write(folder.join("frozen/002").join(CONFLICTS), kept).unwrap();
        fs::remove_dir_all(folder.join("frozen/001")).unwrap();
        let says = told(&people, &folder);
        assert!(says[0].starts_with("freeze 2 can't be compared with the one before"), "{says:?}");
        assert_eq!(says.len(), 1);
    }
}
