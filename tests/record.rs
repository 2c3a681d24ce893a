//! Whatever is frozen thaws to the same case, and freezes to the same bytes again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

use foureyes::draw::{Root, Stream, digest};
use foureyes::model::{
    Absence, Assignment, Case, Conflict, ConflictTarget, Establishment, EstablishmentId, Gender, Hours, Inspector,
    InspectorId, Kind, PastVisit, Period, Point, Programmed, Schedule, SlotId, Stage, TICKET_TEAM_MAX, Team, UrnPolicy,
    Visit, VisitId, Waiver,
};
use foureyes::record::{self, Files};
use foureyes::rules::Book;
use foureyes::urn;
use foureyes::verify::verify;
use proptest::prelude::*;

/// Texts that formats trip over.
const TEXTS: &[&str] = &[
    "a",
    "=1+1",
    "a,b",
    "\"",
    "\\",
    "né",
    "ქართული",
    "tab\there",
    "line\nbreak",
    "'",
    " ",
    "-",
    "\u{7f}",
    "東京",
    "😀",
];

/// A case of random words: every field now blank, now odd.
struct Maker(Stream);

impl Maker {
    fn below(&mut self, n: usize) -> usize {
        self.0.index(n)
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| make(self))
    }

    fn text(&mut self) -> String {
        TEXTS[self.below(TEXTS.len())].to_owned()
    }

    fn texts(&mut self) -> Vec<String> {
        let mut texts: Vec<_> = (0..self.below(4)).map(|_| self.text()).collect();
        texts.sort();
        texts.dedup();
        texts
    }

    fn id(&mut self, kind: &str, at: usize) -> String {
        format!("{}{kind}{at}", ["", "=", "é", "-"][self.below(4)])
    }

    fn date(&mut self) -> chrono::NaiveDate {
        "2026-01-01".parse::<chrono::NaiveDate>().unwrap() + chrono::Days::new(self.below(700) as u64)
    }

    fn who(&mut self, people: usize) -> InspectorId {
        InspectorId::at(self.below(people))
    }

    fn inspector(&mut self, at: usize, people: usize) -> Inspector {
        Inspector {
            id: self.id("i", at),
            name: self.maybe(Self::text),
            unit: self.maybe(Self::text),
            agency: self.maybe(Self::text),
            home_district: self.maybe(Self::text),
            territory: self.texts(),
            lead: self.below(2) == 0,
            grade: self.maybe(Self::text),
            gender: self.maybe(|m| [Gender::Woman, Gender::Man, Gender::Other][m.below(3)]),
            skills: self.texts(),
            languages: self.texts(),
            authority_from: self.maybe(Self::date),
            authority_to: self.maybe(Self::date),
            left_on: self.maybe(Self::date),
            visits_per_day: self.maybe(|m| m.below(9) as u32),
            visits_per_week: self.maybe(|m| m.below(9) as u32),
            supervisor: self.maybe(|m| m.who(people)),
        }
    }

    fn establishment(&mut self, at: usize) -> Establishment {
        Establishment {
            id: self.id("e", at),
            registered: true,
            name: self.maybe(Self::text),
            owner: self.maybe(Self::text),
            district: self.maybe(Self::text),
            sector: self.maybe(Self::text),
            risk: self.maybe(Self::text),
            address: self.maybe(Self::text),
            tags: self.texts(),
            point: self.maybe(|m| m.point()),
        }
    }

    fn point(&mut self) -> Point {
        let (lat, lon) = (self.below(160_000_001) as i32 - 80_000_000, self.below(180_000_001) as i32);
        Point::new(lat, lon).unwrap()
    }

    fn visit(&mut self, at: usize, places: usize, slots: usize) -> Visit {
        let kinds = [Kind::Mandatory, Kind::Programmed, Kind::Complaint, Kind::FollowUp, Kind::Raid];
        Visit {
            id: self.id("v", at),
            establishment: EstablishmentId::at(self.below(places)),
            earliest: self.maybe(Self::date),
            latest: self.maybe(Self::date),
            kind: kinds[self.below(5)],
            team_size: self.maybe(|m| 2 + m.below(7) as u32),
            skills: self.texts(),
            min_women: self.maybe(|m| m.below(3) as u32),
            slot: self.maybe(|m| SlotId::at(m.below(slots))),
            duration: 1 + self.below(3) as u8,
            operation: self.maybe(Self::text),
            agencies: self.texts(),
        }
    }

    fn conflict(&mut self, people: usize, places: usize) -> Conflict {
        let target = match self.below(5) {
            0 => ConflictTarget::Establishment(EstablishmentId::at(self.below(places))),
            1 => ConflictTarget::Owner(self.text()),
            2 => ConflictTarget::Sector(self.text()),
            3 => ConflictTarget::District(self.text()),
            _ => ConflictTarget::Inspector(self.who(people)),
        };
        Conflict {
            inspector: self.who(people),
            target,
            category: self.maybe(Self::text),
            from: self.maybe(Self::date),
            to: self.maybe(Self::date),
            declared_on: self.maybe(Self::date),
        }
    }

    fn absence(&mut self, people: usize) -> Absence {
        let (a, b) = (self.date(), self.date());
        let slots = [vec![], vec![SlotId(0)], vec![SlotId(1)], vec![SlotId(0), SlotId(1)]][self.below(4)].clone();
        Absence { inspector: self.who(people), from: a.min(b), to: a.max(b), reason: self.maybe(Self::text), slots }
    }

    fn team(&mut self, people: usize) -> Vec<InspectorId> {
        let mut team: Vec<_> = (0..1 + self.below(4)).map(|_| self.who(people)).collect();
        team.sort();
        team.dedup();
        team
    }

    fn past(&mut self, people: usize, places: usize) -> PastVisit {
        PastVisit {
            date: self.date(),
            establishment: EstablishmentId::at(self.below(places)),
            team: self.team(people).into(),
            others: self.texts(),
            visit: self.maybe(Self::text),
            kind: self.maybe(Self::text),
            agency: self.maybe(Self::text),
        }
    }

    fn waiver(&mut self, people: usize, visits: usize) -> Waiver {
        Waiver {
            rule: ["lead", "no-return", "workload"][self.below(3)].to_owned(),
            visit: VisitId::at(self.below(visits)),
            inspector: self.who(people),
            // Neither may be blank.
            reason: format!("{}a", self.text()),
            approver: format!("{}a", self.text()),
            date: self.date(),
        }
    }

    fn several<T: Ord>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut all: Vec<T> = (0..self.below(6)).map(|_| make(self)).collect();
        all.sort();
        all.dedup();
        all
    }

    fn programmed(&mut self) -> Programmed {
        let classes = (0..self.below(4)).map(|_| (format!("r{}", self.text()), 1 + self.below(40) as u32)).collect();
        Programmed { classes, floor: 1 + self.below(20) as u32, places: self.below(2) == 0 }
    }

    fn hours(&mut self) -> std::collections::BTreeMap<SlotId, Hours> {
        let all = [(SlotId(0), "07:30-12:00"), (SlotId(1), "22:00-06:00")];
        let some = all.into_iter().filter(|_| self.below(2) == 0).collect::<Vec<_>>();
        some.into_iter().map(|(slot, text)| (slot, Hours::parse(text).unwrap())).collect()
    }

    fn case(&mut self) -> Case {
        let (people, places, visits) = (2 + self.below(6), 1 + self.below(5), 1 + self.below(6));
        let from = self.date();
        let stage = [Stage::Day, Stage::Week, Stage::Period][self.below(3)];
        let mut case = Case {
            name: self.text(),
            period: Period {
                from,
                to: from + chrono::Days::new(self.below(30) as u64),
                weekdays: [true, true, self.below(2) == 0, true, true, false, self.below(2) == 0],
                slots: vec!["am".to_owned(), "pm".to_owned()],
                hours: self.hours(),
            },
            urn: UrnPolicy { tickets: 1 + self.below(9) as u32, stage, pool_min: self.below(9) as u32, odds_max: 25 },
            programmed: self.programmed(),
            settings: Default::default(),
            inspectors: (0..people).map(|at| self.inspector(at, people)).collect(),
            establishments: (0..places).map(|at| self.establishment(at)).collect(),
            visits: (0..visits).map(|at| self.visit(at, places, 2)).collect(),
            conflicts: self.several(|m| m.conflict(people, places)),
            absences: self.several(|m| m.absence(people)),
            history: self.several(|m| m.past(people, places)),
            waivers: self.several(|m| m.waiver(people, visits)),
        };
        case.inspectors.sort_by(|a, b| a.id.cmp(&b.id));
        case.establishments.sort_by(|a, b| a.id.cmp(&b.id));
        case.visits.sort_by(|a, b| a.id.cmp(&b.id));
        case
    }

    /// Any schedule whose teams have their size: the record writes down what was built and judges nothing.
    fn schedule(&mut self, case: &Case, book: &Book) -> Schedule {
        let mut schedule = Schedule::default();
        for visit in case.visit_ids() {
            let (days, size) = (case.period.days(), book.team_size(case, visit));
            let mut people: Vec<_> = case.inspector_ids().collect();
            self.0.shuffle(&mut people);
            let fits = (1..=TICKET_TEAM_MAX.min(people.len())).contains(&size);
            if fits && !days.is_empty() && self.below(4) > 0 {
                let team = Team::new(people.into_iter().take(size)).unwrap();
                let (date, slot) = (days[self.below(days.len())], SlotId::at(self.below(2)));
                schedule.assignments.insert(visit, Assignment { date, slot, team });
            }
        }
        schedule
    }
}

/// Everything that is published of `schedule`.
fn published(case: &Case, book: &Book, seed: &str, schedule: &Schedule) -> Files {
    let frozen = record::freeze(case, book);
    let drawn = urn::alone(case, book, &Root::from_seed(&frozen.digest, seed), schedule);
    record::publish(case, book, &frozen, seed, &drawn)
}

fn made(seed: u64) -> (Maker, Case, Book) {
    let mut maker = Maker(Stream::from_key(digest(&seed.to_le_bytes())));
    let mut case = maker.case();
    let book = Book::new(&case.settings).unwrap();
    case.settings = book.all().iter().map(|b| (b.entry.name.to_owned(), b.parameters.clone())).collect();
    (maker, case, book)
}

proptest! {
    #[test]
    fn what_is_frozen_thaws_and_freezes_again(seed: u64) {
        let (_, case, book) = made(seed);
        let frozen = record::freeze(&case, &book);
        let Ok((thawed, again)) = record::thaw(&frozen.files) else {
            panic!("{:#?}", record::thaw_what_can_be(&frozen.files).flaws);
        };
        prop_assert_eq!(&thawed, &case);
        prop_assert_eq!(record::freeze(&thawed, &again), frozen);
    }

    #[test]
    fn what_is_published_is_read_back(seed: u64) {
        let (mut maker, case, book) = made(seed);
        let schedule = maker.schedule(&case, &book);
        let files = published(&case, &book, "0", &schedule);
        for (name, bytes) in files.iter().filter(|(name, _)| name.contains(".json")) {
            for line in std::str::from_utf8(bytes).unwrap().lines() {
                let sorted: serde_json::Value = serde_json::from_str(line).unwrap();
                prop_assert_eq!(sorted.to_string(), line, "a line of {} has keys out of order", name);
            }
        }
        let published = record::read_schedule(&files, &case);
        prop_assert_eq!(published.flaws, vec![]);
        prop_assert_eq!(&published.schedule, &schedule);
        let (record, flaws) = record::read_record(&files);
        prop_assert_eq!(flaws, vec![]);
        prop_assert_eq!(record.unwrap().counts, record::Counts::of(&case, &schedule));
        let findings = verify(&files).findings;
        prop_assert!(findings.iter().all(|finding| ["rules", "tickets"].contains(&finding.claim)), "{:#?}", findings);
    }

    #[test]
    fn any_bytes_are_read_without_panic(seed: u64, name in 0..11usize, at: usize, bytes: Vec<u8>) {
        let (mut maker, case, book) = made(seed);
        let schedule = maker.schedule(&case, &book);
        let mut files = published(&case, &book, "", &schedule);
        let file = files.values_mut().nth(name).unwrap();
        let at = at % (file.len() + 1);
        file.splice(at..at, bytes);
        let verdict = verify(&files);
        prop_assert!(!verdict.to_string().is_empty() && !verdict.json().is_empty());
    }
}

#[test]
fn a_record_is_written_and_loaded_again() {
    let (mut maker, case, book) = made(7);
    let schedule = maker.schedule(&case, &book);
    let files = published(&case, &book, "s", &schedule);
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    record::write(&record, &files).unwrap();
    assert_eq!(record::load(&record).unwrap(), files);
    assert!(record::write(&record, &files).is_err(), "nothing is overwritten");
}

#[test]
fn a_file_that_does_not_belong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "x").unwrap();
    assert_eq!(record::load(folder.path()).unwrap(), Files::from([("notes.txt".to_owned(), Vec::new())]));
    assert!(record::load(&folder.path().join("notes.txt")).is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_named_as_well_as_can_be() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"a\xff")), "x").unwrap();
    let files = record::load(folder.path()).unwrap();
    assert_eq!(files.keys().collect::<Vec<_>>(), ["a\u{fffd}"]);
    assert!(verify(&files).findings.iter().any(|finding| finding.name == "extra-file"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("record.json")).unwrap();
    assert!(matches!(record::load(folder.path()), Err(record::LoadError::NotRegular(_))));
}

#[test]
fn a_folder_with_nothing_in_it_does_not_belong() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("inputs/more")).unwrap();
    let files = record::load(folder.path()).unwrap();
    assert_eq!(files.keys().collect::<Vec<_>>(), ["inputs/more/"]);
    assert!(verify(&files).findings.iter().any(|finding| finding.name == "extra-file"));
}

/// An office that lists its whole register as programmed visits leaves most of them unstaffed.
#[test]
fn a_record_may_name_very_many_visits_that_are_not_staffed() {
    let (_, mut case, book) = made(3);
    case.establishments = vec![blank_place()];
    let visit = |at: usize| Visit { id: format!("a programmed visit {at:06}"), ..blank_visit() };
    case.visits = (0..60_000).map(visit).collect();
    case.urn = UrnPolicy { tickets: 1, stage: Stage::Period, ..case.urn };
    (case.history, case.conflicts, case.waivers) = (Vec::new(), Vec::new(), Vec::new());
    let files = published(&case, &book, "a seed", &Schedule::default());
    assert!(files[record::RECORD].len() > 1 << 20);
    let (record, flaws) = record::read_record(&files);
    assert_eq!(flaws, []);
    assert_eq!(record.unwrap().unstaffed.len(), 60_000);
}

fn blank_place() -> Establishment {
    Establishment {
        id: String::new(),
        registered: true,
        name: None,
        owner: None,
        district: None,
        sector: None,
        risk: None,
        address: None,
        tags: Vec::new(),
        point: None,
    }
}

fn blank_visit() -> Visit {
    Visit {
        id: String::new(),
        establishment: EstablishmentId(0),
        earliest: None,
        latest: None,
        kind: Kind::Programmed,
        team_size: None,
        skills: Vec::new(),
        min_women: None,
        slot: None,
        duration: 1,
        operation: None,
        agencies: Vec::new(),
    }
}

/// Every two members of a team are looked at, so a team as large as a town would never end.
#[test]
fn a_team_of_a_whole_roster_is_told_and_not_read() {
    let (_, mut case, _) = made(3);
    let one = case.inspectors[0].clone();
    let person = |at: usize| Inspector { id: format!("p{at:04}"), supervisor: None, ..one.clone() };
    case.urn = UrnPolicy { tickets: 1, stage: Stage::Period, ..case.urn };
    (case.history, case.conflicts, case.waivers) = (Vec::new(), Vec::new(), Vec::new());
    (case.absences, case.inspectors) = (Vec::new(), (0..101).map(person).collect());
    (case.establishments, case.visits) = (vec![blank_place()], vec![Visit { id: "v".into(), ..blank_visit() }]);
    let team = |people: u32| Team::new((0..people).map(InspectorId)).unwrap();
    let read = |people| {
        let assignment = Assignment { date: case.period.from, slot: SlotId(0), team: team(people) };
        let schedule = Schedule { assignments: [(VisitId(0), assignment)].into() };
        let files = Files::from([(record::SCHEDULE.to_owned(), record::schedule_lines(&case, &schedule))]);
        record::read_schedule(&files, &case)
    };
    assert_eq!(read(100).schedule.assignments.len(), 1);
    let large = read(101);
    assert!(large.schedule.assignments.is_empty());
    assert_eq!(large.flaws.iter().map(|flaw| flaw.name).collect::<Vec<_>>(), ["team-size"]);
}
