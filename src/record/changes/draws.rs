//! A draw, as amendments look back at it: its case, what it drew, and the orders of reserves that came with it.

use chrono::NaiveDate;
use thiserror::Error;

use crate::draw::Root;
use crate::model::{Case, Schedule, Span};
use crate::record::flaw::Flaw;
use crate::record::layout::Files;
use crate::record::{Heads, LEVELS, digest_of_inputs, read_record, read_schedule, stretch, thaw_what_can_be};
use crate::rules::Book;

/// One draw of a ceremony.
pub struct PastDraw {
    /// The counter of its commitment.
    pub counter: u64,
    /// The days that it drew.
    pub span: Span,
    /// The case of its freeze.
    pub case: Case,
    /// The rules of that case.
    pub book: Book,
    /// Where its random words come from.
    pub root: Root,
    /// What was fixed before, and what it drew.
    pub schedule: Schedule,
    /// What was fixed before.
    pub before: Schedule,
    /// Whether its words name who heads a team, as they do not in records of before.
    pub heads: bool,
    /// Whether its reserves have levels, so that a visit goes to somebody, or to another team, where nobody takes over the whole day; records of before
    /// have whole days alone.
    pub levels: bool,
}

/// Why files are no record of a ceremony's draw.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotADraw {
    /// `record.json` can't be read, or is no ceremony's.
    #[error("its record.json is not that of a ceremony's draw")]
    Record,
    /// The inputs can't be read.
    #[error("its inputs can't be read")]
    Inputs,
    /// Something is wrong with a file.
    #[error("{}{}: {}", .0.file, .0.line.map_or(String::new(), |line| format!(", line {line}")), .0.says)]
    Flawed(Flaw),
}

/// Who heads each team of what is held after `draws`: by the words of the draw that drew the visit, or of the last one for what none drew.
pub fn heads(draws: &[&PastDraw], case: &Case, schedule: &Schedule) -> Heads {
    Heads::of(case, schedule, |visit| {
        let id = &case.visit(visit).id;
        let drew = draws.iter().rev().find(|draw| draw.drew(id)).or(draws.last())?;
        drew.heads.then_some(&drew.root)
    })
}

impl PastDraw {
    /// The draw whose record `files` are. That the record is sound is for others to see.
    ///
    /// # Errors
    /// Where it can't be told what was drawn.
    pub fn read(files: &Files) -> Result<Self, NotADraw> {
        let record = read_record(files).0.ok_or(NotADraw::Record)?;
        let ceremony = record.ceremony.as_ref().ok_or(NotADraw::Record)?;
        let thawed = thaw_what_can_be(files);
        let (case, book) = thawed.case.ok_or(NotADraw::Inputs)?;
        let published = read_schedule(files, &case);
        let (stretch, fixed) = stretch(&record, files, &case);
        let fixed = fixed.ok_or(NotADraw::Record)?;
        let flaw = thawed.flaws.into_iter().chain(published.flaws).chain(fixed.flaws).next();
        if let Some(flaw) = flaw {
            return Err(NotADraw::Flawed(flaw));
        }
        let (counter, span) = (ceremony.counter, ceremony.span());
        let root = Root::from_seed(&digest_of_inputs(files), &record.seed);
        let heads = record.heads.is_some();
        let levels = record.levels == Some(LEVELS);
        let (schedule, before) = (published.schedule, stretch.before);
        Ok(Self { counter, span, case, book, root, schedule, before, heads, levels })
    }

    /// Whether the draw drew the visit.
    pub fn drew(&self, visit: &str) -> bool {
        let found = self.case.find_visit(visit);
        let has = |schedule: &Schedule| found.is_some_and(|visit| schedule.assignments.contains_key(&visit));
        has(&self.schedule) && !has(&self.before)
    }

    /// Whether the draw gave `member` a seat on `date`.
    pub(super) fn seated(&self, date: NaiveDate, member: &str) -> bool {
        let Some(who) = self.case.find_inspector(member) else { return false };
        let served = |to: &crate::model::Assignment| to.date == date && to.team.contains(who);
        self.span.contains(date) && self.schedule.assignments.values().any(served)
    }

    /// Whether its freeze has the day in its period, and these visits.
    pub(super) fn judges(&self, date: NaiveDate, visits: &[String]) -> bool {
        let period = &self.case.period;
        period.from <= date && date <= period.to && visits.iter().all(|id| self.case.find_visit(id).is_some())
    }
}
