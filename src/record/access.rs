//! Who may read what is written; this is decided here, for whatever the program writes.
//!
//! For everybody are a ledger, its checkpoints and what waits for a second signature, the public files of parties, the public view of a page
//! and the manual. Whatever else is written tells visits, people or conflicts of interest, and must be kept as well as a raid is: records, the
//! tables of a case, orders, receipts, changes, pages and secrets are for their owner alone, from the moment that they are there.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

/// Who may read what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Whoever the system lets.
    Everybody,
    /// The owner alone (on Unix; elsewhere the folder's own rules hold).
    Owner,
}

impl Access {
    /// How a file is made that is not there yet.
    pub fn new_file(self) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if self == Self::Owner {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        options
    }

    /// How a folder is made.
    pub fn new_folder(self) -> DirBuilder {
        #[cfg_attr(not(unix), allow(unused_mut, reason = "only Unix has modes"))]
        let mut options = DirBuilder::new();
        #[cfg(unix)]
        if self == Self::Owner {
            use std::os::unix::fs::DirBuilderExt as _;
            options.mode(0o700);
        }
        options
    }

    /// Makes the folder at `path` and those above it, as far as they are not there.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn make_folders(self, path: &Path) -> io::Result<()> {
        self.new_folder().recursive(true).create(path)
    }
}
