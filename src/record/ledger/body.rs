//! What a line of the ledger says, by its kind. Fields in order of name, so that a line has one spelling.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::beacon::{BeaconLine, Dice, Shown};
use super::hexed;
use super::party::Party;
use crate::draw::Digest;
use crate::record::day;

/// What a line says, without its number, what binds it to the line above, and its signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Body {
    /// Seats are vacated, and filled from the reserves.
    Amend(Amend),
    /// What is to be drawn from, and what decides it.
    Commit(Commit),
    /// The secrets of a draw, for everybody.
    Disclose(Disclose),
    /// What was drawn.
    Draw(Draw),
    /// Who really went on a day.
    Executed(Executed),
    /// What the office knows, before anything is drawn.
    Freeze(Freeze),
    /// The first line: who takes part.
    Open(Open),
    /// Seats given by hand.
    Override(Override),
    /// A commitment from which nothing will be drawn.
    Void(Void),
}

impl Body {
    /// The word of its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Amend(_) => "amend",
            Self::Commit(_) => "commit",
            Self::Disclose(_) => "disclose",
            Self::Draw(_) => "draw",
            Self::Executed(_) => "executed",
            Self::Freeze(_) => "freeze",
            Self::Open(_) => "open",
            Self::Override(_) => "override",
            Self::Void(_) => "void",
        }
    }

    /// Of a change, its number and the digest of its file.
    pub fn change(&self) -> Option<(u64, Digest)> {
        match self {
            Self::Amend(amend) => Some((amend.number, amend.change)),
            Self::Override(by_hand) => Some((by_hand.number, by_hand.change)),
            Self::Executed(executed) => Some((executed.number, executed.change)),
            Self::Commit(_) | Self::Disclose(_) | Self::Draw(_) | Self::Freeze(_) | Self::Open(_) | Self::Void(_) => {
                None
            }
        }
    }

    /// Whether two parties sign it: dice could be misread, and what undoes or bends a draw is nobody's alone.
    pub fn needs_two(&self) -> bool {
        match self {
            Self::Draw(draw) => draw.beacon.is_dice(),
            Self::Amend(_) | Self::Override(_) | Self::Void(_) => true,
            Self::Commit(_) | Self::Disclose(_) | Self::Executed(_) | Self::Freeze(_) | Self::Open(_) => false,
        }
    }
}

/// The first line: who takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// [`LEDGER_FORMAT`](super::LEDGER_FORMAT).
    pub format: String,
    /// Whose ledger it is.
    pub origin: String,
    /// Those who take part, in order of name.
    pub parties: Vec<Party>,
}

/// What the office knows, before anything is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freeze {
    /// The name of the case.
    pub case: String,
    /// Leaves of the tree.
    pub leaves: u64,
    /// The number of the freeze, from 1.
    pub number: u64,
    /// The root of the salted tree over the inputs.
    #[serde(with = "hexed")]
    pub root: Digest,
}

/// What is to be drawn from, and what decides it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// What decides.
    pub beacon: BeaconLine,
    /// What no lottery could beat, in tickets; absent where none is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<u64>,
    /// The version of the builder of the urn.
    pub builder: String,
    /// The number of the commitment, from 1.
    pub counter: u64,
    /// What decides if the beacon does not come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
    /// The salted digest of what was fixed before.
    #[serde(with = "hexed")]
    pub fixed: Digest,
    /// The number of the freeze.
    pub freeze: u64,
    /// The first day to draw.
    #[serde(with = "day::text")]
    pub from: NaiveDate,
    /// Whose secrets take part, in order of name.
    pub nonces: Vec<String>,
    /// Tickets in the urn.
    pub tickets: u64,
    /// The last day to draw.
    #[serde(with = "day::text")]
    pub to: NaiveDate,
    /// The root of the tickets, in ledgers of before: whoever knows the inputs can confirm them by it.
    #[serde(default, with = "hexed::maybe", skip_serializing_if = "Option::is_none")]
    pub urn: Option<Digest>,
    /// The salted digest of that root.
    #[serde(default, with = "hexed::maybe", skip_serializing_if = "Option::is_none")]
    pub urn_salted: Option<Digest>,
    /// The largest n(v, i), in tickets.
    pub worst: u64,
}

/// What decides if the beacon does not come: dice, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Fallback {
    /// Dice, thrown in public.
    Dice(Dice),
}

/// What was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// What came.
    pub beacon: Shown,
    /// The number of the commitment.
    pub counter: u64,
    /// Leaves of the tree.
    pub leaves: u64,
    /// The salted digest of the draw's `record.json`.
    #[serde(with = "hexed")]
    pub record: Digest,
    /// The root of the salted tree over the schedule.
    #[serde(with = "hexed")]
    pub root: Digest,
    /// Places in the teams of staffed visits, in the whole schedule.
    pub seats: u64,
    /// Visits that are staffed, in the whole schedule.
    pub staffed: u64,
}

/// A commitment from which nothing will be drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Void {
    /// The number of the commitment.
    pub counter: u64,
    /// Why.
    pub reason: String,
}

/// Why seats were vacated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Somebody does not come.
    Absence,
    /// A visit is not held.
    Cancelled,
    /// Somebody may not go somewhere.
    Conflict,
    /// A visit is held after all.
    Restored,
    /// A conflict does not stand any more.
    Withdrawn,
}

impl Why {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Absence => "absence",
            Self::Cancelled => "cancelled",
            Self::Conflict => "conflict",
            Self::Restored => "restored",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Seats are vacated, and filled from the reserves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amend {
    /// The digest of the change's file.
    #[serde(with = "hexed")]
    pub change: Digest,
    /// Leaves of the tree.
    pub leaves: u64,
    /// The number of the change, from 1.
    pub number: u64,
    /// The root of the schedule after it.
    #[serde(with = "hexed")]
    pub root: Digest,
    /// Seats vacated.
    pub seats: u64,
    /// How many of those nobody filled.
    pub unfilled: u64,
    /// What for.
    pub why: Why,
}

/// Seats given by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The digest of the change's file.
    #[serde(with = "hexed")]
    pub change: Digest,
    /// Leaves of the tree.
    pub leaves: u64,
    /// The number of the change, from 1.
    pub number: u64,
    /// Why.
    pub reason: String,
    /// The root of the schedule after it.
    #[serde(with = "hexed")]
    pub root: Digest,
    /// Seats given.
    pub seats: u64,
}

/// Who really went on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Executed {
    /// Visits held as they should be.
    pub as_drawn: u64,
    /// The digest of the change's file.
    #[serde(with = "hexed")]
    pub change: Digest,
    /// The day.
    #[serde(with = "day::text")]
    pub date: NaiveDate,
    /// The number of the change, from 1.
    pub number: u64,
    /// Visits held otherwise, or not.
    pub otherwise: u64,
}

/// The secrets of a draw, for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclose {
    /// The number of the commitment.
    pub counter: u64,
    /// Whose secret is what, in the order of the commitment.
    pub nonces: Vec<NonceShown>,
}

/// One party's secret for one draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NonceShown {
    /// The party.
    pub name: String,
    /// The secret.
    #[serde(with = "hexed")]
    pub nonce: Digest,
}
