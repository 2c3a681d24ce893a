//! What a week of a scarce person costs: the prices at which the odds that everybody would like best just fit into the seats
//! that there are.
//!
//! If no seats were limited, the least sum of squared odds would send everybody alike. Where a person's week cannot hold so
//! much, it gets a price, and a need that would go unmet pays one; both are raised and lowered in small steps until
//! demand and seats agree (subgradient steps on the dual of the least sum of squares; what is sought here with integers,
//! `bound` proves). A ticket that pays these prices leaves scarce people to the visits that have nobody else.

use std::ops::Range;

use rayon::prelude::*;
use smallvec::{SmallVec, smallvec};

use super::Ways;
use super::scope::Scope;
use super::tally::times_in;
use crate::model::{InspectorId, Schedule, Span, VisitId};
use crate::rules::{Book, Eligible, Goer};

/// A certainty, and the price at which somebody goes half a certainty less.
pub(super) const UNIT: i64 = 1 << 16;
/// Rounds of raising and lowering.
const ROUNDS: i64 = 160;
/// Of those, the last ones, whose wishes count.
const COUNTED: i64 = 80;
/// Of the seats that there are, so many 1024ths may be aimed at: a ticket can't fill the last one of everybody.
const FILLED: i64 = 980;
/// How far the aims may exceed what the scarcest visit makes of the worst odds, in 1024ths.
const WORST: i64 = 1034;
/// Steps in search of a visit's level.
const STEPS: usize = 24;

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
        market.demands.iter_mut().for_each(Demand::settle);
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
    entries: Vec<Entry>,
    /// The weeks of all entries, as cells; beside them what was wished for in this round, and in all that count.
    cells: Vec<usize>,
    /// By cell: on how many days of its week the person may go there.
    days: Vec<i64>,
    wishes: Vec<i64>,
    wished: Vec<i64>,
    /// What was wished for before the wishes changed the last time, and the rounds that count since then.
    prior: Vec<i64>,
    stood: i64,
    /// The level of the round before: it moves little.
    level: i64,
    /// Whether it asked anew in this round, and whether it changed what it pays.
    asked: bool,
    moved: bool,
}

/// One person on one visit: their weeks (as positions in the visit's cells), and the needs they meet, a bit each.
struct Entry {
    who: InspectorId,
    cells: Range<usize>,
    meets: u64,
    /// Whether going takes one of their seats.
    seat: bool,
}

/// The prices of people's weeks: by person, then week.
struct Market {
    weeks: usize,
    /// By day of the period: its week.
    week_of: Vec<usize>,
    /// How often anybody may go on any visit.
    most: i64,
    demands: Vec<Demand>,
    /// By cell: what it costs, the seats there are, and those taken in this round.
    costs: Vec<i64>,
    seats: Vec<i64>,
    taken: Vec<i64>,
    /// By person: whether one of their weeks changed its cost in the round before.
    moved: Vec<bool>,
}

impl Market {
    fn new(ways: &Ways, scope: &Scope, eligible: &Eligible) -> Self {
        let (people, weeks) = (ways.case.inspectors.len(), eligible.weeks().len().max(1));
        let seats = |cell: usize| {
            let seats = eligible.seats(InspectorId::at(cell / weeks), cell % weeks);
            i64::try_from(seats).unwrap_or(i64::MAX).min(1 << 20) * UNIT * FILLED / 1024
        };
        let limited = if eligible.weeks().len() == 0 { 0 } else { people * weeks };
        let open =
            |visit: &VisitId| !scope.is_drawn(*visit) && !times_in(&ways.of(*visit).times, &scope.days()).is_empty();
        let visits: Vec<VisitId> = ways.case.visit_ids().filter(open).collect();
        let week_of: Vec<usize> = (0..scope.days().end).map(|day| eligible.week_of(day)).collect();
        let demand = |visit| Demand::new(visit, (weeks, &week_of), scope, eligible);
        let demands: Vec<Demand> = visits.into_par_iter().map(demand).collect();
        Self {
            weeks,
            most: demands.iter().map(Demand::least_worst).max().unwrap_or(0) * WORST / 1024,
            demands,
            week_of,
            costs: vec![0; people * weeks],
            seats: (0..limited).map(seats).collect(),
            taken: vec![0; people * weeks],
            moved: vec![true; people],
        }
    }

    /// One round: what everybody would like at these prices, and what that makes of the prices. Where no price moved, nobody would like
    /// anything else than before.
    fn step(&mut self, round: i64) {
        let (costs, most, moved) = (&self.costs, self.most, &self.moved);
        let counted = i64::from(round >= ROUNDS - COUNTED);
        self.demands.par_iter_mut().with_min_len(8).for_each(|demand| {
            demand.asked = demand.moved || demand.entries.iter().any(|entry| moved[entry.who.index()]);
            if demand.asked {
                demand.ask(costs, most, round);
            }
            demand.stood += counted;
        });
        for demand in self.demands.iter().filter(|demand| demand.asked) {
            for entry in demand.entries.iter().filter(|entry| entry.seat) {
                let cells = entry.cells.clone();
                cells.for_each(|at| self.taken[demand.cells[at]] += demand.wishes[at] - demand.prior[at]);
            }
        }
        self.moved.iter_mut().for_each(|moved| *moved = false);
        for (cell, ((cost, seats), taken)) in self.costs.iter_mut().zip(&self.seats).zip(&self.taken).enumerate() {
            let over = (taken - seats) * 100 / seats.max(&UNIT);
            let now = (*cost + over * UNIT / 10_000 * 60 / (60 + round)).clamp(0, 4 * UNIT);
            self.moved[cell / self.weeks] |= now != *cost;
            *cost = now;
        }
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
            let mut of_day = vec![0; self.week_of.len()];
            for (entry, goer) in demand.entries.iter().zip(eligible.goers(visit)) {
                let mut within = 0;
                for (day, part) in self.of_days(demand, entry, &goer) {
                    of_day[day] += part;
                    within += if scope.span.contains(&day) { part } else { 0 };
                }
                if let Ok(at) = ways.pool(visit).binary_search(&entry.who) {
                    aims.people[people + at] = bounded(within / COUNTED);
                }
            }
            let all = &ways.of(visit).times;
            let wished = of_day.iter().sum::<i64>().max(1);
            for at in times_in(all, &scope.span) {
                let day = all[at].0;
                let alike = times_in(all, &(day..day + 1)).len() as i64;
                let aim = bounded(demand.due * of_day[day] / wished / alike.max(1));
                aims.times[times + at] = aim;
                aims.visits[visit.index()] += u64::from(aim);
            }
        }
        let most = aims.people.iter().copied().max().map_or(0, i64::from);
        aims.most = bounded(self.most.min(most * WORST / 1024));
        aims
    }

    /// How often somebody was wished for on each day on which they may go, over all rounds that count: alike on all days of a week.
    fn of_days<'m>(
        &'m self,
        demand: &'m Demand,
        entry: &'m Entry,
        goer: &'m Goer,
    ) -> impl Iterator<Item = (usize, i64)> + 'm {
        let mut cells = entry.cells.clone().peekable();
        goer.days.iter().filter_map(move |day| {
            let is_before = |at: &usize| demand.cells[*at] % self.weeks < self.week_of[day];
            while cells.next_if(is_before).is_some() {}
            cells.peek().map(|at| (day, demand.wished[*at] / demand.days[*at]))
        })
    }
}

impl Demand {
    fn new(visit: VisitId, (weeks, week_of): (usize, &[usize]), scope: &Scope, eligible: &Eligible) -> Self {
        let due = UNIT * scope.target(visit) as i64 / Scope::ALWAYS as i64;
        let needs = &eligible.needs(visit)[..eligible.needs(visit).len().min(64)];
        let (mut entries, mut cells, mut days) = (Vec::new(), Vec::new(), Vec::new());
        for goer in eligible.goers(visit) {
            let first = cells.len();
            for day in goer.days.iter() {
                let cell = goer.who.index() * weeks + week_of[day];
                if cells.len() == first || cells.last() != Some(&cell) {
                    cells.push(cell);
                    days.push(0);
                }
                days[cells.len() - 1] += 1;
            }
            let met = needs.iter().enumerate().filter(|(_, need)| need.met_by(goer.who));
            let meets = met.map(|(at, _)| 1 << at).sum();
            entries.push(Entry { who: goer.who, cells: first..cells.len(), meets, seat: goer.takes_seat });
        }
        Self {
            visit,
            due,
            size: eligible.size(visit) as i64,
            at_least: needs.iter().map(|need| need.at_least as i64 * due).collect(),
            pays: vec![0; needs.len()],
            entries,
            wishes: vec![0; cells.len()],
            wished: vec![0; cells.len()],
            prior: vec![0; cells.len()],
            cells,
            days,
            level: 0,
            stood: 0,
            asked: true,
            moved: true,
        }
    }

    /// What this visit alone makes of the worst odds.
    fn least_worst(&self) -> i64 {
        let need = |(at, at_least): (usize, &i64)| {
            let who = self.entries.iter().filter(|entry| entry.meets >> at & 1 == 1).count() as i64;
            at_least / who.max(1)
        };
        let all = self.due * self.size / (self.entries.len() as i64).max(1);
        self.at_least.iter().enumerate().map(need).fold(all, i64::max).min(self.due)
    }

    /// What the visit would like at these costs, and what it pays for the needs that it can't meet so.
    fn ask(&mut self, costs: &[i64], most: i64, round: i64) {
        self.settle();
        std::mem::swap(&mut self.wishes, &mut self.prior);
        let asked: SmallVec<[i64; 128]> = self.entries.iter().map(|entry| self.asked(entry, costs)).collect();
        let most = self.due.min(most);
        self.level = level(&asked, most, self.due * self.size, self.level);
        self.wishes.iter_mut().for_each(|wish| *wish = 0);
        let mut met: SmallVec<[i64; 8]> = smallvec![0; self.pays.len()];
        for (entry, cost) in self.entries.iter().zip(asked) {
            let wish = wish(self.level, cost, most);
            let needs = met.iter_mut().enumerate().filter(|(need, _)| entry.meets >> need & 1 == 1);
            needs.for_each(|(_, met)| *met += wish);
            // What somebody is wished for goes to their cheapest weeks, by the days that they have in each: so every day takes its share.
            let near = self.week(entry, costs) + UNIT / 256;
            let cells = entry.cells.clone().filter(|at| !entry.seat || costs[self.cells[*at]] <= near);
            let days = cells.clone().map(|at| self.days[at]).sum::<i64>().max(1);
            cells.for_each(|at| self.wishes[at] = wish * self.days[at] / days);
        }
        self.moved = false;
        for ((pays, at_least), met) in self.pays.iter_mut().zip(&self.at_least).zip(met) {
            let now = (*pays + (at_least - met) / 10 * 60 / (60 + round)).clamp(0, 4 * UNIT);
            self.moved |= now != *pays;
            *pays = now;
        }
    }

    /// Counts what was wished for since the wishes changed the last time.
    fn settle(&mut self) {
        self.wished.iter_mut().zip(&self.wishes).for_each(|(sum, wish)| *sum += wish * self.stood);
        self.stood = 0;
    }

    /// What somebody's cheapest week costs.
    fn week(&self, entry: &Entry, costs: &[i64]) -> i64 {
        let cells = &self.cells[entry.cells.clone()];
        cells.iter().map(|cell| costs[*cell]).min().filter(|_| entry.seat).unwrap_or(0)
    }

    /// What somebody costs the visit: their cheapest week, less what it pays for what they have.
    fn asked(&self, entry: &Entry, costs: &[i64]) -> i64 {
        let paid = self.pays.iter().enumerate().filter(|(need, _)| entry.meets >> need & 1 == 1);
        self.week(entry, costs) - paid.map(|(_, pays)| pays).sum::<i64>()
    }
}

/// How often somebody of this cost is wished for at this level.
fn wish(level: i64, cost: i64, most: i64) -> i64 {
    ((level - cost) >> 1).clamp(0, most)
}

/// The level at which so much is wished for altogether, give or take a unit for each: from where it was before, by Newton's steps
/// within an interval that is halved where those leave it.
fn level(costs: &[i64], most: i64, wanted: i64, before: i64) -> i64 {
    let (mut low, mut high) = (-8 * UNIT, 8 * UNIT);
    let enough = costs.len() as i64;
    if most * enough <= wanted {
        return high;
    }
    let mut at = before.clamp(low + 1, high - 1);
    for _ in 0..STEPS {
        let (mut wished, mut moving) = (0, 0);
        for cost in costs {
            let wish = wish(at, *cost, most);
            wished += wish;
            moving += i64::from(wish > 0 && wish < most);
        }
        if (wished - wanted).abs() <= enough || high - low <= 1 {
            break;
        }
        if wished > wanted {
            high = at
        } else {
            low = at
        }
        let next = at + (wanted - wished) * 2 / moving.max(1);
        at = if moving > 0 && next > low && next < high { next } else { (low + high) / 2 };
    }
    at
}

/// An aim as it is kept: from never to always.
fn bounded(aim: i64) -> u32 {
    u32::try_from(aim.clamp(0, UNIT)).expect("a certainty fits")
}
