//! foureyes plans inspections so that nobody can predict, steer or re-roll who inspects whom.
//!
//! The modules in the order in which a case passes through them: [`model`] has the nouns, `read`
//! makes a [`model::Case`] from an office's files, [`rules`] says what a plan may and may not do,
//! [`draw`] turns a seed into random words, `urn` builds schedules that obey every rule, `bound` says
//! why a visit can't be staffed, [`record`] writes what is published, [`verify`] recounts it from
//! nothing, `audit` looks for what chance does not explain in years of records, and `report` shows all of it to people. `ceremony` keeps the keys and the ledger of draws that nobody could choose. Without the
//! feature `plan` only what a verifier needs is built.

#[cfg(feature = "plan")]
pub mod audit;
#[cfg(feature = "plan")]
pub mod bound;
#[cfg(feature = "cli")]
pub mod ceremony;
#[cfg(feature = "cli")]
pub mod cli;
#[deny(clippy::float_arithmetic)]
pub mod draw;
#[deny(clippy::float_arithmetic)]
pub mod model;
#[cfg(feature = "plan")]
pub mod read;
#[deny(clippy::float_arithmetic)]
pub mod record;
#[cfg(feature = "plan")]
pub mod report;
#[deny(clippy::float_arithmetic)]
pub mod rules;
#[cfg(feature = "plan")]
#[deny(clippy::float_arithmetic)]
pub mod urn;
#[deny(clippy::float_arithmetic)]
pub mod verify;
