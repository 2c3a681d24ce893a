//! What is wrong with the bytes of a record, before any claim of it is checked.

use std::collections::BTreeMap;

/// Something that a file of the record must not have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flaw {
    /// Which file.
    pub file: String,
    /// Which line, from 1, where one is meant.
    pub line: Option<u64>,
    /// What kind of flaw; one of [`flaws`].
    pub name: &'static str,
    /// The facts, as a sentence.
    pub says: String,
}

/// The names of flaws.
pub mod flaws {
    /// A file of the record is not there.
    pub const MISSING_FILE: &str = "missing-file";
    /// A file is there that no record has.
    pub const EXTRA_FILE: &str = "extra-file";
    /// A file, a line or a count is beyond every bound.
    pub const TOO_LARGE: &str = "too-large";
    /// Bytes that are not UTF-8.
    pub const NOT_UTF8: &str = "not-utf8";
    /// A line does not end with one line feed.
    pub const LINE_ENDING: &str = "line-ending";
    /// A line without anything in it.
    pub const BLANK_LINE: &str = "blank-line";
    /// A line is not JSON of this table's shape.
    pub const MALFORMED: &str = "malformed";
    /// A line says what it says in another spelling than the one allowed.
    pub const NOT_CANONICAL: &str = "not-canonical";
    /// Text that is not in normal form C.
    pub const NOT_NFC: &str = "not-nfc";
    /// Lines or lists are not in their order.
    pub const ORDER: &str = "order";
    /// The same line, id or name twice.
    pub const REPEATED: &str = "repeated";
    /// An id that its table does not have.
    pub const UNKNOWN_ID: &str = "unknown-id";
    /// A value that can't be.
    pub const BAD_VALUE: &str = "bad-value";
    /// A rule or a parameter is not written down as the edition of the policy does, or is none.
    pub const POLICY_RULES: &str = "policy-rules";
    /// The policy is of an edition of the rule book that this program does not know.
    pub const UNKNOWN_EDITION: &str = "unknown-edition";
    /// The schedule names a visit twice.
    pub const VISIT_TWICE: &str = "visit-twice";
    /// The schedule does not name a visit.
    pub const VISIT_MISSING: &str = "visit-missing";
    /// A team names a person twice.
    pub const PERSON_TWICE: &str = "person-twice";
    /// A team has too few or too many people.
    pub const TEAM_SIZE: &str = "team-size";
    /// The first line of an urn does not say that it is the urn of its stage.
    pub const URN_HEADER: &str = "urn-header";
    /// An urn has other bytes than its tickets take.
    pub const URN_SIZE: &str = "urn-size";
}

/// Flaws of one kind in one file that are told one by one; the others are only counted.
const TOLD_MAX: u64 = 100;

/// Collects flaws. Of very many of one kind in one file the first hundred are told, the rest counted.
#[derive(Debug, Default)]
pub struct Flaws {
    told: Vec<Flaw>,
    counts: BTreeMap<(String, &'static str), u64>,
}

impl Flaws {
    /// Adds a flaw.
    pub fn add(&mut self, name: &'static str, file: &str, line: Option<u64>, says: impl Into<String>) {
        let count = self.counts.entry((file.to_owned(), name)).or_default();
        *count += 1;
        if *count <= TOLD_MAX {
            self.told.push(Flaw { file: file.to_owned(), line, name, says: says.into() });
        }
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Everything found, in order of file, line and name.
    pub fn into_vec(mut self) -> Vec<Flaw> {
        for ((file, name), count) in self.counts.into_iter().filter(|(_, count)| *count > TOLD_MAX) {
            let says = format!("{} more like this in this file", count - TOLD_MAX);
            self.told.push(Flaw { file, line: None, name, says });
        }
        self.told.sort();
        self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn very_many_flaws_of_one_kind_are_counted_not_told() {
        let mut flaws = Flaws::default();
        for line in 1..=150 {
            flaws.add(flaws::ORDER, "inputs/history.jsonl", Some(line), "out of order");
        }
        let told = flaws.into_vec();
        assert_eq!(told.len(), 101);
        assert_eq!(told[0].says, "50 more like this in this file");
    }
}
