//! From events to days: each time of a recurring event, without those that are left out, cancelled or replaced by another event
//! (RFC 5545, 3.8.4.4 and 3.8.5).

use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::event::{Event, Reader, last_day};
use super::time::When;
use super::{About, Days, Wanted, recur, refused};
use crate::read::problem::{Log, Problem, counted, grouped};

/// Most days, one after the other, that rules may be asked about in one file.
const MOST_LOOKED_AT: i64 = 50_000_000;
/// What a rule that never gives a time costs, since that is only known after a long look.
const EMPTY: i64 = 10_000_000;
/// Most times of all events.
const MOST_TIMES: usize = 500_000;

/// A time of an event, in its own frame.
struct Time {
    row: u64,
    start: NaiveDateTime,
    end: NaiveDateTime,
    about: Rc<About>,
}

/// What is said of the whole file, each once.
#[derive(Default)]
struct Counts {
    part_days: u64,
    recurring: u64,
    endless: u64,
    excepted: u64,
    unmatched: u64,
    replaced: u64,
    cancelled: u64,
    tentative: u64,
}

/// Whoever gathers the days of one file.
pub(super) struct Gather<'a> {
    file: &'a str,
    reader: &'a Reader,
    window: (NaiveDate, NaiveDate),
    counts: Counts,
    looked_at: i64,
    days: Vec<Days>,
}

impl<'a> Gather<'a> {
    pub(super) fn new(file: &'a str, reader: &'a Reader, wanted: &Wanted<'_>) -> Self {
        let counts = Counts::default();
        Self { file, reader, window: wanted.window, counts, looked_at: 0, days: Vec::new() }
    }

    /// The days of all events. `sent` are those of other files that cancel some of them; `count` is how many the file has.
    pub(super) fn all(mut self, events: &[Event], sent: &[&Event], count: usize, log: &mut Log) -> Vec<Days> {
        let mut by_uid: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
        // Some programs give all events one UID, so that only those are kept that change times of others.
        let changes = |event: &&Event| !event.uid.is_empty() && event.replaces.is_some();
        for event in events.iter().chain(sent.iter().copied()).filter(changes) {
            by_uid.entry(&event.uid).or_default().push(event);
        }
        for event in events {
            let others = by_uid.get(event.uid.as_str()).filter(|_| event.replaces.is_none());
            let others = others.map_or(&[][..], Vec::as_slice);
            self.looked_at += others.len() as i64;
            self.event(event, others, log);
            if self.days.len() > MOST_TIMES || self.looked_at > MOST_LOOKED_AT {
                let why =
                    format!("its events recur more than {} times, or over too many years", grouped(MOST_TIMES as u64));
                log.push(Problem::error(self.file, why, "Export fewer years, or one calendar a person").row(event.row));
                break;
            }
        }
        self.tell(count, log);
        self.days
    }

    /// Puts down the days of one event. `others` are those with its UID that replace times of it.
    fn event(&mut self, event: &Event, others: &[&Event], log: &mut Log) {
        if event.cancelled {
            self.counts.cancelled += 1;
            return;
        }
        self.counts.tentative += u64::from(event.tentative);
        if event.has_exrule {
            let why = "the event leaves out times by a rule (EXRULE), which is not read: all of its times count";
            log.push(Problem::warning(self.file, why, "Write the times that are left out as EXDATE").row(event.row));
        }
        match self.times(event, others) {
            Ok(times) => times.into_iter().for_each(|time| self.put(event, time)),
            Err(why) => refused(
                self.file,
                event.row,
                &why,
                "Correct it in the calendar that it comes from, and export it again",
                log,
            ),
        }
    }

    /// All times of an event that are left.
    fn times(&mut self, event: &Event, others: &[&Event]) -> Result<Vec<Time>, String> {
        let changes = self.changes(event, others);
        let mut times = self.recurring(event, self.shift(event, &changes))?;
        if times.len() > 1 {
            self.counts.recurring += 1;
        }
        for (at, whole_day) in &event.except {
            let midnight = at.date().and_time(NaiveTime::MIN);
            let gone = match *whole_day || event.all_day {
                true => times.extract_if(midnight..midnight + TimeDelta::days(1), |_, _| true).count() as u64,
                false => u64::from(times.remove(at).is_some()),
            };
            self.counts.excepted += gone;
            self.counts.unmatched += u64::from(gone == 0);
        }
        let future: Vec<_> = changes.iter().filter(|(_, future, _)| *future).copied().collect();
        let mut out: Vec<Time> = Vec::new();
        for (start, end) in times {
            out.extend(self.changed(event, start, end, &changes, &future));
        }
        Ok(out)
    }

    /// When an event begins, and when each of these times ends. Its own beginning is always the first of them (3.8.5.3).
    fn recurring(&mut self, event: &Event, shift: TimeDelta) -> Result<BTreeMap<NaiveDateTime, NaiveDateTime>, String> {
        let length = event.end - event.start;
        let mut times = BTreeMap::from([(event.start, event.end)]);
        for rule in &event.rules {
            let (mut first, mut last) = (event.start.date(), self.window.1 + shift);
            let endless = rule.is_endless(event.start.date(), self.window.1);
            if endless {
                self.counts.endless += 1;
                first = (self.window.0 - TimeDelta::days(length.num_days().min(400) + 1) - shift).max(first);
            } else {
                // What has an end is written out whole, also where it lies behind the period.
                last = NaiveDate::from_ymd_opt(2200, 12, 31).unwrap_or(last);
            }
            let cost =
                rule.cost(event.start.date(), if endless { last } else { self.window.1.max(event.start.date()) });
            self.looked_at = self.looked_at.saturating_add(cost);
            if self.looked_at > MOST_LOOKED_AT {
                return Ok(times);
            }
            let found = recur::times(rule, event.start, first, last);
            let found = found.map_err(|why| format!("the rule by which it recurs can't be read: {why}"))?;
            if found.is_empty() && recur::is_empty(rule, event.start) {
                self.looked_at += EMPTY;
            }
            times.extend(found.into_iter().map(|start| (start, start + length)));
        }
        times.extend(event.further.iter().map(|(start, end)| (*start, end.unwrap_or(*start + length))));
        Ok(times)
    }

    /// The events that replace times of a recurring one, in the order of these times, which are in its frame.
    fn changes<'e>(&self, event: &Event, others: &[&'e Event]) -> Vec<(NaiveDateTime, bool, &'e Event)> {
        let change = |other: &&'e Event| {
            let (when, future) = other.replaces.as_ref()?;
            let whole_day = matches!(when, When::Day(_)) && !event.all_day;
            let at = self.reader.own(&event.frame, when, other.row).ok()?;
            let at = if event.all_day { at.date().and_time(NaiveTime::MIN) } else { at };
            Some((if whole_day { at.date().and_time(event.start.time()) } else { at }, *future, *other))
        };
        let mut all: Vec<_> = others.iter().filter_map(change).collect();
        all.sort_by_key(|(at, _, other)| (*at, other.sequence, other.row));
        all
    }

    /// One time of an event, as other events leave it: none where one of them stands in its place. `future` are those of the changes that
    /// change all later times too.
    fn changed(
        &mut self,
        event: &Event,
        start: NaiveDateTime,
        end: NaiveDateTime,
        changes: &[(NaiveDateTime, bool, &Event)],
        future: &[(NaiveDateTime, bool, &Event)],
    ) -> Option<Time> {
        let before = |all: &[(NaiveDateTime, bool, &Event)]| all.partition_point(|(at, ..)| *at < start);
        if let Some((_, _, by)) = changes.get(before(changes)).filter(|(at, ..)| *at == start) {
            self.counts.replaced += u64::from(!by.cancelled);
            return None;
        }
        let Some((at, _, by)) = future[..before(future)].last() else {
            return Some(Time { row: event.row, start, end, about: Rc::clone(&event.about) });
        };
        self.counts.replaced += u64::from(!by.cancelled);
        if by.cancelled {
            return None;
        }
        let start = start + self.moved(event, *at, by);
        Some(Time { row: by.row, start, end: start + (by.end - by.start), about: Rc::clone(&by.about) })
    }

    /// By how much an event moves the time that it replaces.
    fn moved(&self, event: &Event, at: NaiveDateTime, by: &Event) -> TimeDelta {
        self.reader.shown(&by.frame, by.start) - self.reader.shown(&event.frame, at)
    }

    /// How far events move the later times of a recurring one.
    fn shift(&self, event: &Event, changes: &[(NaiveDateTime, bool, &Event)]) -> TimeDelta {
        let future = changes.iter().filter(|(_, future, by)| *future && !by.cancelled);
        let most = future.map(|(at, _, by)| self.moved(event, *at, by).abs()).max().unwrap_or_default();
        TimeDelta::days((most.num_days() + i64::from(!most.is_zero())).min(400))
    }

    fn put(&mut self, event: &Event, time: Time) {
        let (start, end) = (self.reader.shown(&event.frame, time.start), self.reader.shown(&event.frame, time.end));
        let whole = start.time() == NaiveTime::MIN && end.time() == NaiveTime::MIN && end > start;
        self.counts.part_days += u64::from(!whole);
        self.days.push(Days { row: time.row, from: start.date(), to: last_day(start, end), about: time.about });
    }

    /// Says what the calendar left out, and what was taken for what.
    fn tell(&self, count: usize, log: &mut Log) {
        let counts = &self.counts;
        let one = |count: u64, what: &str, log: &mut Log| {
            if count > 0 {
                log.note(self.file, what.replace("{}", &grouped(count)));
            }
        };
        let count = counted(count as u64, "event", "events");
        log.note(self.file, format!("a calendar of {count}; rows are lines of the file"));
        one(self.reader.moved.get(), "times in UTC are read in the office's zone: {}", log);
        one(counts.recurring, "events that recur: {}", log);
        let (from, to) = self.window;
        one(
            counts.endless,
            &format!(
                "events that recur without an end, or very often: {{}}; their days are written from {from} to {to}"
            ),
            log,
        );
        one(counts.excepted, "times that the calendar itself leaves out (EXDATE): {}", log);
        one(counts.unmatched, "exceptions (EXDATE) at which the event would not have been: {}", log);
        one(counts.replaced, "times that another event of the calendar replaces (RECURRENCE-ID): {}", log);
        one(counts.cancelled, "cancelled, and not read: {}", log);
        one(counts.tentative, "tentative, and counted: {}", log);
        one(counts.part_days, "times that are part of a day: {}; half a day is a whole day", log);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::read::policy::Says;
    use crate::read::source::Memory;

    /// The days of a calendar of these lines, and the first error.
    fn read(lines: &str) -> (Vec<Days>, String) {
        let text = format!("BEGIN:VCALENDAR\n{lines}END:VCALENDAR\n");
        let files = BTreeMap::from([("a.ics".to_owned(), text.into_bytes())]);
        let day = |year| NaiveDate::from_ymd_opt(year, 1, 15).unwrap();
        let window = (day(2026), day(2027));
        let says = Says::default();
        let wanted = Wanted::of_days(&says, window);
        let mut log = Log::default();
        let days = super::super::read(&Memory(&files), "a.ics", &wanted, &mut log).unwrap_or_default();
        let first = log.finish().0.first().map(ToString::to_string).unwrap_or_default();
        (days, first)
    }

    /// `DTSTART` and `RRULE` of something on each day of a century and a quarter.
    const DAILY: &str = "DTSTART;VALUE=DATE:19000105\nRRULE:FREQ=DAILY;UNTIL=20270110\n";

    #[test]
    fn as_many_exceptions_as_times_are_taken_out_at_once() {
        let first = NaiveDate::from_ymd_opt(1900, 1, 6).unwrap();
        let mut lines = format!("BEGIN:VEVENT\n{DAILY}");
        for day in first.iter_days().take_while(|day| day.to_string().as_str() < "2027-01-10") {
            writeln!(lines, "EXDATE;VALUE=DATE:{}", day.format("%Y%m%d")).unwrap();
        }
        let (days, error) = read(&format!("{lines}END:VEVENT\n"));
        let days: Vec<String> = days.iter().map(|days| days.from.to_string()).collect();
        assert_eq!((days, error.as_str()), (vec!["1900-01-05".to_owned(), "2027-01-10".to_owned()], ""));
    }

    #[test]
    fn as_many_events_in_the_place_of_others_as_times_are_found_at_once() {
        let mut lines = format!("BEGIN:VEVENT\nUID:1\n{DAILY}END:VEVENT\n");
        for day in NaiveDate::from_ymd_opt(1900, 1, 5).unwrap().iter_days().take(20_000) {
            let day = day.format("%Y%m%d");
            write!(lines, "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:{day}\nDTSTART;VALUE=DATE:{day}\nEND:VEVENT\n").unwrap();
        }
        let (days, error) = read(&lines);
        let all =
            (NaiveDate::from_ymd_opt(2027, 1, 10).unwrap() - NaiveDate::from_ymd_opt(1900, 1, 4).unwrap()).num_days();
        assert_eq!((days.len() as i64, error.as_str()), (all, ""));
    }

    #[test]
    fn events_that_all_have_one_uid_are_read_at_once() {
        let one = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20270105\nEND:VEVENT\n";
        let (days, error) = read(&one.repeat(50_000));
        assert_eq!((days.len(), error.as_str()), (50_000, ""));
    }
}
