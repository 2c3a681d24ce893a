//! Rows that repeat each other: exactly, which is told once; or with the same id and other content, which is an error.

use std::collections::BTreeMap;

use super::header::Header;
use super::problem::{Level, Log, Problem, grouped};

/// One row of a table whose rows have ids.
pub(super) struct Entry<T> {
    pub(super) id: String,
    pub(super) row: u64,
    pub(super) value: T,
}

/// The entries by id, each id once.
pub(super) fn by_id<T: PartialEq>(
    header: &Header,
    column: usize,
    entries: Vec<Entry<T>>,
    log: &mut Log,
) -> BTreeMap<String, (u64, T)> {
    let mut kept: BTreeMap<String, (u64, T)> = BTreeMap::new();
    let mut repeats = Repeats::default();
    for Entry { id, row, value } in entries {
        match kept.get(&id) {
            None => {
                kept.insert(id, (row, value));
            }
            Some((first, same)) if *same == value => repeats.add(*first, row),
            Some((first, _)) => log.one_of(Level::Error, &header.file, "rows that contradict an earlier one", || {
                let why = format!("the id stands in {} too, with other content", header.tell_row(*first));
                let problem = Problem::error(&header.file, why, "Keep the row that is right");
                problem.row(row).column(header.title(column)).value(&id)
            }),
        }
    }
    repeats.tell(header, log);
    kept
}

/// The values in order, each once.
pub(super) fn distinct<T: Ord>(header: &Header, mut values: Vec<(T, u64)>, log: &mut Log) -> Vec<T> {
    values.sort_unstable();
    let mut repeats = Repeats::default();
    for pair in values.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        repeats.add(pair[0].1, pair[1].1);
    }
    repeats.tell(header, log);
    let mut values: Vec<T> = values.into_iter().map(|(value, _)| value).collect();
    values.dedup();
    values
}

#[derive(Default)]
struct Repeats {
    count: u64,
    first: Option<(u64, u64)>,
}

impl Repeats {
    fn add(&mut self, earlier: u64, row: u64) {
        self.count += 1;
        let least = self.first.filter(|(_, known)| *known <= row);
        self.first = Some(least.unwrap_or((earlier, row)));
    }

    fn tell(self, header: &Header, log: &mut Log) {
        if let Some((earlier, row)) = self.first {
            let why = match self.count {
                1 => format!("the row says the same as {}", header.tell_row(earlier)),
                count => {
                    let earlier = header.tell_row(earlier);
                    format!("{} rows repeat an earlier one; this says the same as {earlier}", grouped(count))
                }
            };
            log.push(Problem::warning(&header.file, why, "It counts once; nothing need be done").row(row));
        }
    }
}
