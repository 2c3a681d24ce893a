//! A ticket as bytes: how the tickets of one stage are laid out, written and read.
//!
//! A ticket is a string of bits, the highest first. For each visit that the stage may still hold, in order of id, it
//! has the time (0: not held; else 1 + its number among the times from the stage's first day on) and then as many
//! people as the visit's team has (their numbers in the roster, ascending; all nought where the visit is not held).
//! The last byte is filled with nought. One ticket has one spelling: whatever else the bits say is a [`TicketFlaw`].

mod reading;

use chrono::NaiveDate;
use thiserror::Error;

use super::bits::{self, Writer};
use super::{Assignment, Case, InspectorId, Schedule, SlotId, Span, Team, VisitId};

pub(super) use reading::{Packing, Seats};

/// People that a team in a ticket may have. A visit that asks for more can't be staffed, and has no room in a ticket.
pub const TICKET_TEAM_MAX: usize = 8;

/// Where a visit stands in a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held<'t> {
    /// The visit.
    pub visit: VisitId,
    /// The working day, counted from 0 over the whole period.
    pub day: usize,
    /// The same day as a date.
    pub date: NaiveDate,
    /// The slot in which it starts.
    pub slot: SlotId,
    /// Who goes, in order.
    pub team: &'t [InspectorId],
    /// Whether the stage's own days hold it, so that the draw decides it; else it is of the completion.
    pub in_span: bool,
}

/// Bits that no ticket has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TicketFlaw {
    /// Too few bytes, or too many.
    #[error("a ticket has {expected} bytes, not {found}")]
    Length {
        /// What the layout asks for.
        expected: usize,
        /// What is there.
        found: usize,
    },
    /// A time that the stage does not have.
    #[error("visit number {} is held at a time that the stage does not have", .0.0)]
    Time(VisitId),
    /// A person whom the roster does not have.
    #[error("visit number {} names a person whom the roster does not have", .0.0)]
    Person(VisitId),
    /// A team out of order, or with a person twice.
    #[error("the team of visit number {} is not in ascending order", .0.0)]
    Order(VisitId),
    /// People on a visit that is not held, or nobody on one that is.
    #[error("visit number {} names people and no time, or a time and nobody", .0.0)]
    Nobody(VisitId),
    /// Something in the bits that only fill the last byte.
    #[error("the bits that fill the last byte are not nought")]
    Padding,
}

/// One visit's place in a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Room {
    visit: VisitId,
    size: u32,
    /// Its first bit.
    at: usize,
}

/// How the tickets of one stage are laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    span: Span,
    rooms: Vec<Room>,
    /// The working days from the stage's first on.
    days: Vec<NaiveDate>,
    /// The number of the first of them in the period.
    first_day: usize,
    slots: usize,
    /// Times on the stage's own days; those after them are of the completion.
    span_times: usize,
    inspectors: usize,
    time_bits: u32,
    person_bits: u32,
    bits: usize,
}

impl Layout {
    /// The layout of the stage that draws the days of `span`, when `before` has been drawn and a visit's team has `size`
    /// members. A visit with a size beyond [`TICKET_TEAM_MAX`], or of nobody, can't be staffed and has no room.
    ///
    /// ```
    /// # use foureyes::model::{Layout, Schedule, Stage};
    /// # let case = foureyes::read::read_case("examples/harbour".as_ref()).case.unwrap();
    /// let month = Stage::Period.spans(&case.period)[0];
    /// let layout = Layout::new(&case, month, &Schedule::default(), |_| 2);
    /// let mut bytes = Vec::new();
    /// layout.encode(&Schedule::default(), &mut bytes);
    /// assert_eq!(bytes.len(), layout.bytes_per_ticket());
    /// assert_eq!(layout.decode(&bytes), Ok(Schedule::default()));
    /// ```
    pub fn new(case: &Case, span: Span, before: &Schedule, size: impl Fn(VisitId) -> usize) -> Self {
        let worked = case.period.days();
        let first_day = worked.partition_point(|day| *day < span.from);
        let days = worked[first_day..].to_vec();
        let slots = case.period.slots.len();
        let own_days = days.partition_point(|day| *day <= span.to);
        let time_bits = bits::width(days.len() * slots);
        let person_bits = bits::width(case.inspectors.len().saturating_sub(1));
        let (mut rooms, mut bits) = (Vec::new(), 0);
        for visit in case.visit_ids().filter(|visit| !before.assignments.contains_key(visit)) {
            let size = size(visit);
            if (1..=TICKET_TEAM_MAX).contains(&size) {
                let size = size as u32;
                rooms.push(Room { visit, size, at: bits });
                bits += (time_bits + size * person_bits) as usize;
            }
        }
        let span_times = own_days * slots;
        let inspectors = case.inspectors.len();
        Self { span, rooms, days, first_day, slots, span_times, inspectors, time_bits, person_bits, bits }
    }

    /// The days that the draw decides.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The visits that a ticket may hold, in order.
    pub fn visits(&self) -> impl ExactSizeIterator<Item = VisitId> + '_ {
        self.rooms.iter().map(|room| room.visit)
    }

    /// How many people the roster has.
    pub fn inspectors(&self) -> usize {
        self.inspectors
    }

    /// Bytes of one ticket, at least one.
    pub fn bytes_per_ticket(&self) -> usize {
        self.bits.div_ceil(8).max(1)
    }

    /// Writes a ticket behind what `into` holds. Visits that the layout has no room for must not be in it.
    ///
    /// # Panics
    /// As [`write`](Self::write).
    pub fn encode(&self, ticket: &Schedule, into: &mut Vec<u8>) {
        self.write(into, |visit| {
            let assignment = ticket.assignments.get(&visit)?;
            let day = self.days.binary_search(&assignment.date).expect("a ticket holds visits on days of its stage");
            Some((self.first_day + day, assignment.slot, assignment.team.members()))
        });
    }

    /// Writes the ticket that `placed` tells behind what `into` holds: each visit's working day (counted from 0 over the
    /// whole period), slot and team. Nothing is allocated but the bytes.
    ///
    /// # Panics
    /// Where a visit is placed before the stage, at a time that the period does not have, or with a team of another
    /// size: no ticket that obeys the rules does so, and other bytes must never go into an urn.
    pub fn write<'t>(
        &self,
        into: &mut Vec<u8>,
        placed: impl Fn(VisitId) -> Option<(usize, SlotId, &'t [InspectorId])>,
    ) {
        let end = into.len() + self.bytes_per_ticket();
        into.reserve(self.bytes_per_ticket());
        let mut writer = Writer::new(into);
        for room in &self.rooms {
            let Some((day, slot, team)) = placed(room.visit) else {
                writer.push(0, self.time_bits);
                (0..room.size).for_each(|_| writer.push(0, self.person_bits));
                continue;
            };
            let day = day.checked_sub(self.first_day).filter(|day| *day < self.days.len());
            let time = day.expect("a ticket holds visits on days of its stage") * self.slots + slot.index();
            assert!(slot.index() < self.slots && team.len() == room.size as usize, "a ticket holds lawful teams");
            writer.push(time as u32 + 1, self.time_bits);
            for member in team {
                assert!(member.index() < self.inspectors, "a ticket holds people of the roster");
                writer.push(member.0, self.person_bits);
            }
        }
        writer.finish();
        into.resize(end, 0);
    }

    /// The schedule that a ticket holds, its completion among it.
    ///
    /// # Errors
    /// The first of the bits that no ticket has.
    pub fn decode(&self, ticket: &[u8]) -> Result<Schedule, TicketFlaw> {
        self.check(ticket)?;
        let mut schedule = Schedule::default();
        self.for_each(ticket, |held| {
            let team = Team::new(held.team.iter().copied()).expect("a checked team is in order and not empty");
            schedule.assignments.insert(held.visit, Assignment { date: held.date, slot: held.slot, team });
        });
        Ok(schedule)
    }

    /// Whether these bytes are a ticket in its one spelling.
    ///
    /// # Errors
    /// The first of the bits that no ticket has.
    pub fn check(&self, ticket: &[u8]) -> Result<(), TicketFlaw> {
        let (expected, found) = (self.bytes_per_ticket(), ticket.len());
        if expected != found {
            return Err(TicketFlaw::Length { expected, found });
        }
        let times = self.days.len() * self.slots;
        let mut team = Seats::default();
        for room in &self.rooms {
            let time = self.read(ticket, room, &mut team);
            match time {
                None if team.iter().all(|member| member.0 == 0) => {}
                None => return Err(TicketFlaw::Nobody(room.visit)),
                Some(time) if time >= times => return Err(TicketFlaw::Time(room.visit)),
                Some(_) if team.iter().any(|member| member.index() >= self.inspectors) => {
                    return Err(TicketFlaw::Person(room.visit));
                }
                Some(_) if !team.is_sorted_by(|a, b| a < b) => return Err(TicketFlaw::Order(room.visit)),
                Some(_) => {}
            }
        }
        // The filling is shorter than a byte, but for the one byte of a ticket without visits.
        let filling = self.bytes_per_ticket() * 8 - self.bits;
        if bits::read(ticket, self.bits, filling as u32) == 0 { Ok(()) } else { Err(TicketFlaw::Padding) }
    }

    /// Tells of every visit that a checked ticket holds, in order of visit. Nothing is allocated. Visits with bits that
    /// [`check`](Self::check) refuses are passed over or told as they stand.
    pub fn for_each(&self, ticket: &[u8], mut each: impl FnMut(Held)) {
        let mut team = Seats::default();
        self.rooms.iter().for_each(|room| self.tell(ticket, room, &mut team, &mut each));
    }

    /// The same of `visits` alone, as far as a ticket may hold them.
    pub fn for_each_of(&self, ticket: &[u8], visits: &[VisitId], mut each: impl FnMut(Held)) {
        let mut team = Seats::default();
        let rooms = visits.iter().filter_map(|visit| self.room(*visit));
        rooms.for_each(|room| self.tell(ticket, &self.rooms[room], &mut team, &mut each));
    }

    #[inline]
    fn tell(&self, ticket: &[u8], room: &Room, team: &mut Seats, each: &mut impl FnMut(Held)) {
        let Some(time) = self.read(ticket, room, team) else { return };
        let (Some(date), slot) = (self.days.get(time / self.slots), time % self.slots) else { return };
        each(Held {
            visit: room.visit,
            day: self.first_day + time / self.slots,
            date: *date,
            slot: SlotId::at(slot),
            team,
            in_span: time < self.span_times,
        });
    }

    /// Where the tickets speak of `visit`, if they do.
    pub(super) fn room(&self, visit: VisitId) -> Option<usize> {
        self.rooms.binary_search_by_key(&visit, |room| room.visit).ok()
    }

    /// The visit in room `at`.
    pub(super) fn visit(&self, at: usize) -> VisitId {
        self.rooms[at].visit
    }

    /// The day and slot of a time on the stage's days.
    pub(super) fn time(&self, time: usize) -> (NaiveDate, SlotId) {
        (self.days[time / self.slots], SlotId::at(time % self.slots))
    }
}
