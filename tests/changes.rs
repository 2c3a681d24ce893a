//! What changes after a real draw: amended, set by hand and executed on a ledger, verified, stopped at every operation of the disk, and forged.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chrono::NaiveDate;
use foureyes::ceremony::disk::{Cut, Fault};
use foureyes::ceremony::{
    Came, CeremonyError, Changed, Disk, Keys, Office, PROPOSED, Past, Settled, ToCommit, amend, commit, draw, execute,
    freeze, give, in_order, recheck, to_draw,
};
use foureyes::draw::beacon::CHAIN;
use foureyes::draw::digest;
use foureyes::model::{Absence, Conflict, ConflictTarget, InspectorId, Level};
use foureyes::record::changes::{AbsentDays, ByHand, Cause, What, change_line, read_change};
use foureyes::record::ledger::{
    BeaconLine, Body, LEDGER_FORMAT, Open, Party, Quicknet, Role, Shown, ShownRound, checkpoint_file,
};
use foureyes::record::{self, Files, load_ceremony, read_beacon};
use foureyes::rules::Book;
use foureyes::urn::{Nobody, Options};
use foureyes::verify::{CeremonyVerdict, verify_ceremony};

const ORIGIN: &str = "river.example/inspections";
const OPTIONS: Options = Options { threads: 1 };

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 8, day).unwrap()
}

fn keys(folder: &Path) -> [Keys; 3] {
    let one = |name: &str, role| match folder.join(format!("{name}.secret")) {
        path if path.exists() => Keys::load(&path).unwrap(),
        _ => Keys::create(&Disk::new(), folder, name, role, 10).unwrap().0,
    };
    [one("planner", Role::Planner), one("audit", Role::Auditor), one("officer", Role::Officer)]
}

/// The inputs of the case that ships, with a few tickets, and with these absences too.
fn inputs(absent: &[(&str, u32)]) -> Files {
    let mut case = foureyes::read::read_case(Path::new("examples/ceremony/office")).case.unwrap();
    case.urn.tickets = 4;
    for (id, on) in absent {
        let inspector = InspectorId::at(case.inspectors.iter().position(|one| one.id == *id).unwrap());
        case.absences.push(Absence { inspector, from: day(*on), to: day(*on), reason: None, slots: Vec::new() });
    }
    case.absences.sort();
    let book = Book::new(&case.settings).map_err(|problems| format!("{problems:?}")).unwrap();
    record::freeze(&case, &book).files
}

/// The keys of everybody, and the ceremony of which the first day was drawn.
static DRAWN: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let scratch = tempfile::tempdir().unwrap();
    let place = scratch.path().join("schedules");
    let [planner, audit, officer] = keys(scratch.path());
    let mut parties: Vec<Party> = [&planner, &audit, &officer].map(Keys::party).to_vec();
    parties.sort_by(|one, other| one.name.cmp(&other.name));
    let opening = Open { format: LEDGER_FORMAT.to_owned(), origin: ORIGIN.to_owned(), parties };
    Office::found(&place, Disk::new(), Body::Open(opening)).unwrap().seal(&planner).unwrap();
    frozen_and_drawn(scratch.path(), &place, &inputs(&[]));
    (scratch, place)
});

/// Inputs with one visit on the first day, on which two pairs are left who may go with nobody else: whichever is drawn, only the other can step in.
fn thin_inputs() -> Files {
    let mut case = foureyes::read::read_case(Path::new("examples/ceremony/office")).case.unwrap();
    case.urn.tickets = 4;
    let who = |id: &str| InspectorId::at(case.inspectors.iter().position(|one| one.id == id).unwrap());
    let away = ["ada", "cem", "eli", "fia", "gor"].map(who);
    let apart = [("ivo", "dea"), ("ivo", "hua"), ("bao", "dea"), ("bao", "hua")].map(|(a, b)| (who(a), who(b)));
    case.absences.extend(away.map(|inspector| Absence {
        inspector,
        from: day(24),
        to: day(24),
        slots: Vec::new(),
        reason: None,
    }));
    case.conflicts.extend(apart.map(|(inspector, other)| Conflict {
        inspector,
        target: ConflictTarget::Inspector(other),
        category: Some("kin".to_owned()),
        from: None,
        to: None,
        declared_on: None,
    }));
    case.absences.sort();
    case.conflicts.sort();
    case.visits.iter_mut().skip(1).for_each(|visit| visit.earliest = Some(day(25)));
    let book = Book::new(&case.settings).map_err(|problems| format!("{problems:?}")).unwrap();
    record::freeze(&case, &book).files
}

/// The same with the same keys, where the seats of the first day can be taken over by nobody, and its visit by another team.
static THIN: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let scratch = tempfile::tempdir().unwrap();
    let place = scratch.path().join("thin");
    let [planner, audit, officer] = keys(DRAWN.0.path());
    let mut parties: Vec<Party> = [&planner, &audit, &officer].map(Keys::party).to_vec();
    parties.sort_by(|one, other| one.name.cmp(&other.name));
    let opening = Open { format: LEDGER_FORMAT.to_owned(), origin: ORIGIN.to_owned(), parties };
    Office::found(&place, Disk::new(), Body::Open(opening)).unwrap().seal(&planner).unwrap();
    frozen_and_drawn(DRAWN.0.path(), &place, &thin_inputs());
    (scratch, place)
});

fn frozen_and_drawn(secret: &Path, place: &Path, inputs: &Files) {
    let [planner, _, _] = keys(secret);
    let mut office = Office::open(place, Disk::new()).unwrap();
    freeze(&mut office, &planner, "River district, 24 and 25 August 2023", inputs).unwrap();
    drop(office);
    one_draw(secret, place, 123);
}

/// Commits to a round that ships, and draws from it.
fn one_draw(secret: &Path, place: &Path, round: u64) {
    let [planner, audit, officer] = keys(secret);
    let beacon = BeaconLine::Quicknet(Quicknet { chain: CHAIN, round });
    let asked = ToCommit { span: None, beacon, fallback: None, nonces: None };
    let mut office = Office::open(place, Disk::new()).unwrap();
    commit(&mut office, &planner, &asked, &OPTIONS, &mut Nobody).unwrap();
    let size = office.entries().len() as u64;
    let (_, mut note) = office.checkpoint(size).unwrap();
    note.cosign(audit.name(), audit.key(), 1_692_803_673).unwrap();
    fs::write(office.path(&checkpoint_file(size)), note.to_string()).unwrap();
    let file = fs::read(format!("examples/ceremony/rounds/quicknet-{round}.json")).unwrap();
    let (round, randomness) = read_beacon(&file).unwrap();
    let made = to_draw(&office).unwrap();
    let counter = made.commit.counter;
    let secrets = [&planner, &officer].map(|keys| (keys.name().to_owned(), keys.nonce(counter).unwrap()));
    let nonces = in_order(&office, &made.commit, &secrets).unwrap();
    let beacon = Shown::Quicknet(ShownRound { round: round.round, signature: round.signature });
    draw(&mut office, &planner, &Came { beacon, randomness, nonces }, &OPTIONS, &mut Nobody).unwrap();
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => copied(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

/// Every file below `folder` but the lock, with its bytes.
fn all(folder: &Path) -> Files {
    let mut found = Files::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().unwrap() != "ledger.lock" {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// A copy of the ceremony that was drawn, to be changed.
struct Copy {
    _scratch: tempfile::TempDir,
    place: PathBuf,
    planner: Keys,
    officer: Keys,
}

impl Copy {
    fn new() -> Self {
        Self::of(&DRAWN.1)
    }

    fn of(place: &Path) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let copy = scratch.path().join("schedules");
        copied(place, &copy);
        let [planner, _, officer] = keys(DRAWN.0.path());
        Self { _scratch: scratch, place: copy, planner, officer }
    }

    fn office(&self) -> Office {
        Office::open(&self.place, Disk::new()).unwrap()
    }

    fn sign(&self) {
        let office = Office::look(&self.place, Disk::new()).unwrap();
        let waiting = office.proposal().unwrap().unwrap();
        recheck(&office, &waiting.draft.body, &waiting.change.unwrap()).unwrap();
        office.sign_proposal(&self.officer).unwrap();
    }

    /// Proposed by the planner, signed by the officer, and put on the ledger; and once more, as after a crash.
    fn signed_by_two(&self, act: impl Fn(&mut Office) -> Result<Changed, CeremonyError>) -> Changed {
        assert_eq!(act(&mut self.office()).unwrap().settled, Settled::Waits);
        self.sign();
        let done = act(&mut self.office()).unwrap();
        assert!(matches!(done.settled, Settled::Landed(_)));
        assert_eq!(act(&mut self.office()).unwrap().settled, done.settled, "again, as after a crash");
        assert!(!self.place.join(PROPOSED).exists());
        done
    }

    fn amend(&self, cause: &Cause) -> Changed {
        self.signed_by_two(|office| amend(office, &self.planner, cause.clone(), "letter 7"))
    }

    /// Somebody who goes on the first visit of the first day, and the visit.
    fn first(&self) -> (String, String) {
        let held = Past::of(&self.office()).unwrap().held;
        let (visit, of) = held.on(day(24)).next().unwrap();
        (of.team().next().unwrap().to_owned(), visit.to_owned())
    }

    fn verdict(&self) -> CeremonyVerdict {
        verify_ceremony(&load_ceremony(&self.place).unwrap())
    }

    fn findings(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.verdict().findings.iter().map(|finding| finding.name).collect();
        names.dedup();
        names
    }

    /// Puts a change on the ledger that somebody forged, under a line that says so; both sign it.
    fn forged(&self, body: impl Fn(u64, [u8; 32]) -> Body, what: What) {
        let mut office = self.office();
        let number = office.course().next_change();
        let salt = read_salt(&office, number);
        let bytes = change_line(&record::changes::Change { salt, what });
        let body = body(number, digest(&bytes));
        let signed = [&self.officer, &self.planner].map(|keys| keys.sign(ORIGIN, &body));
        let signed = if body.needs_two() { signed.to_vec() } else { Vec::new() };
        fs::create_dir_all(office.path("changes")).unwrap();
        fs::write(office.path(&record::change_file(number)), &bytes).unwrap();
        office.append(body, signed).unwrap();
        office.seal(&self.planner).unwrap();
    }
}

fn read_salt(office: &Office, number: u64) -> [u8; 32] {
    let master = foureyes::ceremony::FrozenInputs::of(office, 1).unwrap().master;
    master.salt(&format!("change/{number}"), "change", "")
}

fn absence(who: &str, from: u32, to: u32) -> Cause {
    Cause::Absence(AbsentDays { inspector: who.to_owned(), from: day(from), to: day(to) })
}

/// The line of a ledger about an honest amendment, and its change.
fn honest(copy: &Copy, cause: &Cause) -> (record::ledger::Amend, record::changes::Amendment) {
    let other = Copy::of(&copy.place);
    let done = other.amend(cause);
    let body = other.office().entries().last().unwrap().body.clone();
    match (body, done.change.what) {
        (Body::Amend(stated), What::Amend(done)) => (stated, done),
        other => panic!("{other:?} is no amendment"),
    }
}

#[test]
fn a_day_is_amended_set_by_hand_and_executed_and_all_of_it_verifies() {
    let copy = Copy::new();
    let (who, visit) = copy.first();
    let done = copy.amend(&absence(&who, 24, 24));
    let What::Amend(amendment) = &done.change.what else { panic!("{done:?}") };
    assert_eq!((amendment.moves.len(), amendment.moves[0].from.as_str()), (1, who.as_str()));
    let other = Past::of(&copy.office()).unwrap().held.on(day(24)).last().unwrap().0.to_owned();
    assert_eq!(copy.amend(&Cause::Cancelled(other.clone())).number, 2);
    assert_eq!(copy.amend(&Cause::Restored(other.clone())).number, 3);
    let held = Some((day(24), "am".to_owned(), vec!["ada".to_owned(), "bao".to_owned()]));
    let teams = [ByHand { visit: visit.clone(), held }];
    copy.signed_by_two(|office| give(office, &copy.planner, &teams, "A flood.", "letter 8"));
    let executed = |told| execute(&mut copy.office(), &copy.planner, day(24), told);
    assert_eq!(executed(None).unwrap().number, 5);
    assert_eq!(executed(None).unwrap().number, 5, "again, as after a crash");
    let verdict = copy.verdict();
    assert!(verdict.is_sound(), "{verdict}");
    assert_eq!(verdict.loud.iter().map(|loud| loud.kind).collect::<Vec<_>>(), ["override"]);
    let error = amend(&mut copy.office(), &copy.planner, absence("ada", 24, 24), "letter 9").unwrap_err();
    assert!(error.to_string().contains("2023-08-24 is over"), "{error}");
    // Without the records everybody can still check the rest.
    let files: Files = load_ceremony(&copy.place).unwrap();
    let public: Files =
        files.into_iter().filter(|(name, _)| name == "ledger.jsonl" || name.starts_with("checkpoints/")).collect();
    assert!(verify_ceremony(&public).is_sound());
}

/// Does `act` in a copy of `before`, stopped at each operation in turn, and then again; all must come out as if it had never been stopped.
fn stopped_everywhere(before: &Copy, act: impl Fn(&Copy, Disk) -> Result<(), CeremonyError>) {
    let whole = Copy::of(&before.place);
    act(&whole, Disk::new()).unwrap();
    let wanted = all(&whole.place);
    let mut stops = 0;
    for (cut, part) in [(Cut::Kill, 0), (Cut::Kill, 50), (Cut::Power, 50)] {
        for at in 0.. {
            let copy = Copy::of(&before.place);
            if act(&copy, Disk::failing(Fault { at, part, cut })).is_ok() {
                break;
            }
            stops += 1;
            act(&copy, Disk::new()).unwrap_or_else(|error| panic!("stopped at {at} by {cut:?}, then: {error}"));
            let left = all(&copy.place);
            assert!(left == wanted, "stopped at {at} by {cut:?}: {:?} instead of {:?}", left.keys(), wanted.keys());
        }
    }
    assert!(stops > 8, "the act made next to nothing");
}

#[test]
fn whatever_stops_a_change_the_same_command_ends_it() {
    let copy = Copy::new();
    let (who, visit) = copy.first();
    let amended = |copy: &Copy, disk| {
        let mut office = Office::open(&copy.place, disk)?;
        amend(&mut office, &copy.planner, absence(&who, 24, 24), "letter 7").map(drop)
    };
    stopped_everywhere(&copy, amended);
    amended(&copy, Disk::new()).unwrap();
    copy.sign();
    stopped_everywhere(&copy, amended);
    amended(&copy, Disk::new()).unwrap();
    let by_hand = |copy: &Copy, disk| {
        let mut office = Office::open(&copy.place, disk)?;
        let teams = [ByHand { visit: visit.clone(), held: None }];
        give(&mut office, &copy.planner, &teams, "A flood.", "letter 8").map(drop)
    };
    by_hand(&copy, Disk::new()).unwrap();
    copy.sign();
    stopped_everywhere(&copy, by_hand);
    by_hand(&copy, Disk::new()).unwrap();
    let executed =
        |copy: &Copy, disk| execute(&mut Office::open(&copy.place, disk)?, &copy.planner, day(24), None).map(drop);
    stopped_everywhere(&copy, executed);
    executed(&copy, Disk::new()).unwrap();
    assert!(copy.verdict().is_sound());
}

/// What the second reader finds in a ceremony; none where there is no Python.
fn second_reader(place: &Path) -> Option<(Vec<String>, bool)> {
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/second_reader.py");
    let output = std::process::Command::new("python3").arg(reader).arg("--json").arg(place).output().ok()?;
    let line: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = line["findings"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned());
    let mut found: Vec<String> = found.collect();
    found.dedup();
    Some((found, line["sound"].as_bool().unwrap()))
}

/// Both readers find these in the ceremony.
fn both_find(copy: &Copy, wanted: &[&str]) {
    assert_eq!(copy.findings(), wanted, "{}", copy.verdict());
    if let Some((found, sound)) = second_reader(&copy.place) {
        assert_eq!(found, wanted);
        assert_eq!(sound, wanted.is_empty());
    }
}

/// Everybody who goes on the first day of the thin ceremony, with what follows where they stay away, at a level below the whole day.
fn walked_down() -> Vec<(String, Vec<record::changes::Move>)> {
    let held = Past::of(&Copy::of(&THIN.1).office()).unwrap().held;
    let people: std::collections::BTreeSet<String> =
        held.on(day(24)).flat_map(|(_, visit)| visit.team().map(str::to_owned).collect::<Vec<_>>()).collect();
    let moves = people.into_iter().map(|who| {
        let moves = honest(&Copy::of(&THIN.1), &absence(&who, 24, 24)).1.moves;
        (who, moves)
    });
    moves.filter(|(_, moves)| moves.iter().any(|one| one.level != Level::Day)).collect()
}

#[test]
fn a_seat_that_nobody_takes_over_whole_is_walked_down() {
    let mut met = std::collections::BTreeSet::new();
    for (who, moves) in walked_down() {
        let copy = Copy::of(&THIN.1);
        copy.amend(&absence(&who, 24, 24));
        met.extend(moves.iter().map(|one| (one.level, one.is_filled())));
        both_find(&copy, &[]);
        // Whoever stepped in stays away too: their seat is walked down by the same orders.
        let next: Vec<&String> = moves.iter().flat_map(|one| one.by.iter().chain(&one.team)).collect();
        if let Some(next) = next.first() {
            copy.amend(&absence(next, 24, 24));
            both_find(&copy, &[]);
        }
    }
    assert!(met.contains(&(Level::Team, true)), "{met:?}");
}

#[test]
fn whoever_walks_down_otherwise_is_found() {
    let mut forged = 0;
    for (who, moves) in walked_down() {
        let cause = absence(&who, 24, 24);
        let at = moves.iter().position(|one| one.level != Level::Day).unwrap();
        let forge = |change: &dyn Fn(&mut record::changes::Amendment), wanted: &[&str]| {
            let copy = Copy::of(&THIN.1);
            let (mut stated, mut done) = honest(&copy, &cause);
            change(&mut done);
            stated.seats = done.moves.len() as u64;
            stated.unfilled = done.moves.iter().filter(|one| !one.is_filled()).count() as u64;
            let body = |number, change| Body::Amend(record::ledger::Amend { number, change, ..stated.clone() });
            copy.forged(body, What::Amend(done));
            let found: Vec<_> = copy.findings().into_iter().filter(|name| *name != "change-root").collect();
            assert_eq!(found, wanted, "{}", copy.verdict());
            if let Some((found, _)) = second_reader(&copy.place) {
                assert_eq!(found.into_iter().filter(|name| name != "change-root").collect::<Vec<_>>(), wanted);
            }
        };
        // Nobody steps in, though somebody could; or somebody does whom no order has.
        let is_filled = moves[at].is_filled();
        forge(
            &|done| {
                let one = &mut done.moves[at];
                (one.level, one.by, one.team) = match is_filled {
                    true => (Level::Team, None, Vec::new()),
                    false => (Level::Visit, Some("jun".to_owned()), Vec::new()),
                };
            },
            &["reserve-skipped"],
        );
        forge(&|done| done.moves[at].team = vec!["cem".to_owned(), "jun".to_owned()], &["reserve-skipped"]);
        // The whole day is said to be lost, as in records of before.
        forge(
            &|done| {
                let visits = done.moves.iter().flat_map(|one| one.visits.clone()).collect();
                let mut one = done.moves.remove(0);
                one.passed.retain(|one| one.level == Level::Day);
                (one.level, one.by, one.team, one.visits) = (Level::Day, None, Vec::new(), visits);
                done.moves = vec![one];
            },
            if moves.len() > 1 { &["amended-otherwise"] } else { &["reserve-skipped"] },
        );
        if moves[at].passed.iter().any(|one| one.level != Level::Day) {
            forge(&|done| done.moves[at].passed.clear(), &["amended-otherwise"]);
        }
        forged += 1;
    }
    assert!(forged > 0);
}

#[test]
fn a_reserve_that_was_skipped_is_found() {
    let copy = Copy::new();
    let cause = absence(&copy.first().0, 24, 24);
    let (stated, mut done) = honest(&copy, &cause);
    let by = done.moves[0].by.clone();
    let strangers = ["ada", "bao", "cem", "dea", "eli", "fia", "gor", "hua", "ivo", "jun"];
    let other = strangers.iter().find(|who| by.as_deref() != Some(**who) && done.moves[0].from != **who).unwrap();
    done.moves[0].by = Some((*other).to_owned());
    copy.forged(
        |number, change| Body::Amend(record::ledger::Amend { number, change, ..stated.clone() }),
        What::Amend(done),
    );
    assert_eq!(copy.findings(), ["reserve-skipped", "change-root"]);
}

#[test]
fn an_amendment_that_says_too_much_or_too_little_is_found() {
    let copy = Copy::new();
    let cause = absence(&copy.first().0, 24, 24);
    let (stated, mut done) = honest(&copy, &cause);
    done.moves.clear();
    let body = |number, change| Body::Amend(record::ledger::Amend { number, change, ..stated.clone() });
    copy.forged(body, What::Amend(done));
    assert_eq!(copy.findings(), ["amended-otherwise", "change-root"]);
}

#[test]
fn an_absence_on_a_day_that_was_over_is_found() {
    let copy = Copy::new();
    let cause = absence(&copy.first().0, 24, 24);
    let (stated, done) = honest(&copy, &cause);
    execute(&mut copy.office(), &copy.planner, day(24), None).unwrap();
    let body = |number, change| Body::Amend(record::ledger::Amend { number, change, ..stated.clone() });
    copy.forged(body, What::Amend(done));
    assert_eq!(copy.findings(), ["late-absence", "change-root"]);
}

#[test]
fn others_who_went_are_found() {
    let copy = Copy::new();
    let held = Past::of(&copy.office()).unwrap().held;
    let mut told: Vec<_> = held
        .on(day(24))
        .map(|(visit, of)| record::changes::Went {
            visit: visit.to_owned(),
            team: of.team().map(str::to_owned).collect(),
        })
        .collect();
    told[0].team.clear();
    execute(&mut copy.office(), &copy.planner, day(24), Some(&told)).unwrap();
    let again = execute(&mut copy.office(), &copy.planner, day(24), None).unwrap_err();
    assert!(again.to_string().contains("executed already"), "{again}");
    assert_eq!(copy.findings(), ["executed-otherwise"]);
}

#[test]
fn a_change_that_was_exchanged_or_forgotten_later_is_found() {
    let copy = Copy::new();
    let who = copy.first().0;
    copy.amend(&absence(&who, 24, 24));
    freeze(&mut copy.office(), &copy.planner, "River district, 24 and 25 August 2023", &inputs(&[(&who, 24)])).unwrap();
    one_draw(DRAWN.0.path(), &copy.place, 1000);
    assert!(copy.verdict().is_sound(), "{}", copy.verdict());
    let path = copy.place.join("changes/001.json");
    let mut change = read_change(&fs::read(&path).unwrap(), "changes/001.json").0.unwrap();
    if let What::Amend(record::changes::Amendment { cause: Cause::Absence(days), .. }) = &mut change.what {
        days.to = day(25);
    }
    fs::write(&path, change_line(&change)).unwrap();
    assert_eq!(copy.findings(), ["change-digest", "conflict-lost"]);
}

#[test]
fn a_commitment_forgets_nothing_of_the_days_that_it_draws() {
    let beacon = || BeaconLine::Quicknet(Quicknet { chain: CHAIN, round: 1000 });
    let committed = |copy: &Copy| {
        let asked = ToCommit { span: None, beacon: beacon(), fallback: None, nonces: None };
        commit(&mut copy.office(), &copy.planner, &asked, &OPTIONS, &mut Nobody).map(drop)
    };
    let copy = Copy::new();
    let (who, visit) = copy.first();
    copy.amend(&absence(&who, 24, 24));
    committed(&copy).unwrap();
    let copy = Copy::new();
    copy.amend(&absence(&who, 24, 25));
    let error = committed(&copy).unwrap_err().to_string();
    assert!(error.contains("by an amendment"), "{error}");
    let copy = Copy::new();
    copy.amend(&Cause::Cancelled(visit));
    let error = committed(&copy).unwrap_err().to_string();
    assert!(error.contains("can only be restored"), "{error}");
}

/// The exit code and the stdout of a command in the folder of a copy.
fn run(copy: &Copy, arguments: &[&str], keys: &Keys) -> (i32, String) {
    let (command, more) = arguments.split_first().unwrap();
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_foureyes"));
    let done = program.arg(command).arg(&copy.place).args(more).arg("--keys").arg(keys.path()).output().unwrap();
    let told = if done.status.code() == Some(2) { done.stderr } else { done.stdout };
    (done.status.code().unwrap(), String::from_utf8(told).unwrap())
}

#[test]
fn the_commands_say_what_changes() {
    let copy = Copy::new();
    let (who, visit) = copy.first();
    let absent = ["amend", "--absent", &who, "--from", "2023-08-24", "--to", "2023-08-24", "--evidence", "letter 7"];
    let (code, told) = run(&copy, &absent, &copy.planner);
    assert!(code == 1 && told.contains("steps into") && told.contains("it takes a second signature"), "{told}");
    let (code, told) = run(&copy, &["cosign", "--proposal"], &copy.officer);
    assert!(code == 0 && told.contains(&format!("steps into {who}'s seat on {visit}")), "{told}");
    let (code, told) = run(&copy, &absent, &copy.planner);
    assert!(code == 0 && told.ends_with("amendment 1 stands, in line 5 of the ledger\n"), "{told}");
    let table = copy.place.with_file_name("teams.csv");
    fs::write(&table, format!("visit,date,slot,inspectors\n{visit},,,\n")).unwrap();
    let file = table.to_str().unwrap();
    let taken = ["override", "--file", file, "--reason", "A flood.", "--evidence", "letter 8", "--json"];
    let (code, told) = run(&copy, &taken, &copy.planner);
    let json: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, json["state"].as_str(), json["change"].get("salt")), (1, Some("proposed"), None));
    assert_eq!(run(&copy, &["cosign", "--proposal"], &copy.officer).0, 0);
    assert_eq!(run(&copy, &taken, &copy.planner).0, 0);
    let past = Past::of(&copy.office()).unwrap();
    let other = past.held.on(day(24)).next().unwrap().0.to_owned();
    let others: String = past.held.on(day(24)).skip(1).map(|(visit, _)| format!("{visit},\n")).collect();
    fs::write(&table, format!("visit,inspectors\n{other},ada|bao\n{others}")).unwrap();
    let (code, told) = run(&copy, &["executed", "--date", "2023-08-24", "--file", file], &copy.planner);
    assert!(code == 0 && told.contains(&format!("ada and bao went on visit {other}")), "{told}");
    let (code, told) = run(&copy, &["amend", "--cancel", &visit, "--evidence", "letter 9"], &copy.planner);
    assert!(code == 2 && told.contains("so it can't be taken away"), "{told}");
    let bad = ["override", "--visit", &visit, "--date", "2023-08-25", "--slot", "am", "--team", "ada,ada"];
    let bad: Vec<&str> = bad.into_iter().chain(["--reason", "A flood.", "--evidence", "letter 9"]).collect();
    let (code, told) = run(&copy, &bad, &copy.planner);
    assert!(code == 2 && told.contains("`ada` is named twice"), "{told}");
    fs::write(&table, "visit\nv1\n").unwrap();
    let (code, told) = run(&copy, &["executed", "--date", "2023-08-25", "--file", file], &copy.planner);
    assert!(code == 2 && told.contains("inspectors"), "{told}");
}
