//! Urns made by hand: every ticket keeps every rule, and everything is stated as it is counted. Only what is proved to be possible, or a
//! replay, tells them from the builder's.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

use std::path::Path;

use foureyes::bound::stage_bounds;
use foureyes::draw::{Root, in_order, pick};
use foureyes::model::{Case, Drawn, DrawnStage, Odds, Schedule, Stage, Urn, VisitId};
use foureyes::record::{self, BOUNDS, Files, Frozen, bound_lines};
use foureyes::rules::Book;
use foureyes::urn::{Nobody, Options, fill_stage};

const SEED: &str = "by hand";

/// Tickets of each urn, and of the one from which those that please are taken.
const TICKETS: u32 = 24;
const TAKEN_FROM: u32 = 120;

/// A case, and what its urns are made with.
struct Office {
    case: Case,
    book: Book,
    frozen: Frozen,
}

impl Office {
    /// Visits of the harbour on which anybody may go, so that nobody need go often.
    fn new(stage: Stage) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/harbour");
        let mut case = foureyes::read::read_case(&folder).case.unwrap();
        case.visits.retain(|visit| visit.skills.is_empty() && visit.min_women.is_none() && visit.operation.is_none());
        case.visits.truncate(24);
        case.waivers.clear();
        (case.urn.tickets, case.urn.stage) = (TICKETS, stage);
        let book = Book::new(&case.settings).unwrap();
        let frozen = record::freeze(&case, &book);
        Self { case, book, frozen }
    }

    /// The record whose stages draw from what `by_hand` makes of the builder's urn of so many tickets.
    fn record(&self, tickets: u32, by_hand: impl Fn(Urn) -> Urn) -> Files {
        let Self { book, frozen, .. } = self;
        let mut asked = self.case.clone();
        asked.urn.tickets = tickets;
        let root = Root::from_seed(&frozen.digest, SEED);
        let mut drawn = Drawn::default();
        for (number, span) in (1..).zip(asked.urn.stage.spans(&asked.period)) {
            let before = drawn.schedule.clone();
            let urn = fill_stage(&asked, book, &root, &Options::default(), (number, span), &before, &mut Nobody);
            let urn = in_order(by_hand(urn));
            assert_eq!(urn.len(), TICKETS as usize);
            let index = pick(&root, number, TICKETS);
            drawn.schedule.assignments.extend(urn.part(index as usize).assignments);
            drawn.stages.push(DrawnStage { number, odds: Odds::count(&urn), urn, index });
        }
        let mut files = record::publish(&self.case, book, frozen, SEED, &drawn);
        files.insert(BOUNDS.to_owned(), bound_lines(&self.case, &stage_bounds(&self.case, book, &drawn)));
        files
    }
}

/// The urn of these tickets, each of which may be changed.
fn of_tickets(urn: &Urn, tickets: impl Iterator<Item = Schedule>) -> Urn {
    let mut bytes = Vec::new();
    tickets.for_each(|ticket| {
        urn.layout().encode(&ticket, &mut bytes);
    });
    Urn::new(urn.layout().clone(), bytes).unwrap()
}

fn all(urn: &Urn) -> impl Iterator<Item = Schedule> + '_ {
    (0..urn.len()).map(|number| urn.ticket(number))
}

/// So many copies of each of the first tickets.
fn copies(urn: &Urn, each: u32) -> Urn {
    of_tickets(urn, (0..TICKETS).map(|number| urn.ticket((number / each) as usize)))
}

/// Mostly tickets in which one person goes on one visit, the one who can be had so most often.
fn weighted(urn: &Urn) -> Urn {
    let odds = Odds::count(urn);
    let easiest = odds.visits.iter().flat_map(|visit| visit.inspectors.iter().map(|(who, n)| (*n, visit.visit, *who)));
    let (_, visit, who) = easiest.max().unwrap();
    let goes = |ticket: &Schedule| ticket.assignments.get(&visit).is_some_and(|to| to.team.contains(who));
    let (with, without): (Vec<Schedule>, Vec<Schedule>) = all(urn).partition(goes);
    of_tickets(urn, with.iter().cycle().take(22).chain(without.iter().take(2)).cloned())
}

fn uncompleted(urn: &Urn) -> Urn {
    let span = urn.layout().span();
    let part = |mut ticket: Schedule| {
        ticket.assignments.retain(|_, to| span.contains(to.date));
        ticket
    };
    of_tickets(urn, all(urn).map(part))
}

fn never(urn: &Urn, visit: VisitId) -> Urn {
    let without = |mut ticket: Schedule| {
        ticket.assignments.remove(&visit);
        ticket
    };
    of_tickets(urn, all(urn).map(without))
}

/// A record from the builder's own urns, then those from urns made by hand, each with what was done.
pub fn records() -> (Files, Vec<(&'static str, Files)>) {
    let (period, weeks) = (Office::new(Stage::Period), Office::new(Stage::Week));
    let made = vec![
        ("24 copies of one ticket", period.record(TICKETS, |urn| copies(&urn, 24))),
        ("12 copies of each of two tickets", weeks.record(TICKETS, |urn| copies(&urn, 12))),
        ("weighted to one person", period.record(TAKEN_FROM, |urn| weighted(&urn))),
        ("without completions", weeks.record(TICKETS, |urn| uncompleted(&urn))),
        ("never at one place", period.record(TICKETS, |urn| never(&urn, VisitId(0)))),
        ("never at one place, week by week", weeks.record(TICKETS, |urn| never(&urn, VisitId(3)))),
    ];
    (weeks.record(TICKETS, |urn| urn), made)
}
