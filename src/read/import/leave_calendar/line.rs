//! A line of days: cells that name days of which each follows the one before it.

use super::super::super::ids::fold;
use super::super::super::workbook::Area;
use super::super::grid::{Line, Sheet};
use super::day::{Told, WAYS, Words, day, follows};

/// Days that a line must name at least, each not long after the one left of it.
pub(super) const DAYS: usize = 5;
/// Words of lines that count up.
const TOTAL: &str = "total totals sum summe gesamt gesamtsumme suma totales razem ogółem итого всего somme totaux soma totale \
    anzahl count toplam σύνολο סה\"כ المجموع ჯამი სულ 合計 合计 计 계 합계";

/// A column of one day.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Its first and its last column in the sheet: a day may be two halves under one merged cell.
    pub(super) at: usize,
    pub(super) end: usize,
    pub(super) told: Told,
}

/// The days that a line names; none where it is no line of days.
pub(super) fn days_of(line: &Line, workbook: bool, words: &Words) -> Option<Vec<Column>> {
    let digits = line.filled().filter(|(_, text)| text.contains(char::is_numeric)).count();
    if digits < DAYS {
        return None;
    }
    let mut best: Option<Vec<Column>> = None;
    let has = |wanted: fn(char) -> bool| line.filled().any(|(_, text)| text.contains(wanted));
    let (marks, letters) = (has(|letter| matches!(letter, '/' | '-')), has(char::is_alphabetic));
    // What no cell leaves open is not tried twice.
    for way in WAYS.into_iter().filter(|way| (way.day_first || marks) && (way.month || letters)) {
        let read =
            line.filled().filter_map(|(at, text)| Some(Column { at, end: at, told: day(text, workbook, way, words)? }));
        let columns = kept(runs(read.collect()));
        if columns.len() > best.as_ref().map_or(0, Vec::len) {
            best = Some(columns);
        }
    }
    best
}

/// Days of which each follows the one before it.
pub(super) fn runs(columns: Vec<Column>) -> Vec<Vec<Column>> {
    let mut runs: Vec<Vec<Column>> = Vec::new();
    for column in columns {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| follows(&last.told, &column.told)) => run.push(column),
            _ => runs.push(vec![column]),
        }
    }
    runs
}

/// The runs that are days: one of them is long enough, and the others stand beside it. Empty where none is.
fn kept(runs: Vec<Vec<Column>>) -> Vec<Column> {
    let long = |run: &Vec<Column>| {
        let next =
            run.windows(2).filter(|pair| pair[1].told.day == pair[0].told.day + 1 || pair[1].told.day == 1).count();
        run.len() >= DAYS && next * 2 >= run.len() - 1
    };
    if !runs.iter().any(long) {
        return Vec::new();
    }
    let mut kept: Vec<Column> = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        // The last day of a month right before the next, or the first right after it.
        let joins = |before: &Vec<Column>, after: &Vec<Column>| match (before.last(), after.first()) {
            (Some(last), Some(first)) => last.at + 1 == first.at && first.told.day == 1,
            _ => false,
        };
        let touches = runs.get(at + 1).is_some_and(|next| joins(run, next))
            || at.checked_sub(1).is_some_and(|before| joins(&runs[before], run));
        if run.len() >= 2 || touches {
            kept.extend(run.iter().cloned());
        }
    }
    kept
}

/// Whether a text is a number and nothing else.
pub(super) fn is_number(text: &str) -> bool {
    text.chars().any(char::is_numeric)
        && text.chars().all(|letter| letter.is_numeric() || matches!(letter, '.' | ',' | '-' | ' ' | '%'))
}

/// Whether a text is a word for a sum.
pub(super) fn is_total(text: &str) -> bool {
    let text = fold(text);
    let text = text.trim_end_matches([':', '.']);
    TOTAL.split_whitespace().any(|word| word == text) || text == "σ"
}

/// A sheet with its rows and columns exchanged.
pub(super) fn turned(sheet: &Sheet) -> Option<Sheet> {
    const MOST: u64 = 1024;
    let rows = sheet.lines.last().map_or(0, |line| line.row);
    if rows > MOST {
        return None;
    }
    let height = usize::try_from(rows).ok()?;
    let width = sheet.lines.iter().map(|line| line.cells.len()).max().unwrap_or_default();
    let mut lines: Vec<Line> =
        (0..width).map(|at| Line { row: at as u64 + 1, cells: vec![String::new(); height] }).collect();
    for line in &sheet.lines {
        let at = usize::try_from(line.row).ok()?.checked_sub(1)?;
        for (column, text) in line.filled() {
            text.clone_into(&mut lines[column].cells[at]);
        }
    }
    lines.retain(|line| line.filled().next().is_some());
    let turn = |area: &Area| {
        let (left, right) =
            (usize::try_from(area.top).ok()?.checked_sub(1)?, usize::try_from(area.bottom).ok()?.checked_sub(1)?);
        Some(Area { top: area.left as u64 + 1, bottom: area.right as u64 + 1, left, right })
    };
    let merged = sheet.merged.iter().filter_map(turn).collect();
    Some(Sheet { name: sheet.name.clone(), lines, merged, several: sheet.several })
}
