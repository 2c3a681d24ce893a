//! Orders as a calendar (RFC 5545), for whoever lives in one. No byte of it comes from a clock, and the id of an event is the same before and
//! after the place is told, so that the released calendar replaces the sealed one.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use icalendar::{Calendar, Class, Component as _, Event, EventLike as _, Property};

use super::words::{facts, proof};
use super::{Orders, Proof, Sheet};
use crate::draw::{digest, length_prefixed, to_hex};
use crate::model::Hours;

/// The calendar of one person.
pub(super) fn calendar(orders: &Orders, id: &str) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in
        [("VERSION", "2.0"), ("PRODID", "-//foureyes//orders//EN"), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")]
    {
        calendar.append_property(Property::new(name, value));
    }
    for (number, sheet) in orders.of(id) {
        calendar.push(event(orders, sheet, (id, number)));
    }
    calendar.to_string()
}

fn event(orders: &Orders, sheet: &Sheet, own: (&str, usize)) -> Event {
    let told = sheet.told.as_ref();
    let lines = facts(orders, sheet).into_iter().map(|(label, text)| format!("{label}: {text}"));
    let proofs = proof(orders, Some(own.0)).into_iter().flat_map(|(text, command)| [Some(text), command]).flatten();
    let description: Vec<String> = lines.chain(proofs).collect();
    let place = told.map(|told| told.name.clone().unwrap_or_else(|| told.establishment.clone()));
    let summary = match (told, &place) {
        (Some(told), Some(place)) => format!("Inspection {}: {place}", told.visit),
        _ => format!("Inspection, {}", sheet.slot),
    };
    let mut event = Event::with_uid(&uid(orders, sheet, own));
    event.timestamp(stamp(orders.date)).sequence(sequence(orders)).class(Class::Private);
    event.summary(&summary).description(&description.join("\n"));
    let address = told.and_then(|told| told.address.clone());
    if let Some(location) = address.or(place).or_else(|| orders.meet.clone()) {
        event.location(&location);
    }
    times(&mut event, orders.date, sheet);
    event
}

/// The hours of the slots where they are known; else the whole day. Times are local ones, without a zone: everybody is at the place.
fn times(event: &mut Event, date: NaiveDate, sheet: &Sheet) {
    let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
    let ends = match &sheet.told {
        Some(told) if told.until.is_some() => told.ends,
        _ => sheet.hours.map(Hours::ends),
    };
    match (sheet.hours, ends) {
        (Some(hours), Some(ends)) => {
            // Hours that were given for these orders alone may end before they begin: then on the next day.
            let ends = if ends <= hours.begins() { ends.saturating_add(24 * 60) } else { ends };
            event.starts(minutes_after(date, hours.begins())).ends(minutes_after(date, ends));
        }
        _ => {
            event.starts(date).ends(next);
        }
    }
}

/// The moment so many minutes after the day has begun.
fn minutes_after(date: NaiveDate, minutes: u16) -> NaiveDateTime {
    let midnight = date.and_time(NaiveTime::MIN);
    midnight.checked_add_signed(TimeDelta::minutes(i64::from(minutes))).unwrap_or(midnight)
}

/// The first moment of the day: it says nothing of when the orders were written.
fn stamp(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc()
}

/// What a calendar goes by to know the newer of two: lines of the ledger, and after the place was told.
fn sequence(orders: &Orders) -> u32 {
    let lines = match &orders.proof {
        Proof::Ledger { lines, .. } => u32::try_from(*lines).unwrap_or(u32::MAX / 2),
        Proof::Record(_) => 0,
    };
    lines.saturating_mul(2).saturating_add(u32::from(!orders.is_sealed))
}

/// Made from whose event it is and when, never from the visit: ids are short, and whoever knew them all could try each.
fn uid(orders: &Orders, sheet: &Sheet, (id, number): (&str, usize)) -> String {
    let (date, number) = (orders.date.to_string(), number.to_string());
    let parts = ["foureyes/orders", &orders.base, &date, &sheet.slot, id, &number].map(str::as_bytes);
    format!("{}@foureyes", &to_hex(&digest(&length_prefixed(&parts)))[..32])
}
