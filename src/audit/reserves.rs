//! Does one inspector step in more often than the order of reserves says, over all or at one place?
//!
//! *By chance:* the order is a shuffle, so everybody who could step in had the same chance to stand first; with those who were passed over, at most
//! one more than these in so many. Who goes in another whole team surprises nobody here: of teams, no person's chance is counted. That the order itself was kept, `verify` recounts, visit by visit; here it is asked whom it served.

use std::collections::BTreeMap;

use super::asking::{Answer, Asking, Question, Subject};
use super::evidence::{Evidence, StoodIn};

pub(super) fn ask(evidence: &Evidence) -> Answer {
    let mut asking = Asking::new(Question::Reserves);
    // Whoever takes over a day takes over all its visits: one day, one seat, one chance. A visit that is taken over alone is a chance of its own.
    let mut seats: BTreeMap<_, &StoodIn> = BTreeMap::new();
    evidence.stood_in.iter().for_each(|one| {
        let alone = (!one.whole_day).then_some((one.place, one.by));
        seats.entry((one.date, one.from, alone)).or_insert(one);
    });
    let seats: Vec<&StoodIn> = seats.into_values().collect();
    if !seats.is_empty() {
        compare(evidence, &mut asking, &seats, Subject::Person);
    }
    let mut places: BTreeMap<usize, Vec<&StoodIn>> = BTreeMap::new();
    evidence.stood_in.iter().for_each(|one| places.entry(one.place).or_default().push(one));
    for (place, seats) in places {
        compare(evidence, &mut asking, &seats, |who| Subject::Meeting { who, place });
    }
    asking.answer()
}

/// Compares everybody, those who never stepped in among them: who did is known only afterwards.
fn compare(evidence: &Evidence, asking: &mut Asking, seats: &[&StoodIn], subject: impl Fn(usize) -> Subject) {
    let chances: Vec<f64> = seats.iter().map(|one| one.chance).collect();
    for who in 0..evidence.people.len() {
        let times = seats.iter().filter(|one| one.by == who).count();
        asking.chances(|| subject(who), times, &chances, chances.iter().sum());
    }
}
