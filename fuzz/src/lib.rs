//! What the fuzz targets share: changes to files that are sound, so that a fuzzer begins next to them rather than far away from any.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use foureyes::read::{Level, Reading, read_files};
use foureyes::record::Files;

/// The files in `folder` of the repository, by their names there.
pub fn files_in(folder: &str) -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut files = Files::new();
    read_into(&mut files, &folder, "");
    files
}

fn read_into(files: &mut Files, folder: &Path, inside: &str) {
    for entry in fs::read_dir(folder).expect("the fuzzer runs where the repository lies") {
        let path = entry.expect("a folder can be read").path();
        let name = format!("{inside}{}", path.file_name().expect("a file has a name").to_string_lossy());
        match path.is_dir() {
            true => read_into(files, &path, &format!("{name}/")),
            false => drop(files.insert(name, fs::read(&path).expect("a file can be read"))),
        }
    }
}

/// Two bytes of `change` say where in `bytes`, one how many bytes go; the rest comes in their place. An escaped `\n` is a line feed.
pub fn splice(bytes: &mut Vec<u8>, change: &[u8]) {
    let [high, low, gone, new @ ..] = change else { return };
    let at = (usize::from(*high) << 8 | usize::from(*low)) % (bytes.len() + 1);
    let end = (at + usize::from(*gone)).min(bytes.len());
    let new = String::from_utf8_lossy(new).replace("\\n", "\n");
    bytes.splice(at..end, new.into_bytes());
}

/// The first byte of `change` says which file, the others are those of [`splice`].
pub fn splice_one(files: &mut Files, change: &[u8]) {
    let [file, change @ ..] = change else { return };
    let at = usize::from(*file) % files.len().max(1);
    if let Some(bytes) = files.values_mut().nth(at) {
        splice(bytes, change);
    }
}

/// A folder of this process for what can only be read from a disk.
pub fn scratch(name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let below = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = below.join(format!("foureyes-fuzz-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder can be made");
    folder
}

/// Reads a small case with one more file in it, or another in the place of one of its own: there is a case if, and only if, nothing is an
/// error.
pub fn read_case(name: &str, bytes: &[u8]) -> Reading {
    let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let mut files = BTreeMap::from([
        file("policy.toml", b"[period]\nfrom = 2027-01-04\nto = 2027-01-15\n"),
        file("inspectors.csv", b"id\nI1\nI2\n"),
        file("establishments.csv", b"id\nE1\n"),
        file("visits.csv", b"id,establishment\nV1,E1\n"),
    ]);
    files.insert(name.to_owned(), bytes.to_vec());
    let reading = read_files(&files);
    let failed = reading.problems.iter().any(|problem| problem.level == Level::Error);
    assert_eq!(reading.case.is_none(), failed);
    reading
}
