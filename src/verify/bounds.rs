//! Claim: no lottery could beat the stated bounds. Each proof is weighed in one pass over the inputs, with whole numbers; how
//! it was found does not matter, and no solver is asked.
//!
//! A record may come without bounds. Then nothing is claimed.

use super::stages::Stage;
use super::{Claim, Evidence, Finding, coverage};
use crate::model::{Cut, InspectorId, PRICE_UNITS, Prices, Span, StageBounds, Urn, Week};
use crate::record::BOUNDS;
use crate::rules::{Eligible, Goer};

pub(super) const CLAIM: Claim =
    Claim { name: "bounds", says: "no lottery could beat the stated bounds, as their proofs show" };

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let (case, book) = evidence.thawed.case?;
    let stages = evidence.stages.as_ref()?;
    let mut found = Vec::new();
    for (line, bounds) in &evidence.bounds {
        let finding = |(name, says)| Finding::new(name, BOUNDS, Some(*line), says);
        let Some(stage) = stages.all.iter().find(|stage| stage.number as u64 == bounds.stage) else {
            found.push(finding(("bound-proof", format!("the policy asks for no stage {}", bounds.stage))));
            continue;
        };
        if let Some(most) = &bounds.most {
            let rest = Span { from: stage.span.from, to: case.period.to };
            let eligible = Eligible::new(case, book, rest, &stage.before);
            found.extend(coverage::weigh(&eligible, &stage.before, most).into_iter().map(finding));
        }
        if let Some(urn) = &stage.urn {
            let eligible = Eligible::new(case, book, stage.span, &stage.before);
            found.extend(Scales::new(eligible, urn).weigh(bounds).into_iter().map(finding));
        }
    }
    for stage in stages.all.iter().filter(|stage| !is_bounded(evidence, stage)) {
        found.push(Finding::new("bound-proof", BOUNDS, None, format!("there is no line for stage {}", stage.number)));
    }
    Some(found)
}

fn is_bounded(evidence: &Evidence, stage: &Stage) -> bool {
    evidence.bounds.iter().any(|(_, bounds)| bounds.stage == stage.number as u64)
}

/// A finding, and the facts.
type Wrong = (&'static str, String);

/// What proofs are weighed with.
struct Scales<'c> {
    eligible: Eligible<'c>,
    weeks: Vec<Week>,
    tickets: u32,
    /// By visit: how many tickets hold it in the stage.
    held: Vec<u32>,
}

impl<'c> Scales<'c> {
    fn new(eligible: Eligible<'c>, urn: &Urn) -> Self {
        let mut held = vec![0; eligible.case.visits.len()];
        for ticket in urn.tickets() {
            urn.layout().for_each(ticket, |at| held[at.visit.index()] += u32::from(at.in_span));
        }
        let (weeks, tickets) = (eligible.weeks().collect(), u32::try_from(urn.len()).unwrap_or(u32::MAX));
        Self { eligible, weeks, tickets, held }
    }

    fn weigh(&self, bounds: &StageBounds) -> Vec<Wrong> {
        let StageBounds { worst, squares, stage, .. } = bounds;
        let mut wrong = self.strangers(&worst.cut, &squares.prices);
        if !wrong.is_empty() {
            return wrong;
        }
        if worst.at_least > 0 && self.allows(&worst.cut, worst.at_least - 1) != Some(false) {
            let says = format!(
                "stage {stage} states worst odds of at least {}; its cut does not show that {} are too few",
                worst.at_least,
                worst.at_least - 1
            );
            wrong.push(("bound", says));
        }
        let proved = self.worth(&squares.prices);
        if proved.is_none_or(|proved| proved <= (i128::from(squares.at_least) - 1) * i128::from(PRICE_UNITS)) {
            let proved = proved.map_or("nothing".to_owned(), |proved| {
                let proved = proved.max(0) + i128::from(PRICE_UNITS) - 1;
                (proved / i128::from(PRICE_UNITS)).to_string()
            });
            let says = format!(
                "stage {stage} states a sum of squares of at least {}; its prices show {proved}",
                squares.at_least
            );
            wrong.push(("bound", says));
        }
        wrong
    }

    /// What the proofs name and the stage does not have.
    fn strangers(&self, cut: &Cut, prices: &Prices) -> Vec<Wrong> {
        let case = self.eligible.case;
        let mut wrong = Vec::new();
        let mut stranger = |says: String| wrong.push(("bound-proof", says));
        for part in &cut.visits {
            let id = &case.visit(part.visit).id;
            if self.held[part.visit.index()] == 0 {
                stranger(format!("the cut names visit {id}, which no ticket holds in the stage"));
            }
            if part.need.is_some_and(|need| self.eligible.needs(part.visit).len() <= need as usize) {
                stranger(format!("the cut names a need that visit {id} does not have"));
            }
        }
        let weeks = cut.full.iter().copied().chain(prices.weeks.iter().map(|(who, week, _)| (*who, *week)));
        for (who, week) in weeks.filter(|(_, week)| self.cell(InspectorId(0), *week).is_none()) {
            let id = &case.inspector(who).id;
            stranger(format!("{id} is named in week {week}, which the stage does not have"));
        }
        for price in &prices.visits {
            if price.needs.len() > self.eligible.needs(price.visit).len() {
                let id = &case.visit(price.visit).id;
                stranger(format!("the prices pay for more needs than visit {id} has"));
            }
        }
        wrong
    }

    fn cell(&self, who: InspectorId, week: Week) -> Option<usize> {
        let at = self.weeks.binary_search(&week).ok()?;
        Some(who.index() * self.weeks.len() + at)
    }

    /// The cells (a person in a week) whose seats a goer may take.
    fn cells<'g>(&'g self, goer: &'g Goer) -> impl Iterator<Item = usize> + 'g {
        let first = goer.who.index() * self.weeks.len();
        self.eligible.weeks_of(&goer.days).map(move |week| first + week)
    }

    /// What all tickets together have of a person's seats in a week.
    fn there(&self, who: InspectorId, week: Week) -> Option<i128> {
        let at = self.weeks.binary_search(&week).ok()?;
        i128::from(self.eligible.seats(who, at)).checked_mul(i128::from(self.tickets))
    }

    /// Whether the seats of the cut can be filled with nobody going on any visit in more than `odds` tickets; none where
    /// the numbers are beyond weighing.
    fn allows(&self, cut: &Cut, odds: u32) -> Option<bool> {
        let mut full = vec![false; self.eligible.case.inspectors.len() * self.weeks.len()];
        let mut room = 0i128;
        for (who, week) in &cut.full {
            full[self.cell(*who, *week)?] = true;
            room = room.checked_add(self.there(*who, *week)?)?;
        }
        let mut wanted = 0i128;
        for part in &cut.visits {
            let need = part.need.and_then(|need| self.eligible.needs(part.visit).get(need as usize));
            let seats = need.map_or(self.eligible.size(part.visit), |need| need.at_least);
            let held = self.held[part.visit.index()];
            wanted = wanted.checked_add(i128::from(held).checked_mul(seats as i128)?)?;
            for goer in self.eligible.goers(part.visit).filter(|goer| need.is_none_or(|need| need.met_by(goer.who))) {
                let counted = goer.takes_seat && self.cells(&goer).all(|cell| full[cell]);
                room = room.checked_add(if counted { 0 } else { i128::from(odds.min(held)) })?;
            }
        }
        Some(wanted <= room)
    }

    /// The bound that prices prove, in units of a price; none where the numbers are beyond weighing.
    ///
    /// Whoever goes on a visit in x of the tickets costs x² and, x times, the cheapest of their weeks, and earns x times what the visit
    /// pays. The sum over everybody, each with their best x, and what all visits pay, less what all weeks are worth, is never
    /// more than the sum of x² of a lottery that keeps to the seats.
    fn worth(&self, prices: &Prices) -> Option<i128> {
        let mut costs = vec![0i128; self.eligible.case.inspectors.len() * self.weeks.len()];
        let mut sum = 0i128;
        for (who, week, cost) in &prices.weeks {
            costs[self.cell(*who, *week)?] = i128::from(*cost);
            sum = sum.checked_sub(self.there(*who, *week)?.checked_mul(i128::from(*cost))?)?;
        }
        for price in &prices.visits {
            let (needs, held) = (self.eligible.needs(price.visit), i128::from(self.held[price.visit.index()]));
            let mut pays = i128::from(price.seat).checked_mul(self.eligible.size(price.visit) as i128)?;
            for (need, more) in needs.iter().zip(&price.needs) {
                pays = pays.checked_add(i128::from(*more).checked_mul(need.at_least as i128)?)?;
            }
            sum = sum.checked_add(pays.checked_mul(held)?)?;
            for goer in self.eligible.goers(price.visit) {
                let week = self.cells(&goer).map(|cell| costs[cell]).min();
                let cost = week.filter(|_| goer.takes_seat).unwrap_or(0);
                let met = needs.iter().zip(&price.needs).filter(|(need, _)| need.met_by(goer.who));
                let more: i128 = met.map(|(_, more)| i128::from(*more)).sum();
                sum = sum.checked_add(least(i128::from(price.seat) + more - cost, held)?)?;
            }
        }
        Some(sum)
    }
}

/// The least of `PRICE_UNITS * x² - gain * x` over whole x from 0 to `held`: at the whole number nearest to half the gain.
fn least(gain: i128, held: i128) -> Option<i128> {
    let units = i128::from(PRICE_UNITS);
    let x = (gain + units).div_euclid(2 * units).clamp(0, held);
    units.checked_mul(x)?.checked_mul(x)?.checked_sub(gain.checked_mul(x)?)
}
