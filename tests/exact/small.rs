//! Small random offices: up to six inspectors and five visits, with the rules as an office would have them.

use chrono::{Days, NaiveDate};
use foureyes::draw::Stream;
use foureyes::model::{
    Absence, Case, Conflict, ConflictTarget, Establishment, EstablishmentId, Gender, Inspector, InspectorId, Kind,
    PastVisit, Period, Programmed, Setting, Settings, SlotId, UrnPolicy, Visit, VisitId, Waiver,
};
use foureyes::rules::Book;

/// A case and its book.
pub fn case(stream: &mut Stream) -> (Case, Book) {
    let mut dice = Dice(stream);
    let (days, slots) = [(1, 2), (2, 1), (3, 1)][dice.below(3)];
    let from = date("2027-01-04") + Days::new(dice.below(3) as u64);
    let period = Period {
        from,
        to: from + Days::new(days - 1),
        weekdays: [true; 7],
        slots: ["am", "pm"].iter().take(slots).map(|slot| (*slot).to_owned()).collect(),
        hours: Default::default(),
    };
    let (people, places, visits) =
        ([3, 4, 5, 5, 6, 6][dice.below(6)], 2 + dice.below(4), [2, 2, 3, 3, 4, 5][dice.below(6)]);
    let case = Case {
        name: "small".to_owned(),
        urn: UrnPolicy::default(),
        programmed: Programmed::default(),
        settings: dice.settings(),
        inspectors: (0..people).map(|at| dice.inspector(at)).collect(),
        establishments: (0..places).map(|at| dice.place(at)).collect(),
        visits: (0..visits).map(|at| dice.visit(at, places, &period)).collect(),
        conflicts: dice.some(3, |dice| dice.conflict(people, places)),
        absences: dice.some(2, |dice| dice.absence(people, &period)),
        history: dice.some(3, |dice| dice.past(people, places, &period)),
        waivers: dice.some(1, |dice| dice.waiver(people, visits, &period)),
        period,
    };
    let book = Book::new(&case.settings).expect("every setting is one that its parameter may have");
    (case, book)
}

struct Dice<'s>(&'s mut Stream);

impl Dice<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.0.index(n)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn some<T: Ord>(&mut self, most: usize, mut fact: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut facts: Vec<T> = (0..self.below(most + 1)).map(|_| fact(self)).collect();
        facts.sort();
        facts.dedup();
        facts
    }

    fn who(&mut self, people: usize) -> InspectorId {
        InspectorId::at(self.below(people))
    }

    fn inspector(&mut self, at: usize) -> Inspector {
        Inspector {
            id: format!("i{at}"),
            name: None,
            unit: None,
            agency: None,
            home_district: None,
            territory: if self.one_in(6) { vec!["D1".to_owned()] } else { Vec::new() },
            lead: at == 0 || !self.one_in(3),
            grade: None,
            gender: Some([Gender::Woman, Gender::Man][self.below(2)]),
            skills: if self.one_in(2) { vec!["fire".to_owned()] } else { Vec::new() },
            languages: Vec::new(),
            authority_from: None,
            authority_to: None,
            left_on: None,
            visits_per_day: self.one_in(8).then_some(1),
            visits_per_week: self.one_in(6).then_some(2),
            supervisor: None,
        }
    }

    fn place(&mut self, at: usize) -> Establishment {
        Establishment {
            id: format!("p{at}"),
            registered: true,
            name: None,
            owner: None,
            district: Some(["D1", "D1", "D2"][self.below(3)].to_owned()),
            sector: None,
            risk: None,
            address: None,
            tags: Vec::new(),
            point: None,
        }
    }

    fn visit(&mut self, at: usize, places: usize, period: &Period) -> Visit {
        let kinds = [Kind::Mandatory, Kind::Mandatory, Kind::Mandatory, Kind::FollowUp, Kind::Programmed];
        Visit {
            id: format!("v{at}"),
            establishment: EstablishmentId::at(self.below(places)),
            earliest: self.one_in(5).then(|| self.day(period)),
            latest: None,
            kind: kinds[self.below(kinds.len())],
            team_size: self.one_in(8).then_some(3),
            skills: if self.one_in(6) { vec!["fire".to_owned()] } else { Vec::new() },
            min_women: self.one_in(8).then_some(1),
            slot: self.one_in(6).then_some(SlotId(0)),
            duration: 1,
            operation: self.one_in(10).then(|| "dawn".to_owned()),
            agencies: Vec::new(),
        }
    }

    fn day(&mut self, period: &Period) -> NaiveDate {
        let days = period.days();
        days[self.below(days.len())]
    }

    fn conflict(&mut self, people: usize, places: usize) -> Conflict {
        let target = match self.below(3) {
            0 => ConflictTarget::Inspector(self.who(people)),
            _ => ConflictTarget::Establishment(EstablishmentId::at(self.below(places))),
        };
        let inspector = self.who(people);
        Conflict { inspector, target, category: Some("kin".to_owned()), from: None, to: None, declared_on: None }
    }

    fn absence(&mut self, people: usize, period: &Period) -> Absence {
        let from = self.day(period);
        Absence { inspector: self.who(people), from, to: from, reason: None, slots: Vec::new() }
    }

    fn past(&mut self, people: usize, places: usize, period: &Period) -> PastVisit {
        let mut team = vec![self.who(people), self.who(people)];
        team.sort();
        team.dedup();
        PastVisit {
            date: period.from - Days::new(1 + self.below(20) as u64),
            establishment: EstablishmentId::at(self.below(places)),
            team: team.into(),
            others: Vec::new(),
            visit: None,
            kind: None,
            agency: None,
        }
    }

    fn waiver(&mut self, people: usize, visits: usize, period: &Period) -> Waiver {
        Waiver {
            rule: ["lead", "conflict-of-interest", "no-return", "pair-rotation"][self.below(4)].to_owned(),
            visit: VisitId::at(self.below(visits)),
            inspector: self.who(people),
            reason: "nobody else".to_owned(),
            approver: "the director".to_owned(),
            date: period.from,
        }
    }

    fn settings(&mut self) -> Settings {
        let mut settings = Settings::new();
        let mut set = |rule: &str, name: &str, value| {
            settings.entry(rule.to_owned()).or_default().insert(name.to_owned(), value);
        };
        set("pair-rotation", "days", Setting::Number([0, 1, 2, 14][self.below(4)]));
        set("one-partner", "duty", Setting::Text(["visit", "day"][self.below(2)].to_owned()));
        set("one-district", "enabled", Setting::Switch(self.one_in(2)));
        set("workload", "per_day", Setting::Number([1, 2, 2][self.below(3)]));
        settings
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date of this file")
}
