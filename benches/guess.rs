//! What a guess is worth: how often the likeliest inspector of a visit goes on it, over the schedules that solvers made
//! from different seeds, and over an urn.
//!
//! `FOUREYES_BENCH=FOLDER cargo bench --bench guess -- [CASE] [FOLDERS OF SCHEDULES]`
//!
//! A folder holds a `schedule.csv` for each run under any name that ends in `.csv`. Every one is held to every rule. As many
//! tickets as each folder has runs are drawn from the urn beside them.
//! Of some runs alone, the likeliest inspector of a visit looks likelier than they are, the more so the fewer the runs. So
//! the guess is made twice: by somebody who has seen all runs, and by somebody who has seen every second one and is
//! held to the others, which favours nobody.

#![allow(missing_docs, clippy::panic, clippy::print_stdout, reason = "a bench that prints a table")]

mod cases;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use foureyes::draw::{Root, pick};
use foureyes::model::{Assignment, Case, InspectorId, Odds, Schedule, SlotId, Stage, Team, Urn, VisitId};
use foureyes::record::freeze;
use foureyes::rules::{Book, Eligible};
use foureyes::urn::{Nobody, Options, build, draw_stages};

/// Runs of foureyes itself, and tickets that are drawn from its urn.
const RUNS: usize = 100;

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let part = words.next().unwrap_or_default();
    let folders: Vec<PathBuf> = words.map(PathBuf::from).collect();
    println!("{:<10} {:<28} {:>29} {:>21} {:>23}", "", "", "", "of all runs", "of every second run");
    print!("{:<10} {:<28} {:>6} {:>8} ", "case", "schedules of", "runs", "distinct");
    println!("{:>13} {:>10} {:>10} {:>12} {:>10}", "staffed", "worst odds", "on average", "surest guess", "on average");
    for folder in cases::folders().into_iter().filter(|folder| cases::name(folder).contains(&part)) {
        let mut case = cases::case(&folder);
        case.urn.stage = Stage::Period;
        let book = Book::new(&case.settings).unwrap_or_else(|problems| panic!("{problems:?}"));
        let table = Table { name: cases::name(&folder), case: &case, book: &book };
        let runs = folders.iter().map(|folder| table.peer(folder));
        let sizes: BTreeSet<usize> = runs.chain([RUNS]).collect();
        table.ours(&sizes);
    }
}

/// The lines of one case.
struct Table<'c> {
    name: String,
    case: &'c Case,
    book: &'c Book,
}

impl Table<'_> {
    /// The runs whose schedules lie in `folder`; says how many there are.
    fn peer(&self, folder: &Path) -> usize {
        let runs: Vec<Schedule> = files(folder).iter().map(|file| schedule(self.case, file)).collect();
        self.line(&cases::name(folder), &runs);
        runs.len()
    }

    /// What foureyes itself makes: one schedule a seed, an urn, and as many tickets as `sizes` say that are drawn from it.
    fn ours(&self, sizes: &BTreeSet<usize>) {
        let digest = freeze(self.case, self.book).digest;
        let root = |seed: usize| Root::from_seed(&digest, &seed.to_string());
        let options = Options::default();
        let alone = (1..=RUNS).map(|seed| build(self.case, self.book, &root(seed), &options).schedule);
        self.line("one ticket a seed", &alone.collect::<Vec<_>>());
        let mut drawn = draw_stages(self.case, self.book, &root(1), &options, &mut Nobody);
        let urn = drawn.stages.remove(0).urn;
        let drawn = |seed| urn.ticket(pick(&root(seed), 1, urn.len() as u32) as usize);
        for size in sizes {
            self.line("the urn, drawn from", &(1..=*size).map(drawn).collect::<Vec<_>>());
        }
        self.line("the urn, all of it", &(0..urn.len()).map(|number| urn.ticket(number)).collect::<Vec<_>>());
        println!("{:<10} an even chance among those who may go: {} on average", self.name, percent(self.even()));
    }

    fn line(&self, whose: &str, runs: &[Schedule]) {
        assert!(runs.len() > 1, "{whose}: a guess needs two runs or more");
        let broken = runs.iter().find(|run| !self.book.check(self.case, run).is_empty());
        assert!(broken.is_none(), "{whose}: a rule is broken");
        let odds = self.odds(runs.iter());
        let seen = self.odds(runs.iter().step_by(2));
        let unseen = self.odds(runs.iter().skip(1).step_by(2));
        let guesses = [Guess::of(&seen, &unseen), Guess::of(&unseen, &seen)];
        let mean = |value: fn(&Guess) -> f64| guesses.iter().map(value).sum::<f64>() / guesses.len() as f64;
        let visits = self.case.visits.len() as f64;
        let tickets = f64::from(odds.tickets);
        let worst = odds.worst().map_or(0, |worst| worst.n);
        print!("{:<10} {whose:<28} {:>6} {:>8} ", self.name, odds.tickets, odds.distinct);
        println!(
            "{:>13} {:>10} {:>10} {:>12} {:>10}",
            format!("{:.1} of {visits}", odds.held() as f64 / tickets),
            percent(f64::from(worst) / tickets),
            percent(odds.worst_sum() as f64 / tickets / visits),
            percent(mean(|guess| guess.surest)),
            percent(mean(|guess| guess.right) / visits),
        );
    }

    fn odds<'r>(&self, runs: impl Iterator<Item = &'r Schedule>) -> Odds {
        let layout = self.book.layout(self.case, Stage::Period.spans(&self.case.period)[0], &Schedule::default());
        let mut bytes = Vec::new();
        runs.for_each(|run| layout.encode(run, &mut bytes));
        Odds::count(&Urn::new(layout, bytes).unwrap_or_else(|flaw| panic!("{flaw}")))
    }

    /// What naming anybody of those who may go on a visit is worth where all of them are equally likely.
    fn even(&self) -> f64 {
        let span = Stage::Period.spans(&self.case.period)[0];
        let eligible = Eligible::new(self.case, self.book, span, &Schedule::default());
        let chance = |visit| eligible.size(visit) as f64 / eligible.goers(visit).count().max(1) as f64;
        self.case.visit_ids().map(chance).sum::<f64>() / self.case.visits.len() as f64
    }
}

/// What guesses made of some runs are worth in others.
struct Guess {
    /// How often the surest of all guesses is right.
    surest: f64,
    /// The sum over visits of how often the likeliest inspector goes on it.
    right: f64,
}

impl Guess {
    fn of(seen: &Odds, unseen: &Odds) -> Self {
        let share = |visit: VisitId, who: InspectorId| {
            f64::from(unseen.of(visit).map_or(0, |odds| odds.of(who))) / f64::from(unseen.tickets)
        };
        let likeliest = seen.visits.iter().filter_map(|odds| Some((odds.visit, odds.worst().1?)));
        Self {
            surest: seen.worst().map_or(0.0, |worst| share(worst.visit, worst.inspector)),
            right: likeliest.map(|(visit, who)| share(visit, who)).sum(),
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// The schedules of a folder, shorter names first, so that seed 10 stands behind seed 9.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "csv"));
    files.sort_by_key(|file| (file.as_os_str().len(), file.clone()));
    files
}

/// The schedule of a file, its columns found by their names. The files come from programs, so cells have no quotes.
fn schedule(case: &Case, file: &Path) -> Schedule {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    let read = |line: Vec<&str>| {
        let cell = |name| line.get(header.iter().position(|column| *column == name)?).copied();
        held(case, [cell("visit")?, cell("date")?, cell("slot")?, cell("inspectors")?])
    };
    let staffed = lines.filter(|line| line.iter().all(|cell| !cell.is_empty()));
    let all = staffed.map(|line| {
        let told = line.join(",");
        read(line).unwrap_or_else(|| panic!("{}: {told} is no visit of the case", file.display()))
    });
    Schedule { assignments: all.collect() }
}

fn held(case: &Case, [visit, date, slot, team]: [&str; 4]) -> Option<(VisitId, Assignment)> {
    let visit = case.find_visit(visit)?;
    let slot = case.period.slots.iter().position(|name| name == slot)?;
    let who = |id: &str| case.find_inspector(id);
    let team = Team::new(team.split('|').map(who).collect::<Option<Vec<_>>>()?)?;
    let date: NaiveDate = date.parse().ok()?;
    Some((visit, Assignment { date, slot: SlotId::at(slot), team }))
}
