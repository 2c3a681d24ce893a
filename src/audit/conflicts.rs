//! Are conflicts declared just before the place has its turn? A conflict that comes late takes its inspector out of one draw.
//!
//! *By chance:* the day of a declaration lies anywhere among the working days looked at; the chance that a visit to the place follows within two weeks is counted from
//! the calendar of visits. Told for the office, and for each inspector and each place with two declarations or more.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::asking::{Answer, Asking, Question, Subject};
use super::evidence::Evidence;

/// A visit within so many days after a declaration is one that it was just in time for.
pub const JUST_BEFORE_DAYS: u64 = 14;

/// A declaration beside the calendar.
struct Timed {
    who: usize,
    /// The first of its places.
    place: usize,
    just_before: bool,
    chance: f64,
}

pub(super) fn ask(evidence: &Evidence) -> Answer {
    let visits = visits(evidence);
    let (Some(first), Some(last)) = (evidence.days.first(), evidence.days.last()) else {
        return Asking::new(Question::Conflicts).answer();
    };
    let mut all: Vec<Timed> = Vec::new();
    for declared in evidence.declared.iter().filter(|one| (*first..=*last).contains(&one.on)) {
        let days: BTreeSet<NaiveDate> =
            declared.places.iter().filter_map(|place| visits.get(place)).flatten().copied().collect();
        let hits = evidence.days.iter().filter(|day| follows(&days, **day)).count();
        let chance = hits as f64 / evidence.days.len() as f64;
        let place = declared.places.first().copied().unwrap_or(usize::MAX);
        all.push(Timed { who: declared.who, place, just_before: follows(&days, declared.on), chance });
    }
    let mut asking = Asking::new(Question::Conflicts);
    let mut compare = |subject: Subject, of: &dyn Fn(&Timed) -> bool, least: usize| {
        let these: Vec<_> = all.iter().filter(|one| of(one)).collect();
        if these.len() >= least {
            let chances: Vec<f64> = these.iter().map(|one| one.chance).collect();
            let just = these.iter().filter(|one| one.just_before).count();
            asking.chances(|| subject, just, &chances, chances.iter().sum());
        }
    };
    compare(Subject::Office, &|_| true, 1);
    for who in all.iter().map(|one| one.who).collect::<BTreeSet<_>>() {
        compare(Subject::Person(who), &|one| one.who == who, 2);
    }
    for place in all.iter().map(|one| one.place).filter(|place| *place < evidence.places.len()).collect::<BTreeSet<_>>()
    {
        compare(Subject::Place(place), &|one| one.place == place, 2);
    }
    asking.answer()
}

fn visits(evidence: &Evidence) -> BTreeMap<usize, BTreeSet<NaiveDate>> {
    let mut days: BTreeMap<usize, BTreeSet<NaiveDate>> = BTreeMap::new();
    evidence.visits.iter().for_each(|visit| {
        days.entry(visit.place).or_default().insert(visit.date);
    });
    days
}

/// Whether a visit follows on the day or within so many days.
fn follows(visits: &BTreeSet<NaiveDate>, day: NaiveDate) -> bool {
    let until = day.checked_add_days(Days::new(JUST_BEFORE_DAYS)).unwrap_or(NaiveDate::MAX);
    visits.range(day..=until).next().is_some()
}
