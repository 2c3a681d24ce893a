//! Where the files of a case come from: a folder, or memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Named files that can be opened more than once.
pub(super) trait Source {
    /// The names of all files, in order.
    fn names(&self) -> io::Result<Vec<String>>;
    /// The size of a file in bytes.
    fn size(&self, name: &str) -> io::Result<u64>;
    /// A file from its beginning.
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>>;

    /// Whether the roster and the register may have no rows.
    fn may_be_empty(&self) -> bool {
        false
    }

    /// A whole file. The caller has looked at its [`size`](Source::size), yet it may grow meanwhile.
    fn bytes(&self, name: &str, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(name)?.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The policy's name in a case folder.
pub(super) const POLICY: &str = "policy.toml";

/// A folder on disk; the policy may lie elsewhere.
pub(super) struct Folder {
    folder: PathBuf,
    policy: Option<PathBuf>,
}

impl Folder {
    pub(super) fn new(folder: &Path, policy: Option<&Path>) -> Self {
        Self { folder: folder.to_owned(), policy: policy.map(Path::to_owned) }
    }

    fn path(&self, name: &str) -> PathBuf {
        match &self.policy {
            Some(policy) if name == POLICY => policy.clone(),
            _ => self.folder.join(name),
        }
    }
}

impl Source for Folder {
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // What is called like a table and is no file must be refused, not taken for a table that is left out.
            if entry.path().is_file() || is_called_like_a_table(&name) {
                names.push(name);
            }
        }
        if self.policy.is_some() && !names.iter().any(|name| name == POLICY) {
            names.push(POLICY.to_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        Ok(std::fs::metadata(self.path(name))?.len())
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        let path = self.path(name);
        if !std::fs::metadata(&path)?.is_file() {
            return Err(io::Error::other("it is a folder or a device, not a file"));
        }
        Ok(Box::new(File::open(path)?))
    }
}

/// Another source, and files that it lacks.
pub(super) struct Completed<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) with: Vec<(&'static str, &'static str)>,
}

impl Completed<'_> {
    fn added(&self, name: &str) -> Option<&'static str> {
        self.with.iter().find(|(added, _)| *added == name).map(|(_, text)| *text)
    }
}

impl Source for Completed<'_> {
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = self.source.names()?;
        names.extend(self.with.iter().map(|(name, _)| (*name).to_owned()));
        names.sort_unstable();
        Ok(names)
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        self.added(name).map_or_else(|| self.source.size(name), |text| Ok(text.len() as u64))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        match self.added(name) {
            Some(text) => Ok(Box::new(text.as_bytes())),
            None => self.source.open(name),
        }
    }

    fn may_be_empty(&self) -> bool {
        true
    }
}

/// Whether a name is one under which a table is looked for.
fn is_called_like_a_table(name: &str) -> bool {
    super::TABLES.iter().any(|table| super::form::is_table(name, table))
}

/// Files in memory.
pub(super) struct Memory<'a>(pub(super) &'a BTreeMap<String, Vec<u8>>);

impl Memory<'_> {
    fn file(&self, name: &str) -> io::Result<&[u8]> {
        self.0.get(name).map(Vec::as_slice).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Source for Memory<'_> {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        Ok(self.file(name)?.len() as u64)
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.file(name)?))
    }
}
