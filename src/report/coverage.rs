//! What is staffed and what is not; and the exceptions, loudly.

use serde_json::{Value, json};

use super::{Section, Side, count, person, table};
use crate::model::{Case, Kind, Schedule, VisitId};
use crate::rules::Book;

/// Every kind of visit, in the order in which they are shown.
pub(super) const KINDS: [Kind; 5] = [Kind::Raid, Kind::Complaint, Kind::FollowUp, Kind::Mandatory, Kind::Programmed];

/// How many visits of each kind are staffed.
pub fn coverage(case: &Case, schedule: &Schedule) -> Section {
    let columns = [("kind", Side::Left), ("visits", Side::Right), ("staffed", Side::Right), ("not", Side::Right)];
    let of_kind = |kind| case.visit_ids().filter(move |visit| case.visit(*visit).kind == kind);
    let mut rows = Vec::new();
    for kind in KINDS {
        let (all, staffed) = staffed(schedule, of_kind(kind));
        if all > 0 {
            rows.push([kind.word().to_owned(), all.to_string(), staffed.to_string(), dash(all - staffed)]);
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

/// The rules that are on by default and that the policy turned off. None where there are none.
pub fn rules_off(book: &Book) -> Option<Section> {
    let off = book.all().iter().filter(|booked| booked.entry.enabled && booked.rule.is_none());
    let lines: Vec<String> =
        off.map(|booked| format!("{}: {}", booked.entry.name, booked.entry.page().title)).collect();
    let title =
        format!("RULES OFF: {} by the policy", count(lines.len(), "rule is turned off", "rules are turned off"));
    (!lines.is_empty()).then(|| Section::new(title, lines.join("\n")))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    const CASE: &str = "
        inspectors ana ben
        place p1
        visit v1 p1
        visit v2 p1 kind=programmed
        plan v1 2027-01-04 am ana ben
        set no-return.enabled false
    ";

    #[test]
    fn a_rule_that_was_turned_off_is_named() {
        let (case, _) = fixture(CASE);
        let told = rules_off(&Book::new(&case.settings).unwrap()).unwrap();
        assert_eq!(told.title, "RULES OFF: 1 rule is turned off by the policy");
        assert!(told.body.starts_with("no-return: "), "{}", told.body);
        assert_eq!(rules_off(&Book::new(&Default::default()).unwrap()), None, "off by default is not turned off");
    }

    #[test]
    fn what_is_not_staffed_is_counted_by_kind() {
        let (case, schedule) = fixture(CASE);
        let lines = coverage(&case, &schedule).body;
        let last: Vec<&str> = lines.lines().last().unwrap().split_whitespace().collect();
        assert_eq!(last, ["all", "2", "1", "1"]);
        assert_eq!(coverage_json(&case, &schedule)["programmed"], json!({ "visits": 1, "staffed": 0 }));
    }
}
