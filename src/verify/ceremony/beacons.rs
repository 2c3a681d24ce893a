//! Claim: what decided each draw is what its commitment named, and genuine.

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
    // A signature takes milliseconds, and rounds know nothing of each other.
    let draws: Vec<_> = evidence.draws().collect();
    let wrong = side_by_side(&draws, |(line, draw, made)| wrong(*line, &draw.beacon, &made.commit));
    Checked::Whole(wrong.into_iter().flatten().collect())
}

fn wrong(line: u64, shown: &Shown, commit: &Commit) -> Option<Finding> {
    let swapped = |says: String| Some(in_ledger("beacon-swapped", line, says));
    let fallback = commit.fallback.as_ref().map(|Fallback::Dice(dice)| dice);
    match (shown, &commit.beacon) {
        (Shown::Quicknet(shown), BeaconLine::Quicknet(named)) if shown.round == named.round => {
            forged_round(line, shown)
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

fn forged_round(line: u64, shown: &ShownRound) -> Option<Finding> {
    let round = Round { round: shown.round, signature: shown.signature };
    round.verify().err().map(|flaw| in_ledger("beacon-forged", line, flaw.to_string()))
}

/// Nobody can recompute a throw; but it must be one.
fn forged_dice(line: u64, shown: &ShownDice) -> Option<Finding> {
    let dice = u8::try_from(shown.faces).ok().and_then(Known::with_faces);
    let throws = dice.and_then(|dice| Throws::from_spelled(dice, &shown.throws));
    let says = || format!("this is no list of as many throws of dice with {} faces as 256 bits take", shown.faces);
    throws.is_none().then(|| in_ledger("beacon-forged", line, says()))
}
