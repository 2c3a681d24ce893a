//! The period that is planned: its days, the slots of a day, weeks and months.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

use super::{Hours, SlotId};

/// The days and slots that a schedule may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day, inclusive.
    pub from: NaiveDate,
    /// Last day, inclusive.
    pub to: NaiveDate,
    /// Which weekdays are worked, Monday first.
    pub weekdays: [bool; 7],
    /// Names of the parts of a day, in their order (`am`, `pm`).
    pub slots: Vec<String>,
    /// When slots begin and end, of those that have hours. They stand in the order of the day, and none begins before the one before it ends.
    pub hours: BTreeMap<SlotId, Hours>,
}

impl Period {
    /// The working days of the period, in order.
    ///
    /// ```
    /// use foureyes::model::Period;
    /// let date = |text: &str| text.parse().unwrap();
    /// let period = Period {
    ///     from: date("2027-01-08"), to: date("2027-01-11"),
    ///     weekdays: [true, true, true, true, true, false, false], slots: vec!["am".into()], hours: Default::default(),
    /// };
    /// assert_eq!(period.days(), [date("2027-01-08"), date("2027-01-11")]);
    /// ```
    pub fn days(&self) -> Vec<NaiveDate> {
        self.from.iter_days().take_while(|day| *day <= self.to).filter(|day| self.works_on(*day)).collect()
    }

    /// Whether `day` lies in the period and on a worked weekday.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to && self.works_on(day)
    }

    fn works_on(&self, day: NaiveDate) -> bool {
        self.weekdays[day.weekday().num_days_from_monday() as usize]
    }
}

/// A calendar week, Monday to Sunday (ISO 8601).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    /// The ISO year, which may differ from the calendar year around New Year.
    pub year: i32,
    /// 1 to 53.
    pub number: u32,
}

impl Week {
    /// The week that `day` lies in.
    pub fn of(day: NaiveDate) -> Self {
        let week = day.iso_week();
        Self { year: week.year(), number: week.week() }
    }

    /// The Monday of the week, where the calendar reaches that far.
    pub fn monday(self) -> Option<NaiveDate> {
        NaiveDate::from_isoywd_opt(self.year, self.number, Weekday::Mon)
    }
}

/// As ISO 8601 spells it.
///
/// ```
/// # use foureyes::model::Week;
/// assert_eq!(Week { year: 2027, number: 1 }.to_string(), "2027-W01");
/// ```
impl std::fmt::Display for Week {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.number)
    }
}

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month that `day` lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// A month written like `2017-01`; none if it is written otherwise.
    ///
    /// ```
    /// use foureyes::model::Month;
    /// assert_eq!(Month::parse("2017-02").unwrap().last().to_string(), "2017-02-28");
    /// assert_eq!(Month::parse("2017-13"), None);
    /// assert_eq!(Month::parse("2017"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let day: NaiveDate = format!("{text}-01").parse().ok()?;
        (text.len() == 7).then(|| Self::of(day))
    }

    /// Its first day.
    pub fn first(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).expect("every month of the calendar has a first day")
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        let day = |day| NaiveDate::from_ymd_opt(self.year, self.month, day);
        (28..=31).rev().find_map(day).expect("every month has 28 days")
    }

    /// The months from this one to `last`, both of them.
    pub fn through(self, last: Self) -> impl Iterator<Item = Self> {
        let next = |month: &Self| match month.month {
            12 => Self { year: month.year + 1, month: 1 },
            _ => Self { month: month.month + 1, ..*month },
        };
        std::iter::successors(Some(self), move |month| (*month < last).then(|| next(month)))
            .take_while(move |month| *month <= last)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:02}", self.year, self.month)
    }
}

/// How much one draw decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Each day is drawn for itself, given what was drawn before.
    #[default]
    Day,
    /// Each week is drawn for itself.
    Week,
    /// The whole period is drawn at once.
    Period,
}

/// The days that one draw decides: those worked from `from` to `to`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive.
    pub to: NaiveDate,
}

impl Span {
    /// Whether `day` lies in it.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }
}

impl Stage {
    /// The stages of a period, in order: each working day, each calendar week, or all of it. A period without a
    /// working day has none.
    ///
    /// ```
    /// use foureyes::model::{Period, Span, Stage};
    /// let date = |text: &str| text.parse().unwrap();
    /// let period = Period {
    ///     from: date("2027-01-07"), to: date("2027-01-12"),
    ///     weekdays: [true, true, true, true, true, false, false], slots: vec!["am".into()], hours: Default::default(),
    /// };
    /// let weeks = Stage::Week.spans(&period);
    /// assert_eq!(weeks[0], Span { from: date("2027-01-07"), to: date("2027-01-08") });
    /// assert_eq!(weeks[1], Span { from: date("2027-01-11"), to: date("2027-01-12") });
    /// assert_eq!(Stage::Day.spans(&period).len(), 4);
    /// ```
    pub fn spans(self, period: &Period) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for day in period.days() {
            match spans.last_mut() {
                Some(span) if self.holds_together(span.from, day) => span.to = day,
                _ => spans.push(Span { from: day, to: day }),
            }
        }
        spans
    }

    fn holds_together(self, first: NaiveDate, day: NaiveDate) -> bool {
        match self {
            Self::Day => first == day,
            Self::Week => Week::of(first) == Week::of(day),
            Self::Period => true,
        }
    }
}
