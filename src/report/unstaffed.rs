//! What could not be staffed, by which rule, and the smallest change that would help.

use serde_json::{Value, json};

use super::times::{day, moment, slot, when};
use super::why::{closed_json, id, ids};
use super::{Section, Side, count, person, place, table, team};
use crate::bound::{Change, Lack, Proposal, Removed, Unstaffed};
use crate::model::Case;

/// Where a rule keeps no more people away than this, each is told of; else the first.
const FEW: usize = 5;
const FIRST: usize = 2;

/// Why nobody goes on a visit of a schedule.
pub fn unstaffed(case: &Case, answer: &Unstaffed) -> Section {
    let must = case.visit(answer.visit).kind.is_mandatory();
    let title = format!("{} {}", if must { "NOT STAFFED: visit" } else { "Not staffed: visit" }, called(case, answer));
    Section::new(title, reasons(case, answer, left_out(case, answer)))
}

/// That a team could be found, where the draw has none.
fn left_out(case: &Case, answer: &Unstaffed) -> Option<String> {
    let found = answer.after_all.as_ref()?;
    let (team, when) = (team(case, &found.team), when(case, found));
    Some(format!("No rule keeps {team} from it on {when}: the draw left it out for the sake of other visits."))
}

/// Whether a visit could be staffed at all, where nothing is planned yet.
pub fn prospect(case: &Case, answer: &Unstaffed) -> Section {
    let title = match answer.after_all {
        Some(_) => format!("Visit {} can be staffed", called(case, answer)),
        None => format!("Visit {} CAN'T BE STAFFED", called(case, answer)),
    };
    let found = answer.after_all.as_ref();
    let found = found.map(|found| format!("For one, {} could go on {}.", team(case, &found.team), when(case, found)));
    Section::new(title, reasons(case, answer, found))
}

/// What [`unstaffed`] says, sentence by sentence, for whoever shows the rules' counts in a table of their own.
pub(super) fn unstaffed_says(case: &Case, answer: &Unstaffed) -> Vec<String> {
    let mut says = vec![setting(case, answer)];
    says.extend(answer.removed.iter().flat_map(facts).map(|fact| fact.trim().to_owned()));
    says.extend(answer.lacks.iter().map(|lack| lacking(case, answer, lack)));
    says.extend(left_out(case, answer));
    says
}

/// Each change that would be enough, the smallest first.
pub(super) fn would_help(case: &Case, answer: &Unstaffed) -> Vec<String> {
    answer.proposals.iter().map(|proposal| proposed(case, proposal)).collect()
}

fn called(case: &Case, answer: &Unstaffed) -> String {
    let visit = case.visit(answer.visit);
    format!("{}, {}", visit.id, place(case, visit.establishment))
}

fn reasons(case: &Case, answer: &Unstaffed, found: Option<String>) -> String {
    let mut lines = vec![setting(case, answer)];
    lines.extend(removed(case, answer));
    lines.extend(answer.lacks.iter().map(|lack| lacking(case, answer, lack)));
    lines.extend(found);
    lines.extend(helps(case, answer));
    lines.join("\n")
}

fn setting(case: &Case, answer: &Unstaffed) -> String {
    let size = count(answer.size, "person", "people");
    let (times, closed) = (count(answer.times, "slot", "slots"), shut(answer));
    match answer.best {
        None => format!("Its team has {size}. There is no slot in which it may be held{closed}."),
        Some((date, at)) => format!(
            "Its team has {size}. It may be held in {times}{closed}. The best is {}: {} of {} free to go.",
            moment(case, date, at),
            answer.free.len(),
            count(answer.people, "person", "people")
        ),
    }
}

/// What closes the other slots. That most of a period lies outside a visit's window need not be blamed on a rule.
fn shut(answer: &Unstaffed) -> String {
    match answer.closed.as_slice() {
        [] => String::new(),
        [("window", slots)] if answer.times > 0 => format!(" of the {} of the period", answer.times + slots),
        [("window", _)] => ": none of the period lies in its window".to_owned(),
        rules => {
            let rules: Vec<String> = rules.iter().map(|(rule, slots)| format!("{rule} closes {slots}")).collect();
            format!(" ({})", rules.join(", "))
        }
    }
}

/// Who is removed by which rule, and the evidence.
fn removed(case: &Case, answer: &Unstaffed) -> Option<String> {
    let best = answer.best.map(|(date, at)| moment(case, date, at))?;
    let columns =
        [("the rule", Side::Left), ("keeps away", Side::Right), ("alone", Side::Right), ("in every slot", Side::Right)];
    let row =
        |one: &Removed| [one.rule.to_owned(), one.at_best.to_string(), one.alone.to_string(), one.always.to_string()];
    let mut lines = vec![format!("People kept away on {best}:"), table(&columns, answer.removed.iter().map(row))];
    answer.removed.iter().for_each(|one| lines.extend(facts(one)));
    (!answer.removed.is_empty()).then(|| lines.join("\n"))
}

/// The facts of a rule that keeps few people away, or those of the first.
fn facts(one: &Removed) -> Vec<String> {
    let told = if one.at_best > FEW { FIRST } else { one.evidence.len() };
    let mut lines: Vec<String> =
        one.evidence.iter().take(told).map(|fact| format!("  {}: {fact}.", one.rule)).collect();
    if one.at_best > FEW {
        lines.push(format!("  {}: ... and so on, {} people in all.", one.rule, one.at_best));
    }
    lines
}

fn lacking(case: &Case, answer: &Unstaffed, lack: &Lack) -> String {
    let free = || {
        let names: Vec<String> = answer.free.iter().take(8).map(|who| person(case, *who)).collect();
        if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
    };
    match lack {
        Lack::People { there, needed } => format!("Too few people: {there} free{}, {needed} needed.", free()),
        Lack::Quality { rule, quality, there, needed } => {
            let size = answer.size;
            if *needed > size {
                return format!(
                    "The rule {rule} needs {needed} with `{quality}`, and the team has only {size} people: ask for \
                     fewer, or send a larger team."
                );
            }
            format!("The rule {rule} needs {needed} with `{quality}`; of those who are free {there} have it.")
        }
        Lack::Company { apart, pairs } => {
            let rules: Vec<String> = apart.iter().map(|(rule, n)| format!("{rule} forbids {n}")).collect();
            format!("Those who are free may not go together: of their {pairs} pairs {}.", rules.join(", "))
        }
        Lack::Time { blocked } => {
            let rules: Vec<String> = blocked.iter().map(|(rule, n)| format!("{rule} ({n} slots)")).collect();
            format!("Every slot is closed to it by what else is planned, or was done before: {}.", rules.join(", "))
        }
    }
}

fn helps(case: &Case, answer: &Unstaffed) -> Option<String> {
    let line = |(nth, change)| format!("  {}. {change}", nth + 1);
    let lines: Vec<String> = would_help(case, answer).iter().enumerate().map(line).collect();
    (!lines.is_empty()).then(|| format!("Any one of these would be enough, the smallest first:\n{}", lines.join("\n")))
}

fn proposed(case: &Case, proposal: &Proposal) -> String {
    let changes: Vec<String> = proposal.changes.iter().map(|change| change_in_words(case, change)).collect();
    let warning = if proposal.lifts_conflict { " (this lifts a conflict of interest: the last resort)" } else { "" };
    let then = &proposal.staffed;
    format!("{}{warning}; then {} could go on {}.", changes.join(" and "), team(case, &then.team), when(case, then))
}

fn change_in_words(case: &Case, change: &Change) -> String {
    match change {
        Change::Window { from, to } => format!("let it be held from {} to {}", day(*from), day(*to)),
        Change::AnySlot => "let it be held in any slot".to_owned(),
        Change::Drop(other) => format!("give up the programmed visit {}", case.visit(*other).id),
        Change::TeamSize(size) => format!("send a team of {size}"),
        Change::Waive { rule, inspector } => format!("sign a waiver of {rule} for {}", person(case, *inspector)),
    }
}

/// [`unstaffed`] for machines.
pub fn unstaffed_json(case: &Case, answer: &Unstaffed) -> Value {
    let removed = |one: &Removed| {
        json!({
            "rule": one.rule, "at_best": one.at_best, "alone": one.alone, "always": one.always,
            "evidence": one.evidence,
        })
    };
    let proposal = |one: &Proposal| {
        json!({
            "changes": one.changes.iter().map(|change| change_json(case, change)).collect::<Vec<_>>(),
            "then": super::staffed_json(case, answer.visit, &one.staffed),
            "lifts_conflict": one.lifts_conflict,
        })
    };
    json!({
        "visit": case.visit(answer.visit).id,
        "mandatory": case.visit(answer.visit).kind.is_mandatory(),
        "people": answer.people,
        "team_size": answer.size,
        "slots": answer.times,
        "closed": closed_json(&answer.closed),
        "best": answer.best.map(|(date, at)| json!({ "date": date.to_string(), "slot": slot(case, at) })),
        "free": ids(case, &answer.free),
        "removed": answer.removed.iter().map(removed).collect::<Vec<_>>(),
        "lacks": answer.lacks.iter().map(lack_json).collect::<Vec<_>>(),
        "after_all": answer.after_all.as_ref().map(|found| super::staffed_json(case, answer.visit, found)),
        "proposals": answer.proposals.iter().map(proposal).collect::<Vec<_>>(),
    })
}

fn lack_json(lack: &Lack) -> Value {
    let by_rule = |all: &[(&'static str, usize)]| -> Value {
        all.iter().map(|(rule, n)| json!({ "rule": rule, "count": n })).collect()
    };
    match lack {
        Lack::People { there, needed } => json!({ "lack": "people", "there": there, "needed": needed }),
        Lack::Quality { rule, quality, there, needed } => {
            json!({ "lack": "quality", "rule": rule, "quality": quality, "there": there, "needed": needed })
        }
        Lack::Company { apart, pairs } => json!({ "lack": "company", "pairs": pairs, "apart": by_rule(apart) }),
        Lack::Time { blocked } => json!({ "lack": "time", "blocked": by_rule(blocked) }),
    }
}

/// A change, for machines.
pub(super) fn change_json(case: &Case, change: &Change) -> Value {
    match change {
        Change::Window { from, to } => {
            json!({ "change": "window", "from": from.to_string(), "to": to.to_string() })
        }
        Change::AnySlot => json!({ "change": "any-slot" }),
        Change::Drop(other) => json!({ "change": "drop", "visit": case.visit(*other).id }),
        Change::TeamSize(size) => json!({ "change": "team-size", "team_size": size }),
        Change::Waive { rule, inspector } => {
            json!({ "change": "waive", "rule": rule, "inspector": id(case, *inspector) })
        }
    }
}
