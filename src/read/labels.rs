//! Labels that many rows share: districts, owners, sectors, units, skills. Two spellings that differ only in case, blanks or
//! look-alike marks are one label, written as most rows write it, and so are those that the policy says are one. Nearer than that
//! nothing is joined, only told and asked ([`super::doubts`]).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::aliases::{Aliases, SECTION};
use super::alike::Bare;
use super::doubts::{Doubts, Place, deceive};
use super::ids::{fold, nearest};
use super::problem::{Level, Log, Problem, counted, shown};
use super::source::POLICY;
use super::table::{Desk, Row};
use crate::model::Case;

/// One label: the spelling in force, how many rows have it, and the first of them, where rows are counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Label {
    pub(super) spelling: String,
    pub(super) rows: u64,
    pub(super) first: u64,
}

/// The labels of one kind, by their folded text.
pub(super) struct Labels {
    noun: &'static str,
    by_fold: BTreeMap<String, Label>,
    aliases: Aliases,
    doubts: Doubts,
    /// Aliases that some row has, here or in another table, folded.
    met: RefCell<BTreeSet<String>>,
    /// Whether the table that has them could be read; if not, nothing is reported as unknown.
    read: bool,
}

impl Labels {
    /// The labels among `texts`, each with its row.
    pub(super) fn of<'a>(noun: &'static str, aliases: Aliases, texts: impl Iterator<Item = (&'a str, u64)>) -> Self {
        let mut spellings: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for (text, row) in texts {
            let (count, first) = spellings.entry(text).or_insert((0, row));
            (*count, *first) = (*count + 1, row.min(*first));
        }
        let mut labels = Self::missing(noun);
        let mut most: BTreeMap<String, u64> = BTreeMap::new();
        for (text, (count, row)) in spellings {
            let stated = labels.meet(&aliases, text);
            let folded = fold(stated.unwrap_or(text));
            let most = most.entry(folded.clone()).or_default();
            let label = labels.by_fold.entry(folded).or_insert(Label { first: row, ..Label::default() });
            (label.rows, label.first) = (label.rows + count, row.min(label.first));
            if let Some(name) = stated {
                (label.spelling, *most) = (name.to_owned(), u64::MAX);
            } else if count > *most {
                (label.spelling, *most) = (text.to_owned(), count);
            }
        }
        Self { aliases, read: true, ..labels }
    }

    /// The labels of a table that could not be read.
    fn missing(noun: &'static str) -> Self {
        let (by_fold, aliases, doubts) = (BTreeMap::new(), Aliases::default(), Doubts::default());
        Self { noun, by_fold, aliases, doubts, met: RefCell::default(), read: false }
    }

    /// Looks for names that may be one, and tells of them.
    fn doubting(mut self, file: &str, column: &str, log: &mut Log) -> Self {
        let place = Place { noun: self.noun, file, column };
        deceive(&self.by_fold, place, log);
        self.doubts = Doubts::among(self.noun, &self.by_fold, &self.aliases);
        self.doubts.tell(place, log);
        if self.by_fold.len() > super::alike::MOST {
            let says = "there are so many of them that names one letter apart were not looked for";
            log.note(file, format!("{column}: {says}"));
        }
        self
    }

    /// The name in force that the policy states for `text`.
    fn meet<'a>(&self, aliases: &'a Aliases, text: &str) -> Option<&'a str> {
        let name = aliases.of(text)?;
        self.met.borrow_mut().insert(fold(text));
        Some(name)
    }

    /// How the label is spelled; none where no row has it.
    pub(super) fn spell(&self, text: &str) -> Option<&str> {
        let folded = fold(self.aliases.of(text).unwrap_or(text));
        self.by_fold.get(&folded).map(|label| label.spelling.as_str())
    }

    /// Spells `text` as most rows do, or as the policy says, and counts it if that changes it.
    fn settle(&self, text: &mut String, told: &mut Told) {
        if let Some(spelling) = self.spell(text)
            && spelling != text
        {
            let changed = if fold(spelling) == fold(text) { &mut told.alike } else { &mut told.stated };
            *changed.entry(format!("`{}` as `{}`", shown(text), shown(spelling))).or_default() += 1;
            spelling.clone_into(text);
        }
    }

    /// The labels that may be meant: those that differ in what offices leave out, then those that are near in letters.
    fn near(&self, text: &str) -> Vec<&str> {
        let bare = Bare::of(text, self.noun == "owner");
        let spellings = || self.by_fold.values().map(|label| label.spelling.as_str());
        let mut near: Vec<&str> =
            spellings().filter(|name| Bare::of(name, self.noun == "owner").is_like(&bare)).take(3).collect();
        for name in nearest(text, spellings(), 3) {
            if !near.contains(&name) {
                near.push(name);
            }
        }
        near.truncate(3);
        near
    }

    /// The label in a cell; one that no row has is an error of the cell.
    pub(super) fn join(&self, row: &Row<'_>, column: usize, text: &str, log: &mut Log) -> String {
        self.meet(&self.aliases, text);
        if let Some(spelling) = self.spell(text) {
            return spelling.to_owned();
        }
        if !self.read {
            return text.to_owned();
        }
        let kind = "names that no establishment has";
        log.one_of(Level::Error, &row.header.file, kind, || {
            let why = format!("no establishment has this {}", self.noun);
            row.problem(column, why, self.advise(text)).value(text)
        });
        text.to_owned()
    }

    /// The label that a conflict names. One that may be the same as others must be settled first: the conflict would miss them.
    pub(super) fn join_conflict(&self, row: &Row<'_>, column: usize, text: &str, log: &mut Log) -> String {
        let name = self.join(row, column, text, log);
        self.doubts.hold(self.noun, &fold(&name), row, column, log);
        name
    }

    /// The label in a cell, which may be one that no establishment has; a near one is told.
    pub(super) fn join_if_known(&self, row: &Row<'_>, column: usize, text: String, log: &mut Log) -> String {
        self.meet(&self.aliases, &text);
        if let Some(spelling) = self.spell(&text) {
            return spelling.to_owned();
        }
        let spellings = self.by_fold.values().map(|label| label.spelling.as_str());
        if let Some(near) = nearest(&text, spellings, 1).first() {
            log.one_of(Level::Warning, &row.header.file, "names that are near to an establishment's", || {
                let why = format!("no establishment has this {}, but some have `{}`", self.noun, shown(near));
                row.problem(column, why, "Correct it if the same is meant")
            });
        }
        text
    }

    fn advise(&self, text: &str) -> String {
        let near: Vec<String> = self.near(text).into_iter().map(|near| format!("`{}`", shown(near))).collect();
        match near.len() {
            0 => format!("Correct it, or add the {} where it belongs", self.noun),
            _ => format!("Near to it: {}", near.join(", ")),
        }
    }

    /// Aliases that no row of any table has: a name that was misspelt in the policy joins nothing.
    fn stated_in_vain(&self, log: &mut Log) {
        let met = self.met.borrow();
        for alias in self.aliases.said().iter().filter(|alias| self.read && !met.contains(&fold(alias))) {
            log.one_of(Level::Warning, POLICY, "aliases that no row has", || {
                let why = format!("no row has this {}", self.noun);
                let advice = "Correct it, or take it out if the files have it no more";
                Problem::warning(POLICY, why, advice).column(format!("[{SECTION}.{}]", self.noun)).value(alias)
            });
        }
    }
}

/// Spellings that were changed, and how often: those that differ in what nobody sees, and those that the policy joins.
#[derive(Default)]
pub(super) struct Told {
    alike: BTreeMap<String, u64>,
    stated: BTreeMap<String, u64>,
}

impl Told {
    pub(super) fn tell(self, file: &str, log: &mut Log) {
        let joined = "spellings that differ only in case, blanks or look-alike marks are one";
        for (says, changed) in [(joined, self.alike), ("names that the policy says are one", self.stated)] {
            if !changed.is_empty() {
                let examples: Vec<String> =
                    changed.iter().take(5).map(|(what, count)| format!("{what} ({count})")).collect();
                let more = if changed.len() > 5 { format!(" and {} more", changed.len() - 5) } else { String::new() };
                log.note(file, format!("{says}: {}{more}", examples.join(", ")));
            }
        }
    }
}

/// The labels of the register, which other tables name.
pub(super) struct Register {
    pub(super) owners: Labels,
    pub(super) sectors: Labels,
    pub(super) districts: Labels,
}

impl Register {
    /// The labels of a register that could not be read.
    pub(super) fn missing() -> Self {
        let [owners, sectors, districts] = ["owner", "sector", "district"].map(Labels::missing);
        Self { owners, sectors, districts }
    }

    /// Its labels, in the order of `columns`: owner, sector, district.
    pub(super) fn of(labels: [Labels; 3], file: &str, columns: [&str; 3], log: &mut Log) -> Self {
        let [owners, sectors, districts] = labels;
        let districts = districts.doubting(file, columns[2], log);
        let sectors = sectors.doubting(file, columns[1], log);
        Self { owners: owners.doubting(file, columns[0], log), sectors, districts }
    }

    /// Gives the labels of a place their one spelling.
    pub(super) fn settle(&self, [owner, sector, district]: [&mut Option<String>; 3], told: &mut Told) {
        for (labels, text) in [(&self.owners, owner), (&self.sectors, sector), (&self.districts, district)] {
            text.iter_mut().for_each(|text| labels.settle(text, told));
        }
    }

    /// Tells of aliases that nothing has, once every table is read.
    pub(super) fn stated_in_vain(&self, log: &mut Log) {
        [&self.owners, &self.sectors, &self.districts].into_iter().for_each(|labels| labels.stated_in_vain(log));
    }
}

/// Gives units, skills and languages their one spelling.
pub(super) fn settle(case: &mut Case, desk: &mut Desk<'_>) {
    let (roster, planned) = (desk.file_of("inspectors"), desk.file_of("visits"));
    let aliases = desk.policy.aliases("unit");
    let log = &mut desk.log;
    let units = case.inspectors.iter().filter_map(|person| Some((person.unit.as_deref()?, 0)));
    let units = Labels::of("unit", aliases, units).doubting(&roster, "unit", log);
    let held = case.inspectors.iter().flat_map(|person| person.skills.iter().chain(&person.languages));
    let skills = Labels::of("skill", Aliases::default(), held.map(|skill| (skill.as_str(), 0)));
    let mut told = Told::default();
    for person in &mut case.inspectors {
        person.unit.iter_mut().for_each(|unit| units.settle(unit, &mut told));
        settle_list(&skills, &mut person.skills, &mut told);
        settle_list(&skills, &mut person.languages, &mut told);
    }
    for visit in &mut case.visits {
        settle_list(&skills, &mut visit.skills, &mut told);
    }
    told.tell(&roster, log);
    if !case.inspectors.is_empty() {
        units.stated_in_vain(log);
    }
    asked_in_vain(case, &skills, &planned, log);
}

fn settle_list(labels: &Labels, list: &mut Vec<String>, told: &mut Told) {
    list.iter_mut().for_each(|text| labels.settle(text, told));
    list.sort_unstable();
    list.dedup();
}

/// Skills that visits ask for and nobody has.
fn asked_in_vain(case: &Case, skills: &Labels, file: &str, log: &mut Log) {
    let asked = case.visits.iter().flat_map(|visit| visit.skills.iter().map(|skill| (skill.as_str(), 0)));
    let asked = Labels::of("skill", Aliases::default(), asked);
    for Label { spelling, rows, .. } in asked.by_fold.values().filter(|label| skills.spell(&label.spelling).is_none()) {
        log.one_of(Level::Warning, file, "skills that nobody has", || {
            let visits = counted(*rows, "visit asks", "visits ask");
            let why = format!("{visits} for this skill or language, and no inspector has it");
            Problem::warning(file, why, skills.advise(spelling)).column("skills").value(spelling)
        });
    }
}
