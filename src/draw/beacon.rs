//! The public random number: a round of the drand network quicknet, verified offline.
//!
//! Every three seconds members of the League of Entropy sign the number of the round together. The signature can't be known before, and
//! for one round there is only one; so whoever names a round that is still to come has fixed a number that nobody could
//! choose. Its randomness is the SHA-256 of the signature. Where a round comes late, one waits for that round, and never takes
//! another.
//!
//! Everything about the network is pinned here, from the chain information of <https://github.com/drand/drand>: the public key
//! is never read from a file, and no point at infinity is let through (with such a key and such a signature every round would be
//! genuine). `tests/vectors/quicknet-*.json` are real rounds. The file that an operator fetched is read by `record`.

use bls12_381::hash_to_curve::{ExpandMsgXmd, HashToCurve};
use bls12_381::{G1Affine, G1Projective, G2Affine, pairing};
use thiserror::Error;

use super::{Digest, digest, from_hex};

/// What names the network: SHA-256 over period, genesis, public key, genesis seed and [`ID`]. See [`chain`].
pub const CHAIN: Digest = pinned("52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971");

/// The network's public key, a point of G2.
pub const PUBLIC_KEY: [u8; 96] = pinned(
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb\
     5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
);

/// What the network began with.
pub const GENESIS_SEED: Digest = pinned("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e");

/// Signatures in G1 over the number of the round alone, hashed as RFC 9380 says. The chain hash does not cover it.
pub const SCHEME: &str = "bls-unchained-g1-rfc9380";

/// The network's name.
pub const ID: &str = "quicknet";

/// Seconds from one round to the next.
pub const PERIOD: u32 = 3;

/// The time of round 1, in seconds since 1970 in UTC: 23 August 2023, 15:09:27.
pub const GENESIS: i64 = 1_692_803_367;

/// The domain of RFC 9380 for signatures in G1.
const DOMAIN: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/// The prime below which coordinates lie.
const PRIME: [u8; 48] =
    pinned("1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab");

const fn pinned<const N: usize>(hex: &str) -> [u8; N] {
    from_hex(hex).expect("the constants above have their length")
}

/// The hash of the chain as drand makes it, from the constants above; it is [`CHAIN`].
///
/// ```
/// use foureyes::draw::beacon;
/// assert_eq!(beacon::chain(), beacon::CHAIN);
/// ```
pub fn chain() -> Digest {
    let (period, genesis) = (PERIOD.to_be_bytes(), GENESIS.to_be_bytes());
    digest(&[&period[..], &genesis, &PUBLIC_KEY, &GENESIS_SEED, ID.as_bytes()].concat())
}

/// A round as it was published: a claim, until it is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// The number of the round, from 1.
    pub round: u64,
    /// The signature, a point of G1.
    pub signature: [u8; 48],
}

/// Why something is no round of quicknet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BeaconFlaw {
    /// Rounds are numbered from 1.
    #[error("there is no round 0: the rounds of quicknet are numbered from 1")]
    NoSuchRound,
    /// The point at infinity, which no signature is.
    #[error("the signature is the point at infinity, which is nobody's signature")]
    Identity,
    /// Flags or a coordinate that the one spelling of a point does not have.
    #[error("the signature is not spelt as a point is: its flags are wrong, or its coordinate is not below the prime")]
    NotCanonical,
    /// No point of the curve, or one outside the group.
    #[error("the signature is no point of the group in which quicknet signs")]
    NotAPoint,
    /// A point, and not the network's signature of this round.
    #[error("the signature is not quicknet's signature of round {0}: it is of another round, or forged")]
    Forged(u64),
}

impl Round {
    /// The randomness of the round, where the signature is the network's.
    ///
    /// # Errors
    /// What gives the signature away.
    ///
    /// ```
    /// use foureyes::draw::{beacon::Round, from_hex, to_hex};
    /// let hex = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39";
    /// let round = Round { round: 1000, signature: from_hex(hex).unwrap() };
    /// let randomness = round.verify().unwrap();
    /// assert_eq!(to_hex(&randomness), "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd");
    /// assert!(Round { round: 1001, ..round }.verify().is_err());
    /// ```
    pub fn verify(&self) -> Result<Digest, BeaconFlaw> {
        if self.round == 0 {
            return Err(BeaconFlaw::NoSuchRound);
        }
        let signature = point(&self.signature)?;
        let key = G2Affine::from_compressed(&PUBLIC_KEY).expect("the pinned key is a point of G2");
        let message = G1Affine::from(message(self.round));
        match pairing(&signature, &G2Affine::generator()) == pairing(&message, &key) {
            true => Ok(digest(&self.signature)),
            false => Err(BeaconFlaw::Forged(self.round)),
        }
    }
}

/// The point that `bytes` spell, never the one at infinity.
fn point(bytes: &[u8; 48]) -> Result<G1Affine, BeaconFlaw> {
    let [first, rest @ ..] = *bytes;
    if first == 0xc0 && rest == [0; 47] {
        return Err(BeaconFlaw::Identity);
    }
    let mut coordinate = *bytes;
    coordinate[0] &= 0x1f;
    if first & 0xc0 != 0x80 || coordinate >= PRIME {
        return Err(BeaconFlaw::NotCanonical);
    }
    Option::from(G1Affine::from_compressed(bytes)).ok_or(BeaconFlaw::NotAPoint)
}

/// What the network signs, as a point: the SHA-256 of the number as eight bytes, the highest first.
fn message(round: u64) -> G1Projective {
    let message = digest(&round.to_be_bytes());
    <G1Projective as HashToCurve<ExpandMsgXmd<sha2_for_curve::Sha256>>>::hash_to_curve([message], DOMAIN)
}

/// The first round at or after a time in seconds since 1970; round 1 for every time before the network.
///
/// ```
/// use foureyes::draw::beacon::{GENESIS, round_at};
/// assert_eq!([GENESIS - 9, GENESIS, GENESIS + 1, GENESIS + 3, GENESIS + 4].map(round_at), [1, 1, 2, 2, 3]);
/// ```
pub fn round_at(seconds: i64) -> u64 {
    let since = seconds.saturating_sub(GENESIS);
    u64::try_from(since).map_or(1, |since| since.div_ceil(u64::from(PERIOD)) + 1)
}

/// The time of a round in seconds since 1970; none for round 0 and for rounds beyond every time that can be written.
///
/// ```
/// use foureyes::draw::beacon::{GENESIS, time_of};
/// assert_eq!([1, 2, 0, u64::MAX].map(time_of), [Some(GENESIS), Some(GENESIS + 3), None, None]);
/// ```
pub fn time_of(round: u64) -> Option<i64> {
    let since = round.checked_sub(1)?.checked_mul(u64::from(PERIOD))?;
    GENESIS.checked_add_unsigned(since)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED: &str =
        "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92";

    fn of(signature: [u8; 48]) -> Result<Digest, BeaconFlaw> {
        Round { round: 123, signature }.verify()
    }

    #[test]
    fn the_chain_hash_is_made_of_the_pinned_fields() {
        assert_eq!(chain(), CHAIN);
    }

    #[test]
    fn times_and_rounds_are_those_of_the_network() {
        // 2026-04-20T00:00:00Z and 12:30:45, as the Ruby gem `drand` has them; 2026-11-02T05:30:00Z.
        for (seconds, round) in [(1_776_643_200, 27_946_612), (1_776_688_245, 27_961_627), (1_793_597_400, 33_598_012)]
        {
            assert_eq!((round_at(seconds), time_of(round)), (round, Some(seconds)));
            assert_eq!(round_at(seconds - 2), round);
            assert_eq!(round_at(seconds + 1), round + 1);
        }
        assert_eq!((round_at(i64::MIN), round_at(0)), (1, 1));
        let last = round_at(i64::MAX);
        assert_eq!(time_of(last.saturating_sub(1)).map(|time| i64::MAX - time < 3), Some(true));
        assert_eq!(time_of(u64::MAX / 3), None);
    }

    #[test]
    fn no_changed_signature_is_genuine() {
        let signed: [u8; 48] = pinned(SIGNED);
        assert!(of(signed).is_ok());
        for (at, bit) in [(0, 0x20), (0, 0x01), (1, 0x80), (17, 0x10), (30, 0x01), (47, 0x01), (47, 0x80)] {
            let mut changed = signed;
            changed[at] ^= bit;
            assert!(of(changed).is_err(), "bit {bit:#x} of byte {at}");
        }
    }

    #[test]
    fn the_other_root_is_forged() {
        let mut negated: [u8; 48] = pinned(SIGNED);
        negated[0] ^= 0x20;
        assert_eq!(of(negated), Err(BeaconFlaw::Forged(123)));
    }

    #[test]
    fn points_have_one_spelling() {
        let (mut identity, mut sorted, mut filled) = ([0; 48], [0; 48], [0; 48]);
        (identity[0], sorted[0], filled[0], filled[47]) = (0xc0, 0xe0, 0xc0, 1);
        assert_eq!(of(identity), Err(BeaconFlaw::Identity));
        assert_eq!(of(sorted), Err(BeaconFlaw::NotCanonical));
        assert_eq!(of(filled), Err(BeaconFlaw::NotCanonical));
        assert_eq!(of([0; 48]), Err(BeaconFlaw::NotCanonical));
        assert_eq!(of([0xff; 48]), Err(BeaconFlaw::NotCanonical));
        let (mut at_prime, mut bare) = (PRIME, pinned::<48>(SIGNED));
        at_prime[0] |= 0x80;
        bare[0] &= 0x7f;
        assert_eq!(of(at_prime), Err(BeaconFlaw::NotCanonical));
        assert_eq!(of(bare), Err(BeaconFlaw::NotCanonical));
    }

    #[test]
    fn points_outside_the_group_are_refused() {
        // x = 0 lies on the curve (y = 2) and outside the group; nothing lies at x = 1.
        for x in [0, 1] {
            let mut bytes = [0; 48];
            (bytes[0], bytes[47]) = (0x80, x);
            assert_eq!(of(bytes), Err(BeaconFlaw::NotAPoint));
        }
    }

    #[test]
    fn there_is_no_round_nought() {
        assert_eq!(Round { round: 0, signature: pinned(SIGNED) }.verify(), Err(BeaconFlaw::NoSuchRound));
    }
}
