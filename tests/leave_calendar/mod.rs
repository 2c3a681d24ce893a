//! A calendar of leave that is made at random gives back exactly the days that were marked in it, however the days are written.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use chrono::{Datelike, NaiveDate, Weekday};
use foureyes::read::import::{Request, Said, import};
use proptest::prelude::*;

const POLICY: &str = "[period]\nfrom = 2027-01-04\nto = 2027-01-15\nslots = [\"am\", \"pm\"]\n";
const PEOPLE: [(&str, &str); 3] = [("007", "Ana Sá"), ("0108", "Bo Ekström"), ("A-12", "Chen Li")];

/// How the days of a month are written over its columns.
#[derive(Clone, Copy, Debug)]
enum Days {
    Numbers,
    Dotted,
    Iso,
    MonthFirst,
    WithWeekday,
}

type Marked = BTreeSet<(usize, NaiveDate)>;

fn days_of(month: u32, only_working: bool) -> Vec<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2027, month, 1).unwrap();
    let days = first.iter_days().take_while(|day| day.month() == month);
    days.filter(|day| !only_working || !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)).collect()
}

fn title(day: NaiveDate, way: Days) -> String {
    match way {
        Days::Numbers => day.day().to_string(),
        Days::Dotted => day.format("%d.%m.").to_string(),
        Days::Iso => day.to_string(),
        Days::MonthFirst => day.format("%m/%d").to_string(),
        Days::WithWeekday => day.format("%a %d").to_string(),
    }
}

/// The calendar as an office has it, a block a month.
fn drawn(months: &[u32], way: Days, only_working: bool, weekdays: bool, marked: &Marked) -> String {
    let mut text = "Leave 2027\n".to_owned();
    for month in months {
        let days = days_of(*month, only_working);
        writeln!(text, "{} 2027", days[0].format("%B")).unwrap();
        let line = |label: &str, cell: &dyn Fn(NaiveDate) -> String| {
            days.iter().fold(label.to_owned(), |line, day| line + ";" + &cell(*day)) + "\n"
        };
        text += &line("Name", &|day| title(day, way));
        if weekdays {
            text += &line("", &|day| day.format("%a").to_string());
        }
        for (at, (_, name)) in PEOPLE.iter().enumerate() {
            text += &line(name, &|day| if marked.contains(&(at, day)) { "V".to_owned() } else { String::new() });
        }
    }
    text
}

/// The days away as the import has them.
fn read(text: &str) -> Result<Marked, String> {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("case");
    fs::create_dir(&case).unwrap();
    let roster: String = PEOPLE.iter().map(|(id, name)| format!("{id},{name}\n")).collect();
    fs::write(case.join("inspectors.csv"), format!("id,name\n{roster}")).unwrap();
    fs::write(case.join("establishments.csv"), "id\nE1\n").unwrap();
    fs::write(case.join("policy.toml"), POLICY).unwrap();
    fs::write(folder.path().join("plan.csv"), text).unwrap();
    let said = vec![Said { table: "absences".into(), key: "away".into(), value: "V".into() }];
    let sources = vec![("absences", folder.path().join("plan.csv"))];
    let done = import(&case, &Request { sources, said, template: POLICY.to_owned(), ..Request::default() });
    if !done.is_sound() {
        return Err(format!("{:?}", done.problems));
    }
    let mut away = Marked::new();
    for row in &done.tables[0].rows {
        let at = PEOPLE.iter().position(|(id, _)| *id == row[0]).unwrap();
        let (from, to): (NaiveDate, NaiveDate) = (row[1].parse().unwrap(), row[2].parse().unwrap());
        away.extend(from.iter_days().take_while(|day| *day <= to).map(|day| (at, day)));
    }
    Ok(away)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_calendar_gives_back_the_days_that_were_marked(
        months in proptest::collection::btree_set(1u32..=12, 1..4),
        way in prop_oneof![Just(Days::Numbers), Just(Days::Dotted), Just(Days::Iso), Just(Days::MonthFirst), Just(Days::WithWeekday)],
        only_working in any::<bool>(),
        weekdays in any::<bool>(),
        picks in proptest::collection::vec((0usize..3, 0usize..31, 0usize..3), 1..40),
    ) {
        let months: Vec<u32> = months.into_iter().collect();
        let day = |(person, day, month): (usize, usize, usize)| {
            let days = days_of(months[month % months.len()], only_working);
            (person, days[day % days.len()])
        };
        let marked: Marked = picks.into_iter().map(day).collect();
        let text = drawn(&months, way, only_working, weekdays, &marked);
        prop_assert_eq!(read(&text), Ok(marked), "{}", text);
    }
}
