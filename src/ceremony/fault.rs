//! A disk that breaks down where a test wants it to.
//!
//! A kill leaves what was done. A power cut takes back what was not brought to the disk: bytes that no sync of their file, and
//! names that no sync of their folder followed. Real disks may keep some of it; losing all of it is the hardest case, and
//! a half-written line is what a kill leaves.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// How a disk breaks down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Elementary operations that are let through.
    pub at: u64,
    /// How much of a write is made if that is what breaks off, in per cent.
    pub part: usize,
    /// What is lost.
    pub cut: Cut,
}

/// What a breakdown leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Whatever was done: the program was killed.
    Kill,
    /// Whatever was brought to the disk: the power went.
    Power,
}

/// Counts operations, and breaks at one of them.
#[derive(Debug, Default)]
pub(super) struct Fuse {
    fault: Option<Fault>,
    made: u64,
    blown: bool,
    pending: Vec<Pending>,
}

/// How much of a write is still made.
pub(super) struct Part(usize);

impl Part {
    pub(super) fn of(&self, bytes: usize) -> usize {
        bytes * self.0 / 100
    }
}

/// Something that is not yet on the disk.
#[derive(Debug)]
enum Pending {
    /// A file that was made.
    New(PathBuf),
    /// A file that had this length before it grew.
    Grown(PathBuf, u64),
    /// A file or folder that got a new name, and what stood there.
    Renamed(PathBuf, PathBuf, Option<Vec<u8>>),
}

impl Fuse {
    pub(super) fn new(fault: Fault) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }

    pub(super) fn operations(&self) -> u64 {
        self.made
    }

    pub(super) fn has_blown(&self) -> bool {
        self.blown
    }

    pub(super) fn is_set(&self) -> bool {
        self.fault.is_some()
    }

    /// One more operation, if it is let through; else how much of a write is still made.
    pub(super) fn burn(&mut self) -> Result<(), Part> {
        let blows = self.fault.filter(|fault| self.made >= fault.at);
        match blows {
            Some(_) if self.blown => Err(Part(0)),
            Some(fault) => Err(Part(fault.part)),
            None => {
                self.made += 1;
                Ok(())
            }
        }
    }

    /// Breaks down; nothing is let through any more.
    pub(super) fn blow(&mut self) -> io::Error {
        if !self.blown {
            self.blown = true;
            if self.fault.is_some_and(|fault| fault.cut == Cut::Power) {
                while let Some(pending) = self.pending.pop() {
                    pending.undo();
                }
            }
        }
        io::Error::other("the disk broke down, as the test wanted")
    }

    pub(super) fn note_new(&mut self, path: &Path) {
        self.note(Pending::New(path.to_owned()));
    }

    pub(super) fn note_write(&mut self, path: &Path, length: u64) {
        self.note(Pending::Grown(path.to_owned(), length));
    }

    pub(super) fn note_rename(&mut self, from: &Path, to: &Path, before: Option<Vec<u8>>) {
        self.note(Pending::Renamed(from.to_owned(), to.to_owned(), before));
    }

    fn note(&mut self, pending: Pending) {
        if self.is_set() {
            self.pending.push(pending);
        }
    }

    /// What was written to `path` is on the disk.
    pub(super) fn note_sync(&mut self, path: &Path) {
        self.pending.retain(|pending| !matches!(pending, Pending::Grown(of, _) if of == path));
    }

    /// The names in `folder` are on the disk.
    pub(super) fn note_folder(&mut self, folder: &Path) {
        let lies = |path: &Path| path.parent() == Some(folder);
        self.pending.retain(|pending| match pending {
            Pending::New(path) | Pending::Renamed(_, path, _) => !lies(path),
            Pending::Grown(..) => true,
        });
    }
}

impl Pending {
    /// As if it had never reached the disk. What can't be undone was never done.
    fn undo(self) {
        let _undone = match self {
            Self::New(path) => fs::remove_file(path),
            Self::Grown(path, length) => {
                OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(length))
            }
            Self::Renamed(from, to, before) => fs::rename(&to, from).and_then(|()| match before {
                Some(bytes) => fs::write(to, bytes),
                None => Ok(()),
            }),
        };
    }
}
