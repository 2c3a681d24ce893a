//! `[period] holidays`: days on which nobody inspects, as a list or as a file of the office (a calendar or a CSV table).
//!
//! They join the days of the rule parameter `availability.blackout`, so nothing else need know of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::de::DeValue;

use super::{Clerk, Policy, Says, Value};
use crate::model::{Period, Setting};
use crate::read::csv::{self, Record, Stop};
use crate::read::dates::{Dates, settle_all};
use crate::read::explained::stopped;
use crate::read::header::Header;
use crate::read::ics::{self, Wanted};
use crate::read::ids::fold;
use crate::read::problem::{Log, Problem, counted, shown};
use crate::read::source::{POLICY, Source};
use crate::read::table::{Row, Table, is_readable, may};
use crate::read::text;

const TABLE: Table = Table { name: "holidays", columns: &[may("date"), may("from"), may("to"), may("name")] };
const DATE: usize = 0;
const FROM: usize = 1;
const TO: usize = 2;
const NAME: usize = 3;

/// Most bytes and rows of a table of holidays.
const MOST_BYTES: u64 = 8 << 20;
const MOST_ROWS: usize = 20_000;
/// Days that a note names.
const NAMED: usize = 5;

/// What the policy says of holidays.
pub(super) enum Holidays {
    /// A file of the case, and the line of the policy that names it.
    File(String, u64),
    Days(Vec<NaiveDate>),
}

/// Days from one to another, and what they are called.
type Span = (NaiveDate, NaiveDate, String);

impl Clerk<'_> {
    /// A file's name or a list of days.
    pub(super) fn holidays(&mut self, value: &Value<'_>) -> Option<Holidays> {
        let key = "[period] holidays";
        if let DeValue::Array(items) = value.get_ref() {
            let days: Vec<Option<NaiveDate>> = items.iter().map(|item| self.date(key, item)).collect();
            return days.into_iter().collect::<Option<Vec<_>>>().map(Holidays::Days);
        }
        let name = self.text_of(key, value)?;
        let plain = !name.is_empty() && !name.contains(['/', '\\', ':', '\0']) && !name.starts_with('.');
        if !plain {
            let advice = "Put the file into the folder of the case, and write its name alone";
            self.refuse_value(key, value, "this is no name of a file in the folder of the case", advice);
            return None;
        }
        let before = self.text.get(..value.span().start).unwrap_or_default();
        Some(Holidays::File(name, before.matches('\n').count() as u64 + 1))
    }
}

/// Puts the holidays of the period among the days on which nobody inspects.
pub(super) fn settle(source: &dyn Source, policy: &mut Policy, log: &mut Log) {
    let (Some(holidays), Some(period)) = (&policy.holidays, &policy.period) else { return };
    let (file, spans) = match holidays {
        Holidays::Days(days) => (POLICY, Some(days.iter().map(|day| (*day, *day, String::new())).collect())),
        Holidays::File(name, line) => (name.as_str(), read(source, name, *line, period, log)),
    };
    let Some(spans) = spans.filter(|spans: &Vec<Span>| !spans.is_empty() || file != POLICY) else { return };
    let days = within(&spans, period);
    tell(file, &spans, &days, log);
    let parameters = policy.settings.entry("availability".to_owned()).or_default();
    let is_off = parameters.get("enabled") == Some(&Setting::Switch(false));
    if is_off && !days.is_empty() {
        let why = "there are holidays, and the rule `availability` is turned off: visits may be planned on them";
        let advice = "Turn it on again, or take the line `holidays` out";
        log.push(Problem::warning(POLICY, why, advice).column("[period] holidays"));
    }
    let blackout = parameters.entry("blackout".to_owned()).or_insert_with(|| Setting::List(Vec::new()));
    // What is no list is refused by the rule itself.
    if let Setting::List(list) = blackout {
        list.extend(days.keys().map(NaiveDate::to_string));
        list.sort_unstable();
        list.dedup();
    }
}

/// The days of the period, each with its first name.
fn within(spans: &[Span], period: &Period) -> BTreeMap<NaiveDate, String> {
    let mut days = BTreeMap::new();
    for (from, to, name) in spans {
        let (from, to) = ((*from).max(period.from), (*to).min(period.to));
        for day in from.iter_days().take_while(|day| *day <= to) {
            days.entry(day).or_insert_with(|| name.clone());
        }
    }
    days
}

fn tell(file: &str, spans: &[Span], days: &BTreeMap<NaiveDate, String>, log: &mut Log) {
    let holidays = counted(spans.len() as u64, "holiday", "holidays");
    if days.is_empty() {
        let why = format!("none of its {holidays} lies in the period");
        let advice = "If the period has holidays, put those of its year there; if it has none, take the line out";
        return log.push(Problem::warning(file, why, advice).column("[period] holidays"));
    }
    let one = |(day, name): (&NaiveDate, &String)| match name.is_empty() {
        true => day.to_string(),
        false => format!("{day} ({})", shown(name)),
    };
    let named: Vec<String> = days.iter().take(NAMED).map(one).collect();
    let more = days.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let count = counted(days.len() as u64, "day of the period is a holiday", "days of the period are holidays");
    log.note(file, format!("{holidays}; {count}, on which nobody inspects: {}{more}", named.join(", ")));
}

/// The holidays of a file.
fn read(source: &dyn Source, file: &str, line: u64, period: &Period, log: &mut Log) -> Option<Vec<Span>> {
    let refuse = |why: String, log: &mut Log| {
        let advice = "Put the file into the folder of the case (.ics, or .csv with a column `date`), or take the line out of policy.toml";
        log.push(Problem::error(POLICY, why, advice).row(line).column("[period] holidays").value(file));
        None
    };
    match source.size(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return refuse("there is no such file".to_owned(), log);
        }
        Err(error) => return refuse(format!("the file can't be read: {error}"), log),
        Ok(_) => {}
    }
    if ics::is_calendar(source, file) {
        let from = period.from.checked_sub_days(chrono::Days::new(366)).unwrap_or(period.from);
        let says = Says::default();
        let wanted = Wanted::of_days(&says, (from, period.to));
        let days = ics::read(source, file, &wanted, log)?;
        return Some(days.iter().map(|days| (days.from, days.to, days.about.summary.clone())).collect());
    }
    if !file.to_lowercase().ends_with(".csv") {
        return refuse("this is neither a calendar (iCalendar) nor a table (CSV)".to_owned(), log);
    }
    match rows(source, file, log) {
        Ok(Some(rows)) => table(file, &rows, log),
        Ok(None) => None,
        Err(stop) => {
            stopped(&Says::default(), file, stop, log);
            None
        }
    }
}

type Rows = Vec<(u64, Vec<String>)>;

/// The rows of a table that are not blank; none where it is too large or no text.
fn rows(source: &dyn Source, file: &str, log: &mut Log) -> Result<Option<Rows>, Stop> {
    if !is_readable(source, file, log)? {
        return Ok(None);
    }
    let mut rows = Rows::new();
    let large = source.size(file).map_err(Stop::Io)? > MOST_BYTES;
    if !large {
        let known = |title: &str| TABLE.columns.iter().any(|column| column.name == fold(title));
        let pick = |sample: &str| csv::delimiter(sample, &known);
        let Some(text) = text::open(source, file, &Says::default(), &pick, log)? else { return Ok(None) };
        text.rows(&mut |record| {
            if !record.is_blank() {
                let first = rows.is_empty();
                let cell =
                    |cell: &str| if first { cell.trim_start_matches('\u{FEFF}').to_owned() } else { cell.to_owned() };
                rows.push((record.row, record.cells().map(cell).collect()));
            }
            rows.len() <= MOST_ROWS
        })?;
    }
    if large || rows.len() > MOST_ROWS {
        log.push(Problem::error(
            file,
            "there are too many rows for a list of holidays",
            "Keep the holidays of a few years",
        ));
        return Ok(None);
    }
    Ok(Some(rows))
}

/// Where our columns stand, and whether the first row is a header. None where nobody can know.
fn places(rows: &Rows) -> Option<(Vec<Option<usize>>, bool)> {
    let first = &rows.first()?.1;
    let named = |column: &str| first.iter().position(|cell| fold(cell) == column);
    let places: Vec<Option<usize>> = TABLE.columns.iter().map(|column| named(column.name)).collect();
    if places[DATE].is_some() || places[FROM].is_some() {
        return Some((places, true));
    }
    let is_date = |cell: &str| {
        cell.starts_with(|letter: char| letter.is_ascii_digit()) && cell.bytes().filter(u8::is_ascii_digit).count() >= 6
    };
    let width = rows.iter().map(|(_, cells)| cells.len()).max()?;
    let below = if rows.len() > 1 { &rows[1..] } else { &rows[..] };
    let all = |at: &usize| below.iter().all(|(_, cells)| cells.get(*at).is_some_and(|cell| is_date(cell)));
    let dates: Vec<usize> = (0..width).filter(all).collect();
    let [date] = dates.as_slice() else { return None };
    let name = (width == 2).then(|| 1 - date.min(&1));
    Some((vec![Some(*date), None, None, name], !first.get(*date).is_some_and(|cell| is_date(cell))))
}

/// The days of a table.
fn table(file: &str, rows: &Rows, log: &mut Log) -> Option<Vec<Span>> {
    let before = log.errors();
    let Some((places, has_header)) = places(rows) else {
        let advice = "Give it a header with a column `date` (or `from` and `to`), and `name` if you like";
        log.push(Problem::error(file, "nobody can know which column has the dates", advice));
        return None;
    };
    let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
    let mut titles =
        if has_header { rows[0].1.clone() } else { TABLE.columns.iter().map(|_| "date".to_owned()).collect() };
    titles.resize(width.max(titles.len()), String::new());
    let header = Header::found(&TABLE, file, false, &titles, Says::default()).at(places);
    let mut dates = [DATE, FROM, TO].map(Dates::new);
    let mut drafts = Vec::new();
    for (number, cells) in rows.iter().skip(usize::from(has_header)) {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for cell in cells {
            text.push_str(cell);
            ends.push(text.len());
        }
        let record = Record::new(*number, &text, &ends);
        let row = Row::new(&header, &record);
        let keys: Vec<_> = dates.iter_mut().map(|column| column.take(&row)).collect();
        if keys[DATE].is_none() && keys[FROM].is_none() {
            let why = "the row has no day";
            log.push(Problem::error(file, why, "Write the day, or take the row out").row(*number));
        }
        drafts.push((*number, keys, row.text(NAME).unwrap_or_default().to_owned()));
    }
    let settled = settle_all(&dates.each_ref().map(|dates| (dates, &header)), log);
    let mut spans = Vec::new();
    for (number, keys, name) in drafts {
        let day = |column: usize| settled[column].get(keys[column]);
        let Some(from) = day(DATE).or_else(|| day(FROM)) else { continue };
        let to = day(TO).unwrap_or(from);
        if to < from {
            let why = format!("the holiday ends on {to}, before it begins on {from}");
            log.push(Problem::error(file, why, "Correct the one or the other").row(number));
        }
        spans.push((from, to, name));
    }
    (log.errors() == before).then_some(spans)
}
