//! Where the randomness of a draw is to come from, as a commitment fixes it, and what came, as a draw shows it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::hexed;
use crate::draw::Digest;
use crate::record::day;

/// What a commitment waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BeaconLine {
    /// A round of the drand network quicknet.
    Quicknet(Quicknet),
    /// Dice, thrown in public.
    Dice(Dice),
}

/// A round that was still to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quicknet {
    /// The hash of the chain: quicknet's.
    #[serde(with = "hexed")]
    pub chain: Digest,
    /// The number of the round, from 1.
    pub round: u64,
}

/// When and where which dice are thrown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dice {
    /// The day.
    #[serde(with = "day::text")]
    pub date: NaiveDate,
    /// Faces of each die, 2 to 100.
    pub faces: u64,
    /// Where, so that anybody may come.
    pub place: String,
    /// How often they are thrown: the least number that gives 256 bits.
    pub throws: u64,
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Shown {
    /// The round.
    Quicknet(ShownRound),
    /// The throws.
    Dice(ShownDice),
}

/// A round with its signature, as the network published it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownRound {
    /// The number of the round.
    pub round: u64,
    /// The network's signature of it.
    #[serde(with = "hexed")]
    pub signature: [u8; 48],
}

/// What the dice showed, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownDice {
    /// Faces of each die.
    pub faces: u64,
    /// Numbers from 1 to the faces in decimal, joined by one blank.
    pub throws: String,
}

impl Shown {
    /// Whether it is dice, which two parties sign.
    pub fn is_dice(&self) -> bool {
        matches!(self, Self::Dice(_))
    }
}
