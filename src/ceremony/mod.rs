//! What a ceremony does to the disk: keys, the ledger's office, and each act that puts a line on it.
//!
//! [`Disk`] writes whole or not at all, [`Office`] is the ledger's folder with a lock on it, [`Keys`] are a party's secrets. Each
//! act can be run again after it was stopped at any point, and ends in the same state: what is there already is not done
//! twice. Nothing here decides who goes where; that is for the draw, and for `verify` to recount.

pub mod disk;
mod error;
mod fault;
mod keys;
mod office;
#[cfg(test)]
mod testing;

pub use disk::{Access, Disk};
pub use error::CeremonyError;
pub use keys::{Keys, KeysMade, is_file_name, random, read_party};
pub use office::Office;
