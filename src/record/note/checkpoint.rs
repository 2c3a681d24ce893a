//! A checkpoint: how large a log's tree was, and its root, as the text of a note.

use std::fmt;

use base64ct::{Base64, Encoding};

use super::{Note, NoteFlaw, Signed, VerifierKey, from_base64};
use crate::draw::Digest;

/// What a log says of itself. Lines beyond the third are kept, and mean nothing to us.
///
/// ```
/// use foureyes::record::merkle_root;
/// use foureyes::record::note::Checkpoint;
/// let checkpoint = Checkpoint::new("inspectorate.example/ledger", 1, merkle_root([&b"the first line"[..]])).unwrap();
/// assert_eq!(Checkpoint::parse(&checkpoint.to_string()), Ok(checkpoint));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Digest,
    extensions: Vec<String>,
}

impl Checkpoint {
    /// The checkpoint of the log `origin` with `size` leaves and this root.
    ///
    /// # Errors
    /// An origin that is no line of a note.
    pub fn new(origin: &str, size: u64, root: Digest) -> Result<Self, NoteFlaw> {
        if origin.is_empty() || origin.contains(|letter: char| letter.is_control()) {
            return Err(NoteFlaw::Checkpoint("its first line, the origin, is one line with something in it"));
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions: Vec::new() })
    }

    /// Which log it is.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many leaves the tree had.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree.
    pub fn root(&self) -> &Digest {
        &self.root
    }

    /// The lines beyond the third.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The checkpoint that the text of a note is. Whether anybody signed it is not known by this.
    ///
    /// # Errors
    /// What no checkpoint may have. What is read is written again as the same text.
    pub fn parse(text: &str) -> Result<Self, NoteFlaw> {
        let wrong = |says| Err(NoteFlaw::Checkpoint(says));
        let Some(lines) = text.strip_suffix('\n') else { return Err(NoteFlaw::OpenText) };
        let mut lines = lines.split('\n');
        let origin = lines.next().unwrap_or_default();
        let Some(size) = lines.next().and_then(|size| size.parse().ok().filter(|n: &u64| n.to_string() == size)) else {
            return wrong("its second line, the size, is a whole number without leading zeros");
        };
        let root = lines.next().and_then(from_base64).and_then(|root| root.try_into().ok());
        let Some(root) = root else { return wrong("its third line, the root, is 32 bytes in base64") };
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return wrong("lines beyond the third have something in them");
        }
        Ok(Self { extensions, ..Self::new(origin, size, root)? })
    }

    /// The checkpoint in the bytes of a signed note, and which of `keys` have signed it.
    ///
    /// # Errors
    /// Bytes that are no note, a signature of one of these keys that does not verify, none of any, or a text that is no
    /// checkpoint.
    pub fn open<'k>(bytes: &[u8], keys: &'k [VerifierKey]) -> Result<(Self, Vec<Signed<'k>>), NoteFlaw> {
        let note = Note::parse(bytes)?;
        let signed = note.verified(keys)?;
        Ok((Self::parse(note.text())?, signed))
    }
}

/// The text of a note.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, Base64::encode_string(&self.root))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
