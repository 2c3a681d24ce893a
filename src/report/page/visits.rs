//! Each visit: when, who goes, by which odds, who else could have, who could not, and who steps in.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::told::{Chance, Day, KeptAway, Odds, Reserve, State, Time, Visit};
use super::{Draw, Facts, Proof};
use crate::bound::{Brief, others_in_brief};
use crate::model::{Assignment, By, Case, InspectorId, Level, Reserves, VisitId};
use crate::record::changes::HeldVisit;
use crate::record::{OddsLine, StageLine, read_odds, read_reserves, read_stages};

/// What the records say of each visit, by its id. A later draw has the last word.
#[derive(Default)]
struct Drawn {
    odds: BTreeMap<String, Odds>,
    reserves: BTreeMap<String, Vec<Reserve>>,
}

/// Every visit of the case, in order of id.
pub(super) fn all(facts: &Facts) -> Vec<Visit> {
    let drawn = drawn(facts);
    let visits: Vec<VisitId> = facts.case.visit_ids().collect();
    visits.into_par_iter().map(|visit| one(facts, &drawn, visit)).collect()
}

fn drawn(facts: &Facts) -> Drawn {
    let mut drawn = Drawn::default();
    for draw in &facts.draws {
        let stages: Vec<StageLine> = read_stages(draw.files).0.into_iter().map(|(_, line)| line).collect();
        for (_, _, line) in read_odds(draw.files, draw.case).0 {
            let tickets = stages.iter().find(|stage| stage.stage == line.stage).map_or(0, |stage| stage.tickets);
            drawn.odds.insert(line.visit.clone(), odds(line, tickets));
        }
        for (_, one) in read_reserves(draw.files, draw.case).0 {
            for visit in &one.visits {
                let of = drawn.reserves.entry(draw.case.visit(*visit).id.clone()).or_default();
                of.push(reserve(draw.case, &one, *visit));
            }
        }
    }
    drawn
}

fn odds(line: OddsLine, tickets: u32) -> Odds {
    let people = line.inspectors.into_iter().map(|(inspector, tickets)| Chance { inspector, tickets });
    let mut people: Vec<Chance> = people.collect();
    people.sort_by(|a, b| (b.tickets, &a.inspector).cmp(&(a.tickets, &b.inspector)));
    let times = line.times.into_iter().map(|(date, slot, tickets)| Time { date: Day(date.date()), slot, tickets });
    let (stage, held, different_teams) = (line.stage, line.held, line.teams.distinct);
    Odds { stage, tickets, held, different_teams, people, times: times.collect() }
}

fn reserve(case: &Case, one: &Reserves, visit: VisitId) -> Reserve {
    let id = |who: &InspectorId| case.inspector(*who).id.clone();
    let also = one.visits.iter().filter(|own| **own != visit).map(|own| case.visit(*own).id.clone());
    let (of, level) = one.on(visit);
    let by = one.by_visit.iter().find(|own| own.visit == visit).filter(|_| level != Level::Day).map(|own| &own.by);
    let ids = |people: &[InspectorId]| people.iter().map(id).collect::<Vec<_>>();
    let (order, teams) = match by {
        None => (ids(&one.order), Vec::new()),
        Some(By::People(people)) => (ids(people), Vec::new()),
        Some(By::Teams(teams)) => (Vec::new(), teams.iter().map(|team| ids(team.members())).collect()),
    };
    Reserve { member: id(&one.member), also: also.collect(), level: level.number(), order, teams, of }
}

fn one(facts: &Facts, drawn: &Drawn, visit: VisitId) -> Visit {
    let case = facts.case;
    let planned = case.visit(visit);
    let kind = planned.kind.word();
    let to = facts.schedule.assignments.get(&visit);
    let odds = drawn.odds.get(&planned.id).filter(|_| to.is_some()).cloned();
    let others = others_in_brief(case, facts.book, facts.schedule, visit).unwrap_or_default();
    let id = |brief: &Brief| case.inspector(brief.inspector).id.clone();
    let team: Vec<String> = to.map(|to| team(case, &facts.heads.in_order(visit, &to.team))).unwrap_or_default();
    let reserves = drawn.reserves.get(&planned.id).into_iter().flatten();
    Visit {
        id: planned.id.clone(),
        place: case.place_of(visit).id.clone(),
        kind,
        state: state(facts, visit),
        date: to.map(|to| Day(to.date)),
        slots: to.map(|to| slots(case, visit, to)).unwrap_or_default(),
        could: others.iter().filter(|brief| !brief.instead_of.is_empty()).map(id).collect(),
        could_not: could_not(case, &others, odds.as_ref()),
        reserves: reserves.filter(|one| team.contains(&one.member)).cloned().collect(),
        changed: changed(facts, &planned.id),
        team,
        odds,
    }
}

fn team(case: &Case, members: &[InspectorId]) -> Vec<String> {
    members.iter().map(|who| case.inspector(*who).id.clone()).collect()
}

fn slots(case: &Case, visit: VisitId, to: &Assignment) -> Vec<String> {
    let first = to.slot.index();
    let last = first + usize::from(case.visit(visit).duration).saturating_sub(1);
    let name = |slot: usize| case.period.slots.get(slot).cloned();
    [Some(first), (last > first).then_some(last)].into_iter().flatten().filter_map(name).collect()
}

/// Those who could not go, each under the first rule in the way. Whoever goes in some ticket could, with another schedule.
fn could_not(case: &Case, others: &[Brief], odds: Option<&Odds>) -> Vec<KeptAway> {
    let drawn: BTreeSet<&str> =
        odds.into_iter().flat_map(|odds| &odds.people).map(|chance| chance.inspector.as_str()).collect();
    let mut rules: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for brief in others {
        let id = &case.inspector(brief.inspector).id;
        if let Some(rule) = brief.rules.first().filter(|_| !drawn.contains(id.as_str())) {
            rules.entry(rule).or_default().push(id.clone());
        }
    }
    rules.into_iter().map(|(rule, inspectors)| KeptAway { rule, inspectors }).collect()
}

/// How a visit differs from what was drawn.
fn changed(facts: &Facts, id: &str) -> Vec<String> {
    let Proof::Ledger(ceremony) = &facts.proof else { return Vec::new() };
    let Some(held) = ceremony.held.visit(id) else { return Vec::new() };
    let mut says = Vec::new();
    match drawn_team(facts, id, held) {
        None => says.push(format!("Set by hand: no draw has it on {}.", held.date)),
        Some(team) => {
            let stranger = |(who, seat): &(&String, &String)| who == seat && !team.contains(who);
            let by_hand = held.seats.iter().filter(stranger);
            says.extend(by_hand.map(|(who, _)| format!("{who} goes by hand: no draw gave them this seat.")));
        }
    }
    let in_place = held.seats.iter().filter(|(who, seat)| who != seat);
    says.extend(in_place.map(|(who, seat)| format!("{who} goes in place of {seat}, whom the draw had named.")));
    says
}

/// Whom the draw of that day sent on the visit.
fn drawn_team(facts: &Facts, id: &str, held: &HeldVisit) -> Option<Vec<String>> {
    let drew = |draw: &&Draw| read_stages(draw.files).0.iter().any(|(_, stage)| stage.span().contains(held.date));
    let draw = facts.draws.iter().rev().find(drew)?;
    let visit = draw.case.visit_ids().find(|visit| draw.case.visit(*visit).id == id)?;
    let to = draw.schedule.assignments.get(&visit).filter(|to| to.date == held.date)?;
    Some(team(draw.case, to.team.members()))
}

/// The visits that are held and that the case does not know so.
pub(super) fn unknown(facts: &Facts) -> Vec<String> {
    let Proof::Ledger(ceremony) = &facts.proof else { return Vec::new() };
    let known = |id: &str| facts.schedule.assignments.keys().any(|visit| facts.case.visit(*visit).id == id);
    ceremony.held.visits().map(|(id, _)| id).filter(|id| !known(id)).map(str::to_owned).collect()
}

/// Whether nobody goes on a visit that should have been staffed by now.
pub(super) fn is_open(facts: &Facts, visit: VisitId) -> bool {
    state(facts, visit) == State::Open
}

fn state(facts: &Facts, visit: VisitId) -> State {
    if facts.schedule.assignments.contains_key(&visit) {
        return State::Held;
    }
    let Proof::Ledger(ceremony) = &facts.proof else { return State::Open };
    let planned = facts.case.visit(visit);
    if ceremony.held.cancelled(&planned.id).is_some() {
        return State::Cancelled;
    }
    let until = facts.draws.iter().filter_map(|draw| Some(read_stages(draw.files).0.last()?.1.span().to)).max();
    match until {
        Some(until) if planned.latest.unwrap_or(facts.case.period.to) <= until => State::Open,
        _ => State::ToCome,
    }
}
