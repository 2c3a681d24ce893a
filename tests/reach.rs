//! Every rule held to how much of a schedule it says that it must see at once, on many small random cases: a schedule breaks the
//! rule if, and only if, such a part of it breaks it with nothing else held.
//!
//! Nothing here is written for one rule. The verifier looks at parts that many tickets share once, and so it rests on this.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

#[path = "agreement/small.rs"]
mod small;

use std::collections::BTreeMap;

use foureyes::draw::{Stream, digest};
use foureyes::model::{Case, Schedule, VisitId, Week};
use foureyes::rules::{BOOK, Board, Checker, Reach, Rule, Sheet};

fn stream(label: &str, number: u64) -> Stream {
    Stream::from_key(digest(format!("reach {label} {number}").as_bytes()))
}

/// A random schedule, of a few visits or of all, that may break any rule.
fn schedule(stream: &mut Stream, case: &Case) -> Schedule {
    let mut board = Board::new(case);
    for _ in 0..1 + stream.index(case.visits.len()) {
        let Some((place, team)) = small::placement(stream, &board) else { break };
        board.put(place, team);
    }
    board.schedule()
}

fn broken(rule: &dyn Rule, case: &Case, schedule: &Schedule) -> bool {
    !rule.check(case, schedule).is_empty()
}

/// The visits of `schedule` with those that the rule looks at together.
fn tied(ties: &[Vec<VisitId>], schedule: &Schedule) -> Vec<Schedule> {
    let group = |visit: &VisitId| ties.iter().position(|group| group.contains(visit)).ok_or(*visit);
    let mut parts: BTreeMap<_, Schedule> = BTreeMap::new();
    for (visit, to) in &schedule.assignments {
        parts.entry(group(visit)).or_default().assignments.insert(*visit, to.clone());
    }
    parts.into_values().collect()
}

fn weeks(schedule: &Schedule) -> Vec<Schedule> {
    let mut parts: BTreeMap<Week, Schedule> = BTreeMap::new();
    for (visit, to) in &schedule.assignments {
        parts.entry(Week::of(to.date)).or_default().assignments.insert(*visit, to.clone());
    }
    parts.into_values().collect()
}

#[test]
fn a_schedule_breaks_a_rule_where_a_part_within_its_reach_does() {
    for entry in BOOK {
        let (mut kept, mut broke) = (0, 0);
        for number in 0..400 {
            let mut stream = stream(entry.name, number);
            let (case, book) = small::case(&mut stream, Some(entry.name));
            let (_, rule) = book.rules().find(|(one, _)| one.name == entry.name).unwrap();
            let Some(check) = rule.checker(&case) else { continue };
            for _ in 0..4 {
                let whole = schedule(&mut stream, &case);
                let parts = match check.reach() {
                    Reach::Visits => tied(&check.ties(), &whole),
                    Reach::Weeks => weeks(&whole),
                    Reach::All => vec![whole.clone()],
                };
                let is_broken = broken(rule, &case, &whole);
                let some = parts.iter().any(|part| broken(rule, &case, part));
                assert_eq!(is_broken, some, "{} {number}: {whole:?} of {parts:?}", entry.name);
                if is_broken { broke += 1 } else { kept += 1 }
            }
        }
        assert!(kept > 0 && broke > 0, "{}: {kept} kept and {broke} broken prove little", entry.name);
    }
}

#[test]
fn the_book_ties_every_visit_once_and_together_what_any_rule_ties() {
    for number in 0..200 {
        let mut stream = stream("ties", number);
        let (case, book) = small::case(&mut stream, None);
        let tied = book.checker(&case).tied();
        let mut all: Vec<VisitId> = tied.concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(case.visit_ids()));
        let checks = book.rules().filter_map(|(_, rule)| rule.checker(&case));
        for group in checks.filter(|check| check.reach() == Reach::Visits).flat_map(|check| check.ties()) {
            let holds_all = |visits: &&Vec<VisitId>| group.iter().all(|visit| visits.contains(visit));
            assert!(group.is_empty() || tied.iter().any(|visits| holds_all(&visits)), "{group:?} in {tied:?}");
        }
    }
}

/// What the book's checks find, by reach, on what the sheet tells.
fn kept(checker: &Checker, sheet: &mut Sheet, since: Option<chrono::NaiveDate>) -> Vec<bool> {
    let held = match since {
        Some(since) => sheet.read_since(since),
        None => sheet.read(),
    };
    [Reach::Visits, Reach::Weeks, Reach::All].map(|reach| checker.holds_within(held, reach)).to_vec()
}

#[test]
fn a_sheet_that_keeps_a_schedule_tells_the_same_as_one_that_is_laid_out_anew() {
    for number in 0..200 {
        let mut stream = stream("kept", number);
        let (case, book) = small::case(&mut stream, None);
        let checker = book.checker(&case);
        let whole = schedule(&mut stream, &case);
        let dates: Vec<_> = whole.assignments.values().map(|to| to.date).collect();
        let Some(since) = dates.get(stream.index(dates.len().max(1))).copied() else { continue };
        let is_late = |date: &chrono::NaiveDate| *date >= since;
        let mut late = whole.clone();
        late.assignments.retain(|_, to| is_late(&to.date));
        let mut early = whole.clone();
        early.assignments.retain(|_, to| !is_late(&to.date));
        let fresh = |schedule: &Schedule| {
            let mut sheet = Sheet::new(&case);
            assert!(sheet.put_all(schedule));
            kept(&checker, &mut sheet, None)
        };
        let mut sheet = Sheet::new(&case);
        assert!(sheet.put_all(&early));
        sheet.keep();
        for _ in 0..2 {
            assert!(sheet.put_all(&late) && (whole.assignments.is_empty() || !sheet.put_all(&whole)));
            assert_eq!(kept(&checker, &mut sheet, None), fresh(&whole));
            assert_eq!(kept(&checker, &mut sheet, Some(since)), fresh(&late), "since {since}");
            let told: Vec<VisitId> = sheet.read_since(since).visits().map(|sent| sent.visit()).collect();
            assert!(told.iter().eq(late.assignments.keys()));
            let told = sheet
                .read_since(since)
                .people()
                .flat_map(|(_, starts)| starts.to_vec())
                .all(|start| is_late(&start.date));
            assert!(told && early.assignments.keys().all(|visit| sheet.read_since(since).team(*visit).is_empty()));
            assert!(checker.violations(sheet.read()) == checker.check(&whole));
            sheet.clear();
            assert_eq!(kept(&checker, &mut sheet, None), fresh(&early));
        }
    }
}
