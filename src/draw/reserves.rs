//! The order in which reserves are asked, fixed by the same draw as the schedule.

use chrono::NaiveDate;

use super::{Root, Stream};

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

/// The same for one visit of that day alone, where nobody may take over the whole day: shuffled with
/// `stream("reserve-visit", "STAGE/DATE/MEMBER|VISIT")`. No id has a `|` in it.
pub fn visit_reserve_order<T>(
    root: &Root,
    stage: usize,
    date: NaiveDate,
    (member, visit): (&str, &str),
    people: &mut [T],
) {
    root.stream("reserve-visit", &format!("{stage}/{date}/{member}|{visit}")).shuffle(people);
}

/// The words that say which whole teams are asked for a visit, and in which order: `stream("reserve-team", "STAGE/DATE/MEMBER|VISIT")`.
pub fn team_reserve_words(root: &Root, stage: usize, date: NaiveDate, (member, visit): (&str, &str)) -> Stream {
    root.stream("reserve-team", &format!("{stage}/{date}/{member}|{visit}"))
}
