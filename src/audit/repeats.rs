//! Does somebody of a place's last team come back to its next visit more often than the odds say, and when did that begin or end?
//!
//! *By chance:* each visit after a place's first has the odds that it had for those who were there the time before, added up. Drawn visits and those that are only remembered are compared apart. A rule such as `no-return` makes
//! repeats rarer than chance; only more of them are told.

use std::collections::BTreeMap;

use super::asking::{Answer, Asking, Question, Subject};
use super::chance::Chances;
use super::evidence::{Event, Evidence};
use crate::model::Month;

/// Visits that could repeat, and what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Repeats {
    /// Visits after a place's first.
    pub of: usize,
    /// Those to which somebody of the last team came back.
    pub returned: usize,
    /// As many as that would be by chance, within districts.
    pub near: f64,
    /// The same over the whole office.
    pub wide: f64,
}

impl Repeats {
    fn count(&mut self, back: bool, (near, wide): (f64, f64)) {
        self.of += 1;
        self.returned += usize::from(back);
        self.near += near;
        self.wide += wide;
    }

    /// In per cent: as it was, and by chance within districts and over the office.
    ///
    /// ```
    /// let repeats = foureyes::audit::Repeats { of: 200, returned: 50, near: 20.0, wide: 10.0 };
    /// assert_eq!(repeats.percent(), Some((25.0, 10.0, 5.0)));
    /// ```
    pub fn percent(&self) -> Option<(f64, f64, f64)> {
        let of = |n: f64| 100.0 * n / self.of as f64;
        (self.of > 0).then(|| (of(self.returned as f64), of(self.near), of(self.wide)))
    }
}

/// Repeats of visits, counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RepeatRates {
    /// All.
    pub all: Repeats,
    /// Those that are only remembered: before anything was drawn.
    pub remembered: Repeats,
    /// Those that were drawn.
    pub drawn: Repeats,
    /// By month, and whether the month has drawn visits.
    pub months: BTreeMap<Month, (Repeats, bool)>,
    /// By kind of visit.
    pub kinds: BTreeMap<String, Repeats>,
    /// By inspector of the last team: visits that could repeat, and those to which they came back.
    pub people: BTreeMap<usize, Repeats>,
}

pub(super) fn ask(evidence: &Evidence, chances: &Chances) -> (Answer, RepeatRates) {
    let (mut rates, mut remembered, mut drawn) = (RepeatRates::default(), Vec::new(), Vec::new());
    let mut last: BTreeMap<usize, &Event> = BTreeMap::new();
    for visit in &evidence.visits {
        let Some(before) = last.insert(visit.place, visit) else { continue };
        let chance = chances.any(visit, &before.team);
        let back = visit.team.iter().any(|who| before.team.binary_search(who).is_ok());
        rates.all.count(back, chance);
        let (times, chances_of) = match visit.odds {
            Some(_) => (&mut rates.drawn, &mut drawn),
            None => (&mut rates.remembered, &mut remembered),
        };
        times.count(back, chance);
        chances_of.push(chance.0);
        let (month, has_drawn) = rates.months.entry(Month::of(visit.date)).or_default();
        month.count(back, chance);
        *has_drawn |= visit.odds.is_some();
        if let Some(kind) = &visit.kind {
            rates.kinds.entry(kind.clone()).or_default().count(back, chance);
        }
        for who in &before.team {
            let back = visit.team.binary_search(who).is_ok();
            rates.people.entry(*who).or_default().count(back, chances.one(visit, *who));
        }
    }
    let mut asking = Asking::new(Question::Repeats);
    for (subject, counted, chances) in
        [(Subject::Remembered, rates.remembered, &remembered), (Subject::Drawn, rates.drawn, &drawn)]
    {
        if !chances.is_empty() {
            asking.bounded(subject, counted.returned, chances, counted.wide);
        }
    }
    (asking.answer(), rates)
}
