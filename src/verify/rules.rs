//! Claim: every rule that is on holds, recounted from the inputs. A finding has the name of the rule.

use super::{Claim, Evidence, Finding};
use crate::record::SCHEDULE;
use crate::rules::Checker;

pub(super) const CLAIM: Claim =
    Claim { name: "rules", says: "the schedule keeps every rule of the policy, recounted from the inputs" };

pub(super) fn check(evidence: &Evidence, checker: Option<&Checker>) -> Option<Vec<Finding>> {
    let checker = checker?;
    let published = evidence.published.as_ref().filter(|_| evidence.files.contains_key(SCHEDULE))?;
    // What was fixed before a ceremony's draw may break a rule, by an override that the ledger shows; this draw did not.
    let excused = evidence.stretch.as_ref().map(|stretch| checker.check(&stretch.before)).unwrap_or_default();
    let broken = checker.check(&published.schedule).into_iter().filter(|violation| !excused.contains(violation));
    let found = broken.map(|violation| {
        let line = violation.visits.first().and_then(|visit| published.lines.get(visit)).copied();
        Finding { explain: super::RULE_BROKEN.explain, ..Finding::new(violation.rule, SCHEDULE, line, violation.says) }
    });
    Some(found.collect())
}
