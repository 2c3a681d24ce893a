//! What no claim of a ceremony can say and its reader must know.

use super::Evidence;
use crate::verify::notices::{Notice, few_tickets, in_order};

pub(super) fn of(evidence: &Evidence) -> Vec<Notice> {
    let few = evidence.course.commitments.iter().filter_map(|made| {
        few_tickets(made.commit.tickets, Some(made.line), &format!("commitment {}", made.commit.counter))
    });
    in_order(few.collect())
}
