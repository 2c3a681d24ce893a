//! Claim: the ledger has one spelling, each line goes on from the one above, and nothing was left out, doubled or moved.

use super::{Checked, Claim, Evidence, Finding, in_ledger};
use crate::record::ledger::{LEDGER, OutOfCourse};

pub(super) const CLAIM: Claim =
    Claim { name: "ledger", says: "every line goes on from the one above, and nothing is left out or out of order" };

pub(super) fn check(evidence: &Evidence) -> Checked {
    if !evidence.files.contains_key(LEDGER) {
        return Checked::Whole(vec![Finding::new("missing-file", LEDGER, None, "there is no ledger")]);
    }
    let flaws = evidence.flaws.iter();
    let mut found: Vec<Finding> =
        flaws.map(|flaw| Finding::new(flaw.name, &flaw.file, flaw.line, flaw.says.clone())).collect();
    if evidence.entries.is_empty() && found.is_empty() {
        found.push(Finding::new("ledger-order", LEDGER, None, "the ledger is empty; it begins with `open`"));
    }
    found.extend(breaks(evidence));
    let strays = evidence.strays.iter().filter(|stray| !is_of_commitments(&stray.why));
    found.extend(strays.map(|stray| in_ledger("ledger-order", stray.line, stray.why.to_string())));
    Checked::Whole(found)
}

/// Where the chain is broken.
fn breaks(evidence: &Evidence) -> Vec<Finding> {
    let mut last = None;
    let mut found = Vec::new();
    for entry in &evidence.entries {
        let above = last.replace(entry);
        if !entry.is_behind(above) {
            let says = match above {
                _ if entry.stated != entry.line => format!("the line says that it is line {}", entry.stated),
                None => "the first line is behind none".to_owned(),
                Some(_) => {
                    "`previous` is not the digest of the line above: one of the two was changed, put in or taken out"
                        .to_owned()
                }
            };
            found.push(in_ledger("ledger-chain", entry.line, says));
        }
    }
    found
}

/// What is told with the commitments, under a name of its own.
pub(super) fn is_of_commitments(why: &OutOfCourse) -> bool {
    use OutOfCourse::{DrawnAlready, NotOpen, StillOpen, VoidAlready};
    matches!(why, DrawnAlready(..) | NotOpen(..) | StillOpen(_) | VoidAlready(..))
}
