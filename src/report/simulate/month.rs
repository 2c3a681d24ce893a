//! One month of a replay: its real visits as visits to be planned, and the people who served in it.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::Unstaffed;
use crate::model::{
    Case, ConflictTarget, EstablishmentId, Inspector, InspectorId, Kind, Month, PastVisit, Period, Schedule, Visit,
    VisitId,
};

/// A visit that was really made: everybody whom history records at one place on one day.
struct Real {
    date: NaiveDate,
    establishment: EstablishmentId,
    visit: Option<String>,
    kind: Option<String>,
}

/// One month, ready to be planned.
pub(super) struct Replayed {
    /// The case of the month.
    pub case: Case,
    real: Vec<Real>,
}

impl Replayed {
    /// The month of `case` when `known` is what has happened before it.
    pub fn new(case: &Case, month: Month, window_days: u32, known: &[PastVisit]) -> Self {
        let there = |past: &&PastVisit| past.is_own() && Month::of(past.date) == month;
        let mut real: Vec<Real> = Vec::new();
        for past in case.history.iter().filter(there) {
            // History is in order of date and place, so the rows of one visit stand together.
            let same = |last: &Real| (last.date, last.establishment) == (past.date, past.establishment);
            if !real.last().is_some_and(same) {
                let (visit, kind) = (past.visit.clone(), past.kind.clone());
                real.push(Real { date: past.date, establishment: past.establishment, visit, kind });
            }
        }
        let period = Period { from: month.first(), to: month.last(), ..case.period.clone() };
        let windows = windows(&real, &period, window_days);
        let visits = real.iter().zip(windows).enumerate();
        let visits = visits.map(|(at, (real, window))| visit(at, real, window)).collect();
        let staff = Staff::of(case, month);
        let case = Case { period, visits, waivers: Vec::new(), ..staff.case(case, known) };
        Self { case, real }
    }

    /// What `schedule` makes of the month, in order of time, as history that later months know.
    pub fn done(&self, whole: &Case, schedule: &Schedule) -> Vec<PastVisit> {
        let position = |who: &InspectorId| {
            let id = &self.case.inspector(*who).id;
            whole.inspectors.iter().position(|one| one.id == *id).map(InspectorId::at)
        };
        let past = |(visit, assignment): (VisitId, &crate::model::Assignment)| {
            let real = self.real.get(visit.index())?;
            Some(PastVisit {
                date: assignment.date,
                establishment: real.establishment,
                team: assignment.team.members().iter().filter_map(position).collect(),
                others: Vec::new(),
                visit: real.visit.clone(),
                kind: real.kind.clone(),
                agency: None,
            })
        };
        schedule.in_time().into_iter().filter_map(past).collect()
    }

    /// The visits that `schedule` leaves out.
    pub fn left_out(&self, schedule: &Schedule) -> Vec<Unstaffed> {
        let left = self.real.iter().enumerate().filter(|(at, _)| !schedule.assignments.contains_key(&VisitId::at(*at)));
        let unstaffed = |(_, real): (usize, &Real)| Unstaffed {
            date: real.date,
            establishment: real.establishment,
            visit: real.visit.clone(),
        };
        left.map(unstaffed).collect()
    }
}

/// The visit to be planned. Its id keeps the order of the real ones.
fn visit(at: usize, real: &Real, (from, to): (NaiveDate, NaiveDate)) -> Visit {
    Visit {
        id: format!("{}-{at:06}", real.date),
        establishment: real.establishment,
        earliest: Some(from),
        latest: Some(to),
        kind: Kind::Mandatory,
        team_size: None,
        skills: Vec::new(),
        min_women: None,
        slot: None,
        duration: 1,
        operation: None,
        agencies: Vec::new(),
    }
}

/// The window of each visit: so many days around its real date, within the month, and on its side of the
/// half way to the next visit of the same place, so that two visits of a place keep their order.
/// Where no working day is left, the window grows until there is one.
fn windows(real: &[Real], period: &Period, days: u32) -> Vec<(NaiveDate, NaiveDate)> {
    let mut windows: Vec<_> = real.iter().map(|real| around(real.date, days, period)).collect();
    let mut last: BTreeMap<EstablishmentId, usize> = BTreeMap::new();
    for (at, now) in real.iter().enumerate() {
        if let Some(before) = last.insert(now.establishment, at) {
            let apart = now.date.signed_duration_since(real[before].date).num_days();
            let middle = later(real[before].date, u64::try_from(apart / 2).unwrap_or(0));
            // Visits on days next to each other: the first keeps to its own day.
            let middle = middle.min(sooner(now.date, 1));
            windows[before].1 = windows[before].1.min(middle);
            windows[at].0 = windows[at].0.max(later(middle, 1));
        }
    }
    let works = |(from, to): &(NaiveDate, NaiveDate)| {
        from.iter_days().take_while(|day| day <= to).any(|day| period.contains(day))
    };
    let grown = |window: (NaiveDate, NaiveDate)| {
        let wider = |(from, to): &(NaiveDate, NaiveDate)| {
            Some((sooner(*from, 1).max(period.from), later(*to, 1).min(period.to)))
        };
        std::iter::successors(Some(window), wider).take(32).find(works).unwrap_or(window)
    };
    windows.into_iter().map(grown).collect()
}

fn around(date: NaiveDate, days: u32, period: &Period) -> (NaiveDate, NaiveDate) {
    (sooner(date, days.into()).max(period.from), later(date, days.into()).min(period.to))
}

fn sooner(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

fn later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

/// The people who made a visit in the month, under the positions that they have in the month's case.
struct Staff {
    position: BTreeMap<InspectorId, InspectorId>,
}

impl Staff {
    fn of(case: &Case, month: Month) -> Self {
        let served = case.history.iter().filter(|past| Month::of(past.date) == month).flat_map(|past| past.team.iter());
        let served: std::collections::BTreeSet<_> = served.copied().collect();
        Self { position: served.into_iter().enumerate().map(|(at, who)| (who, InspectorId::at(at))).collect() }
    }

    /// The case with these people alone; in history the others are names.
    fn case(&self, case: &Case, known: &[PastVisit]) -> Case {
        let at = |who: InspectorId| self.position.get(&who).copied();
        let inspector = |who: &InspectorId| {
            let inspector = case.inspector(*who).clone();
            Inspector { supervisor: inspector.supervisor.and_then(at), ..inspector }
        };
        let conflict = |conflict: &crate::model::Conflict| {
            let mut conflict = conflict.clone();
            conflict.inspector = at(conflict.inspector)?;
            if let ConflictTarget::Inspector(other) = conflict.target {
                conflict.target = ConflictTarget::Inspector(at(other)?);
            }
            Some(conflict)
        };
        let absence = |absence: &crate::model::Absence| {
            Some(crate::model::Absence { inspector: at(absence.inspector)?, ..absence.clone() })
        };
        let mut history: Vec<_> = known.iter().map(|past| self.past(case, past)).collect();
        history.sort_by(|a, b| (a.date, a.establishment, &a.team).cmp(&(b.date, b.establishment, &b.team)));
        Case {
            name: case.name.clone(),
            period: case.period.clone(),
            urn: case.urn,
            programmed: case.programmed.clone(),
            settings: case.settings.clone(),
            inspectors: self.position.keys().map(inspector).collect(),
            establishments: case.establishments.clone(),
            visits: Vec::new(),
            conflicts: case.conflicts.iter().filter_map(conflict).collect(),
            absences: case.absences.iter().filter_map(absence).collect(),
            history,
            waivers: Vec::new(),
        }
    }

    fn past(&self, case: &Case, past: &PastVisit) -> PastVisit {
        let mut others = past.others.clone();
        let gone = past.team.iter().filter(|who| !self.position.contains_key(who));
        others.extend(gone.map(|who| case.inspector(*who).id.clone()));
        others.sort();
        let team = past.team.iter().filter_map(|who| self.position.get(who).copied()).collect();
        PastVisit { team, others, ..past.clone() }
    }
}
