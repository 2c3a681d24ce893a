//! Claim: the odds are those that are counted in the urns. No solver is needed, and the counting is linear.

use super::stages::{Stage, Stages};
use super::{Claim, Evidence, Finding};
use crate::draw::{digest, to_hex};
use crate::model::{Case, Odds, VisitId};
use crate::record::{ODDS, OddsLine, RECORD, STAGES, StageLine};

pub(super) const CLAIM: Claim = Claim { name: "odds", says: "the odds are those that are counted in the urns" };

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let (case, _) = evidence.thawed.case?;
    let stages = evidence.stages.as_ref()?;
    let odds = evidence.odds.as_ref()?;
    let mut found = digests(evidence);
    for stage in &stages.all {
        found.extend(recount(case, stages, stage, odds).into_iter().flatten());
    }
    let numbers: Vec<u64> = stages.all.iter().map(|stage| stage.number as u64).collect();
    found.extend(odds.iter().filter(|(.., line)| !numbers.contains(&line.stage)).map(|(_, at, line)| {
        let says = format!("visit `{}` has odds of stage {}, and the record has no such stage", line.visit, line.stage);
        Finding::new("odds", ODDS, Some(*at), says)
    }));
    Some(found)
}

/// The digests of the two tables, where the record states others.
fn digests(evidence: &Evidence) -> Vec<Finding> {
    let Some(record) = &evidence.record else { return Vec::new() };
    let mut found = Vec::new();
    for (name, file, stated) in [("odds-digest", ODDS, &record.odds), ("stages-digest", STAGES, &record.stages)] {
        let actual = evidence.files.get(file).map(|bytes| to_hex(&digest(bytes)));
        if let Some(actual) = actual.filter(|actual| actual != stated) {
            let says = format!("the record states the digest {stated}; it is {actual}");
            found.push(Finding::new(name, RECORD, Some(1), says));
        }
    }
    found
}

/// The two tables against what is counted in the urn of `stage`.
fn recount(case: &Case, stages: &Stages, stage: &Stage, said: &[(VisitId, u64, OddsLine)]) -> Option<Vec<Finding>> {
    let (urn, root) = (stage.urn.as_ref()?, stage.root?);
    let counted = Odds::count(urn);
    let mut found = Vec::new();
    let number = stage.number;
    let mut differs = |file: &str, line: Option<u64>, says: String| found.push(Finding::new("odds", file, line, says));
    if let Some((at, line)) = stages.line(number) {
        let actual = StageLine::of(case, number, (urn, &root), &counted, line.drawn);
        if let Some(says) = line.differs(&actual) {
            differs(STAGES, Some(*at), format!("of stage {number}, {says}"));
        }
    }
    let drawn = stages.line(number).map_or(stage.index, |(_, line)| line.drawn) as usize;
    let part = urn.part(drawn.min(urn.len() - 1));
    for (visit, at, line) in said.iter().filter(|(_, _, line)| line.stage == number as u64) {
        let actual = counted.of(*visit).filter(|_| part.assignments.contains_key(visit));
        let says = match actual.map(|odds| OddsLine::of(case, number, odds)) {
            Some(actual) => line.differs(&actual),
            None => Some(format!("stage {number} did not draw it")),
        };
        if let Some(says) = says {
            differs(ODDS, Some(*at), format!("of visit `{}`, {says}", line.visit));
        }
    }
    for visit in part.assignments.keys() {
        let at = said.binary_search_by_key(visit, |(stated, ..)| *stated).ok().and_then(|at| said.get(at));
        if at.is_none_or(|(_, _, line)| line.stage != stage.number as u64) {
            let says =
                format!("visit `{}` was drawn in stage {}, and has no odds", case.visit(*visit).id, stage.number);
            found.push(Finding::new("odds", ODDS, None, says));
        }
    }
    Some(found)
}
