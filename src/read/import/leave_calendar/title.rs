//! Which month and year a title names: `Januar 2027`, `enero de 2027`, `2027年1月`, `01/2027`, `Jan-27`, `Vacaciones 2027`.

use std::collections::BTreeSet;

use super::super::super::dates::months::{Months, Named};
use super::super::super::ids::fold;
use super::super::words::pieces;

/// Letters of a title that is looked at.
const LETTERS: usize = 100;

/// What a text says of a month and a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Title {
    pub(super) months: BTreeSet<u32>,
    pub(super) years: BTreeSet<i32>,
    /// Whether the years are those of one year of accounts (`2026/27`), which begins in some month of the first.
    pub(super) of_accounts: bool,
    /// Whether the text says nothing else, so that it can only be a title.
    pub(super) sure: bool,
    /// A word that is one month here and another there.
    pub(super) several: Option<String>,
}

impl Title {
    /// Takes the years of a year of accounts.
    fn of(&mut self, years: std::ops::RangeInclusive<i32>) {
        self.of_accounts = true;
        self.years.extend(years);
    }

    /// The month, if it is one.
    pub(super) fn month(&self) -> Option<u32> {
        self.months.first().copied().filter(|_| self.months.len() == 1)
    }

    /// The year, if it is one.
    pub(super) fn year(&self) -> Option<i32> {
        self.years.first().copied().filter(|_| self.years.len() == 1)
    }
}

/// Whether a number is the year after `year`, in full or with two digits.
fn is_next(year: i32, (number, digits): (u32, usize)) -> bool {
    let next = u32::try_from(year + 1).unwrap_or_default();
    (digits == 4 && number == next) || (digits == 2 && number == next % 100)
}

/// The year that a fiscal year is named for: `FY27`, `FY2027`.
fn fiscal(piece: &str, next: Option<&String>) -> Option<i32> {
    let year: i32 = next.filter(|_| matches!(piece, "fy" | "fiscal"))?.parse().ok()?;
    match next?.len() {
        2 => Some(2000 + year),
        4 => Some(year).filter(|year| (1900..=2199).contains(year)),
        _ => None,
    }
}

/// Reads a title; nothing is in it where the text names neither month nor year.
pub(super) fn title(text: &str, months: &Months) -> Title {
    let mut title = Title { sure: true, ..Title::default() };
    let pieces = pieces(&fold(&text.chars().take(LETTERS).collect::<String>()));
    let number = |at: usize| {
        let piece: &String = pieces.get(at)?;
        piece.parse::<u32>().ok().map(|number| (number, piece.len()))
    };
    let year_at = |at: usize| {
        number(at)
            .filter(|(year, digits)| *digits == 4 && (1900..=2200).contains(year))
            .and_then(|(year, _)| i32::try_from(year).ok())
    };
    let mark = |at: usize| pieces.get(at).is_some_and(|piece| matches!(piece.as_str(), "/" | "." | "-"));
    let is = |at: usize, letters: &str| pieces.get(at).is_some_and(|piece| letters.contains(piece.as_str()));
    let small = |at: usize| {
        number(at).filter(|(month, digits)| *digits <= 2 && (1..=12).contains(month)).map(|(month, _)| month)
    };
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        if let Some(second) = year_at(at)
            .filter(|_| is(at + 1, "/-–—") || is(at + 1, "‐‑−"))
            .and_then(|year| number(at + 2).filter(|second| is_next(year, *second)).map(|_| year + 1))
        {
            title.of(second - 1..=second);
            at += 2;
        } else if let Some(year) = year_at(at).filter(|_| is(at + 1, "年") && is(at + 2, "度")) {
            title.of(year..=year + 1);
            at += 2;
        } else if let Some(year) = year_at(at) {
            title.years.insert(year);
            // 2027-01, and not 2027-01-15.
            let month = small(at + 2).filter(|_| mark(at + 1));
            if let Some(month) = month {
                match (mark(at + 3), number(at + 4)) {
                    (true, Some((1, _))) => at += 2,
                    (true, Some(_)) => return Title::default(),
                    _ => {}
                }
                title.months.insert(month);
                at += 2;
            }
        } else if let Some(month) = small(at).filter(|_| is(at + 1, "月월")) {
            title.months.insert(month);
            at += 1;
        } else if let (Some(month), true, Some(year)) = (small(at), mark(at + 1), year_at(at + 2)) {
            title.months.insert(month);
            title.years.insert(year);
            at += 2;
        } else if number(at).is_some() {
            // A day, or the number of anything: what follows it is no month of a title.
            title.sure = false;
            if mark(at + 1) && number(at + 2).is_some() {
                return Title::default();
            }
        } else if piece.chars().all(char::is_alphabetic) || piece.chars().count() > 1 {
            at += word(&pieces, at, months, &mut title);
        }
        at += 1;
    }
    title
}

/// Takes a word; how many pieces after it belong to it.
fn word(pieces: &[String], at: usize, months: &Months, title: &mut Title) -> usize {
    const IDLE: &str = "fy de del of the г год года році წ წელი წლის 年 年度 년 rok roku yılı";
    let piece = pieces[at].as_str();
    let pair = pieces.get(at + 2).is_some_and(|mark| "/-–—".contains(mark.as_str()));
    if let Some(year) = fiscal(piece, pieces.get(at + 1)).filter(|_| !pair) {
        // It may be named for the year in which it begins, or for the one in which it ends.
        title.of(year - 1..=year + 1);
        return 1;
    }
    match months.find(piece) {
        Named::Month(month) | Named::Almost(month, _) if piece.chars().count() > 1 || !piece.is_ascii() => {
            title.months.insert(month);
            // `Jan-27`: two digits and nothing else.
            let rest: Vec<&str> = pieces[at + 1..]
                .iter()
                .map(String::as_str)
                .filter(|rest| !matches!(*rest, "-" | "." | "'" | "’" | "/"))
                .collect();
            if let ([year], 0) = (rest.as_slice(), at)
                && year.len() == 2
                && let Ok(year) = year.parse::<i32>()
            {
                title.years.insert(2000 + year);
                return pieces.len();
            }
        }
        Named::Several(found) => {
            let said = found.join(" or ");
            title.several = Some(format!("`{piece}` is month {said}"));
        }
        _ if IDLE.split(' ').any(|idle| idle == piece) => {}
        _ => title.sure = false,
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_name_a_month_and_a_year() {
        let months = Months::of(None, None);
        for (text, month, year) in [
            ("Januar 2027", 1, 2027),
            ("enero de 2027", 1, 2027),
            ("2027年1月", 1, 2027),
            ("01/2027", 1, 2027),
            ("2027-01", 1, 2027),
            ("2027-01-01", 1, 2027),
            ("Jan-27", 1, 2027),
            ("Jan 2027", 1, 2027),
            ("იანვარი 2027 წ.", 1, 2027),
            ("Январь 2027 г.", 1, 2027),
            ("PLAN DE VACACIONES ENERO 2027", 1, 2027),
            ("styczeń", 1, 0),
            ("1月", 1, 0),
            ("Urlaubsplan 2027", 0, 2027),
            ("Januar - März 2027", 0, 2027),
            ("Stand: 15.12.2026", 0, 0),
            ("V", 0, 0),
        ] {
            let title = title(text, &months);
            assert_eq!((title.month().unwrap_or(0), title.year().unwrap_or(0)), (month, year), "{text}");
        }
        for (text, years) in [
            ("2026/27", [2026, 2027].as_slice()),
            ("Urlaubsplan 2026-27", &[2026, 2027]),
            ("Leave 2026/2027", &[2026, 2027]),
            ("2026–27", &[2026, 2027]),
            ("2026年度", &[2026, 2027]),
            ("FY 2026/27", &[2026, 2027]),
            ("FY27", &[2026, 2027, 2028]),
            ("2026-2028", &[2026, 2028]),
        ] {
            let title = title(text, &months);
            assert_eq!(title.years.iter().copied().collect::<Vec<_>>(), years, "{text}");
            assert_eq!(title.of_accounts, !text.ends_with("2028"), "{text}");
        }
        assert!(title("Januar 2027", &months).sure && !title("Plan Januar 2027", &months).sure);
    }
}
