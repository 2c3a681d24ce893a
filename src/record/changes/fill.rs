//! Who steps in: vacant seats, day by day, each filled by the first in its order with whom no rule is broken.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::change::{Move, Passed};
use super::draws::PastDraw;
use super::held::{Held, HeldVisit};
use super::moves::{Vacant, judge};
use super::orders::Orders;
use crate::model::{Case, InspectorId, Schedule, SlotId, Team, VisitId};
use crate::rules::{Checker, Sheet, Violation};

/// What is being filled.
pub(super) struct Filling<'f, 'd> {
    pub draws: &'d [PastDraw],
    pub orders: &'f mut Orders<'d>,
    /// With what the amendment declares, and whoever leaves still in their seats.
    pub held: Held,
    /// Who leaves.
    pub leaves: &'f str,
}

/// A visit that waits for its seat: the others of its team stay.
type Waiting = BTreeMap<String, HeldVisit>;

impl<'d> Filling<'_, 'd> {
    /// The moves, in order of day, then of member.
    pub(super) fn fill(mut self, vacant: &Vacant) -> Vec<Move> {
        let judges: BTreeSet<usize> =
            vacant.iter().filter_map(|((date, _), visits)| judge(self.draws, *date, visits)).collect();
        let draw = |at: usize| Some((at, self.draws.get(at)?));
        let judges = judges.into_iter().filter_map(draw);
        let cases: BTreeMap<usize, (Case, &PastDraw)> =
            judges.map(|(at, draw)| (at, (self.held.declared(&draw.case), draw))).collect();
        let judges: BTreeMap<usize, Judge> =
            cases.iter().map(|(at, (case, draw))| (*at, Judge { case, checker: draw.book.checker(case) })).collect();
        let mut moves = Vec::new();
        let mut seats = vacant.iter().peekable();
        while let Some(((date, _), _)) = seats.peek().copied() {
            let of_day: Vec<_> = std::iter::from_fn(|| seats.next_if(|((day, _), _)| day == date)).collect();
            let mut waiting = self.lift(of_day.iter().flat_map(|(_, visits)| *visits));
            for ((_, member), visits) in of_day {
                moves.push(self.seat((*date, member), visits, &mut waiting, &judges));
            }
        }
        moves
    }

    /// Takes the visits off what is held: while they wait for a seat, they do not count.
    fn lift<'v>(&mut self, visits: impl Iterator<Item = &'v String>) -> Waiting {
        let lifted = visits.filter_map(|id| self.held.visits.remove_entry(id));
        lifted.collect()
    }

    /// Fills one seat, and puts its visits back; or leaves them off where nobody can step in.
    fn seat(
        &mut self,
        (date, member): (NaiveDate, &String),
        visits: &[String],
        waiting: &mut Waiting,
        judges: &BTreeMap<usize, Judge>,
    ) -> Move {
        let mut visits_of: Waiting = visits.iter().filter_map(|id| waiting.remove_entry(id)).collect();
        visits_of.values_mut().for_each(|visit| {
            visit.seats.remove(self.leaves);
        });
        let judge = judge(self.draws, date, visits).and_then(|at| judges.get(&at));
        let (by, passed) = judge.map_or((None, Vec::new()), |judge| self.choose((date, member), &visits_of, judge));
        if let Some(by) = &by {
            visits_of.values_mut().for_each(|visit| {
                visit.seats.insert(by.clone(), member.clone());
            });
            self.held.visits.extend(visits_of);
        }
        Move { by, date, member: member.clone(), from: self.leaves.to_owned(), passed, visits: visits.to_vec() }
    }

    /// The first in the order with whom no rule is broken, and those before.
    fn choose(
        &mut self,
        (date, member): (NaiveDate, &str),
        visits: &Waiting,
        judge: &Judge,
    ) -> (Option<String>, Vec<Passed>) {
        let mut passed = Vec::new();
        let drawn = self.draws.iter().rev().find(|draw| draw.seated(date, member));
        let order = drawn.map(|draw| self.orders.of(draw, date, member)).unwrap_or_default();
        let mut trial = judge.trial(self.held.schedule(judge.case), visits);
        for who in order {
            let inspector = who.to_owned();
            let there = who == self.leaves || visits.values().any(|visit| visit.seats.contains_key(who));
            match trial.as_mut().filter(|_| !there).and_then(|trial| trial.broken(who)) {
                Some(rules) if rules.is_empty() => return (Some(inspector), passed),
                rules => passed.push(Passed { inspector, rules: rules.unwrap_or_default() }),
            }
        }
        (None, passed)
    }
}

/// A case with what amendments declared, and its checks.
struct Judge<'c> {
    case: &'c Case,
    checker: Checker<'c>,
}

impl<'c> Judge<'c> {
    /// Ready to try people in the open seat of these visits, all else being `held`; none where the case can't say what the visits are.
    fn trial(&self, held: Schedule, visits: &Waiting) -> Option<Trial<'_, 'c>> {
        let open = |(id, visit): (&String, &HeldVisit)| {
            let slot = self.case.period.slots.iter().position(|slot| *slot == visit.slot)?;
            let others: Option<Vec<InspectorId>> = visit.team().map(|who| self.case.find_inspector(who)).collect();
            Some((self.case.find_visit(id)?, visit.date, SlotId::at(slot), others?))
        };
        let open: Option<Vec<_>> = visits.iter().map(open).collect();
        let mut sheet = Sheet::new(self.case);
        let put = sheet.put_all(&held);
        let without: BTreeSet<Violation> = self.checker.violations(sheet.read()).into_iter().collect();
        Some(Trial { judge: self, held, open: open.filter(|_| put)?, without, sheet })
    }
}

/// People tried in one seat.
struct Trial<'j, 'c> {
    judge: &'j Judge<'c>,
    held: Schedule,
    /// The visits, when they are held, and who else goes.
    open: Vec<(VisitId, NaiveDate, SlotId, Vec<InspectorId>)>,
    /// What is broken without these visits.
    without: BTreeSet<Violation>,
    sheet: Sheet,
}

impl Trial<'_, '_> {
    /// The rules that are broken with `who` in the seat and not without its visits, in order of name. None where the case does not have the person.
    fn broken(&mut self, who: &str) -> Option<Vec<String>> {
        let who = self.judge.case.find_inspector(who)?;
        self.sheet.clear();
        let mut put = self.sheet.put_all(&self.held);
        for (visit, date, slot, others) in &self.open {
            let team = Team::new(others.iter().copied().chain([who]))?;
            put &= self.sheet.put(*visit, *date, *slot, team.members());
        }
        if !put {
            return None;
        }
        let (checker, held) = (&self.judge.checker, self.sheet.read());
        if self.without.is_empty() && checker.holds(held) {
            return Some(Vec::new());
        }
        let new = checker.violations(held).into_iter().filter(|one| !self.without.contains(one));
        let rules: BTreeSet<String> = new.map(|one| one.rule.to_owned()).collect();
        Some(rules.into_iter().collect())
    }
}
