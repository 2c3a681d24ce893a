//! From a ceremony's files to a verdict, as far as there are files: DRAW.md, section 18.
//!
//! Everybody has the ledger and its checkpoints, auditors have the frozen inputs and the records too. Each claim has its file here,
//! and is checked with whatever there is; where nothing is there, the verdict says so. What undoes or bends a draw (voids and
//! overrides) is no finding if two have signed it, and is the first thing that a verdict shows.

mod amendments;
mod beacons;
mod beside;
pub(crate) mod between;
mod carried;
mod checkpoints;
mod commitments;
mod dice;
mod draws;
mod elsewhere;
mod executed;
mod frozen;
mod history;
mod ledger;
mod notices;
mod reader;
mod records;
mod secrets;
mod signatures;
#[cfg(test)]
mod tests;
mod times;
mod verdict;

use std::collections::BTreeMap;

use super::{Claim, Finding};
use crate::draw::Digest;
use crate::record::ledger::{Body, Course, Draw, Entry, LEDGER, Made, Stray, read_ledger};
use crate::record::{Files, Flaw};

pub use draws::DrawSeen;
pub use elsewhere::{Elsewhere, PartySeen};
pub use reader::{Lacking, Reader};
#[cfg(feature = "cli")]
pub(crate) use verdict::count;
pub use verdict::{CeremonyTally, CeremonyVerdict, Cosignature, Head, Loud, SeenBy};

/// What came of looking at a claim.
enum Checked {
    /// All that it takes is there.
    Whole(Vec<Finding>),
    /// Some of what it takes is not there; of the rest, this is what is wrong.
    Partly(Vec<Finding>),
    /// Nothing of what it takes is there.
    NotGiven,
    /// What it takes can't be read.
    Unchecked,
}

/// Everything that could be read of a ceremony's files.
struct Evidence<'f> {
    files: &'f Files,
    elsewhere: &'f Elsewhere,
    entries: Vec<Entry>,
    flaws: Vec<Flaw>,
    course: Course,
    strays: Vec<Stray>,
    checkpoints: checkpoints::Checkpoints,
    /// The secrets that a record states, by counter, in the order of its commitment.
    nonces: BTreeMap<u64, Vec<Option<Digest>>>,
    /// Who signed the lines that take two hands, by their numbers.
    hands: BTreeMap<u64, signatures::Hands>,
    /// What was held when, and what is wrong with changes.
    history: history::History,
}

impl<'f> Evidence<'f> {
    fn of(files: &'f Files, elsewhere: &'f Elsewhere) -> Self {
        let (entries, flaws) = files.get(LEDGER).map(|bytes| read_ledger(bytes)).unwrap_or_default();
        let (course, strays) = Course::of(&entries);
        let checkpoints = checkpoints::Checkpoints::of(files, &course, &entries, elsewhere);
        let nonces = secrets::of_records(files, &course);
        let hands = signatures::of(&entries, &course);
        let history = history::History::default();
        let mut evidence =
            Self { files, elsewhere, entries, flaws, course, strays, checkpoints, nonces, hands, history };
        evidence.history = history::History::of(&evidence);
        evidence
    }

    /// Whether there is a ledger that says who takes part.
    fn is_open(&self) -> bool {
        self.course.opened.is_some()
    }

    /// Every draw, with its line and the commitment that it names.
    fn draws(&self) -> impl Iterator<Item = (u64, &Draw, &Made)> {
        let draws = self.entries.iter().filter_map(|entry| match &entry.body {
            Body::Draw(draw) => Some((entry.line, draw)),
            _ => None,
        });
        draws.filter_map(|(line, draw)| Some((line, draw, self.course.commitment(draw.counter)?)))
    }
}

/// Checks every claim that a ceremony's `files` make, as far as they are there, and says of each whether it is sound.
///
/// ```
/// use foureyes::{record::Files, verify::verify_ceremony};
/// let verdict = verify_ceremony(&Files::new());
/// assert!(!verdict.is_sound() && verdict.findings[0].name == "missing-file");
/// ```
pub fn verify_ceremony(files: &Files) -> CeremonyVerdict {
    verify_ceremony_beside(files, &Elsewhere::default())
}

/// The same, held against what its reader knows from `elsewhere`.
pub fn verify_ceremony_beside(files: &Files, elsewhere: &Elsewhere) -> CeremonyVerdict {
    let evidence = Evidence::of(files, elsewhere);
    let (frozen, masters) = frozen::look(&evidence);
    let mut verdict = CeremonyVerdict::new(&evidence, &masters);
    verdict.add(ledger::CLAIM, ledger::check(&evidence));
    verdict.add_if_given(elsewhere::PARTIES, elsewhere::check_parties(&evidence));
    verdict.add_if_given(elsewhere::ELSEWHERE, elsewhere::check(&evidence));
    verdict.add(checkpoints::CLAIM, checkpoints::check(&evidence));
    verdict.add(commitments::CLAIM, commitments::check(&evidence));
    verdict.add(beacons::CLAIM, beacons::check(&evidence));
    verdict.add(signatures::CLAIM, signatures::check(&evidence));
    verdict.add(secrets::CLAIM, secrets::check(&evidence));
    verdict.add(frozen::CLAIM, frozen);
    let (records, draws) = records::look(&evidence, &masters);
    verdict.add(records::CLAIM, records);
    verdict.add_draws(draws);
    verdict.add(amendments::CLAIM, amendments::check(&evidence));
    verdict.add(executed::CLAIM, executed::check(&evidence));
    verdict.lacking = reader::lacking(&evidence, &verdict.claims);
    verdict
}

/// The same finding, by its place in the ceremony's folder.
fn in_folder(mut finding: Finding, folder: &str) -> Finding {
    finding.place.file = format!("{folder}/{}", finding.place.file);
    finding
}

/// A finding in a line of the ledger.
fn in_ledger(name: &'static str, line: u64, says: impl Into<String>) -> Finding {
    Finding::new(name, LEDGER, Some(line), says)
}
