//! What `plan` says of the urn beside the schedule: bounds, odds, and what would help where a visit has nobody.

use std::path::Path;

use serde_json::Value;

use crate::bound::{Relief, Remedy, most_staffed, relief, remedies, stage_bounds};
use crate::model::{Case, Drawn, MostStaffed, Schedule, Span, StageBounds, VisitId};
use crate::record::{BOUNDS, Files, bound_lines};
use crate::report::{
    self, Section, coverage_beside_bound, coverage_bound_json, odds_in_words, odds_json, programmed, programmed_json,
    relief_in_words, relief_json, remedies_in_words, remedies_json,
};
use crate::rules::Book;

/// What was drawn, beside what could be.
pub(super) struct Lottery {
    drawn: Drawn,
    bounds: Vec<StageBounds>,
    most: MostStaffed,
    relief: Option<Relief>,
    remedies: Vec<Remedy>,
}

/// Visits without a team up to which it is told what would help them together, though seats are short in all.
const TOGETHER: usize = 8;

impl Lottery {
    pub(super) fn new(case: &Case, book: &Book, drawn: Drawn) -> Self {
        let span = Span { from: case.period.from, to: case.period.to };
        let missed = missed(case, &drawn.schedule);
        let relief = if missed.is_empty() { None } else { relief(case, book) };
        // What helps one visit alone is told with it; of very many it is told how many seats are lacking.
        let remedies = match missed.len() {
            0 | 1 => Vec::new(),
            many if many > TOGETHER && relief.is_some() => Vec::new(),
            _ => remedies(case, book, &drawn.schedule, &missed),
        };
        let bounds = stage_bounds(case, book, &drawn);
        let most = bounds.first().and_then(|first| first.most.clone());
        Self {
            remedies,
            most: most.unwrap_or_else(|| most_staffed(case, book, span, &Schedule::default())),
            bounds,
            relief,
            drawn,
        }
    }

    /// The bounds among the files of the record.
    pub(super) fn publish(&self, case: &Case, files: &mut Files) {
        files.insert(BOUNDS.to_owned(), bound_lines(case, &self.bounds));
    }

    fn odds<'l>(&'l self, case: &'l Case, book: &'l Book) -> report::Lottery<'l> {
        report::Lottery { case, book, drawn: &self.drawn, bounds: &self.bounds }
    }

    /// What stands below the table of what is staffed.
    pub(super) fn coverage(&self, case: &Case) -> String {
        coverage_beside_bound(case, &self.most, &self.drawn.schedule)
    }

    pub(super) fn in_words(&self, case: &Case, book: &Book, target: &Path) -> Vec<Section> {
        let mut sections = odds_in_words(&self.odds(case, book));
        sections.extend(programmed(case, &self.drawn, target));
        sections
    }

    /// What would help where mandatory visits have nobody: those together, and seats.
    pub(super) fn relief_in_words(&self, case: &Case) -> impl Iterator<Item = Section> + use<> {
        let together = remedies_in_words(case, &self.remedies);
        together.into_iter().chain(self.relief.as_ref().map(relief_in_words))
    }

    pub(super) fn add_to_json(&self, case: &Case, book: &Book, value: &mut Value) {
        value["odds"] = odds_json(&self.odds(case, book));
        value["programmed"] = programmed_json(case, &self.drawn);
        value["remedies"] = remedies_json(case, &self.remedies);
        value["relief"] = self.relief.as_ref().map(relief_json).into();
        value["coverage_bound"] = serde_json::json!({
            "all": coverage_bound_json(case, &self.most.visits),
            "mandatory": coverage_bound_json(case, &self.most.mandatory),
        });
    }
}

/// The mandatory visits that nobody goes on.
pub(super) fn missed(case: &Case, schedule: &Schedule) -> Vec<VisitId> {
    let missed = |visit: &VisitId| case.visit(*visit).kind.is_mandatory() && !schedule.assignments.contains_key(visit);
    case.visit_ids().filter(missed).collect()
}

/// The files of a record with its bounds among them.
pub(super) fn with_bounds(case: &Case, book: &Book, drawn: &Drawn, mut files: Files) -> Files {
    files.insert(BOUNDS.to_owned(), bound_lines(case, &stage_bounds(case, book, drawn)));
    files
}
