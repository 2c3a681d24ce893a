//! An inspector keeps one partner for the whole duty period.
//!
//! # Says
//! Of any two visits that an inspector has in one duty period (a visit, a day, or a calendar week), one
//! team has all the members of the other: a pair stays a pair, and may be joined by others for a
//! raid. What history records in the same duty period counts, with the people whom the roster no longer
//! has, and comes before everything planned. Of two planned visits the later one
//! breaks the rule, and a waiver for it lifts the rule for that person. With the visit as duty period
//! the rule asks nothing.
//!
//! # Why
//! Two people who change partners at noon tell each other's secrets by evening; and a pair shares a car.
//!
//! # Passes
//! Ana and Ben go together on Monday morning and on Monday afternoon.
//!
//! # Breaks
//! Ana goes with Ben on Monday morning and with Cem in the afternoon.
//!
//! # Source
//! UN paper of July 2023, para. 47 (pairs). With 24 people a new pair for every visit has used up all 276 pairs
//! in little more than two weeks (Wake County, 119 visits a week); a pair a week lasts 23 weeks.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use smallvec::SmallVec;

use super::seats::Waived;
use super::shared::{DutyPeriod, Moment, Past, PastTeam, past_teams, within};
use super::{
    Board, Check, Chosen, Clash, Entry, Found, Guard, Held, Parameter, Place, Question, Reach, Rule, Shape, Start,
    Value, Violation,
};
use crate::model::{Case, InspectorId, VisitId};

const NAME: &str = "one-partner";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Limit,
    enabled: true,
    waivable: true,
    parameters: &[Parameter {
        name: "duty",
        value: Value::Choice("day", DutyPeriod::WORDS),
        says: "the duty period: how long an inspector keeps one partner",
    }],
    later: &[],
    text: include_str!("one_partner.rs"),
    make: |chosen: &Chosen| Box::new(OnePartner { duty: DutyPeriod::read(chosen.choice("duty")) }),
};

struct OnePartner {
    duty: DutyPeriod,
}

/// Everybody on one visit: who is on the roster, in order, and whom only history knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct People {
    members: Vec<InspectorId>,
    others: Vec<String>,
}

impl People {
    fn of_past(team: &PastTeam) -> Self {
        let others = team.others.iter().map(|id| (*id).to_owned()).collect();
        Self { members: team.members.to_vec(), others }
    }

    fn of_plan(team: &[InspectorId]) -> Self {
        Self { members: team.to_vec(), others: Vec::new() }
    }

    /// Whether all of one are among the other.
    fn nested(&self, other: &Self) -> bool {
        let (few, many) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        few.members.iter().all(|who| many.members.contains(who)) && few.others.iter().all(|id| many.others.contains(id))
    }

    fn len(&self) -> usize {
        self.members.len() + self.others.len()
    }
}

impl OnePartner {
    fn no_limit(&self) -> bool {
        self.duty == DutyPeriod::Visit
    }
}

impl Rule for OnePartner {
    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        if self.no_limit() {
            return None;
        }
        let (from, to) = (self.duty.first_day(case.period.from), self.duty.last_day(case.period.to));
        let mut past: BTreeMap<_, Vec<People>> = BTreeMap::new();
        for team in past_teams(within(&case.history, from, to)) {
            let people = People::of_past(&team);
            for who in &team.members {
                past.entry((*who, self.duty.first_day(team.date))).or_default().push(people.clone());
            }
        }
        Some(Box::new(Partners { duty: self.duty, waived: Waived::of(case, NAME), past }))
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let duties = || Duties { duty: self.duty, case, waived: Waived::of(case, NAME), past: Past::of(case) };
        (!self.no_limit()).then(|| Box::new(duties()) as Box<dyn Check>)
    }
}

/// Who served with whom in the past.
struct Duties<'c> {
    duty: DutyPeriod,
    case: &'c Case,
    waived: Waived,
    past: Past<'c>,
}

impl Check for Duties<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        let numbers = |start: &Start| self.duty.numbers(start.day);
        for (who, starts) in held.people() {
            for duty in starts.chunk_by(|a, b| numbers(a) == numbers(b)) {
                let (first, last) = numbers(&duty[0]);
                let past = self.past.teams_of(who, first, last);
                let differ = || {
                    let team = held.team(duty[0].visit);
                    duty[1..].iter().any(|start| held.team(start.visit) != team)
                };
                // Most people have one visit in a duty period, or one team, and need no closer look.
                if past.len() > 0 || (duty.len() > 1 && differ()) {
                    let past = past.map(|past| ((past.date, None), People::of_past(past)));
                    let planned = duty.iter().map(|start| (start.moment(), People::of_plan(held.team(start.visit))));
                    self.check_duty(who, &past.chain(planned).collect::<Vec<_>>(), found);
                }
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Weeks
    }
}

impl Duties<'_> {
    /// One violation for each visit that does not go with an earlier one or with history, which stands first.
    fn check_duty(&self, who: InspectorId, duty: &[(Moment, People)], found: &mut Found) {
        let mut seen: Vec<&(Moment, People)> = Vec::new();
        for here in duty {
            let clash = seen.iter().find(|earlier| !earlier.1.nested(&here.1));
            if let (Some(earlier), Some((_, visit))) = (clash, here.0.1)
                && !self.waived.lifts(visit, who)
            {
                found.tell(|| violation(self.case, who, earlier, here, visit));
            }
            // A team seen before says nothing new.
            if !seen.iter().any(|earlier| earlier.1 == here.1) {
                seen.push(here);
            }
        }
    }
}

fn violation(
    case: &Case,
    who: InspectorId,
    earlier: &(Moment, People),
    here: &(Moment, People),
    visit: VisitId,
) -> Violation {
    let with = |people: &People| {
        let members = people.members.iter().filter(|member| **member != who);
        let members = members.map(|member| case.inspector(*member).id.as_str());
        let names: Vec<_> = members.chain(people.others.iter().map(String::as_str)).collect();
        if names.is_empty() { "nobody".to_owned() } else { names.join(" and ") }
    };
    let before = match earlier.0.1 {
        Some((_, before)) => format!("on visit {}", case.visit(before).id),
        None => "(history)".to_owned(),
    };
    let says = format!(
        "{} serves with {} on {} {before}, and with {} on {} on visit {}",
        case.inspector(who).id,
        with(&earlier.1),
        earlier.0.0,
        with(&here.1),
        here.0.0,
        case.visit(visit).id,
    );
    Violation { rule: NAME, visits: vec![visit], inspectors: vec![who], says }
}

/// What history has settled in the duty periods of the plan; the board knows the rest.
struct Partners {
    duty: DutyPeriod,
    waived: Waived,
    past: BTreeMap<(InspectorId, NaiveDate), Vec<People>>,
}

impl Guard for Partners {
    fn answers(&self, question: Question) -> bool {
        question == Question::Team
    }

    fn team(&self, board: &Board, place: Place, team: &[InspectorId], clash: &mut dyn FnMut(Clash)) {
        let mut told: SmallVec<[VisitId; 8]> = SmallVec::new();
        for who in team {
            let excused = self.waived.lifts(place.visit, *who);
            if !excused && !self.past.is_empty() && self.past_differs(board, place, *who, team) {
                clash(Clash::Fixed);
            }
            for day in self.duty.days(&board.calendar, place.day) {
                for duty in board.duties(*who, day) {
                    let later = (place.day, place.slot, place.visit) < (day, duty.slot, duty.visit);
                    let excused = if later { self.waived.lifts(duty.visit, *who) } else { excused };
                    let goes_with = |members: &[InspectorId]| nested(members, team);
                    let differs = board.placed(duty.visit).is_some_and(|placed| !goes_with(placed.team.members()));
                    if differs && !excused && !told.contains(&duty.visit) {
                        told.push(duty.visit);
                        clash(Clash::Planned { visits: &[duty.visit], go: 1 });
                    }
                }
            }
        }
    }
}

impl Partners {
    fn past_differs(&self, board: &Board, place: Place, who: InspectorId, team: &[InspectorId]) -> bool {
        let past = self.past.get(&(who, self.duty.first_day(board.calendar.date(place.day))));
        past.is_some_and(|past| past.iter().any(|people| !goes_with(people, team)))
    }
}

fn goes_with(past: &People, team: &[InspectorId]) -> bool {
    let all_went = || past.others.is_empty() && past.members.iter().all(|who| team.contains(who));
    team.iter().all(|who| past.members.contains(who)) || all_went()
}

fn nested(a: &[InspectorId], b: &[InspectorId]) -> bool {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().all(|who| many.contains(who))
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        slots am pm night
        inspectors ana ben cem dea
        places p1 p2
        visit v1 p1
        visit v2 p2
        visit v3 p1
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("one-partner", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn the_same_partner_all_day_passes() {
        assert!(says("plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 pm ana ben").is_empty());
        assert!(says("plan v1 2027-01-04 am ana ben\nplan v2 2027-01-05 am ana cem").is_empty());
    }

    #[test]
    fn another_partner_in_the_afternoon_breaks() {
        let found = says("plan v2 2027-01-04 am ana ben\nplan v1 2027-01-04 pm ana cem");
        let expected = "ana serves with ben on 2027-01-04 on visit v2, and with cem on 2027-01-04 on visit v1";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn a_pair_may_be_joined_for_a_raid_but_not_torn_apart() {
        let raid = "plan v1 2027-01-04 am ana ben cem dea";
        assert!(says(&format!("{raid}\nplan v2 2027-01-04 pm ana ben")).is_empty());
        assert!(says(&format!("{raid}\nplan v2 2027-01-04 pm ana cem")).is_empty());
        let torn = format!("{raid}\nplan v2 2027-01-04 pm ana ben\nplan v3 2027-01-04 night ana cem");
        assert_eq!(says(&torn).len(), 1);
    }

    #[test]
    fn the_duty_period_may_be_a_week_or_a_visit() {
        let plan = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-08 am ana cem";
        assert_eq!(says(&format!("set one-partner.duty week\n{plan}")).len(), 1);
        let next = "plan v1 2027-01-08 am ana ben\nplan v2 2027-01-11 am ana cem";
        assert!(says(&format!("set one-partner.duty week\n{next}")).is_empty());
        let same_day = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 pm ana cem";
        assert!(says(&format!("set one-partner.duty visit\n{same_day}")).is_empty());
    }

    #[test]
    fn what_history_records_in_the_duty_period_counts_and_so_do_strangers() {
        let week = "period 2027-01-06..2027-01-15\nset one-partner.duty week\nplan v1 2027-01-06 am ana ben";
        assert!(says(&format!("history 2027-01-04 p2 ana ben\n{week}")).is_empty());
        assert!(says(&format!("history 2027-01-04 p2 ana\n{week}")).is_empty(), "a partner unknown is none");
        assert!(says(&format!("history 2027-01-01 p2 ana cem\n{week}")).is_empty(), "that was the week before");
        let found = says(&format!("history 2027-01-04 p2 ana others=zoe\n{week}"));
        let expected = "ana serves with zoe on 2027-01-04 (history), and with ben on 2027-01-06 on visit v1";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn a_waiver_excuses_that_person_on_the_later_visit() {
        let plan = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 pm ana cem";
        assert!(says(&format!("waiver one-partner v2 ana\n{plan}")).is_empty());
        assert_eq!(says(&format!("waiver one-partner v2 cem\n{plan}")).len(), 1);
        assert_eq!(says(&format!("waiver one-partner v1 ana\n{plan}")).len(), 1);
    }
}
