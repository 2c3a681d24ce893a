//! The team has somebody of each agency that the visit names.
//!
//! # Says
//! For each agency that a visit names, at least one member of its team belongs to it, by the roster's column `agency`. Upper and lower
//! case do not matter. Whoever has no agency there belongs to none. A person with a waiver counts as belonging to every one
//! of them on that visit. A visit that names no agency asks nothing.
//!
//! # Why
//! Agencies that go together once, and not one after the other, watch each other, and the place is disturbed once.
//!
//! # Passes
//! The visit names labour and tax; Ana of the labour inspectorate goes with Ben of the tax office.
//!
//! # Breaks
//! The visit names labour and tax; Ana and Cem, both of the labour inspectorate, go.
//!
//! # Source
//! China, State Council, opinions no. 5 of 2019: joint inspections of several departments, with inspectors drawn at random. Regulation (EU)
//! 2019/1149, art. 8: concerted and joint inspections of the European Labour Authority.

use super::seats::{Waived, named};
use super::words::{folded, same};
use super::{Check, Chosen, Entry, Found, Held, Need, Reach, Rule, Sent, Shape, Violation};
use crate::model::{Case, InspectorId, VisitId};

const NAME: &str = "agencies";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 2,
    shape: Shape::TeamRule,
    enabled: false,
    waivable: true,
    parameters: &[],
    later: &[],
    text: include_str!("agencies.rs"),
    make: |_chosen: &Chosen| Box::new(Agencies),
};

struct Agencies;

impl Rule for Agencies {
    fn needs(&self, case: &Case, visit: VisitId) -> Vec<Need> {
        let mut needs: Vec<Need> = Vec::new();
        for asked in &case.visit(visit).agencies {
            if !needs.iter().any(|need| same(&need.quality, asked)) {
                needs.push(Need { quality: asked.clone(), at_least: 1 });
            }
        }
        needs
    }

    fn has(&self, case: &Case, inspector: InspectorId, quality: &str) -> bool {
        case.inspector(inspector).agency.as_ref().is_some_and(|agency| same(agency, quality))
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let asked =
            case.visits.iter().map(|visit| visit.agencies.iter().map(|one| (folded(one), one.as_str())).collect());
        let asked: Vec<Vec<_>> = asked.collect();
        let of = case.inspectors.iter().map(|inspector| inspector.agency.as_deref().map(folded)).collect();
        let any = asked.iter().any(|one| !one.is_empty());
        any.then(|| Box::new(Joint { case, waived: Waived::of(case, NAME), asked, of }) as Box<dyn Check>)
    }
}

/// The agencies that every visit names, and to which each person belongs; in the one spelling of each, and as the visit has it.
struct Joint<'c> {
    case: &'c Case,
    waived: Waived,
    asked: Vec<Vec<(String, &'c str)>>,
    of: Vec<Option<String>>,
}

impl Check for Joint<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for sent in held.visits() {
            for (agency, asked) in &self.asked[sent.visit().index()] {
                let is_of = |who: &InspectorId| self.of[who.index()].as_ref() == Some(agency);
                if !sent.team.iter().any(|who| is_of(who) || self.waived.lifts(sent.visit(), *who)) {
                    found.tell(|| self.violation(sent, asked));
                }
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }
}

impl Joint<'_> {
    fn violation(&self, sent: Sent, asked: &str) -> Violation {
        let (id, who) = (&self.case.visit(sent.visit()).id, named(self.case, sent.team));
        let says = format!("visit {id} asks for somebody of {asked}, and nobody of its team ({who}) is");
        Violation { rule: NAME, visits: vec![sent.visit()], inspectors: sent.team.to_vec(), says }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{broken, on_by_default};

    const CASE: &str = "
        inspector ana agency=labour
        inspector ben agency=Tax
        inspector cem agency=labour
        inspector dea
        places p1
        visit plain p1
        visit tax p1 agencies=TAX
        visit both p1 agencies=labour|tax
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("agencies", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn it_is_off_unless_a_policy_turns_it_on() {
        assert!(!on_by_default("agencies"));
    }

    #[test]
    fn a_visit_that_names_no_agency_passes() {
        assert!(says("plan plain 2027-01-04 am ana dea").is_empty());
    }

    #[test]
    fn one_of_each_agency_passes_in_whatever_case_it_is_written() {
        assert!(says("plan both 2027-01-04 am ana ben").is_empty());
        assert!(says("plan tax 2027-01-04 am ben dea").is_empty());
    }

    #[test]
    fn an_agency_of_which_nobody_goes_breaks() {
        let found = says("plan both 2027-01-04 am ana cem");
        assert_eq!(found, ["visit both asks for somebody of tax, and nobody of its team (ana, cem) is"]);
        assert_eq!(says("plan both 2027-01-04 am dea").len(), 2, "whoever has no agency belongs to none");
    }

    #[test]
    fn a_waiver_counts_as_belonging_to_all_of_them_on_that_visit() {
        let plan = "plan both 2027-01-04 am ana cem\nplan tax 2027-01-05 am ana cem";
        assert_eq!(says(plan).len(), 2);
        assert_eq!(says(&format!("waiver agencies both cem\n{plan}")).len(), 1);
    }
}
