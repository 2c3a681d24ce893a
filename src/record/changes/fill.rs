//! Who steps in: vacant seats, day by day, each filled by the first in its order with whom no rule is broken. Where nobody can take over a seat for the whole
//! day, its visits are asked for one after the other: first somebody beside those who stay, then another whole team.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::change::{Move, Passed};
use super::draws::PastDraw;
use super::held::{Held, HeldVisit};
use super::moves::{Vacant, judge};
use super::orders::Orders;
use crate::model::{Case, InspectorId, Level, Schedule, SlotId, Team, VisitId};
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
                moves.extend(self.seat((*date, member), visits, &mut waiting, &judges));
            }
        }
        moves
    }

    /// Takes the visits off what is held: while they wait for a seat, they do not count.
    fn lift<'v>(&mut self, visits: impl Iterator<Item = &'v String>) -> Waiting {
        let lifted = visits.filter_map(|id| self.held.visits.remove_entry(id));
        lifted.collect()
    }

    /// Fills one seat, and puts its visits back; or leaves them off where nobody can step in. Where nobody can take over all of them and the draw's
    /// reserves have levels, each visit is asked for alone.
    fn seat(
        &mut self,
        (date, member): (NaiveDate, &String),
        visits: &[String],
        waiting: &mut Waiting,
        judges: &BTreeMap<usize, Judge>,
    ) -> Vec<Move> {
        let mut visits_of: Waiting = visits.iter().filter_map(|id| waiting.remove_entry(id)).collect();
        visits_of.values_mut().for_each(|visit| {
            visit.seats.remove(self.leaves);
        });
        let judge = judge(self.draws, date, visits).and_then(|at| judges.get(&at));
        let drawn = self.draws.iter().rev().find(|draw| draw.seated(date, member));
        let mut seat = Seat { date, member, passed: Vec::new() };
        let Some((judge, drawn)) = judge.zip(drawn) else { return vec![self.whole(seat, visits, None)] };
        let by = self.whole_day(&mut seat, &visits_of, judge, drawn);
        if by.is_some() || !drawn.levels {
            if let Some(by) = &by {
                visits_of.values_mut().for_each(|visit| {
                    visit.seats.insert(by.clone(), member.clone());
                });
                self.held.visits.extend(visits_of);
            }
            return vec![self.whole(seat, visits, by)];
        }
        visits_of.into_iter().map(|waits| self.one_visit(&mut seat, waits, judge, drawn)).collect()
    }

    /// A move of the whole seat.
    fn whole(&self, seat: Seat, visits: &[String], by: Option<String>) -> Move {
        let (date, member, from) = (seat.date, seat.member.to_owned(), self.leaves.to_owned());
        Move {
            level: Level::Day,
            by,
            team: Vec::new(),
            date,
            member,
            from,
            passed: seat.passed,
            visits: visits.to_vec(),
        }
    }

    /// The first in the order of the day with whom on all these visits no rule is broken; those before are passed over.
    fn whole_day(&mut self, seat: &mut Seat, visits: &Waiting, judge: &Judge, drawn: &'d PastDraw) -> Option<String> {
        let mut trial = judge.trial(self.held.schedule(judge.case), visits);
        for who in self.orders.of(drawn, seat.date, seat.member) {
            let there = who == self.leaves || visits.values().any(|visit| visit.seats.contains_key(who));
            let rules = trial.as_mut().filter(|_| !there).and_then(|trial| trial.broken(who));
            if seat.passes(Level::Day, &[who], rules) {
                return Some(who.to_owned());
            }
        }
        None
    }

    /// Fills one visit of a seat that nobody could take over whole, beside those who stay or by another team, and puts it back. The other visits of the
    /// seat still wait.
    fn one_visit(
        &mut self,
        seat: &mut Seat,
        (id, visit): (String, HeldVisit),
        judge: &Judge,
        drawn: &'d PastDraw,
    ) -> Move {
        let (people, teams) = self.orders.on_visit(drawn, (seat.date, seat.member), &id);
        let waits: Waiting = [(id.clone(), visit.clone())].into();
        let mut trial = judge.trial(self.held.schedule(judge.case), &waits);
        let mut seated = visit.clone();
        let (mut level, mut by, mut team) = (Level::Team, None, Vec::new());
        let person = people.into_iter().find(|who| {
            let there = *who == self.leaves || visit.seats.contains_key(*who);
            let rules = trial.as_mut().filter(|_| !there).and_then(|trial| trial.broken(who));
            seat.passes(Level::Visit, &[who], rules)
        });
        if let Some(who) = person {
            (level, by) = (Level::Visit, Some(who.to_owned()));
            seated.seats.insert(who.to_owned(), seat.member.to_owned());
        } else {
            // Nobody of those who were to stay goes then.
            let nobody = HeldVisit { seats: BTreeMap::new(), ..visit };
            let mut trial = judge.trial(self.held.schedule(judge.case), &[(id.clone(), nobody)].into());
            let found = teams.into_iter().find(|team| {
                let leaves = team.contains(&self.leaves);
                let rules = trial.as_mut().filter(|_| !leaves).and_then(|trial| trial.broken_by_team(team));
                seat.passes(Level::Team, team, rules)
            });
            team = found.into_iter().flatten().map(str::to_owned).collect();
            seated.seats.insert(self.leaves.to_owned(), seat.member.to_owned());
            seated = seated.taken_over(&team);
        }
        if by.is_some() || !team.is_empty() {
            self.held.visits.insert(id.clone(), seated);
        }
        let (date, member, from) = (seat.date, seat.member.to_owned(), self.leaves.to_owned());
        Move { level, by, team, date, member, from, passed: std::mem::take(&mut seat.passed), visits: vec![id] }
    }
}

/// A seat that is being filled.
struct Seat<'s> {
    date: NaiveDate,
    member: &'s str,
    /// Who was asked since the last move.
    passed: Vec<Passed>,
}

impl Seat<'_> {
    /// Whether those who are asked may step in, for they break no rule; where not, they are passed over. None where they can't be asked.
    fn passes(&mut self, level: Level, asked: &[&str], rules: Option<Vec<String>>) -> bool {
        if rules.as_ref().is_some_and(Vec::is_empty) {
            return true;
        }
        let ids: Vec<String> = asked.iter().map(|who| (*who).to_owned()).collect();
        let rules = rules.unwrap_or_default();
        self.passed.push(match level {
            Level::Team => Passed { level, inspector: String::new(), team: ids, rules },
            _ => Passed { level, inspector: ids.concat(), team: Vec::new(), rules },
        });
        false
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
        let teams = self.open.iter().map(|(_, _, _, others)| Team::new(others.iter().copied().chain([who])));
        let teams = teams.collect::<Option<Vec<Team>>>()?;
        self.broken_with(&teams)
    }

    /// The same with another whole team on the one visit; none where the case does not have all of them.
    fn broken_by_team(&mut self, team: &[&str]) -> Option<Vec<String>> {
        let team = team.iter().map(|who| self.judge.case.find_inspector(who)).collect::<Option<Vec<_>>>()?;
        self.broken_with(&[Team::new(team)?])
    }

    /// The same with these teams on the visits.
    fn broken_with(&mut self, teams: &[Team]) -> Option<Vec<String>> {
        self.sheet.clear();
        let mut put = self.sheet.put_all(&self.held);
        for ((visit, date, slot, _), team) in self.open.iter().zip(teams) {
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
