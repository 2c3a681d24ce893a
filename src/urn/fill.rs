//! Many tickets, spread as far apart as the rules allow.
//!
//! Tickets are built in batches of a fixed number, side by side and from the same counts. Each place of a batch is a chain: its ticket
//! keeps the completion of the one that stood there in the batch before. So threads change the time and never a byte; and what
//! was built before an interruption, with what was learned from it, is all that is needed to go on.

use rayon::prelude::*;

use super::Ways;
use super::aim::Aims;
use super::attempt::Arrangement;
use super::eject::Missing;
use super::scope::Scope;
use super::tally::Tally;
use super::ticket::{Made, Past, make, mend, missing};
use crate::draw::Root;
use crate::model::{Layout, Schedule, Span, Team};
use crate::rules::{Book, Placed};

/// Tickets that are built side by side.
pub(super) const BATCH: usize = 8;

/// Who keeps what is built, so that an interruption loses at most a batch, and tells how far it has come.
pub trait Keeper {
    /// Everything that was kept for stage `number` before, in order; it may end anywhere.
    fn kept(&mut self, _number: usize) -> Vec<u8> {
        Vec::new()
    }

    /// Keeps the next batch of stage `number`.
    fn keep(&mut self, _number: usize, _batch: &[u8]) {}

    /// `tickets` of `of` are built for stage `number` of `stages`.
    fn progress(&mut self, _number: usize, _stages: usize, _tickets: usize, _of: usize) {}
}

/// Keeps nothing and tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Keeper for Nobody {}

/// Which stage of how many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage {
    pub number: usize,
    pub stages: usize,
    pub span: Span,
    pub tickets: usize,
}

/// The packed tickets of a stage, in order of building, after `before` was drawn.
pub(super) fn fill(
    ways: &Ways,
    book: &Book,
    root: &Root,
    stage: Stage,
    before: &Schedule,
    targets: &[u64],
    keeper: &mut dyn Keeper,
) -> (Layout, Vec<u8>) {
    let layout = book.layout(ways.case, stage.span, before);
    let scope = Scope::of(ways, stage.span, before, targets);
    let aims = Aims::seek(ways, book, &scope, stage.span, before);
    let mut filling = Filling {
        ways,
        scope: &scope,
        layout: &layout,
        tally: Tally::new(ways, aims, stage.tickets),
        chains: vec![None; BATCH],
        best: None,
        missing: Vec::with_capacity(stage.tickets),
        packed: Vec::with_capacity(layout.bytes_per_ticket() * stage.tickets),
    };
    let kept = keeper.kept(stage.number);
    let mut kept = &kept[..];
    while filling.built() < stage.tickets {
        let many = BATCH.min(stage.tickets - filling.built());
        match filling.take_up(kept, many) {
            Some(rest) => kept = rest,
            None => {
                kept = &[];
                let batch = filling.next(root, stage.number, many);
                keeper.keep(stage.number, &batch);
            }
        }
        keeper.progress(stage.number, stage.stages, filling.built(), stage.tickets);
    }
    filling.mend_all(root, stage.number);
    let packed = filling.packed;
    (layout, packed)
}

/// An urn in the making.
struct Filling<'a, 'c> {
    ways: &'a Ways<'c>,
    scope: &'a Scope,
    layout: &'a Layout,
    tally: Tally,
    /// By place in the batch: the last ticket.
    chains: Vec<Option<Arrangement>>,
    /// The least that any ticket left without a place, and the last ticket that left no more.
    best: Option<(Missing, Arrangement)>,
    /// By ticket: what it leaves without a place.
    missing: Vec<Missing>,
    packed: Vec<u8>,
}

impl Filling<'_, '_> {
    /// Tickets so far.
    fn built(&self) -> usize {
        usize::try_from(self.tally.tickets).expect("tickets are counted in memory")
    }

    /// Builds the next batch; gives it as it is kept.
    fn next(&mut self, root: &Root, number: usize, many: usize) -> Vec<u8> {
        let first = self.built();
        let one = |at: usize| {
            let past = Past { tally: &self.tally, previous: self.chains[at].as_ref(), best: self.best.as_ref() };
            let stream = root.stream("ticket", &format!("{number}/{}", first + at));
            make(self.ways, self.scope, &past, stream)
        };
        let made: Vec<Made> = (0..many).into_par_iter().map(one).collect();
        let mut sought = vec![(0, 0); self.ways.cells()];
        for one in &made {
            sought.iter_mut().zip(&one.sought).for_each(|(sum, one)| *sum = (sum.0 + one.0, sum.1 + one.1));
        }
        let begin = self.packed.len();
        for (at, one) in made.into_iter().enumerate() {
            self.packed.extend(self.packed_as(&one.placed));
            self.add(at, one.placed);
        }
        self.tally.learn(&sought);
        let mut batch = self.packed[begin..].to_vec();
        batch.extend(self.tally.pressure().iter().flat_map(|pressure| pressure.to_le_bytes()));
        batch
    }

    /// Takes the next batch from what was kept; none where that is not a whole one, or not one of this urn.
    fn take_up<'k>(&mut self, kept: &'k [u8], many: usize) -> Option<&'k [u8]> {
        let (tickets, rest) = kept.split_at_checked(many * self.layout.bytes_per_ticket())?;
        let (pressure, rest) = rest.split_at_checked(self.ways.cells() * 4)?;
        let each = tickets.chunks_exact(self.layout.bytes_per_ticket().max(1));
        let arrangements: Option<Vec<Arrangement>> = each.map(|ticket| self.unpack(ticket)).collect();
        let arrangements = arrangements.filter(|all| all.len() == many)?;
        self.packed.extend_from_slice(tickets);
        for (at, placed) in arrangements.into_iter().enumerate() {
            self.add(at, placed);
        }
        let words =
            pressure.chunks_exact(4).map(|word| word.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte)));
        self.tally.set_pressure(words);
        Some(rest)
    }

    /// Counts one ticket, and lets its place in the next batch begin from it.
    fn add(&mut self, at: usize, placed: Arrangement) {
        self.tally.count(self.ways, &self.scope.span, &placed);
        let missing = missing(self.ways, self.scope, &placed);
        self.missing.push(missing);
        if self.best.as_ref().is_none_or(|(least, _)| missing <= *least) {
            self.best = Some((missing, placed.clone()));
        }
        self.chains[at] = Some(placed);
    }

    /// Builds again what was built before the first ticket that is as complete as the best: every ticket is to staff what one can.
    fn mend_all(&mut self, root: &Root, number: usize) {
        let Some((least, best)) = self.best.take() else { return };
        let size = self.layout.bytes_per_ticket();
        for (at, _) in self.missing.iter().enumerate().filter(|(_, missing)| **missing > least) {
            let stream = root.stream("ticket", &format!("{number}/{at}/mended"));
            let ticket = self.packed_as(&mend(self.ways, self.scope, &self.tally, &best, stream));
            self.packed[at * size..(at + 1) * size].copy_from_slice(&ticket);
        }
    }

    fn packed_as(&self, placed: &Arrangement) -> Vec<u8> {
        let mut ticket = Vec::with_capacity(self.layout.bytes_per_ticket());
        self.layout.write(&mut ticket, |visit| {
            let Placed { day, slot, team } = placed[visit.index()].as_ref()?;
            Some((*day, *slot, team.members()))
        });
        ticket
    }

    fn unpack(&self, ticket: &[u8]) -> Option<Arrangement> {
        self.layout.check(ticket).ok()?;
        let mut placed: Arrangement = vec![None; self.ways.case.visits.len()];
        for (place, team) in &self.scope.drawn {
            placed[place.visit.index()] = Some(Placed { day: place.day, slot: place.slot, team: team.clone() });
        }
        self.layout.for_each(ticket, |held| {
            let team = Team::new(held.team.iter().copied());
            placed[held.visit.index()] = team.map(|team| Placed { day: held.day, slot: held.slot, team });
        });
        Some(placed)
    }
}
