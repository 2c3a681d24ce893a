//! The stage that a ticket is built for.

use std::ops::Range;

use super::Ways;
use crate::model::{Assignment, Schedule, Span, Team, VisitId};
use crate::rules::{Calendar, Place};

/// The days of the stage, and what earlier stages drew.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// Working days of the stage.
    pub span: Range<usize>,
    /// Working days of the period.
    end: usize,
    /// What was drawn before, in order of visit.
    pub drawn: Vec<(Place, Team)>,
    is_drawn: Vec<bool>,
}

impl Scope {
    /// The whole period at once.
    pub fn whole(ways: &Ways) -> Self {
        let days = ways.case.period.days().len();
        Self { span: 0..days, end: days, drawn: Vec::new(), is_drawn: vec![false; ways.case.visits.len()] }
    }

    /// The days of `span`, after `before` was drawn. What of it lies on no working day is left out: no draw of
    /// ours gives such a thing.
    pub fn of(ways: &Ways, span: Span, before: &Schedule) -> Self {
        let calendar = Calendar::new(ways.case);
        let days = calendar.days();
        let first = days.partition_point(|day| *day < span.from);
        let after = days.partition_point(|day| *day <= span.to);
        let drawn: Vec<(Place, Team)> = before
            .assignments
            .iter()
            .filter_map(|(visit, Assignment { date, slot, team })| {
                let place = Place { visit: *visit, day: calendar.day(*date)?, slot: *slot };
                Some((place, team.clone()))
            })
            .collect();
        let mut is_drawn = vec![false; ways.case.visits.len()];
        drawn.iter().for_each(|(place, _)| is_drawn[place.visit.index()] = true);
        Self { span: first..after, end: days.len(), drawn, is_drawn }
    }

    /// The days that no draw has passed: those of the stage and all later ones.
    pub fn days(&self) -> Range<usize> {
        self.span.start..self.end
    }

    /// The days after the stage.
    pub fn later(&self) -> Range<usize> {
        self.span.end..self.end
    }

    /// Whether an earlier stage drew this visit: it stays where it is.
    pub fn is_drawn(&self, visit: VisitId) -> bool {
        self.is_drawn[visit.index()]
    }
}
