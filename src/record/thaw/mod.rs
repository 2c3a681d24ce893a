//! Bytes as a case again, trusting nothing: the inverse of [`freeze`](super::freeze()).

mod policy;
mod tables;

use crate::model::Case;
use crate::rules::Book;

use super::flaw::{Flaw, Flaws};
use super::layout::Files;

/// What could be read of the frozen inputs, and all that is wrong with them.
pub struct Thawed {
    /// The case and its rules; none where the policy can't be read. Rows that can't be read are
    /// left out of it, and rows out of order are put in order, so that a flaw in one line hides no other.
    pub case: Option<(Case, Book)>,
    /// Every flaw, in order of file and line.
    pub flaws: Vec<Flaw>,
}

/// The case that `files` freeze. The settings of the case are every parameter in force.
///
/// # Errors
/// Every flaw of every file of the inputs.
pub fn thaw(files: &Files) -> Result<(Case, Book), Vec<Flaw>> {
    let thawed = thaw_what_can_be(files);
    match thawed.case {
        Some(case) if thawed.flaws.is_empty() => Ok(case),
        _ => Err(thawed.flaws),
    }
}

/// As much of the case as can be read, beside every flaw.
pub fn thaw_what_can_be(files: &Files) -> Thawed {
    let mut flaws = Flaws::default();
    let head = policy::thaw(files, &mut flaws);
    let slots = head.as_ref().map(|head| head.period.slots.as_slice());
    let rows = tables::thaw(files, slots, &mut flaws);
    let case = head.map(|head| {
        let case = Case {
            name: head.name,
            period: head.period,
            urn: head.urn,
            programmed: head.programmed,
            settings: head.settings,
            inspectors: rows.inspectors,
            establishments: rows.establishments,
            visits: rows.visits,
            conflicts: rows.conflicts,
            absences: rows.absences,
            history: rows.history,
            waivers: rows.waivers,
        };
        (case, head.book)
    });
    Thawed { case, flaws: flaws.into_vec() }
}
