//! Salted Merkle trees: a root is published, and one leaf can be shown without the others (DRAW.md, section 12).
//!
//! Whoever knows all but one bit of a file could try both values against a plain digest of it. So each leaf has a salt of its own, from a
//! master that is as secret as the file.

use std::collections::BTreeMap;

use hkdf::Hkdf;
use sha2::Sha256;

use super::layout::{ABSENCES, CONFLICTS, ESTABLISHMENTS, Files, HISTORY, INSPECTORS, POLICY, VISITS, WAIVERS};
use super::merkle::{inclusion, leaf_hash, root_of};
use crate::draw::{Digest, digest, from_hex, length_prefixed, to_hex};

/// The secret that all salts of a freeze, and of the draws and changes that rest on it, come from.
#[derive(Clone)]
pub struct Master {
    bytes: [u8; 32],
    /// `HKDF-Extract("", master)`, from which every salt is expanded.
    extracted: Hkdf<Sha256>,
}

impl Master {
    /// The master of these 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self { bytes, extracted: Hkdf::new(Some(&[]), &bytes) }
    }

    /// Reads the file `salt`: 64 hex digits in lower case and a line feed.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
        from_hex(text).map(Self::new)
    }

    /// The bytes of the file `salt`.
    pub fn file(&self) -> Vec<u8> {
        format!("{}\n", to_hex(&self.bytes)).into_bytes()
    }

    /// The salt of one thing: `HKDF-Expand(HKDF-Extract("", master), LP("foureyes/v1/salt", scope, table, key), 32)`.
    pub fn salt(&self, scope: &str, table: &str, key: &str) -> Digest {
        let info = length_prefixed(&[b"foureyes/v1/salt", scope.as_bytes(), table.as_bytes(), key.as_bytes()]);
        let mut salt = [0; 32];
        self.extracted.expand(&info, &mut salt).expect("32 bytes are within what HKDF can give");
        salt
    }

    /// `H(LP(label, salt(scope, what, ""), bytes))`: a digest of a whole file that says nothing of it before its master is known.
    pub fn digest_of(&self, label: &str, scope: &str, what: &str, bytes: &[u8]) -> Digest {
        digest(&length_prefixed(&[label.as_bytes(), &self.salt(scope, what, ""), bytes]))
    }
}

/// One leaf of a salted tree, as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Which table it is of.
    pub table: String,
    /// Which of its lines: an id, or the number of the line with eight digits.
    pub key: String,
    /// Its salt.
    pub salt: Digest,
    /// The lines that it vouches for, each with its line feed.
    pub text: String,
}

impl Leaf {
    /// The bytes that the tree is over.
    pub fn bytes(&self) -> Vec<u8> {
        let Self { table, key, salt, text } = self;
        length_prefixed(&[b"foureyes/v1/leaf", table.as_bytes(), key.as_bytes(), salt, text.as_bytes()])
    }
}

/// A tree with all its leaves.
#[derive(Clone, Debug)]
pub struct Tree {
    leaves: Vec<Leaf>,
    /// Of each leaf, what stands in the tree for it.
    hashes: Vec<Digest>,
}

impl Tree {
    /// The tree over frozen inputs: one leaf a person, with everything that was entered about them, and one for each line of the other
    /// tables. `scope` is `freeze/N`. Lines that can't be read are in no leaf; whoever thaws the inputs has told of them.
    pub fn of_inputs(files: &Files, master: &Master, scope: &str) -> Self {
        let mut texts: BTreeMap<(&str, String), String> = BTreeMap::new();
        for name in [INSPECTORS, ABSENCES, CONFLICTS, WAIVERS] {
            for (_, line) in lines(files, name) {
                if let Some(id) = text_of(line, if name == INSPECTORS { "id" } else { "inspector" }) {
                    texts.entry(("inspectors", id)).or_default().push_str(line);
                }
            }
        }
        for (table, name) in
            [("establishments", ESTABLISHMENTS), ("history", HISTORY), ("policy", POLICY), ("visits", VISITS)]
        {
            texts.extend(lines(files, name).map(|(number, line)| ((table, format!("{number:08}")), line.to_owned())));
        }
        Self::salted(texts, master, scope)
    }

    /// The tree over the lines of a schedule, as `schedule.jsonl` has them, one leaf a visit. `scope` is `draw/K` or `change/N`.
    pub fn of_schedule(schedule: &[u8], master: &Master, scope: &str) -> Self {
        let texts =
            lines_of(schedule).filter_map(|(_, line)| Some((("schedule", text_of(line, "visit")?), line.to_owned())));
        Self::salted(texts.collect(), master, scope)
    }

    fn salted(texts: BTreeMap<(&str, String), String>, master: &Master, scope: &str) -> Self {
        let leaf = |((table, key), text): ((&str, String), String)| Leaf {
            salt: master.salt(scope, table, &key),
            table: table.to_owned(),
            key,
            text,
        };
        let leaves: Vec<Leaf> = texts.into_iter().map(leaf).collect();
        let hashes = leaves.iter().map(|leaf| leaf_hash(&leaf.bytes())).collect();
        Self { leaves, hashes }
    }

    /// Its leaves, in order of table and key.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The root, as it is published.
    pub fn root(&self) -> Digest {
        root_of(self.hashes.iter().copied())
    }

    /// The inclusion proof of leaf `number`, from 0; nothing where there is no such leaf.
    pub fn proof(&self, number: usize) -> Option<Vec<Digest>> {
        inclusion(&self.hashes, number)
    }
}

fn lines<'f>(files: &'f Files, name: &str) -> impl Iterator<Item = (usize, &'f str)> {
    lines_of(files.get(name).map(Vec::as_slice).unwrap_or_default())
}

/// Each line that is UTF-8, with its number in the file.
fn lines_of(bytes: &[u8]) -> impl Iterator<Item = (usize, &str)> {
    let lines = (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n'));
    lines.filter_map(|(number, line)| Some((number, std::str::from_utf8(line).ok()?)))
}

/// The text in one field of a line.
fn text_of(line: &str, field: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    value.get(field)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::merkle::verify_inclusion;

    fn inputs() -> Files {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        Files::from([
            file(INSPECTORS, "{\"id\":\"ana\",\"lead\":true}\n{\"id\":\"ben\",\"lead\":false}\n"),
            file(ABSENCES, "{\"from\":\"2027-01-04\",\"inspector\":\"ben\",\"to\":\"2027-01-05\"}\n"),
            file(CONFLICTS, "{\"inspector\":\"ben\",\"target\":\"e1\",\"target_kind\":\"establishment\"}\n"),
            file(VISITS, "{\"id\":\"v1\"}\n{\"id\":\"v2\"}\n"),
        ])
    }

    #[test]
    fn everything_about_a_person_is_in_one_leaf() {
        let tree = Tree::of_inputs(&inputs(), &Master::new([7; 32]), "freeze/1");
        let keys: Vec<_> = tree.leaves().iter().map(|leaf| (leaf.table.as_str(), leaf.key.as_str())).collect();
        assert_eq!(
            keys,
            [("inspectors", "ana"), ("inspectors", "ben"), ("visits", "00000001"), ("visits", "00000002")]
        );
        assert_eq!(tree.leaves()[1].text.lines().count(), 3);
        for (number, leaf) in tree.leaves().iter().enumerate() {
            let hash = leaf_hash(&leaf.bytes());
            assert!(verify_inclusion(&hash, number as u64, 4, &tree.proof(number).unwrap(), &tree.root()));
        }
        assert_eq!(tree.proof(4), None);
    }

    #[test]
    fn a_line_that_is_not_utf8_is_in_no_leaf_and_keeps_its_number() {
        let mut files = inputs();
        files.insert(VISITS.to_owned(), b"{\"id\":\"v\xff\"}\n{\"id\":\"v2\"}\n".to_vec());
        let tree = Tree::of_inputs(&files, &Master::new([7; 32]), "freeze/1");
        let keys: Vec<_> = tree.leaves().iter().map(|leaf| leaf.key.as_str()).collect();
        assert_eq!(keys, ["ana", "ben", "00000002"]);
    }

    #[test]
    fn salts_differ_by_everything() {
        let master = Master::new([7; 32]);
        let salts = [
            master.salt("freeze/1", "visits", "1"),
            master.salt("freeze/2", "visits", "1"),
            master.salt("freeze/1", "schedule", "1"),
            master.salt("freeze/1", "visits", "2"),
            Master::new([8; 32]).salt("freeze/1", "visits", "1"),
        ];
        for (at, salt) in salts.iter().enumerate() {
            assert!(!salts[..at].contains(salt));
        }
    }

    #[test]
    fn a_master_is_read_as_it_is_written() {
        let master = Master::new([0xab; 32]);
        assert!(Master::read(&master.file()).is_some_and(|read| read.file() == master.file()));
        for wrong in ["", "ab\n", &"AB".repeat(32), &format!("{}\n", "AB".repeat(32)), &"ab".repeat(32)] {
            assert!(Master::read(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }
}
