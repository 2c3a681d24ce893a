//! `schedule.csv`: the schedule as a planner opens it.

use crate::model::{Assignment, Case, Schedule, VisitId, cell};

use super::schedule::slot_name;

const HEAD: &str = "visit,date,slot,establishment,inspectors\n";

/// The bytes of `schedule.csv`: staffed visits in the order in which they happen, then the others in
/// order of visit. The first lead of a team stands first.
pub fn schedule_table(case: &Case, schedule: &Schedule) -> Vec<u8> {
    let mut table = HEAD.to_owned();
    for (visit, assignment) in schedule.in_time() {
        row(&mut table, case, visit, Some(assignment));
    }
    for visit in case.visit_ids().filter(|visit| !schedule.assignments.contains_key(visit)) {
        row(&mut table, case, visit, None);
    }
    table.into_bytes()
}

fn row(table: &mut String, case: &Case, visit: VisitId, assignment: Option<&Assignment>) {
    let date = assignment.map(|a| a.date.to_string()).unwrap_or_default();
    let slot = assignment.map_or("", |a| slot_name(case, a.slot));
    let team = assignment.map(|a| team(case, a)).unwrap_or_default();
    let cells = [&case.visit(visit).id, &date, slot, &case.place_of(visit).id, &team];
    table.push_str(&cells.map(cell).join(","));
    table.push('\n');
}

/// The ids of a team, its first lead before the others.
fn team(case: &Case, assignment: &Assignment) -> String {
    let mut members = assignment.team.members().to_vec();
    if let Some(lead) = members.iter().position(|who| case.inspector(*who).lead) {
        members[..=lead].rotate_right(1);
    }
    members.iter().map(|who| case.inspector(*who).id.as_str()).collect::<Vec<_>>().join("|")
}
