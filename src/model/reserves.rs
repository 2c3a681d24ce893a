//! Reserves: who steps in where somebody can't go on a day, in the order that the draw fixed.
//!
//! There are three levels. Whoever takes over a whole day is asked first. Where nobody may, each visit of the day is asked for alone; and where
//! nobody may step in beside those who stay, another whole team is.

use chrono::NaiveDate;

use super::{InspectorId, Team, VisitId};

/// What whoever steps in takes over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Every visit that the member has on the day.
    #[default]
    Day,
    /// One of these visits, beside those who stay.
    Visit,
    /// One of these visits, as another whole team.
    Team,
}

impl Level {
    /// Its number, as records have it.
    ///
    /// ```
    /// use foureyes::model::Level;
    /// assert!([1, 2, 3].iter().all(|number| Level::of(*number).is_some_and(|level| level.number() == *number)));
    /// ```
    pub fn number(self) -> u64 {
        match self {
            Self::Day => 1,
            Self::Visit => 2,
            Self::Team => 3,
        }
    }

    /// The level of this number.
    pub fn of(number: u64) -> Option<Self> {
        [Self::Day, Self::Visit, Self::Team].into_iter().find(|level| level.number() == number)
    }
}

/// The reserves of one person on one day. An absence lasts whole days, so whoever steps in takes over every visit
/// that the person has on that day, if anybody may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserves {
    /// The day.
    pub date: NaiveDate,
    /// In whose place they step.
    pub member: InspectorId,
    /// The number of the stage that drew the day, from 1.
    pub stage: usize,
    /// Every visit that the member has on the day, in order of their ids.
    pub visits: Vec<VisitId>,
    /// How many people may step in. Each of them had the same chance to stand first: 1 in so many.
    pub of: usize,
    /// Those who are asked first, in order; all of them, or the first few.
    pub order: Vec<InspectorId>,
    /// Where nobody may take over the day: the reserves of each visit. None in records of before.
    pub by_visit: Vec<OfVisit>,
}

/// The reserves of one visit of a day that nobody may take over whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfVisit {
    /// The visit.
    pub visit: VisitId,
    /// How many people, or teams, may step in. Each had the same chance to stand first.
    pub of: usize,
    /// Those who are asked first.
    pub by: By,
}

/// Who is asked for one visit, in order; all of them, or the first few.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// People who may step in beside those who stay.
    People(Vec<InspectorId>),
    /// Whole teams, where no such person is.
    Teams(Vec<Team>),
}

impl By {
    /// The level at which they are asked.
    pub fn level(&self) -> Level {
        match self {
            Self::People(_) => Level::Visit,
            Self::Teams(_) => Level::Team,
        }
    }
}

impl Reserves {
    /// How many may step in on one of the member's visits, and at which level.
    pub fn on(&self, visit: VisitId) -> (usize, Level) {
        let own = self.by_visit.iter().find(|one| one.visit == visit).filter(|_| self.of == 0);
        own.map_or((self.of, Level::Day), |one| (one.of, one.by.level()))
    }

    /// The visits on which nobody may step in at any level.
    pub fn lost(&self) -> impl Iterator<Item = VisitId> + '_ {
        self.visits.iter().copied().filter(|visit| self.on(*visit).0 == 0)
    }

    /// Whether nobody may step in on any of the visits.
    pub fn is_nobody(&self) -> bool {
        self.lost().count() == self.visits.len()
    }
}
