//! Rows that say of themselves whether they count: leave that was refused, a conflict that was withdrawn, somebody who left.
//!
//! Which words count is asked once, word by word, and kept. A row without a word counts.

use std::collections::BTreeMap;

use super::super::header::Header;
use super::super::ids::fold;
use super::super::problem::{Log, Problem, counted, shown};
use super::kind::{Kind, STATUS_COLUMN, Wishes};
use super::rows::Tidy;

/// The rows that count.
pub(super) fn counting(kind: &Kind, rows: Vec<Tidy>, extra: &Header, wishes: &Wishes, log: &mut Log) -> Vec<Tidy> {
    let Some(at) = kind.extra.columns.iter().position(|column| column.name == STATUS_COLUMN) else { return rows };
    if !extra.has(at) {
        return rows;
    }
    ask(&rows, at, extra, wishes, log);
    let dropped = |row: &Tidy| is_one_of(&wishes.drops, &word_of(row, at));
    let mut told: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    for row in rows.iter().filter(|row| dropped(row)) {
        let entry = told.entry((row.file.clone(), word_of(row, at))).or_insert((0, row.row));
        entry.0 += 1;
    }
    for ((file, word), (count, first)) in told {
        let rows = counted(count, "row does not count", "rows do not count");
        let title = extra.title(at);
        log.note(&file, format!("{title} `{}`: {rows}, as `drops` says (first in row {first})", shown(&word)));
    }
    rows.into_iter().filter(|row| !dropped(row)).collect()
}

/// Asks of every word that nobody has spoken of.
fn ask(rows: &[Tidy], at: usize, extra: &Header, wishes: &Wishes, log: &mut Log) {
    let known = |word: &str| word.is_empty() || is_one_of(&wishes.counts, word) || is_one_of(&wishes.drops, word);
    let mut words: BTreeMap<String, (&Tidy, u64)> = BTreeMap::new();
    for row in rows.iter().filter(|row| !known(&word_of(row, at))) {
        words.entry(fold(&word_of(row, at))).or_insert((row, 0)).1 += 1;
    }
    for (row, count) in words.into_values() {
        let word = &word_of(row, at);
        let rows = counted(count, "row has this word", "rows have this word");
        let why = format!("{rows} in the column of status. Does such a row count?");
        let problem = Problem::error(&row.file, why, "").row(row.row).column(extra.title(at)).value(word);
        let (counts, drops) = ([("counts", word.as_str())], [("drops", word.as_str())]);
        log.ask(extra.says(), problem, &[("it counts", &counts), ("it does not count", &drops)]);
    }
}

/// What a row says of itself: the words of several columns of status, where they are one.
fn word_of(row: &Tidy, at: usize) -> String {
    row.extra[at].split('|').map(str::trim).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" / ")
}

fn is_one_of(words: &[String], word: &str) -> bool {
    words.iter().any(|other| fold(other) == fold(word))
}
