//! A visit is held within its window, and an operation strikes at one moment.
//!
//! # Says
//! A visit starts on a working day of the period, not before its earliest day and not after its latest,
//! both of which count. Where a slot is fixed it starts in that slot, and its slots all lie within the
//! day. Visits of one operation start on the same day in the same slot; one that could not be
//! staffed does not hold up the others. No waiver lifts this rule.
//!
//! # Why
//! Deadlines are law. And if raids with one purpose start one after another, the second place has
//! been warned by the first.
//!
//! # Passes
//! A visit with the window 5 to 7 January is held on the 7th. Three raids of operation Dawn start on Monday morning.
//!
//! # Breaks
//! That visit is held on the 8th, or on a Sunday. A visit of two slots begins in the last slot of
//! the day. One raid of operation Dawn starts in the afternoon.
//!
//! # Source
//! Punjab's inspection portal: a major hazard is due every year, other hazards every two. London 2008:
//! 19 premises raided at one moment.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use smallvec::SmallVec;

use super::{
    Board, Check, Chosen, Clash, Entry, Found, Guard, Held, Place, Question, Reach, Rule, Sent, Shape, Start, Violation,
};
use crate::model::{Case, SlotId, VisitId};

const NAME: &str = "window";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Exclusion,
    enabled: true,
    waivable: false,
    parameters: &[],
    later: &[],
    text: include_str!("window.rs"),
    make: |_chosen: &Chosen| Box::new(Window),
};

struct Window;

impl Rule for Window {
    fn closed(&self, case: &Case, visit: VisitId, date: NaiveDate, slot: SlotId) -> bool {
        let visit = case.visit(visit);
        let last_slot = slot.index() + usize::from(visit.duration.max(1));
        !case.period.contains(date)
            || visit.earliest.is_some_and(|earliest| date < earliest)
            || visit.latest.is_some_and(|latest| latest < date)
            || visit.slot.is_some_and(|fixed| fixed != slot)
            || last_slot > case.period.slots.len()
    }

    /// The one part that depends on what else is planned: visits of one operation start together.
    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        let operations = operations(case);
        (!operations.is_empty()).then(|| Box::new(Together { operations }) as Box<dyn Guard>)
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        Some(Box::new(Times { case, operations: operations(case) }))
    }
}

/// Every operation of more than one visit, by name.
fn operations(case: &Case) -> BTreeMap<&str, Vec<VisitId>> {
    let mut operations: BTreeMap<&str, Vec<VisitId>> = BTreeMap::new();
    for visit in case.visit_ids() {
        if let Some(operation) = &case.visit(visit).operation {
            operations.entry(operation).or_default().push(visit);
        }
    }
    operations.retain(|_, visits| visits.len() > 1);
    operations
}

/// When visits may be held, and which of them together.
struct Times<'c> {
    case: &'c Case,
    operations: BTreeMap<&'c str, Vec<VisitId>>,
}

impl Check for Times<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        let case = self.case;
        for Sent { start, .. } in held.visits() {
            for reason in reasons(case, start) {
                let (id, at) = (&case.visit(start.visit).id, begins(case, start));
                let says = format!("visit {id} is planned on {at}: {reason}");
                found.tell(|| Violation { rule: NAME, visits: vec![start.visit], inspectors: Vec::new(), says });
            }
        }
        for (operation, visits) in &self.operations {
            let starts = visits.iter().filter_map(|visit| held.visit(*visit)).map(|sent| sent.start);
            let starts: SmallVec<[Start; 16]> = starts.collect();
            if starts.windows(2).any(|two| (two[0].day, two[0].slot) != (two[1].day, two[1].slot)) {
                found.tell(|| scattered(case, operation, &starts));
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }

    fn ties(&self) -> Vec<Vec<VisitId>> {
        self.operations.values().cloned().collect()
    }
}

/// The visits of each operation of more than one.
struct Together<'c> {
    operations: BTreeMap<&'c str, Vec<VisitId>>,
}

impl Guard for Together<'_> {
    fn answers(&self, question: Question) -> bool {
        question == Question::Time
    }

    fn time(&self, board: &Board, place: Place, clash: &mut dyn FnMut(Clash)) {
        let operation = board.case.visit(place.visit).operation.as_deref();
        let mates = operation.and_then(|operation| self.operations.get(operation)).into_iter().flatten();
        let elsewhere = |visit: &&VisitId| {
            let start = board.placed(**visit).map(|placed| (placed.day, placed.slot));
            **visit != place.visit && start.is_some_and(|start| start != (place.day, place.slot))
        };
        let visits: SmallVec<[VisitId; 16]> = mates.filter(elsewhere).copied().collect();
        if !visits.is_empty() {
            clash(Clash::Planned { visits: &visits, go: visits.len() });
        }
    }
}

/// What is wrong with the time of one visit, in words.
fn reasons(case: &Case, start: Start) -> Vec<String> {
    let (visit, date) = (case.visit(start.visit), start.date);
    let slots = case.period.slots.len();
    let mut reasons = Vec::new();
    if !case.period.contains(date) {
        reasons.push(format!("not a working day of the period {} to {}", case.period.from, case.period.to));
    }
    reasons.extend(visit.earliest.filter(|first| date < *first).map(|first| format!("its earliest day is {first}")));
    reasons.extend(visit.latest.filter(|last| date > *last).map(|last| format!("its latest day is {last}")));
    if let Some(fixed) = visit.slot.filter(|fixed| *fixed != start.slot) {
        reasons.push(format!("it must start in slot {}", slot_name(case, fixed)));
    }
    let begins = start.slot.index() + 1;
    if begins + usize::from(visit.duration.max(1)) > slots + 1 {
        reasons.push(format!("it fills {} slots and begins in slot {begins} of {slots}", visit.duration));
    }
    reasons
}

/// The violation of an operation whose visits do not all start together.
fn scattered(case: &Case, operation: &str, starts: &[Start]) -> Violation {
    let told: Vec<_> =
        starts.iter().map(|start| format!("{} on {}", case.visit(start.visit).id, begins(case, *start))).collect();
    let says = format!("the visits of operation {operation} do not start together: {}", told.join("; "));
    let visits = starts.iter().map(|start| start.visit).collect();
    Violation { rule: NAME, visits, inspectors: Vec::new(), says }
}

fn begins(case: &Case, start: Start) -> String {
    format!("{} {}", start.date, slot_name(case, start.slot))
}

fn slot_name(case: &Case, slot: SlotId) -> &str {
    case.period.slots.get(slot.index()).map_or("?", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        slots am pm night
        inspectors ana ben cem dea
        places p1 p2
        visit free p1
        visit tight p1 earliest=2027-01-05 latest=2027-01-07
        visit fixed p1 slot=pm
        visit long p1 duration=2
        visit r1 p1 kind=raid operation=dawn
        visit r2 p2 kind=raid operation=dawn
        visit r3 p2 kind=raid operation=dusk
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("window", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn a_visit_without_a_window_may_be_held_on_the_first_and_the_last_day_of_the_period() {
        assert!(says("plan free 2027-01-04 am ana ben").is_empty());
        assert!(says("plan free 2027-01-15 night ana ben").is_empty());
    }

    #[test]
    fn a_weekend_and_a_day_outside_the_period_break() {
        let expected = "not a working day of the period 2027-01-04 to 2027-01-15";
        for day in ["2027-01-09", "2027-01-03", "2027-01-18"] {
            let found = says(&format!("plan free {day} am ana ben"));
            assert_eq!(found, [format!("visit free is planned on {day} am: {expected}")]);
        }
    }

    #[test]
    fn both_ends_of_the_window_count_and_the_days_beside_them_break() {
        assert!(says("plan tight 2027-01-05 am ana ben").is_empty());
        assert!(says("plan tight 2027-01-07 am ana ben").is_empty());
        let early = says("plan tight 2027-01-04 am ana ben");
        assert_eq!(early, ["visit tight is planned on 2027-01-04 am: its earliest day is 2027-01-05"]);
        let late = says("plan tight 2027-01-08 am ana ben");
        assert_eq!(late, ["visit tight is planned on 2027-01-08 am: its latest day is 2027-01-07"]);
    }

    #[test]
    fn a_fixed_slot_is_kept() {
        assert!(says("plan fixed 2027-01-04 pm ana ben").is_empty());
        let found = says("plan fixed 2027-01-04 am ana ben");
        assert_eq!(found, ["visit fixed is planned on 2027-01-04 am: it must start in slot pm"]);
    }

    #[test]
    fn a_long_visit_ends_with_the_day() {
        assert!(says("plan long 2027-01-04 pm ana ben").is_empty());
        let found = says("plan long 2027-01-04 night ana ben");
        assert_eq!(found, ["visit long is planned on 2027-01-04 night: it fills 2 slots and begins in slot 3 of 3"]);
    }

    #[test]
    fn visits_of_one_operation_start_together() {
        let together = "plan r1 2027-01-04 am ana ben\nplan r2 2027-01-04 am cem dea\nplan r3 2027-01-05 pm cem dea";
        assert!(says(together).is_empty());
        let found = says("plan r1 2027-01-04 am ana ben\nplan r2 2027-01-04 pm cem dea");
        let expected = "the visits of operation dawn do not start together: r1 on 2027-01-04 am; r2 on 2027-01-04 pm";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn an_operation_with_one_visit_unstaffed_stands() {
        assert!(says("plan r2 2027-01-04 pm cem dea").is_empty());
    }

    #[test]
    fn turned_off_it_says_nothing() {
        assert!(says("set window.enabled false\nplan free 2027-01-09 am ana ben").is_empty());
    }

    #[test]
    fn each_thing_that_is_wrong_is_said() {
        let found = says("plan tight 2027-01-10 am ana ben");
        let day = "visit tight is planned on 2027-01-10 am";
        let period = format!("{day}: not a working day of the period 2027-01-04 to 2027-01-15");
        assert_eq!(found, [period, format!("{day}: its latest day is 2027-01-07")]);
    }

    #[test]
    fn no_waiver_lifts_it() {
        assert_eq!(says("waiver window free ana\nwaiver window free ben\nplan free 2027-01-09 am ana ben").len(), 1);
    }
}
