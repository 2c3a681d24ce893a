//! Small random cases, crowded so that every rule has something to say, and random placements.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use foureyes::draw::Stream;
use foureyes::model::{
    Absence, Case, Conflict, ConflictTarget, Establishment, EstablishmentId, Gender, Hours, Inspector, InspectorId,
    Kind, PastVisit, Period, Point, Programmed, Setting, Settings, SlotId, Team, UrnPolicy, Visit, VisitId, Waiver,
};
use foureyes::rules::{BOOK, Board, Book, Column, Place, Value};

const WORDS: &[&str] = &["trainee", "kin", "employee", "fire", "ka", "shelter"];

/// A case and its book; `alone` names a rule that must be on.
pub fn case(stream: &mut Stream, alone: Option<&str>) -> (Case, Book) {
    let mut dice = Dice(stream);
    let mut case = empty(dice.period());
    let (inspectors, places) = (3 + dice.to(2), 2 + dice.to(1));
    case.inspectors = (0..inspectors).map(|at| dice.inspector(at)).collect();
    case.establishments = (0..places).map(|at| dice.place(at)).collect();
    case.visits = (0..2 + dice.to(3)).map(|at| dice.visit(at, places, &case.period)).collect();
    case.conflicts = dice.some(3, |dice| dice.conflict(inspectors, places, &case.period));
    case.absences = dice.some(2, |dice| dice.absence(inspectors, &case.period));
    let reach = [0, 20, 20, 70, 500][dice.below(5)];
    case.history = dice.some(8, |dice| dice.past(inspectors, places, &case.period, reach));
    let visits = case.visits.len();
    case.waivers = dice.some(5, |dice| dice.waiver(alone, visits, inspectors, &case.period));
    case.settings = dice.settings(alone, &case.period);
    case.period.hours = dice.hours();
    let book = Book::new(&case.settings).expect("every setting is one that its parameter may have");
    (case, book)
}

/// A visit that is not placed, somewhere, with somebody; none when all are placed.
#[allow(dead_code, reason = "the tests of prepared checks place visits in their own way")]
pub fn placement(stream: &mut Stream, board: &Board) -> Option<(Place, Team)> {
    let mut dice = Dice(stream);
    let case = board.case;
    let open: Vec<VisitId> = case.visit_ids().filter(|visit| board.placed(*visit).is_none()).collect();
    let visit = *open.get(dice.below(open.len().max(1)))?;
    let day = dice.below(board.calendar.days().len());
    let slot = SlotId::at(dice.below(case.period.slots.len()));
    let size = [1, 2, 2, 2, 2, 3, 3, 4][dice.below(8)];
    let mut people: Vec<InspectorId> = case.inspector_ids().collect();
    dice.0.shuffle(&mut people);
    Some((Place { visit, day, slot }, Team::new(people.into_iter().take(size))?))
}

fn empty(period: Period) -> Case {
    Case {
        name: "small".to_owned(),
        period,
        urn: UrnPolicy::default(),
        programmed: Programmed::default(),
        settings: Settings::new(),
        inspectors: Vec::new(),
        establishments: Vec::new(),
        visits: Vec::new(),
        conflicts: Vec::new(),
        absences: Vec::new(),
        history: Vec::new(),
        waivers: Vec::new(),
    }
}

/// Random facts of a case.
struct Dice<'s>(&'s mut Stream);

impl Dice<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.0.index(n)
    }

    fn to(&mut self, most: usize) -> usize {
        self.below(most + 1)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of these words, or none for `-`.
    fn word(&mut self, words: &[&str]) -> Option<String> {
        let word = words[self.below(words.len())];
        (word != "-").then(|| word.to_owned())
    }

    /// Each of these words or not, in order.
    fn words(&mut self, words: &[&str]) -> Vec<String> {
        words.iter().filter(|_| self.one_in(2)).map(|word| (*word).to_owned()).collect()
    }

    /// Up to so many facts, in order and without repetition.
    fn some<T: Ord>(&mut self, most: usize, mut fact: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut facts: Vec<T> = (0..self.to(most)).map(|_| fact(self)).collect();
        facts.sort();
        facts.dedup();
        facts
    }

    /// Two to four days over a weekend, or the Mondays of two months.
    fn period(&mut self) -> Period {
        let long = self.one_in(4);
        let from = date(["2027-01-07", "2027-01-08", "2026-12-31"][self.below(3)]);
        let (from, length) = if long { (date("2027-01-25"), 35 + self.to(28)) } else { (from, 4 + self.to(1)) };
        let weekday = |day| if long { day == 0 } else { day < 5 };
        let weekdays = std::array::from_fn(weekday);
        Period {
            from,
            to: from + Days::new(length as u64),
            weekdays,
            slots: vec!["am".into(), "pm".into()],
            hours: BTreeMap::new(),
        }
    }

    /// Hours of slots: of none, of one, of both; within a day, and over midnight.
    fn hours(&mut self) -> BTreeMap<SlotId, Hours> {
        let am = ["-", "08:00-12:00", "04:30-14:00"][self.below(3)];
        let pm = ["-", "14:00-23:00", "22:00-06:00", "16:00-24:00"][self.below(4)];
        let slots = [am, pm].into_iter().enumerate();
        slots.filter_map(|(at, text)| Some((SlotId::at(at), Hours::parse(text)?))).collect()
    }

    /// A day near the period, up to so many days before it.
    fn day(&mut self, period: &Period, before: usize, after: usize) -> NaiveDate {
        let span = (period.to - period.from).num_days().unsigned_abs() as usize;
        let at = self.to(before + span + after) as u64;
        period.from - Days::new(before as u64) + Days::new(at)
    }

    fn inspector(&mut self, at: usize) -> Inspector {
        let id = format!("i{at}");
        Inspector {
            id,
            name: None,
            unit: self.word(&["-", "N", "S"]),
            agency: self.word(&["-", "labour", "Tax"]),
            home_district: self.word(&["-", "-", "D1"]),
            territory: if self.one_in(3) { self.words(&["D1", "D2"]) } else { Vec::new() },
            lead: self.one_in(2),
            grade: self.word(&["-", "trainee", "senior"]),
            gender: [None, Some(Gender::Woman), Some(Gender::Man), Some(Gender::Other)][self.below(4)],
            skills: self.words(&["fire"]),
            languages: self.words(&["ka"]),
            authority_from: self.one_in(6).then(|| date("2027-01-08")),
            authority_to: self.one_in(6).then(|| date("2027-01-11")),
            left_on: self.one_in(8).then(|| date("2027-01-11")),
            visits_per_day: self.one_in(4).then(|| self.to(2) as u32),
            visits_per_week: self.one_in(4).then(|| self.to(3) as u32),
            supervisor: (at > 0 && self.one_in(3)).then(|| InspectorId::at(0)),
        }
    }

    fn place(&mut self, at: usize) -> Establishment {
        Establishment {
            id: format!("p{at}"),
            registered: true,
            name: None,
            owner: self.word(&["-", "O", "O"]),
            district: self.word(&["-", "D1", "D1", "D2"]),
            sector: self.word(&["-", "food"]),
            risk: self.word(&["-", "high", "High", "low"]),
            address: None,
            tags: self.words(&["shelter"]),
            point: self.point(),
        }
    }

    /// None, or one of three points: two a kilometre apart, one far away.
    fn point(&mut self) -> Option<Point> {
        let points = [(41_149_450, -8_610_790), (41_158_400, -8_610_790), (42_000_000, -8_000_000)];
        let (lat, lon) = *points.get(self.below(points.len() + 1))?;
        Point::new(lat, lon)
    }

    fn visit(&mut self, at: usize, places: usize, period: &Period) -> Visit {
        let kinds = [Kind::Mandatory, Kind::Mandatory, Kind::FollowUp, Kind::Programmed, Kind::Raid];
        Visit {
            id: format!("v{at}"),
            establishment: EstablishmentId::at(self.below(places)),
            earliest: self.one_in(5).then(|| self.day(period, 0, 0)),
            latest: self.one_in(5).then(|| self.day(period, 0, 0)),
            kind: kinds[self.below(kinds.len())],
            team_size: self.one_in(4).then(|| 2 + self.to(1) as u32),
            skills: if self.one_in(3) { self.words(&["fire", "ka"]) } else { Vec::new() },
            min_women: self.one_in(4).then(|| self.to(2) as u32),
            slot: self.one_in(5).then(|| SlotId::at(self.below(2))),
            duration: 1 + u8::from(self.one_in(4)),
            operation: self.one_in(4).then(|| "dawn".to_owned()),
            agencies: if self.one_in(3) { self.words(&["labour", "tax"]) } else { Vec::new() },
        }
    }

    fn conflict(&mut self, inspectors: usize, places: usize, period: &Period) -> Conflict {
        let target = match self.below(6) {
            0 => ConflictTarget::Establishment(EstablishmentId::at(self.below(places))),
            1 => ConflictTarget::Owner("O".to_owned()),
            2 => ConflictTarget::Sector("food".to_owned()),
            3 => ConflictTarget::District("D1".to_owned()),
            _ => ConflictTarget::Inspector(InspectorId::at(self.below(inspectors))),
        };
        // Ends so that a cooling-off of whole months runs out within the period, or nearly.
        let ends = [self.day(period, 3, 0), self.day(period, 2, 0) - chrono::Months::new(24)];
        Conflict {
            inspector: InspectorId::at(self.below(inspectors)),
            target,
            category: self.word(&["-", "kin", "employee", "employee", "rumour"]),
            from: None,
            to: (!self.one_in(4)).then(|| ends[self.below(2)]),
            declared_on: None,
        }
    }

    fn absence(&mut self, inspectors: usize, period: &Period) -> Absence {
        let from = self.day(period, 2, 0);
        let to = from + Days::new(self.to(2) as u64);
        let slots = [vec![], vec![], vec![SlotId(0)], vec![SlotId(1)], vec![SlotId(0), SlotId(1)]];
        let slots = slots[self.below(slots.len())].clone();
        Absence { inspector: InspectorId::at(self.below(inspectors)), from, to, reason: None, slots }
    }

    fn past(&mut self, inspectors: usize, places: usize, period: &Period, reach: usize) -> PastVisit {
        let mut team: Vec<_> = (0..inspectors).map(InspectorId::at).collect();
        self.0.shuffle(&mut team);
        team.truncate([0, 1, 2, 2, 2, 3][self.below(6)]);
        team.sort();
        PastVisit {
            date: self.day(period, reach, 1),
            establishment: EstablishmentId::at(self.below(places)),
            others: if team.is_empty() || self.one_in(6) { vec!["zoe".to_owned()] } else { Vec::new() },
            team: team.into(),
            visit: self.word(&["-", "-", "7", "8"]),
            kind: self.word(&["-", "-", "raid", "programmed"]),
            agency: self.word(&["-", "-", "-", "tax"]),
        }
    }

    fn waiver(&mut self, alone: Option<&str>, visits: usize, inspectors: usize, period: &Period) -> Waiver {
        let any = BOOK[self.below(BOOK.len())].name;
        Waiver {
            rule: alone.filter(|_| !self.one_in(4)).unwrap_or(any).to_owned(),
            visit: VisitId::at(self.below(visits)),
            inspector: InspectorId::at(self.below(inspectors)),
            reason: "nobody else".to_owned(),
            approver: "the director".to_owned(),
            date: period.from,
        }
    }

    /// Something for every parameter of every rule.
    fn settings(&mut self, alone: Option<&str>, period: &Period) -> Settings {
        let mut settings = Settings::new();
        for entry in BOOK {
            let own = settings.entry(entry.name.to_owned()).or_default();
            for parameter in entry.all_parameters() {
                if !self.one_in(3) {
                    own.insert(parameter.name.to_owned(), self.setting(parameter.value, period));
                }
            }
            // Most offices have few of the later rules on, and all of them together leave no visit.
            if entry.since > 1 && !self.one_in(4) {
                own.insert("enabled".to_owned(), Setting::Switch(false));
            }
            if alone == Some(entry.name) || !entry.can_be_off() {
                own.insert("enabled".to_owned(), Setting::Switch(true));
            }
        }
        settings
    }

    fn setting(&mut self, value: Value, period: &Period) -> Setting {
        match value {
            Value::Switch(_) => Setting::Switch(self.one_in(2)),
            Value::Number(default, least, most) => {
                let numbers = [default, least, least + 1, least + 2, least + 3, least + 7];
                Setting::Number(numbers[self.below(numbers.len())].clamp(least, most))
            }
            Value::Choice(_, among) => Setting::Text(among[self.below(among.len())].to_owned()),
            Value::List(_, Column::Kind) => Setting::List(self.words(&["raid", "follow-up", "mandatory"])),
            Value::List(..) => Setting::List(self.words(WORDS)),
            Value::Counts(least, ..) => {
                let classes = self.words(&["HIGH", "low"]);
                Setting::List(classes.iter().map(|class| format!("{class}={}", least + self.to(2) as i64)).collect())
            }
            Value::Dates => Setting::List(vec![self.day(period, 0, 0).to_string()]),
        }
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date of this file")
}
