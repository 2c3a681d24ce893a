//! Part of the claim of odds: no urn has far less in it than is proved to be possible. An urn made by hand can keep every rule and be
//! counted honestly; only a replay shows every one of them. What is proved without a replay (reserves, bounds, what the schedule itself has) shows the
//! poorest. DRAW.md, section 9, has each line that is drawn here and how far from it honest urns stay.

use super::stages::{Stage, Stages};
use super::{Evidence, Finding};
use crate::model::{Case, InspectorId, Reserves, Schedule, StageBounds};
use crate::record::{CEREMONY, ODDS, OddsLine, Published, SCHEDULE, STAGES, StageLine};
use crate::rules::{Book, StandIns};

/// What was found to hold of what proves other things here.
#[derive(Clone, Copy)]
pub(super) struct Proofs {
    pub reserves: bool,
    pub bounds: bool,
}

/// Tickets below which chance alone can make an urn poor, so that nothing is said of it.
const TICKETS_LEAST: u64 = 16;

/// Outcomes, people and visits of later stages that must be proved before anything is held against them.
const OUTCOMES_LEAST: u64 = 8;
const SUPPORT_LEAST: u64 = 16;
const LATER_LEAST: u64 = 4;

/// Visits that a schedule leaves out and that are looked at, at most.
const LEFT_OUT_MAX: usize = 50;

/// What is poor, stage by stage. Nothing where the reserves prove nothing.
pub(super) fn check(evidence: &Evidence, proofs: Proofs) -> Vec<Finding> {
    let stages = evidence.stages.as_ref().filter(|_| proofs.reserves);
    let Some(((case, book), stages)) = evidence.thawed.case.zip(stages) else { return Vec::new() };
    if u64::from(case.urn.tickets) < TICKETS_LEAST {
        return Vec::new();
    }
    let (Some(published), Some(odds)) = (&evidence.published, &evidence.odds) else { return Vec::new() };
    let mut found = Vec::new();
    for stage in &stages.all {
        let Some((at, line)) = stages.line(stage.number) else { continue };
        let of = Of::new(evidence, stage, line);
        let bounds = evidence.bounds.iter().map(|(_, bounds)| bounds);
        let bounds = bounds.filter(|_| proofs.bounds).find(|bounds| bounds.stage == stage.number as u64);
        let of_line = [of.outcomes(), bounds.and_then(|bounds| of.beside(bounds))];
        found.extend(of_line.into_iter().flatten().map(|says| poor(STAGES, Some(*at), says)));
        let lines: Vec<_> = odds.iter().filter(|(_, _, line)| line.stage == stage.number as u64).collect();
        found.extend(of.support(published, &lines).map(|says| poor(ODDS, None, says)));
        found.extend(without_completions(case, stage, published).map(|says| poor(&stage.file(), None, says)));
    }
    found.extend(left_out(evidence, (case, book), stages, published).map(|says| poor(SCHEDULE, None, says)));
    found
}

fn poor(file: &str, line: Option<u64>, says: String) -> Finding {
    Finding::new("urn-poor", file, line, says)
}

/// What is stated of a stage, and the reserves of its days.
struct Of<'e> {
    line: &'e StageLine,
    reserves: Vec<&'e Reserves>,
}

/// A visit that was drawn, with its line of the odds.
type Line<'e> = &'e (crate::model::VisitId, u64, OddsLine);

impl<'e> Of<'e> {
    fn new(evidence: &'e Evidence, stage: &Stage, line: &'e StageLine) -> Self {
        let all = evidence.reserves.iter().flatten().map(|(_, one)| one);
        Self { line, reserves: all.filter(|one| one.stage == stage.number).collect() }
    }

    /// Each reserve proves one more outcome: the same schedule with them in the member's place.
    fn outcomes(&self) -> Option<String> {
        let StageLine { outcomes, tickets, stage, .. } = self.line;
        let proved = self.reserves.iter().map(|one| one.of as u64).fold(1, u64::saturating_add);
        let possible = proved.min(u64::from(*tickets));
        (possible >= OUTCOMES_LEAST && u64::from(*outcomes).saturating_mul(4) < possible).then(|| {
            format!(
                "the {tickets} tickets of stage {stage} have {outcomes} different outcomes; the reserves prove {proved}"
            )
        })
    }

    /// What no lottery could beat, against what this one has.
    fn beside(&self, bounds: &StageBounds) -> Option<String> {
        let StageLine { tickets, stage, seats, squares, worst, .. } = self.line;
        let (n, least) = (worst.as_ref().map_or(0, |worst| u64::from(worst.n)), u64::from(bounds.worst.at_least));
        // No whole number is above its square.
        let squares_least = bounds.squares.at_least.max(*seats);
        let is_poor = n > least.saturating_mul(4).saturating_add(4) || *squares > squares_least.saturating_mul(5);
        is_poor.then(|| {
            format!(
                "stage {stage} has worst odds of {n} in {tickets} tickets and a sum of squares of {squares}; no lottery is proved to need more than {least} and {squares_least}"
            )
        })
    }

    /// The reserves of a member on the day of a visit.
    fn of(&self, date: chrono::NaiveDate, member: InspectorId) -> Option<&'e Reserves> {
        let at = self.reserves.binary_search_by_key(&(date, member), |one| (one.date, one.member)).ok()?;
        self.reserves.get(at).copied()
    }

    /// How many people go in any ticket on the visits that were drawn, against how many are proved to be able to: the team, and all who may
    /// take the place of one of them.
    fn support(&self, published: &Published, lines: &[Line]) -> Option<String> {
        let (mut possible, mut there) = (0u64, 0u64);
        for (visit, _, line) in lines {
            let Some(to) = published.schedule.assignments.get(visit) else { continue };
            let members = to.team.members();
            let seats = u64::from(line.held).saturating_mul(members.len() as u64);
            let most = members.iter().filter_map(|member| self.of(to.date, *member)).map(|one| one.of as u64).max();
            possible += seats.min(most.unwrap_or(0).saturating_add(members.len() as u64));
            there += line.inspectors.iter().filter(|(_, n)| *n > 0).count() as u64;
        }
        let is_poor = possible >= SUPPORT_LEAST && there.saturating_mul(3) < possible;
        is_poor.then(|| {
            let stage = self.line.stage;
            format!("on the visits that stage {stage} drew, {there} people go in any of its tickets; at least {possible} are proved to be able to")
        })
    }
}

/// Where tickets plan far less for the days after the stage than later stages drew.
fn without_completions(case: &Case, stage: &Stage, published: &Published) -> Option<String> {
    let urn = stage.urn.as_ref()?;
    let is_later = |date| date > stage.span.to && case.period.contains(date);
    let drawn =
        published.schedule.assignments.iter().filter(|(visit, _)| !stage.before.assignments.contains_key(visit));
    let later = drawn.filter(|(_, to)| is_later(to.date)).count() as u64;
    let mut planned = 0u64;
    urn.tickets().for_each(|ticket| urn.layout().for_each(ticket, |held| planned += u64::from(!held.in_span)));
    let tickets = urn.len() as u64;
    (later >= LATER_LEAST && planned.saturating_mul(4) < later.saturating_mul(tickets)).then(|| {
        format!(
            "after its own days, the {tickets} tickets of stage {} hold {planned} visits; later stages drew {later}, so that each could hold as many",
            stage.number
        )
    })
}

/// The first visit that the whole schedule leaves out although it could be added to it. Of a ceremony's draw the whole is the ticket that was
/// drawn, with its completion: what later draws may yet draw is not left out.
fn left_out(
    evidence: &Evidence,
    (case, book): (&Case, &Book),
    stages: &Stages,
    published: &Published,
) -> Option<String> {
    let whole;
    let (before, schedule, from) = match evidence.record.as_ref().filter(|record| record.kind == CEREMONY) {
        None => (Schedule::default(), &published.schedule, case.period.from),
        Some(_) => {
            let stage = stages.all.first()?;
            let urn = stage.urn.as_ref()?;
            let drawn = stages.line(stage.number).map_or(stage.index, |(_, line)| line.drawn) as usize;
            let mut held = stage.before.clone();
            held.assignments.extend(urn.ticket(drawn.min(urn.len() - 1)).assignments);
            whole = held;
            (stage.before.clone(), &whole, stage.span.from)
        }
    };
    let left: Vec<_> = case.visit_ids().filter(|visit| !schedule.assignments.contains_key(visit)).collect();
    if left.is_empty() {
        return None;
    }
    let stand_ins = StandIns::after(case, book, &before, schedule)?;
    let from = case.period.days().partition_point(|day| *day < from);
    left.into_iter().take(LEFT_OUT_MAX).find_map(|visit| {
        let to = stand_ins.could_add(visit, from)?;
        let ids: Vec<&str> = to.team.members().iter().map(|who| case.inspector(*who).id.as_str()).collect();
        let (visit, slot) = (&case.visit(visit).id, case.period.slots.get(to.slot.index()).map_or("", String::as_str));
        Some(format!(
            "what was drawn leaves visit `{visit}` out; with {} on {} {slot} no rule would be broken, all else as drawn",
            ids.join(" and "),
            to.date
        ))
    })
}
