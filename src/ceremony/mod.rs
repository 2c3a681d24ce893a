//! What a ceremony does to the disk: keys, the ledger's office, and each act that puts a line on it.
//!
//! [`Disk`] writes whole or not at all, [`Office`] is the ledger's folder with a lock on it, [`Keys`] are a party's secrets. Each
//! act can be run again after it was stopped at any point, and ends in the same state: what is there already is not done
//! twice. Nothing here decides who goes where; that is for the draw, and for `verify` to recount.

mod acts;
mod cosign;
pub mod disk;
mod error;
mod fault;
mod keys;
mod office;
mod proposal;
#[cfg(test)]
mod testing;
mod words;

pub use acts::{disclose, nonces, open, void};
pub use cosign::{AHEAD, Cosigned, cosign};
pub use disk::{Access, Disk};
pub use error::CeremonyError;
pub use keys::{Keys, KeysMade, is_file_name, random, read_party};
pub use office::Office;
pub use proposal::{PROPOSED, PROPOSED_CHANGE, Proposal, Settled};
pub use words::{in_words, utc};
