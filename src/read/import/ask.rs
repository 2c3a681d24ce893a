//! Which header is which column: as the policy says, as the names themselves say, or as a person answers.

use std::collections::BTreeMap;

use super::super::ids::fold;
use super::grid::{Grid, Sheet};
use super::group;
use super::head::{self, Head};
use super::kind::{Kind, Wishes};
use super::likeness::{LIKELY, likely, likeness, sure};
use super::titles::{Mapping, Titles, has_column, is_mapped};

/// A file whose columns are not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The table that it is to become.
    pub table: &'static str,
    /// The file, with its sheet where it has several.
    pub file: String,
    /// The row that is taken for its header.
    pub row: u64,
    /// Its columns.
    pub headers: Vec<Header>,
    /// Our columns that the table can't do without and that nothing is mapped to.
    pub lacking: Vec<&'static str>,
    /// All our columns that nothing is mapped to.
    pub open: Vec<&'static str>,
    /// Pairs of our column and a header that are likely, and have no rival.
    pub proposed: Vec<(&'static str, String)>,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What it is called.
    pub title: String,
    /// Up to three of its cells.
    pub samples: Vec<String>,
    /// Our columns that it may be, the likeliest first.
    pub likely: Vec<&'static str>,
}

/// What is known of the columns of a table's files.
pub(super) enum Known {
    /// All that is to be known; whether it was kept from an earlier import, and what was taken without being said.
    Mapped { mapping: Mapping, kept: bool, taken: Vec<(&'static str, String)>, ignored: Vec<String> },
    /// Somebody must say.
    Ask(Box<Question>),
}

/// Finds out which header is which column. `accept` takes the proposals that have no rival.
pub(super) fn columns(kind: &'static Kind, grids: &[Grid], wishes: &Wishes, accept: bool) -> Option<Known> {
    let mapping: Mapping = wishes.columns.clone();
    let by_sheet = by_sheet(kind, grids, &mapping);
    if wishes.kept && kind.lacks(&|name| has_column(&mapping, name), by_sheet).is_empty() {
        return Some(Known::Mapped { mapping, kept: true, taken: Vec::new(), ignored: Vec::new() });
    }
    let ours: Vec<&'static str> = kind.columns().map(|column| column.name).collect();
    let ours: Vec<&'static str> = ours.into_iter().filter(|name| !(by_sheet && *name == "inspector")).collect();
    let (grid, sheet, head) = likeliest(grids, &mapping, &ours)?;
    let mut question = question(kind, grid, sheet, &head, &mapping, &ours);
    let titles: Vec<String> = question.headers.iter().map(|header| header.title.clone()).collect();
    let mut exact = exact(&titles, &question.open);
    exact.retain(|pair| *pair.0 != *"leave" || question.proposed.contains(pair));
    let all_exact = mapping.is_empty() && exact.len() == question.headers.len();
    let taken = if accept { question.proposed.clone() } else { exact };
    let mut whole = mapping.clone();
    whole.extend(taken.iter().map(|(ours, theirs)| ((*ours).to_owned(), Titles::one(theirs))));
    let lacking = kind.lacks(&|name| has_column(&whole, name), by_sheet);
    if !lacking.is_empty() || (!accept && mapping.is_empty() && !all_exact) {
        let proposed = |name: &str| question.proposed.iter().any(|(ours, _)| *ours == name);
        question.lacking = kind.lacks(&|name| has_column(&whole, name) || proposed(name), by_sheet);
        return Some(Known::Ask(Box::new(question)));
    }
    let named = |title: &String| is_mapped(&whole, title);
    let ignored = question.headers.into_iter().map(|header| header.title).filter(|title| !named(title)).collect();
    Some(Known::Mapped { mapping: whole, kept: false, taken, ignored })
}

/// Whether a workbook has one sheet a person, so that no column says whose conflict it is.
pub(super) fn by_sheet(kind: &Kind, grids: &[Grid], mapping: &Mapping) -> bool {
    let own = |grid: &Grid| grid.workbook && (grid.sheets.len() > 1 || mapping.contains_key("target"));
    let open = kind.table.name == "conflicts" && !mapping.contains_key("inspector");
    open && grids.iter().any(own) && !grids.iter().flat_map(|grid| &grid.sheets).any(|sheet| names_people(kind, sheet))
}

/// Whether the header of a sheet has a column for whose row it is, and not only for a name of something.
fn names_people(kind: &Kind, sheet: &Sheet) -> bool {
    let ours: Vec<&'static str> = kind.columns().map(|column| column.name).collect();
    let Some((rate, head)) = head::guess(sheet, &ours) else { return false };
    let like = |title: &String| likeness("inspector", title) >= LIKELY && likeness("name", title) < LIKELY;
    rate > 1 && head.titles.iter().any(like)
}

/// The sheet that reads most like one of the table.
fn likeliest<'g>(grids: &'g [Grid], mapping: &Mapping, ours: &[&'static str]) -> Option<(&'g Grid, &'g Sheet, Head)> {
    let titles: Vec<&str> = mapping.values().flat_map(Titles::each).collect();
    let mut best: Option<(usize, &Grid, &Sheet, Head)> = None;
    for (grid, sheet) in grids.iter().flat_map(|grid| grid.sheets.iter().map(move |sheet| (grid, sheet))) {
        let stated = head::of_titles(sheet, &titles).map(|head| (usize::MAX, head));
        let Some((rate, head)) = stated.or_else(|| head::guess(sheet, ours)) else { continue };
        if best.as_ref().is_none_or(|(most, ..)| rate > *most) {
            best = Some((rate, grid, sheet, head));
        }
    }
    best.map(|(_, grid, sheet, head)| (grid, sheet, head))
}

fn question(
    kind: &'static Kind,
    grid: &Grid,
    sheet: &Sheet,
    head: &Head,
    mapping: &Mapping,
    ours: &[&'static str],
) -> Question {
    let open: Vec<&'static str> = ours.iter().copied().filter(|name| !mapping.contains_key(*name)).collect();
    let used = |title: &String| title.is_empty() || is_mapped(mapping, title);
    let mut samples: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for line in sheet.lines.iter().skip(head.below) {
        for (at, text) in line.filled() {
            let kept = samples.entry(at).or_default();
            if kept.len() < 3 && !kept.iter().any(|other| other == text) {
                kept.push(super::super::problem::shown(text));
            }
        }
    }
    let titles: Vec<(usize, &String)> = head.titles.iter().enumerate().filter(|(_, title)| !used(title)).collect();
    let mut header = |(at, title): &(usize, &String)| Header {
        title: (*title).clone(),
        samples: samples.remove(at).unwrap_or_default(),
        likely: likely(title, &open).into_iter().map(|(_, name)| name).collect(),
    };
    let free: Vec<String> = titles.iter().map(|(_, title)| (*title).clone()).collect();
    Question {
        table: kind.table.name,
        file: super::lay::label(grid, sheet),
        row: head.row,
        headers: titles.iter().map(&mut header).collect(),
        lacking: Vec::new(),
        proposed: in_order(proposals(&free, &open), &open),
        open,
    }
}

/// Proposals in the order of our columns.
fn in_order(mut pairs: Vec<(&'static str, String)>, open: &[&'static str]) -> Vec<(&'static str, String)> {
    pairs.sort_by_key(|(ours, _)| open.iter().position(|other| other == ours));
    pairs
}

/// Headers that are called as we call them, and then the likeliest of the others.
fn proposals(titles: &[String], open: &[&'static str]) -> Vec<(&'static str, String)> {
    let mut pairs = exact(titles, open);
    let used = |title: &&String| !pairs.iter().any(|(_, other)| other == *title);
    let titles: Vec<String> = titles.iter().filter(used).cloned().collect();
    let open: Vec<&'static str> =
        open.iter().copied().filter(|ours| !pairs.iter().any(|(other, _)| other == ours)).collect();
    pairs.extend(sure(&titles, &open));
    pairs.extend(group::of_several(&titles, &pairs, &open));
    // Where a first and a last day are there, no other column says when.
    let dated = |name: &str| pairs.iter().any(|(ours, _)| *ours == name);
    if dated("from") && dated("to") {
        pairs.retain(|(ours, _)| *ours != "leave");
    }
    pairs
}

/// Headers that are called as we call them.
fn exact(titles: &[String], open: &[&'static str]) -> Vec<(&'static str, String)> {
    let called = |title: &String| {
        let name = fold(title).replace([' ', '-'], "_");
        open.iter().find(|ours| **ours == name).map(|ours| (*ours, title.clone()))
    };
    titles.iter().filter_map(called).collect()
}

impl Question {
    /// What `--map` is to be given for the proposals, and for what is still lacking.
    pub fn words(&self) -> Vec<String> {
        let word = |ours: &str, theirs: &str| format!("--map {}.{ours}=\"{theirs}\"", self.table);
        let proposed = self.proposed.iter().map(|(ours, theirs)| word(ours, theirs));
        proposed.chain(self.lacking.iter().map(|ours| word(ours, "HEADER"))).collect()
    }
}
