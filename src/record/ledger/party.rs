//! Who takes part in a ceremony: a name, a role, a key, and the end of a chain of secrets.

use std::collections::BTreeMap;

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::hexed;
use crate::draw::Digest;
use crate::draw::nonce::LINKS_MAX;

/// Parties that a ledger may name.
pub const PARTIES_MAX: usize = 100;

/// What somebody does in a ceremony.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Cosigns what the planner publishes, and verifies.
    Auditor,
    /// Gives a secret, and signs what needs a second hand.
    Officer,
    /// Writes the ledger.
    Planner,
}

impl Role {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auditor => "auditor",
            Self::Officer => "officer",
            Self::Planner => "planner",
        }
    }
}

/// One of those who take part. Fields in order of name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The end of the chain of secrets.
    #[serde(with = "hexed")]
    pub anchor: Digest,
    /// The Ed25519 key.
    #[serde(with = "hexed")]
    pub key: [u8; 32],
    /// How many draws the chain serves.
    pub links: u64,
    /// The name, which is that of the key in notes.
    pub name: String,
    /// What they do.
    pub role: Role,
}

/// What is wrong with the parties of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PartyFlaw {
    /// The name has characters that a name of a note may not have.
    #[error("`{0}` is no name of a party: 1 to 100 of the characters from `!` to `~`, without `+`")]
    Name(String),
    /// The key is no point, or one that vouches for nothing.
    #[error("the key of `{0}` is no Ed25519 key that can be relied on")]
    Key(String),
    /// Too few or too many links.
    #[error("the chain of `{0}` has {1} links; 1 to {LINKS_MAX} are allowed")]
    Links(String, u64),
    /// Names are not in order, or one is there twice.
    #[error("`{0}` stands behind `{1}`; parties stand in order of name, none twice")]
    Order(String, String),
    /// Two names, one key: one hand could sign for two.
    #[error("`{0}` and `{1}` have one key; two parties are two hands")]
    OneKey(String, String),
    /// None, or several.
    #[error("there are {0} planners; a ledger has one")]
    Planners(usize),
    /// Nobody cosigns.
    #[error("there is no auditor; a ledger that nobody witnesses proves nothing")]
    NoAuditor,
    /// More than anybody needs.
    #[error("there are {0} parties; at most {PARTIES_MAX} are read")]
    TooMany(usize),
}

/// Whether `name` may be the name of a party, or the origin of a ledger.
///
/// ```
/// use foureyes::record::ledger::is_party_name;
/// assert!(is_party_name("labour.example/harbour") && !is_party_name("a b") && !is_party_name("a+b") && !is_party_name(""));
/// ```
pub fn is_party_name(name: &str) -> bool {
    (1..=100).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'+')
}

impl Party {
    /// The key, if it is spelt as keys are and is no point of small order.
    pub fn verifying_key(&self) -> Option<VerifyingKey> {
        let key = VerifyingKey::from_bytes(&self.key).ok().filter(|key| !key.is_weak())?;
        (key.to_edwards().compress().to_bytes() == self.key).then_some(key)
    }

    /// What is wrong with the party by itself.
    pub fn flaws(&self) -> Vec<PartyFlaw> {
        let name = || self.name.clone();
        let wrong = [
            (!is_party_name(&self.name)).then(|| PartyFlaw::Name(name())),
            self.verifying_key().is_none().then(|| PartyFlaw::Key(name())),
            (!(1..=u64::from(LINKS_MAX)).contains(&self.links)).then(|| PartyFlaw::Links(name(), self.links)),
        ];
        wrong.into_iter().flatten().collect()
    }
}

/// Everything that is wrong with `parties`.
pub(super) fn flaws(parties: &[Party]) -> Vec<PartyFlaw> {
    if parties.len() > PARTIES_MAX {
        return vec![PartyFlaw::TooMany(parties.len())];
    }
    let mut flaws: Vec<PartyFlaw> = parties.iter().flat_map(Party::flaws).collect();
    let pairs = parties.iter().zip(parties.iter().skip(1));
    let unsorted = pairs.filter(|(one, next)| one.name >= next.name);
    flaws.extend(unsorted.map(|(one, next)| PartyFlaw::Order(next.name.clone(), one.name.clone())));
    let mut keys = BTreeMap::new();
    for party in parties {
        if let Some(other) = keys.insert(party.key, &party.name) {
            flaws.push(PartyFlaw::OneKey(other.clone(), party.name.clone()));
        }
    }
    let of = |role| parties.iter().filter(|party| party.role == role).count();
    flaws.extend((of(Role::Planner) != 1).then(|| PartyFlaw::Planners(of(Role::Planner))));
    flaws.extend((of(Role::Auditor) == 0).then_some(PartyFlaw::NoAuditor));
    flaws
}
