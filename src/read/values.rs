//! What the cell of a workbook shows: numbers as a person would write them, and dates that are numbers.
//!
//! A date is a number whose style has a date format. It is rounded to the nearest second, as LibreOffice and Gnumeric do,
//! before it is cut into its day and its time: some programs write midnight as a moment before it. A time of day that is not
//! midnight stays (`2027-01-03 23:59:16`), so that whoever reads dates can say what becomes of it.

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A number as a person would write it: ids that a spreadsheet took for numbers have no fraction.
pub(super) fn number(value: String) -> String {
    let text = value.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    text.parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .map_or_else(|| text.to_owned(), |number| number.to_string())
}

/// The day, and the time if it is not midnight, that a number counts to. Small numbers are times of day, or days before the
/// calendar of 1900 was mended; they stay as they are.
pub(super) fn serial(value: String, from_1904: bool) -> String {
    let start = if from_1904 { (1904, 1, 1) } else { (1899, 12, 30) };
    let start = NaiveDate::from_ymd_opt(start.0, start.1, start.2).map(|day| day.and_time(NaiveTime::MIN));
    let number = value.trim().parse::<f64>().ok().filter(|number| (100.0..3_000_000.0).contains(number));
    // Below 3,000,000 days the seconds are far from the end of an i64.
    let seconds = number.map(|number| (number * DAY as f64).round() as i64);
    let moment = seconds.and_then(|seconds| start?.checked_add_signed(Duration::seconds(seconds)));
    moment.map_or(value, show)
}

/// A date of ISO 8601, with its time if that is not midnight. What is more than that stays as it is.
pub(super) fn iso(text: &str) -> String {
    let cut = text.trim().split_once('T').and_then(|(day, time)| {
        let clock = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(time, form).ok());
        Some(NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?.and_time(clock?))
    });
    let rounded = |moment: NaiveDateTime| {
        let late = moment.nanosecond() >= 500_000_000;
        moment.with_nanosecond(0)?.checked_add_signed(Duration::seconds(i64::from(late)))
    };
    cut.and_then(rounded).map_or_else(|| text.trim().to_owned(), show)
}

fn show(moment: NaiveDateTime) -> String {
    match moment.time() {
        NaiveTime::MIN => moment.date().to_string(),
        time => format!("{} {}", moment.date(), time.format("%H:%M:%S")),
    }
}

/// Whether a number format that every program knows by its number shows a date.
pub(super) fn is_date_number(format: u64) -> bool {
    matches!(format, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a number format shows a date: it has a letter of day, month or year outside of quotes and brackets.
pub(super) fn is_date_format(format: &str) -> bool {
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    for letter in format.chars() {
        match letter {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' => return true,
            _ => {}
        }
    }
    false
}

/// The letters of a column, from 0: `A`, `AB`.
pub(super) fn letters(column: u64) -> String {
    let (mut left, mut letters) = (column.saturating_add(1), Vec::new());
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).expect("less than 26");
        letters.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_format_has_a_day_a_month_or_a_year() {
        assert!(is_date_format("dd/mm/yyyy"));
        assert!(is_date_format("[$-409]d. mmm yyyy"));
        assert!(!is_date_format("#,##0.00 \"days\""));
        assert!(!is_date_format("[Red]0"));
        assert!(!is_date_format("General"));
    }

    #[test]
    fn an_id_that_became_a_number_has_no_fraction() {
        assert_eq!(number("4.092017542E9".to_owned()), "4092017542");
        assert_eq!(number("007".to_owned()), "007");
        assert_eq!(number("1.5".to_owned()), "1.5");
    }

    #[test]
    fn a_moment_before_midnight_is_midnight() {
        let show = |value: &str| serial(value.to_owned(), false);
        assert_eq!(show("46391"), "2027-01-04");
        assert_eq!(show("46390.999999"), "2027-01-04");
        assert_eq!(show("46390.99949"), "2027-01-03 23:59:16");
        assert_eq!(show("0.5"), "0.5");
        assert_eq!(show("1e300"), "1e300");
        assert_eq!(serial("44929".to_owned(), true), "2027-01-04");
    }

    #[test]
    fn midnight_of_an_iso_date_is_its_day() {
        assert_eq!(iso("2027-01-04T00:00:00.000"), "2027-01-04");
        assert_eq!(iso("2027-01-03T23:59:59.900"), "2027-01-04");
        assert_eq!(iso("2027-01-04T08:30"), "2027-01-04 08:30:00");
        assert_eq!(iso("2027-01-04"), "2027-01-04");
        assert_eq!(iso("2027-01-03T23:00:00Z"), "2027-01-03T23:00:00Z");
    }

    #[test]
    fn columns_are_named_by_letters() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
