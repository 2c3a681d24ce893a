//! What one record tells: its visits with their odds, how likely each pair was, and whose absence narrowed which choice.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Gathering, Narrowed, Raw, Unreadable};
use crate::model::{Absence, Case, InspectorId, Schedule, Span, Stretch, Urn, VisitId};
use crate::record::{
    Files, UrnOf, digest_of_inputs, read_odds, read_record, read_schedule, stretch, thaw_what_can_be, urn_file,
};
use crate::rules::{Book, Eligible};

/// How likely pairs were in one stage, by id.
pub(super) struct RawStage {
    pub from: NaiveDate,
    pub pairs: BTreeMap<(String, String), f64>,
}

impl Gathering {
    /// Adds a record. That it is sound is for `verify` to say; of what is wrong, nothing is taken.
    ///
    /// # Errors
    /// Where it can't be told what was drawn, or it is of another office than what was added before.
    pub fn record(&mut self, source: &str, files: &Files) -> Result<(), Unreadable> {
        let unreadable = |what: &str| Unreadable::Record { folder: source.to_owned(), what: what.to_owned() };
        let record = read_record(files).0.ok_or_else(|| unreadable("record.json can't be read"))?;
        let (case, book) = thaw_what_can_be(files).case.ok_or_else(|| unreadable("its policy can't be read"))?;
        let (stretch, fixed) = stretch(&record, files, &case);
        let published = read_schedule(files, &case);
        if let Some(flaw) = published.flaws.iter().chain(fixed.iter().flat_map(|fixed| &fixed.flaws)).next() {
            return Err(unreadable(&format!("{}: {}", flaw.file, flaw.says)));
        }
        self.case(source, &case)?;
        let drawn: Schedule = Schedule {
            assignments: published
                .schedule
                .assignments
                .into_iter()
                .filter(|(visit, _)| !stretch.before.assignments.contains_key(visit))
                .collect(),
        };
        self.working.extend(case.period.days().into_iter().filter(|day| {
            stretch.stages.first().is_some_and(|(_, first)| first.from <= *day)
                && stretch.stages.last().is_some_and(|(_, last)| *day <= last.to)
        }));
        let stages = self.stages_of(&case, &book, files, &stretch, &drawn);
        self.visits_of(source, files, &case, &drawn, &stages);
        self.narrowed.extend(narrowed(&case, &book, &drawn));
        Ok(())
    }

    fn visits_of(&mut self, source: &str, files: &Files, case: &Case, drawn: &Schedule, stages: &[(Span, usize)]) {
        let odds: BTreeMap<VisitId, Vec<(String, f64)>> = read_odds(files, case)
            .0
            .into_iter()
            .filter(|(.., line)| line.held > 0)
            .map(|(visit, _, line)| {
                let of = |n: u32| f64::from(n) / f64::from(line.held);
                (visit, line.inspectors.iter().map(|(id, n)| (id.clone(), of(*n).min(1.0))).collect())
            })
            .collect();
        for (visit, assignment) in &drawn.assignments {
            let id = &case.visit(*visit).id;
            let key = (id.clone(), case.period.from);
            if let Some(before) = self.drawn_in.insert(key, source.to_owned()).filter(|before| before != source) {
                self.twice.entry((before, source.to_owned())).or_default().push(id.clone());
                continue;
            }
            let raw = Raw {
                team: assignment.team.members().iter().map(|who| case.inspector(*who).id.clone()).collect(),
                kind: Some(case.visit(*visit).kind.word().to_owned()),
                odds: odds.get(visit).cloned(),
                stage: stages.iter().find(|(span, _)| span.contains(assignment.date)).map(|(_, at)| *at),
            };
            self.drawn.insert((assignment.date, case.place_of(*visit).id.clone(), id.clone()), raw);
        }
    }

    /// The stages whose urns are there, counted.
    fn stages_of(
        &mut self,
        case: &Case,
        book: &Book,
        files: &Files,
        stretch: &Stretch,
        drawn: &Schedule,
    ) -> Vec<(Span, usize)> {
        let inputs = digest_of_inputs(files);
        let (mut before, mut stages) = (stretch.before.clone(), Vec::new());
        for (number, span) in &stretch.stages {
            let name = urn_file(*number);
            if let Some(bytes) = files.get(&name) {
                let layout = book.layout(case, *span, &before);
                let of = UrnOf { case, inputs: &inputs, stage: *number, before: &before };
                let tickets = of.tickets(&layout, &name, bytes).ok().map(<[u8]>::to_vec);
                if let Some(urn) = tickets.and_then(|tickets| Urn::new(layout, tickets).ok()) {
                    stages.push((*span, self.stages.len()));
                    self.stages.push(RawStage { from: span.from, pairs: pairs(case, &urn) });
                }
            }
            let held = drawn.assignments.iter().filter(|(_, assignment)| span.contains(assignment.date));
            before.assignments.extend(held.map(|(visit, assignment)| (*visit, assignment.clone())));
        }
        stages
    }
}

/// In how many tickets of each pair the two share a team on the stage's own days.
fn pairs(case: &Case, urn: &Urn) -> BTreeMap<(String, String), f64> {
    let mut counts: BTreeMap<(InspectorId, InspectorId), u32> = BTreeMap::new();
    for ticket in urn.tickets() {
        let mut together = Vec::new();
        urn.layout().for_each(ticket, |held| {
            if held.in_span {
                for (at, a) in held.team.iter().enumerate() {
                    together.extend(held.team[at + 1..].iter().map(|b| (*a, *b)));
                }
            }
        });
        together.sort_unstable();
        together.dedup();
        together.into_iter().for_each(|pair| *counts.entry(pair).or_default() += 1);
    }
    let id = |who: InspectorId| case.inspector(who).id.clone();
    let of = |((a, b), n): ((InspectorId, InspectorId), u32)| ((id(a), id(b)), f64::from(n) / urn.len() as f64);
    counts.into_iter().map(of).collect()
}

/// The visits on whose day somebody was away who could have gone.
fn narrowed(case: &Case, book: &Book, drawn: &Schedule) -> Vec<Narrowed> {
    if case.absences.is_empty() || drawn.assignments.is_empty() {
        return Vec::new();
    }
    let span = Span { from: case.period.from, to: case.period.to };
    let nothing = Schedule::default();
    let everybody = Case { absences: Vec::<Absence>::new(), ..case.clone() };
    let (with, without) = (Eligible::new(case, book, span, &nothing), Eligible::new(&everybody, book, span, &nothing));
    let pool = |eligible: &Eligible, visit: VisitId, date: NaiveDate| -> Vec<InspectorId> {
        let Some(day) = eligible.calendar.days().iter().position(|day| *day == date) else { return Vec::new() };
        eligible.goers(visit).filter(|goer| goer.days.has(day)).map(|goer| goer.who).collect()
    };
    let mut narrowed = Vec::new();
    for (visit, assignment) in &drawn.assignments {
        let left = pool(&with, *visit, assignment.date);
        let all = pool(&without, *visit, assignment.date);
        let away: Vec<String> =
            all.iter().filter(|who| !left.contains(who)).map(|who| case.inspector(*who).id.clone()).collect();
        if !away.is_empty() {
            let place = case.place_of(*visit).id.clone();
            narrowed.push(Narrowed { date: assignment.date, place, away, left: left.len() });
        }
    }
    narrowed
}
