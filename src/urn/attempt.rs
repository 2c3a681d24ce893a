//! One attempt at a ticket: the board, the order in which visits are placed, and the placing.

use std::cmp::Reverse;
use std::ops::Range;

use smallvec::SmallVec;

use super::Ways;
use super::cheapest::{Cheapest, Crew, Line, in_line};
use super::price::{Prices, chance};
use super::queue::Queue;
use super::scope::Scope;
use super::tally::{Tally, Used, luck, times_in};
use super::team::{Candidate, Ejected, Found, PriceOf, Search, pay};
use super::ways::people_in;
use crate::draw::Stream;
use crate::model::{InspectorId, SlotId, Team, VisitId};
use crate::rules::{Board, Clash, Place, Placed};

/// By how many eighths of a doubling of its ways chance may put a visit of an urn's ticket later.
const SHUFFLED: u64 = 40;

/// Times that have a team, of which the cheapest is taken: shared out among the visits of the case, at least and at most so many each. The fewer
/// visits there are, the less evens out by itself.
const LOOKS: usize = 600;
const LOOKS_EACH: (usize, usize) = (2, 6);

/// Times of a visit, by cost.
type Times = Queue<(u64, (usize, SlotId))>;

/// Visits that were taken off the board, with where they stood and who went; the last one first to be put back.
pub(super) type Lifted = SmallVec<[(Place, Crew); 4]>;

/// Where every visit stands, by visit, those drawn before among them.
pub(super) type Arrangement = Vec<Option<Placed>>;

/// A schedule in the making.
pub(super) struct Attempt<'a, 'c> {
    pub ways: &'a Ways<'c>,
    /// The stage that is built for; what earlier stages drew lies on the board and stays there.
    pub scope: &'a Scope,
    /// What earlier tickets used; none where there is but one ticket.
    pub tally: Option<&'a Tally>,
    pub board: Board<'c>,
    pub prices: Prices<'a>,
    pub stream: Stream,
    /// Visits without a place that may yet find one.
    pub waiting: Vec<VisitId>,
    /// Visits that have no team even if everything else went.
    pub hopeless: Vec<VisitId>,
    /// Whether those may go who may not go to the place on other days of the period.
    pub last_resort: bool,
    /// Whether those may go who went as often already as anybody need be sent anywhere.
    pub beyond: bool,
    /// Counted steps: one for each time at which a team was sought.
    pub steps: u64,
    /// Room for the people and the times of one search.
    line: Line,
    free: Vec<u64>,
    times: Times,
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
            prices: Prices::new(ways.worth()),
            stream,
            waiting: Vec::new(),
            hopeless: Vec::new(),
            last_resort: false,
            beyond: false,
            steps: 0,
            line: Queue::new(),
            free: Vec::new(),
            times: Queue::new(),
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
        if self.place_within(visit, days) || self.tally.is_none() || self.beyond {
            return self.board.placed(visit).is_some();
        }
        // Nobody is left who was sent there less often than anybody need be: better that than no place at all.
        self.beyond = true;
        let placed = self.place_within(visit, days);
        self.beyond = false;
        placed
    }

    fn place_within(&mut self, visit: VisitId, days: &Range<usize>) -> bool {
        let mut times = self.times_in(visit, days);
        let mut best: Option<(u64, Place, Crew)> = None;
        let (mut looks, most) = (0, (LOOKS / self.ways.case.visits.len()).clamp(LOOKS_EACH.0, LOOKS_EACH.1));
        for at in 0..times.len() {
            let Some((_, (day, slot))) = times.get(at) else { break };
            let place = Place { visit, day, slot };
            let Some((cost, team)) = self.cheapest(place) else { continue };
            looks += 1;
            if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
                best = Some((cost, place, team));
            }
            if looks == most || self.counts(day).is_none() {
                break;
            }
        }
        self.times = times;
        best.map(|(_, place, team)| self.put(place, &team)).is_some()
    }

    /// The open times of a visit within `days`, by cost.
    fn times_in(&mut self, visit: VisitId, days: &Range<usize>) -> Times {
        let word = self.stream.word();
        let mut queue = std::mem::replace(&mut self.times, Queue::new());
        queue.clear();
        let times = &self.ways.of(visit).times;
        for at in times_in(times, days) {
            let cost = match self.counts(times[at].0) {
                Some(tally) => tally.time(self.ways, visit, at, word),
                None => chance(word, at as u64),
            };
            queue.push((cost, times[at]));
        }
        queue
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
        let mut line = std::mem::replace(&mut self.line, Queue::new());
        let found = self.sieve(place, &mut free).and_then(|sieved| {
            self.line_up(place, word, &free, &mut line);
            Cheapest::new(self.ways, &self.board, place, (&mut line, sieved), self.counts(place.day)).run()
        });
        (self.line, self.free) = (line, free);
        let sought = &mut self.sought[self.ways.cell(place.visit, place.day)];
        *sought = (sought.0 + 1, sought.1 + u32::from(found.is_none()));
        found
    }

    /// Leaves in `free` those who may go as far as a glance at the board can tell. Tells which guards need not be asked about them any
    /// more, a bit each; none where too few are left.
    fn sieve(&self, place: Place, free: &mut Vec<u64>) -> Option<u64> {
        self.ways.free(place.visit, place.day, self.last_resort, free);
        let mut sieved = 0;
        for (at, guard) in self.ways.on_people() {
            if guard.sieve(&self.board, place, free) && at < 64 {
                sieved |= 1 << at;
            }
        }
        self.ways.of(place.visit).needs.iter().all(|need| need.can_be_met_by(free)).then_some(sieved)
    }

    /// Lines up everybody in `free`, by cost.
    fn line_up(&self, place: Place, word: u64, free: &[u64], line: &mut Line) {
        line.clear();
        let used = self.counts(place.day).map(|tally| tally.of(self.ways, place.visit));
        let positions = self.ways.positions(place.visit);
        for who in people_in(free) {
            if let Some(cost) = self.cost(used.as_ref(), positions[who.index()], who, word) {
                line.push(in_line(cost, who));
            }
        }
    }

    /// What somebody costs, at `at` of the visit's pool; none where earlier tickets sent them there so often that they are taken
    /// only as a last resort.
    #[inline]
    fn cost(&self, used: Option<&Used>, at: u32, who: InspectorId, word: u64) -> Option<u64> {
        let Some(used) = used else { return Some(self.prices.of(who, word)) };
        if !self.last_resort && !self.beyond && used.is_full(at as usize, word) {
            return None;
        }
        Some(used.cost(at as usize) + luck(word, u64::from(at)) + self.prices.beside(who, used.share))
    }

    /// The counts of earlier tickets, where the day lies in the stage: only there they matter.
    fn counts(&self, day: usize) -> Option<&'a Tally> {
        self.tally.filter(|_| self.scope.span.contains(&day))
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
        let used = self.counts(place.day).map(|tally| tally.of(self.ways, place.visit));
        for (at, who) in self.ways.people(place.visit, place.day, self.last_resort) {
            let Some(cost) = self.cost(used.as_ref(), at, who, word) else { continue };
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
                candidates.push(Candidate { who, cost, ejected, price });
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
    pub fn lift(&mut self, visit: VisitId) -> Lifted {
        let mut gone = Lifted::new();
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

    /// Takes visits off the board and lets `back` bring them back; where it says that it did not, they go back to where they stood.
    pub fn redo(&mut self, visits: &[VisitId], back: impl FnOnce(&mut Self, &Lifted) -> bool) {
        let lifted: Lifted = visits.iter().flat_map(|visit| self.lift(*visit)).collect();
        if !back(self, &lifted) {
            lifted.iter().for_each(|(place, _)| drop(self.take_off(place.visit)));
            lifted.into_iter().rev().for_each(|(place, team)| self.put(place, &team));
        }
    }

    /// Lays the board as it stood in another arrangement.
    pub fn lay(&mut self, placed: &Arrangement) {
        let free: Vec<VisitId> = self.ways.case.visit_ids().filter(|visit| !self.scope.is_drawn(*visit)).collect();
        free.iter().for_each(|visit| drop(self.take_off(*visit)));
        for visit in free {
            if let Some(Placed { day, slot, team }) = &placed[visit.index()] {
                self.put(Place { visit, day: *day, slot: *slot }, team.members());
            }
        }
    }

    /// The visits that stand in the stage, in order.
    pub fn in_stage(&self) -> Vec<VisitId> {
        let stands = |visit: &VisitId| {
            let day = self.board.placed(*visit).map(|placed| placed.day);
            !self.scope.is_drawn(*visit) && day.is_some_and(|day| self.scope.span.contains(&day))
        };
        self.ways.case.visit_ids().filter(stands).collect()
    }

    /// Whether this very team may go to `place` as the board stands.
    pub fn allows(&self, place: Place, team: &[InspectorId]) -> bool {
        self.ways.guards.iter().all(|guard| {
            let mut clear = team.iter().all(|who| guard.lets(&self.board, place, *who));
            let mut tell = |_: Clash| clear = false;
            guard.time(&self.board, place, &mut tell);
            for (at, a) in team.iter().enumerate() {
                team[at + 1..].iter().for_each(|b| guard.pair(&self.board, place, *a, *b, &mut tell));
            }
            guard.team(&self.board, place, team, &mut tell);
            clear
        })
    }
}
