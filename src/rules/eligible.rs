//! What a bound is made of: who may go on which visit on which days of a span, what its team must have, and
//! the seats that each person has left in each week of the span.
//!
//! Everything here is generous: rules that look at teams or at other visits are left out, and days are
//! counted together by week. So whatever can't be done here can't be done at all, and a bound that is proved from it holds
//! for every lottery. Builder and verifier ask here both; neither has a definition of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::ops::Range;
use std::sync::Arc;

use super::{Barred, Book, Calendar, Days, Room};
use crate::model::{Case, InspectorId, Schedule, SlotId, Span, VisitId, Week};

/// Who may go where within a span, each seen alone.
pub struct Eligible<'c> {
    /// The case.
    pub case: &'c Case,
    /// The days of the period.
    pub calendar: Calendar,
    weeks: Vec<InWeek>,
    pools: Vec<Arc<Pool>>,
    visits: Vec<Ways>,
    /// Seats for which a waiver lifts a limit from the person.
    beside: BTreeSet<(VisitId, InspectorId)>,
    /// By person, then week.
    seats: Vec<u64>,
    /// By person, then day; only what a room limits.
    on_day: Vec<u64>,
}

/// The days of the span in one week, as a set and by number.
struct InWeek {
    week: Week,
    days: Days,
    numbers: Range<usize>,
}

/// Those who may serve in a district at all, in order, with the days.
type Pool = Vec<(InspectorId, Days)>;

/// The ways of one visit.
struct Ways {
    open: Days,
    size: usize,
    needs: Vec<Asked>,
    pool: usize,
    /// People whose days differ from the pool's.
    apart: Vec<(InspectorId, Days)>,
}

/// A quality that a team must have.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The rule that asks for it.
    pub rule: &'static str,
    /// The quality, in the rule's words.
    pub quality: String,
    /// How many members must have it.
    pub at_least: usize,
    has: Arc<Vec<bool>>,
    granted: Vec<InspectorId>,
}

impl Asked {
    /// Whether `who` has it here, or counts as having it by a waiver.
    pub fn met_by(&self, who: InspectorId) -> bool {
        self.has[who.index()] || self.granted.contains(&who)
    }
}

/// Somebody who may go on a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goer {
    /// Who.
    pub who: InspectorId,
    /// The days of the span on which they may, at least one.
    pub days: Days,
    /// Whether going takes one of their seats; not where a waiver lifts a limit from them.
    pub takes_seat: bool,
}

impl<'c> Eligible<'c> {
    /// Who may go where within `span`, after what `before` has drawn.
    pub fn new(case: &'c Case, book: &Book, span: Span, before: &Schedule) -> Self {
        let mut eligible = Self::whatever_seats(case, book, span);
        eligible.count_seats(book, before, span);
        eligible
    }

    /// The same, where nobody asks for seats: everybody has as many as there are visits.
    pub fn whatever_seats(case: &'c Case, book: &Book, span: Span) -> Self {
        let calendar = Calendar::new(case);
        let barred = Barred::new(case, book, &calendar);
        let within = Days::between(&calendar, Some(span.from), Some(span.to));
        let mut pools = Pools {
            barred: &barred,
            within: &within,
            pools: Vec::new(),
            known: BTreeMap::new(),
            of_district: BTreeMap::new(),
        };
        let mut qualities = Qualities(BTreeMap::new());
        let visits: Vec<_> = case
            .visit_ids()
            .map(|visit| {
                let open = open_days(case, book, &calendar, &within, visit);
                let pool = pools.of(visit);
                let apart = apart(&barred, &within, &open, &pools.pools[pool], visit);
                let size = book.rules().find_map(|(_, rule)| rule.team_size(case, visit)).unwrap_or(2);
                let mut shut = barred.everybody(visit);
                shut.keep(&open);
                let mut of_pool = open;
                of_pool.take(&shut);
                Ways { open: of_pool, size, needs: qualities.of(case, book, &barred, visit), pool, apart }
            })
            .collect();
        let weeks = weeks(&calendar, &within);
        let pools = pools.pools;
        let nothing = (BTreeSet::new(), Vec::new(), Vec::new());
        let (beside, seats, on_day) = nothing;
        Self { case, calendar, weeks, pools, visits, beside, seats, on_day }
    }

    /// The weeks of the span, in order.
    pub fn weeks(&self) -> impl ExactSizeIterator<Item = Week> + '_ {
        self.weeks.iter().map(|one| one.week)
    }

    /// The days of the span in its week number `week`.
    pub fn days_of(&self, week: usize) -> &Days {
        &self.weeks[week].days
    }

    /// The numbers of the span's weeks in which `days` lie, in order.
    pub fn weeks_of<'d>(&'d self, days: &'d Days) -> impl Iterator<Item = usize> + 'd {
        let weeks = self.weeks.iter().enumerate();
        weeks.filter(|(_, one)| days.meets_within(&one.days, &one.numbers)).map(|(at, _)| at)
    }

    /// The number of the span's week in which `day` of the period lies; the last where it lies in none.
    pub fn week_of(&self, day: usize) -> usize {
        let last = self.weeks.len().saturating_sub(1);
        self.weeks.iter().position(|one| one.numbers.contains(&day)).unwrap_or(last)
    }

    /// How many people go on `visit`.
    pub fn size(&self, visit: VisitId) -> usize {
        self.visits[visit.index()].size
    }

    /// What the team of `visit` must have, in the order of the book.
    pub fn needs(&self, visit: VisitId) -> &[Asked] {
        &self.visits[visit.index()].needs
    }

    /// Visits that `who` may have in the span's week number `week`, at most.
    pub fn seats(&self, who: InspectorId, week: usize) -> u64 {
        self.seats.get(who.index() * self.weeks.len() + week).copied().unwrap_or(self.case.visits.len() as u64)
    }

    /// Visits that `who` may have on a day of the span, at most.
    pub fn seats_on(&self, who: InspectorId, day: usize) -> u64 {
        let seats = self.on_day.get(who.index() * self.calendar.days().len() + day);
        seats.copied().unwrap_or(self.case.visits.len() as u64)
    }

    /// Who may go on `visit` on some day of the span, in order.
    pub fn goers(&self, visit: VisitId) -> impl Iterator<Item = Goer> + '_ {
        let ways = &self.visits[visit.index()];
        let both = Merged { pool: self.pools[ways.pool].iter().peekable(), apart: ways.apart.iter().peekable(), ways };
        both.filter(|(_, days)| !days.is_empty()).map(move |(who, days)| {
            let takes_seat = !self.beside.contains(&(visit, who));
            Goer { who, days, takes_seat }
        })
    }

    fn count_seats(&mut self, book: &Book, before: &Schedule, span: Span) {
        let all = self.case.visits.len() as u64;
        let days = self.calendar.days().len();
        let mut of_week = vec![all; self.case.inspectors.len() * self.weeks.len()];
        let mut of_day = vec![all; self.case.inspectors.len() * days];
        for (entry, rule) in book.rules() {
            let rooms = rule.room(self.case, before, span);
            if !rooms.is_empty() {
                let lifted = self.case.waivers.iter().filter(|waiver| waiver.rule == entry.name);
                self.beside.extend(lifted.map(|waiver| (waiver.visit, waiver.inspector)));
            }
            rooms.iter().for_each(|room| self.take_room(room, &mut of_week, &mut of_day));
        }
        let served = self.days_served();
        for who in self.case.inspector_ids() {
            for (at, one) in self.weeks.iter().enumerate() {
                let there = one.numbers.clone().filter(|day| served[who.index()].has(*day));
                let by_days = there.map(|day| of_day[who.index() * days + day]).fold(0, u64::saturating_add);
                let week = &mut of_week[who.index() * self.weeks.len() + at];
                *week = by_days.min(*week);
            }
        }
        (self.seats, self.on_day) = (of_week, of_day);
    }

    /// Looks at no day and no week but those of the room: everybody has one for each day and each week of the period.
    fn take_room(&self, room: &Room, of_week: &mut [u64], of_day: &mut [u64]) {
        let (days, visits) = (self.calendar.days(), room.visits as u64);
        let first = days.partition_point(|day| *day < room.from);
        let end = days.partition_point(|day| *day <= room.to);
        let own = room.who.index() * days.len();
        for seats in of_day.get_mut(own + first..own + end).unwrap_or_default() {
            *seats = visits.min(*seats);
        }
        let own = room.who.index() * self.weeks.len();
        let from = self.weeks.partition_point(|one| one.numbers.start < first);
        let whole = self.weeks[from..].iter().take_while(|one| one.numbers.end <= end);
        for (at, _) in whole.enumerate() {
            let seats = &mut of_week[own + from + at];
            *seats = visits.min(*seats);
        }
    }

    /// By person: the days of the span on which they may go on some visit, taking a seat.
    fn days_served(&self) -> Vec<Days> {
        let mut served = vec![Days::none(&self.calendar); self.case.inspectors.len()];
        for visit in self.case.visit_ids() {
            self.goers(visit).filter(|goer| goer.takes_seat).for_each(|goer| served[goer.who.index()].add(&goer.days));
        }
        served
    }
}

/// The people of a pool and those whose days differ, in order; the latter go first where both know somebody.
struct Merged<'e, P: Iterator, A: Iterator> {
    pool: Peekable<P>,
    apart: Peekable<A>,
    ways: &'e Ways,
}

impl<'e, P, A> Iterator for Merged<'e, P, A>
where
    P: Iterator<Item = &'e (InspectorId, Days)>,
    A: Iterator<Item = &'e (InspectorId, Days)>,
{
    type Item = (InspectorId, Days);

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.pool.peek().map(|(who, _)| *who);
        if let Some((who, days)) = self.apart.next_if(|(who, _)| first.is_none_or(|first| *who <= first)) {
            self.pool.next_if(|(other, _)| other == who);
            return Some((*who, days.clone()));
        }
        let (who, days) = self.pool.next()?;
        let mut days = days.clone();
        days.keep(&self.ways.open);
        Some((*who, days))
    }
}

fn open_days(case: &Case, book: &Book, calendar: &Calendar, within: &Days, visit: VisitId) -> Days {
    let mut open = within.clone();
    let slots = || (0..case.period.slots.len()).map(SlotId::at);
    for day in within.iter() {
        let date = calendar.date(day);
        if !slots().any(|slot| book.rules().all(|(_, rule)| !rule.closed(case, visit, date, slot))) {
            open.take_one(day);
        }
    }
    open
}

/// The weeks of the span, in order; each has a day.
fn weeks(calendar: &Calendar, within: &Days) -> Vec<InWeek> {
    let mut weeks: Vec<InWeek> = Vec::new();
    for day in within.iter() {
        let (date, week) = (calendar.date(day), Week::of(calendar.date(day)));
        let days = Days::between(calendar, Some(date), Some(date));
        match weeks.last_mut() {
            Some(known) if known.week == week => {
                known.days.add(&days);
                known.numbers.end = day + 1;
            }
            _ => weeks.push(InWeek { week, days, numbers: day..day + 1 }),
        }
    }
    weeks
}

/// People whose days on `visit` differ from those of its pool: something keeps them from the place itself, or
/// a waiver names them.
fn apart(
    barred: &Barred,
    within: &Days,
    open: &Days,
    pool: &[(InspectorId, Days)],
    visit: VisitId,
) -> Vec<(InspectorId, Days)> {
    let mut apart = BTreeMap::new();
    let shut = barred.everybody(visit);
    for (who, days) in barred.at_place(visit) {
        if let Ok(at) = pool.binary_search_by_key(&who, |(other, _)| *other) {
            let mut left = pool[at].1.clone();
            left.keep(open);
            left.take(&shut);
            left.take(&days);
            apart.insert(who, left);
        }
    }
    for (_, who) in barred.waived_on(visit) {
        let mut left = within.clone();
        left.keep(open);
        left.take(&barred.on_visit(visit, *who));
        left.take(&barred.with_everybody(visit, *who));
        apart.insert(*who, left);
    }
    apart.into_iter().collect()
}

/// Pools, shared by all visits of a district, and by districts whose pools are the same: an office may have thousands of them.
struct Pools<'b, 'c> {
    barred: &'b Barred<'c>,
    within: &'b Days,
    pools: Vec<Arc<Pool>>,
    known: BTreeMap<Arc<Pool>, usize>,
    of_district: BTreeMap<Option<&'c str>, usize>,
}

impl Pools<'_, '_> {
    fn of(&mut self, visit: VisitId) -> usize {
        let district = self.barred.case.place_of(visit).district.as_deref();
        if let Some(known) = self.of_district.get(&district) {
            return *known;
        }
        let days = |who| {
            let mut days = self.within.clone();
            days.take(&self.barred.in_district(who, district));
            (who, days)
        };
        let pool: Pool = self.barred.case.inspector_ids().map(days).filter(|(_, days)| !days.is_empty()).collect();
        let pool = Arc::new(pool);
        let at = *self.known.entry(Arc::clone(&pool)).or_insert(self.pools.len());
        if at == self.pools.len() {
            self.pools.push(pool);
        }
        self.of_district.insert(district, at);
        at
    }
}

/// Which inspectors have which quality, asked once each.
struct Qualities(BTreeMap<(&'static str, String), Arc<Vec<bool>>>);

impl Qualities {
    fn of(&mut self, case: &Case, book: &Book, barred: &Barred, visit: VisitId) -> Vec<Asked> {
        let mut asked = Vec::new();
        for (entry, rule) in book.rules() {
            for need in rule.needs(case, visit) {
                let waived = barred.waived_on(visit).iter().filter(|(rule, _)| *rule == entry.name);
                let granted = waived.map(|(_, who)| *who).collect();
                let has = self.0.entry((entry.name, need.quality.clone())).or_insert_with(|| {
                    Arc::new(case.inspector_ids().map(|who| rule.has(case, who, &need.quality)).collect())
                });
                let (quality, at_least) = (need.quality, need.at_least);
                asked.push(Asked { rule: entry.name, quality, at_least, has: Arc::clone(has), granted });
            }
        }
        asked
    }
}

#[cfg(test)]
mod tests;
