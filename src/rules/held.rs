//! A schedule as checks look at it: by visit, and by person in order of time.
//!
//! It is laid out once a ticket, on a sheet that is used again for the next one, and read by every
//! rule. It knows no rule, and nothing of how a schedule was built. Any date may stand in it.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::shared::Moment;
use crate::model::{Case, InspectorId, Schedule, SlotId, VisitId};

/// When a visit is held; in order of time, then of visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Start {
    /// The date.
    pub date: NaiveDate,
    /// The date as a number of days, so that weeks and days between are whole numbers.
    pub day: i32,
    /// The slot in which it starts.
    pub slot: SlotId,
    /// The visit.
    pub visit: VisitId,
}

impl Start {
    /// The week that it lies in, as a number; weeks begin on Mondays.
    #[inline]
    pub fn week(self) -> i32 {
        week_number(self.day)
    }

    pub(super) fn moment(self) -> Moment {
        (self.date, Some((self.slot, self.visit)))
    }
}

/// The number of a date: days since the last day of the year 0, which was a Sunday.
pub(super) fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

/// The number of the week in which a day with this number lies.
#[inline]
pub(super) fn week_number(day: i32) -> i32 {
    (day - 1).div_euclid(7)
}

/// A visit that is held.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'h> {
    /// When.
    pub start: Start,
    /// Who goes, in order of ids.
    pub team: &'h [InspectorId],
}

impl<'h> Sent<'h> {
    /// The visit.
    pub fn visit(self) -> VisitId {
        self.start.visit
    }

    /// Every two members, the lower id first.
    pub fn pairs(self) -> impl Iterator<Item = (InspectorId, InspectorId)> + 'h {
        let team = self.team;
        team.iter().enumerate().flat_map(move |(at, a)| team[at + 1..].iter().map(move |b| (*a, *b)))
    }
}

/// A visit on a sheet, and where its team stands among the seats.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: Start,
    first: u32,
    end: u32,
}

impl Line {
    fn seats(&self) -> Range<usize> {
        self.first as usize..self.end as usize
    }
}

/// A schedule, laid out to be read.
#[derive(Clone, Debug)]
pub struct Held {
    /// As they were put on the sheet.
    lines: Vec<Line>,
    /// The visits that are told of, in order: where they stand among the lines.
    told: Vec<u32>,
    /// The number of the day before which nothing is told.
    since: i32,
    /// By visit: where it stands among the lines.
    place: Vec<u32>,
    seats: Vec<InspectorId>,
    /// Who is told of, in order, and where their visits end among all.
    people: Vec<(InspectorId, usize)>,
    duties: Vec<Start>,
}

/// The place of a visit that is not held.
const NOWHERE: u32 = u32::MAX;

impl Held {
    /// Every visit that is held, in order of ids.
    pub fn visits(&self) -> impl Iterator<Item = Sent<'_>> {
        let lines = self.told.iter().map(|at| &self.lines[*at as usize]);
        lines.filter(|line| line.start.day >= self.since).map(|line| self.sent(line))
    }

    /// The visit, if it is held.
    #[inline]
    pub fn visit(&self, visit: VisitId) -> Option<Sent<'_>> {
        let place = *self.place.get(visit.index())?;
        self.lines.get(place as usize).filter(|line| line.start.day >= self.since).map(|line| self.sent(line))
    }

    /// Every seat: when its visit is held, and who sits there; in order of visits.
    pub fn seats(&self) -> impl Iterator<Item = (Start, InspectorId)> {
        self.visits().flat_map(|sent| sent.team.iter().map(move |who| (sent.start, *who)))
    }

    /// Everybody who has a visit, in order of ids, with their visits in order of time.
    pub fn people(&self) -> impl Iterator<Item = (InspectorId, &[Start])> {
        let firsts = std::iter::once(0).chain(self.people.iter().map(|(_, end)| *end));
        let all = self.people.iter().zip(firsts).map(|((who, end), first)| (*who, &self.duties[first..*end]));
        let told = all.map(|(who, duties)| (who, &duties[duties.partition_point(|start| start.day < self.since)..]));
        told.filter(|(_, duties)| !duties.is_empty())
    }

    /// The team of a visit; nobody where it is not held.
    #[inline]
    pub fn team(&self, visit: VisitId) -> &[InspectorId] {
        self.visit(visit).map_or(&[], |sent| sent.team)
    }

    #[inline]
    fn sent(&self, line: &Line) -> Sent<'_> {
        Sent { start: line.start, team: &self.seats[line.seats()] }
    }
}

/// Visits are counted by their ids, and no team is larger than the roster.
fn count(seats: usize) -> u32 {
    u32::try_from(seats).expect("cases are bounded when they are read")
}

/// A sheet on which schedules of one case are laid out, one after the other.
///
/// ```
/// # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/harbour");
/// # let case = foureyes::read::read_case(folder.as_ref()).case.unwrap();
/// use foureyes::model::{InspectorId, SlotId, VisitId};
/// use foureyes::rules::Sheet;
/// let mut sheet = Sheet::new(&case);
/// let team = [InspectorId(0), InspectorId(1)];
/// assert!(sheet.put(VisitId(0), case.period.from, SlotId(0), &team));
/// assert!(!sheet.put(VisitId(0), case.period.from, SlotId(0), &team), "a visit is held once");
/// assert_eq!(sheet.read().team(VisitId(0)), team);
/// ```
#[derive(Clone, Debug)]
pub struct Sheet {
    held: Held,
    kept: Kept,
    /// By person: how many visits, and then where the next one is written.
    counts: Vec<usize>,
}

/// What stays on a sheet when it is cleared.
#[derive(Clone, Debug, Default)]
struct Kept {
    /// So many of the first lines.
    lines: usize,
    /// By person who has a visit on these lines or comes before one who has: where their visits end among all.
    ends: Vec<usize>,
    duties: Vec<Start>,
}

impl Kept {
    /// The visits of the person in place `at`, in order of time.
    fn of(&self, at: usize) -> &[Start] {
        let first = at.checked_sub(1).map_or(0, |before| self.ends.get(before).copied().unwrap_or(0));
        self.ends.get(at).map_or(&[], |end| &self.duties[first..*end])
    }
}

/// Of whom a sheet tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Everybody,
    /// Those who have a visit that is not kept.
    New,
}

/// What stands where a visit will be written.
const NO_START: Start = Start { date: NaiveDate::MIN, day: i32::MIN, slot: SlotId(0), visit: VisitId(0) };

impl Sheet {
    /// An empty sheet.
    pub fn new(case: &Case) -> Self {
        let place = vec![NOWHERE; case.visits.len()];
        let (lines, told, seats, people, duties) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let held = Held { lines, told, since: i32::MIN, place, seats, people, duties };
        Self { held, kept: Kept::default(), counts: vec![0; case.inspectors.len()] }
    }

    /// Makes it empty again, but for what is [kept](Self::keep).
    pub fn clear(&mut self) {
        let held = &mut self.held;
        held.lines[self.kept.lines..].iter().for_each(|line| held.place[line.start.visit.index()] = NOWHERE);
        held.lines.truncate(self.kept.lines);
        held.seats.truncate(held.lines.last().map_or(0, |line| line.end as usize));
    }

    /// Lets all that stands on it stay there whenever it is cleared.
    pub fn keep(&mut self) {
        self.order_duties(Told::Everybody);
        let mut ends = vec![0; self.held.people.last().map_or(0, |(who, _)| who.index() + 1)];
        self.held.people.iter().for_each(|(who, end)| ends[who.index()] = *end);
        (1..ends.len()).for_each(|at| ends[at] = ends[at].max(ends[at - 1]));
        self.kept = Kept { lines: self.held.lines.len(), ends, duties: self.held.duties.clone() };
    }

    /// Puts a visit on it. Tells whether it could: the visit and the people must be of the case, the visit not on
    /// it yet, and the team in order of ids, with nobody twice and somebody in it.
    #[must_use]
    pub fn put(&mut self, visit: VisitId, date: NaiveDate, slot: SlotId, team: &[InspectorId]) -> bool {
        let held = &mut self.held;
        let ordered = team.windows(2).all(|two| two[0] < two[1]);
        let known = team.last().is_some_and(|last| last.index() < self.counts.len());
        let free = held.place.get(visit.index()) == Some(&NOWHERE);
        if !(ordered && known && free) {
            return false;
        }
        held.place[visit.index()] = count(held.lines.len());
        let first = count(held.seats.len());
        held.seats.extend_from_slice(team);
        let start = Start { date, day: day_number(date), slot, visit };
        held.lines.push(Line { start, first, end: count(held.seats.len()) });
        true
    }

    /// Puts every visit of `schedule` on it. Tells whether all could; see [`Sheet::put`].
    #[must_use]
    pub fn put_all(&mut self, schedule: &Schedule) -> bool {
        schedule.assignments.iter().all(|(visit, to)| self.put(*visit, to.date, to.slot, to.team.members()))
    }

    /// What stands on it, ready to be checked.
    pub fn read(&mut self) -> &Held {
        self.read_of(Told::Everybody)
    }

    /// What came to it after what is [kept](Self::keep): of visits it tells those that are not kept, and of people those who go on
    /// these, each with all visits that they have. The team of any visit may be asked for.
    pub fn read_new(&mut self) -> &Held {
        self.read_of(Told::New)
    }

    /// What was read last, by [`Sheet::read`] or [`Sheet::read_new`], as if nothing stood on the sheet before `date`.
    pub fn read_since(&mut self, date: NaiveDate) -> &Held {
        self.held.since = day_number(date);
        &self.held
    }

    fn read_of(&mut self, whom: Told) -> &Held {
        self.order_visits(whom);
        self.order_duties(whom);
        self.held.since = i32::MIN;
        &self.held
    }

    fn order_visits(&mut self, whom: Told) {
        let held = &mut self.held;
        let first = if whom == Told::New { self.kept.lines } else { 0 };
        held.told.clear();
        held.told.extend(count(first)..count(held.lines.len()));
        let visit = |at: &u32| held.lines[*at as usize].start.visit;
        if !held.told.is_sorted_by_key(visit) {
            // What is kept and what was put beside it are two lists in order, and this sort merges lists in order.
            held.told.sort_by_key(visit);
        }
    }

    /// Sorts the seats that are not kept by person, as one sorts cards into boxes, each behind what is kept of that person, and then each
    /// person's by time.
    fn order_duties(&mut self, whom: Told) {
        let (held, kept) = (&mut self.held, &self.kept);
        self.counts.fill(0);
        let new = &held.lines[kept.lines..];
        new.iter().flat_map(|line| &held.seats[line.seats()]).for_each(|who| self.counts[who.index()] += 1);
        held.people.clear();
        held.duties.clear();
        for (at, count) in self.counts.iter_mut().enumerate() {
            let before = kept.of(at);
            if *count == 0 && (whom == Told::New || before.is_empty()) {
                continue;
            }
            held.duties.extend_from_slice(before);
            let first = held.duties.len();
            held.duties.resize(first + *count, NO_START);
            *count = first;
            held.people.push((InspectorId::at(at), held.duties.len()));
        }
        for line in new {
            for who in &held.seats[line.seats()] {
                let next = &mut self.counts[who.index()];
                held.duties[*next] = line.start;
                *next += 1;
            }
        }
        let mut first = 0;
        for (_, end) in &held.people {
            held.duties[first..*end].sort_unstable();
            first = *end;
        }
    }
}
