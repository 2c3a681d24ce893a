//! A choice that no file can make: somebody answers it once, and the answer is kept in `policy.toml`.
//!
//! A choice stops the reading, like an error, and it is told as one: its advice has each answer and how to give it. An import
//! at a terminal asks it instead ([`Choice::answers`]).

use super::aliases;
use super::import::{Said, as_line};
use super::policy::Says;
use super::problem::{Level, Problem};

/// Something that only a person can know.
///
/// ```
/// use foureyes::read::import::Said;
/// use foureyes::read::{Answer, Choice};
/// let said = |value: &str| Said { table: "absences".into(), key: "end".into(), value: value.into() };
/// let answer = |says: &str, value: &str| Answer { says: says.into(), said: vec![said(value)] };
/// let choice = Choice { about: "leave.csv, row 2".into(), why: "is the last day part of the leave?".into(),
///     answers: vec![answer("yes", "included"), answer("no", "excluded")] };
/// assert_eq!(choice.answers[1].said[0].value, "excluded");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The file, row, column and value that it is about.
    pub about: String,
    /// What is not known.
    pub why: String,
    /// What may be answered.
    pub answers: Vec<Answer>,
}

/// One answer to a [`Choice`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer in words.
    pub says: String,
    /// What it writes into `[import.TABLE]` of the policy.
    pub said: Vec<Said>,
}

/// An answer in words, and what it sets: keys and values of the table's section in the policy.
pub(super) type Offer<'a> = (&'a str, &'a [(&'a str, &'a str)]);

/// The error that asks, and the choice. `problem` says where and why; its advice is made here.
pub(super) fn choice(says: &Says, problem: Problem, options: &[Offer<'_>]) -> (Problem, Choice) {
    let answer = |(words, sets): &Offer<'_>| Answer {
        says: (*words).to_owned(),
        said: sets
            .iter()
            .map(|(key, value)| Said {
                table: says.table.to_owned(),
                key: (*key).to_owned(),
                value: (*value).to_owned(),
            })
            .collect(),
    };
    let answers: Vec<Answer> = options.iter().map(answer).collect();
    let advice = advice(says, &answers);
    let (why, about) = (problem.why.clone(), problem.place());
    (Problem { level: Level::Error, advice, ..problem }, Choice { about, why, answers })
}

/// The answers in words, each with how it is given.
pub(super) fn advice(says: &Says, answers: &[Answer]) -> String {
    let told = answers.iter().map(|answer| format!("{} ({})", how(says, answer), answer.says));
    let place = if says.imported { "with" } else { "in policy.toml:" };
    format!("Answer {place} {}", told.collect::<Vec<_>>().join(" or "))
}

/// How an answer is given: as words of the command, or as lines of the policy.
fn how(says: &Says, answer: &Answer) -> String {
    if let [said] = answer.said.as_slice()
        && said.table == aliases::SECTION
    {
        let (section, line) = as_line(said);
        return match says.imported {
            true => format!("--map \"{}.{}={}\"", said.table, said.key, said.value),
            false => format!("{line} under [{section}]"),
        };
    }
    let one = |said: &Said| match says.imported {
        true => format!("--map {}.{}=\"{}\"", said.table, said.key, said.value),
        false => format!("{} = {}", said.key, super::import::as_toml(said)),
    };
    let all = answer.said.iter().map(one).collect::<Vec<_>>();
    match says.imported {
        true => all.join(" "),
        false => format!("{} under [{}]", all.join(" and "), says.section()),
    }
}
