//! The ledger's folder, with a lock on it: read, mended after a power cut, checked, and gone on with.
//!
//! One command writes at a time. Whatever a line says is on the disk before the planner's checkpoint says that it is there; so a
//! line that was torn was never published, and may be taken away. Whoever finds that the checkpoint of the last line is
//! missing writes it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::{Access, CeremonyError, Disk, Keys};
use crate::draw::Digest;
use crate::record::ledger::{
    Body, Course, Entry, LEDGER, LEDGER_BYTES_MAX, Role, Signed, checkpoint_file, hands, is_signed_by_two, read_ledger,
    size_of_checkpoint,
};
use crate::record::merkle_root;
use crate::record::note::{Checkpoint, NOTE_BYTES_MAX, Note, NoteFlaw, SignatureKind, VerifierKey};

/// What keeps two commands from writing at once. It stays, and has nothing in it.
const LOCK: &str = "ledger.lock";

/// Whether a torn last line is mended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Torn {
    Mend,
    Refuse,
}

/// A ceremony's folder, in which nobody else writes meanwhile.
#[derive(Debug)]
pub struct Office {
    folder: PathBuf,
    disk: Disk,
    entries: Vec<Entry>,
    course: Course,
    notices: Vec<String>,
    _lock: Option<Lock>,
}

/// A lock that is held, and let go of when nobody needs it any more.
///
/// It is let go of in so many words: a process that was just being started by another thread has this file open too for a moment, and a lock
/// that is only closed would stay with it.
#[derive(Debug)]
struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        let _closing_lets_go_too = self.0.unlock();
    }
}

impl Office {
    /// The office of the ledger in `folder`, for whoever writes it. A last line that a power cut tore is mended: what lacks only its
    /// line feed gets it, half a line is taken away; [`notices`](Self::notices) says so.
    ///
    /// # Errors
    /// Where there is no ledger, somebody else writes to it, or it is not sound as far as its lines show.
    pub fn open(folder: &Path, disk: Disk) -> Result<Self, CeremonyError> {
        Self::read(folder, disk, Torn::Mend, locked)
    }

    /// The same for somebody who goes on nothing, and mends nothing: an auditor with a copy.
    ///
    /// # Errors
    /// As for [`open`](Self::open), and where the last line is torn.
    pub fn look(folder: &Path, disk: Disk) -> Result<Self, CeremonyError> {
        Self::read(folder, disk, Torn::Refuse, locked)
    }

    /// The same for somebody who writes nothing there at all, on a stick or in a copy that nobody may write to: no lock is made where there
    /// is none.
    ///
    /// # Errors
    /// As for [`look`](Self::look).
    pub fn view(folder: &Path) -> Result<Self, CeremonyError> {
        Self::read(folder, Disk::new(), Torn::Refuse, shared)
    }

    /// The office of a new ledger in `folder`, whose first line says `opening`; of one that is there if that is how it begins.
    ///
    /// # Errors
    /// Where a ledger is there that begins otherwise, or what `opening` says can't be.
    pub fn found(folder: &Path, disk: Disk, opening: Body) -> Result<Self, CeremonyError> {
        let path = folder.join(LEDGER);
        if !path.exists() {
            Course::default().may(&opening)?;
            fs::create_dir_all(folder).map_err(CeremonyError::io(folder))?;
            let lock = locked(folder)?;
            // Whoever waited for the lock may find that another was faster.
            if !path.exists() {
                let first = Entry::next(None, opening.clone(), Vec::new());
                disk.create_whole(&path, &first.bytes, Access::Everybody).map_err(CeremonyError::io(&path))?;
            }
            drop(lock);
        }
        let office = Self::open(folder, disk)?;
        match office.entries.first().is_some_and(|first| first.body == opening) {
            true => Ok(office),
            false => Err(CeremonyError::refused(
                format!("`{}` has a ledger already, which begins otherwise", folder.display()),
                "each ledger has a folder of its own; a ledger is never begun anew",
            )),
        }
    }

    fn read<Held: Into<Option<Lock>>>(
        folder: &Path,
        disk: Disk,
        torn: Torn,
        lock: impl FnOnce(&Path) -> Result<Held, CeremonyError>,
    ) -> Result<Self, CeremonyError> {
        let path = folder.join(LEDGER);
        if !path.is_file() {
            return Err(CeremonyError::NoLedger(folder.to_owned()));
        }
        let lock = lock(folder)?.into();
        let (folder, entries, course) = (folder.to_owned(), Vec::new(), Course::default());
        let mut office = Self { folder, disk, entries, course, notices: Vec::new(), _lock: lock };
        let bytes = read_file(&path, LEDGER_BYTES_MAX)?;
        let bytes = office.mended(bytes, torn)?;
        office.take(&bytes)?;
        office.agrees_with_its_checkpoints()?;
        Ok(office)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of something in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The disk that the folder lies on.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The lines of the ledger.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How far the ledger has come.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// Whose ledger it is.
    pub fn origin(&self) -> &str {
        self.course.origin()
    }

    /// What was found and mended when it was opened, for people.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The root of the tree over the first `size` lines.
    pub fn root_of(&self, size: usize) -> Digest {
        merkle_root(self.entries.iter().take(size).map(|entry| entry.bytes.as_slice()))
    }

    /// Holds that `keys` are the planner's of this ledger.
    ///
    /// # Errors
    /// Where they are somebody else's.
    pub fn is_planner(&self, keys: &Keys) -> Result<(), CeremonyError> {
        match self.course.planner() {
            Some(planner) if *planner == keys.party() => Ok(()),
            _ => Err(CeremonyError::refused(
                format!("`{}` are not the keys of this ledger's planner, who alone writes it", keys.path().display()),
                "give the planner's secret with --keys",
            )),
        }
    }

    /// Holds that `keys` are those of a party of this ledger.
    ///
    /// # Errors
    /// Where they are nobody's here.
    pub fn is_party(&self, keys: &Keys) -> Result<(), CeremonyError> {
        match self.course.party(keys.name()) {
            Some(party) if *party == keys.party() => Ok(()),
            _ => Err(CeremonyError::refused(
                format!("`{}` are not the keys of a party of this ledger", keys.path().display()),
                "the first line of the ledger names the parties; give the secret of one of them with --keys",
            )),
        }
    }

    /// Puts a line on the ledger. Before it is there, nothing else says so; afterwards the planner's checkpoint is to be written
    /// ([`seal`](Self::seal)).
    ///
    /// # Errors
    /// Where the line may not follow, its signatures are not those that it needs, or the system refuses.
    pub fn append(&mut self, body: Body, signed: Vec<Signed>) -> Result<&Entry, CeremonyError> {
        self.course.may(&body)?;
        self.is_signed(&body, &signed)?;
        let entry = Entry::next(self.entries.last(), body, signed);
        if let Some(flaw) = read_ledger(&entry.bytes).1.first() {
            let says = format!("a line that says this can't be written: {}", flaw.says);
            return Err(CeremonyError::refused(says, "say it otherwise; nothing was written"));
        }
        let path = self.path(LEDGER);
        self.disk.append(&path, &entry.bytes).map_err(CeremonyError::io(&path))?;
        self.course.take(&entry);
        self.entries.push(entry);
        Ok(self.entries.last().expect("a line was just put there"))
    }

    fn is_signed(&self, body: &Body, signed: &[Signed]) -> Result<(), CeremonyError> {
        let refused = |says: String| CeremonyError::refused(says, "ask another party to sign it (`foureyes cosign`)");
        let (hands, flaws) = hands(self.origin(), body, signed, self.course.parties());
        match flaws.first() {
            Some(flaw) => Err(refused(flaw.to_string())),
            None if body.needs_two() => is_signed_by_two(&hands).map_err(|lacks| refused(lacks.to_string())),
            None => Ok(()),
        }
    }

    /// Writes the planner's checkpoint of the ledger as it is, if it is not there, and gives its path.
    ///
    /// # Errors
    /// Where `keys` are not the planner's, or the system refuses.
    pub fn seal(&self, keys: &Keys) -> Result<PathBuf, CeremonyError> {
        self.is_planner(keys)?;
        let path = self.path(&checkpoint_file(self.entries.len() as u64));
        if !path.is_file() {
            let note =
                self.note(keys).map_err(|flaw| CeremonyError::refused(flaw.to_string(), "nothing was written"))?;
            let written = self.disk.create_whole(&path, note.to_string().as_bytes(), Access::Everybody);
            written.map_err(CeremonyError::io(&path))?;
        }
        Ok(path)
    }

    fn note(&self, keys: &Keys) -> Result<Note, NoteFlaw> {
        let checkpoint = Checkpoint::new(self.origin(), self.entries.len() as u64, self.root_of(self.entries.len()))?;
        let mut note = Note::new(&checkpoint.to_string())?;
        note.sign(keys.name(), keys.key())?;
        Ok(note)
    }

    fn damaged(&self, says: impl Into<String>) -> CeremonyError {
        CeremonyError::Damaged { folder: self.folder.clone(), says: says.into() }
    }

    /// `bytes`, with a whole last line.
    fn mended(&mut self, mut bytes: Vec<u8>, torn: Torn) -> Result<Vec<u8>, CeremonyError> {
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if whole == bytes.len() && whole > 0 {
            return Ok(bytes);
        }
        if torn == Torn::Refuse {
            return Err(
                self.damaged("its last line has no end; the planner's next command mends it, if a power cut tore it")
            );
        }
        let path = self.path(LEDGER);
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        bytes.push(b'\n');
        if goes_on(&bytes) {
            self.disk.append(&path, b"\n").map_err(CeremonyError::io(&path))?;
            self.notices.push(format!("line {} of the ledger was whole but for its line feed, and got it", lines + 1));
        } else if lines == 0 || self.last_checkpoint()?.is_some_and(|size| size > lines) {
            return Err(self.damaged("its last line is broken although it was published whole; get it from a copy"));
        } else {
            bytes.truncate(whole);
            self.disk.truncate(&path, whole as u64).map_err(CeremonyError::io(&path))?;
            self.notices.push(format!("half a line stood behind line {lines} of the ledger, as an interrupted command leaves it; it was taken away"));
        }
        Ok(bytes)
    }

    /// Reads and checks every line.
    fn take(&mut self, bytes: &[u8]) -> Result<(), CeremonyError> {
        let (entries, flaws) = read_ledger(bytes);
        if let Some(flaw) = flaws.first() {
            let line = flaw.line.map(|line| format!("line {line}: ")).unwrap_or_default();
            return Err(self.damaged(format!("{line}{}", flaw.says)));
        }
        if let Some(at) = torn_chain(&entries) {
            return Err(self.damaged(format!("line {at} does not go on from the line above")));
        }
        let (course, strays) = Course::of(&entries);
        if let Some(stray) = strays.first() {
            return Err(self.damaged(format!("line {}: {}", stray.line, stray.why)));
        }
        (self.entries, self.course) = (entries, course);
        for entry in &self.entries {
            let signed = self.is_signed(&entry.body, &entry.signed);
            signed.map_err(|lacks| self.damaged(format!("line {}: {lacks}", entry.line)))?;
        }
        Ok(())
    }

    /// The last checkpoint is of lines that are still there: none was lost.
    fn agrees_with_its_checkpoints(&self) -> Result<(), CeremonyError> {
        let Some(size) = self.last_checkpoint()? else { return Ok(()) };
        let checkpoint = self.checkpoint(size)?.0;
        let lines = usize::try_from(size).ok().filter(|size| *size <= self.entries.len());
        match lines.map(|lines| self.root_of(lines)) {
            Some(root) if root == *checkpoint.root() => Ok(()),
            _ => Err(self.damaged(format!(
                "the planner's checkpoint of {size} lines is not one of the {} lines that are there",
                self.entries.len()
            ))),
        }
    }

    /// The number of lines of the largest checkpoint in the folder.
    fn last_checkpoint(&self) -> Result<Option<u64>, CeremonyError> {
        let folder = self.path("checkpoints");
        let listed = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            listed => listed.map_err(CeremonyError::io(&folder))?,
        };
        let names = listed.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        Ok(names.filter_map(|name| size_of_checkpoint(&format!("checkpoints/{name}"))).max())
    }

    /// The planner's checkpoint of so many lines, with its note, where the planner has signed it.
    ///
    /// # Errors
    /// Where it is not there, or not what it should be.
    pub fn checkpoint(&self, size: u64) -> Result<(Checkpoint, Note), CeremonyError> {
        let name = checkpoint_file(size);
        let bytes = read_file(&self.path(&name), NOTE_BYTES_MAX as u64)?;
        let wrong = |flaw: NoteFlaw| self.damaged(format!("{name}: {flaw}"));
        let keys = self.key_of(Role::Planner, SignatureKind::Note).map_err(wrong)?;
        let note = Note::parse(&bytes).map_err(wrong)?;
        note.verified(&keys).map_err(wrong)?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(wrong)?;
        if (checkpoint.origin(), checkpoint.size()) != (self.origin(), size) {
            return Err(self.damaged(format!("{name} is the checkpoint of another ledger, or of other lines")));
        }
        Ok((checkpoint, note))
    }

    /// The last checkpoint that the planner signed and an auditor cosigned: its number of lines, and its note.
    ///
    /// # Errors
    /// Where a checkpoint can't be read, or is not the planner's.
    pub fn last_cosigned(&self) -> Result<Option<(u64, String)>, CeremonyError> {
        for size in (1..=self.entries.len() as u64).rev() {
            if let Some(cosigned) = self.cosigned(size)? {
                return Ok(Some((size, cosigned.1)));
            }
        }
        Ok(None)
    }

    /// When an auditor first cosigned the ledger with line `line` in it, in seconds since 1970; none where nobody did.
    ///
    /// # Errors
    /// As for [`last_cosigned`](Self::last_cosigned).
    pub fn witnessed(&self, line: u64) -> Result<Option<i64>, CeremonyError> {
        let mut first: Option<i64> = None;
        for size in line..=self.entries.len() as u64 {
            let time = self.cosigned(size)?.map(|(time, _)| time);
            first = first.into_iter().chain(time).min();
        }
        Ok(first)
    }

    /// When the checkpoint of so many lines was first cosigned by an auditor, and its note; none where it was not.
    fn cosigned(&self, size: u64) -> Result<Option<(i64, String)>, CeremonyError> {
        if !self.path(&checkpoint_file(size)).is_file() {
            return Ok(None);
        }
        let auditors = self.key_of(Role::Auditor, SignatureKind::Cosignature);
        let auditors = auditors.map_err(|flaw| self.damaged(flaw.to_string()))?;
        let (_, note) = self.checkpoint(size)?;
        let signed = note.verified(&auditors).unwrap_or_default();
        Ok(signed.iter().filter_map(|one| one.time).min().map(|time| (time, note.to_string())))
    }

    /// The keys of the parties with this role, as notes know them.
    fn key_of(&self, role: Role, kind: SignatureKind) -> Result<Vec<VerifierKey>, NoteFlaw> {
        let parties = self.course.parties().iter().filter(|party| party.role == role);
        let keys = parties.filter_map(|party| Some((&party.name, party.verifying_key()?)));
        keys.map(|(name, key)| VerifierKey::new(name, kind, key).map_err(NoteFlaw::from)).collect()
    }
}

/// The lock of `folder`, if nobody has it.
fn locked(folder: &Path) -> Result<Lock, CeremonyError> {
    let path = folder.join(LOCK);
    let file = File::options().create(true).append(true).open(&path).map_err(CeremonyError::io(&path))?;
    let lock = file.try_lock();
    taken(lock, folder, path).map(|()| Lock(file))
}

/// The lock of `folder` for somebody who only reads, if there is one and nobody writes.
fn shared(folder: &Path) -> Result<Option<Lock>, CeremonyError> {
    let path = folder.join(LOCK);
    let Ok(file) = File::open(&path) else { return Ok(None) };
    let lock = file.try_lock_shared();
    taken(lock, folder, path).map(|()| Some(Lock(file)))
}

fn taken(lock: Result<(), TryLockError>, folder: &Path, path: PathBuf) -> Result<(), CeremonyError> {
    lock.map_err(|error| match error {
        TryLockError::WouldBlock => CeremonyError::Locked(folder.to_owned()),
        TryLockError::Error(source) => CeremonyError::Io { path, source },
    })
}

/// The bytes of a file of at most so many.
///
/// # Errors
/// Where it can't be read, or is larger.
pub fn read_file(path: &Path, most: u64) -> Result<Vec<u8>, CeremonyError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    read.map_err(CeremonyError::io(path))?;
    if bytes.len() as u64 > most {
        let says = format!("has more than {most} bytes; none of ours has");
        return Err(CeremonyError::File { path: path.to_owned(), says });
    }
    Ok(bytes)
}

/// Whether the last of these lines is whole, and goes on from the one above.
fn goes_on(bytes: &[u8]) -> bool {
    let (entries, flaws) = read_ledger(bytes);
    flaws.is_empty() && torn_chain(&entries).is_none()
}

/// The first line that does not go on from the one above.
fn torn_chain(entries: &[Entry]) -> Option<u64> {
    let mut last = None;
    entries.iter().find_map(|entry| {
        let goes_on = entry.is_behind(last.replace(entry));
        (!goes_on).then_some(entry.line)
    })
}

#[cfg(test)]
mod tests;
