//! From facts to all that there is to tell.

use std::collections::BTreeMap;

use super::told::{Class, Counts, Day, Kind, Load, Open, Period, Pool, Pools, Removed, RuleOff, ThinDay, Told, Waiver};
use super::{Facts, Proof, View, evidence, lottery, people, visits};
use crate::bound::{Thin, remedies, thin_pools, why_unstaffed};
use crate::model::{Case, Kind as KindOf, Schedule, VisitId, target};
use crate::record;
use crate::report::coverage::KINDS;
use crate::report::{remedies_in_words, thin, unstaffed};
use crate::rules::Book;

/// Visits without a team that are explained; the others are named.
const EXPLAINED: usize = 40;
/// Mandatory visits without a team up to which it is told what would help them together.
const TOGETHER: usize = 8;

/// All of it.
pub(super) fn all(facts: &Facts, view: View) -> Told {
    let Facts { case, book, schedule, .. } = facts;
    let visits = visits::all(facts);
    let to_come = visits.iter().filter(|visit| visit.state == super::told::State::ToCome).count();
    let open = open(facts);
    let pools = thin_pools(case, book);
    let pools = pools_of(facts, &pools);
    let (loud, changes) = evidence::changes(facts);
    let stages = lottery::stages(facts);
    Told {
        view,
        case: case.name.clone(),
        folder: facts.folder.clone(),
        ceremony: matches!(facts.proof, Proof::Ledger(_)),
        period: period(case),
        counts: Counts { changes: changes.len(), ..counts(case, schedule, &pools) },
        loud,
        notices: evidence::notices(facts),
        changes,
        evidence: evidence::evidence(facts, &stages),
        coverage: coverage(case, schedule),
        most: lottery::most(facts),
        would_help: together(facts, &open),
        open: open.iter().enumerate().map(|(at, visit)| open_visit(facts, *visit, at < EXPLAINED)).collect(),
        to_come,
        unknown: visits::unknown(facts),
        waivers: waivers(case, schedule),
        rules_off: rules_off(book),
        settings: evidence::settings(facts),
        load: load(case, schedule),
        stages,
        guesses: lottery::guesses(&visits),
        pools,
        programmed: programmed(case, schedule),
        people: people::people(case, schedule),
        places: people::places(case),
        visits,
        released: Vec::new(),
        released_to: None,
    }
}

fn period(case: &Case) -> Period {
    let days = case.period.days().into_iter().map(Day).collect();
    Period { from: Day(case.period.from), to: Day(case.period.to), days, slots: case.period.slots.clone() }
}

fn counts(case: &Case, schedule: &Schedule, pools: &Pools) -> Counts {
    let counts = record::Counts::of(case, schedule);
    let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    Counts {
        inspectors: case.inspectors.len(),
        leads: case.inspectors.iter().filter(|inspector| inspector.lead).count(),
        visits: case.visits.len(),
        staffed: size(counts.staffed),
        mandatory: size(counts.mandatory),
        mandatory_staffed: size(counts.mandatory_staffed),
        seats: size(counts.seats),
        conflicts: case.conflicts.len(),
        absences: case.absences.len(),
        past_visits: case.history.len(),
        waivers: case.waivers.len(),
        thin: pools.thin.iter().map(|pool| pool.visits.len()).sum(),
        thin_days: pools.days.len(),
        changes: 0,
    }
}

fn coverage(case: &Case, schedule: &Schedule) -> Vec<Kind> {
    let of = |kind: KindOf| {
        let all: Vec<VisitId> = case.visit_ids().filter(|visit| case.visit(*visit).kind == kind).collect();
        let staffed = all.iter().filter(|visit| schedule.assignments.contains_key(visit)).count();
        Kind { kind: kind.word(), visits: all.len(), staffed }
    };
    KINDS.into_iter().map(of).filter(|kind| kind.visits > 0).collect()
}

/// The visits that nobody goes on and no later draw may staff, the mandatory ones first.
fn open(facts: &Facts) -> Vec<VisitId> {
    let mut open: Vec<VisitId> = facts.case.visit_ids().filter(|visit| visits::is_open(facts, *visit)).collect();
    open.sort_by_key(|visit| (!facts.case.visit(*visit).kind.is_mandatory(), *visit));
    open
}

fn open_visit(facts: &Facts, visit: VisitId, explained: bool) -> Open {
    let case = facts.case;
    let planned = case.visit(visit);
    let named = Open {
        visit: planned.id.clone(),
        mandatory: planned.kind.is_mandatory(),
        says: Vec::new(),
        rules: Vec::new(),
        would_help: Vec::new(),
    };
    if !explained {
        return named;
    }
    let why = why_unstaffed(case, facts.book, facts.schedule, visit);
    let rule = |one: &crate::bound::Removed| Removed {
        rule: one.rule,
        at_best: one.at_best,
        alone: one.alone,
        always: one.always,
    };
    Open {
        says: unstaffed::unstaffed_says(case, &why),
        rules: why.removed.iter().map(rule).collect(),
        would_help: unstaffed::would_help(case, &why),
        ..named
    }
}

/// What would help the mandatory ones among the open visits together.
fn together(facts: &Facts, open: &[VisitId]) -> Vec<String> {
    let must = |visit: &&VisitId| facts.case.visit(**visit).kind.is_mandatory();
    let missed: Vec<VisitId> = open.iter().filter(must).copied().collect();
    if !(2..=TOGETHER).contains(&missed.len()) {
        return Vec::new();
    }
    let remedies = remedies(facts.case, facts.book, facts.schedule, &missed);
    let section = remedies_in_words(facts.case, &remedies);
    section.map(|section| section.body.lines().map(|line| line.trim().to_owned()).collect()).unwrap_or_default()
}

fn waivers(case: &Case, schedule: &Schedule) -> Vec<Waiver> {
    let one = |waiver: &crate::model::Waiver| Waiver {
        rule: waiver.rule.clone(),
        visit: case.visit(waiver.visit).id.clone(),
        inspector: case.inspector(waiver.inspector).id.clone(),
        reason: waiver.reason.clone(),
        approver: waiver.approver.clone(),
        date: Day(waiver.date),
        used: schedule.assignments.get(&waiver.visit).is_some_and(|to| to.team.contains(waiver.inspector)),
    };
    case.waivers.iter().map(one).collect()
}

fn rules_off(book: &Book) -> Vec<RuleOff> {
    let off = book.all().iter().filter(|booked| booked.entry.enabled && booked.rule.is_none());
    off.map(|booked| RuleOff { rule: booked.entry.name, says: booked.entry.page().title }).collect()
}

fn load(case: &Case, schedule: &Schedule) -> Vec<Load> {
    let mut people: BTreeMap<usize, usize> = BTreeMap::new();
    people::visits_of_each(case, schedule).into_iter().for_each(|visits| *people.entry(visits).or_default() += 1);
    people.into_iter().map(|(visits, people)| Load { visits, people }).collect()
}

fn pools_of(facts: &Facts, pools: &[Thin]) -> Pools {
    let case = facts.case;
    let pool = |(visits, one): (Vec<VisitId>, &Thin)| Pool {
        says: thin::pool(case, &visits, one),
        visits: visits.iter().map(|visit| case.visit(*visit).id.clone()).collect(),
        causes: thin::causes(case, one),
    };
    let thin = thin::alike(pools).into_iter().map(pool).collect();
    Pools { limits: thin::limits(case), thin, days: thin_days(facts) }
}

/// The days of service that hardly anybody could take over, the thinnest first.
fn thin_days(facts: &Facts) -> Vec<ThinDay> {
    let min = facts.case.urn.pool_min as usize;
    let mut thin: Vec<ThinDay> = Vec::new();
    for draw in &facts.draws {
        let reserves = record::read_reserves(draw.files, draw.case).0;
        let days = reserves.iter().map(|(_, one)| one).filter(|one| one.of < min);
        let day = |one: &crate::model::Reserves| {
            let inspector = draw.case.inspector(one.member).id.clone();
            ThinDay { date: Day(one.date), inspector, of: one.of }
        };
        thin.extend(days.map(day));
    }
    thin.sort_by(|a, b| (a.of, a.date, &a.inspector).cmp(&(b.of, b.date, &b.inspector)));
    thin
}

/// Programmed visits by risk class, the most frequent first.
fn programmed(case: &Case, schedule: &Schedule) -> Vec<Class> {
    let mut classes: BTreeMap<(u32, Option<String>), (usize, usize)> = BTreeMap::new();
    for visit in case.visit_ids().filter(|visit| case.visit(*visit).kind == KindOf::Programmed) {
        let risk = case.place_of(visit).risk.clone().filter(|risk| case.programmed.months(Some(risk)).is_some());
        let (all, drawn) = classes.entry((target(case, visit), risk)).or_default();
        *all += 1;
        *drawn += usize::from(schedule.assignments.contains_key(&visit));
    }
    let class = |((target, class), (visits, drawn))| Class { class, visits, target, drawn };
    classes.into_iter().rev().map(class).collect()
}
