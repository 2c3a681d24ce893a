//! The seats that there are: how many visits each person can make in each week, as far as bars, days and the
//! rooms that limits leave let them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::model::{Case, EstablishmentId, InspectorId, Schedule, Span, Week};
use crate::rules::{Bar, Book, Target};

/// The seats of everybody in every week.
pub(super) struct Seats<'c> {
    case: &'c Case,
    bars: Vec<Bar<'c>>,
    /// The weeks of the period and their working days.
    pub weeks: Vec<(Week, Vec<NaiveDate>)>,
    /// What limits leave, by person, first day and last day.
    rooms: BTreeMap<(InspectorId, NaiveDate, NaiveDate), usize>,
}

impl<'c> Seats<'c> {
    /// The seats of a case under a book.
    pub fn new(case: &'c Case, book: &'c Book) -> Self {
        let mut weeks: Vec<(Week, Vec<NaiveDate>)> = Vec::new();
        for day in case.period.days() {
            match weeks.last_mut() {
                Some((week, days)) if *week == Week::of(day) => days.push(day),
                _ => weeks.push((Week::of(day), vec![day])),
            }
        }
        let span = Span { from: case.period.from, to: case.period.to };
        let mut rooms = BTreeMap::new();
        for room in book.rules().flat_map(|(_, rule)| rule.room(case, &Schedule::default(), span)) {
            let known = rooms.entry((room.who, room.from, room.to)).or_insert(room.visits);
            *known = room.visits.min(*known);
        }
        let bars = book.rules().flat_map(|(_, rule)| rule.bars(case)).collect();
        Self { case, bars, weeks, rooms }
    }

    /// Visits that each person can make in each week, anywhere or in the district of a place: the
    /// least of what the week allows and what its days do, after bars. By person, then week.
    pub fn table(&self, district_of: Option<EstablishmentId>) -> Vec<Vec<usize>> {
        let holds = |target: Target| match target {
            Target::Anywhere => true,
            Target::District(_) | Target::Outside(_) => {
                district_of.is_some_and(|place| target.covers(self.case, place))
            }
            Target::Establishment(_) | Target::Owner(_) | Target::Sector(_) => false,
        };
        let bars = self.bars.iter().filter(|bar| holds(bar.target));
        let mut of = vec![Vec::new(); self.case.inspectors.len()];
        for bar in bars {
            match bar.inspector {
                Some(who) => of[who.index()].push(bar),
                None => of.iter_mut().for_each(|bars| bars.push(bar)),
            }
        }
        self.case.inspector_ids().map(|who| self.weeks_of(who, &of[who.index()])).collect()
    }

    fn weeks_of(&self, who: InspectorId, bars: &[&Bar]) -> Vec<usize> {
        let room = |from: &NaiveDate, to: &NaiveDate| {
            self.rooms.get(&(who, *from, *to)).copied().unwrap_or(self.case.visits.len())
        };
        let free = |day: &&NaiveDate| {
            !bars.iter().any(|bar| bar.from.is_none_or(|from| from <= **day) && bar.to.is_none_or(|to| **day <= to))
        };
        let week = |(_, days): &(Week, Vec<NaiveDate>)| {
            let by_days = days.iter().filter(free).map(|day| room(day, day)).fold(0, usize::saturating_add);
            // A week of one working day has one room: that of the day, or the scarcer of the two.
            days.first().zip(days.last()).map_or(by_days, |(first, last)| by_days.min(room(first, last)))
        };
        self.weeks.iter().map(week).collect()
    }
}
