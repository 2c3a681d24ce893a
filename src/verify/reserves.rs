//! Claim: every seat has the reserves that the draw gave it: everybody who may step in, in the order that the seed names.
//!
//! Asked where the schedule keeps every rule and the record was derived from these inputs and this seed; where not, that is
//! found already, and there is nothing to compare with.

use super::{Claim, Evidence, Finding};
use crate::draw::{Root, digest};
use crate::model::{Case, InspectorId, Reserves, SeatReserves, VisitId};
use crate::record::{self, RECORD, RESERVES, SCHEDULE, hex};
use crate::rules::{Asker, StandIns};

pub(super) const CLAIM: Claim = Claim {
    name: "reserves",
    says: "whoever may step in for somebody stands in the order that the seed names, and nobody else",
};

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let stated = evidence.files.get(RESERVES)?;
    let actual = hex(&digest(stated));
    let differs = evidence.record.as_ref().filter(|record| record.reserves != actual).map(|record| {
        let says = format!("the record states the digest {}; it is {actual}", record.reserves);
        Finding::new("reserves-digest", RECORD, Some(1), says)
    });
    let found: Vec<Finding> = differs.into_iter().collect();
    match recounted(evidence) {
        Some(more) => Some(found.into_iter().chain(more).collect()),
        None => Some(found).filter(|found| !found.is_empty()),
    }
}

/// What is stated against what is drawn anew; none where that can't be done.
fn recounted(evidence: &Evidence) -> Option<Vec<Finding>> {
    let (case, book) = evidence.thawed.case.as_ref()?;
    let published = evidence.published.as_ref().filter(|_| evidence.files.contains_key(SCHEDULE))?;
    let holds = |found: Option<Vec<Finding>>| found.is_some_and(|found| found.is_empty());
    if !published.flaws.is_empty() || !holds(super::seed::check(evidence)) || !holds(super::rules::check(evidence)) {
        return None;
    }
    let stated = evidence.reserves.as_ref()?;
    let root = Root::from_seed(&record::digest_of_inputs(evidence.files), &evidence.record.as_ref()?.seed);
    let drawn = record::reserves(case, book, &root, &published.schedule);
    let stand_ins = StandIns::new(case, book, &published.schedule)?;
    let mut judge = Judge { case, asker: stand_ins.asker() };
    let mut found = Vec::new();
    for one in &drawn {
        match stated.binary_search_by_key(&one.visit, |(_, said)| said.visit).ok().and_then(|at| stated.get(at)) {
            Some((line, said)) => found.extend(
                judge
                    .compare(said, one)
                    .into_iter()
                    .map(|(name, says)| Finding::new(name, RESERVES, Some(*line), says)),
            ),
            None => {
                let says = format!("visit `{}` has no reserves", case.visit(one.visit).id);
                found.push(Finding::new("reserves", RESERVES, None, says));
            }
        }
    }
    for (line, said) in stated.iter().filter(|(_, said)| !published.schedule.assignments.contains_key(&said.visit)) {
        let says = format!("visit `{}` has reserves, and nobody goes on it", case.visit(said.visit).id);
        found.push(Finding::new("reserves", RESERVES, Some(*line), says));
    }
    Some(found)
}

/// Who tells what is wrong with a list.
struct Judge<'s, 'c> {
    case: &'c Case,
    asker: Asker<'s, 'c>,
}

impl Judge<'_, '_> {
    /// The first thing that is wrong with each seat of a visit.
    fn compare(&mut self, said: &Reserves, drawn: &Reserves) -> Vec<(&'static str, String)> {
        let case = self.case;
        let members = |of: &Reserves| of.seats.iter().map(|seat| seat.member).collect::<Vec<_>>();
        let visit = &case.visit(drawn.visit).id;
        if members(said) != members(drawn) {
            let says = format!(
                "visit `{visit}` has reserves for {}; those who go are {}",
                named(case, &members(said)),
                named(case, &members(drawn))
            );
            return vec![("reserves", says)];
        }
        if said.stage != drawn.stage {
            return vec![(
                "reserves",
                format!("visit `{visit}` was drawn in stage {}, not {}", drawn.stage, said.stage),
            )];
        }
        let seats = said.seats.iter().zip(&drawn.seats);
        seats.filter_map(|(said, other)| self.seat(drawn.visit, said, other)).collect()
    }

    fn seat(&mut self, visit: VisitId, said: &SeatReserves, drawn: &SeatReserves) -> Option<(&'static str, String)> {
        let case = self.case;
        if said == drawn {
            return None;
        }
        let sorted = |order: &[InspectorId]| {
            let mut order = order.to_vec();
            order.sort_unstable();
            order
        };
        let may = self.asker.may(visit, said.member);
        let name = match said.order.iter().find(|who| !may.contains(who)) {
            Some(_) => "reserve-barred",
            None if said.of == drawn.of && sorted(&said.order) == sorted(&drawn.order) => "reserve-order",
            None if said.of < drawn.of || drawn.order.iter().any(|who| !said.order.contains(who)) => "reserve-missing",
            None => "reserves",
        };
        let says = format!(
            "for `{}` on visit `{}` the file has {} of {}; {} may step in, in the order {}",
            case.inspector(said.member).id,
            case.visit(visit).id,
            named(case, &said.order),
            said.of,
            drawn.of,
            named(case, &drawn.order)
        );
        Some((name, says))
    }
}

fn named(case: &Case, people: &[InspectorId]) -> String {
    let ids: Vec<&str> = people.iter().take(20).map(|who| case.inspector(*who).id.as_str()).collect();
    if ids.is_empty() { "nobody".to_owned() } else { ids.join(", ") }
}
