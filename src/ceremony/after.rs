//! How a ledger is named that comes after another, whose keys were lost or whose chains of secrets are at their end.
//!
//! Nobody can be exchanged in the first line of a ledger, so it ends with its parties. The next one has in its name of which lines it is the successor:
//! each of its checkpoints repeats that, and whoever cosigns the first has seen both. It takes nothing over; what was executed and what was
//! declared goes into the office's files.

use super::{CeremonyError, Office};
use crate::record::note::Checkpoint;

/// Characters of the root that stand in the name: 96 bits, as many as can be compared by eye.
const ROOT_CHARACTERS: usize = 16;

/// A name for the next ledger, and what whoever opens it should know of the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    /// Its name: `ORIGIN/after-LINES-ROOT`. The root is what the last checkpoint has in its third line, as far as it goes, with `-` and `_` for `+` and `/`.
    pub origin: String,
    /// What is unfinished in the last ledger.
    pub warnings: Vec<String>,
}

/// The ledger of `origin` that comes after the one of `last`.
///
/// # Errors
/// Where `origin` can't be the name of a ledger, or a checkpoint of the last one can't be read.
pub fn after(last: &Office, origin: &str) -> Result<Successor, CeremonyError> {
    let lines = last.entries().len();
    let checkpoint = Checkpoint::new(origin, lines as u64, last.root_of(lines));
    let checkpoint = checkpoint
        .map_err(|flaw| CeremonyError::refused(flaw.to_string(), "name it as in `--origin labour.example/harbour`"))?
        .to_string();
    let root = checkpoint.lines().nth(2).unwrap_or_default().replace('+', "-").replace('/', "_");
    let root: String = root.chars().take(ROOT_CHARACTERS).collect();
    let cosigned = last.last_cosigned()?.map_or(0, |(size, _)| size);
    let mut warnings = Vec::new();
    if cosigned < lines as u64 {
        warnings.push(format!(
            "no auditor has cosigned the last {} lines of the ledger of {}; have it done, if one still can",
            lines as u64 - cosigned,
            last.origin()
        ));
    }
    warnings.extend(last.course().open().map(|made| {
        format!(
            "commitment {} of the ledger of {} is still open, and stays so in everybody's sight; make it void, if two still can",
            made.commit.counter,
            last.origin()
        )
    }));
    Ok(Successor { origin: format!("{origin}/after-{lines}-{root}"), warnings })
}

#[cfg(test)]
mod tests {
    use super::super::testing::People;
    use super::super::{Disk, cosign, open};
    use super::*;
    use crate::record::ledger::Body;
    use crate::record::ledger::testing::{commit, freeze, void};

    #[test]
    fn the_next_ledger_is_named_for_the_end_of_the_last() {
        let people = People::new();
        let folder = people.ledger(&[freeze(1), Body::Commit(commit(1, 1)), void(1)]);
        cosign(&folder, Disk::new(), &people.auditor, 1_000_000_000).unwrap();
        let last = Office::look(&folder, Disk::new()).unwrap();
        let next = after(&last, "labour.example").unwrap();
        let note = std::fs::read_to_string(folder.join("checkpoints/000004.note")).unwrap();
        let (name, root) = next.origin.rsplit_once("after-4-").unwrap();
        assert_eq!((name, root.len(), next.warnings.len()), ("labour.example/", 16, 0));
        assert!(note.lines().nth(2).unwrap().replace('+', "-").replace('/', "_").starts_with(root));

        let others = People::new();
        let parties = [&others.planner, &others.auditor].map(|keys| keys.party()).to_vec();
        let office = open(&others.folder(), Disk::new(), &next.origin, parties, &others.planner).unwrap();
        assert_eq!(office.checkpoint(1).unwrap().0.origin(), next.origin);
    }

    #[test]
    fn what_is_unfinished_is_said() {
        let people = People::new();
        let folder = people.ledger(&[freeze(1), Body::Commit(commit(1, 1))]);
        let next = after(&Office::look(&folder, Disk::new()).unwrap(), "labour.example").unwrap();
        assert_eq!(next.warnings.len(), 2, "{:?}", next.warnings);
        assert!(next.warnings[0].contains("the last 3 lines") && next.warnings[1].contains("commitment 1"));
    }

    #[test]
    fn a_name_that_cannot_be_is_refused() {
        let people = People::new();
        let last = Office::look(&people.ledger(&[]), Disk::new()).unwrap();
        assert!(after(&last, "").is_err() && after(&last, "a\nb").is_err());
    }
}
