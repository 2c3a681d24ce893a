//! Who may step in, held against the definition: put everybody into every seat and recount every rule.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

#[path = "agreement/small.rs"]
mod small;

use foureyes::draw::{Root, Stream, digest, reserve_order};
use foureyes::model::{Case, InspectorId, Schedule, Team, VisitId};
use foureyes::record::{RESERVES_MAX, load, read_schedule, reserves, thaw_what_can_be};
use foureyes::rules::{Book, StandIns};
use foureyes::urn::{Options, build};

fn stream(number: u64) -> Stream {
    Stream::from_key(digest(format!("reserves {number}").as_bytes()))
}

/// The definition.
fn may_step_in(case: &Case, book: &Book, schedule: &Schedule, visit: VisitId, member: InspectorId) -> Vec<InspectorId> {
    let team = &schedule.assignments[&visit].team;
    let sound = |who: &InspectorId| {
        let others = team.members().iter().copied().filter(|other| *other != member);
        let mut replaced = schedule.clone();
        replaced.assignments.get_mut(&visit).unwrap().team = Team::new(others.chain([*who])).unwrap();
        book.check(case, &replaced).is_empty()
    };
    case.inspector_ids().filter(|who| !team.contains(*who)).filter(sound).collect()
}

#[test]
fn whoever_may_step_in_breaks_no_rule_and_whoever_may_not_breaks_one() {
    let (mut seats, mut some, mut refused) = (0, 0, 0);
    for number in 0..150 {
        let (case, book) = small::case(&mut stream(number), None);
        let root = Root::from_seed(&digest(b"reserves"), &number.to_string());
        let schedule = build(&case, &book, &root, &Options { threads: 1 }).schedule;
        let stand_ins = StandIns::new(&case, &book, &schedule).unwrap();
        let mut asker = stand_ins.asker();
        for drawn in reserves(&case, &book, &root, &schedule) {
            for seat in drawn.seats {
                let mut people = may_step_in(&case, &book, &schedule, drawn.visit, seat.member);
                assert_eq!(asker.may(drawn.visit, seat.member), people, "case {number}, {:?}", drawn.visit);
                assert_eq!(seat.of, people.len());
                for who in case.inspector_ids() {
                    assert_eq!(asker.holds(drawn.visit, seat.member, who), people.contains(&who) || who == seat.member);
                }
                let (visit, member) = (&case.visit(drawn.visit).id, &case.inspector(seat.member).id);
                reserve_order(&root, drawn.stage, visit, member, &mut people);
                people.truncate(RESERVES_MAX);
                assert_eq!(seat.order, people);
                seats += 1;
                some += usize::from(seat.of > 0);
                refused += usize::from(seat.of == 0);
            }
        }
    }
    assert!(some > 20 && refused > 20, "of {seats} seats, {some} have reserves and {refused} have none");
}

/// `tests/vectors/make.py` does not know the rules; this list tells it who may step in.
#[test]
fn the_list_beside_the_tampered_base_says_who_may_step_in() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tampered");
    let files = load(&folder.join("base")).unwrap();
    let (case, book) = thaw_what_can_be(&files).case.unwrap();
    let schedule = read_schedule(&files, &case).schedule;
    let mut lines = String::new();
    for (visit, to) in &schedule.assignments {
        for member in to.team.members() {
            let people = may_step_in(&case, &book, &schedule, *visit, *member);
            let people: Vec<&str> = people.iter().map(|who| case.inspector(*who).id.as_str()).collect();
            let line = format!("{} {}: {}", case.visit(*visit).id, case.inspector(*member).id, people.join(" "));
            lines.push_str(&format!("{}\n", line.trim_end()));
        }
    }
    assert_eq!(std::fs::read_to_string(folder.join("reserves.list")).unwrap(), lines, "\n{lines}");
}
