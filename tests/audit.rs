//! What an audit finds and where it stays quiet: folders with something planted in them, honest offices by the hundred, and the records that ship.
//!
//! Each file of `tests/cases/audit/` is a folder in one text: what it is about, what is expected (`alarms:` with the questions that have
//! one, `none` or `any`; or `stops:` with what is said), and its files, each below its name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't make its folders fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use chrono::NaiveDate;
use foureyes::audit::honest::{Office, Steering, office};
use foureyes::audit::{Evidence, Gathering, Question, audit};
use foureyes::draw::Root;
use foureyes::record::{self, ODDS, load};
use serde_json::Value;

fn foureyes(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_foureyes")).args(arguments).output().unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Writes the files of a case below `folder`, and gives what its head says.
fn unpack(text: &str, folder: &Path) -> String {
    let mut parts = text.split("\n== ");
    let head = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, content) = part.split_once('\n').unwrap();
        fs::write(folder.join(name), format!("{content}\n")).unwrap();
    }
    head
}

fn alarmed(json: &Value) -> BTreeSet<String> {
    let questions = json["questions"].as_array().unwrap();
    let alarmed = questions.iter().filter(|question| question["alarms"].as_u64().unwrap() > 0);
    alarmed.map(|question| question["question"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_planted_is_found_and_nothing_else() {
    let mut cases = 0;
    for entry in fs::read_dir("tests/cases/audit").unwrap() {
        let file = entry.unwrap().path();
        let scratch = tempfile::tempdir().unwrap();
        let head = unpack(&fs::read_to_string(&file).unwrap(), scratch.path());
        let ended = foureyes(&["audit", path(scratch.path()), "--json", "--quiet"]);
        let said = String::from_utf8_lossy(&ended.stderr);
        let expected = |what: &str| head.lines().find_map(|line| line.strip_prefix(what).map(str::trim));
        if let Some(stops) = expected("stops:") {
            assert_eq!(ended.status.code(), Some(2), "{}: {said}", file.display());
            assert!(said.contains(stops), "{}: {said}", file.display());
            let json: Value = serde_json::from_slice(&ended.stdout).unwrap();
            assert!(json.as_object().unwrap().keys().eq(["error"]), "{}: {json}", file.display());
        } else {
            let json: Value =
                serde_json::from_slice(&ended.stdout).unwrap_or_else(|_| panic!("{}: {said}", file.display()));
            let found = alarmed(&json);
            match expected("alarms:").unwrap() {
                "any" => assert!(!found.is_empty(), "{}", file.display()),
                "none" => assert!(found.is_empty(), "{}: {found:?}", file.display()),
                some => assert_eq!(found, some.split(", ").map(str::to_owned).collect(), "{}", file.display()),
            }
            assert_eq!(ended.status.code(), Some(i32::from(!found.is_empty())), "{}", file.display());
        }
        cases += 1;
    }
    assert!(cases > 10);
}

#[test]
fn names_are_text_in_the_page_and_it_is_not_written_over() {
    let scratch = tempfile::tempdir().unwrap();
    unpack(&fs::read_to_string("tests/cases/audit/hostile-names.txt").unwrap(), scratch.path());
    let page = scratch.path().join("page.html");
    let arguments = ["audit", path(scratch.path()), "--page", path(&page), "--quiet"];
    assert_eq!(foureyes(&arguments).status.code(), Some(1));
    let html = fs::read_to_string(&page).unwrap();
    assert!(!html.contains("<script") && !html.contains("<img") && html.contains("&lt;script&gt;"));
    let again = foureyes(&arguments);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("is there already"));
    assert_eq!(fs::read_to_string(&page).unwrap(), html);
}

/// The level is 5 of 100. Of a hundred honest offices eleven or more would have an alarm in 1 of 100 runs of such a test (binomial); the words are fixed, so it is
/// the same offices each time.
#[test]
fn honest_offices_stay_quiet_at_the_stated_rate() {
    let root = Root::from_seed(&[0; 32], "honest offices");
    let small = Office { inspectors: 16, visits_a_day: 4, days: 125, ..Office::default() };
    let alarm = |number: &usize| {
        let evidence = office(small, Steering::Honest, &mut root.stream("office", &number.to_string()));
        audit(&evidence, 0.05).alarms().next().is_some()
    };
    let alarms = (0..100).filter(alarm).count();
    assert!(alarms <= 10, "{alarms} of 100 honest offices have an alarm");
}

#[test]
fn steered_offices_are_found() {
    let root = Root::from_seed(&[0; 32], "steered offices");
    for (steering, question) in [
        (Steering::Absent(100), Question::Absences),
        (Steering::Together(400), Question::Pairs),
        (Steering::Overrides(80), Question::Overrides),
    ] {
        let finds = |number: &usize| {
            let words = &mut root.stream("office", &number.to_string());
            let evidence = office(Office::default(), steering, words);
            audit(&evidence, 0.05).alarms().any(|(answer, _)| answer.question == question)
        };
        let found = (0..5).filter(finds).count();
        assert!(found >= 4, "{steering:?} is found in {found} of 5");
    }
}

/// What these records drew, without the history that they remember.
fn of_records(folders: &[&str]) -> Evidence {
    let mut gathering = Gathering::default();
    for folder in folders {
        gathering.record(folder, &load(Path::new(folder)).unwrap()).unwrap();
    }
    gathering.evidence(JANUARY, None)
}

const JANUARY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2027, 1, 1);

#[test]
fn the_records_that_ship_are_quiet() {
    for name in ["harbour", "vice-squad"] {
        let evidence = of_records(&[&format!("schedules/{name}")]);
        assert!(evidence.has_odds());
        let audit = audit(&evidence, 0.05);
        assert_eq!(audit.alarms().map(|(answer, one)| (answer.question, one)).collect::<Vec<_>>(), [], "{name}");
    }
    let ended = foureyes(&["audit", "schedules/river", "--json", "--quiet"]);
    let json: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((ended.status.code(), json["alarms"].as_u64()), (Some(0), Some(0)), "{json}");
    assert!(
        json["questions"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["question"] == "executed" && one["comparisons"].as_u64() > Some(0))
    );
}

#[test]
fn a_visit_counts_once_and_a_second_draw_of_it_is_told() {
    let once = of_records(&["schedules/harbour"]);
    let mut files = load(Path::new("schedules/harbour")).unwrap();
    let mut gathering = Gathering::default();
    gathering.record("first", &files).unwrap();
    gathering.record("second", &files).unwrap();
    let twice = gathering.evidence(JANUARY, None);
    assert_eq!(twice.visits.len(), once.visits.len());
    assert!(
        twice.undrawn.iter().any(|line| line.contains("first and second both draw 80 visits")),
        "{:?}",
        twice.undrawn
    );
    files.remove(ODDS);
    let mut gathering = Gathering::default();
    gathering.record("without odds", &files).unwrap();
    let without = gathering.evidence(JANUARY, None);
    assert!(!without.has_odds() && without.visits.len() == once.visits.len());
    assert_eq!(audit(&without, 0.05).alarms().count(), 0);
}

#[test]
fn records_of_two_offices_are_refused() {
    let ended = foureyes(&["audit", "schedules/harbour", "schedules/vice-squad", "--quiet"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("is not of the office that was read before"));
}

#[test]
fn a_broken_record_is_refused() {
    let mut files = load(Path::new("schedules/harbour")).unwrap();
    files.insert(record::SCHEDULE.to_owned(), b"{}\n".to_vec());
    assert!(Gathering::default().record("broken", &files).is_err());
    assert!(Gathering::default().record("empty", &record::Files::new()).is_err());
}

#[test]
fn days_can_be_chosen() {
    let dates = ["--from", "2027-01-05", "--to", "2027-01-04"];
    let ended = foureyes(&[&["audit", "schedules/harbour", "-q"], &dates[..]].concat());
    assert_eq!(ended.status.code(), Some(2));
    let ended = foureyes(&["audit", "schedules/harbour", "-q", "--json", "--from", "2027-01-05", "--to", "2027-01-06"]);
    let json: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((json["first_day"].as_str(), json["last_day"].as_str()), (Some("2027-01-05"), Some("2027-01-06")));
}
