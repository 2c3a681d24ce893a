//! Does one inspector come to a place again and again without a break?
//!
//! *By chance:* whoever came once comes to the next visit with the odds of that visit, and to the one after that, and so on; the chance of a run is the product. Every visit of
//! everybody could have begun a run, so all of them are the family.

use std::collections::BTreeMap;

use super::asking::{Answer, Asking, Question, Statement, Subject};
use super::chance::Chances;
use super::evidence::{Event, Evidence};

/// A chance below this is told as this: no run is looked at further.
const LEAST: f64 = 1e-18;

pub(super) fn ask(evidence: &Evidence, chances: &Chances) -> (Answer, Vec<usize>) {
    let mut by_place: BTreeMap<usize, Vec<&Event>> = BTreeMap::new();
    evidence.visits.iter().for_each(|visit| by_place.entry(visit.place).or_default().push(visit));
    let (mut asking, mut lengths) = (Asking::new(Question::Runs), Vec::new());
    for (place, visits) in by_place {
        for at in 0..visits.len() {
            for who in &visits[at].team {
                let begins = at == 0 || !visits[at - 1].team.contains(who);
                let (steps, run) = run(chances, &visits[at..], *who);
                asking.steps(steps.into_iter().rev());
                if begins {
                    count(&mut lengths, run.visits);
                    if run.visits > 1 {
                        asking.keep(statement(&visits[at..], (*who, place), &run));
                    }
                }
            }
        }
    }
    (asking.answer(), lengths)
}

/// So many runs of each length, from one on.
fn count(lengths: &mut Vec<usize>, visits: usize) {
    if lengths.len() < visits {
        lengths.resize(visits, 0);
    }
    lengths[visits - 1] += 1;
}

/// How long somebody kept coming.
struct Run {
    visits: usize,
    ln_near: f64,
    /// What was to be expected of the visits after the first, each for itself.
    near: f64,
    wide: f64,
}

/// The run of `who` from the first of these visits, and how likely runs of each length were: the chance of at least so many, and of just so many.
fn run(chances: &Chances, visits: &[&Event], who: usize) -> (Vec<(f64, f64)>, Run) {
    let mut run = Run { visits: 1, ln_near: 0.0, near: 0.0, wide: 0.0 };
    let (mut steps, mut so_far, mut unbroken) = (Vec::new(), 1.0, true);
    for visit in &visits[1..] {
        let came = visit.team.contains(&who);
        unbroken &= came;
        if so_far < LEAST && !unbroken {
            break;
        }
        let (near, wide) = chances.one(visit, who);
        if unbroken {
            run.visits += 1;
            run.ln_near += near.max(f64::MIN_POSITIVE).ln();
            run.near += near;
            run.wide += wide;
        }
        if so_far >= LEAST {
            steps.push((so_far, so_far * (1.0 - near)));
            so_far *= near;
        }
        if near == 0.0 && !unbroken {
            break;
        }
    }
    steps.push((so_far, so_far));
    (steps, run)
}

fn statement(visits: &[&Event], (who, place): (usize, usize), run: &Run) -> Statement {
    let days = visits[0].date..=visits[run.visits - 1].date;
    Statement {
        subject: Subject::Run { who, place, days },
        observed: run.visits,
        of: visits.len(),
        expected: 1.0 + run.near,
        expected_wide: 1.0 + run.wide,
        ln_tail: run.ln_near,
        ln_any: 0.0,
    }
}
