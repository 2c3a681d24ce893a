//! A column that is not read and may say something that counts: what it is, is asked once, by its header.

use super::super::choice::Offer;
use super::super::policy::Says;
use super::super::problem::{Log, Problem};

/// The column.
pub(super) struct Unread<'a> {
    pub(super) file: &'a str,
    /// The row of the header, where that is known.
    pub(super) row: Option<u64>,
    pub(super) title: &'a str,
}

impl<'a> Unread<'a> {
    /// Asks what it is: one of some keys of the policy, each with its words.
    pub(super) fn ask(&self, says: &Says, why: &str, answers: &[(&str, &str, &str)], log: &mut Log) {
        let problem = Problem::error(self.file, why, "").column(self.title);
        let problem = self.row.into_iter().fold(problem, Problem::row);
        let sets: Vec<[(&str, &str); 1]> = answers.iter().map(|(_, key, value)| [(*key, *value)]).collect();
        let offers: Vec<Offer<'_>> =
            answers.iter().zip(&sets).map(|((words, ..), sets)| (*words, sets.as_slice())).collect();
        log.ask(says, problem, &offers);
    }
}
