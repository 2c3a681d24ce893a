//! The smallest change that would let a visit be staffed. Each proposal is tried before it is made: the
//! changed case is built, a team is looked for, and the rules' own checks must find nothing new.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use chrono::NaiveDate;

use super::evidence::new_violations;
use super::hunt::{Hunt, Lift, everybody, free};
use super::ways::{Asks, Ways};
use crate::model::{Assignment, Case, InspectorId, Kind, Schedule, VisitId, Waiver};
use crate::rules::{Book, Place, Shape, waivable};

/// Steps of one search for a team.
const STEPS: u64 = 20_000;
/// Working days by which a window is lengthened at most.
const LONGER: usize = 5;
/// Programmed visits of which the taking away is tried.
const PROGRAMMED: usize = 40;
/// Proposals that are made at most, and those of one kind.
const MOST: (usize, usize) = (8, 3);
/// A conflict of interest is lifted only where nothing else helps.
pub(super) const CONFLICTS: [&str; 2] = ["conflict-of-interest", "not-together"];

/// One change of a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The visit may also be held from `from` to `to`.
    Window {
        /// First day.
        from: NaiveDate,
        /// Last day, inclusive.
        to: NaiveDate,
    },
    /// The visit may be held in any slot.
    AnySlot,
    /// This programmed visit is not made, or made at another time.
    Drop(VisitId),
    /// The team has so many members.
    TeamSize(u32),
    /// A signed waiver of a rule for one person on the visit.
    Waive {
        /// The rule.
        rule: &'static str,
        /// The person.
        inspector: InspectorId,
    },
}

/// Changes that together let the visit be staffed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// One change or two.
    pub changes: Vec<Change>,
    /// A team that could then go, and when.
    pub staffed: Assignment,
    /// Whether it lifts a conflict of interest: the last thing to consider.
    pub lifts_conflict: bool,
}

/// The case and the schedule after the changes, so that anybody can try a proposal.
pub fn apply(case: &Case, schedule: &Schedule, visit: VisitId, changes: &[Change]) -> (Case, Schedule) {
    let (mut case, mut schedule) = (case.clone(), schedule.clone());
    let signed = case.period.from;
    for change in changes {
        let own = &mut case.visits[visit.index()];
        match change {
            Change::Window { from, to } => (own.earliest, own.latest) = (Some(*from), Some(*to)),
            Change::AnySlot => own.slot = None,
            Change::TeamSize(size) => own.team_size = Some(*size),
            Change::Drop(other) => drop(schedule.assignments.remove(other)),
            Change::Waive { rule, inspector } => case.waivers.push(Waiver {
                rule: (*rule).to_owned(),
                visit,
                inspector: *inspector,
                reason: "proposed".to_owned(),
                approver: String::new(),
                date: signed,
            }),
        }
    }
    case.waivers.sort();
    (case, schedule)
}

/// A team for the visit after the changes, where the rules allow one.
fn staffed(case: &Case, book: &Book, schedule: &Schedule, visit: VisitId, changes: &[Change]) -> Option<Assignment> {
    let (changed, mut rest) = apply(case, schedule, visit, changes);
    let ways = Ways::new(&changed, book, &rest, visit);
    let found = sound_team(&ways, &ways.asks(visit), &rest)?;
    if changes.iter().any(|change| matches!(change, Change::Drop(_))) {
        // A visit that is given up may be what let a later team of its place go: recount everything.
        let before = book.check(case, schedule);
        rest.assignments.insert(visit, found.clone());
        return ways.checker().check(&rest).iter().all(|broken| before.contains(broken)).then_some(found);
    }
    Some(found)
}

/// The first team that may go on the visit at any time, and that the rules' own checks find sound.
pub(super) fn sound_team(ways: &Ways, asks: &Asks, schedule: &Schedule) -> Option<Assignment> {
    let sound = |found: &Assignment| new_violations(ways, schedule, asks.visit, found, None).is_empty();
    ways.times(asks.visit).into_iter().filter_map(|time| team(ways, asks, time)).find(sound)
}

/// The first team that may go then.
fn team(ways: &Ways, asks: &Asks, time: Place) -> Option<Assignment> {
    if !ways.blocked(time, &mut |_| {}).is_empty() {
        return None;
    }
    let free = free(ways, asks, time);
    let team = Hunt::new(ways, asks, time, &free, STEPS).first()?;
    Some(ways.assignment(time, team))
}

/// The smallest changes that would let `visit` be staffed: single ones, then pairs, those that lift a
/// conflict of interest behind all others.
pub(super) fn proposals(case: &Case, book: &Book, schedule: &Schedule, visit: VisitId) -> Vec<Proposal> {
    let search = Search { case, book, schedule, visit };
    let plain = search.plain_changes();
    let mut tried = BTreeSet::new();
    let mut found = search.confirm(plain.iter().map(|change| vec![change.clone()]).collect(), &mut tried);
    found.extend(search.confirm(search.waivers(&[], 1), &mut tried));
    if found.iter().all(|proposal| proposal.lifts_conflict) {
        let mut pairs = search.plain_pairs(&plain);
        for change in &plain {
            pairs.extend(search.waivers(std::slice::from_ref(change), 1));
        }
        pairs.extend(search.waivers(&[], 2));
        found.extend(search.confirm(pairs, &mut tried));
    }
    found.sort_by_cached_key(|proposal| search.rank(&proposal.changes));
    found.truncate(MOST.0);
    found
}

struct Search<'a> {
    case: &'a Case,
    book: &'a Book,
    schedule: &'a Schedule,
    visit: VisitId,
}

impl Search<'_> {
    /// Those of the changes that really help, few of each kind.
    fn confirm(&self, mut all: Vec<Vec<Change>>, tried: &mut BTreeSet<Vec<Change>>) -> Vec<Proposal> {
        all.sort_by_cached_key(|changes| self.rank(changes));
        let mut found: Vec<Proposal> = Vec::new();
        for changes in all {
            let kind = self.kind(&changes);
            let alike = found.iter().filter(|proposal| self.kind(&proposal.changes) == kind).count();
            // Trying costs a rebuilt board each; a kind that keeps failing is left after a few.
            let failed = tried.iter().filter(|tried| self.kind(tried) == kind).count() - alike;
            // Of two windows the longer has nothing that the shorter lacks.
            let most = if matches!(changes.as_slice(), [Change::Window { .. }]) { 1 } else { MOST.1 };
            if alike >= most || failed >= PROGRAMMED || !tried.insert(changes.clone()) {
                continue;
            }
            if let Some(staffed) = staffed(self.case, self.book, self.schedule, self.visit, &changes) {
                let lifts_conflict = changes.iter().any(is_conflict);
                found.push(Proposal { changes, staffed, lifts_conflict });
            }
        }
        found
    }

    /// Which proposals are alike: the same kinds of change and the same rules.
    fn kind(&self, changes: &[Change]) -> Vec<(u8, &'static str)> {
        let kind = |change: &Change| match change {
            Change::Waive { rule, .. } => (self.weight(change).0, *rule),
            _ => (self.weight(change).0, ""),
        };
        changes.iter().map(kind).collect()
    }

    /// Conflicts last, then fewer changes, then those that touch the rules least.
    fn rank(&self, changes: &[Change]) -> (bool, usize, Vec<(u8, i64)>, Vec<Change>) {
        let weights = changes.iter().map(|change| self.weight(change)).collect();
        (changes.iter().any(is_conflict), changes.len(), weights, changes.to_vec())
    }

    fn weight(&self, change: &Change) -> (u8, i64) {
        harm(self.case, self.book, self.visit, change)
    }

    /// Every change but waivers.
    fn plain_changes(&self) -> Vec<Change> {
        let visit = self.case.visit(self.visit);
        let ways = Ways::new(self.case, self.book, self.schedule, self.visit);
        let size = ways.asks(self.visit).size;
        let mut changes = self.windows(ways.board.calendar.days());
        changes.extend(visit.slot.map(|_| Change::AnySlot));
        changes.extend(self.programmed(&ways).into_iter().map(Change::Drop));
        let smaller = (2..size).rev().filter_map(|size| u32::try_from(size).ok());
        changes.extend(smaller.map(Change::TeamSize));
        changes
    }

    /// The window longer by a few working days of the period, at either end.
    fn windows(&self, days: &[NaiveDate]) -> Vec<Change> {
        let visit = self.case.visit(self.visit);
        let (from, to) = (visit.earliest.unwrap_or(self.case.period.from), visit.latest.unwrap_or(self.case.period.to));
        let later = days.iter().filter(|day| **day > to).take(LONGER);
        let sooner = days.iter().rev().filter(|day| **day < from).take(LONGER);
        let later = later.map(|day| Change::Window { from, to: *day });
        later.chain(sooner.map(|day| Change::Window { from: *day, to })).collect()
    }

    /// Programmed visits that have a part in keeping somebody from this one.
    fn programmed(&self, ways: &Ways) -> Vec<VisitId> {
        let asks = ways.asks(self.visit);
        let mut planned = BTreeSet::new();
        let mut add = |visit: VisitId| {
            if self.case.visit(visit).kind == Kind::Programmed {
                planned.insert(visit);
            }
        };
        for time in ways.times(self.visit) {
            ways.blocked(time, &mut add);
            for who in self.case.inspector_ids() {
                ways.person(&asks, time, who, &mut add);
            }
        }
        planned.into_iter().take(PROGRAMMED).collect()
    }

    /// Two changes of different kinds.
    fn plain_pairs(&self, plain: &[Change]) -> Vec<Vec<Change>> {
        let kind = |change: &Change| std::mem::discriminant(change);
        let mut pairs = Vec::new();
        for (at, one) in plain.iter().enumerate() {
            let others = plain[at + 1..].iter().filter(|other| kind(other) != kind(one));
            pairs.extend(others.map(|other| vec![one.clone(), other.clone()]));
        }
        pairs
    }

    /// Sets of at most `most` waivers that, after the changes `given`, let some team go at some time.
    fn waivers(&self, given: &[Change], most: usize) -> Vec<Vec<Change>> {
        let (case, schedule) = apply(self.case, self.schedule, self.visit, given);
        let ways = Ways::new(&case, self.book, &schedule, self.visit);
        let asks = ways.asks(self.visit);
        let mut sets: BTreeSet<Vec<Lift>> = BTreeSet::new();
        for time in ways.times(self.visit) {
            if !ways.blocked(time, &mut |_| {}).is_empty() {
                continue;
            }
            let mut among = everybody(&ways, &asks, time);
            among.retain(|one| one.barred.len() <= most && one.barred.iter().all(|rule| may_waive(&ways, *rule)));
            Hunt::new(&ways, &asks, time, &among, STEPS).lifting(most).every(&mut |_, lifts| {
                if lifts.iter().all(|(rule, _)| may_waive(&ways, *rule)) {
                    let mut set = lifts.to_vec();
                    set.sort_unstable();
                    sets.insert(set);
                }
                ControlFlow::Continue(())
            });
        }
        let waive = |(rule, inspector): &Lift| Change::Waive { rule: ways.rules[*rule].name, inspector: *inspector };
        let sets = sets.iter().filter(|set| !set.is_empty());
        sets.map(|set| given.iter().cloned().chain(set.iter().map(waive)).collect()).collect()
    }
}

fn may_waive(ways: &Ways, rule: usize) -> bool {
    waivable(ways.rules[rule].name).is_ok()
}

/// How much a change of a visit asks: its kind first, then how far it goes.
pub(super) fn harm(case: &Case, book: &Book, visit: VisitId, change: &Change) -> (u8, i64) {
    match change {
        // A visit may be put off more easily than held before its time: before a complaint came, say.
        Change::Window { from, to } => {
            let sooner = case.visit(visit).earliest.is_some_and(|earliest| *from < earliest);
            (u8::from(sooner), to.signed_duration_since(*from).num_days())
        }
        Change::AnySlot => (2, 0),
        Change::Drop(_) => (3, 0),
        Change::TeamSize(size) => (4, -i64::from(*size)),
        Change::Waive { rule, .. } if CONFLICTS.contains(rule) => (8, 0),
        Change::Waive { rule: "availability", .. } => (7, 0),
        Change::Waive { rule, .. } => {
            let shape = book.rules().find(|(entry, _)| entry.name == *rule).map(|(entry, _)| entry.shape);
            (if shape == Some(Shape::Exclusion) { 6 } else { 5 }, 0)
        }
    }
}

pub(super) fn is_conflict(change: &Change) -> bool {
    matches!(change, Change::Waive { rule, .. } if CONFLICTS.contains(rule))
}
