//! Plans the vice squad's week from a hundred seeds, and counts. No schedule breaks a rule, nobody is
//! sent back to the place where they were last, and who goes through which door is anybody's guess, as far as eight
//! people allow.
//!
//! ```console
//! $ cargo run --example odds_of_meeting
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use foureyes::draw::Root;
use foureyes::model::{Case, EstablishmentId, InspectorId, Schedule, VisitId};
use foureyes::read::read_case;
use foureyes::record::freeze;
use foureyes::rules::Book;
use foureyes::urn::{self, Options};

const SEEDS: usize = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vice-squad");
    let reading = read_case(&folder);
    reading.problems.iter().for_each(|problem| println!("{problem}"));
    let case = reading.case.ok_or("the case can't be read")?;
    let book = Book::new(&case.settings).map_err(|_| "the policy asks for a rule that is not in the book")?;
    let digest = freeze(&case, &book).digest;

    println!("Planning {} from {SEEDS} seeds: half a minute or so ...", case.name);
    let mut meetings = Meetings::new();
    for seed in 0..SEEDS {
        let root = Root::from_seed(&digest, &seed.to_string());
        let schedule = urn::build(&case, &book, &root, &Options { threads: 1 }).schedule;
        assert_eq!(book.check(&case, &schedule), [], "seed {seed} breaks a rule");
        assert_eq!(sent_back(&case, &schedule), [], "seed {seed} sends somebody back");
        assert_eq!(
            unstaffed(&case, &schedule),
            ["C-1"],
            "seed {seed} leaves another visit than the one that nobody can make"
        );
        count(&schedule, &mut meetings);
    }
    println!("{SEEDS} schedules: none breaks a rule, none sends anybody back to their last place.");
    print(&case, &meetings);
    nobody_is_sure(&case, &meetings);
    Ok(())
}

/// How many of the schedules send this inspector on this visit.
type Meetings = BTreeMap<(VisitId, InspectorId), usize>;

fn count(schedule: &Schedule, meetings: &mut Meetings) {
    for (visit, assignment) in &schedule.assignments {
        for who in assignment.team.members() {
            *meetings.entry((*visit, *who)).or_default() += 1;
        }
    }
}

/// Who is in two teams in a row at one place, recounted here without the rule book.
fn sent_back(case: &Case, schedule: &Schedule) -> Vec<(VisitId, InspectorId)> {
    let mut last: BTreeMap<EstablishmentId, (chrono::NaiveDate, BTreeSet<InspectorId>)> = BTreeMap::new();
    for past in &case.history {
        let (date, team) = last.entry(past.establishment).or_insert_with(|| (past.date, BTreeSet::new()));
        if *date != past.date {
            *date = past.date;
            team.clear();
        }
        team.extend(past.team.iter().copied());
    }
    let mut back = Vec::new();
    for (visit, assignment) in schedule.in_time() {
        let place = case.visit(visit).establishment;
        let team: BTreeSet<_> = assignment.team.members().iter().copied().collect();
        if let Some((_, before)) = last.insert(place, (assignment.date, team.clone())) {
            back.extend(team.intersection(&before).map(|who| (visit, *who)));
        }
    }
    back
}

fn unstaffed<'c>(case: &'c Case, schedule: &Schedule) -> Vec<&'c str> {
    let missing = case.visit_ids().filter(|visit| !schedule.assignments.contains_key(visit));
    missing.map(|visit| case.visit(visit).id.as_str()).collect()
}

fn print(case: &Case, meetings: &Meetings) {
    println!("How many of {SEEDS} schedules send whom where:\n");
    let ids: Vec<String> = case.inspectors.iter().map(|inspector| format!("{:>4}", inspector.id)).collect();
    println!("{:<5} {:<20} {}", "", "", ids.join(" "));
    for visit in case.visit_ids() {
        let times = case.inspector_ids().map(|who| meetings.get(&(visit, who)).copied().unwrap_or(0));
        let times: Vec<String> =
            times.map(|times| if times == 0 { "   .".into() } else { format!("{times:>4}") }).collect();
        let place = case.place_of(visit).name.as_deref().unwrap_or_default();
        println!("{:<5} {place:<20} {}", case.visit(visit).id, times.join(" "));
    }
}

/// In a check by two people that several could make, nobody goes every time.
fn nobody_is_sure(case: &Case, meetings: &Meetings) {
    let free = ["M-1", "G-1", "G-2", "G-3"];
    for visit in case.visit_ids().filter(|visit| free.contains(&case.visit(*visit).id.as_str())) {
        let most = case.inspector_ids().filter_map(|who| meetings.get(&(visit, who))).max();
        assert!(most.is_some_and(|most| *most < SEEDS), "somebody always makes visit {}", case.visit(visit).id);
    }
}
