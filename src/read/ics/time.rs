//! The values of times in a calendar: dates, times of day with what they are counted in, and durations (RFC 5545, 3.3).

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::text::Line;

/// The years that a day of leave may lie in.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;
/// Most days of one event.
const MOST_DAYS: i64 = 40_000;

/// A moment as a file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// A whole day.
    Day(NaiveDate),
    Utc(NaiveDateTime),
    /// What a clock shows, and in which zone, if that is said.
    Local(NaiveDateTime, Option<String>),
}

impl When {
    /// What is written, without regard to a zone. A day is its midnight.
    pub(super) fn written(&self) -> NaiveDateTime {
        match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN),
            Self::Utc(at) | Self::Local(at, _) => *at,
        }
    }
}

/// The moments of a property; several are separated by commas.
pub(super) fn moments<'a>(line: &'a Line) -> impl Iterator<Item = Option<When>> + 'a {
    line.value.split(',').map(str::trim).filter(|text| !text.is_empty()).map(|text| moment(line, text))
}

/// One moment of a property; none where it can't be one.
pub(super) fn moment(line: &Line, text: &str) -> Option<When> {
    let text = text.trim();
    let years = |date: &NaiveDate| YEARS.contains(&chrono::Datelike::year(date));
    if text.len() == 8 {
        return date(text).filter(years).map(When::Day);
    }
    let is_utc = text.ends_with(['Z', 'z']);
    let at = date_time(text.trim_end_matches(['Z', 'z'])).filter(|at| years(&at.date()))?;
    // A time in UTC has no other zone (3.3.5); some writers name one all the same.
    let zone = line.param("TZID").filter(|zone| !zone.is_empty()).map(str::to_owned);
    Some(if is_utc { When::Utc(at) } else { When::Local(at, zone) })
}

/// The end of an event: in the year 9999 too, which programs write where there is no end.
pub(super) fn end(line: &Line) -> Option<When> {
    let text = line.value.trim();
    let endless = || Some(When::Day(date(text.get(..8).filter(|day| day.starts_with("9999"))?)?));
    moment(line, text).or_else(endless)
}

/// `20270104`.
fn date(text: &str) -> Option<NaiveDate> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    let year = if digits { i32::try_from(number(0..4)?).ok()? } else { return None };
    NaiveDate::from_ymd_opt(year, number(4..6)?, number(6..8)?)
}

/// `20270104T080000`; the seconds may be left out.
pub(super) fn date_time(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.trim().split_once(['T', 't'])?;
    if !matches!(time.len(), 4 | 6) || !time.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| time.get(range).map_or(Some(0), |digits| digits.parse::<u32>().ok());
    // A leap second is the last second of its minute.
    let seconds = number(4..6)?.min(if time.get(4..6) == Some("60") { 59 } else { 60 });
    date(day)?.and_hms_opt(number(0..2)?, number(2..4)?, seconds)
}

/// `P1W`, `P5D`, `PT8H30M`; none where it is no duration, or less than nothing.
pub(super) fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.trim().to_ascii_uppercase();
    let body = text.strip_prefix('+').unwrap_or(&text).strip_prefix('P')?;
    let (mut seconds, mut digits, mut any, mut within_day) = (0i64, String::new(), false, false);
    for letter in body.chars() {
        let unit = match letter {
            '0'..='9' => {
                digits.push(letter);
                continue;
            }
            'T' if digits.is_empty() && !within_day => {
                within_day = true;
                continue;
            }
            'W' if !within_day => 7 * 86_400,
            'D' if !within_day => 86_400,
            'H' if within_day => 3_600,
            'M' if within_day => 60,
            'S' if within_day => 1,
            _ => return None,
        };
        let number: i64 = std::mem::take(&mut digits).parse().ok()?;
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
        any = true;
    }
    let bounded = any && digits.is_empty() && seconds <= MOST_DAYS * 86_400;
    bounded.then_some(seconds).map(TimeDelta::seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let days = |text: &str| duration(text).map(|delta| delta.num_minutes());
        assert_eq!(days("P1W"), Some(7 * 1440));
        assert_eq!(days("P5D"), Some(5 * 1440));
        assert_eq!(days("+P1DT2H30M"), Some(1440 + 150));
        assert_eq!(days("PT0S"), Some(0));
        for text in ["P", "PT", "-P1D", "P1", "1D", "P1H", "PT1D", "P9999999999999999999D", "P99999999D", "P1DTT1H"] {
            assert_eq!(days(text), None, "{text}");
        }
    }

    #[test]
    fn days_that_are_none() {
        for text in [
            "20270230T000000",
            "20270104T250000",
            "20270104T0",
            "2027-01-04T08:00:00",
            "20270104T080000+0100",
            "2027010\u{661}T080000",
        ] {
            assert_eq!(date_time(text), None, "{text}");
        }
        assert_eq!(date_time("20270104T235960"), date_time("20270104T235959"));
    }
}
