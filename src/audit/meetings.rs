//! Does an inspector come to one place, or to the places of one owner, more often than the odds say?
//!
//! *By chance:* the days on which the inspector came are so many of the days on which they could have, each with its own odds. Visits
//! of one day to one owner count once, and their odds are added, which is never too little.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::asking::{Answer, Asking, Question, Subject};
use super::chance::Chances;
use super::evidence::Evidence;

pub(super) fn places(evidence: &Evidence, chances: &Chances) -> Answer {
    let of: Vec<Option<usize>> = (0..evidence.places.len()).map(Some).collect();
    ask(evidence, chances, Question::Places, &of, |who, place| Subject::Meeting { who, place })
}

pub(super) fn owners(evidence: &Evidence, chances: &Chances) -> Answer {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, place) in evidence.places.iter().enumerate() {
        if let Some(owner) = &place.owner {
            places.entry(owner).or_default().push(at);
        }
    }
    // An owner of one place is that place, which was asked about already.
    let several: Vec<(&str, Vec<usize>)> = places.into_iter().filter(|(_, places)| places.len() > 1).collect();
    let mut of = vec![None; evidence.places.len()];
    for (number, (_, places)) in several.iter().enumerate() {
        places.iter().for_each(|place| of[*place] = Some(number));
    }
    let subject = |who, number: usize| Subject::Owner { who, owner: several[number].0.to_owned() };
    ask(evidence, chances, Question::Owners, &of, subject)
}

/// The chance, on one day, that somebody goes to something.
struct Chance {
    who: usize,
    what: usize,
    date: NaiveDate,
    near: f64,
}

fn ask(
    evidence: &Evidence,
    chances: &Chances,
    question: Question,
    of: &[Option<usize>],
    subject: impl Fn(usize, usize) -> Subject,
) -> Answer {
    let mut all: Vec<Chance> = Vec::new();
    let mut met: BTreeMap<(usize, usize), (Option<NaiveDate>, usize, f64)> = BTreeMap::new();
    for visit in &evidence.visits {
        let Some(what) = of[visit.place] else { continue };
        let near = chances.near(visit);
        all.extend(near.iter().map(|(who, near)| Chance { who: *who, what, date: visit.date, near: *near }));
        for who in &visit.team {
            let (last, days, _) = met.entry((*who, what)).or_default();
            // Visits stand in order of date.
            *days += usize::from(*last != Some(visit.date));
            *last = Some(visit.date);
        }
    }
    wide(evidence, chances, of, &mut met);
    all.sort_unstable_by_key(|chance| (chance.who, chance.what, chance.date));
    let mut asking = Asking::new(question);
    for same in all.chunk_by(|a, b| (a.who, a.what) == (b.who, b.what)) {
        let (who, what) = (same[0].who, same[0].what);
        let by_day: Vec<f64> = same
            .chunk_by(|a, b| a.date == b.date)
            .map(|day| day.iter().map(|chance| chance.near).sum::<f64>().min(1.0))
            .collect();
        let (_, days, wide) = met.get(&(who, what)).copied().unwrap_or_default();
        asking.chances(|| subject(who, what), days, &by_day, wide);
    }
    asking.answer()
}

/// What was to be expected over the whole office, of those who met at all.
fn wide(
    evidence: &Evidence,
    chances: &Chances,
    of: &[Option<usize>],
    met: &mut BTreeMap<(usize, usize), (Option<NaiveDate>, usize, f64)>,
) {
    for visit in &evidence.visits {
        let Some(what) = of[visit.place] else { continue };
        for (who, chance) in chances.wide(visit).iter() {
            if let Some((_, _, wide)) = met.get_mut(&(*who, what)) {
                *wide += chance;
            }
        }
    }
}
