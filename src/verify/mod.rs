//! From published files to a verdict, trusting nothing that can be recomputed.
//!
//! A record makes eleven claims, one more where it states bounds, and one more where a ceremony drew it; each has its file here, and each is checked even where another is
//! broken, as far as it can be. The verifier shares with the writer only the formats ([`record`])
//! and the definitions of the rules ([`rules`](crate::rules)); it knows no way of building a schedule.
//! That the schedule is the one that the builder gives for this seed is not claimed here: it takes the
//! builder to see it (`foureyes verify --replay`).

mod bounds;
mod ceremony;
mod coverage;
mod drawn;
mod figures;
mod findings;
mod fixed;
mod format;
mod inputs;
mod notices;
mod odds;
mod parts;
mod poor;
mod receipt;
mod reserves;
mod rules;
mod schedule;
mod seed;
mod side_by_side;
mod stages;
mod table;
mod tickets;
mod urns;
mod verdict;

use crate::draw::Digest;
use crate::model::{Case, Reserves, StageBounds, Stretch, VisitId};
use crate::record::{self, Files, Flaw, OddsLine, Published, Record, Thawed};
use crate::rules::Book;

// Who signs a line reads of as many seats in the words of who verifies it.
#[cfg(feature = "cli")]
pub(crate) use ceremony::between::FreezeRead;
#[cfg(feature = "cli")]
pub(crate) use ceremony::count;
pub use ceremony::{
    CeremonyTally, CeremonyVerdict, Cosignature, DrawSeen, Elsewhere, Head, Lacking, Loud, PartySeen, Reader, SeenBy,
    verify_ceremony, verify_ceremony_beside,
};
pub use figures::StageFigures;
pub use findings::{FINDINGS, Known, RULE_BROKEN, known};
#[cfg(feature = "cli")]
pub(crate) use notices::few_tickets_in_words;
pub use notices::{Meant, NOTICES, Notice};
pub use receipt::{ReceiptVerdict, verify_receipt};
pub use verdict::{Claim, Finding, Place, Recounted, State, Tally, Verdict, Worst};

/// The claim, and its finding, that only somebody who knows the builder can add: [`Verdict::add`].
pub const REPLAY: &str = "replay";

/// The frozen inputs, thawed by whoever asks: what a ceremony drew is looked at more than once.
#[derive(Clone, Copy)]
struct Inputs<'f> {
    /// None where the policy can't be read.
    case: Option<(&'f Case, &'f Book)>,
    flaws: &'f [Flaw],
}

impl<'f> Inputs<'f> {
    fn of(thawed: &'f Thawed) -> Self {
        Self { case: thawed.case.as_ref().map(|(case, book)| (case, book)), flaws: &thawed.flaws }
    }
}

/// Everything that could be read of a record's files.
struct Evidence<'f> {
    files: &'f Files,
    /// The digest of the frozen inputs, as they are.
    inputs: Digest,
    record: Option<Record>,
    record_flaws: Vec<Flaw>,
    thawed: Inputs<'f>,
    published: Option<Published>,
    /// None where the case or the record can't be read.
    stretch: Option<Stretch>,
    /// Of a ceremony's draw, what was fixed before it.
    fixed: Option<Published>,
    /// None where the case, the record or the table can't be read.
    stages: Option<stages::Stages>,
    /// By visit, each with its line; none where the case or the table can't be read.
    odds: Option<Vec<(VisitId, u64, OddsLine)>>,
    /// Each with its line; none where the case or the table can't be read.
    reserves: Option<Vec<(u64, Reserves)>>,
    /// The stated bounds, each with its line; nothing where there are none.
    bounds: Vec<(u64, StageBounds)>,
    /// What is wrong with the bytes of the tables about urns.
    urn_flaws: Vec<Flaw>,
}

impl<'f> Evidence<'f> {
    fn of(files: &'f Files, thawed: Inputs<'f>) -> Self {
        let inputs = record::digest_of_inputs(files);
        let (record, record_flaws) = record::read_record(files);
        let case = thawed.case.map(|(case, _)| case);
        let published = case.map(|case| record::read_schedule(files, case));
        let (lines, mut urn_flaws) = record::read_stages(files);
        let odds = case.map(|case| record::read_odds(files, case));
        let odds = odds.map(|(odds, flaws)| {
            urn_flaws.extend(flaws);
            odds
        });
        let reserves = case.map(|case| record::read_reserves(files, case)).map(|(reserves, flaws)| {
            urn_flaws.extend(flaws);
            reserves
        });
        let reserves = reserves.filter(|_| files.contains_key(record::RESERVES));
        let (bounds, flaws) = case.map(|case| record::read_bounds(files, case)).unwrap_or_default();
        urn_flaws.extend(flaws);
        let stretch = case.zip(record.as_ref()).map(|(case, record)| record::stretch(record, files, case));
        let (stretch, fixed) = stretch.map_or((None, None), |(stretch, fixed)| (Some(stretch), fixed));
        let stated = stretch.as_ref().zip(record.as_ref()).filter(|_| files.contains_key(record::STAGES));
        let stages = stated.zip(published.as_ref());
        let stages = stages.map(|((stretch, record), said)| {
            stages::Stages::of(files, (thawed, &inputs), &record.seed, stretch, lines, said)
        });
        let odds = odds.filter(|_| files.contains_key(record::ODDS));
        Self {
            files,
            inputs,
            record,
            record_flaws,
            thawed,
            published,
            stretch,
            fixed,
            stages,
            odds,
            reserves,
            bounds,
            urn_flaws,
        }
    }

    /// Every flaw of every file.
    fn flaws(&self) -> impl Iterator<Item = &Flaw> {
        let published = self.published.iter().flat_map(|published| &published.flaws);
        let fixed = self.fixed.iter().flat_map(|fixed| &fixed.flaws);
        self.record_flaws.iter().chain(self.thawed.flaws).chain(published).chain(&self.urn_flaws).chain(fixed)
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
    verify_thawed(files, Inputs::of(&record::thaw_what_can_be(files)))
}

/// The same, where `thawed` are the inputs of `files`.
fn verify_thawed(files: &Files, thawed: Inputs) -> Verdict {
    let evidence = Evidence::of(files, thawed);
    let checker = thawed.case.map(|(case, book)| book.checker(case));
    let broken = rules::check(&evidence, checker.as_ref());
    let keeps_rules = broken.as_ref().is_some_and(Vec::is_empty);
    let mut verdict = Verdict::new(&evidence);
    verdict.add(format::CLAIM, format::check(&evidence));
    verdict.add(inputs::CLAIM, inputs::check(&evidence));
    verdict.add(seed::CLAIM, seed::check(&evidence));
    verdict.add(schedule::CLAIM, schedule::check(&evidence));
    if evidence.fixed.is_some() {
        verdict.add(fixed::CLAIM, fixed::check(&evidence));
    }
    verdict.add(rules::CLAIM, broken);
    verdict.add(table::CLAIM, table::check(&evidence));
    let reserves = reserves::check(&evidence, keeps_rules);
    let bounds = files.contains_key(record::BOUNDS).then(|| bounds::check(&evidence));
    let holds = |found: &Option<Vec<Finding>>| found.as_ref().is_some_and(Vec::is_empty);
    let proofs = poor::Proofs { reserves: holds(&reserves), bounds: bounds.as_ref().is_some_and(holds) };
    let odds = odds::check(&evidence).map(|found| found.into_iter().chain(poor::check(&evidence, proofs)).collect());
    let of_urns = [
        (urns::CLAIM, urns::check(&evidence)),
        (drawn::CLAIM, drawn::check(&evidence)),
        (odds::CLAIM, odds),
        (tickets::CLAIM, tickets::check(&evidence, checker.as_ref())),
    ];
    let missing = evidence.stages.as_ref().is_some_and(stages::Stages::some_missing);
    let unread = evidence.stages.as_ref().is_some_and(stages::Stages::some_unread);
    for (claim, found) in of_urns {
        verdict.add_partly(claim, found, missing, unread);
    }
    verdict.add(reserves::CLAIM, reserves);
    if let Some(found) = bounds {
        verdict.add_partly(bounds::CLAIM, found, missing, unread);
    }
    verdict
}
