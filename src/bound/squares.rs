//! The least sum of squared odds that any lottery could have, and prices that prove it.
//!
//! In plain words: think of every seat as bought. A person's week has a price, a visit pays for each seat, and pays more where
//! a need is met. Whoever goes on a visit in x of the tickets costs x² and the price of the week, and earns what the visit
//! pays. Given the prices each (visit, person) can be seen alone, and its cheapest x is plain; whatever lottery obeys the limits
//! costs at least the sum of these, plus all that visits pay, less what all weeks are worth. So any prices prove a bound
//! (weak duality), and integers suffice to weigh them.
//!
//! Good prices are sought by turns: what each visit pays, given what weeks cost, is exact by filling up like water; so is
//! what each person's weeks cost, given what visits pay. Each turn raises the bound. Floats are used for this search and
//! forgotten: the prices are rounded, and the bound is what the rounded prices prove.

use std::collections::BTreeMap;
use std::ops::Range;

use super::fill::{Water, level};
use super::weeks::{Load, prices_of_weeks};
use crate::model::{InspectorId, LeastSquares, PRICE_UNITS, Prices, VisitId, VisitPrice};
use crate::rules::Eligible;

/// Turns at most.
const TURNS: usize = 400;
/// The search ends when a turn raises the bound by less than one in so many.
const STEADY: f64 = 2e6;
/// Needs of one visit that are priced; more are left out, which weakens the bound and does not break it.
const NEEDS: usize = 32;

/// The least sum over (visit, person) of the square of how many tickets hold them, of any lottery of `tickets` tickets in
/// which each visit is held in `held` of them, by visit.
pub fn least_squares(eligible: &Eligible, tickets: u32, held: &[u32]) -> LeastSquares {
    let mut market = Market::new(eligible, tickets, held);
    market.settle();
    let prices = market.prices(eligible);
    let value = worth(eligible, tickets, held, &prices).unwrap_or(0);
    let at_least = value.max(0).div_euclid(units()) + i128::from(value.max(0).rem_euclid(units()) > 0);
    LeastSquares { at_least: u64::try_from(at_least).unwrap_or(u64::MAX), prices }
}

fn units() -> i128 {
    i128::from(PRICE_UNITS)
}

/// What `prices` prove, in [`PRICE_UNITS`]; none where the numbers are too large to be weighed.
fn worth(eligible: &Eligible, tickets: u32, held: &[u32], prices: &Prices) -> Option<i128> {
    let at: BTreeMap<_, _> = eligible.weeks().enumerate().map(|(at, week)| (week, at)).collect();
    let weeks = at.len();
    let mut of_cell = vec![0i128; eligible.case.inspectors.len() * weeks];
    let mut sum = 0i128;
    for (who, week, price) in &prices.weeks {
        let week = *at.get(week)?;
        of_cell[who.index() * weeks + week] = i128::from(*price);
        let seats = i128::from(eligible.seats(*who, week)).checked_mul(i128::from(tickets))?;
        sum = sum.checked_sub(seats.checked_mul(i128::from(*price))?)?;
    }
    for price in &prices.visits {
        let (visit, needs) = (price.visit, eligible.needs(price.visit));
        let held = i128::from(held.get(visit.index()).copied().unwrap_or(0));
        let paid = needs.iter().zip(&price.needs).map(|(asked, more)| asked.at_least as i128 * i128::from(*more));
        let paid = paid.sum::<i128>() + eligible.size(visit) as i128 * i128::from(price.seat);
        sum = sum.checked_add(paid.checked_mul(held)?)?;
        for goer in eligible.goers(visit) {
            let week = |week| of_cell[goer.who.index() * weeks + week];
            let cost = if goer.takes_seat { eligible.weeks_of(&goer.days).map(week).min().unwrap_or(0) } else { 0 };
            let met = needs.iter().zip(&price.needs).filter(|(asked, _)| asked.met_by(goer.who));
            let gain = i128::from(price.seat) + met.map(|(_, more)| i128::from(*more)).sum::<i128>() - cost;
            sum = sum.checked_add(cheapest(gain, held)?)?;
        }
    }
    Some(sum)
}

/// The least of `units * x² - gain * x` over whole x from 0 to `held`.
fn cheapest(gain: i128, held: i128) -> Option<i128> {
    let x = (gain + units()).div_euclid(2 * units()).clamp(0, held);
    units().checked_mul(x)?.checked_mul(x)?.checked_sub(gain.checked_mul(x)?)
}

/// A visit of the market.
struct Visit {
    id: VisitId,
    held: f64,
    seats: f64,
    needs: Vec<f64>,
    entries: Range<usize>,
    pays: f64,
    pays_more: Vec<f64>,
}

/// Visits, people's weeks, what they pay and cost, and each person on each visit as an entry.
struct Market {
    visits: Vec<Visit>,
    weeks: usize,
    /// By cell (a person in a week): how often its seats are there, and what they cost.
    there: Vec<f64>,
    costs: Vec<f64>,
    /// Sets of weeks, each kept once; the first is empty, and stands for entries that take no seat.
    sets: Vec<Vec<usize>>,
    /// By entry: its visit, its set of weeks, the needs that are met (a bit each), what its cheapest week costs, what is earned.
    visit: Vec<u32>,
    set: Vec<u32>,
    met: Vec<u32>,
    cost: Vec<f64>,
    earns: Vec<f64>,
    /// By person: their entries that take a seat.
    of_person: Vec<Vec<u32>>,
}

impl Market {
    fn new(eligible: &Eligible, tickets: u32, held: &[u32]) -> Self {
        let (people, weeks) = (eligible.case.inspectors.len(), eligible.weeks().len());
        let there = (0..people * weeks).map(|cell| {
            let seats = eligible.seats(InspectorId::at(cell / weeks), cell % weeks);
            seats as f64 * f64::from(tickets)
        });
        let mut market = Self {
            visits: Vec::new(),
            weeks,
            there: there.collect(),
            costs: vec![0.0; people * weeks],
            sets: vec![Vec::new()],
            visit: Vec::new(),
            set: Vec::new(),
            met: Vec::new(),
            cost: Vec::new(),
            earns: Vec::new(),
            of_person: vec![Vec::new(); people],
        };
        let mut known = BTreeMap::from([(Vec::new(), 0)]);
        for visit in eligible.case.visit_ids() {
            let held = held.get(visit.index()).copied().unwrap_or(0);
            if held > 0 {
                market.add(eligible, visit, f64::from(held), &mut known);
            }
        }
        market
    }

    fn add(&mut self, eligible: &Eligible, id: VisitId, held: f64, known: &mut BTreeMap<Vec<usize>, u32>) {
        let first = self.visit.len();
        let number = u32::try_from(self.visits.len()).expect("visits are counted in 32 bits");
        let asked = &eligible.needs(id)[..eligible.needs(id).len().min(NEEDS)];
        for goer in eligible.goers(id) {
            let mut set: Vec<usize> = Vec::new();
            if goer.takes_seat {
                set.extend(eligible.weeks_of(&goer.days));
                self.of_person[goer.who.index()]
                    .push(u32::try_from(self.visit.len()).expect("entries fit into memory"));
            }
            let next = u32::try_from(self.sets.len()).expect("there are fewer sets than entries");
            let at = *known.entry(set.clone()).or_insert(next);
            if at == next {
                self.sets.push(set);
            }
            let met = asked.iter().enumerate().filter(|(_, asked)| asked.met_by(goer.who));
            self.visit.push(number);
            self.set.push(at);
            self.met.push(met.map(|(need, _)| 1u32 << need).sum());
        }
        let entries = first..self.visit.len();
        self.cost.resize(entries.end, 0.0);
        self.earns.resize(entries.end, 0.0);
        let needs: Vec<_> = asked.iter().map(|asked| asked.at_least as f64 * held).collect();
        let (seats, pays_more) = (eligible.size(id) as f64 * held, vec![0.0; needs.len()]);
        self.visits.push(Visit { id, held, seats, needs, entries, pays: 0.0, pays_more });
    }

    /// Turns until nothing more is to be gained.
    fn settle(&mut self) {
        let mut before = f64::NEG_INFINITY;
        for _ in 0..TURNS {
            for at in 0..self.visits.len() {
                self.turn_visit(at);
            }
            let now = self.value();
            if now - before <= now.abs() / STEADY {
                return;
            }
            before = now;
            for who in 0..self.of_person.len() {
                self.turn_person(who);
            }
        }
    }

    /// What the visit pays, given what weeks cost.
    fn turn_visit(&mut self, at: usize) {
        let (cost, met) = (&self.cost, &self.met);
        let visit = &mut self.visits[at];
        match visit.needs.len() {
            0 => visit.pays = level(&waters(visit, cost, met, |_| true, |_| 0.0), visit.seats, visit.pays),
            1 => one_need(visit, cost, met),
            _ => several_needs(visit, cost, met),
        }
        for entry in visit.entries.clone() {
            self.earns[entry] = visit.pays + more(&visit.pays_more, met[entry]);
        }
    }

    /// What the person's weeks cost, given what visits pay.
    fn turn_person(&mut self, who: usize) {
        let load = |entry: &u32| {
            let entry = *entry as usize;
            let held = self.visits[self.visit[entry] as usize].held;
            Load { earns: self.earns[entry], most: held, weeks: &self.sets[self.set[entry] as usize], cost: 0.0 }
        };
        let mut loads: Vec<_> = self.of_person[who].iter().map(load).collect();
        let cells = who * self.weeks..(who + 1) * self.weeks;
        prices_of_weeks(&mut loads, &self.there[cells.clone()], &mut self.costs[cells]);
        for (entry, load) in self.of_person[who].iter().zip(loads) {
            self.cost[*entry as usize] = load.cost;
        }
    }

    /// The bound that the prices prove, roughly.
    fn value(&self) -> f64 {
        let mut sum = 0.0;
        for visit in &self.visits {
            let more: f64 = visit.needs.iter().zip(&visit.pays_more).map(|(need, pays)| need * pays).sum();
            sum += visit.pays * visit.seats + more;
            for entry in visit.entries.clone() {
                let gain = self.earns[entry] - self.cost[entry];
                let x = (gain / 2.0).clamp(0.0, visit.held);
                sum += x * x - gain * x;
            }
        }
        sum - self.costs.iter().zip(&self.there).map(|(cost, there)| cost * there).sum::<f64>()
    }

    /// The prices, rounded.
    fn prices(&self, eligible: &Eligible) -> Prices {
        let weeks: Vec<_> = eligible.weeks().collect();
        let cells = self.costs.iter().enumerate().map(|(cell, cost)| (cell, rounded(*cost).max(0).unsigned_abs()));
        let cells = cells.filter(|(_, cost)| *cost > 0);
        let cells = cells.map(|(cell, cost)| (InspectorId::at(cell / weeks.len()), weeks[cell % weeks.len()], cost));
        let visit = |visit: &Visit| VisitPrice {
            visit: visit.id,
            seat: rounded(visit.pays),
            needs: visit.pays_more.iter().map(|more| rounded(*more).max(0).unsigned_abs()).collect(),
        };
        Prices { weeks: cells.collect(), visits: self.visits.iter().map(visit).collect() }
    }
}

/// A price in units. The cast keeps to what the type holds, and takes what is no number for nothing.
fn rounded(price: f64) -> i64 {
    (price.clamp(-1e12, 1e12) * f64::from(PRICE_UNITS)).round() as i64
}

/// What those who meet the needs in `met` earn beside the seat.
fn more(pays_more: &[f64], met: u32) -> f64 {
    pays_more.iter().enumerate().filter(|(need, _)| met >> need & 1 == 1).map(|(_, pays)| pays).sum()
}

/// The entries of a visit for which `which` holds, with what they have besides the level that is sought.
fn waters(
    visit: &Visit,
    cost: &[f64],
    met: &[u32],
    which: impl Fn(u32) -> bool,
    besides: impl Fn(u32) -> f64,
) -> Vec<Water> {
    let entries = visit.entries.clone().filter(|entry| which(met[*entry]));
    entries.map(|entry| Water { ground: cost[entry] - besides(met[entry]), most: visit.held }).collect()
}

/// With one need the two kinds of people can be filled each for themselves, if the need does not fill itself.
fn one_need(visit: &mut Visit, cost: &[f64], met: &[u32]) {
    let (need, had) = (visit.needs[0], visit.pays_more[0]);
    let those = level(&waters(visit, cost, met, |met| met != 0, |_| 0.0), need, visit.pays + had);
    let without = waters(visit, cost, met, |met| met == 0, |_| 0.0);
    let fits = without.len() as f64 * visit.held >= visit.seats - need;
    let others = if fits { level(&without, visit.seats - need, visit.pays) } else { f64::INFINITY };
    (visit.pays, visit.pays_more[0]) = if those > others {
        (others, those - others)
    } else {
        (level(&waters(visit, cost, met, |_| true, |_| 0.0), visit.seats, visit.pays), 0.0)
    };
}

/// With several they are filled by turns.
fn several_needs(visit: &mut Visit, cost: &[f64], met: &[u32]) {
    for _ in 0..12 {
        let before = visit.pays;
        let besides = visit.pays_more.clone();
        visit.pays = level(&waters(visit, cost, met, |_| true, |met| more(&besides, met)), visit.seats, visit.pays);
        for need in 0..visit.needs.len() {
            let mut besides = visit.pays_more.clone();
            besides[need] = 0.0;
            let pays = visit.pays;
            let those = waters(visit, cost, met, |met| met >> need & 1 == 1, |met| pays + more(&besides, met));
            visit.pays_more[need] = level(&those, visit.needs[need], visit.pays_more[need]).max(0.0);
        }
        if (visit.pays - before).abs() < 1e-9 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::small::{self, lottery};
    use super::*;
    use crate::model::Span;
    use crate::rules::Book;
    use crate::rules::testing::fixture;

    #[test]
    fn on_many_small_cases_it_is_what_a_linear_program_finds_and_never_more() {
        let mut compared = 0;
        for number in 0..80 {
            let small = lottery(number);
            let (case, before) = fixture(&small.text);
            let book = Book::new(&case.settings).unwrap();
            let eligible = Eligible::new(&case, &book, small.span, &before);
            let Some(least) = small::least_squares(&eligible, small.tickets, &small.held, true) else { continue };
            let bound = least_squares(&eligible, small.tickets, &small.held).at_least as f64;
            assert!(bound <= least + 1.0 + least * 1e-5, "{bound} is above {least} in {}", small.text);
            let least = small::least_squares(&eligible, small.tickets, &small.held, false).unwrap_or(least);
            assert!(bound >= least * 0.998 - 1.0, "{bound} is far below {least} in {}", small.text);
            compared += usize::from(least > 0.0);
        }
        assert!(compared > 50, "{compared}");
    }

    #[test]
    fn any_prices_prove_a_bound() {
        let mut words = crate::draw::Stream::from_key(crate::draw::digest(b"prices"));
        for number in 0..40 {
            let small = lottery(number);
            let (case, before) = fixture(&small.text);
            let book = Book::new(&case.settings).unwrap();
            let eligible = Eligible::new(&case, &book, small.span, &before);
            let Some(least) = small::least_squares(&eligible, small.tickets, &small.held, true) else { continue };
            let mut prices = least_squares(&eligible, small.tickets, &small.held).prices;
            for _ in 0..20 {
                prices.weeks.iter_mut().for_each(|(.., price)| *price += words.index(40) as u64);
                prices.visits.iter_mut().for_each(|price| price.seat += words.index(81) as i64 - 40);
                let worth = worth(&eligible, small.tickets, &small.held, &prices).unwrap();
                assert!(worth as f64 / f64::from(PRICE_UNITS) <= least * (1.0 + 1e-5) + 1.0, "{}", small.text);
            }
        }
    }

    fn of(text: &str, held: &[u32]) -> LeastSquares {
        let (case, before) = fixture(text);
        let book = Book::new(&case.settings).unwrap();
        let span = Span { from: case.period.from, to: case.period.to };
        least_squares(&Eligible::new(&case, &book, span, &before), 100, held)
    }

    #[test]
    fn an_even_lottery_is_the_floor_where_nothing_limits() {
        let text = "set lead.leads 0\n inspectors ana ben cem dea\n places p1\n visit v1 p1\n visit v2 p1 size=3";
        let bound = of(text, &[100, 100]);
        assert_eq!(bound.at_least, 4 * 50 * 50 + 4 * 75 * 75);
        assert!(bound.prices.weeks.is_empty());
        assert_eq!(of(text, &[0, 0]).at_least, 0);
    }

    #[test]
    fn numbers_too_large_to_be_weighed_do_not_stop_anything() {
        let (case, before) = fixture("set lead.leads 0\n inspectors ana ben\n places p1\n visit v1 p1");
        let book = Book::new(&case.settings).unwrap();
        let span = Span { from: case.period.from, to: case.period.to };
        let eligible = Eligible::new(&case, &book, span, &before);
        let seat = VisitPrice { visit: VisitId(0), seat: i64::MAX, needs: Vec::new() };
        let prices = Prices { weeks: Vec::new(), visits: vec![seat] };
        let worth = worth(&eligible, u32::MAX, &[u32::MAX], &prices);
        assert!(worth.is_none_or(|worth| worth <= 2 * i128::from(u32::MAX).pow(2) * units()), "{worth:?}");
    }
}
