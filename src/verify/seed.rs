//! Claim: the draw began from these inputs and this seed.
//!
//! The check key is derived like every key of the draw, from the inputs as they are now and the seed as
//! it is stated, so it changes when either does. Whoever changes a file and knows how keys are derived can
//! write a new one; that takes the builder to find out, by a replay.

use super::{Claim, Evidence, Finding};
use crate::draw::{Root, to_hex};
use crate::record::RECORD;

pub(super) const CLAIM: Claim = Claim { name: "seed", says: "the derivation begins with these inputs and this seed" };

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let record = evidence.record.as_ref()?;
    let root = Root::from_seed(&evidence.inputs, &record.seed);
    let actual = to_hex(&root.key("check", &record.builder));
    if record.check == actual {
        return Some(Vec::new());
    }
    let says = format!("the record states the check key {}; the inputs and the seed give {actual}", record.check);
    Some(vec![Finding::new("seed-derivation", RECORD, Some(1), says)])
}
