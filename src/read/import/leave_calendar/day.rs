//! A cell over a column of a leave calendar, as far as it says which day the column is: `4`, `Mo 4`, `04.01.`, `4/1`, `2027-01-04`.

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate};

use super::super::super::dates::months::{Months, Named};
use super::super::super::ids::fold;
use super::super::words::pieces;
use super::weekdays::Weekdays;

/// Letters of a cell that may be a day.
const LETTERS: usize = 32;

/// A day as far as a cell gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) day: u32,
    pub(super) month: Option<u32>,
    pub(super) year: Option<i32>,
    /// The word for its day of the week, folded.
    pub(super) weekday: Option<String>,
}

/// What may be read in two ways, and how it is read. A whole line is read in one way, the one that makes days of it that follow each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Whether `4/1` is 4 January.
    pub(super) day_first: bool,
    /// Whether `Mar` is a month and not a Tuesday, where it may be both.
    pub(super) month: bool,
}

/// All ways, the likelier first.
pub(super) const WAYS: [Way; 4] = [
    Way { day_first: true, month: true },
    Way { day_first: false, month: true },
    Way { day_first: true, month: false },
    Way { day_first: false, month: false },
];

/// What the words of dates mean.
pub(super) struct Words {
    pub(super) months: Arc<Months>,
    pub(super) weekdays: &'static Weekdays,
}

/// Reads a cell in one way; none where it is no day.
pub(super) fn day(text: &str, workbook: bool, way: Way, words: &Words) -> Option<Told> {
    // `2ª` is a Monday where Portuguese is spoken, and no day of a month.
    if !text.contains(char::is_numeric) || text.contains('ª') || text.chars().nth(LETTERS).is_some() {
        return None;
    }
    if let Some(date) = whole(text, workbook) {
        return Some(Told { day: date.day(), month: Some(date.month()), year: Some(date.year()), weekday: None });
    }
    let mut told = Told::default();
    let (mut numbers, mut dotted, mut bracket): (Vec<(u32, usize)>, bool, bool) = (Vec::new(), false, false);
    for piece in pieces(&fold(text)) {
        let letter = piece.chars().next()?;
        if letter.is_ascii_digit() {
            numbers.push((piece.parse().ok()?, piece.len()));
        } else if letter.is_alphabetic()
            && !matches!(letter, '年' | '月' | '日' | '号' | '년' | '월' | '일' | 'º' | 'ª')
        {
            word(&piece, way, words, &mut told)?;
        } else if matches!(letter, '月' | '日') && (numbers.is_empty() || bracket) {
            told.weekday = Some(piece);
        } else {
            (dotted, bracket) = (dotted || letter == '.', letter == '(');
            "./-,()年月日号년월일ºª'’".contains(letter).then_some(())?;
        }
    }
    let first = way.day_first || dotted;
    numbered(&numbers, first, &mut told)?;
    ((1..=31).contains(&told.day) && told.month.is_none_or(|month| (1..=12).contains(&month))).then_some(told)
}

/// A date that is whole: as a workbook gives it, with or without a time, or the number of a day.
fn whole(text: &str, workbook: bool) -> Option<NaiveDate> {
    if workbook && text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let days = text.parse().ok().filter(|days| *days >= 20_000)?;
        return NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days));
    }
    let (date, rest) = text.split_at_checked(10)?;
    let date = date.parse().ok()?;
    (rest.is_empty() || rest.starts_with(['T', ' '])).then_some(date)
}

fn word(piece: &str, way: Way, words: &Words, told: &mut Told) -> Option<()> {
    let month = match words.months.exact(piece) {
        Named::Month(month) => Some(month),
        _ => None,
    };
    let weekday = words.weekdays.knows(piece);
    if month.is_some() && told.month.is_none() && (way.month || !weekday) {
        told.month = month;
    } else if weekday && told.weekday.is_none() {
        told.weekday = Some(piece.to_owned());
    } else {
        matches!(piece, "st" | "nd" | "rd" | "th" | "de" | "of" | "г").then_some(())?;
    }
    Some(())
}

/// What the numbers are, in the order in which they stand.
fn numbered(numbers: &[(u32, usize)], day_first: bool, told: &mut Told) -> Option<()> {
    let year = |(number, digits): (u32, usize)| match digits {
        4 => i32::try_from(number).ok().filter(|year| (1900..=2200).contains(year)),
        2 => i32::try_from(number + 2000).ok(),
        _ => None,
    };
    let short = |number: &(u32, usize)| number.1 <= 2;
    match *numbers {
        [day] if short(&day) => told.day = day.0,
        [day, of] if told.month.is_some() => {
            let (day, of) = if short(&day) { (day, of) } else { (of, day) };
            (told.day, told.year) = (day.0, Some(year(of)?));
        }
        [a, b] if short(&a) && short(&b) => {
            let (day, month) = if day_first { (a, b) } else { (b, a) };
            (told.day, told.month) = (day.0, Some(month.0));
        }
        [of, month, day] if of.1 == 4 && short(&month) && short(&day) && told.month.is_none() => {
            (told.day, told.month, told.year) = (day.0, Some(month.0), Some(year(of)?));
        }
        [a, b, of] if short(&a) && short(&b) && told.month.is_none() => {
            let (day, month) = if day_first { (a, b) } else { (b, a) };
            (told.day, told.month, told.year) = (day.0, Some(month.0), Some(year(of)?));
        }
        _ => return None,
    }
    Some(())
}

/// Whether one day may stand right of another: later, and not by more than a week. Days of one line give as much as each other.
pub(super) fn follows(before: &Told, after: &Told) -> bool {
    if before.month.is_some() != after.month.is_some() || before.year.is_some() != after.year.is_some() {
        return false;
    }
    // A leap year, so that no day is missing where the year is not given.
    let date =
        |told: &Told, year: i32| NaiveDate::from_ymd_opt(told.year.unwrap_or(year), told.month.unwrap_or(1), told.day);
    let apart = |year| Some(date(after, year)?.signed_duration_since(date(before, 2024)?).num_days());
    let near = |days: Option<i64>| days.is_some_and(|days| (1..=7).contains(&days));
    near(apart(2024))
        || (before.month == Some(12) && after.month == Some(1) && before.year.is_none() && near(apart(2025)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_in_many_ways() {
        let words = Words { months: Months::of(None, None), weekdays: Weekdays::all() };
        let read = |text: &str, at: usize| {
            day(text, true, WAYS[at], &words).map(|told| (told.year.unwrap_or(0), told.month.unwrap_or(0), told.day))
        };
        for (text, at, day) in [
            ("4", 0, (0, 0, 4)),
            ("04.", 0, (0, 0, 4)),
            ("Mo 4", 0, (0, 0, 4)),
            ("4\nlun.", 0, (0, 0, 4)),
            ("4日", 0, (0, 0, 4)),
            ("4日(月)", 0, (0, 0, 4)),
            ("04.01.", 1, (0, 1, 4)),
            ("4/1", 0, (0, 1, 4)),
            ("1/4", 1, (0, 1, 4)),
            ("1月4日", 1, (0, 1, 4)),
            ("4-Jan", 0, (0, 1, 4)),
            ("Mo 04.01.2027", 0, (2027, 1, 4)),
            ("04.01.27", 0, (2027, 1, 4)),
            ("2027-01-04", 0, (2027, 1, 4)),
            ("2027-01-04 00:00:00", 0, (2027, 1, 4)),
            ("46391", 0, (2027, 1, 4)),
            ("Mar 4", 0, (0, 3, 4)),
            ("Mar 4", 2, (0, 0, 4)),
        ] {
            assert_eq!(read(text, at), Some(day), "{text}");
        }
        for text in ["V", "32", "0", "7.5 hours", "KW 3", "", "Resturlaub 2026", "1.1.1.1", "2ª"] {
            assert_eq!(read(text, 0), None, "{text}");
        }
    }
}
