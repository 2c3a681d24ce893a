//! Do two inspectors serve together more often than the odds say?
//!
//! *By chance:* the stages (days) in which the two share a team are so many of those in which they could, each with the odds that are counted in its urn.
//! Where an urn was not handed on, the odds of pairs follow from the odds of each, as evenly as these allow; the answer says so. A day together
//! counts once, however many visits it had, for a team keeps together for the day; the odds of its visits are added, which is never too little.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::asking::{Answer, Asking, Question, Subject};
use super::chance::{Chances, pairs};
use super::evidence::{Event, Evidence};

pub(super) fn ask(evidence: &Evidence, chances: &Chances) -> Answer {
    let mut all: Vec<((usize, usize), NaiveDate, f64)> = Vec::new();
    for stage in &evidence.stages {
        all.extend(stage.pairs.iter().map(|(pair, chance)| (*pair, stage.from, *chance)));
    }
    let estimated = |visit: &&Event| visit.stage.is_none() && visit.team.len() > 1;
    for visit in evidence.visits.iter().filter(estimated) {
        let of_pairs = of_visit(evidence, chances, visit);
        all.extend(of_pairs.into_iter().map(|(pair, chance)| (pair, visit.date, chance)));
    }
    all.sort_unstable_by_key(|(pair, date, _)| (*pair, *date));
    let met = met(evidence);
    let mut asking = Asking::new(Question::Pairs);
    for same in all.chunk_by(|a, b| a.0 == b.0) {
        let pair = same[0].0;
        let by_day = same.chunk_by(|a, b| a.1 == b.1).map(|day| day.iter().map(|(.., p)| p).sum::<f64>().min(1.0));
        let by_day: Vec<f64> = by_day.collect();
        let days = met.get(&pair).map_or(0, BTreeSet::len);
        asking.chances(|| Subject::Pair(pair.0, pair.1), days, &by_day, by_day.iter().sum());
    }
    asking.answer()
}

/// Whether any odds of pairs are not counted but follow from the odds of each.
pub(super) fn are_estimated(evidence: &Evidence) -> bool {
    evidence.visits.iter().any(|visit| visit.stage.is_none() && visit.team.len() > 1)
}

fn of_visit(evidence: &Evidence, chances: &Chances, visit: &Event) -> Vec<((usize, usize), f64)> {
    let odds = chances.paired(visit);
    let size = visit.team.len();
    let leads = |who: usize| evidence.people[who].lead;
    let first = odds.first().map_or(0.0, |(_, p)| *p);
    let same = |chance: &(usize, f64)| (chance.1 - first).abs() < 1e-12 && leads(chance.0);
    if odds.len() > 1 && odds.iter().all(same) {
        return even(&odds, size);
    }
    // Of a team of two one must lead, as far as anybody here can.
    let strict = size == 2 && visit.team.iter().any(|who| leads(*who));
    pairs(&odds, size, |a, b| !strict || leads(a) || leads(b))
}

/// Where all are alike, so are all pairs.
fn even(odds: &[(usize, f64)], size: usize) -> Vec<((usize, usize), f64)> {
    let n = odds.len() as f64;
    let each = (size * (size - 1)) as f64 / (n * (n - 1.0));
    let of = |at: usize| odds[at + 1..].iter().map(move |(b, _)| ((odds[at].0, *b), each.min(1.0)));
    (0..odds.len()).flat_map(of).collect()
}

/// The days on which two shared a team; of a stage whose urn was counted, its first.
fn met(evidence: &Evidence) -> BTreeMap<(usize, usize), BTreeSet<NaiveDate>> {
    let mut met: BTreeMap<(usize, usize), BTreeSet<NaiveDate>> = BTreeMap::new();
    for visit in &evidence.visits {
        let day = visit.stage.map_or(visit.date, |stage| evidence.stages[stage].from);
        for (at, a) in visit.team.iter().enumerate() {
            for b in &visit.team[at + 1..] {
                met.entry((*a, *b)).or_default().insert(day);
            }
        }
    }
    met
}
