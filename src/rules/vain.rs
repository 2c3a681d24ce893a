//! Words of the policy that nobody in the case has: they switch a part of a rule off without a word.
//!
//! A parameter whose words name what stands in a column of the case says so itself ([`Value::List`]); nothing else is written
//! for one rule.

use std::collections::BTreeMap;

use super::parameters::{ENABLED, counted};
use super::words::{among, folded};
use super::{BOOK, Value};
use crate::model::{Case, Kind, Setting};

/// A column of the case that the words of a parameter name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The grade of an inspector.
    Grade,
    /// A tag of an establishment.
    Tag,
    /// The category of a conflict. A policy may name categories that no conflict has today.
    Category,
    /// Why a visit is made: the words that a planned visit may have, and those of history.
    Kind,
    /// The risk class of an establishment.
    Risk,
}

impl Column {
    /// What its file and header are called.
    pub fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::Grade => ("inspectors", "grade"),
            Self::Tag => ("establishments", "tags"),
            Self::Category => ("conflicts", "category"),
            Self::Kind => ("history", "kind"),
            Self::Risk => ("establishments", "risk"),
        }
    }

    /// The words that it has, the most frequent first.
    fn words(self, case: &Case) -> Vec<String> {
        let held: Vec<&str> = match self {
            Self::Grade => case.inspectors.iter().filter_map(|person| person.grade.as_deref()).collect(),
            Self::Tag => case.establishments.iter().flat_map(|place| &place.tags).map(String::as_str).collect(),
            Self::Category => case.conflicts.iter().filter_map(|one| one.category.as_deref()).collect(),
            Self::Kind => {
                let known = Kind::ALL.iter().map(|kind| kind.word());
                known.chain(case.history.iter().filter_map(|past| past.kind.as_deref())).collect()
            }
            Self::Risk => case.establishments.iter().filter_map(|place| place.risk.as_deref()).collect(),
        };
        let mut counts: BTreeMap<String, (usize, &str)> = BTreeMap::new();
        for word in held {
            counts.entry(folded(word)).or_insert((0, word)).0 += 1;
        }
        let mut words: Vec<(usize, &str)> = counts.into_values().collect();
        words.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
        words.into_iter().map(|(_, word)| word.to_owned()).collect()
    }
}

/// The word of `word=number`; all of it where it is none, which others refuse.
fn class_of(text: &str) -> String {
    counted(text).map_or(text, |(class, _)| class).to_owned()
}

/// Words of a parameter that nobody in the case has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InVain {
    /// The rule.
    pub rule: &'static str,
    /// Its parameter.
    pub parameter: &'static str,
    /// Whether the policy states it; else it is the default.
    pub stated: bool,
    /// The words.
    pub words: Vec<String>,
    /// The column that they name.
    pub column: Column,
    /// The words that the column really has, the most frequent first.
    pub has: Vec<String>,
}

/// The words of the policy that name nothing in `case`, rule by rule.
///
/// Every grade and every tag that the policy states should be somebody's. A default, and a list of categories, is wrong only where
/// the column is in use and none of the words is in it: the rule, or that part of it, is then off.
///
/// ```
/// # let mut case = foureyes::read::read_case("examples/harbour".as_ref()).case.unwrap();
/// assert!(foureyes::rules::in_vain(&case).is_empty());
/// case.inspectors.iter_mut().for_each(|one| one.grade = Some("Anwärter".into()));
/// assert_eq!(foureyes::rules::in_vain(&case)[0].rule, "lead");
/// ```
pub fn in_vain(case: &Case) -> Vec<InVain> {
    let mut all = Vec::new();
    for entry in BOOK {
        let given = case.settings.get(entry.name);
        let on = given.and_then(|given| given.get(ENABLED)).map_or(entry.enabled, |on| *on == Setting::Switch(true));
        for parameter in entry.parameters.iter().filter(|_| on) {
            let (Value::List(_, column) | Value::Counts(_, _, column)) = parameter.value else { continue };
            let is_count = matches!(parameter.value, Value::Counts(..));
            let stated = given.and_then(|given| given.get(parameter.name));
            let Setting::List(words) = stated.cloned().unwrap_or_else(|| parameter.value.default()) else { continue };
            let word = |text: &String| if is_count { class_of(text) } else { text.clone() };
            let words: Vec<String> = words.iter().map(word).collect();
            let has = column.words(case);
            let lost: Vec<String> = words.iter().filter(|word| !among(&has, word)).cloned().collect();
            let each = stated.is_some() && column != Column::Category;
            let category_by_default = stated.is_none() && column == Column::Category;
            let off = lost.len() == words.len() && !has.is_empty() && !category_by_default;
            if !lost.is_empty() && (each || off) {
                let (rule, stated) = (entry.name, stated.is_some());
                all.push(InVain { rule, parameter: parameter.name, stated, words: lost, column, has });
            }
        }
    }
    all
}
