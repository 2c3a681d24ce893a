//! The order in which tickets lie in an urn, and which of them is drawn.

use super::{Digest, Root, digest};
use crate::model::Urn;

/// The tickets of `urn` in ascending order of the digest of their bytes, then of their bytes: so the order in which they
/// were built can't matter to which of them is drawn.
pub fn in_order(urn: Urn) -> Urn {
    let mut order: Vec<(Digest, usize)> = urn.tickets().map(digest).zip(0..).collect();
    order.sort_by(|a, b| (a.0, urn.bytes_of(a.1)).cmp(&(b.0, urn.bytes_of(b.1))));
    let order: Vec<usize> = order.into_iter().map(|(_, number)| number).collect();
    urn.reordered(&order)
}

/// The number of the ticket that stage `stage` (counted from 1) draws from `tickets` of them, from 0: the first word of
/// `stream("draw", stage)` that favours none.
///
/// # Panics
/// Where there is no ticket.
///
/// ```
/// use foureyes::draw::{Root, digest, pick};
/// let root = Root::from_seed(&digest(b"the frozen inputs"), "2027-01");
/// assert!(pick(&root, 1, 1000) < 1000);
/// assert_eq!(pick(&root, 1, 1), 0);
/// ```
pub fn pick(root: &Root, stage: usize, tickets: u32) -> u32 {
    root.stream("draw", &stage.to_string()).below(u64::from(tickets)) as u32
}
