//! All writing of a ceremony: a file is there whole or not at all, and a line that was appended is on the disk before
//! anything is said of it.
//!
//! Every elementary operation (a folder, a new file, a write, a sync, a rename, a cut, a removal) goes through one gate, so
//! that a test can stop it at each of them in turn ([`Fault`]): as a kill would, or as a power cut that also loses what was
//! not yet brought to the disk.

use std::cell::RefCell;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::fault::Fuse;
pub use super::fault::{Cut, Fault};
pub use crate::record::Access;
use crate::record::Files;

/// The disk, as a ceremony writes to it.
#[derive(Debug, Default)]
pub struct Disk {
    fuse: RefCell<Fuse>,
}

impl Disk {
    /// The disk of this machine.
    pub fn new() -> Self {
        Self::default()
    }

    /// A disk that breaks down as `fault` says, and lets nothing through afterwards. For tests.
    pub fn failing(fault: Fault) -> Self {
        Self { fuse: RefCell::new(Fuse::new(fault)) }
    }

    /// How many elementary operations have been made.
    pub fn operations(&self) -> u64 {
        self.fuse.borrow().operations()
    }

    /// Whether it has broken down.
    pub fn has_failed(&self) -> bool {
        self.fuse.borrow().has_blown()
    }

    /// Makes `path` a file with `bytes`, in the place of one that is there: written beside it, brought to the disk, renamed.
    ///
    /// # Errors
    /// What the system refuses; then `path` is as it was.
    pub fn write_whole(&self, path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
        let folder = self.folder_of(path, Access::Everybody)?;
        let scratch = scratch(path);
        if scratch.symlink_metadata().is_ok() {
            self.unlink(&scratch)?;
        }
        self.new_file(&scratch, bytes, access)?;
        self.rename(&scratch, path)?;
        self.sync_folder(&folder)
    }

    /// The same where nothing may be there yet: what was written once is not replaced.
    ///
    /// # Errors
    /// Also where something stands at `path`.
    pub fn create_whole(&self, path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
        if path.symlink_metadata().is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.write_whole(path, bytes, access)
    }

    /// Makes `path` a folder with `files`, all or none of them. Nothing may be there yet but an empty folder.
    ///
    /// # Errors
    /// What the system refuses; then there is nothing at `path`.
    pub fn create_folder_whole(&self, path: &Path, files: &Files, access: Access) -> io::Result<()> {
        let parent = self.folder_of(path, Access::Everybody)?;
        let scratch = scratch(path);
        if scratch.symlink_metadata().is_ok() {
            self.unlink_folder(&scratch)?;
        }
        self.make_folder(&scratch, access)?;
        for (name, bytes) in files {
            let file = scratch.join(name);
            self.folder_of(&file, access)?;
            self.new_file(&file, bytes, access)?;
        }
        self.sync_folders_in(&scratch)?;
        self.rename(&scratch, path)?;
        self.sync_folder(&parent)
    }

    /// Puts `bytes` behind what the file at `path` has. If it breaks off, part of them may be there.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).open(path)?;
        self.write(&mut file, path, bytes)?;
        self.sync(&file, path)
    }

    /// Takes away what the file at `path` has behind its first `length` bytes.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn truncate(&self, path: &Path, length: u64) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(path)?;
        self.step(|| file.set_len(length))?;
        self.sync(&file, path)
    }

    /// Takes the file at `path` away; nothing happens where there is none.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn remove(&self, path: &Path) -> io::Result<()> {
        if path.symlink_metadata().is_err() {
            return Ok(());
        }
        self.unlink(path)?;
        self.sync_folder(&parent(path))
    }

    /// Takes the folder at `path` away with all that is in it; nothing happens where there is none.
    ///
    /// # Errors
    /// What the system refuses; part of the folder may be gone then.
    pub fn remove_folder(&self, path: &Path) -> io::Result<()> {
        if path.symlink_metadata().is_err() {
            return Ok(());
        }
        self.unlink_folder(path)?;
        self.sync_folder(&parent(path))
    }

    /// Makes the folder in which `path` lies, and those above it, and gives its name.
    fn folder_of(&self, path: &Path, access: Access) -> io::Result<PathBuf> {
        let folder = parent(path);
        let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !is_there(folder)).collect();
        for folder in missing.into_iter().rev() {
            self.make_folder(folder, access)?;
            self.sync_folder(&parent(folder))?;
        }
        Ok(folder)
    }

    fn new_file(&self, path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
        let mut file = self.step(|| access.new_file().open(path))?;
        self.fuse.borrow_mut().note_new(path);
        self.write(&mut file, path, bytes)?;
        self.sync(&file, path)
    }

    fn make_folder(&self, path: &Path, access: Access) -> io::Result<()> {
        self.step(|| access.new_folder().create(path))
    }

    fn write(&self, file: &mut File, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let length = file.metadata()?.len();
        let through = self.fuse.borrow_mut().burn();
        match through {
            Ok(()) => {
                self.fuse.borrow_mut().note_write(path, length);
                file.write_all(bytes)
            }
            Err(cut) => {
                // What a kill may leave: part of it.
                let part = bytes.get(..cut.of(bytes.len())).unwrap_or(bytes);
                self.fuse.borrow_mut().note_write(path, length);
                file.write_all(part)?;
                Err(self.fuse.borrow_mut().blow())
            }
        }
    }

    fn sync(&self, file: &File, path: &Path) -> io::Result<()> {
        // Where a test says what a power cut loses, the real disk need not be waited for.
        let is_real = !self.fuse.borrow().is_set();
        self.step(|| if is_real { file.sync_all() } else { Ok(()) })?;
        self.fuse.borrow_mut().note_sync(path);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let before = self.fuse.borrow().is_set().then(|| fs::read(to).ok()).flatten();
        self.step(|| fs::rename(from, to))?;
        self.fuse.borrow_mut().note_rename(from, to, before);
        Ok(())
    }

    /// A rename, a new file or a removal is on the disk once its folder is. Systems that can't open a folder do without.
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let is_real = !self.fuse.borrow().is_set();
        self.step(|| match File::open(folder) {
            Ok(folder) if is_real => folder.sync_all(),
            _ => Ok(()),
        })?;
        self.fuse.borrow_mut().note_folder(folder);
        Ok(())
    }

    fn sync_folders_in(&self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                self.sync_folders_in(&entry.path())?;
            }
        }
        self.sync_folder(folder)
    }

    fn unlink(&self, path: &Path) -> io::Result<()> {
        self.step(|| fs::remove_file(path))
    }

    fn unlink_folder(&self, path: &Path) -> io::Result<()> {
        self.step(|| fs::remove_dir_all(path))
    }

    /// One elementary operation that is made or not made.
    fn step<T>(&self, operation: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let through = self.fuse.borrow_mut().burn();
        match through {
            Ok(()) => operation(),
            Err(_) => Err(self.fuse.borrow_mut().blow()),
        }
    }
}

/// The folder in which `path` lies.
fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn is_there(folder: &Path) -> bool {
    folder == Path::new("") || folder.is_dir()
}

/// Where something is written before it gets its name. The name is always the same, so that what a kill left there is found and
/// taken away by the next try.
fn scratch(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".foureyes-{name}.tmp"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = entries.collect();
        names.sort();
        names
    }

    /// What `work` leaves in a fresh folder with a file `kept` when it is stopped at each operation in turn, and then
    /// done again.
    fn stopped_everywhere(work: impl Fn(&Disk, &Path) -> io::Result<()>, hold: impl Fn(&Path, bool)) {
        for cut in [Cut::Kill, Cut::Power] {
            for part in [0, 50, 99] {
                let mut at = 0;
                loop {
                    let scratch = tempfile::tempdir().unwrap();
                    fs::write(scratch.path().join("kept"), "old\n").unwrap();
                    let disk = Disk::failing(Fault { at, part, cut });
                    let done = work(&disk, scratch.path());
                    assert_eq!(done.is_err(), disk.has_failed());
                    hold(scratch.path(), done.is_ok());
                    work(&Disk::new(), scratch.path()).unwrap();
                    hold(scratch.path(), true);
                    assert!(names(scratch.path()).iter().all(|name| !name.ends_with(".tmp")));
                    if !disk.has_failed() {
                        break;
                    }
                    at += 1;
                }
                assert!(at > 2);
            }
        }
    }

    #[test]
    fn a_file_is_there_whole_or_as_it_was() {
        stopped_everywhere(
            |disk, folder| disk.write_whole(&folder.join("kept"), b"new\n", Access::Everybody),
            |folder, done| {
                let text = fs::read_to_string(folder.join("kept")).unwrap();
                assert!(text == "new\n" || !done && text == "old\n", "{text:?}");
            },
        );
    }

    #[test]
    fn a_folder_is_there_whole_or_not_at_all() {
        let files = Files::from([("a".to_owned(), b"1\n".to_vec()), ("b/c".to_owned(), b"2\n".to_vec())]);
        stopped_everywhere(
            |disk, folder| match folder.join("x/new").is_dir() {
                true => Ok(()),
                false => disk.create_folder_whole(&folder.join("x/new"), &files, Access::Owner),
            },
            |folder, done| {
                let there = folder.join("x/new");
                assert!(there.is_dir() || !done);
                assert!(!there.is_dir() || fs::read(there.join("a")).unwrap() == b"1\n");
                assert!(!there.is_dir() || fs::read(there.join("b/c")).unwrap() == b"2\n");
            },
        );
    }

    #[test]
    fn what_is_appended_may_be_torn_and_takes_nothing_with_it() {
        for cut in [Cut::Kill, Cut::Power] {
            let scratch = tempfile::tempdir().unwrap();
            let path = scratch.path().join("kept");
            fs::write(&path, "old\n").unwrap();
            let torn = Disk::failing(Fault { at: 0, part: 50, cut });
            assert!(torn.append(&path, b"newest").is_err());
            let left = if cut == Cut::Kill { "old\nnew" } else { "old\n" };
            assert_eq!(fs::read_to_string(&path).unwrap(), left);
            assert!(torn.append(&path, b"more").is_err() && torn.truncate(&path, 0).is_err());
            assert_eq!(fs::read_to_string(&path).unwrap(), left, "nothing is let through afterwards");
        }
    }

    #[test]
    fn what_is_there_is_not_created_again() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("one");
        Disk::new().create_whole(&path, b"a", Access::Everybody).unwrap();
        let again = Disk::new().create_whole(&path, b"b", Access::Everybody).unwrap_err();
        assert_eq!((again.kind(), fs::read(&path).unwrap()), (io::ErrorKind::AlreadyExists, b"a".to_vec()));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_the_owners_nobody_else_may_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let scratch = tempfile::tempdir().unwrap();
        let (file, folder) = (scratch.path().join("secret"), scratch.path().join("folder"));
        Disk::new().write_whole(&file, b"a", Access::Owner).unwrap();
        let files = Files::from([("in/a".to_owned(), Vec::new())]);
        Disk::new().create_folder_whole(&folder, &files, Access::Owner).unwrap();
        assert_eq!(
            [mode(&file), mode(&folder), mode(&folder.join("in")), mode(&folder.join("in/a"))],
            [0o600, 0o700, 0o700, 0o600]
        );
    }
}
