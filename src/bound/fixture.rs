//! Small cases for the tests of this folder, and a few of the rules' words to set them up.

use crate::model::{
    Absence, Assignment, Case, Conflict, ConflictTarget, Establishment, EstablishmentId, Gender, Inspector,
    InspectorId, Kind, Period, Schedule, Setting, SlotId, Team, UrnPolicy, Visit, VisitId,
};
use crate::rules::Book;

/// `2027-01-04` is a Monday; the period is two weeks of two slots a day.
pub fn date(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

/// A case of these inspectors and visits. An inspector is `id word word`, the words being `lead`, `woman`, `man`,
/// `trainee` or a skill; a visit is `id place` with any of `programmed`, `from=`, `to=`, `size=`, `women=`, `slot=`, `skill=`.
pub fn case(inspectors: &[&str], visits: &[&str]) -> Case {
    let mut places: Vec<String> = visits.iter().filter_map(|visit| Some(visit.split(' ').nth(1)?.to_owned())).collect();
    places.sort();
    places.dedup();
    Case {
        name: "small".into(),
        period: Period {
            from: date("2027-01-04"),
            to: date("2027-01-15"),
            weekdays: [true, true, true, true, true, false, false],
            slots: vec!["am".into(), "pm".into()],
        },
        urn: UrnPolicy::default(),
        settings: [("lead".to_owned(), [("enabled".to_owned(), Setting::Switch(true))].into())].into(),
        inspectors: inspectors.iter().map(|text| inspector(text)).collect(),
        establishments: places.iter().map(|id| establishment(id)).collect(),
        visits: visits.iter().map(|text| visit(text, &places)).collect(),
        conflicts: Vec::new(),
        absences: Vec::new(),
        history: Vec::new(),
        waivers: Vec::new(),
    }
}

fn inspector(text: &str) -> Inspector {
    let mut words = text.split(' ');
    let mut inspector = Inspector {
        id: words.next().unwrap().into(),
        name: None,
        unit: None,
        home_district: None,
        territory: Vec::new(),
        lead: false,
        grade: None,
        gender: None,
        skills: Vec::new(),
        languages: Vec::new(),
        authority_from: None,
        authority_to: None,
        left_on: None,
        visits_per_day: None,
        visits_per_week: None,
        supervisor: None,
    };
    for word in words {
        match word {
            "lead" => inspector.lead = true,
            "woman" => inspector.gender = Some(Gender::Woman),
            "man" => inspector.gender = Some(Gender::Man),
            "trainee" => inspector.grade = Some("trainee".into()),
            skill => inspector.skills.push(skill.into()),
        }
    }
    inspector
}

fn establishment(id: &str) -> Establishment {
    Establishment {
        id: id.into(),
        registered: true,
        name: None,
        owner: None,
        district: Some("north".into()),
        sector: None,
        risk: None,
        address: None,
        tags: Vec::new(),
    }
}

fn visit(text: &str, places: &[String]) -> Visit {
    let mut words = text.split(' ');
    let id = words.next().unwrap().into();
    let place = words.next().unwrap();
    let at = places.iter().position(|one| one == place).unwrap();
    let mut visit = Visit {
        id,
        establishment: EstablishmentId::at(at),
        earliest: None,
        latest: None,
        kind: Kind::Mandatory,
        team_size: None,
        skills: Vec::new(),
        min_women: None,
        slot: None,
        duration: 1,
        operation: None,
    };
    for word in words {
        match word.split_once('=') {
            None => visit.kind = Kind::Programmed,
            Some(("from", day)) => visit.earliest = Some(date(day)),
            Some(("to", day)) => visit.latest = Some(date(day)),
            Some(("size", n)) => visit.team_size = Some(n.parse().unwrap()),
            Some(("women", n)) => visit.min_women = Some(n.parse().unwrap()),
            Some(("slot", n)) => visit.slot = Some(SlotId(n.parse().unwrap())),
            Some((_, skill)) => visit.skills.push(skill.into()),
        }
    }
    visit
}

/// The book of the case's settings.
pub fn book(case: &Case) -> Book {
    Book::new(&case.settings).unwrap_or_else(|problems| panic!("{problems:?}"))
}

pub fn who(case: &Case, id: &str) -> InspectorId {
    InspectorId::at(case.inspectors.iter().position(|one| one.id == id).unwrap())
}

pub fn visit_of(case: &Case, id: &str) -> VisitId {
    VisitId::at(case.visits.iter().position(|one| one.id == id).unwrap())
}

pub fn absent(case: &mut Case, id: &str, from: &str, to: &str) {
    let inspector = who(case, id);
    case.absences.push(Absence { inspector, from: date(from), to: date(to), reason: Some("leave".into()) });
}

pub fn conflict(case: &mut Case, id: &str, place: &str) {
    let inspector = who(case, id);
    let target = case.establishments.iter().position(|one| one.id == place).unwrap();
    let target = ConflictTarget::Establishment(EstablishmentId::at(target));
    case.conflicts.push(Conflict {
        inspector,
        target,
        category: Some("kin".into()),
        from: None,
        to: None,
        declared_on: None,
    });
}

/// A schedule of lines `visit day slot member member`.
pub fn schedule(case: &Case, lines: &[&str]) -> Schedule {
    let line = |text: &&str| {
        let words: Vec<_> = text.split(' ').collect();
        let team = Team::new(words[3..].iter().map(|id| who(case, id))).unwrap();
        (visit_of(case, words[0]), Assignment { date: date(words[1]), slot: SlotId(words[2].parse().unwrap()), team })
    };
    Schedule { assignments: lines.iter().map(line).collect() }
}
