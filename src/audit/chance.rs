//! The null hypothesis: how likely everybody was to go on each visit.
//!
//! Of a drawn visit the odds are known. A visit that is only remembered is taken as if those who worked in its month had drawn lots for
//! who goes where, each as often as they really went: everybody's chance is their part of the month's seats, and of the month's seats in the district where
//! places have districts. So whoever works much, or works in one district only, is no finding for that. The first is called wide, the second near;
//! what is near explains more, and alarms rest on it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::evidence::{Event, Evidence};
use crate::model::Month;

/// Everybody's part of some seats, in order of person.
type Shares = Vec<(usize, f64)>;

pub(super) struct Chances<'e> {
    evidence: &'e Evidence,
    wide: BTreeMap<Month, Shares>,
    near: BTreeMap<(Month, Option<&'e str>), Shares>,
    /// As `near`, of the visits that more than one made.
    paired: BTreeMap<(Month, Option<&'e str>), Shares>,
}

impl<'e> Chances<'e> {
    pub fn of(evidence: &'e Evidence) -> Self {
        let (mut wide, mut near, mut paired) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for visit in evidence.visits.iter().filter(|visit| visit.odds.is_none()) {
            let month = Month::of(visit.date);
            let district = evidence.places[visit.place].district.as_deref();
            for who in &visit.team {
                count(wide.entry(month).or_default(), *who);
                count(near.entry((month, district)).or_default(), *who);
                if visit.team.len() > 1 {
                    count(paired.entry((month, district)).or_default(), *who);
                }
            }
        }
        let wide = wide.into_iter().map(|(key, counts)| (key, shares(counts))).collect();
        let near = near.into_iter().map(|(key, counts)| (key, shares(counts))).collect();
        let paired = paired.into_iter().map(|(key, counts)| (key, shares(counts))).collect();
        Self { evidence, wide, near, paired }
    }

    /// How likely each was to go on a visit, in order of person.
    pub fn near(&self, visit: &'e Event) -> Cow<'e, [(usize, f64)]> {
        let district = self.evidence.places[visit.place].district.as_deref();
        of(visit, self.near.get(&(Month::of(visit.date), district)))
    }

    /// The same as far as others come too: where most go alone, whoever goes in a team is no random choice of all.
    pub fn paired(&self, visit: &'e Event) -> Cow<'e, [(usize, f64)]> {
        let district = self.evidence.places[visit.place].district.as_deref();
        of(visit, self.paired.get(&(Month::of(visit.date), district)))
    }

    /// The same, wherever in the office the month's seats were. Of a drawn visit there is but one answer.
    pub fn wide(&self, visit: &'e Event) -> Cow<'e, [(usize, f64)]> {
        of(visit, self.wide.get(&Month::of(visit.date)))
    }

    /// How likely just `who` was to go.
    pub fn one(&self, visit: &'e Event, who: usize) -> (f64, f64) {
        (find(&self.near(visit), who), find(&self.wide(visit), who))
    }

    /// How likely one of `before` or more was to go, at most.
    pub fn any(&self, visit: &'e Event, before: &[usize]) -> (f64, f64) {
        let sum = |chances: &[(usize, f64)]| before.iter().map(|who| find(chances, *who)).sum::<f64>().min(1.0);
        (sum(&self.near(visit)), sum(&self.wide(visit)))
    }
}

fn of<'e>(visit: &'e Event, shares: Option<&Shares>) -> Cow<'e, [(usize, f64)]> {
    match (&visit.odds, shares) {
        (Some(odds), _) => Cow::Borrowed(odds),
        (None, Some(shares)) => {
            let seats = visit.team.len() as f64;
            Cow::Owned(shares.iter().map(|(who, share)| (*who, (share * seats).min(1.0))).collect())
        }
        (None, None) => Cow::Borrowed(&[]),
    }
}

fn find(chances: &[(usize, f64)], who: usize) -> f64 {
    chances.binary_search_by_key(&who, |(one, _)| *one).map_or(0.0, |at| chances[at].1)
}

fn count(counts: &mut BTreeMap<usize, f64>, who: usize) {
    *counts.entry(who).or_default() += 1.0;
}

fn shares(counts: BTreeMap<usize, f64>) -> Shares {
    let all: f64 = counts.values().sum();
    counts.into_iter().map(|(who, seats)| (who, seats / all)).collect()
}

/// How likely each two are in one team of `size`, where only each one's odds are known: as even as these odds allow. Two who can't lead are not
/// a team of two where one of the others could. Whether two may doesn't depend on which is named first.
pub(super) fn pairs(
    chances: &[(usize, f64)],
    size: usize,
    may: impl Fn(usize, usize) -> bool,
) -> Vec<((usize, usize), f64)> {
    let wanted: Vec<f64> = chances.iter().map(|(_, p)| p * size.saturating_sub(1) as f64).collect();
    let allowed = |a: usize, b: usize| a != b && may(chances[a].0, chances[b].0);
    let everybody = 0..chances.len();
    let mut weights: Vec<f64> = wanted.iter().map(|p| p.sqrt()).collect();
    // Each weight is set so that this person's pairs add up to their odds; after a few rounds they fit each other.
    for _ in 0..30 {
        let mut moved: f64 = 0.0;
        for a in everybody.clone() {
            let others: f64 = everybody.clone().filter(|b| allowed(a, *b)).map(|b| weights[b]).sum();
            let fitted = if others > 0.0 { wanted[a] / others } else { 0.0 };
            // Half the way, or two rounds would answer each other for ever.
            let next = (fitted * weights[a]).sqrt();
            moved = moved.max((next - weights[a]).abs());
            weights[a] = next;
        }
        if moved < 1e-9 {
            break;
        }
    }
    let mut found = Vec::new();
    for a in everybody.clone() {
        for b in (a + 1..chances.len()).filter(|b| allowed(a, *b)) {
            found.push(((chances[a].0, chances[b].0), (weights[a] * weights[b]).min(1.0)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_odds_give_even_pairs() {
        let chances: Vec<(usize, f64)> = (0..5).map(|who| (who, 0.4)).collect();
        for (_, chance) in pairs(&chances, 2, |_, _| true) {
            assert!((chance - 0.1).abs() < 1e-6, "{chance}");
        }
    }

    #[test]
    fn pairs_add_up_to_the_odds_of_each() {
        let chances = [(0, 0.7), (1, 0.5), (2, 0.3), (3, 0.3), (4, 0.2)];
        let pairs = pairs(&chances, 2, |a, b| (a.min(b), a.max(b)) != (3, 4));
        assert!(pairs.iter().all(|(pair, _)| *pair != (3, 4)));
        for (who, odds) in chances {
            let sum: f64 = pairs.iter().filter(|((a, b), _)| *a == who || *b == who).map(|(_, chance)| chance).sum();
            assert!((sum - odds).abs() < 0.01, "{who}: {sum}");
        }
    }
}
