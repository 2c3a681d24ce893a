//! Conflicts of interest, in one table or on one sheet a person. A lost conflict is dangerous: a sheet that can't be
//! given to one person, or read to its end, is an error.

use std::collections::BTreeSet;

use super::super::header::Header;
use super::super::problem::{Level, Log, Problem, shown};
use super::grid::{Grid, Line, Sheet};
use super::lay::{Laid, Layout, label, tell};
use super::leave::named;
use super::names::Known;
use super::rows::Tidy;
use super::silence::Silence;
use crate::model::{ENDLESS_CATEGORIES, Setting, Settings};

const INSPECTOR: usize = 0;
const TARGET_KIND: usize = 1;
const TARGET: usize = 2;
const CATEGORY: usize = 3;
const TO: usize = 5;

/// Categories that end, and are meant to.
const USUAL: [&str; 8] =
    ["employee", "employment", "services", "shareholder", "friendship", "enmity", "former employer", "litigation"];

/// What separates an id from a name, and a name from what it is.
const APART: [char; 8] = ['/', '(', ')', ':', '|', '–', '—', ';'];

/// The sheet of one person.
pub(super) struct Own {
    pub(super) person: String,
    /// None where it declares nothing.
    pub(super) laid: Option<Laid>,
}

/// The sheets of a workbook, each with its person.
pub(super) fn sheets(layout: &Layout<'_>, grid: &Grid, people: &Known, log: &mut Log) -> Vec<Own> {
    let mut all = Vec::new();
    let mut silent = Vec::new();
    let silence = Silence::of(&grid.sheets, layout.wishes, people);
    for sheet in &grid.sheets {
        if layout.skips(sheet, &label(grid, sheet), log) {
            continue;
        }
        let head = layout.head(sheet);
        let above = head.as_ref().map_or(sheet.lines.len(), |head| head.above);
        let Some(person) = person(grid, sheet, &sheet.lines[..above], people, log) else { continue };
        let file = label(grid, sheet);
        let laid = match head {
            Some(head) => {
                silence.holds(&file, &sheet.lines[..above], &person, true, log);
                layout.lay(grid, sheet, &head, log)
            }
            None if layout.nearly(sheet).is_some() => {
                layout.refuse(&file, sheet, log);
                None
            }
            None => {
                if silence.holds(&file, &sheet.lines, &person, false, log) {
                    silent.push(tell_silent(sheet, &person));
                }
                None
            }
        };
        all.push(Own { person, laid });
    }
    if !silent.is_empty() {
        log.note(&grid.file, format!("declare nothing: {}", silent.join(", ")));
    }
    all
}

fn tell_silent(sheet: &Sheet, person: &str) -> String {
    let says: Vec<String> = sheet.lines.iter().flat_map(Line::filled).map(|(_, text)| shown(text)).collect();
    if says.is_empty() { person.to_owned() } else { format!("{person} (`{}`)", shown(&says.join(" "))) }
}

/// The one person whom a sheet names, in its name or above its header.
fn person(grid: &Grid, sheet: &Sheet, above: &[Line], people: &Known, log: &mut Log) -> Option<String> {
    let file = label(grid, sheet);
    let texts = std::iter::once(sheet.name.as_str()).chain(above.iter().flat_map(Line::filled).map(|(_, text)| text));
    let texts: Vec<&str> = texts.collect();
    let pieces = texts.iter().flat_map(|text| std::iter::once(*text).chain(text.split(APART).map(str::trim)));
    let named: BTreeSet<String> = pieces.filter_map(|piece| people.find_quietly(piece)).collect();
    let mut named = named.into_iter();
    match (named.next(), named.next()) {
        (Some(person), None) => Some(person),
        (Some(one), Some(other)) => {
            let why = format!("the sheet names two people, {one} and {other}");
            log.push(Problem::error(&file, why, "Leave only the one whose conflicts these are"));
            None
        }
        _ => {
            let (why, advice) = people.find(&sheet.name).err().unwrap_or_default();
            let table = "--map conflicts.skip_sheets";
            let advice = format!("{advice}. If the sheet is nobody's: {table}=\"{}\"", shown(&sheet.name));
            let why = format!("nobody knows whose conflicts these are: {why}");
            log.push(Problem::error(&file, why, advice).value(&sheet.name));
            None
        }
    }
}

/// The rows with ids of people and places. Owners, sectors and districts are looked for in the register when all is read again.
pub(super) fn settle(rows: Vec<Tidy>, header: &Header, people: &Known, places: &Known, log: &mut Log) -> Vec<Tidy> {
    let rows = named(rows, INSPECTOR, header, people, log);
    let of = |kind: &str, rows: &[Tidy]| {
        rows.iter().filter(|row| row.cells[TARGET_KIND] == kind).cloned().collect::<Vec<_>>()
    };
    let is_other = |row: &Tidy| !matches!(row.cells[TARGET_KIND].as_str(), "establishment" | "inspector");
    let mut all = named(of("establishment", &rows), TARGET, header, places, log);
    all.extend(named(of("inspector", &rows), TARGET, header, people, log));
    all.extend(rows.into_iter().filter(is_other));
    all
}

/// Categories that no rule treats in a way of its own are told where they have an end: the word for kin in another language
/// must not become an interest that is over.
pub(super) fn doubtful(rows: &[Tidy], header: &Header, settings: &Settings, log: &mut Log) {
    let known = categories(settings);
    let ends = |row: &&Tidy| !row.cells[CATEGORY].is_empty() && !row.cells[TO].is_empty();
    for row in rows.iter().filter(ends).filter(|row| !known.contains(&row.cells[CATEGORY])) {
        let category = &row.cells[CATEGORY];
        let why = "no rule names this category, so the conflict ends when its cooling-off is over";
        let advice = format!(
            "If it means one without end, say so in policy.toml under [values.category]: kin = [\"{}\"]",
            shown(category)
        );
        let problem = Problem { level: Level::Warning, ..row.problem(header, CATEGORY, category, why, advice) };
        tell(log, Level::Warning, "categories that no rule names", problem);
    }
}

/// The categories that the policy names, and those that everybody knows.
fn categories(settings: &Settings) -> Vec<String> {
    let rule = settings.get("conflict-of-interest");
    let stated = rule.into_iter().flatten().filter_map(|(_, setting)| match setting {
        Setting::List(list) => Some(list.clone()),
        _ => None,
    });
    let usual = ENDLESS_CATEGORIES.iter().chain(&USUAL).map(|category| (*category).to_owned());
    stated.flatten().map(|category| category.to_lowercase()).chain(usual).collect()
}
