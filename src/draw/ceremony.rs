//! The seed of a ceremony's draw: a text that nobody could choose, and from which all else follows as from any other.

use super::{Digest, digest, length_prefixed, to_hex};

/// The seed of a draw: `hex(H(LP("foureyes/v1/ceremony", H(commitment), kind, randomness, name 1, nonce 1, ...)))`, where `commitment` is the line
/// of the ledger with its line feed, `kind` the kind of beacon (`quicknet` or `dice`), and `nonces` each party's name and nonce in
/// the order of the commitment.
///
/// ```
/// use foureyes::draw::{ceremony_seed, digest};
/// let of = |nonce| ceremony_seed(b"the line\n", "quicknet", &digest(b"a round"), &[("planner", nonce)]);
/// assert_eq!(of([1; 32]).len(), 64);
/// assert_ne!(of([1; 32]), of([2; 32]));
/// ```
pub fn ceremony_seed(commitment: &[u8], kind: &str, randomness: &Digest, nonces: &[(&str, Digest)]) -> String {
    let commit = digest(commitment);
    let mut parts: Vec<&[u8]> = vec![b"foureyes/v1/ceremony", &commit, kind.as_bytes(), randomness];
    for (name, nonce) in nonces {
        parts.extend([name.as_bytes(), nonce]);
    }
    to_hex(&digest(&length_prefixed(&parts)))
}

/// The text whose root all words for the urn of commitment `counter` are taken from, before there is a seed: so that the planner can choose
/// nothing about an urn but what is frozen.
pub fn urn_seed(counter: u64) -> String {
    format!("urn {counter}")
}
