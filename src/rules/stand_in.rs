//! Who may take a member's place in a team, all else as planned: the question behind reserves.
//!
//! Everybody is asked about every seat, so the answer comes in two steps. [`Asker::may`] lets the guards and the facts speak,
//! which look at one placement each. [`Asker::holds`] has the last word on one person: it holds the changed schedule to the rules' own checks,
//! as far as the change reaches.

use std::collections::{BTreeMap, BTreeSet};

use super::{Board, Book, Checker, Eligible, Guard, Place, Sheet};
use crate::model::{Case, EstablishmentId, InspectorId, Schedule, Span, Team, VisitId};

/// A schedule that breaks no rule, ready to be asked who may step in.
///
/// ```
/// # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/harbour");
/// # let case = foureyes::read::read_case(folder.as_ref()).case.unwrap();
/// use foureyes::model::Schedule;
/// use foureyes::rules::{Book, StandIns};
/// let book = Book::new(&case.settings).unwrap();
/// assert!(StandIns::new(&case, &book, &Schedule::default()).is_some());
/// ```
pub struct StandIns<'c> {
    case: &'c Case,
    eligible: Eligible<'c>,
    guards: Vec<Box<dyn Guard + 'c>>,
    apart: Vec<KeptApart>,
    checker: Checker<'c>,
    board: Board<'c>,
    schedule: &'c Schedule,
    /// By person: the visits that they go on.
    of_person: Vec<Vec<VisitId>>,
    /// The visits that are held at a place.
    of_place: BTreeMap<EstablishmentId, Vec<VisitId>>,
    /// The visits that are held at the places of an owner.
    of_owner: BTreeMap<&'c str, Vec<VisitId>>,
}

/// Who may never serve together by one rule.
struct KeptApart {
    rule: &'static str,
    pairs: BTreeSet<(InspectorId, InspectorId)>,
    /// By person: the groups that they are in.
    groups: BTreeMap<InspectorId, Vec<usize>>,
}

impl KeptApart {
    fn keeps(&self, case: &Case, visit: VisitId, a: InspectorId, b: InspectorId) -> bool {
        let groups = |who| self.groups.get(&who).into_iter().flatten();
        let apart = self.pairs.contains(&(a.min(b), a.max(b))) || groups(a).any(|one| groups(b).any(|two| one == two));
        apart && !case.waived(self.rule, visit, a) && !case.waived(self.rule, visit, b)
    }
}

impl<'c> StandIns<'c> {
    /// None where `schedule` breaks a rule itself: then there is nothing that a reserve could keep.
    pub fn new(case: &'c Case, book: &'c Book, schedule: &'c Schedule) -> Option<Self> {
        let (checker, mut sheet) = (book.checker(case), Sheet::new(case));
        if !sheet.put_all(schedule) || !checker.holds(sheet.read()) {
            return None;
        }
        let mut board = Board::new(case);
        for (visit, to) in &schedule.assignments {
            let day = board.calendar.day(to.date)?;
            board.put(Place { visit: *visit, day, slot: to.slot }, to.team.clone());
        }
        let span = Span { from: case.period.from, to: case.period.to };
        let mut all = Self {
            case,
            eligible: Eligible::new(case, book, span, &Schedule::default()),
            guards: book.rules().filter_map(|(_, rule)| rule.guard(case)).collect(),
            apart: kept_apart(case, book),
            checker,
            board,
            schedule,
            of_person: vec![Vec::new(); case.inspectors.len()],
            of_place: BTreeMap::new(),
            of_owner: BTreeMap::new(),
        };
        all.index();
        Some(all)
    }

    fn index(&mut self) {
        for (visit, to) in &self.schedule.assignments {
            to.team.members().iter().for_each(|who| self.of_person[who.index()].push(*visit));
            self.of_place.entry(self.case.visit(*visit).establishment).or_default().push(*visit);
            if let Some(owner) = &self.case.place_of(*visit).owner {
                self.of_owner.entry(owner).or_default().push(*visit);
            }
        }
    }

    /// Somebody who asks; as many may ask side by side as there are threads.
    pub fn asker(&self) -> Asker<'_, 'c> {
        Asker { all: self, board: self.board.clone(), sheet: Sheet::new(self.case) }
    }

    /// The visits of these people, and all others at the places and with the owners of those: whatever a rule says of one of these
    /// people's visits, it says looking at these.
    fn around(&self, visit: VisitId, people: impl Iterator<Item = InspectorId>) -> BTreeSet<VisitId> {
        let mut near: BTreeSet<VisitId> = people.flat_map(|who| &self.of_person[who.index()]).copied().collect();
        near.insert(visit);
        let mates = |visit: &VisitId| {
            let owner = self.case.place_of(*visit).owner.as_deref();
            let of_owner = owner.and_then(|owner| self.of_owner.get(owner));
            self.of_place.get(&self.case.visit(*visit).establishment).into_iter().chain(of_owner).flatten().copied()
        };
        let mates: Vec<VisitId> = near.iter().flat_map(mates).collect();
        near.extend(mates);
        near
    }
}

fn kept_apart(case: &Case, book: &Book) -> Vec<KeptApart> {
    let mut all = Vec::new();
    for (entry, rule) in book.rules() {
        let apart = rule.apart(case);
        let mut groups: BTreeMap<InspectorId, Vec<usize>> = BTreeMap::new();
        for (at, group) in apart.groups.iter().enumerate() {
            group.iter().for_each(|who| groups.entry(*who).or_default().push(at));
        }
        let pairs = apart.pairs.iter().map(|(a, b)| (*a.min(b), *a.max(b))).collect();
        all.push(KeptApart { rule: entry.name, pairs, groups });
    }
    all.retain(|kept| !kept.pairs.is_empty() || !kept.groups.is_empty());
    all
}

/// One who asks, with a board and a sheet of their own.
pub struct Asker<'s, 'c> {
    all: &'s StandIns<'c>,
    board: Board<'c>,
    sheet: Sheet,
}

impl Asker<'_, '_> {
    /// Everybody who may go on `visit` in the place of `member`, in order of id, by what facts and guards say; nobody where `member` does not go on it.
    pub fn may(&mut self, visit: VisitId, member: InspectorId) -> Vec<InspectorId> {
        let (Some(day), Some(to)) = (self.board.placed(visit).map(|placed| placed.day), self.board.lift(visit)) else {
            return Vec::new();
        };
        let place = Place { visit, day, slot: to.slot };
        let people = match to.team.contains(member) {
            true => self.all.candidates(&self.board, place, &to.team, member),
            false => Vec::new(),
        };
        self.board.put(place, to.team);
        people
    }

    /// Whether every rule holds with `who` on `visit` in the place of `member`.
    pub fn holds(&mut self, visit: VisitId, member: InspectorId, who: InspectorId) -> bool {
        let Some(to) = self.all.schedule.assignments.get(&visit) else { return false };
        let Some(team) = replaced(&to.team, member, who) else { return false };
        let people = to.team.members().iter().copied().chain([who]);
        let near = self.all.around(visit, people);
        self.keeps(visit, &team, near.iter()) || self.keeps(visit, &team, self.all.schedule.assignments.keys())
    }

    /// Whether no rule is broken by these visits alone, `visit` with `team`.
    fn keeps<'v>(&mut self, visit: VisitId, team: &Team, visits: impl Iterator<Item = &'v VisitId>) -> bool {
        self.sheet.clear();
        for one in visits {
            let Some(to) = self.all.schedule.assignments.get(one) else { return false };
            let team = if *one == visit { team } else { &to.team };
            if !self.sheet.put(*one, to.date, to.slot, team.members()) {
                return false;
            }
        }
        self.all.checker.holds(self.sheet.read())
    }
}

/// The team with `who` in the place of `member`.
fn replaced(team: &Team, member: InspectorId, who: InspectorId) -> Option<Team> {
    let others = team.members().iter().copied().filter(|other| *other != member);
    Team::new(others.chain([who])).filter(|new| new.members().len() == team.members().len())
}

impl StandIns<'_> {
    /// Whom nothing keeps from `place` on a board without its visit, beside the members of `team` other than `member`.
    fn candidates(&self, board: &Board, place: Place, team: &Team, member: InspectorId) -> Vec<InspectorId> {
        let others: Vec<InspectorId> = team.members().iter().copied().filter(|other| *other != member).collect();
        let needs = self.eligible.needs(place.visit).iter();
        let open = needs.filter(|need| others.iter().filter(|who| need.met_by(**who)).count() < need.at_least);
        let open: Vec<_> = open.collect();
        let goers = self.eligible.goers(place.visit).filter(|goer| goer.days.has(place.day)).map(|goer| goer.who);
        goers
            .filter(|who| !team.contains(*who))
            .filter(|who| open.iter().all(|need| need.met_by(*who)))
            .filter(|who| others.iter().all(|other| !self.kept_apart(place.visit, *who, *other)))
            .filter(|who| self.lets(board, place, &others, *who))
            .collect()
    }

    fn kept_apart(&self, visit: VisitId, a: InspectorId, b: InspectorId) -> bool {
        self.apart.iter().any(|kept| kept.keeps(self.case, visit, a, b))
    }

    /// Whether no guard tells of a clash.
    fn lets(&self, board: &Board, place: Place, others: &[InspectorId], who: InspectorId) -> bool {
        let mut free = true;
        let mut clash = |_: super::Clash| free = false;
        self.guards.iter().for_each(|guard| guard.person(board, place, who, &mut clash));
        for other in others {
            let (a, b) = (who.min(*other), who.max(*other));
            self.guards.iter().for_each(|guard| guard.pair(board, place, a, b, &mut clash));
        }
        if let Some(team) = Team::new(others.iter().copied().chain([who])) {
            self.guards.iter().for_each(|guard| guard.team(board, place, team.members(), &mut clash));
        }
        free
    }
}
