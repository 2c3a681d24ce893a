//! What it takes to verify a month of a ceremony: one draw a day, each with its record and its urn, and a ledger of two hundred lines.
//!
//! `cargo bench --bench month -- [CASE FOLDER]`; without one, `examples/region`: 20 days, 600 visits, 1,000 tickets a day. The ceremony
//! is held once, through the acts that the commands call, and kept in `target/month/`; take that folder away and it is held anew. The
//! keys that lie there are everybody's: it proves nothing and is only measured. All draws are from one round of quicknet, for
//! none of the days has come; what it takes to verify does not depend on that.

#![allow(
    missing_docs,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench that prints a table"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::NaiveDate;
use foureyes::ceremony::{
    Came, Changed, Disk, Keys, Office, Past, Settled, ToCommit, amend, commit, disclose, draw, execute, freeze,
    in_order, open, to_draw,
};
use foureyes::draw::beacon::CHAIN;
use foureyes::record::changes::{AbsentDays, Cause};
use foureyes::record::ledger::{BeaconLine, Ending, Quicknet, Role, Shown, ShownRound, checkpoint_file};
use foureyes::record::{self, Files, load_ceremony, read_beacon, stage_of_urn};
use foureyes::rules::Book;
use foureyes::urn::{Nobody, Options};
use foureyes::verify::{verify, verify_ceremony};

/// A round that came, and a time before it.
const ROUND: (&str, i64) = ("examples/ceremony/rounds/quicknet-657413.json", 1_692_803_673);

/// Amendments of a day. With the commitment, the draw, the secrets and who went that is ten lines.
const CHANGES: usize = 6;

fn main() {
    let given = std::env::args().skip(1).find(|word| !word.starts_with("--")).map(PathBuf::from);
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let case = given.unwrap_or_else(|| home.join("examples/region"));
    let kept = home.join("target/month").join(case.file_name().unwrap());
    if !kept.join("done").exists() {
        let _ = fs::remove_dir_all(&kept);
        time("held", || Month::new(&kept, &case).hold());
        fs::write(kept.join("done"), []).unwrap();
    }
    let place = kept.join("ceremony");
    let mut files = time("read from the disk", || load_ceremony(&place).unwrap());
    let lines = files["ledger.jsonl"].iter().filter(|byte| **byte == b'\n').count();
    println!("{}: {lines} lines, {} bytes", place.display(), files.values().map(Vec::len).sum::<usize>());
    time("the ceremony with its urns", || whole(&files));
    time("its records one by one", || one_by_one(&files));
    files.retain(|name, _| {
        name.rsplit_once("/urns/").is_none_or(|(_, urn)| stage_of_urn(&format!("urns/{urn}")).is_none())
    });
    time("the ceremony without urns", || whole(&files));
}

fn time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    println!("{what:<28} {:>8.2} s", start.elapsed().as_secs_f64());
    done
}

fn whole(files: &Files) {
    let verdict = verify_ceremony(files);
    assert!(verdict.is_sound(), "{verdict}");
}

fn one_by_one(files: &Files) {
    let folders = files.keys().filter_map(|name| Some(name.strip_suffix("record.json")?.to_owned()));
    for folder in folders {
        let inside =
            files.iter().filter_map(|(name, bytes)| Some((name.strip_prefix(&folder)?.to_owned(), bytes.clone())));
        let verdict = verify(&inside.collect());
        assert!(verdict.is_sound(), "{verdict}");
    }
}

/// A ceremony that is being held.
struct Month {
    place: PathBuf,
    inputs: Files,
    days: Vec<NaiveDate>,
    planner: Keys,
    officer: Keys,
    audit: Keys,
}

impl Month {
    fn new(kept: &Path, folder: &Path) -> Self {
        let case = foureyes::read::read_case(folder).case.unwrap_or_else(|| panic!("{} has errors", folder.display()));
        let book = Book::new(&case.settings).unwrap_or_else(|problems| panic!("{problems:?}"));
        fs::create_dir_all(kept).unwrap();
        let keys = |name, role| Keys::create(&Disk::new(), kept, name, role, 40).unwrap().0;
        Self {
            place: kept.join("ceremony"),
            inputs: record::freeze(&case, &book).files,
            days: case.period.days(),
            planner: keys("planner", Role::Planner),
            officer: keys("officer", Role::Officer),
            audit: keys("audit", Role::Auditor),
        }
    }

    fn hold(&self) {
        let parties = [&self.planner, &self.officer, &self.audit].map(Keys::party).to_vec();
        drop(open(&self.place, Disk::new(), "region.example/february", parties, &self.planner).unwrap());
        freeze(&mut self.office(), &self.planner, "Región, febrero", &self.inputs).unwrap();
        for day in &self.days {
            self.draw();
            self.change(*day);
            execute(&mut self.office(), &self.planner, *day, None).unwrap();
            self.cosign();
        }
    }

    fn office(&self) -> Office {
        Office::open(&self.place, Disk::new()).unwrap()
    }

    /// The next day is committed to, cosigned, drawn, and its secrets are disclosed.
    fn draw(&self) {
        let options = Options::default();
        let (round, randomness) = read_beacon(&fs::read(ROUND.0).unwrap()).unwrap();
        let beacon = BeaconLine::Quicknet(Quicknet { chain: CHAIN, round: round.round });
        let asked = ToCommit { span: None, beacon, fallback: None, nonces: None };
        commit(&mut self.office(), &self.planner, &asked, &options, &mut Nobody).unwrap();
        self.cosign();
        let mut office = self.office();
        let made = to_draw(&office).unwrap();
        assert_eq!(made.ending, Ending::Open);
        let counter = made.commit.counter;
        let secrets = [&self.planner, &self.officer].map(|keys| (keys.name().to_owned(), keys.nonce(counter).unwrap()));
        let nonces = in_order(&office, &made.commit, &secrets).unwrap();
        let beacon = Shown::Quicknet(ShownRound { round: round.round, signature: round.signature });
        draw(&mut office, &self.planner, &Came { beacon, randomness, nonces }, &options, &mut Nobody).unwrap();
        disclose(&mut office, &self.planner, counter, &secrets.into_iter().collect()).unwrap();
        drop(office);
        self.cosign();
    }

    /// Some who were to go on the day don't come, and a visit is cancelled and held after all.
    fn change(&self, day: NaiveDate) {
        for number in 0..CHANGES {
            let held = Past::of(&self.office()).unwrap().held;
            let restored = held.all_cancelled().find(|(_, visit)| visit.date == day).map(|(id, _)| id.to_owned());
            let (visit, first) = held.on(day).nth(number).unwrap();
            let who = || first.team().next().unwrap().to_owned();
            let cause = match (number, restored) {
                (_, Some(visit)) => Cause::Restored(visit),
                (0, None) => Cause::Cancelled(visit.to_owned()),
                _ => Cause::Absence(AbsentDays { inspector: who(), from: day, to: day }),
            };
            let act = || amend(&mut self.office(), &self.planner, cause.clone(), "letter 7").unwrap();
            assert_eq!(act().settled, Settled::Waits);
            Office::look(&self.place, Disk::new()).unwrap().sign_proposal(&self.officer).unwrap();
            assert!(matches!(act(), Changed { settled: Settled::Landed(_), .. }));
        }
    }

    /// The auditor's hand under the last checkpoint.
    fn cosign(&self) {
        let office = self.office();
        let size = office.entries().len() as u64;
        let (_, mut note) = office.checkpoint(size).unwrap();
        note.cosign(self.audit.name(), self.audit.key(), ROUND.1).unwrap();
        fs::write(office.path(&checkpoint_file(size)), note.to_string()).unwrap();
    }
}
