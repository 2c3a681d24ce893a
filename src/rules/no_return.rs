//! Nobody of the last team comes to the next visit of a place.
//!
//! # Says
//! The team of a visit has no member of the last team (or of the last so many teams) that came to the
//! establishment or, if the policy says so, to any establishment of its owner. Everybody whom history
//! records there on one day is one team; every planned visit has a team of its own, and what is
//! planned for a day comes after what history records of that day. A follow-up may bring people
//! back who know the case, as long as at least one member is new. A person with a waiver for the
//! visit counts as new. A place without an owner stands for itself.
//!
//! # Why
//! Who knows who will come can bribe in advance; who was bribed once must not be the one who looks again.
//!
//! # Passes
//! Ana and Ben came in December; in January Cem and Dia come.
//!
//! # Breaks
//! Ana and Ben came in December; in January Ana comes with Cem.
//!
//! # Source
//! India, State Reform Action Plan, reform 206(iii): the same inspector never inspects the same
//! establishment twice in a row. UN paper of July 2023, para. 47.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use smallvec::SmallVec;

use super::seats::Waived;
use super::shared::{Moment, Scope, past_teams};
use super::{Bar, Check, Chosen, Entry, Found, Guard, Held, Parameter, Reach, Rule, Shape, Target, Value, Violation};
use crate::model::{Case, EstablishmentId, InspectorId, Kind, VisitId};

mod memory;

const NAME: &str = "no-return";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Limit,
    enabled: true,
    waivable: true,
    parameters: &[
        Parameter { name: "teams", value: Value::Number(1, 1, 50), says: "how many of the last teams stay away" },
        Parameter {
            name: "scope",
            value: Value::Choice("establishment", &["establishment", "owner"]),
            says: "whose last teams: those of the establishment, or of all that have the same owner",
        },
        Parameter {
            name: "follow_up",
            value: Value::Choice("new-member", &["new-member", "forbid", "allow"]),
            says: "a follow-up needs one new member, or may bring nobody back, or anybody",
        },
    ],
    later: &[],
    text: include_str!("no_return.rs"),
    make: |chosen: &Chosen| {
        Box::new(NoReturn {
            teams: chosen.count("teams"),
            by_owner: chosen.choice("scope") == "owner",
            follow_up: match chosen.choice("follow_up") {
                "forbid" => Demand::AllNew,
                "allow" => Demand::Nothing,
                _ => Demand::OneNew,
            },
        })
    },
};

#[derive(Clone, Copy)]
struct NoReturn {
    teams: usize,
    by_owner: bool,
    follow_up: Demand,
}

/// What a visit asks of its team.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demand {
    AllNew,
    OneNew,
    Nothing,
}

impl NoReturn {
    fn demand(&self, case: &Case, visit: VisitId) -> Demand {
        if case.visit(visit).kind == Kind::FollowUp { self.follow_up } else { Demand::AllNew }
    }

    fn scope<'c>(&self, case: &'c Case, place: EstablishmentId) -> Scope<'c> {
        Scope::of(case, place, self.by_owner)
    }

    fn scope_of<'c>(&self, case: &'c Case, visit: VisitId) -> Scope<'c> {
        self.scope(case, case.visit(visit).establishment)
    }
}

impl Rule for NoReturn {
    /// What history alone says of the places with one visit: nothing planned can change it.
    fn bars<'c>(&self, case: &'c Case) -> Vec<Bar<'c>> {
        let mut bars = Vec::new();
        for known in memory::known(self, case) {
            let [visit] = known.visits[..] else { continue };
            if self.demand(case, visit) == Demand::AllNew {
                bars.extend(self.bars_of_one(case.visit(visit).establishment, &known.past));
            }
        }
        bars
    }

    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        memory::of(self, case)
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        Some(Box::new(Returns { rule: *self, case, waived: Waived::of(case, NAME), scopes: self.scopes(case) }))
    }
}

/// What every scope with a visit remembers.
struct Returns<'c> {
    rule: NoReturn,
    case: &'c Case,
    waived: Waived,
    scopes: Vec<Remembered>,
}

/// The visits of one scope, and everybody whom history records there on a day; by date.
#[derive(Default)]
struct Remembered {
    visits: Vec<VisitId>,
    past: Vec<(NaiveDate, SmallVec<[InspectorId; 4]>)>,
}

/// A team that came or comes.
#[derive(Clone, Copy)]
struct Event<'e> {
    when: Moment,
    team: &'e [InspectorId],
}

impl NoReturn {
    fn scopes(&self, case: &Case) -> Vec<Remembered> {
        let mut scopes: BTreeMap<Scope, Remembered> = BTreeMap::new();
        for visit in case.visit_ids() {
            scopes.entry(self.scope_of(case, visit)).or_default().visits.push(visit);
        }
        for team in past_teams(&case.history) {
            let Some(scope) = scopes.get_mut(&self.scope(case, team.place)) else { continue };
            match scope.past.last_mut().filter(|(date, _)| *date == team.date) {
                Some((_, one)) => one.extend(team.members),
                None => scope.past.push((team.date, team.members)),
            }
        }
        scopes.into_values().collect()
    }
}

impl Check for Returns<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        let mut events: SmallVec<[Event; 8]> = SmallVec::new();
        for scope in &self.scopes {
            let sent = scope.visits.iter().filter_map(|visit| held.visit(*visit));
            events.clear();
            events.extend(sent.map(|sent| Event { when: sent.start.moment(), team: sent.team }));
            events.sort_unstable_by_key(|event| event.when);
            let (Some(first), Some(last)) = (events.first(), events.last()) else { continue };
            // Of the past, what comes between the visits, and as many teams before them as are looked back at.
            let from = scope.past.partition_point(|(date, _)| *date <= first.when.0).saturating_sub(self.rule.teams);
            let to = scope.past.partition_point(|(date, _)| *date <= last.when.0);
            let past = &scope.past[from..to];
            events.extend(past.iter().map(|(date, team)| Event { when: (*date, None), team }));
            events.sort_unstable_by_key(|event| event.when);
            self.check_scope(&events, found);
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }

    fn ties(&self) -> Vec<Vec<VisitId>> {
        self.scopes.iter().map(|scope| scope.visits.clone()).collect()
    }
}

impl Returns<'_> {
    fn check_scope(&self, events: &[Event], found: &mut Found) {
        for (at, event) in events.iter().enumerate() {
            let Some((_, visit)) = event.when.1 else { continue };
            let last = &events[at.saturating_sub(self.rule.teams)..at];
            let seen = |who: &InspectorId| last.iter().rev().find(|earlier| earlier.team.contains(who)).copied();
            let back = |who: &InspectorId| Some((*who, seen(who).filter(|_| !self.waived.lifts(visit, *who))?));
            let returned: SmallVec<[(InspectorId, Event); 2]> = event.team.iter().filter_map(back).collect();
            if returned.is_empty() {
                continue;
            }
            match self.rule.demand(self.case, visit) {
                Demand::AllNew => {
                    returned.iter().for_each(|(who, earlier)| found.tell(|| self.back(visit, event, *who, earlier)));
                }
                Demand::OneNew if returned.len() == event.team.len() => {
                    found.tell(|| self.nobody_new(visit, event, &returned));
                }
                _ => {}
            }
        }
    }

    fn back(&self, visit: VisitId, event: &Event, who: InspectorId, earlier: &Event) -> Violation {
        let says = format!("{} returns {}", self.case.inspector(who).id, self.whither(visit, event));
        let says = format!("{says}; was there {}", when(self.case, earlier));
        Violation { rule: NAME, visits: vec![visit], inspectors: vec![who], says }
    }

    fn nobody_new(&self, visit: VisitId, event: &Event, returned: &[(InspectorId, Event)]) -> Violation {
        let told = |(who, earlier): &(InspectorId, Event)| {
            format!("{} was there {}", self.case.inspector(*who).id, when(self.case, earlier))
        };
        let told = returned.iter().map(told).collect::<Vec<_>>().join(", ");
        let says = format!("nobody is new {}: {told}", self.whither(visit, event));
        Violation { rule: NAME, visits: vec![visit], inspectors: event.team.to_vec(), says }
    }

    fn whither(&self, visit: VisitId, event: &Event) -> String {
        let place = self.case.place_of(visit);
        let owner = match self.rule.scope_of(self.case, visit) {
            Scope::Owner(owner) => format!(" of {owner}"),
            Scope::Place(_) => String::new(),
        };
        format!("to {}{owner} with visit {} on {}", place.id, self.case.visit(visit).id, event.when.0)
    }
}

fn when(case: &Case, event: &Event) -> String {
    match event.when.1 {
        Some((_, visit)) => format!("on {} with visit {}", event.when.0, case.visit(visit).id),
        None => format!("on {} (history)", event.when.0),
    }
}

impl NoReturn {
    /// From the day of each team on until so many others have come.
    fn bars_of_one<'c>(&self, place: EstablishmentId, past: &[(NaiveDate, Vec<InspectorId>)]) -> Vec<Bar<'c>> {
        let mut bars = Vec::new();
        for (at, (date, team)) in past.iter().enumerate() {
            let to = past.get(at + self.teams).and_then(|(next, _)| next.pred_opt());
            bars.extend(team.iter().map(|who| Bar {
                inspector: Some(*who),
                target: Target::Establishment(place),
                from: Some(*date),
                to,
            }));
        }
        bars
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{broken, violations};

    const CASE: &str = "
        inspectors ana ben cem dea eli
        place p1 owner=O
        place p2 owner=O
        place p3
        visit v1 p1
        visit v2 p1
        visit v3 p1
        visit f1 p2 kind=follow-up
        visit w1 p3
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("no-return", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn a_visit_of_another_agency_lets_nobody_back() {
        let case = "inspectors ana ben cem dea\nplaces p1\nvisit v1 p1\nhistory 2026-12-01 p1 ana ben";
        let plan = "plan v1 2027-01-04 am ana cem";
        for between in ["agency=tax", "others=t7|t8 agency=tax"] {
            assert_eq!(broken("no-return", &format!("{case}\nhistory 2026-12-10 p1 {between}\n{plan}")).len(), 1);
        }
        assert!(broken("no-return", &format!("{case}\nhistory 2026-12-10 p1 dea agency=tax\n{plan}")).is_empty());
    }

    #[test]
    fn new_people_pass_and_so_does_a_place_without_a_past() {
        assert!(says("history 2026-12-01 p3 ana ben\nplan w1 2027-01-04 am cem dea").is_empty());
        assert!(says("plan w1 2027-01-04 am ana ben").is_empty());
    }

    #[test]
    fn a_member_of_the_last_team_breaks_with_the_day_of_that_visit() {
        let found = says("history 2026-12-01 p3 ana ben\nplan w1 2027-01-04 am ana cem");
        assert_eq!(found, ["ana returns to p3 with visit w1 on 2027-01-04; was there on 2026-12-01 (history)"]);
    }

    #[test]
    fn lines_of_one_day_are_one_team() {
        let past = "history 2026-11-02 p3 ana\nhistory 2026-12-01 p3 ben\nhistory 2026-12-01 p3 cem";
        assert_eq!(says(&format!("{past}\nplan w1 2027-01-04 am ben cem")).len(), 2);
        assert!(says(&format!("{past}\nplan w1 2027-01-04 am ana dea")).is_empty());
    }

    #[test]
    fn a_team_of_strangers_pushes_an_older_team_back() {
        let past = "history 2026-11-02 p3 ana ben\nhistory 2026-12-01 p3 others=zoe|yan";
        assert!(says(&format!("{past}\nplan w1 2027-01-04 am ana ben")).is_empty());
    }

    #[test]
    fn what_is_planned_counts_and_the_later_visit_is_the_one_that_breaks() {
        let lines = "plan v2 2027-01-04 am ana ben\nplan v1 2027-01-05 am ben cem";
        let found = violations("no-return", &format!("{CASE}\n{lines}"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].visits, [crate::model::VisitId(1)]);
        assert_eq!(
            found[0].says,
            "ben returns to p1 with visit v1 on 2027-01-05; was there on 2027-01-04 with visit v2"
        );
    }

    #[test]
    fn a_visit_between_two_others_makes_the_return_lawful() {
        let lines = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 pm cem dea\nplan v3 2027-01-05 am ana ben";
        assert!(says(lines).is_empty());
        assert_eq!(says(&format!("set no-return.teams 2\n{lines}")).len(), 2);
    }

    #[test]
    fn history_of_the_same_day_comes_before_the_plan_and_later_history_is_not_looked_at() {
        assert_eq!(says("history 2027-01-05 p3 ana ben\nplan w1 2027-01-05 am ana cem").len(), 1);
        assert!(says("history 2027-01-06 p3 ana ben\nplan w1 2027-01-05 am ana cem").is_empty());
    }

    #[test]
    fn a_follow_up_needs_one_new_member() {
        let past = "history 2026-12-01 p2 ana ben";
        assert!(says(&format!("{past}\nplan f1 2027-01-04 am ana cem")).is_empty());
        let expected = "nobody is new to p2 with visit f1 on 2027-01-04: \
                        ana was there on 2026-12-01 (history), ben was there on 2026-12-01 (history)";
        assert_eq!(says(&format!("{past}\nplan f1 2027-01-04 am ana ben")), [expected]);
    }

    #[test]
    fn the_policy_may_forbid_or_allow_what_a_follow_up_does() {
        let lines = "history 2026-12-01 p2 ana ben\nplan f1 2027-01-04 am ana cem";
        assert_eq!(says(&format!("set no-return.follow_up forbid\n{lines}")).len(), 1);
        let all = "history 2026-12-01 p2 ana ben\nplan f1 2027-01-04 am ana ben";
        assert!(says(&format!("set no-return.follow_up allow\n{all}")).is_empty());
    }

    #[test]
    fn the_places_of_an_owner_are_one_where_the_policy_says_so() {
        let lines = "history 2026-12-01 p2 ana ben\nplan v1 2027-01-04 am ana cem";
        assert!(says(lines).is_empty());
        let found = says(&format!("set no-return.scope owner\n{lines}"));
        assert_eq!(found, ["ana returns to p1 of O with visit v1 on 2027-01-04; was there on 2026-12-01 (history)"]);
        let alone = "set no-return.scope owner\nhistory 2026-12-01 p3 ana ben\nplan w1 2027-01-04 am ana cem";
        assert_eq!(says(alone).len(), 1, "a place without an owner stands for itself");
    }

    #[test]
    fn a_waiver_makes_a_person_new() {
        let past = "history 2026-12-01 p3 ana ben\nhistory 2026-12-01 p2 ana ben";
        assert!(says(&format!("{past}\nwaiver no-return w1 ana\nplan w1 2027-01-04 am ana cem")).is_empty());
        assert!(says(&format!("{past}\nwaiver no-return f1 ana\nplan f1 2027-01-04 am ana ben")).is_empty());
    }
}
