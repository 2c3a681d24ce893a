//! Claim: each urn that was handed on is the one that the record states: its header, its size, every ticket in its one
//! spelling, their order, and the root of their Merkle tree.

use super::format::finding;
use super::stages::Stage;
use super::{Claim, Evidence, Finding};
use crate::draw::{digest, to_hex};

pub(super) const CLAIM: Claim =
    Claim { name: "urns", says: "each urn is the one that the record states, ticket by ticket" };

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let stages = evidence.stages.as_ref()?;
    let mut found = Vec::new();
    for stage in stages.all.iter().filter(|stage| stage.given) {
        found.extend(stage.flaws.iter().map(finding));
        found.extend(out_of_order(stage));
        let stated = stages.line(stage.number).map(|(_, line)| line.root.clone());
        if let (Some(root), Some(stated)) = (stage.root.map(|root| to_hex(&root)), stated)
            && root != stated
        {
            let says = format!("the record states the root {stated}; that of the tickets is {root}");
            found.push(Finding::new("urn-root", &stage.file(), None, says));
        }
    }
    Some(found)
}

/// The first ticket that should lie before the one it follows.
fn out_of_order(stage: &Stage) -> Option<Finding> {
    let urn = stage.urn.as_ref()?;
    let mut tickets = urn.tickets().map(|ticket| (digest(ticket), ticket)).enumerate();
    let (_, mut last) = tickets.next()?;
    for (number, ticket) in tickets {
        if ticket < last {
            let says = format!("ticket {number} should lie before ticket {}", number - 1);
            return Some(Finding::new("ticket-order", &stage.file(), None, says));
        }
        last = ticket;
    }
    None
}
