//! Visits with thin pools, loudly: how few teams there are, who is in too many of them, and what made it so.

use serde_json::{Value, json};

use super::{Section, count, person, place};
use crate::bound::{Cause, Count, Group, Share, Thin, Without};
use crate::model::{Case, VisitId};

/// Pools that are told with their causes, and those that are told in a line.
const IN_FULL: usize = 8;
const IN_BRIEF: usize = 24;
/// The same where they are one matter among others.
const FEW_IN_FULL: usize = 3;
const FEW_IN_BRIEF: usize = 7;
/// Visits that are named of those that are alike, and people of those with too much of the odds.
const NAMED: usize = 6;
const PEOPLE: usize = 3;

/// The visits with thin pools; none where there are none.
pub fn thin_in_words(case: &Case, thin: &[Thin]) -> Option<Section> {
    told(case, thin, (IN_FULL, IN_BRIEF), "--json names them all")
}

/// The thinnest of them.
pub fn thin_in_brief(case: &Case, thin: &[Thin]) -> Option<Section> {
    told(case, thin, (FEW_IN_FULL, FEW_IN_BRIEF), "foureyes capacity tells of them")
}

fn told(case: &Case, thin: &[Thin], (full, brief): (usize, usize), rest: &str) -> Option<Section> {
    let pools = alike(thin);
    let mut lines = vec![limits(case)];
    for (at, (visits, one)) in pools.iter().take(full + brief).enumerate() {
        lines.push(format!("  {}", pool(case, visits, one)));
        if at < full {
            lines.extend(causes(case, one).into_iter().map(|cause| format!("    {cause}")));
        }
    }
    let more: usize = pools.iter().skip(full + brief).map(|(visits, _)| visits.len()).sum();
    if more > 0 {
        lines.push(format!("... and {}; {rest}.", count(more, "more visit", "more visits")));
    }
    let title = format!("THIN POOLS: {} of {}", thin.len(), count(case.visits.len(), "visit", "visits"));
    (!thin.is_empty()).then(|| Section::new(title, lines.join("\n")))
}

/// What makes a pool thin.
pub(super) fn limits(case: &Case) -> String {
    format!(
        "Too few teams (fewer than pool_min = {}), or one person in too many of them (odds_max = {} %):",
        case.urn.pool_min, case.urn.odds_max
    )
}

/// What made a pool thin. A group of one is told as the single fact that it is.
pub(super) fn causes(case: &Case, one: &Thin) -> Vec<String> {
    let groups = one.groups.iter().filter(|group| group.facts != 1).take(PEOPLE).map(of_group);
    groups.chain(one.singles.iter().take(PEOPLE).map(|without| of_one(case, without))).collect()
}

/// Pools that differ in the visit alone, together.
pub(super) fn alike(thin: &[Thin]) -> Vec<(Vec<VisitId>, &Thin)> {
    let mut all: Vec<(Vec<VisitId>, &Thin)> = Vec::new();
    for one in thin {
        let same = |(_, other): &&mut (Vec<VisitId>, &Thin)| Thin { visit: other.visit, ..one.clone() } == **other;
        match all.iter_mut().rev().take(50).find(same) {
            Some((visits, _)) => visits.push(one.visit),
            None => all.push((vec![one.visit], one)),
        }
    }
    all
}

pub(super) fn pool(case: &Case, visits: &[VisitId], one: &Thin) -> String {
    let mut named: Vec<String> = visits.iter().take(NAMED).map(|visit| case.visit(*visit).id.clone()).collect();
    if visits.len() > NAMED {
        named.push(format!("and {} more", visits.len() - NAMED));
    }
    let called = match visits {
        [visit] => format!("Visit {}, {}", case.visit(*visit).id, place(case, case.visit(*visit).establishment)),
        _ => format!("Visits {}", named.join(", ")),
    };
    let people = count(one.people, "person", "people");
    let teams = match one.teams.teams {
        0 => "NO POSSIBLE TEAM".to_owned(),
        _ => possible(one.teams),
    };
    let shares: Vec<String> = one.shares.iter().take(PEOPLE).map(|share| too_much(case, share)).collect();
    let more = match one.shares.len().saturating_sub(PEOPLE) {
        0 => String::new(),
        more => format!(" {} more are above it too.", more),
    };
    let shares = if shares.is_empty() { String::new() } else { format!(" {}{more}", shares.join(" ")) };
    format!("{called}: {teams} of {} from {people}.{shares}", one.size)
}

fn possible(teams: Count) -> String {
    let at_least = if teams.complete { "" } else { "at least " };
    let number = usize::try_from(teams.teams).unwrap_or(usize::MAX);
    format!("{at_least}{}", count(number, "possible team", "possible teams"))
}

fn too_much(case: &Case, share: &Share) -> String {
    match share.is_certain() {
        true => format!("{} IS IN EVERY TEAM.", person(case, share.inspector)),
        false => format!("{} has {} % of the odds.", person(case, share.inspector), per_cent(share)),
    }
}

fn per_cent(share: &Share) -> u64 {
    share.teams.saturating_mul(100).saturating_add(share.of / 2) / share.of.max(1)
}

fn of_group(group: &Group) -> String {
    if group.facts == 0 {
        return format!("{} forbids teams: would be {} without", group.rule, would_be(group.teams, group.top));
    }
    let facts = match group.absences {
        true => count(group.facts, "absence", "absences"),
        false => count(group.facts, &format!("fact of {}", group.rule), &format!("facts of {}", group.rule)),
    };
    let keep = if group.facts == 1 { "keeps" } else { "keep" };
    let away = count(group.people, "person", "people");
    format!("{facts} {keep} {away} away: would be {} without", would_be(group.teams, group.top))
}

fn would_be(teams: Count, top: Option<Share>) -> String {
    let top = top.map_or_else(String::new, |top| match top.is_certain() {
        true => ", one person in every one".to_owned(),
        false => format!(", nobody above {} %", per_cent(&top)),
    });
    format!("{}{top}", possible(teams))
}

fn of_one(case: &Case, without: &Without) -> String {
    format!("would be {} without {}", would_be(without.teams, without.top), cause(case, &without.cause))
}

fn cause(case: &Case, cause: &Cause) -> String {
    let days = match (cause.from, cause.to) {
        (Some(from), Some(to)) if from == to => format!(" on {from}"),
        (Some(from), Some(to)) => format!(" from {from} to {to}"),
        (Some(from), None) => format!(" from {from}"),
        (None, Some(to)) => format!(" to {to}"),
        (None, None) => String::new(),
    };
    let reason = cause.reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
    let who = cause.inspector.map_or_else(|| "everybody".to_owned(), |who| person(case, who));
    match cause.with {
        _ if cause.absence => format!("the absence of {who}{days}{reason}"),
        Some(other) => format!("what keeps {who} and {} apart{days} ({})", person(case, other), cause.rule),
        None => format!("what keeps {who} away{days} ({}{})", cause.rule, reason.replace(" (", ": ").replace(')', "")),
    }
}

/// [`thin_in_words`] for machines, every visit among them.
pub fn thin_json(case: &Case, thin: &[Thin]) -> Value {
    let id = |who: &crate::model::InspectorId| case.inspector(*who).id.clone();
    let share = |share: &Share| json!({ "inspector": id(&share.inspector), "teams": share.teams, "of": share.of });
    let teams = |count: &Count| json!({ "teams": count.teams, "all_counted": count.complete });
    let single = |one: &Without| {
        json!({
            "rule": one.cause.rule, "absence": one.cause.absence, "reason": one.cause.reason,
            "inspector": one.cause.inspector.as_ref().map(id), "with": one.cause.with.as_ref().map(id),
            "from": one.cause.from.map(|day| day.to_string()), "to": one.cause.to.map(|day| day.to_string()),
            "then": teams(&one.teams), "top": one.top.as_ref().map(share),
        })
    };
    let group = |one: &Group| {
        json!({
            "rule": one.rule, "absences": one.absences, "facts": one.facts, "people": one.people,
            "then": teams(&one.teams), "top": one.top.as_ref().map(share),
        })
    };
    let pool = |one: &Thin| {
        json!({
            "visit": case.visit(one.visit).id, "people": one.people, "size": one.size, "pool": teams(&one.teams),
            "over": one.shares.iter().map(share).collect::<Vec<_>>(),
            "without_one": one.singles.iter().map(single).collect::<Vec<_>>(),
            "without_all": one.groups.iter().map(group).collect::<Vec<_>>(),
        })
    };
    json!({
        "pool_min": case.urn.pool_min, "odds_max": case.urn.odds_max,
        "thin": thin.iter().map(pool).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bound::thin_pools;
    use crate::rules::Book;
    use crate::rules::testing::fixture;

    fn told(text: &str) -> (Case, Vec<Thin>, Option<Section>) {
        let (case, _) = fixture(text);
        let thin = thin_pools(&case, &Book::new(&case.settings).unwrap());
        let section = thin_in_words(&case, &thin);
        (case, thin, section)
    }

    const CASE: &str = "
        inspector ana lead
        inspector ben lead
        inspectors cem dan eve fay gil hal
        place p1
        visit v1 p1
        visit v2 p1
        absence ben 2027-01-04..2027-01-15 sick
        set no-return.enabled false
    ";

    #[test]
    fn the_title_shouts_and_the_lead_in_every_team_too() {
        let section = told(CASE).2.unwrap();
        assert_eq!(section.title, "THIN POOLS: 2 of 2 visits");
        let body = section.body;
        assert!(body.contains("Visits v1, v2: 6 possible teams of 2 from 7 people. ana IS IN EVERY TEAM."), "{body}");
        let cause = "without the absence of ben from 2027-01-04 to 2027-01-15 (sick)";
        assert!(body.contains(&format!("would be 13 possible teams, nobody above 54 % {cause}")), "{body}");
    }

    #[test]
    fn facts_of_one_kind_are_told_together() {
        let body =
            told(&format!("{CASE}\n inspector ida lead\n absence ida 2027-01-04..2027-01-15 sick")).2.unwrap().body;
        assert!(body.contains("2 absences keep 2 people away: would be 21 possible teams"), "{body}");
    }

    #[test]
    fn nothing_is_said_of_wide_pools() {
        let people: String = (0..20).map(|at| format!("inspector i{at} lead\n")).collect();
        assert_eq!(told(&format!("{people} place p1\n visit v1 p1")).2, None);
    }

    #[test]
    fn machines_get_every_visit() {
        let (case, thin, _) = told(CASE);
        let json = thin_json(&case, &thin);
        assert_eq!(json["thin"].as_array().unwrap().len(), 2);
        assert_eq!(json["thin"][0]["over"][0]["inspector"], "ana");
        assert_eq!(json["thin"][0]["without_one"][0]["reason"], "sick");
    }
}
