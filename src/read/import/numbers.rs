//! Ids for tables whose exports have none: given once, by what tells one row from another, and kept in `ids.csv`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::csv::{self, Style};
use super::super::decode::Ready;
use super::super::ids::fold;
use super::super::problem::{Log, Problem, shown};
use super::super::source::Source;
use super::rows::Tidy;
use crate::model::{bare, cell};

/// The file, beside the tables.
pub(super) const FILE: &str = "ids.csv";
const HEAD: &str = "table,key,id\n";
/// Most bytes of the file.
const MOST_BYTES: u64 = 64 << 20;

/// What tells a row from others, as a cell of the file says it: such cells have no blanks around them.
fn key<'r>(cells: impl Iterator<Item = &'r str>) -> String {
    cells.map(fold).collect::<Vec<_>>().join(" | ").trim().to_owned()
}

/// The ids that were given so far.
#[derive(Default)]
pub(super) struct Numbers {
    /// By table and key.
    given: BTreeMap<(String, String), String>,
    fresh: u64,
}

impl Numbers {
    /// What the case keeps of them.
    pub(super) fn read(source: &dyn Source, log: &mut Log) -> Self {
        let mut numbers = Self::default();
        let bytes = match source.bytes(FILE, MOST_BYTES) {
            Ok(bytes) => bytes,
            Err(_) => return numbers,
        };
        let Ok(text) = String::from_utf8(bytes) else {
            log.push(Problem::error(FILE, "the file is not UTF-8", "Save it as UTF-8; the ids in it must be kept"));
            return numbers;
        };
        let mut seen = BTreeSet::new();
        let read = csv::strict(&mut Ready(Some(&text)), &Style::of(b','), &mut |record| {
            let [table, key, id] = [0, 1, 2].map(|at| bare(record.cell(at)).to_owned());
            if record.row > 1 && !record.is_blank() {
                if id.is_empty() || !seen.insert((table.clone(), id.clone())) {
                    let why = "an id stands there twice, or is blank";
                    log.push(Problem::error(FILE, why, "Give each key an id of its own").row(record.row).value(&id));
                }
                numbers.given.insert((table, key), id);
            }
            true
        });
        if read.is_err() {
            log.push(Problem::error(
                FILE,
                "the file can't be read to its end",
                "Look for a quote that is never closed",
            ));
        }
        numbers
    }

    /// Gives each row the id of its key; two rows of one key are an error, for nothing tells them apart.
    pub(super) fn give(&mut self, table: &'static str, columns: &[usize], rows: &mut [Tidy], log: &mut Log) {
        let key = |row: &Tidy| key(columns.iter().map(|at| row.cells[*at].as_str()));
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        for row in rows.iter() {
            if let Some(first) = seen.insert(key(row), row.row) {
                let why = format!("nothing tells this row from row {first}, and the export has no ids");
                let advice = format!("Add a column of ids and map it: --map {table}.id=\"HEADER\"");
                log.push(Problem::error(&row.file, why, advice).row(row.row).value(&shown(&key(row))));
            }
        }
        for key in seen.keys() {
            let known = (table.to_owned(), key.clone());
            if !self.given.contains_key(&known) {
                let id = self.next(table);
                self.given.insert(known, id);
                self.fresh += 1;
            }
        }
        for row in rows {
            row.cells[0] = self.given.get(&(table.to_owned(), key(row))).cloned().unwrap_or_default();
        }
    }

    /// The first number above all that were given.
    fn next(&self, table: &str) -> String {
        let prefix = table.chars().next().unwrap_or('x').to_ascii_uppercase();
        let number = |id: &String| id.strip_prefix(prefix)?.strip_prefix('-')?.parse::<u64>().ok();
        let last = self.given.iter().filter(|((of, _), _)| of == table).filter_map(|(_, id)| number(id)).max();
        format!("{prefix}-{:03}", last.unwrap_or_default().saturating_add(1))
    }

    /// The file, where ids were added to it.
    pub(super) fn file(&self) -> Option<Vec<u8>> {
        let line =
            |((table, key), id): (&(String, String), &String)| format!("{},{},{}\n", cell(table), cell(key), cell(id));
        (self.fresh > 0).then(|| (HEAD.to_owned() + &self.given.iter().map(line).collect::<String>()).into_bytes())
    }

    /// How many ids were given anew.
    pub(super) fn fresh(&self) -> u64 {
        self.fresh
    }
}
