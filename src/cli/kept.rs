//! What an interrupted `plan` has built is kept beside the folder that it will publish, so that the same command goes on
//! where it stopped. Whoever can read it knows what may be drawn: it is for its owner's eyes only, and it goes when the
//! record is published.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::progress::Filling;
use super::{Shell, Stop};
use crate::draw::{Digest, digest, length_prefixed};
use crate::record::{Access, BUILDER};
use crate::urn::Keeper;

/// Bytes that are read back at most; what is kept beyond is built again.
const READ_MAX: u64 = 4 << 30;
/// Bytes of a digest that guard a batch against a half-written one.
const GUARD: usize = 8;

/// Keeps batches in a file, and shows how far it has come.
pub(super) struct Kept {
    path: PathBuf,
    /// None where it can't be written: then nothing is kept, and nothing else is lost.
    file: Option<File>,
    /// Whether the file is this command's. Another that works for the same folder at the same time has one of its own, and keeps nothing.
    is_ours: bool,
    before: BTreeMap<u32, Vec<u8>>,
    bar: Filling,
}

impl Kept {
    /// What was kept for these inputs and this seed, if an earlier run was interrupted.
    pub fn new(target: &Path, inputs: &Digest, seed: &str, shell: &Shell) -> Self {
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let path = target.with_file_name(format!(".foureyes-{name}.kept"));
        let head = digest(&length_prefixed(&[b"foureyes/kept", BUILDER.as_bytes(), inputs, seed.as_bytes()]));
        let (file, before) = open(&path, &head).unwrap_or_default();
        let bar = Filling::new(shell);
        Self { path, is_ours: file.is_some(), file, before, bar }
    }

    /// Ends the display.
    pub fn end(&self) {
        self.bar.end();
    }

    /// The record is published: nothing need be kept any more.
    pub fn forget(self) {
        drop(self.file);
        if self.is_ours {
            let _gone = fs::remove_file(&self.path);
        }
    }

    /// Why nothing was published, with what is left all the same.
    pub fn stays(self, mut why: Stop) -> Stop {
        if self.is_ours && self.path.exists() {
            let path = self.path.display();
            why.hint = format!(
                "{}. What was built is kept in `{path}`, for you alone: the same command goes on from it; delete it if you do not",
                why.hint
            );
        }
        why
    }
}

impl Keeper for Kept {
    fn kept(&mut self, number: usize) -> Vec<u8> {
        u32::try_from(number).ok().and_then(|number| self.before.remove(&number)).unwrap_or_default()
    }

    fn keep(&mut self, number: usize, batch: &[u8]) {
        let (Ok(number), Ok(length)) = (u32::try_from(number), u32::try_from(batch.len())) else { return };
        let mut all = Vec::with_capacity(batch.len() + 8 + GUARD);
        all.extend(number.to_le_bytes());
        all.extend(length.to_le_bytes());
        all.extend(&digest(batch)[..GUARD]);
        all.extend(batch);
        let written = self.file.as_mut().map(|file| file.write_all(&all));
        if written.is_some_and(|written| written.is_err()) {
            self.file = None;
        }
    }

    fn progress(&mut self, number: usize, stages: usize, tickets: usize, of: usize) {
        self.bar.progress(number, stages, tickets, of);
    }
}

/// The batches of each stage.
type Batches = BTreeMap<u32, Vec<u8>>;

/// The batches of each stage that were written whole, and how many bytes those are; nothing where the file is of
/// other inputs or another seed.
fn read(file: &File, head: &Digest) -> (Batches, u64) {
    let mut bytes = Vec::new();
    let read = file.take(READ_MAX).read_to_end(&mut bytes);
    let mut kept = Batches::new();
    let Some(mut rest) = bytes.strip_prefix(&head[..]).filter(|_| read.is_ok()) else { return (kept, 0) };
    while let Some((number, batch, behind)) = one(rest) {
        kept.entry(number).or_default().extend(batch);
        rest = behind;
    }
    (kept, (bytes.len() - rest.len()) as u64)
}

/// The first batch of `bytes`, where it is whole, and what stands behind it.
fn one(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (guard, rest) = rest.split_first_chunk::<GUARD>()?;
    let (batch, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    (digest(batch)[..GUARD] == guard[..]).then_some((u32::from_le_bytes(*number), batch, rest))
}

/// The file to go on in, behind what was whole; a new one where nothing was. None where it can't be written, or another command has it:
/// two that wrote into one file would keep each batch twice.
fn open(path: &Path, head: &Digest) -> Option<(Option<File>, Batches)> {
    let is_file = path.symlink_metadata().is_ok_and(|about| about.is_file());
    if let Some(there) = is_file.then(|| OpenOptions::new().read(true).append(true).open(path).ok()).flatten() {
        locked(&there)?;
        let (before, whole) = read(&there, head);
        if whole > 0 {
            return there.set_len(whole).ok().map(|()| (Some(there), before));
        }
    }
    if let Some(parent) = path.parent().filter(|parent| *parent != Path::new("")) {
        fs::create_dir_all(parent).ok()?;
    }
    let _old = fs::remove_file(path);
    let mut file = Access::Owner.new_file().open(path).ok()?;
    locked(&file)?;
    file.write_all(head).ok().map(|()| (Some(file), Batches::new()))
}

/// Nothing where another command has the file. Some disks know no locks, and go without.
fn locked(file: &File) -> Option<()> {
    (!matches!(file.try_lock(), Err(TryLockError::WouldBlock))).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::shell::{Color, Output};

    fn kept(target: &Path, seed: &str) -> Kept {
        Kept::new(target, &[7; 32], seed, &Shell::new(Output { color: Color::Never, quiet: true }))
    }

    #[test]
    fn whole_batches_come_back_and_a_torn_one_is_built_again() {
        let scratch = tempfile::tempdir().unwrap();
        let target = scratch.path().join("town");
        let mut first = kept(&target, "a");
        first.keep(1, b"one");
        first.keep(1, b"two");
        first.keep(2, b"three");
        let path = first.path.clone();
        drop(first);
        let whole = fs::metadata(&path).unwrap().len();
        OpenOptions::new().write(true).open(&path).unwrap().set_len(whole - 1).unwrap();
        let mut again = kept(&target, "a");
        assert_eq!((again.kept(1), again.kept(2)), (b"onetwo".to_vec(), Vec::new()));
        again.keep(2, b"three");
        drop(again);
        assert_eq!(fs::metadata(&path).unwrap().len(), whole);
        let mut other = kept(&target, "b");
        assert_eq!(other.kept(1), Vec::<u8>::new());
        other.forget();
        assert!(!path.exists());
    }

    #[test]
    fn two_commands_do_not_write_into_one_file() {
        let scratch = tempfile::tempdir().unwrap();
        let target = scratch.path().join("town");
        let mut first = kept(&target, "a");
        first.keep(1, b"one");
        for seed in ["a", "b"] {
            let mut second = kept(&target, seed);
            second.keep(1, b"one");
            assert_eq!(second.kept(1), Vec::<u8>::new());
            second.forget();
            assert!(first.path.exists());
        }
        drop(first);
        assert_eq!(kept(&target, "a").kept(1), b"one");
    }

    #[test]
    fn what_is_left_is_told() {
        let scratch = tempfile::tempdir().unwrap();
        let one = kept(&scratch.path().join("town"), "a");
        let path = one.path.display().to_string();
        assert!(one.stays(Stop::new("no room", "make room")).hint.contains(&path));
        fs::remove_file(&path).unwrap();
        let none = kept(&scratch.path().join("no/../\0"), "a");
        assert_eq!(none.stays(Stop::new("no room", "make room")).hint, "make room");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = tempfile::tempdir().unwrap();
        let one = kept(&scratch.path().join("town"), "a");
        assert_eq!(fs::metadata(&one.path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
