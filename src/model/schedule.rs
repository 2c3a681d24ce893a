//! What planning produces: who goes where, and when.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use smallvec::SmallVec;

use super::{InspectorId, SlotId, VisitId};

/// The people on one visit: in order of their ids, nobody twice, somebody at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Team(SmallVec<[InspectorId; 4]>);

impl Team {
    /// A team of these people; none if it would be empty or name a person twice.
    ///
    /// ```
    /// use foureyes::model::{InspectorId, Team};
    /// let team = Team::new([InspectorId(7), InspectorId(3)]).unwrap();
    /// assert_eq!(team.members(), [InspectorId(3), InspectorId(7)]);
    /// assert!(Team::new([InspectorId(7), InspectorId(7)]).is_none());
    /// assert!(Team::new([]).is_none());
    /// ```
    pub fn new(members: impl IntoIterator<Item = InspectorId>) -> Option<Self> {
        let mut members: SmallVec<[InspectorId; 4]> = members.into_iter().collect();
        members.sort_unstable();
        let distinct = members.windows(2).all(|pair| pair[0] != pair[1]);
        (distinct && !members.is_empty()).then_some(Self(members))
    }

    /// The members, in order of their ids.
    pub fn members(&self) -> &[InspectorId] {
        &self.0
    }

    /// Whether `inspector` is a member.
    pub fn contains(&self, inspector: InspectorId) -> bool {
        self.0.contains(&inspector)
    }

    /// Every two members, the lower id first.
    pub fn pairs(&self) -> impl Iterator<Item = (InspectorId, InspectorId)> + '_ {
        self.0.iter().enumerate().flat_map(|(at, a)| self.0[at + 1..].iter().map(move |b| (*a, *b)))
    }
}

/// One visit's day, slot and team.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    /// The day.
    pub date: NaiveDate,
    /// The slot in which it starts.
    pub slot: SlotId,
    /// Who goes.
    pub team: Team,
}

/// Which visits are made, when and by whom. A visit that is not in it is not staffed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Schedule {
    /// By visit.
    pub assignments: BTreeMap<VisitId, Assignment>,
}

impl Schedule {
    /// The assignments in the order in which they happen: by day, slot, visit.
    pub fn in_time(&self) -> Vec<(VisitId, &Assignment)> {
        let mut all: Vec<_> = self.assignments.iter().map(|(visit, assignment)| (*visit, assignment)).collect();
        all.sort_by_key(|(visit, assignment)| (assignment.date, assignment.slot, *visit));
        all
    }

    /// The days on which somebody serves: by day and person, the visits that they have then, in order of their ids.
    ///
    /// ```
    /// use foureyes::model::{Assignment, InspectorId, Schedule, SlotId, Team, VisitId};
    /// let team = Team::new([InspectorId(0), InspectorId(1)]).unwrap();
    /// let date = chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
    /// let on = |slot| Assignment { date, slot: SlotId(slot), team: team.clone() };
    /// let schedule = Schedule { assignments: [(VisitId(3), on(0)), (VisitId(7), on(1))].into() };
    /// assert_eq!(schedule.days_served()[&(date, InspectorId(1))], [VisitId(3), VisitId(7)]);
    /// ```
    pub fn days_served(&self) -> BTreeMap<(NaiveDate, InspectorId), Vec<VisitId>> {
        let mut served: BTreeMap<_, Vec<VisitId>> = BTreeMap::new();
        for (visit, to) in &self.assignments {
            to.team.members().iter().for_each(|who| served.entry((to.date, *who)).or_default().push(*visit));
        }
        served
    }
}

/// One complete schedule that obeys every rule, as it lies in an urn.
pub type Ticket = Schedule;
