//! Which of several events of one UID counts: the one of the highest SEQUENCE, then the one that was written last (RFC 5546,
//! 2.1.4 and 2.1.5). Where neither decides, all that are not cancelled count, so that no leave is lost.
//!
//! Some programs give all events one UID. So a later stamp alone takes only the place of an event that has the same summary or the
//! same beginning.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::event::{Event, Sent};
use crate::read::problem::{Log, Problem, grouped};

/// When something was written and last changed.
type Stamp = (NaiveDateTime, Option<NaiveDateTime>);

/// The newest of the events of one UID, or of one time of a recurring event.
#[derive(Default)]
struct Newest<'a> {
    sequence: i64,
    /// Of those with that number: by summary and by beginning.
    by_summary: BTreeMap<&'a str, Stamp>,
    by_start: BTreeMap<NaiveDateTime, Stamp>,
}

/// What takes the place of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Older {
    No,
    /// One with a higher number.
    Number,
    /// One that was written later.
    Stamp,
}

impl<'a> Newest<'a> {
    fn take(&mut self, event: &'a Event) {
        if event.sequence != self.sequence {
            *self = Self { sequence: event.sequence, ..Self::default() };
        }
        let Some(stamp) = event.stamp else { return };
        let later = |there: &mut Stamp| *there = stamp.max(*there);
        self.by_summary.entry(&event.about.summary).and_modify(later).or_insert(stamp);
        self.by_start.entry(event.start).and_modify(later).or_insert(stamp);
    }

    fn judge(&self, event: &Event) -> Older {
        if event.sequence < self.sequence {
            return Older::Number;
        }
        let Some(stamp) = event.stamp else { return Older::No };
        let same = [self.by_summary.get(event.about.summary.as_str()), self.by_start.get(&event.start)];
        match same.into_iter().flatten().any(|other| is_later(*other, stamp)) {
            true => Older::Stamp,
            false => Older::No,
        }
    }
}

fn is_later(one: Stamp, other: Stamp) -> bool {
    one.0 > other.0 || (one.0 == other.0 && one.1.zip(other.1).is_some_and(|(one, other)| one > other))
}

/// What events are versions of: the UID, and the time that they replace.
fn key(event: &Event) -> (&str, String) {
    (&event.uid, event.replaces.as_ref().map(|replaced| format!("{replaced:?}")).unwrap_or_default())
}

/// The events of a file that no other takes the place of. `sent` are those of other files that cancel them.
pub(super) fn newest(file: &str, events: Vec<Event>, sent: &[&Event], log: &mut Log) -> Vec<Event> {
    let mut newest: BTreeMap<(&str, String), Newest<'_>> = BTreeMap::new();
    let has_uid = |event: &&Event| !event.uid.is_empty() && event.sent != Sent::Uninvites;
    let mut all: Vec<&Event> = events.iter().chain(sent.iter().copied()).filter(has_uid).collect();
    all.sort_by_key(|event| event.sequence);
    for event in all {
        newest.entry(key(event)).or_default().take(event);
    }
    let judge = |event: &Event| newest.get(&key(event)).map_or(Older::No, |newest| newest.judge(event));
    let judged: Vec<Older> = events.iter().map(judge).collect();
    tell(file, &events, &judged, log);
    events.into_iter().zip(judged).filter(|(_, older)| *older == Older::No).map(|(event, _)| event).collect()
}

/// Says which events are not read, and of which that rests on their stamps alone.
fn tell(file: &str, events: &[Event], judged: &[Older], log: &mut Log) {
    let of = |wanted: Older| {
        let mut rows =
            events.iter().zip(judged).filter(move |(_, older)| **older == wanted).map(|(event, _)| event.row);
        rows.next().map(|first| (first, 1 + rows.count() as u64))
    };
    if let Some((first, count)) = of(Older::Number) {
        let count = grouped(count);
        log.note(file, format!("versions of events that a higher SEQUENCE takes the place of: {count}, not read (first in line {first})"));
    }
    if let Some((first, count)) = of(Older::Stamp) {
        let count = grouped(count);
        let why = format!("events of which another of the same UID was written later: {count}, not read");
        let advice = "If they are leaves of their own, give each its own UID, or delete those that do not hold";
        log.push(Problem::warning(file, why, advice).row(first));
    }
    let uninvited = events.iter().filter(|event| event.sent == Sent::Uninvites);
    if let Some(first) = uninvited.clone().next() {
        let why = format!(
            "calendars that tell some people that they no longer attend (METHOD:CANCEL): {}; the events count for everybody who is named there",
            grouped(uninvited.count() as u64)
        );
        let advice = "Take these people out of the event in the calendar that it comes from, and export it again";
        log.push(Problem::warning(file, why, advice).row(first.row));
    }
}
