//! Keys and a ledger for tests of the ceremony.

use std::fs;
use std::path::{Path, PathBuf};

use super::disk::{Cut, Fault};
use super::*;
use crate::record::ledger::{Body, LEDGER, LEDGER_FORMAT, Open, Role};

pub(super) const ORIGIN: &str = "labour.example/harbour";

/// A planner, an officer and an auditor, each with keys in a folder of their own, and the folder of a ceremony.
pub(super) struct People {
    pub root: tempfile::TempDir,
    pub planner: Keys,
    pub officer: Keys,
    pub auditor: Keys,
}

impl People {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let make = |name, role| {
            let folder = root.path().join(name);
            fs::create_dir(&folder).unwrap();
            Keys::create(&Disk::new(), &folder, name, role, 9).unwrap().0
        };
        let (planner, officer) = (make("planner", Role::Planner), make("officer", Role::Officer));
        let auditor = make("audit", Role::Auditor);
        Self { root, planner, officer, auditor }
    }

    /// A fresh folder for a ceremony.
    pub fn folder(&self) -> PathBuf {
        let folder = tempfile::tempdir_in(self.root.path()).unwrap().keep();
        folder.join("ledger")
    }

    pub fn opening(&self) -> Body {
        let parties = [&self.auditor, &self.officer, &self.planner].map(Keys::party).to_vec();
        Body::Open(Open { format: LEDGER_FORMAT.to_owned(), origin: ORIGIN.to_owned(), parties })
    }

    /// A ledger that says `bodies`, each line sealed; its folder.
    pub fn ledger(&self, bodies: &[Body]) -> PathBuf {
        let folder = self.folder();
        let mut office = Office::found(&folder, Disk::new(), self.opening()).unwrap();
        office.seal(&self.planner).unwrap();
        for body in bodies {
            let hands: &[&Keys] = if body.needs_two() { &[&self.officer, &self.planner] } else { &[] };
            let signed = hands.iter().map(|keys| keys.sign(ORIGIN, body)).collect();
            office.append(body.clone(), signed).unwrap();
            office.seal(&self.planner).unwrap();
        }
        folder
    }
}

/// A copy of a folder and of the folders in it.
pub(super) fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => copied(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

/// Every file below `folder` but the lock, by name.
pub(super) fn files(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else if name != "ledger.lock" {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    found
}

/// Does `act` in a copy of `before`, stopped at each elementary operation in turn, in every way; then does it again, and holds that
/// all comes out as if it had never been stopped, and that no line was lost meanwhile.
pub(super) fn stopped_everywhere(
    people: &People,
    before: &Path,
    act: impl Fn(&Path, Disk) -> Result<(), CeremonyError>,
) {
    let whole = people.folder();
    copied(before, &whole);
    act(&whole, Disk::new()).unwrap();
    let (wanted, lines) = (files(&whole), files(before).remove(LEDGER).unwrap_or_default());
    let mut stops = 0;
    for (cut, part) in [(Cut::Kill, 0), (Cut::Kill, 50), (Cut::Kill, 99), (Cut::Power, 50)] {
        for at in 0.. {
            let folder = people.folder();
            copied(before, &folder);
            if act(&folder, Disk::failing(Fault { at, part, cut })).is_ok() {
                break;
            }
            stops += 1;
            assert!(files(&folder).remove(LEDGER).unwrap_or_default().starts_with(&lines), "a line was lost");
            act(&folder, Disk::new()).unwrap_or_else(|error| panic!("stopped at {at} by {cut:?}, then: {error}"));
            let left: std::collections::BTreeMap<_, _> = files(&folder);
            assert!(left == wanted, "stopped at {at} by {cut:?}: {:?} instead of {:?}", left.keys(), wanted.keys());
        }
    }
    assert!(stops > 8, "the act made next to nothing");
}
