//! A text cut into the numbers of a date: `2027-01-04`, `4.1.2027 10:00`, `04-Jan-2027`, `4 de enero de 2027`, `令和9年1月4日`.

use std::cell::OnceCell;
use std::sync::Arc;

use super::calendar::{self, Calendar, Era};
use super::clock::{self, Clock};
use super::months::{Months, Named};
use super::plain::plain;

/// The order in which day, month and year stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    YearFirst,
    /// Day and month in an order that others must prove; the year last.
    YearLast,
    /// The month is a word, so that the order says nothing.
    Named,
    /// The number of a day in a workbook.
    Serial,
}

/// What a text looks like. Two cells of one column must look alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Form {
    pub(super) order: Order,
    pub(super) separator: Option<char>,
    pub(super) time: &'static str,
}

/// A text cut into its numbers.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) form: Form,
    /// As they are written; where the month is a word, year, month and day.
    pub(super) numbers: [u32; 3],
    /// How many digits the year has.
    pub(super) digits: usize,
    pub(super) era: Option<Era>,
    pub(super) clock: Option<Clock>,
    /// Words that are days of the week without doubt.
    pub(super) weekdays: Vec<String>,
}

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Not {
    /// Nothing of it looks like one.
    Date,
    /// Its year has two digits.
    Century,
    /// It is the number of a day, and the file no workbook.
    Serial,
    /// Its month is another one in another language.
    Month(String, Vec<String>),
}

/// How texts are cut.
pub(super) struct Cutter {
    pub(super) workbook: bool,
    pub(super) calendar: Option<Calendar>,
    pub(super) language: Option<String>,
    /// Made when the first word is met.
    months: OnceCell<Arc<Months>>,
}

/// Words in a date that mean nothing.
const IDLE: &str = "de del d of the st nd rd th er le el den der г года год року р พ.ศ พ.ศ. ค.ศ ค.ศ. ah ad ce هـ ه م";

impl Parts {
    /// The year, and the other two as they are written.
    pub(super) fn year(&self) -> (u32, u32, u32) {
        let [a, b, c] = self.numbers;
        if self.form.order == Order::YearLast { (c, a, b) } else { (a, b, c) }
    }
}

impl Cutter {
    pub(super) fn new(workbook: bool, calendar: Option<Calendar>, language: Option<String>) -> Self {
        Self { workbook, calendar, language, months: OnceCell::new() }
    }

    /// Cuts a text into the numbers of a date and the form that it is in.
    pub(super) fn cut(&self, text: &str) -> Result<Parts, Not> {
        let text = plain(text);
        if self.workbook
            && let Some(parts) = serial(&text)
        {
            return Ok(parts);
        }
        let (era, text) = calendar::era(&text).map_or((None, text.as_str()), |(era, rest)| (Some(era), rest));
        if let Some(parts) = self.compact(text) {
            return Ok(parts);
        }
        match numbers(text) {
            Some(found) => self.numeric(found, era),
            None if text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()) => Err(Not::Serial),
            None => self.worded(text),
        }
    }

    /// `20270104`, and `1160104` where the calendar has years of three digits.
    fn compact(&self, text: &str) -> Option<Parts> {
        let years = match text.len() {
            8 => 4,
            7 if self.calendar == Some(Calendar::Roc) => 3,
            _ => return None,
        };
        let all = text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)?;
        let number = |from: usize, to: usize| all.get(from..to)?.parse().ok();
        let numbers = [number(0, years)?, number(years, years + 2)?, number(years + 2, years + 4)?];
        let form = Form { order: Order::YearFirst, separator: None, time: "" };
        Some(Parts { form, numbers, digits: years, era: None, clock: None, weekdays: Vec::new() })
    }

    fn numeric(&self, found: Found<'_>, era: Option<Era>) -> Result<Parts, Not> {
        let [a, b, c] = found.numbers;
        let roc = self.calendar == Some(Calendar::Roc);
        let clock = clock::after(found.rest).ok_or(Not::Date)?;
        let (order, digits) = match (a.len(), b.len(), c.len()) {
            (1..=3, 1..=2, 1..=2) if era.is_some() => (Order::YearFirst, a.len()),
            // A year before 2011: of two digits, and more than any day has.
            (2, 1..=2, 1..=2) if roc && a > "59" => (Order::YearFirst, 2),
            (4, 1..=2, 1..=2) => (Order::YearFirst, 4),
            (1..=2, 1..=2, 4) => (Order::YearLast, 4),
            // Years of three digits are none of ours; which they are is asked.
            (3, 1..=2, 1..=2) => (Order::YearFirst, 3),
            (1..=2, 1..=2, 3) => (Order::YearLast, 3),
            (1..=2, 1..=2, 1..=2) => return Err(Not::Century),
            _ => return Err(Not::Date),
        };
        let number = |text: &str| if text == "元" { Ok(1) } else { text.parse().map_err(|_| Not::Date) };
        let numbers = [number(a)?, number(b)?, number(c)?];
        let form = Form { order, separator: Some(found.separator), time: clock.map_or("", |clock| clock.kind()) };
        Ok(Parts { form, numbers, digits, era, clock, weekdays: Vec::new() })
    }

    pub(super) fn months(&self) -> &Months {
        self.months.get_or_init(|| Months::of(self.language.as_deref(), self.calendar))
    }

    /// A date whose month is a word: two numbers beside it, of which one is a year.
    fn worded(&self, text: &str) -> Result<Parts, Not> {
        if !text.contains(char::is_alphabetic) || text.len() > 80 {
            return Err(Not::Date);
        }
        let (date, clock) = timed(text).ok_or(Not::Date)?;
        let (mut numbers, mut month): (Vec<&str>, Option<u32>) = (Vec::new(), None);
        let mut weekdays = Vec::new();
        for piece in runs(date) {
            if piece.starts_with(|letter: char| letter.is_ascii_digit()) {
                numbers.push(piece);
            } else if let Some(found) = self.month(piece, &mut weekdays)?
                && month.replace(found).is_some()
            {
                return Err(Not::Date);
            }
        }
        // A weekday and three numbers are a date that the numbers give.
        if let (None, [a, b, c]) = (month, numbers.as_slice()) {
            let bare: String = date.chars().skip_while(|letter| !letter.is_ascii_digit()).collect();
            let found = self::numbers(&bare).filter(|found| found.numbers == [*a, *b, *c] && found.rest.is_empty());
            let mut parts = self.numeric(found.ok_or(Not::Date)?, None)?;
            (parts.form.time, parts.clock) = (clock.map_or("", |clock| clock.kind()), clock);
            parts.weekdays = weekdays;
            return Ok(parts);
        }
        let (Some(month), [first, last]) = (month, numbers.as_slice()) else { return Err(Not::Date) };
        let (year, day) = match (first.len(), last.len()) {
            (4, 1..=2) => (first, last),
            (1..=2, 4) => (last, first),
            (1..=2, 1..=2) => return Err(Not::Century),
            _ => return Err(Not::Date),
        };
        let number = |text: &str| text.parse().map_err(|_| Not::Date);
        let form = Form { order: Order::Named, separator: None, time: clock.map_or("", |clock| clock.kind()) };
        Ok(Parts { form, numbers: [number(year)?, month, number(day)?], digits: 4, era: None, clock, weekdays })
    }

    /// The month in a piece between numbers; none where all of it means nothing. Days of the week go to `weekdays`.
    fn month(&self, piece: &str, weekdays: &mut Vec<String>) -> Result<Option<u32>, Not> {
        let marks = [' ', '-', '/', ',', '.', '(', ')', 'º', 'ª', '\''];
        let whole = piece.trim_matches(marks);
        let months = self.months();
        let is_idle = |word: &str| IDLE.split(' ').any(|idle| idle == word.to_lowercase());
        if whole.is_empty() {
            return Ok(None);
        }
        if let Named::Month(month) = months.exact(whole) {
            return Ok(Some(month));
        }
        let mut found = None;
        for word in whole.split([' ', '-', '/', ',']).map(|word| word.trim_matches(marks)) {
            if word.is_empty() || is_idle(word) {
                continue;
            }
            match months.exact(word) {
                Named::Month(month) if found.is_none() => found = Some(month),
                Named::Several(which) => return Err(Not::Month(word.to_owned(), which)),
                // Two letters are many a word; before a date, they are a day.
                Named::No if months.is_weekday(word) => {
                    if word.chars().count() > 2 || !word.is_ascii() || piece.starts_with(word) {
                        weekdays.push(word.to_owned());
                    }
                }
                _ => return Err(Not::Date),
            }
        }
        Ok(found)
    }

    /// The text with the names of months as `strftime` knows them, for a format that the policy states.
    pub(super) fn in_english(&self, text: &str) -> String {
        const SHORT: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let text = plain(text);
        if !text.contains(char::is_alphabetic) {
            return text;
        }
        let name = |piece: &str| {
            let word = piece.trim_matches([' ', '-', '/', '.', ',']);
            match (word.contains(char::is_alphabetic), self.months().exact(word)) {
                (true, Named::Month(month)) => {
                    let english = SHORT[(month as usize).clamp(1, 12) - 1];
                    let dotted = format!("{word}.");
                    let word = if piece.contains(&dotted) && !piece.ends_with(&dotted) { &dotted } else { word };
                    piece.replacen(word, english, 1)
                }
                _ => piece.to_owned(),
            }
        };
        runs(&text).into_iter().map(name).collect()
    }
}

/// Three groups of digits with one mark between them, and what follows.
struct Found<'a> {
    numbers: [&'a str; 3],
    separator: char,
    rest: &'a str,
}

fn numbers(text: &str) -> Option<Found<'_>> {
    let digits = |text: &str| match text.strip_prefix('元') {
        Some(_) => '元'.len_utf8(),
        None => text.bytes().take_while(u8::is_ascii_digit).count(),
    };
    let mark = |text: &str| -> (char, usize) {
        let trimmed = text.trim_start_matches(' ');
        let blanks = text.len() - trimmed.len();
        match trimmed.chars().next() {
            Some(mark @ ('-' | '/' | '.' | '年' | '月' | '년' | '월')) => {
                let after = &trimmed[mark.len_utf8()..];
                (mark, blanks + mark.len_utf8() + (after.len() - after.trim_start_matches(' ').len()))
            }
            _ => (' ', blanks),
        }
    };
    let (a, rest) = text.split_at(digits(text));
    let (first, width) = mark(rest);
    let rest = &rest[width..];
    let (b, rest) = rest.split_at(digits(rest));
    let (second, width) = mark(rest);
    let rest = &rest[width..];
    let (c, rest) = rest.split_at(digits(rest));
    let whole = !a.is_empty() && !b.is_empty() && !c.is_empty();
    let rest = match (first, second) {
        ('年', '月') => rest.strip_prefix('日')?,
        ('년', '월') => rest.trim_start_matches(' ').strip_prefix('일')?,
        ('.', '.') => rest.strip_prefix('.').unwrap_or(rest),
        (first, second) if first == second && !matches!(first, '年' | '월' | '月' | '년') => rest,
        _ => return None,
    };
    let ends = [" г.", "г.", " г", " р.", "هـ", " هـ", " ه", "ه", " م", "م", " AH"];
    let rest = ends.iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
    whole.then_some(Found { numbers: [a, b, c], separator: first, rest })
}

/// Runs of digits, and what stands between them.
fn runs(text: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digit = first.is_ascii_digit();
        let end = rest.find(|letter: char| letter.is_ascii_digit() != digit).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        runs.push(run);
        rest = after;
    }
    runs
}

/// A text without the time that stands at its end, and that time.
fn timed(text: &str) -> Option<(&str, Option<Clock>)> {
    let dotted = |at: usize| {
        let word = text[at..].trim_start().split(' ').next().unwrap_or_default();
        word.matches('.').count() >= 2 && word.starts_with(|letter: char| letter.is_ascii_digit())
    };
    let Some(at) = text.find(':').and_then(|colon| text[..colon].rfind([' ', 'T', ','])) else {
        let at = text.rmatch_indices(' ').map(|(at, _)| at).find(|at| dotted(*at));
        return Some(match at.and_then(|at| Some((at, clock::alone(&text[at..])?))) {
            Some((at, clock)) => (&text[..at], Some(clock)),
            None => (text, None),
        });
    };
    // A word for the morning may stand before the time.
    let (date, time) = text.split_at(at);
    let time = clock::alone(time.trim_start_matches(['T', ',']))?;
    Some((date.trim_end_matches([',', ' ']), Some(time)))
}

/// A workbook's number of a day between 1954 and 2173, with or without a time of day.
fn serial(text: &str) -> Option<Parts> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let right = whole.len() == 5 && digits(whole) && digits(part);
    let number: u32 = right.then(|| whole.parse().ok())?.filter(|number| *number >= 20_000)?;
    // Nine digits hold more than the thousandth part of a second.
    let billionth: u64 = format!("{part:0<9}").get(..9)?.parse().ok()?;
    let seconds = u32::try_from((billionth * 86_400 + 500_000_000) / 1_000_000_000).ok()?;
    // Rounded up to midnight, it is the next day's.
    let (number, seconds) = if seconds == 86_400 { (number + 1, 0) } else { (number, seconds) };
    let clock = (seconds > 0).then(|| Clock::of_part(seconds));
    let form = Form { order: Order::Serial, separator: None, time: clock.map_or("", |clock| clock.kind()) };
    Some(Parts { form, numbers: [number, 0, 0], digits: 0, era: None, clock, weekdays: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Result<(Order, [u32; 3], &'static str), Not> {
        let parts = Cutter::new(false, None, None).cut(text)?;
        Ok((parts.form.order, parts.numbers, parts.form.time))
    }

    #[test]
    fn a_text_is_cut_into_numbers_and_form() {
        use Order::{Named, YearFirst, YearLast};
        for (text, order, numbers, time) in [
            ("2017-10-22T04:00:00Z", YearFirst, [2017, 10, 22], "time with zone"),
            ("2013/02/01 05:00:00+00", YearFirst, [2013, 2, 1], "time with zone"),
            ("03/04/2026 5:00:00 AM", YearLast, [3, 4, 2026], "time of twelve hours"),
            ("1/4/2027, 12:00:00 AM", YearLast, [1, 4, 2027], "time of twelve hours"),
            ("3. 4. 2026", YearLast, [3, 4, 2026], ""),
            ("2027. 3. 1.", YearFirst, [2027, 3, 1], ""),
            ("04.01.2027 г.", YearLast, [4, 1, 2027], ""),
            ("20260403", YearFirst, [2026, 4, 3], ""),
            ("2027年1月4日", YearFirst, [2027, 1, 4], ""),
            ("2027년 1월 4일", YearFirst, [2027, 1, 4], ""),
            ("2027-01-04\u{A0}00:00:00", YearFirst, [2027, 1, 4], "time"),
            ("04-Jan-2027", Named, [2027, 1, 4], ""),
            ("4-ene-2027", Named, [2027, 1, 4], ""),
            ("4 de enero de 2027", Named, [2027, 1, 4], ""),
            ("Jan 4, 2027", Named, [2027, 1, 4], ""),
            ("January 4th, 2027", Named, [2027, 1, 4], ""),
            ("2027-Jan-04", Named, [2027, 1, 4], ""),
            ("4. Januar 2027", Named, [2027, 1, 4], ""),
            ("4 янв. 2027 г.", Named, [2027, 1, 4], ""),
            ("Mon, 4 January 2027", Named, [2027, 1, 4], ""),
            ("Mon Jan 04 2027 00:00:00 GMT+0100 (CET)", Named, [2027, 1, 4], "time with zone"),
            ("04-JAN-2027 12.00.00.000000 AM", Named, [2027, 1, 4], "time of twelve hours"),
            ("пн 04.01.2027", YearLast, [4, 1, 2027], ""),
        ] {
            assert_eq!(cut(text), Ok((order, numbers, time)), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_says_why() {
        assert_eq!(cut("9/16/23"), Err(Not::Century));
        assert_eq!(cut("04-Jan-27"), Err(Not::Century));
        assert_eq!(cut("46024"), Err(Not::Serial));
        assert!(matches!(cut("4 listopada 2027"), Err(Not::Month(word, _)) if word == "listopada"));
        for text in ["soon", "4 Brumaire 2027", "4 Janvember 2027", "Jan 2027", "2027", "mar 4 enero 2027", "1-2-3-4"] {
            assert_eq!(cut(text), Err(Not::Date), "{text}");
        }
    }

    #[test]
    fn a_workbooks_number_is_rounded_to_the_second() {
        let cut = |text: &str| {
            Cutter::new(true, None, None)
                .cut(text)
                .map(|parts| (parts.numbers[0], parts.clock.map(|clock| clock.seconds)))
        };
        assert_eq!(cut("46024"), Ok((46_024, None)));
        assert_eq!(cut("46024.999490740744"), Ok((46_024, Some(86_356))));
        assert_eq!(cut("46024.9999999999"), Ok((46_025, None)));
    }
}
