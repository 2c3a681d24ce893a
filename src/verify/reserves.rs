//! Claim: everybody who serves on a day has the reserves that the draw gave them: all who may step in on every visit of theirs that day, in
//! the order that the seed names.
//!
//! Asked where the schedule keeps every rule and the record was derived from these inputs and this seed; where not, that is
//! found already, and there is nothing to compare with.

use super::{Claim, Evidence, Finding};
use crate::draw::{Root, digest, to_hex};
use crate::model::{Case, InspectorId, Reserves, VisitId};
use crate::record::{self, RECORD, RESERVES, SCHEDULE};
use crate::rules::{Asker, StandIns};

pub(super) const CLAIM: Claim = Claim {
    name: "reserves",
    says: "whoever may step in for somebody stands in the order that the seed names, and nobody else",
};

pub(super) fn check(evidence: &Evidence, keeps_rules: bool) -> Option<Vec<Finding>> {
    let stated = evidence.files.get(RESERVES)?;
    let actual = to_hex(&digest(stated));
    let differs = evidence.record.as_ref().filter(|record| record.reserves != actual).map(|record| {
        let says = format!("the record states the digest {}; it is {actual}", record.reserves);
        Finding::new("reserves-digest", RECORD, Some(1), says)
    });
    let found: Vec<Finding> = differs.into_iter().collect();
    match recounted(evidence, keeps_rules) {
        Some(more) => Some(found.into_iter().chain(more).collect()),
        None => Some(found).filter(|found| !found.is_empty()),
    }
}

/// What is stated against what is drawn anew; none where that can't be done.
fn recounted(evidence: &Evidence, keeps_rules: bool) -> Option<Vec<Finding>> {
    let (case, book) = evidence.thawed.case?;
    let published = evidence.published.as_ref().filter(|_| evidence.files.contains_key(SCHEDULE))?;
    let derived = super::seed::check(evidence).is_some_and(|found| found.is_empty());
    if !published.flaws.is_empty() || !derived || !keeps_rules {
        return None;
    }
    let stated = evidence.reserves.as_ref()?;
    let stretch = evidence.stretch.as_ref()?;
    let root = Root::from_seed(&evidence.inputs, &evidence.record.as_ref()?.seed);
    let drawn = record::reserves(case, book, &root, &published.schedule, stretch);
    let day = |one: &Reserves| (one.date, one.member);
    if stated.iter().map(|(_, said)| said).eq(&drawn) {
        return Some(Vec::new());
    }
    let stand_ins = StandIns::after(case, book, &stretch.before, &published.schedule)?;
    let mut judge = Judge { case, asker: stand_ins.asker() };
    let mut found = Vec::new();
    for one in &drawn {
        match stated.binary_search_by_key(&day(one), |(_, said)| day(said)).ok().and_then(|at| stated.get(at)) {
            Some((line, said)) => found
                .extend(judge.compare(said, one).map(|(name, says)| Finding::new(name, RESERVES, Some(*line), says))),
            None => {
                let says = format!("{} has no reserves, and goes on {}", on_day(case, one), visits(case, &one.visits));
                found.push(Finding::new("reserves", RESERVES, None, says));
            }
        }
    }
    for (line, said) in stated.iter().filter(|(_, said)| drawn.binary_search_by_key(&day(said), day).is_err()) {
        let says = format!("{} has reserves, and goes on no visit", on_day(case, said));
        found.push(Finding::new("reserves", RESERVES, Some(*line), says));
    }
    Some(found)
}

/// Who tells what is wrong with a line.
struct Judge<'s, 'c> {
    case: &'c Case,
    asker: Asker<'s, 'c>,
}

impl Judge<'_, '_> {
    /// The first thing that is wrong with the reserves of one person on one day.
    fn compare(&mut self, said: &Reserves, drawn: &Reserves) -> Option<(&'static str, String)> {
        let case = self.case;
        if said == drawn {
            return None;
        }
        if said.stage != drawn.stage {
            let says = format!("{} was drawn in stage {}, not {}", drawn.date, drawn.stage, said.stage);
            return Some(("reserves", says));
        }
        if said.visits != drawn.visits {
            let says = format!(
                "{} goes on {}; the file has whoever steps in take over {}",
                on_day(case, drawn),
                visits(case, &drawn.visits),
                visits(case, &said.visits)
            );
            return Some(("reserves", says));
        }
        let says = format!(
            "for {} the file has {} of {}; {} may step in, in the order {}",
            on_day(case, drawn),
            named(case, &said.order),
            said.of,
            drawn.of,
            named(case, &drawn.order)
        );
        Some((self.wrong(said, drawn), says))
    }

    /// What is wrong with the people.
    fn wrong(&mut self, said: &Reserves, drawn: &Reserves) -> &'static str {
        let sorted = |order: &[InspectorId]| {
            let mut order = order.to_vec();
            order.sort_unstable();
            order
        };
        let may = self.asker.may(drawn.date, drawn.member);
        match said.order.iter().find(|who| !may.contains(who)) {
            Some(_) => "reserve-barred",
            None if said.of == drawn.of && sorted(&said.order) == sorted(&drawn.order) => "reserve-order",
            None if said.of < drawn.of || drawn.order.iter().any(|who| !said.order.contains(who)) => "reserve-missing",
            None => "reserves",
        }
    }
}

fn on_day(case: &Case, one: &Reserves) -> String {
    format!("`{}` on {}", case.inspector(one.member).id, one.date)
}

fn visits(case: &Case, visits: &[VisitId]) -> String {
    let ids: Vec<&str> = visits.iter().take(20).map(|visit| case.visit(*visit).id.as_str()).collect();
    if ids.is_empty() { "nothing".to_owned() } else { ids.join(", ") }
}

fn named(case: &Case, people: &[InspectorId]) -> String {
    let ids: Vec<&str> = people.iter().take(20).map(|who| case.inspector(*who).id.as_str()).collect();
    if ids.is_empty() { "nobody".to_owned() } else { ids.join(", ") }
}
