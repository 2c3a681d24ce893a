//! Every team has as many women and men as its visit calls for.
//!
//! # Says
//! A team has at least `women` women and `men` men. Where the establishment has one of the `tags`, it
//! has at least `tag_women` women and `tag_men` men. Where the visit itself asks for women it has at
//! least so many. The greatest of these numbers holds; they are not added up. A person whose gender
//! the roster does not give, or gives as neither, counts as neither. A person with a waiver counts as both on that visit.
//!
//! # Why
//! Victims of trafficking, and women who live or work in a place, must be able to speak with a woman;
//! a mixed team can search everywhere, and is harder to accuse.
//!
//! # Passes
//! The shelter is tagged `women`, and `tags = ["women"]`. Ana, a woman, goes with Ben.
//!
//! # Breaks
//! Ben and Cem, two men, go to the shelter.
//!
//! # Source
//! India, Immoral Traffic (Prevention) Act, s. 15(2): at least one of the witnesses of a search is a
//! woman; s. 15(6A): at least two women police officers.

use super::seats::{Waived, named};
use super::words::among;
use super::{Check, Chosen, Column, Entry, Found, Held, Need, Parameter, Reach, Rule, Sent, Shape, Value, Violation};
use crate::model::{Case, Gender, InspectorId, VisitId};

const NAME: &str = "gender-mix";
/// Each gender that the rule counts: its quality, and the word for several.
const COUNTED: [(Gender, &str, &str); 2] = [(Gender::Woman, "woman", "women"), (Gender::Man, "man", "men")];

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::TeamRule,
    enabled: true,
    waivable: true,
    parameters: &[
        Parameter { name: "women", value: Value::Number(0, 0, 8), says: "women that every team has at least" },
        Parameter { name: "men", value: Value::Number(0, 0, 8), says: "men that every team has at least" },
        Parameter {
            name: "tags",
            value: Value::List(&[], Column::Tag),
            says: "tags of establishments to which `tag_women` and `tag_men` apply",
        },
        Parameter {
            name: "tag_women",
            value: Value::Number(1, 0, 8),
            says: "women that a team at a tagged establishment has at least",
        },
        Parameter {
            name: "tag_men",
            value: Value::Number(0, 0, 8),
            says: "men that a team at a tagged establishment has at least",
        },
    ],
    later: &[],
    text: include_str!("gender_mix.rs"),
    make: |chosen: &Chosen| {
        Box::new(GenderMix {
            every: [chosen.count("women"), chosen.count("men")],
            tags: chosen.list("tags").to_vec(),
            tagged: [chosen.count("tag_women"), chosen.count("tag_men")],
        })
    },
};

/// Women and men, in this order.
type Numbers = [usize; 2];

struct GenderMix {
    every: Numbers,
    tags: Vec<String>,
    tagged: Numbers,
}

impl GenderMix {
    fn asked(&self, case: &Case, visit: VisitId) -> Numbers {
        let tagged = case.place_of(visit).tags.iter().any(|tag| among(&self.tags, tag));
        let tagged = if tagged { self.tagged } else { [0, 0] };
        let own = [case.visit(visit).min_women.map_or(0, |women| women as usize), 0];
        [0, 1].map(|at| self.every[at].max(tagged[at]).max(own[at]))
    }
}

impl Rule for GenderMix {
    fn needs(&self, case: &Case, visit: VisitId) -> Vec<Need> {
        let asked = self.asked(case, visit).into_iter().zip(COUNTED);
        let asked = asked.filter(|(number, _)| *number > 0);
        asked.map(|(number, (_, quality, _))| Need { quality: quality.to_owned(), at_least: number }).collect()
    }

    fn has(&self, case: &Case, inspector: InspectorId, quality: &str) -> bool {
        let gender = case.inspector(inspector).gender;
        COUNTED.iter().any(|(counted, word, _)| gender == Some(*counted) && *word == quality)
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let asked: Vec<_> = case.visit_ids().map(|visit| self.asked(case, visit)).collect();
        let any = asked.iter().any(|numbers| *numbers != [0, 0]);
        let genders = case.inspectors.iter().map(|inspector| inspector.gender).collect();
        any.then(|| Box::new(Asked { case, waived: Waived::of(case, NAME), asked, genders }) as Box<dyn Check>)
    }
}

/// What every visit asks for, and who is what.
struct Asked<'c> {
    case: &'c Case,
    waived: Waived,
    /// By visit.
    asked: Vec<Numbers>,
    /// By person.
    genders: Vec<Option<Gender>>,
}

impl Check for Asked<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for sent in held.visits() {
            let asked = self.asked[sent.visit().index()];
            for (asked, (gender, _, words)) in asked.into_iter().zip(COUNTED).filter(|(asked, _)| *asked > 0) {
                let is = |who: &&InspectorId| {
                    self.genders[who.index()] == Some(gender) || self.waived.lifts(sent.visit(), **who)
                };
                let have = sent.team.iter().filter(is).count();
                if have < asked {
                    found.tell(|| self.violation(sent, have, words, asked));
                }
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }
}

impl Asked<'_> {
    fn violation(&self, sent: Sent, have: usize, words: &str, asked: usize) -> Violation {
        let (id, who) = (&self.case.visit(sent.visit()).id, named(self.case, sent.team));
        let says = format!("the team of visit {id} ({who}) has {have} {words} and needs {asked}");
        Violation { rule: NAME, visits: vec![sent.visit()], inspectors: sent.team.to_vec(), says }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        inspector ana woman
        inspector ben man
        inspector cem man
        inspector dea
        inspector eli other
        inspector fay woman
        place mill
        place home tags=Shelter|night
        visit plain mill
        visit asks mill women=2
        visit tagged home
        visit both home women=2
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("gender-mix", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn nothing_is_asked_unless_somebody_asks() {
        assert!(says("plan plain 2027-01-04 am ben cem\nplan tagged 2027-01-04 pm ben cem").is_empty());
    }

    #[test]
    fn a_visit_asks_for_women() {
        assert!(says("plan asks 2027-01-04 am ana fay").is_empty());
        let found = says("plan asks 2027-01-04 am ana ben");
        assert_eq!(found, ["the team of visit asks (ana, ben) has 1 women and needs 2"]);
    }

    #[test]
    fn a_tag_asks_for_one_woman_however_it_is_written() {
        let tags = "set gender-mix.tags [shelter]";
        assert!(
            says(&format!("{tags}\nplan tagged 2027-01-04 am ana ben\nplan plain 2027-01-05 am ben cem")).is_empty()
        );
        let found = says(&format!("{tags}\nplan tagged 2027-01-04 am ben cem"));
        assert_eq!(found, ["the team of visit tagged (ben, cem) has 0 women and needs 1"]);
    }

    #[test]
    fn numbers_are_not_added_up() {
        let lines = "set gender-mix.tags [shelter]\nset gender-mix.women 1\nplan both 2027-01-04 am ana fay";
        assert!(says(lines).is_empty());
    }

    #[test]
    fn a_person_of_no_stated_gender_counts_as_neither() {
        let lines = "set gender-mix.women 1\nset gender-mix.men 1\nplan plain 2027-01-04 am dea eli";
        let found = says(lines);
        assert_eq!(
            found,
            [
                "the team of visit plain (dea, eli) has 0 women and needs 1",
                "the team of visit plain (dea, eli) has 0 men and needs 1"
            ]
        );
    }

    #[test]
    fn a_waiver_counts_as_either() {
        let lines = "set gender-mix.women 1\nset gender-mix.men 1\nplan plain 2027-01-04 am dea eli";
        assert!(says(&format!("{lines}\nwaiver gender-mix plain dea")).is_empty());
    }
}
