//! A small office as a text, for tests of what changes.

use chrono::NaiveDate;

use super::{AbsentDays, Amendment, Cause, Change, Conflicted, Held, Lack, Move, PastDraw, Refusal, What, moves};
use crate::draw::{Root, digest};
use crate::model::{Schedule, Span};
use crate::record::TargetKind;
use crate::rules::{Book, testing::fixture};

/// A date in January 2027.
pub(super) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, day).unwrap()
}

pub(super) fn ids(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

/// The draw of the days `from` to `to` of the case that `text` tells of: what is planned on them was drawn, all else was fixed.
pub(super) fn draw(counter: u64, (from, to): (u32, u32), text: &str) -> PastDraw {
    let (case, schedule) = fixture(text);
    let book = Book::new(&case.settings).unwrap();
    let span = Span { from: day(from), to: day(to) };
    let fixed = schedule.assignments.iter().filter(|(_, to)| !span.contains(to.date));
    let before = Schedule { assignments: fixed.map(|(visit, to)| (*visit, to.clone())).collect() };
    let root = Root::from_seed(&digest(text.as_bytes()), "a seed");
    PastDraw { counter, span, case, book, root, schedule, before, heads: true, levels: false }
}

/// What stands, and what it came from.
pub(super) struct Office {
    pub draws: Vec<PastDraw>,
    pub held: Held,
}

impl Office {
    pub fn new(draws: Vec<PastDraw>) -> Self {
        let mut held = Held::default();
        draws.iter().for_each(|draw| held.draw(draw));
        Self { draws, held }
    }

    /// One draw of the whole period.
    pub fn drawn(text: &str) -> Self {
        Self::new(vec![draw(1, (4, 15), text)])
    }

    pub fn change(&mut self, what: What) {
        self.held.change(&Change { salt: [1; 32], what });
    }

    /// Does it, and says what follows.
    pub fn amend(&mut self, cause: Cause) -> Result<Vec<Move>, Refusal> {
        let moves = moves(&self.draws, &self.held, &cause)?;
        let amendment = Amendment { cause, evidence: "a letter".to_owned(), moves: moves.clone() };
        self.change(What::Amend(amendment));
        Ok(moves)
    }

    pub fn absent(&mut self, who: &str, from: u32, to: u32) -> Result<Vec<Move>, Refusal> {
        let (from, to) = (day(from), day(to));
        self.amend(Cause::Absence(AbsentDays { inspector: who.to_owned(), from, to }))
    }

    /// As `visit day slot team` for each visit.
    pub fn plan(&self) -> Vec<String> {
        let one = |(id, visit): (&str, &super::HeldVisit)| {
            let team: Vec<&str> = visit.team().collect();
            format!("{id} {} {} {}", visit.date.format("%d"), visit.slot, team.join(" "))
        };
        self.held.visits().map(one).collect()
    }

    /// What the freeze of the first draw would lack now.
    pub fn lacks(&self, from: NaiveDate) -> Vec<Lack> {
        self.lacks_of(&self.draws[0], from)
    }

    /// What the freeze of a draw would lack.
    pub fn lacks_of(&self, draw: &PastDraw, from: NaiveDate) -> Vec<Lack> {
        self.held.lacks(&self.draws, (&draw.case, &draw.book), from)
    }

    /// The order of reserves, cut nowhere.
    pub fn order(&self, date: u32, member: &str) -> Vec<String> {
        let draw = self.draws.iter().rev().find(|draw| draw.seated(day(date), member)).unwrap();
        super::Orders::default().of(draw, day(date), member).into_iter().map(str::to_owned).collect()
    }
}

/// An override that takes a visit off.
pub(super) fn by_hand_off(visit: &str) -> What {
    let teams = vec![super::ByHand { visit: visit.to_owned(), held: None }];
    What::Override { evidence: "a letter".to_owned(), teams }
}

pub(super) fn conflict(who: &str, target_kind: TargetKind, target: &str) -> Conflicted {
    Conflicted {
        inspector: who.to_owned(),
        target_kind,
        target: target.to_owned(),
        category: None,
        from: None,
        to: None,
        declared_on: None,
        drawn: false,
    }
}
