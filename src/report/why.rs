//! Why these people go, and why those do not: the answers of `explain` and `whynot` in words.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::chances::{chances, chances_json};
use super::times::{day, days, slot, when};
use super::{Chances, Section, Side, count, person, place, table, team};
use crate::bound::{Hindrance, Other, Spell, Who, WhyNot};
use crate::model::{Case, InspectorId, VisitId};

/// People who could not go, told for each rule unless all are asked for.
const TOLD: usize = 5;

/// Why these people go on a visit, who else could have, with which `odds` where they are known, and what kept the others.
pub fn explanation(case: &Case, who: &Who, odds: Option<&Chances>, all: bool) -> Vec<Section> {
    let (could, could_not): (Vec<&Other>, Vec<&Other>) =
        who.others.iter().partition(|other| !other.instead_of.is_empty());
    let mut sections = vec![Section::new(title(case, who.visit), head(case, who))];
    sections.extend(waivers(case, who.visit));
    sections.push(odds.map_or_else(|| could_have(case, &could), |odds| chances(case, who, odds, all)));
    sections.extend(kept_away(case, &could_not, all));
    sections
}

fn title(case: &Case, visit: VisitId) -> String {
    let planned = case.visit(visit);
    format!("Visit {}: {}", planned.id, place(case, planned.establishment))
}

fn head(case: &Case, who: &Who) -> String {
    let more = |complete: bool| if complete { "" } else { "at least " };
    format!(
        "{}: {}.\nThe draw chose them: {}{} could have gone at that time, all else as planned, and {}{} in the {} \
         of its window.\nWhat stands below under a rule is what the rule would find if that person went in \
         the place of the member whom they could replace most nearly.",
        when(case, &who.assignment),
        team(case, &who.assignment.team),
        more(who.teams_then.complete),
        count(who.teams_then.teams as usize, "team", "teams"),
        more(who.teams_ever.complete),
        who.teams_ever.teams,
        count(who.times, "slot", "slots"),
    )
}

/// The waivers of one visit.
fn waivers(case: &Case, visit: VisitId) -> Option<Section> {
    let own = case.waivers.iter().filter(|waiver| waiver.visit == visit);
    let line = |waiver: &crate::model::Waiver| {
        let who = person(case, waiver.inspector);
        format!("{} for {who}, signed by {} on {}: {}", waiver.rule, waiver.approver, waiver.date, waiver.reason)
    };
    let lines: Vec<String> = own.map(line).collect();
    (!lines.is_empty()).then(|| Section::new("WAIVERS of this visit", lines.join("\n")))
}

fn could_have(case: &Case, could: &[&Other]) -> Section {
    let title = format!("Who else could have gone: {}", count(could.len(), "person", "people"));
    let columns = [("inspector", Side::Left), ("in the place of", Side::Left)];
    let ids = |who: &[InspectorId]| who.iter().map(|who| person(case, *who)).collect::<Vec<_>>().join(" or ");
    let rows = could.iter().map(|other| [person(case, other.inspector), ids(&other.instead_of)]);
    let body = if could.is_empty() { "Nobody, with all else as planned.".to_owned() } else { table(&columns, rows) };
    Section::new(title, body)
}

/// Those who could not, rule by rule; a person whom several rules hold back stands under each.
fn kept_away(case: &Case, others: &[&Other], all: bool) -> Vec<Section> {
    let mut rules: BTreeMap<&str, Vec<(InspectorId, &Hindrance)>> = BTreeMap::new();
    for other in others {
        for hindrance in &other.hindrances {
            rules.entry(hindrance.rule).or_default().push((other.inspector, hindrance));
        }
    }
    rules.iter().map(|(rule, kept)| kept_by(case, rule, kept, all)).collect()
}

fn kept_by(case: &Case, rule: &str, kept: &[(InspectorId, &Hindrance)], all: bool) -> Section {
    let mut people: Vec<InspectorId> = kept.iter().map(|(who, _)| *who).collect();
    people.dedup();
    let told = if all { kept.len() } else { TOLD };
    let mut lines: Vec<String> =
        kept.iter().take(told).map(|(who, fact)| format!("{}: {}.", person(case, *who), fact.says)).collect();
    if kept.len() > told {
        lines.push(format!("... and {} more (--all tells every one)", kept.len() - told));
    }
    let title = format!("Who could not, by the rule {rule}: {}", count(people.len(), "person", "people"));
    Section::new(title, lines.join("\n"))
}

/// [`explanation`] for machines.
pub fn explanation_json(case: &Case, who: &Who, odds: Option<&Chances>) -> Value {
    let other = |other: &Other| {
        json!({
            "inspector": id(case, other.inspector),
            "instead_of": ids(case, &other.instead_of),
            "hindrances": hindrances(&other.hindrances),
        })
    };
    json!({
        "visit": case.visit(who.visit).id,
        "date": who.assignment.date.to_string(),
        "slot": slot(case, who.assignment.slot),
        "team": ids(case, who.assignment.team.members()),
        "teams_then": { "teams": who.teams_then.teams, "complete": who.teams_then.complete },
        "teams_in_window": { "teams": who.teams_ever.teams, "complete": who.teams_ever.complete },
        "slots_in_window": who.times,
        "others": who.others.iter().map(other).collect::<Vec<_>>(),
        "odds": odds.map(chances_json),
    })
}

/// Why one person does not go on one visit, spell by spell of its window.
pub fn why_not_in_words(case: &Case, answer: &WhyNot) -> Vec<Section> {
    let who = person(case, answer.inspector);
    let planned = match &answer.planned {
        Some(planned) if planned.team.contains(answer.inspector) => {
            format!("{who} does go there: {}, with all of {}.", when(case, planned), team(case, &planned.team))
        }
        Some(planned) => format!("Planned for {}: {}.", when(case, planned), team(case, &planned.team)),
        None => "Nobody is planned to go there.".to_owned(),
    };
    let mut sections = vec![Section::new(title(case, answer.visit), planned)];
    sections.extend(answer.spells.iter().map(|spell| spell_in_words(case, &who, answer, spell)));
    sections.extend(closed(answer));
    sections
}

fn spell_in_words(case: &Case, who: &str, answer: &WhyNot, spell: &Spell) -> Section {
    let slots: Vec<&str> = spell.slots.iter().map(|at| slot(case, *at)).collect();
    let mut lines = Vec::new();
    match &spell.team {
        Some(found) => lines.push(free(case, answer, spell, found)),
        None if spell.company => lines
            .push(format!("{who} is free, but no allowed team could be found. Against the one that comes nearest:")),
        None => {}
    }
    lines.extend(spell.hindrances.iter().map(|fact| format!("{}: {}.", fact.rule, fact.says)));
    if spell.from != spell.to && !spell.hindrances.is_empty() {
        lines.push(format!("(The facts are those of {}; the rules are the same on all these days.)", day(spell.from)));
    }
    Section::new(format!("{}, {}", days(spell.from, spell.to), slots.join(" and ")), lines.join("\n"))
}

/// Where nothing stands in the way, chance decided.
fn free(case: &Case, answer: &WhyNot, spell: &Spell, found: &crate::model::Team) -> String {
    let Some(planned) = &answer.planned else {
        return format!("Could go, for one as {}.", team(case, found));
    };
    let then = spell.from <= planned.date && planned.date <= spell.to && spell.slots.contains(&planned.slot);
    let why = if then { "the draw chose others" } else { "the draw chose another time or others" };
    format!("Could have gone, for one as {}; {why}.", team(case, found))
}

fn closed(answer: &WhyNot) -> Option<Section> {
    if let [("window", times)] = answer.closed.as_slice() {
        let lies = if *times == 1 { "slot lies" } else { "slots lie" };
        return Some(Section::new("The rest of the period", format!("{times} {lies} outside its window")));
    }
    let line = |(rule, times): &(&str, usize)| format!("{rule}: {} closed", count(*times, "slot", "slots"));
    let lines: Vec<String> = answer.closed.iter().map(line).collect();
    (!lines.is_empty()).then(|| Section::new("The rest of the period, whoever goes", lines.join("\n")))
}

/// [`why_not_in_words`] for machines.
pub fn why_not_json(case: &Case, answer: &WhyNot) -> Value {
    let spell = |spell: &Spell| {
        json!({
            "from": spell.from.to_string(),
            "to": spell.to.to_string(),
            "slots": spell.slots.iter().map(|at| slot(case, *at)).collect::<Vec<_>>(),
            "team": spell.team.as_ref().map(|team| ids(case, team.members())),
            "hindrances": hindrances(&spell.hindrances),
        })
    };
    json!({
        "visit": case.visit(answer.visit).id,
        "inspector": id(case, answer.inspector),
        "planned": answer.planned.as_ref().map(|planned| super::staffed_json(case, answer.visit, planned)),
        "spells": answer.spells.iter().map(spell).collect::<Vec<_>>(),
        "closed": closed_json(&answer.closed),
    })
}

/// How many slots which rules close.
pub(super) fn closed_json(closed: &[(&'static str, usize)]) -> Value {
    closed.iter().map(|(rule, slots)| json!({ "rule": rule, "slots": slots })).collect()
}

fn hindrances(all: &[Hindrance]) -> Vec<Value> {
    all.iter().map(|one| json!({ "rule": one.rule, "says": one.says })).collect()
}

/// An inspector's id.
pub(super) fn id(case: &Case, who: InspectorId) -> &str {
    &case.inspector(who).id
}

/// The ids of some inspectors.
pub(super) fn ids<'c>(case: &'c Case, who: &[InspectorId]) -> Vec<&'c str> {
    who.iter().map(|who| id(case, *who)).collect()
}
