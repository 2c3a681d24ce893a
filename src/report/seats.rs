//! Seats needed against seats there are, in tables; and what is short, in words.

use serde_json::{Value, json};

use super::{Section, Side, count, table};
use crate::bound::{Capacity, Demand, Scope, Shortage};
use crate::model::{Case, VisitId};

/// Visits named of those in a shortage.
const NAMED: usize = 12;

/// The capacity of a case.
pub fn capacity_in_words(case: &Case, capacity: &Capacity) -> Vec<Section> {
    let mut sections = vec![whole(case, capacity), weeks(capacity)];
    sections.extend(parts(capacity, "By district", |week| {
        let without_any = week.districts.iter().all(|one| one.district.is_none());
        let told = week.districts.iter().filter(|_| !without_any);
        told.map(|one| (name(one.district.as_deref()), one.seats)).collect()
    }));
    sections.extend(parts(capacity, "By what teams need", |week| {
        week.qualities.iter().map(|one| (format!("{} ({})", one.quality, one.rule), one.seats)).collect()
    }));
    sections.push(verdict(case, capacity));
    sections
}

fn name(district: Option<&str>) -> String {
    district.unwrap_or("(no district)").to_owned()
}

fn whole(case: &Case, capacity: &Capacity) -> Section {
    let Demand { must_visits, must, may_visits, may, there } = capacity.whole;
    let body = format!(
        "{} can serve in the period. {} need {}; with one inspector a visit it was {must_visits}.\n\
         With the programmed ones it is {} and {}. There are {there} seats at the most.",
        count(capacity.people, "person", "people"),
        count(must_visits, "mandatory visit", "mandatory visits"),
        count(must, "seat", "seats"),
        count(may_visits, "visit", "visits"),
        count(may, "seat", "seats"),
    );
    Section::new(format!("Seats of {}", case.name), body)
}

const NUMBERS: [(&str, Side); 5] = [
    ("must visits", Side::Right),
    ("must seats", Side::Right),
    ("may visits", Side::Right),
    ("may seats", Side::Right),
    ("seats there", Side::Right),
];

fn numbers(seats: &Demand) -> [String; 6] {
    let Demand { must_visits, must, may_visits, may, there } = seats;
    let lacking = if seats.lacking() == 0 { "-".to_owned() } else { seats.lacking().to_string() };
    [must_visits, must, may_visits, may, there]
        .map(usize::to_string)
        .into_iter()
        .chain([lacking])
        .collect::<Vec<_>>()
        .try_into()
        .expect("five numbers and one more are six")
}

fn weeks(capacity: &Capacity) -> Section {
    let mut columns = vec![("week", Side::Left), ("days", Side::Right), ("people", Side::Right)];
    columns.extend(NUMBERS);
    columns.push(("lacking", Side::Right));
    let rows = capacity.weeks.iter().map(|one| {
        let mut row = vec![one.week.to_string(), one.days.to_string(), one.people.to_string()];
        row.extend(numbers(&one.all));
        row
    });
    let legend = "must: visits that can be held in no other week; may: all that could be held in it.";
    Section::new("By week", format!("{}\n{legend}", table(&columns, rows)))
}

type Parts = Vec<(String, Demand)>;

fn parts(capacity: &Capacity, title: &str, of: impl Fn(&crate::bound::WeekCapacity) -> Parts) -> Option<Section> {
    let mut columns = vec![("week", Side::Left), ("", Side::Left)];
    columns.extend(NUMBERS);
    columns.push(("lacking", Side::Right));
    let mut rows = Vec::new();
    for one in &capacity.weeks {
        for (part, seats) in of(one).into_iter().filter(|(_, seats)| seats.may > 0) {
            let mut row = vec![one.week.to_string(), part];
            row.extend(numbers(&seats));
            rows.push(row);
        }
    }
    (!rows.is_empty()).then(|| Section::new(title, table(&columns, rows)))
}

fn verdict(case: &Case, capacity: &Capacity) -> Section {
    let mut lines: Vec<String> = capacity.short.iter().map(|short| shortage(case, short)).collect();
    if !capacity.nowhere.is_empty() {
        lines.push(format!("There is no slot at all for {}.", visits(case, &capacity.nowhere)));
    }
    if lines.is_empty() {
        lines.push(
            "In no week, district or skill do the mandatory visits need more seats than there are. What is counted is \
             the most there can be: rotation, partners and conflicts with single places take more away, so that a \
             visit may still fail."
                .to_owned(),
        );
    }
    Section::new(if is_short(capacity) { "SHORT OF SEATS" } else { "Nothing is short" }, lines.join("\n"))
}

fn shortage(case: &Case, short: &Shortage) -> String {
    let weeks = if short.from == short.to {
        format!("In {}", short.from)
    } else {
        format!("From {} to {}", short.from, short.to)
    };
    let seats = match &short.scope {
        Scope::All => "seats".to_owned(),
        Scope::District(district) => format!("seats in {}", name(district.as_deref())),
        Scope::Quality(rule, quality) => format!("seats for `{quality}` (rule {rule})"),
    };
    format!(
        "{weeks} {} {seats} are lacking whatever is planned: {} are needed and {} are there. The visits: {}.",
        short.needed.saturating_sub(short.there),
        short.needed,
        short.there,
        visits(case, &short.visits)
    )
}

fn visits(case: &Case, visits: &[VisitId]) -> String {
    let mut names: Vec<String> = visits.iter().take(NAMED).map(|visit| case.visit(*visit).id.clone()).collect();
    if visits.len() > NAMED {
        names.push(format!("and {} more", visits.len() - NAMED));
    }
    names.join(", ")
}

/// Whether something can't be staffed whatever is planned.
pub fn is_short(capacity: &Capacity) -> bool {
    !capacity.short.is_empty() || !capacity.nowhere.is_empty()
}

/// [`capacity_in_words`] for machines.
pub fn capacity_json(case: &Case, capacity: &Capacity) -> Value {
    let ids = |visits: &[VisitId]| -> Vec<Value> { visits.iter().map(|v| json!(case.visit(*v).id)).collect() };
    let week_json = |one: &crate::bound::WeekCapacity| {
        let districts: Vec<Value> = one
            .districts
            .iter()
            .map(|part| json!({ "district": part.district, "seats": demand(&part.seats) }))
            .collect();
        let qualities: Vec<Value> = one
            .qualities
            .iter()
            .map(|part| json!({ "rule": part.rule, "quality": part.quality, "seats": demand(&part.seats) }))
            .collect();
        json!({
            "week": one.week.to_string(), "days": one.days, "people": one.people, "all": demand(&one.all),
            "districts": districts, "qualities": qualities,
        })
    };
    let short = |one: &Shortage| {
        let scope = match &one.scope {
            Scope::All => json!({ "of": "all" }),
            Scope::District(district) => json!({ "of": "district", "district": district }),
            Scope::Quality(rule, quality) => json!({ "of": "quality", "rule": rule, "quality": quality }),
        };
        json!({
            "from": one.from.to_string(), "to": one.to.to_string(), "scope": scope,
            "needed": one.needed, "there": one.there, "visits": ids(&one.visits),
        })
    };
    json!({
        "people": capacity.people,
        "whole": demand(&capacity.whole),
        "weeks": capacity.weeks.iter().map(week_json).collect::<Vec<_>>(),
        "short": capacity.short.iter().map(short).collect::<Vec<_>>(),
        "nowhere": ids(&capacity.nowhere),
    })
}

fn demand(seats: &Demand) -> Value {
    json!({
        "must_visits": seats.must_visits, "must_seats": seats.must,
        "may_visits": seats.may_visits, "may_seats": seats.may,
        "there": seats.there, "lacking": seats.lacking(),
    })
}
