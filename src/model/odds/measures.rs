//! What the counts come to: the measures by which urns are compared.

use super::{Odds, VisitOdds};
use crate::model::{InspectorId, VisitId};

/// The easiest guess: the inspector who goes on the visit in the most tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worst {
    /// In how many tickets.
    pub n: u32,
    /// The visit, the first of those in order.
    pub visit: VisitId,
    /// The inspector, the first of those in order.
    pub inspector: InspectorId,
}

impl VisitOdds {
    /// The largest n(v, i), and the first inspector who has it.
    pub fn worst(&self) -> (u32, Option<InspectorId>) {
        let worst = self.inspectors.iter().rev().max_by_key(|(_, n)| *n);
        worst.map_or((0, None), |(who, n)| (*n, Some(*who)))
    }

    /// The sum of squares of n(v, i).
    pub fn squares(&self) -> u64 {
        self.inspectors.iter().map(|(_, n)| u64::from(*n) * u64::from(*n)).sum()
    }

    /// How many teams as likely as each other would be as hard to guess, given that the visit is held; in tenths,
    /// rounded down. Source: Hill 1973, of order 2.
    pub fn effective_teams(&self) -> u64 {
        let held = u64::from(self.held);
        (held * held * 10).checked_div(self.teams.squares).unwrap_or_default()
    }
}

impl Odds {
    /// The easiest guess of all; none where no ticket holds a visit. Source: Jecmen and others 2020.
    pub fn worst(&self) -> Option<Worst> {
        let of = |odds: &VisitOdds| {
            let (n, inspector) = odds.worst();
            Some(Worst { n, visit: odds.visit, inspector: inspector? })
        };
        self.visits.iter().rev().filter_map(of).max_by_key(|worst| worst.n)
    }

    /// The sum of the worst odds of each visit, in tickets: by the number of visits it is the average worst odds
    /// (Xu and others 2023).
    pub fn worst_sum(&self) -> u64 {
        self.visits.iter().map(|odds| u64::from(odds.worst().0)).sum()
    }

    /// The sum of squares of every n(v, i): by the seats it is the chance that a guess is right.
    pub fn squares(&self) -> u64 {
        self.visits.iter().map(VisitOdds::squares).sum()
    }

    /// How many n(v, i) are above nought.
    pub fn support(&self) -> u64 {
        self.visits.iter().map(|odds| odds.inspectors.len() as u64).sum()
    }

    /// The sum of every n(v): visits held, over all tickets.
    pub fn held(&self) -> u64 {
        self.visits.iter().map(|odds| u64::from(odds.held)).sum()
    }

    /// The sum of every n(v, i): seats filled, over all tickets.
    pub fn seats(&self) -> u64 {
        self.visits.iter().flat_map(|odds| &odds.inspectors).map(|(_, n)| u64::from(*n)).sum()
    }

    /// [Effective teams](VisitOdds::effective_teams) of the visit with the fewest, and of the one in the middle (the
    /// lower of two), in tenths; nought where no ticket holds a visit.
    pub fn effective_teams(&self) -> (u64, u64) {
        let mut each: Vec<u64> = self.visits.iter().map(VisitOdds::effective_teams).collect();
        each.sort_unstable();
        let at = |index: usize| each.get(index).copied().unwrap_or_default();
        (at(0), at(each.len().saturating_sub(1) / 2))
    }

    /// The inspectors whom no ticket has serve on the stage's days. Some of them may not serve then at all; that is for
    /// the rules to say.
    pub fn never_drawn(&self) -> impl Iterator<Item = InspectorId> + '_ {
        (0..self.serves.len()).filter(|at| self.serves[*at] == 0).map(InspectorId::at)
    }
}
