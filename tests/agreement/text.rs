//! A small case as text, in the words of the fixtures that the rules' own tests are written in, so
//! that what fails here can be kept there.

use std::fmt::Write;

use chrono::NaiveDate;
use foureyes::model::{Case, ConflictTarget, InspectorId, Kind, Point, Setting, SlotId, Team};
use foureyes::rules::{Board, Place};

/// The case, what is planned, and the placement in question.
pub fn of(case: &Case, name: &str, board: &Board, place: Option<(Place, &Team)>) -> String {
    let mut text = format!("\n# {name}\n");
    facts(&mut text, case);
    for (visit, assignment) in board.schedule().in_time() {
        plan(&mut text, case, &case.visit(visit).id, assignment.date, assignment.slot, &assignment.team);
    }
    if let Some((place, team)) = place {
        text.push_str("# and now\n");
        plan(&mut text, case, &case.visit(place.visit).id, board.calendar.date(place.day), place.slot, team);
    }
    text
}

fn plan(text: &mut String, case: &Case, visit: &str, date: NaiveDate, slot: SlotId, team: &Team) {
    let names = ids(case, team.members());
    line(text, format!("plan {visit} {date} {} {names}", case.period.slots[slot.index()]));
}

fn line(text: &mut String, line: String) {
    writeln!(text, "{}", line.trim_end()).expect("a text takes every line");
}

fn ids(case: &Case, people: &[InspectorId]) -> String {
    people.iter().map(|who| case.inspector(*who).id.as_str()).collect::<Vec<_>>().join(" ")
}

/// ` key=value`, where there is a value.
fn key<T: ToString>(key: &str, value: Option<T>) -> String {
    value.map(|value| value.to_string()).filter(|v| !v.is_empty()).map(|v| format!(" {key}={v}")).unwrap_or_default()
}

fn facts(text: &mut String, case: &Case) {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let worked = names.into_iter().zip(case.period.weekdays).filter(|(_, works)| *works).map(|(name, _)| name);
    line(text, format!("period {}..{}", case.period.from, case.period.to));
    line(text, format!("weekdays {}", worked.collect::<Vec<_>>().join(" ")));
    let hours = case.period.hours.iter().map(|(slot, hours)| format!(" {}={hours}", case.period.slots[slot.index()]));
    let hours: String = hours.collect();
    if !hours.is_empty() {
        line(text, format!("hours{hours}"));
    }
    for (rule, parameters) in &case.settings {
        parameters.iter().for_each(|(name, value)| line(text, format!("set {rule}.{name} {}", setting(value))));
    }
    people(text, case);
    places(text, case);
    case.absences.iter().for_each(|a| {
        let slots: Vec<&str> = a.slots.iter().map(|slot| case.period.slots[slot.index()].as_str()).collect();
        let slots = key("slots", Some(slots.join("|")));
        line(text, format!("absence {} {}..{}{slots}", ids(case, &[a.inspector]), a.from, a.to));
    });
    conflicts(text, case);
    for past in &case.history {
        let place = &case.establishment(past.establishment).id;
        let others = key("others", Some(past.others.join("|")));
        let (visit, kind, agency) = (&past.visit, &past.kind, &past.agency);
        let others =
            others + &key("visit", visit.as_ref()) + &key("kind", kind.as_ref()) + &key("agency", agency.as_ref());
        line(text, format!("history {} {place} {}{others}", past.date, ids(case, &past.team)));
    }
    for waiver in &case.waivers {
        let who = ids(case, &[waiver.inspector]);
        line(text, format!("waiver {} {} {who}", waiver.rule, case.visit(waiver.visit).id));
    }
}

fn setting(value: &Setting) -> String {
    match value {
        Setting::Switch(on) => on.to_string(),
        Setting::Number(number) => number.to_string(),
        Setting::Text(word) => word.clone(),
        Setting::List(words) => format!("[{}]", words.join(", ")),
    }
}

fn people(text: &mut String, case: &Case) {
    for one in &case.inspectors {
        let lead = if one.lead { " lead" } else { "" };
        let gender = one.gender.map(|gender| format!(" {gender:?}").to_lowercase()).unwrap_or_default();
        let keys = [
            key("unit", one.unit.as_ref()),
            key("agency", one.agency.as_ref()),
            key("home", one.home_district.as_ref()),
            key("territory", Some(one.territory.join("|"))),
            key("grade", one.grade.as_ref()),
            key("skills", Some(one.skills.join("|"))),
            key("languages", Some(one.languages.join("|"))),
            key("from", one.authority_from),
            key("to", one.authority_to),
            key("left", one.left_on),
            key("per_day", one.visits_per_day),
            key("per_week", one.visits_per_week),
            key("supervisor", one.supervisor.map(|who| ids(case, &[who]))),
        ];
        line(text, format!("inspector {}{lead}{gender}{}", one.id, keys.concat()));
    }
}

fn places(text: &mut String, case: &Case) {
    for at in &case.establishments {
        let keys = [
            key("district", at.district.as_ref()),
            key("owner", at.owner.as_ref()),
            key("sector", at.sector.as_ref()),
            key("risk", at.risk.as_ref()),
            key("tags", Some(at.tags.join("|"))),
            key("lat", at.point.map(Point::lat)),
            key("lon", at.point.map(Point::lon)),
        ];
        line(text, format!("place {}{}", at.id, keys.concat()));
    }
    for visit in &case.visits {
        let kind = if visit.kind == Kind::FollowUp { "follow-up".to_owned() } else { format!("{:?}", visit.kind) };
        let keys = [
            key("kind", Some(kind.to_lowercase())),
            key("size", visit.team_size),
            key("skills", Some(visit.skills.join("|"))),
            key("women", visit.min_women),
            key("slot", visit.slot.map(|slot| case.period.slots[slot.index()].as_str())),
            key("duration", Some(visit.duration)),
            key("operation", visit.operation.as_ref()),
            key("agencies", Some(visit.agencies.join("|"))),
            key("earliest", visit.earliest),
            key("latest", visit.latest),
        ];
        line(text, format!("visit {} {}{}", visit.id, case.establishment(visit.establishment).id, keys.concat()));
    }
}

fn conflicts(text: &mut String, case: &Case) {
    for conflict in &case.conflicts {
        let target = match &conflict.target {
            ConflictTarget::Establishment(at) => format!("establishment {}", case.establishment(*at).id),
            ConflictTarget::Owner(owner) => format!("owner {owner}"),
            ConflictTarget::Sector(sector) => format!("sector {sector}"),
            ConflictTarget::District(district) => format!("district {district}"),
            ConflictTarget::Inspector(other) => format!("inspector {}", ids(case, &[*other])),
        };
        let category = conflict.category.as_deref().unwrap_or("");
        let dates = conflict.to.map(|to| format!("..{to}")).unwrap_or_default();
        line(text, format!("conflict {} {target} {category} {dates}", ids(case, &[conflict.inspector])));
    }
}
