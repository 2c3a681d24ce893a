//! What an amendment does, held against the definition: DRAW.md, section 16, written again on schedules of positions, with whole recounts.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod levels;
mod towns;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use foureyes::draw::{Root, Stream, digest, reserve_order};
use foureyes::model::{Assignment, Case, InspectorId, Level, Schedule, Span, Team, VisitId};
use foureyes::record::TargetKind;
use foureyes::record::changes::{
    AbsentDays, Amendment, ByHand, Cause, Change, Conflicted, Held, Move, Passed, PastDraw, Went, What, by_hand, moves,
    violations, went,
};
use foureyes::rules::{Book, Violation};
use foureyes::urn::{Options, build};
use levels::DayOf;
use towns::{Size, town};

/// Towns that are looked at, and changes in each.
const TOWNS: u64 = 60;
const CHANGES: usize = 14;

fn drawn(number: u64) -> PastDraw {
    let case = town(number, Size { inspectors: 11, visits: 7, days: 3 });
    let book = Book::new(&case.settings).unwrap();
    let root = Root::from_seed(&digest(b"amendments"), &number.to_string());
    let schedule = build(&case, &book, &root, &Options { threads: 1 }).schedule;
    let span = Span { from: case.period.from, to: case.period.to };
    PastDraw {
        counter: 1,
        span,
        case,
        book,
        root,
        schedule,
        before: Schedule::default(),
        heads: true,
        levels: !number.is_multiple_of(3),
    }
}

/// Random causes and other changes, some of which can't be.
struct Chance {
    stream: Stream,
}

impl Chance {
    fn one<'t, T>(&mut self, list: &'t [T]) -> Option<&'t T> {
        if list.is_empty() { None } else { list.get(self.stream.index(list.len())) }
    }

    fn person(&mut self, case: &Case) -> String {
        self.one(&case.inspectors).unwrap().id.clone()
    }

    fn day(&mut self, case: &Case) -> NaiveDate {
        *self.one(&case.period.days()).unwrap()
    }

    fn cause(&mut self, case: &Case, held: &Held) -> Option<Cause> {
        let visits: Vec<String> = held.visits().map(|(id, _)| id.to_owned()).collect();
        let cancelled: Vec<String> = held.all_cancelled().map(|(id, _)| id.to_owned()).collect();
        Some(match self.stream.below(8) {
            0 => Cause::Cancelled(self.one(&visits)?.clone()),
            1 => Cause::Restored(self.one(&cancelled)?.clone()),
            2..=4 => Cause::Conflict(self.conflict(case)),
            _ => {
                let from = self.day(case);
                let to = from + Days::new(self.stream.below(3));
                Cause::Absence(AbsentDays { inspector: self.person(case), from, to })
            }
        })
    }

    fn conflict(&mut self, case: &Case) -> Conflicted {
        let (target_kind, target) = match self.stream.below(3) {
            0 => (TargetKind::Owner, format!("O{}", self.stream.below(3))),
            1 => (TargetKind::Inspector, self.person(case)),
            _ => (TargetKind::Establishment, self.one(&case.establishments).unwrap().id.clone()),
        };
        let inspector = self.person(case);
        Conflicted {
            inspector,
            target_kind,
            target,
            category: None,
            from: None,
            to: None,
            declared_on: None,
            drawn: false,
        }
    }

    fn other(&mut self, draws: &[PastDraw], held: &Held) -> Option<What> {
        let case = &draws[0].case;
        if self.stream.below(3) == 0 {
            let date = self.day(case);
            let mut told: Vec<Went> = went(draws, held, date, None).ok()?;
            let someone = self.person(case);
            told[0].team.pop();
            told[0].team.push(someone);
            return Some(What::Executed { date, held: went(draws, held, date, Some(&told)).ok()? });
        }
        let team = vec![self.person(case), self.person(case)];
        let visit = self.one(&case.visits).unwrap().id.clone();
        let teams = [ByHand { visit, held: Some((self.day(case), "am".to_owned(), team)) }];
        Some(What::Override { evidence: "a letter".to_owned(), teams: by_hand(draws, held, &teams).ok()? })
    }
}

/// The definition, on positions.
struct Definition<'d> {
    draw: &'d PastDraw,
    /// With what was declared.
    case: Case,
    /// What is held while seats are filled.
    now: Schedule,
}

impl Definition<'_> {
    fn who(&self, id: &str) -> InspectorId {
        InspectorId::at(self.case.inspectors.iter().position(|one| one.id == id).unwrap())
    }

    fn visit(&self, id: &str) -> VisitId {
        VisitId::at(self.case.visits.iter().position(|one| one.id == id).unwrap())
    }

    fn broken(&self, schedule: &Schedule) -> BTreeSet<Violation> {
        violations(&self.case, &self.draw.book, schedule)
    }

    /// Section 7: everybody on none of the member's teams, with whom on all of them the draw's whole schedule breaks no rule; shuffled.
    fn order(&self, date: NaiveDate, member: InspectorId) -> Vec<InspectorId> {
        let PastDraw { case, book, schedule, root, .. } = self.draw;
        let own: Vec<VisitId> = schedule.days_served().remove(&(date, member)).unwrap_or_default();
        if own.is_empty() || !violations(case, book, schedule).is_empty() {
            return Vec::new();
        }
        let sound = |who: &InspectorId| {
            let mut replaced = schedule.clone();
            own.iter().all(|visit| replace(&mut replaced, *visit, member, *who))
                && violations(case, book, &replaced).is_empty()
        };
        let mut people: Vec<InspectorId> = case.inspector_ids().filter(sound).collect();
        reserve_order(root, 1, date, &case.inspector(member).id, &mut people);
        people
    }

    /// The seats of one day.
    fn day(&mut self, date: NaiveDate, from: &str, seats: &BTreeMap<String, Vec<String>>) -> Vec<Move> {
        let leaves = self.who(from);
        let waiting: BTreeMap<String, Assignment> = seats
            .values()
            .flatten()
            .map(|id| (id.clone(), self.now.assignments.remove(&self.visit(id)).unwrap()))
            .collect();
        let mut moves = Vec::new();
        for (member, visits) in seats {
            let people = self.order(date, self.who(member));
            let mut passed = Vec::new();
            let beside = |one: &Self, visits: &[String], who| {
                let mut with = one.now.clone();
                with.assignments.extend(visits.iter().map(|id| (one.visit(id), waiting[id].clone())));
                let stranger = who != leaves && visits.iter().all(|id| replace(&mut with, one.visit(id), leaves, who));
                stranger.then_some(with)
            };
            let by = self.first(people, &mut passed, Level::Day, |one, who| beside(one, visits, *who));
            let seat = Move {
                level: Level::Day,
                by: by.map(|who| self.case.inspector(who).id.clone()),
                team: Vec::new(),
                date,
                member: member.clone(),
                from: from.to_owned(),
                passed: Vec::new(),
                visits: visits.clone(),
            };
            if by.is_some() || !self.draw.levels || !self.is_seated(date, self.who(member)) {
                moves.push(Move { passed, ..seat });
                continue;
            }
            for id in visits {
                let (alone, visit) = ([id.clone()], self.visit(id));
                let (people, teams) = self.orders(date, self.who(member), visit);
                let by = self.first(people, &mut passed, Level::Visit, |one, who| beside(one, &alone, *who));
                let team =
                    self.first(if by.is_some() { Vec::new() } else { teams }, &mut passed, Level::Team, |one, team| {
                        let mut with = one.now.clone();
                        with.assignments.insert(visit, Assignment { team: team.clone(), ..waiting[id].clone() });
                        (!team.contains(leaves)).then_some(with)
                    });
                let ids = |team: Team| team.members().iter().map(|who| self.case.inspector(*who).id.clone()).collect();
                let level = if by.is_some() { Level::Visit } else { Level::Team };
                let by = by.map(|who| self.case.inspector(who).id.clone());
                let (team, passed) = (team.map(ids).unwrap_or_default(), std::mem::take(&mut passed));
                moves.push(Move { level, by, team, passed, visits: alone.to_vec(), ..seat.clone() });
            }
        }
        moves
    }

    fn is_seated(&self, date: NaiveDate, member: InspectorId) -> bool {
        self.draw.schedule.days_served().contains_key(&(date, member))
    }

    /// Section 7: who is asked for one visit alone; people, then teams.
    fn orders(&self, date: NaiveDate, member: InspectorId, visit: VisitId) -> (Vec<InspectorId>, Vec<Team>) {
        let PastDraw { case, book, schedule, root, .. } = self.draw;
        let sound = violations(case, book, schedule).is_empty();
        let day = DayOf { case, book, root, schedule, stage: 1, date, member };
        if sound { day.orders(visit) } else { Default::default() }
    }

    /// The first in the order with whom nothing is broken that is not broken without them, and puts them in; those before are passed over.
    fn first<T: Asked>(
        &mut self,
        order: Vec<T>,
        passed: &mut Vec<Passed>,
        level: Level,
        with: impl Fn(&Self, &T) -> Option<Schedule>,
    ) -> Option<T> {
        let without = self.broken(&self.now);
        for one in order {
            let with = with(self, &one);
            let new = with.as_ref().map(|with| self.broken(with).difference(&without).map(|one| one.rule).collect());
            let rules: BTreeSet<&str> = new.unwrap_or_default();
            if let Some(with) = with.filter(|_| rules.is_empty()) {
                self.now = with;
                return Some(one);
            }
            let (inspector, team) = one.ids(&self.case);
            passed.push(Passed { level, inspector, team, rules: rules.into_iter().map(str::to_owned).collect() });
        }
        None
    }
}

/// Somebody, or a team, who is asked.
trait Asked {
    fn ids(&self, case: &Case) -> (String, Vec<String>);
}

impl Asked for InspectorId {
    fn ids(&self, case: &Case) -> (String, Vec<String>) {
        (case.inspector(*self).id.clone(), Vec::new())
    }
}

impl Asked for Team {
    fn ids(&self, case: &Case) -> (String, Vec<String>) {
        (String::new(), self.members().iter().map(|who| case.inspector(*who).id.clone()).collect())
    }
}

/// Puts `who` in the place of `member`; not where they are there already.
fn replace(schedule: &mut Schedule, visit: VisitId, member: InspectorId, who: InspectorId) -> bool {
    let to = schedule.assignments.get_mut(&visit).unwrap();
    let others = to.team.members().iter().copied().filter(|other| *other != member);
    match Team::new(others.chain([who])) {
        Some(team) if team.members().len() == to.team.members().len() && !to.team.contains(who) => {
            to.team = team;
            true
        }
        _ => false,
    }
}

/// Whose seats fall vacant, by day and member.
fn vacant(
    held: &Held,
    who: &str,
    wanted: impl Fn(&str, NaiveDate) -> bool,
) -> BTreeMap<NaiveDate, BTreeMap<String, Vec<String>>> {
    let mut vacant: BTreeMap<NaiveDate, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for (id, visit) in held.visits().filter(|(id, visit)| wanted(id, visit.date) && !held.is_executed(visit.date)) {
        if let Some(member) = visit.seats.get(who) {
            vacant.entry(visit.date).or_default().entry(member.clone()).or_default().push(id.to_owned());
        }
    }
    vacant
}

/// The days on which a conflict names a visit of its person: at its place, with its owner, or beside its colleague. No such conflict has an end here.
fn named(case: &Case, held: &Held, conflict: &Conflicted) -> BTreeSet<NaiveDate> {
    let names = |id: &str, visit: &foureyes::record::changes::HeldVisit| {
        let place = case.place_of(VisitId::at(case.visits.iter().position(|one| one.id == id).unwrap()));
        visit.seats.contains_key(&conflict.inspector)
            && match conflict.target_kind {
                TargetKind::Inspector => visit.seats.contains_key(&conflict.target),
                TargetKind::Owner => place.owner.as_ref() == Some(&conflict.target),
                _ => place.id == conflict.target,
            }
    };
    held.visits().filter(|(id, visit)| names(id, visit)).map(|(_, visit)| visit.date).collect()
}

/// What there was among the amendments that were held against the definition.
#[derive(Debug, Default)]
struct Met {
    filled: usize,
    unfilled: usize,
    passed: usize,
    second_hand: usize,
    excused: usize,
    by_conflict: usize,
    restored: usize,
    alone: usize,
    by_a_team: usize,
}

fn compare(draw: &PastDraw, held: &Held, cause: &Cause, done: &[Move], met: &mut Met) {
    let (who, seats) = match cause {
        Cause::Absence(days) => (&days.inspector, vacant(held, &days.inspector, |_, date| days.contains(date))),
        Cause::Conflict(conflict) => {
            let days = named(&draw.case, held, conflict);
            met.by_conflict += 1;
            (&conflict.inspector, vacant(held, &conflict.inspector, |_, date| days.contains(&date)))
        }
        Cause::Cancelled(_) | Cause::Restored(_) | Cause::Withdrawn(_) => return,
    };
    let mut after = held.clone();
    let nothing = Amendment { cause: cause.clone(), evidence: "a letter".to_owned(), moves: Vec::new() };
    after.change(&Change { salt: [0; 32], what: What::Amend(nothing) });
    let mut definition = Definition { draw, case: after.declared(&draw.case), now: after.schedule(&draw.case) };
    let wanted: Vec<Move> = seats.iter().flat_map(|(date, seats)| definition.day(*date, who, seats)).collect();
    assert_eq!(done, wanted, "{cause:?}");
    let amendment = Amendment { cause: cause.clone(), evidence: "a letter".to_owned(), moves: done.to_vec() };
    after.change(&Change { salt: [0; 32], what: What::Amend(amendment) });
    assert_eq!(after.schedule(&draw.case), definition.now);
    only_the_seats_changed(held, &after, done);
    met.filled += done.iter().filter(|one| one.by.is_some()).count();
    met.unfilled += done.iter().filter(|one| !one.is_filled()).count();
    met.alone += done.iter().filter(|one| one.level == Level::Visit).count();
    met.by_a_team += done.iter().filter(|one| !one.team.is_empty()).count();
    met.passed += done.iter().filter(|one| !one.passed.is_empty()).count();
    met.second_hand += done.iter().filter(|one| one.from != one.member).count();
    met.excused += usize::from(!definition.broken(&definition.now).is_empty());
}

fn only_the_seats_changed(before: &Held, after: &Held, done: &[Move]) {
    for (id, visit) in before.visits() {
        let moved = done.iter().find(|one| one.visits.iter().any(|visit| visit == id));
        match moved {
            None => assert_eq!(after.visit(id), Some(visit)),
            Some(Move { team, from, .. }) if !team.is_empty() => {
                assert!(visit.seats.contains_key(from));
                assert_eq!(&after.visit(id).unwrap().team().collect::<Vec<_>>(), team);
                let members = |visit: &foureyes::record::changes::HeldVisit| {
                    visit.seats.values().cloned().collect::<BTreeSet<_>>()
                };
                assert!(members(after.visit(id).unwrap()).is_superset(&members(visit)), "every seat has somebody");
            }
            Some(Move { by: None, .. }) => assert_eq!(after.visit(id), None),
            Some(Move { by: Some(by), from, member, .. }) => {
                let mut wanted = visit.clone();
                assert_eq!(wanted.seats.remove(from).as_ref(), Some(member));
                wanted.seats.insert(by.clone(), member.clone());
                assert_eq!(after.visit(id), Some(&wanted));
            }
        }
    }
}

#[test]
fn amendments_do_what_the_definition_says() {
    let mut met = Met::default();
    for number in 0..TOWNS {
        let draws = [drawn(number)];
        let mut chance = Chance { stream: Stream::from_key(digest(format!("changes {number}").as_bytes())) };
        let mut held = Held::default();
        held.draw(&draws[0]);
        for _ in 0..CHANGES {
            let what = if number % 2 == 0 && chance.stream.below(5) == 0 {
                chance.other(&draws, &held)
            } else {
                chance.cause(&draws[0].case, &held).and_then(|cause| {
                    let moves = moves(&draws, &held, &cause).ok()?;
                    compare(&draws[0], &held, &cause, &moves, &mut met);
                    met.restored += usize::from(matches!(cause, Cause::Restored(_)));
                    Some(What::Amend(Amendment { cause, evidence: "a letter".to_owned(), moves }))
                })
            };
            let Some(what) = what else { continue };
            held.change(&Change { salt: [0; 32], what });
            let rules_hold = violations(&held.declared(&draws[0].case), &draws[0].book, &held.schedule(&draws[0].case));
            assert!(number % 2 == 0 || harmless(&rules_hold), "town {number}: {rules_hold:?}");
        }
    }
    let enough = met.filled > 50 && met.unfilled > 20 && met.passed > 20 && met.second_hand > 3 && met.excused > 5;
    assert!(enough && met.by_conflict > 20 && met.restored > 5, "{met:?}");
    assert!(met.alone > 2 && met.by_a_team > 2, "{met:?}");
}

/// Where nothing was given by hand or executed, a rule can be broken only by a visit that is not held any more: a team between two others makes
/// a return lawful.
fn harmless(found: &BTreeSet<Violation>) -> bool {
    found.iter().all(|one| one.rule == "no-return")
}
