//! Whatever path is shown, only the one that the tree has is taken; and no size makes a check fall over.
//!
//! The first four bytes say how large the tree is, which leaf and which beginning are meant, and how the path is changed; then come
//! the changes, and last whole digests for paths of nothing.

#![no_main]

use foureyes::draw::Digest;
use foureyes::record::merkle::{consistency, inclusion, leaf_hash, root_of, verify_consistency, verify_inclusion};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [size, index, first, changes, rest @ ..] = data else { return };
    let leaves: Vec<Digest> = (0..*size).map(|number| leaf_hash(&[number])).collect();
    let (root, n) = (root_of(leaves.iter().copied()), u64::from(*size));
    if let Some(path) = inclusion(&leaves, usize::from(*index)) {
        let shown = changed(&path, *changes, rest);
        let taken = verify_inclusion(&leaves[usize::from(*index)], u64::from(*index), n, &shown, &root);
        assert_eq!(taken, shown == path);
    }
    if let Some(path) = consistency(&leaves, usize::from(*first)) {
        let shown = changed(&path, *changes, rest);
        let before = root_of(leaves[..usize::from(*first)].iter().copied());
        assert_eq!(verify_consistency(u64::from(*first), &before, n, &root, &shown), shown == path);
    }
    let digests: Vec<Digest> = rest.chunks_exact(32).map(|chunk| chunk.try_into().expect("32 bytes")).collect();
    let mut sizes = rest.chunks_exact(8).map(|chunk| u64::from_be_bytes(chunk.try_into().expect("8 bytes")));
    if let (Some(one), Some(other), [leaf, path @ ..]) = (sizes.next(), sizes.next(), &digests[..]) {
        assert!(!verify_inclusion(leaf, one, other, path, &root));
        assert!(!verify_consistency(one, leaf, other, &root, path));
    }
});

/// The path after up to four changes: a bit flipped, a digest taken away, one doubled, two exchanged.
fn changed(path: &[Digest], changes: u8, by: &[u8]) -> Vec<Digest> {
    let mut path = path.to_vec();
    for (change, by) in (0..4).map(|at| changes >> (2 * at) & 3).zip(by.chunks_exact(2)) {
        let [at, bit] = by else { continue };
        let Some(at) = usize::from(*at).checked_rem(path.len()) else { continue };
        match change {
            0 => path[at][usize::from(*bit) / 8] ^= 1 << (bit % 8),
            1 => drop(path.remove(at)),
            2 => path.insert(at, path[at]),
            _ => path.swap(at, 0),
        }
    }
    path
}
