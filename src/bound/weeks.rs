//! What a person's weeks cost, given what visits pay: the scarcest weeks first.
//!
//! Visits that may only be held in some weeks compete for the seats of those. Among all runs of weeks the one is sought that needs the
//! highest price to bring what is wanted there down to what there is; its weeks get that price, and the rest is
//! looked at without them.

use super::fill::{Water, level};

/// A person on a visit.
pub(super) struct Load<'s> {
    /// What the visit pays.
    pub earns: f64,
    /// How often they can go at most.
    pub most: f64,
    /// The weeks in which they may, in order.
    pub weeks: &'s [usize],
    /// What the cheapest of those weeks costs.
    pub cost: f64,
}

/// Weeks in one run at most, where there are many weeks: windows are short, and all runs would be too many.
const RUN_MAX: usize = 4;

/// Sets what each week costs, and with it the cost of every load. Both slices are by week.
pub(super) fn prices_of_weeks(loads: &mut [Load], there: &[f64], costs: &mut [f64]) {
    let guess = costs.iter().copied().fold(0.0, f64::max);
    costs.fill(0.0);
    loads.iter_mut().for_each(|load| load.cost = 0.0);
    let mut weeks: Vec<usize> = (0..there.len()).collect();
    let mut open: Vec<usize> = (0..loads.len()).collect();
    while !open.is_empty() {
        let Some((first, last, price)) = dearest(loads, &open, &weeks, there, guess) else { return };
        let run: Vec<usize> = weeks.drain(first..=last).collect();
        run.iter().for_each(|week| costs[*week] = price);
        open.retain(|at| {
            let rest = loads[*at].weeks.iter().any(|week| weeks.binary_search(week).is_ok());
            if !rest {
                loads[*at].cost = price;
            }
            rest
        });
    }
}

/// The run of `weeks` that needs the highest price, by positions, with the price; none where no run needs one.
fn dearest(loads: &[Load], open: &[usize], weeks: &[usize], there: &[f64], guess: f64) -> Option<(usize, usize, f64)> {
    let ends = |at: usize| {
        let mut places = loads[at].weeks.iter().filter_map(|week| weeks.binary_search(week).ok());
        let first = places.next().unwrap_or(0);
        (first, places.next_back().unwrap_or(first))
    };
    let ends: Vec<_> = open.iter().map(|at| ends(*at)).collect();
    let mut best: Option<(usize, usize, f64)> = None;
    // Each round finds a run that is too full at the price so far, and a higher price that cures it.
    for _ in 0..weeks.len() * weeks.len() + 1 {
        let price = best.map_or(0.0, |(.., price)| price);
        let Some((first, last)) = fullest(loads, open, &ends, weeks, there, price) else { break };
        let inside = open.iter().zip(&ends).filter(|(_, ends)| first <= ends.0 && ends.1 <= last);
        // A price that rises is a level that sinks: what is earned is the ground, seen from above.
        let waters: Vec<_> = inside.map(|(at, _)| Water { ground: -loads[*at].earns, most: loads[*at].most }).collect();
        let seats: f64 = weeks[first..=last].iter().map(|week| there[*week]).sum();
        let found = -level(&waters, seats, -guess.max(price));
        if found <= price {
            break;
        }
        best = Some((first, last, found));
    }
    best
}

/// The run that is most too full at a price.
fn fullest(
    loads: &[Load],
    open: &[usize],
    ends: &[(usize, usize)],
    weeks: &[usize],
    there: &[f64],
    price: f64,
) -> Option<(usize, usize)> {
    let count = weeks.len();
    let mut wanted = vec![0.0; count * count];
    for (at, (first, last)) in open.iter().zip(ends) {
        wanted[first * count + last] += ((loads[*at].earns - price) / 2.0).clamp(0.0, loads[*at].most);
    }
    let longest = if count <= 8 { count } else { RUN_MAX };
    let mut worst: Option<(f64, usize, usize)> = None;
    for first in 0..count {
        let mut seats = 0.0;
        for last in first..count.min(first + longest) {
            seats += there[weeks[last]];
            let inside: f64 =
                (first..=last).flat_map(|a| (a..=last).map(move |b| (a, b))).map(|(a, b)| wanted[a * count + b]).sum();
            let over = inside - seats;
            if over > 1e-7 * (1.0 + seats) && worst.is_none_or(|(most, ..)| over > most) {
                worst = Some((over, first, last));
            }
        }
    }
    worst.map(|(_, first, last)| (first, last))
}
