//! The members of a team come from different units.
//!
//! # Says
//! No two members of a team are of the same unit or agency. People for whom the roster gives no unit
//! count as of one unit. Upper and lower case do not matter. A waiver of either person lifts the
//! rule for the two on that visit.
//!
//! # Why
//! Colleagues who share an office, a superior and a coffee round cover for each other; two agencies
//! that look at one place together watch each other.
//!
//! # Passes
//! Ana of the labour inspectorate goes with Ben of the fire service.
//!
//! # Breaks
//! Ana and Cem, both of the labour inspectorate, go together. So do Dea and Eli, whose units nobody wrote down.
//!
//! # Source
//! Maharashtra's central inspection system: one inspector of each agency, together on one day. UN paper
//! of July 2023, para. 53: rotation between departments.

use std::collections::{BTreeMap, BTreeSet};

use super::seats::Waived;
use super::words::folded;
use super::{Apart, Check, Chosen, Entry, Found, Held, Reach, Rule, Shape, Violation};
use crate::model::{Case, Inspector, InspectorId, VisitId};

const NAME: &str = "mixed-units";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::TeamRule,
    enabled: false,
    waivable: true,
    parameters: &[],
    later: &[],
    text: include_str!("mixed_units.rs"),
    make: |_chosen: &Chosen| Box::new(MixedUnits),
};

struct MixedUnits;

impl Rule for MixedUnits {
    fn apart(&self, case: &Case) -> Apart {
        let mut units: BTreeMap<_, Vec<InspectorId>> = BTreeMap::new();
        for who in case.inspector_ids() {
            units.entry(case.inspector(who).unit.as_deref().map(folded)).or_default().push(who);
        }
        Apart { pairs: Vec::new(), groups: units.into_values().filter(|unit| unit.len() > 1).collect() }
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let unit = |inspector: &Inspector| inspector.unit.as_deref().map(folded);
        let units: BTreeSet<_> = case.inspectors.iter().map(unit).collect();
        let numbers: BTreeMap<_, _> = units.into_iter().enumerate().map(|(number, unit)| (unit, number)).collect();
        let units = case.inspectors.iter().map(|inspector| numbers[&unit(inspector)]).collect();
        Some(Box::new(Units { case, waived: Waived::of(case, NAME), units }))
    }
}

/// The unit of each person, as a number; who has none is of a unit of those without.
struct Units<'c> {
    case: &'c Case,
    waived: Waived,
    units: Vec<usize>,
}

impl Check for Units<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for sent in held.visits() {
            let shared = |a: InspectorId, b: InspectorId| self.units[a.index()] == self.units[b.index()];
            for (a, b) in sent.pairs().filter(|(a, b)| shared(*a, *b)) {
                if !self.waived.lifts_either(sent.visit(), (a, b)) {
                    found.tell(|| self.violation(sent.visit(), a, b));
                }
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }
}

impl Units<'_> {
    fn violation(&self, visit: VisitId, a: InspectorId, b: InspectorId) -> Violation {
        let (one, other) = (self.case.inspector(a), self.case.inspector(b));
        let shared = match &one.unit {
            Some(unit) => format!("both are of unit {unit}"),
            None => "neither has a unit on the roster".to_owned(),
        };
        let id = &self.case.visit(visit).id;
        let says = format!("{} and {} go together on visit {id} and {shared}", one.id, other.id);
        Violation { rule: NAME, visits: vec![visit], inspectors: vec![a, b], says }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{broken, on_by_default};

    const CASE: &str = "
        inspector ana unit=Labour
        inspector ben unit=Fire
        inspector cem unit=labour
        inspectors dea eli
        places p1
        visit v1 p1 size=3
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("mixed-units", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn people_of_different_units_pass() {
        assert!(says("plan v1 2027-01-04 am ana ben dea").is_empty());
    }

    #[test]
    fn two_of_one_unit_break_however_it_is_written() {
        let found = says("plan v1 2027-01-04 am ana ben cem");
        assert_eq!(found, ["ana and cem go together on visit v1 and both are of unit Labour"]);
    }

    #[test]
    fn people_without_a_unit_count_as_of_one() {
        let found = says("plan v1 2027-01-04 am ana dea eli");
        assert_eq!(found, ["dea and eli go together on visit v1 and neither has a unit on the roster"]);
    }

    #[test]
    fn a_waiver_of_either_lifts_it() {
        assert!(says("waiver mixed-units v1 cem\nplan v1 2027-01-04 am ana ben cem").is_empty());
        assert_eq!(says("waiver mixed-units v1 ben\nplan v1 2027-01-04 am ana ben cem").len(), 1);
    }

    #[test]
    fn it_is_off_unless_the_policy_turns_it_on() {
        assert!(!on_by_default(super::NAME));
    }
}
