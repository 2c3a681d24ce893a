//! What a history looks like: who returned, which two served together again, and the load per head.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::Month;
use crate::model::{Case, EstablishmentId, InspectorId, PastVisit, Week};

/// How often something happened, of how many times it could have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Times that it could have happened.
    pub of: u64,
    /// Times that it did.
    pub hits: u64,
}

impl Rate {
    /// In per cent; none where it could never have happened.
    pub fn percent(self) -> Option<f64> {
        (self.of > 0).then(|| 100.0 * self.hits as f64 / self.of as f64)
    }

    fn count(&mut self, hit: bool) {
        self.of += 1;
        self.hits += u64::from(hit);
    }
}

/// Visits per head.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// The mean over people and the weeks (days) in which they made a visit at all.
    pub mean: f64,
    /// Nineteen in twenty of them had no more.
    pub p95: usize,
    /// The most that anybody had.
    pub max: usize,
}

/// A history in figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Visits; the rows of one place on one day are one visit.
    pub visits: usize,
    /// People sent on them, each visit for itself.
    pub seats: usize,
    /// Visits after a place's first in which a member of the team had been in the team before it.
    pub returned: Rate,
    /// The same by kind of visit, as history calls it; those without a kind are left out.
    pub returned_by_kind: BTreeMap<String, Rate>,
    /// What `returned` would be in per cent had each team been picked blindly from the month's staff.
    pub returned_by_chance: f64,
    /// Days on which two people served together, and those less than 14 days after their last.
    pub pairs_again_14: Rate,
    /// The same for 28 days.
    pub pairs_again_28: Rate,
    /// Visits per head and calendar week.
    pub week: Load,
    /// Visits per head and day.
    pub day: Load,
}

/// One visit that was made, really or in a replay.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// When.
    pub date: NaiveDate,
    place: EstablishmentId,
    kind: Option<String>,
    team: BTreeSet<Member>,
}

/// Somebody on the roster, or a name that only history knows.
type Member = Result<InspectorId, String>;

impl Event {
    /// The event that one line of history tells of.
    pub fn of(past: &PastVisit) -> Self {
        let known = past.team.iter().map(|who| Ok(*who));
        let team = known.chain(past.others.iter().map(|name| Err(name.clone()))).collect();
        Self { date: past.date, place: past.establishment, kind: past.kind.clone(), team }
    }
}

/// The visits that history records, in order: everybody named at one place on one day is one team.
pub(super) fn real_events(case: &Case) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for past in case.history.iter().filter(|past| past.is_own()) {
        let event = Event::of(past);
        match events.last_mut() {
            Some(last) if (last.date, last.place) == (event.date, event.place) => last.team.extend(event.team),
            _ => events.push(event),
        }
    }
    events
}

impl Picture {
    /// The figures of those `events` (in order of time) whose dates count; the others are what went before.
    pub(super) fn of(
        events: &[Event],
        counts: &dyn Fn(NaiveDate) -> bool,
        staff: &BTreeSet<(Month, InspectorId)>,
    ) -> Self {
        let counted = || events.iter().filter(|event| counts(event.date));
        let mut picture = Self {
            visits: counted().count(),
            seats: counted().map(|event| event.team.len()).sum(),
            week: load(counted().flat_map(|event| event.team.iter().map(|who| (who, Week::of(event.date))))),
            day: load(counted().flat_map(|event| event.team.iter().map(|who| (who, event.date)))),
            ..Self::default()
        };
        picture.count_returns(events, counts, staff);
        picture.count_pairs(events, counts);
        picture
    }

    fn count_returns(
        &mut self,
        events: &[Event],
        counts: &dyn Fn(NaiveDate) -> bool,
        staff: &BTreeSet<(Month, InspectorId)>,
    ) {
        let mut size: BTreeMap<Month, usize> = BTreeMap::new();
        staff.iter().for_each(|(month, _)| *size.entry(*month).or_default() += 1);
        let mut last: BTreeMap<EstablishmentId, &BTreeSet<Member>> = BTreeMap::new();
        let mut chance = 0.0;
        for event in events {
            let Some(before) = last.insert(event.place, &event.team) else { continue };
            if !counts(event.date) {
                continue;
            }
            let hit = !event.team.is_disjoint(before);
            self.returned.count(hit);
            if let Some(kind) = &event.kind {
                self.returned_by_kind.entry(kind.clone()).or_default().count(hit);
            }
            let month = Month::of(event.date);
            let still = before.iter().filter(|who| matches!(who, Ok(who) if staff.contains(&(month, *who)))).count();
            chance += blind(size.get(&month).copied().unwrap_or(0), still, event.team.len());
        }
        let judged = self.returned.of;
        self.returned_by_chance = if judged == 0 { 0.0 } else { 100.0 * chance / judged as f64 };
    }

    fn count_pairs(&mut self, events: &[Event], counts: &dyn Fn(NaiveDate) -> bool) {
        let mut last: BTreeMap<(&Member, &Member), NaiveDate> = BTreeMap::new();
        let mut in_time: Vec<&Event> = events.iter().collect();
        in_time.sort_by_key(|event| event.date);
        for event in in_time {
            let pairs = event.team.iter().enumerate();
            let pairs = pairs.flat_map(|(at, a)| event.team.iter().skip(at + 1).map(move |b| (a, b)));
            for pair in pairs {
                let before = last.insert(pair, event.date);
                // A whole day together is one service, however many visits it had.
                if before == Some(event.date) || !counts(event.date) {
                    continue;
                }
                let gap = before.map(|before| event.date.signed_duration_since(before).num_days());
                self.pairs_again_14.count(gap.is_some_and(|days| days < 14));
                self.pairs_again_28.count(gap.is_some_and(|days| days < 28));
            }
        }
    }
}

/// The chance that a team of `size`, picked blindly from `staff` people, has one of `before` in it.
fn blind(staff: usize, before: usize, size: usize) -> f64 {
    let none = |taken: usize| {
        let (left, others) = (staff.saturating_sub(taken), staff.saturating_sub(before + taken));
        if left == 0 { 1.0 } else { others as f64 / left as f64 }
    };
    1.0 - (0..size.min(staff)).map(none).product::<f64>()
}

fn load<K: Ord>(seats: impl Iterator<Item = K>) -> Load {
    let mut by: BTreeMap<K, usize> = BTreeMap::new();
    seats.for_each(|key| *by.entry(key).or_default() += 1);
    let mut counts: Vec<usize> = by.into_values().collect();
    counts.sort_unstable();
    let at = (counts.len() * 95).div_ceil(100).saturating_sub(1);
    let sum: usize = counts.iter().sum();
    Load {
        mean: if counts.is_empty() { 0.0 } else { sum as f64 / counts.len() as f64 },
        p95: counts.get(at).copied().unwrap_or(0),
        max: counts.last().copied().unwrap_or(0),
    }
}
