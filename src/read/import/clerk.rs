//! The way of an import: policy, files, columns, tables, and then all of it once more as a case.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::super::form;
use super::super::policy::{self, Policy};
use super::super::problem::{Level, Log, Problem, counted, shown};
use super::super::source::{Folder, POLICY, Source};
use super::super::table::Desk;
use super::ask::{self, Known as Columns};
use super::compare::{self, Old};
use super::grid::{self, Grid};
use super::ics::{self, Events};
use super::kind::{KINDS, Kind};
use super::numbers::{self, Numbers};
use super::overlay::Overlay;
use super::rows::Tidy;
use super::titles::{Mapping, is_mapped};
use super::{Import, Request, idents, keep, lay, leave_calendar, tables};
use crate::model::Period;

/// Most bytes of a policy.
const MOST_POLICY: u64 = 1 << 20;

/// Whoever does the work, and what they know so far.
pub(super) struct Clerk<'a> {
    base: &'a Folder,
    pub(super) request: &'a Request,
    /// The files of the case.
    names: Vec<String>,
    pub(super) log: Log,
    pub(super) import: Import,
    pub(super) numbers: Numbers,
    /// Calendars (iCalendar) of leave, until the people are known.
    pub(super) events: Vec<Events>,
    /// The tables before the import.
    pub(super) old: BTreeMap<&'static str, Old>,
    /// Rows of a table that come from leave calendars, beside those of its other sheets.
    pub(super) beside: Vec<Tidy>,
}

impl<'a> Clerk<'a> {
    pub(super) fn new(base: &'a Folder, request: &'a Request) -> Self {
        let names = base.names().unwrap_or_default();
        let (log, import, old) = (Log::default(), Import::default(), BTreeMap::new());
        let (numbers, events, beside) = (Numbers::default(), Vec::new(), Vec::new());
        Self { base, request, names, log, import, numbers, events, old, beside }
    }

    pub(super) fn work(&mut self) -> Option<()> {
        let had = self.policy_text()?;
        let text = self.keep(keep::said(&had, &self.request.said))?;
        let policy = Rc::new(policy::read(&Overlay::of(self.base, POLICY, &text), &mut self.log));
        self.old = self.read_old(&had);
        self.numbers = Numbers::read(self.base, &mut self.log);
        (self.log.errors() == 0).then_some(())?;
        let mut grids = self.grids(&policy);
        let calendars = self.calendars(&mut grids, &policy);
        let columns = self.columns(&grids, &policy);
        (self.log.errors() == 0 && self.import.questions.is_empty()).then_some(())?;
        let mut text = text;
        for (kind, grids) in grids {
            if kind.table.name == "absences" {
                self.beside = self.leave_calendars(kind, &calendars, &policy);
            }
            let (mapping, kept, ignored) = &columns[kind.table.name];
            self.table(kind, grids, mapping, *kept, &policy);
            if !kept {
                text = self.keep(keep::kept(&text, kind.table.name, mapping, ignored))?;
            }
        }
        self.whole();
        self.near_misses();
        let whole = self.files(&text);
        if self.log.errors() == 0 {
            self.read_again(&whole);
        }
        self.compare(policy.period.as_ref());
        self.import.files = whole.into_iter().filter(|(name, bytes)| self.differs(name, bytes)).collect();
        Some(())
    }

    /// The leave calendars among the files, which are taken out of them: they have no columns that anybody could name.
    fn calendars(&mut self, grids: &mut [(&'static Kind, Vec<Grid>)], policy: &Policy) -> leave_calendar::Calendars {
        let people = grids.iter().filter(|(kind, _)| kind.table.name == "inspectors").flat_map(|(_, grids)| grids);
        let cells = people.flat_map(|grid| &grid.sheets).flat_map(|sheet| &sheet.lines).flat_map(|line| &line.cells);
        let mentioned: BTreeSet<String> = cells.map(|cell| super::super::ids::fold(cell)).collect();
        let known = self.known("inspectors", "inspector");
        let Some((_, files)) = grids.iter_mut().find(|(kind, _)| kind.table.name == "absences") else {
            return leave_calendar::Calendars::default();
        };
        leave_calendar::part(files, &policy.wishes("absences"), &known, &mentioned, &mut self.log)
    }

    /// Whatever was given became a table, or it is told why not.
    fn whole(&mut self) {
        for (table, path) in &self.request.sources {
            if self.log.errors() == 0 && !self.import.tables.iter().any(|clean| clean.table == *table) {
                let why = format!("nothing of it became a row of {table}");
                self.log.push(Problem::error(&parted(path).1, why, "Look at what the file holds, and export it again"));
            }
        }
    }

    /// Which header is which column, table by table: the mapping, whether it was kept, and the headers that are not read.
    fn columns(
        &mut self,
        grids: &[(&'static Kind, Vec<Grid>)],
        policy: &Policy,
    ) -> BTreeMap<&'static str, (Mapping, bool, Vec<String>)> {
        let mut columns = BTreeMap::new();
        for (kind, grids) in grids {
            let table = kind.table.name;
            if grids.is_empty() {
                // Calendars have columns of their own, and grids of leave none.
                columns.insert(table, (Mapping::new(), true, Vec::new()));
                continue;
            }
            match ask::columns(kind, grids, &policy.wishes(table), self.request.accept) {
                Some(Columns::Ask(question)) => self.import.questions.push(*question),
                Some(Columns::Mapped { mapping, kept, taken, ignored }) => {
                    idents::ask(kind, grids, &mapping, &policy.wishes(table), &mut self.log);
                    self.import.taken.extend(taken.into_iter().map(|(ours, theirs)| (table, ours, theirs)));
                    columns.insert(table, (mapping, kept, ignored));
                }
                None => {
                    for grid in grids {
                        self.log.push(Problem::error(&grid.file, "there is nothing in it", "Export it again"));
                    }
                }
            }
        }
        columns
    }

    /// Takes a text, or reports why there is none.
    fn keep(&mut self, text: Result<String, Box<Problem>>) -> Option<String> {
        text.map_err(|problem| self.log.push(*problem)).ok()
    }

    /// The policy of the case, or the template where it has none. It will be written anew, so every letter of it must be known.
    fn policy_text(&mut self) -> Option<String> {
        let bytes = match self.base.bytes(POLICY, MOST_POLICY + 1) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Some(self.request.template.clone()),
            Err(error) => {
                let why = format!("the file can't be read: {error}");
                self.log.push(Problem::error(POLICY, why, "Look at what it is, and at its permissions"));
                return None;
            }
        };
        let text = String::from_utf8(bytes).ok().filter(|text| text.len() as u64 <= MOST_POLICY);
        if text.is_none() {
            let advice = "Save it as UTF-8; a policy has a few dozen lines";
            self.log.push(Problem::error(POLICY, "the file is not UTF-8, or larger than 1 MiB", advice));
        }
        text.map(|text| text.trim_start_matches('\u{FEFF}').to_owned())
    }

    fn read_old(&mut self, policy: &str) -> BTreeMap<&'static str, Old> {
        let overlay = Overlay::of(self.base, POLICY, policy);
        let mut log = Log::default();
        let policy = Rc::new(policy::read(&overlay, &mut log));
        let mut desk =
            Desk { source: &overlay, names: self.names.clone(), policy, log: Log::default(), waived: Vec::new() };
        let (old, broken) = compare::old(&mut desk);
        for file in broken {
            self.log.note(&file, "the last import can't be read, so nothing is compared with it");
        }
        old
    }

    /// The files, table by table.
    fn grids(&mut self, policy: &Policy) -> Vec<(&'static Kind, Vec<Grid>)> {
        let mut all = Vec::new();
        for kind in &KINDS {
            let wishes = policy.wishes(kind.table.name);
            let known =
                |title: &str| is_mapped(&wishes.columns, title) || kind.columns().any(|ours| ours.name == title);
            let paths = self.request.sources.iter().filter(|(table, _)| *table == kind.table.name);
            let paths: Vec<&PathBuf> = paths.map(|(_, path)| path).collect();
            let (mut grids, mut calendars) = (Vec::new(), Vec::new());
            for path in &paths {
                let (folder, file) = parted(path);
                let source = Folder::new(&folder, None);
                let Some(is_calendar) = ics::is_one(&source, &file, kind, &mut self.log) else { continue };
                if is_calendar {
                    calendars.push((source, file));
                    continue;
                }
                grids.extend(grid::read(&source, &file, &wishes.says, &known, &mut self.log));
            }
            self.events.extend(ics::read(&calendars, &wishes, policy.period.as_ref(), &mut self.log));
            if !paths.is_empty() {
                all.push((kind, grids));
            }
        }
        all
    }

    /// Ids that would be those of the last import but for leading zeros: a spreadsheet took them for numbers.
    fn near_misses(&mut self) {
        for clean in self.import.tables.iter().filter(|clean| clean.columns.first() == Some(&"id")) {
            let Some(old) = self.old.get(clean.table) else { continue };
            let before: BTreeSet<&str> = old.column("id").collect();
            let now: BTreeSet<&str> = clean.rows.iter().filter_map(|row| row.first()).map(String::as_str).collect();
            let bare = |id: &str| id.trim_start_matches('0').to_owned();
            let lost: BTreeMap<String, &str> = before.difference(&now).map(|id| (bare(id), *id)).collect();
            for (at, row) in clean.rows.iter().enumerate() {
                let Some(id) = row.first().filter(|id| !before.contains(id.as_str())) else { continue };
                let Some(other) = lost.get(&bare(id)) else { continue };
                let why = format!("the last import has `{}`, and this is the same but for leading zeros", shown(other));
                let advice = "A spreadsheet may have taken the ids for numbers: export them as text. If they really changed, change them in the case first";
                let problem = Problem::error(&clean.file(), why, advice).row(at as u64 + 2).column("id").value(id);
                lay::tell(&mut self.log, Level::Error, "ids that lost or gained zeros", clean.told_of_origin(problem));
            }
        }
    }

    /// All that the case is to hold of what was imported.
    fn files(&mut self, policy: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files: BTreeMap<String, Vec<u8>> =
            self.import.tables.iter().map(|clean| (clean.file(), clean.bytes())).collect();
        files.insert(POLICY.to_owned(), policy.as_bytes().to_vec());
        if let Some(ids) = self.numbers.file() {
            let fresh = counted(self.numbers.fresh(), "id was given", "ids were given");
            self.log.note(numbers::FILE, format!("{fresh}, and kept for later imports"));
            files.insert(numbers::FILE.to_owned(), ids);
        }
        for name in &self.names {
            let table = self.import.tables.iter().any(|clean| form::is_table(name, clean.table));
            if table && !files.contains_key(name) {
                self.import.replaced.push(name.clone());
            }
        }
        files
    }

    /// Reads the case as it would be. Its problems are told of the rows that they come from.
    fn read_again(&mut self, files: &BTreeMap<String, Vec<u8>>) {
        let imported: Vec<&'static str> = self.import.tables.iter().map(|clean| clean.table).collect();
        let empty = |table: &str| self.old.get(table).is_none_or(|old| old.rows.is_empty());
        let open: Vec<&str> = tables().filter(|table| !imported.contains(table) && empty(table)).collect();
        let without = |name: &String| {
            let stem = name.split('.').next().unwrap_or_default();
            self.import.replaced.contains(name) || open.contains(&stem)
        };
        let names = self.names.iter().filter(|name| !without(name)).chain(files.keys()).cloned();
        let names: BTreeSet<String> = names.collect();
        let overlay = Overlay { base: self.base, files: files.clone(), names: names.into_iter().collect() };
        let (reading, choices) = super::super::read_and_ask(&overlay, false);
        for problem in reading.problems {
            let table = problem.file.split('.').next().unwrap_or_default().to_owned();
            if open.contains(&table.as_str()) {
                if problem.row.is_none() {
                    self.log.note(&problem.file, "it is still missing");
                }
                continue;
            }
            let clean = self.import.tables.iter().find(|clean| clean.table == table);
            if let Some(choice) = choices.iter().find(|choice| choice.why == problem.why) {
                let problem = clean.map_or(problem.clone(), |clean| clean.told_of_origin(problem));
                self.log.take_up(choice, problem);
                continue;
            }
            self.log.push(match clean {
                Some(clean) => clean.told_of_origin(problem),
                None if problem.file != POLICY => Problem {
                    advice: format!("{}. It lies in the case; import it together with what changed", problem.advice),
                    ..problem
                },
                None => problem,
            });
        }
    }

    fn compare(&mut self, period: Option<&Period>) {
        let now = |table: &'static str| -> Option<Old> {
            let clean = self.import.tables.iter().find(|clean| clean.table == table).map(Old::from);
            clean.or_else(|| self.old.get(table).cloned())
        };
        let mut names = BTreeMap::new();
        for table in
            [self.old.get("inspectors").cloned(), now("inspectors"), now("establishments")].into_iter().flatten()
        {
            names.extend(
                table.column("id").zip(table.column("name")).map(|(id, name)| (id.to_owned(), name.to_owned())),
            );
        }
        for clean in &self.import.tables {
            let Some(kind) = Kind::named(clean.table) else { continue };
            let before = self.old.get(clean.table).filter(|old| !old.rows.is_empty());
            self.import.changes.push(compare::compare(kind, before, &Old::from(clean), &names));
        }
        if let (Some(period), Some(roster)) = (period, now("inspectors")) {
            let absences = now("absences").unwrap_or_default();
            let old = self.old.get("inspectors").filter(|old| !old.rows.is_empty());
            let none = Old::default();
            let before = old.map(|roster| (self.old.get("absences").unwrap_or(&none), roster));
            self.import.away = compare::away(period, &absences, &roster, before);
        }
    }

    fn differs(&self, name: &str, bytes: &[u8]) -> bool {
        let most = bytes.len() as u64 + 1;
        self.base.bytes(name, most).map_or(true, |there| there != bytes)
    }
}

/// A path's folder and file.
fn parted(path: &Path) -> (PathBuf, String) {
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    (folder.to_owned(), path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
}
