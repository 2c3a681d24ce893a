//! What a ceremony does to the disk: keys, the ledger's office, and each act that puts a line on it.
//!
//! [`Disk`] writes whole or not at all, [`Office`] is the ledger's folder with a lock on it, [`Keys`] are a party's secrets. Each
//! act can be run again after it was stopped at any point, and ends in the same state: what is there already is not done
//! twice. Nothing here decides who goes where; that is for the draw, and for `verify` to recount.

mod acts;
mod after;
mod between;
mod caution;
mod changes;
#[cfg(feature = "plan")]
mod commit;
mod cosign;
pub mod disk;
#[cfg(feature = "plan")]
mod draw;
mod error;
mod fault;
mod freeze;
mod keys;
mod memory;
mod named;
mod office;
mod past;
mod proposal;
mod receipt;
#[cfg(feature = "plan")]
mod stage;
#[cfg(test)]
mod testing;
mod words;

pub use acts::{disclose, nonces, open, void};
pub use after::{Successor, after};
pub use between::look;
pub use caution::{cautions, cautions_of_commitment};
pub use changes::{Changed, amend, execute, give, recheck};
#[cfg(feature = "plan")]
pub use commit::{ToCommit, commit};
pub use cosign::{AHEAD, Cosigned, cosign, cosign_with};
pub use disk::{Access, Disk};
#[cfg(feature = "plan")]
pub use draw::{Came, Drawn, draw, in_order, to_draw};
pub use error::CeremonyError;
pub use freeze::{FrozenInputs, freeze};
pub use keys::{Keys, KeysMade, is_file_name, random, read_party};
pub use memory::Memory;
pub use named::conflict_named;
pub use office::{Office, read_file};
pub use past::Past;
pub use proposal::{PROPOSED, PROPOSED_CHANGE, Proposal, Settled};
pub use receipt::{About, receipts};
#[cfg(feature = "plan")]
pub use stage::{StageToDraw, UrnStated};
pub use words::{change_in_words, in_words, utc};
