//! The members of a team have ids that begin with different letters.
//!
//! # Says
//! The ids of the members of a team begin with different letters.
//!
//! # Why
//! So that the book of the tests is a newer one.
//!
//! # Passes
//! Ana and Ben go together.
//!
//! # Breaks
//! Ana and Ada go together.
//!
//! # Source
//! None.

// A rule of the unit tests alone: their book has one more than the real one, of an edition that nobody has published, off by
// default, with a parameter that came later still. Whatever is shipped must be read, judged and drawn under it as without it.

use super::{Check, Chosen, Entry, Found, Held, Later, Parameter, Rule, Shape, Value, Violation};
use crate::model::Case;

const NAME: &str = "newcomer";
const LETTERS: Value = Value::Number(1, 1, 8);

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1_000,
    shape: Shape::TeamRule,
    enabled: false,
    waivable: false,
    parameters: &[Parameter { name: "letters", value: LETTERS, says: "letters that are compared" }],
    later: &[Later { parameter: "letters", since: 1_001, before: LETTERS }],
    text: include_str!("newcomer.rs"),
    make: |chosen: &Chosen| Box::new(Newcomer { letters: chosen.count("letters") }),
};

struct Newcomer {
    letters: usize,
}

impl Rule for Newcomer {
    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        Some(Box::new(Letters { case, letters: self.letters }))
    }
}

struct Letters<'c> {
    case: &'c Case,
    letters: usize,
}

impl Check for Letters<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        let begins = |who| self.case.inspector(who).id.chars().take(self.letters).collect::<String>();
        for sent in held.visits() {
            for (a, b) in sent.pairs().filter(|(a, b)| begins(*a) == begins(*b)) {
                let says = "their ids begin alike".to_owned();
                found.tell(|| Violation { rule: NAME, visits: vec![sent.visit()], inspectors: vec![a, b], says });
            }
        }
    }
}
