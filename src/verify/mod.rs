//! From published files to a verdict, trusting nothing that can be recomputed.
//!
//! A record makes six claims; each has its file here, and each is checked even where another is
//! broken, as far as it can be. The verifier shares with the writer only the formats ([`record`])
//! and the definitions of the rules ([`rules`](crate::rules)); it knows no way of building a schedule.
//! That the schedule is the one that the builder gives for this seed is not claimed here: it takes the
//! builder to see it (`foureyes verify --replay`).

mod findings;
mod format;
mod inputs;
mod rules;
mod schedule;
mod seed;
mod table;
mod verdict;

use crate::record::{self, Files, Flaw, Published, Record, Thawed};

pub use findings::{FINDINGS, Known, RULE_BROKEN, known};
pub use verdict::{Claim, Finding, Place, State, Tally, Verdict};

/// The claim, and its finding, that only somebody who knows the builder can add: [`Verdict::add`].
pub const REPLAY: &str = "replay";

/// Everything that could be read of a record's files.
struct Evidence<'f> {
    files: &'f Files,
    record: Option<Record>,
    record_flaws: Vec<Flaw>,
    thawed: Thawed,
    published: Option<Published>,
}

impl<'f> Evidence<'f> {
    fn of(files: &'f Files) -> Self {
        let (record, record_flaws) = record::read_record(files);
        let thawed = record::thaw_what_can_be(files);
        let published = thawed.case.as_ref().map(|(case, _)| record::read_schedule(files, case));
        Self { files, record, record_flaws, thawed, published }
    }

    /// Every flaw of every file.
    fn flaws(&self) -> impl Iterator<Item = &Flaw> {
        let published = self.published.iter().flat_map(|published| &published.flaws);
        self.record_flaws.iter().chain(&self.thawed.flaws).chain(published)
    }
}

/// Checks every claim that `files` make, and says of each whether it is sound.
///
/// ```
/// use foureyes::{record::Files, verify::verify};
/// let verdict = verify(&Files::new());
/// assert!(!verdict.is_sound());
/// assert!(verdict.findings.iter().all(|finding| finding.name == "missing-file"));
/// ```
pub fn verify(files: &Files) -> Verdict {
    let evidence = Evidence::of(files);
    let mut verdict = Verdict::new(&evidence);
    verdict.add(format::CLAIM, format::check(&evidence));
    verdict.add(inputs::CLAIM, inputs::check(&evidence));
    verdict.add(seed::CLAIM, seed::check(&evidence));
    verdict.add(schedule::CLAIM, schedule::check(&evidence));
    verdict.add(rules::CLAIM, rules::check(&evidence));
    verdict.add(table::CLAIM, table::check(&evidence));
    verdict
}
