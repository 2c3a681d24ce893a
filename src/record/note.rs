//! Signed notes, checkpoints and cosignatures, as [C2SP](https://c2sp.org) specifies them, so that tools which exist can read, check
//! and cosign what we publish: `signed-note` (version 1), `tlog-checkpoint`, and the Ed25519 form of `tlog-cosignature`.
//!
//! A note is a text, a blank line, and a line for each signature. Whoever reads one brings the keys that they know. Signatures
//! of other keys are ignored; one of a known key that does not verify condemns the note, and so does having none. The text of a
//! note is nothing to go by before that: ask [`Note::verified`], or [`Checkpoint::open`].
//!
//! The key that signs checkpoints and the key of a cosigner are never one key: only a cosignature's message says what it is.

mod checkpoint;
mod key;

use std::fmt;

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, Signer, SigningKey};
use thiserror::Error;

pub use checkpoint::Checkpoint;
pub use key::{KeyFlaw, SignatureKind, VerifierKey};

/// No note is larger. Sixteen signatures, which every reader must take, have less than half of it even where they are of
/// the long kind that no quantum computer forges.
pub const NOTE_BYTES_MAX: usize = 256 * 1024;

/// No note has more signatures.
pub const SIGNATURES_MAX: usize = 100;

/// What stands before a signature.
const DASH: &str = "\u{2014} ";

/// A text with signatures under it. That there are signatures says nothing yet: see [`verified`](Self::verified).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature of a note, of a key that may be unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NoteSignature {
    name: String,
    id: [u8; 4],
    /// What follows the id; its form depends on the key.
    bytes: Vec<u8>,
}

/// A known key that has signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'k> {
    /// Which key.
    pub key: &'k VerifierKey,
    /// When, by the cosigner's own clock, in seconds since 1970; none where the kind of signature has no time.
    pub time: Option<i64>,
}

/// Why something is no note, no checkpoint, or not to be relied on.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoteFlaw {
    /// More than [`NOTE_BYTES_MAX`].
    #[error("the note has {0} bytes; none with more than {NOTE_BYTES_MAX} is read")]
    TooLarge(usize),
    /// Bytes that are not UTF-8.
    #[error("the note is not UTF-8")]
    NotUtf8,
    /// A control character that is no line feed.
    #[error("the note has a control character, which no note may have; carriage returns are such")]
    Control,
    /// The text is not whole lines.
    #[error("the text of a note ends with a line feed")]
    OpenText,
    /// No blank line with something after it.
    #[error(
        "the note has no signatures: they stand after the last blank line, one a line, and the last line ends with a line feed too"
    )]
    NoSignatures,
    /// Something else than a signature below the text.
    #[error("line {0} below the text is no signature: a dash (U+2014), a name and base64, one blank between them")]
    SignatureLine(usize),
    /// More than [`SIGNATURES_MAX`].
    #[error("the note has more than {SIGNATURES_MAX} signatures")]
    TooMany,
    /// Two different known keys with one name and one id.
    #[error("two of the known keys are called {0:?} and have one id, so nobody can tell which of them signed")]
    Ambiguous(String),
    /// A known key has not made the signature under its name.
    #[error(
        "the signature under the name {0:?} is not by the key known for it: the text was changed, or the signature forged"
    )]
    Forged(String),
    /// No known key has signed.
    #[error("none of the known keys has signed the note")]
    Unsigned,
    /// A time before 1970.
    #[error("nothing is cosigned before 1970")]
    Time,
    /// The name of a signer.
    #[error(transparent)]
    Key(#[from] KeyFlaw),
    /// A text that is not one of a checkpoint.
    #[error("the text is no checkpoint: {0}")]
    Checkpoint(&'static str),
}

impl Note {
    /// A text that nobody has signed yet.
    ///
    /// # Errors
    /// A text that a note can't have.
    pub fn new(text: &str) -> Result<Self, NoteFlaw> {
        if text.len() > NOTE_BYTES_MAX {
            return Err(NoteFlaw::TooLarge(text.len()));
        }
        without_controls(text)?;
        match text.ends_with('\n') {
            true => Ok(Self { text: text.to_owned(), signatures: Vec::new() }),
            false => Err(NoteFlaw::OpenText),
        }
    }

    /// The note that the bytes of a file have. Nothing is verified by this.
    ///
    /// # Errors
    /// Whatever no note may have. What is read is written again as the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteFlaw> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(NoteFlaw::TooLarge(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| NoteFlaw::NotUtf8)?;
        without_controls(text)?;
        let (text, below) = text.rsplit_once("\n\n").ok_or(NoteFlaw::NoSignatures)?;
        let lines = below.strip_suffix('\n').ok_or(NoteFlaw::NoSignatures)?;
        let mut note = Self::new(&format!("{text}\n"))?;
        for (number, line) in (1..).zip(lines.split('\n')) {
            if number > SIGNATURES_MAX {
                return Err(NoteFlaw::TooMany);
            }
            note.signatures.push(NoteSignature::parse(line).ok_or(NoteFlaw::SignatureLine(number))?);
        }
        Ok(note)
    }

    /// The text, its last line feed included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Which of `keys` have signed the text, in the order of the note; never none. Of several signatures with one name and one id
    /// only the first is looked at.
    ///
    /// # Errors
    /// A signature of one of these keys that does not verify, or none of any.
    ///
    /// ```
    /// use foureyes::record::note::{Note, VerifierKey};
    /// let key: VerifierKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k".parse().unwrap();
    /// let note = Note::parse("This is an example message.\n\n\
    ///     — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n".as_bytes()).unwrap();
    /// let keys = [key];
    /// let signed = note.verified(&keys).unwrap();
    /// assert_eq!(signed[0].key.name(), "example.com/foo");
    /// assert!(note.verified(&[]).is_err());
    /// ```
    pub fn verified<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<Signed<'k>>, NoteFlaw> {
        let mut signed: Vec<Signed> = Vec::new();
        for signature in &self.signatures {
            let mut known = keys.iter().filter(|key| signature.names(key));
            let Some(key) = known.next() else { continue };
            if known.any(|other| other != key) {
                return Err(NoteFlaw::Ambiguous(signature.name.clone()));
            }
            if signed.iter().all(|earlier| earlier.key != key) {
                let time = signature.verified(&self.text, key)?;
                signed.push(Signed { key, time });
            }
        }
        if signed.is_empty() { Err(NoteFlaw::Unsigned) } else { Ok(signed) }
    }

    /// Puts the signature of `name` under the text, in the place of one that this key made before.
    ///
    /// # Errors
    /// A name that no key may have, or too many signatures.
    pub fn sign(&mut self, name: &str, key: &SigningKey) -> Result<(), NoteFlaw> {
        let signature = key.sign(self.text.as_bytes()).to_bytes().to_vec();
        self.put(VerifierKey::new(name, SignatureKind::Note, key.verifying_key())?, signature)
    }

    /// Puts the cosignature of `name` under the text, in the place of one that this key made before: that at `time`, in seconds
    /// since 1970, this checkpoint was the furthest that the cosigner had seen of the log, and everything before it was in it.
    ///
    /// # Errors
    /// A text that is no checkpoint, a name that no key may have, a time before 1970, or too many signatures.
    pub fn cosign(&mut self, name: &str, key: &SigningKey, time: i64) -> Result<(), NoteFlaw> {
        let seconds = u64::try_from(time).map_err(|_| NoteFlaw::Time)?;
        Checkpoint::parse(&self.text)?;
        let signature = key.sign(cosigned(&self.text, seconds).as_bytes()).to_bytes();
        let bytes = [&seconds.to_be_bytes()[..], &signature].concat();
        self.put(VerifierKey::new(name, SignatureKind::Cosignature, key.verifying_key())?, bytes)
    }

    fn put(&mut self, key: VerifierKey, bytes: Vec<u8>) -> Result<(), NoteFlaw> {
        self.signatures.retain(|signature| !signature.names(&key));
        if self.signatures.len() >= SIGNATURES_MAX {
            return Err(NoteFlaw::TooMany);
        }
        self.signatures.push(NoteSignature { name: key.name().to_owned(), id: key.id(), bytes });
        Ok(())
    }
}

/// The bytes of a file, where anybody has signed.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| {
            let bytes = [&signature.id[..], &signature.bytes].concat();
            writeln!(f, "{DASH}{} {}", signature.name, Base64::encode_string(&bytes))
        })
    }
}

impl NoteSignature {
    fn parse(line: &str) -> Option<Self> {
        let (name, base64) = line.strip_prefix(DASH)?.split_once(' ')?;
        let bytes = from_base64(base64)?;
        let (id, bytes) = bytes.split_first_chunk()?;
        let can_be = key::is_name(name) && !bytes.is_empty();
        can_be.then(|| Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
    }

    /// Whether it says that it is by `key`.
    fn names(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }

    /// The time of the signature, if it has one, where `key` has made it.
    fn verified(&self, text: &str, key: &VerifierKey) -> Result<Option<i64>, NoteFlaw> {
        let (time, message, bytes) = match key.kind() {
            SignatureKind::Note => (None, text.to_owned(), Some(&self.bytes[..])),
            SignatureKind::Cosignature => {
                let (time, bytes) = self.bytes.split_first_chunk().unzip();
                let seconds = u64::from_be_bytes(time.copied().unwrap_or_default());
                (i64::try_from(seconds).ok(), cosigned(text, seconds), bytes)
            }
        };
        let timed = time.is_some() || key.kind() == SignatureKind::Note;
        let signature = bytes.and_then(|bytes| Signature::from_slice(bytes).ok()).filter(|_| timed);
        match signature.map(|signature| key.key().verify_strict(message.as_bytes(), &signature)) {
            Some(Ok(())) => Ok(time),
            _ => Err(NoteFlaw::Forged(self.name.clone())),
        }
    }
}

fn without_controls(text: &str) -> Result<(), NoteFlaw> {
    let control = text.chars().any(|letter| letter < ' ' && letter != '\n');
    if control { Err(NoteFlaw::Control) } else { Ok(()) }
}

/// What a cosigner signs.
fn cosigned(text: &str, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

/// The bytes of `text` in base64 (RFC 4648, section 4), where it has no other spelling.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok().filter(|bytes| Base64::encode_string(bytes) == text)
}

#[cfg(test)]
mod tests;
