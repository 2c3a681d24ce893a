//! Leave, in two columns or in words, of people by id or by name.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::super::dates::months::Months;
use super::super::header::Header;
use super::super::problem::{Level, Log, Problem, counted, shown};
use super::kind::Wishes;
use super::lay::tell;
use super::length::{DAYS, Length};
use super::names::Known;
use super::rows::Tidy;
use super::span::{Assumed, NO_END, Reader, Refusal, Span};
use crate::model::Period;

const INSPECTOR: usize = 0;
const FROM: usize = 1;
const TO: usize = 2;
const LEAVE: usize = 0;

/// Most bytes of a cell of leave: all ways to read it are tried.
const MOST_BYTES: usize = 1000;

/// How leave in words is read, and whose it may be.
pub(super) struct Leave<'a> {
    pub(super) header: &'a Header,
    pub(super) extra: &'a Header,
    pub(super) wishes: &'a Wishes,
    pub(super) period: Option<&'a Period>,
    /// Days on which nobody works, as far as the policy names them.
    pub(super) closed: &'a [NaiveDate],
    pub(super) people: &'a Known,
}

/// A sentence that holds for some cells: how many, and the first.
type Said = BTreeMap<String, (u64, u64)>;

impl Leave<'_> {
    /// One row an absence, with ids and ISO dates.
    pub(super) fn settle(&self, rows: Vec<Tidy>, log: &mut Log) -> Vec<Tidy> {
        let Some(file) = rows.first().map(|row| row.file.clone()) else { return rows };
        let rows = apart(rows, INSPECTOR, self.header, self.wishes, self.people, log);
        let rows = named(rows, INSPECTOR, self.header, self.people, log);
        let length = Length {
            header: self.header,
            extra: self.extra,
            wishes: self.wishes,
            period: self.period,
            closed: self.closed,
        };
        let rows = if self.extra.has(LEAVE) { self.in_words(rows, &file, log) } else { rows };
        if self.extra.has(DAYS) { length.settle(rows, log) } else { rows }
    }

    /// The rows whose leave is in words, one row a span.
    fn in_words(&self, rows: Vec<Tidy>, file: &str, log: &mut Log) -> Vec<Tidy> {
        let reader = self.reader();
        let order = self.order(&reader, &rows, log);
        let (mut said, mut all) = (Said::new(), Vec::new());
        for row in rows {
            self.row(&reader, order, row, &mut said, &mut all, log);
        }
        for (what, (count, first)) in said {
            log.note(file, format!("{what} ({}, first in row {first})", counted(count, "cell", "cells")));
        }
        all
    }

    fn reader(&self) -> Reader<'_> {
        let (words, says) = (&self.wishes.leave, &self.wishes.says);
        let year = self.period.filter(|period| period.from.year() == period.to.year()).map(|period| period.from.year());
        let months = Months::of(says.language.as_deref(), says.calendar);
        Reader { months, words, year, calendar: says.calendar, table: "absences" }
    }

    fn row(
        &self,
        reader: &Reader<'_>,
        day_first: Option<bool>,
        row: Tidy,
        said: &mut Said,
        all: &mut Vec<Tidy>,
        log: &mut Log,
    ) {
        let text = row.extra[LEAVE].clone();
        if text.is_empty() && !row.cells[FROM].is_empty() {
            all.push(row);
            return;
        }
        if text.len() > MOST_BYTES {
            let why = format!("the cell is longer than {MOST_BYTES} bytes");
            let problem = Problem::error(&row.file, why, "Write each time of leave in a row of its own");
            let problem = problem.row(row.row).column(self.extra.title(LEAVE)).value(&text);
            return tell(log, Level::Error, "cells of leave that can't be read", problem);
        }
        match self.spans(reader, &text, day_first).and_then(|read| agrees(&row, read)) {
            Ok((spans, assumed)) => {
                for sentence in assumed {
                    said.entry(sentence).or_insert((0, row.row)).0 += 1;
                }
                for span in spans {
                    let mut row = row.clone();
                    row.cells[FROM] = span.from.to_string();
                    row.cells[TO] = span.to.unwrap_or(NO_END).to_string();
                    all.push(row);
                }
            }
            Err(Refusal { why, advice, offers }) => {
                let problem =
                    Problem::error(&row.file, why, advice).row(row.row).column(self.extra.title(LEAVE)).value(&text);
                match offers.is_empty() {
                    true => tell(log, Level::Error, "cells of leave that can't be read", problem),
                    false => log.ask(self.header.says(), problem, offers),
                }
            }
        }
    }

    /// What a cell says; where day and month could be exchanged, only if something proves which comes first.
    fn spans(&self, reader: &Reader<'_>, text: &str, day_first: Option<bool>) -> Result<(Vec<Span>, Assumed), Refusal> {
        if let Some(day_first) = day_first {
            return reader.read(text, day_first);
        }
        let (day, month) = (reader.read(text, true), reader.read(text, false));
        match (&day, &month) {
            (Ok((one, _)), Ok((other, _))) if one != other => Err(Refusal::new(
                "nothing proves whether day or month comes first",
                "Write the days like 2027-01-03, or say which: --map absences.dates=%d/%m/%Y (day first) or %m/%d/%Y",
            )),
            (Err(_), Ok(_)) => month,
            _ => day,
        }
    }

    /// Whether the day comes first where a slash leaves it open: as the policy says, or as all cells prove that can prove it.
    fn order(&self, reader: &Reader<'_>, rows: &[Tidy], log: &mut Log) -> Option<bool> {
        if let Some(format) = &self.wishes.says.dates {
            return Some(format.find("%d") < format.find("%m"));
        }
        let proves = |day_first: bool| {
            let reads = |text: &str, day_first| reader.read(text, day_first).is_ok();
            rows.iter().find(move |row| {
                let text = &row.extra[LEAVE];
                !text.is_empty() && reads(text, day_first) && !reads(text, !day_first)
            })
        };
        let (day, month) = (proves(true), proves(false));
        if let (Some(day), None) | (None, Some(day)) = (day, month) {
            let first = if month.is_none() { "day" } else { "month" };
            let says =
                format!("leave: the {first} comes first, as row {} proves (`{}`)", day.row, shown(&day.extra[LEAVE]));
            log.note(&day.file, says);
        }
        match (day.is_some(), month.is_some()) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    }
}

/// Leave in words beside a first and a last day must be the same days: one of the two is something else.
fn agrees(row: &Tidy, read: (Vec<Span>, Assumed)) -> Result<(Vec<Span>, Assumed), Refusal> {
    let (from, to) = (&row.cells[FROM], &row.cells[TO]);
    let same = |cell: &String, day: NaiveDate| cell.is_empty() || *cell == day.to_string();
    match read.0.as_slice() {
        _ if from.is_empty() && to.is_empty() => Ok(read),
        [span] if same(from, span.from) && same(to, span.to.unwrap_or(NO_END)) => Ok(read),
        _ => {
            let why = format!("this is not what the columns of the first and the last day say, {from} to {to}");
            let advice = "Correct the one or the other; if this column is not the days of the leave, take `leave` out of [import.absences] of policy.toml";
            Err(Refusal::new(why, advice))
        }
    }
}

/// One row a person, where a cell names several with the separator that the policy states between them.
pub(super) fn apart(
    rows: Vec<Tidy>,
    column: usize,
    header: &Header,
    wishes: &Wishes,
    known: &Known,
    log: &mut Log,
) -> Vec<Tidy> {
    let Some(separator) = wishes.separator.as_deref() else { return rows };
    let (mut all, mut several, mut file) = (Vec::new(), (0u64, 0u64), String::new());
    for row in rows {
        let text = row.cells[column].clone();
        // A name may have the mark in it: `Surname, Name`.
        let whole = !text.contains(separator) || known.find_quietly(&text).is_some();
        let people: Vec<&str> = text.split(separator).map(str::trim).filter(|one| !one.is_empty()).collect();
        if whole || people.len() < 2 {
            all.push(row);
            continue;
        }
        (several, file) = ((several.0 + 1, if several.0 == 0 { row.row } else { several.1 }), row.file.clone());
        for person in people {
            let mut cells = row.cells.clone();
            person.clone_into(&mut cells[column]);
            all.push(Tidy { cells, ..row.clone() });
        }
    }
    if several.0 > 0 {
        let cells = counted(several.0, "cell names", "cells name");
        let title = header.title(column);
        log.note(&file, format!("{title}: {cells} several people, and each has a row (first in row {})", several.1));
    }
    all
}

/// What may stand between two people, if all that it parts are known.
fn between(text: &str, known: &Known) -> Option<&'static str> {
    [";", "/", "&", "+", " und ", " and ", " y ", " et ", " e ", ","].into_iter().find(|mark| {
        let people: Vec<&str> = text.split(mark).map(str::trim).collect();
        people.len() > 1 && people.iter().all(|one| known.find_quietly(one).is_some())
    })
}

/// Puts ids in place of names in a column; rows that name nobody are left out, and are in the log.
pub(super) fn named(rows: Vec<Tidy>, column: usize, header: &Header, known: &Known, log: &mut Log) -> Vec<Tidy> {
    let (mut by_name, mut kept) = (0, Vec::new());
    let file = rows.first().map(|row| row.file.clone()).unwrap_or_default();
    for mut row in rows {
        let text = row.cells[column].clone();
        if text.is_empty() {
            kept.push(row);
            continue;
        }
        match known.find(&text) {
            Ok(found) => {
                by_name += u64::from(found.by_name);
                row.cells[column] = found.id;
                kept.push(row);
            }
            Err((why, mut advice)) => {
                if let Some(mark) =
                    between(&text, known).filter(|_| ["absences", "conflicts"].contains(&header.says().table))
                {
                    advice = format!(
                        "The cell names several people: write a row for each; or say what stands between them: {}",
                        header.says().how("separator", mark)
                    );
                }
                tell(log, Level::Error, "names that are not one", row.problem(header, column, &text, why, advice));
            }
        }
    }
    if by_name > 0 {
        let cells = counted(by_name, "cell gives a name", "cells give names");
        log.note(&file, format!("{}: {cells} and no id; only one has it each time", header.title(column)));
    }
    kept
}
