//! The team together has every skill and language that the visit asks for.
//!
//! # Says
//! For each skill or language that a visit asks for, at least one member of its team has it, among
//! their skills or their languages. One member may bring several. Upper and lower case do not
//! matter. A person with a waiver counts as having every one of them on that visit.
//!
//! # Why
//! A team that can't read the papers, or can't speak with the workers without the employer's
//! interpreter, has not inspected.
//!
//! # Passes
//! The visit asks for diving and Georgian; Ana dives and Ben speaks Georgian.
//!
//! # Breaks
//! The visit asks for diving and Georgian; Ana and Ben both dive and neither speaks Georgian.
//!
//! # Source
//! ILO Convention 81, art. 9: technical experts and specialists take part in the work of inspection.

use std::collections::BTreeMap;

use super::seats::{Waived, named};
use super::words::{among, folded, same};
use super::{Check, Chosen, Entry, Found, Held, Need, Reach, Rule, Sent, Shape, Violation};
use crate::model::{Case, Inspector, InspectorId, VisitId};

const NAME: &str = "skills";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::TeamRule,
    enabled: true,
    waivable: true,
    parameters: &[],
    later: &[],
    text: include_str!("skills.rs"),
    make: |_chosen: &Chosen| Box::new(Skills),
};

struct Skills;

impl Rule for Skills {
    fn needs(&self, case: &Case, visit: VisitId) -> Vec<Need> {
        let mut needs: Vec<Need> = Vec::new();
        for asked in &case.visit(visit).skills {
            if !needs.iter().any(|need| same(&need.quality, asked)) {
                needs.push(Need { quality: asked.clone(), at_least: 1 });
            }
        }
        needs
    }

    fn has(&self, case: &Case, inspector: InspectorId, quality: &str) -> bool {
        let inspector = case.inspector(inspector);
        among(&inspector.skills, quality) || among(&inspector.languages, quality)
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut asked = Vec::with_capacity(case.visits.len());
        for visit in &case.visits {
            let number = |skill: &'c String| {
                let next = numbers.len();
                (*numbers.entry(folded(skill)).or_insert(next), skill.as_str())
            };
            asked.push(visit.skills.iter().map(number).collect::<Vec<_>>());
        }
        let number = |skill: &String| numbers.get(&folded(skill)).copied();
        let skilled = |of: &Inspector| of.skills.iter().chain(&of.languages).filter_map(number).collect();
        let skilled = case.inspectors.iter().map(skilled).collect();
        let any = !numbers.is_empty();
        any.then(|| Box::new(Asked { case, waived: Waived::of(case, NAME), asked, skilled }) as Box<dyn Check>)
    }
}

/// What every visit asks for, and who has it. Each skill that somebody asks for has a number.
struct Asked<'c> {
    case: &'c Case,
    waived: Waived,
    /// By visit.
    asked: Vec<Vec<(usize, &'c str)>>,
    /// By person.
    skilled: Vec<Vec<usize>>,
}

impl Check for Asked<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for sent in held.visits() {
            for (number, asked) in &self.asked[sent.visit().index()] {
                let has = |who: &InspectorId| self.skilled[who.index()].contains(number);
                if !sent.team.iter().any(|who| has(who) || self.waived.lifts(sent.visit(), *who)) {
                    found.tell(|| self.violation(sent, asked));
                }
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }
}

impl Asked<'_> {
    fn violation(&self, sent: Sent, asked: &str) -> Violation {
        let (id, who) = (&self.case.visit(sent.visit()).id, named(self.case, sent.team));
        let says = format!("visit {id} asks for {asked}, and nobody of its team ({who}) has it");
        Violation { rule: NAME, visits: vec![sent.visit()], inspectors: sent.team.to_vec(), says }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        inspector ana skills=Diving|fire
        inspector ben languages=ქართული|Ελληνικά
        inspector cem skills=diving
        places p1
        visit plain p1
        visit one p1 skills=diving
        visit two p1 skills=diving|fire
        visit talk p1 skills=diving|ქართული
        visit greek p1 skills=ΕΛΛΗΝΙΚΆ
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("skills", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn a_visit_that_asks_for_nothing_passes() {
        assert!(says("plan plain 2027-01-04 am ben cem").is_empty());
    }

    #[test]
    fn one_member_may_bring_several() {
        assert!(says("plan two 2027-01-04 am ana ben").is_empty());
    }

    #[test]
    fn skills_and_languages_of_the_whole_team_count() {
        assert!(says("plan talk 2027-01-04 am ben cem").is_empty());
    }

    #[test]
    fn each_one_that_nobody_has_breaks() {
        let found = says("plan talk 2027-01-04 am ana cem");
        assert_eq!(found, ["visit talk asks for ქართული, and nobody of its team (ana, cem) has it"]);
        assert_eq!(says("plan two 2027-01-04 am ben").len(), 2);
    }

    #[test]
    fn upper_and_lower_case_do_not_matter_in_any_script() {
        assert!(says("plan one 2027-01-04 am ana ben").is_empty());
        assert!(says("plan greek 2027-01-04 am ana ben").is_empty());
    }

    #[test]
    fn a_waiver_counts_as_having_them_all_on_that_visit() {
        let plan = "plan talk 2027-01-04 am ana cem\nplan greek 2027-01-05 am ana cem";
        assert_eq!(says(plan).len(), 2);
        assert_eq!(says(&format!("waiver skills talk cem\n{plan}")).len(), 1);
    }
}
