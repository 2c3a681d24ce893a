//! Claim: every ticket of every urn, with its completion and with what was drawn before, keeps every rule.
//!
//! Tickets are looked at on all cores. What is found is told in order of ticket, so that the cores can't be seen in it.

use std::thread;

use super::stages::Stage;
use super::{Claim, Evidence, Finding};
use crate::model::{Case, Urn};
use crate::rules::{Checker, Sheet};

pub(super) const CLAIM: Claim =
    Claim { name: "tickets", says: "every ticket of every urn, completed, keeps every rule of the policy" };

/// Findings that are told of one stage; more of them say nothing new.
const TOLD_MAX: usize = 20;

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let (case, book) = evidence.thawed.case.as_ref()?;
    let stages = evidence.stages.as_ref()?;
    let checker = book.checker(case);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Some(stages.all.iter().flat_map(|stage| of_stage(case, &checker, stage, cores)).collect())
}

fn of_stage(case: &Case, checker: &Checker, stage: &Stage, cores: usize) -> Vec<Finding> {
    let Some(urn) = &stage.urn else { return Vec::new() };
    let share = urn.len().div_ceil(cores).max(1);
    let part = |core: usize| of_tickets(case, checker, stage, urn, (core * share, (core + 1) * share));
    let part = &part;
    let found = thread::scope(|scope| {
        let others: Vec<_> = (1..cores).map(|core| scope.spawn(move || part(core))).collect();
        let mut found = part(0);
        for other in others {
            found.extend(other.join().expect("a rule's check gives violations and does not fail"));
        }
        found
    });
    let told = found.into_iter().take(TOLD_MAX);
    told.map(|says| Finding::new("ticket-rule", &stage.file(), None, says)).collect()
}

/// What is broken by the tickets from number `from` to before `to`. Tickets that are alike lie beside each other, and are
/// looked at once.
fn of_tickets(case: &Case, checker: &Checker, stage: &Stage, urn: &Urn, (from, to): (usize, usize)) -> Vec<String> {
    let (mut found, mut sheet) = (Vec::new(), Sheet::new(case));
    let excused = checker.check(&stage.before);
    for number in from..to.min(urn.len()) {
        if number > from && urn.bytes_of(number) == urn.bytes_of(number - 1) {
            continue;
        }
        sheet.clear();
        let mut fits = sheet.put_all(&stage.before);
        urn.layout().for_each(urn.bytes_of(number), |held| {
            fits &= sheet.put(held.visit, held.date, held.slot, held.team);
        });
        let held = sheet.read();
        if !fits {
            found.push(format!("ticket {number} holds a visit that was drawn before"));
        } else if !checker.holds(held) {
            let broken = checker.violations(held).into_iter().filter(|one| !excused.contains(one));
            found.extend(broken.map(|one| format!("ticket {number} breaks {}: {}", one.rule, one.says)));
        }
        if found.len() >= TOLD_MAX {
            break;
        }
    }
    found
}
