//! Stage by stage: an urn is filled, a ticket is drawn, and what it says of the stage's days is fixed for all later ones.

use chrono::NaiveDate;

use super::fill::{Keeper, Stage, fill};
use super::scope::Scope;
use super::{Options, Ways};
use crate::draw::{Root, in_order, pick};
use crate::model::{Case, Drawn, DrawnStage, Odds, Schedule, Span, Urn, VisitId, target};
use crate::rules::Book;

/// Draws the whole period of `case` under `book` from a literal seed's `root`: every stage, one after the other.
///
/// Each urn has as many tickets as the policy says. They depend on the case and the root alone: not on threads, nor on
/// whether the building was interrupted and taken up again through `keeper`.
///
/// ```
/// # use foureyes::{draw::{Root, digest}, model::Stage, read::read_case, rules::Book};
/// # use foureyes::urn::{Nobody, Options, draw_stages};
/// let mut case = read_case("examples/harbour".as_ref()).case.expect("the harbour ships in order");
/// (case.urn.tickets, case.urn.stage) = (8, Stage::Period);
/// let book = Book::new(&case.settings).expect("and its policy too");
/// let root = Root::from_seed(&digest(b"the frozen inputs"), "a seed");
/// let drawn = draw_stages(&case, &book, &root, &Options::default(), &mut Nobody);
/// assert_eq!(drawn.stages[0].urn.len(), 8);
/// assert_eq!(drawn.schedule.assignments.len(), 80);
/// assert!(book.check(&case, &drawn.schedule).is_empty());
/// ```
pub fn draw_stages(
    case: &Case,
    book: &Book,
    root: &Root,
    options: &Options,
    keeper: &mut (dyn Keeper + Send),
) -> Drawn {
    on_threads(options.threads, || draw_all(case, book, root, options, keeper))
}

/// Fills the urn of one stage, whose number is `number` and whose days are those of `span`, after `before` was fixed: what a ceremony commits to. Its
/// tickets stand in the order in which one is drawn, and depend on nothing but these and `root`.
pub fn fill_stage(
    case: &Case,
    book: &Book,
    root: &Root,
    options: &Options,
    (number, span): (usize, Span),
    before: &Schedule,
    keeper: &mut (dyn Keeper + Send),
) -> Urn {
    let stage = Stage { number, stages: 1, span, tickets: case.urn.tickets as usize };
    let targets: Vec<u64> = case.visit_ids().map(|visit| still_due(case, visit, span)).collect();
    let filling = || fill(&Ways::new(case, book), book, root, stage, before, &targets, keeper);
    let (layout, packed) = on_threads(options.threads, filling);
    in_order(Urn::new(layout, packed).expect("what was packed is a ticket"))
}

/// In how many of [`Scope::ALWAYS`] tickets a visit is due.
fn due(case: &Case, visit: VisitId) -> u64 {
    u64::from(target(case, visit)) * Scope::ALWAYS / 1000
}

/// The same from the first day of `span` on, for a visit that was not drawn before. The odds of earlier draws of a ceremony may not be at hand; a visit with a target
/// is as likely on each working day of its window, so with a share e of these days gone by and a target t it is due in (t - te) / (1 - te) of what follows.
fn still_due(case: &Case, visit: VisitId, span: Span) -> u64 {
    let (due, of) = (due(case, visit), case.visit(visit));
    let open =
        |day: &NaiveDate| of.earliest.is_none_or(|first| first <= *day) && of.latest.is_none_or(|last| *day <= last);
    let window: Vec<NaiveDate> = case.period.days().into_iter().filter(open).collect();
    let (all, gone) = (window.len() as u64, window.iter().filter(|day| **day < span.from).count() as u64);
    if due >= Scope::ALWAYS || all == 0 || gone == 0 {
        return due;
    }
    let floor = u64::from(case.programmed.floor.max(1)) * Scope::ALWAYS / 1000;
    let left = due * (all - gone) * Scope::ALWAYS / (all * Scope::ALWAYS - due * gone);
    left.max(floor.min(due))
}

/// Does some work on so many threads; 0 means one for each core.
pub(super) fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        // No thread could be started: the same work, on those there are.
        Err(_) => work(),
    }
}

fn draw_all(case: &Case, book: &Book, root: &Root, options: &Options, keeper: &mut dyn Keeper) -> Drawn {
    let ways = Ways::new(case, book);
    let spans = case.urn.stage.spans(&case.period);
    let mut drawn = Drawn::default();
    let mut targets: Vec<u64> = case.visit_ids().map(|visit| due(case, visit)).collect();
    for (number, span) in (1..).zip(spans.iter().copied()) {
        let stage = Stage { number, stages: spans.len(), span, tickets: case.urn.tickets as usize };
        let (layout, packed) = fill(&ways, book, root, stage, &drawn.schedule, &targets, keeper);
        let urn = in_order(Urn::new(layout, packed).expect("what was packed is a ticket"));
        let stage = draw_one(&mut drawn, root, number, urn, options.threads.max(1));
        lower(&mut targets, &stage.odds, case);
    }
    drawn
}

/// Draws a ticket of stage `number` from its urn: what it says of the stage's days is fixed.
pub(super) fn draw_one<'d>(
    drawn: &'d mut Drawn,
    root: &Root,
    number: usize,
    urn: Urn,
    threads: usize,
) -> &'d DrawnStage {
    let tickets = u32::try_from(urn.len()).expect("a policy asks for fewer tickets");
    let index = pick(root, number, tickets);
    let odds = Odds::count_on(&urn, threads);
    drawn.schedule.assignments.extend(urn.part(index as usize).assignments);
    drawn.stages.push(DrawnStage { number, odds, urn, index });
    &drawn.stages[drawn.stages.len() - 1]
}

/// What is left of each target once a stage is over that could have held the visit: with odds q in the stage and a
/// target t before, a visit that was not drawn is due in (t - q) / (1 - q) of what follows, so that over all stages it is held with
/// odds t. Never nought: no place is safe.
fn lower(targets: &mut [u64], odds: &Odds, case: &Case) {
    let tickets = u64::from(case.urn.tickets.max(1));
    let floor = u64::from(case.programmed.floor.max(1)) * Scope::ALWAYS / 1000;
    for of in &odds.visits {
        let (target, held) = (&mut targets[of.visit.index()], u64::from(of.held));
        if *target < Scope::ALWAYS && held < tickets {
            let had = held * Scope::ALWAYS / tickets;
            *target = (target.saturating_sub(had) * tickets / (tickets - held))
                .max(floor.min(*target))
                .min(Scope::ALWAYS - 1);
        }
    }
}
