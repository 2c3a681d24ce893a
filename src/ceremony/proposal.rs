//! What needs two hands: proposed by one, signed by another, and only then on the ledger.
//!
//! The planner's command writes `proposed.json` with the planner's signature. Another party reads it in words and signs it with `cosign`.
//! The same command again puts it on the ledger. A change that not everybody may read lies beside it as `proposed-change.json`,
//! bound to it by the digest that the line states.

use std::path::PathBuf;

use super::office::read_file;
use super::past::CHANGE_BYTES_MAX;
use super::{Access, CeremonyError, Keys, Office};
use crate::draw::digest;
use crate::record::ledger::{Body, Draft, Role, Signed, hands, is_signed_by_two};
use crate::record::{change_file, read_spelled, spelled};

/// Where a proposal waits.
pub const PROPOSED: &str = "proposed.json";

/// Where its change waits, if it has one.
pub const PROPOSED_CHANGE: &str = "proposed-change.json";

/// No proposal is longer.
const PROPOSAL_BYTES_MAX: u64 = 1 << 20;

/// Something that waits for a second hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What the line would say, and who signed it so far.
    pub draft: Draft,
    /// The change that it is about, of an amendment or an override.
    pub change: Option<Vec<u8>>,
}

/// What came of proposing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It waits for another party's signature.
    Waits,
    /// It is on the ledger, in this line.
    Landed(u64),
}

impl Office {
    /// The proposal that waits; none where there is none, and none of what is on the ledger already.
    ///
    /// # Errors
    /// Where it can't be read, or its change is not the one that it names.
    pub fn proposal(&self) -> Result<Option<Proposal>, CeremonyError> {
        let path = self.path(PROPOSED);
        if !path.exists() {
            return Ok(None);
        }
        let wrong = |says: &str| CeremonyError::File { path: path.clone(), says: says.to_owned() };
        let bytes = read_file(&path, PROPOSAL_BYTES_MAX)?;
        let draft: Draft = read_spelled(&bytes, PROPOSED).map_err(|_| wrong("is no proposal; take it away"))?;
        if self.entries().iter().any(|entry| entry.body == draft.body) {
            return Ok(None);
        }
        let change = match draft.body.change() {
            Some((_, named)) => {
                let change = read_file(&self.path(PROPOSED_CHANGE), CHANGE_BYTES_MAX)?;
                if digest(&change) != named {
                    return Err(wrong("names another change than the one in proposed-change.json"));
                }
                Some(change)
            }
            None => None,
        };
        Ok(Some(Proposal { draft, change }))
    }

    /// Proposes a line that needs two hands, as the planner; or puts it on the ledger, where another party has signed it
    /// meanwhile. `change` is the file of a change that the line names.
    ///
    /// # Errors
    /// Where the line may not follow, or another proposal waits.
    pub fn propose(&mut self, keys: &Keys, body: Body, change: Option<&[u8]>) -> Result<Settled, CeremonyError> {
        self.is_planner(keys)?;
        if let Some(line) = self.line_of(&body) {
            return self.landed(keys, line);
        }
        self.course().may(&body)?;
        let waiting = self.proposal()?;
        if let Some(other) = waiting.as_ref().filter(|waiting| waiting.draft.body != body) {
            return Err(CeremonyError::refused(
                format!("another proposal waits for a second signature: {}", super::in_words(&other.draft.body)),
                format!("have it signed, or withdraw it: delete `{}`", self.path(PROPOSED).display()),
            ));
        }
        let signed = waiting.map(|waiting| waiting.draft.signed).unwrap_or_default();
        let draft = Draft { signed: with(signed, keys.sign(self.origin(), &body)), body };
        self.write(&draft, change)?;
        match self.is_whole(&draft) {
            true => self.land(keys, draft, change),
            false => Ok(Settled::Waits),
        }
    }

    /// Signs the proposal that waits, as a party that is not the planner.
    ///
    /// # Errors
    /// Where nothing waits, it may not follow, or the keys are not those of another party.
    pub fn sign_proposal(&self, keys: &Keys) -> Result<Proposal, CeremonyError> {
        self.is_party(keys)?;
        if keys.role() == Role::Planner {
            let says = "the planner proposed it; it takes somebody else's signature";
            return Err(CeremonyError::refused(says, "ask an officer or an auditor"));
        }
        let waiting = self
            .proposal()?
            .ok_or_else(|| CeremonyError::refused("nothing waits for a signature", "nothing is to be done"))?;
        self.course().may(&waiting.draft.body)?;
        let Proposal { draft: Draft { body, signed }, change } = waiting;
        let draft = Draft { signed: with(signed, keys.sign(self.origin(), &body)), body };
        self.write(&draft, None)?;
        Ok(Proposal { draft, change })
    }

    /// The line that says `body`, where it is on the ledger.
    fn line_of(&self, body: &Body) -> Option<u64> {
        self.entries().iter().find(|entry| entry.body == *body).map(|entry| entry.line)
    }

    fn is_whole(&self, draft: &Draft) -> bool {
        let (hands, flaws) = hands(self.origin(), &draft.body, &draft.signed, self.course().parties());
        flaws.is_empty() && is_signed_by_two(&hands).is_ok()
    }

    /// The change first, so that whoever reads the proposal finds it.
    fn write(&self, draft: &Draft, change: Option<&[u8]>) -> Result<(), CeremonyError> {
        if let Some(change) = change {
            self.put(self.path(PROPOSED_CHANGE), change, Access::Owner)?;
        }
        self.put(self.path(PROPOSED), spelled(draft).as_bytes(), Access::Everybody)
    }

    /// Puts a file in its place, unless it is there as it should be.
    pub(super) fn put(&self, path: PathBuf, bytes: &[u8], access: Access) -> Result<(), CeremonyError> {
        if std::fs::read(&path).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        self.disk().write_whole(&path, bytes, access).map_err(CeremonyError::io(&path))
    }

    /// The change, then the line that names it, then its checkpoint; only then is the proposal done with.
    fn land(&mut self, keys: &Keys, draft: Draft, change: Option<&[u8]>) -> Result<Settled, CeremonyError> {
        if let Some(((number, _), change)) = draft.body.change().zip(change) {
            self.put(self.path(&change_file(number)), change, Access::Owner)?;
        }
        let line = self.append(draft.body, draft.signed)?.line;
        self.landed(keys, line)
    }

    fn landed(&self, keys: &Keys, line: u64) -> Result<Settled, CeremonyError> {
        self.seal(keys)?;
        if self.proposal()?.is_none() {
            for name in [PROPOSED, PROPOSED_CHANGE] {
                let path = self.path(name);
                self.disk().remove(&path).map_err(CeremonyError::io(&path))?;
            }
        }
        Ok(Settled::Landed(line))
    }
}

/// `signed` with one more, in order of name, each name once.
fn with(mut signed: Vec<Signed>, one: Signed) -> Vec<Signed> {
    signed.retain(|other| other.name != one.name);
    signed.push(one);
    signed.sort_by(|a, b| a.name.cmp(&b.name));
    signed
}
