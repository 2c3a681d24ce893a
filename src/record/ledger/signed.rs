//! Signatures of a line that needs more than one hand.
//!
//! Each party signs what the line says, not where it stands: so both can sign before it is written, and nobody can make a
//! signature serve another ledger, for the origin is signed too.

use ed25519_dalek::{Signature, Signer as _, SigningKey};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::body::Body;
use super::hexed;
use super::line::line_of_body;
use super::party::{Party, Role};
use crate::draw::{digest, length_prefixed};

/// One party's signature of a line. Fields in order of name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// Whose it is.
    pub name: String,
    /// Ed25519, over [`signed_text`].
    #[serde(with = "hexed")]
    pub signature: [u8; 64],
}

/// Why a signature vouches for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SignatureFlaw {
    /// Nobody of that name takes part.
    #[error("`{0}` is no party of the ledger")]
    Unknown(String),
    /// Not made with that party's key for this line.
    #[error("the signature of `{0}` is not theirs: it is of another line or ledger, or forged")]
    Forged(String),
}

/// What is signed of a line that says `body` in the ledger `origin`.
pub fn signed_text(origin: &str, body: &Body) -> Vec<u8> {
    let line = digest(line_of_body(body).as_bytes());
    length_prefixed(&[b"foureyes/v1/signed", origin.as_bytes(), &line])
}

impl Signed {
    /// `name`'s signature of a line that says `body` in the ledger `origin`.
    pub fn new(name: &str, key: &SigningKey, origin: &str, body: &Body) -> Self {
        let signature = key.sign(&signed_text(origin, body)).to_bytes();
        Self { name: name.to_owned(), signature }
    }

    /// The party that signed, if they did.
    ///
    /// # Errors
    /// Where the signature is not that of a party, for this body and this ledger.
    pub fn check<'p>(&self, origin: &str, body: &Body, parties: &'p [Party]) -> Result<&'p Party, SignatureFlaw> {
        let party = parties.iter().find(|party| party.name == self.name);
        let party = party.ok_or_else(|| SignatureFlaw::Unknown(self.name.clone()))?;
        let signature = Signature::from_bytes(&self.signature);
        let strict = party.verifying_key().map(|key| key.verify_strict(&signed_text(origin, body), &signature));
        match strict {
            Some(Ok(())) => Ok(party),
            _ => Err(SignatureFlaw::Forged(self.name.clone())),
        }
    }
}

/// The parties that signed a line that says `body`, in order of name, and the signatures that vouch for nothing.
pub fn hands<'p>(
    origin: &str,
    body: &Body,
    signed: &[Signed],
    parties: &'p [Party],
) -> (Vec<&'p Party>, Vec<SignatureFlaw>) {
    let (mut hands, mut flaws) = (Vec::new(), Vec::new());
    for signed in signed {
        match signed.check(origin, body, parties) {
            Ok(party) => hands.push(party),
            Err(flaw) => flaws.push(flaw),
        }
    }
    (hands, flaws)
}

/// What a line lacks that needs two hands.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unsigned {
    /// Fewer than two.
    #[error("it is signed by {0}; it takes two parties")]
    TooFew(usize),
    /// The planner with themselves.
    #[error("only planners signed; it takes somebody else too")]
    PlannersOnly,
}

/// Whether `parties`, whose signatures are genuine, are two hands: two or more, not all of them planners.
///
/// # Errors
/// What is lacking.
pub fn is_signed_by_two(parties: &[&Party]) -> Result<(), Unsigned> {
    let mut names: Vec<&str> = parties.iter().map(|party| party.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    match names.len() {
        few @ (0 | 1) => Err(Unsigned::TooFew(few)),
        _ if parties.iter().all(|party| party.role == Role::Planner) => Err(Unsigned::PlannersOnly),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ORIGIN, key, opening, party, void};
    use super::*;

    fn parties() -> Vec<Party> {
        match opening() {
            Body::Open(open) => open.parties,
            other => panic!("{other:?} opens nothing"),
        }
    }

    #[test]
    fn a_signature_is_good_for_one_body_in_one_ledger() {
        let (parties, body) = (parties(), void(3));
        let signed = Signed::new("officer", &key("officer"), ORIGIN, &body);
        assert_eq!(signed.check(ORIGIN, &body, &parties).map(|party| party.role), Ok(Role::Officer));
        let forged = Err(SignatureFlaw::Forged("officer".to_owned()));
        assert_eq!(signed.check("other.example", &body, &parties), forged);
        assert_eq!(signed.check(ORIGIN, &void(4), &parties), forged);
        let renamed = Signed { name: "planner".to_owned(), ..signed.clone() };
        assert!(renamed.check(ORIGIN, &body, &parties).is_err());
        let stranger = Signed { name: "nobody".to_owned(), ..signed.clone() };
        assert_eq!(stranger.check(ORIGIN, &body, &parties), Err(SignatureFlaw::Unknown("nobody".to_owned())));
        for bit in 0..512 {
            let mut other = signed.clone();
            other.signature[bit / 8] ^= 1 << (bit % 8);
            assert!(other.check(ORIGIN, &body, &parties).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn the_text_that_is_signed_is_the_line_without_its_place() {
        let line = "{\"counter\":3,\"kind\":\"void\",\"reason\":\"The roster was wrong.\"}\n";
        let text = length_prefixed(&[b"foureyes/v1/signed", ORIGIN.as_bytes(), &digest(line.as_bytes())]);
        assert_eq!(signed_text(ORIGIN, &void(3)), text);
    }

    #[test]
    fn two_hands_are_two_parties_and_not_planners_alone() {
        let (officer, planner) = (party("officer", Role::Officer), party("planner", Role::Planner));
        let other = party("planner-2", Role::Planner);
        assert_eq!(is_signed_by_two(&[&officer, &planner]), Ok(()));
        assert_eq!(is_signed_by_two(&[]), Err(Unsigned::TooFew(0)));
        assert_eq!(is_signed_by_two(&[&officer, &officer]), Err(Unsigned::TooFew(1)));
        assert_eq!(is_signed_by_two(&[&planner, &other]), Err(Unsigned::PlannersOnly));
    }
}
