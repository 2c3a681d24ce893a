//! Claim: everybody who serves on a day has the reserves that the draw gave them: all who may step in on every visit of theirs that day, in
//! the order that the seed names. Where nobody may, and the record says that its reserves have levels: all who may on each visit alone, or the teams that may.
//!
//! Asked where the schedule keeps every rule and the record was derived from these inputs and this seed; where not, that is
//! found already, and there is nothing to compare with.

use super::{Claim, Evidence, Finding};
use crate::draw::{Root, digest, to_hex};
use crate::model::{By, Case, InspectorId, OfVisit, Reserves, Team, VisitId};
use crate::record::{self, LEVELS, RECORD, RESERVES, SCHEDULE};
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
    let record = evidence.record.as_ref()?;
    if record.levels.is_some_and(|levels| levels != LEVELS) {
        return None;
    }
    let root = Root::from_seed(&evidence.inputs, &record.seed);
    let drawn = record::reserves((case, book), &root, &published.schedule, stretch, record.levels.is_some());
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
        if (said.of, &said.order) == (drawn.of, &drawn.order) {
            return self.by_visit(said, drawn);
        }
        let says = format!(
            "for {} the file has {} of {}; {} may step in, in the order {}",
            on_day(case, drawn),
            named(case, &said.order),
            said.of,
            drawn.of,
            named(case, &drawn.order)
        );
        let may = self.asker.may(drawn.date, drawn.member);
        let barred = said.order.iter().any(|who| !may.contains(who));
        Some((wrong(barred, (said.of, &said.order), (drawn.of, &drawn.order)), says))
    }

    /// The first thing that is wrong with the reserves of single visits.
    fn by_visit(&mut self, said: &Reserves, drawn: &Reserves) -> Option<(&'static str, String)> {
        let case = self.case;
        let levels = |one: &Reserves| one.by_visit.iter().map(|own| (own.visit, own.by.level())).collect::<Vec<_>>();
        if levels(said) != levels(drawn) {
            let told = |one: &Reserves| match one.by_visit.as_slice() {
                [] => "no visit alone".to_owned(),
                own => own.iter().map(|own| at_level(case, own)).collect::<Vec<_>>().join(", "),
            };
            let says =
                format!("for {} the file asks for {}, the draw for {}", on_day(case, drawn), told(said), told(drawn));
            return Some(("reserves", says));
        }
        let mut both = said.by_visit.iter().zip(&drawn.by_visit);
        let (one, right) = both.find(|(one, right)| one != right)?;
        let says = format!(
            "for {}, on {} alone, the file has {} of {}; {} may step in, in the order {}",
            on_day(case, drawn),
            at_level(case, right),
            asked(case, &one.by),
            one.of,
            right.of,
            asked(case, &right.by)
        );
        let (date, member, visit) = (drawn.date, drawn.member, right.visit);
        let name = match (&one.by, &right.by) {
            (By::People(order), By::People(drawn)) => {
                let may = self.asker.open(date, member, |open| open.people(visit));
                wrong(order.iter().any(|who| !may.contains(who)), (one.of, order), (right.of, drawn))
            }
            (By::Teams(order), By::Teams(drawn)) => {
                let barred = self.asker.open(date, member, |open| order.iter().any(|team| !open.may_go(visit, team)));
                wrong(barred, (one.of, order), (right.of, drawn))
            }
            _ => "reserves",
        };
        Some((name, says))
    }
}

/// What is wrong with those who are asked.
fn wrong<T: Ord + Clone>(barred: bool, said: (usize, &Vec<T>), drawn: (usize, &Vec<T>)) -> &'static str {
    let sorted = |order: &[T]| {
        let mut order = order.to_vec();
        order.sort_unstable();
        order
    };
    let ((said, order), (of, right)) = (said, drawn);
    match barred {
        true => "reserve-barred",
        false if said == of && sorted(order) == sorted(right) => "reserve-order",
        false if said < of || right.iter().any(|who| !order.contains(who)) => "reserve-missing",
        false => "reserves",
    }
}

fn at_level(case: &Case, one: &OfVisit) -> String {
    format!("{} at level {}", case.visit(one.visit).id, one.by.level().number())
}

fn asked(case: &Case, by: &By) -> String {
    let team = |team: &Team| format!("({})", named(case, team.members()));
    match by {
        By::People(people) => named(case, people),
        By::Teams(teams) if teams.is_empty() => "no team".to_owned(),
        By::Teams(teams) => teams.iter().take(20).map(team).collect::<Vec<_>>().join(", "),
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
