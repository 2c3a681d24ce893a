//! Claim: every checkpoint is one of this ledger, signed by the planner, and each cosignature under it is genuine.
//!
//! A checkpoint that the planner signed and that is not of these lines proves that there were two ledgers.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checked, Claim, Evidence, Finding};
use crate::draw::Digest;
use crate::record::Files;
use crate::record::ledger::{Course, Entry, Party, Role, checkpoint_file, size_of_checkpoint};
use crate::record::merkle::{Growing, leaf_hash};
use crate::record::note::{Checkpoint, Note, NoteFlaw, SignatureKind, VerifierKey};

pub(super) const CLAIM: Claim =
    Claim { name: "checkpoints", says: "the signed heads are those of this ledger, and their signatures genuine" };

/// An auditor's word that they saw so many lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Witness {
    pub size: u64,
    pub name: String,
    pub time: i64,
}

/// What the checkpoints among the files say.
#[derive(Default)]
pub(super) struct Checkpoints {
    /// How many there are.
    pub given: usize,
    /// By size, the earliest genuine word that so many lines or more were seen.
    earliest: BTreeMap<u64, Witness>,
    findings: Vec<Finding>,
}

impl Checkpoints {
    pub fn of(files: &Files, course: &Course, entries: &[Entry]) -> Self {
        let mut all = Self::default();
        let notes = || files.iter().filter(|(name, _)| name.starts_with("checkpoints/"));
        let sizes: BTreeSet<u64> = notes().filter_map(|(name, _)| size_of_checkpoint(name)).collect();
        let roots = roots(entries, &sizes);
        let mut witnesses = Vec::new();
        for (name, bytes) in notes() {
            all.given += 1;
            match all.look(name, bytes, course, &roots) {
                Ok(saw) => witnesses.extend(saw),
                Err((finding, says)) => all.findings.push(Finding::new(finding, name, None, says)),
            }
        }
        witnesses.sort_by_key(|witness| std::cmp::Reverse(witness.size));
        let mut first: Option<Witness> = None;
        for witness in witnesses {
            let first = first.get_or_insert_with(|| witness.clone());
            if witness.time < first.time {
                *first = witness.clone();
            }
            all.earliest.insert(witness.size, first.clone());
        }
        all
    }

    /// The earliest genuine word that line `line` was seen.
    pub fn first_to_see(&self, line: u64) -> Option<&Witness> {
        self.earliest.range(line..).next().map(|(_, witness)| witness)
    }

    /// Who cosigned the checkpoint in file `name`, if it is one of this ledger. Forged cosignatures are noted one by one.
    fn look(&mut self, name: &str, bytes: &[u8], course: &Course, roots: &Roots) -> Result<Vec<Witness>, Wrong> {
        let note = Note::parse(bytes).map_err(|flaw| ("checkpoint", flaw.to_string()))?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(|flaw| ("checkpoint", flaw.to_string()))?;
        let planner = course.planner().and_then(|planner| key(planner, SignatureKind::Note));
        let planner =
            planner.ok_or(("checkpoint-signature", "the ledger names no planner who could sign".to_owned()))?;
        note.verified(&[planner]).map_err(|flaw| ("checkpoint-signature", not_the_planners(&flaw)))?;
        is_of_ledger(name, &checkpoint, course, roots)?;
        let size = checkpoint.size();
        let auditors = course.parties().iter().filter(|party| party.role == Role::Auditor);
        let mut witnesses = Vec::new();
        for key in auditors.filter_map(|party| key(party, SignatureKind::Cosignature)) {
            match note.verified(std::slice::from_ref(&key)) {
                Ok(signed) => {
                    let times = signed.iter().filter_map(|signed| signed.time);
                    witnesses.extend(times.map(|time| Witness { size, name: key.name().to_owned(), time }));
                }
                Err(NoteFlaw::Unsigned) => {}
                Err(flaw) => self.findings.push(Finding::new("cosignature", name, None, flaw.to_string())),
            }
        }
        Ok(witnesses)
    }
}

/// The roots over the first lines of a ledger, by how many; and how many lines it has.
struct Roots {
    of: BTreeMap<u64, Digest>,
    lines: u64,
}

/// The roots of these sizes, as far as there are lines.
fn roots(entries: &[Entry], sizes: &BTreeSet<u64>) -> Roots {
    let (mut growing, mut of, mut lines) = (Growing::default(), BTreeMap::new(), 0);
    for entry in entries {
        growing.push(leaf_hash(&entry.bytes));
        lines += 1;
        if sizes.contains(&lines) {
            of.insert(lines, growing.root());
        }
    }
    Roots { of, lines }
}

/// A finding's name, and the facts.
type Wrong = (&'static str, String);

fn key(party: &Party, kind: SignatureKind) -> Option<VerifierKey> {
    VerifierKey::new(&party.name, kind, party.verifying_key()?).ok()
}

fn not_the_planners(flaw: &NoteFlaw) -> String {
    match flaw {
        NoteFlaw::Unsigned => "the planner has not signed it".to_owned(),
        other => other.to_string(),
    }
}

fn is_of_ledger(name: &str, checkpoint: &Checkpoint, course: &Course, roots: &Roots) -> Result<(), Wrong> {
    let (size, lines) = (checkpoint.size(), roots.lines);
    let wrong = |says: String| Err(("checkpoint", says));
    if checkpoint.origin() != course.origin() {
        return wrong(format!("it is of the ledger `{}`, not of `{}`", checkpoint.origin(), course.origin()));
    }
    if size_of_checkpoint(name) != Some(size) {
        return wrong(format!("it is of {size} lines, and would be called {}", checkpoint_file(size)));
    }
    if !checkpoint.extensions().is_empty() {
        return wrong("it has more lines than origin, size and root".to_owned());
    }
    let Some(root) = roots.of.get(&size) else {
        return wrong(format!("the planner signed {size} lines, and {lines} are there: lines were taken away"));
    };
    match root == checkpoint.root() {
        true => Ok(()),
        false => wrong(format!("the planner signed {size} other lines: the ledger was changed, or there are two")),
    }
}

pub(super) fn check(evidence: &Evidence) -> Checked {
    match evidence.checkpoints.given {
        _ if !evidence.is_open() => Checked::Unchecked,
        0 => Checked::NotGiven,
        _ => Checked::Whole(evidence.checkpoints.findings.clone()),
    }
}
