//! Folders that are written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path};

use super::Stop;
use super::published::parent;
use crate::record::{self, Files, stage_of_urn};

/// What publishing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Published {
    /// The folder was written.
    Written,
    /// It was there already, with the same bytes.
    AsBefore,
}

/// Writes `files` as the folder `target`: all of them or, if anything fails, nothing. They are
/// written beside it under a temporary name, brought to the disk, and renamed.
pub(super) fn write_whole(target: &Path, files: &Files) -> io::Result<()> {
    let (parent, scratch) = beside(target)?;
    let whole = scratch.path().join("whole");
    record::write(&whole, files)?;
    sync_folder(&whole)?;
    fs::rename(&whole, target)?;
    sync_folder(parent)
}

/// The folder of `target`, made if it is not there, and a scratch folder in it: nobody else may look into that one while files are written,
/// whatever their own permissions are.
fn beside(target: &Path) -> io::Result<(&Path, tempfile::TempDir)> {
    let parent = parent(target);
    fs::create_dir_all(parent)?;
    Ok((parent, tempfile::Builder::new().prefix(".foureyes-").suffix(".tmp").tempdir_in(parent)?))
}

/// Writes `files` as the folder `target`, readable by its owner alone. What stands there is replaced if `is_ours` says that it may be.
pub(super) fn write_private(target: &Path, files: &Files, is_ours: impl Fn(&Files) -> bool) -> io::Result<Private> {
    let (parent, scratch) = beside(target)?;
    let is_new = is_free(target)?;
    if !is_new && !is_folder_of(target, is_ours) {
        return Ok(Private::NotOurs);
    }
    let (whole, old) = (scratch.path().join("whole"), scratch.path().join("old"));
    record::write(&whole, files)?;
    for_owner(&whole)?;
    sync_folder(&whole)?;
    if is_new {
        fs::rename(&whole, target)?;
    } else {
        fs::rename(target, &old)?;
        // What stood there comes back if the new folder can't take its place.
        fs::rename(&whole, target).inspect_err(|_| drop(fs::rename(&old, target)))?;
    }
    sync_folder(parent)?;
    Ok(if is_new { Private::Written } else { Private::Replaced })
}

/// What writing a private folder did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Private {
    /// The folder was written.
    Written,
    /// It took the place of an earlier one.
    Replaced,
    /// Something else stands there, and nothing was written.
    NotOurs,
}

/// Files of a private folder that are read to see whether it is ours.
const OURS_MAX: usize = 100_000;

fn is_folder_of(target: &Path, is_ours: impl Fn(&Files) -> bool) -> bool {
    let mut found = Vec::new();
    if walk(target, target, OURS_MAX, &mut found).is_err() {
        return false;
    }
    let read = |name: String| Some((name.clone(), fs::read(target.join(name)).ok()?));
    found.into_iter().map(read).collect::<Option<Files>>().is_some_and(|files| is_ours(&files))
}

/// Lets nobody but the owner read a folder and what is in it, where the system knows owners.
#[cfg(unix)]
fn for_owner(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let is_folder = path.is_dir();
    fs::set_permissions(path, fs::Permissions::from_mode(if is_folder { 0o700 } else { 0o600 }))?;
    if is_folder {
        for entry in fs::read_dir(path)? {
            for_owner(&entry?.path())?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn for_owner(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// A rename is on the disk once its folder is. Systems that can't open a folder do without.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Ok(folder) => folder.sync_all(),
        Err(_) => Ok(()),
    }
}

/// Writes one file, whole or not at all, where none is yet.
pub(super) fn write_one(target: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let shown = target.display();
    let unwritable = |error: io::Error| {
        Stop::new(format!("`{shown}` could not be written: {error}"), "choose another place, or make room")
    };
    let parent = parent(target);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".foureyes-").suffix(".tmp");
    // As any file of whoever writes it; a scratch file alone would be for their eyes only.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut scratch = builder.tempfile_in(parent).map_err(unwritable)?;
    scratch.write_all(bytes).and_then(|()| scratch.as_file().sync_all()).map_err(unwritable)?;
    scratch.persist_noclobber(target).map_err(|failed| match failed.error.kind() {
        io::ErrorKind::AlreadyExists => Stop::new(
            format!("`{shown}` is there already; nothing was written"),
            "give another name, or move the old one away",
        ),
        _ => unwritable(failed.error),
    })?;
    sync_folder(parent).map_err(unwritable)
}

/// Publishes `files` as `target`. What was published once is never replaced: a draw is not
/// repeated until somebody likes it.
pub(super) fn publish(target: &Path, files: &Files) -> Result<Published, Stop> {
    let unwritable = |error: io::Error| {
        Stop::new(
            format!("`{}` could not be written: {error}", target.display()),
            "nothing was written; choose another folder with --out, or make room",
        )
    };
    if !is_free(target).map_err(unwritable)? {
        return match same(target, files) {
            true => Ok(Published::AsBefore),
            false => Err(taken(target)),
        };
    }
    write_whole(target, files).map_err(unwritable)?;
    Ok(Published::Written)
}

fn taken(target: &Path) -> Stop {
    Stop::new(
        format!("`{}` is there already and has other content; nothing was written", target.display()),
        "a draw is not repeated until it pleases: keep what was published, or give a new folder with --out and say why",
    )
}

/// Whether nothing, or an empty folder, stands at `target`.
pub(super) fn is_free(target: &Path) -> io::Result<bool> {
    match fs::read_dir(target) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether `target` holds exactly `files`, though it may be without urns, as a record may.
fn same(target: &Path, files: &Files) -> bool {
    let mut found = Vec::new();
    if walk(target, target, files.len(), &mut found).is_err() || found.iter().any(|name| !files.contains_key(name)) {
        return false;
    }
    let equal = |path: &Path, bytes: &[u8]| {
        fs::metadata(path).is_ok_and(|about| about.len() == bytes.len() as u64)
            && fs::read(path).is_ok_and(|there| there == bytes)
    };
    let absent = |name: &String| stage_of_urn(name).is_some() && !found.contains(name);
    files.iter().all(|(name, bytes)| absent(name) || found.contains(name) && equal(&target.join(name), bytes))
}

/// The names of the files below `folder`, at most one more than `most`.
fn walk(root: &Path, folder: &Path, most: usize, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if found.len() > most {
            return Ok(());
        }
        if kind.is_dir() {
            walk(root, &path, most, found)?;
        } else if !kind.is_file() {
            // A link may lead anywhere, and round in circles; what was published is files.
            return Err(io::ErrorKind::InvalidData.into());
        } else {
            found.push(slashed(path.strip_prefix(root).unwrap_or(&path)));
        }
    }
    Ok(())
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// The last name in a path, even of `.` or `cases/..`.
pub(super) fn name_of(folder: &Path) -> Option<String> {
    let named = |path: &Path| match path.components().next_back()? {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    };
    named(folder).or_else(|| named(&fs::canonicalize(folder).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Files {
        Files::from([("record.json".to_owned(), text.into()), ("inputs/visits.csv".to_owned(), b"id\n".to_vec())])
    }

    #[test]
    fn the_same_may_be_published_twice_and_something_else_not() {
        let scratch = tempfile::tempdir().unwrap();
        let target = scratch.path().join("schedules/harbour");
        assert_eq!(publish(&target, &files("one")), Ok(Published::Written));
        assert_eq!(publish(&target, &files("one")), Ok(Published::AsBefore));
        assert!(publish(&target, &files("two")).unwrap_err().says.contains("other content"));
        assert_eq!(fs::read(target.join("record.json")).unwrap(), b"one");
    }

    #[test]
    fn a_further_file_in_the_folder_is_other_content() {
        let scratch = tempfile::tempdir().unwrap();
        let target = scratch.path().join("harbour");
        publish(&target, &files("one")).unwrap();
        fs::write(target.join("notes.txt"), "mine").unwrap();
        assert!(publish(&target, &files("one")).is_err());
    }

    /// Two links to the folder itself are a way round without end, with more turns than anybody waits for.
    #[cfg(unix)]
    #[test]
    fn a_folder_with_links_is_other_content() {
        let scratch = tempfile::tempdir().unwrap();
        let target = scratch.path().join("harbour");
        fs::create_dir(&target).unwrap();
        for name in ["a", "b"] {
            std::os::unix::fs::symlink(".", target.join(name)).unwrap();
        }
        assert!(publish(&target, &files("one")).is_err());
        fs::remove_dir_all(&target).unwrap();
        publish(&target, &files("one")).unwrap();
        fs::rename(target.join("record.json"), scratch.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink("../elsewhere", target.join("record.json")).unwrap();
        assert!(publish(&target, &files("one")).is_err(), "the bytes may change under the link");
    }

    #[cfg(unix)]
    #[test]
    fn a_private_folder_is_for_its_owner_and_replaces_only_what_is_ours() {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = tempfile::tempdir().unwrap();
        let target = scratch.path().join("orders");
        let ours = |there: &Files| there.get("record.json").is_some_and(|text| text == b"one");
        let write = |text: &str| write_private(&target, &files(text), ours).unwrap();
        assert_eq!((write("one"), write("two"), write("one")), (Private::Written, Private::Replaced, Private::NotOurs));
        assert_eq!(fs::read(target.join("record.json")).unwrap(), b"two");
        let mode = |name: &str| fs::metadata(target.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(["", "inputs", "record.json", "inputs/visits.csv"].map(mode), [0o700, 0o700, 0o600, 0o600]);
        assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1);
    }

    #[test]
    fn nothing_is_left_behind_when_a_file_cannot_be_written() {
        let scratch = tempfile::tempdir().unwrap();
        let target = scratch.path().join("harbour");
        let clash = Files::from([("a".to_owned(), vec![]), ("a/b".to_owned(), vec![])]);
        assert!(publish(&target, &clash).is_err());
        assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_empty_folder_is_free() {
        let scratch = tempfile::tempdir().unwrap();
        assert_eq!(publish(scratch.path().join("new").as_path(), &files("one")), Ok(Published::Written));
        fs::create_dir(scratch.path().join("empty")).unwrap();
        assert_eq!(publish(scratch.path().join("empty").as_path(), &files("one")), Ok(Published::Written));
    }
}
