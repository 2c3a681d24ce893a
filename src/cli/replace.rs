//! Several files of a folder replaced together, such that nothing is lost: not what was there, and not half of what comes.
//!
//! The new files are written whole beside the old (`.foureyes-import`), the old are copied to `before/` under the next
//! number, and then each takes its place by a rename. Whoever is interrupted in between finishes when they come again.

use std::fs;
use std::io;
use std::path::Path;

use super::folder::write_whole;
use crate::record::{Access, Files};

/// Where new files wait until all of them are on the disk.
const WAITING: &str = ".foureyes-import";
/// Where what was there before is kept, one folder a time.
const BEFORE: &str = "before";
/// The names of the files that are to go, among those that wait.
const GONE: &str = ".gone";

/// What was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replaced {
    /// The folder in which the files lie that were there before; none if there were none.
    pub(super) before: Option<String>,
}

/// Puts `files` into `folder` in place of those that are there, and takes `gone` away.
pub(super) fn replace(folder: &Path, files: &Files, gone: &[String]) -> io::Result<Replaced> {
    if files.is_empty() && gone.is_empty() {
        return Ok(Replaced { before: None });
    }
    Access::Owner.make_folders(folder)?;
    let mut old = Files::new();
    for name in files.keys().chain(gone) {
        match fs::read(folder.join(name)) {
            Ok(bytes) => old.insert(name.clone(), bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
    }
    let before = if old.is_empty() { None } else { Some(next(folder)?) };
    if let Some(before) = &before {
        Access::Owner.make_folders(&folder.join(BEFORE))?;
        write_whole(&folder.join(before), &old)?;
    }
    let mut waiting = files.clone();
    waiting.insert(GONE.to_owned(), gone.join("\n").into_bytes());
    write_whole(&folder.join(WAITING), &waiting)?;
    finish(folder)?;
    Ok(Replaced { before: before.map(|before| folder.join(before).display().to_string()) })
}

/// The next folder under [`BEFORE`], which is not there yet.
fn next(folder: &Path) -> io::Result<String> {
    let mut last = 0u32;
    match fs::read_dir(folder.join(BEFORE)) {
        Ok(entries) => {
            for entry in entries {
                let number = entry?.file_name().to_string_lossy().parse().unwrap_or(0);
                last = last.max(number);
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(format!("{BEFORE}/{:04}", last.saturating_add(1)))
}

/// Whether files wait for their places, since whoever put them there was interrupted.
pub(super) fn is_waiting(folder: &Path) -> bool {
    folder.join(WAITING).exists()
}

/// Puts files into their places that were waiting for it; whether any were.
pub(super) fn finish(folder: &Path) -> io::Result<bool> {
    let waiting = folder.join(WAITING);
    let entries = match fs::read_dir(&waiting) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_name() != GONE {
            fs::rename(entry.path(), folder.join(entry.file_name()))?;
        }
    }
    let gone = fs::read_to_string(waiting.join(GONE)).unwrap_or_default();
    for name in gone.lines().filter(|name| !name.is_empty() && !name.contains(['/', '\\'])) {
        match fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::remove_dir_all(&waiting)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> Files {
        all.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn nothing_that_was_there_is_lost() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("office");
        assert_eq!(replace(&folder, &files(&[("a.csv", "1")]), &[]).unwrap().before, None);
        for (number, text) in [("0001", "2"), ("0002", "3")] {
            let before = replace(&folder, &files(&[("a.csv", text)]), &[]).unwrap().before.unwrap();
            assert!(before.ends_with(number), "{before}");
        }
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!([read("a.csv"), read("before/0001/a.csv"), read("before/0002/a.csv")], ["3", "1", "2"]);
    }

    #[test]
    fn what_is_to_go_is_kept_too() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path();
        fs::write(folder.join("a.xlsx"), "old").unwrap();
        replace(folder, &files(&[("a.csv", "new")]), &["a.xlsx".to_owned()]).unwrap();
        assert!(!folder.join("a.xlsx").exists() && folder.join("before/0001/a.xlsx").exists());
    }

    #[test]
    fn who_was_interrupted_finishes_later() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path();
        fs::write(folder.join("a.csv"), "new already").unwrap();
        fs::write(folder.join("b.csv"), "old").unwrap();
        fs::write(folder.join("c.xlsx"), "old").unwrap();
        fs::create_dir(folder.join(WAITING)).unwrap();
        fs::write(folder.join(WAITING).join("b.csv"), "new").unwrap();
        fs::write(folder.join(WAITING).join(GONE), "c.xlsx\n../d.csv").unwrap();
        assert!(is_waiting(folder) && finish(folder).unwrap());
        assert_eq!(fs::read_to_string(folder.join("b.csv")).unwrap(), "new");
        assert!(!folder.join("c.xlsx").exists() && !folder.join(WAITING).exists());
        assert!(!is_waiting(folder) && !finish(folder).unwrap());
    }
}
