//! Leave whose length is a number of days, and columns that say which part of a day is meant.

use chrono::{Datelike, Days, NaiveDate};

use super::super::choice::Offer;
use super::super::header::Header;
use super::super::ids::fold;
use super::super::problem::{Level, Log, counted, shown};
use super::kind::{DaysAre, Wishes};
use super::lay::tell;
use super::rows::Tidy;
use super::unread::Unread;
use crate::model::Period;

const FROM: usize = 1;
const TO: usize = 2;
const LEAVE: usize = 0;
pub(super) const DAYS: usize = 1;

/// Most days of one leave: ten years.
const MOST_DAYS: u64 = 3660;

/// What offices call columns of a length or of a part of a day, beside those that hold a number of days.
const PARTS: &str = "half day; half days; half; am/pm; am pm; ampm; part of day; day part; hours; no of hours; number of hours; hours taken; \
    medio día; media jornada; horas; nº de horas; turno; demi journée; heures; nb heures; halber tag; halbtags; stunden; anzahl stunden; \
    mezza giornata; ore; meio dia; halve dag; uren; полдня; часы; часов; количество часов; pół dnia; godziny; liczba godzin; μισή ημέρα; \
    ώρες; yarım gün; saat; 半日; 半天; 时间; 時間; 小时; 반차; 시간; نصف يوم; ساعات";

/// How a number of days becomes a last day.
pub(super) struct Length<'a> {
    pub(super) header: &'a Header,
    pub(super) extra: &'a Header,
    pub(super) wishes: &'a Wishes,
    pub(super) period: Option<&'a Period>,
    /// Days on which nobody works, as far as the policy names them.
    pub(super) closed: &'a [NaiveDate],
}

/// Asks about columns that say how long a leave is, and are not read.
pub(super) fn ask(header: &Header, extra: &Header, wishes: &Wishes, log: &mut Log) {
    let (says, file) = (header.says(), header.file.as_str());
    let mapped = |title: &str| (0..2).any(|at| extra.has(at) && fold(extra.title(at)) == fold(title));
    let listed = |list: &[String], title: &str| list.iter().any(|other| fold(other) == fold(title));
    for (_, title) in header.others().filter(|(_, title)| !mapped(title) && !listed(&says.ignore, title)) {
        let plain = fold(title).replace(['_', '-'], " ");
        let (days, part) = (is_days(&plain), PARTS.split("; ").any(|word| word.trim() == plain));
        if !days && !part {
            continue;
        }
        if listed(&wishes.leave.whole_days, title) {
            log.note(file, format!("`{}` is not read: a day is absent whole, as policy.toml says", shown(title)));
            continue;
        }
        let why = "this column may say how much of a day or how many days somebody is away, and is not read";
        let number = Some(("it is the number of days", "days", title)).filter(|_| days && !extra.has(DAYS));
        let whole =
            ("all days from the first to the last are absent whole, whatever stands in it", "whole_days", title);
        let answers: Vec<(&str, &str, &str)> = number.into_iter().chain([whole]).collect();
        Unread { file, row: None, title }.ask(says, why, &answers, log);
    }
}

impl Length<'_> {
    /// The rows with their last days.
    pub(super) fn settle(&self, rows: Vec<Tidy>, log: &mut Log) -> Vec<Tidy> {
        let (mut halves, mut counted_rows, mut kept) = (0, 0, Vec::new());
        let file = rows.first().map(|row| row.file.clone()).unwrap_or_default();
        for mut row in rows {
            if let Some(counts) = self.row(&mut row, &mut halves, log) {
                counted_rows += u64::from(counts);
                kept.push(row);
            }
        }
        if halves > 0 {
            let rows = counted(halves, "row has", "rows have");
            log.note(&file, format!("{rows} a part of a day, which counts whole"));
        }
        if counted_rows > 0 && self.wishes.leave.days_are == Some(DaysAre::Working) {
            let rows = counted(counted_rows, "last day is", "last days are");
            log.note(
                &file,
                format!(
                    "{rows} counted by the policy's weekdays and holidays; holidays outside the period are not known"
                ),
            );
        }
        kept
    }

    /// Gives a row its last day. Whether it was counted; none where there is an error, which is in the log.
    fn row(&self, row: &mut Tidy, halves: &mut u64, log: &mut Log) -> Option<bool> {
        let text = row.extra[DAYS].clone();
        let Ok(from) = row.cells[FROM].parse::<NaiveDate>() else { return Some(false) };
        if text.is_empty() {
            return Some(false);
        }
        let Some((days, part)) = whole(&text) else {
            let advice = "Write a number of days, like 5 or 2.5";
            return self.refuse(row, &text, "this is no number of days", advice, log);
        };
        *halves += u64::from(part);
        // One day in words is where the leave begins; its length says where it ends.
        let begins = self.extra.has(LEAVE) && row.cells[FROM] == row.cells[TO];
        if let Some(to) = row.cells[TO].parse::<NaiveDate>().ok().filter(|_| !begins) {
            let has = u64::try_from(to.signed_duration_since(from).num_days() + 1).unwrap_or_default();
            if days > has {
                let why = format!("from {from} to {to} there are no more than {}", counted(has, "day", "days"));
                return self.refuse(row, &text, &why, "Correct the days or the number of them", log);
            }
            return Some(false);
        }
        let Some(last) = self.last(row, from, days, &text, log)? else { return Some(false) };
        row.cells[TO] = last.to_string();
        Some(true)
    }

    /// The last of so many days; none within where it must be asked what they count.
    fn last(&self, row: &Tidy, from: NaiveDate, days: u64, text: &str, log: &mut Log) -> Option<Option<NaiveDate>> {
        let weekdays = self.period.map(|period| period.weekdays).filter(|days| days.contains(&true));
        match (self.wishes.leave.days_are, weekdays) {
            (Some(DaysAre::Calendar), _) => Some(from.checked_add_days(Days::new(days - 1))),
            (Some(DaysAre::Working), Some(weekdays)) => {
                let works = |day: &NaiveDate| {
                    weekdays[day.weekday().num_days_from_monday() as usize] && !self.closed.contains(day)
                };
                Some(from.iter_days().filter(works).nth(usize::try_from(days - 1).unwrap_or_default()))
            }
            (Some(DaysAre::Working), None) => {
                self.refuse(row, text, "the policy's weekdays are not known", "Correct [period] of policy.toml", log)
            }
            (None, _) => {
                let why = "the last day is not stated, and nothing says which days are counted";
                let problem = row.problem(self.extra, DAYS, text, why, "");
                let offers: [Offer<'_>; 2] = [
                    ("working days, by the policy's weekdays and holidays", &[("days_are", "working")]),
                    ("calendar days", &[("days_are", "calendar")]),
                ];
                log.ask(self.header.says(), problem, &offers);
                Some(None)
            }
        }
    }

    /// Reports a number of days that can't be; there is nothing to give.
    fn refuse<T>(&self, row: &Tidy, text: &str, why: &str, advice: &str, log: &mut Log) -> Option<T> {
        tell(log, Level::Error, "numbers of days that can't be", row.problem(self.extra, DAYS, text, why, advice));
        None
    }
}

fn is_days(title: &str) -> bool {
    super::likeness::likeness("days", title) >= 90
}

/// A number of days, rounded up, and whether a part was.
fn whole(text: &str) -> Option<(u64, bool)> {
    let text = super::super::dates::plain::plain(text).replace(',', ".");
    let text = match text.strip_suffix('½') {
        Some(number) => format!("{}.5", if number.trim().is_empty() { "0" } else { number.trim() }),
        None => text,
    };
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    let digits = |text: &str| !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    let part = if digits(part) { part.bytes().any(|digit| digit != b'0') } else { return None };
    let days = digits(whole).then(|| whole.parse::<u64>().ok())?? + u64::from(part);
    (1..=MOST_DAYS).contains(&days).then_some((days, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_days_are_rounded_up() {
        for (text, days) in [
            ("5", Some((5, false))),
            ("5.0", Some((5, false))),
            ("2,5", Some((3, true))),
            ("0.5", Some((1, true))),
            ("½", Some((1, true))),
            ("1½", Some((2, true))),
            ("٥", Some((5, false))),
            ("0", None),
            ("-1", None),
            ("five", None),
            ("99999", None),
            ("1.2.3", None),
            ("", None),
        ] {
            assert_eq!(whole(text), days, "{text}");
        }
    }
}
