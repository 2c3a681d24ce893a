//! What changed against the last import: who joined and left, whose absences and conflicts changed, and how many are away.
//! It shows a pool that is being thinned.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::super::ids::nfc;
use super::super::table::Desk;
use super::clean::Clean;
use super::kind::{KINDS, Kind};
use crate::model::{Period, Week};

/// A table as the case holds it before the import.
#[derive(Clone, Debug, Default)]
pub(super) struct Old {
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

/// The tables that the case holds, as text; and which of them can't be read.
pub(super) fn old(desk: &mut Desk<'_>) -> (BTreeMap<&'static str, Old>, Vec<String>) {
    let (mut all, mut broken) = (BTreeMap::new(), Vec::new());
    for kind in &KINDS {
        let before = desk.log.errors();
        let mut rows: Vec<Vec<String>> = Vec::new();
        let width = kind.table.columns.len();
        let header = desk.table(kind.table, false, &mut |row, _| {
            rows.push((0..width).map(|at| row.text(at).map(nfc).unwrap_or_default()).collect());
        });
        if desk.log.errors() > before {
            broken.push(desk.file_of(kind.table.name));
        } else if let Some(header) = header {
            let has: Vec<usize> = (0..width).filter(|at| header.has(*at)).collect();
            let columns = has.iter().map(|at| kind.table.columns[*at].name).collect();
            let rows = rows.iter().map(|row| has.iter().map(|at| row[*at].clone()).collect()).collect();
            all.insert(kind.table.name, Old { columns, rows });
        }
    }
    (all, broken)
}

impl Old {
    /// What stands in a column of each row; blank where it has no such column.
    pub(super) fn column<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let at = self.columns.iter().position(|column| *column == name);
        self.rows.iter().map(move |row| at.and_then(|at| row.get(at)).map_or("", String::as_str))
    }
}

impl From<&Clean> for Old {
    fn from(clean: &Clean) -> Self {
        Self { columns: clean.columns.clone(), rows: clean.rows.clone() }
    }
}

/// What changed in one table.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The table.
    pub table: &'static str,
    /// Whether there was a table to compare with.
    pub compared: bool,
    /// Rows now and before.
    pub rows: (usize, usize),
    /// Rows that were not there before.
    pub added: Vec<Entry>,
    /// Rows that are there no more.
    pub removed: Vec<Entry>,
    /// Rows that say something else, column by column.
    pub changed: Vec<Change>,
}

/// A row, by what it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The inspector, place or visit that it is about; blank in history.
    pub about: String,
    /// Their name, where it is known.
    pub name: String,
    /// What else it says.
    pub says: String,
}

/// A cell that says something else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The row.
    pub entry: Entry,
    /// The column.
    pub column: &'static str,
    /// What stood there; blank where nothing did.
    pub before: String,
    /// What stands there now.
    pub now: String,
}

/// How many people are away in one week of the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away {
    /// The week.
    pub week: Week,
    /// Who is away on a day of it that lies in the period, by id.
    pub who: Vec<String>,
    /// Of how many.
    pub people: usize,
    /// How many were away in the last import, of how many; none without one.
    pub before: Option<(usize, usize)>,
}

/// What makes two rows of a table the same row.
fn key_columns(kind: &Kind) -> &'static [&'static str] {
    match kind.table.name {
        "conflicts" => &["inspector", "target_kind", "target"],
        "absences" => &["inspector", "from", "to"],
        "history" => &["date", "establishment", "inspectors", "visit", "agency"],
        _ => &["id"],
    }
}

/// What changed from one state of a table to the next.
pub(super) fn compare(kind: &Kind, before: Option<&Old>, now: &Old, names: &BTreeMap<String, String>) -> Changes {
    let rows = (now.rows.len(), before.map_or(0, |old| old.rows.len()));
    let mut changes = Changes { table: kind.table.name, compared: before.is_some(), rows, ..Changes::default() };
    let Some(before) = before else { return changes };
    let (old, new) = (by_key(kind, before), by_key(kind, now));
    let entry = |key: &[String], row: &BTreeMap<&'static str, String>| about(kind, key, row, names);
    for (key, rows) in &new {
        match old.get(key) {
            None => changes.added.extend(rows.iter().map(|row| entry(key, row))),
            Some(others) => changed(kind, &entry(key, &rows[0]), others, rows, &mut changes.changed),
        }
    }
    for (key, rows) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
        changes.removed.extend(rows.iter().map(|row| entry(key, row)));
    }
    changes
}

type Rows = BTreeMap<Vec<String>, Vec<BTreeMap<&'static str, String>>>;

fn by_key(kind: &Kind, table: &Old) -> Rows {
    let mut rows = Rows::new();
    for row in &table.rows {
        let row: BTreeMap<&'static str, String> = table.columns.iter().copied().zip(row.iter().cloned()).collect();
        let key = key_columns(kind).iter().map(|name| row.get(name).cloned().unwrap_or_default()).collect();
        let same = rows.entry(key).or_default();
        if !same.contains(&row) {
            same.push(row);
        }
    }
    rows
}

fn about(kind: &Kind, key: &[String], row: &BTreeMap<&'static str, String>, names: &BTreeMap<String, String>) -> Entry {
    let at = |name: &str| row.get(name).map_or("", String::as_str);
    let (about, says) = match kind.table.name {
        "absences" => (key[0].clone(), days(at("from"), at("to"), at("reason"))),
        "conflicts" => (key[0].clone(), interest(at("target_kind"), at("target"), at("category"), at("to"))),
        "history" => (key[1].clone(), format!("{} {}", key[0], key[2])),
        "visits" => (key[0].clone(), at("establishment").to_owned()),
        _ => (key[0].clone(), String::new()),
    };
    let own = Some(at("name")).filter(|name| !name.is_empty()).map(str::to_owned);
    let name = own.or_else(|| names.get(&about).cloned()).unwrap_or_default();
    Entry { about, name, says }
}

fn days(from: &str, to: &str, reason: &str) -> String {
    let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
    if from == to { format!("{from}{reason}") } else { format!("{from} to {to}{reason}") }
}

fn interest(kind: &str, target: &str, category: &str, to: &str) -> String {
    let end = if to.is_empty() { "without end".to_owned() } else { format!("until {to}") };
    let category = if category.is_empty() { "no category" } else { category };
    format!("{kind} {target} ({category}, {end})")
}

/// The columns in which rows of one key differ.
fn changed(
    kind: &Kind,
    entry: &Entry,
    before: &[BTreeMap<&'static str, String>],
    now: &[BTreeMap<&'static str, String>],
    all: &mut Vec<Change>,
) {
    for column in kind.table.columns.iter().map(|column| column.name) {
        let texts = |rows: &[BTreeMap<&'static str, String>]| -> BTreeSet<String> {
            rows.iter().map(|row| row.get(column).cloned().unwrap_or_default()).collect()
        };
        let (old, new) = (texts(before), texts(now));
        if old != new {
            let join = |texts: BTreeSet<String>| texts.into_iter().collect::<Vec<_>>().join("; ");
            all.push(Change { entry: entry.clone(), column, before: join(old), now: join(new) });
        }
    }
}

/// Who is away in each week of the period, now and before.
pub(super) fn away(period: &Period, absences: &Old, roster: &Old, before: Option<(&Old, &Old)>) -> Vec<Away> {
    let mut weeks: Vec<Week> = period.days().into_iter().map(Week::of).collect();
    weeks.dedup();
    let one = |week: Week| {
        let who = away_in(period, week, absences, roster);
        let before =
            before.map(|(absences, roster)| (away_in(period, week, absences, roster).len(), roster.rows.len()));
        Away { week, who, people: roster.rows.len(), before }
    };
    weeks.into_iter().map(one).collect()
}

fn away_in(period: &Period, week: Week, absences: &Old, roster: &Old) -> Vec<String> {
    let Some(monday) = week.monday() else { return Vec::new() };
    let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    let (first, last) = (monday.max(period.from), sunday.min(period.to));
    let people: BTreeSet<&str> = roster.column("id").collect();
    let rows = absences.column("inspector").zip(absences.column("from")).zip(absences.column("to"));
    let date = |text: &str| text.parse::<NaiveDate>().ok();
    let away = rows.filter_map(|((who, from), to)| {
        let (from, to) = (date(from)?, date(to)?);
        (people.contains(who) && from <= last && first <= to).then(|| who.to_owned())
    });
    away.collect::<BTreeSet<_>>().into_iter().collect()
}
