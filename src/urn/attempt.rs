//! One attempt at a ticket: the board, the order in which visits are placed, and the placing.

use std::cmp::Reverse;
use std::ops::Range;

use smallvec::SmallVec;

use super::Ways;
use super::cheapest::{Cheapest, Crew, Free};
use super::price::{Prices, chance};
use super::scope::Scope;
use super::tally::{Tally, times_in};
use super::team::{Candidate, Ejected, Found, PriceOf, Search, pay};
use crate::draw::Stream;
use crate::model::{InspectorId, SlotId, Team, VisitId};
use crate::rules::{Board, Clash, Place, Placed};

/// By how many eighths of a doubling of its ways chance may put a visit of an urn's ticket later.
const SHUFFLED: u64 = 40;

/// Times of a visit that have a team, of which the cheapest is taken.
const LOOKS: usize = 2;

/// A schedule in the making.
pub(super) struct Attempt<'a, 'c> {
    pub ways: &'a Ways<'c>,
    /// The stage that is built for; what earlier stages drew lies on the board and stays there.
    pub scope: &'a Scope,
    /// What earlier tickets used; none where there is but one ticket.
    pub tally: Option<&'a Tally>,
    pub board: Board<'c>,
    pub prices: Prices,
    pub stream: Stream,
    /// Visits without a place that may yet find one.
    pub waiting: Vec<VisitId>,
    /// Visits that have no team even if everything else went.
    pub hopeless: Vec<VisitId>,
    /// Whether those may go who may not go to the place on other days of the period.
    pub last_resort: bool,
    /// Counted steps: one for each time at which a team was sought.
    pub steps: u64,
    /// Room for the people of one search.
    free: Vec<Free>,
    /// By pool and day: how often a team was sought with nobody ejected, and how often in vain.
    pub sought: Vec<(u32, u32)>,
}

impl<'a, 'c> Attempt<'a, 'c> {
    pub fn new(ways: &'a Ways<'c>, scope: &'a Scope, tally: Option<&'a Tally>, stream: Stream) -> Self {
        let mut attempt = Self {
            ways,
            scope,
            tally,
            board: Board::new(ways.case),
            prices: Prices::new(ways),
            stream,
            waiting: Vec::new(),
            hopeless: Vec::new(),
            last_resort: false,
            steps: 0,
            free: Vec::new(),
            sought: vec![(0, 0); ways.cells()],
        };
        for (place, team) in &scope.drawn {
            attempt.put(*place, team.members());
        }
        attempt
    }

    /// Places every visit that finds a place, those with the fewest ways first; the others wait.
    pub fn place_all(&mut self) {
        let visits = self.ways.case.visit_ids().filter(|visit| !self.scope.is_drawn(*visit)).collect();
        let days = self.scope.days();
        for visit in self.hardest_first(visits) {
            if !self.place_in(visit, &days) {
                self.waiting.push(visit);
            }
        }
    }

    /// The visits in the order in which they are placed: mandatory ones first, then those with few ways. Visits within a
    /// factor of about 9/8 count as equally hard: chance orders them.
    pub fn hardest_first(&mut self, visits: Vec<VisitId>) -> Vec<VisitId> {
        let mut order: Vec<(Reverse<bool>, u64, u64, VisitId)> = visits
            .into_iter()
            .map(|visit| {
                let (ways, word) = (self.ways.of(visit), self.stream.word());
                (Reverse(ways.mandatory), self.rank(ways.hardness, word), word, visit)
            })
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(.., visit)| visit).collect()
    }

    /// A single ticket is built in the order of hardness. In an urn that would leave the same people to the same visits in
    /// every ticket, so chance weighs as much as some doublings of ways.
    fn rank(&self, hardness: usize, word: u64) -> u64 {
        match self.tally {
            Some(_) => hardness as u64 + chance(word, 0) % SHUFFLED,
            None => hardness as u64,
        }
    }

    /// Puts `visit` to the first of its times that has a team, whatever the day; tells whether there was one.
    pub fn place(&mut self, visit: VisitId) -> bool {
        self.place_in(visit, &self.scope.days())
    }

    /// Puts `visit` to one of its times within `days` that has a team; tells whether there was one. Outside an urn's stage
    /// the first is taken; in it times come in order of what earlier tickets used, and the cheapest team of the first few
    /// is taken.
    pub fn place_in(&mut self, visit: VisitId, days: &Range<usize>) -> bool {
        let mut best: Option<(u64, Place, Crew)> = None;
        let mut looks = 0;
        for (_, (day, slot)) in self.times_in(visit, days) {
            let place = Place { visit, day, slot };
            let Some((cost, team)) = self.cheapest(place) else { continue };
            looks += 1;
            if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
                best = Some((cost, place, team));
            }
            if looks == LOOKS || self.counts(day).is_none() {
                break;
            }
        }
        let placed = best.is_some();
        if let Some((_, place, team)) = best {
            self.put(place, &team);
        }
        placed
    }

    /// The open times of a visit within `days`, in order of cost.
    fn times_in(&mut self, visit: VisitId, days: &Range<usize>) -> SmallVec<[(u64, (usize, SlotId)); 32]> {
        let word = self.stream.word();
        let times = &self.ways.of(visit).times;
        let cost = |at: usize| match self.tally.filter(|_| self.scope.span.contains(&times[at].0)) {
            Some(tally) => tally.time(self.ways, visit, at, word),
            None => chance(word, at as u64),
        };
        let mut order: SmallVec<[(u64, (usize, SlotId)); 32]> =
            times_in(times, days).map(|at| (cost(at), times[at])).collect();
        order.sort_unstable();
        order
    }

    /// The cheapest team that may go to `place` with nobody ejected, and its cost.
    fn cheapest(&mut self, place: Place) -> Option<(u64, Crew)> {
        self.steps += 1;
        let mut clear = true;
        for guard in &self.ways.guards {
            guard.time(&self.board, place, &mut |_: Clash| clear = false);
        }
        if !clear {
            return None;
        }
        let word = self.stream.word();
        let mut free = std::mem::take(&mut self.free);
        free.clear();
        for (at, who) in self.ways.people(place.visit, place.day, self.last_resort) {
            if !self.is_full(place, at) {
                free.push(Free::new(self.ways, place, who, self.cost(place, at, who, word)));
            }
        }
        free.sort_unstable_by_key(|one| (one.cost, one.who));
        let tally = self.counts(place.day);
        let search = Cheapest::new(self.ways, &self.board, place, &mut free, tally);
        let found = search.run();
        self.free = free;
        let sought = &mut self.sought[self.ways.cell(place.visit, place.day)];
        *sought = (sought.0 + 1, sought.1 + u32::from(found.is_none()));
        found
    }

    /// Whether earlier tickets sent the person at `at` of the pool there so often that they are taken only as a last resort.
    fn is_full(&self, place: Place, at: u32) -> bool {
        !self.last_resort && self.counts(place.day).is_some_and(|tally| tally.is_full(place.visit, at))
    }

    /// The counts of earlier tickets, where the day lies in the stage: only there they matter.
    fn counts(&self, day: usize) -> Option<&'a Tally> {
        self.tally.filter(|_| self.scope.span.contains(&day))
    }

    /// What `who`, at `at` of the visit's pool, costs there.
    fn cost(&self, place: Place, at: u32, who: InspectorId, word: u64) -> u64 {
        match self.counts(place.day) {
            Some(tally) => {
                let beside = self.prices.beside(who, tally.share(self.ways, place.visit));
                tally.person(place.visit, at, word) + beside
            }
            None => self.prices.of(who, word),
        }
    }

    /// The open times of a visit that no draw has passed, in random order.
    pub fn times(&mut self, visit: VisitId) -> Vec<(usize, SlotId)> {
        let all = &self.ways.of(visit).times;
        let mut times = all[times_in(all, &self.scope.days())].to_vec();
        self.stream.shuffle(&mut times);
        times
    }

    /// The cheapest team for `place` that ejects visits of a price below `most`.
    pub fn team(&mut self, place: Place, most: u64, price_of: PriceOf) -> Option<Found> {
        self.steps += 1;
        let (with_time, paid) = self.free_time(place, most, price_of)?;
        let word = self.stream.word();
        let candidates = self.candidates(place, most - paid, price_of, word);
        let mut found = Search::new(self.ways, &self.board, place, &candidates, most - paid, price_of).run()?;
        for gone in with_time {
            if !found.ejected.contains(&gone) {
                found.ejected.push(gone);
            }
        }
        found.price += paid;
        Some(found)
    }

    /// What must go so that the visit may be at that time at all, and its price.
    fn free_time(&self, place: Place, most: u64, price_of: PriceOf) -> Option<(Ejected, u64)> {
        let (mut ejected, mut price) = (Ejected::new(), Some(0));
        for guard in &self.ways.guards {
            guard.time(&self.board, place, &mut |clash| price = pay(price, clash, &mut ejected, price_of));
        }
        price.filter(|price| *price < most).map(|price| (ejected, price))
    }

    /// Everybody who may go, in order of price and cost.
    fn candidates(&self, place: Place, most: u64, price_of: PriceOf, word: u64) -> Vec<Candidate> {
        let mut candidates = Vec::with_capacity(64);
        for (at, who) in self.ways.people(place.visit, place.day, self.last_resort) {
            if self.is_full(place, at) {
                continue;
            }
            let (mut ejected, mut price) = (Ejected::new(), Some(0));
            for guard in &self.ways.guards {
                // Most say nothing, and that is quickly heard.
                if !guard.lets(&self.board, place, who) {
                    guard.person(&self.board, place, who, &mut |clash| {
                        price = pay(price, clash, &mut ejected, price_of)
                    });
                }
            }
            if let Some(price) = price.filter(|price| *price < most) {
                candidates.push(Candidate { who, cost: self.cost(place, at, who, word), ejected, price });
            }
        }
        candidates.sort_unstable_by_key(|candidate| (candidate.price, candidate.cost, candidate.who));
        candidates
    }

    /// Puts a team that the board allows there on it.
    pub fn put(&mut self, place: Place, team: &[InspectorId]) {
        let team = Team::new(team.iter().copied()).expect("a search seats nobody twice and somebody at all");
        team.members().iter().for_each(|who| self.prices.take(*who));
        self.board.put(place, team);
    }

    /// Takes a visit off the board, and whatever that leaves broken; tells all that went.
    pub fn lift(&mut self, visit: VisitId) -> SmallVec<[(Place, SmallVec<[InspectorId; 4]>); 2]> {
        let mut gone = SmallVec::new();
        let mut next: SmallVec<[VisitId; 4]> = SmallVec::from_slice(&[visit]);
        while let Some(visit) = next.pop() {
            if let Some(placed) = self.take_off(visit) {
                for guard in &self.ways.guards {
                    guard.fallout(&self.board, visit, &mut |broken| next.push(broken));
                }
                let place = Place { visit, day: placed.day, slot: placed.slot };
                gone.push((place, placed.team.members().into()));
            }
        }
        gone
    }

    /// Takes one visit off the board and nothing else: for steps on the way back to what stood there before.
    pub fn take_off(&mut self, visit: VisitId) -> Option<Placed> {
        let placed = self.board.lift(visit)?;
        placed.team.members().iter().for_each(|who| self.prices.free(*who));
        Some(placed)
    }

    /// Whether this very team may go to `place` as the board stands.
    pub fn allows(&self, place: Place, team: &[InspectorId]) -> bool {
        let mut clear = true;
        for guard in &self.ways.guards {
            let mut tell = |_: Clash| clear = false;
            guard.time(&self.board, place, &mut tell);
            team.iter().for_each(|who| guard.person(&self.board, place, *who, &mut tell));
            for (at, a) in team.iter().enumerate() {
                team[at + 1..].iter().for_each(|b| guard.pair(&self.board, place, *a, *b, &mut tell));
            }
            guard.team(&self.board, place, team, &mut tell);
        }
        clear
    }
}
