//! Claim: the inputs are those that the record names.

use super::{Claim, Evidence, Finding};
use crate::draw::{digest, to_hex};
use crate::record::{INPUTS, RECORD};

pub(super) const CLAIM: Claim =
    Claim { name: "inputs", says: "the frozen inputs are those whose digests the record states" };

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let record = evidence.record.as_ref()?;
    let mut found = Vec::new();
    for name in INPUTS {
        let (stated, bytes) = (record.files.get(name), evidence.files.get(name));
        let actual = bytes.map(|bytes| to_hex(&digest(bytes)));
        if stated != actual.as_ref() {
            let [stated, actual] = [stated, actual.as_ref()].map(|text| text.map_or("none", String::as_str));
            let says = format!("the record states the digest {stated}; that of the file is {actual}");
            found.push(Finding::new("file-digest", name, None, says));
        }
    }
    for name in record.files.keys().filter(|name| !INPUTS.contains(&name.as_str())) {
        let says = format!("the record states a digest of `{name}`, which is no input");
        found.push(Finding::new("file-digest", RECORD, Some(1), says));
    }
    let actual = to_hex(&evidence.inputs);
    if record.inputs != actual {
        let says = format!("the record states the digest {} of all inputs; it is {actual}", record.inputs);
        found.push(Finding::new("inputs-digest", RECORD, Some(1), says));
    }
    Some(found)
}
