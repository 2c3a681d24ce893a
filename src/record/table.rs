//! `schedule.csv`: the schedule as a planner opens it.

use super::Heads;
use super::schedule::slot_name;
use crate::model::{Assignment, Case, InspectorId, Schedule, VisitId, cell};

const HEAD: &str = "visit,date,slot,establishment,inspectors\n";

/// The bytes of `schedule.csv`: staffed visits in the order in which they happen, then the others in
/// order of visit. Whoever heads a team stands first.
pub fn schedule_table(case: &Case, schedule: &Schedule, heads: &Heads) -> Vec<u8> {
    let mut table = HEAD.to_owned();
    for (visit, assignment) in schedule.in_time() {
        row(&mut table, case, visit, Some((assignment, heads)));
    }
    for visit in case.visit_ids().filter(|visit| !schedule.assignments.contains_key(visit)) {
        row(&mut table, case, visit, None);
    }
    table.into_bytes()
}

fn row(table: &mut String, case: &Case, visit: VisitId, held: Option<(&Assignment, &Heads)>) {
    let date = held.map(|(to, _)| to.date.to_string()).unwrap_or_default();
    let slot = held.map_or("", |(to, _)| slot_name(case, to.slot));
    let team = held.map(|(to, heads)| ids(case, &heads.in_order(visit, &to.team))).unwrap_or_default();
    let cells = [&case.visit(visit).id, &date, slot, &case.place_of(visit).id, &team];
    table.push_str(&cells.map(cell).join(","));
    table.push('\n');
}

fn ids(case: &Case, members: &[InspectorId]) -> String {
    members.iter().map(|who| case.inspector(*who).id.as_str()).collect::<Vec<_>>().join("|")
}
