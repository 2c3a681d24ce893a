//! Labels that many rows share: districts, owners, sectors, units, skills. Two spellings that differ only in case or
//! blanks are one label, written as most rows write it. Nearer than that nothing is joined, only told.

use std::collections::BTreeMap;

use super::ids::{fold, nearest};
use super::problem::{Level, Log, Problem, counted, grouped, shown};
use super::table::{Desk, Row};
use crate::model::{Case, Establishment};

/// The labels of one kind: by their folded text the spelling in force and how many rows have it.
pub(super) struct Labels {
    noun: &'static str,
    by_fold: BTreeMap<String, (String, u64)>,
    /// Whether the table that has them could be read; if not, nothing is reported as unknown.
    read: bool,
}

impl Labels {
    /// The labels among `texts`.
    pub(super) fn of<'a>(noun: &'static str, texts: impl Iterator<Item = &'a str>) -> Self {
        let mut spellings: BTreeMap<&str, u64> = BTreeMap::new();
        for text in texts {
            *spellings.entry(text).or_default() += 1;
        }
        let mut by_fold: BTreeMap<String, (String, u64, u64)> = BTreeMap::new();
        for (text, count) in spellings {
            let (spelling, most, all) = by_fold.entry(fold(text)).or_default();
            *all += count;
            if count > *most {
                (*spelling, *most) = (text.to_owned(), count);
            }
        }
        let by_fold = by_fold.into_iter().map(|(folded, (spelling, _, all))| (folded, (spelling, all))).collect();
        Self { noun, by_fold, read: true }
    }

    /// How the label is spelled; none where no row has it.
    pub(super) fn spell(&self, text: &str) -> Option<&str> {
        self.by_fold.get(&fold(text)).map(|(spelling, _)| spelling.as_str())
    }

    /// Spells `text` as most rows do, and counts it if that changes it.
    fn settle(&self, text: &mut String, changed: &mut BTreeMap<String, u64>) {
        if let Some(spelling) = self.spell(text)
            && spelling != text
        {
            *changed.entry(format!("`{}` as `{}`", shown(text), shown(spelling))).or_default() += 1;
            spelling.clone_into(text);
        }
    }

    fn near(&self, text: &str) -> Vec<&str> {
        nearest(text, self.by_fold.values().map(|(spelling, _)| spelling.as_str()), 3)
    }

    /// The label in a cell; one that no row has is an error of the cell.
    pub(super) fn join(&self, row: &Row<'_>, column: usize, text: &str, log: &mut Log) -> String {
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

    /// The label in a cell, which may be one that no establishment has; a near one is told.
    pub(super) fn join_if_known(&self, row: &Row<'_>, column: usize, text: String, log: &mut Log) -> String {
        if let Some(spelling) = self.spell(&text) {
            return spelling.to_owned();
        }
        if let Some(near) = self.near(&text).first() {
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

    /// Labels of few rows that are one letter away from a label of many.
    fn doubtful(&self, file: &str, column: &str, log: &mut Log) {
        if self.by_fold.len() > 2000 {
            return;
        }
        for (text, (spelling, few)) in &self.by_fold {
            let is_near = |(folded, (_, many)): &(&String, &(String, u64))| {
                many / 10 >= *few && text.chars().count() >= 6 && one_letter_apart(text, folded)
            };
            if let Some((_, (near, many))) = self.by_fold.iter().find(is_near) {
                log.one_of(Level::Warning, file, "spellings that are near to a frequent one", || {
                    let why = format!(
                        "{} this {}, {} have `{}`; they are read as two",
                        counted(*few, "row has", "rows have"),
                        self.noun,
                        grouped(*many),
                        shown(near)
                    );
                    Problem::warning(file, why, "Correct the rows if the same is meant").column(column).value(spelling)
                });
            }
        }
    }
}

/// Whether one slip of the pen leads from one text to the other; another digit is no slip.
fn one_letter_apart(a: &str, b: &str) -> bool {
    let digits = |text: &str| text.chars().filter(|letter| letter.is_numeric()).collect::<String>();
    a.len().abs_diff(b.len()) <= 4 && digits(a) == digits(b) && strsim::damerau_levenshtein(a, b) == 1
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
        let unread = |noun| Labels { noun, by_fold: BTreeMap::new(), read: false };
        Self { owners: unread("owner"), sectors: unread("sector"), districts: unread("district") }
    }
}

/// Gives every label of the register its one spelling.
pub(super) fn register(places: &mut [Establishment], file: &str, log: &mut Log) -> Register {
    let register = Register {
        owners: Labels::of("owner", places.iter().filter_map(|place| place.owner.as_deref())),
        sectors: Labels::of("sector", places.iter().filter_map(|place| place.sector.as_deref())),
        districts: Labels::of("district", places.iter().filter_map(|place| place.district.as_deref())),
    };
    let mut changed = BTreeMap::new();
    for place in places {
        let Establishment { owner, sector, district, .. } = place;
        let labels = [(&register.owners, owner), (&register.sectors, sector), (&register.districts, district)];
        for (labels, text) in labels {
            text.iter_mut().for_each(|text| labels.settle(text, &mut changed));
        }
    }
    tell(file, changed, log);
    register.districts.doubtful(file, "district", log);
    register.sectors.doubtful(file, "sector", log);
    register
}

/// Gives units, skills and languages their one spelling.
pub(super) fn settle(case: &mut Case, desk: &mut Desk<'_>) {
    let (roster, planned) = (desk.file_of("inspectors"), desk.file_of("visits"));
    let log = &mut desk.log;
    let units = Labels::of("unit", case.inspectors.iter().filter_map(|person| person.unit.as_deref()));
    let held = case.inspectors.iter().flat_map(|person| person.skills.iter().chain(&person.languages));
    let skills = Labels::of("skill", held.map(String::as_str));
    let mut changed = BTreeMap::new();
    for person in &mut case.inspectors {
        person.unit.iter_mut().for_each(|unit| units.settle(unit, &mut changed));
        settle_list(&skills, &mut person.skills, &mut changed);
        settle_list(&skills, &mut person.languages, &mut changed);
    }
    for visit in &mut case.visits {
        settle_list(&skills, &mut visit.skills, &mut changed);
    }
    tell(&roster, changed, log);
    asked_in_vain(case, &skills, &planned, log);
}

fn settle_list(labels: &Labels, list: &mut Vec<String>, changed: &mut BTreeMap<String, u64>) {
    list.iter_mut().for_each(|text| labels.settle(text, changed));
    list.sort_unstable();
    list.dedup();
}

fn tell(file: &str, changed: BTreeMap<String, u64>, log: &mut Log) {
    if !changed.is_empty() {
        let examples: Vec<String> = changed.iter().take(5).map(|(what, count)| format!("{what} ({count})")).collect();
        let more = if changed.len() > 5 { format!(" and {} more", changed.len() - 5) } else { String::new() };
        log.note(file, format!("spellings that differ only in case or blanks are one: {}{more}", examples.join(", ")));
    }
}

/// Skills that visits ask for and nobody has.
fn asked_in_vain(case: &Case, skills: &Labels, file: &str, log: &mut Log) {
    let asked = Labels::of("skill", case.visits.iter().flat_map(|visit| visit.skills.iter().map(String::as_str)));
    for (spelling, count) in asked.by_fold.values().filter(|(spelling, _)| skills.spell(spelling).is_none()) {
        log.one_of(Level::Warning, file, "skills that nobody has", || {
            let visits = counted(*count, "visit asks", "visits ask");
            let why = format!("{visits} for this skill or language, and no inspector has it");
            Problem::warning(file, why, skills.advise(spelling)).column("skills").value(spelling)
        });
    }
}
