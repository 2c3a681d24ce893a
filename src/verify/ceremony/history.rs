//! What was held at each line of the ledger, and what is wrong with the changes that led there: draws and changes walked through once, in
//! order, each change held against what follows from all before it.
//!
//! A change is taken as it is stated, so that one that is wrong is told once, and what comes later is held against what the office did.
//! So what was held at each draw is known before any change is judged, and what comes after different draws is judged side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::amendments::At;
use super::carried::Carried;
use super::{Checked, Evidence, Finding, in_ledger};
use crate::draw::digest;
use crate::record::changes::{Change, Held, Lack, Orders, PastDraw, PastRow, What, read_change};
use crate::record::ledger::{Body, Commit};
use crate::record::{Files, below, change_file, draw_folder};
use crate::verify::Inputs;
use crate::verify::Notice;
use crate::verify::side_by_side::side_by_side;

/// What came of walking through draws and changes.
#[derive(Default)]
pub(super) struct History {
    /// The draws whose records are there, in order of the ledger.
    pub draws: Vec<PastDraw>,
    /// Which of these each draw on the ledger is, by its counter there, whatever its record says.
    at: BTreeMap<u64, usize>,
    /// By counter: what was held when the commitment was made, as far as all draws and changes before it are there.
    pub at_commit: BTreeMap<u64, Held>,
    /// What is wrong with amendments and overrides, and with what freezes forgot.
    pub amended: Vec<Finding>,
    /// What is wrong with what was executed.
    pub executed: Vec<Finding>,
    /// What is lawful and must be known, in order.
    pub notices: Vec<Notice>,
    /// The visits that were drawn, or given by hand, as far as draws and changes are there; each with the line that did it first.
    pub drawn: BTreeMap<String, u64>,
    /// Every visit to which somebody went by what the ledger tells of days that are over; none where not all of it is there.
    pub went: Option<BTreeSet<PastRow>>,
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
}

/// What is told of a change, or of what the freeze of a draw forgot.
struct Told<'e> {
    /// Whether it is about what was executed, and not about amendments.
    executed: bool,
    found: Vec<Finding>,
    /// What is still to be judged, and told after that.
    waiting: Option<Waiting<'e>>,
}

/// The ledger from one draw to the next.
struct Part<'e> {
    /// How many draws there were before it.
    draws: usize,
    /// What was held when it began. What was held later in it follows from its changes, and is made again where they are judged: a long ledger
    /// would take a copy of everything for each of its lines.
    held: Held,
    told: Vec<Told<'e>>,
}

/// Where the walk is.
struct Walk<'e> {
    files: &'e Files,
    history: History,
    parts: Vec<Part<'e>>,
    /// The part that goes on.
    part: Part<'e>,
    held: Held,
    /// Whether everything before is there, so that what is held is known.
    known: bool,
    carried: Carried,
}

impl History {
    pub(super) fn of(evidence: &Evidence) -> Self {
        let (history, held, parts) = (Self::default(), Held::default(), Vec::new());
        let part = Part { draws: 0, held: held.clone(), told: Vec::new() };
        let carried = Carried::default();
        let mut walk = Walk { files: evidence.files, history, parts, part, held, known: true, carried };
        let mut draws = read(evidence).into_iter();
        for entry in &evidence.entries {
            match &entry.body {
                Body::Commit(commit) => walk.commit(commit),
                Body::Draw(draw) => {
                    let freeze = evidence.course.commitment(draw.counter).map(|made| made.commit.freeze);
                    walk.draw((entry.line, draw.counter), freeze, draws.next().flatten());
                }
                Body::Amend(_) | Body::Override(_) | Body::Executed(_) => walk.change(entry.line, &entry.body),
                Body::Open(_) | Body::Freeze(_) | Body::Void(_) | Body::Disclose(_) => {}
            }
        }
        let Walk { mut history, mut parts, part, held, known, carried, .. } = walk;
        parts.push(part);
        history.notices = carried.notices;
        history.went = known.then(|| held.executed_rows(&history.draws).map(|(_, row)| row).collect());
        for (executed, found) in judged(evidence, &history.draws, &parts) {
            let into = if executed { &mut history.executed } else { &mut history.amended };
            into.extend(found);
        }
        history
    }
}

impl History {
    /// The inputs of the draw with this counter on the ledger, where its record could be read: then nothing is wrong with them.
    pub(super) fn inputs(&self, counter: u64) -> Option<Inputs<'_>> {
        let draw = self.draws.get(*self.at.get(&counter)?)?;
        Some(Inputs { case: Some((&draw.case, &draw.book)), flaws: &[] })
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

/// All that is told, in order, and whether of what was executed. What comes after one draw is judged one after the other, since it looks back at
/// it, and what comes after different draws side by side.
fn judged(evidence: &Evidence, draws: &[PastDraw], parts: &[Part]) -> Vec<(bool, Vec<Finding>)> {
    let found = side_by_side(parts, |part| part.judged(evidence, draws.get(..part.draws).unwrap_or(draws)));
    found.into_iter().flatten().collect()
}

impl Part<'_> {
    fn judged(&self, evidence: &Evidence, draws: &[PastDraw]) -> Vec<(bool, Vec<Finding>)> {
        let (mut orders, mut held) = (Orders::default(), self.held.clone());
        let mut one = |told: &Told| {
            let mut found = told.found.clone();
            if let Some(waiting) = &told.waiting {
                let at = At { evidence, draws, held: &held, line: waiting.line };
                found.extend(waiting.judged(&at, &mut orders));
                held.change(&waiting.change);
            }
            (told.executed, found)
        };
        self.told.iter().map(&mut one).collect()
    }
}

impl Waiting<'_> {
    fn judged<'d>(&self, at: &At<'_, 'd>, orders: &mut Orders<'d>) -> Vec<Finding> {
        match self.body {
            Body::Executed(stated) => super::executed::judge(at, stated, &self.change),
            body => at.judge(orders, body, &self.change),
        }
    }
}

impl<'e> Walk<'e> {
    fn commit(&mut self, commit: &Commit) {
        if self.known {
            self.history.at_commit.entry(commit.counter).or_insert_with(|| self.held.clone());
        }
    }

    /// A draw that can't be read is told of by the claim about records.
    fn draw(&mut self, (line, counter): (u64, u64), freeze: Option<u64>, read: Option<PastDraw>) {
        let Some(draw) = read else {
            self.known = false;
            return;
        };
        self.forgotten(line, &draw);
        if let (Some(held), Some(freeze)) = (self.history.at_commit.get(&draw.counter), freeze) {
            self.carried.draw((line, freeze), held, &self.history.draws, &draw);
        }
        let drawn = draw.schedule.assignments.keys().filter(|visit| !draw.before.assignments.contains_key(visit));
        self.first_drawn(line, drawn.map(|visit| draw.case.visit(*visit).id.clone()).collect());
        if self.known {
            self.held.draw(&draw);
        }
        self.history.at.insert(counter, self.history.draws.len());
        self.history.draws.push(draw);
        let next = Part { draws: self.history.draws.len(), held: self.held.clone(), told: Vec::new() };
        self.parts.push(std::mem::replace(&mut self.part, next));
    }

    fn first_drawn(&mut self, line: u64, visits: Vec<String>) {
        for visit in visits {
            self.history.drawn.entry(visit).or_insert(line);
        }
    }

    /// What the freeze of a draw's commitment forgot.
    fn forgotten(&mut self, line: u64, draw: &PastDraw) {
        let Some(held) = self.history.at_commit.get(&draw.counter) else { return };
        let counter = draw.counter;
        let lacks = held.lacks(&self.history.draws, (&draw.case, &draw.book), draw.span.from).into_iter().map(|lack| {
            let name = match lack {
                Lack::Absence(_) | Lack::Conflict(_) | Lack::Known(_) => "conflict-lost",
                Lack::Visit(..) | Lack::Person(..) | Lack::Slot(..) => "visit-lost",
                Lack::Cancelled(..) | Lack::Renamed { .. } => "cancelled-drawn",
                Lack::History(..) => "history-lost",
            };
            in_ledger(name, line, format!("commitment {counter}: {lack}"))
        });
        let over = draw.case.period.days().into_iter().filter(|day| draw.span.contains(*day) && held.is_executed(*day));
        let over = over
            .map(|day| in_ledger("day-over", line, format!("draw {counter} draws {day}, which was executed before")));
        let found = lacks.chain(over).collect();
        self.part.told.push(Told { executed: false, found, waiting: None });
    }

    fn change(&mut self, line: u64, body: &'e Body) {
        let executed = matches!(body, Body::Executed(_));
        let seen = if executed { &mut self.history.days } else { &mut self.history.amendments };
        seen.all += 1;
        let read = self.read(body);
        let change = read.as_ref().and_then(|(change, _)| change.as_ref());
        self.carried.change(line, body, change);
        if let Some(What::Override { teams, .. }) = change.map(|change| &change.what) {
            self.first_drawn(
                line,
                teams.iter().filter(|one| one.held.is_some()).map(|one| one.visit.clone()).collect(),
            );
        }
        let Some((change, found)) = read else {
            self.known = false;
            return;
        };
        let mut told = Told { executed, found, waiting: None };
        match change {
            Some(change) => {
                self.held.change(&change);
                if self.known && self.part.draws > 0 {
                    seen_one(&mut self.history, executed);
                    told.waiting = Some(Waiting { line, body, change });
                }
            }
            None => self.known = false,
        }
        self.part.told.push(told);
    }

    /// The change that a line names, and what is wrong with its bytes. None where the file is not there.
    fn read(&self, body: &Body) -> Option<(Option<Change>, Vec<Finding>)> {
        let (number, stated) = body.change()?;
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
