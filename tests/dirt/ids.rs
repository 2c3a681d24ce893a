//! The ways in which offices say who and what is meant, and rows that do not count.

use foureyes::draw::Stream;
use unicode_normalization::UnicodeNormalization;

use super::office::{Cell, Office, text};
use super::truth::{Conflict, Target};

const NAMING: [&str; 2] = ["absences", "conflicts"];

/// Writes whom each row names, by the index of the person.
fn whom(office: &mut Office, write: impl Fn(&super::truth::Person) -> String) {
    let (truth, each) = (office.truth.clone(), office.leaves_a_row);
    for table in NAMING {
        let whose: Vec<usize> = match table {
            "absences" => truth.leaves.iter().map(|one| one.who).collect(),
            _ => truth.conflicts.iter().map(|one| one.who).collect(),
        };
        let each = if table == "absences" { each } else { 1 };
        for (row, who) in office.sheet(table).rows.iter_mut().zip(whose.iter().step_by(each)) {
            row[0] = text(write(&truth.people[*who]));
        }
    }
}

fn every_other(text: &str) -> String {
    text.chars()
        .enumerate()
        .flat_map(
            |(at, letter)| {
                if at % 2 == 0 { letter.to_uppercase().collect::<Vec<_>>() } else { letter.to_lowercase().collect() }
            },
        )
        .collect()
}

pub fn case_of_ids(office: &mut Office, stream: &mut Stream) {
    let way = stream.index(3);
    whom(office, |one| match way {
        0 => one.id.to_lowercase(),
        1 => one.id.to_uppercase(),
        _ => every_other(&one.id),
    });
}

pub fn lost_zeros(office: &mut Office, _: &mut Stream) {
    whom(office, |one| one.id.trim_start_matches('0').to_owned());
}

pub fn zeros_lost_in_the_roster(office: &mut Office, _: &mut Stream) {
    office
        .sheet("inspectors")
        .rows
        .iter_mut()
        .for_each(|row| row[0].change(|id| id.trim_start_matches('0').to_owned()));
}

pub fn dressed_ids(office: &mut Office, stream: &mut Stream) {
    let way = stream.index(8);
    whom(office, |one| match way {
        0 => format!("'{}", one.id),
        1 => format!("=\"{}\"", one.id),
        2 => format!("{}.0", one.id.trim_start_matches('0')),
        3 => format!("{}\u{a0}", one.id),
        4 => format!("{} {}", one.id, one.name()),
        5 => format!("{} ({})", one.name(), one.id),
        6 => one.id.replace('-', "\u{2011}").replace('0', "０"),
        _ => format!(" {}  ", one.id),
    });
}

pub fn names(office: &mut Office, stream: &mut Stream) {
    let way = stream.index(8);
    whom(office, |one| match way {
        0 => one.name(),
        1 => format!("{}, {}", one.family, one.given),
        2 => format!("{} {}", one.family, one.given),
        3 => format!("{} {}", one.family.to_uppercase(), one.given),
        4 => one.name().nfd().collect(),
        5 => one.name().to_lowercase(),
        6 => format!("{}\u{a0}{}", one.given, one.family),
        _ => one.family.to_owned(),
    });
}

pub fn a_staff_number_of_its_own(office: &mut Office, stream: &mut Stream) {
    let title = ["Legajo", "siape", "Matricule agent", "الرقم الوظيفي", "NIF", "Payroll"][stream.index(6)];
    let sheet = office.sheet("inspectors");
    sheet.titles = vec![title.to_owned(), "name".to_owned()];
}

pub fn one_person_in_two_rows(office: &mut Office, stream: &mut Stream) {
    let who = stream.index(office.truth.people.len());
    let one = office.truth.people[who].clone();
    let name = match stream.index(4) {
        0 => one.name(),
        1 => format!("{}, {}", one.family, one.given),
        2 => one.name().to_uppercase(),
        _ => one.name().nfd().collect(),
    };
    let id = [format!("{}b", one.id), format!("9{}", one.id), one.id.to_lowercase()][stream.index(3)].clone();
    if id != one.id {
        office.sheet("inspectors").rows.push(vec![text(id), text(name)]);
    }
}

pub fn blank_below(office: &mut Office, stream: &mut Stream) {
    let ditto = ["", "\"", "idem", "〃", "\u{2033}"][stream.index(5)];
    for table in NAMING {
        let mut last = String::new();
        for row in &mut office.sheet(table).rows {
            let id = row[0].plain();
            if id == last {
                row[0] = text(ditto);
            }
            last = id;
        }
    }
}

/// Places of one owner, spelled in several ways in the register, and a conflict with that owner.
pub fn spellings_of_an_owner(office: &mut Office, stream: &mut Stream) {
    let mut truth = office.truth.clone();
    truth.places.iter_mut().skip(1).step_by(2).for_each(|place| place.owner = 0);
    truth.places[0].owner = 0;
    truth.conflicts[0] = Conflict { target: Target::Owner(0), ..truth.conflicts[0].clone() };
    let owner = truth.owners[0];
    *office = Office::new(truth.clone());
    let way = stream.index(8);
    let rows = office.sheet("establishments").rows.iter_mut().zip(&truth.places);
    for (row, _) in rows.filter(|(_, place)| place.owner == 0).skip(1) {
        row[2] = text(spelled(owner, way));
    }
}

/// A conflict names its owner otherwise than the register.
pub fn another_spelling_of_an_owner(office: &mut Office, stream: &mut Stream) {
    let mut truth = office.truth.clone();
    truth.conflicts[0] = Conflict { target: Target::Owner(0), ..truth.conflicts[0].clone() };
    let owner = truth.owners[0];
    *office = Office::new(truth);
    office.sheet("conflicts").rows[0][2] = text(spelled(owner, stream.index(8)));
}

fn spelled(owner: &str, way: usize) -> String {
    match way {
        0 => owner.to_uppercase(),
        1 => owner.replace('.', "").replace("GmbH", "G.m.b.H."),
        2 => owner.replace('-', "\u{2011}").replace(' ', "\u{a0}"),
        3 => owner.replace('&', "and").replace("S.A.", "SA").replace("García", "Garcia"),
        4 => format!("{owner}."),
        5 => owner.split(' ').rev().collect::<Vec<_>>().join(" "),
        6 => owner.replacen('s', "ss", 1),
        _ => owner.nfd().collect(),
    }
}

/// Writes the targets that are places.
fn places(office: &mut Office, write: impl Fn(&super::truth::Place) -> String) {
    let truth = office.truth.clone();
    for (row, conflict) in office.sheet("conflicts").rows.iter_mut().zip(&truth.conflicts) {
        if let Target::Place(at) = conflict.target {
            row[2] = text(write(&truth.places[at]));
        }
    }
}

pub fn names_of_places(office: &mut Office, stream: &mut Stream) {
    let way = stream.index(6);
    places(office, |one| match way {
        0 => one.name.to_owned(),
        1 => one.name.to_uppercase(),
        2 => one.id.to_lowercase(),
        3 => format!("{} {}", one.id, one.name),
        4 => format!("{}, {}", one.name, one.id),
        _ => one.name.split(' ').next().unwrap().to_owned(),
    });
}

/// All places of one person in one cell.
pub fn several_targets_in_a_cell(office: &mut Office, stream: &mut Stream) {
    let apart = ["|", ", ", "; ", " / ", " and ", "\n", " "][stream.index(7)];
    let mut truth = office.truth.clone();
    let first = Conflict { target: Target::Place(0), ..truth.conflicts[0].clone() };
    truth.conflicts[0] = first.clone();
    *office = Office::new(truth.clone());
    office.truth.conflicts.push(Conflict { target: Target::Place(2), ..first });
    let both = format!("{}{apart}{}", truth.places[0].id, truth.places[2].id);
    office.sheet("conflicts").rows[0][2] = text(both);
}

pub fn words_of_target_kinds(office: &mut Office, stream: &mut Stream) {
    let words = [
        ["Establishment", "OWNER", "Inspector"],
        ["establecimiento", "titular", "inspector"],
        ["Betrieb", "Inhaber", "Mitarbeiter"],
        ["place", "company", "colleague"],
        ["établissement", "propriétaire", "inspecteur"],
    ][stream.index(5)];
    for row in &mut office.sheet("conflicts").rows {
        row[1].change(|kind| {
            words[["establishment", "owner", "inspector"].iter().position(|one| *one == kind).unwrap_or(0)].to_owned()
        });
    }
}

const COUNTS: [(&str, &str, &str); 9] = [
    ("status", "Approved", "Rejected"),
    ("Status", "genehmigt", "abgelehnt"),
    ("Estado", "Aprobado", "Rechazado"),
    ("statut", "validé", "annulé"),
    ("state", "granted", "withdrawn"),
    ("Situação", "deferido", "indeferido"),
    ("Статус", "одобрено", "отклонено"),
    ("Cancelled", "no", "yes"),
    ("Approved?", "yes", "no"),
];

/// A column of status, with one more row that does not count.
fn status(office: &mut Office, table: &str, stream: &mut Stream) {
    let (title, counts, drops) = COUNTS[stream.index(COUNTS.len())];
    let last = office.truth.places.last().unwrap().id.clone();
    let sheet = office.sheet(table);
    sheet.titles.push(title.to_owned());
    let mut refused = sheet.rows[0].clone();
    sheet.rows.iter_mut().for_each(|row| row.push(text(counts)));
    if table == "conflicts" {
        refused[1] = text("establishment");
        refused[2] = text(last);
    }
    refused.push(text(drops));
    for cell in &mut refused {
        if let Cell::Day(day) = cell {
            *day = *day + chrono::Days::new(200);
        }
    }
    sheet.rows.push(refused);
}

pub fn status_of_leave(office: &mut Office, stream: &mut Stream) {
    status(office, "absences", stream);
}

pub fn status_of_conflicts(office: &mut Office, stream: &mut Stream) {
    status(office, "conflicts", stream);
}
