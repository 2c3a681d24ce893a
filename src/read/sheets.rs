//! What is told of the sheets of a workbook, in `check` and in an import alike: what nobody sees in the program that wrote it, what
//! is left out, and what was never computed.

use super::policy::{HiddenSheets, Says};
use super::problem::{Log, Problem, counted, grouped, shown};
use super::values::letters;
use super::workbook::{Aside, Tab, Tally};

/// Whether a sheet is read.
pub(super) enum Fate {
    Read,
    /// The policy says that it is no part of the table.
    Skipped,
    /// Nobody sees it, and nobody said that it is to be read.
    Hidden,
}

impl Fate {
    pub(super) fn of(tab: &Tab<'_>, says: &Says) -> Self {
        match says.hidden_sheets {
            _ if says.skips(tab.name) => Self::Skipped,
            Some(HiddenSheets::Read) => Self::Read,
            _ if tab.hidden => Self::Hidden,
            _ => Self::Read,
        }
    }
}

/// What a file's sheet is called in what is said of it.
pub(super) fn label(file: &str, sheet: &str) -> String {
    format!("{file}, sheet {}", shown(sheet))
}

/// Asks whether a sheet that nobody sees is part of the table, or says that it is left out. Its name is `sheet`, in what is said.
pub(super) fn tell_unread(sheet: &str, aside: &Aside, says: &Says, log: &mut Log) {
    let Tally { count, first, last } = aside.rows;
    if count == 0 {
        return;
    }
    let rows = if first == last { format!("row {first}") } else { format!("rows {first} to {last}") };
    if says.hidden_sheets == Some(HiddenSheets::Skip) {
        return log
            .note(sheet, format!("the sheet is hidden, and what stands in {rows} is not read, as policy.toml says"));
    }
    let why = format!("the sheet is hidden, and something stands in its {rows}. Do hidden sheets belong to the table?");
    let (read, skip) = ([("hidden_sheets", "read")], [("hidden_sheets", "skip")]);
    log.ask(says, Problem::error(sheet, why, ""), &[("they are read", &read), ("they are left out", &skip)]);
}

/// Says what there is to say of a sheet that was read. Problems are told of `file`, and their rows begin after `before`; notes are of
/// `sheet`.
pub(super) fn tell(file: &str, before: u64, sheet: &str, aside: &Aside, log: &mut Log) {
    let one = |tally: Tally, what: [&str; 2], advice: &str, log: &mut Log| {
        if tally.count > 0 {
            let why = format!("{} like any other; this is the first", counted(tally.count, what[0], what[1]));
            log.push(Problem::warning(file, why, advice).row(before + tally.first));
        }
    };
    let hidden = ["row is hidden or filtered out, and is read", "rows are hidden or filtered out, and are read"];
    one(aside.hidden, hidden, "Look whether that is meant, and delete the rows that no longer hold", log);
    let struck = ["row is struck through, and is read", "rows are struck through, and are read"];
    one(aside.struck, struck, "Look whether that is meant, and delete the rows that no longer hold", log);
    tell_struck_cells(file, before, aside, log);
    if aside.comments.count > 0 {
        log.note(sheet, comments(aside));
    }
    let unseen: Vec<String> = aside.unseen_columns().map(letters).collect();
    if !unseen.is_empty() {
        let columns = if unseen.len() == 1 { "column" } else { "columns" };
        log.note(sheet, format!("hidden {columns}, read like any other: {}", unseen.join(", ")));
    }
    tell_uncomputed(file, before, aside, log);
}

/// What is struck through in a row of which the rest holds may hold no longer.
fn tell_struck_cells(file: &str, before: u64, aside: &Aside, log: &mut Log) {
    let Some((row, column)) = aside.struck_cells.first.first() else { return };
    let cells = counted(
        aside.struck_cells.count,
        "cell is struck through, in whole or in part, and is read",
        "cells are struck through, in whole or in part, and are read",
    );
    let more: Vec<String> =
        aside.struck_cells.first.iter().map(|(row, column)| format!("{}{row}", letters(*column))).collect();
    let why = format!("{cells} like any other: {}{}", more.join(", "), if cells_are_more(aside) { ", …" } else { "" });
    let advice = "Look whether that is meant, and delete what no longer holds";
    log.push(Problem::warning(file, why, advice).row(before + row).column(format!("column {}", letters(*column))));
}

fn cells_are_more(aside: &Aside) -> bool {
    aside.struck_cells.count > aside.struck_cells.first.len() as u64
}

/// What there is to say of the comments on cells, which are not read.
fn comments(aside: &Aside) -> String {
    let cells = counted(aside.comments.count, "cell has", "cells have");
    let first = aside.comments.first.first().map(|(row, column)| format!("{}{row}", letters(*column)));
    let first = first.unwrap_or_default();
    match aside.first_comment.as_str() {
        "" => format!("{cells} a comment, which is not read; the first is on {first}"),
        text => format!("{cells} a comment, which is not read; that of {first} says `{}`", shown(text)),
    }
}

/// A formula without a value is no blank: what it would give is not known.
fn tell_uncomputed(file: &str, before: u64, aside: &Aside, log: &mut Log) {
    const ADVICE: &str = "Open the workbook in a spreadsheet program and save it, which computes it";
    for (row, column) in &aside.uncomputed.first {
        let why = "the formula in this cell was never computed, so its value is not known";
        log.push(Problem::error(file, why, ADVICE).row(before + row).column(format!("column {}", letters(*column))));
    }
    let all = aside.uncomputed.count;
    let more = all - aside.uncomputed.first.len() as u64;
    if more > 0 {
        let formulas = if more == 1 { "formula that was" } else { "formulas that were" };
        let why = format!("{} more {formulas} never computed ({} in all)", grouped(more), grouped(all));
        log.push(Problem::error(file, why, ADVICE));
    }
}
