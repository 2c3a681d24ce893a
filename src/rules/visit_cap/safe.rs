//! What a cap gives away: places that nobody may visit any more without a cause, and until when.
//!
//! A place that knows its visits to be used up is safe. That is the price of the rule, so it is told.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{Scope, VisitCap};
use crate::model::{Case, EstablishmentId, Schedule};
use crate::rules::Chosen;

/// A place that no visit that counts may come to on some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safe {
    /// Which place.
    pub place: EstablishmentId,
    /// Working days of the period on which one visit more would break the rule, at least one.
    pub days: usize,
    /// The first day, behind the period too, from which on a visit may come again; none where it never may.
    pub again: Option<NaiveDate>,
}

/// The registered places that are safe on some working day of the period, by what history records and `schedule` plans.
pub(in crate::rules) fn safe_places(chosen: &Chosen, case: &Case, schedule: &Schedule) -> Vec<Safe> {
    let rule = VisitCap::of(chosen);
    let mut came: BTreeMap<Scope, Vec<(NaiveDate, EstablishmentId)>> = BTreeMap::new();
    let planned = schedule.assignments.iter().filter(|(visit, _)| rule.counts(case, **visit));
    let planned = planned.map(|(visit, to)| (to.date, case.visit(*visit).establishment));
    for (date, place) in rule.past(case).into_iter().chain(planned) {
        came.entry(Scope::of(case, place, rule.by_owner)).or_default().push((date, place));
    }
    let days = case.period.days();
    let places = (0..case.establishments.len()).map(EstablishmentId::at);
    let registered = places.filter(|place| case.establishment(*place).registered);
    let safe = registered.filter_map(|place| {
        let none = Vec::new();
        let came = came.get(&Scope::of(case, place, rule.by_owner)).unwrap_or(&none);
        let here = Visited { rule: &rule, case, place, came };
        let count = days.iter().filter(|day| !here.may_come(**day)).count();
        (count > 0).then(|| Safe { place, days: count, again: here.again() })
    });
    safe.collect()
}

/// One place, and the visits that count for it.
struct Visited<'v> {
    rule: &'v VisitCap,
    case: &'v Case,
    place: EstablishmentId,
    came: &'v [(NaiveDate, EstablishmentId)],
}

impl Visited<'_> {
    /// Whether one visit more on `day`, the last of that day, would keep the rule, also for those that come after it.
    fn may_come(&self, day: NaiveDate) -> bool {
        let later = self.came.iter().filter(|(date, _)| *date > day && *date < self.rule.over(day));
        let near =
            |(date, place): &(NaiveDate, EstablishmentId)| *place == self.place && self.rule.too_close(*date, day);
        // Only the planned visits are held to the rule; the past is what it is.
        let is_planned = |date: NaiveDate| date >= self.case.period.from;
        self.has_room(day, self.place)
            && later.clone().filter(|(date, _)| is_planned(*date)).all(|(date, place)| self.has_room(*date, *place))
            && !self.came.iter().any(near)
    }

    /// Whether one visit more may count on `day` at `place`.
    fn has_room(&self, day: NaiveDate, place: EstablishmentId) -> bool {
        let counts = |date: NaiveDate| date <= day && day < self.rule.over(date);
        self.came.iter().filter(|(date, _)| counts(*date)).count() < self.rule.most(self.case.establishment(place))
    }

    /// The first day from which on a visit may come for good, as far as is known now: some visit of today counts no more then, or lies far enough back.
    fn again(&self) -> Option<NaiveDate> {
        let gap = Days::new(self.rule.gap.unsigned_abs());
        let ends = self.came.iter().flat_map(|(date, _)| [Some(self.rule.over(*date)), date.checked_add_days(gap)]);
        let last = self.came.iter().map(|(date, _)| *date).max();
        let mut ends: Vec<NaiveDate> = ends.flatten().filter(|day| last.is_none_or(|last| *day > last)).collect();
        ends.extend(last);
        ends.sort_unstable();
        ends.into_iter().find(|day| self.may_come(*day))
    }
}
