//! Receipts: what an entry of the ledger says of one inspector, shown without anybody else (DRAW.md, section 17).

use serde::{Deserialize, Serialize};

use super::canonical::{line, rows_from};
use super::flaw::{Flaw, Flaws, flaws};
use super::ledger::Entry;
use super::merkle::{inclusion, leaf_hash, verify_inclusion};
use super::salted::{Leaf, Tree};
use crate::draw::{Digest, from_hex, to_hex};

/// The format that a receipt states.
pub const RECEIPT_FORMAT: &str = "foureyes/v1/receipt";

/// Bytes that a receipt may have.
pub const RECEIPT_BYTES_MAX: u64 = 1 << 20;

/// Hashes that a proof may have: more than any tree of ours is deep.
const PROOF_MAX: usize = 64;

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The note of a checkpoint that has the entry.
    pub checkpoint: String,
    /// The line of the ledger, with its line feed.
    pub entry: String,
    /// Hashes in hex: the entry's place in the tree of the checkpoint.
    pub entry_proof: Vec<String>,
    /// [`RECEIPT_FORMAT`].
    pub format: String,
    /// Whose receipt it is.
    pub inspector: String,
    /// What is shown.
    pub opened: Vec<Opened>,
}

/// One leaf, opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The leaf's key.
    pub key: String,
    /// Its place in the tree, from 0.
    pub number: u64,
    /// Hashes in hex: its place in the tree of the entry.
    pub proof: Vec<String>,
    /// Its salt in hex.
    pub salt: String,
    /// Its table.
    pub table: String,
    /// Its lines.
    pub text: String,
}

impl Receipt {
    /// The receipt of `inspector` for the leaves of `tree` that are about them, by what `is_about` says. The entry that publishes the root of `tree`
    /// stands at place `at` (from 0) of `entries`, of which `checkpoint` is a note. Nothing where there is no such entry.
    pub fn new(
        checkpoint: &str,
        entries: &[Entry],
        at: usize,
        tree: &Tree,
        inspector: &str,
        is_about: impl Fn(&Leaf) -> bool,
    ) -> Option<Self> {
        let hashes: Vec<Digest> = entries.iter().map(|entry| leaf_hash(&entry.bytes)).collect();
        let about = tree.leaves().iter().enumerate().filter(|(_, leaf)| is_about(leaf));
        let opened = about.map(|(number, leaf)| Opened::new(tree, number, leaf)).collect::<Option<Vec<_>>>()?;
        Some(Self {
            checkpoint: checkpoint.to_owned(),
            entry: String::from_utf8(entries.get(at)?.bytes.clone()).ok()?,
            entry_proof: in_hex(&inclusion(&hashes, at)?),
            format: RECEIPT_FORMAT.to_owned(),
            inspector: inspector.to_owned(),
            opened,
        })
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        line(self).into_bytes()
    }

    /// Whether the entry stands at place `at` (from 0) of a ledger of `size` lines with this root.
    pub fn has_entry(&self, at: u64, size: u64, root: &Digest) -> bool {
        let leaf = leaf_hash(self.entry.as_bytes());
        from_hexes(&self.entry_proof).is_some_and(|path| verify_inclusion(&leaf, at, size, &path, root))
    }
}

impl Opened {
    fn new(tree: &Tree, number: usize, leaf: &Leaf) -> Option<Self> {
        Some(Self {
            key: leaf.key.clone(),
            number: number as u64,
            proof: in_hex(&tree.proof(number)?),
            salt: to_hex(&leaf.salt),
            table: leaf.table.clone(),
            text: leaf.text.clone(),
        })
    }

    /// Whether the leaf stands at its place of a tree of `leaves` leaves with this root.
    pub fn is_in(&self, leaves: u64, root: &Digest) -> bool {
        let Some((salt, path)) = from_hex(&self.salt).zip(from_hexes(&self.proof)) else { return false };
        let leaf = Leaf { table: self.table.clone(), key: self.key.clone(), salt, text: self.text.clone() };
        verify_inclusion(&leaf_hash(&leaf.bytes()), self.number, leaves, &path, root)
    }
}

fn in_hex(path: &[Digest]) -> Vec<String> {
    path.iter().map(|hash| to_hex(hash)).collect()
}

fn from_hexes(path: &[String]) -> Option<Vec<Digest>> {
    (path.len() <= PROOF_MAX).then(|| path.iter().map(|hash| from_hex(hash)).collect())?
}

/// The receipt in the bytes of file `name`, where it can be read, and what is wrong with them.
///
/// ```
/// let (receipt, flaws) = foureyes::record::read_receipt("mine.receipt", b"{}");
/// assert!(receipt.is_none() && !flaws.is_empty());
/// ```
pub fn read_receipt(name: &str, bytes: &[u8]) -> (Option<Receipt>, Vec<Flaw>) {
    let mut flaws = Flaws::default();
    let rows = rows_from::<Receipt>(bytes, 1, name, &mut flaws);
    if let Some((number, _)) = rows.get(1) {
        flaws.add(flaws::REPEATED, name, Some(*number), "a receipt is one line");
    }
    let receipt = rows.into_iter().next().map(|(_, receipt)| receipt);
    match &receipt {
        None if flaws.is_empty() => flaws.add(flaws::MALFORMED, name, None, "there is no line in it"),
        Some(receipt) if receipt.format != RECEIPT_FORMAT => {
            let says = format!("the format is `{}`; this program knows `{RECEIPT_FORMAT}`", receipt.format);
            flaws.add(flaws::BAD_VALUE, name, Some(1), says);
        }
        _ => {}
    }
    (receipt, flaws.into_vec())
}
