//! What a change says, in the ids that people know: positions differ from freeze to freeze.

use chrono::NaiveDate;

use crate::draw::Digest;
use crate::model::{Absence, Case, Conflict, ConflictTarget, Level, SlotId};
use crate::record::TargetKind;
use crate::record::freeze::target_of;
use crate::record::ledger::Why;

/// One file of `changes/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// As secret as the master of the last draw's freeze, from which it comes, so that nobody can guess what is behind the digest in the ledger.
    pub salt: Digest,
    /// What it says.
    pub what: What,
}

/// What a change says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Seats are vacated, and filled from the reserves.
    Amend(Amendment),
    /// Seats are given by hand.
    Override {
        /// What shows that it had to be.
        evidence: String,
        /// In order of visit, none twice.
        teams: Vec<ByHand>,
    },
    /// A day is over.
    Executed {
        /// The day.
        date: NaiveDate,
        /// Who went on the visits that were held on it, in order of visit, none twice.
        held: Vec<Went>,
    },
}

/// Why seats are vacated, what shows it, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Why.
    pub cause: Cause,
    /// What shows it.
    pub evidence: String,
    /// What follows, in order of day, then of the member whose seat it is.
    pub moves: Vec<Move>,
}

/// Why seats are vacated, or held again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Somebody does not come.
    Absence(AbsentDays),
    /// Somebody may not go somewhere.
    Conflict(Conflicted),
    /// A visit is not held.
    Cancelled(String),
    /// A cancelled visit is held after all.
    Restored(String),
    /// A conflict that a draw was made with, or an amendment declared, does not stand any more as it did.
    Withdrawn(Conflicted),
}

impl Cause {
    /// As the ledger says it.
    pub fn why(&self) -> Why {
        match self {
            Self::Absence(_) => Why::Absence,
            Self::Conflict(_) => Why::Conflict,
            Self::Cancelled(_) => Why::Cancelled,
            Self::Restored(_) => Why::Restored,
            Self::Withdrawn(_) => Why::Withdrawn,
        }
    }
}

/// Whole days on which somebody does not come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AbsentDays {
    /// Who.
    pub inspector: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive.
    pub to: NaiveDate,
}

/// A conflict of interest, as a line of `conflicts.jsonl` says it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflicted {
    /// Who declared it, or of whom it was declared.
    pub inspector: String,
    /// What kind of thing the interest lies in.
    pub target_kind: TargetKind,
    /// What it lies in: an id, or the name of an owner, a sector or a district.
    pub target: String,
    /// `kin`, `household`, `employee` and so on; in lower case.
    pub category: Option<String>,
    /// First day of the interest.
    pub from: Option<NaiveDate>,
    /// Last day of the interest, before any cooling-off.
    pub to: Option<NaiveDate>,
    /// Day of the declaration.
    pub declared_on: Option<NaiveDate>,
    /// With a colleague: whether the draw says which of the two leaves, and not whoever names one of them first.
    pub drawn: bool,
}

/// One seat on one day, from one hand into another; or one visit of it, by somebody or by another whole team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// What is taken over: the seat on all its visits of the day; or one of them, after nobody could take over all.
    pub level: Level,
    /// Who steps in.
    pub by: Option<String>,
    /// The other team that goes, in order of id, at the level of teams alone. Where it is empty and nobody steps in, the visits are not held any more.
    pub team: Vec<String>,
    /// The day.
    pub date: NaiveDate,
    /// For whom the seat was drawn.
    pub member: String,
    /// Who leaves it.
    pub from: String,
    /// Those before whoever steps in, in the order of reserves, level by level. Those of the whole day stand in the first move of the seat.
    pub passed: Vec<Passed>,
    /// The visits of the seat, in order; one of them where it is taken over alone.
    pub visits: Vec<String>,
}

impl Move {
    /// Whether anybody steps in.
    pub fn is_filled(&self) -> bool {
        self.by.is_some() || !self.team.is_empty()
    }
}

/// Somebody, or a team, who stood before whoever stepped in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// For what they were asked.
    pub level: Level,
    /// Who; blank where it was a team.
    pub inspector: String,
    /// The team, in order of id.
    pub team: Vec<String>,
    /// The rules that would be broken, in order of name; none where they go on one of the visits already, or leave the seat.
    pub rules: Vec<String>,
}

/// A visit as an override sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// Which.
    pub visit: String,
    /// Day, slot, and team in order of id; none where the visit is not held any more.
    pub held: Option<(NaiveDate, String, Vec<String>)>,
}

/// A visit as it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Went {
    /// Which.
    pub visit: String,
    /// Who went, in order of id; nobody where it was not held.
    pub team: Vec<String>,
}

impl AbsentDays {
    /// As the case has it; none where its roster does not have the person. It names every slot, so that it closes visits that begin on its
    /// days and none of the evening before: only seats of its days change hands.
    pub(super) fn in_case(&self, case: &Case) -> Option<Absence> {
        let (inspector, slots) = (case.find_inspector(&self.inspector)?, (0..case.period.slots.len()).map(SlotId::at));
        Some(Absence { inspector, from: self.from, to: self.to, reason: None, slots: slots.collect() })
    }

    /// Whether `date` is one of its days.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.to
    }
}

impl Conflicted {
    /// A conflict of a case, in the ids that people know.
    pub(crate) fn of(case: &Case, conflict: &Conflict) -> Self {
        let (target_kind, target) = target_of(case, &conflict.target);
        Self {
            inspector: case.inspector(conflict.inspector).id.clone(),
            target_kind,
            target: target.clone(),
            category: conflict.category.clone(),
            from: conflict.from,
            to: conflict.to,
            declared_on: conflict.declared_on,
            drawn: false,
        }
    }

    /// Whether it is with a colleague, so that either of the two could leave.
    pub fn is_between_two(&self) -> bool {
        self.target_kind == TargetKind::Inspector
    }

    /// As the case has it; none where it does not have the person, or the place or colleague that the conflict names.
    pub(super) fn in_case(&self, case: &Case) -> Option<Conflict> {
        let text = || self.target.clone();
        let target = match self.target_kind {
            TargetKind::Establishment => ConflictTarget::Establishment(case.find_establishment(&self.target)?),
            TargetKind::Inspector => ConflictTarget::Inspector(case.find_inspector(&self.target)?),
            TargetKind::Owner => ConflictTarget::Owner(text()),
            TargetKind::Sector => ConflictTarget::Sector(text()),
            TargetKind::District => ConflictTarget::District(text()),
        };
        let (category, from, to, declared_on) = (self.category.clone(), self.from, self.to, self.declared_on);
        Some(Conflict { inspector: case.find_inspector(&self.inspector)?, target, category, from, to, declared_on })
    }
}
