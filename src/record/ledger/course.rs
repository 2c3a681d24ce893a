//! What may follow what: freezes, commitments, their draws, and changes, each numbered without a gap.
//!
//! The acts ask before they write ([`Course::objections`]), a verifier of every line ([`Course::of`]). A line that stands out
//! of course is taken as it says all the same, so that one fault is told once and not of everything behind it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use thiserror::Error;

use super::LEDGER_FORMAT;
use super::beacon::{BeaconLine, Dice};
use super::body::{Body, Commit, Disclose, Fallback, Freeze, Open};
use super::entry::Entry;
use super::party::{Party, PartyFlaw, Role, flaws, is_party_name};
use crate::draw::dice::{FACES_MAX, FACES_MIN};
use crate::draw::{self, Digest, beacon};
use crate::model::is_blank;
use crate::record::layout::TICKETS_MAX;

/// How far a ledger has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// The first line, where there is one.
    pub opened: Option<Open>,
    /// The freezes, each with its line.
    pub freezes: Vec<(u64, Freeze)>,
    /// The commitments.
    pub commitments: Vec<Made>,
    /// The number of the last change.
    pub changes: u64,
    /// The number of the last line.
    pub lines: u64,
    /// Whether any commitment was drawn: asked of every change, so that it may not take a walk through all commitments.
    has_drawn: bool,
    /// Where the last commitment with each counter stands among them.
    at: BTreeMap<u64, usize>,
}

/// A commitment, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The number of its line.
    pub line: u64,
    /// The digest of its line.
    pub hash: Digest,
    /// What it says.
    pub commit: Commit,
    /// What became of it.
    pub ending: Ending,
    /// The line in which its secrets were disclosed.
    pub disclosed: Option<u64>,
}

/// What became of a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nothing yet: it is the one to be drawn.
    Open,
    /// It was drawn, in this line.
    Drawn(u64),
    /// It was voided, in this line.
    Void(u64),
    /// Another commitment followed, in this line, without a draw or a void.
    Dropped(u64),
}

/// A line that stands out of course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The number of the line.
    pub line: u64,
    /// Why.
    pub why: OutOfCourse,
}

/// Why a line may not follow.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OutOfCourse {
    /// The first line is another.
    #[error("the first line is `{0}`; a ledger begins with `open`")]
    NotOpened(&'static str),
    /// It is open already.
    #[error("the ledger is open already; `open` is its first line and no other")]
    OpenedAgain,
    /// Not the format that is known.
    #[error("the format is `{0}`; this program knows `{LEDGER_FORMAT}`")]
    Format(String),
    /// The origin is no name.
    #[error("`{0}` is no origin: 1 to 100 of the characters from `!` to `~`, without `+`")]
    Origin(String),
    /// Something about the parties.
    #[error(transparent)]
    Party(#[from] PartyFlaw),
    /// Freezes are numbered without a gap.
    #[error("freeze {stated} stands where freeze {next} comes next")]
    FreezeNumber {
        /// The number that it states.
        stated: u64,
        /// The number that comes next.
        next: u64,
    },
    /// Counters go on without a gap.
    #[error("commitment {stated} stands where commitment {next} comes next")]
    Counter {
        /// The counter that it states.
        stated: u64,
        /// The counter that comes next.
        next: u64,
    },
    /// Another commitment is open.
    #[error("commitment {0} is neither drawn nor void; one that was made known may not be dropped")]
    StillOpen(u64),
    /// What an open commitment rests on would change under it.
    #[error("commitment {0} is open, and its urn rests on what is held; nothing is changed before it is drawn or void")]
    ChangedWhileOpen(u64),
    /// Not the last freeze.
    #[error("the commitment names freeze {stated}; the last one is {last}")]
    NotTheLastFreeze {
        /// The freeze that it names.
        stated: u64,
        /// The last one; 0 where there is none.
        last: u64,
    },
    /// Something in a commitment that can't be.
    #[error("{0}")]
    Commitment(String),
    /// There is no such commitment.
    #[error("there is no commitment {0}")]
    NoCommitment(u64),
    /// It was drawn.
    #[error("commitment {0} was drawn already, in line {1}")]
    DrawnAlready(u64, u64),
    /// It was voided.
    #[error("commitment {0} was made void already, in line {1}")]
    VoidAlready(u64, u64),
    /// Another commitment followed it.
    #[error("commitment {0} is not open: another followed it in line {1}")]
    NotOpen(u64, u64),
    /// A text that must say something is blank.
    #[error("the reason is blank")]
    NoReason,
    /// Changes are numbered without a gap.
    #[error("change {stated} stands where change {next} comes next")]
    ChangeNumber {
        /// The number that it states.
        stated: u64,
        /// The number that comes next.
        next: u64,
    },
    /// A change before there is anything to change.
    #[error("nothing was drawn yet, so there is nothing to change")]
    NothingDrawn,
    /// Secrets of a commitment that is still to be drawn.
    #[error("commitment {0} is still open: its secrets would give away what it draws")]
    TooEarly(u64),
    /// Disclosed before.
    #[error("the secrets of commitment {0} stand in line {1} already")]
    DisclosedAlready(u64, u64),
    /// Not the secrets that the commitment names.
    #[error("the secrets are those of {stated}; the commitment takes those of {named}")]
    OtherSecrets {
        /// Whose are given.
        stated: String,
        /// Whose the commitment names.
        named: String,
    },
}

impl Course {
    /// The course of `entries`, and every line that stands out of it.
    pub fn of(entries: &[Entry]) -> (Self, Vec<Stray>) {
        let (mut course, mut strays) = (Self::default(), Vec::new());
        for entry in entries {
            let whys = course.objections(&entry.body);
            strays.extend(whys.into_iter().map(|why| Stray { line: entry.line, why }));
            course.take(entry);
        }
        (course, strays)
    }

    /// Whose ledger it is; blank before the first line.
    pub fn origin(&self) -> &str {
        self.opened.as_ref().map_or("", |open| &open.origin)
    }

    /// Those who take part, in order of name.
    pub fn parties(&self) -> &[Party] {
        self.opened.as_ref().map_or(&[], |open| &open.parties)
    }

    /// The party of this name.
    pub fn party(&self, name: &str) -> Option<&Party> {
        self.parties().iter().find(|party| party.name == name)
    }

    /// Who writes the ledger.
    pub fn planner(&self) -> Option<&Party> {
        self.parties().iter().find(|party| party.role == Role::Planner)
    }

    /// The commitment that is to be drawn.
    pub fn open(&self) -> Option<&Made> {
        self.commitments.last().filter(|made| made.ending == Ending::Open)
    }

    /// The commitment with this counter.
    pub fn commitment(&self, counter: u64) -> Option<&Made> {
        self.commitments.get(*self.at.get(&counter)?)
    }

    /// The number of the next freeze.
    pub fn next_freeze(&self) -> u64 {
        self.freezes.last().map_or(0, |(_, freeze)| freeze.number) + 1
    }

    /// The counter of the next commitment.
    pub fn next_counter(&self) -> u64 {
        self.commitments.last().map_or(0, |made| made.commit.counter) + 1
    }

    /// The number of the next change.
    pub fn next_change(&self) -> u64 {
        self.changes + 1
    }

    /// Everything that keeps a line that says `body` from coming next.
    pub fn objections(&self, body: &Body) -> Vec<OutOfCourse> {
        let mut objections = self.of_opening(body);
        match body {
            Body::Open(open) => objections.extend(of_open(open)),
            Body::Freeze(freeze) => objections.extend(self.of_freeze(freeze)),
            Body::Commit(commit) => objections.extend(self.of_commit(commit)),
            Body::Draw(draw) => objections.extend(self.of_ending(draw.counter)),
            Body::Void(void) => {
                objections.extend(self.of_ending(void.counter));
                objections.extend(of_reason(&void.reason));
            }
            Body::Amend(amend) => {
                objections.extend(self.of_change(amend.number));
                objections.extend(self.of_held());
            }
            Body::Override(by_hand) => {
                objections.extend(self.of_change(by_hand.number));
                objections.extend(self.of_held());
                objections.extend(of_reason(&by_hand.reason));
            }
            Body::Executed(executed) => objections.extend(self.of_change(executed.number)),
            Body::Disclose(disclose) => objections.extend(self.of_disclosure(disclose)),
        }
        objections
    }

    /// Whether a line that says `body` may come next.
    ///
    /// # Errors
    /// The first thing that stands in its way.
    pub fn may(&self, body: &Body) -> Result<(), OutOfCourse> {
        self.objections(body).into_iter().next().map_or(Ok(()), Err)
    }

    fn of_opening(&self, body: &Body) -> Vec<OutOfCourse> {
        let is_open = matches!(body, Body::Open(_));
        match self.lines {
            0 if !is_open => vec![OutOfCourse::NotOpened(body.kind())],
            0 => Vec::new(),
            _ if is_open => vec![OutOfCourse::OpenedAgain],
            _ => Vec::new(),
        }
    }

    fn of_freeze(&self, freeze: &Freeze) -> Option<OutOfCourse> {
        let (stated, next) = (freeze.number, self.next_freeze());
        (stated != next).then_some(OutOfCourse::FreezeNumber { stated, next })
    }

    fn of_commit(&self, commit: &Commit) -> Vec<OutOfCourse> {
        let mut objections: Vec<_> =
            self.open().map(|made| OutOfCourse::StillOpen(made.commit.counter)).into_iter().collect();
        let (stated, next) = (commit.counter, self.next_counter());
        objections.extend((stated != next).then_some(OutOfCourse::Counter { stated, next }));
        let (stated, last) = (commit.freeze, self.next_freeze() - 1);
        let other = stated != last || last == 0;
        objections.extend(other.then_some(OutOfCourse::NotTheLastFreeze { stated, last }));
        objections.extend(wrong_in(commit).into_iter().map(OutOfCourse::Commitment));
        objections.extend(self.wrong_secrets(commit).into_iter().map(OutOfCourse::Commitment));
        objections
    }

    fn wrong_secrets(&self, commit: &Commit) -> Vec<String> {
        let mut wrong = Vec::new();
        if commit.nonces.is_empty() {
            wrong.push("nobody's secret takes part, so everybody could draw from the urn".to_owned());
        }
        for (one, next) in commit.nonces.iter().zip(commit.nonces.iter().skip(1)) {
            if one >= next {
                wrong.push(format!("`{next}` stands behind `{one}`; names stand in order, none twice"));
            }
        }
        for name in &commit.nonces {
            match self.party(name) {
                None => wrong.push(format!("`{name}`, whose secret is to take part, is no party of the ledger")),
                Some(party) if commit.counter > party.links => {
                    let links = party.links;
                    wrong
                        .push(format!("the chain of `{name}` has {links} links, and none for draw {}", commit.counter));
                }
                Some(_) => {}
            }
        }
        wrong
    }

    /// Why the commitment with this counter can be neither drawn nor voided.
    fn of_ending(&self, counter: u64) -> Option<OutOfCourse> {
        match self.commitment(counter).map(|made| made.ending) {
            None => Some(OutOfCourse::NoCommitment(counter)),
            Some(Ending::Open) => None,
            Some(Ending::Drawn(line)) => Some(OutOfCourse::DrawnAlready(counter, line)),
            Some(Ending::Void(line)) => Some(OutOfCourse::VoidAlready(counter, line)),
            Some(Ending::Dropped(line)) => Some(OutOfCourse::NotOpen(counter, line)),
        }
    }

    fn of_change(&self, stated: u64) -> Vec<OutOfCourse> {
        let next = self.next_change();
        let wrong = [
            (stated != next).then_some(OutOfCourse::ChangeNumber { stated, next }),
            (!self.has_drawn).then_some(OutOfCourse::NothingDrawn),
        ];
        wrong.into_iter().flatten().collect()
    }

    /// Nobody's seat moves while a draw rests on it: an urn would be drawn from that no longer fits.
    fn of_held(&self) -> Option<OutOfCourse> {
        self.open().map(|made| OutOfCourse::ChangedWhileOpen(made.commit.counter))
    }

    fn of_disclosure(&self, disclose: &Disclose) -> Vec<OutOfCourse> {
        let counter = disclose.counter;
        let Some(made) = self.commitment(counter) else { return vec![OutOfCourse::NoCommitment(counter)] };
        let names: Vec<&str> = disclose.nonces.iter().map(|shown| shown.name.as_str()).collect();
        let named: Vec<&str> = made.commit.nonces.iter().map(String::as_str).collect();
        let others = || OutOfCourse::OtherSecrets { stated: names.join(", "), named: named.join(", ") };
        let wrong = [
            (made.ending == Ending::Open).then_some(OutOfCourse::TooEarly(counter)),
            made.disclosed.map(|line| OutOfCourse::DisclosedAlready(counter, line)),
            (names != named).then(others),
        ];
        wrong.into_iter().flatten().collect()
    }

    /// Goes on by `entry`, whether or not it may come next.
    pub fn take(&mut self, entry: &Entry) {
        let line = entry.line;
        self.lines = line;
        if let Some((number, _)) = entry.body.change() {
            self.changes = number;
        }
        match &entry.body {
            Body::Open(open) if self.opened.is_none() => self.opened = Some(open.clone()),
            Body::Open(_) | Body::Amend(_) | Body::Override(_) | Body::Executed(_) => {}
            Body::Freeze(freeze) => self.freezes.push((line, freeze.clone())),
            Body::Commit(commit) => {
                if let Some(dropped) = self.commitments.last_mut().filter(|made| made.ending == Ending::Open) {
                    dropped.ending = Ending::Dropped(line);
                }
                self.at.insert(commit.counter, self.commitments.len());
                let (hash, commit) = (entry.hash, commit.clone());
                self.commitments.push(Made { line, hash, commit, ending: Ending::Open, disclosed: None });
            }
            Body::Draw(draw) => self.end(draw.counter, Ending::Drawn(line)),
            Body::Void(void) => self.end(void.counter, Ending::Void(line)),
            Body::Disclose(disclose) => {
                if let Some(made) = self.with(disclose.counter) {
                    made.disclosed.get_or_insert(line);
                }
            }
        }
    }

    /// Whatever it ended with first stays.
    fn end(&mut self, counter: u64, ending: Ending) {
        let open = |made: &&mut Made| matches!(made.ending, Ending::Open | Ending::Dropped(_));
        let Some(made) = self.with(counter).filter(open) else { return };
        made.ending = ending;
        self.has_drawn |= matches!(ending, Ending::Drawn(_));
    }

    fn with(&mut self, counter: u64) -> Option<&mut Made> {
        self.commitments.get_mut(*self.at.get(&counter)?)
    }
}

fn of_open(open: &Open) -> Vec<OutOfCourse> {
    let wrong = [
        (open.format != LEDGER_FORMAT).then(|| OutOfCourse::Format(open.format.clone())),
        (!is_party_name(&open.origin)).then(|| OutOfCourse::Origin(open.origin.clone())),
    ];
    wrong.into_iter().flatten().chain(flaws(&open.parties).into_iter().map(OutOfCourse::Party)).collect()
}

fn of_reason(reason: &str) -> Option<OutOfCourse> {
    is_blank(reason).then_some(OutOfCourse::NoReason)
}

/// What can't be in a commitment, whatever stands above it.
fn wrong_in(commit: &Commit) -> Vec<String> {
    let Commit { beacon, bound, fallback, from, tickets, to, urn, urn_salted, worst, .. } = commit;
    let mut wrong = match beacon {
        BeaconLine::Quicknet(round) => wrong_in_round(round.chain, round.round),
        BeaconLine::Dice(dice) => wrong_in_dice(dice),
    };
    if let Some(Fallback::Dice(dice)) = fallback {
        wrong.extend(wrong_in_dice(dice));
    }
    wrong.extend(wrong_days(*from, *to));
    if !(1..=u64::from(TICKETS_MAX)).contains(tickets) {
        wrong.push(format!("{tickets} tickets; an urn has 1 to {TICKETS_MAX}"));
    }
    if urn.is_some() == urn_salted.is_some() {
        wrong.push("an urn is named by its root, or by the salted digest of that".to_owned());
    }
    for (what, n) in [("worst odds", Some(*worst)), ("bound", *bound)] {
        if let Some(n) = n.filter(|n| n > tickets) {
            wrong.push(format!("{what} of {n} in {tickets} tickets"));
        }
    }
    wrong
}

fn wrong_days(from: NaiveDate, to: NaiveDate) -> Option<String> {
    (from > to).then(|| format!("the days to draw begin on {from} and end on {to}"))
}

fn wrong_in_round(chain: Digest, round: u64) -> Vec<String> {
    let wrong = [
        (chain != beacon::CHAIN).then(|| "the chain is not drand's quicknet, the only one that is known".to_owned()),
        beacon::time_of(round).is_none().then(|| format!("there is no round {round}")),
    ];
    wrong.into_iter().flatten().collect()
}

fn wrong_in_dice(dice: &Dice) -> Vec<String> {
    let Dice { faces, place, throws, .. } = dice;
    let known = u8::try_from(*faces).ok().and_then(draw::dice::Dice::with_faces);
    let needed = known.map_or(*throws, |dice| dice.throws_needed() as u64);
    let wrong = [
        known.is_none().then(|| format!("dice of {faces} faces; they have {FACES_MIN} to {FACES_MAX}")),
        (needed != *throws).then(|| format!("{throws} throws of dice with {faces} faces; 256 bits take {needed}")),
        is_blank(place).then(|| "the place where the dice are thrown is blank".to_owned()),
    ];
    wrong.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
