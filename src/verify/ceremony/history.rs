//! What was held at each line of the ledger, and what is wrong with the changes that led there: draws and changes walked through once, in
//! order, each change held against what follows from all before it.
//!
//! A change is taken as it is stated, so that one that is wrong is told once, and what comes later is held against what the office did.
//! So what was held when is known before any change is judged, and changes are judged side by side.

use std::collections::BTreeMap;

use super::{Checked, Evidence, Finding, in_ledger};
use crate::draw::digest;
use crate::record::changes::{Change, Held, Lack, Orders, PastDraw, read_change};
use crate::record::ledger::{Body, Commit};
use crate::record::{Files, below, change_file, draw_folder};
use crate::verify::side_by_side::side_by_side;

/// What came of walking through draws and changes.
#[derive(Default)]
pub(super) struct History {
    /// The draws whose records are there, in order of the ledger.
    pub draws: Vec<PastDraw>,
    /// By counter: what was held when the commitment was made, as far as all draws and changes before it are there.
    pub at_commit: BTreeMap<u64, Held>,
    /// What is wrong with amendments and overrides, and with what freezes forgot.
    pub amended: Vec<Finding>,
    /// What is wrong with what was executed.
    pub executed: Vec<Finding>,
    /// Amendments and overrides on the ledger, and those of them that could be held against what follows.
    pub amendments: Seen,
    /// Days that were executed, and those of them whose change is there.
    pub days: Seen,
}

/// How many there are, and how many of them could be looked at.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen {
    pub all: u64,
    pub seen: u64,
}

impl Seen {
    /// What came of looking at them. Where there is none there is nothing to hand on.
    pub(super) fn checked(self, found: Vec<Finding>) -> Checked {
        match (self.all, self.seen) {
            (all, seen) if all == seen => Checked::Whole(found),
            (_, 0) if found.is_empty() => Checked::NotGiven,
            _ => Checked::Partly(found),
        }
    }
}

/// A change that is still to be held against what follows from all before it.
struct Waiting<'e> {
    line: u64,
    body: &'e Body,
    change: Change,
    /// What was held before it.
    held: Held,
}

/// What is told of a change or a draw.
struct Told<'e> {
    /// How many draws there were before it.
    draws: usize,
    found: Vec<Finding>,
    /// What is still to be judged, and told after that.
    waiting: Option<Waiting<'e>>,
}

/// Where the walk is.
struct Walk<'e> {
    files: &'e Files,
    history: History,
    amended: Vec<Told<'e>>,
    executed: Vec<Told<'e>>,
    held: Held,
    /// Whether everything before is there, so that what is held is known.
    known: bool,
}

impl History {
    pub(super) fn of(evidence: &Evidence) -> Self {
        let (history, held) = (Self::default(), Held::default());
        let (amended, executed) = (Vec::new(), Vec::new());
        let mut walk = Walk { files: evidence.files, history, amended, executed, held, known: true };
        let mut draws = read(evidence).into_iter();
        for entry in &evidence.entries {
            match &entry.body {
                Body::Commit(commit) => walk.commit(commit),
                Body::Draw(_) => walk.draw(entry.line, draws.next().flatten()),
                Body::Amend(_) | Body::Override(_) | Body::Executed(_) => walk.change(entry.line, &entry.body),
                Body::Open(_) | Body::Freeze(_) | Body::Void(_) | Body::Disclose(_) => {}
            }
        }
        let Walk { mut history, amended, executed, .. } = walk;
        history.amended = judged(evidence, &history.draws, &amended);
        history.executed = judged(evidence, &history.draws, &executed);
        history
    }
}

/// The draws on the ledger, in order; none where one can't be read.
fn read(evidence: &Evidence) -> Vec<Option<PastDraw>> {
    let counter = |body: &Body| match body {
        Body::Draw(draw) => Some(draw.counter),
        _ => None,
    };
    let counters: Vec<u64> = evidence.entries.iter().filter_map(|entry| counter(&entry.body)).collect();
    side_by_side(&counters, |counter| PastDraw::read(&below(evidence.files, &draw_folder(*counter))).ok())
}

/// All that is told, in order. Those of one draw are judged one after the other, since they look back at it, and those of different draws
/// side by side.
fn judged(evidence: &Evidence, draws: &[PastDraw], told: &[Told]) -> Vec<Finding> {
    let of_one_draw: Vec<&[Told]> = told.chunk_by(|one, next| one.draws == next.draws).collect();
    let found = side_by_side(&of_one_draw, |told| {
        let mut orders = Orders::default();
        told.iter().flat_map(|one| one.judged(evidence, draws, &mut orders)).collect::<Vec<_>>()
    });
    found.into_iter().flatten().collect()
}

impl Told<'_> {
    fn judged<'d>(&self, evidence: &Evidence, draws: &'d [PastDraw], orders: &mut Orders<'d>) -> Vec<Finding> {
        let draws = draws.get(..self.draws).unwrap_or(draws);
        let judge = |waiting: &Waiting| {
            let at = super::amendments::At { evidence, draws, held: &waiting.held, line: waiting.line };
            match waiting.body {
                Body::Executed(stated) => super::executed::judge(&at, stated, &waiting.change),
                body => at.judge(orders, body, &waiting.change),
            }
        };
        let judged = self.waiting.as_ref().map(judge).unwrap_or_default();
        self.found.iter().cloned().chain(judged).collect()
    }
}

impl<'e> Walk<'e> {
    fn commit(&mut self, commit: &Commit) {
        if self.known {
            self.history.at_commit.entry(commit.counter).or_insert_with(|| self.held.clone());
        }
    }

    /// A draw that can't be read is told of by the claim about records.
    fn draw(&mut self, line: u64, read: Option<PastDraw>) {
        let Some(draw) = read else {
            self.known = false;
            return;
        };
        self.forgotten(line, &draw);
        if self.known {
            self.held.draw(&draw);
        }
        self.history.draws.push(draw);
    }

    /// What the freeze of a draw's commitment forgot.
    fn forgotten(&mut self, line: u64, draw: &PastDraw) {
        let Some(held) = self.history.at_commit.get(&draw.counter) else { return };
        let counter = draw.counter;
        let lacks = held.lacks(&draw.case, draw.span.from).into_iter().map(|lack| {
            let name = match lack {
                Lack::Absence(_) | Lack::Conflict(_) => "conflict-lost",
                Lack::Visit(..) | Lack::Person(..) | Lack::Slot(..) => "visit-lost",
                Lack::Cancelled(..) => "cancelled-drawn",
            };
            in_ledger(name, line, format!("commitment {counter}: {lack}"))
        });
        let over = draw.case.period.days().into_iter().filter(|day| draw.span.contains(*day) && held.is_executed(*day));
        let over = over
            .map(|day| in_ledger("day-over", line, format!("draw {counter} draws {day}, which was executed before")));
        let (draws, found) = (self.history.draws.len(), lacks.chain(over).collect());
        self.amended.push(Told { draws, found, waiting: None });
    }

    fn change(&mut self, line: u64, body: &'e Body) {
        let executed = matches!(body, Body::Executed(_));
        let seen = if executed { &mut self.history.days } else { &mut self.history.amendments };
        seen.all += 1;
        let Some((change, found)) = self.read(body) else {
            self.known = false;
            return;
        };
        let draws = self.history.draws.len();
        let mut told = Told { draws, found, waiting: None };
        match change {
            Some(change) => {
                let held = self.held.clone();
                self.held.change(&change);
                if self.known && draws > 0 {
                    seen_one(&mut self.history, executed);
                    told.waiting = Some(Waiting { line, body, change, held });
                }
            }
            None => self.known = false,
        }
        let into = if executed { &mut self.executed } else { &mut self.amended };
        into.push(told);
    }

    /// The change that a line names, and what is wrong with its bytes. None where the file is not there.
    fn read(&self, body: &Body) -> Option<(Option<Change>, Vec<Finding>)> {
        let (number, stated) = match body {
            Body::Amend(amend) => (amend.number, amend.change),
            Body::Override(by_hand) => (by_hand.number, by_hand.change),
            Body::Executed(executed) => (executed.number, executed.change),
            _ => return None,
        };
        let name = change_file(number);
        let bytes = self.files.get(&name)?;
        let mut found = Vec::new();
        if digest(bytes) != stated {
            let says = format!("the ledger names another change {number} than the one that is there");
            found.push(Finding::new("change-digest", &name, None, says));
        }
        let (change, flaws) = read_change(bytes, &name);
        found.extend(flaws.into_iter().map(|flaw| Finding::new(flaw.name, &flaw.file, flaw.line, flaw.says)));
        Some((change, found))
    }
}

fn seen_one(history: &mut History, executed: bool) {
    let seen = if executed { &mut history.days } else { &mut history.amendments };
    seen.seen += 1;
}
