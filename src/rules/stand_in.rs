//! Who may take a person's place on every visit of a day, all else as planned: the question behind reserves.
//!
//! Absences last whole days, so whoever steps in takes over all that the person has on that day. Replacing one on a single visit would
//! also leave the others of a team with two partners on one day.
//!
//! Everybody is asked about everybody's days, so the answer comes in two steps. [`Asker::may`] lets the facts and the guards speak: the
//! day's visits are lifted off the board and put back one after the other with the new person, and guards look at one placement each.
//! [`Asker::holds`] has the last word on one person: it holds the changed schedule to the rules' own checks, as far as the change reaches.

mod left_out;
mod open;

pub use open::Open;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::eligible::Asked;
use super::{Board, Book, Checker, Eligible, Guard, Place, Sheet, Violation};
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
    book: &'c Book,
    eligible: Eligible<'c>,
    guards: Vec<Box<dyn Guard + 'c>>,
    apart: Vec<KeptApart>,
    checker: Checker<'c>,
    /// What is broken by what was fixed before.
    excused: Vec<Violation>,
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
        Self::after(case, book, &Schedule::default(), schedule)
    }

    /// The same after `before` was fixed: what breaks a rule in that alone, as an override may, is nobody's fault who steps in.
    pub fn after(case: &'c Case, book: &'c Book, before: &Schedule, schedule: &'c Schedule) -> Option<Self> {
        let (checker, mut sheet) = (book.checker(case), Sheet::new(case));
        let excused = checker.check(before);
        if !sheet.put_all(schedule) || !keeps(&checker, &mut sheet, &excused) {
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
            book,
            eligible: Eligible::whatever_seats(case, book, span),
            guards: book.rules().filter_map(|(_, rule)| rule.guard(case)).collect(),
            apart: kept_apart(case, book),
            checker,
            excused,
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

    /// Every visit that `who` has on a day, in order.
    fn visits(&self, who: InspectorId, date: NaiveDate) -> impl Iterator<Item = (VisitId, &'c Team)> + '_ {
        let own = self.of_person[who.index()]
            .iter()
            .filter_map(|visit| Some((*visit, self.schedule.assignments.get(visit)?)));
        own.filter(move |(_, to)| to.date == date).map(|(visit, to)| (visit, &to.team))
    }

    /// The visits of these people, and all others at the places and with the owners of those: whatever a rule says of one of these
    /// people's visits, it says looking at these.
    fn around(&self, people: impl Iterator<Item = InspectorId>) -> BTreeSet<VisitId> {
        let mut near: BTreeSet<VisitId> = people.flat_map(|who| &self.of_person[who.index()]).copied().collect();
        let mates = |visit: &VisitId| {
            let owner = self.owner(*visit).and_then(|owner| self.of_owner.get(owner));
            self.of_place.get(&self.case.visit(*visit).establishment).into_iter().chain(owner).flatten().copied()
        };
        let mates: Vec<VisitId> = near.iter().flat_map(mates).collect();
        near.extend(mates);
        near
    }

    fn owner(&self, visit: VisitId) -> Option<&'c str> {
        self.case.place_of(visit).owner.as_deref()
    }

    /// Whether two of these visits lie at one place or with one owner. A limit may then allow both though it would not allow one
    /// alone (a team between two others makes a return lawful), so that guards, who see one after the other, are not the ones to ask.
    fn entangled(&self, seats: &[Seat]) -> bool {
        let visit = |seat: &Seat| seat.place.visit;
        let place = |seat: &Seat| self.case.visit(visit(seat)).establishment;
        let owned = |a: &Seat, b: &Seat| self.owner(visit(a)).is_some() && self.owner(visit(a)) == self.owner(visit(b));
        let meets = |a: &Seat, b: &Seat| place(a) == place(b) || owned(a, b);
        seats.iter().enumerate().any(|(at, a)| seats[at + 1..].iter().any(|b| meets(a, b)))
    }

    /// The place of `member` in a team.
    fn seat(&self, place: Place, team: &Team, member: InspectorId) -> Seat<'_> {
        let others: Vec<InspectorId> = team.members().iter().copied().filter(|other| *other != member).collect();
        let needs = self.eligible.needs(place.visit).iter();
        let open = needs.filter(|need| others.iter().filter(|who| need.met_by(**who)).count() < need.at_least);
        Seat { place, open: open.collect(), others }
    }

    /// Whom no fact keeps from any of these seats, in order of id.
    fn by_facts(&self, seats: &[Seat], member: InspectorId) -> Vec<InspectorId> {
        let goers = |seat: &Seat| {
            let day = seat.place.day;
            self.eligible.goers(seat.place.visit).filter(move |goer| goer.days.has(day)).map(|goer| goer.who)
        };
        let Some((first, more)) = seats.split_first() else { return Vec::new() };
        let mut people: Vec<InspectorId> =
            goers(first).filter(|who| *who != member && self.fits(first, *who)).collect();
        for seat in more {
            let goers: Vec<InspectorId> = goers(seat).collect();
            people.retain(|who| goers.binary_search(who).is_ok() && self.fits(seat, *who));
        }
        people
    }

    /// Whether `who` has what the others of the team lack, and may serve with each of them.
    fn fits(&self, seat: &Seat, who: InspectorId) -> bool {
        let visit = seat.place.visit;
        let apart = |other: InspectorId| self.apart.iter().any(|kept| kept.keeps(self.case, visit, who, other));
        !seat.others.contains(&who)
            && seat.open.iter().all(|need| need.met_by(who))
            && !seat.others.iter().any(|other| apart(*other))
    }

    /// Whether no guard tells of a clash where `who` takes each of these seats after the one before; they stand open on the board, and are
    /// left so.
    fn lets_all(&self, board: &mut Board, seats: &[Seat], who: InspectorId) -> bool {
        let Some((seat, more)) = seats.split_first() else { return true };
        if !self.lets(board, seat, who) {
            return false;
        }
        let Some(team) = seat.team(who).filter(|_| !more.is_empty()) else { return more.is_empty() };
        board.put(seat.place, team);
        let free = self.lets_all(board, more, who);
        board.lift(seat.place.visit);
        free
    }

    /// Whether no guard tells of a clash where `who` takes a seat.
    fn lets(&self, board: &Board, seat: &Seat, who: InspectorId) -> bool {
        let mut free = true;
        let mut clash = |_: super::Clash| free = false;
        self.guards.iter().for_each(|guard| guard.person(board, seat.place, who, &mut clash));
        for other in &seat.others {
            let (a, b) = (who.min(*other), who.max(*other));
            self.guards.iter().for_each(|guard| guard.pair(board, seat.place, a, b, &mut clash));
        }
        if let Some(team) = seat.team(who) {
            self.guards.iter().for_each(|guard| guard.team(board, seat.place, team.members(), &mut clash));
        }
        free
    }
}

/// A visit whose team lacks one.
struct Seat<'s> {
    place: Place,
    /// The team without that one, in order.
    others: Vec<InspectorId>,
    /// What these do not have enough of.
    open: Vec<&'s Asked>,
}

impl Seat<'_> {
    fn team(&self, who: InspectorId) -> Option<Team> {
        Team::new(self.others.iter().copied().chain([who]))
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
    /// Everybody who may take the place of `member` on all of the member's visits of a day, in order of id; nobody where the member has none.
    pub fn may(&mut self, date: NaiveDate, member: InspectorId) -> Vec<InspectorId> {
        let all = self.all;
        let lifted: Vec<(Place, Team)> = all.visits(member, date).filter_map(|(visit, _)| self.lift(visit)).collect();
        let seats: Vec<Seat> = lifted.iter().map(|(place, team)| all.seat(*place, team, member)).collect();
        let mut people = all.by_facts(&seats, member);
        let entangled = all.entangled(&seats);
        if !entangled {
            people.retain(|who| all.lets_all(&mut self.board, &seats, *who));
        }
        lifted.into_iter().for_each(|(place, team)| self.board.put(place, team));
        if entangled {
            people.retain(|who| self.holds(date, member, *who));
        }
        people
    }

    fn lift(&mut self, visit: VisitId) -> Option<(Place, Team)> {
        let placed = self.board.lift(visit)?;
        Some((Place { visit, day: placed.day, slot: placed.slot }, placed.team))
    }

    /// Whether every rule holds with `who` in the place of `member` on all of the member's visits of a day.
    pub fn holds(&mut self, date: NaiveDate, member: InspectorId, who: InspectorId) -> bool {
        let all = self.all;
        let changed = all.visits(member, date).map(|(visit, team)| Some((visit, replaced(team, member, who)?)));
        let Some(changed) = changed.collect::<Option<BTreeMap<VisitId, Team>>>() else { return false };
        let people = all.visits(member, date).flat_map(|(_, team)| team.members()).copied().chain([who]);
        let near = all.around(people);
        !changed.is_empty()
            && (self.keeps(&changed, near.iter()) || self.keeps(&changed, all.schedule.assignments.keys()))
    }

    /// Whether no rule is broken by these visits alone, those of `changed` with their new teams.
    fn keeps<'v>(&mut self, changed: &BTreeMap<VisitId, Team>, visits: impl Iterator<Item = &'v VisitId>) -> bool {
        self.sheet.clear();
        for visit in visits {
            let Some(to) = self.all.schedule.assignments.get(visit) else { return false };
            let team = changed.get(visit).unwrap_or(&to.team);
            if !self.sheet.put(*visit, to.date, to.slot, team.members()) {
                return false;
            }
        }
        keeps(&self.all.checker, &mut self.sheet, &self.all.excused)
    }
}

/// Whether what lies on the sheet breaks no rule, but for what is excused.
fn keeps(checker: &Checker, sheet: &mut Sheet, excused: &[Violation]) -> bool {
    let held = sheet.read();
    checker.holds(held) || !excused.is_empty() && checker.violations(held).iter().all(|one| excused.contains(one))
}

/// The team with `who` in the place of `member`.
fn replaced(team: &Team, member: InspectorId, who: InspectorId) -> Option<Team> {
    let others = team.members().iter().copied().filter(|other| *other != member);
    Team::new(others.chain([who])).filter(|new| new.members().len() == team.members().len())
}
