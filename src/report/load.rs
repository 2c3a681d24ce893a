//! How the visits are spread over the people.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Section, count, person};
use crate::model::{Case, InspectorId, Schedule};

const WIDEST: usize = 40;
const NAMED: usize = 6;

/// How many people have how many visits, and who has none.
pub fn load(case: &Case, schedule: &Schedule) -> Section {
    let visits = visits_of_each(case, schedule);
    let mut people: BTreeMap<usize, Vec<InspectorId>> = BTreeMap::new();
    for (who, n) in &visits {
        people.entry(*n).or_default().push(*who);
    }
    let mut lines: Vec<String> = bars(&people);
    if let Some(idle) = people.get(&0) {
        lines.push(format!("Without a visit: {}", some_names(case, idle)));
    }
    Section::new("Load (visits of a person)", lines.join("\n"))
}

fn visits_of_each(case: &Case, schedule: &Schedule) -> BTreeMap<InspectorId, usize> {
    let mut visits: BTreeMap<InspectorId, usize> = case.inspector_ids().map(|who| (who, 0)).collect();
    for who in schedule.assignments.values().flat_map(|a| a.team.members()) {
        *visits.entry(*who).or_default() += 1;
    }
    visits
}

/// The visits of each inspector, for machines.
pub fn load_json(case: &Case, schedule: &Schedule) -> Value {
    let one = |(who, visits): (InspectorId, usize)| json!({ "inspector": case.inspector(who).id, "visits": visits });
    visits_of_each(case, schedule).into_iter().map(one).collect()
}

/// One line for each number of visits; the longest bar fits a narrow terminal.
fn bars(people: &BTreeMap<usize, Vec<InspectorId>>) -> Vec<String> {
    let longest = people.values().map(Vec::len).max().unwrap_or(0).max(1);
    let bar = |n: usize| "#".repeat((n * WIDEST.min(longest)).div_ceil(longest));
    let line = |(visits, who): (&usize, &Vec<InspectorId>)| {
        let visits = count(*visits, "visit ", "visits");
        format!("{visits:>10}  {:<WIDEST$}  {}", bar(who.len()), count(who.len(), "person", "people"))
    };
    people.iter().map(line).collect()
}

fn some_names(case: &Case, who: &[InspectorId]) -> String {
    let mut names: Vec<String> = who.iter().take(NAMED).map(|who| person(case, *who)).collect();
    if who.len() > NAMED {
        names.push(format!("and {} more", who.len() - NAMED));
    }
    names.join(", ")
}
