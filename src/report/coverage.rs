//! What is staffed and what is not; and the exceptions, loudly.

use serde_json::{Value, json};

use super::{Section, Side, count, person, table};
use crate::model::{Case, Kind, Schedule, VisitId};

const KINDS: [(Kind, &str); 5] = [
    (Kind::Raid, "raid"),
    (Kind::Complaint, "complaint"),
    (Kind::FollowUp, "follow-up"),
    (Kind::Mandatory, "mandatory"),
    (Kind::Programmed, "programmed"),
];

/// How many visits of each kind are staffed.
pub fn coverage(case: &Case, schedule: &Schedule) -> Section {
    let columns = [("kind", Side::Left), ("visits", Side::Right), ("staffed", Side::Right), ("not", Side::Right)];
    let of_kind = |kind| case.visit_ids().filter(move |visit| case.visit(*visit).kind == kind);
    let mut rows = Vec::new();
    for (kind, name) in KINDS {
        let (all, staffed) = staffed(schedule, of_kind(kind));
        if all > 0 {
            rows.push([name.to_owned(), all.to_string(), staffed.to_string(), dash(all - staffed)]);
        }
    }
    let (all, staffed) = staffed(schedule, case.visit_ids());
    rows.push(["all".to_owned(), all.to_string(), staffed.to_string(), dash(all - staffed)]);
    Section::new("Coverage", table(&columns, rows))
}

fn staffed(schedule: &Schedule, visits: impl Iterator<Item = VisitId>) -> (usize, usize) {
    visits.fold((0, 0), |(all, done), visit| (all + 1, done + usize::from(schedule.assignments.contains_key(&visit))))
}

fn dash(n: usize) -> String {
    if n == 0 { "-".to_owned() } else { n.to_string() }
}

/// Every waiver of the case, with whether the schedule makes use of it. None where there are none.
pub fn exceptions(case: &Case, schedule: &Schedule) -> Option<Section> {
    let line = |waiver: &crate::model::Waiver| {
        let goes = schedule.assignments.get(&waiver.visit).is_some_and(|a| a.team.contains(waiver.inspector));
        let (who, visit) = (person(case, waiver.inspector), &case.visit(waiver.visit).id);
        let use_ = if goes { "they go there" } else { "they do not go there" };
        format!(
            "{} is waived for {who} on visit {visit}: {use_}.\n  Signed by {} on {}: {}",
            waiver.rule, waiver.approver, waiver.date, waiver.reason
        )
    };
    let lines: Vec<String> = case.waivers.iter().map(line).collect();
    let title = format!("WAIVERS: {} to the rules", count(lines.len(), "signed exception", "signed exceptions"));
    (!lines.is_empty()).then(|| Section::new(title, lines.join("\n")))
}

/// [`coverage`] for machines.
pub fn coverage_json(case: &Case, schedule: &Schedule) -> Value {
    let of = |must: bool| {
        let some = case.visit_ids().filter(|visit| case.visit(*visit).kind.is_mandatory() == must);
        let (all, staffed) = staffed(schedule, some);
        json!({ "visits": all, "staffed": staffed })
    };
    json!({ "mandatory": of(true), "programmed": of(false) })
}
