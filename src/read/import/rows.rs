//! The rows of a sheet as text in our spelling: ISO dates, our words, several values joined by `|`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::cells::{Words, YES_NO, meant};
use super::super::conflicts::TARGET_KINDS;
use super::super::dates::end::{self, Ends, Whole};
use super::super::dates::{DateKey, Dates, Settled, settle_all};
use super::super::header::Header;
use super::super::ids::nfc;
use super::super::inspectors::GENDERS;
use super::super::policy::Policy;
use super::super::problem::{Log, Problem};
use super::super::table::Row;
use super::super::visits;
use super::kind::{Kind, Shape, Wishes};
use super::lay::Laid;

/// One row of a sheet.
#[derive(Clone, Debug)]
pub(super) struct Tidy {
    /// The file, with its sheet where it has several.
    pub(super) file: String,
    pub(super) row: u64,
    /// By the table's columns.
    pub(super) cells: Vec<String>,
    /// By the columns that only exports have.
    pub(super) extra: Vec<String>,
}

/// A row whose dates are not settled yet.
struct Draft {
    row: u64,
    cells: Vec<String>,
    extra: Vec<String>,
    keys: Vec<Option<DateKey>>,
    extra_keys: Vec<Option<DateKey>>,
    /// Whether it is of whole days, by the columns of its times.
    whole: bool,
}

/// The rows of a sheet in our spelling; what can't be read is in the log.
pub(super) fn tidy(laid: &Laid, kind: &Kind, wishes: &Wishes, policy: &Policy, log: &mut Log) -> Vec<Tidy> {
    let is_date = |at: &usize| kind.shapes.get(*at) == Some(&Shape::Date) && laid.header.has(*at);
    let mut dates: Vec<Dates> = (0..kind.table.columns.len()).filter(is_date).map(Dates::new).collect();
    let posting = |at: &usize| kind.extra.columns[*at].name.starts_with("posting_") && laid.extra.has(*at);
    let mut extra_dates: Vec<Dates> = (0..kind.extra.columns.len()).filter(posting).map(Dates::new).collect();
    let absences = kind.table.name == "absences";
    let ends = Ends::of(laid.header.others().filter(|_| absences));
    let mut drafts = Vec::new();
    laid.rows(log, &mut |row, extra, log| {
        let shapes = kind.shapes.iter().enumerate();
        let cells = shapes.map(|(at, shape)| spell(row, at, *shape, wishes, policy, log)).collect();
        let words = (0..kind.extra.columns.len()).map(|at| extra.text(at).map(nfc).unwrap_or_default()).collect();
        let keys = dates.iter_mut().map(|column| column.take(row)).collect();
        let extra_keys = extra_dates.iter_mut().map(|column| column.take(extra)).collect();
        let whole = ends.is_whole(row);
        drafts.push(Draft { row: row.number(), cells, extra: words, keys, extra_keys, whole });
    });
    let ours = dates.iter().map(|column| (column, &laid.header));
    let all: Vec<_> = ours.chain(extra_dates.iter().map(|column| (column, &laid.extra))).collect();
    let mut settled = settle_all(&all, log);
    let extra_settled = settled.split_off(dates.len());
    let at = |name: &str| dates.iter().position(|column| laid.header.name(column.column()) == name);
    let span = at("from").zip(at("to")).filter(|_| absences);
    let mut moved = ends_of(span, &drafts, &settled);
    let whole = moved.iter_mut().map(|(row, from, to)| Whole { row: *row, from: *from, to });
    if let Some((_, to)) = span {
        end::settle(&laid.header, dates[to].column(), whole.collect(), log);
    }
    let moved: BTreeMap<u64, NaiveDate> = moved.into_iter().map(|(row, _, to)| (row, to)).collect();
    let file = &laid.header.file;
    drafts
        .into_iter()
        .map(|Draft { row, mut cells, mut extra, keys, extra_keys, .. }| {
            put(&mut cells, &dates, &settled, &keys);
            if let (Some((_, to)), Some(day)) = (span, moved.get(&row)) {
                cells[dates[to].column()] = day.to_string();
            }
            put(&mut extra, &extra_dates, &extra_settled, &extra_keys);
            Tidy { file: file.clone(), row, cells, extra }
        })
        .collect()
}

/// The rows of whole days: where each stands, and its first and last day.
fn ends_of(span: Option<(usize, usize)>, drafts: &[Draft], settled: &[Settled]) -> Vec<(u64, NaiveDate, NaiveDate)> {
    let Some((from, to)) = span else { return Vec::new() };
    let whole = |draft: &Draft| {
        let midnight = settled[from].is_midnight(draft.keys[from]) && settled[to].is_midnight(draft.keys[to]);
        let days = settled[from].get(draft.keys[from]).zip(settled[to].get(draft.keys[to]));
        let (first, last) = days.filter(|(first, last)| (draft.whole || midnight) && first <= last)?;
        Some((draft.row, first, last))
    };
    drafts.iter().filter_map(whole).collect()
}

/// Puts the dates of a row where they belong.
fn put(cells: &mut [String], columns: &[Dates], settled: &[Settled], keys: &[Option<DateKey>]) {
    for ((column, settled), key) in columns.iter().zip(settled).zip(keys) {
        let date = settled.get(*key).map(|date| date.to_string());
        cells[column.column()] = date.unwrap_or_default();
    }
}

/// A cell in our spelling; blank where it is wrong, which is in the log.
fn spell(row: &Row<'_>, at: usize, shape: Shape, wishes: &Wishes, policy: &Policy, log: &mut Log) -> String {
    let Some(text) = row.text(at) else { return String::new() };
    match shape {
        Shape::Text => nfc(text),
        Shape::Date => String::new(),
        Shape::List => list(text, wishes),
        Shape::YesNo => word(row, at, YES_NO, policy, log),
        Shape::Gender => word(row, at, GENDERS, policy, log),
        Shape::VisitKind => word(row, at, visits::KINDS, policy, log),
        Shape::TargetKind => word(row, at, TARGET_KINDS, policy, log),
        Shape::Category => policy.ours("category", text).map_or_else(|| nfc(text).to_lowercase(), str::to_owned),
    }
}

fn word<T: Copy>(row: &Row<'_>, at: usize, words: Words<T>, policy: &Policy, log: &mut Log) -> String {
    meant(row, at, words, policy, log).map(|(_, ours)| ours.to_owned()).unwrap_or_default()
}

fn list(text: &str, wishes: &Wishes) -> String {
    let apart = wishes.separator.as_deref().unwrap_or("|");
    let mut all: Vec<String> = text.split(apart).flat_map(|part| part.split('|')).map(nfc).collect();
    all.retain(|part| !part.is_empty());
    all.sort_unstable();
    all.dedup();
    all.join("|")
}

impl Tidy {
    /// A problem of a cell of ours, under the header that the file has for it.
    pub(super) fn problem(
        &self,
        header: &Header,
        column: usize,
        value: &str,
        why: impl Into<String>,
        advice: impl Into<String>,
    ) -> Problem {
        let problem = Problem::error(&self.file, why, advice).row(self.row).column(header.title(column));
        if value.is_empty() { problem } else { problem.value(value) }
    }
}
