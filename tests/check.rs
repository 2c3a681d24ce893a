//! The verifier's side of the book, made ready once and asked of many schedules: whatever was asked before,
//! it must say what a fresh check says, and `holds` must agree with it.

#[path = "agreement/small.rs"]
mod small;

use chrono::{Days, NaiveDate};
use foureyes::draw::{Stream, digest};
use foureyes::model::{Assignment, Case, Schedule, SlotId, Team, VisitId};
use foureyes::rules::{BOOK, Book, Sheet, Violation};

/// Schedules that each case is asked about: lawful ones and broken ones, one after the other.
const SCHEDULES: usize = 8;

fn stream(number: u64) -> Stream {
    Stream::from_key(digest(format!("prepared checks {number}").as_bytes()))
}

/// Cases in which each rule is on in its turn.
fn cases() -> impl Iterator<Item = (u64, Stream, Case, Book)> {
    (0..720).map(|number| {
        let mut stream = stream(number);
        let (case, book) = small::case(&mut stream, Some(BOOK[number as usize % BOOK.len()].name));
        (number, stream, case, book)
    })
}

/// Mostly within the period, sometimes far outside it, or on a day that nobody works.
fn date(stream: &mut Stream, case: &Case, days: &[NaiveDate]) -> NaiveDate {
    match stream.below(15) {
        0 => case.period.from - Days::new(stream.below(400)),
        1 => case.period.to + Days::new(stream.below(400)),
        2 => case.period.from + Days::new(stream.below(8)),
        _ => days[stream.index(days.len())],
    }
}

/// Any visits at any time by anybody.
fn any_schedule(stream: &mut Stream, case: &Case) -> Schedule {
    let days = case.period.days();
    let mut schedule = Schedule::default();
    let most = stream.below(case.visits.len() as u64 + 1);
    for visit in case.visit_ids().filter(|visit| u64::from(visit.0) < most) {
        let date = date(stream, case, &days);
        let slot = SlotId([0, 0, 0, 0, 1, 1, 1, 1, 2, 255][stream.index(10)]);
        let mut people: Vec<_> = case.inspector_ids().collect();
        stream.shuffle(&mut people);
        let size = [1, 2, 2, 2, 2, 2, 3, 3, 4][stream.index(9)];
        let team = Team::new(people.into_iter().take(size)).expect("nobody twice");
        schedule.assignments.insert(visit, Assignment { date, slot, team });
    }
    schedule
}

/// The part of a schedule that no rule finds anything against, visit by visit.
fn lawful_part(case: &Case, book: &Book, schedule: &Schedule) -> Schedule {
    let mut lawful = Schedule::default();
    for (visit, assignment) in &schedule.assignments {
        lawful.assignments.insert(*visit, assignment.clone());
        if !book.check(case, &lawful).is_empty() {
            lawful.assignments.remove(visit);
        }
    }
    lawful
}

/// What every rule says when it is asked for the first time, in the order of the book.
fn fresh(case: &Case, book: &Book, schedule: &Schedule) -> Vec<Violation> {
    book.rules().flat_map(|(_, rule)| rule.check(case, schedule)).collect()
}

#[test]
fn a_prepared_checker_says_what_a_fresh_check_says_whatever_it_was_asked_before() {
    let (mut sound, mut broken) = (0, 0);
    for (number, mut stream, case, book) in cases() {
        let (checker, mut sheet) = (book.checker(&case), Sheet::new(&case));
        for nth in 0..SCHEDULES {
            let any = any_schedule(&mut stream, &case);
            let schedule = if nth % 2 == 0 { any } else { lawful_part(&case, &book, &any) };
            let expected = fresh(&case, &book, &schedule);
            sheet.clear();
            assert!(sheet.put_all(&schedule));
            let held = sheet.read();
            assert_eq!(checker.violations(held), expected, "case {number}, schedule {nth}: {schedule:?}");
            assert_eq!(checker.holds(held), expected.is_empty(), "case {number}, schedule {nth}: {expected:?}");
            assert_eq!(checker.check(&schedule), expected);
            if expected.is_empty() { sound += 1 } else { broken += 1 }
        }
    }
    assert!(sound > 500 && broken > 500, "{sound} sound and {broken} broken schedules prove little");
}

#[test]
fn the_order_in_which_visits_are_put_on_a_sheet_does_not_matter() {
    for (number, mut stream, case, book) in cases().take(200) {
        let schedule = any_schedule(&mut stream, &case);
        let mut order: Vec<_> = schedule.assignments.iter().collect();
        stream.shuffle(&mut order);
        let mut sheet = Sheet::new(&case);
        for (visit, to) in order {
            assert!(sheet.put(*visit, to.date, to.slot, to.team.members()));
            // Reading between two visits changes nothing either.
            sheet.read();
        }
        let found = book.checker(&case).violations(sheet.read());
        assert_eq!(found, book.check(&case, &schedule), "case {number}");
    }
}

#[test]
fn a_sheet_takes_only_visits_and_teams_of_its_case_each_once() {
    let (_, _, case, _) = cases().next().expect("there are cases");
    let (date, people) = (case.period.from, case.inspector_ids().collect::<Vec<_>>());
    let mut sheet = Sheet::new(&case);
    let mut put = |visit: usize, team: &[_]| sheet.put(VisitId::at(visit), date, SlotId(0), team);
    assert!(!put(case.visits.len(), &people[..2]), "no such visit");
    assert!(!put(0, &[]), "nobody");
    assert!(!put(0, &[people[1], people[0]]), "not in order");
    assert!(!put(0, &[people[1], people[1]]), "one person twice");
    assert!(!put(0, &[people[0], foureyes::model::InspectorId::at(people.len())]), "no such person");
    assert!(put(0, &people[..2]));
    assert!(!put(0, &people[1..3]), "a visit is held once");
    let held = sheet.read();
    assert_eq!(held.visits().count(), 1);
    assert_eq!(held.team(VisitId(0)), &people[..2], "what was refused left nothing behind");
    sheet.clear();
    assert!(sheet.put(VisitId(0), date, SlotId(0), &people[1..3]));
    assert_eq!(sheet.read().people().map(|(who, _)| who).collect::<Vec<_>>(), &people[1..3]);
}

#[test]
#[should_panic(expected = "a schedule names visits and people of its case")]
fn a_schedule_of_another_case_is_no_schedule() {
    let (_, mut stream, case, book) = cases().next().expect("there are cases");
    let mut schedule = any_schedule(&mut stream, &case);
    let team = Team::new(case.inspector_ids().take(2)).expect("two people");
    let assignment = Assignment { date: case.period.from, slot: SlotId(0), team };
    schedule.assignments.insert(VisitId::at(case.visits.len()), assignment);
    book.check(&case, &schedule);
}
