//! What is held: the fold of draws and changes, in the ids that people know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::change::{AbsentDays, Amendment, ByHand, Cause, Change, Conflicted, Move, Went, What};
use super::draws::PastDraw;
use super::known::{Known, WentOn};
use crate::model::{Assignment, Case, Schedule, SlotId, Team};

/// A visit that is held: when, and who sits in whose seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldVisit {
    /// The day.
    pub date: NaiveDate,
    /// The slot in which it starts.
    pub slot: String,
    /// Who goes, and for whom their seat was drawn; whoever was given it by hand, for themselves.
    pub seats: BTreeMap<String, String>,
}

impl HeldVisit {
    /// A visit on which these go, each in the seat that `before` gives them there on that day, or in their own.
    fn of(date: NaiveDate, slot: String, team: &[String], before: Option<&Self>) -> Self {
        let before = before.filter(|before| before.date == date);
        let seat = |who: &String| before.and_then(|before| before.seats.get(who)).unwrap_or(who).clone();
        Self { date, slot, seats: team.iter().map(|who| (who.clone(), seat(who))).collect() }
    }

    /// The same visit with another whole team: its members, in order of id, in the seats that were there, in the order of those for whom they were
    /// drawn; where there are more of them, each for themselves.
    pub(super) fn taken_over(&self, team: &[String]) -> Self {
        let mut members: Vec<&String> = self.seats.values().collect();
        members.sort_unstable();
        let seat = |(at, who): (usize, &String)| (who.clone(), (*members.get(at).unwrap_or(&who)).clone());
        Self { seats: team.iter().enumerate().map(seat).collect(), ..self.clone() }
    }

    /// Who goes, in order of id.
    pub fn team(&self) -> impl Iterator<Item = &str> {
        self.seats.keys().map(String::as_str)
    }

    /// Under `case`; none where it does not have the slot or one of the people, or the day is outside its period.
    fn in_case(&self, case: &Case) -> Option<Assignment> {
        let slot = case.period.slots.iter().position(|slot| *slot == self.slot)?;
        let team: Option<Vec<_>> = self.team().map(|id| case.find_inspector(id)).collect();
        let inside = case.period.from <= self.date && self.date <= case.period.to;
        let team = Team::new(team?).filter(|_| inside)?;
        Some(Assignment { date: self.date, slot: SlotId::at(slot), team })
    }
}

/// What is held after draws and changes, and what these declared.
///
/// ```
/// # use foureyes::record::changes::{ByHand, Change, Held, What};
/// let date = chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
/// let team = vec!["ana".to_owned(), "ben".to_owned()];
/// let given = ByHand { visit: "v1".to_owned(), held: Some((date, "am".to_owned(), team)) };
/// let mut held = Held::default();
/// held.change(&Change { salt: [0; 32], what: What::Override { evidence: "a flood".to_owned(), teams: vec![given] } });
/// assert_eq!(held.visit("v1").unwrap().team().collect::<Vec<_>>(), ["ana", "ben"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub(super) visits: BTreeMap<String, HeldVisit>,
    cancelled: BTreeMap<String, Off>,
    /// Taken off by an override.
    dropped: BTreeMap<String, Off>,
    /// Either of these, on a day that is over.
    over: BTreeMap<String, Off>,
    executed: BTreeSet<NaiveDate>,
    absences: BTreeSet<AbsentDays>,
    conflicts: Vec<Conflicted>,
    /// How many draws there were.
    draws: usize,
    /// What is only added to, and copied when it is.
    known: Arc<Known>,
}

/// How a visit was taken off, and whether its day is over.
#[derive(Clone, Copy)]
pub(super) enum Why {
    /// Cancelled, on a day that is to come.
    Cancelled,
    /// By an override, on a day that is to come.
    ByHand,
    /// One or the other, on a day that is over.
    Over,
}

/// A visit that was held and was taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Off {
    /// As it was.
    pub visit: HeldVisit,
    /// How many draws there were before it was taken off.
    pub draws: usize,
}

impl Held {
    /// The visit, where it is held.
    pub fn visit(&self, id: &str) -> Option<&HeldVisit> {
        self.visits.get(id)
    }

    /// Every visit that is held, in order of id.
    pub fn visits(&self) -> impl Iterator<Item = (&str, &HeldVisit)> {
        self.visits.iter().map(|(id, visit)| (id.as_str(), visit))
    }

    /// The visits that are held on a day, in order of id.
    pub fn on(&self, date: NaiveDate) -> impl Iterator<Item = (&str, &HeldVisit)> {
        self.visits().filter(move |(_, visit)| visit.date == date)
    }

    /// A visit that was cancelled, as it was; none once its day is over, for then it is a visit like all others.
    pub fn cancelled(&self, id: &str) -> Option<&HeldVisit> {
        self.cancelled.get(id).map(|off| &off.visit)
    }

    /// Every visit that is cancelled and whose day is not over, in order of id.
    pub fn all_cancelled(&self) -> impl Iterator<Item = (&str, &HeldVisit)> {
        self.cancelled.iter().map(|(id, off)| (id.as_str(), &off.visit))
    }

    /// The visits that were taken off so, in order of id.
    pub(super) fn off(&self, why: Why) -> &BTreeMap<String, Off> {
        match why {
            Why::Cancelled => &self.cancelled,
            Why::ByHand => &self.dropped,
            Why::Over => &self.over,
        }
    }

    /// Whether the day is over, and told of.
    pub fn is_executed(&self, date: NaiveDate) -> bool {
        self.executed.contains(&date)
    }

    /// The absences that amendments declared, in order.
    pub fn absences(&self) -> impl Iterator<Item = &AbsentDays> {
        self.absences.iter()
    }

    /// The conflicts that amendments declared, as they came.
    pub fn conflicts(&self) -> &[Conflicted] {
        &self.conflicts
    }

    /// Whether a draw was made with this conflict, or an amendment declared it, and nothing withdrew it.
    pub fn stands(&self, conflict: &Conflicted) -> bool {
        self.conflicts.contains(conflict) || self.known.conflicts.contains(conflict)
    }

    /// The conflicts that draws were made with and nothing withdrew, in order.
    pub(super) fn known_conflicts(&self) -> impl Iterator<Item = &Conflicted> {
        self.known.conflicts.iter()
    }

    /// Every conflict that stands, then those that were withdrawn: for whoever names one in fewer words.
    pub fn all_conflicts(&self) -> impl Iterator<Item = &Conflicted> {
        self.conflicts.iter().chain(&self.known.conflicts).chain(&self.known.withdrawn)
    }

    /// Who went on visits of days that were executed, as they were told of.
    pub(super) fn went(&self) -> &[WentOn] {
        &self.known.went
    }

    /// Adds what a draw drew: every visit of its schedule that was not fixed before.
    pub fn draw(&mut self, draw: &PastDraw) {
        let case = &draw.case;
        let drawn = draw.schedule.assignments.iter().filter(|(visit, _)| !draw.before.assignments.contains_key(visit));
        for (visit, to) in drawn {
            let team: Vec<String> = to.team.members().iter().map(|who| case.inspector(*who).id.clone()).collect();
            let slot = case.period.slots.get(to.slot.index()).cloned().unwrap_or_default();
            let id = &case.visit(*visit).id;
            self.cancelled.remove(id);
            self.dropped.remove(id);
            self.over.remove(id);
            self.visits.insert(id.clone(), HeldVisit::of(to.date, slot, &team, None));
        }
        self.draws += 1;
        Known::take(&mut self.known, case);
    }

    /// Does what a change says. Of one that can't be, whatever can.
    pub fn change(&mut self, change: &Change) {
        match &change.what {
            What::Amend(Amendment { cause, moves, .. }) => {
                self.declare(cause);
                moves.iter().for_each(|one| self.one_move(one));
            }
            What::Override { teams, .. } => teams.iter().for_each(|one| self.by_hand(one)),
            What::Executed { date, held } => self.execute(*date, held),
        }
    }

    /// Takes what an amendment declares: who is absent, who has a conflict, what is cancelled or not any more.
    pub(super) fn declare(&mut self, cause: &Cause) {
        match cause {
            Cause::Absence(days) => {
                self.absences.insert(days.clone());
            }
            Cause::Conflict(conflict) => {
                // What stands is the conflict; how it was settled who leaves for it is no part of it.
                let conflict = Conflicted { drawn: false, ..conflict.clone() };
                if self.known.withdrawn.contains(&conflict) {
                    Arc::make_mut(&mut self.known).withdrawn.remove(&conflict);
                }
                self.conflicts.push(conflict);
            }
            Cause::Cancelled(id) => {
                let visit = self.visits.get(id).filter(|visit| !self.executed.contains(&visit.date)).cloned();
                self.visits.retain(|held, _| visit.is_none() || held != id);
                let draws = self.draws;
                self.cancelled.extend(visit.map(|visit| (id.clone(), Off { visit, draws })));
            }
            Cause::Restored(id) => {
                let off = self.cancelled.remove(id);
                self.visits.extend(off.map(|off| (id.clone(), off.visit)));
            }
            Cause::Withdrawn(conflict) => {
                self.conflicts.retain(|one| one != conflict);
                Arc::make_mut(&mut self.known).withdraw(conflict);
            }
        }
    }

    fn one_move(&mut self, one: &Move) {
        if self.executed.contains(&one.date) {
            return;
        }
        for id in &one.visits {
            let Some(visit) = self.visits.get_mut(id).filter(|visit| visit.date == one.date) else { continue };
            if !one.team.is_empty() && visit.seats.contains_key(&one.from) {
                *visit = visit.taken_over(&one.team);
                continue;
            }
            if visit.seats.remove(&one.from).is_none() {
                continue;
            }
            match one.by.as_ref().filter(|by| !visit.seats.contains_key(*by)) {
                Some(by) => {
                    visit.seats.insert(by.clone(), one.member.clone());
                }
                None => {
                    self.visits.remove(id);
                }
            }
        }
    }

    fn by_hand(&mut self, one: &ByHand) {
        self.cancelled.remove(&one.visit);
        let before = self.visits.remove(&one.visit);
        if let Some((date, slot, team)) = &one.held {
            let visit = HeldVisit::of(*date, slot.clone(), team, before.as_ref());
            self.visits.insert(one.visit.clone(), visit);
            self.dropped.remove(&one.visit);
            self.over.remove(&one.visit);
        } else if let Some(visit) = before.filter(|before| !self.executed.contains(&before.date)) {
            self.dropped.insert(one.visit.clone(), Off { visit, draws: self.draws });
        }
    }

    fn execute(&mut self, date: NaiveDate, held: &[Went]) {
        let mut told = Vec::new();
        for went in held {
            let Some(before) = self.visits.get(&went.visit).filter(|visit| visit.date == date) else { continue };
            let after = HeldVisit::of(date, before.slot.clone(), &went.team, Some(before));
            if went.team.is_empty() {
                self.visits.remove(&went.visit);
            } else {
                self.visits.insert(went.visit.clone(), after);
                told.push(WentOn { date, visit: went.visit.clone(), team: went.team.clone(), draws: self.draws });
            }
        }
        if self.executed.insert(date) && !told.is_empty() {
            Arc::make_mut(&mut self.known).went.extend(told);
        }
        for off in [&mut self.cancelled, &mut self.dropped] {
            self.over.extend(off.extract_if(.., |_, off| off.visit.date == date));
        }
    }

    /// What is held, under the case of a freeze. What the case can't say is left out: visits, people and slots that it does not have, and
    /// days outside its period.
    pub fn schedule(&self, case: &Case) -> Schedule {
        let of = |(id, visit): (&String, &HeldVisit)| Some((case.find_visit(id)?, visit.in_case(case)?));
        Schedule { assignments: self.visits.iter().filter_map(of).collect() }
    }

    /// The case with every absence and conflict that amendments declared, as far as it has the people and places.
    pub fn declared(&self, case: &Case) -> Case {
        let mut case = case.clone();
        let absences: Vec<_> = self.absences.iter().filter_map(|days| days.in_case(&case)).collect();
        case.absences.extend(absences);
        case.absences.sort();
        case.absences.dedup();
        let conflicts: Vec<_> = self.conflicts.iter().filter_map(|conflict| conflict.in_case(&case)).collect();
        case.conflicts.extend(conflicts);
        case.conflicts.sort();
        case.conflicts.dedup();
        case
    }
}
