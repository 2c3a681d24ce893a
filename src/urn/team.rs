//! The cheapest team among candidates: a search seat by seat, cut off where it can't become cheaper
//! than what is known, and bounded by steps.

use smallvec::SmallVec;

use super::Ways;
use crate::model::{InspectorId, VisitId};
use crate::rules::{Board, Clash, Place};

/// Visits that would have to go.
pub(super) type Ejected = SmallVec<[VisitId; 4]>;

/// Steps of one search, so that large teams from large pools end.
const STEPS: u32 = 4_000;

/// One person who might go.
pub(super) struct Candidate {
    pub who: InspectorId,
    pub cost: u64,
    /// What would have to go for them, and its price.
    pub ejected: Ejected,
    pub price: u64,
}

/// A team that may go, if what it ejects is ejected.
pub(super) struct Found {
    pub team: SmallVec<[InspectorId; 4]>,
    pub cost: u64,
    pub ejected: Ejected,
    pub price: u64,
}

/// What it costs to eject a visit; none where it must stay.
pub(super) type PriceOf<'a> = &'a dyn Fn(VisitId) -> Option<u64>;

/// Adds to `ejected` the cheapest `go` of `visits`, those already in it counted first. None where too few may go.
fn charge(ejected: &mut Ejected, visits: &[VisitId], go: usize, price_of: PriceOf) -> Option<u64> {
    let already = visits.iter().filter(|visit| ejected.contains(visit)).count();
    let missing = go.saturating_sub(already);
    if missing == 0 {
        return Some(0);
    }
    let left = visits.iter().filter(|visit| !ejected.contains(visit));
    let mut priced: SmallVec<[(u64, VisitId); 16]> =
        left.filter_map(|visit| Some((price_of(*visit)?, *visit))).collect();
    priced.sort_unstable();
    priced.truncate(missing);
    ejected.extend(priced.iter().map(|(_, visit)| *visit));
    (priced.len() == missing).then(|| priced.iter().map(|(price, _)| price).sum())
}

/// The price with what a clash asks for paid as well; none where that can't be, or could not before.
pub(super) fn pay(price: Option<u64>, clash: Clash, ejected: &mut Ejected, price_of: PriceOf) -> Option<u64> {
    match clash {
        Clash::Fixed => None,
        Clash::Planned { visits, go } => Some(price? + charge(ejected, visits, go, price_of)?),
    }
}

/// A search for the team of one visit at one time.
pub(super) struct Search<'a, 'c> {
    ways: &'a Ways<'c>,
    board: &'a Board<'c>,
    place: Place,
    /// In order of (price, cost).
    candidates: &'a [Candidate],
    /// The price at which nothing is worth finding.
    most: u64,
    price_of: PriceOf<'a>,
    chosen: SmallVec<[usize; 8]>,
    best: Option<Found>,
    steps: u32,
}

impl<'a, 'c> Search<'a, 'c> {
    pub fn new(
        ways: &'a Ways<'c>,
        board: &'a Board<'c>,
        place: Place,
        candidates: &'a [Candidate],
        most: u64,
        price_of: PriceOf<'a>,
    ) -> Self {
        Self { ways, board, place, candidates, most, price_of, chosen: SmallVec::new(), best: None, steps: 0 }
    }

    /// The cheapest team, first by the price of what it ejects, then by cost; none where there is none.
    pub fn run(mut self) -> Option<Found> {
        let nothing = Found { team: SmallVec::new(), cost: 0, ejected: Ejected::new(), price: 0 };
        self.grow(0, &nothing);
        self.best
    }

    /// Fills the next seat with a candidate from `from` on.
    fn grow(&mut self, from: usize, so_far: &Found) {
        let seats = self.ways.of(self.place.visit).size - self.chosen.len();
        if seats == 0 {
            return self.finish(so_far);
        }
        for at in from..self.candidates.len() {
            self.steps += 1;
            let one = &self.candidates[at];
            if self.steps > STEPS || !self.worth(so_far, one, seats) {
                return;
            }
            if !self.may_still_meet(at, seats) {
                continue;
            }
            if let Some(grown) = self.with(so_far, one) {
                self.chosen.push(at);
                self.grow(at + 1, &grown);
                self.chosen.pop();
            }
        }
    }

    /// Whether a team with `one` and those behind it could be better than the best so far. Candidates are
    /// in order of price and cost, so where one is not worth it nobody behind is. Two people may be in
    /// the way of the same visit: the greater of two prices is all that is sure.
    fn worth(&self, so_far: &Found, one: &Candidate, seats: usize) -> bool {
        let price = so_far.price.max(one.price);
        match &self.best {
            None => price < self.most,
            Some(best) if best.price > 0 => price < best.price,
            Some(best) => one.price == 0 && so_far.cost + one.cost * seats as u64 <= best.cost,
        }
    }

    /// Whether the seats left can meet what the team still lacks if the next is taken by `at`.
    fn may_still_meet(&self, at: usize, seats: usize) -> bool {
        let needs = &self.ways.of(self.place.visit).needs;
        needs.iter().all(|need| {
            let meets = |at: usize| usize::from(need.met_by(self.candidates[at].who));
            let have = self.chosen.iter().map(|chosen| meets(*chosen)).sum::<usize>() + meets(at);
            have + (seats - 1) >= need.at_least
        })
    }

    /// The team with one more, if they get on with those chosen.
    fn with(&self, so_far: &Found, one: &Candidate) -> Option<Found> {
        let visit = self.place.visit;
        if so_far.team.iter().any(|other| !self.ways.together(visit, *other, one.who)) {
            return None;
        }
        let mut ejected = so_far.ejected.clone();
        let mut price = Some(so_far.price);
        for gone in &one.ejected {
            let alone = Clash::Planned { visits: std::slice::from_ref(gone), go: 1 };
            price = pay(price, alone, &mut ejected, self.price_of);
        }
        for other in &so_far.team {
            for guard in &self.ways.guards {
                let (a, b) = (one.who.min(*other), one.who.max(*other));
                let mut tell = |clash: Clash| price = pay(price, clash, &mut ejected, self.price_of);
                guard.pair(self.board, self.place, a, b, &mut tell);
            }
        }
        let mut team = so_far.team.clone();
        team.push(one.who);
        let price = price.filter(|price| *price < self.most)?;
        Some(Found { team, cost: so_far.cost + one.cost, ejected, price })
    }

    fn finish(&mut self, whole: &Found) {
        let mut team = whole.team.clone();
        team.sort_unstable();
        let (mut ejected, mut price) = (whole.ejected.clone(), Some(whole.price));
        for guard in &self.ways.guards {
            let mut tell = |clash: Clash| price = pay(price, clash, &mut ejected, self.price_of);
            guard.team(self.board, self.place, &team, &mut tell);
        }
        let Some(price) = price.filter(|price| *price < self.most) else { return };
        let found = Found { team, cost: whole.cost, ejected, price };
        let better = self.best.as_ref().is_none_or(|best| (found.price, found.cost) < (best.price, best.cost));
        if better {
            self.best = Some(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charged(already: &[u32], visits: &[u32], go: usize) -> (Option<u64>, Vec<u32>) {
        let visits: Vec<VisitId> = visits.iter().copied().map(VisitId).collect();
        let mut ejected: Ejected = already.iter().copied().map(VisitId).collect();
        // A visit costs its number; visit 9 must stay.
        let price = charge(&mut ejected, &visits, go, &|visit| (visit.0 != 9).then_some(u64::from(visit.0)));
        (price, ejected.iter().map(|visit| visit.0).collect())
    }

    #[test]
    fn the_cheapest_go() {
        assert_eq!(charged(&[], &[7, 3, 5], 2), (Some(8), vec![3, 5]));
    }

    #[test]
    fn what_goes_already_costs_nothing_more() {
        assert_eq!(charged(&[7], &[7, 3, 5], 1), (Some(0), vec![7]));
        assert_eq!(charged(&[7], &[7, 3, 5], 2), (Some(3), vec![7, 3]));
    }

    #[test]
    fn what_must_stay_stays() {
        assert_eq!(charged(&[], &[9, 4], 2).0, None);
        assert_eq!(charged(&[], &[9, 4], 1), (Some(4), vec![4]));
    }
}
