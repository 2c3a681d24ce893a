//! The order in which reserves are asked, fixed by the same draw as the schedule.

use chrono::NaiveDate;

use super::Root;

/// Puts `people`, who may step in and stand in order of id, into the order in which they are asked to take the place of `member` on
/// every visit that the member has on `date`, a day of stage `stage` (counted from 1): shuffled with
/// `stream("reserve", "STAGE/DATE/MEMBER")`. A stage is a number in decimal and a date ten characters like `2027-01-04`, so whatever an
/// id has in it, also a `/`, no two such texts are the same. Whoever stands first had a chance of 1 in all of them.
///
/// ```
/// use foureyes::draw::{Root, digest, reserve_order};
/// let root = Root::from_seed(&digest(b"the frozen inputs"), "2027-01");
/// let (mut one, mut again) = (["ana", "ben", "cem"], ["ana", "ben", "cem"]);
/// let date = chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
/// reserve_order(&root, 1, date, "dan", &mut one);
/// reserve_order(&root, 1, date, "dan", &mut again);
/// assert_eq!(one, again);
/// ```
pub fn reserve_order<T>(root: &Root, stage: usize, date: NaiveDate, member: &str, people: &mut [T]) {
    root.stream("reserve", &format!("{stage}/{date}/{member}")).shuffle(people);
}
