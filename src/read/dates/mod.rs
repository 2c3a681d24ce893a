//! Dates: a column has one format, and the column itself must prove it.
//!
//! `2026-04-03` proves itself. `03/04/2026` alone proves nothing: the column is read day first only if some
//! value of it can be read in no other way, and month first likewise; else it is refused with examples.
//! Nothing is mixed, no year has two digits unless the policy states a format with `%y`. A time of day is dropped and said to be,
//! but for times that are midnight of another day ([`midnight`]). Years of other calendars ([`calendar`]) are asked about.

pub(super) mod calendar;
mod clock;
mod cut;
pub(super) mod end;
pub(super) mod midnight;
pub(super) mod months;
mod never;
pub(super) mod plain;
mod proof;
mod refusal;

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use super::header::Header;
use super::problem::{Level, Log, Problem, counted, shown};
use super::table::Row;
use calendar::{Calendar, Doubt};
use clock::Clock;
use cut::{Cutter, Form, Not, Order, Parts};
use midnight::{Pattern, Shift, Times};
use never::Never;
use proof::Proof;

pub(super) use never::NO_END;

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

impl Cell {
    fn told(&self, header: &Header) -> String {
        format!("`{}` in {}", shown(&self.text), header.tell_row(self.row))
    }
}

/// The dates of a column once its format is known.
#[derive(Default)]
pub(super) struct Settled {
    dates: Vec<Option<NaiveDate>>,
    /// Whether each was midnight of a zone, written in universal time.
    midnights: Vec<bool>,
}

impl Settled {
    /// The date that stands at `key`; none where it was refused, or stands for a blank.
    pub(super) fn get(&self, key: Option<DateKey>) -> Option<NaiveDate> {
        self.dates.get(key?.0 as usize).copied().flatten()
    }

    /// Whether the date at `key` was midnight of a zone, written in universal time.
    pub(super) fn is_midnight(&self, key: Option<DateKey>) -> bool {
        key.and_then(|key| self.midnights.get(key.0 as usize)).is_some_and(|midnight| *midnight)
    }
}

/// The columns of each format that was found.
type Formats = BTreeMap<(String, String), Vec<String>>;

/// Proves the format of each column of a table and reads it, or says why not; states the formats found.
pub(super) fn settle<const N: usize>(columns: &[Dates; N], header: &Header, log: &mut Log) -> [Settled; N] {
    let all: Vec<(&Dates, &Header)> = columns.iter().map(|column| (column, header)).collect();
    let settled = settle_all(&all, log);
    settled.try_into().unwrap_or_else(|_| unreachable!("there is one of each column"))
}

/// The same for as many columns as there are, each with the header that it stands under.
pub(super) fn settle_all(columns: &[(&Dates, &Header)], log: &mut Log) -> Vec<Settled> {
    let read: Vec<Reading<'_>> = columns.iter().map(|(dates, header)| Reading::of(dates, header)).collect();
    let proofs: Vec<_> = read.iter().map(|one| (one.dates, one.header, one.proof())).collect();
    let two_orders = proof::two_orders(&proofs, log);
    let times: Vec<Times<'_>> = read.iter().map(Reading::times).collect();
    let patterns = midnight::patterns(&times);
    let mut formats = Formats::new();
    let mut settled = Vec::new();
    for (one, pattern) in read.iter().zip(patterns) {
        let order = !two_orders || one.proof_says_nothing();
        let dates = if order { one.settle(pattern, &mut formats, log) } else { None };
        settled.push(dates.unwrap_or_default());
    }
    for ((file, format), titles) in formats {
        log.note(&file, format!("dates of {}: {format}", titles.join(", ")));
    }
    settled
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
}

/// A column whose texts are cut, and not yet dates.
struct Reading<'a> {
    dates: &'a Dates,
    header: &'a Header,
    cutter: Cutter,
    /// By cell.
    parts: Vec<Result<Parts, Not>>,
}

impl<'a> Reading<'a> {
    fn of(dates: &'a Dates, header: &'a Header) -> Self {
        let says = header.says();
        let cutter = Cutter::new(header.workbook, says.calendar, says.language.clone());
        let parts = dates.cells.iter().map(|cell| cutter.cut(&cell.text)).collect();
        Self { dates, header, cutter, parts }
    }

    /// What stands for no day; such cells count for no format.
    fn never(parts: &Result<Parts, Not>) -> Option<Never> {
        let parts = parts.as_ref().ok().filter(|parts| parts.form.order != Order::Serial)?;
        let (year, a, b) = parts.year();
        Never::of(year, a, b)
    }

    /// The cells that look like days.
    fn days(&self) -> impl Iterator<Item = (&Parts, &'a Cell)> {
        let all = self.parts.iter().zip(&self.dates.cells);
        all.filter(|(parts, _)| Self::never(parts).is_none())
            .filter_map(|(parts, cell)| Some((parts.as_ref().ok()?, cell)))
    }

    fn proof(&self) -> Proof<'a> {
        let stated = self.header.says().dates.is_some();
        Proof::of(self.days().filter(|_| !stated))
    }

    fn proof_says_nothing(&self) -> bool {
        self.header.says().dates.is_some() || !self.days().any(|(parts, _)| parts.form.order == Order::YearLast)
    }

    fn times(&self) -> Times<'_> {
        let clocks = self.days().filter_map(|(parts, cell)| Some((parts.clock.as_ref()?, cell.count)));
        Times { name: self.header.name(self.dates.column), clocks: clocks.collect() }
    }

    /// Proves the column's format and reads it, or says why not.
    fn settle(&self, pattern: Pattern, formats: &mut Formats, log: &mut Log) -> Option<Settled> {
        if self.dates.cells.is_empty() || self.doubts(log) {
            return None;
        }
        self.ask(pattern, log);
        let stated = self.header.says().dates.as_deref();
        let day_first = match stated {
            Some(format) => {
                let century =
                    if format.contains("%y") { "; a year like 27 is 2027, 70 to 99 are 1970 to 1999" } else { "" };
                self.told(format!("{format} (as policy.toml says){century}"), formats);
                (format.find("%d") < format.find("%m")).then_some(true)
            }
            None => {
                let form = self.one_form(log)?;
                let day_first = match form.as_ref().map(|form| form.order) {
                    Some(Order::YearLast) => Some(self.proof().settle(self.dates, self.header, log)?),
                    _ => None,
                };
                if let Some(form) = form {
                    self.told(tell(&form, day_first, pattern, self.header), formats);
                }
                day_first
            }
        };
        self.tell_never(log);
        let all = self.parts.iter().zip(&self.dates.cells);
        let dates = all.map(|(parts, cell)| self.cell(parts, cell, stated, day_first, pattern, log)).collect();
        let is_midnight = |parts: &Result<Parts, Not>| {
            parts.as_ref().ok().and_then(|parts| parts.clock).is_some_and(|clock| pattern.is_midnight(&clock))
        };
        Some(Settled { dates, midnights: self.parts.iter().map(is_midnight).collect() })
    }

    fn told(&self, format: String, formats: &mut Formats) {
        let title = self.header.title(self.dates.column).to_owned();
        formats.entry((self.header.file.clone(), format)).or_default().push(title);
    }

    fn problem(&self, cell: &Cell, why: impl Into<String>, advice: impl Into<String>) -> Problem {
        let problem = Problem::error(&self.header.file, why, advice);
        problem.row(cell.row).column(self.header.title(self.dates.column)).value(&cell.text)
    }

    /// Whether a year is none of our calendar, and nothing says which it is of. Then it is asked.
    fn doubts(&self, log: &mut Log) -> bool {
        let says = self.header.says();
        let mut doubts: BTreeMap<Doubt, &Cell> = BTreeMap::new();
        for (parts, cell) in self.days().filter(|(parts, _)| parts.form.order != Order::Serial) {
            if says.calendar.is_none()
                && let Some(doubt) = Doubt::of(parts.year().0, parts.digits, parts.era)
            {
                doubts.entry(doubt).or_insert(cell);
            }
        }
        for (doubt, cell) in &doubts {
            log.ask(says, self.problem(cell, doubt.why(), ""), doubt.offers());
        }
        !doubts.is_empty()
    }

    /// Asks which day times near midnight mean, where nobody has said it.
    fn ask(&self, pattern: Pattern, log: &mut Log) {
        let says = self.header.says();
        let is_it = |clock: &Clock| match pattern {
            Pattern::Near => clock.seconds > 43_200,
            _ => pattern.is_midnight(clock) && clock.seconds > 0,
        };
        let first = self.days().find(|(parts, _)| parts.clock.as_ref().is_some_and(is_it));
        let Some((_, cell)) = first.filter(|_| pattern.asks() && says.midnight.is_none()) else { return };
        if pattern == Pattern::Near {
            let why = "the times of this column lie a moment before midnight, as where a program cut off a day";
            let offers: [super::choice::Offer<'_>; 2] = [
                ("the nearest midnight is meant: the next day", &[("midnight", "nearest")]),
                ("the day that is written is meant", &[("midnight", "written")]),
            ];
            log.ask(says, self.problem(cell, why, ""), &offers);
        } else {
            let why = "the times of this column are all one hour of universal time, as midnight of a zone east of Greenwich is";
            let offers: [super::choice::Offer<'_>; 2] = [
                ("midnight of the next day is meant", &[("midnight", "next")]),
                ("the day that is written is meant", &[("midnight", "written")]),
            ];
            log.ask(says, self.problem(cell, why, ""), &offers);
        }
    }

    /// Tells of dates that are no days and what they are read as.
    fn tell_never(&self, log: &mut Log) {
        let mut told: BTreeMap<(Never, &str), (u64, u64)> = BTreeMap::new();
        for (parts, cell) in self.parts.iter().zip(&self.dates.cells) {
            let Some(never) = Self::never(parts) else { continue };
            if never.instead(self.header, self.dates.column).is_ok() {
                told.entry((never, &cell.text)).or_insert((0, cell.row)).0 += cell.count;
            }
        }
        for ((never, text), (count, row)) in told.into_iter().take(5) {
            let (title, cells) = (self.header.title(self.dates.column), counted(count, "cell", "cells"));
            let first = self.header.tell_row(row);
            let says = format!("{title}: `{}` means {} ({cells}, first in {first})", shown(text), never.tell());
            log.note(&self.header.file, says);
        }
    }

    /// The date of one cell; one without is reported.
    fn cell(
        &self,
        parts: &Result<Parts, Not>,
        cell: &Cell,
        stated: Option<&str>,
        day_first: Option<bool>,
        pattern: Pattern,
        log: &mut Log,
    ) -> Option<NaiveDate> {
        if let Some(never) = Self::never(parts) {
            return never.instead(self.header, self.dates.column).unwrap_or_else(|(why, advice)| {
                log.one_of(Level::Error, &self.header.file, "dates that are no days", || {
                    self.problem(cell, why, advice)
                });
                None
            });
        }
        let (calendar, format) = (self.cutter.calendar, stated);
        let date = match (format, parts) {
            (Some(format), _) if calendar.is_none() => self.stated(format, cell),
            (_, Ok(parts)) => date(parts, day_first, calendar).filter(|date| YEARS.contains(&date.year())),
            _ => None,
        };
        let Some(date) = date else {
            log.one_of(Level::Error, &self.header.file, "cells that are no date", || {
                let (why, advice) = refusal::refusal(cell, parts.as_ref().err(), self.header, self.dates.column);
                self.problem(cell, why, advice)
            });
            return None;
        };
        let parts = parts.as_ref().ok();
        let contradicts = |word: &&String| self.cutter.months().contradicts(word, date);
        if let Some(word) = parts.and_then(|parts| parts.weekdays.iter().find(contradicts)) {
            log.one_of(Level::Error, &self.header.file, "weekdays that contradict their dates", || {
                let (why, advice) = months::contradiction(word, date);
                self.problem(cell, why, advice)
            });
            return None;
        }
        self.moved(date, parts.and_then(|parts| parts.clock), cell, pattern, log)
    }

    /// Reads a cell in the format that the policy states.
    fn stated(&self, format: &str, cell: &Cell) -> Option<NaiveDate> {
        let text = self.cutter.in_english(&cell.text);
        let (date, rest) = NaiveDate::parse_and_remainder(&text, format).ok()?;
        clock::after(rest)?;
        // 99 may be 1999, and the end of all time.
        let ends = never::role(self.header.name(self.dates.column)) == never::Role::End;
        let endless = format.contains("%y") && ends && (date.year() % 100, date.month(), date.day()) == (99, 12, 31);
        Some(date).filter(|date| YEARS.contains(&date.year()) && !endless)
    }

    /// The day that is meant where its time is midnight of another.
    fn moved(
        &self,
        date: NaiveDate,
        clock: Option<Clock>,
        cell: &Cell,
        pattern: Pattern,
        log: &mut Log,
    ) -> Option<NaiveDate> {
        let (Some(clock), Some(says)) = (clock, self.header.says().midnight) else { return Some(date) };
        match pattern.shift(&clock, says) {
            Shift::Stays => Some(date),
            Shift::Next => date.succ_opt(),
            Shift::Odd => {
                log.one_of(Level::Error, &self.header.file, "times that are no midnight", || {
                    let why = "policy.toml says that times are midnight of the next day, and this is the midnight of no zone that the others have";
                    let advice = format!(
                        "Correct the time; if times are times of day: {}",
                        self.header.says().how("midnight", "written")
                    );
                    self.problem(cell, why, advice)
                });
                None
            }
        }
    }

    /// The one form that all dates of the column share. Cells that are no date at all don't count here. None, and an error, where there
    /// are several.
    fn one_form(&self, log: &mut Log) -> Option<Option<Form>> {
        let mut forms: BTreeMap<Form, &Cell> = BTreeMap::new();
        for (parts, cell) in self.days() {
            forms.entry(alike(&parts.form, self.header.workbook)).or_insert(cell);
        }
        if forms.len() > 1 {
            let mut met: Vec<&Cell> = forms.into_values().collect();
            met.sort_unstable_by_key(|cell| cell.row);
            let examples: Vec<String> = met.iter().take(3).map(|cell| cell.told(self.header)).collect();
            let why = format!("the column mixes date formats: {}", examples.join(", "));
            let problem = Problem::error(&self.header.file, why, "Write all dates of the column like 2026-04-03");
            log.push(problem.column(self.header.title(self.dates.column)));
            return None;
        }
        Some(forms.into_keys().next())
    }
}

/// How a format is told to people.
fn tell(form: &Form, day_first: Option<bool>, pattern: Pattern, header: &Header) -> String {
    let format = match (form.order, day_first) {
        (Order::Serial, _) => "a workbook's dates".to_owned(),
        (Order::Named, _) => "the month in words".to_owned(),
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
    let says = header.says();
    let time = match pattern {
        Pattern::None if form.time.is_empty() || header.workbook => "",
        pattern => pattern.tell(says.midnight),
    };
    let calendar = says.calendar.map(|calendar| format!(" of the calendar {}", calendar.name()));
    format!("{format}{}{time}", calendar.unwrap_or_default())
}

/// A workbook's own dates and the bare numbers of days are one form, with a time of day or without: both can be read in one way only.
fn alike(form: &Form, workbook: bool) -> Form {
    let own = Form { order: Order::YearFirst, separator: Some('-'), time: "" };
    match form {
        Form { order: Order::Serial, .. } => own,
        Form { order: Order::YearFirst, separator: Some('-'), time: "time" } if workbook => own,
        other => other.clone(),
    }
}

fn date(parts: &Parts, day_first: Option<bool>, calendar: Option<Calendar>) -> Option<NaiveDate> {
    let [a, b, c] = parts.numbers;
    let (year, month, day) = match (parts.form.order, day_first) {
        (Order::Serial, _) => return NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(a.into())),
        (Order::YearFirst | Order::Named, _) => (a, b, c),
        (Order::YearLast, Some(true)) => (c, b, a),
        (Order::YearLast, _) => (c, a, b),
    };
    let year = i32::try_from(year).ok()?;
    match calendar {
        // An era of another calendar.
        Some(calendar) if parts.era.is_some_and(|era| !calendar.has(era)) => None,
        Some(calendar) => calendar.day(parts.era, year, month, day),
        None => NaiveDate::from_ymd_opt(year, month, day),
    }
}
