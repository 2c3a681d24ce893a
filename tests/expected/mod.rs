//! Folders of `tests/cases`, each with an `expect.txt` that says what comes of it.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of `tests/cases/KIND`, in order.
pub fn folders(kind: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(kind);
    let mut folders: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders
}

/// Holds what is `told` of every folder against its `expect.txt`; where the environment has `BLESS`, it is written there first.
pub fn hold(folders: &[PathBuf], told: impl Fn(&Path) -> String) {
    let mut wrong = Vec::new();
    for folder in folders {
        let (told, file) = (told(folder), folder.join("expect.txt"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&file, &told).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if told != expected {
            wrong.push(format!("--- {}\nexpected:\n{expected}\ntold:\n{told}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
