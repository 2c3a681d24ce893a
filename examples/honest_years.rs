//! Simulates offices, honest ones and steered ones, audits each, and counts: how many honest ones get a false alarm, and how many of the
//! steered ones are found. The default is small; the tables in `src/audit/mod.rs` are of a thousand.
//!
//! ```console
//! $ cargo run --release --example honest_years -- 1000 200
//! ```
//!
//! The second number is of offices that draw with the urns of this program, under its rules, for half a year.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;

use foureyes::audit::honest::{Office, Steering, office};
use foureyes::audit::{Gathering, Question, audit};
use foureyes::draw::{Root, Stream};
use foureyes::read::read_files;
use foureyes::record::{freeze, publish};
use foureyes::rules::Book;
use foureyes::urn::{Nobody, Options, draw_stages};
use rayon::prelude::*;

const LEVEL: f64 = 0.05;

fn main() -> Result<(), Box<dyn Error>> {
    let offices: usize = std::env::args().nth(1).map_or(Ok(5), |n| n.parse())?;
    let with_urns: usize = std::env::args().nth(2).map_or(Ok(1), |n| n.parse())?;
    let year = Office::default();
    let small = Office { inspectors: 8, places: 12, visits_a_day: 2, ..year };
    let years = |n: usize| Office { days: 250 * n, ..year };
    println!("{offices} offices each; alarms at the level {LEVEL}\n");
    let honest = [
        ("honest, one year", year),
        ("honest, one year, 8 inspectors and 2 visits a day", small),
        ("honest, three years", years(3)),
    ];
    for (name, size) in honest {
        let n = if size.days > 250 { offices.div_ceil(4) } else { offices };
        tell(name, n, size, Steering::Honest, None);
    }
    urns(with_urns)?;
    println!();
    let few = offices.div_ceil(5);
    for of_100 in [25, 50, 75, 100] {
        let name = format!("away on {of_100} of 100 days of one place, one year");
        tell(&name, few, year, Steering::Absent(of_100), Some(Question::Absences));
    }
    for (times, n) in [(200, 1), (300, 1), (400, 1), (150, 3), (200, 3), (300, 3), (200, 5)] {
        let name = format!("a pair meets {}.{} times as often, years: {n}", times / 100, times % 100 / 10);
        tell(&name, few, years(n), Steering::Together(times), Some(Question::Pairs));
    }
    for (of_100, n) in [(45, 1), (60, 1), (75, 1), (45, 3)] {
        let name = format!("one approver signs {of_100} of 100 overrides where others do 15, years: {n}");
        tell(&name, few, years(n), Steering::Overrides(of_100), Some(Question::Overrides));
    }
    Ok(())
}

/// How many of so many offices get an alarm at all, and one to `question`.
fn tell(name: &str, offices: usize, size: Office, steering: Steering, question: Option<Question>) {
    let root = Root::from_seed(&[0; 32], name);
    let alarms_of = |number: usize| -> BTreeSet<&str> {
        let evidence = office(size, steering, &mut root.stream("office", &number.to_string()));
        audit(&evidence, LEVEL).alarms().map(|(answer, _)| answer.question.name()).collect()
    };
    // Each office has words of its own, so threads change nothing.
    let all: Vec<BTreeSet<&str>> = (0..offices).into_par_iter().map(alarms_of).collect();
    let any = all.iter().filter(|alarms| !alarms.is_empty()).count();
    let found = all.iter().filter(|alarms| question.is_some_and(|question| alarms.contains(question.name()))).count();
    let mut alarmed: BTreeMap<&str, usize> = BTreeMap::new();
    all.iter().flatten().for_each(|name| *alarmed.entry(name).or_default() += 1);
    let percent = |n: usize| 100.0 * n as f64 / offices as f64;
    match question {
        None => {
            let by: Vec<String> = alarmed.iter().map(|(name, n)| format!("{name} {n}")).collect();
            println!("{name}: {any} of {offices} have a false alarm ({:.1} %): {}", percent(any), by.join(", "));
        }
        Some(_) => println!("{name}: found in {found} of {offices} ({:.0} %)", percent(found)),
    }
}

const MONTHS: u32 = 6;

/// Offices of 12 inspectors and 20 places that draw their weeks from urns, month after month, with everything that rotation remembers.
fn urns(offices: usize) -> Result<(), Box<dyn Error>> {
    let root = Root::from_seed(&[0; 32], "urns");
    let mut alarmed: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut any, mut visits) = (0, 0);
    for number in 0..offices {
        let mut words = root.stream("office", &number.to_string());
        let (mut gathering, mut history) = (Gathering::default(), "date,establishment,inspectors\n".to_owned());
        for month in 1..=MONTHS {
            let case = read_files(&month_of(month, &history, &mut words)).case.ok_or("the case can't be read")?;
            let book = Book::new(&case.settings).map_err(|_| "a rule that is not in the book")?;
            let (frozen, seed) = (freeze(&case, &book), number.to_string());
            let words = Root::from_seed(&frozen.digest, &seed);
            let drawn = draw_stages(&case, &book, &words, &Options::default(), &mut Nobody);
            gathering.record(&format!("month {month}"), &publish(&case, &book, &frozen, &seed, &drawn))?;
            for (visit, to) in &drawn.schedule.assignments {
                let team: Vec<&str> = to.team.members().iter().map(|who| case.inspector(*who).id.as_str()).collect();
                writeln!(history, "{},{},{}", to.date, case.place_of(*visit).id, team.join("|"))?;
            }
        }
        let evidence = gathering.evidence(None, None);
        visits += evidence.visits.len();
        let questions: BTreeSet<&str> =
            audit(&evidence, LEVEL).alarms().map(|(answer, _)| answer.question.name()).collect();
        any += usize::from(!questions.is_empty());
        questions.into_iter().for_each(|name| *alarmed.entry(name).or_default() += 1);
    }
    let by: Vec<String> = alarmed.iter().map(|(name, n)| format!("{name} {n}")).collect();
    let mean = visits / offices.max(1);
    println!(
        "honest, drawn from urns for half a year ({mean} visits): {any} of {offices} have a false alarm: {}",
        by.join(", ")
    );
    Ok(())
}

/// The files of one month's case: 40 visits, and leave as it comes.
fn month_of(month: u32, history: &str, words: &mut Stream) -> BTreeMap<String, Vec<u8>> {
    let policy = format!(
        "[period]\nfrom = 2027-{month:02}-01\nto = 2027-{month:02}-28\nslots = [\"am\", \"pm\"]\n[urn]\ntickets = 100\nstage = \"week\"\n[rules.pair-rotation]\ndays = 3\n"
    );
    let inspectors: String = (0..12).map(|at| format!("i{at:02}\n")).collect();
    let places: String = (0..20).map(|at| format!("p{at:02},owner {}\n", at / 4)).collect();
    let visits: String = (0..40).map(|at| format!("{month}-{at:02},p{:02}\n", words.below(20))).collect();
    let leave: String = (0..6)
        .map(|_| {
            let (who, from) = (words.below(12), 1 + words.below(24));
            format!("i{who:02},2027-{month:02}-{from:02},2027-{month:02}-{:02}\n", from + words.below(4))
        })
        .collect();
    let files = [
        ("policy.toml", policy),
        ("inspectors.csv", format!("id\n{inspectors}")),
        ("establishments.csv", format!("id,owner\n{places}")),
        ("visits.csv", format!("id,establishment\n{visits}")),
        ("absences.csv", format!("inspector,from,to\n{leave}")),
        ("history.csv", history.to_owned()),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect()
}
