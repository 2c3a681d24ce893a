//! What a record says of the ceremony that drew it, and so which stages it has: all that the policy asks for, or the one that a
//! ceremony drew after what was fixed before.

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::layout::Files;
use super::publish::Record;
use super::schedule::{Published, read_fixed};
use crate::model::{Case, Span, Stretch};

/// What the record of a ceremony's draw says of the ceremony.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceremony {
    /// SHA-256 of the commitment's line in the ledger, in hex.
    pub commit: String,
    /// The counter of the commitment, from 1: the number of the stage.
    pub counter: u64,
    /// SHA-256 of `fixed.jsonl`, in hex.
    pub fixed: String,
    /// The first day that was drawn.
    pub(super) from: Day,
    /// The nonces in hex, in the order of the commitment.
    pub nonces: Vec<String>,
    /// The last day that was drawn.
    pub(super) to: Day,
}

impl Ceremony {
    /// The ceremony of commitment `counter`, with the digest `commit` of its line, which drew the days of `span` with these nonces (all in
    /// hex). The digest of what was fixed is added when the record is published.
    pub fn new(counter: u64, commit: String, span: Span, nonces: Vec<String>) -> Self {
        Self { commit, counter, fixed: String::new(), from: Day(span.from), nonces, to: Day(span.to) }
    }

    /// The days that were drawn.
    pub fn span(&self) -> Span {
        Span { from: self.from.0, to: self.to.0 }
    }
}

/// The stretch of `record` among `files`, and of a ceremony's draw what its `fixed.jsonl` says, with everything wrong with it.
pub fn stretch(record: &Record, files: &Files, case: &Case) -> (Stretch, Option<Published>) {
    let Some(ceremony) = &record.ceremony else { return (Stretch::of_policy(case), None) };
    let fixed = read_fixed(files, case);
    // A counter beyond every bound is that of no stage; what is said of the stages will not fit it.
    let number = usize::try_from(ceremony.counter).unwrap_or(usize::MAX);
    (Stretch { before: fixed.schedule.clone(), stages: vec![(number, ceremony.span())] }, Some(fixed))
}
