//! Who may step in, held against the definition: put everybody on all visits of everybody's days, and recount every rule.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod levels;
#[path = "agreement/small.rs"]
mod small;

use foureyes::draw::{Root, Stream, digest, reserve_order};
use foureyes::model::{By, Case, Inspector, InspectorId, Reserves, Schedule, Setting, Stretch, Team, Visit, VisitId};
use foureyes::record::{RESERVES_MAX, load, read_schedule, reserves, thaw_what_can_be};
use foureyes::rules::{BOOK, Book, StandIns};
use foureyes::urn::{Options, build};
use levels::DayOf;

/// Small cases that are looked at.
const CASES: u64 = 120;

fn stream(number: u64) -> Stream {
    Stream::from_key(digest(format!("reserves {number}").as_bytes()))
}

/// The definition.
fn may_step_in(
    case: &Case,
    book: &Book,
    schedule: &Schedule,
    visits: &[VisitId],
    member: InspectorId,
) -> Vec<InspectorId> {
    let team = |visit: &VisitId| &schedule.assignments[visit].team;
    let sound = |who: &InspectorId| {
        let mut replaced = schedule.clone();
        for visit in visits {
            let others = team(visit).members().iter().copied().filter(|other| *other != member);
            replaced.assignments.get_mut(visit).unwrap().team = Team::new(others.chain([*who])).unwrap();
        }
        book.check(case, &replaced).is_empty()
    };
    let stranger = |who: &InspectorId| visits.iter().all(|visit| !team(visit).contains(*who));
    case.inspector_ids().filter(stranger).filter(sound).collect()
}

/// What there was among the days that were held against the definition.
#[derive(Debug, Default)]
struct Met {
    some: usize,
    nobody: usize,
    /// Days of several visits, and those of them that somebody may take over.
    long: usize,
    long_and_some: usize,
    /// Of those, days with several visits of one place or owner.
    of_one_owner: usize,
    /// Visits of days that nobody may take over: those that somebody may alone, another team may, nobody may.
    alone: usize,
    by_a_team: usize,
    lost: usize,
}

impl Met {
    fn count(&mut self, case: &Case, one: &Reserves) {
        let long = one.visits.len() > 1;
        self.some += usize::from(one.of > 0);
        self.nobody += usize::from(one.of == 0);
        self.long += usize::from(long);
        self.long_and_some += usize::from(long && one.of > 0);
        let owner = |visit: &VisitId| case.place_of(*visit).owner.as_deref();
        let mut owners: Vec<_> = one.visits.iter().filter_map(owner).collect();
        owners.sort_unstable();
        self.of_one_owner += usize::from(one.of > 0 && owners.windows(2).any(|two| two[0] == two[1]));
    }
}

fn compare(case: &Case, book: &Book, root: &Root, schedule: &Schedule, met: &mut Met, number: u64) {
    let stand_ins = StandIns::new(case, book, schedule).unwrap();
    let mut asker = stand_ins.asker();
    let stretch = Stretch::of_policy(case);
    let drawn = reserves((case, book), root, schedule, &stretch, true);
    let days = reserves((case, book), root, schedule, &stretch, false);
    let without = |one: &Reserves| Reserves { by_visit: Vec::new(), ..one.clone() };
    assert_eq!(drawn.iter().map(without).collect::<Vec<_>>(), days, "levels change no reserve of a whole day");
    let days: Vec<_> = drawn.iter().map(|one| ((one.date, one.member), one.visits.clone())).collect();
    assert_eq!(days, schedule.days_served().into_iter().collect::<Vec<_>>());
    for one in &drawn {
        let (date, member) = (one.date, one.member);
        let mut people = may_step_in(case, book, schedule, &one.visits, member);
        assert_eq!(asker.may(date, member), people, "case {number}, {member:?} on {date}");
        assert_eq!(one.of, people.len());
        for who in case.inspector_ids() {
            assert_eq!(asker.holds(date, member, who), people.contains(&who) || who == member, "case {number}");
        }
        reserve_order(root, one.stage, date, &case.inspector(member).id, &mut people);
        people.truncate(RESERVES_MAX);
        assert_eq!(one.order, people);
        met.count(case, one);
        let day = DayOf { case, book, root, schedule, stage: one.stage, date, member };
        by_visit(&day, one, met, number);
    }
    let idle =
        case.inspector_ids().find(|who| !drawn.iter().any(|one| one.member == *who && one.date == case.period.from));
    if let Some(idle) = idle {
        assert!(asker.may(case.period.from, idle).is_empty(), "nobody takes over a day without visits");
        assert!(case.inspector_ids().all(|who| !asker.holds(case.period.from, idle, who)));
    }
}

/// Holds the reserves of single visits against the definition.
fn by_visit(day: &DayOf, one: &Reserves, met: &mut Met, number: u64) {
    let visits: Vec<VisitId> = one.by_visit.iter().map(|own| own.visit).collect();
    assert_eq!(visits, if one.of == 0 { one.visits.clone() } else { Vec::new() }, "case {number}");
    for own in &one.by_visit {
        let (people, teams) = day.orders(own.visit);
        let cut = people.len().min(RESERVES_MAX);
        let (of, by) = match people.as_slice() {
            [] => (teams.len(), By::Teams(teams.iter().take(RESERVES_MAX).cloned().collect())),
            people => (people.len(), By::People(people[..cut].to_vec())),
        };
        assert_eq!((own.of, &own.by), (of, &by), "case {number}, {:?} on {}", one.member, one.date);
        met.alone += usize::from(!people.is_empty());
        met.by_a_team += usize::from(people.is_empty() && !teams.is_empty());
        met.lost += usize::from(of == 0);
    }
}

/// The same case with more people, fewer rules, and most visits on one day, so that people have several of them.
fn roomy((mut case, _): (Case, Book), stream: &mut Stream) -> (Case, Book) {
    let mut one_in = |n: usize| stream.index(n) == 0;
    for at in case.inspectors.len()..8 {
        let (id, lead) = (format!("i{at}"), one_in(2));
        case.inspectors.push(Inspector {
            id,
            lead,
            visits_per_day: None,
            visits_per_week: None,
            ..case.inspectors[at % 3].clone()
        });
    }
    for at in case.visits.len()..7 {
        case.visits.push(Visit {
            id: format!("v{at}"),
            team_size: None,
            operation: None,
            agencies: Vec::new(),
            ..case.visits[at % 2].clone()
        });
    }
    let first = case.period.days()[0];
    for visit in &mut case.visits {
        let only = (!one_in(5)).then_some(first);
        (visit.earliest, visit.latest, visit.slot, visit.duration) = (only, only, None, 1);
    }
    for entry in BOOK.iter().filter(|entry| entry.can_be_off()) {
        let own = case.settings.entry(entry.name.to_owned()).or_default();
        own.insert("enabled".to_owned(), Setting::Switch(one_in(2)));
    }
    case.period.slots = vec!["am".into(), "noon".into(), "pm".into()];
    case.settings.get_mut("workload").into_iter().for_each(|own| own.retain(|name, _| name == "enabled"));
    let book = Book::new(&case.settings).unwrap();
    (case, book)
}

#[test]
fn whoever_may_step_in_breaks_no_rule_and_whoever_may_not_breaks_one() {
    let mut met = Met::default();
    for number in 0..CASES {
        let mut stream = stream(number);
        let case = small::case(&mut stream, None);
        let (case, book) = if number % 3 == 0 { case } else { roomy(case, &mut stream) };
        let root = Root::from_seed(&digest(b"reserves"), &number.to_string());
        let schedule = build(&case, &book, &root, &Options { threads: 1 }).schedule;
        compare(&case, &book, &root, &schedule, &mut met, number);
    }
    assert!(met.alone > 5 && met.by_a_team > 5 && met.lost > 20, "{met:?}");
    assert!(met.some > 20 && met.nobody > 20 && met.long_and_some > 5 && met.of_one_owner > 2, "{met:?}");
}

/// `tests/vectors/make.py` does not know the rules; this list tells it who may step in.
#[test]
fn the_list_beside_the_tampered_base_says_who_may_step_in() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tampered");
    let files = load(&folder.join("base")).unwrap();
    let (case, book) = thaw_what_can_be(&files).case.unwrap();
    let schedule = read_schedule(&files, &case).schedule;
    let mut lines = String::new();
    for ((date, member), visits) in schedule.days_served() {
        let people = may_step_in(&case, &book, &schedule, &visits, member);
        let people: Vec<&str> = people.iter().map(|who| case.inspector(*who).id.as_str()).collect();
        let line = format!("{date} {}: {}", case.inspector(member).id, people.join(" "));
        lines.push_str(&format!("{}\n", line.trim_end()));
    }
    assert_eq!(std::fs::read_to_string(folder.join("reserves.list")).unwrap(), lines, "\n{lines}");
}
