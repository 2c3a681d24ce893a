//! Leave as a calendar: people down, days across, letters in the cells; a block or a sheet a month, or a whole year across.
//!
//! A sheet is one if a line of it names days that follow each other. Titles say the month and the year, and the names of weekdays
//! prove them. Which letters mean away is asked once for each. A row with letters that is nobody's, a letter under no day, two
//! blocks of the same days that differ: all of these stop the import, since somebody's leave would be lost.

mod beside;
mod board;
mod codes;
mod day;
mod legend;
mod line;
mod month;
mod part;
mod remarks;
mod rows;
mod runs;
mod title;
mod weekdays;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::super::dates::months::Months;
use super::super::policy::Policy;
use super::super::problem::{Log, Problem, counted, shown};
use super::super::workbook::Area;
use super::clerk::Clerk;
use super::ics::Index;
use super::kind::{Kind, Wishes};
use super::lay::shown_all;
use super::names::Known;
use super::rows::Tidy;
use crate::model::Period;
use board::Board;
use day::Words;
use part::Aside;
pub(super) use part::{Calendars, part};
use remarks::Remarks;
use rows::{Found, Mark, Reader};
use runs::{over_several, overlaps, runs};
use weekdays::Weekdays;

/// What the calendars of an import are read with.
struct Office<'a> {
    people: &'a Known,
    names: Index,
    wishes: &'a Wishes,
    period: Option<&'a Period>,
    words: Words,
}

/// A block of a board, with the lines of it that name nobody.
struct Part<'a> {
    board: &'a Board,
    block: board::Block,
    dates: Vec<Option<NaiveDate>>,
    nobody: rows::Nobody,
}

impl Clerk<'_> {
    /// The absences of all calendars, one row for each run of days.
    pub(super) fn leave_calendars(&mut self, kind: &Kind, calendars: &Calendars, policy: &Policy) -> Vec<Tidy> {
        if calendars.is_empty() {
            return Vec::new();
        }
        let (people, wishes) = (self.known("inspectors", "inspector"), policy.wishes("absences"));
        let language = wishes.says.language.as_deref();
        let words = Words { months: Months::of(language, None), weekdays: Weekdays::all() };
        let names = Index::of(self.roster().iter().map(|(id, name)| (id.as_str(), name.as_str())));
        let office = Office { people: &people, names, wishes: &wishes, period: policy.period.as_ref(), words };
        let before = self.log.errors();
        let found = office.read(calendars, &mut self.log);
        let marks: Vec<&Mark> = found.marks.iter().chain(&found.tall).collect();
        let meanings = codes::meanings(&marks, &wishes.codes, &found.legend, &wishes.says, &mut self.log);
        let Some(meanings) = meanings else { return Vec::new() };
        over_several(&found.tall, &meanings, &mut self.log);
        if self.log.errors() > before {
            return Vec::new();
        }
        self.tell_calendars(calendars, &found);
        runs(kind, &found.marks, &meanings, &mut self.log)
    }

    /// Who is in no row, and where no cell is filled.
    fn tell_calendars(&mut self, calendars: &Calendars, found: &Found) {
        let Some(file) = calendars.boards.first().map(|board| board.file.clone()) else { return };
        let everybody = self.ids("inspectors");
        let missing: Vec<&str> =
            everybody.iter().filter(|id| !found.rows.contains_key(*id)).map(String::as_str).collect();
        if !missing.is_empty() {
            let count = counted(missing.len() as u64, "inspector has", "inspectors have");
            let some = shown_all(&missing[..missing.len().min(5)]);
            let more = if missing.len() > 5 { format!(" and {} more", missing.len() - 5) } else { String::new() };
            self.log.note(&file, format!("{count} no row in the calendar: {some}{more}"));
        }
        for board in &calendars.boards {
            if !found.marks.iter().any(|mark| mark.file == board.file) {
                let says = "no cell under a day is filled. If days off are only coloured, colours are not read: write a letter into the cells";
                self.log.note(&board.file, says);
            }
        }
    }
}

impl Office<'_> {
    fn read(&self, calendars: &Calendars, log: &mut Log) -> Found {
        let (mut found, mut parts, before) = (Found::default(), Vec::new(), log.errors());
        let merged: Vec<BTreeMap<u64, Vec<Area>>> =
            calendars.boards.iter().map(|board| by_row(&board.sheet.merged)).collect();
        for (board, merged) in calendars.boards.iter().zip(&merged) {
            parts.extend(self.board(board, merged, &mut found, log).into_iter().map(|part| (part, merged)));
        }
        let codes: BTreeSet<String> = found.marks.iter().map(|mark| mark.code.clone()).collect();
        for (part, merged) in &parts {
            let reader = self.reader(part.board, &part.block, &part.dates, merged);
            reader.of_nobody(&part.nobody.filled, &mut found, &codes, log);
            reader.strays(&mut found, &codes, log);
        }
        let sound = log.errors() == before;
        for board in calendars.boards.iter().filter(|_| sound) {
            let parts = parts.iter().map(|(part, _)| part).filter(|part| std::ptr::eq(part.board, board));
            Remarks { board, people: self.people, names: &self.names, codes: &codes }.look(parts, log);
        }
        self.legends(calendars, &codes, &mut found, log);
        calendars.aside.iter().for_each(|aside| beside(aside, &codes, &mut found, log));
        overlaps(&found, log);
        if found.marks.is_empty() && found.tall.is_empty() && log.errors() == 0 {
            let file = calendars.boards.first().map_or("", |board| board.file.as_str());
            let why = "this is a calendar, and no cell under its days is filled";
            let advice = "If days off are only coloured, colours are not read: write a letter into the cells";
            log.push(Problem::error(file, why, advice));
        }
        found
    }

    fn reader<'r>(
        &'r self,
        board: &'r Board,
        block: &'r board::Block,
        dates: &'r [Option<NaiveDate>],
        merged: &'r BTreeMap<u64, Vec<Area>>,
    ) -> Reader<'r> {
        Reader { board, block, dates, people: self.people, wishes: self.wishes, merged }
    }

    /// The blocks of one sheet, and what stands in the rows of people.
    fn board<'b>(
        &self,
        board: &'b Board,
        merged: &BTreeMap<u64, Vec<Area>>,
        found: &mut Found,
        log: &mut Log,
    ) -> Vec<Part<'b>> {
        let blocks = match board.blocks(self.people, &self.words) {
            Ok(blocks) => blocks,
            Err(count) => {
                let why = format!("it has {count} lines of days, and 1 to {} can be read", board::MOST_BLOCKS);
                log.push(Problem::error(&board.file, why, "Keep a calendar of one year, or less, in a sheet"));
                return Vec::new();
            }
        };
        let alone = blocks.len() == 1;
        let (top, first) = (blocks[0].head, blocks[0].line);
        let months = month::Months {
            board,
            words: &self.words,
            wishes: self.wishes,
            says: &self.wishes.says,
            period: self.period,
            top,
            first,
            alone,
        };
        let above: Vec<String> = board.sheet.lines[..top]
            .iter()
            .filter_map(|line| line.filled().next())
            .map(|(_, text)| format!("`{}`", shown(text)))
            .take(5)
            .collect();
        let (mut parts, mut days) = (Vec::new(), Vec::new());
        for block in blocks {
            let Some(dates) = months.dates(&block, log) else { continue };
            let row = board.number(block.line);
            let first = block.columns.first().map_or(0, |column| column.at);
            let (from, to) = (dates.iter().flatten().min(), dates.iter().flatten().max());
            if let (Some(from), Some(to)) = (from, to) {
                days.push(format!("{from} to {to} ({})", board.place(row, first)));
            }
            let nobody = self.reader(board, &block, &dates, merged).read(found, log);
            parts.push(Part { board, block, dates, nobody });
        }
        let people = counted(
            found.rows.values().filter(|blocks| blocks.iter().any(|at| found.blocks[*at].file == board.file)).count()
                as u64,
            "person",
            "people",
        );
        let turned = if board.turned { ", with people across and days down" } else { "" };
        let titles = if above.is_empty() { String::new() } else { format!("; above it stands {}", above.join(", ")) };
        if !days.is_empty() {
            let more = if days.len() > 12 { format!(" and {} more", days.len() - 12) } else { String::new() };
            log.note(
                &board.file,
                format!("a calendar of {people}{turned}: {}{more}{titles}", days[..days.len().min(12)].join(", ")),
            );
        }
        parts
    }

    /// Lines anywhere in the sheets that are nothing but a legend.
    fn legends(&self, calendars: &Calendars, codes: &BTreeSet<String>, found: &mut Found, log: &mut Log) {
        for board in &calendars.boards {
            let mut lines = 0u64;
            for line in &board.sheet.lines {
                let cells: Vec<&str> = line.filled().map(|(_, text)| text).collect();
                if cells.len() <= 2 * codes.len() + 1
                    && let Some(said) = legend::read(&cells, codes)
                {
                    lines += u64::from(said.keys().any(|code| !found.legend.contains_key(code)));
                    found.legend.extend(said);
                }
            }
            if lines > 0 {
                log.note(
                    &board.file,
                    format!("{} what codes mean", counted(lines, "line of a legend says", "lines of a legend say")),
                );
            }
        }
    }
}

/// A sheet beside calendars that is none: a legend, or something that must be named.
fn beside(aside: &Aside, codes: &BTreeSet<String>, found: &mut Found, log: &mut Log) {
    let lines: Vec<Vec<&str>> =
        aside.sheet.lines.iter().map(|line| line.filled().map(|(_, text)| text).collect()).collect();
    if lines.is_empty() {
        return log.note(&aside.file, "there is nothing in it");
    }
    let said: Vec<_> = lines.iter().filter_map(|cells| legend::read(cells, codes)).collect();
    // A title above it, and codes of other months.
    if !said.is_empty() && said.len() + 2 >= lines.len() && lines.iter().all(|cells| cells.len() <= 3) {
        found.legend.extend(said.into_iter().flatten());
        return log.note(&aside.file, "it is read as a legend, which says what codes mean");
    }
    let why = "it stands beside calendars and is none, and it is no table of leave either";
    let advice = format!(
        "If nobody's leave is in it: --map absences.skip_sheets=\"{}\"; else import it in a file of its own",
        shown(&aside.sheet.name)
    );
    log.push(Problem::error(&aside.file, why, advice));
}

fn by_row(merged: &[Area]) -> BTreeMap<u64, Vec<Area>> {
    let mut rows: BTreeMap<u64, Vec<Area>> = BTreeMap::new();
    for area in merged {
        rows.entry(area.top).or_default().push(*area);
    }
    rows
}
