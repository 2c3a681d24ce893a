//! Dice, as two people wrote down what they showed.

use std::path::{Path, PathBuf};

use super::Stop;
use crate::draw::Digest;
use crate::draw::dice::{Dice, Throws, agreed};
use crate::record::ledger::{BeaconLine, Commit, Dice as Committed, Fallback, Shown, ShownDice};

/// Two lists of throws that agree, for the dice that were committed to, or those of the fallback.
pub(super) fn thrown(lists: &[PathBuf], commit: &Commit) -> Result<(Shown, Digest), Stop> {
    let dice = match (&commit.beacon, &commit.fallback) {
        (BeaconLine::Dice(dice), _) | (BeaconLine::Quicknet(_), Some(Fallback::Dice(dice))) => dice,
        (BeaconLine::Quicknet(_), None) => {
            return Err(Stop::new(
                "the commitment waits for a round, and names no dice to fall back on",
                "wait for the round; it comes, however late",
            ));
        }
    };
    let [one, other] = lists else {
        return Err(Stop::new(
            format!("{} of two lists were given", lists.len()),
            "two people write down what the dice showed, each for themselves: give both with --dice, one after the other",
        ));
    };
    let throws = agreed(list(one, dice)?, &list(other, dice)?)
        .map_err(|differ| Stop::new(differ.to_string(), "look at the dice, or the film of them, again"))?;
    let shown = Shown::Dice(ShownDice { faces: dice.faces, throws: throws.spelled() });
    Ok((shown, throws.randomness()))
}

fn list(path: &Path, dice: &Committed) -> Result<Throws, Stop> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Stop::new(format!("`{shown}`: {error}"), "name a text file with the throws in it"))?;
    let faces = u8::try_from(dice.faces).ok().and_then(Dice::with_faces);
    let faces = faces.ok_or_else(|| Stop::new("there are no such dice", "dice have 2 to 100 faces"))?;
    faces.parse(&text).map_err(|problems| {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Stop::new(
            format!("`{shown}`: {}", told.join("; ")),
            "write one number for each throw, with blanks between them",
        )
    })
}
