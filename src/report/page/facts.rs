//! What a page is made from: a case, what stands, the records of its draws, and what proves them.

use crate::model::{Case, Schedule};
use crate::record::changes::Held;
use crate::record::{Files, Heads, Record};
use crate::rules::Book;
use crate::verify::{CeremonyVerdict, Verdict};

/// Everything that a page is made from.
pub struct Facts<'f> {
    /// The folder, as it was named.
    pub folder: String,
    /// The case, with what was declared since its freeze.
    pub case: &'f Case,
    /// Its rules.
    pub book: &'f Book,
    /// What stands now.
    pub schedule: &'f Schedule,
    /// Who heads each team.
    pub heads: &'f Heads,
    /// The draws that led there, in order: one of a literal seed, one a commitment of a ceremony.
    pub draws: Vec<Draw<'f>>,
    /// What proves them.
    pub proof: Proof<'f>,
}

/// A draw with the files of its record.
pub struct Draw<'f> {
    /// Its case.
    pub case: &'f Case,
    /// Its rules.
    pub book: &'f Book,
    /// What it drew, and what was fixed before it.
    pub schedule: &'f Schedule,
    /// The files of its record.
    pub files: &'f Files,
}

/// What proves a draw.
pub enum Proof<'f> {
    /// A literal seed.
    Seed {
        /// The record.
        record: &'f Record,
        /// What came of recounting it.
        verdict: &'f Verdict,
    },
    /// A ledger.
    Ledger(CeremonyFacts<'f>),
}

/// The ledger of a ceremony.
pub struct CeremonyFacts<'f> {
    /// Its lines, in order.
    pub lines: Vec<LedgerLine>,
    /// What is held, with what was cancelled.
    pub held: &'f Held,
    /// What came of checking it.
    pub verdict: &'f CeremonyVerdict,
}

/// A line of the ledger in words.
#[derive(Clone, Debug)]
pub struct LedgerLine {
    /// Its number.
    pub line: u64,
    /// Its kind.
    pub kind: &'static str,
    /// What it says.
    pub says: String,
    /// What it does, where that lies beside the ledger.
    pub details: Vec<String>,
    /// When the number that it waits for is published, in seconds since 1970, and as text.
    pub decided: Option<(i64, String)>,
    /// When an auditor first saw it, in seconds since 1970, who, and the time as text.
    pub seen: Option<(i64, String, String)>,
}
