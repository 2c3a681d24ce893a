//! Keys: from the frozen inputs and a seed to one key a purpose.

use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};

use super::Stream;

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// The SHA-256 digest of `bytes`.
///
/// ```
/// let digest = foureyes::draw::digest(b"abc");
/// assert_eq!(digest[..4], [0xba, 0x78, 0x16, 0xbf]);
/// ```
pub fn digest(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// The parts one behind the other, each after its length in bytes as a little-endian `u32`, so that
/// no two lists of parts give the same bytes.
///
/// # Panics
/// Where a part has 4 GiB or more; labels, ids and seeds are bounded far below.
pub fn length_prefixed(parts: &[&[u8]]) -> Vec<u8> {
    let mut all = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        let length = u32::try_from(part.len()).expect("a part is shorter than 4 GiB");
        all.extend(length.to_le_bytes());
        all.extend(*part);
    }
    all
}

/// What every random word of a draw comes from: the pseudorandom key of RFC 5869.
///
/// It depends on the frozen inputs as well as on the seed, so a changed input changes every word.
#[derive(Clone, PartialEq, Eq)]
pub struct Root {
    key: Digest,
}

impl Root {
    /// The root of a draw from a literal seed: `HKDF-Extract(salt = inputs, IKM = LP("foureyes/v1/seed",
    /// "text", seed))`. The empty text and `0` are seeds like any other.
    ///
    /// ```
    /// use foureyes::draw::{Root, digest};
    /// let inputs = digest(b"the frozen inputs");
    /// let mut words = Root::from_seed(&inputs, "").stream("build", "0");
    /// let mut again = Root::from_seed(&inputs, "").stream("build", "0");
    /// assert_eq!(words.word(), again.word());
    /// ```
    pub fn from_seed(inputs: &Digest, seed: &str) -> Self {
        let material = length_prefixed(&[b"foureyes/v1/seed", b"text", seed.as_bytes()]);
        let (key, _) = Hkdf::<Sha256>::extract(Some(inputs), &material);
        Self { key: key.into() }
    }

    /// The key of one purpose: `HKDF-Expand(root, LP("foureyes/v1/stream", purpose, id), 32)`.
    pub fn key(&self, purpose: &str, id: &str) -> Digest {
        let info = length_prefixed(&[b"foureyes/v1/stream", purpose.as_bytes(), id.as_bytes()]);
        let expander = Hkdf::<Sha256>::from_prk(&self.key).expect("a root has the length of a digest");
        let mut key = [0; 32];
        expander.expand(&info, &mut key).expect("32 bytes are within what HKDF can give");
        key
    }

    /// The random words of one purpose. No two purposes share a word.
    pub fn stream(&self, purpose: &str, id: &str) -> Stream {
        Stream::from_key(self.key(purpose, id))
    }
}
