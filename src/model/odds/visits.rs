//! Counting by visit: who goes, when, and with whom.

use std::thread;

use super::{Spread, VisitOdds, runs};
use crate::model::ticket::Members;
use crate::model::{InspectorId, Layout, Urn};

/// Visits and tickets that are read at once: few enough to stay near the processor.
const READ_AT_ONCE: usize = 1 << 16;

/// A team as one number: eight people of 32 bits, so that teams can be sorted.
type Key = (u128, u128);

/// The odds of every visit that some ticket holds in the span, in order.
pub(super) fn count(urn: &Urn, threads: usize) -> Vec<VisitOdds> {
    let rooms = urn.layout().rooms();
    let share = rooms.div_ceil(threads).max(1);
    let from = |share: usize, number: usize| (share * number).min(rooms);
    thread::scope(|scope| {
        let part = |number| move || Counter::new(urn).count(from(share, number), from(share, number + 1));
        let others: Vec<_> = (1..threads).map(|number| scope.spawn(part(number))).collect();
        let mut all = part(0)();
        for other in others {
            all.extend(other.join().expect("counting an urn of checked tickets does not fail"));
        }
        all
    })
}

/// What counting one visit after the other needs, kept between them.
struct Counter<'u> {
    urn: &'u Urn,
    /// By inspector: how often they were met on the visit at hand.
    met: Vec<u32>,
    /// Who was met.
    who: Vec<InspectorId>,
}

/// What the tickets say of one visit.
#[derive(Default)]
struct Column {
    times: Vec<u32>,
    teams: Vec<Key>,
}

impl<'u> Counter<'u> {
    fn new(urn: &'u Urn) -> Self {
        Self { urn, met: vec![0; urn.layout().inspectors()], who: Vec::new() }
    }

    fn count(&mut self, from: usize, to: usize) -> Vec<VisitOdds> {
        let at_once = (READ_AT_ONCE / self.urn.len()).clamp(1, 64);
        let mut odds = Vec::new();
        for first in (from..to).step_by(at_once) {
            let columns = read(self.urn, first, (first + at_once).min(to));
            let held = (first..).zip(columns).filter(|(_, column)| !column.times.is_empty());
            odds.extend(held.map(|(room, column)| self.fold(room, column)));
        }
        odds
    }

    fn fold(&mut self, room: usize, mut column: Column) -> VisitOdds {
        let layout = self.urn.layout();
        column.teams.sort_unstable();
        column.times.sort_unstable();
        let (mut teams, mut pairs) = (Spread::default(), Pairs::default());
        runs(&column.teams, |team, n| {
            teams.add(n);
            let members = members(team);
            pairs.add(&members, n);
            for member in members {
                let met = &mut self.met[member.index()];
                if *met == 0 {
                    self.who.push(member);
                }
                *met += n;
            }
        });
        VisitOdds {
            visit: layout.visit(room),
            held: column.times.len() as u32,
            inspectors: self.everybody_met(),
            times: times(layout, &column.times),
            pairs: pairs.spread(teams),
            teams,
        }
    }

    /// Who was met and how often, in order; forgets it.
    fn everybody_met(&mut self) -> Vec<(InspectorId, u32)> {
        self.who.sort_unstable();
        let met = &mut self.met;
        self.who.drain(..).map(|who| (who, std::mem::take(&mut met[who.index()]))).collect()
    }
}

fn times(layout: &Layout, sorted: &[u32]) -> Vec<(chrono::NaiveDate, crate::model::SlotId, u32)> {
    let mut times = Vec::new();
    runs(sorted, |time, n| {
        let (date, slot) = layout.time(time as usize);
        times.push((date, slot, n));
    });
    times
}

/// What every ticket says of the visits in the rooms from `from` to before `to`.
fn read(urn: &Urn, from: usize, to: usize) -> Vec<Column> {
    let mut columns: Vec<Column> = (from..to).map(|_| Column::default()).collect();
    let mut team = Members::new();
    for ticket in urn.tickets() {
        for (room, column) in (from..to).zip(&mut columns) {
            if let Some(time) = urn.layout().read_in_span(ticket, room, &mut team) {
                column.times.push(time as u32);
                column.teams.push(key(&team));
            }
        }
    }
    columns
}

/// One more than each member's number, the first in the highest bits; nought where the team has nobody more.
fn key(team: &[InspectorId]) -> Key {
    let half = |seats: &[InspectorId]| {
        let packed = seats.iter().fold(0u128, |key, member| key << 32 | (u128::from(member.0) + 1));
        packed.checked_shl(32 * (4 - seats.len() as u32)).unwrap_or(0)
    };
    let (first, rest) = team.split_at(team.len().min(4));
    (half(first), half(rest))
}

fn members((first, rest): Key) -> Members {
    let half = |key: u128| [96, 64, 32, 0].map(|shift| (key >> shift) as u32);
    let all = half(first).into_iter().chain(half(rest));
    all.filter_map(|number| number.checked_sub(1)).map(InspectorId).collect()
}

/// The pairs within teams of more than two; for two the pair is the team.
#[derive(Default)]
struct Pairs(Vec<(u64, u32)>, bool);

impl Pairs {
    fn add(&mut self, team: &[InspectorId], n: u32) {
        if team.len() <= 2 {
            self.1 = team.len() == 2;
            return;
        }
        for (at, a) in team.iter().enumerate() {
            self.0.extend(team[at + 1..].iter().map(|b| (u64::from(a.0) << 32 | u64::from(b.0), n)));
        }
    }

    fn spread(mut self, of_teams: Spread) -> Spread {
        if self.1 {
            return of_teams;
        }
        self.0.sort_unstable();
        let mut spread = Spread::default();
        self.0.chunk_by(|a, b| a.0 == b.0).for_each(|run| spread.add(run.iter().map(|(_, n)| n).sum()));
        spread
    }
}
