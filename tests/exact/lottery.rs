//! The best lottery that there could be: over all schedules of most coverage, the one whose worst odds are least.
//!
//! By prices: every seat (visit, person) has one, together they are 1, and the dearest price that the cheapest
//! schedule can be made to cost is the worst odds that no lottery can go below (von Neumann's minimax). Schedules are
//! added one at a time, each the cheapest under the prices of the ones before.

use std::collections::{BTreeMap, BTreeSet};

use foureyes::model::{InspectorId, VisitId};
use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable};

use super::columns::{Columns, Coverage};

/// Rounds after which the prices must have settled.
const ROUNDS: usize = 2_000;

type Seat = (VisitId, InspectorId);

/// The least worst odds, of 1; none where no schedule holds a visit.
pub fn least_worst_odds(columns: &Columns, most: Coverage) -> Option<f64> {
    let seats: BTreeSet<Seat> = columns.all.iter().flat_map(seats_of).collect();
    if most.1 == 0 || seats.is_empty() {
        return None;
    }
    let mut prices: BTreeMap<Seat, f64> = seats.iter().map(|seat| (*seat, 1.0 / seats.len() as f64)).collect();
    let mut known: BTreeSet<BTreeSet<Seat>> = BTreeSet::new();
    let mut odds = 1.0;
    for _ in 0..ROUNDS {
        let price = |visit, who| prices.get(&(visit, who)).copied().unwrap_or(0.0);
        let (cost, chosen) = columns.cheapest(most, &price)?;
        let used: BTreeSet<Seat> = chosen.iter().flat_map(|at| seats_of(&columns.all[*at])).collect();
        if !known.insert(used) || (known.len() > 1 && cost >= odds - 1e-7) {
            return Some(odds);
        }
        (odds, prices) = dearest(&seats, &known);
    }
    panic!("the prices do not settle");
}

fn seats_of(column: &super::columns::Column) -> Vec<Seat> {
    column.assignment.team.members().iter().map(|who| (column.visit, *who)).collect()
}

/// The prices under which the cheapest of the known schedules costs most.
fn dearest(seats: &BTreeSet<Seat>, known: &BTreeSet<BTreeSet<Seat>>) -> (f64, BTreeMap<Seat, f64>) {
    let mut problem = ProblemVariables::new();
    let least: Variable = problem.add(variable().min(0.0).max(1.0));
    let price: BTreeMap<Seat, Variable> = seats.iter().map(|seat| (*seat, problem.add(variable().min(0.0)))).collect();
    let mut model = problem.maximise(least).using(microlp);
    model.add_constraint(constraint!(price.values().copied().sum::<Expression>() == 1.0));
    for schedule in known {
        let cost: Expression = schedule.iter().map(|seat| price[seat]).sum();
        model.add_constraint(constraint!(cost >= least));
    }
    let solved = model.solve().expect("even prices are prices");
    (solved.value(least), price.iter().map(|(seat, price)| (*seat, solved.value(*price))).collect())
}
