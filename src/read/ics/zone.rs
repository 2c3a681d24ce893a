//! The zones of a calendar: by the name that the world gives them, by the name that Windows gives them, or as a VTIMEZONE of the
//! file defines them.

use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::{Days, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};

use super::recur::{self, Rule};
use super::text::{Line, Part};
use super::time::{self, When};

/// Most changes of the clock that a file may give one zone.
const MOST_CHANGES: usize = 20_000;

/// Most zones of a file, and most rules of those that nobody else knows.
const MOST_ZONES: usize = 1_000;
const MOST_RULES: u32 = 100;

/// A zone.
#[derive(Clone, Debug)]
pub(super) enum Zone {
    World(chrono_tz::Tz),
    Own(Rc<Clock>),
}

/// The changes of a zone that a file defines.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// Seconds east of Greenwich before the first change.
    first: i64,
    /// When, in UTC, and the seconds east of Greenwich from then on.
    changes: Vec<(NaiveDateTime, i64)>,
}

impl Zone {
    /// The zone that the world or Windows calls so.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = name.trim().trim_matches('"');
        // Some writers put a path before it: /freeassociation.sourceforge.net/Tzfile/Europe/Madrid.
        let parts: Vec<&str> = name.trim_start_matches('/').split('/').collect();
        let tails = (0..parts.len().min(8)).map(|at| parts[at..].join("/"));
        let world = tails.filter_map(|tail| tail.parse().ok()).next();
        let windows = || name.parse::<windows_timezones::WindowsTimezone>().ok()?.tzdb_id().parse().ok();
        world.or_else(windows).map(Self::World)
    }

    /// Whether it is UTC, which often only says that nobody stated a zone.
    pub(super) fn is_utc(&self) -> bool {
        matches!(
            self,
            Self::World(chrono_tz::Tz::UTC | chrono_tz::Tz::Etc__UTC | chrono_tz::Tz::GMT | chrono_tz::Tz::Etc__GMT)
        )
    }

    /// What the clocks of the zone show.
    pub(super) fn local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        utc + TimeDelta::seconds(self.east(utc))
    }

    /// When it is that time there. Of an hour that comes twice it is the first; one that is left out is read by the offset before it (RFC
    /// 5545, 3.3.5).
    pub(super) fn utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        let day = TimeDelta::days(1);
        let (before, after) = (self.east(local - day), self.east(local + day));
        let fits = |east: &i64| self.east(local - TimeDelta::seconds(*east)) == *east;
        let east = [before, after].into_iter().find(fits).unwrap_or(before);
        local - TimeDelta::seconds(east)
    }

    fn east(&self, utc: NaiveDateTime) -> i64 {
        match self {
            Self::World(tz) => i64::from(tz.offset_from_utc_datetime(&utc).fix().local_minus_utc()),
            Self::Own(clock) => {
                let past = clock.changes.partition_point(|(at, _)| *at <= utc);
                past.checked_sub(1).map_or(clock.first, |at| clock.changes[at].1)
            }
        }
    }
}

/// The zones that a file defines, by the name that it gives them, and those that somebody was asked about.
#[derive(Default)]
pub(super) struct Zones {
    own: BTreeMap<String, Option<Zone>>,
    said: BTreeMap<String, Zone>,
}

impl Zones {
    /// The VTIMEZONEs of a file, with their changes until `end`.
    pub(super) fn of(calendars: &[Part], end: NaiveDate) -> Self {
        let parts = calendars.iter().flat_map(|calendar| &calendar.parts).filter(|part| part.name == "VTIMEZONE");
        let (mut zones, mut rules) = (BTreeMap::new(), MOST_RULES);
        for part in parts {
            let name = part.text("TZID");
            if zones.len() < MOST_ZONES && !zones.contains_key(&name) {
                let known = Zone::named(&name).or_else(|| Zone::named(&part.text("X-LIC-LOCATION")));
                let own = || clock(part, end, &mut rules).map(|clock| Zone::Own(Rc::new(clock)));
                zones.insert(name, known.or_else(own));
            }
        }
        Self { own: zones, said: BTreeMap::new() }
    }

    /// The zones that somebody said, each as `NAME=ZONE`; or the first of them that can't be.
    pub(super) fn and_said<'a>(self, said: &'a [String]) -> Result<Self, &'a str> {
        let zone = |text: &'a String| {
            let (name, zone) = text.rsplit_once('=').ok_or(text.as_str())?;
            Zone::named(zone).map(|known| (name.to_owned(), known)).ok_or(zone)
        };
        let said: Result<_, &str> = said.iter().map(zone).collect();
        Ok(Self { said: said?, ..self })
    }

    /// The zone of this name; none where nobody knows it.
    pub(super) fn find(&self, name: &str) -> Option<Zone> {
        let own = self.own.get(name).cloned().flatten();
        own.or_else(|| Zone::named(name)).or_else(|| self.said.get(name).cloned())
    }

    /// The names of the zones that the file defines.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.own.keys().map(String::as_str)
    }
}

/// The changes that STANDARD and DAYLIGHT define.
fn clock(part: &Part, end: NaiveDate, rules: &mut u32) -> Option<Clock> {
    let mut clock = Clock::default();
    let mut earliest = None;
    for part in part.parts.iter().filter(|part| matches!(part.name.as_str(), "STANDARD" | "DAYLIGHT")) {
        let start = time::date_time(&part.one("DTSTART")?.value)?;
        let (from, to) = (east(part.one("TZOFFSETFROM")?)?, east(part.one("TZOFFSETTO")?)?);
        let mut local = vec![start];
        for line in part.all("RRULE") {
            *rules = rules.checked_sub(1)?;
            let rule = Rule::of(&line.value, |until| match until {
                When::Day(day) => day.and_hms_opt(23, 59, 59),
                When::Utc(at) => Some(at + TimeDelta::seconds(from)),
                When::Local(at, _) => Some(at),
            });
            // No clock changes several times a day, and a rule that does takes long.
            let rule = rule.ok().filter(|rule| !rule.is_within_a_day())?;
            // Rules that begin in 1601 are usual; their first centuries are nobody's leave.
            let found = recur::times(&rule, start, start.date(), end.checked_add_days(Days::new(400))?).ok()?;
            // That a rule never gives a time is only known after a long look.
            if found.is_empty() && recur::is_empty(&rule, start) {
                *rules = 0;
                return None;
            }
            local.extend(found);
        }
        local.extend(part.all("RDATE").flat_map(|line| line.value.split(',')).filter_map(time::date_time));
        clock.changes.extend(local.into_iter().map(|at| (at - TimeDelta::seconds(from), to)));
        if earliest.is_none_or(|first| start < first) {
            (earliest, clock.first) = (Some(start), from);
        }
    }
    clock.changes.sort_unstable();
    clock.changes.dedup();
    (!clock.changes.is_empty() && clock.changes.len() <= MOST_CHANGES).then_some(clock)
}

/// `+0100` in seconds.
fn east(line: &Line) -> Option<i64> {
    let text = line.value.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i64>().ok().filter(|number| *number < 60);
    if !matches!(digits.len(), 4 | 6) || !digits.is_ascii() {
        return None;
    }
    let seconds = if digits.len() == 6 { number(4..6)? } else { 0 };
    let (hours, minutes) = (number(0..2)?, number(2..4)?);
    (hours < 24).then_some(sign * (hours * 3600 + minutes * 60 + seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        time::date_time(text).unwrap()
    }

    /// A calendar with these lines.
    fn calendar(lines: &str) -> Part {
        let text = format!("BEGIN:VCALENDAR\n{lines}END:VCALENDAR\n");
        let files = BTreeMap::from([("a.ics".to_owned(), text.into_bytes())]);
        let source = crate::read::source::Memory(&files);
        let mut log = crate::read::problem::Log::default();
        super::super::text::calendars(&source, "a.ics", &Default::default(), &mut log).unwrap().remove(0)
    }

    #[test]
    fn a_zone_has_many_names() {
        for name in [
            "Europe/Berlin",
            "W. Europe Standard Time",
            "/freeassociation.sourceforge.net/Europe/Berlin",
            "/mozilla.org/20070129_1/Europe/Berlin",
        ] {
            let zone = Zone::named(name).unwrap();
            assert_eq!(zone.local(at("20270103T233000")), at("20270104T003000"), "{name}");
        }
        assert!(Zone::named("Customized Time Zone").is_none() && Zone::named("").is_none());
    }

    #[test]
    fn an_hour_that_is_left_out_and_one_that_comes_twice() {
        let zone = Zone::named("Europe/Madrid").unwrap();
        // On 28 March 2027 the clocks go from 2 to 3.
        assert_eq!(zone.utc(at("20270328T023000")), at("20270328T013000"));
        assert_eq!(zone.local(at("20270328T005959")), at("20270328T015959"));
        assert_eq!(zone.local(at("20270328T010000")), at("20270328T030000"));
        // On 31 October they go back from 3 to 2: the first of both.
        assert_eq!(zone.utc(at("20271031T023000")), at("20271031T003000"));
        assert_eq!(zone.utc(at("20271031T030000")), at("20271031T020000"));
    }

    #[test]
    fn a_zone_that_the_file_defines() {
        let line = |name: &str, value: &str| -> Part {
            let text = format!(
                "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:16011028T030000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\n\
                {name}:{value}\nTZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010325T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\n\
                TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
            );
            calendar(&text)
        };
        let end = NaiveDate::from_ymd_opt(2027, 12, 31).unwrap();
        let zones = Zones::of(&[line("TZOFFSETFROM", "+0200")], end);
        let zone = zones.find("Ours").unwrap();
        let world = Zone::named("Europe/Madrid").unwrap();
        for text in [
            "20270328T005959",
            "20270328T010000",
            "20271031T005959",
            "20271031T010000",
            "20270701T120000",
            "20270104T233000",
        ] {
            assert_eq!(zone.local(at(text)), world.local(at(text)), "{text}");
        }
        assert!(Zones::of(&[line("TZOFFSETFROM", "noon")], end).find("Ours").is_none());
    }

    /// Each of such zones takes long, so that the first is the last that is looked at.
    #[test]
    fn zones_that_change_never_or_all_day_are_not_known() {
        let seconds: Vec<String> = (0..60).map(|second| second.to_string()).collect();
        for rule in [
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30".to_owned(),
            format!("FREQ=DAILY;BYSECOND={0};BYMINUTE={0}", seconds.join(",")),
        ] {
            let zone = |at: u32| {
                format!(
                    "BEGIN:VTIMEZONE\nTZID:Ours {at}\nBEGIN:STANDARD\nDTSTART:19000101T030000\nRRULE:{rule}\n\
                    TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\n"
                )
            };
            let calendar = calendar(&(0..90).map(zone).collect::<String>());
            let zones = Zones::of(&[calendar], NaiveDate::from_ymd_opt(2027, 12, 31).unwrap());
            assert!(zones.names().count() == 90 && zones.names().all(|name| zones.find(name).is_none()));
        }
    }
}
