//! Which sheets are calendars: they are taken out of the files before anybody asks which column is which.

use std::collections::BTreeSet;

use super::super::super::dates::months::Months;
use super::super::super::ids::fold;
use super::super::super::problem::{Log, Problem};
use super::super::grid::{Grid, Sheet};
use super::super::head;
use super::super::kind::Wishes;
use super::super::lay::label;
use super::super::likeness::sure;
use super::super::names::Known;
use super::board::Board;
use super::day::Words;
use super::line::{is_number, turned};
use super::weekdays::Weekdays;

/// The calendars of an import, and the sheets beside them.
#[derive(Default)]
pub(in crate::read::import) struct Calendars {
    pub(super) boards: Vec<Board>,
    pub(super) aside: Vec<Aside>,
}

impl Calendars {
    /// Whether there is none.
    pub(in crate::read::import) fn is_empty(&self) -> bool {
        self.boards.is_empty()
    }
}

/// A sheet that stands beside calendars and is neither one nor a table.
pub(super) struct Aside {
    pub(super) file: String,
    pub(super) sheet: Sheet,
}

/// What a sheet is.
enum What {
    Table,
    Calendar(Option<Sheet>),
    Both,
    Other,
}

/// Takes the calendars out of the files of absences. `known` and `mentioned` are the people of the case and the cells of an
/// import of people: only with names across is a sheet of days down a calendar.
pub(in crate::read::import) fn part(
    grids: &mut Vec<Grid>,
    wishes: &Wishes,
    known: &Known,
    mentioned: &BTreeSet<String>,
    log: &mut Log,
) -> Calendars {
    let words = Words { months: Months::of(wishes.says.language.as_deref(), None), weekdays: Weekdays::all() };
    let mut calendars = Calendars::default();
    for grid in grids.iter_mut() {
        let workbook = grid.workbook;
        let what: Vec<What> =
            grid.sheets.iter_mut().map(|sheet| what(sheet, workbook, wishes, known, mentioned, &words)).collect();
        if !what.iter().any(|what| matches!(what, What::Calendar(_) | What::Both)) {
            continue;
        }
        let labels: Vec<String> = grid.sheets.iter().map(|sheet| label(grid, sheet)).collect();
        let sheets = std::mem::take(&mut grid.sheets).into_iter().zip(what).zip(labels);
        for ((sheet, what), file) in sheets {
            if wishes.says.skip_sheets.iter().any(|skip| fold(skip) == fold(&sheet.name)) {
                log.note(&file, "not read, as `skip_sheets` asks");
                continue;
            }
            match what {
                What::Table => grid.sheets.push(sheet),
                What::Other => calendars.aside.push(Aside { file, sheet }),
                What::Calendar(None) => calendars.boards.push(Board::new(file, workbook, sheet, false)),
                What::Calendar(Some(sheet)) => calendars.boards.push(Board::new(file, workbook, sheet, true)),
                What::Both => {
                    let why = "it has columns for the first and the last day, and a line of days as a calendar has";
                    log.push(Problem::error(&file, why, "Keep the table and the calendar in two sheets"));
                }
            }
        }
    }
    grids.retain(|grid| !grid.sheets.is_empty());
    calendars
}

fn what(
    sheet: &mut Sheet,
    workbook: bool,
    wishes: &Wishes,
    known: &Known,
    mentioned: &BTreeSet<String>,
    words: &Words,
) -> What {
    let board = |sheet: Sheet| Board::new(String::new(), workbook, sheet, false);
    let (table, stated) = is_table(sheet, wishes);
    if stated {
        return What::Table;
    }
    // The sheet is looked at as a board, and given back.
    let whole = board(std::mem::take(sheet));
    let ordinary = whole.lines_of_days(None, words).is_empty();
    *sheet = whole.sheet;
    match (table, ordinary) {
        (true, false) => return What::Both,
        (true, true) => return What::Table,
        (false, false) => return What::Calendar(None),
        (false, true) => {}
    }
    let Some(sideways) = turned(sheet).map(board) else { return What::Other };
    let days = sideways.lines_of_days(None, words);
    let Some((line, columns)) = days.first() else { return What::Other };
    let first = columns.first().map_or(0, |column| column.at);
    let names = |text: &str| known.find_quietly(text).is_some() || mentioned.contains(&fold(text));
    let labels =
        sideways.sheet.lines[line + 1..].iter().flat_map(|line| line.filled().take_while(|(at, _)| *at < first));
    let named = labels.filter(|(_, text)| !is_number(text) && names(text)).count();
    if named > 0 { What::Calendar(Some(sideways.sheet)) } else { What::Other }
}

/// Whether a sheet is a table of leave, and whether the policy says so.
fn is_table(sheet: &Sheet, wishes: &Wishes) -> (bool, bool) {
    let mapped: Vec<&str> =
        wishes.columns.iter().filter(|(ours, _)| *ours != "inspector").flat_map(|(_, titles)| titles.each()).collect();
    let head = head::of_titles(sheet, &mapped);
    let stated = !mapped.is_empty() && head.is_some_and(|head| mapped.iter().all(|title| head.has(title)));
    let found = head::guess(sheet, &["from", "to"]).filter(|(found, _)| *found > 0);
    let both = found.is_some_and(|(_, head)| sure(&head.titles, &["from", "to"]).len() == 2);
    (both, stated)
}
