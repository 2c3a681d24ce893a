//! Claim: every checkpoint is one of this ledger, signed by the planner, and each cosignature under it is genuine.
//!
//! A checkpoint that the planner signed and that is not of these lines proves that there were two ledgers.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checked, Claim, Elsewhere, Evidence, Finding, times};
use crate::draw::Digest;
use crate::record::Files;
use crate::record::ledger::{Course, Entry, Party, Role, checkpoint_file, size_of_checkpoint};
use crate::record::merkle::roots_at;
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

/// What the checkpoints among the files, and those from elsewhere, say.
#[derive(Default)]
pub(super) struct Checkpoints {
    /// How many there are.
    pub given: usize,
    /// The root over all lines of the ledger.
    pub root: Digest,
    /// What is wrong with those from elsewhere.
    pub elsewhere: Vec<Finding>,
    /// Every genuine word of those whose word counts, by size, then name, then time.
    all: Vec<Witness>,
    /// By size, the earliest genuine word that so many lines or more were seen.
    earliest: BTreeMap<u64, Witness>,
    findings: Vec<Finding>,
}

impl Checkpoints {
    pub fn of(files: &Files, course: &Course, entries: &[Entry], elsewhere: &Elsewhere) -> Self {
        let mut all = Self::default();
        let notes = || files.iter().filter(|(name, _)| name.starts_with("checkpoints/"));
        let others = || elsewhere.checkpoints.iter().map(|(name, bytes)| (name, bytes));
        let stated = others().filter_map(|(_, bytes)| Some(read(bytes).ok()?.1.size()));
        let sizes: BTreeSet<u64> = notes().filter_map(|(name, _)| size_of_checkpoint(name)).chain(stated).collect();
        let look = Look { course, trusted: trusted(course, elsewhere), roots: roots(entries, sizes) };
        for (name, bytes) in notes() {
            all.given += 1;
            let found = all.look(&look, name, bytes, is_of_ledger);
            all.findings.extend(found);
        }
        for (name, bytes) in others() {
            all.given += 1;
            let found = all.look(&look, name, bytes, is_not_forked);
            all.elsewhere.extend(found);
        }
        all.root = look.roots.of.get(&look.roots.lines).copied().unwrap_or_default();
        all.all.sort_by(|a, b| (a.size, &a.name, a.time).cmp(&(b.size, &b.name, b.time)));
        all.all.dedup();
        all.earliest = earliest(&all.all);
        all
    }

    /// Every genuine cosignature of those whose word counts, by lines, then name, then time.
    pub fn all(&self) -> &[Witness] {
        &self.all
    }

    /// The earliest genuine word that line `line` was seen.
    pub fn first_to_see(&self, line: u64) -> Option<&Witness> {
        self.earliest.range(line..).next().map(|(_, witness)| witness)
    }

    /// What is wrong with the checkpoint `name`. Who cosigned it is noted, if it is one of this ledger as `is_its` sees it.
    fn look(&mut self, look: &Look, name: &str, bytes: &[u8], is_its: IsIts) -> Vec<Finding> {
        match look.note(name, bytes, is_its) {
            Ok((note, size)) => {
                let (saw, forged) = look.witnesses(name, &note, size);
                self.all.extend(saw);
                forged
            }
            Err((finding, says)) => vec![Finding::new(finding, name, None, says)],
        }
    }
}

/// Whether a checkpoint is one of this ledger.
type IsIts = fn(&str, &Checkpoint, &Look) -> Result<(), Wrong>;

/// What checkpoints are held against.
struct Look<'c> {
    course: &'c Course,
    /// Names of the auditors whose word counts.
    trusted: BTreeSet<&'c str>,
    roots: Roots,
}

impl Look<'_> {
    /// The note, if the planner signed it and it is of this ledger, and of how many lines it is.
    fn note(&self, name: &str, bytes: &[u8], is_its: IsIts) -> Result<(Note, u64), Wrong> {
        let (note, checkpoint) = read(bytes)?;
        let planner = self.course.planner().and_then(|planner| key(planner, SignatureKind::Note));
        let planner =
            planner.ok_or(("checkpoint-signature", "the ledger names no planner who could sign".to_owned()))?;
        note.verified(&[planner]).map_err(|flaw| ("checkpoint-signature", not_the_planners(&flaw)))?;
        is_its(name, &checkpoint, self)?;
        Ok((note, checkpoint.size()))
    }

    /// Those whose word counts and who cosigned the note, and each cosignature under it that is forged.
    fn witnesses(&self, name: &str, note: &Note, size: u64) -> (Vec<Witness>, Vec<Finding>) {
        let auditors = self.course.parties().iter().filter(|party| party.role == Role::Auditor);
        let (mut witnesses, mut forged) = (Vec::new(), Vec::new());
        for key in auditors.filter_map(|party| key(party, SignatureKind::Cosignature)) {
            match note.verified(std::slice::from_ref(&key)) {
                Ok(signed) if self.trusted.contains(key.name()) => {
                    let times = signed.iter().filter_map(|signed| signed.time);
                    witnesses.extend(times.map(|time| Witness { size, name: key.name().to_owned(), time }));
                }
                Ok(_) | Err(NoteFlaw::Unsigned) => {}
                Err(flaw) => forged.push(Finding::new("cosignature", name, None, flaw.to_string())),
            }
        }
        (witnesses, forged)
    }
}

fn trusted<'c>(course: &'c Course, elsewhere: &Elsewhere) -> BTreeSet<&'c str> {
    let trusted = course.parties().iter().filter(|party| elsewhere.trusts(party));
    trusted.map(|party| party.name.as_str()).collect()
}

fn read(bytes: &[u8]) -> Result<(Note, Checkpoint), Wrong> {
    let note = Note::parse(bytes).map_err(|flaw| ("checkpoint", flaw.to_string()))?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|flaw| ("checkpoint", flaw.to_string()))?;
    Ok((note, checkpoint))
}

/// By size, the earliest word that so many lines or more were seen.
fn earliest(all: &[Witness]) -> BTreeMap<u64, Witness> {
    let (mut earliest, mut first): (BTreeMap<u64, Witness>, Option<&Witness>) = Default::default();
    for witness in all.iter().rev() {
        first = Some(first.filter(|first| first.time <= witness.time).unwrap_or(witness));
        earliest.extend(first.map(|first| (witness.size, first.clone())));
    }
    earliest
}

/// The roots over the first lines of a ledger, by how many; and how many lines it has.
struct Roots {
    of: BTreeMap<u64, Digest>,
    lines: u64,
}

/// The roots of these sizes, as far as there are lines, and that of all lines. A ledger of none has no checkpoint.
fn roots(entries: &[Entry], mut sizes: BTreeSet<u64>) -> Roots {
    let lines = entries.len() as u64;
    sizes.retain(|size| *size > 0);
    sizes.insert(lines);
    Roots { of: roots_at(entries.iter().map(|entry| entry.bytes.as_slice()), &sizes), lines }
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

fn is_of_ledger(name: &str, checkpoint: &Checkpoint, look: &Look) -> Result<(), Wrong> {
    let size = checkpoint.size();
    is_of_origin(checkpoint, look)?;
    if size_of_checkpoint(name) != Some(size) {
        return Err(("checkpoint", format!("it is of {size} lines, and would be called {}", checkpoint_file(size))));
    }
    look.roots.has(checkpoint).map_err(|says| ("checkpoint", says))
}

/// The same of a checkpoint from elsewhere, which may lie in any file.
fn is_not_forked(_: &str, checkpoint: &Checkpoint, look: &Look) -> Result<(), Wrong> {
    is_of_origin(checkpoint, look)?;
    look.roots.has(checkpoint).map_err(|says| ("forked", says))
}

fn is_of_origin(checkpoint: &Checkpoint, look: &Look) -> Result<(), Wrong> {
    let origin = look.course.origin();
    if checkpoint.origin() != origin {
        return Err(("checkpoint", format!("it is of the ledger `{}`, not of `{origin}`", checkpoint.origin())));
    }
    match checkpoint.extensions().is_empty() {
        true => Ok(()),
        false => Err(("checkpoint", "it has more lines than origin, size and root".to_owned())),
    }
}

impl Roots {
    /// Why the lines are not those of the checkpoint.
    fn has(&self, checkpoint: &Checkpoint) -> Result<(), String> {
        let (size, lines) = (checkpoint.size(), self.lines);
        match self.of.get(&size) {
            Some(root) if root == checkpoint.root() => Ok(()),
            Some(_) => Err(format!("the planner signed {size} other lines: the ledger was changed, or there are two")),
            None => Err(format!("the planner signed {size} lines, and {lines} are there: lines were taken away")),
        }
    }
}

pub(super) fn check(evidence: &Evidence) -> Checked {
    match evidence.checkpoints.given {
        _ if !evidence.is_open() => Checked::Unchecked,
        0 => Checked::NotGiven,
        _ => {
            let mut found = evidence.checkpoints.findings.clone();
            found.extend(times::of_cosignatures(evidence));
            Checked::Whole(found)
        }
    }
}
