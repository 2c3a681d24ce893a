//! Claim: the frozen inputs are those whose roots stand on the ledger.

use std::collections::BTreeMap;

use super::{Checked, Claim, Evidence, Finding};
use crate::record::ledger::Freeze;
use crate::record::salted::{Master, Tree};
use crate::record::{Files, INPUTS, SALT, below, frozen_folder};

pub(super) const CLAIM: Claim =
    Claim { name: "frozen", says: "the frozen inputs are those that the ledger named before anything was drawn" };

/// The masters that belong to the freezes, by number: those whose inputs are what the ledger names.
pub(super) type Masters = BTreeMap<u64, Master>;

/// What came of looking at every freeze, and the masters of those that are what they should be.
pub(super) fn look(evidence: &Evidence) -> (Checked, Masters) {
    if !evidence.is_open() {
        return (Checked::Unchecked, Masters::new());
    }
    let (mut found, mut masters, mut missing) = (Vec::new(), Masters::new(), 0);
    for (_, freeze) in &evidence.course.freezes {
        let folder = frozen_folder(freeze.number);
        let files = below(evidence.files, &folder);
        if files.is_empty() {
            missing += 1;
            continue;
        }
        match master(freeze, &files) {
            Ok(master) => {
                masters.insert(freeze.number, master);
            }
            Err(says) => found.push(Finding::new("inputs-root", &folder, None, says)),
        }
    }
    let checked = match missing {
        0 => Checked::Whole(found),
        all if all == evidence.course.freezes.len() => Checked::NotGiven,
        _ => Checked::Partly(found),
    };
    (checked, masters)
}

/// The master of a freeze, where its inputs have the root that the ledger names.
fn master(freeze: &Freeze, files: &Files) -> Result<Master, String> {
    let missing = INPUTS.iter().chain([&SALT]).find(|name| !files.contains_key(**name));
    if let Some(name) = missing {
        return Err(format!("the file {name} of freeze {} is not there", freeze.number));
    }
    let master = files.get(SALT).and_then(|bytes| Master::read(bytes));
    let master = master.ok_or_else(|| "the file `salt` is not 64 hexadecimal digits and a line feed".to_owned())?;
    let tree = Tree::of_inputs(files, &master, &format!("freeze/{}", freeze.number));
    let says = |what: &str| format!("the ledger names another {what} for freeze {} than its files have", freeze.number);
    match tree.root() == freeze.root {
        false => Err(says("root")),
        true if tree.leaves().len() as u64 != freeze.leaves => Err(says("number of leaves")),
        true => Ok(master),
    }
}
