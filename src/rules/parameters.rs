//! The parameters of rules: what a policy may set, what it did set, and what is wrong with it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use thiserror::Error;

use super::Column;
use super::words::same;
use crate::model::{Parameters, Setting, Settings};

/// One parameter of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name in `policy.toml`.
    pub name: &'static str,
    /// What it may be, and what it is when the policy does not say.
    pub value: Value,
    /// What it means, with its unit.
    pub says: &'static str,
}

/// What a parameter may be, with its default.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// `true` or `false`.
    Switch(bool),
    /// A whole number: the default, the least and the greatest.
    Number(i64, i64, i64),
    /// One of these words: the default, then all.
    Choice(&'static str, &'static [&'static str]),
    /// A list of texts: the default, and the column of the case whose words they are.
    List(&'static [&'static str], Column),
    /// A list of dates (`2027-01-06`); empty unless set.
    Dates,
    /// A list of words with a whole number each (`high=4`), empty unless set: the least and the greatest number, and the column of
    /// the case whose words they are.
    Counts(i64, i64, Column),
}

/// The switch that every rule has.
pub const ENABLED: &str = "enabled";

/// Something in `policy.toml` that no rule understands.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("[rules.{rule}] {parameter}: {problem}")]
pub struct SettingProblem {
    /// The rule that the policy names.
    pub rule: String,
    /// The parameter that it sets, or empty where the rule itself is unknown.
    pub parameter: String,
    /// What is wrong, and what to do.
    pub problem: String,
}

/// The parameters in force for one rule, all of them, of the right kind; and a look at the others'.
pub struct Chosen<'a> {
    all: &'a BTreeMap<&'static str, Parameters>,
    rule: &'static str,
}

impl<'a> Chosen<'a> {
    pub(super) fn new(all: &'a BTreeMap<&'static str, Parameters>, rule: &'static str) -> Self {
        Self { all, rule }
    }

    /// What another rule has in force.
    pub fn of(&self, rule: &'static str) -> Chosen<'a> {
        Self { all: self.all, rule }
    }

    fn get(&self, name: &str) -> &'a Setting {
        self.all.get(self.rule).and_then(|own| own.get(name)).expect("every declared parameter is in force")
    }

    /// A parameter declared as [`Value::Switch`], or `enabled`.
    pub fn switch(&self, name: &str) -> bool {
        matches!(self.get(name), Setting::Switch(true))
    }

    /// A parameter declared as [`Value::Number`].
    pub fn number(&self, name: &str) -> i64 {
        match self.get(name) {
            Setting::Number(number) => *number,
            other => unreachable!("{name} was read as a number, is {other:?}"),
        }
    }

    /// A parameter declared as [`Value::Number`] whose least is not negative, as a count.
    pub fn count(&self, name: &str) -> usize {
        usize::try_from(self.number(name)).expect("declared with a least of 0 or more")
    }

    /// A parameter declared as [`Value::Choice`].
    pub fn choice(&self, name: &str) -> &'a str {
        match self.get(name) {
            Setting::Text(text) => text,
            other => unreachable!("{name} was read as a word, is {other:?}"),
        }
    }

    /// A parameter declared as [`Value::List`].
    pub fn list(&self, name: &str) -> &'a [String] {
        match self.get(name) {
            Setting::List(list) => list,
            other => unreachable!("{name} was read as a list, is {other:?}"),
        }
    }

    /// A parameter declared as [`Value::Counts`], in its order.
    pub fn counts(&self, name: &str) -> Vec<(&'a str, i64)> {
        self.list(name).iter().filter_map(|text| counted(text)).collect()
    }

    /// A parameter declared as [`Value::Dates`], in order.
    pub fn dates(&self, name: &str) -> Vec<NaiveDate> {
        let mut dates: Vec<NaiveDate> = self.list(name).iter().filter_map(|text| text.parse().ok()).collect();
        dates.sort_unstable();
        dates
    }
}

/// The parameters in force for every rule of `book`: the policy's where it speaks, defaults elsewhere.
pub(super) fn in_force(
    book: &[super::Entry],
    settings: &Settings,
) -> Result<BTreeMap<&'static str, Parameters>, Vec<SettingProblem>> {
    let mut problems = Vec::new();
    for (rule, given) in settings {
        match book.iter().find(|entry| entry.name == rule) {
            Some(entry) => problems.extend(given.iter().filter_map(|(name, value)| refuse(entry, name, value))),
            None => problems.push(unknown_rule(book, rule)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let none = Parameters::new();
    Ok(book.iter().map(|entry| (entry.name, fill(entry, settings.get(entry.name).unwrap_or(&none)))).collect())
}

fn fill(entry: &super::Entry, given: &Parameters) -> Parameters {
    let defaults = entry.all_parameters().map(|p| (p.name.to_owned(), p.value.default()));
    defaults.map(|(name, default)| (name.clone(), given.get(&name).cloned().unwrap_or(default))).collect()
}

fn unknown_rule(book: &[super::Entry], rule: &str) -> SettingProblem {
    let known: Vec<_> = book.iter().map(|entry| entry.name).collect();
    let problem = format!("there is no such rule; the rules are {}", known.join(", "));
    SettingProblem { rule: rule.to_owned(), parameter: String::new(), problem }
}

fn refuse(entry: &super::Entry, name: &str, value: &Setting) -> Option<SettingProblem> {
    let problem = match entry.all_parameters().find(|p| p.name == name) {
        Some(_) if name == ENABLED && *value == Setting::Switch(false) && !entry.can_be_off() => {
            "this rule can't be turned off; take the line away".to_owned()
        }
        Some(parameter) => parameter.value.refuses(value)?,
        None => {
            let known: Vec<_> = entry.all_parameters().map(|p| p.name).collect();
            format!("this rule has no such parameter; it has {}", known.join(", "))
        }
    };
    Some(SettingProblem { rule: entry.name.to_owned(), parameter: name.to_owned(), problem })
}

impl Value {
    /// The value where the policy does not speak.
    pub fn default(self) -> Setting {
        match self {
            Self::Switch(on) => Setting::Switch(on),
            Self::Number(default, ..) => Setting::Number(default),
            Self::Choice(default, _) => Setting::Text(default.to_owned()),
            Self::List(default, _) => Setting::List(default.iter().map(|text| (*text).to_owned()).collect()),
            Self::Dates | Self::Counts(..) => Setting::List(Vec::new()),
        }
    }

    /// Why `given` can't be this, and what could; none if it can.
    fn refuses(self, given: &Setting) -> Option<String> {
        match (self, given) {
            (Self::Switch(_), Setting::Switch(_)) | (Self::List(..), Setting::List(_)) => None,
            (Self::Number(_, least, most), Setting::Number(n)) if (least..=most).contains(n) => None,
            (Self::Choice(_, among), Setting::Text(word)) if among.contains(&word.as_str()) => None,
            (Self::Dates, Setting::List(list)) => list
                .iter()
                .find(|text| text.parse::<NaiveDate>().is_err())
                .map(|text| format!("`{text}` is not a date; write dates like \"2027-01-06\"")),
            (Self::Counts(least, most, _), Setting::List(list)) => refused_count(list, least, most),
            (Self::Switch(_), _) => Some("write true or false".to_owned()),
            (Self::Number(_, least, most), _) => Some(format!("write a whole number from {least} to {most}")),
            (Self::Choice(_, among), _) => Some(format!("write one of {}", among.join(", "))),
            (Self::List(..), _) => Some("write a list of texts, like [\"a\", \"b\"]".to_owned()),
            (Self::Dates, _) => Some("write a list of dates, like [\"2027-01-06\"]".to_owned()),
            (Self::Counts(..), _) => Some("write a list like [\"high=4\", \"low=1\"]".to_owned()),
        }
    }
}

/// The word and the number of `word=number`; none where it is not that. Blanks around either don't count.
pub(super) fn counted(text: &str) -> Option<(&str, i64)> {
    let (word, number) = text.rsplit_once('=')?;
    let (word, number) = (word.trim(), number.trim());
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    Some((word, number.parse().ok().filter(|_| is_number)?)).filter(|_| !word.is_empty())
}

/// What is wrong with a list of words with a number each; none where nothing is.
fn refused_count(list: &[String], least: i64, most: i64) -> Option<String> {
    let mut seen: Vec<&str> = Vec::new();
    for text in list {
        let Some((word, number)) = counted(text) else {
            return Some(format!("`{text}` is not a word and a number; write it like \"high=4\""));
        };
        if !(least..=most).contains(&number) {
            return Some(format!("the number of `{text}` must be from {least} to {most}"));
        }
        if seen.iter().any(|other| same(other, word)) {
            return Some(format!("`{word}` stands there twice; keep one"));
        }
        seen.push(word);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_one_number_within_bounds() {
        let refused = |list: &[&str]| {
            let list = list.iter().map(|text| (*text).to_owned()).collect();
            Value::Counts(0, 9, Column::Risk).refuses(&Setting::List(list))
        };
        assert_eq!(refused(&["high=4", " low = 0 ", "a=b=1", "risque élevé=2"]), None);
        let bad = "is not a word and a number; write it like \"high=4\"";
        for text in ["high", "=4", "high=", "high=four", "high=+4", "high=-1", "high=4.5", " =4"] {
            assert_eq!(refused(&[text]), Some(format!("`{text}` {bad}")));
        }
        assert_eq!(refused(&["high=10"]).as_deref(), Some("the number of `high=10` must be from 0 to 9"));
        assert_eq!(refused(&["high=1", "HIGH=2"]).as_deref(), Some("`HIGH` stands there twice; keep one"));
        assert!(Value::Counts(0, 9, Column::Risk).refuses(&Setting::Number(4)).is_some());
    }
}
