//! From a case and a root to one ticket: a few attempts, and the best of them.

use rayon::prelude::*;

use super::Ways;
use super::attempt::Attempt;
use super::eject::Missing;
use super::scope::Scope;
use super::stages::on_threads;
use crate::draw::Root;
use crate::model::{Case, Schedule};
use crate::rules::Book;

/// Attempts where the first one left something without a team: a number that the case fixes, so that threads
/// can't matter. Large cases even out by themselves; more attempts found nothing more in them.
fn attempts(visits: usize) -> usize {
    if visits <= 1_000 { 4 } else { 1 }
}

/// Rounds of evening out the load.
const ROUNDS: usize = 200;

/// How to build. Nothing here can change what is built.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Threads to use; 0 means one for each core.
    pub threads: usize,
}

/// A ticket, and what it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// The schedule. Every rule holds in it; a visit that is not in it found no team.
    pub schedule: Schedule,
    /// Times at which a team was sought, over all attempts.
    pub steps: u64,
}

/// Builds one ticket of `case` under `book`, from `root` alone. What can't be staffed is left out; `bound` says why.
///
/// ```
/// # use foureyes::{draw::{Root, digest}, read::read_case, rules::Book, urn::{Options, build}};
/// let case = read_case("examples/harbour".as_ref()).case.expect("the harbour ships in order");
/// let book = Book::new(&case.settings).expect("and its policy too");
/// let root = Root::from_seed(&digest(b"the frozen inputs"), "a seed");
/// let built = build(&case, &book, &root, &Options::default());
/// assert_eq!(built.schedule.assignments.len(), 80);
/// assert!(book.check(&case, &built.schedule).is_empty());
/// ```
pub fn build(case: &Case, book: &Book, root: &Root, options: &Options) -> Built {
    let ways = Ways::new(case, book);
    let first = attempt(&ways, root, 0);
    let attempts = attempts(case.visits.len());
    if first.nothing_waits || attempts == 1 {
        return first.into_built();
    }
    let others = || (1..attempts).into_par_iter().map(|number| attempt(&ways, root, number)).collect::<Vec<_>>();
    let others = on_threads(options.threads, others);
    let steps = first.steps + others.iter().map(|one| one.steps).sum::<u64>();
    let best = std::iter::once(first).chain(others).min_by_key(|one| (one.missing, one.number));
    let best = best.expect("there is a first attempt");
    Built { steps, ..best.into_built() }
}

/// What one attempt came to.
struct Tried {
    number: usize,
    schedule: Schedule,
    missing: Missing,
    /// Whether every visit that could have had a team has one.
    nothing_waits: bool,
    steps: u64,
}

impl Tried {
    fn into_built(self) -> Built {
        Built { schedule: self.schedule, steps: self.steps }
    }
}

fn attempt(ways: &Ways, root: &Root, number: usize) -> Tried {
    let scope = Scope::whole(ways);
    let mut attempt = Attempt::new(ways, &scope, None, root.stream("ticket", &number.to_string()));
    attempt.place_all();
    attempt.staff(None);
    attempt.spread(ROUNDS);
    let (missing, nothing_waits) = (attempt.missing(), attempt.waiting.is_empty());
    Tried { number, schedule: attempt.board.schedule(), missing, nothing_waits, steps: attempt.steps }
}
