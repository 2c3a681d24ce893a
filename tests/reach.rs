//! Every rule held to how much of a schedule it says that it must see at once, on many small random cases: a schedule breaks the
//! rule if, and only if, such a part of it breaks it with nothing else held.
//!
//! Nothing here is written for one rule. The verifier looks at parts that many tickets share once, and so it rests on this.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

#[path = "agreement/small.rs"]
mod small;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use foureyes::draw::{Stream, digest};
use foureyes::model::{Case, InspectorId, Schedule, VisitId, Week};
use foureyes::rules::{BOOK, Board, Checker, Held, Reach, Rule, Sheet};

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

/// The visits of each person, in parts by what `of` makes of their days.
fn of_people<K: Ord>(schedule: &Schedule, of: impl Fn(NaiveDate) -> K) -> Vec<Schedule> {
    let mut parts: BTreeMap<_, Schedule> = BTreeMap::new();
    for (visit, to) in &schedule.assignments {
        for who in to.team.members() {
            parts.entry((*who, of(to.date))).or_default().assignments.insert(*visit, to.clone());
        }
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
                    Reach::Weeks => of_people(&whole, Week::of),
                    Reach::People => of_people(&whole, |_| ()),
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
fn kept(checker: &Checker, sheet: &mut Sheet, since: Option<NaiveDate>) -> Vec<bool> {
    let held = match since {
        Some(since) => sheet.read_since(since),
        None => sheet.read(),
    };
    [Reach::Visits, Reach::Weeks, Reach::People, Reach::All].map(|reach| checker.holds_within(held, reach)).to_vec()
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
        let is_late = |date: &NaiveDate| *date >= since;
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

/// Two parts of a schedule: what was there, and what comes to it.
fn parted(stream: &mut Stream, whole: &Schedule) -> (Schedule, Schedule) {
    let (mut before, mut new) = (Schedule::default(), Schedule::default());
    for (visit, to) in &whole.assignments {
        let part = if stream.index(2) == 0 { &mut before } else { &mut new };
        part.assignments.insert(*visit, to.clone());
    }
    (before, new)
}

#[test]
fn where_what_was_there_keeps_a_rule_for_people_only_those_who_are_new_can_break_it() {
    let (mut kept, mut broke) = (0, 0);
    for number in 0..2_000 {
        let mut stream = stream("new", number);
        let (case, book) = small::case(&mut stream, None);
        let checker = book.checker(&case);
        let whole = schedule(&mut stream, &case);
        let (before, new) = parted(&mut stream, &whole);
        let mut sheet = Sheet::new(&case);
        assert!(sheet.put_all(&before));
        let reaches = [Reach::Weeks, Reach::People];
        let is_clear = reaches.map(|reach| checker.holds_within(sheet.read(), reach));
        sheet.keep();
        assert!(sheet.put_all(&new));
        for (reach, _) in reaches.into_iter().zip(is_clear).filter(|(_, is_clear)| *is_clear) {
            let holds = checker.holds_within(sheet.read(), reach);
            assert_eq!(checker.holds_within(sheet.read_new(), reach), holds, "{number}: {before:?} and {new:?}");
            if holds { kept += 1 } else { broke += 1 }
        }
    }
    assert!(kept > 100 && broke > 100, "{kept} kept and {broke} broken prove little");
}

#[test]
fn a_sheet_tells_of_those_who_are_new_all_that_they_do() {
    for number in 0..200 {
        let mut stream = stream("told", number);
        let (case, _) = small::case(&mut stream, None);
        let whole = schedule(&mut stream, &case);
        let (before, new) = parted(&mut stream, &whole);
        let mut sheet = Sheet::new(&case);
        assert!(sheet.put_all(&before));
        sheet.keep();
        assert!(sheet.put_all(&new));
        let is_new = |who: &InspectorId| new.assignments.values().any(|to| to.team.contains(*who));
        let starts = |held: &Held| held.people().map(|(who, starts)| (who, starts.to_vec())).collect::<Vec<_>>();
        let mut all = starts(sheet.read());
        all.retain(|(who, _)| is_new(who));
        let held = sheet.read_new();
        assert_eq!(starts(held), all);
        assert!(held.visits().map(|sent| sent.visit()).eq(new.assignments.keys().copied()));
        assert!(whole.assignments.iter().all(|(visit, to)| held.team(*visit) == to.team.members()));
    }
}
