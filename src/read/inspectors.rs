//! The roster.

use std::rc::Rc;

use super::cells::{Words, label, list, number, word, yes_no};
use super::dates::{self, DateKey, Dates};
use super::header::Header;
use super::ids::{Directory, look_alikes, nfc, own_id};
use super::labels::{Labels, Register};
use super::persons::Persons;
use super::policy::Policy;
use super::problem::{Level, Log, Problem};
use super::table::{Desk, Row, Table, may, must, told};
use super::unique::{self, Entry};
use crate::model::{Gender, Inspector, InspectorId};

pub(super) const TABLE: Table = Table {
    name: "inspectors",
    columns: &[
        must("id"),
        told("name"),
        may("unit"),
        may("home_district"),
        may("territory"),
        may("lead"),
        may("grade"),
        may("gender"),
        may("skills"),
        may("languages"),
        may("authority_from"),
        may("authority_to"),
        may("left_on"),
        may("visits_per_day"),
        may("visits_per_week"),
        may("supervisor"),
        may("person"),
        may("agency"),
    ],
};
const ID: usize = 0;
const NAME: usize = 1;
const UNIT: usize = 2;
const HOME_DISTRICT: usize = 3;
const TERRITORY: usize = 4;
const LEAD: usize = 5;
const GRADE: usize = 6;
const GENDER: usize = 7;
const SKILLS: usize = 8;
const LANGUAGES: usize = 9;
const AUTHORITY_FROM: usize = 10;
const AUTHORITY_TO: usize = 11;
const LEFT_ON: usize = 12;
const VISITS_PER_DAY: usize = 13;
const VISITS_PER_WEEK: usize = 14;
const SUPERVISOR: usize = 15;
const PERSON: usize = 16;
const AGENCY: usize = 17;

pub(super) const GENDERS: Words<Gender> = &[
    (
        Gender::Woman,
        "woman",
        &["w", "f", "female", "mujer", "femme", "frau", "mulher", "donna", "женщина", "жінка", "ქალი", "امرأة", "女"],
    ),
    (
        Gender::Man,
        "man",
        &["m", "male", "hombre", "homme", "mann", "homem", "uomo", "мужчина", "чоловік", "კაცი", "رجل", "男"],
    ),
    (Gender::Other, "other", &["x", "o", "diverse", "divers", "non-binary", "nonbinary"]),
];

/// A row whose dates and supervisor are not settled yet.
struct Draft {
    row: u64,
    inspector: Inspector,
    dates: [Option<DateKey>; 3],
    supervisor: Option<String>,
    person: Option<String>,
}

/// What a row says: whom it lists, their supervisor, and who they are.
type Settled = (Inspector, Option<String>, Option<String>);

/// Reads the roster: the inspectors by id, their directory, and who of them are one human being.
pub(super) fn read(desk: &mut Desk<'_>, register: &Register) -> (Vec<Inspector>, Directory, Persons) {
    let before = desk.log.errors();
    let mut drafts = Vec::new();
    let mut dates = [AUTHORITY_FROM, AUTHORITY_TO, LEFT_ON].map(Dates::new);
    let policy = Rc::clone(&desk.policy);
    let header = desk.table(&TABLE, true, &mut |row, log| {
        if let Some(id) = own_id(row, ID, log) {
            let keys = dates.each_mut().map(|column| column.take(row));
            let supervisor = row.text(SUPERVISOR).map(nfc);
            drafts.push(Draft {
                row: row.number(),
                inspector: inspector(row, id, &policy, register, log),
                dates: keys,
                supervisor,
                person: label(row, PERSON),
            });
        }
    });
    let Some(header) = header else { return (Vec::new(), Directory::missing("inspector"), Persons::default()) };
    if !header.has(LEAD) {
        desk.log.note(&header.file, "there is no column lead: everybody is taken to be a lead");
    }
    if drafts.is_empty() && desk.log.errors() == before && !desk.source.may_be_empty() {
        let problem = Problem::error(&header.file, "the roster has no inspectors", "Add a row for each inspector");
        desk.log.push(problem);
    }
    let settled = dates::settle(&dates, &header, &mut desk.log);
    for draft in &mut drafts {
        draft.inspector.authority_from = settled[0].get(draft.dates[0]);
        draft.inspector.authority_to = settled[1].get(draft.dates[1]);
        draft.inspector.left_on = settled[2].get(draft.dates[2]);
    }
    finish(drafts, &header, &mut desk.log)
}

fn inspector(row: &Row<'_>, id: String, policy: &Policy, register: &Register, log: &mut Log) -> Inspector {
    let districts = &register.districts;
    let lead = !row.header.has(LEAD) || yes_no(row, LEAD, policy, log) == Some(true);
    Inspector {
        id,
        name: label(row, NAME),
        unit: label(row, UNIT),
        agency: label(row, AGENCY),
        home_district: label(row, HOME_DISTRICT).map(|text| districts.join_if_known(row, HOME_DISTRICT, text, log)),
        territory: territory(row, districts, log),
        lead,
        grade: label(row, GRADE),
        gender: word(row, GENDER, GENDERS, policy, log),
        skills: list(row, SKILLS),
        languages: list(row, LANGUAGES),
        authority_from: None,
        authority_to: None,
        left_on: None,
        visits_per_day: number(row, VISITS_PER_DAY, 0, 100, log),
        visits_per_week: number(row, VISITS_PER_WEEK, 0, 700, log),
        supervisor: None,
    }
}

/// The districts that an inspector serves; one that no place lies in is an error.
fn territory(row: &Row<'_>, districts: &Labels, log: &mut Log) -> Vec<String> {
    let mut all: Vec<String> =
        list(row, TERRITORY).iter().map(|text| districts.join(row, TERRITORY, text, log)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn finish(drafts: Vec<Draft>, header: &Header, log: &mut Log) -> (Vec<Inspector>, Directory, Persons) {
    for draft in &drafts {
        check_authority(draft, header, log);
    }
    let entry = |draft: Draft| Entry {
        id: draft.inspector.id.clone(),
        row: draft.row,
        value: (draft.inspector, draft.supervisor, draft.person),
    };
    let kept = unique::by_id(header, ID, drafts.into_iter().map(entry).collect(), log);
    look_alikes(header, ID, kept.iter().map(|(id, (row, _))| (id.as_str(), *row)), log);
    let directory = Directory::new("inspector", kept.keys().map(String::as_str));
    let rows = kept.values().map(|(row, (inspector, _, person))| (*row, inspector, person.as_deref()));
    let titles = [NAME, GENDER, PERSON].map(|column| header.title(column));
    let persons = Persons::of(&rows.collect::<Vec<_>>(), &header.file, titles, log);
    let join = |(id, (row, (inspector, supervisor, _))): (String, (u64, Settled))| {
        let supervisor = supervisor.and_then(|name| superior(&id, row, &name, header, &directory, log));
        Inspector { supervisor, ..inspector }
    };
    let inspectors = kept.into_iter().map(join).collect();
    (inspectors, directory, persons)
}

/// The supervisor named in a row.
fn superior(
    id: &str,
    row: u64,
    name: &str,
    header: &Header,
    directory: &Directory,
    log: &mut Log,
) -> Option<InspectorId> {
    let (why, advice) = match directory.find(name) {
        Some(_) if name == id => {
            ("somebody can't supervise themselves", "Name somebody else, or leave it blank".to_owned())
        }
        Some(at) => return Some(InspectorId(at)),
        None => ("no inspector has this id", directory.advise(name)),
    };
    log.one_of(Level::Error, &header.file, "supervisors who are not on the roster", || {
        Problem::error(&header.file, why, advice).row(row).column(header.title(SUPERVISOR)).value(name)
    });
    None
}

/// Authority ends on or after the day it begins, and nobody leaves before they came.
fn check_authority(draft: &Draft, header: &Header, log: &mut Log) {
    let Inspector { authority_from, authority_to, left_on, .. } = draft.inspector;
    for (column, end, what) in [(AUTHORITY_TO, authority_to, "ends"), (LEFT_ON, left_on, "is given up")] {
        if let (Some(from), Some(end)) = (authority_from, end)
            && end < from
        {
            log.one_of(Level::Error, &header.file, "authorities that end before they begin", || {
                let why = format!("the authority {what} before it begins on {from}");
                let problem = Problem::error(&header.file, why, "Correct one of the two dates");
                problem.row(draft.row).column(header.title(column)).value(&end.to_string())
            });
        }
    }
}
