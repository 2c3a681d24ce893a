//! What a week of a scarce person costs: the prices at which the odds that everybody would like best just fit into the seats
//! that there are.
//!
//! If no seats were limited, the least sum of squared odds would send everybody alike. Where a person's week cannot hold so
//! much, it gets a price, and a need that would go unmet pays one; both are raised and lowered in small steps until
//! demand and seats agree (subgradient steps on the dual of the least sum of squares; what is sought here with integers,
//! `bound` proves). A ticket that pays these prices leaves scarce people to the visits that have nobody else.

use std::ops::Range;

use super::Ways;
use super::scope::Scope;
use super::tally::times_in;
use crate::model::{InspectorId, Schedule, Span, VisitId};
use crate::rules::{Book, Eligible};

/// A certainty, and the price at which somebody goes half a certainty less.
pub(super) const UNIT: i64 = 1 << 16;
/// Rounds of raising and lowering.
const ROUNDS: i64 = 300;
/// Halvings of the interval in which a visit's level lies.
const HALVINGS: usize = 20;

/// How often each person should go on each visit, and each visit be held at each time, of [`UNIT`] tickets.
#[derive(Clone, Debug, Default)]
pub(super) struct Aims {
    /// By visit, then position in its pool: where they begin is known to who counts.
    pub people: Vec<u32>,
    /// By visit, then position in its times.
    pub times: Vec<u32>,
    /// What no aim exceeds: the least that the visit with the fewest people allows.
    pub most: u32,
}

impl Aims {
    /// Seeks them for a stage.
    pub fn seek(ways: &Ways, book: &Book, scope: &Scope, span: Span, before: &Schedule) -> Self {
        let eligible = Eligible::new(ways.case, book, span, before);
        let mut market = Market::new(ways, scope, &eligible);
        for round in 0..ROUNDS {
            market.step(round);
        }
        market.aims(ways, scope, &eligible)
    }
}

/// One visit: how often it is due, what it pays for needs, and its people.
struct Demand {
    visit: VisitId,
    due: i64,
    size: i64,
    at_least: Vec<i64>,
    pays: Vec<i64>,
    entries: Range<usize>,
    /// By week: seats wished for in the rounds that count.
    of_week: Vec<i64>,
}

/// One person on one visit: their weeks (as cells), and the needs they meet, a bit each.
struct Entry {
    who: InspectorId,
    /// What was wished for in the rounds that count.
    wished: i64,
    cells: Range<usize>,
    meets: u64,
}

struct Market {
    weeks: usize,
    /// How often anybody may go on any visit.
    most: i64,
    demands: Vec<Demand>,
    entries: Vec<Entry>,
    cells: Vec<usize>,
    /// By cell: what it costs, the seats there are, and those taken in this round.
    costs: Vec<i64>,
    seats: Vec<i64>,
    taken: Vec<i64>,
}

impl Market {
    fn new(ways: &Ways, scope: &Scope, eligible: &Eligible) -> Self {
        let (people, weeks) = (ways.case.inspectors.len(), eligible.weeks().len().max(1));
        let seats = |cell: usize| {
            let seats = eligible.seats(InspectorId::at(cell / weeks), cell % weeks);
            i64::try_from(seats).unwrap_or(i64::MAX).min(1 << 20) * UNIT * super::price::knob()[11] as i64 / 1024
        };
        let limited = if eligible.weeks().len() == 0 { 0 } else { people * weeks };
        let mut market = Self {
            weeks,
            most: 0,
            demands: Vec::new(),
            entries: Vec::new(),
            cells: Vec::new(),
            costs: vec![0; people * weeks],
            seats: (0..limited).map(seats).collect(),
            taken: vec![0; people * weeks],
        };
        for visit in ways.case.visit_ids().filter(|visit| !scope.is_drawn(*visit)) {
            market.add(ways, scope, eligible, visit);
        }
        market.most = market.least_worst();
        market
    }

    fn add(&mut self, ways: &Ways, scope: &Scope, eligible: &Eligible, visit: VisitId) {
        let times = &ways.of(visit).times;
        let (within, later) = (times_in(times, &scope.span).len(), times_in(times, &scope.later()).len());
        if within == 0 {
            return;
        }
        let due = UNIT * within as i64 / (within + later) as i64;
        let needs = &eligible.needs(visit)[..eligible.needs(visit).len().min(64)];
        let first = self.entries.len();
        for goer in eligible.goers(visit) {
            let begin = self.cells.len();
            if goer.takes_seat {
                self.cells.extend(eligible.weeks_of(&goer.days).map(|week| goer.who.index() * self.weeks + week));
            }
            let met = needs.iter().enumerate().filter(|(_, need)| need.met_by(goer.who));
            let meets = met.map(|(at, _)| 1 << at).sum();
            self.entries.push(Entry { who: goer.who, wished: 0, cells: begin..self.cells.len(), meets });
        }
        self.demands.push(Demand {
            visit,
            of_week: vec![0; self.weeks],
            due,
            size: eligible.size(visit) as i64,
            at_least: needs.iter().map(|need| need.at_least as i64 * due).collect(),
            pays: vec![0; needs.len()],
            entries: first..self.entries.len(),
        });
    }

    /// What the scarcest visit alone makes of the worst odds, and a little more.
    fn least_worst(&self) -> i64 {
        let of = |demand: &Demand| {
            let entries = &self.entries[demand.entries.clone()];
            let need = |(at, at_least): (usize, &i64)| {
                let who = entries.iter().filter(|entry| entry.meets >> at & 1 == 1).count() as i64;
                at_least / who.max(1)
            };
            let all = demand.due * demand.size / (entries.len() as i64).max(1);
            demand.at_least.iter().enumerate().map(need).fold(all, i64::max).min(demand.due)
        };
        let worst = self.demands.iter().map(of).max().unwrap_or(0);
        worst * super::price::knob()[15] as i64 / 1024
    }

    /// What was wished for on average.
    fn aims(&self, ways: &Ways, scope: &Scope, eligible: &Eligible) -> Aims {
        let mut aims = Aims { most: self.most as u32, ..Aims::default() };
        let mut demands = self.demands.iter().peekable();
        for visit in ways.case.visit_ids() {
            let (people, times) = (aims.people.len(), aims.times.len());
            aims.people.resize(people + ways.pool(visit).len(), 0);
            aims.times.resize(times + ways.of(visit).times.len(), 0);
            let Some(demand) = demands.next_if(|demand| demand.visit == visit) else { continue };
            for entry in &self.entries[demand.entries.clone()] {
                if let Ok(at) = ways.pool(visit).binary_search(&entry.who) {
                    aims.people[people + at] = (entry.wished / (ROUNDS / 2)) as u32;
                }
            }
            let all = &ways.of(visit).times;
            let within = times_in(all, &scope.span);
            let week = |at: usize| eligible.week_of(all[at].0);
            for at in within.clone() {
                let alike = within.clone().filter(|other| week(*other) == week(at)).count() as i64;
                aims.times[times + at] = (demand.of_week[week(at)] / (ROUNDS / 2) / demand.size.max(1) / alike) as u32;
            }
        }
        aims
    }

    /// One round: what everybody would like at these prices, and what that makes of the prices.
    fn step(&mut self, round: i64) {
        self.taken.iter_mut().for_each(|taken| *taken = 0);
        let mut asked = Vec::new();
        for at in 0..self.demands.len() {
            self.ask(at, round, &mut asked);
        }
        for ((cost, seats), taken) in self.costs.iter_mut().zip(&self.seats).zip(&self.taken) {
            let over = (taken - seats) * 100 / seats.max(&UNIT);
            *cost = (*cost + over * UNIT / 10_000 * 60 / (60 + round)).clamp(0, 4 * UNIT);
        }
    }

    /// What one visit would like, and what it pays for the needs that it can't meet so.
    fn ask(&mut self, at: usize, round: i64, asked: &mut Vec<i64>) {
        let demand = &mut self.demands[at];
        asked.clear();
        for entry in &self.entries[demand.entries.clone()] {
            let week = self.cells[entry.cells.clone()].iter().map(|cell| self.costs[*cell]).min().unwrap_or(0);
            let paid = demand.pays.iter().enumerate().filter(|(need, _)| entry.meets >> need & 1 == 1);
            asked.push(week - paid.map(|(_, pays)| pays).sum::<i64>());
        }
        let most = demand.due.min(self.most);
        let level = level(asked, most, demand.due * demand.size);
        let mut met = vec![0; demand.pays.len()];
        for (entry, cost) in self.entries[demand.entries.clone()].iter_mut().zip(asked.iter()) {
            let wish = ((level - cost) / 2).clamp(0, most);
            met.iter_mut().enumerate().filter(|(need, _)| entry.meets >> need & 1 == 1).for_each(|(_, met)| *met += wish);
            let cells = &self.cells[entry.cells.clone()];
            let least = cells.iter().map(|cell| self.costs[*cell]).min().unwrap_or(0);
            let near = |cell: &&usize| self.costs[**cell] <= least + UNIT / 256;
            let many = cells.iter().filter(near).count().max(1) as i64;
            cells.iter().filter(near).for_each(|cell| self.taken[*cell] += wish / many);
            if round >= ROUNDS / 2 {
                entry.wished += wish;
                cells.iter().filter(near).for_each(|cell| demand.of_week[*cell % self.weeks] += wish / many);
            }
        }
        for ((pays, at_least), met) in demand.pays.iter_mut().zip(&demand.at_least).zip(met) {
            *pays = (*pays + (at_least - met) / 10 * 60 / (60 + round)).clamp(0, 4 * UNIT);
        }
    }
}

/// The level at which so much is wished for altogether, roughly, by halving.
fn level(costs: &[i64], most: i64, wanted: i64) -> i64 {
    let (mut low, mut high) = (-8 * UNIT, 8 * UNIT);
    for _ in 0..HALVINGS {
        let at = (low + high) / 2;
        let wished: i64 = costs.iter().map(|cost| ((at - cost) / 2).clamp(0, most)).sum();
        if wished > wanted { high = at } else { low = at }
    }
    high
}
