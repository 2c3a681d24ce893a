//! Caps that are kept and broken, on small cases; and the places that they make safe.

use crate::rules::Book;
use crate::rules::testing::{broken, fixture, on_by_default};

const CASE: &str = "
    inspectors ana ben cem dea
    place mill owner=A risk=low
    place quay owner=A risk=high
    place dock
    visit m1 mill
    visit m2 mill kind=programmed
    visit m3 mill
    visit mc mill kind=complaint
    visit q1 quay
    visit d1 dock
    visit d2 dock
";

fn says(lines: &str) -> Vec<String> {
    broken("visit-cap", &format!("{CASE}\n{lines}"))
}

#[test]
fn it_is_off_unless_a_policy_turns_it_on() {
    assert!(!on_by_default("visit-cap"));
}

#[test]
fn as_many_visits_as_may_be_pass_and_one_more_breaks() {
    let two = "plan m1 2027-01-04 am ana ben\nplan m2 2027-01-06 am cem dea";
    assert!(says(two).is_empty());
    let found = says(&format!("{two}\nplan m3 2027-01-05 pm ana ben"));
    assert_eq!(found, ["visit m2 on 2027-01-06 is number 3 to mill in 12 months; at most 2 may be"]);
}

#[test]
fn a_visit_of_the_past_counts_until_the_day_before_the_same_day() {
    let plan = "history 2026-06-01 mill cem\nplan m1 2027-01-04 am ana ben";
    assert!(says(&format!("history 2026-01-04 mill ana\n{plan}")).is_empty());
    let found = says(&format!("history 2026-01-05 mill ana\n{plan}"));
    assert_eq!(found, ["visit m1 on 2027-01-04 is number 3 to mill in 12 months; at most 2 may be"]);
}

#[test]
fn visits_of_other_agencies_count_though_nobody_is_named() {
    let plan = "set visit-cap.visits 1\nhistory 2026-12-01 mill agency=tax\nplan m1 2027-01-04 am ana ben";
    assert_eq!(says(plan).len(), 1);
}

#[test]
fn the_risk_class_says_how_many_where_it_is_named() {
    let classes = "set visit-cap.classes [HIGH=0, low=1]";
    let found = says(&format!("{classes}\nplan q1 2027-01-04 am ana ben\nplan m1 2027-01-04 am cem dea"));
    assert_eq!(found, ["visit q1 on 2027-01-04 is number 1 to quay in 12 months; at most 0 may be"]);
    let docks = "plan d1 2027-01-04 am ana ben\nplan d2 2027-01-05 am cem dea";
    assert!(says(&format!("{classes}\n{docks}")).is_empty(), "a place without a class has the number of the rest");
}

#[test]
fn kinds_that_do_not_count_neither_fill_the_cap_nor_break_it() {
    let one = "set visit-cap.visits 1\nplan mc 2027-01-04 am ana ben";
    assert!(says(&format!("{one}\nplan m1 2027-01-05 am cem dea")).is_empty());
    assert!(says(&format!("{one}\nhistory 2026-12-01 mill ana kind=Raid\nplan m1 2027-01-05 am cem dea")).is_empty());
    assert_eq!(says(&format!("{one}\nhistory 2026-12-01 mill ana kind=x\nplan m1 2027-01-05 am cem dea")).len(), 1);
    let counted = "set visit-cap.uncounted []";
    assert_eq!(says(&format!("{counted}\n{one}\nplan m1 2027-01-05 am cem dea")).len(), 1);
}

#[test]
fn rows_of_one_day_are_one_visit_unless_their_numbers_differ() {
    let plan = "plan m1 2027-01-04 am ana ben";
    assert!(says(&format!("history 2026-12-01 mill ana\nhistory 2026-12-01 mill ben agency=tax\n{plan}")).is_empty());
    let two = "history 2026-12-01 mill ana visit=7\nhistory 2026-12-01 mill ben visit=8";
    assert_eq!(says(&format!("{two}\n{plan}")).len(), 1);
}

#[test]
fn places_of_one_owner_are_counted_together_where_the_policy_says_so() {
    let plan = "plan m1 2027-01-04 am ana ben\nplan q1 2027-01-05 am cem dea\nplan m2 2027-01-06 am ana ben";
    assert!(says(plan).is_empty());
    let found = says(&format!("set visit-cap.scope owner\n{plan}"));
    assert_eq!(found, ["visit m2 on 2027-01-06 is number 3 to places of A in 12 months; at most 2 may be"]);
    let docks = "plan d1 2027-01-04 am ana ben\nplan d2 2027-01-05 am cem dea";
    assert!(says(&format!("set visit-cap.scope owner\n{docks}")).is_empty());
}

#[test]
fn between_two_visits_of_one_place_lie_so_many_days() {
    let gap = "set visit-cap.gap 3\nplan m1 2027-01-04 am ana ben";
    assert!(says(&format!("{gap}\nplan m2 2027-01-07 am cem dea")).is_empty());
    let found = says(&format!("{gap}\nplan m2 2027-01-06 am cem dea"));
    let expected = "visit m2 to mill on 2027-01-06 is 2 days after 2027-01-04 with visit m1; at least 3 are asked";
    assert_eq!(found, [expected]);
    assert!(says(&format!("set visit-cap.scope owner\n{gap}\nplan q1 2027-01-05 am cem dea")).is_empty());
    assert!(says(&format!("history 2027-01-01 mill cem\n{gap}")).is_empty());
    let found = says(&format!("history 2027-01-02 mill cem\n{gap}"));
    assert_eq!(found, ["visit m1 to mill on 2027-01-04 is 2 days after 2027-01-02 (history); at least 3 are asked"]);
}

#[test]
fn no_waiver_lifts_it() {
    assert!(crate::rules::waivable("visit-cap").is_err());
}

fn safe(lines: &str) -> Vec<(String, usize, Option<String>)> {
    let (case, schedule) = fixture(&format!("set visit-cap.enabled true\nset visit-cap.visits 1\n{CASE}\n{lines}"));
    let safe = Book::new(&case.settings).unwrap().safe_places(&case, &schedule);
    safe.into_iter()
        .map(|one| (case.establishment(one.place).id.clone(), one.days, one.again.map(|day| day.to_string())))
        .collect()
}

#[test]
fn a_place_is_safe_from_the_visit_that_uses_it_up_until_one_counts_no_more() {
    assert!(safe("").is_empty());
    // Ten working days, all of them: before it, the visit that is planned would be one too many.
    assert_eq!(safe("plan m1 2027-01-06 am ana ben"), [("mill".to_owned(), 10, Some("2028-01-06".to_owned()))]);
    assert_eq!(safe("history 2026-01-06 mill ana"), [("mill".to_owned(), 2, Some("2027-01-06".to_owned()))]);
    assert!(safe("history 2026-01-04 mill ana").is_empty());
    assert!(safe("plan mc 2027-01-06 am ana ben").is_empty());
}

#[test]
fn a_place_of_a_class_that_nobody_visits_is_safe_for_ever() {
    assert_eq!(safe("set visit-cap.classes [high=0]"), [("quay".to_owned(), 10, None)]);
}

#[test]
fn a_gap_makes_a_place_safe_on_both_sides() {
    let found = safe("set visit-cap.classes [low=5]\nset visit-cap.gap 2\nplan m1 2027-01-06 am ana ben");
    assert_eq!(found, [("mill".to_owned(), 3, Some("2027-01-08".to_owned()))]);
}
