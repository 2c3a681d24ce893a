//! The visits that were made. A table of a million rows is read row by row and kept only as what it means.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use smallvec::SmallVec;

use super::absences::required;
use super::cells::split;
use super::dates::{self, DateKey, Dates};
use super::header::Header;
use super::ids::{Directory, fold, nfc};
use super::problem::{Level, Log, Problem, counted, grouped, shown};
use super::table::{Desk, Row, Table, may, must};
use super::unique;
use crate::model::{EstablishmentId, Inspector, InspectorId, PastVisit};

pub(super) const TABLE: Table = Table {
    name: "history",
    columns: &[must("date"), must("establishment"), must("inspectors"), may("visit"), may("kind"), may("agency")],
};
const DATE: usize = 0;
const ESTABLISHMENT: usize = 1;
const INSPECTORS: usize = 2;
const VISIT: usize = 3;
const KIND: usize = 4;
const AGENCY: usize = 5;

/// Days without a visit after which somebody who is still on the roster is asked about.
const SILENCE_DAYS: i64 = 365;

/// What history names and the case's other tables don't know.
#[derive(Default)]
struct Unknown(BTreeMap<String, Seen>);

struct Seen {
    /// In the order first met.
    at: usize,
    row: u64,
    rows: u64,
}

impl Unknown {
    /// Where `id` stands among the unknown.
    fn meet(&mut self, id: String, row: u64) -> usize {
        let at = self.0.len();
        let seen = self.0.entry(id).or_insert(Seen { at, row, rows: 0 });
        seen.rows += 1;
        seen.at
    }

    /// The ids in the order first met.
    fn in_order(self) -> Vec<String> {
        let mut met: Vec<(usize, String)> = self.0.into_iter().map(|(id, seen)| (seen.at, id)).collect();
        met.sort_unstable();
        met.into_iter().map(|(_, id)| id).collect()
    }
}

/// A visit whose date is not settled yet.
struct Draft {
    date: Option<DateKey>,
    visit: PastVisit,
}

struct Clerk<'a> {
    people: &'a Directory,
    places: &'a Directory,
    dates: [Dates; 1],
    strange_people: Unknown,
    strange_places: Unknown,
    drafts: Vec<(Draft, u64)>,
}

/// What history says.
#[derive(Default)]
pub(super) struct Past {
    /// In order, each once.
    pub(super) visits: Vec<PastVisit>,
    /// Ids of places that only history names. Their positions follow those of the register.
    pub(super) unregistered: Vec<String>,
}

/// Reads history.
pub(super) fn read(desk: &mut Desk<'_>, inspectors: &[Inspector], people: &Directory, places: &Directory) -> Past {
    let mut clerk = Clerk {
        people,
        places,
        dates: [Dates::new(DATE)],
        strange_people: Unknown::default(),
        strange_places: Unknown::default(),
        drafts: Vec::new(),
    };
    let Some(header) = desk.table(&TABLE, false, &mut |row, log| clerk.take(row, log)) else { return Past::default() };
    let roster = desk.file_of("inspectors");
    let log = &mut desk.log;
    tell_people(&clerk.strange_people, people, inspectors, &header, log);
    tell_places(&clerk.strange_places, places, &header, log);
    let [dates] = dates::settle(&clerk.dates, &header, log);
    let dated = clerk.drafts.into_iter().filter_map(|(draft, row)| {
        let date = dates.get(draft.date)?;
        Some((PastVisit { date, ..draft.visit }, row))
    });
    let visits: Vec<(PastVisit, u64)> = dated.collect();
    let visits = unique::distinct(&header, visits, log);
    if let Some(period) = &desk.policy.period {
        late(&visits, period.from, &header, log);
    }
    look_over(&visits, inspectors, &roster, &header, log);
    Past { visits, unregistered: clerk.strange_places.in_order() }
}

impl Clerk<'_> {
    fn take(&mut self, row: &Row<'_>, log: &mut Log) {
        let date = required(row, DATE, log).and(self.dates[0].take(row));
        let place = required(row, ESTABLISHMENT, log).map(|text| self.place(text, row.number()));
        // Who came for another agency need not be known.
        let agency = row.text(AGENCY).map(nfc);
        let named = if agency.is_some() { Some("") } else { required(row, INSPECTORS, log) };
        let team = named.map(|_| self.team(row, log));
        let (Some(establishment), Some((team, others))) = (place, team) else { return };
        let (visit, kind) = (row.text(VISIT).map(nfc), row.text(KIND).map(nfc));
        let visit = PastVisit { date: NaiveDate::MIN, establishment, team, others, visit, kind, agency };
        self.drafts.push((Draft { date, visit }, row.number()));
    }

    fn place(&mut self, text: &str, row: u64) -> EstablishmentId {
        let known = self.places.find(text).or_else(|| self.places.find(&nfc(text)));
        known.map_or_else(
            || EstablishmentId::at(self.places.len() + self.strange_places.meet(nfc(text), row)),
            EstablishmentId,
        )
    }

    fn team(&mut self, row: &Row<'_>, log: &mut Log) -> (SmallVec<[InspectorId; 4]>, Vec<String>) {
        let (mut team, mut others) = (SmallVec::new(), Vec::new());
        for text in split(row, INSPECTORS) {
            match self.people.find(text).or_else(|| self.people.find(&nfc(text))) {
                Some(at) => team.push(InspectorId(at)),
                None if self.are_several(text, row, log) => {}
                None => {
                    if row.text(AGENCY).is_none() {
                        self.strange_people.meet(nfc(text), row.number());
                    }
                    others.push(nfc(text));
                }
            }
        }
        let named = team.len() + others.len();
        team.sort_unstable();
        team.dedup();
        others.sort_unstable();
        others.dedup();
        if team.len() + others.len() < named {
            log.one_of(Level::Error, &row.header.file, "visits that name somebody twice", || {
                row.problem(INSPECTORS, "the visit names the same person twice", "Name everybody once")
            });
        }
        if team.len() + others.len() > PEOPLE_MAX {
            log.one_of(Level::Error, &row.header.file, "visits with too many people", || {
                let why = format!("{} people on one visit; at most {PEOPLE_MAX} are read", team.len() + others.len());
                row.problem(INSPECTORS, why, "Name those who went; a list of the whole office is no team")
            });
        }
        (team, others)
    }
}

/// People that one past visit may name, as many as a record may hold.
const PEOPLE_MAX: usize = 1000;

/// What separates people in a cell where it is not `|`.
const SEPARATORS: [char; 6] = [',', ';', '/', '&', '+', '\n'];

impl Clerk<'_> {
    /// Refuses several people of the roster who are joined in another way: nobody's rotation would see them.
    fn are_several(&self, text: &str, row: &Row<'_>, log: &mut Log) -> bool {
        let mut names = text.split(SEPARATORS).map(str::trim).filter(|name| !name.is_empty());
        let all = names.clone().count() > 1 && names.all(|name| self.people.find(&nfc(name)).is_some());
        if all {
            log.one_of(Level::Error, &row.header.file, "cells that join people in another way", || {
                row.problem(INSPECTORS, "this is several people of the roster in one", "Join them by |, as in A1|A2")
            });
        }
        all
    }
}

/// Says which people are not on the roster.
fn tell_people(strange: &Unknown, people: &Directory, inspectors: &[Inspector], header: &Header, log: &mut Log) {
    let units: Vec<String> = inspectors.iter().filter_map(|person| person.unit.as_deref().map(fold)).collect();
    for (id, seen) in strange.0.iter().filter(|(id, _)| units.contains(&fold(id))) {
        log.one_of(Level::Warning, &header.file, "units in the place of people", || {
            let why = "this is a unit, not a person; nobody's rotation can be seen from it";
            let advice = "Name the people who went, if that is known";
            Problem::warning(&header.file, why, advice).row(seen.row).column(header.title(INSPECTORS)).value(id)
        });
    }
    let words = Words {
        unknown: ["person is not on the roster", "people are not on the roster"],
        noun: "inspector",
        kept: "their visits are kept",
    };
    tell(strange, people, INSPECTORS, &words, header, log);
}

fn tell_places(strange: &Unknown, places: &Directory, header: &Header, log: &mut Log) {
    let words = Words {
        unknown: ["place is not in the register", "places are not in the register"],
        noun: "establishment",
        kept: "their visits are kept, but nothing can be planned there",
    };
    tell(strange, places, ESTABLISHMENT, &words, header, log);
}

/// How unknown ids are told.
struct Words {
    /// Of one, and of many.
    unknown: [&'static str; 2],
    noun: &'static str,
    kept: &'static str,
}

/// Says once which ids are not known, and which of them an unlucky spreadsheet may have changed.
fn tell(strange: &Unknown, directory: &Directory, column: usize, words: &Words, header: &Header, log: &mut Log) {
    let Some(first) = strange.0.values().map(|seen| seen.row).min() else { return };
    look_alikes(strange, directory, column, header, log);
    let rows = |seen: &mut dyn Iterator<Item = &Seen>| counted(seen.map(|seen| seen.rows).sum(), "row", "rows");
    let list: Vec<String> = strange.0.keys().take(5).map(|id| format!("`{}`", shown(id))).collect();
    let more = if strange.0.len() > 5 { ", …" } else { "" };
    let why = format!(
        "{}, in {}: {}{more}",
        counted(strange.0.len() as u64, words.unknown[0], words.unknown[1]),
        rows(&mut strange.0.values()),
        list.join(", ")
    );
    let problem = Problem::warning(&header.file, why, format!("Add them if they should be known; {}", words.kept));
    log.push(problem.row(first).column(header.title(column)));
    let zeros: Vec<(&String, &Seen, &str)> =
        strange.0.iter().filter_map(|(id, seen)| Some((id, seen, directory.zeros_apart(id)?))).collect();
    if let Some((id, seen, other)) = zeros.first() {
        let what = if other.len() > id.len() { "adding" } else { "removing" };
        let why = format!(
            "{} would match an {} after {what} leading zeros, in {}: `{}` is perhaps `{}`",
            counted(zeros.len() as u64, "id", "ids"),
            words.noun,
            rows(&mut zeros.iter().map(|(_, seen, _)| *seen)),
            shown(id),
            shown(other)
        );
        let advice = "Mend the ids here, or these visits will not count for the rotation";
        let problem = Problem::warning(&header.file, why, advice);
        log.push(problem.row(seen.row).column(header.title(column)).value(id));
    }
}

/// An unknown id that looks just like a known one would cut a person off from their past.
fn look_alikes(strange: &Unknown, directory: &Directory, column: usize, header: &Header, log: &mut Log) {
    for (id, seen) in &strange.0 {
        let Some(other) = directory.look_alike(id).filter(|other| !(id.is_ascii() && other.is_ascii())) else {
            continue;
        };
        log.one_of(Level::Error, &header.file, "ids that look like another", || {
            let why = format!("the id looks like the known `{}` and is written with other letters", shown(other));
            let problem = Problem::error(&header.file, why, "Type it anew");
            problem.row(seen.row).column(header.title(column)).value(id)
        });
    }
}

/// Visits that are said to have been made in or after the period.
fn late(history: &[PastVisit], from: NaiveDate, header: &Header, log: &mut Log) {
    let late = history.len() - history.partition_point(|visit| visit.date < from);
    if late > 0 {
        let visits = counted(late as u64, "visit is", "visits are");
        let why = format!("{visits} dated on or after {from}, the first day of the period");
        log.push(Problem::warning(
            &header.file,
            why,
            "They count as visits that were made; look whether that is meant",
        ));
    }
}

/// What is odd about history as a whole.
fn look_over(history: &[PastVisit], inspectors: &[Inspector], roster: &str, header: &Header, log: &mut Log) {
    let (mut single, mut all) = (0, 0);
    let own: Vec<&PastVisit> = history.iter().filter(|visit| visit.is_own()).collect();
    for together in own.chunk_by(|a, b| (a.date, a.establishment) == (b.date, b.establishment)) {
        let people = together.iter().map(|visit| visit.team.len() + visit.others.len()).sum::<usize>();
        single += u64::from(people == 1);
        all += 1;
        if twice_a_day(together) {
            log.one_of(Level::Warning, &header.file, "places that were visited twice in a day", || {
                let why =
                    format!("{} rows tell of different visits to one place on {}", together.len(), together[0].date);
                Problem::warning(&header.file, why, "All who are named count as having been there")
            });
        }
    }
    if single > 0 {
        let says = format!("{} of {} name one inspector only", grouped(single), counted(all, "visit", "visits"));
        log.note(&header.file, says);
    }
    silent(history, inspectors, roster, log);
}

/// Whether rows of one place and day can't be one visit with one row a person.
fn twice_a_day(together: &[&PastVisit]) -> bool {
    let [first, rest @ ..] = together else { return false };
    rest.iter().any(|other| {
        let named_apart = first.visit.is_some() && other.visit.is_some() && first.visit != other.visit;
        named_apart || first.team.len().max(other.team.len()) > 1
    })
}

/// People on the roster whose last visit is long past.
fn silent(history: &[PastVisit], inspectors: &[Inspector], roster: &str, log: &mut Log) {
    let Some(latest) = history.last().map(|visit| visit.date) else { return };
    let mut last: Vec<Option<NaiveDate>> = vec![None; inspectors.len()];
    for visit in history {
        for who in &visit.team {
            last.get_mut(who.index()).into_iter().for_each(|day| *day = Some(visit.date));
        }
    }
    let open = |person: &Inspector| person.left_on.is_none() && person.authority_to.is_none_or(|to| to > latest);
    let days = |day: NaiveDate| latest.num_days_from_ce() - day.num_days_from_ce();
    let silent: Vec<String> = inspectors
        .iter()
        .zip(&last)
        .filter(|(person, last)| open(person) && last.is_some_and(|day| i64::from(days(day)) > SILENCE_DAYS))
        .map(|(person, last)| format!("`{}` ({})", shown(&person.id), last.unwrap_or(latest)))
        .collect();
    if !silent.is_empty() {
        let more = if silent.len() > 5 { ", …" } else { "" };
        let why = format!(
            "{} on the roster made no visit in the last 12 months of history, to {latest}: {}{more}",
            counted(silent.len() as u64, "inspector", "inspectors"),
            silent[..silent.len().min(5)].join(", ")
        );
        log.push(Problem::warning(roster, why, "Write left_on for those who left"));
    }
}
