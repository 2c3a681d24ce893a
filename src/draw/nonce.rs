//! Secret numbers that were fixed long before the draw: the links of a chain of hashes.
//!
//! A party takes 32 random bytes and hashes them again and again. The end of the chain, its **anchor**, is registered in public. For the
//! first draw the party reveals the link before the anchor, for the second draw the one before that, and so on; whoever has
//! the anchor hashes a revealed link and sees that it is the one. So there is one nonce a draw, and no choice in it. And
//! revealing a link reveals every link after it: a draw that was dropped in silence can be recomputed as soon as the next one is made.
//!
//! ```text
//! c[0] = 32 random bytes        c[i+1] = H(LP("foureyes/v1/chain", party, c[i]))
//! anchor = c[N]                 nonce(k) = c[N-k], for draw k from 1 to N
//! ```

use std::fmt;

use super::{Digest, digest, length_prefixed};

/// The longest chain: nobody draws more often, and no check takes longer than so many hashes.
pub const LINKS_MAX: u32 = 1_000_000;

const LABEL: &str = "foureyes/v1/chain";

/// The chain of one party, with its secret.
#[derive(Clone)]
pub struct Chain {
    party: String,
    first: Digest,
    length: u32,
}

/// Never with the secret in it.
impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain").field("party", &self.party).field("length", &self.length).finish_non_exhaustive()
    }
}

impl Chain {
    /// The chain of `party` that begins with the secret `first`, for `length` draws; none for a length of 0 or above
    /// [`LINKS_MAX`].
    pub fn new(party: &str, first: Digest, length: u32) -> Option<Self> {
        (1..=LINKS_MAX).contains(&length).then(|| Self { party: party.to_owned(), first, length })
    }

    /// Whose chain it is.
    pub fn party(&self) -> &str {
        &self.party
    }

    /// For how many draws it is.
    pub fn length(&self) -> u32 {
        self.length
    }

    /// What is registered in public.
    ///
    /// ```
    /// use foureyes::draw::nonce::{Chain, is_link};
    /// let chain = Chain::new("planner", [7; 32], 100).unwrap();
    /// let nonce = chain.nonce(1).unwrap();
    /// assert!(is_link("planner", &chain.anchor(), 1, &nonce) && !is_link("auditor", &chain.anchor(), 1, &nonce));
    /// ```
    pub fn anchor(&self) -> Digest {
        hashed(LABEL, &self.party, self.first, self.length)
    }

    /// The nonce of draw `draw`, counted from 1; none beyond the end of the chain.
    pub fn nonce(&self, draw: u32) -> Option<Digest> {
        let steps = self.length.checked_sub(draw).filter(|_| draw > 0)?;
        Some(hashed(LABEL, &self.party, self.first, steps))
    }
}

/// Whether `nonce` is what the party with this anchor reveals for draw `draw`: hashed as often, it is the anchor. No draw is 0 or
/// above [`LINKS_MAX`].
pub fn is_link(party: &str, anchor: &Digest, draw: u32, nonce: &Digest) -> bool {
    (1..=LINKS_MAX).contains(&draw) && hashed(LABEL, party, *nonce, draw) == *anchor
}

/// `link`, hashed `times` times.
fn hashed(label: &str, party: &str, link: Digest, times: u32) -> Digest {
    (0..times).fold(link, |link, _| digest(&length_prefixed(&[label.as_bytes(), party.as_bytes(), &link])))
}

#[cfg(test)]
mod tests {
    use super::super::to_hex;
    use super::*;

    /// Made before this program was, by Python's standard library, with the label of that study.
    #[test]
    fn chains_are_those_of_the_study() {
        let chain = |party: &str, byte, times| to_hex(&hashed("rota/v1/chain", party, [byte; 32], times));
        assert_eq!(chain("planner", 0x11, 1000), "d7d73506a5edeba862c368b521fc08547c10e01ec06a73968db570e1083bb616");
        assert_eq!(chain("integrity", 0x22, 1000), "db423f6c58f0c72e1aae23695d9eb6be712035d4237417752f8247effa1eeee4");
        assert_eq!(chain("planner", 0x11, 993), "d33ebefe17f159c5fb1132d0371f5a0a2af01ef4a556574bdd09b3687dd680fa");
        assert_eq!(chain("integrity", 0x22, 993), "41bd8a220769e21f75266fa0929d2c3efa07d14543a63bf811a5f55cd0fc19b5");
    }

    #[test]
    fn every_link_serves_one_draw_of_one_party() {
        let chain = Chain::new("planner", [1; 32], 5).unwrap();
        let anchor = chain.anchor();
        for draw in 1..=5 {
            let nonce = chain.nonce(draw).unwrap();
            for other in 0..=6 {
                assert_eq!(is_link("planner", &anchor, other, &nonce), other == draw);
            }
            assert!(!is_link("planne", &anchor, draw, &nonce));
        }
        assert_eq!(chain.nonce(5), Some([1; 32]));
        assert_eq!([0, 6, u32::MAX].map(|draw| chain.nonce(draw)), [None; 3]);
    }

    #[test]
    fn a_revealed_link_reveals_those_of_earlier_draws() {
        let chain = Chain::new("planner", [2; 32], 9).unwrap();
        assert!(is_link("planner", &chain.nonce(3).unwrap(), 4, &chain.nonce(7).unwrap()));
    }

    #[test]
    fn no_check_takes_for_ever() {
        assert!(Chain::new("planner", [0; 32], 0).is_none() && Chain::new("planner", [0; 32], LINKS_MAX + 1).is_none());
        assert!(!is_link("planner", &[0; 32], u32::MAX, &[0; 32]) && !is_link("planner", &[0; 32], 0, &[0; 32]));
    }

    #[test]
    fn the_secret_is_never_printed() {
        let printed = format!("{:?}", Chain::new("planner", [0xab; 32], 5).unwrap());
        assert_eq!(printed, "Chain { party: \"planner\", length: 5, .. }");
    }
}
