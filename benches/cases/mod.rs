#![allow(unreachable_pub, dead_code, missing_docs, clippy::panic, reason = "shared by benches")]
//! The cases that are measured: those that ship, and every case folder below `FOUREYES_BENCH`.

use std::path::{Path, PathBuf};

use foureyes::model::Case;
use foureyes::read::read_case;

/// Every case folder, by name.
pub fn folders() -> Vec<PathBuf> {
    let shipped = ["examples/harbour", "examples/region"].map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
    let mut folders: Vec<PathBuf> = std::env::var_os("FOUREYES_BENCH")
        .and_then(|below| std::fs::read_dir(below).ok())
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    folders.extend(shipped);
    folders.retain(|folder| folder.join("policy.toml").is_file());
    folders.sort();
    folders
}

/// The name of a case folder.
pub fn name(folder: &Path) -> String {
    folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The case of a folder.
pub fn case(folder: &Path) -> Case {
    let reading = read_case(folder);
    match reading.case {
        Some(case) => case,
        None => panic!("{} can't be read: {}", folder.display(), reading.problems[0]),
    }
}
