//! Claim: what is published is what the seed drew, stage by stage: no stage left out, the ticket that the seed names, and
//! of that ticket the stage's own days.

use super::stages::{Stage, Stages};
use super::{Claim, Evidence, Finding};
use crate::model::{Case, Schedule, VisitId};
use crate::record::{ODDS, OddsLine, Published, SCHEDULE, STAGES};

pub(super) const CLAIM: Claim = Claim {
    name: "drawn",
    says: "each stage drew the ticket that the seed names, and the schedule has that ticket's days",
};

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let (case, _) = evidence.thawed.case?;
    let stages = evidence.stages.as_ref()?;
    let published = evidence.published.as_ref().filter(|_| evidence.files.contains_key(SCHEDULE))?;
    let derived = super::seed::check(evidence).is_some_and(|found| found.is_empty());
    let mut found = listed(case, stages);
    for stage in &stages.all {
        found.extend(index(stages, stage).filter(|_| derived));
        match drawn(stages, stage) {
            Some(drawn) => found.extend(part(case, stage, &drawn, published)),
            None => found.extend(could_go(case, stage, evidence.odds.as_deref(), published)),
        }
    }
    Some(found)
}

/// Whether `stages.jsonl` has every stage of the policy, in order, and no other.
fn listed(case: &Case, stages: &Stages) -> Vec<Finding> {
    let said: Vec<_> = stages.lines.iter().map(|(_, line)| (line.stage, line.span(), line.tickets)).collect();
    let asked: Vec<_> = stages.all.iter().map(|stage| (stage.number as u64, stage.span, case.urn.tickets)).collect();
    let Some(at) = (0..said.len().max(asked.len())).find(|at| said.get(*at) != asked.get(*at)) else {
        return Vec::new();
    };
    let shown = |stage: Option<&(u64, crate::model::Span, u32)>| match stage {
        Some((number, span, tickets)) => {
            format!("stage {number} from {} to {} with {tickets} tickets", span.from, span.to)
        }
        None => "no stage".to_owned(),
    };
    let says = format!("the line is {}; the policy asks for {}", shown(said.get(at)), shown(asked.get(at)));
    vec![Finding::new("stages", STAGES, Some(at as u64 + 1), says)]
}

/// Whether the ticket that is said to be drawn is the one that the seed names. Asked only where the record was derived from
/// these inputs and this seed; where not, that is found already.
fn index(stages: &Stages, stage: &Stage) -> Option<Finding> {
    let (number, line) = stages.line(stage.number)?;
    (line.drawn != stage.index).then(|| {
        let says = format!("stage {} says ticket {}; the seed names ticket {}", stage.number, line.drawn, stage.index);
        Finding::new("draw-index", STAGES, Some(*number), says)
    })
}

/// The part of the ticket that is said to be drawn; none where the urn can't be read, or has no such ticket.
fn drawn(stages: &Stages, stage: &Stage) -> Option<Schedule> {
    let index = stages.line(stage.number).map_or(stage.index, |(_, line)| line.drawn) as usize;
    stage.urn.as_ref().filter(|urn| index < urn.len()).map(|urn| urn.part(index))
}

/// The first visit that the schedule holds otherwise than the ticket.
fn part(case: &Case, stage: &Stage, drawn: &Schedule, published: &Published) -> Option<Finding> {
    let said = stage.published(case, published);
    let differs = |visit: &VisitId| said.assignments.get(visit) != drawn.assignments.get(visit);
    let visit = case.visit_ids().find(differs)?;
    let says = format!(
        "stage {} drew visit `{}` {}; the schedule has it {}",
        stage.number,
        case.visit(visit).id,
        shown(case, drawn, visit),
        shown(case, &said, visit)
    );
    Some(Finding::new("drawn-ticket", SCHEDULE, published.lines.get(&visit).copied(), says))
}

fn shown(case: &Case, schedule: &Schedule, visit: VisitId) -> String {
    let Some(assignment) = schedule.assignments.get(&visit) else { return "not on these days".to_owned() };
    let slot = case.period.slots.get(assignment.slot.index()).map_or("", String::as_str);
    let team: Vec<_> = assignment.team.members().iter().map(|who| case.inspector(*who).id.as_str()).collect();
    format!("on {} {slot} by {}", assignment.date, team.join(" and "))
}

/// Without the urn: whether by the stated odds everybody who goes could go, then.
fn could_go(
    case: &Case,
    stage: &Stage,
    odds: Option<&[(VisitId, u64, OddsLine)]>,
    published: &Published,
) -> Option<Finding> {
    let odds = odds?;
    for (visit, assignment) in &stage.published(case, published).assignments {
        let at = odds.binary_search_by_key(visit, |(stated, ..)| *stated).ok().and_then(|at| odds.get(at));
        let line = at.map(|(_, _, line)| line);
        let slot = case.period.slots.get(assignment.slot.index()).map_or("", String::as_str);
        let could = line.filter(|line| line.stage == stage.number as u64).is_some_and(|line| {
            let then = line.times.iter().any(|(date, at, _)| date.date() == assignment.date && at == slot);
            let goes = |id: &String| line.inspectors.iter().any(|(who, n)| who == id && *n > 0);
            then && assignment.team.members().iter().all(|who| goes(&case.inspector(*who).id))
        });
        if !could {
            let id = &case.visit(*visit).id;
            let says = format!("by the odds of stage {}, visit `{id}` could not be held like this", stage.number);
            let line = published.lines.get(visit).copied();
            return Some(Finding::new("drawn-ticket", SCHEDULE, line, says));
        }
    }
    let on_days = |line: &OddsLine| line.stage == stage.number as u64;
    let held = stage.published(case, published).assignments;
    let (visit, line, _) = odds.iter().find(|(visit, _, line)| on_days(line) && !held.contains_key(visit))?;
    let says = format!("visit `{}` has odds, and is not drawn in stage {}", case.visit(*visit).id, stage.number);
    Some(Finding::new("drawn-ticket", ODDS, Some(*line), says))
}
