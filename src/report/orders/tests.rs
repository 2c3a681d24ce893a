//! What orders say, and above all what they do not say before the place may be told.

use crate::record::Heads;
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use chrono::NaiveTime;

use super::{Ask, ORDERS, Orders, Proof, orders_files, orders_in_words, orders_json};
use crate::model::{Case, Hours, Schedule, SlotId, Visit, Waiver};
use crate::record::Files;
use crate::rules::testing::fixture;

const OFFICE: &str = "
    period 2027-01-04..2027-01-05
    inspector ana lead
    inspectors ben cem dea
    places p1 p2
    visit visit-one p1
    visit visit-two p2
    plan visit-one 2027-01-04 am ana ben
    plan visit-two 2027-01-04 pm cem dea
";

/// The words of the places and visits of [`office`], none of which stands anywhere else.
const SECRETS: &[&str] = &[
    "visit-one",
    "visit-two",
    "Quay",
    "Yard Ltd",
    "Harbour West",
    "Pier 7",
    "ship breaking",
    "night raid",
    "diving",
    "inquest 12",
    "follow-up",
];

fn office() -> (Case, Schedule) {
    let (mut case, schedule) = fixture(OFFICE);
    let text = |text: &str| Some(text.to_owned());
    let place = &mut case.establishments[0];
    (place.name, place.owner, place.district) = (text("Quay Shipyard"), text("Yard Ltd"), text("Harbour West"));
    (place.address, place.sector) = (text("Pier 7"), text("ship breaking"));
    let visit: &mut Visit = &mut case.visits[0];
    (visit.operation, visit.skills, visit.kind) =
        (text("night raid"), vec!["diving".to_owned()], crate::model::Kind::FollowUp);
    visit.duration = 2;
    let (at, who) = (crate::model::VisitId(0), crate::model::InspectorId(1));
    let date = case.period.from;
    case.waivers.push(Waiver {
        rule: "no-return".to_owned(),
        visit: at,
        inspector: who,
        reason: "inquest 12".to_owned(),
        approver: "the head".to_owned(),
        date,
    });
    (case, schedule)
}

fn at(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
}

fn ordered(office: &(Case, Schedule), is_sealed: bool) -> Orders {
    let hours = [("am", "09:00-12:00"), ("pm", "13:00-16:00")];
    ordered_at(office, is_sealed, &hours.map(|(slot, text)| (slot.to_owned(), Hours::parse(text).unwrap())).into())
}

fn ordered_at((case, schedule): &(Case, Schedule), is_sealed: bool, hours: &BTreeMap<String, Hours>) -> Orders {
    let changes = |visit: crate::model::VisitId| match visit.0 {
        0 => vec!["ben goes in place of dea, whom the draw had named.".to_owned()],
        _ => Vec::new(),
    };
    let receipts = BTreeMap::from([("ana".to_owned(), b"{\"about\":\"visit-one\"}\n".to_vec())]);
    Orders::new(&Ask {
        case,
        schedule,
        heads: &Heads::of(case, schedule, |_| None),
        date: case.period.from,
        only: &[],
        meet: Some("Customs House, room 3"),
        release: Some(at(6)),
        is_sealed,
        hours,
        changes: &changes,
        proof: Proof::Ledger { origin: "office.example".to_owned(), lines: 4, receipts, lacking: None },
    })
}

/// Every file, and in place of a workbook all that is packed in it.
fn opened(files: &Files) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for (name, bytes) in files {
        if !name.ends_with(".xlsx") {
            all.insert(name.clone(), bytes.clone());
            continue;
        }
        let mut packed = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        for at in 0..packed.len() {
            let mut one = packed.by_index(at).unwrap();
            let mut bytes = Vec::new();
            one.read_to_end(&mut bytes).unwrap();
            all.insert(format!("{name}/{}", one.name().unwrap()), bytes);
        }
    }
    all
}

/// The files with the word in their names or bytes; lines of calendars are joined as a reader joins them.
fn found(files: &Files, word: &str) -> Vec<String> {
    let has = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n ", "").contains(word);
    opened(files).into_iter().filter(|(name, bytes)| name.contains(word) || has(bytes)).map(|(name, _)| name).collect()
}

#[test]
fn sealed_orders_say_nothing_of_the_place_in_any_byte() {
    let office = office();
    let (sealed, told) =
        (orders_files(&ordered(&office, true)).unwrap().0, orders_files(&ordered(&office, false)).unwrap().0);
    for secret in SECRETS {
        assert_eq!(found(&sealed, secret), [""; 0], "{secret}");
        assert!(!found(&told, secret).is_empty(), "{secret} stands nowhere: the test looks for nothing");
    }
    let says = orders_json(&ordered(&office, true)).to_string() + &orders_in_words(&ordered(&office, true)).body;
    assert!(SECRETS.iter().all(|secret| !says.contains(secret)), "{says}");
    assert!(!sealed.contains_key("people/ana.receipt") && told.contains_key("people/ana.receipt"));
}

/// Nothing follows from the place: other places, visits and reasons give the same bytes.
#[test]
fn sealed_orders_are_the_same_whatever_the_places_are() {
    let (case, schedule) = office();
    let mut other = case.clone();
    other.establishments.reverse();
    for visit in &mut other.visits {
        (visit.id, visit.duration, visit.skills) = (format!("z{}", visit.id), 1, Vec::new());
    }
    other.waivers.clear();
    let files = |case: Case| orders_files(&ordered(&(case, schedule.clone()), true)).unwrap().0;
    assert_eq!(files(case), files(other));
}

#[test]
fn the_same_orders_have_the_same_bytes() {
    let files = || orders_files(&ordered(&office(), false)).unwrap().0;
    assert_eq!(files(), files());
}

#[test]
fn everybody_who_goes_has_files_of_their_own_and_nobody_elses_visit() {
    let (files, recipients) = orders_files(&ordered(&office(), false)).unwrap();
    assert_eq!(recipients.keys().collect::<Vec<_>>(), ["ana", "ben", "cem", "dea"]);
    let own = recipients["ana"].iter().map(|name| (name.clone(), files[name].clone())).collect::<Files>();
    assert_eq!(own.len(), 4);
    assert_eq!(found(&own, "visit-two"), [""; 0]);
    let page = String::from_utf8(files["people/ana.html"].clone()).unwrap();
    for text in
        ["am to pm, 09:00 to 16:00", "ana (heads the team), ben", "Customs House", "Pier 7", "inquest 12", "diving"]
    {
        assert!(page.contains(text), "{text}");
    }
    assert!(page.contains("ben goes in place of dea") && page.contains("foureyes verify ana.receipt"));
}

#[test]
fn a_calendar_is_replaced_when_the_place_is_told() {
    let calendar = |is_sealed| {
        let files = orders_files(&ordered(&office(), is_sealed)).unwrap().0;
        let text = String::from_utf8(files["people/ana.ics"].clone()).unwrap().replace("\r\n ", "");
        let line = |name: &str| text.lines().find(|line| line.starts_with(name)).map(str::to_owned);
        ["UID", "SEQUENCE", "DTSTART", "DTEND", "DTSTAMP", "LOCATION", "SUMMARY"].map(|name| line(name).unwrap())
    };
    let (sealed, told) = (calendar(true), calendar(false));
    assert_eq!(sealed[0], told[0]);
    assert_eq!((sealed[1].as_str(), told[1].as_str()), ("SEQUENCE:8", "SEQUENCE:9"));
    assert_eq!(told[2..5], ["DTSTART:20270104T090000", "DTEND:20270104T160000", "DTSTAMP:20270104T000000Z"]);
    assert_eq!(sealed[5..], ["LOCATION:Customs House\\, room 3", "SUMMARY:Inspection\\, am"]);
    assert_eq!(told[5..], ["LOCATION:Pier 7", "SUMMARY:Inspection visit-one: Quay Shipyard"]);
}

/// The hours of the policy, or those that are said for these orders; a night ends on the next day, also where it is the last of several slots.
#[test]
fn hours_are_those_of_the_policy_unless_others_are_said() {
    let (mut case, schedule) = office();
    let night = Hours::parse("22:00-06:00").unwrap();
    case.period.hours = [(SlotId(0), Hours::parse("05:00-12:00").unwrap()), (SlotId(1), night)].into();
    case.visits[1].duration = 1;
    let says = |hours: BTreeMap<String, Hours>| {
        let orders = ordered_at(&(case.clone(), schedule.clone()), false, &hours);
        let files = orders_files(&orders).unwrap().0;
        let events = ["people/ana.ics", "people/cem.ics"].map(|name| {
            let text = String::from_utf8(files[name].clone()).unwrap();
            let times = text.lines().filter(|line| line.starts_with("DTSTART") || line.starts_with("DTEND"));
            times.collect::<Vec<_>>().join(" ")
        });
        (events, orders_in_words(&orders).body)
    };
    let ([two, one], table) = says(BTreeMap::new());
    assert_eq!(two, "DTEND:20270105T060000 DTSTART:20270104T050000");
    assert_eq!(one, "DTEND:20270105T060000 DTSTART:20270104T220000");
    assert!(table.contains("am to pm, 05:00 to 06:00") && table.contains("pm, 22:00 to 06:00"), "{table}");
    let ([two, one], _) = says([("pm".to_owned(), Hours::parse("13:00-16:00").unwrap())].into());
    assert_eq!(two, "DTEND:20270104T160000 DTSTART:20270104T050000");
    assert_eq!(one, "DTEND:20270104T160000 DTSTART:20270104T130000");
}

#[test]
fn a_hostile_name_stays_a_name() {
    let (mut case, schedule) = office();
    case.establishments[0].name = Some("=cmd|' /C calc'!A0".to_owned());
    case.establishments[0].address = Some("<script>alert(1)</script>\r\nATTENDEE:x".to_owned());
    case.inspectors[0].name = Some("\u{202e}\u{5d0}\u{5e0}\u{5d4}".to_owned());
    let files = opened(&orders_files(&ordered(&(case, schedule), false)).unwrap().0);
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    assert!(text("orders.csv").contains(",'=cmd|' /C calc'!A0,"), "{}", text("orders.csv"));
    assert!(!text("people/ana.xlsx/xl/worksheets/sheet1.xml").contains("<f>"));
    assert!(text("people/ana.xlsx/xl/styles.xml").contains("quotePrefix=\"1\""));
    assert!(!text("people/ana.html").contains("<script"));
    assert!(
        text("people/ana.html").contains("ana \u{5d0}\u{5e0}\u{5d4}") && !text("people/ana.html").contains('\u{202e}')
    );
    assert!(!text("people/ana.ics").lines().any(|line| line.starts_with("ATTENDEE")), "{}", text("people/ana.ics"));
}

#[test]
fn no_two_recipients_share_a_file() {
    let text = OFFICE.replace("ana", "Dea").replace("ben", "con");
    let (files, recipients) = orders_files(&ordered(&fixture(&text), true)).unwrap();
    let lower: std::collections::BTreeSet<String> = files.keys().map(|name| name.to_lowercase()).collect();
    assert_eq!(lower.len(), files.len());
    assert_eq!(recipients["con"][0], "people/hex-636f6e.html");
    assert!(files.contains_key(ORDERS));
}

#[test]
fn a_record_from_a_seed_does_not_claim_a_receipt() {
    let mut orders = ordered(&office(), false);
    orders.proof = Proof::Record("ab12".to_owned());
    let page = String::from_utf8(orders_files(&orders).unwrap().0["people/ana.html"].clone()).unwrap();
    assert!(
        page.contains("there is no receipt")
            && page.contains("ab12")
            && page.contains("foureyes verify RECORD --replay")
    );
}
