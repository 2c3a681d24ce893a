//! Columns that may hold the ids of a table whose ids nobody has named. Before ids are invented, it is asked which of them tells who
//! is who: an invented id cuts a person off from the leave and the conflicts that other files declare under their own.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ids::fold;
use super::super::problem::{Log, Problem, shown};
use super::grid::{Grid, Line};
use super::head::{self, Head};
use super::kind::{Kind, Wishes};
use super::likeness::{LIKELY, likeness};
use super::titles::{Mapping, NONE, Titles, is_mapped};

/// Columns that are offered, and cells of each that are shown.
const OFFERED: usize = 6;
const SAMPLES: usize = 3;
/// Letters of an id at most.
const LETTERS: usize = 24;

/// Asks which column has the ids, where none is named and some column looks like it.
pub(super) fn ask(kind: &Kind, grids: &[Grid], mapping: &Mapping, wishes: &Wishes, log: &mut Log) {
    let has_ids = kind.table.columns.first().is_some_and(|column| column.name == "id");
    if !has_ids || mapping.contains_key("id") {
        return;
    }
    let titles: Vec<&str> = mapping.values().flat_map(Titles::each).collect();
    let mut found: Option<(String, Vec<(String, String)>)> = None;
    for (grid, sheet) in grids.iter().flat_map(|grid| grid.sheets.iter().map(move |sheet| (grid, sheet))) {
        let Some(head) = head::of_titles(sheet, &titles) else { continue };
        let candidates = candidates(&head, &sheet.lines[head.below..], mapping, wishes);
        if found.is_none() && !candidates.is_empty() {
            found = Some((super::lay::label(grid, sheet), candidates));
        }
    }
    let Some((file, candidates)) = found else { return };
    let words: Vec<String> =
        candidates.iter().map(|(title, samples)| format!("`{}` has them ({samples})", shown(title))).collect();
    let sets: Vec<[(&str, &str); 1]> = candidates.iter().map(|(title, _)| [("id", title.as_str())]).collect();
    let mut options: Vec<(&str, &[(&str, &str)])> =
        words.iter().zip(&sets).map(|(words, sets)| (words.as_str(), sets.as_slice())).collect();
    let none = [("id", NONE)];
    options.push(("none has, so that ids are given", &none));
    let why = format!("no column is named as the id of the {}. Which column has the ids?", kind.table.name);
    log.ask(&wishes.says, Problem::error(&file, why, ""), &options);
}

/// Columns whose cells look like ids and differ wherever the names do, each with some cells.
fn candidates(head: &Head, lines: &[Line], mapping: &Mapping, wishes: &Wishes) -> Vec<(String, String)> {
    let ignored = |title: &str| wishes.says.ignore.iter().any(|other| fold(other) == fold(title));
    let names = mapping.get("name").and_then(|titles| Some(*titles.found(head).first()?.1.first()?));
    let open = head
        .titles
        .iter()
        .enumerate()
        .filter(|(_, title)| !title.is_empty() && !ignored(title) && !is_mapped(mapping, title));
    let like = open.filter(|(at, title)| tells_apart(*at, names, lines) && look_like_ids(title, *at, lines));
    let samples =
        |at: usize| lines.iter().map(|line| line.cell(at)).take(SAMPLES).map(shown).collect::<Vec<_>>().join(", ");
    like.take(OFFERED).map(|(at, title)| (title.clone(), samples(at))).collect()
}

/// Whether every row has a value, and no value is that of two names. (A person may have several rows, one a posting.)
fn tells_apart(at: usize, names: Option<usize>, lines: &[Line]) -> bool {
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (row, line) in lines.iter().enumerate() {
        let name = names.map_or_else(|| row.to_string(), |names| fold(line.cell(names)));
        seen.entry(line.cell(at)).or_default().insert(name);
    }
    !lines.is_empty() && !seen.contains_key("") && seen.values().all(|names| names.len() == 1)
}

fn look_like_ids(title: &str, at: usize, lines: &[Line]) -> bool {
    let called_so = likeness("id", title) >= LIKELY;
    lines.iter().all(|line| is_like_an_id(line.cell(at), called_so))
}

/// Whether a cell looks like an id: short, without blanks, with a digit, and no date, e-mail address or amount.
fn is_like_an_id(text: &str, called_so: bool) -> bool {
    let short = text.chars().count() <= LETTERS && !text.contains(char::is_whitespace);
    let digit = text.contains(char::is_numeric);
    let groups = text.split(['/', '.', '-']).filter(|part| !part.is_empty()).count();
    let date = groups == 3 && text.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '/' | '.' | '-'));
    short && (digit || called_so) && !date && !text.contains(['@', ',', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_and_are_no_dates() {
        for (text, is) in [
            ("101", true),
            ("A-12", true),
            ("08/15", true),
            ("X1234567L", true),
            ("31/12/2026", false),
            ("2026-12-31", false),
            ("ana@office.example", false),
            ("Calle Mayor 12", false),
            ("1,5", false),
            ("Norte", false),
        ] {
            assert_eq!(is_like_an_id(text, false), is, "{text}");
        }
        assert!(is_like_an_id("anunez", true));
    }
}
