//! How people, places and teams are called in every report.

use super::Section;
use crate::model::{Case, EstablishmentId, InspectorId, Team, VisitId};
use crate::record::{Head, Heads};

/// An inspector: the id, and the name where there is one.
pub fn person(case: &Case, who: InspectorId) -> String {
    let inspector = case.inspector(who);
    with_name(&inspector.id, inspector.name.as_deref())
}

/// A place: the id, and the name where there is one.
pub fn place(case: &Case, at: EstablishmentId) -> String {
    let place = case.establishment(at);
    with_name(&place.id, place.name.as_deref())
}

fn with_name(id: &str, name: Option<&str>) -> String {
    match name {
        Some(name) if name != id => format!("{id} {name}"),
        _ => id.to_owned(),
    }
}

/// The members of a team that might be sent, leads first, each group in order of ids. Who heads a team that is sent says [`Heads`](crate::record::Heads).
pub fn team_in_order(case: &Case, team: &Team) -> Vec<InspectorId> {
    let mut members = team.members().to_vec();
    members.sort_by_key(|who| (!case.inspector(*who).lead, *who));
    members
}

/// The members of the team of a visit in words, whoever heads it first.
pub fn team_headed(case: &Case, heads: &Heads, visit: VisitId, team: &Team) -> String {
    let names: Vec<String> = heads.in_order(visit, team).into_iter().map(|who| person(case, who)).collect();
    names.join(", ")
}

/// The members of a team that might be sent in words, leads first.
pub fn team(case: &Case, team: &Team) -> String {
    let names: Vec<String> = team_in_order(case, team).into_iter().map(|who| person(case, who)).collect();
    names.join(", ")
}

/// Who heads a team, and with what odds the draw named them; nothing where nobody may.
pub fn head_in_words(case: &Case, head: Option<Head>) -> Option<Section> {
    let Head { who, of } = head?;
    let how = match of {
        Some(1) => "the only one of the team who may".to_owned(),
        Some(of) => format!("drawn of {of} who may: each was as likely, 1 in {of}"),
        None => "the least id among those who may, as records of before have it".to_owned(),
    };
    Some(Section::new("Who heads the team", format!("{}, {how}.", person(case, who))))
}

/// A number with its noun: `1 visit`, `2 visits`.
///
/// ```
/// assert_eq!(foureyes::report::count(1, "person", "people"), "1 person");
/// assert_eq!(foureyes::report::count(0, "person", "people"), "0 people");
/// ```
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
