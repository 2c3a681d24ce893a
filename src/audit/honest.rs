//! Honest offices, simulated: how often does an audit of one give a false alarm? And offices that are steered, to see what it takes to be found.
//!
//! Every day of a year fills an urn: tickets that give each visit two of those who serve that day, have no visit yet and were not there the last time. One
//! ticket is drawn, and what is counted in the urn are its odds. Leave, conflicts, people who stay away, reserves and exceptions happen as they happen. All randomness is a stream of words, so the same
//! seed gives the same years.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};

use super::evidence::{Absent, Act, Declared, Event, Evidence, Kind, PairStage, Person, Place, Seat, StoodIn};
use crate::draw::Stream;

/// How large an office is, and what goes on in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Office {
    /// Inspectors.
    pub inspectors: usize,
    /// Places; four of them share an owner.
    pub places: usize,
    /// Working days, five a week.
    pub days: usize,
    /// Visits a day, by two inspectors each.
    pub visits_a_day: usize,
    /// Parties who sign beside the planner.
    pub approvers: usize,
    /// Tickets of each day's urn.
    pub tickets: usize,
}

impl Default for Office {
    fn default() -> Self {
        Self { inspectors: 24, places: 40, days: 250, visits_a_day: 8, approvers: 4, tickets: 100 }
    }
}

/// What somebody does to an office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steering {
    /// Nothing.
    Honest,
    /// Inspector 0 is away on so many of 100 days on which place 0 has its turn, beside their leave.
    Absent(u64),
    /// Inspectors 0 and 1 serve together so many hundredths times as often as the odds say.
    Together(u64),
    /// The first approver signs so many of 100 exceptions where others sign 15.
    Overrides(u64),
}

/// One office over its days. `words` are used up.
pub fn office(office: Office, steering: Steering, words: &mut Stream) -> Evidence {
    let mut year = Year { office, steering, words, evidence: people(office), last: vec![Vec::new(); office.places] };
    year.days();
    year.acts();
    year.conflicts();
    year.evidence
}

fn people(office: Office) -> Evidence {
    let person = |at: usize| Person { id: format!("i{at:03}"), name: None, lead: true };
    let place = |at: usize| Place {
        id: format!("p{at:03}"),
        name: None,
        owner: Some(format!("owner {}", at / 4)),
        district: None,
    };
    Evidence {
        people: (0..office.inspectors).map(person).collect(),
        places: (0..office.places).map(place).collect(),
        ..Evidence::default()
    }
}

/// A team for each place of a day.
type Ticket = Vec<Vec<usize>>;

/// The pairs that serve together in a ticket.
fn pairs_of(ticket: &Ticket) -> BTreeSet<(usize, usize)> {
    ticket.iter().filter_map(|team| Some((*team.first()?, *team.get(1)?))).collect()
}

struct Year<'w> {
    office: Office,
    steering: Steering,
    words: &'w mut Stream,
    evidence: Evidence,
    last: Vec<Vec<usize>>,
}

impl Year<'_> {
    fn chance(&mut self, of_100: u64) -> bool {
        self.words.below(100) < of_100
    }

    fn days(&mut self) {
        let mut day = NaiveDate::from_ymd_opt(2027, 1, 4).expect("the calendar has this day");
        let mut leave = vec![0_u64; self.office.inspectors];
        for _ in 0..self.office.days {
            let places = self.places_of_day();
            let mut away = BTreeSet::new();
            for (who, left) in leave.iter_mut().enumerate() {
                // One day in fifty leave begins, of up to nine days: a tenth of all days.
                if *left == 0 && self.words.below(50) == 0 {
                    *left = 1 + self.words.below(9);
                }
                if *left > 0 {
                    *left -= 1;
                    away.insert(who);
                }
            }
            if let Steering::Absent(of_100) = self.steering
                && places.contains(&0)
                && self.chance(of_100)
            {
                away.insert(0);
            }
            self.evidence.days.push(day);
            self.evidence.absences.extend(away.iter().map(|who| Absent { who: *who, date: day }));
            self.day(day, &places, &away);
            let next = if day.weekday().num_days_from_monday() == 4 { 3 } else { 1 };
            day = day.checked_add_days(Days::new(next)).expect("the calendar goes on");
        }
    }

    fn places_of_day(&mut self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.office.places).collect();
        self.words.shuffle(&mut places);
        places.truncate(self.office.visits_a_day);
        places.sort_unstable();
        places
    }

    /// Fills an urn of the day, draws a ticket, and keeps what is counted in the urn: as foureyes itself does.
    fn day(&mut self, date: NaiveDate, places: &[usize], away: &BTreeSet<usize>) {
        let here: Vec<usize> = (0..self.office.inspectors).filter(|who| !away.contains(who)).collect();
        let urn: Vec<Ticket> = (0..self.office.tickets).map(|_| self.ticket(places, &here)).collect();
        let drawn = urn[self.pick(&urn)].clone();
        let stage = self.evidence.stages.len();
        self.evidence.stages.push(PairStage { from: date, pairs: self.counted(urn.iter().map(pairs_of)) });
        let serving: BTreeSet<usize> = drawn.iter().flatten().copied().collect();
        let free: Vec<usize> = here.iter().copied().filter(|who| !serving.contains(who)).collect();
        for (at, (place, team)) in places.iter().zip(drawn).enumerate() {
            if team.is_empty() {
                continue;
            }
            let odds = self.counted(urn.iter().map(|ticket| ticket[at].iter().copied().collect()));
            self.after(date, *place, &team, &free);
            self.last[*place].clone_from(&team);
            let (odds, stage) = (Some(odds), Some(stage));
            self.evidence.visits.push(Event { date, place: *place, team, kind: None, odds, stage });
        }
    }

    /// A team for each of these places, of those who have none yet that day and were not there the last time; none where two are not left.
    fn ticket(&mut self, places: &[usize], here: &[usize]) -> Ticket {
        let mut free = here.to_vec();
        let mut ticket = Vec::new();
        for place in places {
            let could: Vec<usize> = free.iter().copied().filter(|who| !self.last[*place].contains(who)).collect();
            let mut team = Vec::new();
            if could.len() > 1 {
                let first = self.words.index(could.len());
                let second = (first + 1 + self.words.index(could.len() - 1)) % could.len();
                team.extend([could[first], could[second]]);
                team.sort_unstable();
            }
            free.retain(|who| !team.contains(who));
            ticket.push(team);
        }
        ticket
    }

    /// The ticket that is drawn: each as likely as the other, unless somebody wants to see two people together.
    fn pick(&mut self, urn: &[Ticket]) -> usize {
        if let Steering::Together(hundredths) = self.steering {
            let theirs: Vec<usize> = (0..urn.len()).filter(|at| pairs_of(&urn[*at]).contains(&(0, 1))).collect();
            let (with, without) = (theirs.len() as u64, (urn.len() - theirs.len()) as u64);
            // So much more often than the urn says, of those draws that would have been others.
            if with > 0 && self.words.below(100 * without.max(1)) < with * hundredths.saturating_sub(100) {
                return theirs[self.words.index(theirs.len())];
            }
        }
        self.words.index(urn.len())
    }

    /// In how many of the tickets each of these is, as a part of one.
    fn counted<T: Ord>(&self, tickets: impl Iterator<Item = BTreeSet<T>>) -> Vec<(T, f64)> {
        let mut counts: BTreeMap<T, usize> = BTreeMap::new();
        tickets.flatten().for_each(|one| *counts.entry(one).or_default() += 1);
        counts.into_iter().map(|(one, count)| (one, count as f64 / self.office.tickets as f64)).collect()
    }

    /// Two in a hundred don't come, and half of the time somebody who has no visit that day takes the seat.
    fn after(&mut self, date: NaiveDate, place: usize, team: &[usize], free: &[usize]) {
        for who in team {
            let went = !self.chance(2);
            self.evidence.seats.push(Seat { who: *who, place, went });
            if !went && !free.is_empty() && self.chance(50) {
                let by = free[self.words.index(free.len())];
                let chance = 1.0 / free.len() as f64;
                self.evidence.stood_in.push(StoodIn { by, from: *who, place, date, whole_day: true, chance });
            }
        }
    }

    /// About sixty lines a year that take two signatures.
    fn acts(&mut self) {
        for _ in 0..self.office.days * 60 / 250 {
            let approver = self.words.index(self.office.approvers);
            let bends = match self.steering {
                Steering::Overrides(of_100) if approver == 0 => of_100,
                _ => 15,
            };
            let kind = if self.chance(bends) { Kind::Override } else { Kind::Amendment };
            let signed = vec!["planner".to_owned(), format!("approver {approver}")];
            self.evidence.acts.push(Act { kind, signed });
        }
    }

    fn conflicts(&mut self) {
        for _ in 0..self.office.inspectors {
            let who = self.words.index(self.office.inspectors);
            let places = vec![self.words.index(self.office.places)];
            let on = self.evidence.days[self.words.index(self.evidence.days.len())];
            self.evidence.declared.push(Declared { who, places, on });
        }
        self.evidence.declared.sort();
    }
}
