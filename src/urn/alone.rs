//! An urn in which every ticket is the same: what one built schedule can claim until urns of many are built.

use crate::draw::{Root, pick};
use crate::model::{Case, Drawn, DrawnStage, Odds, Schedule, Urn};
use crate::rules::Book;

/// The stages of `case`, each drawn from an urn that holds nothing but `schedule`, which must obey every rule. The odds
/// say so: whoever could go, goes in every ticket.
pub fn alone(case: &Case, book: &Book, root: &Root, schedule: &Schedule) -> Drawn {
    let mut drawn = Drawn::default();
    for (number, span) in (1..).zip(case.urn.stage.spans(&case.period)) {
        let layout = book.layout(case, span, &drawn.schedule);
        let mut rest = schedule.clone();
        rest.assignments.retain(|_, assignment| assignment.date >= span.from);
        let mut ticket = Vec::new();
        layout.encode(&rest, &mut ticket);
        let urn = Urn::new(layout, ticket.repeat(case.urn.tickets as usize)).expect("what was encoded is a ticket");
        let index = pick(root, number, case.urn.tickets);
        drawn.schedule.assignments.extend(urn.part(index as usize).assignments);
        drawn.stages.push(DrawnStage { odds: Odds::count(&urn), urn, index });
    }
    drawn
}
