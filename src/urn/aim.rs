//! What a week of a scarce person costs: the prices at which the odds that everybody would like best just fit into the seats
//! that there are.
//!
//! If no seats were limited, the least sum of squared odds would send everybody alike. Where a person's week cannot hold so
//! much, it gets a price, and a need that would go unmet pays one; both are raised and lowered in small steps until
//! demand and seats agree (subgradient steps on the dual of the least sum of squares; what is sought here with integers,
//! `bound` proves). A ticket that pays these prices leaves scarce people to the visits that have nobody else.

use std::ops::Range;

use smallvec::SmallVec;

use super::Ways;
use super::scope::Scope;
use super::tally::times_in;
use crate::model::{InspectorId, Schedule, Span, VisitId};
use crate::rules::{Book, Eligible, Goer};

/// A certainty, and the price at which somebody goes half a certainty less.
pub(super) const UNIT: i64 = 1 << 16;
/// Rounds of raising and lowering.
const ROUNDS: i64 = 300;
/// Of those, the last ones, whose wishes count.
const COUNTED: i64 = 150;
/// Of the seats that there are, so many 1024ths may be aimed at: a ticket can't fill the last one of everybody.
const FILLED: i64 = 980;
/// How far the aims may exceed what the scarcest visit makes of the worst odds, in 1024ths.
const WORST: i64 = 1034;
/// Halvings of the interval in which a visit's level lies.
const HALVINGS: usize = 20;

/// How often each person should go on each visit, and each visit be held at each time, of [`UNIT`] tickets.
#[derive(Clone, Debug, Default)]
pub(super) struct Aims {
    /// By visit, then position in its pool: where they begin is known to who counts.
    pub people: Vec<u32>,
    /// By visit, then position in its times.
    pub times: Vec<u32>,
    /// By visit: how often it should be held in the stage.
    pub visits: Vec<u64>,
    /// How often anybody need be sent anywhere: what the scarcest visit alone makes of the worst odds, and a little more.
    pub most: u32,
}

impl Aims {
    /// Seeks them for a stage.
    pub fn seek(ways: &Ways, book: &Book, scope: &Scope, span: Span, before: &Schedule) -> Self {
        // What is left of the period is looked at whole: a stage that leaves too much for later can't be finished.
        let rest = Span { from: span.from, to: ways.case.period.to };
        let eligible = Eligible::new(ways.case, book, rest, before);
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
}

/// One person on one visit: their weeks (as cells), and the needs they meet, a bit each.
struct Entry {
    who: InspectorId,
    /// Of the days on which they may go, by week: how many lie in the stage, and how many there are.
    days: SmallVec<[(i64, i64); 4]>,
    cells: Range<usize>,
    meets: u64,
    /// Whether going takes one of their seats.
    seat: bool,
}

struct Market {
    weeks: usize,
    /// How often anybody may go on any visit.
    most: i64,
    demands: Vec<Demand>,
    entries: Vec<Entry>,
    cells: Vec<usize>,
    /// Beside `cells`: what was wished for in the rounds that count.
    wished: Vec<i64>,
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
            i64::try_from(seats).unwrap_or(i64::MAX).min(1 << 20) * UNIT * FILLED / 1024
        };
        let limited = if eligible.weeks().len() == 0 { 0 } else { people * weeks };
        let mut market = Self {
            weeks,
            most: 0,
            demands: Vec::new(),
            entries: Vec::new(),
            cells: Vec::new(),
            wished: Vec::new(),
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
        if times_in(&ways.of(visit).times, &scope.days()).is_empty() {
            return;
        }
        let due = UNIT * scope.target(visit) as i64 / Scope::ALWAYS as i64;
        let needs = &eligible.needs(visit)[..eligible.needs(visit).len().min(64)];
        let first = self.entries.len();
        for goer in eligible.goers(visit) {
            let begin = self.cells.len();
            let weeks: SmallVec<[usize; 4]> = eligible.weeks_of(&goer.days).collect();
            self.cells.extend(weeks.iter().map(|week| goer.who.index() * self.weeks + week));
            let days = weeks.iter().map(|week| days_of(eligible, scope, &goer, *week)).collect();
            let met = needs.iter().enumerate().filter(|(_, need)| need.met_by(goer.who));
            let meets = met.map(|(at, _)| 1 << at).sum();
            self.entries.push(Entry {
                who: goer.who,
                days,
                cells: begin..self.cells.len(),
                meets,
                seat: goer.takes_seat,
            });
        }
        self.wished.resize(self.cells.len(), 0);
        self.demands.push(Demand {
            visit,
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
        worst * WORST / 1024
    }

    /// What was wished for on average, as far as it falls into the stage.
    fn aims(&self, ways: &Ways, scope: &Scope, eligible: &Eligible) -> Aims {
        let mut aims = Aims::default();
        let mut demands = self.demands.iter().peekable();
        for visit in ways.case.visit_ids() {
            let (people, times) = (aims.people.len(), aims.times.len());
            aims.people.resize(people + ways.pool(visit).len(), 0);
            aims.times.resize(times + ways.of(visit).times.len(), 0);
            aims.visits.push(0);
            let Some(demand) = demands.next_if(|demand| demand.visit == visit) else { continue };
            let mut of_week = vec![0; self.weeks];
            for entry in &self.entries[demand.entries.clone()] {
                let mut within = 0;
                for (cell, (inside, all)) in entry.cells.clone().zip(&entry.days) {
                    of_week[self.cells[cell] % self.weeks] += self.wished[cell] / COUNTED;
                    within += self.wished[cell] / COUNTED * inside / all.max(&1);
                }
                if let Ok(at) = ways.pool(visit).binary_search(&entry.who) {
                    aims.people[people + at] = bounded(within);
                }
            }
            let all = &ways.of(visit).times;
            let open = times_in(all, &scope.days());
            let week = |at: usize| eligible.week_of(all[at].0);
            for at in times_in(all, &scope.span) {
                let alike = open.clone().filter(|other| week(*other) == week(at)).count() as i64;
                let aim = of_week[week(at)] / demand.size.max(1) / alike.max(1);
                aims.times[times + at] = bounded(aim);
                aims.visits[visit.index()] += u64::from(bounded(aim));
            }
        }
        let most = aims.people.iter().copied().max().map_or(0, i64::from);
        aims.most = bounded(self.most.min(most * WORST / 1024));
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
            let week = self.cells[entry.cells.clone()].iter().map(|cell| self.costs[*cell]).min();
            let week = week.filter(|_| entry.seat).unwrap_or(0);
            let paid = demand.pays.iter().enumerate().filter(|(need, _)| entry.meets >> need & 1 == 1);
            asked.push(week - paid.map(|(_, pays)| pays).sum::<i64>());
        }
        let most = demand.due.min(self.most);
        let level = level(asked, most, demand.due * demand.size);
        let mut met = vec![0; demand.pays.len()];
        for (entry, cost) in self.entries[demand.entries.clone()].iter().zip(asked.iter()) {
            let wish = ((level - cost) / 2).clamp(0, most);
            met.iter_mut()
                .enumerate()
                .filter(|(need, _)| entry.meets >> need & 1 == 1)
                .for_each(|(_, met)| *met += wish);
            let cells = &self.cells[entry.cells.clone()];
            let least = cells.iter().map(|cell| self.costs[*cell]).min().filter(|_| entry.seat).unwrap_or(i64::MAX / 2);
            let near = |cell: usize| self.costs[cell] <= least + UNIT / 256;
            let many = cells.iter().filter(|cell| near(**cell)).count().max(1) as i64;
            for at in entry.cells.clone().filter(|at| near(self.cells[*at])) {
                self.taken[self.cells[at]] += if entry.seat { wish / many } else { 0 };
                self.wished[at] += if round >= ROUNDS - COUNTED { wish / many } else { 0 };
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

/// Of the days of one week on which somebody may go on a visit: how many lie in the stage, and how many there are.
fn days_of(eligible: &Eligible, scope: &Scope, goer: &Goer, week: usize) -> (i64, i64) {
    let of_week = eligible.days_of(week);
    let open = scope.days().filter(|day| goer.days.has(*day) && of_week.has(*day));
    open.fold((0, 0), |(inside, all), day| (inside + i64::from(scope.span.contains(&day)), all + 1))
}

/// An aim as it is kept: from never to always.
fn bounded(aim: i64) -> u32 {
    u32::try_from(aim.clamp(0, UNIT)).expect("a certainty fits")
}
