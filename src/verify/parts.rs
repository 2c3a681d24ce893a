//! What the tickets of one urn have in common: visits by themselves, of which many tickets say the same.
//!
//! Most rules look at one visit with its team, or at few visits that the case ties together ([`Reach::Visits`]): such a rule is kept by a
//! ticket if it is kept by each of these parts of it. Tickets differ much as a whole and little in such a part, so each part is
//! looked at once and not in every ticket that has it. Parts of different visits lie on one sheet, where those rules don't see each other.

use std::thread;

use crate::model::{Case, Schedule, Urn, VisitId};
use crate::rules::{Checker, Reach, Sheet};

/// Parts, times the tickets that may each say something else of them, that are known at once by one core.
const KNOWN_AT_ONCE: usize = 1 << 22;

/// Fewer parts than this are not looked at at once, however many tickets there are.
const PARTS_AT_ONCE: usize = 16;

/// Whether all tickets of `urn`, with what was drawn `before`, keep the rules that look at visits by themselves.
pub(super) fn keep_rules(case: &Case, checker: &Checker, before: &Schedule, urn: &Urn, cores: usize) -> bool {
    let tied = checker.tied();
    let look = Look { case, checker, before, urn };
    let mut shares = tied.chunks(tied.len().div_ceil(cores).max(1));
    let first = shares.next().unwrap_or_default();
    thread::scope(|scope| {
        let others: Vec<_> = shares.map(|share| scope.spawn(move || look.through(share))).collect();
        let mut keep = look.through(first);
        for other in others {
            keep &= other.join().expect("a rule's check gives violations and does not fail");
        }
        keep
    })
}

/// What is looked at.
#[derive(Clone, Copy)]
struct Look<'l> {
    case: &'l Case,
    checker: &'l Checker<'l>,
    before: &'l Schedule,
    urn: &'l Urn,
}

/// Visits that are looked at together, and for everything that tickets say of them one ticket that says it.
struct Part<'t> {
    visits: &'t [VisitId],
    tickets: Vec<u32>,
}

impl Look<'_> {
    fn through(self, tied: &[Vec<VisitId>]) -> bool {
        let mut sheet = Sheet::new(self.case);
        let at_once = (KNOWN_AT_ONCE / self.urn.len()).max(PARTS_AT_ONCE);
        tied.chunks(at_once).all(|tied| {
            let parts = tied.iter().map(|visits| Part { visits, tickets: self.urn.different(visits) });
            self.parts_keep_rules(&mut sheet, parts.collect())
        })
    }

    /// Puts one thing that is said of each part on the sheet, then another of each, until nothing else is said.
    fn parts_keep_rules(self, sheet: &mut Sheet, mut parts: Vec<Part>) -> bool {
        for at in 0.. {
            parts.retain(|part| part.tickets.len() > at);
            if parts.is_empty() {
                break;
            }
            sheet.clear();
            let put = parts.iter().all(|part| self.lay_out(sheet, part, part.tickets[at]));
            if !put || !self.checker.holds_within(sheet.read(), Reach::Visits) {
                return false;
            }
        }
        true
    }

    /// Lays out what ticket `number` says of a part, with what was drawn before of it; tells whether it could.
    fn lay_out(self, sheet: &mut Sheet, part: &Part, number: u32) -> bool {
        let mut put = true;
        for visit in part.visits {
            if let Some(to) = self.before.assignments.get(visit) {
                put &= sheet.put(*visit, to.date, to.slot, to.team.members());
            }
        }
        self.urn.layout().for_each_of(self.urn.bytes_of(number as usize), part.visits, |held| {
            put &= sheet.put(held.visit, held.date, held.slot, held.team);
        });
        put
    }
}
