//! The board on which a schedule is built: who is where, kept so that limits can look quickly.
//!
//! It knows no rule. Whoever places a visit has asked the guards before.

use std::ops::Range;

use chrono::NaiveDate;
use smallvec::SmallVec;

use super::Place;
use crate::model::{Assignment, Case, EstablishmentId, InspectorId, Schedule, SlotId, Team, VisitId, Week};

/// The working days of the period, numbered from 0.
#[derive(Clone, Debug)]
pub struct Calendar {
    days: Vec<NaiveDate>,
    weeks: Vec<Range<usize>>,
    /// By day: the number of its week, from 0.
    numbers: Vec<usize>,
}

impl Calendar {
    /// The calendar of the case's period.
    pub fn new(case: &Case) -> Self {
        let days = case.period.days();
        let week = |day: &NaiveDate| Week::of(*day);
        let first = |at: usize| days.partition_point(|day| week(day) < week(&days[at]));
        let end = |at: usize| days.partition_point(|day| week(day) <= week(&days[at]));
        let weeks: Vec<Range<usize>> = (0..days.len()).map(|at| first(at)..end(at)).collect();
        let begins = |day: usize| (1..=day).filter(|at| weeks[*at] != weeks[*at - 1]).count();
        let numbers = (0..days.len()).map(begins).collect();
        Self { days, weeks, numbers }
    }

    /// The dates, in order.
    pub fn days(&self) -> &[NaiveDate] {
        &self.days
    }

    /// The date of a day.
    pub fn date(&self, day: usize) -> NaiveDate {
        self.days[day]
    }

    /// The number of a date, where it is a working day of the period.
    pub fn day(&self, date: NaiveDate) -> Option<usize> {
        self.days.binary_search(&date).ok()
    }

    /// The working days of the period that lie in the week of `day`.
    pub fn week(&self, day: usize) -> Range<usize> {
        self.weeks[day].clone()
    }
}

/// A visit that stands on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which working day.
    pub day: usize,
    /// The slot in which it starts.
    pub slot: SlotId,
    /// Who goes.
    pub team: Team,
}

/// One visit of one inspector on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duty {
    /// The visit.
    pub visit: VisitId,
    /// The slot in which it starts.
    pub slot: SlotId,
    /// How many slots it fills.
    pub slots: u8,
}

impl Duty {
    /// Whether it fills any of the `slots` slots that begin with `slot`.
    #[inline]
    pub fn overlaps(self, slot: SlotId, slots: u8) -> bool {
        let (a, b) = (u16::from(self.slot.0), u16::from(slot.0));
        a < b + u16::from(slots) && b < a + u16::from(self.slots)
    }
}

/// A schedule that is being built.
#[derive(Clone, Debug)]
pub struct Board<'c> {
    /// The case it is built for.
    pub case: &'c Case,
    /// Its days.
    pub calendar: Calendar,
    placed: Vec<Option<Placed>>,
    duties: Vec<SmallVec<[Duty; 2]>>,
    /// By day, then person, and by week, then person: how many duties they have.
    on_day: Vec<u16>,
    in_week: Vec<u16>,
    /// By day and slot: who has a duty that fills it, a bit for each person.
    busy: Vec<u64>,
    /// In how many teams each two people are: the triangle below the diagonal.
    met: Vec<u16>,
    visits_of: Vec<Vec<VisitId>>,
}

impl<'c> Board<'c> {
    /// An empty board.
    pub fn new(case: &'c Case) -> Self {
        let calendar = Calendar::new(case);
        let mut visits_of = vec![Vec::new(); case.establishments.len()];
        for visit in case.visit_ids() {
            visits_of[case.visit(visit).establishment.index()].push(visit);
        }
        let duties = vec![SmallVec::new(); case.inspectors.len() * calendar.days().len()];
        let people = case.inspectors.len();
        let met = vec![0; people * people.saturating_sub(1) / 2];
        let (days, weeks) = (calendar.days().len(), calendar.numbers.last().map_or(0, |last| last + 1));
        Self {
            case,
            placed: vec![None; case.visits.len()],
            duties,
            on_day: vec![0; days * people],
            in_week: vec![0; weeks * people],
            busy: vec![0; days * case.period.slots.len() * people.div_ceil(64)],
            met,
            visits_of,
            calendar,
        }
    }

    /// In how many teams on the board two different people are.
    #[inline]
    pub fn met(&self, a: InspectorId, b: InspectorId) -> usize {
        usize::from(self.met[below_diagonal(a, b)])
    }

    /// Where a visit stands, if it does.
    pub fn placed(&self, visit: VisitId) -> Option<&Placed> {
        self.placed[visit.index()].as_ref()
    }

    /// Where every visit stands, by visit.
    pub fn all_placed(&self) -> &[Option<Placed>] {
        &self.placed
    }

    /// What an inspector has on a day, in the order in which it was placed.
    #[inline]
    pub fn duties(&self, inspector: InspectorId, day: usize) -> &[Duty] {
        &self.duties[self.cell(inspector, day)]
    }

    /// How many duties each person has on a day, by person.
    #[inline]
    pub fn on_day(&self, day: usize) -> &[u16] {
        let people = self.case.inspectors.len();
        &self.on_day[day * people..(day + 1) * people]
    }

    /// How many duties each person has in the week of a day, by person.
    #[inline]
    pub fn in_week(&self, day: usize) -> &[u16] {
        let (people, week) = (self.case.inspectors.len(), self.calendar.numbers[day]);
        &self.in_week[week * people..(week + 1) * people]
    }

    /// Who has a duty that fills a slot of a day: a bit for each person. Nobody has in a slot that the period has not.
    #[inline]
    pub fn busy(&self, day: usize, slot: SlotId) -> &[u64] {
        let (slots, words) = (self.case.period.slots.len(), self.case.inspectors.len().div_ceil(64));
        let first = (day * slots + slot.index()) * words;
        if slot.index() < slots { &self.busy[first..first + words] } else { &[] }
    }

    /// Counts one duty of a person on a day more, or one fewer, and marks the slots that they now have duties in.
    fn count(&mut self, who: InspectorId, day: usize, duty: Duty, more: bool) {
        let (people, week) = (self.case.inspectors.len(), self.calendar.numbers[day]);
        for count in [&mut self.on_day[day * people + who.index()], &mut self.in_week[week * people + who.index()]] {
            *count = if more { *count + 1 } else { *count - 1 };
        }
        let (slots, words, cell) = (self.case.period.slots.len(), people.div_ceil(64), self.cell(who, day));
        for slot in usize::from(duty.slot.0)..(usize::from(duty.slot.0) + usize::from(duty.slots)).min(slots) {
            let filled = self.duties[cell].iter().any(|duty| duty.overlaps(SlotId::at(slot), 1));
            let word = &mut self.busy[(day * slots + slot) * words + who.index() / 64];
            *word = *word & !(1 << (who.index() % 64)) | u64::from(filled) << (who.index() % 64);
        }
    }

    /// Every visit that the case plans at a place, placed or not.
    pub fn visits_of(&self, place: EstablishmentId) -> &[VisitId] {
        &self.visits_of[place.index()]
    }

    /// Puts a visit on the board.
    ///
    /// # Panics
    /// Where it stands there already.
    pub fn put(&mut self, place: Place, team: Team) {
        let Place { visit, day, slot } = place;
        assert!(self.placed[visit.index()].is_none(), "a visit is placed once");
        let duty = Duty { visit, slot, slots: self.case.visit(visit).duration };
        for member in team.members() {
            let cell = self.cell(*member, day);
            self.duties[cell].push(duty);
            self.count(*member, day, duty, true);
        }
        team.pairs().for_each(|(a, b)| self.met[below_diagonal(a, b)] += 1);
        self.placed[visit.index()] = Some(Placed { day, slot, team });
    }

    /// Takes a visit off the board, and says where it stood.
    pub fn lift(&mut self, visit: VisitId) -> Option<Placed> {
        let placed = self.placed[visit.index()].take()?;
        let duty = Duty { visit, slot: placed.slot, slots: self.case.visit(visit).duration };
        for member in placed.team.members() {
            let cell = self.cell(*member, placed.day);
            self.duties[cell].retain(|duty| duty.visit != visit);
            self.count(*member, placed.day, duty, false);
        }
        placed.team.pairs().for_each(|(a, b)| self.met[below_diagonal(a, b)] -= 1);
        Some(placed)
    }

    /// The schedule that stands on the board.
    pub fn schedule(&self) -> Schedule {
        let assigned = |visit: VisitId| {
            let Placed { day, slot, team } = self.placed(visit)?.clone();
            Some((visit, Assignment { date: self.calendar.date(day), slot, team }))
        };
        Schedule { assignments: self.case.visit_ids().filter_map(assigned).collect() }
    }

    #[inline]
    fn cell(&self, inspector: InspectorId, day: usize) -> usize {
        inspector.index() * self.calendar.days().len() + day
    }
}

/// Where the number of two different people stands in a triangle below the diagonal.
pub fn below_diagonal(a: InspectorId, b: InspectorId) -> usize {
    let (low, high) = (a.index().min(b.index()), a.index().max(b.index()));
    high * (high - 1) / 2 + low
}
