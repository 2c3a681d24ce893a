//! One table: its sheets laid out, its rows in our spelling, and what is particular to it settled.

use std::collections::{BTreeMap, BTreeSet};

use super::super::policy::{Policy, Says};
use super::super::problem::{Level, Problem, counted, shown};
use super::super::table::nobody;
use super::ask;
use super::clean::Clean;
use super::clerk::Clerk;
use super::compare::Old;
use super::grid::{Grid, Sheet};
use super::kind::{Kind, Wishes};
use super::lay::{self, Laid, Layout};
use super::names::Known;
use super::rows::{self, Tidy};
use super::titles::Mapping;
use super::{contradiction, declared, leave, length, roster, status};

impl Clerk<'_> {
    /// One table from its files.
    pub(super) fn table(
        &mut self,
        kind: &'static Kind,
        grids: Vec<Grid>,
        mapping: &Mapping,
        kept: bool,
        policy: &Policy,
    ) -> Option<()> {
        let wishes = policy.wishes(kind.table.name);
        let own = ask::by_sheet(kind, &grids, mapping);
        let layout = Layout { kind, mapping, wishes: &wishes, own, kept };
        let (mut rows, mut heads): (Vec<Tidy>, Vec<Laid>) = (Vec::new(), Vec::new());
        for grid in &grids {
            let laid = if own {
                let people = self.known("inspectors", "inspector");
                declared::sheets(&layout, grid, &people, &mut self.log)
            } else {
                let sheets = self.sheets(&layout, grid);
                sheets.into_iter().map(|laid| declared::Own { person: String::new(), laid: Some(laid) }).collect()
            };
            for declared::Own { person, laid } in laid {
                let Some(laid) = laid else { continue };
                if kind.table.name == "absences" {
                    length::ask(&laid.header, &laid.extra, &wishes, &mut self.log);
                }
                if ["absences", "conflicts"].contains(&kind.table.name) && !own {
                    let people = self.known("inspectors", "inspector");
                    contradiction::tell_of(&laid, kind.at("inspector"), &people, &mut self.log);
                }
                let found = rows::tidy(&laid, kind, &wishes, policy, &mut self.log);
                let mut found = status::counting(kind, found, &laid.extra, &wishes, &mut self.log);
                if own {
                    if found.is_empty() {
                        self.log.note(&grid.file, format!("sheet {}: {person} declares nothing", shown(&laid.sheet)));
                    }
                    found.iter_mut().for_each(|row| row.cells[0].clone_from(&person));
                }
                rows.append(&mut found);
                heads.push(laid);
            }
        }
        if kind.table.name == "absences" {
            self.agenda(kind, &wishes, policy, &mut rows, &mut heads);
        }
        let beside = std::mem::take(&mut self.beside);
        if heads.is_empty() && !own && beside.is_empty() {
            return None;
        }
        // Without a sheet of our columns there may still be leave in a grid, or people who all declare nothing: what was
        // declared before is then gone.
        let none = super::super::header::Header::found(kind.table, "", true, &[], Says::default()).at(Vec::new());
        let all = heads.into_iter().reduce(Laid::and);
        let mut rows = match &all {
            Some(laid) => self.settle(kind, laid, rows, &wishes, policy),
            None => Vec::new(),
        };
        rows.extend(beside);
        let rows = self.grown(kind, rows);
        let rows = self.distinct(kind, rows);
        if rows.is_empty() && self.log.errors() == 0 {
            nobody(kind.table, &format!("{}.csv", kind.table.name), &mut self.log);
        }
        self.import.tables.push(Clean::of(kind, all.as_ref().map_or(&none, |laid| &laid.header), rows));
        Some(())
    }

    /// The sheets of a file that have the columns. One that holds something and lacks some of them is refused: nobody can know whether
    /// what is lost with it matters.
    fn sheets(&mut self, layout: &Layout<'_>, grid: &Grid) -> Vec<Laid> {
        let mut all = Vec::new();
        let blank = |sheet: &Sheet| sheet.lines.is_empty() && grid.sheets.iter().any(|other| !other.lines.is_empty());
        for sheet in &grid.sheets {
            let file = lay::label(grid, sheet);
            match layout.head(sheet) {
                _ if layout.skips(sheet, &file, &mut self.log) => {}
                Some(head) => all.extend(layout.lay(grid, sheet, &head, &mut self.log)),
                None if blank(sheet) => {}
                None => layout.refuse(&file, sheet, &mut self.log),
            }
        }
        all
    }

    /// What is particular to a table: ids, postings, leave, names in the place of ids.
    fn settle(
        &mut self,
        kind: &'static Kind,
        laid: &Laid,
        mut rows: Vec<Tidy>,
        wishes: &Wishes,
        policy: &Policy,
    ) -> Vec<Tidy> {
        let table = kind.table.name;
        let (header, extra) = (&laid.header, &laid.extra);
        let (has_ids, before) = (header.has(0), self.log.errors());
        match table {
            "inspectors" => {
                if !has_ids {
                    self.numbers.give(table, &[kind.at("name")], &mut rows, &mut self.log);
                }
                if self.log.errors() > before {
                    return Vec::new();
                }
                let dated = extra.has(0) || extra.has(1);
                let Some(period) = &policy.period else { return rows };
                roster::Roster { header, dated, period }.settle(rows, &mut self.log)
            }
            "establishments" => {
                if !has_ids {
                    self.numbers.give(table, &[kind.at("name"), kind.at("address")], &mut rows, &mut self.log);
                }
                rows
            }
            "visits" => {
                let places = self.known("establishments", "establishment");
                let mut rows = leave::named(rows, kind.at("establishment"), header, &places, &mut self.log);
                if !has_ids {
                    let key = ["establishment", "earliest", "latest", "kind"].map(|name| kind.at(name));
                    self.numbers.give(table, &key, &mut rows, &mut self.log);
                }
                rows
            }
            "absences" => {
                let people = self.known("inspectors", "inspector");
                let closed = policy.closed();
                let leave = leave::Leave {
                    header,
                    extra,
                    wishes,
                    period: policy.period.as_ref(),
                    closed: &closed,
                    people: &people,
                };
                leave.settle(rows, &mut self.log)
            }
            "conflicts" => {
                let (people, places) =
                    (self.known("inspectors", "inspector"), self.known("establishments", "establishment"));
                let rows = leave::apart(rows, kind.at("inspector"), header, wishes, &people, &mut self.log);
                let rows = declared::settle(rows, header, &people, &places, &mut self.log);
                declared::doubtful(&rows, header, &policy.settings, &mut self.log);
                rows
            }
            _ => self.history(kind, rows),
        }
    }

    /// Past visits name people who left and places that closed: only what is a known name becomes an id. Of the others the
    /// reader of the clean table tells.
    fn history(&mut self, kind: &Kind, mut rows: Vec<Tidy>) -> Vec<Tidy> {
        let people = self.known("inspectors", "inspector");
        let places = self.known("establishments", "establishment");
        let id = |known: &Known, text: &str| known.find_quietly(text).unwrap_or_else(|| text.to_owned());
        let (establishment, inspectors) = (kind.at("establishment"), kind.at("inspectors"));
        for row in &mut rows {
            let place = id(&places, &row.cells[establishment]);
            let team: BTreeSet<String> = row.cells[inspectors].split('|').map(|one| id(&people, one)).collect();
            row.cells[establishment] = place;
            row.cells[inspectors] = team.into_iter().collect::<Vec<_>>().join("|");
        }
        rows
    }

    /// Rows that say the same count once; two of one id that don't are an error.
    fn distinct(&mut self, kind: &Kind, rows: Vec<Tidy>) -> Vec<Tidy> {
        let mut seen: BTreeMap<Vec<String>, (String, u64)> = BTreeMap::new();
        let mut ids: BTreeMap<String, u64> = BTreeMap::new();
        let (mut kept, mut again) = (Vec::new(), 0u64);
        let has_id = kind.table.columns.first().is_some_and(|column| column.name == "id");
        let file = rows.first().map(|row| row.file.clone()).unwrap_or_default();
        for row in rows {
            if seen.insert(row.cells.clone(), (row.file.clone(), row.row)).is_some() {
                again += 1;
                continue;
            }
            if let Some(first) =
                ids.insert(row.cells[0].clone(), row.row).filter(|_| has_id && !row.cells[0].is_empty())
            {
                let why = format!("the id stands in row {first} too, with other content");
                let problem =
                    Problem::error(&row.file, why, "Keep the row that is right").row(row.row).value(&row.cells[0]);
                lay::tell(&mut self.log, Level::Error, "rows that contradict an earlier one", problem);
            }
            kept.push(row);
        }
        if again > 0 {
            self.log.note(
                &file,
                format!(
                    "{} what another says, and {} once",
                    counted(again, "row says", "rows say"),
                    if again == 1 { "counts" } else { "count" }
                ),
            );
        }
        kept
    }

    /// The ids and names of the inspectors, as they are imported now or as the case has them.
    pub(super) fn roster(&self) -> Vec<(String, String)> {
        let now = self.import.tables.iter().find(|clean| clean.table == "inspectors").map(Old::from);
        let Some(rows) = now.as_ref().or_else(|| self.old.get("inspectors")) else { return Vec::new() };
        rows.column("id").zip(rows.column("name")).map(|(id, name)| (id.to_owned(), name.to_owned())).collect()
    }

    /// The ids of people or places, as they are imported now or as the case has them.
    pub(super) fn ids(&self, table: &'static str) -> Vec<String> {
        let now = self.import.tables.iter().find(|clean| clean.table == table).map(Old::from);
        now.as_ref()
            .or_else(|| self.old.get(table))
            .map_or(Vec::new(), |rows| rows.column("id").map(str::to_owned).collect())
    }

    /// People or places, as they are imported now or as the case has them.
    pub(super) fn known(&self, table: &'static str, noun: &'static str) -> Known {
        let now = self.import.tables.iter().find(|clean| clean.table == table).map(Old::from);
        match now.as_ref().or_else(|| self.old.get(table)) {
            Some(rows) => Known::of(noun, rows.column("id").zip(rows.column("name"))),
            None => Known::of(noun, std::iter::empty()),
        }
    }
}
