//! Small cases whose smallest change is known, and many in which every change is tried.

use std::fmt::Write;

use super::super::small::Words;
use super::*;
use crate::model::Waiver;
use crate::rules::testing::fixture;
use crate::rules::waivable;

fn ask(text: &str) -> (Case, Schedule, Vec<Remedy>) {
    let (case, schedule) = fixture(text);
    let book = Book::new(&case.settings).unwrap();
    let open: Vec<_> = case.visit_ids().filter(|visit| !schedule.assignments.contains_key(visit)).collect();
    let all = remedies(&case, &book, &schedule, &open);
    for remedy in &all {
        let (changed, after) = with_remedy(&case, &schedule, remedy);
        let before = book.check(&case, &schedule);
        let found = book.check(&changed, &after);
        assert!(found.iter().all(|broken| before.contains(broken)), "{remedy:?} breaks {found:?} in {text}");
        assert_eq!(after.assignments.len() + remedy.left.len() + given_up(remedy), case.visits.len(), "{text}");
    }
    (case, schedule, all)
}

fn given_up(remedy: &Remedy) -> usize {
    remedy.changes.iter().filter(|(_, change)| matches!(change, Change::Drop(_))).count()
}

fn waived(case: &Case, remedy: &Remedy) -> Vec<(String, &'static str)> {
    let waived = remedy.changes.iter().filter_map(|(visit, change)| match change {
        Change::Waive { rule, .. } => Some((case.visit(*visit).id.clone(), *rule)),
        _ => None,
    });
    waived.collect()
}

/// Ana and Ben have just served together, and nobody else is there.
const ROTATION: &str = "
    period 2027-01-04..2027-01-08
    inspector ana lead
    inspector ben
    places p1 p2 p3
    history 2027-01-02 p3 ana ben
    visit v1 p1 latest=2027-01-04
    visit v2 p2 latest=2027-01-04
";

#[test]
fn one_rule_is_waived_for_two_visits() {
    let (case, _, all) = ask(ROTATION);
    let [first, with_those_there] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((first.size(), first.lifts_rule()), (2, false), "{first:?}");
    assert_eq!(first.further(&case).iter().map(|seats| seats.visits.len()).sum::<usize>(), 2);
    assert_eq!(with_those_there.size(), 2, "{with_those_there:?}");
    assert!(with_those_there.further(&case).is_empty());
    let both = [("v1".to_owned(), "pair-rotation"), ("v2".to_owned(), "pair-rotation")];
    assert_eq!(waived(&case, with_those_there), both);
}

/// The only lead in North is away in the only week.
const NORTH: &str = "
    period 2027-01-11..2027-01-15
    inspector ana lead territory=North
    inspector ben lead territory=South
    inspectors cem dan eve
    place n district=North
    place s district=South
    visit v1 n
    visit v2 n
    visit v3 n
    absence ana 2027-01-11..2027-01-15
    set no-return.enabled false
";

#[test]
fn three_more_leads_in_north() {
    let (case, _, all) = ask(NORTH);
    let seats = all[0].further(&case);
    let [seats] = seats.as_slice() else { panic!("{all:?}") };
    assert_eq!((seats.week.number, seats.visits.len()), (2, 3));
    assert_eq!(seats.district.as_deref(), Some("North"));
    assert_eq!(seats.qualities, [("lead", "lead".to_owned())]);
    assert_eq!((all[0].size(), all[0].left.len()), (3, 0));
    let without = all.last().unwrap();
    assert!(without.further(&case).is_empty() && without.size() == 3, "{without:?}");
}

#[test]
fn a_waiver_for_one_and_a_longer_window_for_the_other() {
    let (case, _, all) = ask("
        period 2027-01-04..2027-01-08
        inspector ana lead skills=ka
        inspector ben
        inspector cem
        places p1 p2
        conflict ana establishment p2 kin
        absence ana 2027-01-04..2027-01-05 leave
        visit v1 p1 skills=ka latest=2027-01-05
        visit v2 p2 latest=2027-01-08
    ");
    let changes: Vec<_> =
        all[0].changes.iter().map(|(visit, change)| (case.visit(*visit).id.as_str(), change)).collect();
    let [("v1", Change::Window { to, .. })] = changes.as_slice() else { panic!("{all:?}") };
    assert_eq!(*to, "2027-01-06".parse().unwrap());
    assert_eq!(all[0].size(), 2, "and one lead more for v2: {all:?}");
    let with_those_there = all.last().unwrap();
    assert_eq!(waived(&case, with_those_there), [("v2".to_owned(), "lead")], "{with_those_there:?}");
    assert!(all.iter().all(|remedy| !remedy.lifts_conflict()));
}

#[test]
fn a_conflict_is_lifted_only_where_nothing_else_helps() {
    let text = "
        period 2027-01-04..2027-01-04
        inspector ana lead
        inspector ben lead
        place p1 district=D1
        visit v1 p1
        conflict ana establishment p1 kin
        conflict ben establishment p1 kin
    ";
    let (case, _, all) = ask(text);
    assert_eq!((all[0].size(), all[0].lifts_conflict()), (2, false), "two further people: {all:?}");
    let last = all.last().unwrap();
    assert_eq!((last.size(), last.lifts_conflict()), (2, true));
    assert!(waived(&case, last).iter().all(|(_, rule)| *rule == "conflict-of-interest"));
}

#[test]
fn a_visit_that_moves_takes_no_change_and_a_programmed_one_is_given_up() {
    let text = "
        period 2027-01-04..2027-01-05
        slots am
        inspector ana lead
        inspector ben
        places p1 p2
        set pair-rotation.enabled false
        visit v1 p1 latest=2027-01-04
        visit v2 p2
        plan v2 2027-01-04 am ana ben
    ";
    let (_, _, all) = ask(text);
    assert_eq!((all.len(), all[0].size(), all[0].moved.len()), (1, 0, 1), "{all:?}");
    let one_day = text.replace("visit v2 p2", "visit v2 p2 kind=programmed latest=2027-01-04");
    let (_, _, all) = ask(&one_day.replace("2027-01-04..2027-01-05", "2027-01-04..2027-01-04"));
    assert_eq!(all[0].changes, [(VisitId(1), Change::Drop(VisitId(1)))], "{all:?}");
}

#[test]
fn where_nothing_helps_nothing_is_told() {
    let text = "inspectors ana ben\n places p1\n visit v1 p1 duration=3";
    assert_eq!(ask(text).2, []);
    let (case, _, all) = ask(&format!("{text}\n visit v2 p1"));
    assert_eq!(all[0].left.iter().map(|visit| case.visit(*visit).id.as_str()).collect::<Vec<_>>(), ["v1"]);
}

#[test]
fn others_that_the_same_change_mends_are_named() {
    let (case, schedule) = fixture(
        "
        period 2027-01-04..2027-01-04
        slots am
        inspector ana lead
        inspector ben
        inspector cem lead
        inspector dan
        places p1 p2 p3
        visit v1 p1
        visit v2 p2
        visit p3 p3 kind=programmed size=4
        plan p3 2027-01-04 am ana ben cem dan
    ",
    );
    let book = Book::new(&case.settings).unwrap();
    let visit = |id: &str| VisitId::at(case.visits.iter().position(|visit| visit.id == id).unwrap());
    let (all, mended) = remedies_with(&case, &book, &schedule, visit("v1"), &[visit("v1"), visit("v2")]);
    assert_eq!(mended, [visit("v2")]);
    assert_eq!(all[0].changes, [(visit("p3"), Change::Drop(visit("p3")))]);
}

/// A small crowded case: few people, few days, facts that keep them away.
fn crowded(number: u64) -> String {
    let mut words = Words(number);
    let mut index = |below: usize| words.index(below as u64) as usize;
    let people = ["ana", "ben", "cem"];
    let mut text = String::from("period 2027-01-04..2027-01-05\n slots am\n places p1 p2\n");
    for who in people {
        let (lead, skill) = (["lead", ""][index(2)], ["", "", "skills=ka"][index(3)]);
        writeln!(text, "inspector {who} {lead} {skill}").unwrap();
    }
    for _ in 0..3 {
        let (who, place) = (people[index(3)], ["p1", "p2"][index(2)]);
        let fact = [
            format!("conflict {who} establishment {place} kin"),
            format!("absence {who} 2027-01-04..2027-01-05 leave"),
            format!("history 2026-12-30 {place} {who}"),
            format!("history 2026-12-30 {place} ana {}", people[1 + index(2)]),
        ];
        writeln!(text, "{}", fact[index(4)]).unwrap();
    }
    for at in 1..3 {
        let what = ["", "skills=ka", "latest=2027-01-04"][index(3)];
        writeln!(text, "visit v{at} p{} {what}", 1 + index(2)).unwrap();
    }
    text
}

/// Whether at most `most` waivers let every visit be made by those who are there, within its window: every team, time and
/// waiver is tried.
fn can_be_made(case: &Case, book: &Book, most: usize, conflicts: bool) -> bool {
    let slot = SlotId(0);
    let teams = [[0, 1], [0, 2], [1, 2]].map(|pair| Team::new(pair.map(InspectorId)).unwrap());
    let ways: Vec<Assignment> = case
        .period
        .days()
        .into_iter()
        .flat_map(|date| teams.clone().map(|team| Assignment { date, slot, team }))
        .collect();
    ways.iter().any(|one| {
        ways.iter().any(|other| {
            let held = [(VisitId(0), one.clone()), (VisitId(1), other.clone())];
            signed(case, book, &Schedule { assignments: held.into_iter().collect() }, most, conflicts)
        })
    })
}

fn signed(case: &Case, book: &Book, schedule: &Schedule, most: usize, conflicts: bool) -> bool {
    let found = book.check(case, schedule);
    if found.is_empty() || most == 0 {
        return found.is_empty();
    }
    let rules = book.rules().map(|(entry, _)| entry.name).filter(|name| waivable(name).is_ok());
    let conflict = |rule: &str| ["conflict-of-interest", "not-together"].contains(&rule);
    let waive = |rule: &str, visit: VisitId, inspector| {
        let mut case = case.clone();
        let (rule, date) = (rule.to_owned(), case.period.from);
        case.waivers.push(Waiver { rule, visit, inspector, reason: String::new(), approver: String::new(), date });
        signed(&case, book, schedule, most - 1, conflicts)
    };
    // A waiver of a rule that is not broken helps nobody.
    let broken = |rule: &&str| found.iter().any(|violation| violation.rule == *rule);
    rules.filter(broken).filter(|rule| conflicts || !conflict(rule)).any(|rule| {
        schedule.assignments.iter().any(|(visit, held)| held.team.members().iter().any(|who| waive(rule, *visit, *who)))
    })
}

#[test]
fn no_fewer_waivers_would_do_in_many_small_cases() {
    let mut compared = 0;
    for number in 0..40 {
        let text = crowded(number);
        let (case, schedule) = fixture(&text);
        let book = Book::new(&case.settings).unwrap();
        let reach = Reach { visits: 2, movers: 0, people: 3, options: 1000 };
        let options = Options::new(&case, &book, &schedule, &[VisitId(0), VisitId(1)], reach);
        assert!(options.complete);
        // Only waivers, and within the windows: what is tried by hand below.
        let plain = Options { all: options.all.iter().map(within_window).collect(), ..options };
        let Some(choice) = choose(&plain, Allowed { waivers: true, further: false }) else { continue };
        let remedy = told(&case, &schedule, &plain, choice);
        if !remedy.left.is_empty() || remedy.size() > 3 {
            continue;
        }
        assert!(is_proved(&case, &book, &schedule, &remedy), "{remedy:?} in {text}");
        let size = remedy.size();
        if remedy.lifts_conflict() {
            assert!(!can_be_made(&case, &book, size, false), "{remedy:?} lifts a conflict in vain in {text}");
        } else if let Some(fewer) = size.checked_sub(1) {
            assert!(!can_be_made(&case, &book, fewer, false), "fewer than {remedy:?} would do in {text}");
        }
        compared += usize::from(size > 0);
    }
    assert!(compared > 12, "{compared}");
}

/// The option, so dear that none is chosen outside the window.
fn within_window(option: &options::Choosable) -> options::Choosable {
    let dear = if option.changes.is_empty() { 0 } else { 1 << 20 };
    let mut option = option.clone();
    option.cost += dear;
    option
}
