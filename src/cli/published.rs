//! Folders that a path on the command line names, and the records in them; no case is read here.

use std::fs;
use std::path::{Path, PathBuf};

use super::Stop;
use super::nearest::did_you_mean;
use crate::record::ledger::LEDGER;
use crate::record::{Files, INPUTS, RECORD, SCHEDULE, TABLE, load};

/// What makes a folder a case.
pub(super) const POLICY: &str = "policy.toml";

/// The folder in which `path` lies.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

/// Holds that `path` is a folder.
pub(super) fn is_folder(path: &Path) -> Result<(), Stop> {
    let shown = path.display();
    if path.is_dir() {
        return Ok(());
    }
    if path.exists() {
        let parent = parent(path);
        return Err(Stop::new(
            format!("`{shown}` is a file, not a folder"),
            format!("name the folder that it lies in: {}", parent.display()),
        ));
    }
    let beside: Vec<String> = siblings(path).iter().map(|path| path.display().to_string()).collect();
    let hint = did_you_mean(
        &shown.to_string(),
        beside.iter().map(String::as_str),
        "look at the path; `foureyes init FOLDER` makes a new case folder",
    );
    Err(Stop::new(format!("there is no folder `{shown}`"), hint))
}

/// Whether a folder has a ceremony, and is no record.
pub(super) fn is_ceremony(path: &Path) -> bool {
    path.join(LEDGER).is_file() && !path.join(RECORD).exists()
}

/// The files of the record in a folder.
pub(super) fn record(path: &Path) -> Result<Files, Stop> {
    is_folder(path)?;
    let shown = path.display();
    if !path.join(RECORD).exists() && path.join(POLICY).exists() {
        return Err(Stop::new(
            format!("`{shown}` is a case, not a published record"),
            format!("plan it first: foureyes plan {shown} --seed TEXT"),
        ));
    }
    let own = |name: &str| path.join(name).exists();
    if ![RECORD, SCHEDULE, TABLE].iter().chain(&INPUTS).any(|name| own(name)) {
        return Err(no_record(path));
    }
    load(path).map_err(|error| Stop::new(error, "name a folder that `foureyes plan` has written"))
}

fn no_record(path: &Path) -> Stop {
    let beneath = siblings(&path.join("any")).into_iter().filter(|folder| folder.join(RECORD).exists());
    let beneath: Vec<String> = beneath.take(5).map(|folder| folder.display().to_string()).collect();
    let hint = match beneath.as_slice() {
        [] => "name a folder that `foureyes plan` has written".to_owned(),
        some => format!("there are records in it; name one: {}", some.join(", ")),
    };
    Stop::new(format!("`{}` holds no published record", path.display()), hint)
}

/// Folders and files that stand beside what should be `path`, to find what was mistyped.
fn siblings(path: &Path) -> Vec<PathBuf> {
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    let listed = fs::read_dir(parent.unwrap_or(Path::new(".")));
    let names = listed.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.file_name()));
    let mut all: Vec<PathBuf> = names.map(|name| parent.map_or(PathBuf::new(), Path::to_path_buf).join(name)).collect();
    all.sort();
    all
}
