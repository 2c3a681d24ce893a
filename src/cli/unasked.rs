//! Warnings of columns that a rule would look at while it is off, and of what a rule that is on can't have from the tables.

use std::collections::BTreeMap;

use super::published::POLICY;
use crate::model::{Case, Setting, VisitId};
use crate::read::{Level, Problem};

/// The rule that looks at the columns for agencies.
const AGENCIES: &str = "agencies";
/// The rule that looks at coordinates.
const TRAVEL: &str = "travel";
/// The size of a team where neither the visit nor the policy says.
const SIZE: i64 = 2;
/// Ids that are named.
const NAMED: usize = 5;

/// What is to be said of `case`.
pub(super) fn unasked(case: &Case) -> Vec<Problem> {
    agencies(case).into_iter().chain(coordinates(case)).collect()
}

/// Whether rule `travel` is on, and knows nothing of some places that visits go to; or all of them have coordinates and it is off.
fn coordinates(case: &Case) -> Option<Problem> {
    let is_known = |id: &VisitId| case.place_of(*id).point.is_some();
    if !is_on(case, TRAVEL) || case.visits.is_empty() {
        return None;
    }
    let mut unknown: Vec<&str> =
        case.visit_ids().filter(|id| !is_known(id)).map(|id| case.place_of(id).id.as_str()).collect();
    unknown.sort_unstable();
    unknown.dedup();
    let (places, has) = match unknown.as_slice() {
        [] => return None,
        [place] => (format!("place {place}"), "has"),
        places => (format!("{} places ({})", places.len(), named(places)), "have"),
    };
    let why =
        format!("{places} that visits go to {has} no coordinates: rule {TRAVEL} takes them to be near every place");
    let advice = "Fill in lat and lon in decimal degrees, such as 41.149 and -8.611".to_owned();
    Some(warning("establishments", "lat", why, advice))
}

fn is_on(case: &Case, rule: &str) -> bool {
    case.settings.get(rule).and_then(|rule| rule.get("enabled")) == Some(&Setting::Switch(true))
}

/// Whether visits name agencies that nobody asks for, that nobody belongs to, or more of them than go.
fn agencies(case: &Case) -> Vec<Problem> {
    let asking: Vec<&str> =
        case.visits.iter().filter(|visit| !visit.agencies.is_empty()).map(|visit| visit.id.as_str()).collect();
    if asking.is_empty() {
        return Vec::new();
    }
    if !is_on(case, AGENCIES) {
        let why = format!("{} agencies, and the rule that asks for them is off", said(&asking, "names", "name"));
        let advice = format!("Write enabled = true under [rules.{AGENCIES}] in {POLICY}, or take the column out");
        return vec![warning("visits", "agencies", why, advice)];
    }
    strange_agencies(case).into_iter().chain(small_teams(case)).collect()
}

fn strange_agencies(case: &Case) -> Option<Problem> {
    let fold = |text: &str| text.to_lowercase();
    let has: Vec<String> = case.inspectors.iter().filter_map(|one| one.agency.as_deref().map(fold)).collect();
    let mut lacking: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for visit in &case.visits {
        for agency in visit.agencies.iter().filter(|agency| !has.contains(&fold(agency))) {
            lacking.entry(agency).or_default().push(&visit.id);
        }
    }
    let (agency, visits) = lacking.iter().next()?;
    let more = if lacking.len() > 1 { format!(" (and {} more like it)", lacking.len() - 1) } else { String::new() };
    let why = format!("nobody on the roster belongs to `{agency}`{more}, which {}", said(visits, "names", "name"));
    let advice = "Write the same word in the column agency of inspectors; these visits can't be staffed".to_owned();
    Some(warning("visits", "agencies", why, advice))
}

fn small_teams(case: &Case) -> Option<Problem> {
    let usual = match case.settings.get("team-size").and_then(|rule| rule.get("size")) {
        Some(Setting::Number(size)) => *size,
        _ => SIZE,
    };
    let size = |size: Option<u32>| size.map_or(usual, i64::from);
    let small = case.visits.iter().filter(|visit| (visit.agencies.len() as i64) > size(visit.team_size));
    let small: Vec<&str> = small.map(|visit| visit.id.as_str()).collect();
    let why = format!("{} more agencies than its team has people", said(&small, "names", "name"));
    let advice = "Give these visits a larger team_size; as they are they can't be staffed".to_owned();
    (!small.is_empty()).then(|| warning("visits", "agencies", why, advice))
}

/// `visit V-1 names`, or `3 visits (V-1, V-2, V-3) name`.
fn said(visits: &[&str], one: &str, many: &str) -> String {
    match visits {
        [visit] => format!("visit {visit} {one}"),
        visits => format!("{} visits ({}) {many}", visits.len(), named(visits)),
    }
}

/// The first few of some ids.
fn named(ids: &[&str]) -> String {
    let more = if ids.len() > NAMED { ", …" } else { "" };
    ids[..ids.len().min(NAMED)].join(", ") + more
}

fn warning(file: &str, column: &str, why: String, advice: String) -> Problem {
    let (file, column) = (file.to_owned(), Some(column.to_owned()));
    Problem { level: Level::Warning, file, row: None, column, value: None, why, advice }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    fn told(text: &str) -> Vec<String> {
        unasked(&fixture(text).0).iter().map(|problem| problem.why.clone()).collect()
    }

    const CASE: &str = "
        inspector ana agency=Labour
        inspector ben agency=tax
        inspectors cem
        place p1
        visit v1 p1 agencies=labour|tax
    ";

    #[test]
    fn agencies_that_nobody_asks_for_are_told() {
        assert_eq!(told(CASE), ["visit v1 names agencies, and the rule that asks for them is off"]);
        assert!(told(&CASE.replace(" agencies=labour|tax", "")).is_empty());
        assert!(told(&format!("set agencies.enabled true\n{CASE}")).is_empty());
    }

    #[test]
    fn agencies_that_nobody_belongs_to_are_told() {
        let case =
            format!("set agencies.enabled true\n{CASE}\nvisit v2 p1 agencies=police\nvisit v3 p1 agencies=police");
        let why = "nobody on the roster belongs to `police`, which 2 visits (v2, v3) name";
        assert_eq!(told(&case), [why]);
    }

    #[test]
    fn places_without_coordinates_are_told_where_distances_are_asked_for() {
        let case = "inspectors ana ben\nplace p1\nplace p2 lat=1 lon=1\nplace p3\nvisit v1 p1\nvisit v2 p2";
        assert!(told(case).is_empty());
        let why = "place p1 that visits go to has no coordinates: rule travel takes them to be near every place";
        assert_eq!(told(&format!("set travel.enabled true\n{case}")), [why]);
    }

    #[test]
    fn teams_that_are_smaller_than_their_agencies_are_told() {
        let case = format!(
            "set agencies.enabled true\n{CASE}\ninspector dea agency=police\nvisit v2 p1 agencies=labour|police|tax"
        );
        assert_eq!(told(&case), ["visit v2 names more agencies than its team has people"]);
        assert!(told(&format!("set team-size.size 3\n{case}")).is_empty());
        assert!(told(&case.replace("labour|police|tax", "labour|police|tax size=4")).is_empty());
    }
}
