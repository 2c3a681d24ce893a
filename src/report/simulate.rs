//! Replays a past history month by month under the rules: the same visits, near their real dates, by the
//! people who really served that month, in teams that the rules allow. What came out is set beside
//! what really happened: how often somebody returned to a place, how often two served together, and what
//! it cost in visits per head.
//!
//! Each month is planned as an office would plan it, knowing the teams of the months before as they were
//! planned here and nothing of the months to come. The first month follows the real history.

mod month;
mod picture;

use std::collections::BTreeSet;

use chrono::NaiveDate;

pub use crate::model::Month;
pub use picture::{Load, Picture, Rate};

use crate::draw::{Root, digest};
use crate::model::{Case, EstablishmentId, InspectorId, PastVisit, Schedule};
use crate::rules::Book;
use crate::urn;
use month::Replayed;
use picture::Event;

/// What is replayed, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// First month.
    pub from: Month,
    /// Last month, inclusive.
    pub to: Month,
    /// Days by which a visit may lie before or after its real date, within its month.
    pub window_days: u32,
    /// The seed; the same seed gives the same replay.
    pub seed: String,
    /// Threads; they change nothing but the time it takes.
    pub threads: usize,
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// The whole real history, from its first day to its last.
    pub history: Picture,
    /// The months that were replayed, as they really were.
    pub before: Picture,
    /// The same months under the rules.
    pub after: Picture,
    /// Month by month.
    pub months: Vec<Line>,
    /// Visits that no team could be found for.
    pub unstaffed: Vec<Unstaffed>,
}

/// One month of a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The month.
    pub month: Month,
    /// People who served in it.
    pub staff: usize,
    /// Visits that were really made in it.
    pub visits: usize,
    /// Visits that were given a team.
    pub staffed: usize,
    /// Seats of those teams.
    pub seats: usize,
    /// Ways in which the rules' own checks find the month's schedule broken; never any but 0.
    pub broken: usize,
}

/// A visit that was really made and that the replay could not staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unstaffed {
    /// Its real date.
    pub date: NaiveDate,
    /// Where.
    pub establishment: EstablishmentId,
    /// The id of the visit, where history has it.
    pub visit: Option<String>,
}

/// Replays the history of `case` from month to month. `tell` hears of each month as it is done.
pub fn simulate(case: &Case, book: &Book, options: &Options, tell: &mut dyn FnMut(&Line)) -> Replay {
    let builder = urn::Options { threads: options.threads };
    let mut build = |month: &Case, root: &Root| urn::build(month, book, root, &builder).schedule;
    replay(case, book, options, &mut build, tell)
}

/// What plans one month.
type Build<'b> = &'b mut dyn FnMut(&Case, &Root) -> Schedule;

fn replay(case: &Case, book: &Book, options: &Options, build: Build, tell: &mut dyn FnMut(&Line)) -> Replay {
    let real = picture::real_events(case);
    let first_day = options.from.first();
    let mut known: Vec<PastVisit> = case.history.iter().filter(|past| past.date < first_day).cloned().collect();
    let mut planned: Vec<Event> = real.iter().filter(|event| event.date < first_day).cloned().collect();
    let (mut months, mut unstaffed) = (Vec::new(), Vec::new());
    for month in options.from.through(options.to) {
        let replayed = Replayed::new(case, month, options.window_days, &known);
        let root = Root::from_seed(&digest(month.to_string().as_bytes()), &options.seed);
        let schedule = build(&replayed.case, &root);
        let line = line(book, month, &replayed, &schedule);
        tell(&line);
        months.push(line);
        unstaffed.extend(replayed.left_out(&schedule));
        let done = replayed.done(case, &schedule);
        planned.extend(done.iter().map(Event::of));
        known.extend(done);
        // What other agencies did is no plan of ours, and happens whatever is planned.
        let others = |past: &&PastVisit| !past.is_own() && Month::of(past.date) == month;
        known.extend(case.history.iter().filter(others).cloned());
        known.sort_by(|a, b| (a.date, a.establishment, &a.team).cmp(&(b.date, b.establishment, &b.team)));
    }
    let within = |date: NaiveDate| first_day <= date && date <= options.to.last();
    let staff = staff_by_month(case);
    Replay {
        history: Picture::of(&real, &|_| true, &staff),
        before: Picture::of(&real, &within, &staff),
        after: Picture::of(&planned, &within, &staff),
        months,
        unstaffed,
    }
}

fn line(book: &Book, month: Month, replayed: &Replayed, schedule: &Schedule) -> Line {
    Line {
        month,
        staff: replayed.case.inspectors.len(),
        visits: replayed.case.visits.len(),
        staffed: schedule.assignments.len(),
        seats: schedule.assignments.values().map(|assignment| assignment.team.members().len()).sum(),
        broken: book.check(&replayed.case, schedule).len(),
    }
}

/// Who served in each month, as history tells.
fn staff_by_month(case: &Case) -> BTreeSet<(Month, InspectorId)> {
    let seats = case.history.iter().flat_map(|past| past.team.iter().map(|who| (Month::of(past.date), *who)));
    seats.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{Assignment, SlotId, Team};
    use crate::rules::testing::fixture;

    /// Two places that one inspector each has kept for months.
    const CASE: &str = "
        inspectors ana ben cem dan
        place p1
        place p2
        history 2026-11-02 p1 ana
        history 2026-11-03 p2 ben
        history 2026-12-01 p1 ana kind=routine
        history 2026-12-02 p2 cem kind=routine visit=x7
        history 2026-12-12 p1 ana kind=routine
        history 2026-12-13 p1 dan kind=again
        history 2026-12-30 p2 cem kind=routine
        set lead.enabled false
    ";

    fn options() -> Options {
        let month = |text| Month::parse(text).unwrap();
        let (from, to) = (month("2026-12"), month("2026-12"));
        Options { from, to, window_days: 7, seed: "seed".into(), threads: 1 }
    }

    /// Everybody in turn, on the first day of each visit's window: obeys no rule.
    fn in_turn(case: &Case, _root: &Root) -> Schedule {
        let assignment = |(at, visit): (usize, &crate::model::Visit)| {
            let team = [at * 2, at * 2 + 1].map(|at| InspectorId::at(at % case.inspectors.len()));
            let days = case.period.days();
            let date = *days.iter().find(|day| visit.earliest.is_none_or(|from| from <= **day)).unwrap();
            (crate::model::VisitId::at(at), Assignment { date, slot: SlotId(0), team: Team::new(team).unwrap() })
        };
        Schedule { assignments: case.visits.iter().enumerate().map(assignment).collect::<BTreeMap<_, _>>() }
    }

    #[test]
    fn the_real_history_is_measured_visit_by_visit() {
        let (case, _) = fixture(CASE);
        let book = Book::new(&case.settings).unwrap();
        let replay = replay(&case, &book, &options(), &mut |_, _| Schedule::default(), &mut |_| {});
        assert_eq!(replay.history.returned, Rate { of: 5, hits: 3 });
        assert_eq!(replay.before.returned_by_kind["routine"], Rate { of: 4, hits: 3 });
        assert_eq!(replay.before.returned_by_kind["again"], Rate { of: 1, hits: 0 });
        assert_eq!((replay.before.visits, replay.before.seats), (5, 5));
        assert_eq!(replay.after.visits, 0);
        assert_eq!(replay.unstaffed.len(), 5);
        assert_eq!(replay.unstaffed[1].visit.as_deref(), Some("x7"));
    }

    #[test]
    fn a_month_has_its_visits_near_their_dates_and_the_people_who_served() {
        let (case, _) = fixture(CASE);
        let month = Replayed::new(&case, options().from, 7, &[]);
        let ids: Vec<_> = month.case.inspectors.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["ana", "cem", "dan"], "Ben made no visit in December");
        let windows: Vec<_> = month.case.visits.iter().map(|visit| (visit.earliest, visit.latest)).collect();
        let day = |day: u32| NaiveDate::from_ymd_opt(2026, 12, day);
        assert_eq!(windows[0], (day(1), day(6)), "half way to the next visit of the same place");
        assert_eq!(windows[1], (day(1), day(9)));
        assert_eq!(windows[2], (day(7), day(12)), "the next visit there is on the day after");
        assert_eq!(windows[3], (day(13), day(20)));
        assert_eq!(windows[4], (day(23), day(31)));
    }

    #[test]
    fn a_window_without_a_working_day_grows_until_it_has_one() {
        let (case, _) = fixture(CASE);
        let month = Replayed::new(&case, options().from, 0, &[]);
        let visit = &month.case.visits[2];
        let day = |day: u32| NaiveDate::from_ymd_opt(2026, 12, day);
        assert_eq!((visit.earliest, visit.latest), (day(11), day(13)), "the 12th is a Saturday");
    }

    #[test]
    fn planned_teams_become_history_and_broken_rules_are_counted() {
        let (case, _) = fixture(CASE);
        let book = Book::new(&case.settings).unwrap();
        let mut options = options();
        options.from = Month::parse("2026-11").unwrap();
        let mut seen = Vec::new();
        let mut build = |case: &Case, root: &Root| {
            seen.push(case.history.clone());
            in_turn(case, root)
        };
        let replay = replay(&case, &book, &options, &mut build, &mut |_| {});
        assert!(seen[0].is_empty());
        assert_eq!(seen[1].len(), 2, "November as it was planned");
        assert!(seen[1].iter().all(|past| past.team.len() + past.others.len() == 2));
        assert_eq!(replay.after.seats, 14);
        assert!(replay.months.iter().any(|line| line.broken > 0));
        assert_eq!(replay.months.len(), 2);
    }

    #[test]
    fn the_urn_keeps_everybody_from_returning() {
        let (case, _) = fixture(CASE);
        let book = Book::new(&case.settings).unwrap();
        let run = || simulate(&case, &book, &options(), &mut |_| {});
        let replay = run();
        assert_eq!(replay.after.returned.hits, 0);
        assert_eq!(replay.months[0].broken, 0);
        assert_eq!(run(), replay, "the same seed gives the same replay");
    }
}
