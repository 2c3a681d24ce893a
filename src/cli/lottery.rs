//! What `plan` says of the urn beside the schedule: bounds, odds, and what would help where a visit has nobody.

use std::path::Path;

use serde_json::Value;

use crate::bound::{Relief, most_staffed, relief, stage_bounds};
use crate::model::{Case, Drawn, MostStaffed, Schedule, Span, StageBounds};
use crate::record::{BOUNDS, Files, bound_lines};
use crate::report::{
    self, Section, coverage_beside_bound, coverage_bound_json, odds_in_words, odds_json, programmed, programmed_json,
    relief_in_words, relief_json,
};
use crate::rules::Book;

/// What was drawn, beside what could be.
pub(super) struct Lottery {
    drawn: Drawn,
    bounds: Vec<StageBounds>,
    most: MostStaffed,
    relief: Option<Relief>,
}

impl Lottery {
    pub(super) fn new(case: &Case, book: &Book, drawn: Drawn) -> Self {
        let span = Span { from: case.period.from, to: case.period.to };
        let missed = |visit| case.visit(visit).kind.is_mandatory() && !drawn.schedule.assignments.contains_key(&visit);
        let relief = if case.visit_ids().any(missed) { relief(case, book) } else { None };
        Self {
            bounds: stage_bounds(case, book, &drawn),
            most: most_staffed(case, book, span, &Schedule::default()),
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

    /// What would help where a mandatory visit has nobody.
    pub(super) fn relief_in_words(&self) -> Option<Section> {
        self.relief.as_ref().map(relief_in_words)
    }

    pub(super) fn add_to_json(&self, case: &Case, book: &Book, value: &mut Value) {
        value["odds"] = odds_json(&self.odds(case, book));
        value["programmed"] = programmed_json(case, &self.drawn);
        value["relief"] = self.relief.as_ref().map(relief_json).into();
        value["coverage_bound"] = serde_json::json!({
            "all": coverage_bound_json(case, &self.most.visits),
            "mandatory": coverage_bound_json(case, &self.most.mandatory),
        });
    }
}

/// The files of a record with its bounds among them.
pub(super) fn with_bounds(case: &Case, book: &Book, drawn: &Drawn, mut files: Files) -> Files {
    files.insert(BOUNDS.to_owned(), bound_lines(case, &stage_bounds(case, book, drawn)));
    files
}
