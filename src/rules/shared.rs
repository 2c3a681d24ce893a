//! Notions that several limits share: teams of the past, duty periods,
//! the order of things. Only definitions; what a rule makes of them stands in its own file.

use chrono::{Days, NaiveDate};
use smallvec::SmallVec;

use super::parameters::ENABLED;
use super::{Calendar, Chosen, one_partner};
use crate::model::{EstablishmentId, InspectorId, PastVisit, SlotId, VisitId, Week};

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

/// The teams of the past, by date and place; `history` is in that order, as a case keeps it.
pub(super) fn past_teams(history: &[PastVisit]) -> impl Iterator<Item = PastTeam<'_>> {
    history.chunk_by(|a, b| (a.date, a.establishment) == (b.date, b.establishment)).map(|rows| {
        let mut members: SmallVec<_> = rows.iter().flat_map(|row| row.team.iter().copied()).collect();
        members.sort_unstable();
        members.dedup();
        let mut others: SmallVec<_> = rows.iter().flat_map(|row| &row.others).map(String::as_str).collect();
        others.sort_unstable();
        others.dedup();
        PastTeam { date: rows[0].date, place: rows[0].establishment, members, others }
    })
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

    /// The working days that share a duty period with `day`.
    pub(super) fn days(self, calendar: &Calendar, day: usize) -> std::ops::Range<usize> {
        match self {
            Self::Visit => day..day,
            Self::Day => day..day + 1,
            Self::Week => calendar.week(day),
        }
    }
}
