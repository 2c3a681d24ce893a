//! Why a visit can't be staffed: which rule removes how many people, what the team then lacks, and the
//! smallest change that would help.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::change::{Proposal, proposals, sound_team};
use super::evidence::evidence;
use super::hunt::everybody;
use super::ways::{Asks, Rules, Ways};
use super::why_not::closed;
use crate::model::{Assignment, Case, InspectorId, Schedule, SlotId, Team, VisitId};
use crate::rules::{Book, Place};

/// Sentences of evidence that are kept for each rule.
const EVIDENCE: usize = 5;

/// Why nobody goes on a visit, given the rest of the schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unstaffed {
    /// The visit.
    pub visit: VisitId,
    /// People on the roster.
    pub people: usize,
    /// People that its team has.
    pub size: usize,
    /// Days and slots in which the rules let it be held.
    pub times: usize,
    /// Rules that close days or slots of the period to it, and how many of them.
    pub closed: Vec<(&'static str, usize)>,
    /// The day and slot at which most people are free to go; none where it can never be held.
    pub best: Option<(NaiveDate, SlotId)>,
    /// People free to go then.
    pub free: Vec<InspectorId>,
    /// Each rule that removes somebody.
    pub removed: Vec<Removed>,
    /// What a team of those who are free would lack.
    pub lacks: Vec<Lack>,
    /// A team that could go after all, where one is found: then planning, not a rule, left it out.
    pub after_all: Option<Assignment>,
    /// Changes that would help, the smallest first; those that lift a conflict of interest last.
    pub proposals: Vec<Proposal>,
}

/// The people that one rule removes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The rule.
    pub rule: &'static str,
    /// People removed at the best time.
    pub at_best: usize,
    /// Those among them whom no other rule removes.
    pub alone: usize,
    /// People removed at every time of the window.
    pub always: usize,
    /// The facts, for the first few of those removed at the best time.
    pub evidence: Vec<String>,
}

/// What a team lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// People at all.
    People {
        /// Free to go.
        there: usize,
        /// Needed.
        needed: usize,
    },
    /// People with a quality (`lead`, a skill, women) that a rule asks for.
    Quality {
        /// The rule.
        rule: &'static str,
        /// The quality, in the rule's words.
        quality: String,
        /// Free to go and have it.
        there: usize,
        /// Needed.
        needed: usize,
    },
    /// People who may serve together: there are enough, but these rules keep them apart.
    Company {
        /// Each rule, and how many pairs of those who are free it forbids.
        apart: Vec<(&'static str, usize)>,
        /// Pairs of those who are free.
        pairs: usize,
    },
    /// A time: these rules keep the visit from every time, whoever goes.
    Time {
        /// Each rule, and from how many times.
        blocked: Vec<(&'static str, usize)>,
    },
}

/// Why nobody goes on `visit`.
pub fn why_unstaffed(case: &Case, book: &Book, schedule: &Schedule, visit: VisitId) -> Unstaffed {
    let ways = Ways::new(case, book, schedule, visit);
    let asks = ways.asks(visit);
    let times = ways.times(visit);
    let sweep = Sweep::new(&ways, &asks, &times);
    let best = sweep.best.as_ref();
    let free: Vec<_> = best.map(|(_, people)| free_of(people)).unwrap_or_default();
    let lacks = best.map(|(place, _)| lacks(&ways, &asks, *place, &free)).unwrap_or_default();
    let after_all = sound_team(&ways, &asks, schedule);
    Unstaffed {
        visit,
        people: case.inspectors.len(),
        size: asks.size,
        times: times.len(),
        closed: closed(&ways, visit),
        best: best.map(|(place, _)| (ways.board.calendar.date(place.day), place.slot)),
        removed: sweep.removed(schedule),
        lacks: if after_all.is_some() { Vec::new() } else { sweep.time_lack().into_iter().chain(lacks).collect() },
        proposals: if after_all.is_some() { Vec::new() } else { proposals(case, book, schedule, visit) },
        after_all,
        free,
    }
}

fn free_of(people: &[Rules]) -> Vec<InspectorId> {
    people.iter().enumerate().filter(|(_, rules)| rules.is_empty()).map(|(at, _)| InspectorId::at(at)).collect()
}

/// Who is removed by which rule, at each time.
struct Sweep<'a, 'c> {
    ways: &'a Ways<'c>,
    visit: VisitId,
    /// The best time, and the rules that remove each person then.
    best: Option<(Place, Vec<Rules>)>,
    /// For each person, the rules that remove them at every time.
    always: Vec<BTreeSet<usize>>,
    blocked: Vec<Rules>,
}

impl<'a, 'c> Sweep<'a, 'c> {
    fn new(ways: &'a Ways<'c>, asks: &Asks, times: &[Place]) -> Self {
        let mut best: Option<(bool, usize, Place, Vec<Rules>)> = None;
        let mut always: Option<Vec<BTreeSet<usize>>> = None;
        let mut blocked = Vec::new();
        for time in times {
            let stopped = ways.blocked(*time, &mut |_| {});
            let mut people = vec![Rules::new(); ways.case.inspectors.len()];
            for one in everybody(ways, asks, *time) {
                people[one.who.index()] = one.barred;
            }
            match &mut always {
                None => always = Some(people.iter().map(|rules| rules.iter().copied().collect()).collect()),
                Some(all) => all.iter_mut().zip(&people).for_each(|(all, now)| all.retain(|rule| now.contains(rule))),
            }
            let (open, free) = (stopped.is_empty(), free_of(&people).len());
            if best.as_ref().is_none_or(|(was_open, most, ..)| (open, free) > (*was_open, *most)) {
                best = Some((open, free, *time, people));
            }
            blocked.push(stopped);
        }
        let best = best.map(|(_, _, place, people)| (place, people));
        Self { ways, visit: asks.visit, best, always: always.unwrap_or_default(), blocked }
    }

    fn removed(&self, schedule: &Schedule) -> Vec<Removed> {
        let Some((place, people)) = &self.best else { return Vec::new() };
        let mut all = Vec::new();
        for (rule, asked) in self.ways.rules.iter().enumerate() {
            let hit: Vec<_> = (0..people.len()).filter(|at| people[*at].contains(&rule)).map(InspectorId::at).collect();
            let always = self.always.iter().filter(|rules| rules.contains(&rule)).count();
            if hit.is_empty() && always == 0 {
                continue;
            }
            let alone = hit.iter().filter(|who| people[who.index()].len() == 1).count();
            let facts = hit.iter().take(EVIDENCE).filter_map(|who| Team::new([*who])).flat_map(|team| {
                let shown = self.ways.assignment(*place, team);
                evidence(self.ways, schedule, self.visit, &shown, &[asked.name])
            });
            let evidence = facts.map(|fact| fact.says).collect();
            all.push(Removed { rule: asked.name, at_best: hit.len(), alone, always, evidence });
        }
        all
    }

    /// Where every time is blocked, by which rules.
    fn time_lack(&self) -> Option<Lack> {
        if self.blocked.is_empty() || self.blocked.iter().any(|rules| rules.is_empty()) {
            return None;
        }
        let count = |rule| self.blocked.iter().filter(|rules| rules.contains(&rule)).count();
        let named = self.ways.rules.iter().enumerate().map(|(at, asked)| (asked.name, count(at)));
        Some(Lack::Time { blocked: named.filter(|(_, times)| *times > 0).collect() })
    }
}

fn lacks(ways: &Ways, asks: &Asks, place: Place, free: &[InspectorId]) -> Vec<Lack> {
    let mut lacks = Vec::new();
    if free.len() < asks.size {
        lacks.push(Lack::People { there: free.len(), needed: asks.size });
    }
    for (rule, need) in &asks.needs {
        let there = free.iter().filter(|who| ways.has(asks, *rule, &need.quality, **who)).count();
        if there < need.at_least && !free.is_empty() {
            let (rule, quality) = (ways.rules[*rule].name, need.quality.clone());
            lacks.push(Lack::Quality { rule, quality, there, needed: need.at_least });
        }
    }
    if lacks.is_empty() {
        lacks.push(company(ways, asks, place, free));
    }
    lacks
}

/// Which rules keep those who are free from each other.
fn company(ways: &Ways, asks: &Asks, place: Place, free: &[InspectorId]) -> Lack {
    let mut apart = vec![0; ways.rules.len()];
    let mut pairs = 0;
    for (at, a) in free.iter().enumerate() {
        for b in &free[at + 1..] {
            pairs += 1;
            ways.pair(asks, place, *a, *b).into_iter().for_each(|rule| apart[rule] += 1);
            if asks.size == 2 {
                ways.team(place, &[*a, *b]).into_iter().for_each(|rule| apart[rule] += 1);
            }
        }
    }
    let apart = apart.into_iter().enumerate().filter(|(_, pairs)| *pairs > 0);
    Lack::Company { apart: apart.map(|(rule, pairs)| (ways.rules[rule].name, pairs)).collect(), pairs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bound::change::{Change, apply};
    use crate::rules::testing::fixture;

    const LANGUAGE: &str = "
        inspector ana lead languages=ka
        inspector ben lead
        inspector cem
        place p1
        place p2
        visit v1 p1 skills=ka latest=2027-01-04 slot=am
        conflict ana establishment p1 kin
    ";

    fn ask(text: &str) -> (Case, Schedule, Unstaffed) {
        let (case, schedule) = fixture(text);
        let answer = why_unstaffed(&case, &Book::new(&case.settings).unwrap(), &schedule, VisitId(0));
        (case, schedule, answer)
    }

    /// What is proposed is really enough: the changed case has a team, and no check finds anything new.
    fn enough(case: &Case, schedule: &Schedule, answer: &Unstaffed) {
        let book = Book::new(&case.settings).unwrap();
        let before = book.check(case, schedule);
        for proposal in &answer.proposals {
            let (case, mut schedule) = apply(case, schedule, VisitId(0), &proposal.changes);
            schedule.assignments.insert(VisitId(0), proposal.staffed.clone());
            let new = book.check(&case, &schedule).into_iter().filter(|broken| !before.contains(broken));
            assert_eq!(new.collect::<Vec<_>>(), [], "{proposal:?}");
        }
    }

    #[test]
    fn the_only_speaker_of_a_language_has_a_conflict() {
        let (case, schedule, answer) = ask(LANGUAGE);
        assert_eq!(answer.free, [InspectorId(1), InspectorId(2)]);
        let removed: Vec<_> = answer.removed.iter().map(|one| (one.rule, one.at_best, one.alone, one.always)).collect();
        assert_eq!(removed, [("conflict-of-interest", 1, 1, 1)]);
        assert!(answer.removed[0].evidence[0].contains("kin"), "{:?}", answer.removed[0].evidence);
        let lack = Lack::Quality { rule: "skills", quality: "ka".into(), there: 0, needed: 1 };
        assert_eq!(answer.lacks, [lack]);
        let first = &answer.proposals[0];
        let [Change::Waive { rule: "skills", .. }] = first.changes.as_slice() else { panic!("{first:?}") };
        let last = answer.proposals.last().unwrap();
        assert!(last.lifts_conflict && !first.lifts_conflict, "the conflict is the last thing to lift");
        enough(&case, &schedule, &answer);
    }

    #[test]
    fn a_day_more_is_proposed_before_any_waiver() {
        let text = "
            inspector ana lead
            inspector ben
            place p1
            visit v1 p1 latest=2027-01-05
            absence ben 2027-01-04..2027-01-06 leave
        ";
        let (case, schedule, answer) = ask(text);
        let from = case.period.from;
        let to = "2027-01-07".parse().unwrap();
        assert_eq!(answer.proposals[0].changes, [Change::Window { from, to }]);
        assert_eq!(answer.lacks, [Lack::People { there: 1, needed: 2 }]);
        enough(&case, &schedule, &answer);
    }

    #[test]
    fn putting_a_visit_off_is_proposed_before_holding_it_sooner() {
        let text = "
            inspector ana lead
            inspector ben
            place p1
            visit v1 p1 kind=complaint earliest=2027-01-06 latest=2027-01-06
            absence ben 2027-01-06..2027-01-07 leave
        ";
        let (case, schedule, answer) = ask(text);
        let windows = answer.proposals.iter().flat_map(|one| one.changes.clone());
        let windows = windows.filter_map(|change| match change {
            Change::Window { from, to } => Some((from.to_string(), to.to_string())),
            _ => None,
        });
        let windows: Vec<_> = windows.collect();
        let windows: Vec<_> = windows.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        assert_eq!(windows, [("2027-01-06", "2027-01-08"), ("2027-01-05", "2027-01-06")]);
        enough(&case, &schedule, &answer);
    }

    #[test]
    fn a_programmed_visit_in_the_way_is_offered_by_name() {
        let text = "
            period 2027-01-04..2027-01-04
            slots am
            inspector ana lead
            inspector ben
            place p1
            place p2
            visit v1 p1
            visit v2 p2 kind=programmed
            plan v2 2027-01-04 am ana ben
        ";
        let (case, schedule, answer) = ask(text);
        assert_eq!(answer.proposals[0].changes, [Change::Drop(VisitId(1))]);
        enough(&case, &schedule, &answer);
        let mandatory = text.replace(" kind=programmed", "");
        let (case, schedule, answer) = ask(&mandatory);
        assert!(answer.proposals.iter().all(|one| !one.changes.contains(&Change::Drop(VisitId(1)))));
        enough(&case, &schedule, &answer);
    }

    #[test]
    fn a_smaller_team_is_proposed_where_people_are_short() {
        let text = "
            inspector ana lead woman
            inspector ben lead
            inspector cem
            place p1
            visit v1 p1 size=4
        ";
        let (case, schedule, answer) = ask(text);
        assert_eq!(answer.proposals[0].changes, [Change::TeamSize(3)]);
        assert!(answer.proposals.iter().any(|one| one.changes == [Change::TeamSize(2)]));
        enough(&case, &schedule, &answer);
    }

    #[test]
    fn where_no_single_change_helps_two_are_found() {
        let text = "
            period 2027-01-04..2027-01-04
            slots am
            inspector ana
            inspector ben
            place p1
            visit v1 p1 skills=ka
        ";
        let (case, schedule, answer) = ask(text);
        assert!(!answer.proposals.is_empty());
        assert!(answer.proposals.iter().all(|one| one.changes.len() == 2), "{:?}", answer.proposals);
        enough(&case, &schedule, &answer);
    }

    #[test]
    fn a_visit_that_planning_left_out_is_said_to_be_possible() {
        let (_, _, answer) = ask("inspector ana lead\n inspectors ben\n place p1\n visit v1 p1");
        assert!(answer.after_all.is_some());
        assert!(answer.lacks.is_empty() && answer.proposals.is_empty());
    }

    #[test]
    fn a_roster_of_one_and_a_window_outside_the_period_have_answers() {
        let (.., answer) = ask("inspector ana lead\n place p1\n visit v1 p1");
        assert_eq!(answer.lacks, [Lack::People { there: 1, needed: 2 }]);
        assert!(answer.proposals.is_empty());
        let (.., answer) = ask("inspectors ana ben\n place p1\n visit v1 p1 earliest=2028-01-01");
        assert_eq!((answer.times, answer.best), (0, None));
        assert_eq!(answer.closed, [("window", 20)]);
    }

    /// Small crowded cases in which something is always left out.
    #[test]
    fn what_is_proposed_is_enough_in_many_crowded_cases() {
        let mut proposed = 0;
        for number in 0..60u64 {
            let mut words = crate::draw::Stream::from_key(crate::draw::digest(&number.to_le_bytes()));
            let mut text = String::from("period 2027-01-04..2027-01-06\n");
            let people = ["ana", "ben", "cem", "dan", "eve"];
            for who in people {
                let lead = ["lead", ""][words.index(2)];
                let skill = ["", "skills=fire", "skills=ka"][words.index(3)];
                text.push_str(&format!("inspector {who} {lead} {skill}\n"));
            }
            for at in 0..3 {
                let who = people[words.index(5)];
                let line = [
                    format!("conflict {who} establishment p{at} kin"),
                    format!("absence {who} 2027-01-04..2027-01-05 leave"),
                    format!("history 2026-12-2{at} p{at} {who}"),
                ];
                text.push_str(&format!("place p{at}\n{}\n", line[words.index(3)]));
            }
            let visits = ["size=3 skills=fire", "skills=ka slot=am latest=2027-01-05", "kind=programmed", ""];
            for at in 0..6 {
                let what = visits[if at == 0 { words.index(2) } else { words.index(4) }];
                text.push_str(&format!("visit v{at} p{} {what}\n", words.index(3)));
            }
            let (case, _) = fixture(&text);
            let book = Book::new(&case.settings).unwrap();
            let mut schedule = Schedule::default();
            for visit in case.visit_ids().skip(1) {
                let after_all = why_unstaffed(&case, &book, &schedule, visit).after_all;
                schedule.assignments.extend(after_all.map(|found| (visit, found)));
            }
            assert_eq!(book.check(&case, &schedule), [], "{text}");
            let answer = why_unstaffed(&case, &book, &schedule, VisitId(0));
            proposed += answer.proposals.len();
            enough(&case, &schedule, &answer);
        }
        assert!(proposed > 20, "{proposed}");
    }
}
