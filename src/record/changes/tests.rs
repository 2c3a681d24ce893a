//! Each clause of DRAW.md, section 16, on a small office.

use super::testing::{Office, conflict, day, draw, ids};
use super::{AbsentDays, ByHand, Cause, Conflicted, Lack, Orders, Refusal, Went, What, by_hand, compared, went};
use crate::draw::{Root, digest};
use crate::model::Level;
use crate::record::TargetKind;

/// Six people, two visits on Monday by ana and ben, one on Tuesday by cem and dea, one on Wednesday by ana and cem.
const OFFICE: &str = "
    inspector ana lead
    inspector ben lead
    inspector cem lead
    inspector dea lead
    inspector eva lead
    inspector fay lead
    place p1 owner=O
    place p2
    place p3
    place p4
    visit v1 p1
    visit v2 p2
    visit v3 p3
    visit v4 p4
    set no-return.enabled false
    plan v1 2027-01-04 am ana ben
    plan v2 2027-01-04 pm ana ben
    plan v3 2027-01-05 am cem dea
    plan v4 2027-01-06 am ana cem
";

fn with(more: &str) -> String {
    format!("{OFFICE}\n{more}")
}

fn by_hand_one(visit: &str, date: u32, slot: &str, team: &str) -> ByHand {
    ByHand { visit: visit.to_owned(), held: Some((day(date), slot.to_owned(), ids(team))) }
}

fn override_of(teams: Vec<ByHand>) -> What {
    What::Override { evidence: "a letter".to_owned(), teams }
}

fn cancelled(visit: &str) -> Cause {
    Cause::Cancelled(visit.to_owned())
}

fn restored(visit: &str) -> Cause {
    Cause::Restored(visit.to_owned())
}

#[test]
fn an_absence_vacates_the_seats_of_its_days_and_no_other() {
    let mut office = Office::drawn(OFFICE);
    let before = office.plan();
    let first = office.order(4, "ana")[0].clone();
    let moves = office.absent("ana", 4, 5).unwrap();
    assert_eq!(moves.len(), 1);
    assert_eq!((moves[0].date, moves[0].member.as_str(), moves[0].from.as_str()), (day(4), "ana", "ana"));
    assert_eq!((moves[0].visits.clone(), moves[0].passed.clone()), (ids("v1 v2"), vec![]));
    assert_eq!(moves[0].by, Some(first.clone()));
    let mut team = ["ben".to_owned(), first];
    team.sort();
    let team = team.join(" ");
    assert_eq!(office.plan()[..2], [format!("v1 04 am {team}"), format!("v2 04 pm {team}")], "the partner stays");
    assert_eq!(office.plan()[2..], before[2..], "nobody else moves");
}

#[test]
fn seats_are_filled_in_order_of_day() {
    let mut office = Office::drawn(OFFICE);
    let moves = office.absent("ana", 1, 31).unwrap();
    let days: Vec<_> = moves.iter().map(|one| (one.date, one.visits.clone())).collect();
    assert_eq!(days, [(day(4), ids("v1 v2")), (day(6), ids("v4"))]);
}

#[test]
fn whoever_breaks_a_rule_is_passed_over_and_named_with_it() {
    let mut office = Office::drawn(OFFICE);
    let order = office.order(4, "ana");
    office.held.declare(&Cause::Absence(AbsentDays { inspector: order[0].clone(), from: day(4), to: day(4) }));
    let moves = office.absent("ana", 4, 4).unwrap();
    assert_eq!(moves[0].by.as_ref(), Some(&order[1]));
    assert_eq!(moves[0].passed.len(), 1);
    assert_eq!((&moves[0].passed[0].inspector, &moves[0].passed[0].rules), (&order[0], &ids("availability")));
}

#[test]
fn a_seat_belongs_to_whom_it_was_drawn_for_through_whatever_hands_it_goes() {
    let mut office = Office::drawn(OFFICE);
    let order = office.order(4, "ana");
    office.absent("ana", 4, 4).unwrap();
    let moves = office.absent(&order[0], 4, 4).unwrap();
    assert_eq!((moves[0].member.as_str(), &moves[0].from, &moves[0].by), ("ana", &order[0], &Some(order[1].clone())));
    assert_eq!(moves[0].passed[0].inspector, order[0]);
    assert!(moves[0].passed[0].rules.is_empty(), "they leave the seat themselves");
}

#[test]
fn where_nobody_can_step_in_the_visits_are_not_held_any_more() {
    let text = with("absence cem 2027-01-04..2027-01-04\nabsence dea 2027-01-04..2027-01-04\nset lead.leads 2");
    let text = text.replace("inspector eva lead", "inspector eva").replace("inspector fay lead", "inspector fay");
    let mut office = Office::drawn(&text);
    let moves = office.absent("ben", 4, 4).unwrap();
    assert_eq!((moves.len(), moves[0].by.clone()), (1, None));
    assert_eq!(office.plan(), ["v3 05 am cem dea", "v4 06 am ana cem"]);
}

/// Ben may go with neither cem nor dea, so nobody can step in beside him.
const APART: &str = "
    inspector ana lead
    inspector ben lead
    inspector cem lead
    inspector dea lead
    places p1 p2
    visit v1 p1
    visit v2 p2
    set no-return.enabled false
    conflict cem inspector ben
    conflict dea inspector ben
    plan v1 2027-01-04 am ana ben
    plan v2 2027-01-04 pm ana ben
";

#[test]
fn where_nobody_can_step_in_beside_the_partner_another_team_goes() {
    let mut office = Office::drawn(APART);
    office.draws[0].levels = true;
    let moves = office.absent("ana", 4, 4).unwrap();
    let told: Vec<_> =
        moves.iter().map(|one| (one.level, one.visits.clone(), one.by.clone(), one.team.clone())).collect();
    let team = |visit| (Level::Team, ids(visit), None, ids("cem dea"));
    assert_eq!(told, [team("v1"), team("v2")]);
    assert_eq!(office.plan(), ["v1 04 am cem dea", "v2 04 pm cem dea"]);
    assert_eq!(office.held.visit("v1").unwrap().seats["cem"], "ana", "the new team has the seats that were there");
    let moves = office.absent("cem", 4, 4).unwrap();
    assert!(moves.iter().all(|one| !one.is_filled() && one.member == "ana"), "{moves:?}");
    assert_eq!(moves[0].passed[0].team, ids("cem dea"), "whoever leaves goes in no other team");
    assert!(office.plan().is_empty());
}

#[test]
fn a_draw_of_before_has_no_levels_to_walk_down() {
    let mut office = Office::drawn(APART);
    let moves = office.absent("ana", 4, 4).unwrap();
    assert_eq!((moves.len(), moves[0].level, moves[0].visits.clone()), (1, Level::Day, ids("v1 v2")));
    assert!(!moves[0].is_filled() && office.plan().is_empty());
}

#[test]
fn two_seats_in_one_hand_are_filled_each_by_its_own_order() {
    let text = "
        inspector ana lead
        inspector ben lead
        inspector cem lead
        inspector dea lead
        places p1 p2
        visit v1 p1
        visit v2 p2
        set no-return.enabled false
        set one-partner.enabled false
        set pair-rotation.enabled false
        plan v1 2027-01-04 am ana ben
        plan v2 2027-01-04 pm cem dea
    ";
    let mut office = Office::drawn(text);
    let by = office.absent("ana", 4, 4).unwrap()[0].by.clone().unwrap();
    let other = if by == "cem" { "dea" } else { "cem" };
    let moves = office.absent(&by, 4, 4).unwrap();
    let seats: Vec<_> = moves.iter().map(|one| (one.member.as_str(), &one.visits, one.by.as_deref())).collect();
    assert_eq!(seats, [("ana", &ids("v1"), Some(other)), (by.as_str(), &ids("v2"), Some("ben"))]);
    assert_eq!(office.plan(), [format!("v1 04 am ben {other}"), format!("v2 04 pm ben {other}")]);
}

#[test]
fn a_day_that_was_executed_does_not_change() {
    let mut office = Office::drawn(OFFICE);
    let held = went(&office.draws, &office.held, day(4), None).unwrap();
    assert!(compared(&office.held, day(4), &held).is_empty());
    office.change(What::Executed { date: day(4), held });
    assert_eq!(office.absent("ana", 4, 6), Err(Refusal::Went { who: "ana".to_owned(), date: day(4) }));
    assert_eq!(office.amend(cancelled("v1")), Err(Refusal::DayOver(day(4))));
    let by = [by_hand_one("v1", 7, "am", "eva fay")];
    assert_eq!(by_hand(&office.draws, &office.held, &by), Err(Refusal::DayOver(day(4))));
    let moves = office.amend(Cause::Conflict(conflict("ana", TargetKind::District, "D")));
    assert_eq!(moves, Err(Refusal::UnknownTarget("district", "D".to_owned())));
    let moves = office.amend(Cause::Conflict(conflict("ana", TargetKind::Inspector, "ben")));
    assert_eq!(moves, Err(Refusal::NothingToChange("ana".to_owned())), "they went together on a day that is over");
    assert_eq!(went(&office.draws, &office.held, day(4), None), Err(Refusal::DayOver(day(4))));
}

#[test]
fn whoever_was_absent_on_a_day_that_is_over_may_be_absent_on() {
    let mut office = Office::drawn(OFFICE);
    let told = [Went { visit: "v1".to_owned(), team: ids("fay ben") }, Went { visit: "v2".to_owned(), team: ids("") }];
    let held = went(&office.draws, &office.held, day(4), Some(&told)).unwrap();
    let otherwise = compared(&office.held, day(4), &held);
    assert_eq!(otherwise.len(), 2);
    assert_eq!(otherwise[0].1, ids("ana ben"));
    office.change(What::Executed { date: day(4), held });
    assert_eq!(office.plan()[0], "v1 04 am ben fay");
    assert!(office.held.visit("v2").is_none(), "nobody went");
    assert_eq!(office.absent("ana", 4, 6).unwrap().len(), 1);
}

#[test]
fn what_was_executed_counts_for_those_who_step_in() {
    let text = with("plan v1 2027-01-04 am ana ben").replacen("plan v1 2027-01-04 am ana ben", "", 1);
    let mut office = Office::drawn(&text);
    let order = office.order(6, "cem");
    let told = [
        Went { visit: "v1".to_owned(), team: vec!["ana".to_owned(), order[0].clone()] },
        Went { visit: "v2".to_owned(), team: vec!["ana".to_owned(), order[0].clone()] },
    ];
    let held = went(&office.draws, &office.held, day(4), Some(&told)).unwrap();
    office.change(What::Executed { date: day(4), held });
    let moves = office.absent("cem", 6, 6).unwrap();
    assert_eq!(moves[0].passed[0].inspector, order[0]);
    assert_eq!(moves[0].passed[0].rules, ids("pair-rotation"), "ana and they went together on Monday");
    assert_eq!(moves[0].by.as_ref(), order.get(1));
}

#[test]
fn a_conflict_vacates_the_days_on_which_it_has_somebody_break_a_rule() {
    for (kind, target) in [(TargetKind::Establishment, "p1"), (TargetKind::Owner, "O"), (TargetKind::Inspector, "ben")]
    {
        let mut office = Office::drawn(OFFICE);
        let moves = office.amend(Cause::Conflict(conflict("ana", kind, target))).unwrap();
        assert_eq!(moves.len(), 1, "{target}");
        assert_eq!(
            (moves[0].date, &moves[0].visits),
            (day(4), &ids("v1 v2")),
            "whoever leaves one visit leaves the day"
        );
        assert!(office.held.visit("v4").unwrap().team().any(|who| who == "ana"));
    }
}

#[test]
fn between_two_the_draw_says_who_leaves_whoever_is_named_first() {
    let mut left = std::collections::BTreeSet::new();
    for seed in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        let moves = |one: &str, other: &str| {
            let mut office = Office::drawn(OFFICE);
            office.draws[0].root = Root::from_seed(&digest(b"inputs"), seed);
            let drawn = Conflicted { drawn: true, ..conflict(one, TargetKind::Inspector, other) };
            office.amend(Cause::Conflict(drawn)).unwrap()
        };
        let (one, other) = (moves("ana", "ben"), moves("ben", "ana"));
        assert_eq!(one, other, "{seed}");
        left.insert(one[0].from.clone());
    }
    assert_eq!(left.into_iter().collect::<Vec<_>>(), ["ana", "ben"], "either may have to leave");
}

#[test]
fn a_conflict_whose_cooling_off_is_over_vacates_nothing() {
    let mut office = Office::drawn(OFFICE);
    let long_ago = Conflicted {
        category: Some("employee".to_owned()),
        to: chrono::NaiveDate::from_ymd_opt(2024, 1, 1),
        ..conflict("ana", TargetKind::Establishment, "p1")
    };
    let moves = office.amend(Cause::Conflict(long_ago.clone()));
    assert_eq!(moves, Err(Refusal::NothingToChange("ana".to_owned())));
    let lately = Conflicted { to: chrono::NaiveDate::from_ymd_opt(2026, 1, 1), ..long_ago };
    assert_eq!(office.amend(Cause::Conflict(lately)).unwrap().len(), 1);
}

#[test]
fn a_conflict_counts_for_whoever_steps_in_later() {
    let mut office = Office::drawn(OFFICE);
    let order = office.order(4, "ana");
    office.held.declare(&Cause::Conflict(conflict(&order[0], TargetKind::Establishment, "p2")));
    let moves = office.absent("ana", 4, 4).unwrap();
    assert_eq!(moves[0].passed[0].rules, ids("conflict-of-interest"));
    assert_eq!(moves[0].by.as_ref(), Some(&order[1]));
}

#[test]
fn a_cancelled_visit_keeps_its_team_and_can_be_restored() {
    let mut office = Office::drawn(OFFICE);
    let before = office.plan();
    assert_eq!(office.amend(cancelled("v1")), Ok(vec![]));
    assert!(office.held.visit("v1").is_none() && office.held.cancelled("v1").is_some());
    assert_eq!(office.amend(cancelled("v1")), Err(Refusal::NotHeld("v1".to_owned())));
    assert_eq!(office.amend(restored("v1")), Ok(vec![]));
    assert_eq!(office.plan(), before);
    assert_eq!(office.amend(restored("v1")), Err(Refusal::NotCancelled("v1".to_owned())));
}

#[test]
fn a_visit_that_would_break_a_rule_is_not_restored() {
    let mut office = Office::drawn(OFFICE);
    office.amend(cancelled("v4")).unwrap();
    office.absent("ana", 4, 6).unwrap();
    let refused = office.amend(restored("v4"));
    let Err(Refusal::Breaks { visit, says }) = refused else { panic!("{refused:?}") };
    assert_eq!((visit.as_str(), says.len()), ("v4", 1));
}

#[test]
fn once_its_day_is_over_a_cancelled_visit_is_like_all_others() {
    let mut office = Office::drawn(OFFICE);
    office.amend(cancelled("v1")).unwrap();
    let from = day(5);
    assert_eq!(office.lacks(from), [Lack::Cancelled("v1".to_owned(), day(4))]);
    let held = went(&office.draws, &office.held, day(4), None).unwrap();
    office.change(What::Executed { date: day(4), held });
    assert_eq!(office.amend(restored("v1")), Err(Refusal::NotCancelled("v1".to_owned())));
    assert_eq!(office.lacks(from), []);
}

#[test]
fn an_override_sets_what_it_says_and_its_seats_have_no_reserves() {
    let mut office = Office::drawn(OFFICE);
    let given = by_hand(&office.draws, &office.held, &[by_hand_one("v3", 5, "pm", "fay cem")]).unwrap();
    assert_eq!(given, [by_hand_one("v3", 5, "pm", "cem fay")], "in order");
    office.change(override_of(given));
    assert_eq!(office.plan()[2], "v3 05 pm cem fay");
    let seats = &office.held.visit("v3").unwrap().seats;
    assert_eq!((seats["cem"].as_str(), seats["fay"].as_str()), ("cem", "fay"));
    let moves = office.absent("fay", 5, 5).unwrap();
    assert_eq!((moves[0].by.clone(), moves[0].passed.len()), (None, 0), "nobody was drawn for a seat given by hand");
    assert!(office.held.visit("v3").is_none());
}

#[test]
fn what_an_override_breaks_is_held_against_nobody_who_steps_in_elsewhere() {
    let mut office = Office::drawn(OFFICE);
    let alone = by_hand(&office.draws, &office.held, &[by_hand_one("v3", 5, "am", "fay")]).unwrap();
    office.change(override_of(alone));
    let order = office.order(4, "ana");
    let moves = office.absent("ana", 4, 4).unwrap();
    assert_eq!(moves[0].by.as_ref(), Some(&order[0]));
}

#[test]
fn what_can_not_be_given_by_hand_is_refused() {
    let office = Office::drawn(OFFICE);
    let refused = |one: ByHand| by_hand(&office.draws, &office.held, &[one]).unwrap_err();
    let text = |text: &str| text.to_owned();
    assert_eq!(refused(by_hand_one("v9", 5, "am", "ana")), Refusal::UnknownVisit(text("v9")));
    assert_eq!(refused(by_hand_one("v3", 5, "am", "zoe")), Refusal::UnknownInspector(text("zoe")));
    assert_eq!(refused(by_hand_one("v3", 5, "am", "ana ana")), Refusal::PersonTwice(text("ana"), text("v3")));
    assert_eq!(refused(by_hand_one("v3", 5, "noon", "ana")), Refusal::UnknownSlot(text("noon"), text("am, pm")));
    assert_eq!(refused(by_hand_one("v3", 20, "am", "ana")), Refusal::OutsidePeriod(day(20), day(4), day(15)));
    assert_eq!(refused(ByHand { visit: text("v9"), held: None }), Refusal::NotHeld(text("v9")));
    let twice = [by_hand_one("v3", 5, "am", "ana"), by_hand_one("v3", 5, "am", "ana")];
    assert_eq!(by_hand(&office.draws, &office.held, &twice), Err(Refusal::VisitTwice(text("v3"))));
    assert_eq!(by_hand(&office.draws, &office.held, &[]), Err(Refusal::NoVisit));
}

#[test]
fn what_can_not_have_been_is_refused() {
    let office = Office::drawn(OFFICE);
    let refused = |told: &[Went]| went(&office.draws, &office.held, day(4), Some(told)).unwrap_err();
    let one = |visit: &str, team: &str| Went { visit: visit.to_owned(), team: ids(team) };
    let all = [one("v1", "ana ben"), one("v2", "ana ben")];
    assert_eq!(refused(&all[..1]), Refusal::NotTold("v2".to_owned(), day(4)));
    assert_eq!(refused(&[one("v3", "cem dea")]), Refusal::NotOn("v3".to_owned(), day(4)));
    assert_eq!(refused(&[one("v1", "zoe")]), Refusal::UnknownInspector("zoe".to_owned()));
    assert_eq!(refused(&[all[0].clone(), all[0].clone()]), Refusal::VisitTwice("v1".to_owned()));
    assert_eq!(went(&office.draws, &office.held, day(8), None), Err(Refusal::NothingOn(day(8))));
}

#[test]
fn causes_that_can_not_be_are_refused() {
    let mut office = Office::drawn(OFFICE);
    assert_eq!(office.absent("zoe", 4, 5), Err(Refusal::UnknownInspector("zoe".to_owned())));
    assert_eq!(office.absent("ana", 5, 4), Err(Refusal::Backwards { from: day(5), to: day(4) }));
    assert_eq!(office.absent("fay", 4, 15), Err(Refusal::NothingToChange("fay".to_owned())));
    let themselves = Cause::Conflict(conflict("ana", TargetKind::Inspector, "ana"));
    assert_eq!(office.amend(themselves), Err(Refusal::Themselves("ana".to_owned())));
    assert_eq!(office.amend(cancelled("v9")), Err(Refusal::NotHeld("v9".to_owned())));
    assert_eq!(Office::new(vec![]).absent("ana", 4, 5), Err(Refusal::NothingDrawn));
}

#[test]
fn the_order_is_that_of_the_last_draw_that_gave_the_member_a_seat_that_day() {
    let later = with("visit v5 p4\nplan v5 2027-01-06 pm ana cem");
    let office = Office::new(vec![draw(1, (4, 6), OFFICE), draw(2, (6, 7), &later)]);
    assert_eq!(office.plan().len(), 5, "v4 was drawn again with the second draw's day");
    let order = |draw: usize, date| Orders::default().of(&office.draws[draw], day(date), "ana");
    let (first, second) = (order(0, 6), order(1, 6));
    let wanted: Vec<_> = second.iter().map(|who| (*who).to_owned()).collect();
    assert_eq!(office.order(6, "ana"), wanted);
    assert!(!first.is_empty() && order(1, 4).is_empty(), "a draw orders its own days");
}

#[test]
fn a_freeze_lacks_what_amendments_declared() {
    let mut office = Office::drawn(OFFICE);
    office.absent("ana", 4, 6).unwrap();
    office.held.declare(&Cause::Conflict(conflict("ben", TargetKind::Owner, "O")));
    let lacks = |more: &str, from: u32| office.lacks_of(&draw(2, (7, 8), &with(more)), day(from));
    assert_eq!(lacks("", 5).len(), 2);
    assert_eq!(lacks("absence ana 2027-01-05..2027-01-06 ill\nconflict ben owner O", 5), []);
    assert_eq!(
        lacks("absence ana 2027-01-05..2027-01-05\nabsence ana 2027-01-06..2027-01-09\nconflict ben owner O", 5),
        []
    );
    assert_eq!(lacks("absence ana 2027-01-05..2027-01-05\nconflict ben owner O", 5).len(), 1);
    assert_eq!(lacks("conflict ben owner O", 7), [], "days that are not drawn any more need no absence");
    assert_eq!(lacks("conflict ben owner O employee ..2026-12-01", 7).len(), 1, "one that ends is less");
    let fewer = OFFICE.replace("visit v3 p3", "visit v9 p3").replace("plan v3", "plan v9");
    let lacks = office.lacks_of(&draw(2, (7, 8), &fewer), day(7));
    assert!(lacks.contains(&Lack::Visit("v3".to_owned(), day(5))), "{lacks:?}");
}

#[test]
fn a_visit_outside_the_period_of_a_later_freeze_does_not_stand_in_it() {
    let office = Office::drawn(OFFICE);
    let later = draw(2, (6, 7), &with("period 2027-01-05..2027-01-20"));
    assert_eq!(office.held.schedule(&later.case).assignments.len(), 2);
    assert_eq!(office.held.schedule(&office.draws[0].case), office.draws[0].schedule);
}
