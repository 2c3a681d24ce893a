//! Editions of the rule book: what a frozen policy writes down, and what one of an older edition means today.
//!
//! The book grows. A rule or a parameter says in which edition it came ([`Entry::since`], [`Entry::later`]), and a policy that was
//! frozen before does not know it: there the rule is off, and the parameter is what the rule did until then. So a record stays sound
//! whatever is added to the book, and no rule that is off changes a byte from which a draw is made.
//!
//! A policy of edition 1 writes down every rule of that edition with every parameter. Later ones write down the rules that are on, and
//! leave out what a later edition added wherever it changes nothing. They state the least edition that knows all they name, so the
//! same case is frozen as the same bytes by every program that can plan it.

use std::collections::BTreeMap;

use super::book::{Book, Booked, Entry, Later};
use super::parameters::{ENABLED, SettingProblem};
use super::{BOOK, team_size};
use crate::model::{Parameters, Setting, Settings};

/// The edition of this book: the newest that any of its rules and parameters came in.
pub const EDITION: u32 = newest(BOOK);

/// The edition that wrote down every rule, on or off, and did not state its number.
pub(super) const FIRST: u32 = 1;

/// At least 2, since policies have had the shorter form from then on.
const fn newest(book: &[Entry]) -> u32 {
    let (mut newest, mut at) = (FIRST + 1, 0);
    while at < book.len() {
        let entry = &book[at];
        newest = if entry.since > newest { entry.since } else { newest };
        let mut of = 0;
        while of < entry.later.len() {
            newest = if entry.later[of].since > newest { entry.later[of].since } else { newest };
            of += 1;
        }
        at += 1;
    }
    newest
}

/// What the rules of a frozen policy are, and what is wrong with how it writes them down.
pub struct FrozenRules {
    /// The rules, each with every parameter in force.
    pub book: Book,
    /// What is not written down, or is and should not be. The book is read all the same.
    pub gaps: Vec<Gap>,
}

/// A difference between what a frozen policy writes down and what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The rule; empty where the edition itself is meant.
    pub rule: String,
    /// The fact, as a sentence.
    pub says: String,
}

impl Entry {
    /// The parameter called `name`, if it came later than the rule.
    fn came_later(&self, name: &str) -> Option<&'static Later> {
        self.later.iter().find(|later| later.parameter == name)
    }

    /// The edition in which a parameter of this rule came.
    pub fn since_of(&self, name: &str) -> u32 {
        self.came_later(name).map_or(self.since, |later| later.since)
    }

    /// Whether a policy writes it down where it is off, too: other rules look at its parameters.
    fn is_asked_when_off(&self) -> bool {
        self.name == super::conflict_of_interest::ENTRY.name
    }

    /// Whether every policy names it.
    fn is_always_named(&self, edition: u32) -> bool {
        let always = self.is_asked_when_off() || self.name == team_size::ENTRY.name;
        self.since <= edition && (edition == FIRST || always)
    }
}

impl Booked {
    /// Whether anything asks what its parameters are.
    pub fn is_asked(&self) -> bool {
        self.rule.is_some() || self.entry.is_asked_when_off()
    }

    /// What a frozen policy of edition 1 or of a later one writes down of it; none where it does not name it.
    fn written(&self, first: bool) -> Option<Parameters> {
        let entry = self.entry;
        let named = if first { entry.since == FIRST } else { self.is_asked() };
        let is_news = |name: &str, value: &Setting| match entry.came_later(name) {
            Some(later) => !first && *value != later.before.default(),
            None => true,
        };
        let own = self.parameters.iter().filter(|(name, value)| is_news(name, value));
        named.then(|| own.map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

impl Book {
    /// The rules of a frozen policy of `edition` that names those `given`, with those parameters.
    ///
    /// # Errors
    /// Every rule and parameter that this program does not know, and every value that can't be.
    ///
    /// ```
    /// use foureyes::{model::Settings, rules::Book};
    /// let office = Book::new(&Settings::new()).unwrap();
    /// let written: Settings = office.written().into_iter().collect();
    /// let read = Book::frozen(office.edition(), &written).unwrap();
    /// assert!(read.gaps.is_empty());
    /// assert_eq!(read.book.written(), office.written());
    /// ```
    pub fn frozen(edition: u32, given: &Settings) -> Result<FrozenRules, Vec<SettingProblem>> {
        let mut settings = given.clone();
        for entry in BOOK {
            match settings.get_mut(entry.name) {
                Some(own) => own.extend(as_before(entry, own)),
                None if entry.is_always_named(edition) => {}
                None => {
                    settings.insert(entry.name.to_owned(), Parameters::from([switched_off()]));
                }
            }
        }
        let book = Self::new(&settings)?.of_edition(edition);
        let gaps = book.gaps(edition, given);
        Ok(FrozenRules { book, gaps })
    }

    /// The rules that a frozen policy names, in order of name, each with the parameters that it writes down.
    pub fn written(&self) -> BTreeMap<String, Parameters> {
        let one = |booked: &Booked| Some((booked.entry.name.to_owned(), booked.written(self.is_of_first_edition())?));
        self.all().iter().filter_map(one).collect()
    }

    /// The edition that a frozen policy is of: the least that knows all it names.
    pub fn edition(&self) -> u32 {
        if self.is_of_first_edition() {
            return FIRST;
        }
        let written = self.written();
        let since = |booked: &Booked| {
            let own = written.get(booked.entry.name)?;
            own.keys().map(|name| booked.entry.since_of(name)).max()
        };
        self.all().iter().filter_map(since).max().unwrap_or(FIRST).max(FIRST + 1)
    }

    /// How a policy of `edition` that writes down what is `given` differs from how it should.
    fn gaps(&self, edition: u32, given: &Settings) -> Vec<Gap> {
        let written = self.written();
        let mut gaps: Vec<_> = self.all().iter().flat_map(|booked| gaps_of(booked, edition, given, &written)).collect();
        let least = self.edition();
        if edition > least {
            let says = format!(
                "the policy is of edition {edition} of the rule book, and names nothing that came after edition {least}"
            );
            gaps.push(Gap { rule: String::new(), says });
        }
        gaps
    }
}

fn gaps_of(booked: &Booked, edition: u32, given: &Settings, written: &Settings) -> Vec<Gap> {
    let (entry, none) = (booked.entry, Parameters::new());
    let (rule, stands) = (entry.name, given.get(entry.name));
    let should = written.get(rule).filter(|_| stands.is_some() || entry.is_always_named(edition));
    if stands.is_some() && should.is_none() && entry.since <= edition {
        return vec![gap(rule, format!("rule `{rule}` is off, and rules that are off are not written down"))];
    }
    let (stands, should) = (stands.unwrap_or(&none), should.unwrap_or(&none));
    let missing = should.keys().filter(|name| !stands.contains_key(*name));
    let missing = missing.map(|name| gap(rule, format!("parameter `{name}` of rule `{rule}` is not written down")));
    let strange = stands.keys().filter_map(|name| {
        let since = entry.since_of(name);
        let which = format!("parameter `{name}` of rule `{rule}`");
        let says = match should.contains_key(name) {
            _ if since > edition => {
                format!("{which} came with edition {since} of the rule book; the policy is of edition {edition}")
            }
            true => return None,
            false => format!("{which} says what the rule did before it came, and is then not written down"),
        };
        Some(gap(rule, says))
    });
    missing.chain(strange).collect()
}

/// What the parameters that `own` does not name were before they came.
fn as_before(entry: &Entry, own: &Parameters) -> Parameters {
    let unnamed = entry.later.iter().filter(|later| !own.contains_key(later.parameter));
    unnamed.map(|later| (later.parameter.to_owned(), later.before.default())).collect()
}

fn switched_off() -> (String, Setting) {
    (ENABLED.to_owned(), Setting::Switch(false))
}

fn gap(rule: &str, says: String) -> Gap {
    Gap { rule: rule.to_owned(), says }
}
