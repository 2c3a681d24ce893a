//! Programmed visits that the register asks for: every place that no visit names, where the policy wants them.

use std::collections::{BTreeMap, BTreeSet};

use super::header::Header;
use super::ids::{fold, nearest};
use super::problem::{Level, Log, Problem, counted, shown};
use super::source::POLICY;
use super::table::Desk;
use crate::model::{Establishment, EstablishmentId, Kind, Programmed, Visit};

/// Spells the risk of each place as the policy does, and tells of classes that it does not name. Where each
/// place is to have its odds that is an error: a class misspelt would make a place safe.
pub(super) fn settle(places: &mut [Establishment], desk: &mut Desk<'_>) {
    let policy = std::rc::Rc::clone(&desk.policy);
    let Programmed { classes, places: all, .. } = &policy.programmed;
    if classes.is_empty() {
        return;
    }
    let by_fold: BTreeMap<String, &String> = classes.keys().map(|class| (fold(class), class)).collect();
    let mut unknown: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut without, mut met) = (0u64, BTreeSet::new());
    for place in places {
        match &mut place.risk {
            None => without += 1,
            Some(risk) => match by_fold.get(&fold(risk)) {
                Some(class) => {
                    met.insert(fold(class));
                    (*class).clone_into(risk);
                }
                None => *unknown.entry(risk).or_default() += 1,
            },
        }
    }
    let (file, level) = (desk.file_of("establishments"), if *all { Level::Error } else { Level::Warning });
    in_vain(&by_fold, &met, &unknown, &mut desk.log);
    for (risk, count) in unknown {
        desk.log.one_of(level, &file, "risk classes that the policy does not name", || {
            let has = counted(count, "place has", "places have");
            let why = format!("{has} this risk class, and [programmed] every_months does not name it");
            let near = nearest(risk, classes.keys().map(String::as_str), 1);
            let near = near.first().map_or_else(String::new, |near| format!("Is it `{}`? ", shown(near)));
            let advice = format!("{near}Correct it, or say in policy.toml how often such places are seen");
            Problem::error(&file, why, advice).column("risk").value(risk)
        });
    }
    if without > 0 && *all {
        let why = format!("{} no risk class, and so no programmed visit", counted(without, "place has", "places have"));
        let advice = "Nobody will be sent there by lot; give each a risk class if each is to have its odds";
        desk.log.push(Problem::warning(&file, why, advice).column("risk"));
    }
}

/// Tells of classes that no place has, where the register has some that the policy does not name: one may be the other misspelt.
fn in_vain(classes: &BTreeMap<String, &String>, met: &BTreeSet<String>, unknown: &BTreeMap<&str, u64>, log: &mut Log) {
    if unknown.is_empty() {
        return;
    }
    let has: Vec<String> = unknown.keys().take(6).map(|risk| format!("`{}`", shown(risk))).collect();
    for (_, class) in classes.iter().filter(|(folded, _)| !folded.is_empty() && !met.contains(*folded)) {
        log.one_of(Level::Warning, POLICY, "risk classes that no place has", || {
            let why = format!("no place has this risk class; the register has {}, which is not named", has.join(", "));
            let advice = "Write it as the register has it, or take it out";
            Problem::warning(POLICY, why, advice).column("[programmed] every_months").value(class)
        });
    }
}

/// Adds a visit `P-<place>` for each place whose class the policy names and that no visit goes to.
pub(super) fn add(
    visits: &mut BTreeMap<String, (u64, Visit)>,
    register: &[Establishment],
    programmed: &Programmed,
    header: &Header,
    log: &mut Log,
) {
    if !programmed.places {
        return;
    }
    let seen: BTreeSet<EstablishmentId> = visits.values().map(|(_, visit)| visit.establishment).collect();
    let mut added = 0u64;
    for (at, place) in register.iter().enumerate() {
        let (at, id) = (EstablishmentId::at(at), format!("P-{}", place.id));
        if seen.contains(&at) || programmed.months(place.risk.as_deref()).is_none() {
            continue;
        }
        if let Some((row, _)) = visits.get(&id) {
            let row = *row;
            log.one_of(Level::Error, &header.file, "ids that programmed visits need", || {
                let why = format!("this is the id of the programmed visit to `{}`", shown(&place.id));
                let problem = Problem::error(&header.file, why, "Give the visit of the file another id");
                problem.row(row).column(header.title(0)).value(&id)
            });
            continue;
        }
        added += 1;
        visits.insert(id.clone(), (0, visit(id, at)));
    }
    let says = "places of the register became programmed visits, as [programmed] places asks";
    log.note(&header.file, format!("{added} {says}"));
}

fn visit(id: String, establishment: EstablishmentId) -> Visit {
    Visit {
        id,
        establishment,
        earliest: None,
        latest: None,
        kind: Kind::Programmed,
        team_size: None,
        skills: Vec::new(),
        min_women: None,
        slot: None,
        duration: 1,
        operation: None,
        agencies: Vec::new(),
    }
}
