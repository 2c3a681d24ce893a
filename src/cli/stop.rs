//! How a command ends.

use std::fmt::Display;

use thiserror::Error;

use crate::ceremony::CeremonyError;

/// How a command ended that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Sound, or everything mandatory staffed: exit code 0.
    Sound,
    /// Something was found, or could not be staffed: exit code 1.
    Findings,
}

impl End {
    /// Findings if there are any.
    pub fn findings(any: bool) -> Self {
        if any { Self::Findings } else { Self::Sound }
    }
}

/// What kept a command from running: exit code 2.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{says}")]
pub struct Stop {
    /// What is wrong.
    pub says: String,
    /// What to do about it.
    pub hint: String,
}

impl Stop {
    /// A stop that says what is wrong and what to do.
    pub fn new(says: impl Display, hint: impl Display) -> Self {
        Self { says: says.to_string(), hint: hint.to_string() }
    }
}

/// What running a command gives.
pub type Ended = Result<End, Stop>;

impl From<CeremonyError> for Stop {
    fn from(error: CeremonyError) -> Self {
        Self::new(&error, error.hint())
    }
}
