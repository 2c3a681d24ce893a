//! The stages of a record as they should be, beside the urn files that are there: what every claim about urns looks at.

use std::collections::BTreeMap;

use super::Inputs;
use crate::draw::{Digest, Root, pick};
use crate::model::{Case, Layout, Schedule, Span, Stretch, Urn, UrnFlaw};
use crate::record::{Files, Flaw, Published, StageLine, UrnOf, merkle_root, urn_file};

/// Every stage that there should be: those that the policy asks for, or the one that a ceremony drew.
pub(super) struct Stages {
    pub all: Vec<Stage>,
    /// What `stages.jsonl` says, each with its line.
    pub lines: Vec<(u64, StageLine)>,
    /// Where in `lines` each stage stands first.
    at: BTreeMap<u64, usize>,
}

/// One stage.
pub(super) struct Stage {
    /// Its number, from 1.
    pub number: usize,
    /// The days that it decides.
    pub span: Span,
    /// The ticket that the seed names.
    pub index: u32,
    /// What the stages before it drew.
    pub before: Schedule,
    /// Its urn, where the file was handed on and can be read.
    pub urn: Option<Urn>,
    /// The root of its tickets, where their bytes could be found.
    pub root: Option<Digest>,
    /// What is wrong with the file.
    pub flaws: Vec<Flaw>,
    /// Whether the file was handed on.
    pub given: bool,
}

impl Stages {
    pub fn of(
        files: &Files,
        (thawed, inputs): (Inputs, &Digest),
        seed: &str,
        stretch: &Stretch,
        lines: Vec<(u64, StageLine)>,
        said: &Published,
    ) -> Self {
        let at: BTreeMap<u64, usize> = lines.iter().enumerate().rev().map(|(at, (_, line))| (line.stage, at)).collect();
        let mut stages = Self { all: Vec::new(), lines, at };
        let Some((case, book)) = thawed.case else { return stages };
        let root = Root::from_seed(inputs, seed);
        let mut before = stretch.before.clone();
        for (number, span) in stretch.stages.iter().copied() {
            let of = UrnOf { case, inputs, stage: number, before: &before };
            let layout = book.layout(case, span, &before);
            let mut stage = Stage {
                number,
                span,
                index: pick(&root, number, case.urn.tickets.max(1)),
                before: before.clone(),
                urn: None,
                root: None,
                flaws: Vec::new(),
                given: false,
            };
            if let Some(bytes) = files.get(&urn_file(number)) {
                stage.open(&of, layout, bytes);
            }
            let stated = stages.line(number).map(|(_, line)| line.drawn);
            before.assignments.extend(stage.drawn(stated, case, said).assignments);
            stages.all.push(stage);
        }
        stages
    }

    /// What `stages.jsonl` says of stage `number`, with its line.
    pub fn line(&self, number: usize) -> Option<&(u64, StageLine)> {
        self.lines.get(*self.at.get(&(number as u64))?)
    }

    /// The tickets of the urns that can be read.
    pub fn tickets(&self) -> u64 {
        self.all.iter().filter_map(|stage| stage.urn.as_ref()).map(|urn| urn.len() as u64).sum()
    }

    /// Whether an urn was not handed on.
    pub fn some_missing(&self) -> bool {
        self.all.iter().any(|stage| !stage.given)
    }

    /// Whether an urn was handed on that can't be read.
    pub fn some_unread(&self) -> bool {
        self.all.iter().any(|stage| stage.given && stage.urn.is_none())
    }
}

impl Stage {
    /// The name of its urn's file.
    pub fn file(&self) -> String {
        urn_file(self.number)
    }

    fn open(&mut self, of: &UrnOf, layout: Layout, bytes: &[u8]) {
        self.given = true;
        let name = self.file();
        let flaw =
            |name: &'static str, file: &str, says: String| Flaw { file: file.to_owned(), line: None, name, says };
        let tickets = match of.tickets(&layout, &name, bytes) {
            Ok(tickets) => tickets,
            Err(flaws) => return self.flaws = flaws,
        };
        self.root = Some(merkle_root(tickets.chunks_exact(layout.bytes_per_ticket())));
        match Urn::new(layout, tickets.to_vec()) {
            Ok(urn) => self.urn = Some(urn),
            Err(UrnFlaw::Ticket { ticket, flaw: says }) => {
                self.flaws.push(flaw("ticket-bytes", &name, format!("ticket {ticket}: {says}")));
            }
            Err(says) => self.flaws.push(flaw("urn-size", &name, says.to_string())),
        }
    }

    /// What this stage drew, as far as it can be known: the part of the ticket that the record states (else of the one that
    /// the seed names), or what the published schedule has on its days.
    fn drawn(&self, stated: Option<u32>, case: &Case, said: &Published) -> Schedule {
        let index = stated.unwrap_or(self.index);
        match &self.urn {
            Some(urn) => urn.part((index as usize).min(urn.len() - 1)),
            None => self.published(case, said),
        }
    }

    /// What the published schedule has on the days of the stage, and was not fixed before.
    pub fn published(&self, case: &Case, said: &Published) -> Schedule {
        let mut part = said.schedule.clone();
        let on_days = |date| self.span.contains(date) && case.period.contains(date);
        part.assignments.retain(|visit, a| on_days(a.date) && !self.before.assignments.contains_key(visit));
        part
    }
}
