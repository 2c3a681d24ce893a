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
    /// By visit: in how many of [`Scope::ALWAYS`] tickets it is due.
    targets: Vec<u64>,
}

impl Scope {
    /// In how many tickets of as many a visit is due that no lot decides on.
    pub const ALWAYS: u64 = 1_000_000;

    /// The whole period at once.
    pub fn whole(ways: &Ways) -> Self {
        let days = ways.case.period.days().len();
        let visits = ways.case.visits.len();
        let (is_drawn, targets) = (vec![false; visits], vec![Self::ALWAYS; visits]);
        Self { span: 0..days, end: days, drawn: Vec::new(), is_drawn, targets }
    }

    /// The days of `span`, after `before` was drawn, with each visit's target. What of `before` lies on no working day is left out: no draw of
    /// ours gives such a thing.
    pub fn of(ways: &Ways, span: Span, before: &Schedule, targets: &[u64]) -> Self {
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
        Self { span: first..after, end: days.len(), drawn, is_drawn, targets: targets.to_vec() }
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

    /// In how many of [`Self::ALWAYS`] tickets a visit is due.
    pub fn target(&self, visit: VisitId) -> u64 {
        self.targets[visit.index()]
    }

    /// Whether the visit is due in every ticket, and not by lot.
    pub fn is_sure(&self, visit: VisitId) -> bool {
        self.target(visit) >= Self::ALWAYS
    }
}
