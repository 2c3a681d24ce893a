//! What everybody may see: nothing that names a person, a place or a visit.
//!
//! The structure is taken apart without a rest (`..`), so that a field that is added is told to nobody until somebody has decided so here.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::View;
use super::told::{
    Change, Class, Command, Counts, Day, Evidence, Finding, Guess, Kind, Load, Loud, Notice, Place, Pools, Released,
    Stage, State, Step, Told, Visit,
};

/// What is told in public; of visits up to the day `released`, the places.
pub(super) fn public(told: Told, released: Option<NaiveDate>) -> Told {
    let Told {
        view: _,
        case,
        folder: _,
        ceremony,
        period,
        counts,
        loud,
        notices,
        changes,
        evidence,
        coverage,
        most,
        open: _,
        to_come,
        unknown: _,
        would_help: _,
        waivers: _,
        rules_off,
        settings: _,
        load,
        stages,
        guesses,
        pools,
        programmed,
        people: _,
        places,
        visits,
        released: _,
        released_to: _,
    } = told;
    let coverage: Vec<Kind> = coverage;
    let (load, guesses): (Vec<Load>, Vec<Guess>) = (load, guesses);
    let counts: Counts = counts;
    let loud: Vec<Loud> = loud.into_iter().map(one_loud).collect();
    let notices: Vec<Notice> = notices.into_iter().map(one_notice).collect();
    let changes: Vec<Change> = changes.into_iter().map(one_change).collect();
    let programmed: Vec<Class> = programmed;
    Told {
        view: View::Public { released },
        case,
        folder: "FOLDER".to_owned(),
        ceremony,
        period,
        counts,
        loud,
        notices,
        changes,
        evidence: of_evidence(evidence, ceremony),
        coverage,
        most: most.into_iter().take(1).collect(),
        open: Vec::new(),
        to_come,
        unknown: Vec::new(),
        would_help: Vec::new(),
        waivers: Vec::new(),
        rules_off,
        settings: Vec::new(),
        load,
        stages: stages.into_iter().map(one_stage).collect(),
        guesses,
        pools: Pools { limits: pools.limits, ..Pools::default() },
        programmed,
        people: Vec::new(),
        places: Vec::new(),
        released: released.map(|until| over(&visits, &places, until)).unwrap_or_default(),
        visits: Vec::new(),
        released_to: released.map(Day),
    }
}

/// Reasons are written by people, who may name others in them.
fn one_loud(Loud { kind, line, says, reason: _, details: _, signed }: Loud) -> Loud {
    Loud { kind, line, says, reason: None, details: Vec::new(), signed }
}

/// The facts of a notice name people, places and visits.
fn one_notice(Notice { name, line, says, means, counts }: Notice) -> Notice {
    Notice { name, line, says: counts.unwrap_or(says), means, counts: None }
}

fn one_change(Change { line, kind, says, details: _ }: Change) -> Change {
    // What the ledger says of an override ends with its reason.
    let says = says.split(" Reason: ").next().unwrap_or_default().to_owned();
    Change { line, kind, says, details: Vec::new() }
}

/// How many visits a day has is not told: whoever fears one could count.
fn one_stage(stage: Stage) -> Stage {
    let Stage { stage, from, to, tickets, distinct, drawn, worst, bound, teams_in_tenths, left_in_tenths, .. } = stage;
    let (visits, says) = (None, Vec::new());
    Stage { stage, from, to, tickets, distinct, drawn, visits, worst, bound, teams_in_tenths, left_in_tenths, says }
}

fn of_evidence(evidence: Evidence, ceremony: bool) -> Evidence {
    let Evidence {
        steps,
        follows,
        limits,
        digests,
        sound,
        verdict,
        claims,
        findings,
        head,
        parties,
        cosignatures,
        commands: _,
    } = evidence;
    let step = |Step { says, means, line, seen }: Step| {
        let says = says.split(" Reason: ").next().unwrap_or_default().to_owned();
        Step { says, means, line, seen }
    };
    let finding = |Finding { name, claim, says: _, explain }: Finding| Finding { name, claim, says: None, explain };
    let run = "foureyes verify FOLDER".to_owned();
    let says = match ceremony {
        true => "With ledger.jsonl and checkpoints/ in a folder: what everybody can check",
        false => "Whoever may see names gets the folder of the record, and recounts it",
    };
    Evidence {
        steps: steps.into_iter().map(step).collect(),
        follows,
        limits,
        digests,
        sound,
        verdict,
        claims,
        findings: findings.into_iter().map(finding).collect(),
        head,
        parties,
        cosignatures,
        commands: vec![Command { says, run }],
    }
}

/// The places of the visits that are held up to a day.
fn over(visits: &[Visit], places: &[Place], until: NaiveDate) -> Vec<Released> {
    let names: BTreeMap<&str, &Place> = places.iter().map(|place| (place.id.as_str(), place)).collect();
    let one = |visit: &Visit| {
        let date = visit.date.filter(|date| visit.state == State::Held && date.0 <= until)?;
        let name = names.get(visit.place.as_str()).and_then(|place| place.name.clone());
        Some(Released { date, place: visit.place.clone(), name, kind: visit.kind })
    };
    let mut all: Vec<Released> = visits.iter().filter_map(one).collect();
    all.sort_by(|a, b| (a.date, &a.place).cmp(&(b.date, &b.place)));
    all
}
