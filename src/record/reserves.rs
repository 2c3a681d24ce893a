//! `reserves.jsonl`: who steps in for whom, in which order. One line for each visit that was drawn.

use std::thread;

use serde::{Deserialize, Serialize};

use super::canonical::{rows, table};
use super::flaw::{Flaw, Flaws, flaws};
use super::layout::{Files, RESERVES};
use crate::draw::{Root, reserve_order};
use crate::model::{Case, InspectorId, Reserves, Schedule, SeatReserves, Span, VisitId};
use crate::rules::{Asker, Book, StandIns};

/// Reserves of a seat that are published, at most.
pub const RESERVES_MAX: usize = 10;

/// One visit.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    seats: Vec<SeatLine>,
    stage: u64,
    visit: String,
}

/// One seat: whose it is, how many people may step in, and the first of them in the order drawn.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeatLine {
    member: String,
    of: u64,
    order: Vec<String>,
}

/// The reserves of every visit of `schedule`, as the stages of the policy drew it from `root`: for each seat everybody with whom
/// the whole schedule would still break no rule. Where the schedule breaks one itself, no seat has any.
pub fn reserves(case: &Case, book: &Book, root: &Root, schedule: &Schedule) -> Vec<Reserves> {
    let stand_ins = StandIns::new(case, book, schedule);
    let spans = case.urn.stage.spans(&case.period);
    let visits: Vec<VisitId> = schedule.assignments.keys().copied().collect();
    let draw = Drawing { case, root, schedule, spans: &spans };
    let Some(stand_ins) = stand_ins else { return visits.iter().map(|visit| draw.visit(None, *visit)).collect() };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let share = visits.len().div_ceil(cores).max(1);
    let of = |visits: &[VisitId]| {
        let mut asker = stand_ins.asker();
        visits.iter().map(|visit| draw.visit(Some(&mut asker), *visit)).collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let of = &of;
        let parts: Vec<_> = visits.chunks(share).map(|part| scope.spawn(move || of(part))).collect();
        let join =
            |part: thread::ScopedJoinHandle<'_, Vec<Reserves>>| part.join().expect("rules answer and do not fail");
        parts.into_iter().flat_map(join).collect()
    })
}

struct Drawing<'a> {
    case: &'a Case,
    root: &'a Root,
    schedule: &'a Schedule,
    spans: &'a [Span],
}

impl Drawing<'_> {
    fn visit(&self, mut asker: Option<&mut Asker>, visit: VisitId) -> Reserves {
        let to = self.schedule.assignments.get(&visit);
        let drew = |to: &crate::model::Assignment| self.spans.iter().position(|span| span.contains(to.date));
        let stage = to.and_then(drew).map_or(0, |at| at + 1);
        let members = to.into_iter().flat_map(|to| to.team.members());
        let seats = members.map(|member| match &mut asker {
            Some(asker) => self.seat(asker, stage, visit, *member),
            None => SeatReserves { member: *member, of: 0, order: Vec::new() },
        });
        Reserves { visit, stage, seats: seats.collect() }
    }

    fn seat(&self, asker: &mut Asker, stage: usize, visit: VisitId, member: InspectorId) -> SeatReserves {
        let mut people = asker.may(visit, member);
        loop {
            let mut order = people.clone();
            let (of, id) = (&self.case.visit(visit).id, &self.case.inspector(member).id);
            reserve_order(self.root, stage, of, id, &mut order);
            order.truncate(RESERVES_MAX);
            // The rules' checks have the last word on everybody who is published.
            match order.iter().find(|who| !asker.holds(visit, member, **who)) {
                Some(stranger) => people.retain(|who| who != stranger),
                None => return SeatReserves { member, of: people.len(), order },
            }
        }
    }
}

/// The bytes of `reserves.jsonl`.
pub fn reserve_lines(case: &Case, reserves: &[Reserves]) -> Vec<u8> {
    let id = |who: &InspectorId| case.inspector(*who).id.clone();
    let seat = |seat: &SeatReserves| SeatLine {
        member: id(&seat.member),
        of: seat.of as u64,
        order: seat.order.iter().map(id).collect(),
    };
    table(reserves.iter().map(|one| Line {
        seats: one.seats.iter().map(seat).collect(),
        stage: one.stage as u64,
        visit: case.visit(one.visit).id.clone(),
    }))
}

/// The reserves as they were published, each with its line, and everything wrong with the file. A line with anything wrong in it is
/// left out.
pub fn read_reserves(files: &Files, case: &Case) -> (Vec<(u64, Reserves)>, Vec<Flaw>) {
    let mut flaws = Flaws::default();
    let mut found: Vec<(u64, Reserves)> = Vec::new();
    for (number, line) in rows::<Line>(files, RESERVES, &mut flaws) {
        match thawed(case, &line) {
            Ok(one) if found.last().is_some_and(|(_, before)| before.visit >= one.visit) => {
                flaws.add(flaws::ORDER, RESERVES, Some(number), "the visit should stand before the one above it");
            }
            Ok(one) => found.push((number, one)),
            Err((name, says)) => flaws.add(name, RESERVES, Some(number), says),
        }
    }
    (found, flaws.into_vec())
}

fn thawed(case: &Case, line: &Line) -> Result<Reserves, (&'static str, String)> {
    let person = |id: &String| match case.inspectors.binary_search_by(|inspector| inspector.id.cmp(id)) {
        Ok(at) => Ok(InspectorId::at(at)),
        Err(_) => Err((flaws::UNKNOWN_ID, format!("there is no inspector `{id}`"))),
    };
    let number = |number: u64, what: &str| {
        u32::try_from(number)
            .map(|number| number as usize)
            .map_err(|_| (flaws::BAD_VALUE, format!("`{what}` is {number}, beyond every bound")))
    };
    let seat = |seat: &SeatLine| {
        let order = seat.order.iter().map(person).collect::<Result<_, _>>()?;
        Ok(SeatReserves { member: person(&seat.member)?, of: number(seat.of, "of")?, order })
    };
    let visit = case.visits.binary_search_by(|visit| visit.id.cmp(&line.visit));
    let visit = visit.map_err(|_| (flaws::UNKNOWN_ID, format!("there is no visit `{}`", line.visit)))?;
    let stage = number(line.stage, "stage")?;
    Ok(Reserves { visit: VisitId::at(visit), stage, seats: line.seats.iter().map(seat).collect::<Result<_, _>>()? })
}
