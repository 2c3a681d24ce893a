//! Programmed visits by lot: how often the tickets hold each, beside how often its risk class asks for it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::{Section, Side, count, table};
use crate::model::{Case, Drawn, Kind, Urn, VisitId, target};

/// Visits without odds that are named.
const NAMED: usize = 10;

/// A risk class, and what is counted of its visits.
struct Class {
    name: Option<String>,
    /// Per mille.
    target: u32,
    /// Each visit with the tickets that hold it.
    visits: Vec<(VisitId, u32)>,
}

impl Class {
    fn counts(&self) -> impl Iterator<Item = u32> + '_ {
        self.visits.iter().map(|(_, n)| *n)
    }

    fn sum(&self) -> u64 {
        self.counts().map(u64::from).sum()
    }
}

/// The classes of programmed visits, by how often they ask for a visit, with what the first urn holds of them: it
/// completes every ticket for the whole period. None where there are no programmed visits, or where nothing was drawn.
fn classes(case: &Case, drawn: &Drawn) -> Option<(Vec<Class>, u32)> {
    let urn = &drawn.stages.first()?.urn;
    let held = held(case, urn);
    let mut classes: BTreeMap<_, Vec<(VisitId, u32)>> = BTreeMap::new();
    for visit in case.visit_ids().filter(|visit| case.visit(*visit).kind == Kind::Programmed) {
        let risk = case.place_of(visit).risk.clone().filter(|risk| case.programmed.months(Some(risk)).is_some());
        let of_class = classes.entry((target(case, visit), risk)).or_default();
        of_class.push((visit, held.get(visit.index()).copied().unwrap_or(0)));
    }
    let class = |((target, name), visits)| Class { name, target, visits };
    let classes: Vec<Class> = classes.into_iter().rev().map(class).collect();
    (!classes.is_empty()).then_some((classes, urn.len() as u32))
}

/// By visit: the tickets that hold it at all, in the stage or in the completion.
fn held(case: &Case, urn: &Urn) -> Vec<u32> {
    let mut held = vec![0; case.visits.len()];
    for ticket in urn.tickets() {
        urn.layout().for_each(ticket, |at| held[at.visit.index()] += 1);
    }
    held
}

/// The odds of programmed visits beside their targets; none where there are no programmed visits. `target` is the folder
/// in which the draw is published.
pub fn programmed(case: &Case, drawn: &Drawn, published: &Path) -> Option<Section> {
    let (classes, tickets) = classes(case, drawn)?;
    let columns = [
        ("risk class", Side::Left),
        ("visits", Side::Right),
        ("target", Side::Right),
        ("average", Side::Right),
        ("least", Side::Right),
        ("greatest", Side::Right),
    ];
    let per_mille = |n: u64, of: u64| (n * 1000 / of.max(1)).to_string();
    let row = |class: &Class| {
        let (all, each) = (class.visits.len() as u64 * u64::from(tickets), u64::from(tickets));
        [
            class.name.clone().unwrap_or_else(|| "(no class)".to_owned()),
            class.visits.len().to_string(),
            class.target.to_string(),
            per_mille(class.sum(), all),
            per_mille(class.counts().min().unwrap_or(0).into(), each),
            per_mille(class.counts().max().unwrap_or(0).into(), each),
        ]
    };
    let mut text = table(&columns, classes.iter().map(row));
    text.push_str(
        "\nOdds of being visited in the period, of 1000. Counted in the first urn, whose tickets go to its end.",
    );
    text.extend(never(case, &classes, published));
    Some(Section::new("Programmed visits by lot", text))
}

/// The visits that no ticket holds: those places can know that they are safe.
fn never(case: &Case, classes: &[Class], published: &Path) -> Option<String> {
    let safe = classes.iter().flat_map(|class| &class.visits).filter(|(_, n)| *n == 0);
    let safe: Vec<&str> = safe.map(|(visit, _)| case.visit(*visit).id.as_str()).collect();
    let first = safe.first()?;
    let mut named = safe.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if safe.len() > NAMED {
        named.push_str(&format!(" and {} more", safe.len() - NAMED));
    }
    Some(format!(
        "\nSAFE FROM A VISIT: {} in no ticket at all ({named}). Why: foureyes explain {} {first}",
        count(safe.len(), "programmed visit is", "programmed visits are"),
        published.display()
    ))
}

/// [`programmed`] for machines, every visit among it.
pub fn programmed_json(case: &Case, drawn: &Drawn) -> Value {
    let Some((classes, tickets)) = classes(case, drawn) else { return Value::Null };
    let visit = |(visit, n): &(VisitId, u32)| json!({ "visit": case.visit(*visit).id, "establishment": case.place_of(*visit).id, "held": n });
    let class = |class: &Class| {
        json!({
            "class": class.name, "target_per_mille": class.target,
            "visits": class.visits.iter().map(visit).collect::<Vec<_>>(),
        })
    };
    json!({ "tickets": tickets, "classes": classes.iter().map(class).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DrawnStage, Odds, Programmed, Schedule};
    use crate::rules::Book;
    use crate::rules::testing::fixture;

    #[test]
    fn a_place_that_no_ticket_visits_is_told_loudly() {
        let text = "
            period 2027-01-04..2027-01-04
            inspector ana lead
            inspectors ben cem
            place p1 risk=high
            place p2 risk=high
            visit v1 p1 kind=programmed
            visit v2 p2 kind=programmed
        ";
        let (mut case, _) = fixture(text);
        case.programmed = Programmed { classes: [("high".to_owned(), 1)].into(), floor: 5, places: false };
        let book = Book::new(&case.settings).unwrap();
        let layout = book.layout(&case, case.urn.stage.spans(&case.period)[0], &Schedule::default());
        let mut tickets = Vec::new();
        layout.encode(&fixture(&format!("{text} plan v2 2027-01-04 am ana ben")).1, &mut tickets);
        layout.encode(&Schedule::default(), &mut tickets);
        let urn = Urn::new(layout, tickets).unwrap();
        let stage = DrawnStage { number: 1, odds: Odds::count(&urn), urn, index: 0 };
        let drawn = Drawn { stages: vec![stage], ..Drawn::default() };
        let told = programmed(&case, &drawn, Path::new("out")).unwrap().body;
        assert!(told.contains("high             2      32      250      0       500"), "{told}");
        assert!(
            told.ends_with("1 programmed visit is in no ticket at all (v1). Why: foureyes explain out v1"),
            "{told}"
        );
        let json = programmed_json(&case, &drawn);
        assert_eq!((&json["classes"][0]["visits"][1]["held"], &json["tickets"]), (&1.into(), &2.into()));
    }
}
