//! What keeps an act from being done, with what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::record::ledger::OutOfCourse;

/// Why an act was not done.
#[derive(Debug, Error)]
pub enum CeremonyError {
    /// The system refused.
    #[error("`{path}`: {source}")]
    Io {
        /// What was to be read or written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody else writes to the ledger.
    #[error("`{0}` is in use: another command writes to this ledger")]
    Locked(PathBuf),
    /// There is no ledger.
    #[error("there is no ledger in `{0}`")]
    NoLedger(PathBuf),
    /// The ledger is not what this program writes.
    #[error("the ledger in `{folder}` can't be gone on with: {says}")]
    Damaged {
        /// The ceremony's folder.
        folder: PathBuf,
        /// What is wrong.
        says: String,
    },
    /// What was to be done may not follow.
    #[error("{0}")]
    OutOfCourse(#[from] OutOfCourse),
    /// A file that a party gave is not what it should be.
    #[error("`{path}` {says}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        says: String,
    },
    /// Anything else, with what to do.
    #[error("{says}")]
    Refused {
        /// What is wrong.
        says: String,
        /// What to do.
        hint: String,
    },
}

impl CeremonyError {
    /// The system's refusal of something at `path`.
    pub fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    /// A refusal that says what is wrong and what to do.
    pub fn refused(says: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused { says: says.into(), hint: hint.into() }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Io { .. } => {
                "look at the path, its permissions and the room on the disk; then run the same command again".to_owned()
            }
            Self::Locked(_) => "wait until it is done, and run the same command again".to_owned(),
            Self::NoLedger(_) => "name the ceremony's folder; `foureyes open` begins a new ledger".to_owned(),
            Self::Damaged { folder, .. } => {
                format!(
                    "nothing was changed; `foureyes verify {}` names what is wrong, and a copy from another hand has what was there",
                    folder.display()
                )
            }
            Self::OutOfCourse(why) => hint_of(why).to_owned(),
            Self::File { .. } => "ask for the file again, or name another".to_owned(),
            Self::Refused { hint, .. } => hint.clone(),
        }
    }
}

fn hint_of(why: &OutOfCourse) -> &'static str {
    match why {
        OutOfCourse::OpenedAgain => "each ledger has a folder of its own",
        OutOfCourse::StillOpen(_) | OutOfCourse::ChangedWhileOpen(_) => {
            "draw it, or make it void with a reason and two signatures (`foureyes void`)"
        }
        OutOfCourse::TooEarly(_) => "draw it first",
        OutOfCourse::NoReason => "say why, in words that can be read; nothing was written",
        OutOfCourse::NothingDrawn => "draw first; until then the inputs can be frozen again",
        OutOfCourse::NotTheLastFreeze { .. } => "freeze the inputs first (`foureyes freeze`)",
        OutOfCourse::DrawnAlready(..) => "what was drawn stays; a change of it is an amendment or an override",
        _ => "the ledger says what was done so far; nothing was written",
    }
}
