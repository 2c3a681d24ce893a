//! Where the randomness of a draw is to come from, as a commitment fixes it, and what came, as a draw shows it.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::hexed;
use crate::draw::Digest;
use crate::draw::beacon::time_of;
use crate::record::{clock, day};

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
    /// The time of the day, in UTC. Older ledgers do not have it, and mean the whole day.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "clock::text")]
    pub time: Option<NaiveTime>,
}

impl BeaconLine {
    /// From when on something may be known of it, in seconds since 1970; none where there is no such round.
    pub fn known_from(&self) -> Option<i64> {
        match self {
            Self::Quicknet(round) => time_of(round.round),
            Self::Dice(dice) => Some(dice.known_from()),
        }
    }
}

impl Dice {
    /// From when on it may be known what they show, in seconds since 1970: from their time on, or, where only the day is stated, when it is over.
    pub fn known_from(&self) -> i64 {
        let end = || self.date.succ_opt().unwrap_or(self.date).and_time(NaiveTime::MIN);
        self.time.map_or_else(end, |time| self.date.and_time(time)).and_utc().timestamp()
    }

    /// From when on they may have been thrown: from their time on, or, where only the day is stated, as soon as it begins.
    pub fn thrown_from(&self) -> i64 {
        self.date.and_time(self.time.unwrap_or(NaiveTime::MIN)).and_utc().timestamp()
    }

    /// When they are thrown, for people: `2027-01-03 at 10:00 UTC`.
    pub fn when(&self) -> String {
        match self.time {
            Some(time) => format!("{} at {} UTC", self.date, time.format("%H:%M")),
            None => self.date.to_string(),
        }
    }
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
