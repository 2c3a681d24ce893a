//! The bounds of a record: what `bound` proves is weighed anew by `verify`, and nothing else passes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

mod towns;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use foureyes::bound::{most_staffed, stage_bounds};
use foureyes::draw::Root;
use foureyes::model::{
    Case, DayOrWeek, Drawn, DrawnStage, InspectorId, MostStaffed, Odds, Schedule, Span, Stage, StageBounds, Urn,
    VisitId, VisitPrice,
};
use foureyes::record::{self, BOUNDS, Files, UrnOf, bound_lines, read_bounds};
use foureyes::rules::{Book, Eligible};
use foureyes::urn::{Nobody, Options, draw_stages};
use foureyes::verify::{State, verify};
use towns::{Size, town};

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
        drawn.stages.push(DrawnStage { number: line.stage as usize, odds: Odds::count(&urn), urn, index: line.drawn });
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
    for folder in std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("record.json").is_file())
    {
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

/// The record of a town that has too few people, with its bounds.
fn crowded(number: u64) -> (Files, Case, Vec<StageBounds>) {
    let mut case = town(number, Size { inspectors: 5, visits: 24, days: 4 });
    (case.urn.tickets, case.urn.stage) = (2, if number.is_multiple_of(2) { Stage::Period } else { Stage::Day });
    let book = Book::new(&case.settings).unwrap();
    let frozen = record::freeze(&case, &book);
    let drawn =
        draw_stages(&case, &book, &Root::from_seed(&frozen.digest, "town"), &Options { threads: 1 }, &mut Nobody);
    let mut files = record::publish(&case, &book, &frozen, "town", &drawn);
    let bounds = stage_bounds(&case, &book, &drawn);
    files.insert(BOUNDS.to_owned(), bound_lines(&case, &bounds));
    (files, case, bounds)
}

fn most(bounds: &[StageBounds]) -> &MostStaffed {
    bounds[0].most.as_ref().unwrap()
}

#[test]
fn what_is_counted_for_coverage_is_counted_again() {
    let (mut short, mut hopeless) = (0, 0);
    for number in 0..16 {
        let (files, case, bounds) = crowded(number);
        let verdict = verify(&files);
        assert!(verdict.is_sound(), "{}: {}", case.name, verdict.json());
        let (read, flaws) = read_bounds(&files, &case);
        assert_eq!((read.into_iter().map(|(_, one)| one).collect::<Vec<_>>(), flaws.len()), (bounds.clone(), 0));
        short += usize::from(!most(&bounds).visits.short.is_empty());
        hopeless += usize::from(!most(&bounds).visits.hopeless.is_empty());
    }
    assert!(short > 3 && hopeless > 3, "{short} short, {hopeless} hopeless");
}

#[test]
fn coverage_that_is_not_counted_is_found() {
    let crowded = (0..16).map(crowded).find(|(.., bounds)| {
        let most = &most(bounds).visits;
        !most.short.is_empty() && !most.hopeless.is_empty()
    });
    let (files, case, bounds) = crowded.unwrap();
    let forged = |expected: &[&'static str], forge: &dyn Fn(&mut MostStaffed)| {
        let (mut files, mut bounds) = (files.clone(), bounds.clone());
        forge(bounds[0].most.as_mut().unwrap());
        files.insert(BOUNDS.to_owned(), bound_lines(&case, &bounds));
        assert_eq!(findings(&files), expected.iter().copied().collect());
    };
    forged(&[], &|most| most.visits.at_most += 1);
    forged(&["bound"], &|most| most.visits.at_most -= 1);
    forged(&["bound"], &|most| most.mandatory.at_most = 0);
    forged(&["bound"], &|most| most.visits.short[0].missing += 1);
    forged(&["bound"], &|most| most.visits.short[0].there -= 1);
    forged(&["bound"], &|most| most.visits.short[0].wanted += 1);
    forged(&["bound"], &|most| most.visits.short[0].full.clear());
    forged(&["bound"], &|most| most.visits.hopeless.clear());
    forged(&["bound-proof"], &|most| most.visits.of += 1);
    forged(&["bound-proof"], &|most| most.visits.short.push(most.visits.short[0].clone()));
    forged(&["bound-proof"], &|most| most.visits.short[0].quality = Some(("skills".into(), "flying".into())));
    forged(&["bound-proof"], &|most| {
        let day = "1999-01-04".parse().unwrap();
        most.visits.short[0].full.insert(0, (InspectorId(0), DayOrWeek::Day(day)));
    });
    forged(&["order", "bound-proof"], &|most| most.visits.hopeless.insert(0, VisitId(23)));
}
