//! The entries of a ledger: read with bounds, and written one behind the other.

use super::LEDGER;
use super::body::Body;
use super::line::Line;
use super::signed::Signed;
use crate::draw::{Digest, digest};
use crate::record::canonical::{line, rows_from};
use crate::record::flaw::{Flaw, Flaws, flaws};

/// Lines that a ledger may have.
pub const LEDGER_LINES_MAX: usize = 1_000_000;

/// Bytes that a ledger may have.
pub const LEDGER_BYTES_MAX: u64 = 512 << 20;

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands: the number of its line, from 1.
    pub line: u64,
    /// The number that it states.
    pub stated: u64,
    /// The digest of the line above that it states.
    pub previous: Digest,
    /// Its own digest, over [`bytes`](Self::bytes).
    pub hash: Digest,
    /// The line as it stands, with its line feed.
    pub bytes: Vec<u8>,
    /// What it says.
    pub body: Body,
    /// Who signed it, where its kind is signed by two.
    pub signed: Vec<Signed>,
}

impl Entry {
    /// The entry that says `body` and stands behind `last`; the first where there is none.
    pub fn next(last: Option<&Self>, body: Body, signed: Vec<Signed>) -> Self {
        let number = last.map_or(1, |last| last.line + 1);
        let previous = last.map_or([0; 32], |last| last.hash);
        let line_of = Line { body, line: number, previous, signed };
        Self::of(number, line(&line_of).into_bytes(), line_of)
    }

    fn of(at: u64, bytes: Vec<u8>, line: Line) -> Self {
        let Line { body, line: stated, previous, signed } = line;
        Self { line: at, stated, previous, hash: digest(&bytes), bytes, body, signed }
    }

    /// What is wrong with its place behind `last`, the line above; nothing where it goes on from there.
    pub fn is_behind(&self, last: Option<&Self>) -> bool {
        self.stated == self.line
            && last.map_or(self.line == 1, |last| last.line + 1 == self.line)
            && self.previous == last.map_or([0; 32], |last| last.hash)
    }
}

/// The entries in the `bytes` of a ledger that can be read, and what is wrong with the others. Whether they go on from each
/// other is not looked at.
///
/// ```
/// use foureyes::record::ledger::read_ledger;
/// let (entries, flaws) = read_ledger(b"{\"kind\":\"open\"");
/// assert!(entries.is_empty() && flaws.iter().any(|flaw| flaw.name == "line-ending"));
/// ```
pub fn read_ledger(bytes: &[u8]) -> (Vec<Entry>, Vec<Flaw>) {
    let mut flaws = Flaws::default();
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').take(LEDGER_LINES_MAX + 1).collect();
    if lines.len() > LEDGER_LINES_MAX {
        let says = format!("more than {LEDGER_LINES_MAX} lines; the others were not read");
        flaws.add(flaws::TOO_LARGE, LEDGER, None, says);
        lines.truncate(LEDGER_LINES_MAX);
    }
    let mut entries = Vec::new();
    for (number, text) in (1..).zip(lines) {
        let read = rows_from::<Line>(text, number, LEDGER, &mut flaws).pop();
        if let Some((_, line)) = read {
            in_order(&line.signed, number, &mut flaws);
            entries.push(Entry::of(number, text.to_vec(), line));
        }
    }
    (entries, flaws.into_vec())
}

/// Signatures stand in order of name, none twice.
fn in_order(signed: &[Signed], line: u64, flaws: &mut Flaws) {
    for (one, next) in signed.iter().zip(signed.iter().skip(1)) {
        if one.name == next.name {
            flaws.add(flaws::REPEATED, LEDGER, Some(line), format!("`{}` signed twice", one.name));
        } else if one.name > next.name {
            let says = format!("the signature of `{}` stands behind that of `{}`", next.name, one.name);
            flaws.add(flaws::ORDER, LEDGER, Some(line), says);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bytes, every_kind, freeze, void};
    use super::*;

    #[test]
    fn each_line_goes_on_from_the_one_above() {
        let entries = every_kind();
        let (read, flaws) = read_ledger(&bytes(&entries));
        assert_eq!((&read, flaws), (&entries, vec![]));
        let mut last = None;
        for entry in &read {
            assert!(entry.is_behind(last));
            last = Some(entry);
        }
    }

    #[test]
    fn a_line_taken_out_or_changed_is_seen_from_the_next() {
        let mut entries = every_kind();
        entries.remove(4);
        let (read, _) = read_ledger(&bytes(&entries));
        assert!(read[3].is_behind(Some(&read[2])) && !read[4].is_behind(Some(&read[3])));
        assert!(!read[0].is_behind(Some(&read[1])) && !read[1].is_behind(None));
    }

    #[test]
    fn a_torn_last_line_is_a_flaw_and_takes_no_other_with_it() {
        let entries = every_kind();
        let whole = bytes(&entries);
        let last = entries.last().unwrap().bytes.len();
        for cut in 1..last {
            let (read, flaws) = read_ledger(&whole[..whole.len() - cut]);
            assert!(flaws.iter().all(|flaw| flaw.line == Some(entries.len() as u64)));
            assert!(flaws.iter().any(|flaw| flaw.name == flaws::LINE_ENDING), "{cut} bytes lacking");
            assert_eq!(read.len(), entries.len() - usize::from(cut > 1));
        }
    }

    #[test]
    fn a_line_without_end_is_not_swallowed() {
        let long = vec![b' '; (1 << 20) + 1];
        let (read, flaws) = read_ledger(&long);
        assert_eq!((read.len(), flaws[0].name), (0, flaws::TOO_LARGE));
    }

    #[test]
    fn the_number_of_a_line_counts_also_those_that_cannot_be_read() {
        let first = Entry::next(None, freeze(1), Vec::new());
        let second = Entry::next(Some(&first), void(1), Vec::new());
        let (read, flaws) = read_ledger(&[&first.bytes, &b"{}\n"[..], &second.bytes].concat());
        assert_eq!(read.iter().map(|entry| (entry.line, entry.stated)).collect::<Vec<_>>(), [(1, 1), (3, 2)]);
        assert_eq!(flaws[0].line, Some(2));
        assert!(!read[1].is_behind(Some(&read[0])));
    }
}
