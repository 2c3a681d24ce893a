//! What a record states of the urn of each stage, in a few figures that a reader can hold against each other.

use std::fmt;

use serde::Serialize;

use super::Evidence;
use crate::record::LeastMedian;

/// Stages whose figures are shown as text.
const SHOWN: usize = 10;

/// One stage, as stated; the claims `odds` and `bounds` say what that is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StageFigures {
    /// No lottery could have lower worst odds, as the record states; absent where it states none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<u32>,
    /// Effective teams a visit, in tenths.
    pub effective: LeastMedian,
    /// Different outcomes.
    pub outcomes: u32,
    /// The stage, from 1.
    pub stage: u64,
    /// Pairs of a visit and an inspector who goes on it in some ticket.
    pub support: u64,
    /// Tickets of its urn.
    pub tickets: u32,
    /// The worst odds, in tickets.
    pub worst: u32,
}

impl StageFigures {
    pub(super) fn all(evidence: &Evidence) -> Vec<Self> {
        let lines = evidence.stages.iter().flat_map(|stages| stages.lines.iter().map(|(_, line)| line));
        let bound = |stage| evidence.bounds.iter().find(|(_, bounds)| bounds.stage == stage);
        let of = lines.map(|line| Self {
            bound: bound(line.stage).map(|(_, bounds)| bounds.worst.at_least),
            effective: line.effective,
            outcomes: line.outcomes,
            stage: line.stage,
            support: line.support,
            tickets: line.tickets,
            worst: line.worst.as_ref().map_or(0, |worst| worst.n),
        });
        of.collect()
    }

    /// A line a stage, and how many more there are.
    pub(super) fn show(all: &[Self], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in all.iter().take(SHOWN) {
            writeln!(f, "{one}")?;
        }
        match all.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(f, "stage   {more} more: foureyes verify --json has them all"),
        }
    }
}

impl fmt::Display for StageFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bound, effective, outcomes, stage, support, tickets, worst } = self;
        let LeastMedian { least, median } = effective;
        write!(
            f,
            "stage   {stage}: outcomes {outcomes} of {tickets} tickets; effective teams least {}.{}, median {}.{}; support {support}; worst {worst}",
            least / 10,
            least % 10,
            median / 10,
            median % 10
        )?;
        bound.map_or(Ok(()), |bound| write!(f, ", bound {bound}"))
    }
}
