//! Which day each column is: the month and the year from the titles, and the weekdays as their proof.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::super::super::choice::Offer;
use super::super::super::policy::Says;
use super::super::super::problem::{Log, shown};
use super::super::kind::Wishes;
use super::board::{Block, Board};
use super::day::Words;
use super::line::{Column, runs};
use super::title::{Title, title};
use super::weekdays::Verdict;
use crate::model::Period;

const ADVICE: &str =
    "Write the month and the year into a line above the days, like January 2027, or whole dates over them";

/// Lines at the top of a sheet that may be titles, and cells of a line that are looked at.
const TITLES: usize = 40;
const CELLS: usize = 64;

/// What is asked for the days of a board.
pub(super) struct Months<'a> {
    pub(super) board: &'a Board,
    pub(super) words: &'a Words,
    pub(super) wishes: &'a Wishes,
    pub(super) says: &'a Says,
    pub(super) period: Option<&'a Period>,
    /// Lines above the first block: titles of the whole sheet. Those down to its line of days are its own; but one that names no month
    /// may be the sheet's too.
    pub(super) top: usize,
    pub(super) first: usize,
    /// Whether the sheet has one block only.
    pub(super) alone: bool,
}

impl Months<'_> {
    /// The day of each column of a block; none of a day that the calendar has not. None where it can't be known, which is told.
    pub(super) fn dates(&self, block: &Block, log: &mut Log) -> Option<Vec<Option<NaiveDate>>> {
        let runs = runs(block.columns.clone());
        let single = runs.len() == 1;
        let mut dates: Vec<Option<NaiveDate>> = Vec::new();
        for run in &runs {
            dates.extend(self.run(block, run, single, log)?);
        }
        let mut last: Option<NaiveDate> = None;
        for (column, date) in block.columns.iter().zip(&dates).filter_map(|(column, date)| Some((column, (*date)?))) {
            if last.is_some_and(|last| last >= date) {
                let why = "the days begin again here, and no month is written over them";
                log.push(self.problem(block, column, why, ADVICE));
                return None;
            }
            last = Some(date);
        }
        Some(dates)
    }

    fn problem(
        &self,
        block: &Block,
        column: &Column,
        why: impl Into<String>,
        advice: impl Into<String>,
    ) -> super::super::super::problem::Problem {
        let text = self.board.cell(block.line, column.at);
        self.board.problem(self.board.number(block.line), column.at, why, advice).value(text)
    }

    /// Days that follow each other.
    fn run(&self, block: &Block, run: &[Column], single: bool, log: &mut Log) -> Option<Vec<Option<NaiveDate>>> {
        let first = run.first()?;
        let titles = self.titles(block, run, single);
        if first.told.year.is_some() {
            let dates = run.iter().map(|column| day(column.told.year?, column.told.month?, column.told.day)).collect();
            return self.proven(block, run, dates, log);
        }
        let named = titles.iter().find(|title| title.month().is_some());
        let month = named.and_then(Title::month);
        let wrong = self.contradiction(&titles, single, self.weekdays(block, run).is_empty());
        if let Some(why) = wrong {
            log.push(self.problem(block, first, why, "Correct the title or the name of the sheet, whichever is wrong"));
            return None;
        }
        let Some(month) = first.told.month.or(month) else {
            let several = titles.iter().find_map(|title| title.several.clone());
            let (why, advice) = match several {
                Some(several) => (
                    format!("the month of these days is not clear: {several}"),
                    "Say which language it is, such as --map absences.language=pl".to_owned(),
                ),
                None => ("nothing says which month these days are of".to_owned(), ADVICE.to_owned()),
            };
            log.push(self.problem(block, first, why, advice));
            return None;
        };
        let years = stated(&titles, named);
        let turns = run.windows(2).any(|pair| pair[0].told.month > pair[1].told.month);
        match years.year().filter(|_| !turns) {
            Some(year) => self.proven(block, run, in_year(run, year, month), log),
            None => self.of_year(block, run, month, &years, log),
        }
    }

    /// Days whose year nothing states: the weekdays prove it, or somebody says that it is the period's.
    fn of_year(
        &self,
        block: &Block,
        run: &[Column],
        month: u32,
        stated: &Title,
        log: &mut Log,
    ) -> Option<Vec<Option<NaiveDate>>> {
        let first = run.first()?;
        // Days that go on into the next year may begin in the year before the one that is stated.
        let years: BTreeSet<i32> = match (stated.year(), self.period) {
            (Some(year), _) => [year - 1, year].into(),
            (None, _) if stated.of_accounts => stated.years.clone(),
            (None, Some(period)) => (period.from.year()..=period.to.year()).collect(),
            (None, None) => BTreeSet::new(),
        };
        let words = self.weekdays(block, run);
        if !words.is_empty() {
            let fits = |year: &&i32| self.wrong(&words, &in_year(run, **year, month)).is_none();
            let fitting: Vec<i32> = years.iter().filter(fits).copied().collect();
            if let [year] = fitting.as_slice() {
                let row = self.board.row(self.board.number(block.line), first.at);
                log.note(
                    &self.board.file,
                    format!("row {row}: the year is {year}, as the names of the weekdays prove"),
                );
                return Some(in_year(run, *year, month));
            }
            if fitting.is_empty() && !years.is_empty() {
                let years: Vec<String> = years.iter().map(ToString::to_string).collect();
                let why = format!("the names of the weekdays are not those of month {month} in {}", years.join(" or "));
                log.push(self.problem(
                    block,
                    first,
                    why,
                    "Correct the names of the weekdays or the title, or write the year into it",
                ));
                return None;
            }
        }
        if stated.of_accounts && stated.years.len() == 2 {
            return self.of_accounts(block, run, month, stated, log);
        }
        let why = match stated.of_accounts {
            true => format!("the title names a fiscal year, and nothing proves which year month {month} is of"),
            false => format!("the year of the days of month {month} is left out"),
        };
        if stated.year().is_some() {
            log.push(self.problem(
                block,
                first,
                "these days go on into another year, and nothing says from which",
                "Write whole dates over them",
            ));
            return None;
        }
        let within = |year: &&i32| {
            self.period.is_some_and(|period| {
                in_year(run, **year, month).into_iter().flatten().any(|date| (period.from..=period.to).contains(&date))
            })
        };
        let inside: Vec<i32> = years.iter().filter(|year| years.len() == 1 || within(year)).copied().collect();
        match inside.as_slice() {
            [year] if self.wishes.leave.year_of_period => {
                log.note(
                    &self.board.file,
                    format!("a year that is left out is {year}, the period's, as policy.toml says"),
                );
                self.proven(block, run, in_year(run, *year, month), log)
            }
            [year] => {
                let answer = format!("it is {year}, the period's");
                log.ask(self.says, self.problem(block, first, why, ""), &[(&answer, &[("year", "period")])]);
                None
            }
            _ => {
                log.push(self.problem(block, first, why, ADVICE));
                None
            }
        }
    }

    /// Days of a year of accounts that two years name: somebody says in which month of the first it begins.
    fn of_accounts(
        &self,
        block: &Block,
        run: &[Column],
        month: u32,
        stated: &Title,
        log: &mut Log,
    ) -> Option<Vec<Option<NaiveDate>>> {
        let (first, second) = (stated.years.first().copied()?, stated.years.last().copied()?);
        if let Some(begins) = self.wishes.leave.year_begins {
            let year = if month >= begins { first } else { second };
            let row = self.board.row(self.board.number(block.line), run.first()?.at);
            log.note(
                &self.board.file,
                format!("row {row}: month {month} of {first}/{second} is of {year}, as `year_begins` says"),
            );
            return self.proven(block, run, in_year(run, year, month), log);
        }
        let why = format!(
            "the title names the two years {first} and {second}, and nothing proves which of them month {month} is of: in which month does the year begin? (any month can be said, from 1 to 12)"
        );
        let offers: [Offer<'_>; 4] = [
            ("in April", &[("year_begins", "4")]),
            ("in July", &[("year_begins", "7")]),
            ("in September", &[("year_begins", "9")]),
            ("in October", &[("year_begins", "10")]),
        ];
        log.ask(self.says, self.problem(block, run.first()?, why, ""), &offers);
        None
    }

    /// The titles of some days, the nearest first.
    fn titles(&self, block: &Block, run: &[Column], single: bool) -> Vec<Title> {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return Vec::new() };
        let read = |text: &str| title(text, &self.words.months);
        let says = |title: &Title| !(title.months.is_empty() && title.years.is_empty() && title.several.is_none());
        let lines = || (block.head..block.line).rev();
        let over = lines().flat_map(|line| (first.at..=last.end).map(move |at| self.board.cell(line, at)));
        let mut near: Vec<Title> = over.map(read).filter(says).collect();
        let corner = (block.head..=block.line)
            .rev()
            .flat_map(|line| block.labels.iter().map(move |at| self.board.cell(line, *at)));
        let own = block.labels.first().copied().unwrap_or_default()..=last.end;
        let other = lines().flat_map(|line| self.board.sheet.lines[line].filled());
        let other = other.filter(move |(at, _)| own.contains(at)).take(CELLS * 5).map(|(_, text)| text);
        let top = self.board.sheet.lines[..self.top.min(TITLES)].iter();
        let top = top.flat_map(|line| line.filled().take(CELLS).map(|(_, text)| text));
        let own_of_first = self.board.sheet.lines[self.top..self.first].iter().filter(|_| block.line > self.first);
        let whole = own_of_first.flat_map(|line| line.filled().take(CELLS).map(|(_, text)| text));
        let whole = whole.filter(move |text| read(text).months.is_empty() && read(text).several.is_none());
        let far = top.chain([self.board.sheet.name.as_str()]).chain(whole);
        // Over several months only what stands over the days themselves names one of them.
        let rest = |title| if single { title } else { Title { months: BTreeSet::new(), ..title } };
        near.extend(corner.chain(other).map(read).filter(says).map(rest));
        let mut far: Vec<Title> = far.map(read).filter(says).map(rest).collect();
        // What is nothing but a title is believed first.
        near.sort_by_key(|title| !title.sure);
        far.sort_by_key(|title| !title.sure);
        near.into_iter().chain(far).collect()
    }

    /// Two titles of the same days that name different months or years.
    fn contradiction(&self, titles: &[Title], single: bool, unproven: bool) -> Option<String> {
        if !(single && self.alone) {
            return None;
        }
        // A text that says more than a month may speak of another one; without weekdays nothing shows that it does.
        let counts = |title: &&Title| title.sure || unproven;
        let months: BTreeSet<u32> = titles.iter().filter(counts).filter_map(Title::month).collect();
        let years: BTreeSet<i32> = titles.iter().filter(|title| title.sure).filter_map(Title::year).collect();
        let (months, years): (Vec<u32>, Vec<i32>) = (months.into_iter().collect(), years.into_iter().collect());
        match (months.as_slice(), years.as_slice()) {
            ([one, other, ..], _) => {
                Some(format!("the titles and the name of the sheet name two months, {one} and {other}"))
            }
            (_, [one, other, ..]) => {
                Some(format!("the titles and the name of the sheet name two years, {one} and {other}"))
            }
            _ => None,
        }
    }

    /// The names of the weekdays of some days, each with the column that it stands in.
    fn weekdays<'t>(&'t self, block: &'t Block, run: &'t [Column]) -> Vec<(usize, &'t str)> {
        let of = |(nth, column): (usize, &'t Column)| {
            let below = block.weekdays.map(|line| self.board.cell(line, column.at)).filter(|text| !text.is_empty());
            Some((nth, below.or(column.told.weekday.as_deref())?))
        };
        run.iter().enumerate().filter_map(of).collect()
    }

    /// The first weekday that is not that of its day.
    fn wrong(&self, words: &[(usize, &str)], dates: &[Option<NaiveDate>]) -> Option<(usize, NaiveDate)> {
        let dated: Vec<(usize, &str, NaiveDate)> =
            words.iter().filter_map(|(nth, word)| Some((*nth, *word, (*dates.get(*nth)?)?))).collect();
        if dated.is_empty() {
            return None;
        }
        let days: Vec<(&str, NaiveDate)> = dated.iter().map(|(_, word, date)| (*word, *date)).collect();
        match self.words.weekdays.judge(&days) {
            Verdict::Agree => None,
            Verdict::Wrong(at) => dated.get(at).map(|(nth, _, date)| (*nth, *date)),
        }
    }

    /// The days, if the weekdays over them are theirs.
    fn proven(
        &self,
        block: &Block,
        run: &[Column],
        dates: Vec<Option<NaiveDate>>,
        log: &mut Log,
    ) -> Option<Vec<Option<NaiveDate>>> {
        let words = self.weekdays(block, run);
        let Some((nth, date)) = self.wrong(&words, &dates) else { return Some(dates) };
        let column = run.get(nth)?;
        let word = words.iter().find(|(other, _)| *other == nth).map_or("", |(_, word)| *word);
        let why = format!("`{}` stands with {date}, which is a {}", shown(word), date.format("%A"));
        let advice = "Correct the names of the weekdays, or the month and the year of the title, whichever is wrong";
        log.push(self.problem(block, column, why, advice));
        None
    }
}

/// What the titles say of the year: the one that names the month, then what is nothing but a title, then the nearest.
fn stated(titles: &[Title], named: Option<&Title>) -> Title {
    let has = |title: &&Title| title.year().is_some() || title.of_accounts;
    let sure = || titles.iter().filter(|title| title.sure).find(has);
    named.filter(has).or_else(sure).or_else(|| titles.iter().find(has)).cloned().unwrap_or_default()
}

/// The days in a year; where they begin the next year, in that.
fn in_year(run: &[Column], year: i32, month: u32) -> Vec<Option<NaiveDate>> {
    let (mut year, mut last) = (year, 0);
    let mut dates = Vec::with_capacity(run.len());
    for column in run {
        let month = column.told.month.unwrap_or(month);
        year += i32::from(month < last);
        last = month;
        dates.push(day(year, month, column.told.day));
    }
    dates
}

fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).filter(|date| (1900..=2200).contains(&date.year()))
}
