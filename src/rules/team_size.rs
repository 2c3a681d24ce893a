//! Every visit has its team: as many inspectors as it asks for, never one alone.
//!
//! # Says
//! A team has as many members as the visit asks for, and as the policy says where the visit does
//! not. It is never fewer than two and never more than eight: a visit that asks for one, or for nine,
//! can't be staffed. No waiver lifts this rule, and no policy turns it off.
//!
//! # Why
//! One inspector alone can be bribed, threatened or accused with nobody to tell otherwise. Beyond
//! eight it is several visits, and each should have its own lead.
//!
//! # Passes
//! Ana and Ben go on a visit that asks for nothing; four people go on a raid that asks for four.
//!
//! # Breaks
//! Ana goes alone. Three people go on a raid that asks for four.
//!
//! # Source
//! UN paper of July 2023, para. 47: inspections in pairs. Albania's labour inspectorate: no inspection
//! is ever carried out by one inspector; the team has two or more. China's double-random checks: not
//! fewer than two.

use chrono::NaiveDate;

use super::seats::named;
use super::{Check, Chosen, Entry, Found, Held, Parameter, Reach, Rule, Sent, Shape, Value, Violation};
use crate::model::{Case, SlotId, VisitId};

const NAME: &str = "team-size";
const LEAST: usize = 2;
const MOST: usize = 8;

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::TeamRule,
    enabled: true,
    waivable: false,
    parameters: &[Parameter {
        name: "size",
        value: Value::Number(2, LEAST as i64, MOST as i64),
        says: "people in the team of a visit that does not say how many",
    }],
    later: &[],
    text: include_str!("team_size.rs"),
    make: |chosen: &Chosen| Box::new(TeamSize { size: chosen.count("size") }),
};

struct TeamSize {
    size: usize,
}

impl TeamSize {
    fn asked(&self, case: &Case, visit: VisitId) -> usize {
        case.visit(visit).team_size.map_or(self.size, |size| size as usize)
    }
}

impl Rule for TeamSize {
    fn team_size(&self, case: &Case, visit: VisitId) -> Option<usize> {
        Some(self.asked(case, visit))
    }

    /// A visit that asks for a team that can't be is closed at all times.
    fn closed(&self, case: &Case, visit: VisitId, _date: NaiveDate, _slot: SlotId) -> bool {
        !(LEAST..=MOST).contains(&self.asked(case, visit))
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let asked = case.visit_ids().map(|visit| self.asked(case, visit)).collect();
        Some(Box::new(Sizes { case, asked }))
    }
}

/// How many people each visit asks for.
struct Sizes<'c> {
    case: &'c Case,
    asked: Vec<usize>,
}

impl Check for Sizes<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for sent in held.visits() {
            let asked = self.asked[sent.visit().index()];
            if sent.team.len() != asked || !(LEAST..=MOST).contains(&asked) {
                found.tell(|| self.violation(sent, asked));
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }
}

impl Sizes<'_> {
    fn violation(&self, sent: Sent, asked: usize) -> Violation {
        let (id, have) = (&self.case.visit(sent.visit()).id, sent.team.len());
        let who = named(self.case, sent.team);
        let says = if have == asked {
            format!("visit {id} has a team of {have} ({who}); a team has {LEAST} to {MOST} members")
        } else {
            format!("visit {id} has a team of {have} ({who}) and asks for {asked}")
        };
        Violation { rule: NAME, visits: vec![sent.visit()], inspectors: sent.team.to_vec(), says }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        inspectors ana ben cem dea eli fay gus hal ian
        places p1
        visit pair p1
        visit raid p1 kind=raid size=4
        visit alone p1 size=1
        visit crowd p1 size=9
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("team-size", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn a_pair_and_a_raid_as_large_as_asked_pass() {
        assert!(says("plan pair 2027-01-04 am ana ben\nplan raid 2027-01-04 pm ana ben cem dea").is_empty());
    }

    #[test]
    fn one_inspector_alone_breaks() {
        assert_eq!(says("plan pair 2027-01-04 am ana"), ["visit pair has a team of 1 (ana) and asks for 2"]);
    }

    #[test]
    fn one_person_too_few_or_too_many_breaks() {
        let few = says("plan raid 2027-01-04 am ana ben cem");
        assert_eq!(few, ["visit raid has a team of 3 (ana, ben, cem) and asks for 4"]);
        let many = says("plan pair 2027-01-04 am ana ben cem");
        assert_eq!(many, ["visit pair has a team of 3 (ana, ben, cem) and asks for 2"]);
    }

    #[test]
    fn the_policy_says_how_many_where_the_visit_does_not() {
        let set = "set team-size.size 3";
        assert!(says(&format!("{set}\nplan pair 2027-01-04 am ana ben cem")).is_empty());
        assert_eq!(says(&format!("{set}\nplan pair 2027-01-04 am ana ben")).len(), 1);
        assert!(says(&format!("{set}\nplan raid 2027-01-04 am ana ben cem dea")).is_empty());
    }

    #[test]
    fn a_visit_that_asks_for_one_or_for_nine_is_never_staffed() {
        let one = says("plan alone 2027-01-04 am ana");
        assert_eq!(one, ["visit alone has a team of 1 (ana); a team has 2 to 8 members"]);
        assert_eq!(says("plan crowd 2027-01-04 am ana ben cem dea eli fay gus hal ian").len(), 1);
        assert_eq!(says("plan alone 2027-01-04 am ana ben").len(), 1);
    }

    #[test]
    fn no_waiver_lifts_it() {
        assert_eq!(says("waiver team-size pair ana\nplan pair 2027-01-04 am ana").len(), 1);
    }
}
