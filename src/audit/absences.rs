//! Is somebody away just on the days when a place, or an owner's places, have their turn? Whoever is away raises the odds of all others.
//!
//! *By chance:* the days of the visits lie among the working days as if they had been drawn, within the same quarter of a year and the same day of the week, so that
//! neither summers nor part-time Mondays are a finding: an overlap of two sets, one of them at random (hypergeometric), added up.
//! How long or how regular an absence is plays no part; only where the visits fall.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};

use super::asking::{Answer, Asking, Question, Subject};
use super::evidence::Evidence;
use super::tails::Counts;

/// A day of the week in a quarter of a year.
type Stratum = (i32, u32, u32);

pub(super) fn ask(evidence: &Evidence) -> Answer {
    let mut asking = Asking::new(Question::Absences);
    let away = Away::of(evidence);
    let mut known = BTreeMap::new();
    for (place, days) in days_of(evidence, Some) {
        away.compare(&days, &mut known, &mut asking, |who| Subject::Meeting { who, place });
    }
    let owner = |place: usize| evidence.places[place].owner.clone();
    let several =
        |owner: &String| evidence.places.iter().filter(|place| place.owner.as_ref() == Some(owner)).count() > 1;
    for (owner, days) in days_of(evidence, owner).into_iter().filter(|(owner, _)| several(owner)) {
        away.compare(&days, &mut known, &mut asking, |who| Subject::Owner { who, owner: owner.clone() });
    }
    asking.answer()
}

/// The days on which each thing had a visit.
fn days_of<K: Ord>(evidence: &Evidence, of: impl Fn(usize) -> Option<K>) -> BTreeMap<K, BTreeSet<NaiveDate>> {
    let mut days: BTreeMap<K, BTreeSet<NaiveDate>> = BTreeMap::new();
    for visit in &evidence.visits {
        if let Some(key) = of(visit.place) {
            days.entry(key).or_default().insert(visit.date);
        }
    }
    days
}

/// Who was away when.
struct Away {
    days: BTreeMap<Stratum, u64>,
    people: BTreeMap<usize, BTreeSet<NaiveDate>>,
    strata: BTreeMap<usize, BTreeMap<Stratum, u64>>,
}

impl Away {
    fn of(evidence: &Evidence) -> Self {
        let working: BTreeSet<NaiveDate> = evidence.days.iter().copied().collect();
        let mut away = Self { days: BTreeMap::new(), people: BTreeMap::new(), strata: BTreeMap::new() };
        working.iter().for_each(|day| *away.days.entry(stratum(*day)).or_default() += 1);
        for absent in evidence.absences.iter().filter(|absent| working.contains(&absent.date)) {
            if away.people.entry(absent.who).or_default().insert(absent.date) {
                *away.strata.entry(absent.who).or_default().entry(stratum(absent.date)).or_default() += 1;
            }
        }
        away
    }

    /// Holds everybody's absences against the days of some visits.
    fn compare(
        &self,
        visited: &BTreeSet<NaiveDate>,
        known: &mut BTreeMap<(u64, u64, u64), Counts>,
        asking: &mut Asking,
        subject: impl Fn(usize) -> Subject,
    ) {
        let mut chosen: BTreeMap<Stratum, u64> = BTreeMap::new();
        visited.iter().for_each(|day| *chosen.entry(stratum(*day)).or_default() += 1);
        for (who, away) in &self.people {
            let (mut counts, mut expected) = (Counts::of_chances(&[], 0), 0.0);
            for (stratum, chosen) in &chosen {
                let all = self.days.get(stratum).copied().unwrap_or(0);
                let Some(marked) = self.strata[who].get(stratum).copied().filter(|_| all > 0) else { continue };
                let key = (all, marked, *chosen);
                let overlap = known.entry(key).or_insert_with(|| Counts::of_overlap(all, marked, *chosen));
                counts = counts.plus(overlap);
                expected += marked as f64 * *chosen as f64 / all as f64;
            }
            let both = visited.intersection(away).count();
            asking.counts(|| subject(*who), both, visited.len(), expected, &counts);
        }
    }
}

fn stratum(day: NaiveDate) -> Stratum {
    let weekday: Weekday = day.weekday();
    (day.year(), day.month0() / 3, weekday.num_days_from_monday())
}
