//! What holds of every ticket: every rule, the same bytes, and as much coverage as there can be.

mod towns;

use foureyes::draw::{Root, digest};
use foureyes::model::{
    Assignment, Case, InspectorId, Kind, PastVisit, Schedule, Setting, Settings, SlotId, Stage, Team, VisitId,
};
use foureyes::rules::Book;
use foureyes::urn::{Built, Keeper, Nobody, Options, build, draw_stages};
use towns::{Size, town};

fn built(case: &Case, seed: &str, threads: usize) -> (Book, Built) {
    let book = Book::new(&case.settings).expect("towns have sound settings");
    let root = Root::from_seed(&digest(b"town"), seed);
    let built = build(case, &book, &root, &Options { threads });
    (book, built)
}

#[test]
fn every_ticket_obeys_every_rule() {
    for number in 0..25 {
        let case = town(number, Size { inspectors: 6 + number as usize % 12, visits: 12, days: 9 });
        let (book, built) = built(&case, "1", 1);
        assert_eq!(book.check(&case, &built.schedule), [], "{}", case.name);
    }
}

#[test]
fn threads_and_repetition_change_nothing() {
    for number in 0..4 {
        let case = town(number, Size { inspectors: 8, visits: 20, days: 7 });
        let one = built(&case, "1", 1).1;
        for threads in [1, 2, 8] {
            assert_eq!(built(&case, "1", threads).1, one, "{}, {threads} threads", case.name);
        }
    }
}

#[test]
fn every_seed_is_a_seed_of_its_own() {
    let case = town(3, Size { inspectors: 20, visits: 20, days: 10 });
    let schedules = ["", "0", "1", " "].map(|seed| built(&case, seed, 1).1.schedule);
    for (at, one) in schedules.iter().enumerate() {
        assert!(schedules[at + 1..].iter().all(|other| other != one));
    }
}

#[test]
fn an_empty_case_has_an_empty_ticket() {
    for (inspectors, visits) in [(0, 0), (3, 0), (0, 3), (1, 3)] {
        let mut case = town(1, Size { inspectors: 5, visits: 5, days: 5 });
        case.inspectors.truncate(inspectors);
        case.visits.truncate(visits);
        (case.history, case.conflicts, case.absences) = (Vec::new(), Vec::new(), Vec::new());
        assert_eq!(built(&case, "1", 1).1.schedule, Schedule::default());
    }
}

/// Three people, one visit in a week, and a gap that bars the first of them until Wednesday.
fn barred_until_wednesday(people: usize) -> Case {
    let mut case = town(1, Size { inspectors: people, visits: 1, days: 7 });
    for inspector in &mut case.inspectors {
        (inspector.lead, inspector.grade, inspector.territory) = (true, None, Vec::new());
    }
    let visit = &mut case.visits[0];
    (visit.earliest, visit.latest, visit.slot, visit.team_size) = (None, None, None, None);
    (visit.skills, visit.min_women, visit.kind) = (Vec::new(), None, Kind::Mandatory);
    (case.conflicts, case.absences) = (Vec::new(), Vec::new());
    let (date, establishment) = (case.period.from - chrono::Days::new(7), case.visits[0].establishment);
    let team = [InspectorId(0)].as_slice().into();
    case.history =
        vec![PastVisit { date, establishment, team, others: Vec::new(), visit: None, kind: None, agency: None }];
    case.settings = Settings::new();
    case.settings.entry("no-return".into()).or_default().insert("enabled".into(), Setting::Switch(false));
    case.settings.entry("return-gap".into()).or_default().insert("days".into(), Setting::Number(9));
    case
}

#[test]
fn a_late_day_lets_nobody_back_in_while_others_can_go() {
    let case = barred_until_wednesday(3);
    for seed in 0..20 {
        let schedule = built(&case, &seed.to_string(), 1).1.schedule;
        assert!(!schedule.assignments[&VisitId(0)].team.contains(InspectorId(0)));
    }
}

#[test]
fn a_late_day_lets_somebody_back_in_where_nobody_else_can_go() {
    let case = barred_until_wednesday(2);
    for seed in 0..20 {
        let schedule = built(&case, &seed.to_string(), 1).1.schedule;
        let assignment = &schedule.assignments[&VisitId(0)];
        assert!(assignment.team.contains(InspectorId(0)));
        assert!(assignment.date >= case.period.from + chrono::Days::new(2));
    }
}

#[test]
fn a_visit_may_ask_for_more_skills_than_anybody_counts() {
    let mut case = barred_until_wednesday(3);
    let skills: Vec<String> = (0..100).map(|number| format!("skill {number:03}")).collect();
    case.visits[0].skills.clone_from(&skills);
    assert_eq!(built(&case, "1", 1).1.schedule, Schedule::default());
    case.inspectors[2].skills = skills;
    assert_eq!(built(&case, "1", 1).1.schedule.assignments.len(), 1);
}

#[test]
fn small_cases_are_covered_as_well_as_by_trying_everything() {
    for number in 0..60 {
        let case = town(number, Size { inspectors: 4, visits: 3, days: 2 });
        let (book, built) = built(&case, "1", 1);
        let most = best_of_all(&case, &book);
        assert_eq!(coverage(&case, &built.schedule), most, "{}", case.name);
    }
}

/// Mandatory visits staffed, then all.
fn coverage(case: &Case, schedule: &Schedule) -> (usize, usize) {
    let mandatory = schedule.assignments.keys().filter(|visit| case.visit(**visit).kind.is_mandatory()).count();
    (mandatory, schedule.assignments.len())
}

fn best_of_all(case: &Case, book: &Book) -> (usize, usize) {
    let options: Vec<Vec<Assignment>> = case.visit_ids().map(|visit| alone(case, book, visit)).collect();
    let mut best = (0, 0);
    try_all(case, book, &options, &mut Schedule::default(), 0, &mut best);
    best
}

/// Every assignment that a visit could have if nothing else were planned. An earlier visit may make room
/// for a later one (no-return counts the last teams), so what only that rule forbids stays in.
fn alone(case: &Case, book: &Book, visit: VisitId) -> Vec<Assignment> {
    let people: Vec<InspectorId> = case.inspector_ids().collect();
    let teams = (0_u32..1 << people.len())
        .filter_map(|set| Team::new(people.iter().copied().filter(|who| set >> who.0 & 1 == 1)));
    let times = case.period.days().into_iter().flat_map(|date| [SlotId(0), SlotId(1)].map(|slot| (date, slot)));
    let times: Vec<_> = times.collect();
    let all = teams.flat_map(|team| times.iter().map(move |(date, slot)| (*date, *slot, team.clone())));
    let fits = |assignment: &Assignment| {
        let only = Schedule { assignments: [(visit, assignment.clone())].into() };
        book.check(case, &only).iter().all(|violation| violation.rule == "no-return")
    };
    all.map(|(date, slot, team)| Assignment { date, slot, team }).filter(fits).collect()
}

fn try_all(
    case: &Case,
    book: &Book,
    options: &[Vec<Assignment>],
    schedule: &mut Schedule,
    from: usize,
    best: &mut (usize, usize),
) {
    if from == options.len() {
        let reached = coverage(case, schedule);
        if reached > *best && book.check(case, schedule).is_empty() {
            *best = reached;
        }
        return;
    }
    let all = (case.visits.iter().filter(|visit| visit.kind.is_mandatory()).count(), case.visits.len());
    for assignment in options[from].iter().cloned().map(Some).chain([None]) {
        if *best == all {
            return;
        }
        let visit = VisitId::at(from);
        if let Some(assignment) = assignment {
            schedule.assignments.insert(visit, assignment);
        }
        try_all(case, book, options, schedule, from + 1, best);
        schedule.assignments.remove(&visit);
    }
}

fn urns_of(case: &Case, threads: usize, keeper: &mut (dyn Keeper + Send)) -> (Book, foureyes::model::Drawn) {
    let book = Book::new(&case.settings).expect("towns have sound settings");
    let drawn = draw_stages(case, &book, &Root::from_seed(&digest(b"urn"), "1"), &Options { threads }, keeper);
    (book, drawn)
}

/// Keeps what is built, and is what was kept before.
#[derive(Clone, Default)]
struct Chest(std::collections::BTreeMap<usize, Vec<u8>>);

impl Keeper for Chest {
    fn kept(&mut self, number: usize) -> Vec<u8> {
        self.0.get(&number).cloned().unwrap_or_default()
    }

    fn keep(&mut self, number: usize, batch: &[u8]) {
        self.0.entry(number).or_default().extend(batch);
    }
}

fn small_town(number: u64, stage: Stage) -> Case {
    let mut case = town(number, Size { inspectors: 10, visits: 14, days: 6 });
    (case.urn.tickets, case.urn.stage) = (36, stage);
    case
}

#[test]
fn every_ticket_of_every_urn_obeys_every_rule_and_holds_what_can_be_held() {
    for number in 0..6 {
        for stage in [Stage::Day, Stage::Week, Stage::Period] {
            let case = small_town(number, stage);
            let (book, drawn) = urns_of(&case, 1, &mut Nobody);
            let mut before = Schedule::default();
            for one in &drawn.stages {
                let all = |at: usize| {
                    let mut whole = before.clone();
                    whole.assignments.extend(one.urn.ticket(at).assignments);
                    whole
                };
                let tickets: Vec<Schedule> = (0..one.urn.len()).map(all).collect();
                for ticket in &tickets {
                    assert_eq!(book.check(&case, ticket), [], "{}, {stage:?}", case.name);
                }
                before.assignments.extend(one.urn.part(one.index as usize).assignments);
            }
            assert_eq!(before, drawn.schedule);
        }
    }
}

#[test]
fn an_urn_has_the_same_bytes_with_any_number_of_threads_and_after_any_interruption() {
    for stage in [Stage::Day, Stage::Period] {
        let case = small_town(2, stage);
        let mut chest = Chest::default();
        let whole = urns_of(&case, 1, &mut chest).1;
        for threads in [2, 8] {
            assert_eq!(urns_of(&case, threads, &mut Nobody).1, whole, "{threads} threads");
        }
        for cut in [0, 1, 100, 1000, chest.0[&1].len() - 1] {
            let mut torn = Chest::default();
            torn.0.insert(1, chest.0[&1][..cut.min(chest.0[&1].len())].to_vec());
            assert_eq!(urns_of(&case, 2, &mut torn).1, whole, "cut after {cut} bytes");
        }
    }
}

#[test]
fn a_visit_by_lot_is_held_about_as_often_as_its_target_and_never_never() {
    let mut case = small_town(3, Stage::Period);
    case.urn.tickets = 200;
    case.programmed.classes.insert("low".into(), 1);
    let days = case.period.to.signed_duration_since(case.period.from).num_days() + 1;
    for visit in 0..5 {
        case.visits[visit].kind = Kind::Programmed;
        let place = case.visits[visit].establishment;
        case.establishments[place.index()].risk = Some("low".into());
    }
    let target = 200 * days * 12 / 365;
    let (_, drawn) = urns_of(&case, 2, &mut Nobody);
    let odds = &drawn.stages[0].odds;
    for visit in 0..5 {
        let held = odds.visits.iter().find(|one| one.visit == VisitId(visit)).map_or(0, |one| i64::from(one.held));
        assert!(
            held > 0 && (held - target).abs() <= 8,
            "visit {visit} is held in {held} of 200, its target is {target}"
        );
    }
}
