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

use super::seats::seats;
use super::{Bar, Chosen, Entry, Rule, Shape, Target, Violation};
use crate::model::{Case, Schedule};

const NAME: &str = "territory";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    shape: Shape::Exclusion,
    enabled: true,
    waivable: true,
    parameters: &[],
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

    fn check(&self, case: &Case, schedule: &Schedule) -> Vec<Violation> {
        let mut found = Vec::new();
        for (visit, _, who) in seats(case, schedule, NAME) {
            let (inspector, place) = (case.inspector(who), case.place_of(visit));
            let served = &inspector.territory;
            let inside = place.district.as_ref().is_some_and(|district| served.contains(district));
            if served.is_empty() || inside {
                continue;
            }
            let lies = place.district.as_ref().map_or("has no district".to_owned(), |d| format!("lies in {d}"));
            let (id, visit_id) = (&inspector.id, &case.visit(visit).id);
            let says = format!(
                "{id} is sent on visit {visit_id} to {}, which {lies}; {id} serves {}",
                place.id,
                served.join(", ")
            );
            found.push(Violation { rule: NAME, visits: vec![visit], inspectors: vec![who], says });
        }
        found
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
