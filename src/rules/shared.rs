//! Notions that several limits share: teams of the past, duty periods,
//! the order of things. Only definitions; what a rule makes of them stands in its own file.

use chrono::{Days, NaiveDate};
use smallvec::SmallVec;

use super::held::{day_number, week_number};
use super::parameters::ENABLED;
use super::{Calendar, Chosen, one_partner};
use crate::model::{Case, Establishment, EstablishmentId, InspectorId, PastVisit, SlotId, VisitId, Week};

/// When something happens at a place: history comes before what is planned for the same day, and
/// of two planned visits the one in the earlier slot, then the one that is listed first.
pub(super) type Moment = (NaiveDate, Option<(SlotId, VisitId)>);

/// Everybody whom history records at one place on one day. Real files often have a line a person.
pub(super) struct PastTeam<'c> {
    pub(super) date: NaiveDate,
    pub(super) place: EstablishmentId,
    /// Those of the roster, in order.
    pub(super) members: SmallVec<[InspectorId; 4]>,
    /// Ids of those whom the roster does not know, in order.
    pub(super) others: SmallVec<[&'c str; 1]>,
}

/// The teams of the past, by date and place; `history` is in that order, as a case keeps it. What other agencies did without anybody
/// of the roster is no team.
pub(super) fn past_teams(history: &[PastVisit]) -> impl Iterator<Item = PastTeam<'_>> {
    history.chunk_by(|a, b| (a.date, a.establishment) == (b.date, b.establishment)).filter_map(|rows| {
        let own = || rows.iter().filter(|row| row.is_own());
        let first = own().next()?;
        let mut members: SmallVec<_> = own().flat_map(|row| row.team.iter().copied()).collect();
        members.sort_unstable();
        members.dedup();
        let mut others: SmallVec<_> = own().flat_map(|row| &row.others).map(String::as_str).collect();
        others.sort_unstable();
        others.dedup();
        Some(PastTeam { date: first.date, place: first.establishment, members, others })
    })
}

/// The teams of the past, and those that each person was in.
pub(super) struct Past<'c> {
    teams: Vec<PastTeam<'c>>,
    /// By person: the number of the day, and which team; by date.
    of: Vec<Vec<(i32, usize)>>,
}

impl<'c> Past<'c> {
    pub(super) fn of(case: &'c Case) -> Self {
        let teams: Vec<_> = past_teams(&case.history).collect();
        let mut of = vec![Vec::new(); case.inspectors.len()];
        for (at, team) in teams.iter().enumerate() {
            team.members.iter().for_each(|who| of[who.index()].push((day_number(team.date), at)));
        }
        Self { teams, of }
    }

    /// The teams that `who` was in from the day numbered `first` to that numbered `last`, both included; by date.
    #[inline]
    pub(super) fn teams_of(
        &self,
        who: InspectorId,
        first: i32,
        last: i32,
    ) -> impl ExactSizeIterator<Item = &PastTeam<'c>> {
        let all = &self.of[who.index()];
        // Mostly the past is over before what is asked begins.
        let of = if all.last().is_none_or(|(day, _)| *day < first) { &[] } else { all.as_slice() };
        let to = of.partition_point(|(day, _)| *day <= last);
        let from = of[..to].partition_point(|(day, _)| *day < first);
        of[from..to].iter().map(|(_, at)| &self.teams[*at])
    }
}

/// Districts as numbers: of those in which a visit is to be made, in order of their names.
pub(super) struct Districts<'c> {
    names: Vec<&'c str>,
    of_place: Vec<Option<usize>>,
    of_visit: Vec<Option<usize>>,
}

impl<'c> Districts<'c> {
    pub(super) fn of(case: &'c Case) -> Self {
        let district = |place: EstablishmentId| case.establishment(place).district.as_deref();
        let mut names: Vec<_> = case.visits.iter().filter_map(|visit| district(visit.establishment)).collect();
        names.sort_unstable();
        names.dedup();
        let number = |at: &Establishment| names.binary_search(&at.district.as_deref()?).ok();
        let of_place: Vec<_> = case.establishments.iter().map(number).collect();
        let of_visit = case.visits.iter().map(|visit| of_place[visit.establishment.index()]).collect();
        Self { names, of_place, of_visit }
    }

    pub(super) fn name(&self, number: usize) -> &'c str {
        self.names[number]
    }

    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.names.binary_search(&name).ok()
    }

    /// None for a place without a district, or in one without a visit.
    pub(super) fn of_place(&self, place: EstablishmentId) -> Option<usize> {
        self.of_place[place.index()]
    }

    /// None for a visit to a place without a district.
    pub(super) fn of_visit(&self, visit: VisitId) -> Option<usize> {
        self.of_visit[visit.index()]
    }
}

/// What remembers the visits to a place: the place, or its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope<'c> {
    Owner(&'c str),
    Place(EstablishmentId),
}

impl<'c> Scope<'c> {
    /// The scope of `place`: its owner where owners are asked for and it has one, else the place itself.
    pub(super) fn of(case: &'c Case, place: EstablishmentId, by_owner: bool) -> Self {
        let owner = case.establishment(place).owner.as_deref();
        owner.filter(|_| by_owner).map_or(Self::Place(place), Self::Owner)
    }
}

/// The part of `history` that lies from `from` to `to`, both inclusive.
pub(super) fn within(history: &[PastVisit], from: NaiveDate, to: NaiveDate) -> &[PastVisit] {
    let first = history.partition_point(|past| past.date < from);
    let end = history.partition_point(|past| past.date <= to);
    history.get(first..end).unwrap_or(&[])
}

/// How long people stay together before it counts as another service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DutyPeriod {
    /// Every visit is a service of its own.
    Visit,
    /// A day is one service.
    Day,
    /// A calendar week is one service.
    Week,
}

impl DutyPeriod {
    /// The words that the parameter `duty` of one-partner may have.
    pub(super) const WORDS: &[&str] = &["visit", "day", "week"];

    /// The duty period of a parameter that may have those words.
    pub(super) fn read(word: &str) -> Self {
        match word {
            "visit" => Self::Visit,
            "week" => Self::Week,
            _ => Self::Day,
        }
    }

    /// The duty period in force: a visit where one-partner is off, since nothing keeps partners together.
    pub(super) fn in_force(chosen: &Chosen) -> Self {
        let partner = chosen.of(one_partner::ENTRY.name);
        if partner.switch(ENABLED) { Self::read(partner.choice("duty")) } else { Self::Visit }
    }

    /// Whether what happens on these two days is one service.
    pub(super) fn one(self, a: NaiveDate, b: NaiveDate) -> bool {
        match self {
            Self::Visit => false,
            Self::Day | Self::Week => self.first_day(a) == self.first_day(b),
        }
    }

    /// The first day of the duty period that `date` lies in: its name.
    pub(super) fn first_day(self, date: NaiveDate) -> NaiveDate {
        match self {
            Self::Week => Week::of(date).monday().unwrap_or(date),
            Self::Visit | Self::Day => date,
        }
    }

    /// The last day of the duty period that `date` lies in.
    pub(super) fn last_day(self, date: NaiveDate) -> NaiveDate {
        match self {
            Self::Week => self.first_day(date).checked_add_days(Days::new(6)).unwrap_or(date),
            Self::Visit | Self::Day => date,
        }
    }

    /// The first and the last day, as numbers, of the duty period that the day numbered `day` lies in.
    #[inline]
    pub(super) fn numbers(self, day: i32) -> (i32, i32) {
        match self {
            Self::Week => (week_number(day) * 7 + 1, week_number(day) * 7 + 7),
            Self::Visit | Self::Day => (day, day),
        }
    }

    /// The working days that share a duty period with `day`.
    pub(super) fn days(self, calendar: &Calendar, day: usize) -> std::ops::Range<usize> {
        match self {
            Self::Visit => day..day,
            Self::Day => day..day + 1,
            Self::Week => calendar.week(day),
        }
    }
}
