//! History that grows: what is imported is added to what the case has, or takes its place only where somebody says so.

use std::collections::BTreeSet;

use super::super::problem::{Problem, counted, grouped};
use super::clerk::Clerk;
use super::kind::Kind;
use super::rows::Tidy;

/// What tells one past visit from another: day, place, people, and whose they are.
const KEY: [&str; 4] = ["date", "establishment", "inspectors", "agency"];

impl Clerk<'_> {
    /// The rows of a table with those that the case has, where they are to be added; an error where most of its past would be lost.
    pub(super) fn grown(&mut self, kind: &Kind, mut rows: Vec<Tidy>) -> Vec<Tidy> {
        let Some(old) =
            self.old.get(kind.table.name).filter(|old| kind.table.name == "history" && !old.rows.is_empty())
        else {
            return rows;
        };
        let width = kind.table.columns.len();
        let cells = |row: &Vec<String>| {
            let mut cells = vec![String::new(); width];
            for (name, text) in old.columns.iter().zip(row) {
                text.clone_into(&mut cells[kind.at(name)]);
            }
            cells
        };
        let file = format!("{}.csv", kind.table.name);
        let before: Vec<Vec<String>> = old.rows.iter().map(cells).collect();
        let key = |cells: &[String]| KEY.map(|name| cells[kind.at(name)].clone());
        let now: BTreeSet<[String; 4]> = rows.iter().map(|row| key(&row.cells)).collect();
        let lost = before.iter().filter(|cells| !now.contains(&key(cells))).count();
        if self.request.append {
            let says = format!(
                "{} are kept and {} added",
                counted(before.len() as u64, "visit", "visits"),
                grouped(rows.len() as u64)
            );
            self.log.note(&file, says);
            let extra = vec![String::new(); kind.extra.columns.len()];
            let kept = before.into_iter().zip(2..).map(|(cells, row)| Tidy {
                file: file.clone(),
                row,
                cells,
                extra: extra.clone(),
            });
            rows.extend(kept);
        } else if lost * 2 > before.len() && !self.request.replace {
            let why = format!(
                "the case remembers {}, and {} of them are not in what is imported; rotation would lose its memory",
                counted(before.len() as u64, "visit", "visits"),
                grouped(lost as u64)
            );
            let advice =
                "Give --append to add what is imported to what is there, or --replace if the old visits are wrong";
            self.log.push(Problem::error(&file, why, advice));
        }
        rows
    }
}
