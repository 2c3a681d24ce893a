//! A small table of visits and who goes on them, given by hand to a command: the columns of `schedule.csv`, as far as they are there.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::ids::nfc;
use super::policy;
use super::problem::{Level, Log, Problem};
use super::source::Memory;
use super::table::{Desk, Table, may, must, told};

const TABLE: Table = Table {
    name: "teams",
    columns: &[must("visit"), must("inspectors"), may("date"), may("slot"), told("establishment")],
};
const VISIT: usize = 0;
const INSPECTORS: usize = 1;
const DATE: usize = 2;
const SLOT: usize = 3;

/// One row: a visit and who goes on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRow {
    /// Its number in a spreadsheet.
    pub row: u64,
    /// The visit's id.
    pub visit: String,
    /// The day, as it is written.
    pub date: Option<String>,
    /// The slot.
    pub slot: Option<String>,
    /// Ids of those who go; nobody where the cell is blank.
    pub inspectors: Vec<String>,
}

/// The rows of a CSV table with the columns `visit` and `inspectors`, and `date` and `slot` where they are there.
///
/// # Errors
/// Everything that is wrong with it.
///
/// ```
/// let rows = foureyes::read::read_teams(b"visit,inspectors\nv1,ana|ben\nv2,\n").unwrap();
/// assert_eq!(rows[0].inspectors, ["ana", "ben"]);
/// assert!(rows[1].inspectors.is_empty());
/// assert!(foureyes::read::read_teams(b"visit\nv1\n").is_err());
/// ```
pub fn read_teams(bytes: &[u8]) -> Result<Vec<TeamRow>, Vec<Problem>> {
    let files = BTreeMap::from([("teams.csv".to_owned(), bytes.to_vec())]);
    let source = Memory(&files);
    // There is no policy here; what is said of its absence is not for anybody.
    let policy = Rc::new(policy::read(&source, &mut Log::default()));
    let names = files.keys().cloned().collect();
    let mut desk = Desk { source: &source, names, policy, log: Log::default(), waived: Vec::new() };
    let mut rows = Vec::new();
    desk.table(&TABLE, true, &mut |row, log| {
        let Some(visit) = super::absences::required(row, VISIT, log).map(plain) else { return };
        let people = row.text(INSPECTORS).unwrap_or_default().split('|').map(str::trim).filter(|id| !id.is_empty());
        rows.push(TeamRow {
            row: row.number(),
            visit,
            date: row.text(DATE).map(str::to_owned),
            slot: row.text(SLOT).map(plain),
            inspectors: people.map(plain).collect(),
        });
    });
    let (problems, _) = desk.log.finish();
    let errors: Vec<Problem> = problems.into_iter().filter(|problem| problem.level == Level::Error).collect();
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

/// A text as the inputs spell it; the apostrophe that `schedule.csv` puts before formulas is taken away.
fn plain(text: &str) -> String {
    let cut = text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\'']));
    nfc(cut.unwrap_or(text))
}
