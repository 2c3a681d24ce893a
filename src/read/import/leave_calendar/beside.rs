//! What stands beside the rows of people: totals, legends, columns that are no day. What might be somebody's leave there is an error.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::ids::fold;
use super::super::super::problem::{Level, Log, counted, shown};
use super::super::lay::{shown_all, tell};
use super::legend;
use super::line::{is_number, is_total};
use super::rows::{Found, Reader, code};

impl Reader<'_> {
    /// Lines that name nobody and hold something under the days: totals, a legend, or somebody whom nobody knows.
    pub(super) fn of_nobody(&self, lines: &[usize], found: &mut Found, codes: &BTreeSet<String>, log: &mut Log) {
        let (mut totals, mut legends) = (0u64, 0u64);
        for at in lines {
            let Some(line) = self.board.sheet.lines.get(*at) else { continue };
            let cells: Vec<(usize, &str)> = line.filled().collect();
            let numbers = |cells: &[(usize, &str)]| cells.iter().all(|(_, text)| is_number(text));
            let label = cells.iter().find(|(column, _)| self.block.labels.contains(column));
            let rest: Vec<(usize, &str)> = cells.iter().copied().filter(|cell| Some(cell) != label).collect();
            if label.is_some_and(|(_, text)| is_total(text)) && numbers(&rest) {
                totals += 1;
                continue;
            }
            let texts: Vec<&str> = cells.iter().map(|(_, text)| *text).collect();
            if let Some(said) = legend::read(&texts, codes) {
                found.legend.extend(said);
                legends += 1;
                continue;
            }
            self.refuse(line.row, label.copied(), &self.filled(*at), log);
        }
        for (count, what) in
            [(totals, "of totals, and not read"), (legends, "of the legend, which says what codes mean")]
        {
            if count > 0 {
                log.note(&self.board.file, format!("{} {what}", counted(count, "row is", "rows are")));
            }
        }
    }

    fn refuse(&self, row: u64, label: Option<(usize, &str)>, under: &[(usize, &str)], log: &mut Log) {
        let Some((column, text)) = under.first() else { return };
        let cells = counted(under.len() as u64, "cell under the days is filled", "cells under the days are filled");
        let place = self.board.place(row, *column);
        let (at, name) = label.unwrap_or((self.block.labels.first().copied().unwrap_or_default(), ""));
        let problem = if name.is_empty() {
            let why = format!("nobody is named in this row, and {cells}, first {place} (`{}`)", shown(text));
            self.board.problem(row, at, why, "Write whose row it is, or delete what stands there")
        } else {
            let (why, advice) = self.people.find(name).err().unwrap_or_default();
            let why = format!("{why}, and {cells}, first {place} (`{}`)", shown(text));
            let advice = format!("{advice}. If the row is nobody's: --map absences.skip=\"{}\"", shown(name));
            self.board.problem(row, at, why, advice).value(name)
        };
        tell(log, Level::Error, "rows of a calendar that are nobody's", problem);
    }

    /// Columns among the days and right of them: those with a header are told, and no code may stand in one.
    pub(super) fn strays(&self, found: &mut Found, codes: &BTreeSet<String>, log: &mut Log) {
        let (mut ignored, mut bare) = (Vec::new(), (0u64, None));
        for column in &self.block.strays {
            let title = (self.block.head..=self.block.line)
                .rev()
                .map(|line| self.board.cell(line, *column))
                .find(|text| !text.is_empty());
            let cells = (self.block.body..self.block.end)
                .map(|at| (at, self.board.cell(at, *column)))
                .filter(|(_, text)| !text.is_empty());
            let cells: Vec<(usize, &str)> = cells.collect();
            let is_code = |text: &str| !is_number(text) && codes.contains(&code(text));
            let stated =
                title.is_some_and(|title| self.wishes.says.ignore.iter().any(|other| fold(other) == fold(title)));
            // A legend beside the rows: each code has its meaning in the next column.
            let mut legend = BTreeMap::new();
            let next = *column + 1;
            let mut explained = |at: usize, text: &str| {
                let said = self
                    .block
                    .strays
                    .contains(&next)
                    .then(|| legend::read(&[text, self.board.cell(at, next)], codes))
                    .flatten();
                let has = said.is_some();
                legend.extend(said.into_iter().flatten());
                has
            };
            let lost = cells.iter().find(|(at, text)| is_code(text) && !stated && !explained(*at, text));
            found.legend.extend(legend.clone());
            if let Some((at, text)) = lost {
                let why = match title {
                    Some(title) => format!("a code stands in the column `{}`, which is no day", shown(title)),
                    None => "a code stands in a column that has no day above it".to_owned(),
                };
                let advice = "Write the day above the column; if it is none, give it a header and name that: --map absences.ignore=\"HEADER\"";
                tell(
                    log,
                    Level::Error,
                    "codes under no day",
                    self.board.problem(self.board.number(*at), *column, why, advice).value(text),
                );
            } else if let Some(title) = title {
                ignored.push(title);
            } else if let Some((at, _)) = cells.first() {
                bare.0 += cells.len() as u64;
                bare.1 = bare.1.or(Some((self.board.number(*at), *column)));
            }
        }
        ignored.dedup();
        if !ignored.is_empty() {
            log.note(&self.board.file, format!("columns beside the days that are not used: {}", shown_all(&ignored)));
        }
        if let (count, Some((row, column))) = bare {
            let cells = counted(count, "cell beside the days has", "cells beside the days have");
            log.note(
                &self.board.file,
                format!(
                    "{cells} no header above and {} not read, first {}",
                    if count == 1 { "is" } else { "are" },
                    self.board.place(row, column)
                ),
            );
        }
    }
}
