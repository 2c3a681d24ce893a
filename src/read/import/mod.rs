//! From what offices really have to a clean case: exports with titles, merged cells, rows of postings, leave in words and a
//! sheet a person become the tables of a case, one row a thing, with ids and ISO dates.
//!
//! Files are read by the readers of this room ([`super`]), within the same bounds. What is clean is read once more as a case before
//! anything is written; who writes it, asks a person or looks at a clock is not here. Nothing is guessed in silence: whatever is
//! assumed is a note, whatever can't be known is an error or a question.

mod ask;
mod clean;
mod compare;
mod declared;
mod grid;
mod head;
mod keep;
mod kind;
mod lay;
mod leave;
mod likeness;
mod months;
mod names;
mod numbers;
mod roster;
mod rows;
mod span;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

pub use ask::{Header, Question};
pub use clean::Clean;
pub use compare::{Away, Change, Changes, Entry};
pub use keep::Said;
pub(super) use kind::{KINDS, Wishes, WordsOfLeave};

use super::policy::{self, Policy, Says};
use super::problem::{Level, Log, Note, Problem, counted, shown};
use super::source::{Folder, POLICY, Source};
use super::table::Desk;
use crate::model::Period;
use ask::Known as Columns;
use compare::Old;
use grid::Grid;
use kind::Kind;
use lay::{Laid, Layout, Mapping};
use names::Known;
use numbers::Numbers;
use rows::Tidy;

/// The tables that can be imported.
///
/// ```
/// assert!(foureyes::read::import::tables().any(|table| table == "conflicts"));
/// ```
pub fn tables() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.table.name)
}

/// What is to be imported.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Files, each with the table that it becomes.
    pub sources: Vec<(&'static str, PathBuf)>,
    /// What is said of them, for good.
    pub said: Vec<Said>,
    /// Whether proposals that have no rival are taken.
    pub accept: bool,
    /// The policy of a case that is not there yet.
    pub template: String,
}

/// What an import gives. Nothing was written.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// What is wrong; with an error in it there is nothing to write.
    pub problems: Vec<Problem>,
    /// What was detected or assumed.
    pub notes: Vec<Note>,
    /// Files whose columns somebody must name first. With one of them nothing else was done.
    pub questions: Vec<Question>,
    /// Columns that were taken without being said, by table, ours and theirs.
    pub taken: Vec<(&'static str, &'static str, String)>,
    /// The clean tables.
    pub tables: Vec<Clean>,
    /// What changed, table by table.
    pub changes: Vec<Changes>,
    /// Who is away, week by week.
    pub away: Vec<Away>,
    /// What is to be written, by name: those files that are new or differ from what is there.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Files of the case that held these tables under another name.
    pub replaced: Vec<String>,
}

impl Import {
    /// Whether it can be written.
    pub fn is_sound(&self) -> bool {
        self.questions.is_empty() && !self.problems.iter().any(|problem| problem.level == Level::Error)
    }
}

/// Reads what is to be imported into the case in `case`, which may be new. Nothing is written.
pub fn import(case: &Path, request: &Request) -> Import {
    let folder = Folder::new(case, None);
    let mut clerk = Clerk::new(&folder, request);
    clerk.work();
    let (problems, notes) = clerk.log.finish();
    Import { problems, notes: together(notes), ..clerk.import }
}

/// Notes that say the same of several sheets of a file, as one.
fn together(notes: Vec<Note>) -> Vec<Note> {
    let mut all: Vec<(Note, u64)> = Vec::new();
    for note in notes {
        let file = note.file.split(", sheet ").next().unwrap_or_default().to_owned();
        let of_sheet = |(other, _): &&mut (Note, u64)| {
            note.file != file && other.says == note.says && other.file.split(", sheet ").next() == Some(&file)
        };
        match all.iter_mut().find(of_sheet) {
            Some((_, count)) => *count += 1,
            None => all.push((note, 1)),
        }
    }
    let told = |(note, count): (Note, u64)| match (count, note.file.split_once(", sheet ")) {
        (2.., Some((file, _))) => Note { file: format!("{file}, {}", counted(count, "sheet", "sheets")), ..note },
        _ => note,
    };
    all.into_iter().map(told).collect()
}

/// Whoever does the work, and what they know so far.
struct Clerk<'a> {
    base: &'a Folder,
    request: &'a Request,
    /// The files of the case.
    names: Vec<String>,
    log: Log,
    import: Import,
    numbers: Numbers,
    /// The tables before the import.
    old: BTreeMap<&'static str, Old>,
}

impl<'a> Clerk<'a> {
    fn new(base: &'a Folder, request: &'a Request) -> Self {
        let names = base.names().unwrap_or_default();
        let (log, import, old) = (Log::default(), Import::default(), BTreeMap::new());
        Self { base, request, names, log, import, numbers: Numbers::default(), old }
    }

    fn work(&mut self) -> Option<()> {
        let had = self.policy_text();
        let text = self.keep(keep::said(&had, &self.request.said))?;
        let policy = Rc::new(policy::read(&Overlay::of(self.base, POLICY, &text), &mut self.log));
        self.old = self.read_old(&had);
        self.numbers = Numbers::read(self.base, &mut self.log);
        (self.log.errors() == 0).then_some(())?;
        let grids = self.grids(&policy);
        let mut columns = BTreeMap::new();
        for (kind, grids) in &grids {
            match ask::columns(kind, grids, &policy.wishes(kind.table.name), self.request.accept) {
                Some(Columns::Ask(question)) => self.import.questions.push(*question),
                Some(Columns::Mapped { mapping, kept, taken, ignored }) => {
                    self.import.taken.extend(taken.into_iter().map(|(ours, theirs)| (kind.table.name, ours, theirs)));
                    columns.insert(kind.table.name, (mapping, kept, ignored));
                }
                None => {
                    let files: Vec<&str> = grids.iter().map(|grid| grid.file.as_str()).collect();
                    for file in files {
                        self.log.push(Problem::error(file, "there is nothing in it", "Export it again"));
                    }
                }
            }
        }
        (self.log.errors() == 0 && self.import.questions.is_empty()).then_some(())?;
        let mut text = text;
        for (kind, grids) in grids {
            let (mapping, kept, ignored) = &columns[kind.table.name];
            self.table(kind, grids, mapping, *kept, &policy);
            if !kept {
                text = self.keep(keep::kept(&text, kind.table.name, mapping, ignored))?;
            }
        }
        self.near_misses();
        let whole = self.files(&text);
        if self.log.errors() == 0 {
            self.read_again(&whole);
        }
        self.compare(policy.period.as_ref());
        self.import.files = whole.into_iter().filter(|(name, bytes)| self.differs(name, bytes)).collect();
        Some(())
    }

    /// Takes a text, or reports why there is none.
    fn keep(&mut self, text: Result<String, Box<Problem>>) -> Option<String> {
        text.map_err(|problem| self.log.push(*problem)).ok()
    }

    fn policy_text(&self) -> String {
        let bytes = self.base.bytes(POLICY, 1 << 20).ok();
        bytes.map_or_else(|| self.request.template.clone(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
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
            let known = |title: &str| {
                let theirs = wishes.columns.values().any(|other| super::ids::fold(other) == super::ids::fold(title));
                theirs || kind.columns().any(|ours| ours.name == title)
            };
            let paths = self.request.sources.iter().filter(|(table, _)| *table == kind.table.name);
            let paths: Vec<&PathBuf> = paths.map(|(_, path)| path).collect();
            let mut grids = Vec::new();
            for path in &paths {
                let (folder, file) = parted(path);
                grids.extend(grid::read(&Folder::new(&folder, None), &file, &wishes.says, &known, &mut self.log));
            }
            if !paths.is_empty() {
                all.push((kind, grids));
            }
        }
        all
    }

    /// One table from its files.
    fn table(
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
                let mut found = rows::tidy(&laid, kind, &wishes, policy, &mut self.log);
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
        if own && heads.is_empty() {
            // Everybody declares nothing: that is a table too, and what was declared before is gone.
            let none = super::table::Header::found(kind.table, "", true, &[], Says::default()).at(Vec::new());
            self.import.tables.push(Clean::of(kind, &none, Vec::new()));
        }
        let laid = heads.first()?;
        let rows = self.settle(kind, laid, rows, &wishes, policy);
        let rows = self.distinct(kind, rows);
        self.import.tables.push(Clean::of(kind, &laid.header, rows));
        Some(())
    }

    /// The sheets of a file that have the columns; those that have none of them are told, those that have some are refused.
    fn sheets(&mut self, layout: &Layout<'_>, grid: &Grid) -> Vec<Laid> {
        let mut all = Vec::new();
        let any = grid.sheets.iter().any(|sheet| layout.head(sheet).is_some());
        for sheet in &grid.sheets {
            let file = lay::label(grid, sheet);
            let skipped =
                layout.wishes.skip_sheets.iter().any(|skip| super::ids::fold(skip) == super::ids::fold(&sheet.name));
            match layout.head(sheet) {
                _ if skipped => self.log.note(&file, "not read, as `skip_sheets` asks"),
                Some(head) => all.extend(layout.lay(grid, sheet, &head, &mut self.log)),
                None if any && layout.nearly(sheet).is_none() => {
                    self.log.note(&file, "it has none of the headers, and is not read")
                }
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
                let leave = leave::Leave { header, extra, wishes, period: policy.period.as_ref(), people: &people };
                leave.settle(rows, &mut self.log)
            }
            "conflicts" => {
                let (people, places) =
                    (self.known("inspectors", "inspector"), self.known("establishments", "establishment"));
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

    /// People or places, as they are imported now or as the case has them.
    fn known(&self, table: &'static str, noun: &'static str) -> Known {
        let now = self.import.tables.iter().find(|clean| clean.table == table).map(Old::from);
        match now.as_ref().or_else(|| self.old.get(table)) {
            Some(rows) => Known::of(noun, rows.column("id").zip(rows.column("name"))),
            None => Known::of(noun, std::iter::empty()),
        }
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
        let stem =
            |name: &str| name.to_lowercase().rsplit_once('.').map(|(stem, end)| (stem.to_owned(), end.to_owned()));
        for name in &self.names {
            let Some((stem, end)) = stem(name) else { continue };
            let table = self.import.tables.iter().any(|clean| clean.table == stem);
            if table && ["csv", "xlsx", "ods"].contains(&end.as_str()) && !files.contains_key(name) {
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
        let reading = super::read(&overlay, false);
        for problem in reading.problems {
            let table = problem.file.split('.').next().unwrap_or_default().to_owned();
            if open.contains(&table.as_str()) {
                if problem.row.is_none() {
                    self.log.note(&problem.file, "it is still missing");
                }
                continue;
            }
            let clean = self.import.tables.iter().find(|clean| clean.table == table);
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

/// A case with some files as they would be.
struct Overlay<'a> {
    base: &'a Folder,
    files: BTreeMap<String, Vec<u8>>,
    names: Vec<String>,
}

impl<'a> Overlay<'a> {
    /// The case with one file in another form.
    fn of(base: &'a Folder, name: &str, text: &str) -> Self {
        Self { base, files: BTreeMap::from([(name.to_owned(), text.as_bytes().to_vec())]), names: Vec::new() }
    }
}

impl Source for Overlay<'_> {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.names.clone())
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        self.files.get(name).map_or_else(|| self.base.size(name), |bytes| Ok(bytes.len() as u64))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        match self.files.get(name) {
            Some(bytes) => Ok(Box::new(bytes.as_slice())),
            None => self.base.open(name),
        }
    }
}
