//! The bounds of a record: what `bound` proves is weighed anew by `verify`, and nothing else passes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use foureyes::bound::{most_staffed, stage_bounds};
use foureyes::model::{Case, Drawn, DrawnStage, InspectorId, Odds, Schedule, Span, StageBounds, Urn, VisitPrice};
use foureyes::record::{self, BOUNDS, Files, UrnOf, bound_lines, read_bounds};
use foureyes::rules::Eligible;
use foureyes::verify::{State, verify};

/// A record made by hand, the same with bounds, and the bounds.
fn bounded() -> (Files, Case, Vec<StageBounds>) {
    let mut files = record::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tampered/base")).unwrap();
    let (case, book) = record::thaw_what_can_be(&files).case.unwrap();
    let inputs = record::digest_of_inputs(&files);
    let mut drawn = Drawn::default();
    for (span, (_, line)) in case.urn.stage.spans(&case.period).into_iter().zip(record::read_stages(&files).0) {
        let layout = book.layout(&case, span, &drawn.schedule);
        let name = record::urn_file(line.stage as usize);
        let of = UrnOf { case: &case, inputs: &inputs, stage: line.stage as usize, before: &drawn.schedule };
        let urn = Urn::new(layout.clone(), of.tickets(&layout, &name, &files[&name]).unwrap().to_vec()).unwrap();
        drawn.schedule.assignments.extend(urn.part(line.drawn as usize).assignments);
        drawn.stages.push(DrawnStage { odds: Odds::count(&urn), urn, index: line.drawn });
    }
    let bounds = stage_bounds(&case, &book, &drawn);
    for (bound, stage) in bounds.iter().zip(&drawn.stages) {
        assert!(bound.worst.at_least <= stage.odds.worst().map_or(0, |worst| worst.n), "the urn is a lottery too");
        assert!(bound.squares.at_least <= stage.odds.squares());
        assert!(bound.squares.at_least > 0 && bound.worst.at_least > 0);
    }
    files.insert(BOUNDS.to_owned(), bound_lines(&case, &bounds));
    (files, case, bounds)
}

fn findings(files: &Files) -> BTreeSet<&'static str> {
    verify(files).findings.into_iter().map(|finding| finding.name).collect()
}

#[test]
fn proved_bounds_are_sound_and_have_one_spelling() {
    let (files, case, bounds) = bounded();
    let verdict = verify(&files);
    assert_eq!(findings(&files), BTreeSet::new(), "{}", verdict.json());
    assert!(verdict.claims.iter().any(|(claim, state)| claim.name == "bounds" && *state == State::Sound));
    let (read, flaws) = read_bounds(&files, &case);
    assert_eq!((read.into_iter().map(|(_, bounds)| bounds).collect::<Vec<_>>(), flaws.len()), (bounds, 0));
}

#[test]
fn a_record_without_bounds_claims_none() {
    let (mut files, ..) = bounded();
    files.remove(BOUNDS);
    let verdict = verify(&files);
    assert!(verdict.is_sound() && verdict.claims.iter().all(|(claim, _)| claim.name != "bounds"));
}

#[test]
fn without_the_urn_nothing_is_said_of_the_bounds() {
    let (mut files, ..) = bounded();
    files.remove(&record::urn_file(1));
    let verdict = verify(&files);
    assert!(verdict.claims.iter().any(|(claim, state)| claim.name == "bounds" && *state == State::NotGiven));
}

/// What `forge` makes of the bounds of the first stage, and what is found.
#[track_caller]
fn forged(expected: &[&'static str], forge: impl Fn(&mut StageBounds)) {
    let (mut files, case, mut bounds) = bounded();
    forge(&mut bounds[0]);
    files.insert(BOUNDS.to_owned(), bound_lines(&case, &bounds));
    assert_eq!(findings(&files), expected.iter().copied().collect());
}

#[test]
fn a_bound_that_says_more_than_its_proof_is_found() {
    forged(&["bound"], |bounds| bounds.worst.at_least += 1);
    forged(&["bound"], |bounds| bounds.worst.at_least = u32::MAX);
    forged(&["bound"], |bounds| bounds.squares.at_least += 1);
    forged(&["bound"], |bounds| bounds.squares.at_least = (1 << 53) - 1);
    forged(&["bound"], |bounds| bounds.worst.cut = Default::default());
    forged(&["bound"], |bounds| bounds.squares.prices = Default::default());
    forged(&[], |bounds| (bounds.worst.at_least, bounds.squares.at_least) = (0, 0));
}

#[test]
fn somebody_who_is_not_full_can_not_be_called_full() {
    let (_, case, bounds) = bounded();
    let from = case.urn.stage.spans(&case.period)[0].from;
    assert!(!bounds[0].worst.cut.visits.is_empty());
    forged(&["bound"], |bounds| {
        let week = foureyes::model::Week::of(from);
        bounds.worst.cut.full = case.inspector_ids().map(|who| (who, week)).collect();
    });
}

#[test]
fn prices_that_prove_too_little_are_found() {
    forged(&["bound"], |bounds| bounds.squares.prices.visits[0].seat = -5);
    forged(&["bound"], |bounds| bounds.squares.prices.visits[0].seat = (1 << 53) - 1);
    forged(&["bound"], |bounds| {
        bounds.squares.prices.visits.remove(0);
    });
    forged(&["bad-value", "bound-proof"], |bounds| bounds.squares.prices.visits[0].seat = i64::MIN);
    forged(&["bad-value", "bound-proof"], |bounds| bounds.squares.at_least = u64::MAX);
}

#[test]
fn a_proof_that_names_what_the_stage_does_not_have_is_found() {
    let week = foureyes::model::Week { year: 1999, number: 1 };
    forged(&["bound-proof"], |bounds| bounds.worst.cut.full.insert(0, (InspectorId(0), week)));
    forged(&["bound-proof"], |bounds| bounds.worst.cut.visits[0].need = Some(99));
    forged(&["bound-proof"], |bounds| bounds.squares.prices.visits[0].needs = vec![1; 40]);
    forged(&["bound-proof"], |bounds| bounds.stage = 0);
}

#[test]
fn lists_are_in_order_and_name_nobody_twice() {
    forged(&["order", "bound-proof"], |bounds| {
        let twice: Vec<VisitPrice> = bounds.squares.prices.visits[..1].to_vec();
        bounds.squares.prices.visits.splice(0..0, twice);
    });
    forged(&["order", "bound-proof"], |bounds| {
        let twice = bounds.worst.cut.visits[0];
        bounds.worst.cut.visits.push(twice);
    });
}

#[test]
fn every_published_schedule_keeps_to_who_is_eligible_and_to_the_seats_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules");
    let mut seen = 0;
    for folder in std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let files = record::load(&folder).unwrap();
        let (case, book) = record::thaw_what_can_be(&files).case.unwrap();
        let schedule = record::read_schedule(&files, &case).schedule;
        let span = Span { from: case.period.from, to: case.period.to };
        let eligible = Eligible::new(&case, &book, span, &Schedule::default());
        let mut taken = BTreeMap::new();
        for (visit, at) in &schedule.assignments {
            let day = eligible.calendar.day(at.date).unwrap();
            let team: Vec<_> = eligible.goers(*visit).filter(|goer| at.team.contains(goer.who)).collect();
            assert!(team.len() == at.team.members().len() && team.iter().all(|goer| goer.days.has(day)));
            for goer in team.iter().filter(|goer| goer.takes_seat) {
                *taken.entry((goer.who, eligible.week_of(day))).or_insert(0) += 1;
            }
        }
        assert!(taken.iter().all(|((who, week), taken)| *taken <= eligible.seats(*who, *week)));
        let most = most_staffed(&case, &book, span, &Schedule::default());
        assert!(schedule.assignments.len() <= most.visits.at_most);
        seen += 1;
    }
    assert!(seen >= 3, "{seen}");
}
