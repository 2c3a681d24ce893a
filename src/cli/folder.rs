//! Folders that are written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path};

use super::Stop;
use super::published::parent;
use crate::ceremony::read_file;
use crate::record::{self, BUILDER, Files, RECORD, Record, read_record, stage_of_urn};

/// No `record.json` is longer.
const RECORD_MAX: u64 = 64 << 20;

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
    fs::rename(&whole, target).map_err(overtaken)?;
    sync_folder(parent)
}

/// Where another command was faster, what the system says of a folder that is not empty helps nobody.
fn overtaken(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => {
            io::Error::new(io::ErrorKind::AlreadyExists, "another command wrote there in the meantime")
        }
        _ => error,
    }
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
    sync_folder(&whole)?;
    if is_new {
        fs::rename(&whole, target).map_err(overtaken)?;
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

/// A rename is on the disk once its folder is. Systems that can't open a folder do without.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Ok(folder) => folder.sync_all(),
        Err(_) => Ok(()),
    }
}

/// Holds that nothing stands where one file is to be written.
pub(super) fn is_free_for_one(target: &Path) -> Result<(), Stop> {
    match target.symlink_metadata() {
        Ok(_) => Err(there_already(target)),
        Err(_) => Ok(()),
    }
}

fn there_already(target: &Path) -> Stop {
    Stop::new(
        format!("`{}` is there already; nothing was written", target.display()),
        "give another name, or move the old one away",
    )
}

/// Writes one file for its owner, whole or not at all, where none is yet.
pub(super) fn write_one(target: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let shown = target.display();
    let unwritable = |error: io::Error| {
        Stop::new(format!("`{shown}` could not be written: {error}"), "choose another place, or make room")
    };
    let parent = parent(target);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".foureyes-").suffix(".tmp");
    // A scratch file is for its owner's eyes only, and so is what becomes of it.
    let mut scratch = builder.tempfile_in(parent).map_err(unwritable)?;
    scratch.write_all(bytes).and_then(|()| scratch.as_file().sync_all()).map_err(unwritable)?;
    scratch.persist_noclobber(target).map_err(|failed| match failed.error.kind() {
        io::ErrorKind::AlreadyExists => there_already(target),
        _ => unwritable(failed.error),
    })?;
    sync_folder(parent).map_err(unwritable)
}

/// Publishes `files` as `target`. What was published once is never replaced: a draw is not
/// repeated until somebody likes it.
pub(super) fn publish(target: &Path, files: &Files) -> Result<Published, Stop> {
    if !is_free(target).map_err(|error| unwritable(target, &error))? {
        return as_before(target, files);
    }
    match write_whole(target, files) {
        Ok(()) => Ok(Published::Written),
        // Two commands at once: the other was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => as_before(target, files),
        Err(error) => Err(unwritable(target, &error)),
    }
}

fn as_before(target: &Path, files: &Files) -> Result<Published, Stop> {
    if same(target, files) { Ok(Published::AsBefore) } else { Err(taken(target)) }
}

fn unwritable(target: &Path, error: &io::Error) -> Stop {
    Stop::new(
        format!("`{}` could not be written: {error}", target.display()),
        "nothing was published; choose another folder with --out, or make room",
    )
}

/// Holds, before any work is done, that something may be published as `target` with this seed. Whether it is the same as what lies there can
/// only be seen afterwards.
pub(super) fn may_publish(target: &Path, seed: &str) -> Result<(), Stop> {
    let shown = target.display();
    match target.symlink_metadata() {
        Ok(about) if about.is_symlink() => Err(Stop::new(
            format!("`{shown}` is a link; nothing was done"),
            "a record lies in a folder of its own: name that with --out, or take the link away",
        )),
        Ok(about) if !about.is_dir() => Err(Stop::new(
            format!("`{shown}` is a file; nothing was done"),
            "a record is a folder: give another name with --out",
        )),
        Ok(_) if is_free(target).map_err(|error| unwritable(target, &error))? => Ok(()),
        Ok(_) => match published(target).is_some_and(|record| record.seed == seed) {
            true => Ok(()),
            false => Err(taken(target)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unwritable(target, &error)),
    }
}

/// The same once the inputs are known, by their digest in hex: and the folder around `target` can be written to.
pub(super) fn may_publish_these(target: &Path, inputs: &str) -> Result<(), Stop> {
    match is_free(target).map_err(|error| unwritable(target, &error))? {
        true => beside(target).map(drop).map_err(|error| unwritable(target, &error)),
        false => match published(target).filter(|record| record.inputs == inputs) {
            Some(record) if record.builder == BUILDER => Ok(()),
            Some(record) => Err(by_another(target, &record.builder)),
            None => Err(taken(target)),
        },
    }
}

/// What the record that lies in `target` says of itself.
fn published(target: &Path) -> Option<Record> {
    let bytes = read_file(&target.join(RECORD), RECORD_MAX).ok()?;
    read_record(&Files::from([(RECORD.to_owned(), bytes)])).0
}

/// The same inputs and the same seed, and yet another draw: builders differ.
fn by_another(target: &Path, builder: &str) -> Stop {
    Stop::new(
        format!(
            "`{}` is there already, made by builder {builder} of this program; builder {BUILDER} would draw another schedule. Nothing was done",
            target.display()
        ),
        "keep what was published: `foureyes verify` reads it, and the program that made it gives it again",
    )
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
