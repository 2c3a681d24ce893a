//! A small office that is known: who is there, which places, which conflicts, who is away when.

use chrono::{Days, NaiveDate};
use foureyes::draw::Stream;

/// Who inspects.
#[derive(Clone)]
pub struct Person {
    pub id: String,
    pub given: &'static str,
    pub family: &'static str,
}

/// Where they go.
#[derive(Clone)]
pub struct Place {
    pub id: String,
    pub name: &'static str,
    /// Index of the owner.
    pub owner: usize,
}

/// What a conflict is about, by index.
#[derive(Clone, Copy, PartialEq)]
pub enum Target {
    Place(usize),
    Owner(usize),
    Person(usize),
}

#[derive(Clone)]
pub struct Conflict {
    pub who: usize,
    pub target: Target,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// Days away, both ends inclusive.
#[derive(Clone)]
pub struct Leave {
    pub who: usize,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

#[derive(Clone)]
pub struct Truth {
    pub people: Vec<Person>,
    pub owners: Vec<&'static str>,
    pub places: Vec<Place>,
    pub conflicts: Vec<Conflict>,
    pub leaves: Vec<Leave>,
}

/// Names in the letters of Western Europe come first.
const NAMES: [(&str, &str); 16] = [
    ("Ana", "Núñez Pérez"),
    ("Bo", "Ekström"),
    ("Renée", "Lefèvre"),
    ("Jürgen", "Weiß"),
    ("Inês", "Gonçalves"),
    ("Mary", "O'Neil"),
    ("José Luis", "García"),
    ("Åsa", "Sjöberg"),
    ("Đorđe", "Ćirić"),
    ("Łucja", "Wójcik"),
    ("Müge", "Yıldız"),
    ("Пётр", "Петров"),
    ("გიორგი", "ბერიძე"),
    ("Ελένη", "Δημητρίου"),
    ("Jiří", "Dvořák"),
    ("小明", "王"),
];
const WESTERN: usize = 8;
const PLACES: [&str; 7] =
    ["Quay Bakery", "Café Zoé", "Upper Mill", "Fiskehallen", "Bar Sol", "L'Étoile", "Harbour Stores"];
const OWNERS: [&str; 4] = ["Roca S.A.", "Nord-Fisch GmbH", "Smith & Sons", "Hermanos García"];

impl Person {
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

impl Target {
    /// The word of our column `target_kind`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Place(_) => "establishment",
            Self::Owner(_) => "owner",
            Self::Person(_) => "inspector",
        }
    }
}

impl Truth {
    /// An office of a few people; without `western`, with names of every script.
    pub fn new(western: bool, stream: &mut Stream) -> Self {
        let mut names = NAMES[..if western { WESTERN } else { NAMES.len() }].to_vec();
        stream.shuffle(&mut names);
        let style = stream.index(3);
        let id = |number: usize| match style {
            0 => format!("{number:04}"),
            1 => format!("Ab-{number:02}"),
            _ => format!("{number:03}"),
        };
        let people = 3 + stream.index(6);
        let mut number = 0;
        let mut next = |stream: &mut Stream| {
            number += 1 + stream.index(9);
            number
        };
        let people: Vec<Person> =
            (0..people).map(|at| Person { id: id(next(stream)), given: names[at].0, family: names[at].1 }).collect();
        let mut owners = OWNERS.to_vec();
        stream.shuffle(&mut owners);
        let places =
            (0..4 + stream.index(3)).map(|at| Place { id: format!("E{}", at + 1), name: PLACES[at], owner: at % 3 });
        let mut truth = Self { people, owners, places: places.collect(), conflicts: Vec::new(), leaves: Vec::new() };
        truth.conflicts = (0..2 + stream.index(4)).map(|_| truth.conflict(stream)).collect();
        truth.leaves = (0..2 + stream.index(5)).map(|_| truth.leave(stream)).collect();
        truth
    }

    fn conflict(&self, stream: &mut Stream) -> Conflict {
        let who = stream.index(self.people.len());
        let target = match stream.index(5) {
            0 => Target::Owner(stream.index(3)),
            1 => Target::Person((who + 1) % self.people.len()),
            _ => Target::Place(stream.index(self.places.len())),
        };
        let day = |first: i32, stream: &mut Stream| {
            NaiveDate::from_ymd_opt(first, 1, 1).unwrap() + Days::new(stream.below(360))
        };
        let from = (stream.below(2) == 0).then(|| day(2020, stream));
        Conflict { who, target, from, to: (stream.below(3) == 0).then(|| day(2027, stream)) }
    }

    fn leave(&self, stream: &mut Stream) -> Leave {
        let from = NaiveDate::from_ymd_opt(2026, 12, 20).unwrap() + Days::new(stream.below(90));
        let long = if stream.below(4) == 0 { 0 } else { stream.below(25) };
        Leave { who: stream.index(self.people.len()), from, to: from + Days::new(long) }
    }
}
