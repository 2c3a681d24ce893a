//! `bounds.jsonl`: what no lottery could beat in each stage, with what proves it. One line a stage; that of the first also says how
//! many visits any schedule can staff.
//!
//! The file is not bound to the record by a digest: whoever can weigh a proof need not ask where it comes from.

use serde::{Deserialize, Serialize};

use super::canonical::{rows, table};
use super::coverage::MostLine;
use super::flaw::{Flaw, Flaws, flaws};
use super::layout::{BOUNDS, Files};
use crate::model::{
    Case, Cut, CutVisit, InspectorId, LeastSquares, Prices, StageBounds, VisitId, VisitPrice, Week, WorstOdds,
};

/// Numbers of a record stay below this, so that every reader of JSON has them exactly.
const NUMBER_MAX: u64 = 1 << 53;

/// One stage. `odds` and `squares` are the bounds, `cut` proves the first and `prices` the second; `coverage` proves itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    coverage: Option<MostLine>,
    cut: CutLine,
    odds: u32,
    prices: PricesLine,
    squares: u64,
    stage: u64,
}

/// The seats that must be filled, and the people who are counted with all their seats in a week.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CutLine {
    full: Vec<(String, String)>,
    visits: Vec<PartLine>,
}

/// A visit, and which of its needs, from 0 in the order of the book; all seats where it is absent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    need: Option<u32>,
    visit: String,
}

/// What each visit pays for a seat and for each need that is met, and what the weeks of people cost; in sixteenths.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PricesLine {
    visits: Vec<(String, i64, Vec<u64>)>,
    weeks: Vec<(String, String, u64)>,
}

/// The bytes of `bounds.jsonl`.
pub fn bound_lines(case: &Case, bounds: &[StageBounds]) -> Vec<u8> {
    let visit = |visit: VisitId| case.visit(visit).id.clone();
    let inspector = |who: InspectorId| case.inspector(who).id.clone();
    table(bounds.iter().map(|StageBounds { stage, worst, squares, most }| {
        Line {
            coverage: most.as_ref().map(|most| MostLine::of(case, most)),
            cut: CutLine {
                full: worst.cut.full.iter().map(|(who, week)| (inspector(*who), week.to_string())).collect(),
                visits: worst
                    .cut
                    .visits
                    .iter()
                    .map(|part| PartLine { need: part.need, visit: visit(part.visit) })
                    .collect(),
            },
            odds: worst.at_least,
            prices: PricesLine {
                visits: squares
                    .prices
                    .visits
                    .iter()
                    .map(|one| (visit(one.visit), one.seat, one.needs.clone()))
                    .collect(),
                weeks: squares
                    .prices
                    .weeks
                    .iter()
                    .map(|(who, week, cost)| (inspector(*who), week.to_string(), *cost))
                    .collect(),
            },
            squares: squares.at_least,
            stage: *stage,
        }
    }))
}

/// The week that `text` spells: `2027-W01`, nothing else.
pub(super) fn week(text: &str) -> Option<Week> {
    let (year, number) = text.split_once("-W")?;
    let week = Week { year: year.parse().ok()?, number: number.parse().ok()? };
    (week.to_string() == text).then_some(week)
}

/// The bounds as they were published, each with its line, and everything wrong with the file. A line with anything wrong in it
/// is left out. There need be no such file.
pub fn read_bounds(files: &Files, case: &Case) -> (Vec<(u64, StageBounds)>, Vec<Flaw>) {
    let mut flaws = Flaws::default();
    let mut bounds: Vec<(u64, StageBounds)> = Vec::new();
    if !files.contains_key(BOUNDS) {
        return (bounds, flaws.into_vec());
    }
    for (number, line) in rows::<Line>(files, BOUNDS, &mut flaws) {
        if bounds.last().is_some_and(|(_, before)| before.stage >= line.stage) {
            flaws.add(flaws::ORDER, BOUNDS, Some(number), "the stage should stand before the one above it");
            continue;
        }
        let mut wrong = Vec::new();
        let read = Reader { case, wrong: &mut wrong }.bounds(&line);
        if wrong.is_empty() {
            bounds.push((number, read));
        }
        wrong.into_iter().for_each(|(name, says)| flaws.add(name, BOUNDS, Some(number), says));
    }
    (bounds, flaws.into_vec())
}

/// Reads a line, and keeps what is wrong with it.
pub(super) struct Reader<'r, 'c> {
    case: &'c Case,
    pub(super) wrong: &'r mut Vec<(&'static str, String)>,
}

impl Reader<'_, '_> {
    fn bounds(&mut self, line: &Line) -> StageBounds {
        let mut cut = Cut::default();
        for part in &line.cut.visits {
            cut.visits.extend(self.visit(&part.visit).map(|visit| CutVisit { visit, need: part.need }));
        }
        for (who, at) in &line.cut.full {
            cut.full.extend(self.cell(who, at));
        }
        let mut prices = Prices::default();
        for (id, seat, needs) in &line.prices.visits {
            self.bounded(needs.iter().copied().chain([seat.unsigned_abs()]), id);
            let price = self.visit(id).map(|visit| VisitPrice { visit, seat: *seat, needs: needs.clone() });
            prices.visits.extend(price);
        }
        for (who, at, cost) in &line.prices.weeks {
            self.bounded([*cost], who);
            prices.weeks.extend(self.cell(who, at).map(|(who, week)| (who, week, *cost)));
        }
        self.bounded([line.squares], "squares");
        let lists = [
            cut.visits.is_sorted_by(|a, b| a.visit < b.visit),
            cut.full.is_sorted_by(|a, b| a < b),
            prices.visits.is_sorted_by(|a, b| a.visit < b.visit),
            prices.weeks.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)),
        ];
        self.in_order(!lists.contains(&false));
        let most = line.coverage.as_ref().map(|most| self.most(most));
        let worst = WorstOdds { at_least: line.odds, cut };
        StageBounds { stage: line.stage, worst, squares: LeastSquares { at_least: line.squares, prices }, most }
    }

    pub(super) fn in_order(&mut self, sorted: bool) {
        if !sorted {
            self.wrong.push((flaws::ORDER, "a list is not in order, or names something twice".to_owned()));
        }
    }

    pub(super) fn visit(&mut self, id: &str) -> Option<VisitId> {
        let found = self.case.find_visit(id);
        if found.is_none() {
            self.wrong.push((flaws::UNKNOWN_ID, format!("there is no visit `{id}`")));
        }
        found
    }

    pub(super) fn inspector(&mut self, id: &str) -> Option<InspectorId> {
        let found = self.case.find_inspector(id);
        if found.is_none() {
            self.wrong.push((flaws::UNKNOWN_ID, format!("there is no inspector `{id}`")));
        }
        found
    }

    fn cell(&mut self, id: &str, at: &str) -> Option<(InspectorId, Week)> {
        let found = self.inspector(id);
        let week = week(at);
        if week.is_none() {
            self.wrong.push((flaws::BAD_VALUE, format!("`{at}` is not a week like 2027-W01")));
        }
        Some((found?, week?))
    }

    pub(super) fn bounded(&mut self, numbers: impl IntoIterator<Item = u64>, of: &str) {
        if numbers.into_iter().any(|number| number >= NUMBER_MAX) {
            self.wrong.push((flaws::BAD_VALUE, format!("a number of `{of}` is beyond every bound")));
        }
    }
}
