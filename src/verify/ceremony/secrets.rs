//! Claim: each secret that took part in a draw is the link that the party's anchor fixed for it, long before.
//!
//! Secrets stand in disclosures, which everybody has, and in records, which auditors have. A party's are checked from the lowest
//! counter up, each against the one before, so that long chains are walked once.

use std::collections::BTreeMap;

use super::{Checked, Claim, Evidence, Finding};
use crate::draw::nonce::is_link;
use crate::draw::{Digest, from_hex};
use crate::record::ledger::{Body, Course, Ending, LEDGER, Party};
use crate::record::{Files, RECORD, draw_folder, read_record};

pub(super) const CLAIM: Claim =
    Claim { name: "secrets", says: "the secrets that took part are those that were fixed before anything was drawn" };

/// Wrong secrets of one party that are told; to look at each takes long, and more say no more.
const TOLD_MAX: usize = 20;

/// What the records of the draws state, by counter.
pub(super) fn of_records(files: &Files, course: &Course) -> BTreeMap<u64, Vec<Option<Digest>>> {
    let drawn = course.commitments.iter().filter(|made| matches!(made.ending, Ending::Drawn(_)));
    let stated = drawn.filter_map(|made| {
        let counter = made.commit.counter;
        let record = files.get(&format!("{}/{RECORD}", draw_folder(counter)))?;
        let alone = Files::from([(RECORD.to_owned(), record.clone())]);
        let nonces = read_record(&alone).0?.ceremony?.nonces;
        Some((counter, nonces.iter().map(|nonce| from_hex(nonce)).collect()))
    });
    stated.collect()
}

/// A secret that was shown: for which draw, and where.
struct Shown {
    counter: u64,
    nonce: Digest,
    file: String,
    line: Option<u64>,
}

/// Everything that was shown, by party.
type Secrets<'e> = BTreeMap<&'e str, Vec<Shown>>;

pub(super) fn check(evidence: &Evidence) -> Checked {
    if !evidence.is_open() {
        return Checked::Unchecked;
    }
    let (mut secrets, mut found) = (Secrets::new(), Vec::new());
    disclosed(evidence, &mut secrets);
    recorded(evidence, &mut secrets, &mut found);
    let any = !secrets.is_empty();
    for (name, shown) in secrets {
        match evidence.course.party(name) {
            Some(party) => found.extend(of_party(party, shown)),
            None => {
                found.extend(shown.iter().map(|shown| finding(shown, format!("`{name}` is no party of the ledger"))))
            }
        }
    }
    let mut drawn = evidence.course.commitments.iter().filter(|made| matches!(made.ending, Ending::Drawn(_)));
    let is_shown = |counter: &u64| evidence.nonces.contains_key(counter);
    match drawn.all(|made| made.disclosed.is_some() || is_shown(&made.commit.counter)) {
        true => Checked::Whole(found),
        false if any => Checked::Partly(found),
        false => Checked::NotGiven,
    }
}

fn disclosed<'e>(evidence: &'e Evidence, secrets: &mut Secrets<'e>) {
    for entry in &evidence.entries {
        let Body::Disclose(disclose) = &entry.body else { continue };
        // A counter beyond all commitments is told with the ledger.
        if evidence.course.commitment(disclose.counter).is_none() {
            continue;
        }
        for shown in &disclose.nonces {
            let (file, line) = (LEDGER.to_owned(), Some(entry.line));
            let shown_there = Shown { counter: disclose.counter, nonce: shown.nonce, file, line };
            secrets.entry(&shown.name).or_default().push(shown_there);
        }
    }
}

fn recorded<'e>(evidence: &'e Evidence, secrets: &mut Secrets<'e>, found: &mut Vec<Finding>) {
    for (&counter, nonces) in &evidence.nonces {
        let Some(made) = evidence.course.commitment(counter) else { continue };
        let (names, file) = (&made.commit.nonces, format!("{}/{RECORD}", draw_folder(counter)));
        if names.len() != nonces.len() {
            let says = format!("the record has {} secrets, and the commitment names {}", nonces.len(), names.len());
            found.push(Finding::new("nonce", &file, None, says));
        }
        for (name, nonce) in names.iter().zip(nonces) {
            match nonce {
                Some(nonce) => {
                    let shown = Shown { counter, nonce: *nonce, file: file.clone(), line: None };
                    secrets.entry(name).or_default().push(shown);
                }
                None => {
                    let says = format!("the secret of `{name}` is not 64 hexadecimal digits");
                    found.push(Finding::new("nonce", &file, None, says));
                }
            }
        }
    }
}

/// The secrets of one party that are not theirs for the draw.
fn of_party(party: &Party, mut shown: Vec<Shown>) -> Vec<Finding> {
    shown.sort_by_key(|shown| shown.counter);
    let (mut counter, mut link, mut found) = (0, party.anchor, Vec::new());
    for shown in shown {
        let steps = u32::try_from(shown.counter - counter).unwrap_or(u32::MAX);
        let theirs = if steps == 0 { shown.nonce == link } else { is_link(&party.name, &link, steps, &shown.nonce) };
        if theirs {
            (counter, link) = (shown.counter, shown.nonce);
        } else if found.len() < TOLD_MAX {
            found.push(finding(
                &shown,
                format!("this is not the secret of `{}` for draw {}", party.name, shown.counter),
            ));
        } else {
            found.push(finding(
                &shown,
                format!("more secrets of `{}` are wrong; the others were not looked at", party.name),
            ));
            break;
        }
    }
    found
}

fn finding(shown: &Shown, says: String) -> Finding {
    Finding::new("nonce", &shown.file, shown.line, says)
}
