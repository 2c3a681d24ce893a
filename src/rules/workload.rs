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

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use smallvec::SmallVec;

use super::held::day_number;
use super::seats::Waived;
use super::shared::{DutyPeriod, within};
use super::{
    Board, Check, Chosen, Clash, Duty, Entry, Found, Guard, Held, Parameter, Place, Question, Reach, Room, Rule, Shape,
    Start, Value, Violation,
};
use crate::model::{Case, InspectorId, Schedule, SlotId, Span, VisitId, Week};

const NAME: &str = "workload";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Limit,
    enabled: true,
    waivable: true,
    parameters: &[
        Parameter { name: "per_slot", value: Value::Number(1, 1, 20), says: "most visits of one person in a slot" },
        Parameter { name: "per_day", value: Value::Number(2, 1, 50), says: "most visits of one person on a day" },
        Parameter { name: "per_week", value: Value::Number(10, 1, 200), says: "most visits of one person in a week" },
    ],
    later: &[],
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
    fn answers(&self, question: Question) -> bool {
        question == Question::Person
    }

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

    fn sieve(&self, board: &Board, place: Place, free: &mut [u64]) -> bool {
        // Visits with a waiver count for some and not for others.
        if !self.waived.is_empty() {
            return false;
        }
        let slots = place.slot.0..place.slot.0.saturating_add(board.case.visit(place.visit).duration);
        for slot in slots.filter(|_| self.rule.per_slot == 1) {
            free.iter_mut().zip(board.busy(place.day, SlotId(slot))).for_each(|(free, busy)| *free &= !busy);
        }
        let (today, week) = (board.on_day(place.day), board.in_week(place.day));
        for (at, word) in free.iter_mut().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                let who = at * 64 + rest.trailing_zeros() as usize;
                let ((per_day, per_week), past) = (self.most[who], self.past.on(InspectorId::at(who), place.day));
                if usize::from(today[who]) + past.0 >= per_day || usize::from(week[who]) + past.1 >= per_week {
                    *word &= !(rest & rest.wrapping_neg());
                }
                rest &= rest - 1;
            }
        }
        self.rule.per_slot == 1
    }

    fn lets(&self, board: &Board, place: Place, who: InspectorId) -> bool {
        let slots = board.case.visit(place.visit).duration;
        if self.has_plenty(board, place, slots, who) {
            return true;
        }
        // With one visit a slot and no waiver, whoever has not plenty has nothing.
        if self.rule.per_slot == 1 && self.waived.is_empty() {
            return false;
        }
        let mut clear = true;
        self.person(board, place, who, &mut |_| clear = false);
        clear
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
        usize::from(board.in_week(place.day)[who.index()]) + past_week < per_week
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
            let by_slots = self.per_slot.saturating_mul(case.period.slots.len());
            let on_day = |day| self.most_on_a_day(case, who).saturating_sub(used.on_day(who, day)).min(by_slots);
            for week in days.chunk_by(|a, b| Week::of(*a) == Week::of(*b)) {
                let room = |from, to, visits| Room { who, from, to, visits };
                rooms.extend(week.iter().map(|day| room(*day, *day, on_day(*day))));
                let left = self.most_in_a_week(case, who).saturating_sub(used.in_week(who, week[0]));
                rooms.push(room(week[0], week[week.len() - 1], left));
            }
        }
        rooms
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let numbers = |who| (self.most_on_a_day(case, who), self.most_in_a_week(case, who));
        let mut past = vec![Vec::new(); case.inspectors.len()];
        for row in &case.history {
            row.team.iter().for_each(|who| past[who.index()].push(day_number(row.date)));
        }
        Some(Box::new(Numbers {
            per_slot: self.per_slot,
            case,
            waived: Waived::of(case, NAME),
            most: case.inspector_ids().map(numbers).collect(),
            past,
            slots: case.visits.iter().map(|visit| visit.duration).collect(),
        }))
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

/// What everybody's numbers are, and the days on which history has them.
struct Numbers<'c> {
    per_slot: usize,
    case: &'c Case,
    waived: Waived,
    /// By person: a day's, a week's.
    most: Vec<(usize, usize)>,
    /// By person, in order of time.
    past: Vec<Vec<i32>>,
    /// By visit: how many slots it fills.
    slots: Vec<u8>,
}

impl Check for Numbers<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        self.counted(held).for_each(|(who, starts)| self.check_slots(who, &starts, found));
        self.counted(held).for_each(|(who, starts)| self.check_days(who, &starts, found));
        self.counted(held).for_each(|(who, starts)| self.check_weeks(who, &starts, found));
    }

    fn reach(&self) -> Reach {
        Reach::Weeks
    }
}

impl Numbers<'_> {
    /// Everybody of whom there may be something to tell, with the visits that count, in order of time.
    fn counted<'h>(&self, held: &'h Held) -> impl Iterator<Item = (InspectorId, Cow<'h, [Start]>)> {
        held.people().filter(|(who, starts)| !self.has_plenty(*who, starts)).map(|(who, starts)| {
            let lifted = |start: &Start| self.waived.lifts(start.visit, who);
            let all = !starts.iter().any(lifted);
            let some = || starts.iter().filter(|start| !lifted(start)).copied().collect();
            (who, if all { Cow::Borrowed(starts) } else { Cow::Owned(some()) })
        })
    }

    /// Whether `who` stays within every number whatever is waived, history having none of their visits in these weeks, and goes on one
    /// visit at a time. Most people do, and need no closer look.
    #[inline]
    fn has_plenty(&self, who: InspectorId, starts: &[Start]) -> bool {
        let (most_a_day, most_a_week) = self.most[who.index()];
        let first = starts.first().map_or(i32::MIN, |first| DutyPeriod::Week.numbers(first.day).0);
        if self.past[who.index()].last().is_some_and(|day| *day >= first) {
            return false;
        }
        // The day, how many visits it has so far, and when the last of them is over; the last day of the week, and its visits so far.
        let (mut day, mut of_day, mut over) = (i32::MIN, 0, 0);
        let (mut week, mut of_week) = (i32::MIN, 0);
        for start in starts {
            if day != start.day {
                (day, of_day, over) = (start.day, 0, 0);
            }
            if week < start.day {
                (week, of_week) = (DutyPeriod::Week.numbers(start.day).1, 0);
            }
            (of_day, of_week) = (of_day + 1, of_week + 1);
            if start.slot.0 < over || of_day > most_a_day || of_week > most_a_week {
                return false;
            }
            over = start.slot.0.saturating_add(self.slots[start.visit.index()]);
        }
        true
    }

    /// How many visits history has of `who` from one day to another, both included.
    fn past(&self, who: InspectorId, first: i32, last: i32) -> usize {
        let past = &self.past[who.index()];
        if past.last().is_none_or(|day| *day < first) {
            return 0;
        }
        past.partition_point(|day| *day <= last) - past.partition_point(|day| *day < first)
    }

    fn check_slots(&self, who: InspectorId, starts: &[Start], found: &mut Found) {
        for day in starts.chunk_by(|a, b| a.day == b.day) {
            let mut slots: SmallVec<[(u8, VisitId); 8]> = SmallVec::new();
            for Start { visit, slot, .. } in day {
                slots.extend((0..self.slots[visit.index()]).map(|at| (slot.0.saturating_add(at), *visit)));
            }
            // Most people have no more in a day than they may have in a slot.
            if slots.len() > self.per_slot {
                slots.sort_unstable();
            }
            for visits in slots.chunk_by(|a, b| a.0 == b.0).filter(|visits| visits.len() > self.per_slot) {
                let slot = self.case.period.slots.get(usize::from(visits[0].0)).map_or("?", String::as_str);
                let when = || format!("on {}, slot {slot}", day[0].date);
                let visits = visits.iter().map(|(_, visit)| *visit);
                found.tell(|| self.violation(who, visits, 0, self.per_slot, &when()));
            }
        }
    }

    fn check_days(&self, who: InspectorId, starts: &[Start], found: &mut Found) {
        let (most, _) = self.most[who.index()];
        for day in starts.chunk_by(|a, b| a.day == b.day) {
            let past = self.past(who, day[0].day, day[0].day);
            if day.len() + past > most {
                let visits = day.iter().map(|start| start.visit);
                found.tell(|| self.violation(who, visits, past, most, &format!("on {}", day[0].date)));
            }
        }
    }

    fn check_weeks(&self, who: InspectorId, starts: &[Start], found: &mut Found) {
        let (_, most) = self.most[who.index()];
        for week in starts.chunk_by(|a, b| a.week() == b.week()) {
            let (first, last) = DutyPeriod::Week.numbers(week[0].day);
            let past = self.past(who, first, last);
            if week.len() + past > most {
                let number = Week::of(week[0].date);
                let when = || format!("in week {number}");
                let visits = week.iter().map(|start| start.visit);
                found.tell(|| self.violation(who, visits, past, most, &when()));
            }
        }
    }

    fn violation(
        &self,
        who: InspectorId,
        visits: impl Iterator<Item = VisitId>,
        past: usize,
        most: usize,
        when: &str,
    ) -> Violation {
        let mut visits: Vec<_> = visits.collect();
        visits.sort_unstable();
        let (id, have) = (&self.case.inspector(who).id, visits.len() + past);
        let says = format!("{id} has {have} visits {when}; at most {most} are allowed");
        Violation { rule: NAME, visits, inspectors: vec![who], says }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Book;
    use super::super::testing::{broken, fixture};
    use crate::model::Span;

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
    fn the_room_that_is_left_counts_slots_history_and_what_was_drawn() {
        let text = format!("{CASE}\nset workload.per_day 4\nhistory 2027-01-04 p1 ana\nplan v1 2027-01-05 am ana fay");
        let (case, before) = fixture(&text);
        let book = Book::new(&case.settings).unwrap();
        let span = Span { from: "2027-01-04".parse().unwrap(), to: "2027-01-04".parse().unwrap() };
        let rooms: Vec<_> = book.rules().flat_map(|(_, rule)| rule.room(&case, &before, span)).collect();
        let of = |who: &str| {
            let own = rooms.iter().filter(|room| case.inspector(room.who).id == who);
            own.map(|room| room.visits).collect::<Vec<_>>()
        };
        assert_eq!(of("ana"), [3, 8], "three slots and four visits, of which one was made; ten a week, of which two");
        assert_eq!(of("ben"), [3, 10]);
        assert_eq!(of("fay"), [1, 1]);
        assert_eq!(of("gus"), [0, 10]);
    }

    #[test]
    fn a_visit_with_a_waiver_does_not_count() {
        let plan = "plan v1 2027-01-04 am ana ben\nplan v2 2027-01-04 am ana cem";
        assert!(says(&format!("waiver workload v1 ana\n{plan}")).is_empty());
        assert!(says(&format!("waiver workload v2 ana\n{plan}")).is_empty());
        assert_eq!(says(&format!("waiver workload v2 cem\n{plan}")).len(), 1);
    }
}
