//! All sheets of a workbook as one table. Each has a header of its own, and its columns may stand in another order.
//!
//! Rows are numbered on from sheet to sheet, so that whatever is said later of two rows can be told of their sheets (`problem.rs`).

use super::{Reading, Row, Table, empty, nobody};
use crate::read::csv::Stop;
use crate::read::header::{Header, Sheets};
use crate::read::policy::{Policy, Says};
use crate::read::problem::{Level, Log, Problem, SHEET, shown};
use crate::read::sheets::{self, Fate};
use crate::read::workbook::{Line, Rows, Tab};

/// What was found in the sheets of a workbook so far.
struct Found {
    /// How many sheets there were.
    count: u64,
    /// The headers of those that were read, each with what the sheet is called in what is said of it.
    headers: Vec<(String, Header)>,
    /// What those are called.
    read: Vec<String>,
    rows: u64,
    sound: bool,
}

impl Found {
    fn new() -> Self {
        Self { count: 0, headers: Vec::new(), read: Vec::new(), rows: 0, sound: true }
    }
}

/// The sheets of a workbook, read one after the other as one table.
pub(super) struct Tabs<'e> {
    table: &'static Table,
    file: &'e str,
    policy: &'e Policy,
    names: Sheets,
    says: Says,
    each: &'e mut dyn FnMut(&Row<'_>, &mut Log),
    log: &'e mut Log,
    found: Found,
}

impl<'e> Tabs<'e> {
    pub(super) fn new(
        table: &'static Table,
        file: &'e str,
        policy: &'e Policy,
        each: &'e mut dyn FnMut(&Row<'_>, &mut Log),
        log: &'e mut Log,
    ) -> Self {
        let names = Sheets::default();
        log.of_sheets(file, &names);
        Self { table, file, policy, names, says: policy.says(table.name), each, log, found: Found::new() }
    }

    pub(super) fn take(&mut self, tab: &Tab<'_>, rows: Rows<'_>) -> Result<(), Stop> {
        let before = self.found.count * SHEET;
        self.found.count += 1;
        if tab.several {
            self.names.borrow_mut().push(tab.name.to_owned());
        }
        let label = if tab.several { sheets::label(self.file, tab.name) } else { self.file.to_owned() };
        let mut line = Line::default();
        match Fate::of(tab, &self.says) {
            Fate::Skipped => self.log.note(&label, "not read, as `skip_sheets` asks"),
            Fate::Hidden => {
                rows(&mut line, &mut |_| true)?;
                sheets::tell_unread(&label, &line.aside, &self.says, self.log);
            }
            Fate::Read => {
                self.read(before, &label, &mut line, rows)?;
                if line.aside.rows.count > 0 {
                    self.found.read.push(format!("`{}`", shown(tab.name)));
                }
                sheets::tell(self.file, before, &label, &line.aside, self.log);
            }
        }
        Ok(())
    }

    /// Reads the rows of one sheet under its own header.
    fn read(&mut self, before: u64, label: &str, line: &mut Line, rows: Rows<'_>) -> Result<(), Stop> {
        let mut reading = Reading::new(self.table, self.file, Some(&self.names), self.each);
        reading.rows = self.found.rows;
        let read = rows(line, &mut |record| reading.take(&record.after(before), self.policy, self.log));
        match read {
            Ok(()) | Err(Stop::Enough) => {}
            Err(stop) => return Err(stop),
        }
        let Reading { header, usable, rows, odd, .. } = reading;
        (self.found.rows, self.found.sound) = (rows, self.found.sound && usable);
        if let Some(header) = header {
            odd.tell(&header, self.log);
            self.found.headers.push((label.to_owned(), header));
        }
        Ok(())
    }

    /// The header of all sheets, if each of them has one.
    pub(super) fn end(self) -> Option<Header> {
        let Found { headers, read, sound, rows, .. } = self.found;
        if headers.is_empty() && sound {
            self.log.push(empty(self.file));
        }
        if let [first, others @ ..] = read.as_slice() {
            let more = if others.len() >= MOST_NAMED { ", …" } else { "" };
            let names: Vec<&str> = [first].into_iter().chain(others).take(MOST_NAMED).map(String::as_str).collect();
            let sheets = if others.is_empty() { "sheet" } else { "sheets" };
            self.log.note(self.file, format!("{sheets} {}{more}", names.join(", ")));
        }
        if sound && rows == 0 && !headers.is_empty() {
            nobody(self.table, self.file, self.log);
        }
        lacking(self.table, self.file, &headers, self.log);
        headers.into_iter().map(|(_, header)| header).reduce(|all, one| all.and(&one)).filter(|_| sound)
    }
}

/// Most sheets that a note names.
const MOST_NAMED: usize = 12;

/// Columns that one sheet has and another lacks: what is left out there is not said of its rows.
fn lacking(table: &Table, file: &str, headers: &[(String, Header)], log: &mut Log) {
    let decides = (0..table.columns.len()).filter(|at| table.columns[*at].decides);
    for at in decides.filter(|at| headers.iter().any(|(_, header)| header.has(*at))) {
        let title = headers.iter().find(|(_, header)| header.has(at)).map_or("", |(_, header)| header.title(at));
        for (label, _) in headers.iter().filter(|(_, header)| !header.has(at)) {
            log.one_of(Level::Warning, file, "columns that only other sheets have", || {
                let why = format!("the sheet has no column `{}`, and another sheet has it", shown(title));
                Problem::warning(label, why, "Add the column, or make sure that it is blank for these rows")
            });
        }
    }
}
