//! The stage that a commitment draws: its urn before there is a seed, and what the seed makes of it.

use chrono::NaiveDate;

use super::CeremonyError;
use crate::bound::stage_bounds;
use crate::draw::{Digest, Root, pick, urn_seed};
use crate::model::{Case, Drawn, DrawnStage, Odds, Schedule, Span, StageBounds, Urn};
use crate::record::{
    BOUNDS, Ceremony, Files, Frozen, UrnOf, bound_lines, freeze, merkle_root, publish_ceremony, schedule_lines, thaw,
};
use crate::rules::{Book, Target};
use crate::urn::{Keeper, Options, fill_stage};

/// One stage of a ceremony.
pub struct StageToDraw {
    case: Case,
    book: Book,
    frozen: Frozen,
    before: Schedule,
    counter: u64,
    span: Span,
}

/// What a commitment says of an urn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrnStated {
    /// The root of its tickets.
    pub root: Digest,
    /// Tickets.
    pub tickets: u64,
    /// The largest n(v, i).
    pub worst: u64,
    /// What no lottery could beat.
    pub bound: u64,
}

impl StageToDraw {
    /// The stage of commitment `counter` that draws the days of `span` of the case that `inputs` freeze; `before` says what is held already.
    ///
    /// # Errors
    /// Where the inputs can't be read.
    pub fn new(
        inputs: &Files,
        counter: u64,
        span: Span,
        before: impl FnOnce(&Case) -> Result<Schedule, CeremonyError>,
    ) -> Result<Self, CeremonyError> {
        let (case, book) = thaw(inputs).map_err(|flaws| {
            let says = flaws.first().map(|flaw| format!("{}: {}", flaw.file, flaw.says)).unwrap_or_default();
            CeremonyError::refused(says, "the frozen inputs were changed; get them from a copy")
        })?;
        let (before, frozen) = (before(&case)?, freeze(&case, &book));
        Ok(Self { case, book, frozen, before, counter, span })
    }

    /// The same on other days.
    pub fn on(self, span: Span) -> Self {
        Self { span, ..self }
    }

    /// The bytes of `fixed.jsonl`.
    pub fn fixed_lines(&self) -> Vec<u8> {
        schedule_lines(&self.case, &self.before)
    }

    /// The case.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// Its rules.
    pub fn book(&self) -> &Book {
        &self.book
    }

    fn number(&self) -> usize {
        usize::try_from(self.counter).unwrap_or(usize::MAX)
    }

    /// The working days of `span` on which somebody may be sent at all: on a holiday nobody is, whatever is drawn.
    pub fn open_days(&self, span: Span) -> Vec<NaiveDate> {
        let bars: Vec<_> = self.book.rules().flat_map(|(_, rule)| rule.bars(&self.case)).collect();
        let bars = bars.iter().filter(|bar| bar.inspector.is_none() && bar.target == Target::Anywhere);
        let closed: Vec<_> = bars.map(|bar| (bar.from, bar.to)).collect();
        let is_closed = |day: NaiveDate| {
            let within = |(from, to): &(Option<NaiveDate>, Option<NaiveDate>)| {
                from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
            };
            closed.iter().any(within)
        };
        self.case.period.days().into_iter().filter(|day| span.contains(*day) && !is_closed(*day)).collect()
    }

    /// Its urn, which nobody chose anything about but what is frozen.
    pub fn urn(&self, options: &Options, keeper: &mut (dyn Keeper + Send)) -> Urn {
        let root = Root::from_seed(&self.frozen.digest, &urn_seed(self.counter));
        fill_stage(&self.case, &self.book, &root, options, (self.number(), self.span), &self.before, keeper)
    }

    /// The bytes of the urn's file.
    pub fn urn_bytes(&self, urn: &Urn) -> Vec<u8> {
        self.urn_of().file(urn)
    }

    /// The urn in the bytes of a file, if it is one of this stage.
    pub fn read_urn(&self, name: &str, bytes: &[u8]) -> Option<Urn> {
        let layout = self.book.layout(&self.case, self.span, &self.before);
        let tickets = self.urn_of().tickets(&layout, name, bytes).ok()?.to_vec();
        Urn::new(layout, tickets).ok()
    }

    fn urn_of(&self) -> UrnOf<'_> {
        UrnOf { case: &self.case, inputs: &self.frozen.digest, stage: self.number(), before: &self.before }
    }

    /// What a commitment says of `urn`.
    pub fn stated(&self, urn: &Urn) -> UrnStated {
        let drawn = self.drawn_at(urn.clone(), 0);
        let worst = drawn.stages.iter().filter_map(|stage| stage.odds.worst()).map(|worst| u64::from(worst.n)).max();
        let bound = self.bounds(&drawn).first().map_or(0, |bounds| u64::from(bounds.worst.at_least));
        UrnStated { root: merkle_root(urn.tickets()), tickets: urn.len() as u64, worst: worst.unwrap_or(0), bound }
    }

    /// What `seed` draws from `urn`, as the files of its record.
    pub fn publish(&self, urn: Urn, seed: &str, ceremony: Ceremony) -> (Drawn, Files) {
        let root = Root::from_seed(&self.frozen.digest, seed);
        let tickets = u32::try_from(urn.len()).expect("a policy asks for fewer tickets");
        let index = pick(&root, self.number(), tickets);
        let drawn = self.drawn_at(urn, index);
        let mut files = publish_ceremony(&self.case, &self.book, &self.frozen, seed, &drawn, ceremony);
        files.insert(BOUNDS.to_owned(), bound_lines(&self.case, &self.bounds(&drawn)));
        (drawn, files)
    }

    fn bounds(&self, drawn: &Drawn) -> Vec<StageBounds> {
        stage_bounds(&self.case, &self.book, drawn)
    }

    fn drawn_at(&self, urn: Urn, index: u32) -> Drawn {
        let mut schedule = self.before.clone();
        schedule.assignments.extend(urn.part(index as usize).assignments);
        let stage = DrawnStage { number: self.number(), odds: Odds::count(&urn), urn, index };
        Drawn { before: self.before.clone(), schedule, stages: vec![stage] }
    }
}
