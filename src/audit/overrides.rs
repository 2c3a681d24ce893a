//! Who signs exceptions, for whom and where?
//!
//! *By chance:* of all lines that took two signatures, an approver's are a random choice: no more of them override or void a draw than of the others'. And of all
//! waivers, an approver's are for a person or a place as often as everybody's. Overlaps of two sets, one at random (hypergeometric).

use std::collections::BTreeSet;

use super::asking::{Answer, Asking, Question, Subject};
use super::evidence::{Evidence, Kind, Signed};
use super::tails::Counts;

pub(super) fn ask(evidence: &Evidence) -> Answer {
    let mut asking = Asking::new(Question::Overrides);
    let bends = |kind: Kind| kind != Kind::Amendment;
    let signers: BTreeSet<&String> = evidence.acts.iter().flat_map(|act| &act.signed).collect();
    for signer in signers {
        let signed = evidence.acts.iter().filter(|act| act.signed.contains(signer));
        let (theirs, bent) = (signed.clone().count(), signed.filter(|act| bends(act.kind)).count());
        let all_bent = evidence.acts.iter().filter(|act| bends(act.kind)).count();
        compare(&mut asking, Subject::Approver(signer.clone()), evidence.acts.len(), all_bent, theirs, bent);
    }
    let waivers = &evidence.waivers;
    for approver in waivers.iter().map(|waiver| &waiver.approver).collect::<BTreeSet<_>>() {
        let theirs: Vec<&Signed> = waivers.iter().filter(|waiver| waiver.approver == *approver).collect();
        let of = |all: &dyn Fn(&Signed) -> bool| {
            (waivers.iter().filter(|one| all(one)).count(), theirs.iter().filter(|one| all(one)).count())
        };
        for who in waivers.iter().map(|waiver| waiver.who).collect::<BTreeSet<_>>() {
            let (all, both) = of(&|one| one.who == who);
            let subject = Subject::ApproverFor { approver: approver.clone(), who };
            compare(&mut asking, subject, waivers.len(), all, theirs.len(), both);
        }
        for place in waivers.iter().map(|waiver| waiver.place).collect::<BTreeSet<_>>() {
            let (all, both) = of(&|one| one.place == place);
            let subject = Subject::ApproverAt { approver: approver.clone(), place };
            compare(&mut asking, subject, waivers.len(), all, theirs.len(), both);
        }
    }
    asking.answer()
}

/// Holds how many of an approver's are marked against how many of all are.
fn compare(asking: &mut Asking, subject: Subject, all: usize, marked: usize, theirs: usize, both: usize) {
    let expected = marked as f64 * theirs as f64 / all.max(1) as f64;
    let counts = Counts::of_overlap(all as u64, marked as u64, theirs as u64);
    asking.counts(|| subject, both, theirs, expected, &counts);
}
