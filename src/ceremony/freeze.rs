//! Freezing: what the office knows, in canonical bytes, under a salted root on the ledger.
//!
//! The folder is written before the line, so that a line never names what is not there. Whoever was stopped between the two
//! finds the folder, and goes on with its master.

use std::path::Path;

use super::office::read_file;
use super::{Access, CeremonyError, Keys, Office, random};
use crate::draw::Digest;
use crate::record::ledger::{Body, Freeze};
use crate::record::salted::{Master, Tree};
use crate::record::{Files, INPUTS, SALT, frozen_folder, load};

/// A file `salt` has 65 bytes.
const SALT_BYTES_MAX: u64 = 65;

/// Inputs that were frozen, with the secret of their tree.
pub struct FrozenInputs {
    /// The number of the freeze.
    pub number: u64,
    /// The eight files.
    pub files: Files,
    /// The secret that salts come from.
    pub master: Master,
}

impl FrozenInputs {
    /// The tree over them.
    pub fn tree(&self) -> Tree {
        Tree::of_inputs(&self.files, &self.master, &format!("freeze/{}", self.number))
    }

    /// The salted digest of what was fixed before draw `counter`.
    pub fn fixed(&self, counter: u64, fixed: &[u8]) -> Digest {
        self.master.digest_of("foureyes/v1/fixed", &format!("draw/{counter}"), "fixed", fixed)
    }

    /// The salted digest of the root of the tickets of draw `counter`.
    pub fn urn(&self, counter: u64, root: &Digest) -> Digest {
        self.master.digest_of("foureyes/v1/urn", &format!("draw/{counter}"), "urn", root)
    }

    /// The salted digest of the `record.json` of draw `counter`.
    pub fn record(&self, counter: u64, record: &[u8]) -> Digest {
        self.master.digest_of("foureyes/v1/record", &format!("draw/{counter}"), "record", record)
    }

    /// Freeze `number` of the office, as it lies in its folder.
    ///
    /// # Errors
    /// Where it is not there, or not the one that the ledger names.
    pub fn of(office: &Office, number: u64) -> Result<Self, CeremonyError> {
        let path = office.path(&frozen_folder(number));
        let wrong = |says: &str| CeremonyError::File { path: path.clone(), says: says.to_owned() };
        let (files, master) = read(&path)?.ok_or_else(|| wrong("is not there, or has no file `salt`"))?;
        let frozen = Self { number, files, master };
        let stated = office.course().freezes.iter().find(|(_, freeze)| freeze.number == number);
        match stated {
            Some((_, freeze)) if freeze.root == frozen.tree().root() => Ok(frozen),
            _ => Err(wrong("is not what the ledger names: it was changed after it was frozen")),
        }
    }
}

/// Puts `inputs`, the eight files of the case called `case`, on the ledger; gives them as they were frozen, and whether that is new. The same inputs as
/// those of the last freeze are not frozen again.
///
/// # Errors
/// Where `keys` are not the planner's, or the system refuses.
pub fn freeze(
    office: &mut Office,
    keys: &Keys,
    case: &str,
    inputs: &Files,
) -> Result<(FrozenInputs, bool), CeremonyError> {
    office.is_planner(keys)?;
    let last = office.course().freezes.last().map_or(0, |(_, freeze)| freeze.number);
    if last > 0 {
        let frozen = FrozenInputs::of(office, last)?;
        if frozen.files == *inputs {
            office.seal(keys)?;
            return Ok((frozen, false));
        }
    }
    let frozen = written(office, last + 1, inputs)?;
    let tree = frozen.tree();
    let leaves = tree.leaves().len() as u64;
    let body = Body::Freeze(Freeze { case: case.to_owned(), leaves, number: frozen.number, root: tree.root() });
    office.append(body, Vec::new())?;
    office.seal(keys)?;
    Ok((frozen, true))
}

/// The folder of freeze `number`: one that an interrupted run left, or a new one.
fn written(office: &Office, number: u64, inputs: &Files) -> Result<FrozenInputs, CeremonyError> {
    let path = office.path(&frozen_folder(number));
    match read(&path)? {
        Some((files, master)) if files == *inputs => return Ok(FrozenInputs { number, files, master }),
        // Nothing on the ledger names it: the inputs were changed before it was.
        _ => office.disk().remove_folder(&path).map_err(CeremonyError::io(&path))?,
    }
    let master = Master::new(random()?);
    let mut files = inputs.clone();
    files.insert(SALT.to_owned(), master.file());
    office.disk().create_folder_whole(&path, &files, Access::Owner).map_err(CeremonyError::io(&path))?;
    Ok(FrozenInputs { number, files: inputs.clone(), master })
}

/// What lies in the folder of a freeze, where all of it does.
fn read(path: &Path) -> Result<Option<(Files, Master)>, CeremonyError> {
    let salt = path.join(SALT);
    if !salt.is_file() {
        return Ok(None);
    }
    let mut files = load(path).map_err(|error| CeremonyError::refused(error.to_string(), "look at the folder"))?;
    files.retain(|name, _| INPUTS.contains(&name.as_str()));
    Ok(Master::read(&read_file(&salt, SALT_BYTES_MAX)?).map(|master| (files, master)))
}
