//! The Merkle tree of RFC 6962: one digest for a list, from which each item's place can be shown without the others.

use sha2::{Digest as _, Sha256};

use crate::draw::Digest;

/// The root over `leaves` (RFC 6962, section 2.1): `H(0x00 || leaf)` for a leaf, `H(0x01 || left || right)` above, the
/// left part as long as the largest power of two below the whole.
///
/// ```
/// use foureyes::record::{hex, merkle_root};
/// let nothing: [&[u8]; 0] = [];
/// assert_eq!(hex(&merkle_root(nothing)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// ```
pub fn merkle_root<'l>(leaves: impl IntoIterator<Item = &'l [u8]>) -> Digest {
    // The roots of the full trees so far, the largest first: one for each bit of the number of leaves.
    let mut full: Vec<Digest> = Vec::new();
    for (before, leaf) in (0u64..).zip(leaves) {
        let mut node = hashed(&[&[0], leaf]);
        for _ in 0..before.trailing_ones() {
            let left = full.pop().expect("there is a full tree for each bit");
            node = hashed(&[&[1], &left, &node]);
        }
        full.push(node);
    }
    let joined = full.into_iter().rev().reduce(|right, left| hashed(&[&[1], &left, &right]));
    joined.unwrap_or_else(|| hashed(&[]))
}

fn hashed(parts: &[&[u8]]) -> Digest {
    parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize().into()
}
