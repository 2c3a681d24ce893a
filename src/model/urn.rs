//! The urn: the numbered tickets of one stage, as packed bytes.

use thiserror::Error;

use super::{Case, Layout, Odds, Schedule, Span, TicketFlaw, VisitId};

/// The tickets of one stage, each as likely as the others. A ticket that lies in it twice is twice as likely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urn {
    layout: Layout,
    tickets: Vec<u8>,
}

/// Why bytes are no urn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UrnFlaw {
    /// The last ticket is not whole, or there is none.
    #[error("{bytes} bytes are not one or more tickets of {each} bytes")]
    Length {
        /// What is there.
        bytes: usize,
        /// What one ticket has.
        each: usize,
    },
    /// A ticket has bits that none has.
    #[error("ticket {ticket}: {flaw}")]
    Ticket {
        /// Its number, from 0.
        ticket: usize,
        /// What is wrong.
        flaw: TicketFlaw,
    },
}

impl Urn {
    /// The urn of these tickets, one behind the other, in the order given.
    ///
    /// # Errors
    /// Where the bytes are not whole tickets in their one spelling, or none at all.
    pub fn new(layout: Layout, tickets: Vec<u8>) -> Result<Self, UrnFlaw> {
        let (bytes, each) = (tickets.len(), layout.bytes_per_ticket());
        if bytes == 0 || bytes % each != 0 {
            return Err(UrnFlaw::Length { bytes, each });
        }
        for (ticket, bytes) in tickets.chunks_exact(each).enumerate() {
            layout.check(bytes).map_err(|flaw| UrnFlaw::Ticket { ticket, flaw })?;
        }
        Ok(Self { layout, tickets })
    }

    /// How its tickets are laid out.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// How many tickets there are; never none.
    #[allow(clippy::len_without_is_empty, reason = "an urn is never empty")]
    pub fn len(&self) -> usize {
        self.tickets.len() / self.layout.bytes_per_ticket()
    }

    /// All tickets, one behind the other.
    pub fn bytes(&self) -> &[u8] {
        &self.tickets
    }

    /// The bytes of ticket `number`, from 0.
    ///
    /// # Panics
    /// Where there is no such ticket.
    pub fn bytes_of(&self, number: usize) -> &[u8] {
        let each = self.layout.bytes_per_ticket();
        &self.tickets[number * each..(number + 1) * each]
    }

    /// Every ticket's bytes, in order.
    pub fn tickets(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.tickets.chunks_exact(self.layout.bytes_per_ticket())
    }

    /// Tickets that say different things of `visits`, taken together: of all that say the same, the first. None where tickets say
    /// nothing of them.
    pub fn different(&self, visits: &[VisitId]) -> Vec<u32> {
        let rooms: Vec<usize> = visits.iter().filter_map(|visit| self.layout.room(*visit)).collect();
        if rooms.is_empty() {
            return Vec::new();
        }
        // By ticket: which of those it is like, by what was looked at so far, and then what it says more.
        let mut said: Vec<(u32, u64, u32)> = (0..self.len() as u32).map(|number| (0, 0, number)).collect();
        for (room, part) in
            rooms.into_iter().flat_map(|room| (0..self.layout.words_of(room)).map(move |part| (room, part)))
        {
            for (_, word, number) in &mut said {
                *word = self.layout.word(self.bytes_of(*number as usize), room, part);
            }
            said.sort_unstable();
            let (mut like, mut last) = (0, None);
            for (before, word, _) in &mut said {
                like += u32::from(last.is_some_and(|last| last != (*before, *word)));
                last = Some((*before, *word));
                *before = like;
            }
        }
        said.dedup_by_key(|(like, ..)| *like);
        said.into_iter().map(|(.., number)| number).collect()
    }

    /// Ticket `number`, from 0, with its completion.
    ///
    /// # Panics
    /// Where there is no such ticket.
    pub fn ticket(&self, number: usize) -> Schedule {
        self.layout.decode(self.bytes_of(number)).expect("an urn holds nothing but tickets")
    }

    /// The part of ticket `number`, from 0, that a draw decides: what the stage's own days hold.
    ///
    /// # Panics
    /// Where there is no such ticket.
    pub fn part(&self, number: usize) -> Schedule {
        let mut ticket = self.ticket(number);
        ticket.assignments.retain(|_, assignment| self.layout.span().contains(assignment.date));
        ticket
    }

    /// The same tickets in another order: first the one that was number `order[0]`, and so on.
    ///
    /// # Panics
    /// Where `order` does not name every ticket once.
    pub fn reordered(self, order: &[usize]) -> Self {
        let mut named: Vec<usize> = order.to_vec();
        named.sort_unstable();
        assert!(named.into_iter().eq(0..self.len()), "an order names every ticket once");
        let mut tickets = Vec::with_capacity(self.tickets.len());
        order.iter().for_each(|number| tickets.extend_from_slice(self.bytes_of(*number)));
        Self { layout: self.layout, tickets }
    }
}

/// One stage that has been drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnStage {
    /// Its number, from 1: of a ceremony the counter of its commitment.
    pub number: usize,
    /// Its tickets, in the order in which one is drawn.
    pub urn: Urn,
    /// What was counted in them.
    pub odds: Odds,
    /// The number of the ticket that was drawn, from 0.
    pub index: u32,
}

impl DrawnStage {
    /// The days that it decided.
    pub fn span(&self) -> Span {
        self.urn.layout().span()
    }
}

/// A stretch of the period: which stages are drawn, and what was fixed before the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// What was fixed; nothing for a literal seed.
    pub before: Schedule,
    /// Numbers, from 1, and days, in order.
    pub stages: Vec<(usize, Span)>,
}

impl Stretch {
    /// All stages that the policy of `case` asks for.
    pub fn of_policy(case: &Case) -> Self {
        let stages = (1..).zip(case.urn.stage.spans(&case.period)).collect();
        Self { before: Schedule::default(), stages }
    }
}

/// A period that has been drawn, stage by stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// What was fixed before the first of these stages.
    pub before: Schedule,
    /// That, and what all stages drew together.
    pub schedule: Schedule,
    /// The stages, in order.
    pub stages: Vec<DrawnStage>,
}

impl Drawn {
    /// The stages, and what was fixed before them.
    pub fn stretch(&self) -> Stretch {
        let stages = self.stages.iter().map(|stage| (stage.number, stage.span())).collect();
        Stretch { before: self.before.clone(), stages }
    }
}
