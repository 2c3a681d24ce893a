//! An urn in which every ticket is the same: what somebody publishes who wants one schedule and no other.

use super::stages::draw_one;
use crate::draw::Root;
use crate::model::{Case, Drawn, Schedule, Urn};
use crate::rules::Book;

/// The stages of `case`, each drawn from an urn that holds nothing but `schedule`, which must obey every rule. All of it can be
/// verified, and the odds tell what it is: whoever goes, goes in every ticket. For tests, and for who wants to see what forging comes to.
pub fn alone(case: &Case, book: &Book, root: &Root, schedule: &Schedule) -> Drawn {
    let mut drawn = Drawn::default();
    for (number, span) in (1..).zip(case.urn.stage.spans(&case.period)) {
        let layout = book.layout(case, span, &drawn.schedule);
        let mut rest = schedule.clone();
        rest.assignments.retain(|_, assignment| assignment.date >= span.from);
        let mut ticket = Vec::new();
        layout.encode(&rest, &mut ticket);
        let urn = Urn::new(layout, ticket.repeat(case.urn.tickets as usize)).expect("what was encoded is a ticket");
        draw_one(&mut drawn, root, number, urn, 1);
    }
    drawn
}
