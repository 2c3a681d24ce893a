//! A calendar of an office (iCalendar, RFC 5545) as days: each event is the days that it touches, a recurring one those of each of
//! its times. Whose days they are, and what they mean, others say.
//!
//! Nothing of a calendar is skipped in silence: an event that can't be read is an error with its line, and whatever is left out by
//! the calendar itself (cancelled, excepted) is counted in a note.

mod event;
mod gather;
mod recur;
mod text;
mod time;
mod zone;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use chrono::NaiveDate;

use super::policy::Says;
use super::problem::{Level, Log, Problem, counted, grouped, shown};
use super::source::Source;
use event::{Event, Reader, Refusal};
use text::Part;
pub(super) use text::is_calendar;
use zone::{Zone, Zones};

/// Most events of a file.
const MOST_EVENTS: usize = 200_000;

/// How a calendar is to be read.
pub(super) struct Wanted<'a> {
    /// The table that it becomes.
    pub(super) says: &'a Says,
    /// Whether what is not known is asked; if not, it is an error.
    pub(super) asks: bool,
    /// The office's zone.
    pub(super) zone: Option<&'a str>,
    /// Whether times at which somebody is free count.
    pub(super) free: Option<bool>,
    /// Whether the last day of a whole-day event is part of it.
    pub(super) end_included: Option<bool>,
    /// From when until when rules without an end are written out.
    pub(super) window: (NaiveDate, NaiveDate),
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
}

/// Reads a calendar; what is wrong with it is in the log.
pub(super) fn read(source: &dyn Source, file: &str, wanted: &Wanted<'_>, log: &mut Log) -> Option<Vec<Days>> {
    let before = log.errors();
    let calendars = text::calendars(source, file, wanted.says, log)?;
    let parts = parts(file, &calendars, log)?;
    let zones = Zones::of(&calendars, wanted.window.1);
    let home = home(file, &calendars, &zones, wanted, log)?;
    let reader = Reader { zones, home, end_included: wanted.end_included == Some(true), moved: Cell::new(0) };
    let events = events(file, &parts, &reader, wanted, log);
    if log.errors() > before {
        return None;
    }
    let events = asked(file, events, wanted, log)?;
    let days = gather::Gather::new(file, &reader, wanted).all(events, log);
    (log.errors() == before).then_some(days)
}

/// The events of all calendars of a file, and whether their calendar cancels them; what is no event is told.
fn parts<'c>(file: &str, calendars: &'c [Part], log: &mut Log) -> Option<Vec<(&'c Part, bool)>> {
    let (mut events, mut others) = (Vec::new(), std::collections::BTreeMap::<&str, (u64, u64)>::new());
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
    let zone = Zone::named(name);
    if zone.is_none() {
        let why = format!("the policy says that the zone is `{}`, which nobody knows", shown(name));
        let advice = format!("Write a name such as Europe/Madrid: zone under [{}]", wanted.says.section());
        log.push(Problem::error(file, why, advice));
        return None;
    }
    Some(zone)
}

/// Reads event by event; the zone is asked once.
fn events(file: &str, parts: &[(&Part, bool)], reader: &Reader, wanted: &Wanted<'_>, log: &mut Log) -> Vec<Event> {
    let (mut events, mut lacking) = (Vec::new(), None);
    for (part, cancels) in parts {
        match reader.event(part, *cancels) {
            Ok(event) => events.push(event),
            Err(Refusal::Zone(row)) => lacking = lacking.or(Some(row)),
            Err(Refusal::Why(row, why, advice)) => refused(file, row, &why, advice, log),
        }
    }
    if let Some(row) = lacking {
        zone_is_needed(file, row, reader, wanted, log);
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
    let mut names: Vec<&str> = reader.zones.names().filter(|name| Zone::named(name).is_some()).take(8).collect();
    names.retain(|name| *name != "UTC");
    names.push("UTC");
    let words: Vec<String> = names.iter().map(|name| format!("in the zone {}", shown(name))).collect();
    let sets: Vec<[(&str, &str); 1]> = names.iter().map(|name| [("zone", *name)]).collect();
    let options: Vec<(&str, &[(&str, &str)])> =
        words.iter().zip(&sets).map(|(words, sets)| (words.as_str(), sets.as_slice())).collect();
    let why = format!("{why} (any zone can be said, such as zone = \"Europe/Madrid\")");
    log.ask(wanted.says, Problem::error(file, why, "").row(row), &options);
}

/// What no calendar can say and somebody must: whether days of free time count, and whether an end is part of an event.
fn asked(file: &str, events: Vec<Event>, wanted: &Wanted<'_>, log: &mut Log) -> Option<Vec<Event>> {
    let before = log.errors();
    let live = || events.iter().filter(|event| !event.cancelled);
    if let (None, true, Some(first)) =
        (wanted.end_included, wanted.asks, live().find(|event| event.ends_where_it_begins))
    {
        let why = "a whole-day event ends (DTEND) on the day on which it begins; the standard has the end lie a day after the last day, and this program may count otherwise";
        let options: [(&str, &[(&str, &str)]); 2] = [
            ("the last day is part of every event", &[("calendar_end", "included")]),
            ("the end is the day after, and such an event has one day", &[("calendar_end", "excluded")]),
        ];
        log.ask(wanted.says, Problem::error(file, why, "").row(first.row), &options);
    }
    let free = live().filter(|event| event.free).count() as u64;
    if let (None, true, Some(first)) = (wanted.free, wanted.asks, live().find(|event| event.free)) {
        let events = counted(free, "event says", "events say");
        let why = format!(
            "{events} that the person is free or works elsewhere meanwhile (TRANSP, BUSYSTATUS), and nobody said whether that is leave"
        );
        let options: [(&str, &[(&str, &str)]); 2] =
            [("it is leave", &[("free", "counts")]), ("it is no leave", &[("free", "drops")])];
        log.ask(wanted.says, Problem::error(file, why, "").row(first.row), &options);
    }
    if log.errors() > before {
        return None;
    }
    let drops = wanted.free == Some(false);
    if free > 0 && wanted.asks {
        let what = if drops { "is left out" } else { "counts" };
        log.note(
            file,
            format!(
                "free or working elsewhere: {}, which {what}, as the policy says",
                counted(free, "event", "events")
            ),
        );
    }
    // A time that is replaced by one at which the person is free is gone all the same.
    let gone = |event: Event| Event { cancelled: event.cancelled || (drops && event.free), ..event };
    let kept = |event: &Event| event.cancelled || event.replaces.is_some() || !(drops && event.free);
    Some(events.into_iter().filter(kept).map(gone).collect())
}
