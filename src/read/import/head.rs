//! Where the header of a sheet is, below titles and across merged cells, and what it reads.

use std::collections::BTreeSet;

use super::super::ids::fold;
use super::super::spelled::trim;
use super::super::workbook::Area;
use super::grid::{Line, Sheet};
use super::likeness::sure;

/// Rows among which the header is looked for.
const ROWS: usize = 40;

/// The header of a sheet.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// The number of its last row.
    pub(super) row: u64,
    /// The lines above it.
    pub(super) above: usize,
    /// The first line below it.
    pub(super) below: usize,
    /// What each column is called; where the header has several rows, joined by ` / `.
    pub(super) titles: Vec<String>,
}

impl Head {
    /// Whether it has this title.
    pub(super) fn has(&self, title: &str) -> bool {
        self.find(title).next().is_some()
    }

    /// The columns that have this title.
    pub(super) fn find(&self, title: &str) -> impl Iterator<Item = usize> {
        let wanted = fold(title);
        self.titles.iter().enumerate().filter(move |(_, title)| fold(title) == wanted).map(|(at, _)| at)
    }
}

/// The row that has most of these titles; none where no row has one.
pub(super) fn of_titles(sheet: &Sheet, titles: &[&str]) -> Option<Head> {
    best(sheet, |head| titles.iter().filter(|title| head.has(title)).count())
        .filter(|(found, _)| *found > 0)
        .map(|best| parted(sheet, best.1))
}

/// The row that reads most like a header of these columns, and how many it reads like; where none does, the fullest.
pub(super) fn guess(sheet: &Sheet, ours: &[&'static str]) -> Option<(usize, Head)> {
    let found = best(sheet, |head| sure(&distinct(head), ours).len()).filter(|(found, _)| *found > 0);
    let found = found.or_else(|| best(sheet, |head| distinct(head).len()).map(|best| (0, best.1)));
    found.map(|(rate, head)| (rate, parted(sheet, head)))
}

/// A header in which a cell that is merged across columns names the first of them. The others have no header where nothing stands
/// below; where they hold something, they are told apart by a number: `Staff no (2)`.
fn parted(sheet: &Sheet, mut head: Head) -> Head {
    let bodies = sheet.lines.get(head.below..).unwrap_or_default();
    let mut filled = BTreeSet::new();
    for area in sheet.merged.iter().filter(|area| area.left < area.right && area.top <= head.row) {
        let of_header = area.bottom >= head.row;
        let Some(title) = head.titles.get(area.left).filter(|title| of_header && !title.is_empty()).cloned() else {
            continue;
        };
        if filled.is_empty() {
            filled = bodies.iter().flat_map(|line| line.filled().map(|(at, _)| at)).collect();
        }
        let alike = (area.left + 1..=area.right).filter(|at| head.titles.get(*at) == Some(&title));
        for (number, at) in (2..).zip(alike.collect::<Vec<_>>()) {
            head.titles[at] = if filled.contains(&at) { format!("{title} ({number})") } else { String::new() };
        }
    }
    while head.titles.last().is_some_and(String::is_empty) {
        head.titles.pop();
    }
    head
}

/// The titles, each once: a cell merged across the sheet is one, however wide.
fn distinct(head: &Head) -> Vec<String> {
    let mut titles: Vec<String> = head.titles.iter().filter(|title| !title.is_empty()).cloned().collect();
    titles.sort_unstable();
    titles.dedup();
    titles
}

/// The earliest of the rows that `rate` rates highest.
fn best(sheet: &Sheet, rate: impl Fn(&Head) -> usize) -> Option<(usize, Head)> {
    let heads = (0..sheet.lines.len().min(ROWS)).map(|at| head(sheet, at));
    heads.map(|head| (rate(&head), head)).rev().max_by_key(|(rate, _)| *rate)
}

/// The header that the line at `at` is, with the rows that cells merged downwards join to it.
fn head(sheet: &Sheet, at: usize) -> Head {
    let row = sheet.lines.get(at).map_or(0, |line| line.row);
    let joined = sheet.merged.iter().filter(|area| area.top < area.bottom && area.top <= row && row <= area.bottom);
    let (top, bottom) = joined.fold((row, row), |(top, bottom), area| (top.min(area.top), bottom.max(area.bottom)));
    let lines: Vec<&Line> = sheet.lines.iter().filter(|line| (top..=bottom).contains(&line.row)).collect();
    let areas: Vec<&Area> = sheet.merged.iter().filter(|area| area.top <= bottom && top <= area.bottom).collect();
    let width = lines.iter().map(|line| line.cells.len()).chain(areas.iter().map(|area| area.right + 1)).max();
    let mut titles: Vec<String> = (0..width.unwrap_or_default()).map(|column| title(&lines, &areas, column)).collect();
    while titles.last().is_some_and(String::is_empty) {
        titles.pop();
    }
    let below = sheet.lines.iter().position(|line| line.row > bottom).unwrap_or(sheet.lines.len());
    let above = sheet.lines.iter().position(|line| line.row >= top).unwrap_or_default();
    Head { row: bottom, above, below, titles }
}

fn title(lines: &[&Line], areas: &[&Area], column: usize) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for line in lines {
        let over = areas
            .iter()
            .find(|area| (area.left..=area.right).contains(&column) && (area.top..=area.bottom).contains(&line.row));
        let from = over.map_or((line.row, column), |area| (area.top, area.left));
        let part = lines.iter().find(|line| line.row == from.0).map_or("", |line| line.cell(from.1));
        let part = trim(part);
        if !part.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    super::super::ids::nfc(&parts.join(" / ")).split_whitespace().collect::<Vec<_>>().join(" ")
}
