//! What its reader knows of a ceremony from elsewhere than its folder: the public files of those who take part, checkpoints that others
//! were shown, another copy of the ledger. A folder alone says only what its planner wants it to say: its first line names the
//! keys that all else is held against, and a second ledger beside it leaves no trace in it.

use serde::Serialize;

use super::{Checked, Claim, Evidence, Finding, in_ledger};
use crate::draw::to_hex;
use crate::record::ledger::{LEDGER, Party, Role};
use crate::verify::notices::Notice;

pub(super) const PARTIES: Claim =
    Claim { name: "parties", says: "the parties whose files you gave are those of the ledger" };
pub(super) const ELSEWHERE: Claim =
    Claim { name: "elsewhere", says: "the ledger is the one that was seen elsewhere, as far as that goes" };

/// What is known from elsewhere; nothing, unless somebody says so. Names are told where something is wrong.
///
/// ```
/// use foureyes::{record::Files, verify::{Elsewhere, verify_ceremony_beside}};
/// let mut elsewhere = Elsewhere::default();
/// elsewhere.ledgers.push(("the auditor's copy".to_owned(), b"{}\n".to_vec()));
/// assert!(!verify_ceremony_beside(&Files::new(), &elsewhere).is_sound());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Elsewhere {
    /// Those whom the reader knows. Where an auditor is among them, only their cosignatures, and those of others given, count as a witness.
    pub parties: Vec<Party>,
    /// Checkpoints, each with a name.
    pub checkpoints: Vec<(String, Vec<u8>)>,
    /// Other copies of the ledger, each with a name.
    pub ledgers: Vec<(String, Vec<u8>)>,
}

impl Elsewhere {
    /// Whether a cosignature by the auditor `name` of the ledger counts.
    pub(super) fn trusts(&self, auditor: &Party) -> bool {
        let known = || self.parties.iter().filter(|party| party.role == Role::Auditor);
        known().next().is_none() || known().any(|party| party == auditor)
    }
}

/// One of those who take part, and whether their key was held against a file from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartySeen {
    /// Whether a file that the reader gave has the same.
    pub given: bool,
    /// The Ed25519 key, 64 hexadecimal digits.
    pub key: String,
    /// The name.
    pub name: String,
    /// `planner`, `auditor` or `officer`.
    pub role: &'static str,
}

pub(super) fn parties(evidence: &Evidence) -> Vec<PartySeen> {
    let seen = |party: &Party| PartySeen {
        given: evidence.elsewhere.parties.contains(party),
        key: to_hex(&party.key),
        name: party.name.clone(),
        role: party.role.word(),
    };
    evidence.course.parties().iter().map(seen).collect()
}

/// Where keys rest on the word of the ledger alone.
pub(super) fn unproved(evidence: &Evidence) -> Option<Notice> {
    let parties = parties(evidence);
    let unproved: Vec<&str> = parties.iter().filter(|party| !party.given).map(|party| party.name.as_str()).collect();
    let says = match unproved.len() {
        0 => return None,
        all if all == parties.len() => {
            "the keys are those of line 1, whoever that is: no file of a party was given to hold them against"
                .to_owned()
        }
        _ => format!("no file was given to hold these keys against: {}", unproved.join(", ")),
    };
    Some(Notice::new("keys-unproved", Some(1), says))
}

/// Whether those whose files were given take part with the same key and role; none where no file was given.
pub(super) fn check_parties(evidence: &Evidence) -> Option<Checked> {
    let given = &evidence.elsewhere.parties;
    if given.is_empty() {
        return None;
    }
    if !evidence.is_open() {
        return Some(Checked::Unchecked);
    }
    let named = |name: &str| evidence.course.parties().iter().find(|party| party.name == name);
    let wrong = given.iter().filter_map(|party| match named(&party.name) {
        Some(same) if same == party => None,
        Some(_) => {
            Some(format!("the ledger has another key, role or chain for `{}` than the file that you gave", party.name))
        }
        None => Some(format!("nobody in the ledger is called `{}`, whose file you gave", party.name)),
    });
    Some(Checked::Whole(wrong.map(|says| in_ledger("party-unknown", 1, says)).collect()))
}

/// Whether what was seen elsewhere is of this ledger; none where nothing was given.
pub(super) fn check(evidence: &Evidence) -> Option<Checked> {
    if evidence.elsewhere.checkpoints.is_empty() && evidence.elsewhere.ledgers.is_empty() {
        return None;
    }
    if !evidence.is_open() {
        return Some(Checked::Unchecked);
    }
    let mut found = evidence.checkpoints.elsewhere.clone();
    found.extend(evidence.elsewhere.ledgers.iter().filter_map(|(name, bytes)| parted(evidence, name, bytes)));
    Some(Checked::Whole(found))
}

/// Where another copy of the ledger has other lines. One of them may be longer.
fn parted(evidence: &Evidence, name: &str, other: &[u8]) -> Option<Finding> {
    let ours = evidence.files.get(LEDGER)?;
    let line = (1..).zip(whole_lines(ours).zip(whole_lines(other))).find(|(_, (ours, other))| ours != other)?.0;
    Some(in_ledger("forked", line, format!("line {line} is another one in {name}: there are two ledgers")))
}

/// The lines that end; the last of a copy may be torn.
fn whole_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"))
}
