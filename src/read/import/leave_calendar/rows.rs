//! The rows of a block: whose each is, and what stands under its days. What might be somebody's and is nobody's is an error.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::super::super::ids::{fold, is_invisible, nfc};
use super::super::super::problem::{Level, Log, Problem, counted, grouped, shown};
use super::super::super::workbook::Area;
use super::super::kind::Wishes;
use super::super::lay::{begins_so, tell};
use super::super::names::Known;
use super::board::{Block, Board};

/// Most cells that belong to merged ones.
const MOST_MERGED: usize = 4 << 20;
/// Most filled cells in the rows of people.
const MOST_MARKS: usize = 1 << 20;

/// One cell of somebody's day.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) person: String,
    pub(super) date: NaiveDate,
    pub(super) code: String,
    /// The number of its block.
    pub(super) block: usize,
    /// The file, the row in it, and the cell as people name it.
    pub(super) file: String,
    pub(super) row: u64,
    pub(super) place: String,
}

/// What the rows of the calendars say.
#[derive(Default)]
pub(super) struct Found {
    pub(super) marks: Vec<Mark>,
    /// Who has a row, and in which blocks: their number and their days.
    pub(super) rows: BTreeMap<String, BTreeSet<usize>>,
    pub(super) blocks: Vec<Told>,
    /// What codes mean, as legends say.
    pub(super) legend: BTreeMap<String, String>,
    /// Cells merged over several people.
    pub(super) tall: Vec<Mark>,
}

/// A block that was read: where, and which days it has.
pub(super) struct Told {
    pub(super) file: String,
    pub(super) place: String,
    pub(super) dates: BTreeSet<NaiveDate>,
}

/// Lines of a block that name nobody: those that hold something under the days, and those that do not.
#[derive(Default)]
pub(super) struct Nobody {
    pub(super) filled: Vec<usize>,
    pub(super) beside: Vec<usize>,
}

/// A block that is read.
pub(super) struct Reader<'a> {
    pub(super) board: &'a Board,
    pub(super) block: &'a Block,
    pub(super) dates: &'a [Option<NaiveDate>],
    pub(super) people: &'a Known,
    pub(super) wishes: &'a Wishes,
    /// The merged cells of the sheet by the row of their first cell.
    pub(super) merged: &'a BTreeMap<u64, Vec<Area>>,
}

/// What a cell says, in one spelling.
pub(super) fn code(text: &str) -> String {
    let seen: String = text
        .chars()
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .filter(|letter| !is_invisible(*letter))
        .collect();
    nfc(&seen.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Merged cells of more than one row that lie in some lines.
#[derive(Default)]
struct Tall {
    /// Each with the people whose rows it covers.
    areas: Vec<(Area, BTreeSet<String>)>,
    /// By row: the areas that cover it.
    rows: BTreeMap<u64, Vec<usize>>,
}

impl Reader<'_> {
    /// Reads the rows that name people; gives back those that name nobody.
    pub(super) fn read(&self, found: &mut Found, log: &mut Log) -> Nobody {
        let number = found.blocks.len();
        let dates = self.dates.iter().copied().flatten().collect();
        let first = self.block.columns.first().map_or(0, |column| column.at);
        let place = self.board.place(self.board.number(self.block.line), first);
        found.blocks.push(Told { file: self.board.file.clone(), place, dates });
        let labels = self.labels(log);
        let (mut nobody, mut skipped, mut twice, mut tall) = (Nobody::default(), 0u64, BTreeSet::new(), self.tall(log));
        for at in self.block.body..self.block.end {
            let cells = self.filled(at);
            let named: Vec<String> = self.block.labels.iter().map(|column| self.label(at, *column, &labels)).collect();
            if self.is_skipped(at) {
                skipped += 1;
                continue;
            }
            match self.person(&named) {
                Ok(Some(person)) => {
                    if !found.rows.entry(person.clone()).or_default().insert(number) {
                        twice.insert(person.clone());
                    }
                    self.marks(at, &person, found, log);
                    let row = self.board.number(at);
                    for over in tall.rows.get(&row).into_iter().flatten() {
                        tall.areas[*over].1.insert(person.clone());
                    }
                }
                Ok(None) if cells.is_empty() => nobody.beside.push(at),
                Ok(None) => nobody.filled.push(at),
                Err(why) => {
                    let row = self.board.number(at);
                    let column = self.block.labels.first().copied().unwrap_or_default();
                    let advice = "Correct the one that is wrong; or say which column names the person: --map absences.inspector=\"HEADER\"";
                    tell(log, Level::Error, "rows that name two people", self.board.problem(row, column, why, advice));
                }
            }
        }
        let file = &self.board.file;
        if skipped > 0 {
            log.note(file, format!("{}: skipped, as `skip` asks", counted(skipped, "row", "rows")));
        }
        if !twice.is_empty() {
            let people: Vec<&str> = twice.iter().map(String::as_str).collect();
            log.note(file, format!("several rows of one person, and all of them count: {}", people.join(", ")));
        }
        self.over_several(tall, found);
        nobody
    }

    /// The cells under days that hold something.
    pub(super) fn filled(&self, at: usize) -> Vec<(usize, &str)> {
        let Some(line) = self.board.sheet.lines.get(at) else { return Vec::new() };
        let under = |column: usize| !self.block.days(column, column).is_empty();
        line.filled().filter(|(column, text)| under(*column) && !self.is_missing(text)).collect()
    }

    fn is_missing(&self, text: &str) -> bool {
        let text = code(text);
        text.is_empty() || self.wishes.says.missing.contains(&text)
    }

    fn is_skipped(&self, at: usize) -> bool {
        let first = self
            .board
            .sheet
            .lines
            .get(at)
            .and_then(|line| line.filled().next())
            .map(|(_, text)| fold(text))
            .unwrap_or_default();
        self.wishes.skip.iter().any(|skip| begins_so(&first, &fold(skip)))
    }

    /// What merged cells of the label columns say of the rows below their first.
    fn labels(&self, log: &mut Log) -> BTreeMap<(u64, usize), String> {
        let mut labels = BTreeMap::new();
        let (first, last) = (self.board.number(self.block.body), self.board.number(self.block.end.saturating_sub(1)));
        if first > last {
            return labels;
        }
        for area in self.merged.range(first..=last).flat_map(|(_, areas)| areas) {
            if area.top == area.bottom || !self.block.labels.contains(&area.left) {
                continue;
            }
            let lines = &self.board.sheet.lines;
            let top = lines.partition_point(|line| line.row < area.top);
            let text = lines.get(top).filter(|line| line.row == area.top).map_or("", |line| line.cell(area.left));
            for line in lines[top..].iter().take_while(|line| line.row <= area.bottom) {
                labels.insert((line.row, area.left), text.to_owned());
            }
            if labels.len() > MOST_MERGED {
                log.push(self.overlap());
                break;
            }
        }
        labels
    }

    fn overlap(&self) -> Problem {
        Problem::error(&self.board.file, "its merged cells overlap", "Save the sheet anew in a spreadsheet")
    }

    fn label(&self, at: usize, column: usize, labels: &BTreeMap<(u64, usize), String>) -> String {
        let text = self.board.cell(at, column);
        let merged = || labels.get(&(self.board.number(at), column)).cloned().unwrap_or_default();
        if text.is_empty() { merged() } else { text.to_owned() }
    }

    /// Whose row it is: the one person whom its labels name, each for itself or several together.
    fn person(&self, labels: &[String]) -> Result<Option<String>, String> {
        let wanted = self.wishes.columns.get("inspector").map(|titles| fold(titles.first()));
        let titled = |column: usize| {
            (self.block.head..=self.block.line).any(|line| Some(fold(self.board.cell(line, column))) == wanted)
        };
        let told: Vec<&str> = match self.block.labels.iter().any(|column| titled(*column)) {
            true => self
                .block
                .labels
                .iter()
                .zip(labels)
                .filter(|(column, _)| titled(**column))
                .map(|(_, text)| text.as_str())
                .collect(),
            false => labels.iter().map(String::as_str).collect(),
        };
        let told: Vec<&str> = told.into_iter().filter(|text| !text.is_empty()).collect();
        let mut named: BTreeSet<String> = told.iter().filter_map(|text| self.people.find_quietly(text)).collect();
        let pairs = told.windows(2).map(|pair| pair.join(" "));
        if named.is_empty() {
            named.extend(pairs.filter_map(|text| self.people.find_quietly(&text)));
        }
        let mut named = named.into_iter();
        match (named.next(), named.next()) {
            (Some(one), Some(other)) => Err(format!("the row names two people, {one} and {other}")),
            (one, _) => Ok(one),
        }
    }

    /// What stands under the days of somebody's row.
    fn marks(&self, at: usize, person: &str, found: &mut Found, log: &mut Log) {
        let row = self.board.number(at);
        let areas = self.merged.get(&row).map_or(&[][..], Vec::as_slice);
        let mut seen = BTreeSet::new();
        for (column, text) in self.filled(at) {
            let right = areas.iter().find(|area| area.left == column).map_or(column, |area| area.right);
            for nth in self.block.days(column, right) {
                let (Some(day), Some(date)) = (self.block.columns.get(nth), self.dates.get(nth)) else { continue };
                let Some(date) = date else {
                    let title = self.board.cell(self.block.line, day.at);
                    let why = format!("it stands under `{}`, and the month has no such day", shown(title));
                    let advice = "Correct the month of the title, or delete the cell";
                    tell(
                        log,
                        Level::Error,
                        "cells under days that are none",
                        self.board.problem(row, column, why, advice).value(text),
                    );
                    continue;
                };
                if found.marks.len() >= MOST_MARKS {
                    let why = format!("the calendars have more than {} filled cells", grouped(MOST_MARKS as u64));
                    return log.one_of(Level::Error, &self.board.file, "rows beyond that", || {
                        self.board.problem(row, column, why, "Import a month or a department at a time")
                    });
                }
                if seen.insert((*date, code(text))) {
                    found.marks.push(self.mark(found.blocks.len() - 1, person, *date, row, column, text));
                }
            }
        }
    }

    fn mark(&self, block: usize, person: &str, date: NaiveDate, row: u64, column: usize, text: &str) -> Mark {
        let (board, code) = (self.board, code(text));
        Mark {
            person: person.to_owned(),
            date,
            block,
            code,
            file: board.file.clone(),
            row: board.row(row, column),
            place: board.place(row, column),
        }
    }

    /// Merged cells of several rows under the days.
    fn tall(&self, log: &mut Log) -> Tall {
        let (first, last) = (self.board.number(self.block.body), self.board.number(self.block.end.saturating_sub(1)));
        let (Some(left), Some(right)) = (self.block.columns.first(), self.block.columns.last()) else {
            return Tall::default();
        };
        let (mut tall, mut cells) = (Tall::default(), 0);
        if first > last {
            return tall;
        }
        for area in self.merged.range(first..=last).flat_map(|(_, areas)| areas) {
            if area.bottom == area.top || !(left.at..=right.end).contains(&area.left) {
                continue;
            }
            for row in area.top..=area.bottom.min(last) {
                tall.rows.entry(row).or_default().push(tall.areas.len());
                cells += 1;
                if cells > MOST_MERGED {
                    log.push(self.overlap());
                    return tall;
                }
            }
            tall.areas.push((*area, BTreeSet::new()));
        }
        tall
    }

    /// A cell merged over the rows of several people may speak of all of them or of the first: if it means away, nobody can know.
    fn over_several(&self, tall: Tall, found: &mut Found) {
        for (area, people) in tall.areas.into_iter().filter(|(_, people)| people.len() > 1) {
            let at = self.board.sheet.lines.partition_point(|line| line.row < area.top);
            let text = self.board.cell(at, area.left);
            let date = self.dates.iter().flatten().next().copied();
            if let Some(date) = date.filter(|_| !self.is_missing(text)) {
                let people: Vec<String> = people.into_iter().collect();
                found.tall.push(self.mark(found.blocks.len() - 1, &people.join(", "), date, area.top, area.left, text));
            }
        }
    }
}
