//! Nobody inspects the district they live in.
//!
//! # Says
//! An inspector never goes to a place in their home district. Where the roster gives no home district,
//! or the register no district of the place, the rule says nothing. A waiver lifts the rule for one
//! person on one visit.
//!
//! # Why
//! Neighbours, in-laws and landlords are the first to ask for a favour, and the last to be declared
//! as a conflict.
//!
//! # Passes
//! Ana lives in Port and inspects a mill in East.
//!
//! # Breaks
//! Ana lives in Port and inspects a bakery in Port.
//!
//! # Source
//! UN paper of July 2023, para. 53: rotation between places and clear rules on conflicts of interest.

use super::seats::Waived;
use super::shared::Districts;
use super::{Bar, Check, Chosen, Entry, Found, Held, Reach, Rule, Shape, Start, Target, Violation};
use crate::model::{Case, Inspector, InspectorId, VisitId};

const NAME: &str = "home-district";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Exclusion,
    enabled: false,
    waivable: true,
    parameters: &[],
    later: &[],
    text: include_str!("home_district.rs"),
    make: |_chosen: &Chosen| Box::new(HomeDistrict),
};

struct HomeDistrict;

impl Rule for HomeDistrict {
    fn bars<'c>(&self, case: &'c Case) -> Vec<Bar<'c>> {
        let bar = |who: InspectorId| {
            let target = Target::District(case.inspector(who).home_district.as_deref()?);
            Some(Bar { inspector: Some(who), target, from: None, to: None })
        };
        case.inspector_ids().filter_map(bar).collect()
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let districts = Districts::of(case);
        // Who lives where no visit goes lives nowhere, to this rule.
        let home = |inspector: &Inspector| districts.number(inspector.home_district.as_deref()?);
        let homes = case.inspectors.iter().map(home).collect();
        Some(Box::new(Homes { case, waived: Waived::of(case, NAME), districts, homes }))
    }
}

/// Where people live.
struct Homes<'c> {
    case: &'c Case,
    waived: Waived,
    districts: Districts<'c>,
    /// By person.
    homes: Vec<Option<usize>>,
}

impl Check for Homes<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for (Start { visit, .. }, who) in held.seats() {
            let home = self.homes[who.index()];
            if home.is_some() && home == self.districts.of_visit(visit) && !self.waived.lifts(visit, who) {
                found.tell(|| self.violation(visit, who));
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }
}

impl Homes<'_> {
    fn violation(&self, visit: VisitId, who: InspectorId) -> Violation {
        let (inspector, place) = (self.case.inspector(who), self.case.place_of(visit));
        let home = inspector.home_district.as_deref().unwrap_or_default();
        let (id, visit_id) = (&inspector.id, &self.case.visit(visit).id);
        let says = format!("{id} is sent on visit {visit_id} to {} in {home}, where {id} lives", place.id);
        Violation { rule: NAME, visits: vec![visit], inspectors: vec![who], says }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{broken, on_by_default};

    const CASE: &str = "
        inspector ana home=Port
        inspector ben
        place bakery district=Port
        place mill district=East
        place nowhere
        visit v1 bakery
        visit v2 mill
        visit v3 nowhere
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("home-district", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn another_district_passes() {
        assert!(says("plan v2 2027-01-04 am ana ben").is_empty());
    }

    #[test]
    fn the_own_district_breaks() {
        let found = says("plan v1 2027-01-04 am ana ben");
        assert_eq!(found, ["ana is sent on visit v1 to bakery in Port, where ana lives"]);
    }

    #[test]
    fn blanks_say_nothing() {
        assert!(says("plan v3 2027-01-04 am ana ben").is_empty());
    }

    #[test]
    fn a_waiver_lifts_it() {
        assert!(says("waiver home-district v1 ana\nplan v1 2027-01-04 am ana ben").is_empty());
    }

    #[test]
    fn it_is_off_unless_the_policy_turns_it_on() {
        assert!(!on_by_default(super::NAME));
    }
}
