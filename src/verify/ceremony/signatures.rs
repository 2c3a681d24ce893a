//! Claim: whatever takes two hands was signed by two.

use std::collections::BTreeMap;

use super::{Checked, Claim, Evidence, Finding, in_ledger};
use crate::record::ledger::{Course, Entry, Party, SignatureFlaw, hands, is_signed_by_two};
use crate::verify::side_by_side::side_by_side;

pub(super) const CLAIM: Claim =
    Claim { name: "signatures", says: "whatever undoes or changes a draw was signed by two, not by planners alone" };

/// Who signed a line, as far as their signatures are genuine, and what is wrong with the others.
pub(super) type Hands = (Vec<Party>, Vec<SignatureFlaw>);

/// The hands of each line that takes two, by its number: looked at once and side by side, for a ledger may have very many.
pub(super) fn of(entries: &[Entry], course: &Course) -> BTreeMap<u64, Hands> {
    let signed: Vec<&Entry> = entries.iter().filter(|entry| entry.body.needs_two()).collect();
    let found = side_by_side(&signed, |entry| {
        let (parties, flaws) = hands(course.origin(), &entry.body, &entry.signed, course.parties());
        (parties.into_iter().cloned().collect(), flaws)
    });
    signed.into_iter().map(|entry| entry.line).zip(found).collect()
}

pub(super) fn check(evidence: &Evidence) -> Checked {
    if !evidence.is_open() {
        return Checked::Unchecked;
    }
    let signed = evidence.entries.iter().filter(|entry| entry.body.needs_two());
    Checked::Whole(signed.flat_map(|entry| wrong(evidence, entry)).collect())
}

fn wrong(evidence: &Evidence, entry: &Entry) -> Vec<Finding> {
    let Some((hands, flaws)) = evidence.hands.get(&entry.line) else { return Vec::new() };
    let mut found: Vec<Finding> =
        flaws.iter().map(|flaw| in_ledger("signature", entry.line, flaw.to_string())).collect();
    if let Err(lacks) = is_signed_by_two(&hands.iter().collect::<Vec<_>>()) {
        let says = format!("this `{}` takes two signatures: {lacks}", entry.body.kind());
        found.push(in_ledger("signature-missing", entry.line, says));
    }
    found
}
