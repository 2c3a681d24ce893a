//! Times on the command line: seconds since 1970 in UTC, as RFC 3339 spells them.

use chrono::{DateTime, SecondsFormat};

/// The time that a text such as `2027-01-03T18:00:00Z` spells.
pub(super) fn seconds(text: &str) -> Result<i64, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.timestamp())
        .map_err(|_| "write it like 2027-01-03T18:00:00Z, with its zone".to_owned())
}

/// A time as people read it.
pub(super) fn rfc3339(seconds: i64) -> String {
    let time = DateTime::from_timestamp(seconds, 0);
    time.map_or_else(|| format!("second {seconds}"), |time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}
