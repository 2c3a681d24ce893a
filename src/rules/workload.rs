//! Nobody has more visits in a slot, a day or a week than they can do well.
//!
//! # Says
//! An inspector has at most so many visits in a slot, on a day and in a calendar week (Monday to
//! Sunday). The roster may set other numbers for a day and a week for one person. Visits that history
//! records in the same week count. A visit of several slots counts in each of them. A visit for which
//! the person has a waiver does not count.
//!
//! # Why
//! Inspectors find less with each further visit of a day; and a person in two places at once is in neither.
//!
//! # Passes
//! Two visits on Monday, one in the morning and one in the afternoon.
//!
//! # Breaks
//! Two visits on Monday morning.
//!
//! # Source
//! Ibáñez and Toffel (2020), How Scheduling Can Bias Quality Assessment: one or two inspections a day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use smallvec::SmallVec;

use super::seats::Waived;
use super::shared::{DutyPeriod, within};
use super::{Board, Chosen, Clash, Duty, Entry, Guard, Parameter, Place, Room, Rule, Shape, Value, Violation};
use crate::model::{Case, InspectorId, Schedule, SlotId, Span, VisitId, Week};

const NAME: &str = "workload";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    shape: Shape::Limit,
    enabled: true,
    waivable: true,
    parameters: &[
        Parameter { name: "per_slot", value: Value::Number(1, 1, 20), says: "most visits of one person in a slot" },
        Parameter { name: "per_day", value: Value::Number(2, 1, 50), says: "most visits of one person on a day" },
        Parameter { name: "per_week", value: Value::Number(10, 1, 200), says: "most visits of one person in a week" },
    ],
    text: include_str!("workload.rs"),
    make: |chosen: &Chosen| {
        Box::new(Workload {
            per_slot: chosen.count("per_slot"),
            per_day: chosen.count("per_day"),
            per_week: chosen.count("per_week"),
        })
    },
};

#[derive(Clone, Copy)]
struct Workload {
    per_slot: usize,
    per_day: usize,
    per_week: usize,
}

impl Workload {
    fn most_on_a_day(self, case: &Case, who: InspectorId) -> usize {
        case.inspector(who).visits_per_day.map_or(self.per_day, |own| own as usize)
    }

    fn most_in_a_week(self, case: &Case, who: InspectorId) -> usize {
        case.inspector(who).visits_per_week.map_or(self.per_week, |own| own as usize)
    }
}

/// What each inspector's numbers are, and what history has already used of them.
struct Counter {
    rule: Workload,
    waived: Waived,
    most: Vec<(usize, usize)>,
    past: Past,
}

/// Visits of the past on each working day of the period and in its week, by inspector and day. Nothing
/// is kept where history has none.
struct Past {
    days: usize,
    counts: Vec<(usize, usize)>,
}

impl Past {
    fn of(case: &Case) -> Self {
        let days = case.period.days();
        let mut past = Self { days: days.len(), counts: Vec::new() };
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return past };
        let near = within(&case.history, DutyPeriod::Week.first_day(*first), DutyPeriod::Week.last_day(*last));
        for row in near {
            past.counts.resize(case.inspectors.len() * days.len(), (0, 0));
            let week = Week::of(row.date);
            for (at, day) in days.iter().enumerate().filter(|(_, day)| Week::of(**day) == week) {
                for who in &row.team {
                    let count = &mut past.counts[who.index() * days.len() + at];
                    count.0 += usize::from(*day == row.date);
                    count.1 += 1;
                }
            }
        }
        past
    }

    fn on(&self, who: InspectorId, day: usize) -> (usize, usize) {
        self.counts.get(who.index() * self.days + day).copied().unwrap_or((0, 0))
    }
}

impl Guard for Counter {
    fn person(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let slots = board.case.visit(place.visit).duration;
        if self.has_plenty(board, place, slots, who) || self.waived.lifts(place.visit, who) {
            return;
        }
        let (per_day, per_week) = self.most[who.index()];
        let (past_day, past_week) = self.past.on(who, place.day);
        for slot in place.slot.0..place.slot.0.saturating_add(slots) {
            let slot = SlotId(slot);
            let here = self.counted(board, who, place.day..place.day + 1, |duty| duty.overlaps(slot, 1));
            tell(&here, self.rule.per_slot, 0, clash);
        }
        let day = self.counted(board, who, place.day..place.day + 1, |_| true);
        tell(&day, per_day, past_day, clash);
        let week = self.counted(board, who, board.calendar.week(place.day), |_| true);
        tell(&week, per_week, past_week, clash);
    }
}

impl Counter {
    /// Whether `who` is so free that nothing need be counted exactly: most are, and all are asked.
    fn has_plenty(&self, board: &Board, place: Place, slots: u8, who: InspectorId) -> bool {
        let (per_day, per_week) = self.most[who.index()];
        let (past_day, past_week) = self.past.on(who, place.day);
        let today = board.duties(who, place.day);
        if today.len() + past_day >= per_day || today.iter().any(|duty| duty.overlaps(place.slot, slots)) {
            return false;
        }
        let week = board.calendar.week(place.day);
        week.map(|day| board.duties(who, day).len()).sum::<usize>() + past_week < per_week
    }

    fn counted(
        &self,
        board: &Board,
        who: InspectorId,
        days: std::ops::Range<usize>,
        counts: impl Fn(&Duty) -> bool,
    ) -> SmallVec<[VisitId; 16]> {
        let duties = days.flat_map(|day| board.duties(who, day));
        duties.filter(|duty| counts(duty) && !self.waived.lifts(duty.visit, who)).map(|duty| duty.visit).collect()
    }
}

/// Tells of a clash where one more than `planned` and `past` would be more than `most`.
fn tell(planned: &[VisitId], most: usize, past: usize, clash: &mut dyn FnMut(Clash)) {
    let over = (planned.len() + past + 1).saturating_sub(most);
    if over > planned.len() {
        clash(Clash::Fixed);
    } else if over > 0 {
        clash(Clash::Planned { visits: planned, go: over });
    }
}

impl Rule for Workload {
    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        let waived = Waived::of(case, NAME);
        let numbers = |who| (self.most_on_a_day(case, who), self.most_in_a_week(case, who));
        let most = case.inspector_ids().map(numbers).collect();
        Some(Box::new(Counter { rule: *self, waived, most, past: Past::of(case) }))
    }

    fn room(&self, case: &Case, before: &Schedule, span: Span) -> Vec<Room> {
        let used = Used::of(case, before, span);
        let days: Vec<_> = case.period.days().into_iter().filter(|day| span.contains(*day)).collect();
        let mut rooms = Vec::new();
        for who in case.inspector_ids() {
            let per_day = self.most_on_a_day(case, who).min(self.per_slot.saturating_mul(case.period.slots.len()));
            for week in days.chunk_by(|a, b| Week::of(*a) == Week::of(*b)) {
                let room = |from, to, visits| Room { who, from, to, visits };
                rooms.extend(week.iter().map(|day| room(*day, *day, per_day.saturating_sub(used.on_day(who, *day)))));
                let left = self.most_in_a_week(case, who).saturating_sub(used.in_week(who, week[0]));
                rooms.push(room(week[0], week[week.len() - 1], left));
            }
        }
        rooms
    }

    fn check(&self, case: &Case, schedule: &Schedule) -> Vec<Violation> {
        let waived = Waived::of(case, NAME);
        let mut by_slot: BTreeMap<_, Vec<VisitId>> = BTreeMap::new();
        let mut by_day: BTreeMap<_, Vec<VisitId>> = BTreeMap::new();
        let mut by_week: BTreeMap<_, Vec<VisitId>> = BTreeMap::new();
        for (visit, assignment) in &schedule.assignments {
            for who in assignment.team.members().iter().filter(|who| !waived.lifts(*visit, **who)) {
                for slot in 0..case.visit(*visit).duration {
                    by_slot
                        .entry((*who, assignment.date, assignment.slot.0.saturating_add(slot)))
                        .or_default()
                        .push(*visit);
                }
                by_day.entry((*who, assignment.date)).or_default().push(*visit);
                by_week.entry((*who, Week::of(assignment.date))).or_default().push(*visit);
            }
        }
        let (mut past_on_day, mut past_in_week) = (BTreeMap::new(), BTreeMap::new());
        for past in &case.history {
            for who in &past.team {
                let (day, week) = ((*who, past.date), (*who, Week::of(past.date)));
                if by_week.contains_key(&week) {
                    *past_on_day.entry(day).or_insert(0) += 1;
                    *past_in_week.entry(week).or_insert(0) += 1;
                }
            }
        }
        let mut found = Vec::new();
        for ((who, date, slot), visits) in by_slot {
            let slot = case.period.slots.get(usize::from(slot)).map_or("?", String::as_str);
            found.extend(violation(case, who, &visits, 0, self.per_slot, &format!("on {date}, slot {slot}")));
        }
        for ((who, date), visits) in by_day {
            let before = past_on_day.get(&(who, date)).copied().unwrap_or(0);
            found.extend(violation(case, who, &visits, before, self.most_on_a_day(case, who), &format!("on {date}")));
        }
        for ((who, week), visits) in by_week {
            let before = past_in_week.get(&(who, week)).copied().unwrap_or(0);
            let when = format!("in week {}-W{:02}", week.year, week.number);
            found.extend(violation(case, who, &visits, before, self.most_in_a_week(case, who), &when));
        }
        found
    }
}

/// Visits that count already, by person: on a day, and in a week. Nothing is kept where there is none.
struct Used {
    days: BTreeMap<(InspectorId, NaiveDate), usize>,
    weeks: BTreeMap<(InspectorId, Week), usize>,
}

impl Used {
    fn of(case: &Case, before: &Schedule, span: Span) -> Self {
        let waived = Waived::of(case, NAME);
        let mut used = Self { days: BTreeMap::new(), weeks: BTreeMap::new() };
        let (from, to) = (DutyPeriod::Week.first_day(span.from), DutyPeriod::Week.last_day(span.to));
        for past in within(&case.history, from, to) {
            past.team.iter().for_each(|who| used.count(*who, past.date));
        }
        for (visit, drawn) in before.assignments.iter().filter(|(_, drawn)| from <= drawn.date && drawn.date <= to) {
            let counted = drawn.team.members().iter().filter(|who| !waived.lifts(*visit, **who));
            counted.for_each(|who| used.count(*who, drawn.date));
        }
        used
    }

    fn count(&mut self, who: InspectorId, date: NaiveDate) {
        *self.days.entry((who, date)).or_insert(0) += 1;
        *self.weeks.entry((who, Week::of(date))).or_insert(0) += 1;
    }

    fn on_day(&self, who: InspectorId, date: NaiveDate) -> usize {
        self.days.get(&(who, date)).copied().unwrap_or(0)
    }

    fn in_week(&self, who: InspectorId, date: NaiveDate) -> usize {
        self.weeks.get(&(who, Week::of(date))).copied().unwrap_or(0)
    }
}

fn violation(
    case: &Case,
    who: InspectorId,
    visits: &[VisitId],
    past: usize,
    most: usize,
    when: &str,
) -> Option<Violation> {
    let have = visits.len() + past;
    let says = || format!("{} has {have} visits {when}; at most {most} are allowed", case.inspector(who).id);
    (have > most).then(|| Violation { rule: NAME, visits: visits.to_vec(), inspectors: vec![who], says: says() })
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        slots am pm night
        inspectors ana ben cem dea eli
        inspector fay per_day=1 per_week=2
        inspector gus per_day=0
        places p1 p2
        visit v1 p1
        visit v2 p1
        visit v3 p1
        visit v4 p1
        visit long p2 duration=2
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("workload", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn two_visits_a_day_in_two_slots_pass() {
        assert!(says("plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 pm ana ben").is_empty());
    }

    #[test]
    fn two_visits_in_one_slot_break() {
        let found = says("plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 am ana cem");
        assert_eq!(found, ["ana has 2 visits on 2027-01-04, slot am; at most 1 are allowed"]);
    }

    #[test]
    fn a_visit_of_two_slots_fills_both() {
        let found = says("plan long 2027-01-04 am ana ben\nplan v2 2027-01-04 pm ana cem");
        assert_eq!(found, ["ana has 2 visits on 2027-01-04, slot pm; at most 1 are allowed"]);
        assert!(says("plan long 2027-01-04 am ana ben\nplan v2 2027-01-04 night ana cem").is_empty());
    }

    #[test]
    fn a_third_visit_of_a_day_breaks() {
        let plan = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 pm ana cem\nplan v3 2027-01-04 night ana dea";
        assert_eq!(says(plan), ["ana has 3 visits on 2027-01-04; at most 2 are allowed"]);
        assert!(says(&format!("set workload.per_day 3\n{plan}")).is_empty());
    }

    #[test]
    fn the_roster_may_set_other_numbers_for_one_person() {
        let found = says("plan v1 2027-01-04 am fay ben\nplan v2 2027-01-04 pm fay cem");
        assert_eq!(found, ["fay has 2 visits on 2027-01-04; at most 1 are allowed"]);
        let found = says("plan v1 2027-01-04 am gus ben");
        assert_eq!(found, ["gus has 1 visits on 2027-01-04; at most 0 are allowed"]);
    }

    #[test]
    fn a_week_runs_from_monday_to_sunday_and_counts_what_history_records_in_it() {
        let plan = "plan v1 2027-01-06 am fay ben\nplan v2 2027-01-07 am fay ben";
        assert!(says(&format!("history 2027-01-03 p1 fay\n{plan}")).is_empty());
        let found = says(&format!("history 2027-01-04 p1 fay\n{plan}"));
        assert_eq!(found, ["fay has 3 visits in week 2027-W01; at most 2 are allowed"]);
        let over = "history 2027-01-04 p1 fay\nhistory 2027-01-05 p1 fay\nhistory 2027-01-06 p1 fay";
        assert_eq!(says(&format!("{over}\nplan v1 2027-01-07 am fay ben")).len(), 1, "history alone fills the week");
    }

    #[test]
    fn a_visit_with_a_waiver_does_not_count() {
        let plan = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 am ana cem";
        assert!(says(&format!("waiver workload v1 ana\n{plan}")).is_empty());
        assert!(says(&format!("waiver workload v2 ana\n{plan}")).is_empty());
        assert_eq!(says(&format!("waiver workload v2 cem\n{plan}")).len(), 1);
    }
}
