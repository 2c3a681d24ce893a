//! Reading a ticket's bits. It is done for every visit of every ticket of an urn, again and again, so a visit of a usual team
//! is read as one word.

use super::{InspectorId, Layout, Room, TICKET_TEAM_MAX};
use crate::model::bits;

/// A team as it is read.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::model) struct Seats {
    all: [InspectorId; TICKET_TEAM_MAX],
    taken: usize,
}

impl Seats {
    /// The people, and behind them nobody in particular, but always the same.
    pub fn filled(mut self) -> [InspectorId; TICKET_TEAM_MAX] {
        self.all[self.taken..].fill(InspectorId(0));
        self.all
    }
}

impl std::ops::Deref for Seats {
    type Target = [InspectorId];

    #[inline]
    fn deref(&self) -> &[InspectorId] {
        &self.all[..self.taken]
    }
}

impl Layout {
    /// How many visits have room in a ticket.
    pub(in crate::model) fn rooms(&self) -> usize {
        self.rooms.len()
    }

    /// How many times the stage's own days have.
    pub(in crate::model) fn span_times(&self) -> usize {
        self.span_times
    }

    /// Tells of every visit that the stage's own days hold: its room, the number of its time, and its team.
    #[inline]
    pub(in crate::model) fn for_each_drawn(&self, ticket: &[u8], mut each: impl FnMut(usize, usize, &[InspectorId])) {
        let mut team = Seats::default();
        for (at, room) in self.rooms.iter().enumerate() {
            if let Some(time) = self.read(ticket, room, &mut team).filter(|time| *time < self.span_times) {
                each(at, time, &team);
            }
        }
    }

    /// The team in room `at` and the number of the time, where the stage's own days hold the visit.
    pub(in crate::model) fn read_drawn(&self, ticket: &[u8], at: usize, team: &mut Seats) -> Option<usize> {
        self.read(ticket, &self.rooms[at], team).filter(|time| *time < self.span_times)
    }

    /// The number of the time at which the visit of `room` is held, if it is, and its team.
    #[inline(always)]
    pub(super) fn read(&self, ticket: &[u8], room: &Room, team: &mut Seats) -> Option<usize> {
        let word = bits::word(ticket, room.at);
        let time = bits::highest(word, self.time_bits) as usize;
        team.taken = room.size as usize;
        let seats = &mut team.all[..room.size as usize];
        if self.bits_of(room) <= bits::WORD {
            let mut rest = word << self.time_bits;
            for seat in seats {
                *seat = InspectorId(bits::highest(rest, self.person_bits) as u32);
                rest <<= self.person_bits;
            }
        } else {
            let first = room.at + self.time_bits as usize;
            for (number, seat) in seats.iter_mut().enumerate() {
                *seat = InspectorId(bits::read(ticket, first + number * self.person_bits as usize, self.person_bits));
            }
        }
        time.checked_sub(1)
    }

    /// The bits of the room `at`, where they are few enough for one word.
    pub(in crate::model) fn packing(&self, at: usize) -> Option<Packing> {
        let room = &self.rooms[at];
        let width = self.bits_of(room);
        let Self { person_bits, span_times, .. } = *self;
        (width <= bits::WORD).then_some(Packing { at: room.at, width, size: room.size, person_bits, span_times })
    }

    /// The bits of room `at`, in words of at most [`bits::WORD`]: what the ticket says of the visit, and no more.
    #[inline]
    pub(in crate::model) fn words<'t>(&self, ticket: &'t [u8], at: usize) -> impl Iterator<Item = u64> + use<'t> {
        let room = self.rooms[at];
        let end = room.at + self.bits_of(&room) as usize;
        (room.at..end)
            .step_by(bits::WORD as usize)
            .map(move |from| bits::highest(bits::word(ticket, from), ((end - from) as u32).min(bits::WORD)))
    }

    /// How many [`words`](Self::words) a ticket has of room `at`.
    pub(in crate::model) fn words_of(&self, at: usize) -> usize {
        self.bits_of(&self.rooms[at]).div_ceil(bits::WORD) as usize
    }

    /// The word with number `part` of them.
    #[inline]
    pub(in crate::model) fn word(&self, ticket: &[u8], at: usize, part: usize) -> u64 {
        self.words(ticket, at).nth(part).unwrap_or(0)
    }

    #[inline]
    fn bits_of(&self, room: &Room) -> u32 {
        self.time_bits + room.size * self.person_bits
    }
}

/// How the bits of one room stand in a word.
#[derive(Clone, Copy, Debug)]
pub(in crate::model) struct Packing {
    at: usize,
    width: u32,
    size: u32,
    person_bits: u32,
    span_times: usize,
}

impl Packing {
    /// The room's bits in this ticket.
    #[inline]
    pub fn code(&self, ticket: &[u8]) -> u64 {
        bits::highest(bits::word(ticket, self.at), self.width)
    }

    /// The number of the time, where the stage's own days hold the visit, and the team as one number.
    #[inline]
    pub fn drawn(&self, code: u64) -> Option<(usize, u64)> {
        let team_bits = self.size * self.person_bits;
        let time = ((code >> team_bits) as usize).checked_sub(1).filter(|time| *time < self.span_times)?;
        Some((time, code & ((1 << team_bits) - 1)))
    }

    /// The people of a team that is one number.
    #[inline]
    pub fn team(&self, number: u64) -> Seats {
        let mut team = Seats { taken: self.size as usize, ..Seats::default() };
        for (seat, member) in (0..self.size).rev().zip(&mut team.all) {
            *member = InspectorId((number >> (seat * self.person_bits) & ((1 << self.person_bits) - 1)) as u32);
        }
        team
    }
}
