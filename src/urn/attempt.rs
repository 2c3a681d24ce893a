//! One attempt at a ticket: the board, the order in which visits are placed, and the placing.

use std::cmp::Reverse;

use smallvec::SmallVec;

use super::Ways;
use super::price::Prices;
use super::team::{Candidate, Ejected, Found, PriceOf, Search, pay};
use crate::draw::Stream;
use crate::model::{InspectorId, SlotId, Team, VisitId};
use crate::rules::{Board, Clash, Place, Placed};

/// The price of nothing: what a search pays that may eject nobody.
const NOTHING: u64 = 1;

/// A schedule in the making.
pub(super) struct Attempt<'a, 'c> {
    pub ways: &'a Ways<'c>,
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
}

impl<'a, 'c> Attempt<'a, 'c> {
    pub fn new(ways: &'a Ways<'c>, stream: Stream) -> Self {
        let board = Board::new(ways.case);
        Self {
            ways,
            board,
            prices: Prices::new(ways),
            stream,
            waiting: Vec::new(),
            hopeless: Vec::new(),
            last_resort: false,
            steps: 0,
        }
    }

    /// Places every visit that finds a place, those with the fewest ways first; the others wait.
    pub fn place_all(&mut self) {
        let mut order: Vec<(Reverse<bool>, usize, u64, VisitId)> = Vec::new();
        for visit in self.ways.case.visit_ids() {
            let ways = self.ways.count(visit);
            // Visits within a factor of about 9/8 count as equally hard: chance orders them.
            let hardness = (ways.max(1).ilog2() as usize) * 8 + ((ways << 3) >> ways.max(1).ilog2());
            order.push((Reverse(self.ways.of(visit).mandatory), hardness, self.stream.word(), visit));
        }
        order.sort_unstable();
        for (.., visit) in order {
            if !self.place(visit) {
                self.waiting.push(visit);
            }
        }
    }

    /// Puts `visit` to the first of its times, in random order, that has a team; tells whether there was one.
    pub fn place(&mut self, visit: VisitId) -> bool {
        let found = self.times(visit).into_iter().find_map(|(day, slot)| {
            let place = Place { visit, day, slot };
            self.team(place, NOTHING, &|_| None).map(|found| (place, found))
        });
        let placed = found.is_some();
        if let Some((place, found)) = found {
            self.put(place, &found.team);
        }
        placed
    }

    /// The open times of a visit in random order.
    pub fn times(&mut self, visit: VisitId) -> Vec<(usize, SlotId)> {
        let mut times = self.ways.of(visit).times.clone();
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
        for who in self.ways.people(place.visit, place.day, self.last_resort) {
            let (mut ejected, mut price) = (Ejected::new(), Some(0));
            for guard in &self.ways.guards {
                guard.person(&self.board, place, who, &mut |clash| price = pay(price, clash, &mut ejected, price_of));
            }
            if let Some(price) = price.filter(|price| *price < most) {
                candidates.push(Candidate { who, cost: self.prices.of(who, word), ejected, price });
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
