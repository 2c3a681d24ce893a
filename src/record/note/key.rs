//! The key of somebody who signs notes, with the name that goes with it.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64, Encoding};
use ed25519_dalek::VerifyingKey;
use thiserror::Error;

use super::from_base64;
use crate::draw::{digest, from_hex, to_hex};

/// No name of ours is longer in bytes; it is what the newer kinds of cosignature can take.
const NAME_BYTES_MAX: usize = 255;

/// What a key signs, and how its signature is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignatureKind {
    /// The text of a note, with Ed25519: type 0x01.
    Note,
    /// A checkpoint at a time, with Ed25519: type 0x04.
    Cosignature,
}

impl SignatureKind {
    fn byte(self) -> u8 {
        match self {
            Self::Note => 0x01,
            Self::Cosignature => 0x04,
        }
    }
}

/// A public key by the name that stands before its signatures. It is written `name+id+base64`.
///
/// ```
/// use foureyes::record::note::{SignatureKind, VerifierKey};
/// let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// let key: VerifierKey = text.parse().unwrap();
/// assert_eq!((key.name(), key.kind(), key.to_string().as_str()), ("PeterNeumann", SignatureKind::Note, text));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: SignatureKind,
    id: [u8; 4],
    key: VerifyingKey,
}

/// Why something is no key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyFlaw {
    /// Not three parts, joined by plus signs.
    #[error(
        "a key is written name+id+base64: a name without blanks, eight lower-case hexadecimal digits, and the key itself"
    )]
    Spelling,
    /// A name that would not be read back.
    #[error(
        "the name {0:?} can't stand before a signature: a name is 1 to 255 bytes without blanks, plus signs and control characters"
    )]
    Name(String),
    /// The id is not the one of this name and key.
    #[error("the id {stated} does not belong to this name and key, whose id is {made}: one of the three was changed")]
    Id {
        /// What is written.
        stated: String,
        /// What name and key give.
        made: String,
    },
    /// A kind of key that we do not have.
    #[error("the key is of type {0:#04x}; only Ed25519 keys are known, of types 0x01 (notes) and 0x04 (cosignatures)")]
    Kind(u8),
    /// No point, one of two spellings of a point, or one with which signatures mean nothing.
    #[error("the key is no Ed25519 key, or one with which anybody could sign")]
    Weak,
}

impl VerifierKey {
    /// A key by its name.
    ///
    /// # Errors
    /// A name that can't stand before a signature, or a key that proves nothing.
    pub fn new(name: &str, kind: SignatureKind, key: VerifyingKey) -> Result<Self, KeyFlaw> {
        if !is_name(name) || name.len() > NAME_BYTES_MAX || name.chars().any(char::is_control) {
            return Err(KeyFlaw::Name(name.chars().take(40).collect()));
        }
        if key.is_weak() || key.to_edwards().compress().to_bytes() != key.to_bytes() {
            return Err(KeyFlaw::Weak);
        }
        let id = id(name, kind.byte(), key.as_bytes());
        Ok(Self { name: name.to_owned(), kind, id, key })
    }

    /// The name that stands before the signatures.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the key signs.
    pub fn kind(&self) -> SignatureKind {
        self.kind
    }

    /// What a signature begins with: the first four bytes of the SHA-256 over the name, a line feed, the byte of the type, and the key.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The key itself.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }
}

fn id(name: &str, kind: u8, key: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = digest(&[name.as_bytes(), b"\n", &[kind], key].concat());
    [a, b, c, d]
}

/// Whether a name may stand before a signature: something, without blanks of any script and plus signs.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|letter: char| letter.is_whitespace() || letter == '+')
}

impl FromStr for VerifierKey {
    type Err = KeyFlaw;

    fn from_str(text: &str) -> Result<Self, KeyFlaw> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(stated), Some(base64)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyFlaw::Spelling);
        };
        let stated: [u8; 4] = from_hex(stated).ok_or(KeyFlaw::Spelling)?;
        let bytes = from_base64(base64).ok_or(KeyFlaw::Spelling)?;
        let (first, key) = bytes.split_first().ok_or(KeyFlaw::Spelling)?;
        let made = id(name, *first, key);
        if stated != made {
            return Err(KeyFlaw::Id { stated: to_hex(&stated), made: to_hex(&made) });
        }
        let kind = [SignatureKind::Note, SignatureKind::Cosignature].into_iter().find(|kind| kind.byte() == *first);
        let kind = kind.ok_or(KeyFlaw::Kind(*first))?;
        let key = key.try_into().ok().and_then(|key| VerifyingKey::from_bytes(key).ok()).ok_or(KeyFlaw::Weak)?;
        Self::new(name, kind, key)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[self.kind.byte()], &self.key.as_bytes()[..]].concat();
        write!(f, "{}+{}+{}", self.name, to_hex(&self.id), Base64::encode_string(&bytes))
    }
}
