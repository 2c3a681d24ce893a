//! What people say by hand: seats that an override gives, and who really went.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::change::{ByHand, Went};
use super::draws::PastDraw;
use super::held::Held;
use super::refusal::Refusal;
use crate::model::Case;
use crate::record::layout::TEAM_MAX;

/// What an override sets, put in order: visits by id, teams by id. Whatever the rules say of it, it can be.
///
/// # Errors
/// Where it names what is not there, or a day that is over.
pub fn by_hand(draws: &[PastDraw], held: &Held, teams: &[ByHand]) -> Result<Vec<ByHand>, Refusal> {
    let case = &draws.last().ok_or(Refusal::NothingDrawn)?.case;
    let mut by_visit = BTreeMap::new();
    for one in teams {
        let one = one_by_hand(case, held, one)?;
        let visit = one.visit.clone();
        if by_visit.insert(visit.clone(), one).is_some() {
            return Err(Refusal::VisitTwice(visit));
        }
    }
    if by_visit.is_empty() { Err(Refusal::NoVisit) } else { Ok(by_visit.into_values().collect()) }
}

fn one_by_hand(case: &Case, held: &Held, one: &ByHand) -> Result<ByHand, Refusal> {
    let (visit, before) = (one.visit.clone(), held.visit(&one.visit));
    if let Some(date) = before.map(|before| before.date).filter(|date| held.is_executed(*date)) {
        return Err(Refusal::DayOver(date));
    }
    let Some((date, slot, team)) = &one.held else {
        return if before.is_some() { Ok(one.clone()) } else { Err(Refusal::NotHeld(visit)) };
    };
    if case.find_visit(&visit).is_none() {
        return Err(Refusal::UnknownVisit(visit));
    }
    if held.is_executed(*date) {
        return Err(Refusal::DayOver(*date));
    }
    let period = &case.period;
    if *date < period.from || period.to < *date {
        return Err(Refusal::OutsidePeriod(*date, period.from, period.to));
    }
    if !period.slots.contains(slot) {
        return Err(Refusal::UnknownSlot(slot.clone(), period.slots.join(", ")));
    }
    let team = in_order(case, &visit, team)?;
    Ok(ByHand { held: (!team.is_empty()).then(|| (*date, slot.clone(), team)), visit })
}

/// A team in order of id, of people whom the case has, nobody twice.
fn in_order(case: &Case, visit: &str, team: &[String]) -> Result<Vec<String>, Refusal> {
    if team.len() > TEAM_MAX {
        return Err(Refusal::TeamTooLarge(visit.to_owned(), team.len(), TEAM_MAX));
    }
    let mut team = team.to_vec();
    team.sort();
    if let Some(stranger) = team.iter().find(|who| case.find_inspector(who).is_none()) {
        return Err(Refusal::UnknownInspector(stranger.clone()));
    }
    match team.windows(2).find(|two| two[0] == two[1]) {
        Some(two) => Err(Refusal::PersonTwice(two[0].clone(), visit.to_owned())),
        None => Ok(team),
    }
}

/// Who went on the visits of `date`, put in order. `told` is what is said of them, by visit; none means that all went as they were to go.
///
/// # Errors
/// Where the day is over already, nothing is held on it, a visit of it is not told of or another one is, or somebody is not in the last freeze.
pub fn went(draws: &[PastDraw], held: &Held, date: NaiveDate, told: Option<&[Went]>) -> Result<Vec<Went>, Refusal> {
    let case = &draws.last().ok_or(Refusal::NothingDrawn)?.case;
    if held.is_executed(date) {
        return Err(Refusal::DayOver(date));
    }
    let planned: Vec<Went> = as_planned(held, date);
    let Some(told) = told else {
        return if planned.is_empty() { Err(Refusal::NothingOn(date)) } else { Ok(planned) };
    };
    let mut by_visit = BTreeMap::new();
    for one in told {
        if planned.binary_search_by(|went| went.visit.cmp(&one.visit)).is_err() {
            return Err(Refusal::NotOn(one.visit.clone(), date));
        }
        if by_visit.insert(one.visit.clone(), in_order(case, &one.visit, &one.team)?).is_some() {
            return Err(Refusal::VisitTwice(one.visit.clone()));
        }
    }
    match planned.iter().find(|went| !by_visit.contains_key(&went.visit)) {
        Some(went) => Err(Refusal::NotTold(went.visit.clone(), date)),
        None if by_visit.is_empty() => Err(Refusal::NothingOn(date)),
        None => Ok(by_visit.into_iter().map(|(visit, team)| Went { visit, team }).collect()),
    }
}

/// Who is to go on the visits of a day.
fn as_planned(held: &Held, date: NaiveDate) -> Vec<Went> {
    let one = |(id, visit): (&str, &super::HeldVisit)| Went {
        visit: id.to_owned(),
        team: visit.team().map(str::to_owned).collect(),
    };
    held.on(date).map(one).collect()
}

/// What is told of a day beside what was to be: each visit that went otherwise, with who was to go.
pub fn compared<'w>(held: &Held, date: NaiveDate, told: &'w [Went]) -> Vec<(&'w Went, Vec<String>)> {
    let planned: BTreeMap<String, Vec<String>> =
        as_planned(held, date).into_iter().map(|went| (went.visit, went.team)).collect();
    let other = |went: &'w Went| {
        let team = planned.get(&went.visit).cloned().unwrap_or_default();
        (team != went.team).then_some((went, team))
    };
    told.iter().filter_map(other).collect()
}
