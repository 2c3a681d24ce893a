//! Claim: every ticket of every urn, with its completion and with what was drawn before, keeps every rule.
//!
//! Tickets are looked at on all cores. What is found is told in order of ticket, so that the cores can't be seen in it.

use std::thread;

use chrono::NaiveDate;

use super::stages::Stage;
use super::{Claim, Evidence, Finding, parts};
use crate::model::{Case, Urn, Week};
use crate::rules::{Checker, Reach, Sheet, Violation};

pub(super) const CLAIM: Claim =
    Claim { name: "tickets", says: "every ticket of every urn, completed, keeps every rule of the policy" };

/// Findings that are told of one stage; more of them say nothing new.
const TOLD_MAX: usize = 20;

pub(super) fn check(evidence: &Evidence, checker: Option<&Checker>) -> Option<Vec<Finding>> {
    let (case, _) = evidence.thawed.case?;
    let stages = evidence.stages.as_ref()?;
    let checker = checker?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Some(stages.all.iter().flat_map(|stage| of_stage(case, checker, stage, cores)).collect())
}

fn of_stage(case: &Case, checker: &Checker, stage: &Stage, cores: usize) -> Vec<Finding> {
    let Some(urn) = &stage.urn else { return Vec::new() };
    let look = Look::new(case, checker, (stage, urn), cores);
    let share = urn.len().div_ceil(cores).max(1);
    let part = |core: usize| look.through(core * share, (core + 1) * share);
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

/// The tickets of one stage, and what is known of all of them before any is looked at.
struct Look<'s> {
    case: &'s Case,
    checker: &'s Checker<'s>,
    stage: &'s Stage,
    urn: &'s Urn,
    /// What is broken by what was drawn before.
    excused: Vec<Violation>,
    /// The first day of the first week in which tickets hold anything, where nothing earlier, and no visit by itself, breaks a rule.
    /// Then nobody does anything new but those who go on a visit of the ticket, and of them only weeks and all that they do are left to
    /// be asked about, unless a rule looks at everything.
    since: Option<NaiveDate>,
}

impl<'s> Look<'s> {
    fn new(case: &'s Case, checker: &'s Checker<'s>, (stage, urn): (&'s Stage, &'s Urn), cores: usize) -> Self {
        let excused = checker.check(&stage.before);
        let is_clear = excused.is_empty() && parts::keep_rules(case, checker, &stage.before, urn, cores);
        let since = Week::of(stage.span.from).monday().filter(|_| is_clear);
        Self { case, checker, stage, urn, excused, since }
    }

    /// What is broken by the tickets from number `from` to before `to`. Tickets that are alike lie beside each other, and are
    /// looked at once.
    fn through(&self, from: usize, to: usize) -> Vec<String> {
        let (urn, mut found, mut sheet) = (self.urn, Vec::new(), Sheet::new(self.case));
        let before = sheet.put_all(&self.stage.before);
        sheet.keep();
        for number in from..to.min(urn.len()) {
            if number > from && urn.bytes_of(number) == urn.bytes_of(number - 1) {
                continue;
            }
            sheet.clear();
            let mut fits = before;
            urn.layout().for_each(urn.bytes_of(number), |held| {
                fits &= sheet.put(held.visit, held.date, held.slot, held.team);
            });
            if !fits {
                found.push(format!("ticket {number} holds a visit that was drawn before"));
            } else if !self.keeps_rules(&mut sheet) {
                let broken = self.checker.violations(sheet.read());
                let broken = broken.into_iter().filter(|one| !self.excused.contains(one));
                found.extend(broken.map(|one| format!("ticket {number} breaks {}: {}", one.rule, one.says)));
            }
            if found.len() >= TOLD_MAX {
                break;
            }
        }
        found
    }

    /// Whether what lies on the sheet, a ticket with what was drawn before, breaks no rule.
    fn keeps_rules(&self, sheet: &mut Sheet) -> bool {
        let checker = self.checker;
        match self.since {
            None => checker.holds(sheet.read()),
            Some(monday) => {
                (!checker.reaches(Reach::All) || checker.holds_within(sheet.read(), Reach::All))
                    && checker.holds_within(sheet.read_new(), Reach::People)
                    && checker.holds_within(sheet.read_since(monday), Reach::Weeks)
            }
        }
    }
}
