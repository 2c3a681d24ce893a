//! What people see of the urn: how hard the draw is to guess, beside what no lottery could beat.

mod figures;
mod json;
mod words;

use crate::model::{Case, Drawn, StageBounds};
use crate::rules::Book;

pub use json::odds_json;
pub use words::odds_in_words;

/// Stages that were drawn, with their bounds.
#[derive(Clone, Copy)]
pub struct Lottery<'l> {
    /// The case.
    pub case: &'l Case,
    /// Its rules.
    pub book: &'l Book,
    /// What was drawn, and from what.
    pub drawn: &'l Drawn,
    /// The bounds of each stage, in order.
    pub bounds: &'l [StageBounds],
}

/// A number that is counted in tenths: `12.3`.
fn tenths(n: u64) -> String {
    format!("{}.{}", n / 10, n % 10)
}

/// How much more than `at_least` there is, in tenths of a per cent, rounded up.
fn above(n: u64, at_least: u64) -> u64 {
    let more = u128::from(n.saturating_sub(at_least)) * 1000;
    u64::try_from(more.div_ceil(u128::from(at_least.max(1)))).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_above_a_bound_is_never_told_as_less() {
        assert_eq!(above(1029, 1000), 29);
        assert_eq!(above(1_000_001, 1_000_000), 1);
        assert_eq!((above(5, 5), above(0, 0)), (0, 0));
        assert_eq!(tenths(above(1029, 1000)), "2.9");
    }
}
