//! A record's folder on the disk: read with bounds, written file by file.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Access;
use super::layout::{
    CEREMONY_FILES_MAX, FILE_BYTES_MAX, FILES_MAX, FOLDER_BYTES_MAX, Files, INPUTS, SALT, is_expected,
};
use super::ledger::LEDGER;

/// Folders within folders that are looked into.
const DEPTH_MAX: usize = 8;

/// Why a record could not be read from the disk at all.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The path is no folder.
    #[error("{0} is not a folder; name the folder that holds record.json")]
    NotAFolder(PathBuf),
    /// The system refused.
    #[error("{path}: {source}")]
    Io {
        /// What was to be read.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A link, a pipe or a device: what it leads to is not part of the record.
    #[error("{0} is not a regular file; a record holds its files themselves")]
    NotRegular(PathBuf),
    /// A file is larger than any record's.
    #[error("{0} is larger than {FILE_BYTES_MAX} bytes, or the files together than {FOLDER_BYTES_MAX}")]
    TooLarge(PathBuf),
    /// More files, or deeper folders, than any record has.
    #[error("{0} has more than {FILES_MAX} files, or folders more than {DEPTH_MAX} deep")]
    TooMany(PathBuf),
}

/// The files of the record in `folder`. Links are not followed. A file that no record has is named, so
/// that it can be found, but its bytes are not read.
///
/// # Errors
/// Where the folder can't be read, or is beyond every bound.
pub fn load(folder: &Path) -> Result<Files, LoadError> {
    if !folder.is_dir() {
        return Err(LoadError::NotAFolder(folder.to_owned()));
    }
    let take = |name: &str| if is_expected(name) { Take::Bytes } else { Take::Name };
    let mut loading = Loading { files: Files::new(), bytes: 0, files_max: FILES_MAX, take: &take };
    loading.walk(folder, "", 0)?;
    Ok(loading.files)
}

/// The files of the ceremony in `folder`, as far as they are there: its ledger, checkpoints, frozen inputs, records and changes. Links
/// are refused in its folders. What lies there beside a ceremony's files is let be; but a file that no record has is named if it lies in
/// the folder of one.
///
/// # Errors
/// Where the folder can't be read, or is beyond every bound.
pub fn load_ceremony(folder: &Path) -> Result<Files, LoadError> {
    if !folder.is_dir() {
        return Err(LoadError::NotAFolder(folder.to_owned()));
    }
    let mut loading = Loading { files: Files::new(), bytes: 0, files_max: CEREMONY_FILES_MAX, take: &of_ceremony };
    loading.walk(folder, "", 0)?;
    Ok(loading.files)
}

/// Whether a file of a ceremony's folder is read; of a folder, whether anything in it is.
fn of_ceremony(name: &str) -> Take {
    let Some((folder, rest)) = name.split_once('/') else {
        return if name == LEDGER { Take::Bytes } else { Take::Nothing };
    };
    let inner = rest.split_once('/').map(|(_, inner)| inner);
    match (folder, inner) {
        _ if rest.starts_with(".foureyes-") => Take::Nothing,
        ("checkpoints", None) if rest.ends_with(".note") || rest.is_empty() => Take::Bytes,
        ("changes", None) if rest.ends_with(".json") || rest.is_empty() => Take::Bytes,
        ("frozen", Some(name)) if name == SALT || INPUTS.contains(&name) => Take::Bytes,
        ("draws", Some(name)) if is_expected(name) => Take::Bytes,
        ("frozen" | "draws", Some(_)) => Take::Name,
        ("frozen" | "draws", None) if rest.is_empty() => Take::Name,
        _ => Take::Nothing,
    }
}

/// What is taken of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Take {
    Bytes,
    Name,
    Nothing,
}

struct Loading<'t> {
    files: Files,
    bytes: u64,
    files_max: usize,
    /// Of a file by its name, and of a folder by its name with a `/` behind it.
    take: &'t dyn Fn(&str) -> Take,
}

impl Loading<'_> {
    fn walk(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), LoadError> {
        let failed = |source| LoadError::Io { path: folder.to_owned(), source };
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(failed)?);
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let take = (self.take)(&if kind.is_dir() { format!("{name}/") } else { name.clone() });
            if take == Take::Nothing {
                continue;
            } else if self.files.len() >= self.files_max || depth >= DEPTH_MAX {
                return Err(LoadError::TooMany(folder.to_owned()));
            } else if kind.is_dir() {
                let before = self.files.len();
                self.walk(&path, &format!("{name}/"), depth + 1)?;
                if self.files.len() == before {
                    // A folder with nothing in it belongs to no record either.
                    self.files.insert(format!("{name}/"), Vec::new());
                }
            } else if kind.is_file() {
                let bytes = if take == Take::Bytes { self.read(&path)? } else { Vec::new() };
                self.files.insert(name, bytes);
            } else {
                return Err(LoadError::NotRegular(path));
            }
        }
        Ok(())
    }

    fn read(&mut self, path: &Path) -> Result<Vec<u8>, LoadError> {
        let failed = |source| LoadError::Io { path: path.to_owned(), source };
        let most = FILE_BYTES_MAX.min(FOLDER_BYTES_MAX - self.bytes);
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(failed)?;
        self.bytes += read as u64;
        if read as u64 > most { Err(LoadError::TooLarge(path.to_owned())) } else { Ok(bytes) }
    }
}

/// Writes `files` into `folder`, making it and the folders in it, for their owner alone. No file is ever overwritten.
/// Whoever needs all or nothing writes into a folder beside and renames it.
///
/// # Errors
/// Where the system refuses, or a file is there already.
pub fn write(folder: &Path, files: &Files) -> io::Result<()> {
    Access::Owner.make_folders(folder)?;
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            Access::Owner.make_folders(parent)?;
        }
        let mut file = Access::Owner.new_file().open(path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    Ok(())
}
