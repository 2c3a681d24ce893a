//! An inspector serves only the districts listed for them.
//!
//! # Says
//! Where the roster lists districts for an inspector, they go only to places in one of these. A place
//! whose district nobody wrote down is in none of them. An inspector without a list serves
//! everywhere. A waiver lifts the rule for one person on one visit.
//!
//! # Why
//! Authority often ends at a district's border, and an order outside it can be challenged. Distance
//! matters too.
//!
//! # Passes
//! Ana serves North and East; she inspects a mill in East.
//!
//! # Breaks
//! Ana inspects a mill in West, or one whose district is blank.
//!
//! # Source
//! Brazil, Decreto 4.552/2002 art. 4 and 5: inspectors are distributed over areas of a circumscription.

use super::seats::Waived;
use super::shared::Districts;
use super::{Bar, Check, Chosen, Entry, Found, Held, Reach, Rule, Shape, Start, Target, Violation};
use crate::model::{Case, InspectorId, VisitId};

const NAME: &str = "territory";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Exclusion,
    enabled: true,
    waivable: true,
    parameters: &[],
    later: &[],
    text: include_str!("territory.rs"),
    make: |_chosen: &Chosen| Box::new(Territory),
};

struct Territory;

impl Rule for Territory {
    fn bars<'c>(&self, case: &'c Case) -> Vec<Bar<'c>> {
        let bounded = case.inspector_ids().filter(|who| !case.inspector(*who).territory.is_empty());
        let bar = |who| Bar {
            inspector: Some(who),
            target: Target::Outside(&case.inspector(who).territory),
            from: None,
            to: None,
        };
        bounded.map(bar).collect()
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let districts = Districts::of(case);
        let served = |who| &case.inspector(who).territory;
        // A district without a visit has no number, and nobody need serve it.
        let numbers = |who| served(who).iter().filter_map(|district| districts.number(district)).collect();
        let bounded = |who: InspectorId| (!served(who).is_empty()).then(|| numbers(who));
        let served: Vec<Option<Vec<usize>>> = case.inspector_ids().map(bounded).collect();
        let any = served.iter().any(Option::is_some);
        any.then(|| Box::new(Served { case, waived: Waived::of(case, NAME), districts, served }) as Box<dyn Check>)
    }
}

/// Where people serve.
struct Served<'c> {
    case: &'c Case,
    waived: Waived,
    districts: Districts<'c>,
    /// By person; none means everywhere.
    served: Vec<Option<Vec<usize>>>,
}

impl Check for Served<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for (Start { visit, .. }, who) in held.seats() {
            let Some(served) = &self.served[who.index()] else { continue };
            let inside = self.districts.of_visit(visit).is_some_and(|district| served.contains(&district));
            if !inside && !self.waived.lifts(visit, who) {
                found.tell(|| self.violation(visit, who));
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }
}

impl Served<'_> {
    fn violation(&self, visit: VisitId, who: InspectorId) -> Violation {
        let (inspector, place) = (self.case.inspector(who), self.case.place_of(visit));
        let lies = place.district.as_ref().map_or("has no district".to_owned(), |d| format!("lies in {d}"));
        let (id, visit_id) = (&inspector.id, &self.case.visit(visit).id);
        let served = inspector.territory.join(", ");
        let says = format!("{id} is sent on visit {visit_id} to {}, which {lies}; {id} serves {served}", place.id);
        Violation { rule: NAME, visits: vec![visit], inspectors: vec![who], says }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        inspector ana territory=North|ზუგდიდი
        inspector ben
        place east district=ზუგდიდი
        place west district=West
        place nowhere
        visit v1 east
        visit v2 west
        visit v3 nowhere
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("territory", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn a_listed_district_passes() {
        assert!(says("plan v1 2027-01-04 am ana ben").is_empty());
    }

    #[test]
    fn another_district_breaks() {
        let found = says("plan v2 2027-01-04 am ana ben");
        assert_eq!(found, ["ana is sent on visit v2 to west, which lies in West; ana serves North, ზუგდიდი"]);
    }

    #[test]
    fn a_place_without_a_district_lies_outside_every_list() {
        let found = says("plan v3 2027-01-04 am ana ben");
        assert_eq!(found, ["ana is sent on visit v3 to nowhere, which has no district; ana serves North, ზუგდიდი"]);
    }

    #[test]
    fn a_waiver_lifts_it_on_that_visit() {
        assert!(says("waiver territory v2 ana\nplan v2 2027-01-04 am ana ben").is_empty());
        assert_eq!(says("waiver territory v1 ana\nplan v2 2027-01-04 am ana ben").len(), 1);
    }
}
