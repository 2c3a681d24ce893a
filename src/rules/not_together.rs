//! Two people between whom there is a conflict never share a team.
//!
//! # Says
//! If a conflict of one inspector names another, the two never go together, whichever of them
//! declared it. It lasts as long as any conflict of interest, cooling-off and all. If it lasts to
//! any day of the period it holds for the whole period. Where the policy says so, a person and their direct
//! supervisor never go together either. A waiver of either person lifts the rule on that visit.
//!
//! # Why
//! Kin and close friends will not report each other; enemies will. A subordinate hardly contradicts
//! the person who writes their appraisal. Four eyes are worth something only if each pair is free to see.
//!
//! # Passes
//! Ana and Ben are married; she goes with Cem and he with Dea.
//!
//! # Breaks
//! Ana and Ben are married and go together.
//!
//! # Source
//! UN paper of July 2023, para. 53: clear rules on conflicts of interest. Spain, Ley 40/2015 art. 23, for the ties.

use std::collections::BTreeMap;

use super::conflict_of_interest::Expiry;
use super::seats::Waived;
use super::{Apart, Check, Chosen, Entry, Found, Held, Parameter, Reach, Rule, Shape, Value, Violation};
use crate::model::{Case, Conflict, ConflictTarget, InspectorId, VisitId};

const NAME: &str = "not-together";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::TeamRule,
    enabled: true,
    waivable: true,
    parameters: &[Parameter {
        name: "supervisor",
        value: Value::Switch(false),
        says: "whether a person and their direct supervisor are kept apart",
    }],
    later: &[],
    text: include_str!("not_together.rs"),
    make: |chosen: &Chosen| {
        Box::new(NotTogether { expiry: Expiry::of(chosen), supervisor: chosen.switch("supervisor") })
    },
};

struct NotTogether {
    expiry: Expiry,
    supervisor: bool,
}

impl NotTogether {
    /// The conflicts between two people that last into the period, each with the person that it names.
    fn conflicts<'c>(&'c self, case: &'c Case) -> impl Iterator<Item = (&'c Conflict, InspectorId)> {
        let lasts = |conflict: &Conflict| self.expiry.last_day(conflict).is_none_or(|last| last >= case.period.from);
        case.conflicts.iter().filter_map(move |conflict| match conflict.target {
            ConflictTarget::Inspector(other) if other != conflict.inspector && lasts(conflict) => {
                Some((conflict, other))
            }
            _ => None,
        })
    }

    /// Each person with a supervisor, where the policy keeps the two apart.
    fn supervised<'c>(&self, case: &'c Case) -> impl Iterator<Item = (InspectorId, InspectorId)> + use<'c> {
        let all = case.inspector_ids().filter_map(|who| Some((who, case.inspector(who).supervisor?)));
        let asked = self.supervisor;
        all.filter(move |(who, supervisor)| asked && who != supervisor)
    }

    /// Why each pair is kept apart, in words; the lower id first.
    fn reasons(&self, case: &Case) -> BTreeMap<(InspectorId, InspectorId), Vec<String>> {
        let mut reasons: BTreeMap<_, Vec<String>> = BTreeMap::new();
        let id = |who| &case.inspector(who).id;
        for (conflict, other) in self.conflicts(case) {
            let says =
                format!("{} has a conflict with {} {}", id(conflict.inspector), id(other), self.expiry.says(conflict));
            reasons.entry(ordered(conflict.inspector, other)).or_default().push(says);
        }
        for (who, supervisor) in self.supervised(case) {
            reasons.entry(ordered(who, supervisor)).or_default().push(format!(
                "{} supervises {}",
                id(supervisor),
                id(who)
            ));
        }
        reasons
    }
}

impl Rule for NotTogether {
    fn apart(&self, case: &Case) -> Apart {
        let conflicts = self.conflicts(case).map(|(conflict, other)| ordered(conflict.inspector, other));
        let supervised = self.supervised(case).map(|(who, supervisor)| ordered(who, supervisor));
        let mut pairs: Vec<_> = conflicts.chain(supervised).collect();
        pairs.sort_unstable();
        pairs.dedup();
        Apart { pairs, groups: Vec::new() }
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let mut kept = vec![Vec::new(); case.inspectors.len()];
        for ((a, b), reasons) in self.reasons(case) {
            kept[a.index()].push((b, reasons));
        }
        let any = kept.iter().any(|kept| !kept.is_empty());
        any.then(|| Box::new(KeptApart { case, waived: Waived::of(case, NAME), kept }) as Box<dyn Check>)
    }
}

/// By the lower id of two people: the other, and why they are kept apart.
struct KeptApart<'c> {
    case: &'c Case,
    waived: Waived,
    kept: Vec<Vec<(InspectorId, Vec<String>)>>,
}

impl Check for KeptApart<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for sent in held.visits() {
            for a in sent.team {
                for (b, reasons) in self.kept[a.index()].iter().filter(|(b, _)| sent.team.contains(b)) {
                    if !self.waived.lifts_either(sent.visit(), (*a, *b)) {
                        reasons.iter().for_each(|reason| found.tell(|| self.violation(sent.visit(), *a, *b, reason)));
                    }
                }
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }
}

impl KeptApart<'_> {
    fn violation(&self, visit: VisitId, a: InspectorId, b: InspectorId, reason: &str) -> Violation {
        let (one, other) = (&self.case.inspector(a).id, &self.case.inspector(b).id);
        let says = format!("{one} and {other} go together on visit {}: {reason}", self.case.visit(visit).id);
        Violation { rule: NAME, visits: vec![visit], inspectors: vec![a, b], says }
    }
}

fn ordered(a: InspectorId, b: InspectorId) -> (InspectorId, InspectorId) {
    (a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        inspector ana
        inspector ben supervisor=ana
        inspector cem supervisor=ben
        places p1
        visit v1 p1 size=3
        visit v2 p1
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("not-together", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn a_pair_without_a_tie_passes() {
        assert!(says("conflict ana inspector ben spouse\nplan v2 2027-01-04 am ana cem").is_empty());
    }

    #[test]
    fn a_pair_with_a_tie_breaks_whoever_declared_it() {
        let found = says("conflict ana inspector ben spouse\nplan v2 2027-01-04 am ana ben");
        assert_eq!(found, ["ana and ben go together on visit v2: ana has a conflict with ben (spouse, without end)"]);
        let found = says("conflict ben inspector ana spouse\nplan v1 2027-01-04 am ana ben cem");
        assert_eq!(found, ["ana and ben go together on visit v1: ben has a conflict with ana (spouse, without end)"]);
    }

    #[test]
    fn a_tie_that_lasts_into_the_period_holds_to_its_end() {
        let plan = "plan v2 2027-01-15 pm ana ben";
        assert_eq!(says(&format!("conflict ana inspector ben business ..2025-01-04\n{plan}")).len(), 1);
        assert!(says(&format!("conflict ana inspector ben business ..2025-01-03\n{plan}")).is_empty());
    }

    #[test]
    fn the_expiry_is_that_of_conflict_of_interest() {
        let lines = "conflict ana inspector ben business ..2026-12-01\nplan v2 2027-01-04 pm ana ben";
        assert_eq!(says(lines).len(), 1);
        assert!(says(&format!("{lines}\nset conflict-of-interest.cooling_months 1")).is_empty());
        let off = format!("{lines}\nset conflict-of-interest.enabled false");
        assert_eq!(says(&off).len(), 1);
    }

    #[test]
    fn a_supervisor_is_kept_apart_only_where_the_policy_says_so_and_only_the_direct_one() {
        let plan = "plan v1 2027-01-04 am ana ben cem";
        assert!(says(plan).is_empty());
        let found = says(&format!("set not-together.supervisor true\n{plan}"));
        assert_eq!(
            found,
            [
                "ana and ben go together on visit v1: ana supervises ben",
                "ben and cem go together on visit v1: ben supervises cem"
            ]
        );
        assert!(says("set not-together.supervisor true\nplan v2 2027-01-04 am ana cem").is_empty());
    }

    #[test]
    fn a_waiver_of_either_lifts_it_on_that_visit() {
        let lines =
            "conflict ana inspector ben spouse\nplan v1 2027-01-04 am ana ben cem\nplan v2 2027-01-05 am ana ben";
        assert_eq!(says(lines).len(), 2);
        assert_eq!(says(&format!("{lines}\nwaiver not-together v1 ben")).len(), 1);
        assert_eq!(says(&format!("{lines}\nwaiver not-together v1 cem")).len(), 2);
    }

    #[test]
    fn a_conflict_with_oneself_or_with_a_place_keeps_nobody_apart() {
        let lines = "conflict ana inspector ana kin\nconflict ana establishment p1 kin\nplan v2 2027-01-04 am ana ben";
        assert!(says(lines).is_empty());
    }
}
