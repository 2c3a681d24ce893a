//! What may follow what on a ledger, line by line.

use super::super::testing::{
    self, amend, dice, disclose, draw, every_kind, executed, freeze, opening, override_, party, void,
};
use super::super::{Party, Quicknet};
use super::*;

/// A change, and what is said of it.
type Wrong<'c, T> = (&'c dyn Fn(&mut T), &'c str);

fn course(bodies: Vec<Body>) -> Course {
    Course::of(&testing::ledger(bodies)).0
}

fn commit(counter: u64) -> Body {
    Body::Commit(testing::commit(counter, 1))
}

fn said(course: &Course, body: &Body) -> Vec<String> {
    course.objections(body).iter().map(ToString::to_string).collect()
}

#[test]
fn a_whole_ceremony_keeps_its_course() {
    let (course, strays) = Course::of(&every_kind());
    assert_eq!(strays, []);
    let endings: Vec<_> = course.commitments.iter().map(|made| made.ending).collect();
    assert_eq!(endings, [Ending::Drawn(4), Ending::Drawn(9), Ending::Void(11)]);
    assert_eq!((course.next_freeze(), course.next_counter(), course.next_change()), (2, 4, 4));
    assert_eq!((course.lines, course.commitments[0].disclosed), (12, Some(12)));
    assert_eq!((course.origin(), course.open()), (testing::ORIGIN, None));
    assert_eq!(course.planner().map(|party| party.name.as_str()), Some("planner"));
}

#[test]
fn what_may_not_follow_is_said() {
    let fresh = course(vec![]);
    let frozen = course(vec![freeze(1)]);
    let committed = course(vec![freeze(1), commit(1)]);
    let drawn = course(vec![freeze(1), commit(1), draw(1)]);
    let voided = course(vec![freeze(1), commit(1), void(1)]);
    let disclosed = course(vec![freeze(1), commit(1), draw(1), disclose(1)]);
    for (course, body, says) in [
        (&Course::default(), freeze(1), "the first line is `freeze`; a ledger begins with `open`"),
        (&fresh, opening(), "the ledger is open already; `open` is its first line and no other"),
        (&fresh, freeze(2), "freeze 2 stands where freeze 1 comes next"),
        (&fresh, commit(1), "the commitment names freeze 1; the last one is 0"),
        (&fresh, draw(1), "there is no commitment 1"),
        (&frozen, commit(2), "commitment 2 stands where commitment 1 comes next"),
        (&frozen, Body::Commit(testing::commit(1, 2)), "the commitment names freeze 2; the last one is 1"),
        (&committed, commit(2), "commitment 1 is neither drawn nor void; one that was made known may not be dropped"),
        (&committed, disclose(1), "commitment 1 is still open: its secrets would give away what it draws"),
        (&committed, executed(1), "nothing was drawn yet, so there is nothing to change"),
        (&drawn, draw(1), "commitment 1 was drawn already, in line 4"),
        (&drawn, void(1), "commitment 1 was drawn already, in line 4"),
        (&drawn, executed(2), "change 2 stands where change 1 comes next"),
        (&voided, draw(1), "commitment 1 was made void already, in line 4"),
        (&disclosed, disclose(1), "the secrets of commitment 1 stand in line 5 already"),
    ] {
        assert_eq!(said(course, &body), [says]);
        assert!(course.may(&body).is_err());
    }
    for (course, body) in
        [(&fresh, freeze(1)), (&frozen, commit(1)), (&committed, draw(1)), (&drawn, commit(2)), (&voided, commit(2))]
    {
        assert_eq!(course.may(&body), Ok(()));
    }
}

#[test]
fn a_commitment_says_what_can_be() {
    let frozen = course(vec![freeze(1)]);
    let told = |change: &dyn Fn(&mut Commit)| {
        let mut commit = testing::commit(1, 1);
        change(&mut commit);
        said(&frozen, &Body::Commit(commit))
    };
    let wrong: [Wrong<Commit>; 13] = [
        (&|c| c.nonces.clear(), "nobody's secret takes part"),
        (&|c| c.nonces.reverse(), "`officer` stands behind `planner`"),
        (&|c| c.nonces = vec!["nobody".to_owned()], "`nobody`, whose secret is to take part, is no party"),
        (&|c| c.tickets = 0, "0 tickets"),
        (&|c| c.tickets = 1_000_001, "1000001 tickets"),
        (&|c| c.worst = 1001, "worst odds of 1001 in 1000 tickets"),
        (&|c| c.bound = Some(1001), "bound of 1001 in 1000 tickets"),
        (&|c| c.to = testing::day(3), "the days to draw begin on 2027-01-04 and end on 2027-01-03"),
        (&|c| c.beacon = BeaconLine::Quicknet(Quicknet { chain: [1; 32], round: 7 }), "the chain is not drand's"),
        (&|c| c.beacon = BeaconLine::Quicknet(Quicknet { chain: beacon::CHAIN, round: 0 }), "there is no round 0"),
        (&|c| c.beacon = BeaconLine::Dice(Dice { throws: 99, ..dice() }), "99 throws of dice with 6 faces"),
        (&|c| c.beacon = BeaconLine::Dice(Dice { faces: 1, ..dice() }), "dice of 1 faces"),
        (&|c| c.fallback = Some(Fallback::Dice(Dice { place: " ".to_owned(), ..dice() })), "the place"),
    ];
    for (change, says) in wrong {
        let objections = told(change);
        assert!(objections[0].starts_with(says), "{objections:?} instead of {says}");
    }
    let last = course([freeze(1)].into_iter().chain((1..=9).flat_map(|n| [commit(n), void(n)])).collect());
    assert_eq!(
        said(&last, &commit(10)),
        [
            "the chain of `officer` has 9 links, and none for draw 10",
            "the chain of `planner` has 9 links, and none for draw 10"
        ]
    );
}

#[test]
fn nobodys_seat_moves_while_a_commitment_is_open() {
    let (_, strays) = Course::of(&testing::ledger([freeze(1), commit(1), draw(1), commit(2), amend(1), override_(2)]));
    let whys: Vec<_> = strays.into_iter().map(|stray| (stray.line, stray.why)).collect();
    assert_eq!(whys, [(6, OutOfCourse::ChangedWhileOpen(2)), (7, OutOfCourse::ChangedWhileOpen(2))]);
}

#[test]
fn a_dropped_commitment_is_told_once_and_may_not_be_drawn_later() {
    let (course, strays) = Course::of(&testing::ledger([freeze(1), commit(1), commit(2), draw(1), draw(2)]));
    let whys: Vec<_> = strays.into_iter().map(|stray| (stray.line, stray.why)).collect();
    assert_eq!(whys, [(4, OutOfCourse::StillOpen(1)), (5, OutOfCourse::NotOpen(1, 4))]);
    assert_eq!(course.commitments[1].ending, Ending::Drawn(6));
}

#[test]
fn parties_are_those_that_a_ceremony_takes() {
    let told = |change: &dyn Fn(&mut Vec<Party>)| {
        let Body::Open(mut open) = opening() else { panic!("an opening is an opening") };
        change(&mut open.parties);
        said(&Course::default(), &Body::Open(open))
    };
    assert_eq!(told(&|_| {}), [""; 0]);
    let wrong: [Wrong<Vec<Party>>; 9] = [
        (&|all| all.truncate(2), "there are 0 planners; a ledger has one"),
        (&|all| drop(all.remove(0)), "there is no auditor; a ledger that nobody witnesses proves nothing"),
        (&|all| all.push(party("z", Role::Planner)), "there are 2 planners; a ledger has one"),
        (&|all| all.swap(0, 1), "`audit` stands behind `officer`; parties stand in order of name, none twice"),
        (&|all| all[1].links = 0, "the chain of `officer` has 0 links; 1 to 1000000 are allowed"),
        (&|all| all[1].key = all[0].key, "`audit` and `officer` have one key; two parties are two hands"),
        (&|all| all[1].key = [0; 32], "the key of `officer` is no Ed25519 key that can be relied on"),
        (
            &|all| all[1].name = "off icer".to_owned(),
            "`off icer` is no name of a party: 1 to 100 of the characters from `!` to `~`, without `+`",
        ),
        (
            &|all| all.extend((0..200).map(|n| party(&format!("z{n:03}"), Role::Officer))),
            "there are 203 parties; at most 100 are read",
        ),
    ];
    for (change, says) in wrong {
        assert_eq!(told(change), [says]);
    }
}
