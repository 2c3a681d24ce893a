//! The smallest change that would let several visits be staffed together, in words.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::times::{day, moment, slot};
use super::unstaffed::change_json;
use super::why::ids;
use super::{Section, count, person};
use crate::bound::{Change, FurtherSeats, Mended, Remedy};
use crate::model::{Case, VisitId};

/// What would help some visits together: the smallest change first.
pub fn remedies_in_words(case: &Case, remedies: &[Remedy]) -> Option<Section> {
    let first = remedies.first()?;
    let named = |visits: &[VisitId]| visits.iter().map(|visit| id(case, *visit)).collect::<Vec<_>>().join(", ");
    let staffed: Vec<VisitId> = first.staffed.iter().map(|one| one.visit).collect();
    let title = match staffed.as_slice() {
        [_] => format!("What would help {}", named(&staffed)),
        _ => format!("What would help together: {}", named(&staffed)),
    };
    let mut lines = Vec::new();
    if !first.left.is_empty() {
        lines.push(format!("No such change lets {} be staffed with them.", named(&first.left)));
    }
    for (nth, remedy) in remedies.iter().enumerate() {
        lines.push(head(nth, remedy));
        lines.extend(changes(case, remedy).into_iter().map(|line| format!("  {line}")));
        lines.push(format!("Then: {}.", then(case, remedy)));
    }
    Some(Section::new(title, lines.join("\n")))
}

/// The sentence over the changes of a remedy.
fn head(nth: usize, remedy: &Remedy) -> String {
    let size = remedy.size();
    if size == 0 {
        return "No change is needed: only other visits would have to be held otherwise.".to_owned();
    }
    let fewest = if nth == 0 && remedy.least { ", and no fewer would do" } else { "" };
    let which = match nth {
        0 => "The smallest change that was found",
        _ if remedy.lifts_rule() => "With the people there are",
        _ => "Without lifting any rule",
    };
    let conflict = if remedy.lifts_conflict() { " (this lifts a conflict of interest: the last resort)" } else { "" };
    format!("{which}{conflict}, {}{fewest}:", count(size, "step", "steps"))
}

/// What is changed, a line each; waivers of one rule in one line.
fn changes(case: &Case, remedy: &Remedy) -> Vec<String> {
    let mut waived: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut lines = Vec::new();
    for (visit, change) in &remedy.changes {
        let id = id(case, *visit);
        match change {
            Change::Waive { rule, inspector } => {
                waived.entry(rule).or_default().push(format!("on {id} for {}", person(case, *inspector)));
            }
            Change::Window { from, to } => lines.push(format!("let {id} be held from {} to {}", day(*from), day(*to))),
            Change::AnySlot => lines.push(format!("let {id} be held in any slot")),
            Change::Drop(_) => lines.push(format!("give up the programmed visit {id}")),
            Change::TeamSize(size) => lines.push(format!("send a team of {size} on {id}")),
        }
    }
    lines.extend(remedy.further(case).iter().map(|seats| further(case, seats)));
    lines.extend(waived.into_iter().map(|(rule, where_)| format!("waive {rule} {}", where_.join(", "))));
    lines
}

/// `3 more seats for `lead` (rule lead) in North in 2027-W02, on V-1, V-2, V-3`.
fn further(case: &Case, seats: &FurtherSeats) -> String {
    let FurtherSeats { week, district, qualities, visits } = seats;
    let has: Vec<String> = qualities.iter().map(|(rule, quality)| format!("`{quality}` (rule {rule})")).collect();
    let has = if has.is_empty() { String::new() } else { format!(" for {}", has.join(" and ")) };
    let district = district.as_ref().map_or_else(String::new, |district| format!(" in {district}"));
    let on: Vec<&str> = visits.iter().map(|visit| id(case, *visit)).collect();
    let seats = count(visits.len(), "more seat", "more seats");
    format!("{seats}{has}{district} in {week}, on {}", on.join(", "))
}

/// How the visits could then be held.
fn then(case: &Case, remedy: &Remedy) -> String {
    let held = |one: &Mended, verb: &str| {
        let mut who: Vec<String> = one.people.iter().map(|who| person(case, *who)).collect();
        who.extend((!one.further.is_empty()).then(|| count(one.further.len(), "further person", "further people")));
        format!("{}{verb} on {} with {}", id(case, one.visit), moment(case, one.date, one.slot), who.join(", "))
    };
    let staffed = remedy.staffed.iter().map(|one| held(one, ""));
    let moved = remedy.moved.iter().map(|one| held(one, " moves, and is held"));
    staffed.chain(moved).collect::<Vec<_>>().join("; ")
}

fn id(case: &Case, visit: VisitId) -> &str {
    &case.visit(visit).id
}

/// [`remedies_in_words`] for machines.
pub fn remedies_json(case: &Case, remedies: &[Remedy]) -> Value {
    remedies.iter().map(|remedy| remedy_json(case, remedy)).collect()
}

fn remedy_json(case: &Case, remedy: &Remedy) -> Value {
    let change = |(visit, change): &(VisitId, Change)| {
        let mut value = change_json(case, change);
        value["visit"] = id(case, *visit).into();
        value
    };
    let qualities = |all: &[(&'static str, String)]| {
        all.iter().map(|(rule, quality)| json!({ "rule": rule, "quality": quality })).collect::<Vec<_>>()
    };
    let seats = |seats: FurtherSeats| {
        json!({
            "week": seats.week.to_string(), "district": seats.district,
            "qualities": qualities(&seats.qualities),
            "visits": seats.visits.iter().map(|visit| id(case, *visit)).collect::<Vec<_>>(),
        })
    };
    let held = |one: &Mended| {
        json!({
            "visit": id(case, one.visit), "date": one.date.to_string(), "slot": slot(case, one.slot),
            "inspectors": ids(case, &one.people), "further": one.further.len(),
        })
    };
    json!({
        "steps": remedy.size(), "least": remedy.least,
        "lifts_rule": remedy.lifts_rule(), "lifts_conflict": remedy.lifts_conflict(),
        "changes": remedy.changes.iter().map(change).collect::<Vec<_>>(),
        "seats": remedy.further(case).into_iter().map(seats).collect::<Vec<_>>(),
        "staffed": remedy.staffed.iter().map(held).collect::<Vec<_>>(),
        "moved": remedy.moved.iter().map(held).collect::<Vec<_>>(),
        "left": remedy.left.iter().map(|visit| id(case, *visit)).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bound::remedies;
    use crate::rules::Book;
    use crate::rules::testing::fixture;

    #[test]
    fn changes_are_told_by_rule_and_seats_by_week() {
        let (case, schedule) = fixture(
            "
            period 2027-01-04..2027-01-08
            inspector ana lead
            inspector ben
            place p1 district=North
            place p2 district=North
            history 2027-01-02 p1 ana ben
            visit v1 p2 latest=2027-01-05
            visit v2 p2 latest=2027-01-05
            set no-return.enabled false
            ",
        );
        let book = Book::new(&case.settings).unwrap();
        let all = remedies(&case, &book, &schedule, &[VisitId(0), VisitId(1)]);
        let section = remedies_in_words(&case, &all).unwrap();
        assert_eq!(section.title, "What would help together: v1, v2");
        assert!(section.body.contains("2 more seats in North in 2027-W01, on v1, v2"), "{}", section.body);
        assert!(section.body.contains("With the people there are, 2 steps:\n  waive pair-rotation on v1 for "));
        let json = remedies_json(&case, &all);
        assert_eq!(json[0]["steps"], 2);
        assert_eq!(json[0]["seats"][0]["visits"][1], "v2");
        assert_eq!(json[1]["changes"][0]["rule"], "pair-rotation");
        assert_eq!(remedies_in_words(&case, &[]), None);
    }
}
