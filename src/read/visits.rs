//! The visits to be made.

use std::rc::Rc;

use super::cells::{Words, label, list, number, word};
use super::dates::{self, DateKey, Dates};
use super::header::Header;
use super::ids::{Directory, fold, look_alikes, nfc, own_id};
use super::policy::Policy;
use super::problem::{Level, Log, Problem, shown};
use super::programmed;
use super::table::{Desk, Row, Table, may, must};
use super::unique::{self, Entry};
use crate::model::{Establishment, EstablishmentId, Kind, Period, SlotId, Visit};

pub(super) const TABLE: Table = Table {
    name: "visits",
    columns: &[
        must("id"),
        must("establishment"),
        may("earliest"),
        may("latest"),
        may("kind"),
        may("team_size"),
        may("skills"),
        may("min_women"),
        may("slot"),
        may("duration"),
        may("operation"),
        may("agencies"),
    ],
};
const ID: usize = 0;
const ESTABLISHMENT: usize = 1;
const EARLIEST: usize = 2;
const LATEST: usize = 3;
const KIND: usize = 4;
const TEAM_SIZE: usize = 5;
const SKILLS: usize = 6;
const MIN_WOMEN: usize = 7;
const SLOT: usize = 8;
const DURATION: usize = 9;
const OPERATION: usize = 10;
const AGENCIES: usize = 11;

pub(super) const KINDS: Words<Kind> = &[
    (Kind::Mandatory, "mandatory", &["required", "obligatory", "obligatoria", "obrigatória", "obligatoire", "pflicht"]),
    (Kind::Programmed, "programmed", &["routine", "planned", "programada", "programmée", "geplant", "плановая"]),
    (Kind::Complaint, "complaint", &["denuncia", "denúncia", "plainte", "beschwerde", "жалоба"]),
    (Kind::FollowUp, "follow-up", &["followup", "seguimiento", "seguimento", "suivi", "nachschau"]),
    (Kind::Raid, "raid", &[]),
];

/// A row whose window is not settled yet.
struct Draft {
    row: u64,
    visit: Visit,
    window: [Option<DateKey>; 2],
}

/// Reads the visits: by id, and their directory, where there is a file.
pub(super) fn read(
    desk: &mut Desk<'_>,
    needed: bool,
    places: &Directory,
    register: &[Establishment],
) -> (Vec<Visit>, Option<Directory>) {
    let before = desk.log.errors();
    let mut drafts = Vec::new();
    let mut dates = [EARLIEST, LATEST].map(Dates::new);
    let policy = Rc::clone(&desk.policy);
    let header = desk.table(&TABLE, needed, &mut |row, log| {
        let id = own_id(row, ID, log);
        let place = place(row, places, log);
        let window = dates.each_mut().map(|column| column.take(row));
        let visit = visit(row, &policy, log);
        // A visit without its place is an error already; it is kept so that what names it is not one too.
        let establishment = place.unwrap_or(EstablishmentId(0));
        if let Some(id) = id {
            drafts.push(Draft { row: row.number(), visit: Visit { id, establishment, ..visit }, window });
        }
    });
    let Some(header) = header else { return (Vec::new(), None) };
    if drafts.is_empty() && needed && !policy.programmed.places && desk.log.errors() == before {
        desk.log.push(Problem::error(&header.file, "there are no visits to plan", "Add a row for each visit"));
    }
    let settled = dates::settle(&dates, &header, &mut desk.log);
    for draft in &mut drafts {
        draft.visit.earliest = settled[0].get(draft.window[0]);
        draft.visit.latest = settled[1].get(draft.window[1]);
        check_window(draft, policy.period.as_ref(), &header, &mut desk.log);
    }
    let entry = |draft: Draft| Entry { id: draft.visit.id.clone(), row: draft.row, value: draft.visit };
    let mut kept = unique::by_id(&header, ID, drafts.into_iter().map(entry).collect(), &mut desk.log);
    look_alikes(&header, ID, kept.iter().map(|(id, (row, _))| (id.as_str(), *row)), &mut desk.log);
    programmed::add(&mut kept, register, &policy.programmed, &header, &mut desk.log);
    let directory = Directory::new("visit", kept.keys().map(String::as_str));
    (kept.into_values().map(|(_, visit)| visit).collect(), Some(directory))
}

fn place(row: &Row<'_>, places: &Directory, log: &mut Log) -> Option<EstablishmentId> {
    let Some(text) = row.text(ESTABLISHMENT) else {
        let advice = "Name the establishment, or delete the row";
        log.one_of(Level::Error, &row.header.file, "visits without a place", || {
            row.problem(ESTABLISHMENT, "the visit has no place", advice)
        });
        return None;
    };
    places.join(row, ESTABLISHMENT, &nfc(text), log).map(EstablishmentId)
}

/// The row's visit, without id, place and window.
fn visit(row: &Row<'_>, policy: &Policy, log: &mut Log) -> Visit {
    let duration = number(row, DURATION, 1, 16, log).unwrap_or(1);
    let visit = Visit {
        id: String::new(),
        establishment: EstablishmentId(0),
        earliest: None,
        latest: None,
        kind: word(row, KIND, KINDS, policy, log).unwrap_or(Kind::Mandatory),
        team_size: number(row, TEAM_SIZE, 2, 8, log),
        skills: list(row, SKILLS),
        min_women: number(row, MIN_WOMEN, 0, 8, log),
        slot: slot(row, policy, log),
        duration: u8::try_from(duration).unwrap_or(1),
        operation: label(row, OPERATION),
        agencies: list(row, AGENCIES),
    };
    check_duration(row, &visit, policy, log);
    visit
}

/// The slot that a visit must start in, by its name.
fn slot(row: &Row<'_>, policy: &Policy, log: &mut Log) -> Option<SlotId> {
    named_slot(row, SLOT, row.text(SLOT)?, policy, log)
}

/// The slot called `name`, which stands in `column`.
pub(super) fn named_slot(row: &Row<'_>, column: usize, name: &str, policy: &Policy, log: &mut Log) -> Option<SlotId> {
    let slots = &policy.period.as_ref()?.slots;
    let found = slots.iter().position(|slot| fold(slot) == fold(name));
    if found.is_none() {
        log.one_of(Level::Error, &row.header.file, "slots that the policy does not have", || {
            let names: Vec<String> = slots.iter().map(|slot| format!("`{}`", shown(slot))).collect();
            row.problem(column, "the policy has no such slot", format!("Write one of {}", names.join(", ")))
        });
    }
    found.map(SlotId::at)
}

/// A visit ends within its day.
fn check_duration(row: &Row<'_>, visit: &Visit, policy: &Policy, log: &mut Log) {
    let Some(period) = &policy.period else { return };
    let first = visit.slot.map_or(0, SlotId::index);
    if first + usize::from(visit.duration) > period.slots.len() {
        log.one_of(Level::Error, &row.header.file, "visits that are longer than their day", || {
            let why = format!(
                "the visit fills {} slots from slot {}, the day has {}",
                visit.duration,
                first + 1,
                period.slots.len()
            );
            row.problem(DURATION, why, "Shorten it, start it earlier, or give the day more slots")
        });
    }
}

/// A window ends on or after the day it begins; one outside the period is told.
fn check_window(draft: &Draft, period: Option<&Period>, header: &Header, log: &mut Log) {
    let Visit { earliest, latest, .. } = draft.visit;
    if let (Some(earliest), Some(latest)) = (earliest, latest)
        && latest < earliest
    {
        log.one_of(Level::Error, &header.file, "windows that end before they begin", || {
            let why = format!("the window ends before it begins on {earliest}");
            let problem = Problem::error(&header.file, why, "Correct one of the two dates");
            problem.row(draft.row).column(header.title(LATEST)).value(&latest.to_string())
        });
    }
    let Some(period) = period else { return };
    let outside = earliest.filter(|day| *day > period.to).map(|day| (EARLIEST, day));
    if let Some((column, day)) = outside.or(latest.filter(|day| *day < period.from).map(|day| (LATEST, day))) {
        log.one_of(Level::Warning, &header.file, "windows outside the period", || {
            let why = format!("no day of the window lies in the period from {} to {}", period.from, period.to);
            let problem =
                Problem::warning(&header.file, why, "The visit can't be staffed; correct its window or leave it out");
            problem.row(draft.row).column(header.title(column)).value(&day.to_string())
        });
    } else if !has_work(&draft.visit, period) {
        log.one_of(Level::Warning, &header.file, "windows without a working day", || {
            let why = "no day of the window is a working day of the period";
            let advice = "The visit can't be staffed; widen its window or leave it out";
            Problem::warning(&header.file, why, advice).row(draft.row)
        });
    }
}

/// Whether a day of the window is worked in the period.
fn has_work(visit: &Visit, period: &Period) -> bool {
    let from = visit.earliest.map_or(period.from, |day| day.max(period.from));
    let to = visit.latest.map_or(period.to, |day| day.min(period.to));
    to < from || from.iter_days().take_while(|day| *day <= to).take(7).any(|day| period.contains(day))
}
