//! Claim: whatever takes two hands was signed by two.

use super::{Checked, Claim, Evidence, Finding, in_ledger};
use crate::record::ledger::{Entry, hands, is_signed_by_two};

pub(super) const CLAIM: Claim =
    Claim { name: "signatures", says: "whatever undoes or changes a draw was signed by two, not by planners alone" };

pub(super) fn check(evidence: &Evidence) -> Checked {
    if !evidence.is_open() {
        return Checked::Unchecked;
    }
    let signed = evidence.entries.iter().filter(|entry| entry.body.needs_two());
    Checked::Whole(signed.flat_map(|entry| wrong(evidence, entry)).collect())
}

fn wrong(evidence: &Evidence, entry: &Entry) -> Vec<Finding> {
    let (origin, parties) = (evidence.course.origin(), evidence.course.parties());
    let (hands, flaws) = hands(origin, &entry.body, &entry.signed, parties);
    let mut found: Vec<Finding> =
        flaws.into_iter().map(|flaw| in_ledger("signature", entry.line, flaw.to_string())).collect();
    if let Err(lacks) = is_signed_by_two(&hands) {
        let says = format!("this `{}` takes two signatures: {lacks}", entry.body.kind());
        found.push(in_ledger("signature-missing", entry.line, says));
    }
    found
}
