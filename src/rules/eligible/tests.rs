//! Who may go where on small cases, and how many seats they have left.

use super::super::testing::fixture;
use super::*;
use crate::rules::Target;

const CASE: &str = "
    period 2027-01-04..2027-01-15
    set availability.blackout [2027-01-06]
    inspector ana lead territory=D1 per_day=1
    inspector ben skills=ka left=2027-01-13
    inspector cem per_week=1
    inspector dan lead territory=D2
    place p1 district=D1 owner=O
    place p2 district=D2 owner=O sector=food
    place p3
    visit v1 p1 earliest=2027-01-05 latest=2027-01-08
    visit v2 p2 skills=ka
    visit v3 p3 size=3
    visit v4 p1 slot=am
    visit v5 p1
    absence ana 2027-01-04..2027-01-08 leave
    conflict cem owner O employee
    conflict dan establishment p2 kin
    history 2027-01-04 p1 cem
    history 2026-12-20 p1 ben
    set return-gap.days 20
    set home-district.enabled true
";
const WAIVERS: &str = "
    waiver availability v1 ana
    waiver availability v4 ben
    waiver conflict-of-interest v2 dan
    waiver workload v3 cem
    waiver skills v2 dan
";

/// The definition, day by day and bar by bar.
fn may(case: &Case, book: &Book, visit: VisitId, who: InspectorId, date: chrono::NaiveDate) -> bool {
    let place = case.visit(visit).establishment;
    let slots = (0..case.period.slots.len()).map(SlotId::at);
    let mut open = slots.filter(|slot| book.rules().all(|(_, rule)| !rule.closed(case, visit, date, *slot)));
    open.next().is_some()
        && book.rules().all(|(entry, rule)| {
            case.waived(entry.name, visit, who)
                || !rule.bars(case).iter().any(|bar| {
                    bar.inspector.is_none_or(|named| named == who)
                        && (bar.target == Target::Anywhere || bar.target.covers(case, place))
                        && bar.from.is_none_or(|from| from <= date)
                        && bar.to.is_none_or(|to| date <= to)
                })
        })
}

fn of<'c>(case: &'c Case, book: &Book, from: &str, to: &str, before: &Schedule) -> Eligible<'c> {
    Eligible::new(case, book, Span { from: from.parse().unwrap(), to: to.parse().unwrap() }, before)
}

#[test]
fn whoever_no_bar_keeps_away_is_eligible_and_nobody_else() {
    for (text, from, to) in [
        (CASE.to_owned(), "2027-01-04", "2027-01-15"),
        (format!("{CASE}{WAIVERS}"), "2027-01-04", "2027-01-15"),
        (format!("{CASE}{WAIVERS}"), "2027-01-06", "2027-01-06"),
        (format!("{CASE}{WAIVERS}"), "2027-01-11", "2027-01-15"),
    ] {
        let (case, before) = fixture(&text);
        let book = Book::new(&case.settings).unwrap();
        let eligible = of(&case, &book, from, to, &before);
        for visit in case.visit_ids() {
            let found: Vec<_> = eligible.goers(visit).map(|goer| (goer.who, goer.days.iter().collect())).collect();
            let days = |who| {
                let within = (0..eligible.calendar.days().len()).filter(|day| {
                    let date = eligible.calendar.date(*day);
                    Span { from: from.parse().unwrap(), to: to.parse().unwrap() }.contains(date)
                });
                within.filter(|day| may(&case, &book, visit, who, eligible.calendar.date(*day))).collect::<Vec<_>>()
            };
            let expected: Vec<_> = case.inspector_ids().map(|who| (who, days(who))).collect();
            let expected: Vec<_> = expected.into_iter().filter(|(_, days)| !days.is_empty()).collect();
            assert_eq!(found, expected, "visit {visit:?} in {from}..{to}");
        }
    }
}

#[test]
fn seats_are_what_numbers_days_history_and_earlier_draws_leave() {
    let text = format!("{CASE}\nplan v1 2027-01-05 am ben dan");
    let (case, before) = fixture(&text);
    let book = Book::new(&case.settings).unwrap();
    let [ana, ben, cem, dan] = [0, 1, 2, 3].map(InspectorId);
    let week = |from, to, who| of(&case, &book, from, to, &before).seats(who, 0);
    assert_eq!(week("2027-01-04", "2027-01-08", ana), 0, "on leave all week");
    assert_eq!(week("2027-01-11", "2027-01-15", ana), 5, "one a day");
    assert_eq!(week("2027-01-11", "2027-01-15", ben), 4, "two a day, gone from the third on");
    assert_eq!(week("2027-01-04", "2027-01-08", cem), 0, "history used up the only one");
    assert_eq!(week("2027-01-11", "2027-01-11", cem), 1);
    assert_eq!(week("2027-01-07", "2027-01-08", ben), 4, "two a day");
    let tight = CASE.replace("inspector dan", "inspector dan per_week=1");
    let (case, before) = fixture(&format!("{tight}\nplan v1 2027-01-05 am ben dan"));
    let book = Book::new(&case.settings).unwrap();
    assert_eq!(of(&case, &book, "2027-01-07", "2027-01-08", &before).seats(dan, 0), 0, "drawn on Tuesday");
}

/// The definition, room by room and day by day: a room limits each of its days, and each week whose days are all in it.
#[test]
fn seats_are_what_rooms_say_whether_they_cover_a_week_or_reach_beyond_the_span() {
    let text = format!("{CASE}{WAIVERS}\nset workload.per_week 3\nplan v1 2027-01-05 am ben dan")
        .replace("2027-01-15", "2027-04-30");
    let (case, before) = fixture(&text);
    let book = Book::new(&case.settings).unwrap();
    let all = case.visits.len() as u64;
    for (from, to) in [
        ("2027-01-04", "2027-04-30"),
        ("2027-01-07", "2027-02-02"),
        ("2027-03-06", "2027-03-08"),
        ("2027-02-03", "2027-02-03"),
    ] {
        let span = Span { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let eligible = Eligible::new(&case, &book, span, &before);
        let rooms: Vec<Room> = book.rules().flat_map(|(_, rule)| rule.room(&case, &before, span)).collect();
        for who in case.inspector_ids() {
            let own = || rooms.iter().filter(|room| room.who == who);
            let least =
                |rooms: &mut dyn Iterator<Item = &Room>| rooms.map(|room| room.visits as u64).fold(all, u64::min);
            let on = |day: usize| {
                let date = eligible.calendar.date(day);
                least(&mut own().filter(|room| room.from <= date && date <= room.to))
            };
            let goes = |day: usize| {
                let goers = case.visit_ids().flat_map(|visit| eligible.goers(visit));
                goers.into_iter().any(|goer| goer.who == who && goer.takes_seat && goer.days.has(day))
            };
            for week in 0..eligible.weeks().len() {
                let days: Vec<usize> = eligible.days_of(week).iter().collect();
                let dates: Vec<_> = days.iter().map(|day| eligible.calendar.date(*day)).collect();
                let whole = |room: &&Room| dates.iter().all(|date| room.from <= *date && *date <= room.to);
                let by_days: u64 = days.iter().filter(|day| goes(**day)).map(|day| on(*day)).sum();
                assert_eq!(eligible.seats(who, week), least(&mut own().filter(whole)).min(by_days));
                assert!(days.iter().all(|day| eligible.seats_on(who, *day) == on(*day)), "{who:?} in {from}..{to}");
                let in_week: Vec<_> = days.iter().map(|day| eligible.week_of(*day)).collect();
                assert_eq!(in_week, vec![week; days.len()]);
                let mut found = eligible.weeks_of(eligible.days_of(week));
                assert_eq!((found.next(), found.next()), (Some(week), None));
            }
        }
    }
}

#[test]
fn a_waiver_lifts_a_bar_grants_a_quality_and_takes_no_seat() {
    let (case, before) = fixture(&format!("{CASE}{WAIVERS}"));
    let book = Book::new(&case.settings).unwrap();
    let eligible = of(&case, &book, "2027-01-04", "2027-01-15", &before);
    let takes = |who| eligible.goers(VisitId(2)).find(|goer| goer.who == who).map(|goer| goer.takes_seat);
    assert_eq!((takes(InspectorId(1)), takes(InspectorId(2))), (Some(true), Some(false)));
    let skilled = &eligible.needs(VisitId(1))[1];
    assert_eq!((skilled.rule, skilled.quality.as_str()), ("skills", "ka"));
    assert!(skilled.met_by(InspectorId(1)) && skilled.met_by(InspectorId(3)) && !skilled.met_by(InspectorId(2)));
    assert_eq!(eligible.size(VisitId(2)), 3);
}
