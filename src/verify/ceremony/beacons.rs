//! Claim: what decided each draw is what its commitment named, and genuine.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checked, Claim, Evidence, Finding, in_ledger};
use crate::draw::beacon::Round;
use crate::draw::dice::{Dice as Known, Throws};
use crate::record::ledger::{BeaconLine, Commit, Fallback, Shown, ShownDice, ShownRound};
use crate::verify::side_by_side::side_by_side;

pub(super) const CLAIM: Claim = Claim {
    name: "beacons",
    says: "every draw was decided by the number that its commitment named, and that number is genuine",
};

pub(super) fn check(evidence: &Evidence) -> Checked {
    if !evidence.is_open() {
        return Checked::Unchecked;
    }
    let rounds = forged(evidence);
    let wrong = evidence.draws().filter_map(|(line, draw, made)| wrong(line, &draw.beacon, &made.commit, &rounds));
    Checked::Whole(wrong.collect())
}

/// What is wrong with each round that was shown. A signature takes milliseconds, and rounds know nothing of each other; one that is shown on
/// many lines is looked at once, or a ledger of a hundred thousand such lines would take minutes.
fn forged(evidence: &Evidence) -> Rounds {
    let shown = evidence.draws().filter_map(|(_, draw, _)| match &draw.beacon {
        Shown::Quicknet(shown) => Some((shown.round, shown.signature)),
        Shown::Dice(_) => None,
    });
    let shown: Vec<(u64, [u8; 48])> = shown.collect::<BTreeSet<_>>().into_iter().collect();
    let flaws = side_by_side(&shown, |(round, signature)| {
        let round = Round { round: *round, signature: *signature };
        round.verify().err().map(|flaw| flaw.to_string())
    });
    shown.into_iter().zip(flaws).filter_map(|(shown, flaw)| Some((shown, flaw?))).collect()
}

/// What is wrong with a round and its signature, where anything is.
type Rounds = BTreeMap<(u64, [u8; 48]), String>;

fn wrong(line: u64, shown: &Shown, commit: &Commit, rounds: &Rounds) -> Option<Finding> {
    let swapped = |says: String| Some(in_ledger("beacon-swapped", line, says));
    let fallback = commit.fallback.as_ref().map(|Fallback::Dice(dice)| dice);
    match (shown, &commit.beacon) {
        (Shown::Quicknet(shown), BeaconLine::Quicknet(named)) if shown.round == named.round => {
            forged_round(line, shown, rounds)
        }
        (Shown::Quicknet(shown), BeaconLine::Quicknet(named)) => swapped(format!(
            "the commitment names round {}, and the draw was made from round {}",
            named.round, shown.round
        )),
        (Shown::Quicknet(_), BeaconLine::Dice(_)) => {
            swapped("the commitment names dice, and the draw was made from a round of quicknet".to_owned())
        }
        (Shown::Dice(shown), BeaconLine::Dice(dice)) if shown.faces == dice.faces => forged_dice(line, shown),
        (Shown::Dice(shown), BeaconLine::Quicknet(_)) if fallback.is_some_and(|dice| dice.faces == shown.faces) => {
            forged_dice(line, shown)
        }
        (Shown::Dice(shown), BeaconLine::Dice(dice)) => swapped(format!(
            "the commitment names dice with {} faces, and those of the draw have {}",
            dice.faces, shown.faces
        )),
        (Shown::Dice(shown), BeaconLine::Quicknet(_)) => swapped(format!(
            "the commitment names a round of quicknet and no dice with {} faces to fall back on",
            shown.faces
        )),
    }
}

fn forged_round(line: u64, shown: &ShownRound, rounds: &Rounds) -> Option<Finding> {
    let flaw = rounds.get(&(shown.round, shown.signature))?;
    Some(in_ledger("beacon-forged", line, flaw.clone()))
}

/// Nobody can recompute a throw; but it must be one.
fn forged_dice(line: u64, shown: &ShownDice) -> Option<Finding> {
    let dice = u8::try_from(shown.faces).ok().and_then(Known::with_faces);
    let throws = dice.and_then(|dice| Throws::from_spelled(dice, &shown.throws));
    let says = || format!("this is no list of as many throws of dice with {} faces as 256 bits take", shown.faces);
    throws.is_none().then(|| in_ledger("beacon-forged", line, says()))
}
