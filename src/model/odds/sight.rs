//! What somebody sees, as one number: it decides nothing, it only tells groups apart.
//!
//! A visit's bits in a ticket (time and team) become 128 bits, and no two that fit a word become the same. Those of several visits
//! are added up, so that they come to the same in any order. That two different sums among a million tickets are equal by
//! chance has odds of less than one in 10^26.

/// A visit with its time and team, or several of them; nought is nothing.
pub(super) type Sight = u128;

/// One visit: its room, and what a ticket says of it in `words`.
#[inline]
pub(super) fn sight(room: usize, words: impl Iterator<Item = u64>) -> Sight {
    let (mut high, mut low) = (room as u64, 0u64);
    for word in words {
        low = mixed(word ^ high.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ low.rotate_left(32));
        high = mixed(high.wrapping_add(low));
    }
    u128::from(high) << 64 | u128::from(low)
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014), after a step of its sequence. Different numbers stay different.
#[inline]
fn mixed(a: u64) -> u64 {
    let mut x = a.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
