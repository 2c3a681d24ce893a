//! Small random lotteries, and what a linear program makes of them: slow, of another make, and believed by the tests.

use std::fmt::Write;

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, clarabel, constraint, variable};

use crate::model::{InspectorId, Span};
use crate::rules::Eligible;

/// A small lottery.
pub(super) struct Small {
    pub text: String,
    pub span: Span,
    pub tickets: u32,
    pub held: Vec<u32>,
    /// Whether no visit has more than one need.
    pub one_need: bool,
}

/// Numbers that look random (splitmix64, Steele and others, 2014): enough to make cases.
pub(super) struct Words(pub u64);

impl Words {
    /// A number below `below`.
    pub fn index(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word ^ (word >> 31)) % below
    }
}

/// The small lottery of a number: several weeks, needs, waivers, larger teams, something drawn before.
pub(super) fn lottery(number: u64) -> Small {
    let mut words = Words(number);
    let mut one = |odds: u64| words.index(odds) == 0;
    let one_need = one(2);
    let mut text = String::from("period 2027-01-04..2027-01-15\n places p1 p2 p3\n set one-partner.enabled false\n");
    let people = ["ana", "ben", "cem", "dea", "eli", "fay", "gus"];
    for who in people {
        let lead = if one(2) { "lead" } else { "" };
        let skill = if one(2) { "skills=ka" } else { "" };
        let week = if one(3) { "per_week=1" } else { "per_week=2" };
        writeln!(text, "inspector {who} {lead} {skill} {week}").unwrap();
        if one(4) {
            writeln!(text, "absence {who} 2027-01-04..2027-01-08 leave").unwrap();
        }
        if one(4) {
            writeln!(text, "conflict {who} establishment p1 kin").unwrap();
        }
    }
    let visits = 5;
    for at in 0..visits {
        let place = if one(2) { "p1" } else { "p2" };
        let size = if one(4) { "size=3" } else { "" };
        let skill = if !one_need && one(2) { "skills=ka" } else { "" };
        let window = match (one(3), one(3)) {
            (true, _) => "latest=2027-01-08",
            (_, true) => "earliest=2027-01-11",
            _ => "",
        };
        writeln!(text, "visit v{at} {place} {size} {skill} {window}").unwrap();
    }
    for rule in ["workload", "lead", "conflict-of-interest", "availability"] {
        if one(3) {
            writeln!(text, "waiver {rule} v0 ana\n waiver {rule} v1 cem").unwrap();
        }
    }
    let mut held: Vec<u32> = (0..visits).map(|_| words.index(4) as u32 * 10).collect();
    let from = if words.index(3) == 0 {
        text.push_str("plan v4 2027-01-04 am ana ben\n");
        held[4] = 0;
        "2027-01-05"
    } else {
        "2027-01-04"
    };
    let [from, to] = [from, "2027-01-15"].map(|day| day.parse().unwrap());
    Small { text, span: Span { from, to }, tickets: 30, held, one_need }
}

/// The linear program of a lottery: n(v, i) as variables, within what is possible.
struct Program {
    variables: ProblemVariables,
    limits: Vec<good_lp::Constraint>,
    /// Each n(v, i), and how often its visit is held.
    odds: Vec<(Variable, u32)>,
}

fn program(eligible: &Eligible, tickets: u32, held: &[u32]) -> Program {
    let mut variables = ProblemVariables::new();
    let (mut limits, mut odds) = (Vec::new(), Vec::new());
    let weeks = eligible.weeks().len();
    let mut used: Vec<Expression> = vec![Expression::default(); eligible.case.inspectors.len() * weeks];
    for visit in eligible.case.visit_ids() {
        let times = held[visit.index()];
        let mut all = Expression::default();
        let mut met = vec![Expression::default(); eligible.needs(visit).len()];
        for goer in eligible.goers(visit).filter(|_| times > 0) {
            let n = variables.add(variable().min(0).max(times));
            odds.push((n, times));
            all += n;
            let asked = eligible.needs(visit).iter().zip(&mut met).filter(|(asked, _)| asked.met_by(goer.who));
            asked.for_each(|(_, met)| *met += n);
            if goer.takes_seat {
                let mut split = Expression::default();
                for week in eligible.weeks_of(&goer.days) {
                    let part = variables.add(variable().min(0));
                    split += part;
                    used[goer.who.index() * weeks + week] += part;
                }
                limits.push(constraint!(split == n));
            }
        }
        limits.push(constraint!(all == f64::from(times) * eligible.size(visit) as f64));
        for (asked, met) in eligible.needs(visit).iter().zip(met) {
            limits.push(constraint!(met >= f64::from(times) * asked.at_least as f64));
        }
    }
    for (cell, used) in used.into_iter().enumerate() {
        let seats = eligible.seats(InspectorId::at(cell / weeks), cell % weeks) as f64;
        limits.push(constraint!(used <= seats * f64::from(tickets)));
    }
    Program { variables, limits, odds }
}

/// The least worst odds, where the lottery is possible.
pub(super) fn least_worst(eligible: &Eligible, tickets: u32, held: &[u32]) -> Option<f64> {
    let Program { mut variables, limits, odds } = program(eligible, tickets, held);
    let worst = variables.add(variable().min(0));
    let above = odds.iter().map(|(n, _)| constraint!(*n <= worst));
    let model = variables.minimise(worst).using(clarabel).with_all(limits).with_all(above.collect::<Vec<_>>());
    Some(model.solve().ok()?.value(worst))
}

/// The least sum of squares: of whole numbers, with the lines between whole numbers in between; or of any, from below by
/// tangents a quarter apart.
pub(super) fn least_squares(eligible: &Eligible, tickets: u32, held: &[u32], whole: bool) -> Option<f64> {
    let Program { mut variables, limits, odds } = program(eligible, tickets, held);
    let mut sum = Expression::default();
    let mut above = Vec::new();
    for (n, times) in odds {
        let square = variables.add(variable().min(0));
        sum += square;
        let tangents = (0..times * if whole { 1 } else { 4 }).map(f64::from);
        above.extend(tangents.map(|at| match whole {
            true => constraint!(square >= (2.0 * at + 1.0) * n - at * (at + 1.0)),
            false => constraint!(square >= 2.0 * (at / 4.0) * n - (at / 4.0) * (at / 4.0)),
        }));
    }
    let model = variables.minimise(sum.clone()).using(clarabel).with_all(limits).with_all(above);
    Some(model.solve().ok()?.eval(sum))
}
