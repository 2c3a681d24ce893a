//! What an auditor cosigned before: the last of it is kept beside their secret as `NAME.seen`, and every cosignature stands under the
//! checkpoints that they gave away.
//!
//! Nobody may be led to cosign two ledgers that part. So the memory is held against the folder: a cosignature of their own that the memory
//! does not know shows that it was lost or is old, and one of other lines shows that there are two ledgers.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::office::read_file;
use super::{CeremonyError, Keys, Office, utc};
use crate::record::merkle::roots_at;
use crate::record::note::{Checkpoint, NOTE_BYTES_MAX, NoteFlaw, SignatureKind, VerifierKey};

/// Whether an auditor's memory of what they cosigned is to be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memory {
    /// It is there, or nothing was cosigned yet.
    #[default]
    Kept,
    /// The auditor says that it is lost: what can be found in the folder stands for it.
    Lost,
}

/// A checkpoint that an auditor cosigned.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub checkpoint: Checkpoint,
    pub time: i64,
}

/// What an auditor cosigned last, with what they should know of it.
#[derive(Default)]
pub(super) struct Recalled {
    pub last: Option<Seen>,
    pub warnings: Vec<String>,
}

/// Where an auditor keeps what they cosigned last.
pub(super) fn seen_path(keys: &Keys) -> PathBuf {
    keys.path().with_extension("seen")
}

/// What is kept of what these keys cosigned last, held against nothing.
///
/// # Errors
/// Where it can't be read.
pub(super) fn last(keys: &Keys) -> Result<Option<Seen>, CeremonyError> {
    beside(keys, &own(keys)?)
}

fn own(keys: &Keys) -> Result<[VerifierKey; 1], CeremonyError> {
    let own = VerifierKey::new(keys.name(), SignatureKind::Cosignature, keys.key().verifying_key());
    own.map(|own| [own]).map_err(|flaw| CeremonyError::refused(flaw.to_string(), "nothing was cosigned"))
}

/// What the auditor of `keys` cosigned last. All that they are known to have cosigned must be the beginning of the ledger in `office`.
///
/// # Errors
/// Where it is not, or where the memory lacks what the folder shows and nobody said that it is lost.
pub(super) fn recall(office: &Office, keys: &Keys, now: i64, memory: Memory) -> Result<Recalled, CeremonyError> {
    let own = own(keys)?;
    let found = in_folder(office, &own)?;
    let kept = match (beside(keys, &own), memory) {
        (Err(_), Memory::Lost) => None,
        (kept, _) => kept?,
    };
    goes_on(office, kept.iter().chain(&found), now)?;
    let newest = found.into_iter().max_by_key(|seen| (seen.checkpoint.size(), seen.time));
    let known = kept.as_ref().map_or(0, |seen| seen.checkpoint.size());
    let Some(newest) = newest.filter(|newest| newest.checkpoint.size() > known) else {
        return Ok(Recalled { last: kept, warnings: Vec::new() });
    };
    match memory {
        Memory::Kept => Err(forgotten(keys, kept.as_ref(), &newest)),
        Memory::Lost => {
            let (lines, when) = (newest.checkpoint.size(), utc(newest.time));
            let says = format!(
                "your memory is lost: the {lines} lines that you cosigned at {when}, the last that this folder shows, stand for it. What you \
                 cosigned after them, and is not in this folder, is held against nothing"
            );
            Ok(Recalled { last: Some(newest), warnings: vec![says] })
        }
    }
}

fn forgotten(keys: &Keys, kept: Option<&Seen>, newest: &Seen) -> CeremonyError {
    let path = seen_path(keys);
    let path = path.display();
    let memory = match kept {
        None => format!("`{path}`, your memory of what you cosigned, is not there"),
        Some(seen) => format!("`{path}`, your memory of what you cosigned, ends with {} lines", seen.checkpoint.size()),
    };
    let (lines, when) = (newest.checkpoint.size(), utc(newest.time));
    CeremonyError::refused(
        format!("{memory}, but this folder has your cosignature of {lines} lines, of {when}"),
        "nothing was cosigned. Put NAME.seen back from your copy. If there is none, compare this folder with a copy from another hand first; then \
         --memory-lost takes what this folder shows for your memory",
    )
}

/// What is kept beside the secret.
fn beside(keys: &Keys, own: &[VerifierKey]) -> Result<Option<Seen>, CeremonyError> {
    let path = seen_path(keys);
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let wrong = |flaw: NoteFlaw| {
        CeremonyError::refused(
            format!("`{}` is not what you cosigned last: {flaw}", path.display()),
            "nothing was cosigned. Put it back from your copy. If there is none, compare this folder with a copy from another hand first; then \
             --memory-lost takes what this folder shows for your memory",
        )
    };
    let bytes = read_file(&path, NOTE_BYTES_MAX as u64)?;
    let (checkpoint, signed) = Checkpoint::open(&bytes, own).map_err(wrong)?;
    let time = signed.first().and_then(|signed| signed.time).unwrap_or_default();
    Ok(Some(Seen { checkpoint, time }))
}

/// Every checkpoint in the folder that bears a genuine cosignature by these keys, whatever its file is called.
fn in_folder(office: &Office, own: &[VerifierKey]) -> Result<Vec<Seen>, CeremonyError> {
    let folder = office.path("checkpoints");
    let listed = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(CeremonyError::io(&folder))?,
    };
    let mut found = Vec::new();
    for entry in listed {
        let entry = entry.map_err(CeremonyError::io(&folder))?;
        let is_small = |about: fs::Metadata| about.is_file() && about.len() <= NOTE_BYTES_MAX as u64;
        if entry.metadata().is_ok_and(is_small) {
            found.extend(cosigned(&read_file(&entry.path(), NOTE_BYTES_MAX as u64)?, own));
        }
    }
    Ok(found)
}

/// The checkpoint of a note, if these keys cosigned it.
fn cosigned(bytes: &[u8], own: &[VerifierKey]) -> Option<Seen> {
    let (checkpoint, signed) = Checkpoint::open(bytes, own).ok()?;
    Some(Seen { checkpoint, time: signed.first()?.time? })
}

/// Holds that the ledger begins with all that was cosigned, and that the clock goes on.
fn goes_on<'s>(office: &Office, all: impl Iterator<Item = &'s Seen>, now: i64) -> Result<(), CeremonyError> {
    let all: Vec<&Seen> = all.collect();
    let sizes = all.iter().map(|seen| seen.checkpoint.size()).collect();
    let roots = roots_at(office.entries().iter().map(|entry| entry.bytes.as_slice()), &sizes);
    for Seen { checkpoint, time } in &all {
        let (origin, lines) = (checkpoint.origin(), checkpoint.size());
        if origin != office.origin() {
            let says = format!("these keys cosigned the ledger {origin} before, not {}", office.origin());
            return Err(CeremonyError::refused(says, "make keys for each ledger"));
        }
        if roots.get(&lines) != Some(checkpoint.root()) {
            let (there, when) = (office.entries().len(), utc(*time));
            return Err(super::cosign::parted(format!(
                "these {there} lines do not go on from the {lines} that you cosigned at {when}: the ledger was changed or cut"
            )));
        }
    }
    match all.iter().map(|seen| seen.time).max().filter(|last| now < *last) {
        Some(last) => {
            let says = format!("it is {} by this clock, and you cosigned at {} before", utc(now), utc(last));
            Err(CeremonyError::refused(says, "set the clock; a cosignature says when"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::testing::{People, files};
    use super::super::{Cosigned, Disk, cosign, cosign_with};
    use super::*;
    use crate::record::ledger::testing::{commit, freeze, void};
    use crate::record::ledger::{Body, Commit};

    const NOW: i64 = 1_600_000_000;

    fn lines(more: &[Body]) -> Vec<Body> {
        [&[freeze(1), Body::Commit(commit(1, 1))], more].concat()
    }

    fn cosigned(people: &People, folder: &Path, memory: Memory) -> Result<Cosigned, CeremonyError> {
        cosign_with(folder, Disk::new(), &people.auditor, NOW + 9, memory)
    }

    /// A ledger that was cosigned, its lines after that, and where the memory lies.
    fn ledger(people: &People) -> (PathBuf, PathBuf) {
        let folder = people.ledger(&lines(&[]));
        cosign(&folder, Disk::new(), &people.auditor, NOW).unwrap();
        let mut office = Office::open(&folder, Disk::new()).unwrap();
        office
            .append(
                void(1),
                [&people.officer, &people.planner]
                    .map(|keys| keys.sign(super::super::testing::ORIGIN, &void(1)))
                    .to_vec(),
            )
            .unwrap();
        office.seal(&people.planner).unwrap();
        (folder, seen_path(&people.auditor))
    }

    #[test]
    fn a_memory_that_is_gone_is_missed() {
        let people = People::new();
        let (folder, seen) = ledger(&people);
        let kept = fs::read(&seen).unwrap();
        fs::remove_file(&seen).unwrap();
        let before = files(&folder);
        let error = cosigned(&people, &folder, Memory::Kept).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("is not there, but this folder has your cosignature of 3 lines, of 2020-09-13T12:26:40Z")
        );
        assert!(error.hint().contains("--memory-lost"));
        assert!(files(&folder) == before && !seen.exists(), "nothing was signed");
        let done = cosigned(&people, &folder, Memory::Lost).unwrap();
        assert_eq!((done.before, done.size, done.warnings.len()), (3, 4, 1));
        assert_ne!(fs::read(&seen).unwrap(), kept);
        assert_eq!(cosigned(&people, &folder, Memory::Kept).unwrap().before, 4);
    }

    /// As an old copy of it has it.
    #[test]
    fn a_memory_that_is_older_than_the_folder_is_missed_too() {
        let people = People::new();
        let (folder, seen) = ledger(&people);
        let old = fs::read(&seen).unwrap();
        cosigned(&people, &folder, Memory::Kept).unwrap();
        fs::write(&seen, old).unwrap();
        let error = cosigned(&people, &folder, Memory::Kept).unwrap_err().to_string();
        assert!(error.contains("ends with 3 lines, but this folder has your cosignature of 4 lines"), "{error}");
        assert_eq!(cosigned(&people, &folder, Memory::Lost).unwrap().before, 4);
    }

    #[test]
    fn a_memory_that_cannot_be_read_is_none() {
        let (people, others) = (People::new(), People::new());
        let (folder, seen) = ledger(&people);
        let (theirs, their_seen) = ledger(&others);
        let good = fs::read(&seen).unwrap();
        let half = good[..good.len() / 2].to_vec();
        for wrong in
            [fs::read(their_seen).unwrap(), Vec::new(), half, b"\xff\n\n".to_vec(), vec![b'a'; NOTE_BYTES_MAX + 1]]
        {
            fs::write(&seen, wrong).unwrap();
            let error = cosigned(&people, &folder, Memory::Kept).unwrap_err();
            assert!(error.hint().contains("--memory-lost") || error.to_string().contains("more than"), "{error}");
            assert_eq!(cosigned(&people, &folder, Memory::Lost).unwrap().before, 3);
            fs::remove_file(folder.join("checkpoints/000004.note")).unwrap();
            Office::open(&folder, Disk::new()).unwrap().seal(&people.planner).unwrap();
        }
        assert!(cosigned(&people, &theirs, Memory::Lost).is_err(), "another ledger");
    }

    /// What they cosigned is not the beginning of these lines: whatever they say of their memory.
    #[test]
    fn a_fork_is_never_cosigned() {
        let people = People::new();
        let (folder, seen) = ledger(&people);
        let note = fs::read(folder.join("checkpoints/000003.note")).unwrap();
        let other = people.ledger(&[freeze(1), Body::Commit(Commit { worst: 500, ..commit(1, 1) }), void(1)]);
        for name in ["checkpoints/000003.note", "checkpoints/000003 (copy).note", "checkpoints/old"] {
            fs::write(other.join(name), &note).unwrap();
            for (memory, is_there) in
                [(Memory::Kept, true), (Memory::Lost, true), (Memory::Kept, false), (Memory::Lost, false)]
            {
                let kept = fs::read(&seen).unwrap();
                if !is_there {
                    fs::remove_file(&seen).unwrap();
                }
                let error = cosigned(&people, &other, memory).unwrap_err().to_string();
                assert!(error.contains("do not go on from the 3 that you cosigned"), "{error}");
                fs::write(&seen, kept).unwrap();
            }
            fs::remove_file(other.join(name)).unwrap();
        }
        let shorter = people.ledger(&[freeze(1)]);
        assert!(cosigned(&people, &shorter, Memory::Lost).is_err(), "lines are gone that the memory knows");
        fs::remove_file(&seen).unwrap();
        assert_eq!(cosigned(&people, &shorter, Memory::Kept).unwrap().before, 0, "nothing is left that could show it");
    }

    #[test]
    fn who_has_cosigned_nothing_has_lost_nothing() {
        let people = People::new();
        let folder = people.ledger(&lines(&[]));
        let done = cosigned(&people, &folder, Memory::Lost).unwrap();
        assert_eq!((done.before, done.warnings.len()), (0, 0));
    }
}
