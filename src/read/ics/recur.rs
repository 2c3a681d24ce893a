//! The times of an event that recurs. `rrule` counts them, in the time that the event is written in, so that no change of the clocks
//! moves a day; what is bounded and what an end means is settled here.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};

use super::text::Line;
use super::time::{self, When};

/// Most times that one rule with an end may give before it is taken for one without.
const MOST_TIMES: u64 = 2_000;

/// A rule that can be counted.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    text: String,
    /// The last time, in the event's own.
    until: Option<NaiveDateTime>,
    count: Option<u64>,
    /// How many times it may give on one day.
    a_day: i64,
}

impl Rule {
    /// Reads a rule. `own` gives its end in the event's own time.
    ///
    /// # Errors
    /// Why it can't be read.
    pub(super) fn of(text: &str, own: impl FnOnce(When) -> Option<NaiveDateTime>) -> Result<Self, String> {
        let (mut parts, mut rule) = (Vec::new(), Self { text: String::new(), until: None, count: None, a_day: 1 });
        let mut own = Some(own);
        for part in text.trim().split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').ok_or_else(|| format!("`{}` has no value", super::shown(part)))?;
            let (key, value) = (key.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase());
            match key.as_str() {
                "UNTIL" => {
                    let line = Line::default();
                    let until = time::moment(&line, &value).or_else(|| far(&value));
                    let until = until.zip(own.take()).and_then(|(until, own)| own(until));
                    rule.until = Some(until.ok_or_else(|| format!("UNTIL={} is no date", super::shown(&value)))?);
                }
                "FREQ" if matches!(value.as_str(), "HOURLY" | "MINUTELY" | "SECONDLY") => {
                    return Err(format!("it recurs within a day ({value})"));
                }
                "COUNT" | "INTERVAL" => {
                    let number = value.parse::<u64>().ok().filter(|number| *number > 0);
                    let number =
                        number.ok_or_else(|| format!("{key}={} is no number of times", super::shown(&value)))?;
                    if key == "COUNT" {
                        rule.count = Some(number);
                        parts.push(format!("COUNT={}", number.min(u64::from(u32::MAX))));
                    } else {
                        // No rule that recurs more seldom comes again before the calendar of anybody ends.
                        parts.push(format!("INTERVAL={}", number.min(u64::from(u16::MAX))));
                    }
                }
                _ => {
                    if matches!(key.as_str(), "BYHOUR" | "BYMINUTE" | "BYSECOND") {
                        rule.a_day = rule.a_day.saturating_mul(value.split(',').count() as i64);
                    }
                    parts.push(format!("{key}={value}"));
                }
            }
        }
        rule.text = parts.join(";");
        rule.text.parse::<rrule::RRule<rrule::Unvalidated>>().map_err(|error| told(&error))?;
        Ok(rule)
    }

    /// Whether it goes on beyond `day`, or gives so many times that it is not written out whole.
    pub(super) fn is_endless(&self, start: NaiveDate, day: NaiveDate) -> bool {
        match (self.until, self.count) {
            (Some(until), _) => until.date() > day && (until.date() - start).num_days() > MOST_TIMES.cast_signed(),
            (None, Some(count)) => count > MOST_TIMES,
            (None, None) => true,
        }
    }

    /// Whether it gives several times on one day.
    pub(super) fn is_within_a_day(&self) -> bool {
        self.a_day > 1
    }

    /// How many days, or times of a day, are looked at to find its times until `last`.
    pub(super) fn cost(&self, start: NaiveDate, last: NaiveDate) -> i64 {
        let last = self.until.map_or(last, |until| until.date().min(last));
        ((last - start).num_days().max(0) + 1_000).saturating_mul(self.a_day)
    }
}

/// An end of the world that some writers give instead of none: `99991231`.
fn far(text: &str) -> Option<When> {
    let year: i32 = text.get(..4)?.parse().ok()?;
    (year > 2200).then_some(When::Day(NaiveDate::from_ymd_opt(2200, 12, 31)?))
}

/// The times of a rule that begin from `first` to `last`, both included, in the event's own time.
///
/// # Errors
/// Why the rule can't be read.
pub(super) fn times(
    rule: &Rule,
    start: NaiveDateTime,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<NaiveDateTime>, String> {
    let at = |naive: NaiveDateTime| -> DateTime<rrule::Tz> { rrule::Tz::UTC.from_utc_datetime(&naive) };
    let last = last.and_hms_opt(23, 59, 59).unwrap_or(start);
    let last = rule.until.map_or(last, |until| until.min(last));
    if last < start {
        return Ok(Vec::new());
    }
    let parsed: rrule::RRule<rrule::Unvalidated> =
        rule.text.parse().map_err(|error: rrule::RRuleError| told(&error))?;
    let set = parsed.build(at(start)).map_err(|error| told(&error))?;
    let found = set.before(at(last)).after(at(first.and_time(NaiveTime::MIN))).all(u16::MAX);
    if found.limited {
        return Err("it gives too many times".to_owned());
    }
    let naive = found.dates.into_iter().map(|date| date.naive_utc());
    Ok(naive.filter(|date| *date <= last && (1600..=2300).contains(&date.year())).collect())
}

/// Why a rule is refused, without the full stop.
fn told(error: &rrule::RRuleError) -> String {
    super::shown(error.to_string().trim_end_matches('.'))
}

/// Whether a rule never gives a time.
pub(super) fn is_empty(rule: &Rule, start: NaiveDateTime) -> bool {
    let parsed = rule.text.parse::<rrule::RRule<rrule::Unvalidated>>();
    let set = parsed.and_then(|parsed| parsed.build(rrule::Tz::UTC.from_utc_datetime(&start)));
    set.is_ok_and(|set| set.all(1).dates.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(rule: &str) -> String {
        let (first, last) =
            (NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(), NaiveDate::from_ymd_opt(2027, 1, 31).unwrap());
        let start = NaiveDate::from_ymd_opt(2027, 1, 4).unwrap().and_hms_opt(8, 0, 0).unwrap();
        let rule = match Rule::of(rule, |until| Some(until.written())) {
            Ok(rule) => rule,
            Err(why) => return why,
        };
        let found = times(&rule, start, first, last).unwrap_or_default();
        found.iter().map(|time| time.format("%m-%d").to_string()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn times_of_rules() {
        assert_eq!(days("FREQ=WEEKLY;COUNT=3"), "01-04 01-11 01-18");
        assert_eq!(days("freq=weekly;wkst=mo;byday=mo,we;until=20270112T000000Z"), "01-04 01-06 01-11");
        assert_eq!(days("FREQ=DAILY;INTERVAL=10"), "01-04 01-14 01-24");
        assert_eq!(days("FREQ=MONTHLY;BYDAY=-1FR"), "01-29");
        assert_eq!(days("FREQ=DAILY;BYDAY=MO;UNTIL=99991231"), "01-04 01-11 01-18 01-25");
        assert_eq!(days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "");
        assert_eq!(days("FREQ=DAILY;INTERVAL=999999999"), "01-04");
    }

    #[test]
    fn rules_that_can_not_be_read() {
        for rule in [
            "FREQ=HOURLY",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;UNTIL=soon",
            "FREQ",
            "COUNT=3",
            "FREQ=NEVER",
            "FREQ=DAILY;RSCALE=CHINESE",
        ] {
            let read = Rule::of(rule, |until| Some(until.written()));
            assert!(read.is_err(), "{rule}: {read:?}");
        }
    }
}
