//! From a seed to random words: the whole derivation, and the one thing that every draw decides with them: which
//! ticket of an urn it is.
//!
//! SHA-256, HKDF-SHA256 (RFC 5869) with length-prefixed labels, the ChaCha20 key stream (RFC 8439)
//! read as little-endian `u64` words, `below` by rejection, and the shuffle of Fisher and Yates.
//! Another language repeats it bit for bit; the vectors stand in `tests/vectors/derivation.json`.
//! The samplers of `rand` are never used: their values change between versions.

pub mod beacon;
mod ceremony;
mod derive;
pub mod dice;
mod hex;
pub mod nonce;
mod reserves;
mod stream;
mod urn;

pub use ceremony::{ceremony_seed, urn_seed};
pub use derive::{Digest, Root, digest, length_prefixed};
pub use hex::{from_hex, to_hex};
pub use reserves::{reserve_order, team_reserve_words, visit_reserve_order};
pub use stream::Stream;
pub use urn::{in_order, pick};
