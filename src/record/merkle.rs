//! The Merkle tree of RFC 6962: one digest for a list, from which each item's place can be shown without the others, and that a
//! longer list begins with a shorter one.
//!
//! A **path** is the list of digests that such a proof takes, the lowest first. Proofs are made as RFC 6962 defines them (sections
//! 2.1.1 and 2.1.2) and checked as RFC 9162 writes it down (2.1.3.2 and 2.1.4.2): two accounts of one thing, held against each other in
//! the tests. A path says nothing about the size of the tree that the root does not; so take root and size from one signed checkpoint.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use crate::draw::Digest;

/// The root over `leaves` (RFC 6962, section 2.1): `H(0x00 || leaf)` for a leaf, `H(0x01 || left || right)` above, the
/// left part as long as the largest power of two below the whole.
///
/// ```
/// use foureyes::{draw::to_hex, record::merkle_root};
/// let nothing: [&[u8]; 0] = [];
/// assert_eq!(to_hex(&merkle_root(nothing)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// ```
pub fn merkle_root<'l>(leaves: impl IntoIterator<Item = &'l [u8]>) -> Digest {
    root_of(leaves.into_iter().map(leaf_hash))
}

/// What stands in the tree for a leaf: `H(0x00 || leaf)`.
///
/// ```
/// use foureyes::record::merkle::{leaf_hash, root_of};
/// use foureyes::record::merkle_root;
/// assert_eq!(merkle_root([&b"one"[..]]), leaf_hash(b"one"));
/// assert_eq!(merkle_root([&b"one"[..], b"two"]), root_of([leaf_hash(b"one"), leaf_hash(b"two")]));
/// ```
pub fn leaf_hash(leaf: &[u8]) -> Digest {
    hashed(&[&[0], leaf])
}

/// [`merkle_root`] where the leaves are hashed already.
pub fn root_of(leaf_hashes: impl IntoIterator<Item = Digest>) -> Digest {
    let mut growing = Growing::default();
    leaf_hashes.into_iter().for_each(|leaf| growing.push(leaf));
    growing.root()
}

/// A tree that grows: its root after each leaf, without looking at the earlier ones again.
///
/// ```
/// use foureyes::record::merkle::{Growing, leaf_hash, root_of};
/// let leaves = ["one", "two", "three"].map(|leaf| leaf_hash(leaf.as_bytes()));
/// let mut growing = Growing::default();
/// for (at, leaf) in leaves.iter().enumerate() {
///     growing.push(*leaf);
///     assert_eq!(growing.root(), root_of(leaves[..=at].iter().copied()));
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Growing {
    size: u64,
    /// The roots of the full trees so far, the largest first: one for each bit of the size.
    full: Vec<Digest>,
}

impl Growing {
    /// Adds a leaf, hashed.
    pub fn push(&mut self, leaf_hash: Digest) {
        let mut joined = leaf_hash;
        for _ in 0..self.size.trailing_ones() {
            let left = self.full.pop().expect("there is a full tree for each bit");
            joined = node(&left, &joined);
        }
        self.full.push(joined);
        self.size += 1;
    }

    /// The root as it is now.
    pub fn root(&self) -> Digest {
        let joined = self.full.iter().rev().copied().reduce(|right, left| node(&left, &right));
        joined.unwrap_or_else(|| hashed(&[]))
    }
}

/// The roots over as many first `leaves` as `sizes` says, as far as there are so many; in one walk.
pub(crate) fn roots_at<'l>(leaves: impl IntoIterator<Item = &'l [u8]>, sizes: &BTreeSet<u64>) -> BTreeMap<u64, Digest> {
    let mut growing = Growing::default();
    let mut roots: BTreeMap<u64, Digest> = sizes.get(&0).map(|size| (*size, growing.root())).into_iter().collect();
    for (size, leaf) in (1..).zip(leaves) {
        growing.push(leaf_hash(leaf));
        if sizes.contains(&size) {
            roots.insert(size, growing.root());
        }
    }
    roots
}

/// The path that shows that leaf `index`, from 0, is in the tree; none where there is no such leaf.
///
/// ```
/// use foureyes::record::merkle::{inclusion, leaf_hash, root_of, verify_inclusion};
/// let leaves = ["one", "two", "three"].map(|leaf| leaf_hash(leaf.as_bytes()));
/// let path = inclusion(&leaves, 1).unwrap();
/// assert!(verify_inclusion(&leaves[1], 1, 3, &path, &root_of(leaves)));
/// assert!(!verify_inclusion(&leaves[2], 1, 3, &path, &root_of(leaves)));
/// ```
pub fn inclusion(leaf_hashes: &[Digest], index: usize) -> Option<Vec<Digest>> {
    leaf_hashes.get(index)?;
    let (mut within, mut index, mut path) = (leaf_hashes, index, Vec::new());
    while within.len() > 1 {
        let (left, right) = within.split_at(left_part(within.len()));
        let beside = if index < left.len() { right } else { left };
        within = if index < left.len() { left } else { right };
        // The right part is never the longer one.
        index %= left.len();
        path.push(root_of(beside.iter().copied()));
    }
    path.reverse();
    Some(path)
}

/// Whether the path leads from a leaf, hashed, at place `index` of a tree of `size` leaves to its root.
pub fn verify_inclusion(leaf: &Digest, index: u64, size: u64, path: &[Digest], root: &Digest) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut joined) = (index, size - 1, *leaf);
    for beside in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            joined = node(beside, &joined);
            (at, last) = up_to_a_right_hand(at, last);
        } else {
            joined = node(&joined, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && joined == *root
}

/// The path that shows that the tree begins with its first `first` leaves; none where there are not so many. There is nothing to show, and
/// so nothing in the path, for the empty tree and for the whole one.
///
/// ```
/// use foureyes::record::merkle::{consistency, leaf_hash, root_of, verify_consistency};
/// let leaves = ["one", "two", "three"].map(|leaf| leaf_hash(leaf.as_bytes()));
/// let (before, after) = (root_of(leaves[..2].to_vec()), root_of(leaves));
/// let path = consistency(&leaves, 2).unwrap();
/// assert!(verify_consistency(2, &before, 3, &after, &path));
/// assert!(!verify_consistency(2, &after, 3, &before, &path));
/// ```
pub fn consistency(leaf_hashes: &[Digest], first: usize) -> Option<Vec<Digest>> {
    if first == 0 || first >= leaf_hashes.len() {
        return (first <= leaf_hashes.len()).then(Vec::new);
    }
    let (mut within, mut first, mut known, mut path) = (leaf_hashes, first, true, Vec::new());
    while first < within.len() {
        let (left, right) = within.split_at(left_part(within.len()));
        let beside = if first <= left.len() {
            within = left;
            right
        } else {
            (within, first, known) = (right, first - left.len(), false);
            left
        };
        path.push(root_of(beside.iter().copied()));
    }
    // The first tree's own root is what the verifier has.
    if !known {
        path.push(root_of(within.iter().copied()));
    }
    path.reverse();
    Some(path)
}

/// Whether a tree of `second` leaves begins with all leaves of a tree of `first`, their roots being these.
pub fn verify_consistency(first: u64, first_root: &Digest, second: u64, second_root: &Digest, path: &[Digest]) -> bool {
    if first == 0 {
        return path.is_empty() && *first_root == hashed(&[]) && (second > 0 || first_root == second_root);
    }
    if first >= second {
        return path.is_empty() && first == second && first_root == second_root;
    }
    let known = first.is_power_of_two().then_some(first_root);
    let mut path = known.into_iter().chain(path);
    let Some(lowest) = path.next() else { return false };
    let (mut before, mut after) = (*lowest, *lowest);
    let down = (first - 1).trailing_ones();
    let (mut at, mut last) = ((first - 1) >> down, (second - 1) >> down);
    for beside in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            (before, after) = (node(beside, &before), node(beside, &after));
            (at, last) = up_to_a_right_hand(at, last);
        } else {
            after = node(&after, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && before == *first_root && after == *second_root
}

/// Up the levels on which the node at `at` stands alone at the end, to where it is a right hand. `at` is not 0: it is odd, or it is
/// the last one of several.
fn up_to_a_right_hand(at: u64, last: u64) -> (u64, u64) {
    let levels = at.trailing_zeros();
    (at >> levels, last >> levels)
}

/// The largest power of two below `size`, which is at least 2.
fn left_part(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

fn node(left: &Digest, right: &Digest) -> Digest {
    hashed(&[&[1], left, right])
}

fn hashed(parts: &[&[u8]]) -> Digest {
    parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: usize) -> Vec<Digest> {
        (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
    }

    fn root(leaves: &[Digest]) -> Digest {
        root_of(leaves.iter().copied())
    }

    /// Every way to change a path by little.
    fn changed(path: &[Digest]) -> Vec<Vec<Digest>> {
        let mut all = vec![[path, &[[0; 32]]].concat(), [&[[0; 32]], path].concat()];
        for at in 0..path.len() {
            let (mut flipped, mut shorter, mut twice) = (path.to_vec(), path.to_vec(), path.to_vec());
            flipped[at][at % 32] ^= 1 << (at % 8);
            shorter.remove(at);
            twice.insert(at, path[at]);
            all.extend([flipped, shorter, twice]);
        }
        all.extend((1..path.len()).map(|at| {
            let mut swapped = path.to_vec();
            swapped.swap(at - 1, at);
            swapped
        }));
        all
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_included_and_no_other() {
        for size in 0..=64 {
            let leaves = leaves(size);
            let (root, n) = (root(&leaves), size as u64);
            assert_eq!(inclusion(&leaves, size), None);
            for index in 0..size {
                let path = inclusion(&leaves, index).unwrap();
                let included = |at: u64, n: u64, path: &[Digest]| verify_inclusion(&leaves[index], at, n, path, &root);
                let i = index as u64;
                assert!(included(i, n, &path), "leaf {index} of {size}");
                assert!((0..=n).filter(|at| *at != i).all(|at| !included(at, n, &path)));
                assert!(changed(&path).iter().all(|path| !included(i, n, path)));
                assert!(!verify_inclusion(&[0; 32], i, n, &path, &root));
                assert!(!verify_inclusion(&leaves[index], i, n, &path, &[0; 32]));
                assert!(!included(i, u64::MAX, &path) && !included(u64::MAX, n, &path) && !included(i, 0, &path));
                assert!(!included(i, n * 2 + 1, &path));
            }
        }
    }

    #[test]
    fn every_small_tree_begins_with_every_smaller_one_and_no_other() {
        for size in 0..=64 {
            let leaves = leaves(size);
            let (after, n) = (root(&leaves), size as u64);
            assert_eq!(consistency(&leaves, size + 1), None);
            for first in 0..=size {
                let path = consistency(&leaves, first).unwrap();
                let (before, m) = (root(&leaves[..first]), first as u64);
                assert!(verify_consistency(m, &before, n, &after, &path), "{first} of {size}");
                assert!(changed(&path).iter().all(|path| !verify_consistency(m, &before, n, &after, path)));
                assert!(!verify_consistency(m, &[1; 32], n, &after, &path));
                if first > 0 {
                    assert!(!verify_consistency(m, &before, n, &[1; 32], &path));
                    assert!(!verify_consistency(m, &before, u64::MAX, &after, &path));
                }
                if first < size {
                    assert!(!verify_consistency(m, &after, n, &before, &path));
                    assert!(!verify_consistency(n, &after, m, &before, &path));
                    let other: Vec<Digest> = leaves.iter().rev().copied().collect();
                    assert_eq!(
                        first == 0,
                        verify_consistency(m, &before, n, &root(&other), &consistency(&other, first).unwrap())
                    );
                }
            }
        }
    }

    #[test]
    fn no_size_is_too_large_to_be_refused() {
        let (many, some) = ([[7; 32]; 200], [0, 1, 2, 3, 1 << 32, 1 << 63, (1 << 63) + 1, u64::MAX - 1, u64::MAX]);
        for (first, second) in some.into_iter().flat_map(|first| some.map(|second| (first, second))) {
            for length in [0, 1, 63, 64, 65, 200] {
                let path = &many[..length];
                assert!(!verify_inclusion(&[1; 32], first, second, path, &[2; 32]));
                assert!(!verify_consistency(first, &[1; 32], second, &[2; 32], path));
            }
        }
    }
}
