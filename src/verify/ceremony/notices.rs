//! What no claim of a ceremony can say and its reader must know. Those of one kind stand with what they are about.

use super::frozen::Masters;
use super::{Evidence, between, dice, elsewhere, times};
use crate::verify::notices::{Notice, few_tickets, in_order};

pub(super) fn of(evidence: &Evidence, masters: &Masters) -> Vec<Notice> {
    let few = evidence.course.commitments.iter().filter_map(|made| {
        few_tickets(made.commit.tickets, Some(made.line), &format!("commitment {}", made.commit.counter))
    });
    let mut all: Vec<Notice> = few.collect();
    all.extend(elsewhere::unproved(evidence));
    all.extend(dice::notices(evidence));
    all.extend(times::notices(evidence));
    all.extend(no_working_day(evidence));
    all.extend(evidence.history.notices.iter().cloned());
    all.extend(between::notices(evidence, masters));
    in_order(all)
}

/// Draws for days on which nobody works, where their inputs are there to say so.
fn no_working_day(evidence: &Evidence) -> Vec<Notice> {
    let idle = evidence.draws().filter_map(|(line, _, made)| {
        let (case, _) = evidence.history.inputs(made.commit.counter)?.case?;
        let (from, to) = (made.commit.from, made.commit.to);
        let says = || format!("draw {} is of {from} to {to}, and no day of these is worked", made.commit.counter);
        let works = case.period.days().into_iter().any(|day| from <= day && day <= to);
        (!works).then(|| Notice::new("no-working-day", Some(line), says()))
    });
    idle.collect()
}
