//! Times of a column that are meant as midnight and are not written so.
//!
//! A day that was turned into a moment and back may come out a day early: `2027-01-03T23:00:00Z` is midnight of 4 January in
//! Madrid, and `2027-01-03 23:59:16` what SheetJS makes of it. One such time proves nothing; a column of them does. Which day is meant
//! is asked once, and kept as `midnight = "next"`, `"nearest"` or `"written"`.

use std::collections::BTreeMap;

use super::clock::{Clock, Zone};
use super::never::{Role, begins, role};

/// What the policy says of such times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum Midnight {
    /// A moment before midnight is midnight.
    Nearest,
    /// Midnight of a zone east of Greenwich, written in universal time: the next day's.
    Next,
    /// The day is the one that is written.
    Written,
}

const DAY: u32 = 86_400;
/// How near to midnight a time is taken for it, in seconds.
const NEAR: u32 = 60;
/// From here on, in minutes, a time of day may be midnight of the next day in some zone: that of Kiribati, 14 hours ahead.
const EAST: u32 = 10 * 60;
/// The same where no zone is written: those of Europe, Africa and the Near East.
const UNWRITTEN: u32 = 20 * 60;
/// The end of a day, as programs write it.
const LAST: [u32; 2] = [23 * 3600 + 59 * 60, DAY - 1];

/// What the times of a column have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// None has a time, or all are midnight.
    None,
    /// Times of day.
    Spread,
    /// The end of the day that is written.
    EndOfDay,
    /// A moment before midnight.
    Near,
    /// Midnight of one zone, in its summer and its winter, in minutes of universal time.
    Zone([u32; 2]),
}

/// What becomes of the day of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    Stays,
    Next,
    /// It is not what the policy says that all are.
    Odd,
}

/// The times of a column, each with how many cells have it.
pub(super) struct Times<'a> {
    pub(super) name: &'static str,
    pub(super) clocks: Vec<(&'a Clock, u64)>,
}

impl Times<'_> {
    fn weight(&self, is: impl Fn(&Clock) -> bool) -> u64 {
        self.clocks.iter().filter(|(clock, _)| is(clock)).map(|(_, count)| count).sum()
    }

    fn own(&self) -> Pattern {
        let (all, midnight) = (self.weight(|_| true), self.weight(|clock| clock.seconds == 0));
        if all == midnight {
            return Pattern::None;
        }
        let before = self.weight(|clock| clock.seconds >= DAY - NEAR);
        let ends = self.weight(|clock| LAST.contains(&clock.seconds));
        if before > 0 && (before + midnight == all || 2 * before >= all) {
            let end = ends == before && role(self.name) == Role::End;
            return if end { Pattern::EndOfDay } else { Pattern::Near };
        }
        self.zone().map_or(Pattern::Spread, Pattern::Zone)
    }

    /// The minutes of universal time that more than half of the times are at, or a late hour that some are at: one, or two that summer
    /// and winter tell apart.
    fn zone(&self) -> Option<[u32; 2]> {
        let mut minutes: BTreeMap<u32, u64> = BTreeMap::new();
        for (clock, count) in &self.clocks {
            let minute = minute(clock);
            let plain = clock.zone == Zone::None && (minute >= UNWRITTEN || minute == 0);
            if (clock.zone == Zone::Utc || plain) && minute.is_multiple_of(15) {
                *minutes.entry(minute).or_default() += count;
            }
        }
        let (top, most) = minutes.iter().filter(|(minute, _)| **minute > 0).max_by_key(|(_, count)| **count)?;
        let beside = [60, 1380, 30, 1410].map(|far| (top + far) % 1440);
        let other = beside.into_iter().filter_map(|minute| Some((*minutes.get(&minute)?, minute))).max();
        let (more, other) = other.unwrap_or((0, *top));
        let most_are = 2 * (most + more) > self.weight(|_| true);
        // A late hour in universal time is asked about even where few have it: a day may hang on it.
        let late = *top >= UNWRITTEN && self.weight(|clock| clock.zone == Zone::Utc && minute(clock) == *top) > 0;
        (most_are || late).then_some([*top.min(&other), *top.max(&other)])
    }
}

/// The minute of the day, the next where seconds are over: 22:59:59 is the end of what 23:00 begins.
fn minute(clock: &Clock) -> u32 {
    clock.seconds.div_ceil(60) % 1440
}

/// The pattern of each column. An end that is written as such ends a day only if its beginning is no moment before midnight; a
/// beginning and its end that lie in two zones are times of day.
pub(super) fn patterns(columns: &[Times<'_>]) -> Vec<Pattern> {
    let own: Vec<Pattern> = columns.iter().map(Times::own).collect();
    let partner = |at: usize| {
        let of = |name: &str| columns.iter().position(|other| other.name == name);
        let ends = columns.iter().position(|other| begins(other.name) == Some(columns[at].name));
        begins(columns[at].name).and_then(of).or(ends).map(|other| own[other])
    };
    (0..columns.len())
        .map(|at| match (own[at], partner(at)) {
            (Pattern::EndOfDay, Some(Pattern::Near)) => Pattern::Near,
            (Pattern::Zone(mine), Some(Pattern::Zone(other))) if !of_one_zone(mine, other) => Pattern::Spread,
            (Pattern::Zone(_), Some(Pattern::Spread)) => Pattern::Spread,
            (pattern, _) => pattern,
        })
        .collect()
}

fn of_one_zone(a: [u32; 2], b: [u32; 2]) -> bool {
    let all = [a[0], a[1], b[0], b[1]];
    let far = |a: u32, b: u32| a.abs_diff(b).min(1440 - a.abs_diff(b));
    all.iter().all(|one| all.iter().all(|other| far(*one, *other) <= 60))
}

impl Pattern {
    /// Whether somebody must say which day is meant.
    pub(super) fn asks(self) -> bool {
        match self {
            Self::Near => true,
            Self::Zone(minutes) => minutes.iter().any(|minute| *minute >= EAST),
            _ => false,
        }
    }

    /// Whether a time is midnight of the zone.
    pub(super) fn is_midnight(self, clock: &Clock) -> bool {
        matches!(self, Self::Zone(minutes) if clock.seconds.is_multiple_of(60) && minutes.contains(&minute(clock)))
    }

    /// What becomes of the day beside a time, as the policy says.
    pub(super) fn shift(self, clock: &Clock, says: Midnight) -> Shift {
        match (says, self) {
            (Midnight::Nearest, Self::Near | Self::Spread) if clock.seconds >= DAY - NEAR => Shift::Next,
            (Midnight::Next, Self::Zone(_)) if clock.seconds == 0 => Shift::Stays,
            (Midnight::Next, Self::Zone(minutes)) => match minute(clock) {
                minute if !minutes.contains(&minute) => Shift::Odd,
                minute if minute >= EAST && clock.seconds.is_multiple_of(60) => Shift::Next,
                _ => Shift::Stays,
            },
            (Midnight::Next, Self::Spread | Self::Near) if clock.seconds > 0 => Shift::Odd,
            _ => Shift::Stays,
        }
    }

    /// How it is told.
    pub(super) fn tell(self, says: Option<Midnight>) -> &'static str {
        match (self, says) {
            (Self::EndOfDay, _) => ", each to the end of its day",
            (Self::Near, Some(Midnight::Nearest)) => ", a moment before midnight of the next day, as policy.toml says",
            (Self::Zone(_), Some(Midnight::Next)) if self.asks() => {
                " with midnight written in universal time: the next day's, as policy.toml says"
            }
            (Self::Zone(_), _) if !self.asks() => " with midnight written in universal time, of the same day",
            _ => " with a time of day, which is dropped",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::clock::alone;
    use super::*;

    fn of(columns: &[(&'static str, &[&str])]) -> Vec<Pattern> {
        let clocks: Vec<Vec<Clock>> =
            columns.iter().map(|(_, texts)| texts.iter().map(|text| alone(text).unwrap()).collect()).collect();
        let times = columns.iter().zip(&clocks);
        let times: Vec<Times<'_>> = times
            .map(|((name, _), clocks)| Times { name, clocks: clocks.iter().map(|clock| (clock, 1)).collect() })
            .collect();
        patterns(&times)
    }

    #[test]
    fn times_are_looked_at_as_a_whole() {
        use Pattern::{EndOfDay, Near, None, Spread, Zone};
        for (times, pattern) in [
            (&["00:00", "00:00:00"][..], None),
            (&["23:59:16", "23:59:16"], Near),
            (&["23:59:59", "00:00:00"], Near),
            (&["23:00Z", "22:00Z"], Zone([1320, 1380])),
            (&["04:00Z", "05:00Z"], Zone([240, 300])),
            (&["14:00:00Z"], Zone([840, 840])),
            (&["18:15Z", "18:15Z"], Zone([1095, 1095])),
            (&["23:00Z", "00:00Z"], Zone([0, 1380])),
            (&["23:00:00", "22:00:00"], Zone([1320, 1380])),
            (&["09:00", "17:30", "12:00"], Spread),
            (&["09:10Z", "17:31Z"], Spread),
            (&["08:00", "08:00"], Spread),
            (&["23:00Z", "23:00Z", "23:00Z", "14:37Z"], Zone([1380, 1380])),
        ] {
            assert_eq!(of(&[("from", times)]), [pattern], "{times:?}");
        }
        assert_eq!(of(&[("from", &["00:00"]), ("to", &["23:59:59"])]), [None, EndOfDay]);
        assert_eq!(of(&[("from", &["23:59:16"]), ("to", &["23:59:59"])]), [Near, Near]);
        assert_eq!(of(&[("from", &["08:00Z"]), ("to", &["17:00Z"])]), [Spread, Spread]);
        assert_eq!(of(&[("from", &["23:00Z"]), ("to", &["22:59:59Z"])]), [Zone([1380, 1380]), Zone([1380, 1380])]);
    }

    #[test]
    fn the_next_day_is_taken_only_where_it_is_meant() {
        let shift = |pattern: Pattern, text: &str, says| pattern.shift(&alone(text).unwrap(), says);
        let madrid = Pattern::Zone([1320, 1380]);
        assert_eq!(shift(madrid, "23:00Z", Midnight::Next), Shift::Next);
        assert_eq!(shift(madrid, "22:59:59Z", Midnight::Next), Shift::Stays);
        assert_eq!(shift(madrid, "23:00Z", Midnight::Written), Shift::Stays);
        assert_eq!(shift(madrid, "14:37Z", Midnight::Next), Shift::Odd);
        assert_eq!(shift(Pattern::Zone([240, 300]), "05:00Z", Midnight::Next), Shift::Stays);
        assert_eq!(shift(Pattern::Near, "23:59:16", Midnight::Nearest), Shift::Next);
        assert_eq!(shift(Pattern::EndOfDay, "23:59:59", Midnight::Nearest), Shift::Stays);
        assert!(!Pattern::Zone([240, 300]).asks() && madrid.asks());
    }
}
