//! From cases, records and ceremonies to [`Evidence`]: people and places are put together by their ids over all folders.
//!
//! A visit that was drawn counts once, however many later records remember it. Two folders that share nobody and no place, or call one id by two names, are
//! not of one office; their odds must not be added up, so they are refused.

mod drawn;
mod held;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use thiserror::Error;

use super::evidence::{
    Absent, Act, Declared, Event, Evidence, PairStage, Person, Place, Seat, Signed, StoodIn, Thinned,
};
use crate::model::{Case, ConflictTarget, Setting};
use drawn::RawStage;

/// Why a folder can't be audited with the others.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// A record, or a part of a ceremony, that can't be read.
    #[error("{folder}: {what}")]
    Record {
        /// Which folder.
        folder: String,
        /// What is wrong.
        what: String,
    },
    /// Of another office than what was read before.
    #[error("{folder} is not of the office that was read before: {what}")]
    Mixed {
        /// Which folder.
        folder: String,
        /// What shows it.
        what: String,
    },
}

/// A visit, by ids.
struct Raw {
    team: Vec<String>,
    kind: Option<String>,
    odds: Option<Vec<(String, f64)>>,
    stage: Option<usize>,
}

/// A visit whose choice absences narrowed, by ids.
struct Narrowed {
    date: NaiveDate,
    place: String,
    away: Vec<String>,
    left: usize,
}

/// A declared conflict, by ids.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Place(String),
    Owner(String),
}

/// Somebody stepped in, by ids.
struct RawStoodIn {
    by: String,
    from: String,
    place: String,
    date: NaiveDate,
    whole_day: bool,
    chance: f64,
}

/// Folders, as they are read one after the other.
#[derive(Default)]
pub struct Gathering {
    people: BTreeMap<String, Person>,
    places: BTreeMap<String, Place>,
    remembered: BTreeMap<(NaiveDate, String), Raw>,
    drawn: BTreeMap<(NaiveDate, String, String), Raw>,
    /// By visit and period: in which folder it was drawn.
    drawn_in: BTreeMap<(String, NaiveDate), String>,
    /// By two folders: visits that both drew.
    twice: BTreeMap<(String, String), Vec<String>>,
    working: BTreeSet<NaiveDate>,
    absences: BTreeSet<(String, NaiveDate, NaiveDate)>,
    declared: BTreeSet<(String, Target, NaiveDate)>,
    waivers: BTreeSet<(String, String, String, String)>,
    acts: Vec<Act>,
    stood_in: Vec<RawStoodIn>,
    seats: Vec<(String, String, bool)>,
    stages: Vec<RawStage>,
    narrowed: Vec<Narrowed>,
    undrawn: Vec<String>,
    tenure_months: Option<u32>,
    origin: Option<String>,
    sources: Vec<String>,
}

impl Gathering {
    /// Adds what a case knows: its people, places, history, absences, conflicts and waivers.
    ///
    /// # Errors
    /// Where it is of another office than what was added before.
    pub fn case(&mut self, source: &str, case: &Case) -> Result<(), Unreadable> {
        self.same_office(source, case)?;
        for one in &case.inspectors {
            let known = self.people.entry(one.id.clone()).or_default();
            let name = one.name.clone().or(known.name.take());
            *known = Person { id: one.id.clone(), name, lead: one.lead };
        }
        for one in &case.establishments {
            let known = self.places.entry(one.id.clone()).or_default();
            *known = Place {
                id: one.id.clone(),
                name: one.name.clone().or(known.name.take()),
                owner: one.owner.clone().or(known.owner.take()),
                district: one.district.clone().or(known.district.take()),
            };
        }
        self.past(case);
        for absence in &case.absences {
            self.absences.insert((case.inspector(absence.inspector).id.clone(), absence.from, absence.to));
        }
        self.conflicts(case);
        for waiver in &case.waivers {
            let who = case.inspector(waiver.inspector).id.clone();
            let place = case.place_of(waiver.visit).id.clone();
            self.waivers.insert((waiver.approver.clone(), who, place, waiver.rule.clone()));
        }
        let months = case.settings.get("district-tenure").and_then(|parameters| match parameters.get("months") {
            Some(Setting::Number(months)) => u32::try_from(*months).ok(),
            _ => None,
        });
        self.tenure_months = months.or(self.tenure_months);
        if !self.sources.iter().any(|known| known == source) {
            self.sources.push(source.to_owned());
        }
        Ok(())
    }

    fn same_office(&self, source: &str, case: &Case) -> Result<(), Unreadable> {
        let mixed = |what: String| Unreadable::Mixed { folder: source.to_owned(), what };
        let other = |known: Option<&String>, name: &Option<String>| match (known, name) {
            (Some(known), Some(name)) if known != name => Some(format!("`{known}` and `{name}`")),
            _ => None,
        };
        for one in &case.inspectors {
            let known = self.people.get(&one.id).and_then(|known| known.name.as_ref());
            if let Some(names) = other(known, &one.name) {
                return Err(mixed(format!("the inspector {} is called {names}", one.id)));
            }
        }
        for one in &case.establishments {
            let known = self.places.get(&one.id).and_then(|known| known.name.as_ref());
            if let Some(names) = other(known, &one.name) {
                return Err(mixed(format!("the establishment {} is called {names}", one.id)));
            }
        }
        let shared = case.inspectors.iter().any(|one| self.people.contains_key(&one.id))
            || case.establishments.iter().any(|one| self.places.contains_key(&one.id));
        let nothing_yet = self.people.is_empty() && self.places.is_empty();
        let says = "no inspector and no establishment is in both".to_owned();
        if nothing_yet || shared { Ok(()) } else { Err(mixed(says)) }
    }

    /// History: everybody named at one place on one day is one team.
    fn past(&mut self, case: &Case) {
        for past in case.history.iter().filter(|past| past.is_own()) {
            let place = case.establishment(past.establishment).id.clone();
            let raw = self.remembered.entry((past.date, place)).or_insert_with(|| Raw {
                team: Vec::new(),
                kind: None,
                odds: None,
                stage: None,
            });
            let known = past.team.iter().map(|who| case.inspector(*who).id.clone());
            raw.team.extend(known.chain(past.others.iter().cloned()));
            raw.kind = raw.kind.take().or_else(|| past.kind.clone());
        }
    }

    fn conflicts(&mut self, case: &Case) {
        for conflict in &case.conflicts {
            let target = match &conflict.target {
                ConflictTarget::Establishment(place) => Target::Place(case.establishment(*place).id.clone()),
                ConflictTarget::Owner(owner) => Target::Owner(owner.clone()),
                // What concerns a sector, a district or a colleague aims at no one's turn.
                ConflictTarget::Sector(_) | ConflictTarget::District(_) | ConflictTarget::Inspector(_) => continue,
            };
            if let Some(on) = conflict.declared_on {
                self.declared.insert((case.inspector(conflict.inspector).id.clone(), target, on));
            }
        }
    }

    /// Everything that was read, of the days from `from` to `to`, both included.
    pub fn evidence(mut self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Evidence {
        let within = |day: NaiveDate| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to);
        self.name_everybody();
        let numbers = Numbers::of(&self.people, &self.places);
        let mut visits = self.visits(&numbers);
        visits.retain(|visit| within(visit.date));
        visits.sort_by_key(|visit| (visit.date, visit.place));
        let mut days: BTreeSet<NaiveDate> = self.working.iter().copied().filter(|day| within(*day)).collect();
        days.extend(visits.iter().map(|visit| visit.date));
        let twice = self.twice.iter().map(|((one, two), visits)| {
            let visits = visits.len();
            format!("{one} and {two} both draw {visits} visits of one period; the first is looked at")
        });
        let undrawn = twice.chain(self.undrawn.iter().cloned()).collect();
        Evidence {
            absences: self.absent(&numbers, &days),
            declared: self.declarations(&numbers).into_iter().filter(|one| within(one.on)).collect(),
            waivers: self.signed(&numbers),
            stood_in: self.stood(&numbers).filter(|one| within(one.date)).collect(),
            seats: self.seats.iter().filter_map(|one| numbers.seat(one)).collect(),
            stages: self.stages.iter().map(|stage| numbers.stage(stage)).collect(),
            thinned: self
                .narrowed
                .iter()
                .filter_map(|one| numbers.thinned(one))
                .filter(|one| within(one.date))
                .collect(),
            acts: self.acts,
            undrawn,
            tenure_months: self.tenure_months,
            sources: self.sources,
            people: self.people.into_values().collect(),
            places: self.places.into_values().collect(),
            visits,
            days: days.into_iter().collect(),
        }
    }

    /// Those whom only history or a ledger knows.
    fn name_everybody(&mut self) {
        let teams = self.remembered.values().chain(self.drawn.values()).flat_map(|raw| raw.team.iter().cloned());
        let stepped = self.stood_in.iter().flat_map(|one| [one.by.clone(), one.from.clone()]);
        let ids: BTreeSet<String> = teams.chain(stepped).chain(self.seats.iter().map(|seat| seat.0.clone())).collect();
        for id in ids {
            self.people.entry(id.clone()).or_insert(Person { id, name: None, lead: true });
        }
    }

    fn visits(&self, numbers: &Numbers) -> Vec<Event> {
        let seen: BTreeSet<(NaiveDate, &String)> = self.drawn.keys().map(|(date, place, _)| (*date, place)).collect();
        let remembered = self.remembered.iter().filter(|((date, place), _)| !seen.contains(&(*date, place)));
        let remembered = remembered.filter_map(|((date, place), raw)| numbers.event(*date, place, raw));
        let drawn = self.drawn.iter().filter_map(|((date, place, _), raw)| numbers.event(*date, place, raw));
        remembered.chain(drawn).collect()
    }

    fn absent(&self, numbers: &Numbers, days: &BTreeSet<NaiveDate>) -> Vec<Absent> {
        let mut absent: BTreeSet<Absent> = BTreeSet::new();
        for (who, from, to) in self.absences.iter().filter(|(_, from, to)| from <= to) {
            let Some(who) = numbers.person(who) else { continue };
            absent.extend(days.range(*from..=*to).map(|date| Absent { who, date: *date }));
        }
        absent.into_iter().collect()
    }

    fn declarations(&self, numbers: &Numbers) -> Vec<Declared> {
        let of = |(who, target, on): &(String, Target, NaiveDate)| {
            let places = match target {
                Target::Place(id) => numbers.place(id).into_iter().collect(),
                Target::Owner(owner) => {
                    let theirs =
                        self.places.values().enumerate().filter(|(_, place)| place.owner.as_ref() == Some(owner));
                    theirs.map(|(at, _)| at).collect()
                }
            };
            Some(Declared { who: numbers.person(who)?, places, on: *on })
        };
        self.declared.iter().filter_map(of).collect()
    }

    fn signed(&self, numbers: &Numbers) -> Vec<Signed> {
        let of = |(approver, who, place, rule): &(String, String, String, String)| {
            let (who, place) = (numbers.person(who)?, numbers.place(place)?);
            Some(Signed { approver: approver.clone(), who, place, rule: rule.clone() })
        };
        self.waivers.iter().filter_map(of).collect()
    }

    fn stood(&self, numbers: &Numbers) -> impl Iterator<Item = StoodIn> {
        self.stood_in.iter().filter_map(|one| {
            let (by, from, place) = (numbers.person(&one.by)?, numbers.person(&one.from)?, numbers.place(&one.place)?);
            Some(StoodIn { by, from, place, date: one.date, whole_day: one.whole_day, chance: one.chance })
        })
    }
}

/// Where each id stands.
struct Numbers {
    people: BTreeMap<String, usize>,
    places: BTreeMap<String, usize>,
}

impl Numbers {
    fn of(people: &BTreeMap<String, Person>, places: &BTreeMap<String, Place>) -> Self {
        let people = people.keys().cloned().zip(0..).collect();
        Self { people, places: places.keys().cloned().zip(0..).collect() }
    }

    fn person(&self, id: &str) -> Option<usize> {
        self.people.get(id).copied()
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    fn event(&self, date: NaiveDate, place: &str, raw: &Raw) -> Option<Event> {
        let mut team: Vec<usize> = raw.team.iter().filter_map(|id| self.person(id)).collect();
        team.sort_unstable();
        team.dedup();
        let odds = raw.odds.as_ref().map(|odds| {
            let mut odds: Vec<(usize, f64)> = odds.iter().filter_map(|(id, p)| Some((self.person(id)?, *p))).collect();
            odds.sort_unstable_by_key(|(who, _)| *who);
            odds
        });
        Some(Event { date, place: self.place(place)?, team, kind: raw.kind.clone(), odds, stage: raw.stage })
    }

    fn seat(&self, (who, place, went): &(String, String, bool)) -> Option<Seat> {
        Some(Seat { who: self.person(who)?, place: self.place(place)?, went: *went })
    }

    fn stage(&self, stage: &RawStage) -> PairStage {
        let pair = |((a, b), p): (&(String, String), &f64)| {
            let (a, b) = (self.person(a)?, self.person(b)?);
            Some(((a.min(b), a.max(b)), *p))
        };
        PairStage { from: stage.from, pairs: stage.pairs.iter().filter_map(pair).collect() }
    }

    fn thinned(&self, one: &Narrowed) -> Option<Thinned> {
        let away = one.away.iter().filter_map(|id| self.person(id)).collect();
        Some(Thinned { date: one.date, place: self.place(&one.place)?, away, left: one.left })
    }
}
