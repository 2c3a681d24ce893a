//! A calendar of an office (iCalendar, RFC 5545) as days: each event is the days that it touches, a recurring one those of each of
//! its times. Whose days they are, and what they mean, others say.
//!
//! Nothing of a calendar is skipped in silence: an event that can't be read is an error with its line, and whatever is left out by
//! the calendar itself (cancelled, excepted) is counted in a note.

mod doubt;
mod event;
mod gather;
mod recur;
mod text;
mod time;
mod version;
mod zone;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chrono::NaiveDate;

use super::policy::Says;
use super::problem::{Level, Log, Problem, grouped, shown};
use super::source::Source;
use event::{Event, Reader, Refusal, Sent};
use text::Part;
pub(super) use text::is_calendar;
use zone::{Zone, Zones};

/// Most events of a file.
const MOST_EVENTS: usize = 200_000;
/// Most zones that are asked about at once.
const MOST_ASKED: usize = 20;

/// How a calendar is to be read.
pub(super) struct Wanted<'a> {
    /// The table that it becomes.
    pub(super) says: &'a Says,
    /// Whether what is not known is asked; if not, it is an error.
    pub(super) asks: bool,
    /// The office's zone.
    pub(super) zone: Option<&'a str>,
    /// Zones that nobody knows by their names, each as `NAME=ZONE`.
    pub(super) zones: &'a [String],
    /// Whether times at which somebody is free count.
    pub(super) free: Option<bool>,
    /// Whether events count that are cancelled or refused by their title alone.
    pub(super) cancelled: Option<bool>,
    /// Whether events count that everybody declined.
    pub(super) declined: Option<bool>,
    /// Whether the last day of a whole-day event is part of it.
    pub(super) end_included: Option<bool>,
    /// From when until when rules without an end are written out.
    pub(super) window: (NaiveDate, NaiveDate),
}

impl<'a> Wanted<'a> {
    /// What is nobody's leave, and asks nothing.
    pub(super) fn of_days(says: &'a Says, window: (NaiveDate, NaiveDate)) -> Self {
        let (asks, zone, zones) = (false, None, &[][..]);
        Self { says, asks, zone, zones, free: None, cancelled: None, declined: None, end_included: None, window }
    }
}

/// The days of one event, or of one time of it.
#[derive(Clone, Debug)]
pub(super) struct Days {
    /// The line of the file in which its BEGIN stands.
    pub(super) row: u64,
    pub(super) from: NaiveDate,
    /// The last day.
    pub(super) to: NaiveDate,
    pub(super) about: Rc<About>,
}

/// What an event says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    pub(super) summary: String,
    pub(super) attendees: Vec<Person>,
    pub(super) organizer: Vec<Person>,
    pub(super) categories: String,
    pub(super) status: String,
    pub(super) uid: String,
}

impl std::fmt::Display for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.name.is_empty() { &self.mail } else { &self.name })
    }
}

/// Somebody whom an event names.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) mail: String,
    /// Whether they declined to attend.
    pub(super) declined: bool,
}

/// A calendar that is opened: its events, before it is known which of them hold.
pub(super) struct Calendar {
    file: String,
    reader: Reader,
    events: Vec<Event>,
}

/// Reads a calendar; what is wrong with it is in the log.
pub(super) fn read(source: &dyn Source, file: &str, wanted: &Wanted<'_>, log: &mut Log) -> Option<Vec<Days>> {
    let calendar = open(source, file, wanted, log)?;
    days(vec![calendar], wanted, log).pop().map(|(_, days)| days)
}

/// Opens a calendar and reads its events; what is wrong with it is in the log.
pub(super) fn open(source: &dyn Source, file: &str, wanted: &Wanted<'_>, log: &mut Log) -> Option<Calendar> {
    let before = log.errors();
    let calendars = text::calendars(source, file, wanted.says, log)?;
    let parts = parts(file, &calendars, log)?;
    let zones = match Zones::of(&calendars, wanted.window.1).and_said(wanted.zones) {
        Ok(zones) => zones,
        Err(zone) => return no_zone(file, zone, "zones", wanted, log),
    };
    let home = home(file, &calendars, &zones, wanted, log)?;
    let reader = Reader { zones, home, end_included: wanted.end_included == Some(true), moved: Cell::new(0) };
    let events = events(file, &parts, &reader, wanted, log);
    (log.errors() == before).then(|| Calendar { file: file.to_owned(), reader, events })
}

/// The days of calendars that are read together, each with its file: one that was sent to cancel events does so in the others too.
pub(super) fn days(calendars: Vec<Calendar>, wanted: &Wanted<'_>, log: &mut Log) -> Vec<(String, Vec<Days>)> {
    let cancelling: Vec<(usize, Event)> = calendars
        .iter()
        .enumerate()
        .flat_map(|(at, calendar)| calendar.events.iter().map(move |event| (at, event)))
        .filter(|(_, event)| event.sent == Sent::Cancels)
        .map(|(at, event)| (at, event.clone()))
        .collect();
    let mut all = Vec::new();
    for (at, Calendar { file, reader, events }) in calendars.into_iter().enumerate() {
        let before = log.errors();
        let sent: Vec<&Event> = cancelling.iter().filter(|(other, _)| *other != at).map(|(_, event)| event).collect();
        let count = events.len();
        let events = version::newest(&file, events, &sent, log);
        let Some(events) = doubt::asked(&file, events, wanted, log) else { continue };
        let days = gather::Gather::new(&file, &reader, wanted).all(&events, &sent, count, log);
        if log.errors() == before {
            all.push((file, days));
        }
    }
    all
}

/// The events of all calendars of a file, and whether their calendar cancels them; what is no event is told.
fn parts<'c>(file: &str, calendars: &'c [Part], log: &mut Log) -> Option<Vec<(&'c Part, bool)>> {
    let (mut events, mut others) = (Vec::new(), BTreeMap::<&str, (u64, u64)>::new());
    for calendar in calendars {
        if calendar.name != "VCALENDAR" {
            let why = format!("BEGIN:{} stands outside of a calendar", shown(&calendar.name));
            log.push(Problem::error(file, why, "Export the calendar again").row(calendar.row));
        }
        let cancels = calendar.text("METHOD").eq_ignore_ascii_case("CANCEL");
        for part in &calendar.parts {
            match part.name.as_str() {
                "VEVENT" => events.push((part, cancels)),
                "VTIMEZONE" => {}
                other => others.entry(other).or_insert((0, part.row)).0 += 1,
            }
        }
    }
    if events.len() > MOST_EVENTS {
        let why = format!("the calendar has more than {} events", grouped(MOST_EVENTS as u64));
        log.push(Problem::error(file, why, "Export fewer years, or one calendar a person"));
        return None;
    }
    for (name, (count, row)) in others {
        let parts = format!("{} {}", grouped(count), shown(name));
        if name != "VFREEBUSY" {
            log.note(file, format!("not read, for they are no events: {parts} (first in line {row})"));
            continue;
        }
        let why = format!("free and busy times are not read: {parts}; they do not say what somebody is busy with");
        let problem =
            Problem::warning(file, why, "Export the events of the calendar, not when somebody is busy").row(row);
        log.push(if events.is_empty() { Problem { level: Level::Error, ..problem } } else { problem });
    }
    Some(events)
}

/// The zone of whoever reads the calendar: as the file says, as it is the only one of the file, or as the policy says. UTC often
/// only means that nobody stated one.
fn home(file: &str, calendars: &[Part], zones: &Zones, wanted: &Wanted<'_>, log: &mut Log) -> Option<Option<Zone>> {
    let stated: BTreeSet<String> =
        calendars.iter().map(|calendar| calendar.text("X-WR-TIMEZONE")).filter(|name| !name.is_empty()).collect();
    let defined: BTreeSet<String> = zones.names().map(str::to_owned).collect();
    for names in [stated, defined] {
        let mut names = names.iter();
        if let (Some(name), None) = (names.next(), names.next())
            && let Some(zone) = zones.find(name).filter(|zone| !zone.is_utc())
        {
            return Some(Some(zone));
        }
    }
    let Some(name) = wanted.zone else { return Some(None) };
    match Zone::named(name) {
        Some(zone) => Some(Some(zone)),
        None => no_zone(file, name, "zone", wanted, log),
    }
}

/// A zone of the policy that nobody knows; there is nothing to give.
fn no_zone<T>(file: &str, name: &str, key: &str, wanted: &Wanted<'_>, log: &mut Log) -> Option<T> {
    let why = format!("the policy says that the zone is `{}`, which nobody knows", shown(name));
    let advice = format!("Write a name such as Europe/Madrid: {key} under [{}]", wanted.says.section());
    log.push(Problem::error(file, why, advice));
    None
}

/// Reads event by event; the zone is asked once.
fn events(file: &str, parts: &[(&Part, bool)], reader: &Reader, wanted: &Wanted<'_>, log: &mut Log) -> Vec<Event> {
    let (mut events, mut lacking, mut unknown) = (Vec::new(), None, BTreeMap::new());
    for (part, cancels) in parts {
        match reader.event(part, *cancels) {
            Ok(event) => events.push(event),
            Err(Refusal::Zone(row)) => lacking = lacking.or(Some(row)),
            Err(Refusal::Unknown(row, name)) => drop(unknown.entry(name).or_insert(row)),
            Err(Refusal::Why(row, why, advice)) => refused(file, row, &why, advice, log),
        }
    }
    if let Some(row) = lacking {
        zone_is_needed(file, row, reader, wanted, log);
    }
    for (name, row) in unknown.iter().take(MOST_ASKED) {
        zone_is_unknown(file, *row, name, reader, wanted, log);
    }
    events
}

/// An event that can't be read: an error, always.
fn refused(file: &str, row: u64, why: &str, advice: &str, log: &mut Log) {
    log.one_of(Level::Error, file, "events that can't be read", || Problem::error(file, why, advice).row(row));
}

fn zone_is_needed(file: &str, row: u64, reader: &Reader, wanted: &Wanted<'_>, log: &mut Log) {
    let why = "a time is written in UTC, and the file does not say in which zone the office is; near midnight this decides which day it is";
    if !wanted.asks {
        let advice = "Write whole days (DTSTART;VALUE=DATE:20270104), or times with their zone";
        return log.push(Problem::error(file, why, advice).row(row));
    }
    let names = zones_to_offer(reader, wanted);
    let words: Vec<String> = names.iter().map(|name| format!("in the zone {}", shown(name))).collect();
    let sets: Vec<[(&str, &str); 1]> = names.iter().map(|name| [("zone", *name)]).collect();
    let options: Vec<(&str, &[(&str, &str)])> =
        words.iter().zip(&sets).map(|(words, sets)| (words.as_str(), sets.as_slice())).collect();
    let why = format!("{why} (any zone can be said, such as zone = \"Europe/Madrid\")");
    log.ask(wanted.says, Problem::error(file, why, "").row(row), &options);
}

/// Zones that may be meant: those that the file names and the world knows, and the office's.
fn zones_to_offer<'r>(reader: &'r Reader, wanted: &Wanted<'r>) -> Vec<&'r str> {
    let mut names: Vec<&str> = wanted.zone.into_iter().collect();
    names.extend(reader.zones.names().filter(|name| Zone::named(name).is_some()).take(8));
    names.retain(|name| *name != "UTC");
    names.push("UTC");
    names
}

/// Asks which zone a name means. Times in it keep their day whatever is answered; what is written in another zone is turned into it.
fn zone_is_unknown(file: &str, row: u64, name: &str, reader: &Reader, wanted: &Wanted<'_>, log: &mut Log) {
    let why = format!("nobody knows the time zone `{}`, and the file does not define it", shown(name));
    let problem = |why: String, advice: &str| Problem::error(file, why, advice).row(row);
    if !wanted.asks || name.contains(['|', '"']) {
        let advice = "Export the calendar with its time zones (VTIMEZONE), or write a name such as Europe/Madrid there";
        return log.push(problem(why, advice));
    }
    let names = zones_to_offer(reader, wanted);
    let answers: Vec<String> = names.iter().map(|zone| format!("{name}={zone}")).collect();
    let words: Vec<String> = names.iter().map(|zone| format!("it is {}", shown(zone))).collect();
    let sets: Vec<[(&str, &str); 1]> = answers.iter().map(|answer| [("zones", answer.as_str())]).collect();
    let options: Vec<(&str, &[(&str, &str)])> =
        words.iter().zip(&sets).map(|(words, sets)| (words.as_str(), sets.as_slice())).collect();
    let why = format!("{why} (any zone can be said, such as zones = [\"{}=Europe/Madrid\"])", shown(name));
    log.ask(wanted.says, problem(why, ""), &options);
}
