//! The order in which reserves are asked, fixed by the same draw as the schedule.

use super::Root;

/// Puts `people`, who may step in and stand in order of id, into the order in which they are asked to take the seat of `member` on
/// `visit`, which stage `stage` (counted from 1) drew: shuffled with `stream("reserve", "STAGE/VISIT/MEMBER")`.
/// Whoever stands first had a chance of 1 in all of them.
///
/// ```
/// use foureyes::draw::{Root, digest, reserve_order};
/// let root = Root::from_seed(&digest(b"the frozen inputs"), "2027-01");
/// let (mut one, mut again) = (["ana", "ben", "cem"], ["ana", "ben", "cem"]);
/// reserve_order(&root, 1, "v01", "dan", &mut one);
/// reserve_order(&root, 1, "v01", "dan", &mut again);
/// assert_eq!(one, again);
/// ```
pub fn reserve_order<T>(root: &Root, stage: usize, visit: &str, member: &str, people: &mut [T]) {
    root.stream("reserve", &format!("{stage}/{visit}/{member}")).shuffle(people);
}
