//! Plans the harbour from a seed, and verifies the record as a stranger would: from its bytes alone. Then
//! plays the planner who wants to send somebody else, and shows that the verifier sees it.
//!
//! ```console
//! $ cargo run --example plan_and_verify
//! ```

use std::error::Error;
use std::path::Path;

use foureyes::draw::Root;
use foureyes::model::{Assignment, Case, InspectorId, Schedule, Team, VisitId};
use foureyes::read::read_case;
use foureyes::record::{Files, Frozen, freeze, publish};
use foureyes::rules::Book;
use foureyes::urn::{Nobody, Options, alone, draw_stages};
use foureyes::verify::{Finding, verify};

const SEED: &str = "7 31 12 44 9 26, drawn in the canteen on 30 December";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/harbour");
    let reading = read_case(&folder);
    reading.problems.iter().for_each(|problem| println!("{problem}"));
    let mut case = reading.case.ok_or("the case can't be read")?;
    // A policy asks for a thousand tickets a stage; a few do to show how it goes.
    case.urn.tickets = 50;
    let book = Book::new(&case.settings).map_err(|_| "the policy asks for a rule that is not in the book")?;

    let frozen = freeze(&case, &book);
    let root = Root::from_seed(&frozen.digest, SEED);
    let drawn = draw_stages(&case, &book, &root, &Options::default(), &mut Nobody);
    let staffed = drawn.schedule.assignments.len();
    println!("{}: {staffed} of {} visits are staffed", case.name, case.visits.len());
    let files = publish(&case, &book, &frozen, SEED, &drawn);

    honest(&files);
    careless_forger(files);
    thorough_forger(&case, &book, &frozen, &drawn.schedule)
}

/// What was drawn is sound.
fn honest(files: &Files) {
    let verdict = verify(files);
    assert!(verdict.findings.is_empty(), "{:#?}", verdict.findings);
    println!("as drawn: sound");
}

/// One id changed in the published schedule: its digest no longer agrees.
fn careless_forger(mut files: Files) {
    let lines = files.get_mut(foureyes::record::SCHEDULE).expect("a record has a schedule");
    *lines = String::from_utf8_lossy(lines).replacen("H-07", "H-05", 1).into_bytes();
    let verdict = verify(&files);
    assert!(!verdict.findings.is_empty());
    tell("H-07 turned into H-05", &verdict.findings);
}

/// H-04, whose household lives on the Pelagos Group, is sent to its yard, and the urns and every digest are made anew.
fn thorough_forger(case: &Case, book: &Book, frozen: &Frozen, schedule: &Schedule) -> Result<(), Box<dyn Error>> {
    let friend = case.inspector_ids().find(|who| case.inspector(*who).id == "H-04").ok_or("no H-04")?;
    let owner = |visit: VisitId| case.place_of(visit).owner.as_deref();
    let staffed = schedule.assignments.iter();
    let (visit, drawn) =
        staffed.clone().find(|(visit, _)| owner(**visit) == Some("Pelagos Group")).ok_or("no visit")?;
    let mut forged = schedule.clone();
    forged.assignments.insert(*visit, instead_of_the_first(drawn, friend)?);

    let root = Root::from_seed(&frozen.digest, SEED);
    let verdict = verify(&publish(case, book, frozen, SEED, &alone(case, book, &root, &forged)));
    let names: Vec<&str> = verdict.findings.iter().map(|finding| finding.name).collect();
    assert!(names.contains(&"conflict-of-interest"), "{names:?}");
    tell(&format!("H-04 sent to {}, digests made anew", case.place_of(*visit).id), &verdict.findings);
    Ok(())
}

fn instead_of_the_first(drawn: &Assignment, friend: InspectorId) -> Result<Assignment, Box<dyn Error>> {
    let others = drawn.team.members().iter().skip(1).copied();
    let team = Team::new(others.chain([friend])).ok_or("H-04 is in the team already")?;
    Ok(Assignment { team, ..drawn.clone() })
}

fn tell(what: &str, findings: &[Finding]) {
    println!("{what}: {} findings", findings.len());
    for finding in findings {
        println!("  {}: {}", finding.name, finding.says);
    }
}
