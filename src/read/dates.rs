//! Dates: a column has one format, and the column itself must prove it.
//!
//! `2026-04-03` proves itself. `03/04/2026` alone proves nothing: the column is read day first only if some
//! value of it can be read in no other way, and month first likewise; else it is refused with examples.
//! Nothing is mixed, no year has two digits. A time of day is dropped and said to be.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};

use super::header::Header;
use super::problem::{Level, Log, Problem, grouped, shown};
use super::table::Row;

/// The years that a date may lie in.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// The distinct texts of one date column, in the order first met.
pub(super) struct Dates {
    column: usize,
    keys: BTreeMap<String, DateKey>,
    cells: Vec<Cell>,
}

/// A text of a [`Dates`] column whose meaning is not settled yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DateKey(u32);

struct Cell {
    text: String,
    row: u64,
    count: u64,
}

/// The dates of a column once its format is known.
pub(super) struct Settled(Vec<Option<NaiveDate>>);

impl Settled {
    /// The date that stands at `key`; none where it was refused.
    pub(super) fn get(&self, key: Option<DateKey>) -> Option<NaiveDate> {
        self.0.get(key?.0 as usize).copied().flatten()
    }
}

/// The columns of each format that was found.
type Formats = BTreeMap<String, Vec<usize>>;

/// Proves the format of each column of a table and reads it, or says why not; states the formats found.
pub(super) fn settle<const N: usize>(columns: &[Dates; N], header: &Header, log: &mut Log) -> [Settled; N] {
    let settled = settle_all(columns, header, log);
    settled.try_into().unwrap_or_else(|_| unreachable!("there is one of each column"))
}

/// The same for as many columns as there are.
pub(super) fn settle_all(columns: &[Dates], header: &Header, log: &mut Log) -> Vec<Settled> {
    let mut formats = Formats::new();
    let settled = columns.iter().map(|column| column.settle(header, &mut formats, log)).collect();
    for (format, columns) in formats {
        let titles: Vec<&str> = columns.iter().map(|column| header.title(*column)).collect();
        log.note(&header.file, format!("dates of {}: {format}", titles.join(", ")));
    }
    settled
}

/// The order in which day, month and year stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    YearFirst,
    /// Day and month in an order that others must prove; the year last.
    YearLast,
    /// The number of a day in a workbook.
    Serial,
}

/// What a text looks like. Two cells of one column must look alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Form {
    order: Order,
    separator: Option<char>,
    time: &'static str,
}

/// A text cut into its numbers.
struct Parts {
    form: Form,
    numbers: [u32; 3],
}

impl Dates {
    pub(super) fn new(column: usize) -> Self {
        Self { column, keys: BTreeMap::new(), cells: Vec::new() }
    }

    /// Which column it is.
    pub(super) fn column(&self) -> usize {
        self.column
    }

    /// Takes the column's cell of a row; none where it is blank.
    pub(super) fn take(&mut self, row: &Row<'_>) -> Option<DateKey> {
        let text = row.text(self.column)?;
        if let Some(key) = self.keys.get(text) {
            self.cells[key.0 as usize].count += 1;
            return Some(*key);
        }
        let key = DateKey(u32::try_from(self.cells.len()).ok()?);
        self.keys.insert(text.to_owned(), key);
        self.cells.push(Cell { text: text.to_owned(), row: row.number(), count: 1 });
        Some(key)
    }

    /// Proves the column's format and reads it, or says why not.
    fn settle(&self, header: &Header, formats: &mut Formats, log: &mut Log) -> Settled {
        if self.cells.is_empty() {
            return Settled(Vec::new());
        }
        let dates = match &header.says().dates {
            Some(format) => self.stated(format, header, formats, log),
            None => self.proven(header, formats, log),
        };
        Settled(dates.unwrap_or_else(|| vec![None; self.cells.len()]))
    }

    /// Reads the column in the format that the policy states.
    fn stated(
        &self,
        format: &str,
        header: &Header,
        formats: &mut Formats,
        log: &mut Log,
    ) -> Option<Vec<Option<NaiveDate>>> {
        formats.entry(format!("{format} (as policy.toml says)")).or_default().push(self.column);
        let read = |text: &str| {
            NaiveDate::parse_and_remainder(text, format).ok().filter(|(_, rest)| is_time(rest)).map(|(date, _)| date)
        };
        Some(self.each(header, log, |cell| read(&cell.text).filter(in_years)))
    }

    fn proven(&self, header: &Header, formats: &mut Formats, log: &mut Log) -> Option<Vec<Option<NaiveDate>>> {
        let parts: Vec<Option<Parts>> = self.cells.iter().map(|cell| cut(&cell.text, header.workbook)).collect();
        let form = self.one_form(&parts, header, log)?;
        let day_first = match form.order {
            Order::YearLast => Some(self.proof(&parts, header, log)?),
            Order::YearFirst | Order::Serial => None,
        };
        formats.entry(tell(&form, day_first)).or_default().push(self.column);
        let of: BTreeMap<&str, Option<NaiveDate>> = self
            .cells
            .iter()
            .map(|cell| cell.text.as_str())
            .zip(parts.iter().map(|parts| date(parts.as_ref()?, day_first)))
            .collect();
        Some(self.each(header, log, |cell| of.get(cell.text.as_str()).copied().flatten()))
    }

    /// The date of each cell; those without one are reported.
    fn each(
        &self,
        header: &Header,
        log: &mut Log,
        read: impl Fn(&Cell) -> Option<NaiveDate>,
    ) -> Vec<Option<NaiveDate>> {
        let dates: Vec<Option<NaiveDate>> = self.cells.iter().map(read).collect();
        for (cell, _) in self.cells.iter().zip(&dates).filter(|(_, date)| date.is_none()) {
            log.one_of(Level::Error, &header.file, "cells that are no date", || {
                let (why, advice) = self.refusal(cell, header);
                self.problem(cell, header, why, advice)
            });
        }
        dates
    }

    fn problem(&self, cell: &Cell, header: &Header, why: impl Into<String>, advice: impl Into<String>) -> Problem {
        Problem::error(&header.file, why, advice).row(cell.row).column(header.title(self.column)).value(&cell.text)
    }

    /// Why one cell is no date, and what to do.
    fn refusal(&self, cell: &Cell, header: &Header) -> (String, String) {
        let again = if cell.count > 1 { format!(" ({} cells)", grouped(cell.count)) } else { String::new() };
        let two_digits =
            cut_numbers(&cell.text).is_some_and(|(numbers, ..)| numbers.iter().all(|number| number.len() <= 2));
        let serial = cell.text.len() == 5 && cell.text.bytes().all(|byte| byte.is_ascii_digit());
        if two_digits {
            let advice = "Write the year with four digits, best of all like 2026-04-03";
            (format!("the year has two digits, so its century is a guess{again}"), advice.to_owned())
        } else if serial && !header.workbook {
            let advice = "Format the column as a date in the spreadsheet and save it again";
            (format!("this is a spreadsheet's number of a day, not a date{again}"), advice.to_owned())
        } else if let Some(format) = &header.says().dates {
            let advice = "Write it so, or correct the format in policy.toml";
            (format!("this is not a date of the form {format} that policy.toml states{again}"), advice.to_owned())
        } else {
            let advice = format!(
                "Write it like 2026-04-03; if it is a word for a blank, state it in policy.toml under [{}]: na = [\"{}\"]",
                header.says().section(),
                shown(&cell.text)
            );
            (format!("this is not a date that the calendar has in the years 1900 to 2200{again}"), advice)
        }
    }

    /// The one form that all dates of the column share. Cells that are no date at all don't count here.
    fn one_form(&self, parts: &[Option<Parts>], header: &Header, log: &mut Log) -> Option<Form> {
        let mut forms: BTreeMap<Form, &Cell> = BTreeMap::new();
        for (parts, cell) in parts.iter().zip(&self.cells) {
            if let Some(parts) = parts {
                forms.entry(alike(&parts.form, header.workbook)).or_insert(cell);
            }
        }
        if forms.len() > 1 {
            let mut met: Vec<&Cell> = forms.into_values().collect();
            met.sort_unstable_by_key(|cell| cell.row);
            let examples: Vec<String> = met
                .iter()
                .take(3)
                .map(|cell| format!("`{}` in {}", shown(&cell.text), header.tell_row(cell.row)))
                .collect();
            let why = format!("the column mixes date formats: {}", examples.join(", "));
            let problem = Problem::error(&header.file, why, "Write all dates of the column like 2026-04-03");
            log.push(problem.column(header.title(self.column)));
            return None;
        }
        let timed = parts.iter().flatten().any(|parts| parts.form.time == "time");
        let form = forms.into_keys().next().map(|form| match header.workbook && timed {
            true => Form { time: "time", ..form },
            false => form,
        });
        if form.is_none() {
            self.each(header, log, |_| None);
        }
        form
    }

    /// Whether the day stands first, proven by a value that can be read in no other way.
    fn proof(&self, parts: &[Option<Parts>], header: &Header, log: &mut Log) -> Option<bool> {
        let first = |wanted: fn(&[u32; 3]) -> bool| {
            let mut both = parts.iter().zip(&self.cells);
            both.find_map(|(parts, cell)| parts.as_ref().is_some_and(|parts| wanted(&parts.numbers)).then_some(cell))
        };
        let day_first = first(|numbers| numbers[0] > 12);
        let month_first = first(|numbers| numbers[1] > 12);
        let open = first(|numbers| numbers[0] != numbers[1]);
        let (why, advice) = match (day_first, month_first) {
            (Some(day), Some(month)) => {
                let (day, month) = (shown(&day.text), shown(&month.text));
                (
                    format!("`{day}` can only be read day first, `{month}` only month first"),
                    "Write all dates like 2026-04-03".to_owned(),
                )
            }
            (Some(_), None) => return Some(true),
            (None, Some(_)) => return Some(false),
            (None, None) if open.is_none() => return Some(true),
            (None, None) => {
                let examples: Vec<String> = self
                    .cells
                    .iter()
                    .take(3)
                    .map(|cell| format!("`{}` in {}", shown(&cell.text), header.tell_row(cell.row)))
                    .collect();
                let advice = format!(
                    "Write them like 2026-04-03, or state in policy.toml under [{}]: dates = \"%d/%m/%Y\" (day first) or \"%m/%d/%Y\"",
                    header.says().section()
                );
                (format!("nothing proves whether day or month comes first: {}", examples.join(", ")), advice)
            }
        };
        log.push(Problem::error(&header.file, why, advice).column(header.title(self.column)));
        None
    }
}

/// How a format is told to people.
fn tell(form: &Form, day_first: Option<bool>) -> String {
    let format = match (form.order, day_first) {
        (Order::Serial, _) => "a workbook's dates".to_owned(),
        (Order::YearFirst, _) => match form.separator {
            Some(separator) => format!("year{separator}month{separator}day"),
            None => "yearmonthday".to_owned(),
        },
        (Order::YearLast, first) => {
            let separator = form.separator.unwrap_or(' ');
            let (a, b) = if first == Some(true) { ("day", "month") } else { ("month", "day") };
            format!("{a}{separator}{b}{separator}year")
        }
    };
    let time = if form.time.is_empty() { "" } else { " with a time of day, which is dropped" };
    format!("{format}{time}")
}

/// A workbook's own dates, with or without a time, and the bare numbers of days are one form: all can be read in one way only.
fn alike(form: &Form, workbook: bool) -> Form {
    match form {
        Form { order: Order::YearFirst, separator: Some('-'), time: "time" } if workbook => {
            Form { time: "", ..form.clone() }
        }
        Form { order: Order::Serial, .. } => Form { order: Order::YearFirst, separator: Some('-'), time: "" },
        other => other.clone(),
    }
}

fn in_years(date: &NaiveDate) -> bool {
    use chrono::Datelike;
    YEARS.contains(&date.year())
}

/// Cuts a text into the numbers of a date and the form that it is in.
fn cut(text: &str, workbook: bool) -> Option<Parts> {
    if workbook && let Some(number) = serial(text) {
        let form = Form { order: Order::Serial, separator: None, time: "" };
        return Some(Parts { form, numbers: [number, 0, 0] });
    }
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let form = Form { order: Order::YearFirst, separator: None, time: "" };
        let numbers = [text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?];
        return Some(Parts { form, numbers });
    }
    let ([a, b, c], separator, time) = cut_numbers(text)?;
    let order = match (a.len(), b.len(), c.len()) {
        (4, 1..=2, 1..=2) => Order::YearFirst,
        (1..=2, 1..=2, 4) => Order::YearLast,
        _ => return None,
    };
    let numbers = [a.parse().ok()?, b.parse().ok()?, c.parse().ok()?];
    Some(Parts { form: Form { order, separator: Some(separator), time }, numbers })
}

/// Three groups of digits with one separator between them, and what kind of time follows.
fn cut_numbers(text: &str) -> Option<([&str; 3], char, &'static str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (a, rest) = text.split_at(digits(text));
    let separator = rest.chars().next().filter(|separator| matches!(separator, '-' | '/' | '.' | ' '))?;
    let rest = rest[1..].trim_start_matches(' ');
    let (b, rest) = rest.split_at(digits(rest));
    let rest = rest.strip_prefix(separator)?.trim_start_matches(' ');
    let (c, rest) = rest.split_at(digits(rest));
    (!a.is_empty() && !b.is_empty() && !c.is_empty()).then_some(())?;
    Some(([a, b, c], separator, time(rest)?))
}

/// The kind of time that follows a date: none at all, a time, a time with its zone.
fn time(rest: &str) -> Option<&'static str> {
    if rest.is_empty() {
        return Some("");
    }
    let rest = rest.strip_prefix(['T', ' '])?.trim();
    let end =
        rest.find(|letter: char| !letter.is_ascii_digit() && letter != ':' && letter != '.').unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let is_clock =
        ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"].iter().any(|form| NaiveTime::parse_from_str(clock, form).is_ok());
    let zone = zone.trim();
    let is_zone = zone == "Z"
        || zone == "UTC"
        || zone.strip_prefix(['+', '-']).is_some_and(|zone| {
            matches!(zone.len(), 2 | 4 | 5) && zone.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
        });
    match zone.to_ascii_uppercase().as_str() {
        _ if !is_clock => None,
        "" => Some("time"),
        "AM" | "PM" => Some("time of twelve hours"),
        _ => is_zone.then_some("time with zone"),
    }
}

fn is_time(rest: &str) -> bool {
    time(rest).is_some()
}

/// A workbook's number of a day between 1954 and 2173, with or without a time of day.
fn serial(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (whole.len() == 5 && digits(whole) && digits(part)).then(|| whole.parse().ok())?.filter(|number| *number >= 20_000)
}

fn date(parts: &Parts, day_first: Option<bool>) -> Option<NaiveDate> {
    let [a, b, c] = parts.numbers;
    let date = match (parts.form.order, day_first) {
        (Order::Serial, _) => NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(a.into())),
        (Order::YearFirst, _) => NaiveDate::from_ymd_opt(i32::try_from(a).ok()?, b, c),
        (Order::YearLast, Some(true)) => NaiveDate::from_ymd_opt(i32::try_from(c).ok()?, b, a),
        (Order::YearLast, _) => NaiveDate::from_ymd_opt(i32::try_from(c).ok()?, a, b),
    };
    date.filter(in_years)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_numbers_and_form() {
        let order = |text: &str| cut(text, false).map(|parts| (parts.form.order, parts.form.time));
        assert_eq!(order("2017-10-22T04:00:00Z"), Some((Order::YearFirst, "time with zone")));
        assert_eq!(order("2013/02/01 05:00:00+00"), Some((Order::YearFirst, "time with zone")));
        assert_eq!(order("03/04/2026 5:00:00 AM"), Some((Order::YearLast, "time of twelve hours")));
        assert_eq!(order("3. 4. 2026"), Some((Order::YearLast, "")));
        assert_eq!(order("20260403"), Some((Order::YearFirst, "")));
        assert_eq!(order("9/16/23"), None);
        assert_eq!(order("46024"), None);
        assert_eq!(cut("46024", true).and_then(|parts| date(&parts, None)), NaiveDate::from_ymd_opt(2026, 1, 2));
    }
}
