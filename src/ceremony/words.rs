//! What a line of the ledger says, as a sentence, for somebody who is asked to sign it.

use crate::draw::beacon::time_of;
use crate::model::Level;
use crate::record::changes::{Amendment, ByHand, Cause, Change, Move, Passed, Went, What};
use crate::record::ledger::{BeaconLine, Body, Commit, Shown};
use crate::verify::count;

/// What a line that says `body` means.
pub fn in_words(body: &Body) -> String {
    match body {
        Body::Open(open) => format!("open the ledger of {} with {} parties", open.origin, open.parties.len()),
        Body::Freeze(freeze) => format!("freeze {}: the inputs of \"{}\"", freeze.number, freeze.case),
        Body::Commit(commit) => commit_in_words(commit),
        Body::Draw(draw) => {
            let (counter, staffed) = (draw.counter, draw.staffed);
            let from = match &draw.beacon {
                Shown::Quicknet(shown) => format!("round {} of quicknet", shown.round),
                Shown::Dice(dice) => format!("the dice with {} faces that showed {}", dice.faces, dice.throws),
            };
            format!("draw {counter} from {from}; staffed: {}", count(staffed, "visit"))
        }
        Body::Void(void) => {
            format!("make commitment {} void, so that nothing is drawn from it. Reason: {}", void.counter, void.reason)
        }
        Body::Amend(amend) => format!(
            "amendment {} for {}: {} vacated, {} not filled again",
            amend.number,
            amend.why.word(),
            count(amend.seats, "seat"),
            count(amend.unfilled, "seat")
        ),
        Body::Override(by_hand) => {
            let seats = count(by_hand.seats, "seat");
            format!("OVERRIDE {}: {seats} given by hand. Reason: {}", by_hand.number, by_hand.reason)
        }
        Body::Executed(executed) => format!(
            "what was held on {}: {} as drawn, {} otherwise",
            executed.date,
            count(executed.as_drawn, "visit"),
            count(executed.otherwise, "visit")
        ),
        Body::Disclose(disclose) => format!("disclose the secrets of draw {}", disclose.counter),
    }
}

fn commit_in_words(commit: &Commit) -> String {
    let Commit { counter, from, to, tickets, worst, .. } = commit;
    let decides = match &commit.beacon {
        BeaconLine::Quicknet(round) => format!("round {} of quicknet{}", round.round, at(round.round)),
        BeaconLine::Dice(dice) => {
            format!("{} throws of dice with {} faces on {} ({})", dice.throws, dice.faces, dice.when(), dice.place)
        }
    };
    format!(
        "commitment {counter}: the days from {from} to {to} are drawn from {tickets} tickets by {decides}; nobody goes anywhere in \
         more than {worst} tickets"
    )
}

fn at(round: u64) -> String {
    time_of(round).map(|time| format!(" (of {})", utc(time))).unwrap_or_default()
}

/// What a change does, a sentence a line.
pub fn change_in_words(change: &Change) -> Vec<String> {
    match &change.what {
        What::Amend(done) => amendment(done),
        What::Override { evidence, teams } => {
            let one = |one: &ByHand| match &one.held {
                Some((date, slot, team)) => {
                    format!("visit {}: BY HAND {} on {date}, {slot}", one.visit, team.join(" and "))
                }
                None => format!("visit {}: BY HAND not held any more", one.visit),
            };
            teams.iter().map(one).chain([format!("evidence: {evidence}")]).collect()
        }
        What::Executed { date, held } => {
            let one = |went: &Went| match went.team.as_slice() {
                [] => format!("{date}: nobody went on visit {}", went.visit),
                team => format!("{date}: {} went on visit {}", team.join(" and "), went.visit),
            };
            held.iter().map(one).collect()
        }
    }
}

fn amendment(done: &Amendment) -> Vec<String> {
    let head = match &done.cause {
        Cause::Absence(days) => format!("{} is absent from {} to {}", days.inspector, days.from, days.to),
        Cause::Conflict(conflict) => {
            format!("{} has a conflict of interest with {}", conflict.inspector, conflict.target)
        }
        Cause::Cancelled(visit) => format!("visit {visit} is cancelled"),
        Cause::Restored(visit) => format!("visit {visit} is held again, as it was"),
        Cause::Withdrawn(conflict) => {
            format!("{} has no conflict of interest with {} any more", conflict.inspector, conflict.target)
        }
    };
    let moves = done.moves.iter().map(one_move);
    [head].into_iter().chain(moves).chain([format!("evidence: {}", done.evidence)]).collect()
}

fn one_move(one: &Move) -> String {
    let Move { level, by, team, date, member, from, passed, visits } = one;
    let seat = if from == member { format!("{from}'s seat") } else { format!("{from}'s seat, which is {member}'s,") };
    let visits = visits.join(", ");
    let passed: Vec<String> = passed
        .iter()
        .map(|one| match (who_passed(one), one.rules.as_slice()) {
            (who, []) => format!("{who} (goes there, or leaves)"),
            (who, rules) => format!("{who} ({})", rules.join(", ")),
        })
        .collect();
    let passed = if passed.is_empty() { String::new() } else { format!("; passed over: {}", passed.join(", ")) };
    match (by, level) {
        (Some(by), Level::Day) => format!("{date}: {by} steps into {seat} on {visits}{passed}"),
        (Some(by), _) => {
            format!("{date}: nobody may take over the whole day; {by} steps into {seat} on {visits} alone{passed}")
        }
        (None, _) if !team.is_empty() => format!(
            "{date}: nobody may step into {seat} on {visits}; another team goes: {}{passed}",
            team.join(" and ")
        ),
        (None, _) => format!("{date}: nobody may step into {seat}; no longer held: {visits}{passed}"),
    }
}

/// Whoever was passed over, and for what they were asked, where it was not the whole day.
fn who_passed(one: &Passed) -> String {
    match one.level {
        Level::Day => one.inspector.clone(),
        Level::Visit => format!("{} for this visit alone", one.inspector),
        Level::Team => format!("the team {}", one.team.join(" and ")),
    }
}

/// A time in seconds since 1970, as people write it.
///
/// ```
/// assert_eq!(foureyes::ceremony::utc(1_692_803_367), "2023-08-23T15:09:27Z");
/// ```
pub fn utc(seconds: i64) -> String {
    match chrono::DateTime::from_timestamp(seconds, 0) {
        Some(time) => time.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        None => format!("{seconds} seconds after 1970"),
    }
}
