//! One VEVENT: when it begins and ends, how it recurs, and what it says of itself (RFC 5545, 3.6.1).

use std::cell::Cell;
use std::rc::Rc;

use chrono::{Datelike, Days, NaiveDateTime, NaiveTime, TimeDelta};

use super::recur::Rule;
use super::text::{Line, Part};
use super::time::{self, When};
use super::zone::{Zone, Zones};
use super::{About, Person};
use crate::read::dates::NO_END;

/// In what the times of an event are counted.
#[derive(Clone, Debug)]
pub(super) enum Frame {
    /// As written: whole days, and times of no zone.
    Written,
    Utc,
    In(Zone, String),
}

/// An event.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// The line of its BEGIN.
    pub(super) row: u64,
    pub(super) uid: String,
    pub(super) sequence: i64,
    /// When it was written (DTSTAMP) and last changed (LAST-MODIFIED), in UTC.
    pub(super) stamp: Option<(NaiveDateTime, Option<NaiveDateTime>)>,
    pub(super) frame: Frame,
    pub(super) all_day: bool,
    /// In its own frame.
    pub(super) start: NaiveDateTime,
    /// The first moment after it.
    pub(super) end: NaiveDateTime,
    pub(super) rules: Vec<Rule>,
    /// Further times, with their own ends where these are given.
    pub(super) further: Vec<(NaiveDateTime, Option<NaiveDateTime>)>,
    /// Times that are left out; a whole day leaves out all that begins on it.
    pub(super) except: Vec<(NaiveDateTime, bool)>,
    /// Which time of a recurring event it replaces, and whether all later ones too.
    pub(super) replaces: Option<(When, bool)>,
    pub(super) cancelled: bool,
    /// What its calendar does with the event of another file that has its UID.
    pub(super) sent: Sent,
    pub(super) tentative: bool,
    /// Whether the person is free meanwhile, or works elsewhere.
    pub(super) free: bool,
    /// Whether it is a whole day whose end is its beginning.
    pub(super) ends_where_it_begins: bool,
    /// Whether it leaves out times by a rule, which is not read.
    pub(super) has_exrule: bool,
    pub(super) about: Rc<About>,
}

/// Why the calendar of an event was sent (METHOD, RFC 5546).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// To say that the event is.
    Told,
    /// To cancel it.
    Cancels,
    /// To tell some of those who attend that they no longer do.
    Uninvites,
}

/// Why an event is not read.
pub(super) enum Refusal {
    /// Somebody must say first in which zone the office is.
    Zone(u64),
    /// Somebody must say first which zone is meant: the line, and what it is called there.
    Unknown(u64, String),
    /// The line, why, and what to do.
    Why(u64, String, &'static str),
}

/// What the events of a file have in common.
pub(super) struct Reader {
    pub(super) zones: Zones,
    /// The zone of whoever reads the calendar.
    pub(super) home: Option<Zone>,
    /// Whether the last day of a whole-day event is part of it.
    pub(super) end_included: bool,
    /// How many times in UTC were moved into the office's zone.
    pub(super) moved: Cell<u64>,
}

const AGAIN: &str = "Correct it in the calendar that it comes from, and export it again";

fn refuse(line: &Line, why: impl Into<String>) -> Refusal {
    Refusal::Why(line.row, why.into(), AGAIN)
}

impl Reader {
    /// Reads a VEVENT.
    pub(super) fn event(&self, part: &Part, cancels: bool) -> Result<Event, Refusal> {
        let (begins, when) = begin(part)?;
        let frame = self.frame(begins, &when)?;
        let start = self.own(&frame, &when, begins.row)?;
        let all_day = matches!(when, When::Day(_));
        let (end, ends_where_it_begins) = self.end(part, &frame, start, all_day)?;
        let mut event = Event {
            row: part.row,
            uid: part.text("UID"),
            sequence: part.text("SEQUENCE").parse().unwrap_or_default(),
            stamp: stamp(part, "DTSTAMP").map(|written| (written, stamp(part, "LAST-MODIFIED"))),
            all_day,
            start,
            end,
            rules: self.rules(part, &frame, all_day)?,
            further: Vec::new(),
            except: Vec::new(),
            replaces: replaces(part)?,
            cancelled: cancels || says(part, "STATUS", &["CANCELLED"]),
            sent: sent(part, cancels),
            tentative: says(part, "STATUS", &["TENTATIVE"]) || says(part, BUSY, &["TENTATIVE"]),
            free: says(part, "TRANSP", &["TRANSPARENT"]) || says(part, BUSY, &["FREE", "WORKINGELSEWHERE"]),
            ends_where_it_begins,
            has_exrule: part.one("EXRULE").is_some(),
            about: Rc::new(about(part)),
            frame,
        };
        self.dates(part, &mut event)?;
        if matches!(event.frame, Frame::Utc) {
            self.moved.set(self.moved.get() + 1);
        }
        Ok(event)
    }

    fn frame(&self, line: &Line, when: &When) -> Result<Frame, Refusal> {
        match when {
            When::Day(_) | When::Local(_, None) => Ok(Frame::Written),
            When::Utc(_) if self.home.is_none() => Err(Refusal::Zone(line.row)),
            When::Utc(_) => Ok(Frame::Utc),
            When::Local(_, Some(name)) => Ok(Frame::In(self.zone(name, line.row)?, name.clone())),
        }
    }

    fn zone(&self, name: &str, row: u64) -> Result<Zone, Refusal> {
        self.zones.find(name).ok_or_else(|| Refusal::Unknown(row, name.to_owned()))
    }

    /// A moment in the frame of an event.
    pub(super) fn own(&self, frame: &Frame, when: &When, row: u64) -> Result<NaiveDateTime, Refusal> {
        let utc = match (when, frame) {
            (When::Day(_) | When::Local(_, None), _) | (When::Local(..), Frame::Written) => return Ok(when.written()),
            (When::Utc(at), Frame::Utc) => return Ok(*at),
            // Midnight in UTC beside whole days is only a way to write the day.
            (When::Utc(at), Frame::Written) if at.time() == NaiveTime::MIN => return Ok(*at),
            (When::Local(at, Some(name)), Frame::In(_, own)) if name == own => return Ok(*at),
            (When::Local(at, Some(name)), _) => self.zone(name, row)?.utc(*at),
            (When::Utc(at), _) => *at,
        };
        Ok(match frame {
            Frame::Utc => utc,
            Frame::In(zone, _) => zone.local(utc),
            Frame::Written => self.home.as_ref().ok_or(Refusal::Zone(row))?.local(utc),
        })
    }

    /// What a clock shows where the leave is taken.
    pub(super) fn shown(&self, frame: &Frame, at: NaiveDateTime) -> NaiveDateTime {
        match (frame, &self.home) {
            (Frame::Utc, Some(home)) => home.local(at),
            _ => at,
        }
    }

    /// The first moment after the event, and whether a whole day ends where it begins.
    fn end(
        &self,
        part: &Part,
        frame: &Frame,
        start: NaiveDateTime,
        all_day: bool,
    ) -> Result<(NaiveDateTime, bool), Refusal> {
        let day = TimeDelta::days(1);
        let Some(line) = part.one("DTEND") else {
            let Some(line) = part.one("DURATION") else {
                return Ok((if all_day { start + day } else { start }, false));
            };
            let duration =
                time::duration(&line.value).ok_or_else(|| refuse(line, "this is no duration of an event"))?;
            let end = start + duration;
            return Ok((if all_day { end.max(start + day) } else { end }, false));
        };
        let when = time::end(line).ok_or_else(|| refuse(line, "this is no date"))?;
        let end = self.own(frame, &when, line.row)?;
        if end < start {
            return Err(refuse(
                line,
                format!("the event ends on {}, before it begins on {}", end.date(), start.date()),
            ));
        }
        let is_day = matches!(when, When::Day(_)) && all_day;
        let alike = is_day && end == start;
        let end = if is_day && self.end_included { end + day } else { end };
        Ok((if all_day { end.max(start + day) } else { end }, alike))
    }

    fn rules(&self, part: &Part, frame: &Frame, all_day: bool) -> Result<Vec<Rule>, Refusal> {
        let mut rules = Vec::new();
        for line in part.all("RRULE") {
            let mut refusal = None;
            let rule = Rule::of(&line.value, |until| match until {
                // A last day without a time is whole.
                When::Day(date) if !all_day => date.and_hms_opt(23, 59, 59),
                until => self.own(frame, &until, line.row).map_err(|why| refusal = Some(why)).ok(),
            });
            if let Some(refusal) = refusal {
                return Err(refusal);
            }
            rules.push(rule.map_err(|why| refuse(line, format!("the rule by which it recurs can't be read: {why}")))?);
        }
        Ok(rules)
    }

    /// Further times and times that are left out.
    fn dates(&self, part: &Part, event: &mut Event) -> Result<(), Refusal> {
        for line in part.all("EXDATE") {
            for when in time::moments(line) {
                let when = when.ok_or_else(|| refuse(line, "this is no list of dates"))?;
                event.except.push((self.own(&event.frame, &when, line.row)?, matches!(when, When::Day(_))));
            }
        }
        for line in part.all("RDATE") {
            for text in line.value.split(',').map(str::trim).filter(|text| !text.is_empty()) {
                event.further.push(self.further(line, text, event)?);
            }
        }
        Ok(())
    }

    /// One further time: a date, a moment, or a moment with its end or duration.
    fn further(
        &self,
        line: &Line,
        text: &str,
        event: &Event,
    ) -> Result<(NaiveDateTime, Option<NaiveDateTime>), Refusal> {
        let wrong = || refuse(line, "this is no list of dates");
        let (first, rest) = text.split_once('/').map_or((text, None), |(first, rest)| (first, Some(rest)));
        let start = self.own(&event.frame, &time::moment(line, first).ok_or_else(wrong)?, line.row)?;
        let Some(rest) = rest else { return Ok((start, None)) };
        let end = match time::duration(rest) {
            Some(duration) => start + duration,
            None => self.own(&event.frame, &time::moment(line, rest).ok_or_else(wrong)?, line.row)?,
        };
        if end < start { Err(refuse(line, "one of these times ends before it begins")) } else { Ok((start, Some(end))) }
    }
}

/// What Outlook and Exchange say of the person meanwhile.
const BUSY: &str = "X-MICROSOFT-CDO-BUSYSTATUS";

/// Whether a property is one of some words.
fn says(part: &Part, name: &str, words: &[&str]) -> bool {
    part.all(name).any(|line| words.iter().any(|word| line.value.trim().eq_ignore_ascii_case(word)))
}

/// The line in which it begins, and when.
fn begin(part: &Part) -> Result<(&Line, When), Refusal> {
    let mut all = part.all("DTSTART");
    let line = all.next().ok_or(Refusal::Why(
        part.row,
        "the event has no DTSTART: nobody knows when it begins".to_owned(),
        AGAIN,
    ))?;
    if let Some(other) = all.next() {
        return Err(refuse(other, "the event has a second DTSTART"));
    }
    let when = time::moment(line, &line.value).ok_or_else(|| refuse(line, "this is no date"))?;
    Ok((line, when))
}

fn replaces(part: &Part) -> Result<Option<(When, bool)>, Refusal> {
    let Some(line) = part.one("RECURRENCE-ID") else { return Ok(None) };
    let when = time::moment(line, &line.value).ok_or_else(|| refuse(line, "this is no date"))?;
    let future = line.param("RANGE").is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
    Ok(Some((when, future)))
}

/// A moment in UTC of which nothing depends but which of two events was written later.
fn stamp(part: &Part, name: &str) -> Option<NaiveDateTime> {
    let text = part.text(name);
    time::date_time(text.trim().trim_end_matches(['Z', 'z']))
}

/// Whoever is told that they no longer attend gets the event without a status; it goes on for the others (RFC 5546, 3.2.5).
fn sent(part: &Part, cancels: bool) -> Sent {
    match cancels {
        false => Sent::Told,
        true if part.one("ATTENDEE").is_some() && !says(part, "STATUS", &["CANCELLED"]) => Sent::Uninvites,
        true => Sent::Cancels,
    }
}

/// What it says of itself.
fn about(part: &Part) -> About {
    let is_somebody = |line: &&Line| {
        !line
            .param("CUTYPE")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("ROOM") || kind.eq_ignore_ascii_case("RESOURCE"))
    };
    let categories: Vec<String> = part.all("CATEGORIES").map(Line::text).collect();
    About {
        summary: part.text("SUMMARY"),
        attendees: part.all("ATTENDEE").filter(is_somebody).map(person).collect(),
        organizer: part.all("ORGANIZER").map(person).collect(),
        categories: categories.join(", "),
        status: part.text("STATUS").to_lowercase(),
        uid: part.text("UID"),
    }
}

/// Somebody by the name that stands there, or by mail.
fn person(line: &Line) -> Person {
    let value = line.value.trim();
    let mail = match value.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => value.get(7..).unwrap_or_default(),
        _ if value.contains('@') => value,
        _ => "",
    };
    let mail = if mail.is_empty() { line.param("EMAIL").unwrap_or_default() } else { mail };
    let declined = line.param("PARTSTAT").is_some_and(|said| said.eq_ignore_ascii_case("DECLINED"));
    Person { name: line.param("CN").unwrap_or_default().to_owned(), mail: mail.to_owned(), declined }
}

/// The last day that something from `start` to before `end` touches.
pub(super) fn last_day(start: NaiveDateTime, end: NaiveDateTime) -> chrono::NaiveDate {
    // A year so far away is no year: there is no end.
    if end.year() > 2200 {
        return NO_END;
    }
    let midnight = end > start && end.time() == NaiveTime::MIN;
    let day = if midnight { end.date().checked_sub_days(Days::new(1)) } else { None };
    day.unwrap_or_else(|| end.date())
}
