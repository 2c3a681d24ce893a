//! An auditor's part: to say when they saw the ledger, after looking at what they sign.
//!
//! Whoever cosigns holds that the ledger goes on from what they cosigned last, and that no number that decides one of its new
//! commitments can be known yet. What they cosigned last is kept beside their secret, and brought to the disk before the
//! cosignature is given away: so they never sign two ledgers that part.

use std::path::{Path, PathBuf};

use super::caution::cautions_of_commitment;
use super::memory::{Memory, Recalled, recall, seen_path};
use super::{Access, CeremonyError, Disk, Keys, Office, utc};
use crate::record::ledger::{BeaconLine, Ending, Made, Role, checkpoint_file};
use crate::record::note::{Checkpoint, Note};

/// How long a round must still be away when its commitment is cosigned, in seconds: longer than clocks differ.
pub const AHEAD: i64 = 600;

/// What cosigning did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// Lines of the ledger that were cosigned.
    pub size: u64,
    /// Lines that had been cosigned before.
    pub before: u64,
    /// The time that the cosignature states.
    pub time: i64,
    /// The note that now has it.
    pub note: PathBuf,
    /// What the auditor should know, though it does not keep them from cosigning.
    pub warnings: Vec<String>,
}

/// Cosigns the planner's checkpoint of the ledger in `folder`, as the auditor whose `keys` these are, at the time `now` in seconds since
/// 1970. What was cosigned before is cosigned again with the same words.
///
/// # Errors
/// Where the ledger is not sound, does not go on from what was cosigned before, or has a new commitment whose number may be known.
pub fn cosign(folder: &Path, disk: Disk, keys: &Keys, now: i64) -> Result<Cosigned, CeremonyError> {
    cosign_with(folder, disk, keys, now, Memory::Kept)
}

/// The same where the auditor says whether their memory of what they cosigned is lost.
///
/// # Errors
/// As for [`cosign`], and where a memory that is not lost lacks what the folder shows.
pub fn cosign_with(
    folder: &Path,
    disk: Disk,
    keys: &Keys,
    now: i64,
    memory: Memory,
) -> Result<Cosigned, CeremonyError> {
    let office = Office::look(folder, disk)?;
    office.is_party(keys)?;
    if keys.role() != Role::Auditor {
        let says = format!("`{}` is no auditor of this ledger, and only auditors cosign its checkpoints", keys.name());
        return Err(CeremonyError::refused(says, "to sign a proposal, give --proposal"));
    }
    let size = office.entries().len() as u64;
    let (checkpoint, note) = sealed(&office, size)?;
    let Recalled { last, mut warnings } = recall(&office, keys, now, memory)?;
    let before = last.as_ref().map_or(0, |seen| seen.checkpoint.size());
    warnings.extend(look_at_commitments(&office, before, now)?);
    let same = last.filter(|seen| seen.checkpoint == checkpoint);
    let time = same.map_or(now, |seen| seen.time);
    let note = give(&office, keys, note, size, time)?;
    Ok(Cosigned { size, before, time, note, warnings })
}

/// The planner's checkpoint of all lines that are there.
fn sealed(office: &Office, size: u64) -> Result<(Checkpoint, Note), CeremonyError> {
    if !office.path(&checkpoint_file(size)).is_file() {
        let says = format!("the planner has not signed a checkpoint of the {size} lines that are there");
        return Err(CeremonyError::refused(says, "ask the planner for the whole folder: their next command writes it"));
    }
    let (checkpoint, note) = office.checkpoint(size)?;
    match *checkpoint.root() == office.root_of(office.entries().len()) {
        true => Ok((checkpoint, note)),
        false => Err(parted("the planner's checkpoint is not one of these lines".to_owned())),
    }
}

pub(super) fn parted(says: String) -> CeremonyError {
    CeremonyError::refused(
        says,
        "nothing was cosigned; keep both copies, and ask the planner how this came about before you sign anything",
    )
}

/// Looks at each commitment behind the first `before` lines. One that is still to be drawn must not be decided yet; of others it is too
/// late, and the verifier will say so.
fn look_at_commitments(office: &Office, before: u64, now: i64) -> Result<Vec<String>, CeremonyError> {
    let mut warnings = Vec::new();
    for made in office.course().commitments.iter().filter(|made| made.line > before) {
        warnings.extend(cautions_of_commitment(made));
        match made.ending {
            Ending::Open => is_ahead(made, now)?,
            Ending::Drawn(line) => warnings.push(format!(
                "commitment {} was drawn, in line {line}, before you cosigned it; whether another auditor did, `foureyes verify` says",
                made.commit.counter
            )),
            Ending::Void(_) | Ending::Dropped(_) => {}
        }
    }
    Ok(warnings)
}

/// A round must be further away than clocks differ. Dice are thrown by people who know of the hour; before it is early enough.
fn is_ahead(made: &Made, now: i64) -> Result<(), CeremonyError> {
    let (counter, it_is) = (made.commit.counter, utc(now));
    let known = made.commit.beacon.known_from().unwrap_or(i64::MIN);
    let (until, says) = match &made.commit.beacon {
        BeaconLine::Quicknet(round) => {
            let says = format!("round {} of commitment {counter} is of {}, and it is {it_is}", round.round, utc(known));
            (known.saturating_sub(AHEAD).saturating_add(1), says)
        }
        BeaconLine::Dice(dice) => {
            (known, format!("the dice of commitment {counter} are thrown on {}, and it is {it_is}", dice.when()))
        }
    };
    let lie = match &made.commit.beacon {
        BeaconLine::Quicknet(_) => format!("{} minutes must lie between", AHEAD / 60),
        BeaconLine::Dice(_) => "a cosignature must come before the throw".to_owned(),
    };
    let hint = format!(
        "nothing was cosigned: the number may be known, {lie}; have the commitment made void, and another made"
    );
    if now < until { Ok(()) } else { Err(CeremonyError::refused(says, hint)) }
}

/// Remembers the cosignature, then gives it away.
fn give(office: &Office, keys: &Keys, mut note: Note, size: u64, time: i64) -> Result<PathBuf, CeremonyError> {
    let cosigned = note.cosign(keys.name(), keys.key(), time);
    cosigned.map_err(|flaw| CeremonyError::refused(flaw.to_string(), "nothing was cosigned"))?;
    let (bytes, path) = (note.to_string().into_bytes(), office.path(&checkpoint_file(size)));
    for path in [seen_path(keys), path.clone()] {
        if !std::fs::read(&path).is_ok_and(|there| there == bytes) {
            office.disk().write_whole(&path, &bytes, Access::Everybody).map_err(CeremonyError::io(&path))?;
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::testing::{People, copied, files, stopped_everywhere};
    use super::*;
    use crate::draw::beacon::time_of;
    use crate::record::ledger::testing::{commit, day, dice, draw, freeze, void};
    use crate::record::ledger::{Body, Commit, LEDGER};
    use crate::record::note::{SignatureKind, VerifierKey};

    /// The time of round 1000.
    fn round_1000() -> i64 {
        time_of(1000).unwrap()
    }

    fn committed(people: &People) -> PathBuf {
        people.ledger(&[freeze(1), Body::Commit(commit(1, 1))])
    }

    fn cosigned(people: &People, folder: &Path, now: i64) -> Result<Cosigned, CeremonyError> {
        cosign(folder, Disk::new(), &people.auditor, now)
    }

    #[test]
    fn what_was_cosigned_says_when_and_stays_so() {
        let people = People::new();
        let folder = committed(&people);
        let now = round_1000() - AHEAD;
        let done = cosigned(&people, &folder, now).unwrap();
        assert_eq!((done.size, done.before, done.time, done.warnings.len()), (3, 0, now, 0));
        let after = files(&folder);
        let again = cosigned(&people, &folder, now + 5000).unwrap();
        assert_eq!((again.before, again.time), (3, now));
        assert_eq!(files(&folder), after);
        let (_, note) = Office::look(&folder, Disk::new()).unwrap().checkpoint(3).unwrap();
        let key = people.auditor.key().verifying_key();
        let keys = [VerifierKey::new("audit", SignatureKind::Cosignature, key).unwrap()];
        assert_eq!(note.verified(&keys).unwrap()[0].time, Some(now));
        assert!(Office::look(&folder, Disk::new()).unwrap().checkpoint(3).is_ok(), "the planner's stays under it");
    }

    #[test]
    fn a_round_that_may_be_known_is_not_cosigned() {
        let people = People::new();
        let folder = committed(&people);
        for late in [round_1000() - AHEAD + 1, round_1000(), i64::MAX] {
            let error = cosigned(&people, &folder, late).unwrap_err().to_string();
            assert!(error.contains("round 1000 of commitment 1 is of 2023-08-23T15:59:24Z"), "{error}");
        }
        assert!(!people.auditor.path().with_extension("seen").exists());
    }

    #[test]
    fn dice_are_cosigned_until_their_day_is_over() {
        let people = People::new();
        let thrown = Commit { beacon: BeaconLine::Dice(dice()), fallback: None, ..commit(1, 1) };
        let folder = people.ledger(&[freeze(1), Body::Commit(thrown)]);
        let end = day(4).and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp();
        assert!(cosigned(&people, &folder, end).is_err());
        assert!(cosigned(&people, &folder, end - 1).is_ok());
    }

    #[test]
    fn dice_with_an_hour_are_cosigned_before_it() {
        let people = People::new();
        let hour = chrono::NaiveTime::from_hms_opt(10, 0, 0).unwrap();
        let timed = crate::record::ledger::Dice { time: Some(hour), ..dice() };
        let thrown = Commit { beacon: BeaconLine::Dice(timed), fallback: None, ..commit(1, 1) };
        let folder = people.ledger(&[freeze(1), Body::Commit(thrown)]);
        let end = day(3).and_time(hour).and_utc().timestamp();
        let error = cosigned(&people, &folder, end).unwrap_err();
        assert!(error.to_string().contains("are thrown on 2027-01-03 at 10:00 UTC"), "{error}");
        assert!(error.hint().contains("before the throw"));
        assert_eq!(cosigned(&people, &folder, end - 1).unwrap().warnings, [""; 0]);
    }

    #[test]
    fn only_an_auditor_cosigns() {
        let people = People::new();
        let folder = committed(&people);
        for keys in [&people.planner, &people.officer, &People::new().auditor] {
            assert!(cosign(&folder, Disk::new(), keys, 1_000_000_000).is_err());
        }
    }

    #[test]
    fn a_ledger_that_does_not_go_on_is_not_cosigned() {
        let people = People::new();
        let (first, now) = (committed(&people), round_1000() - 5000);
        cosigned(&people, &first, now).unwrap();
        let other = people.ledger(&[freeze(1), Body::Commit(Commit { worst: 500, ..commit(1, 1) })]);
        let shorter = people.ledger(&[freeze(1)]);
        let longer = people.ledger(&[freeze(1), Body::Commit(Commit { worst: 500, ..commit(1, 1) }), void(1)]);
        for folder in [&other, &shorter, &longer] {
            let error = cosigned(&people, folder, now + 9).unwrap_err().to_string();
            assert!(error.contains("do not go on from the 3 that you cosigned"), "{error}");
        }
        let on = people.ledger(&[freeze(1), Body::Commit(commit(1, 1)), void(1), freeze(2)]);
        assert!(cosigned(&people, &on, now - 1).unwrap_err().to_string().contains("by this clock"));
        assert_eq!(cosigned(&people, &on, now + 9).map(|done| (done.before, done.size)).unwrap(), (3, 5));
    }

    #[test]
    fn what_was_drawn_unseen_is_told_and_not_held_up() {
        let people = People::new();
        let folder = people.ledger(&[freeze(1), Body::Commit(commit(1, 1)), draw(1)]);
        let done = cosigned(&people, &folder, round_1000() + 99).unwrap();
        assert!(done.warnings[0].contains("commitment 1 was drawn, in line 4, before you cosigned it"));
    }

    #[test]
    fn without_the_planners_checkpoint_nothing_is_cosigned() {
        let people = People::new();
        let folder = committed(&people);
        let note = folder.join(checkpoint_file(3));
        let text = fs::read_to_string(&note).unwrap();
        fs::remove_file(&note).unwrap();
        assert!(
            cosigned(&people, &folder, 0)
                .unwrap_err()
                .to_string()
                .contains("has not signed a checkpoint of the 3 lines")
        );
        // A character of the signature, which is made of random keys, becomes another whatever it is.
        let (before, after) = text.split_at(text.len() - 12);
        let other = if after.starts_with('B') { "C" } else { "B" };
        let forged = format!("{before}{other}{}", &after[1..]);
        for wrong in [text.replace("labour", "labour2"), text.replacen('3', "2", 1), forged, String::new()] {
            fs::write(&note, wrong).unwrap();
            assert!(cosigned(&people, &folder, 0).is_err());
        }
        fs::write(&note, &text).unwrap();
        let ledger = fs::read(folder.join(LEDGER)).unwrap();
        fs::write(folder.join(LEDGER), &ledger[..ledger.len() - 1]).unwrap();
        assert!(cosigned(&people, &folder, 0).is_err(), "a torn copy");
        fs::write(folder.join(LEDGER), ledger).unwrap();
        assert!(cosigned(&people, &folder, 0).is_ok());
    }

    #[test]
    fn cosigning_can_be_stopped_anywhere() {
        let people = People::new();
        let now = round_1000() - 5000;
        let before = committed(&people);
        // The keys lie in the folder itself, so that what was seen is compared too.
        copied(people.auditor.path().parent().unwrap(), &before.join("keys"));
        stopped_everywhere(&people, &before, |folder, disk| {
            let keys = Keys::load(&folder.join("keys/audit.secret"))?;
            cosign(folder, disk, &keys, now).map(drop)
        });
    }
}
