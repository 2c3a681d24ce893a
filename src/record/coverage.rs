//! The part of `bounds.jsonl` that says how many visits any schedule can staff at most, with what is counted to prove it.

use serde::{Deserialize, Serialize};

use super::bounds::{Reader, week};
use super::day::Day;
use super::flaw::flaws;
use crate::model::{Case, Coverage, DayOrWeek, InspectorId, MostStaffed, Shortfall, VisitId};

/// All visits, and the mandatory ones among them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MostLine {
    all: CoverageLine,
    mandatory: CoverageLine,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CoverageLine {
    at_most: u64,
    hopeless: Vec<String>,
    of: u64,
    short: Vec<ShortLine>,
}

/// Visits that want more seats than there are. A time is a day or a week.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShortLine {
    full: Vec<(String, String)>,
    missing: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quality: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    there: u64,
    visits: Vec<String>,
    wanted: u64,
}

impl MostLine {
    /// What stands in the file for this bound.
    pub fn of(case: &Case, most: &MostStaffed) -> Self {
        Self { all: coverage_line(case, &most.visits), mandatory: coverage_line(case, &most.mandatory) }
    }
}

fn coverage_line(case: &Case, coverage: &Coverage) -> CoverageLine {
    let ids = |visits: &[VisitId]| visits.iter().map(|visit| case.visit(*visit).id.clone()).collect();
    let time = |(who, time): &(InspectorId, DayOrWeek)| {
        let spelt = match time {
            DayOrWeek::Day(day) => String::from(Day(*day)),
            DayOrWeek::Week(week) => week.to_string(),
        };
        (case.inspector(*who).id.clone(), spelt)
    };
    let short = |short: &Shortfall| ShortLine {
        full: short.full.iter().map(time).collect(),
        missing: short.missing as u64,
        quality: short.quality.as_ref().map(|(_, quality)| quality.clone()),
        rule: short.quality.as_ref().map(|(rule, _)| rule.clone()),
        there: short.there,
        visits: ids(&short.visits),
        wanted: short.wanted,
    };
    CoverageLine {
        at_most: coverage.at_most as u64,
        hopeless: ids(&coverage.hopeless),
        of: coverage.of as u64,
        short: coverage.short.iter().map(short).collect(),
    }
}

impl Reader<'_, '_> {
    /// The bound as it was published.
    pub(super) fn most(&mut self, line: &MostLine) -> MostStaffed {
        MostStaffed { visits: self.coverage(&line.all), mandatory: self.coverage(&line.mandatory) }
    }

    fn coverage(&mut self, line: &CoverageLine) -> Coverage {
        Coverage {
            of: self.count(line.of),
            at_most: self.count(line.at_most),
            hopeless: self.visits(&line.hopeless),
            short: line.short.iter().map(|short| self.short(short)).collect(),
        }
    }

    fn short(&mut self, line: &ShortLine) -> Shortfall {
        let full: Vec<_> = line.full.iter().filter_map(|(who, time)| self.time(who, time)).collect();
        self.in_order(full.is_sorted_by(|a, b| a < b));
        if line.rule.is_some() != line.quality.is_some() {
            self.wrong.push((flaws::BAD_VALUE, "a rule and a quality stand together, or neither".to_owned()));
        }
        Shortfall {
            quality: line.rule.clone().zip(line.quality.clone()),
            visits: self.visits(&line.visits),
            full,
            wanted: self.count(line.wanted) as u64,
            there: self.count(line.there) as u64,
            missing: self.count(line.missing),
        }
    }

    fn visits(&mut self, ids: &[String]) -> Vec<VisitId> {
        let visits: Vec<_> = ids.iter().filter_map(|id| self.visit(id)).collect();
        self.in_order(visits.is_sorted_by(|a, b| a < b));
        visits
    }

    fn time(&mut self, id: &str, time: &str) -> Option<(InspectorId, DayOrWeek)> {
        let day = || Day::try_from(time.to_owned()).ok().map(|day| DayOrWeek::Day(day.0));
        let found = week(time).map(DayOrWeek::Week).or_else(day);
        if found.is_none() {
            let says = format!("`{time}` is neither a week like 2027-W01 nor a day like 2027-01-04");
            self.wrong.push((flaws::BAD_VALUE, says));
        }
        Some((self.inspector(id)?, found?))
    }

    /// A number that every reader of JSON has exactly.
    fn count(&mut self, number: u64) -> usize {
        self.bounded([number], "coverage");
        usize::try_from(number).unwrap_or(usize::MAX)
    }
}
