//! What changes after a draw: amendments and overrides, which two parties sign, and what was executed.
//!
//! A change is put into its file before its line, and its line before anything is said of it. Whoever runs the same command again after the line is
//! there is told so: the last change on the ledger is not made twice, unless something was drawn after it.

use chrono::NaiveDate;

use super::office::read_file;
use super::past::{CHANGE_BYTES_MAX, Past};
use super::{CeremonyError, FrozenInputs, Keys, Office, Settled};
use crate::draw::digest;
use crate::model::is_blank;
use crate::record::changes::{
    Amendment, ByHand, Cause, Change, Held, Refusal, Went, What, by_hand, change_line, compared, moves, read_change,
    went,
};
use crate::record::ledger::{Amend, Body, Executed, Override};
use crate::record::salted::{Master, Tree};
use crate::record::{change_file, one_spelling, schedule_lines};

/// A change that was made, or waits for a second hand.
#[derive(Debug)]
pub struct Changed {
    /// Its number.
    pub number: u64,
    /// What it says.
    pub change: Change,
    /// Whether it is on the ledger.
    pub settled: Settled,
}

impl From<Refusal> for CeremonyError {
    fn from(refusal: Refusal) -> Self {
        let hint = match refusal {
            Refusal::NothingDrawn => "draw first; until then the inputs can be frozen again",
            Refusal::NothingToChange(_) | Refusal::UnknownTarget(..) => "nothing is to be done on the ledger",
            Refusal::Breaks { .. } => "an override can hold it all the same; it is the loudest thing in every report",
            _ => "nothing was written; look at what you gave",
        };
        Self::refused(refusal.to_string(), hint)
    }
}

/// Makes an amendment because of `cause`, once another party has signed that too: seats are vacated, and filled from the reserves.
///
/// # Errors
/// Where it can't be, changes nothing, or the system refuses.
pub fn amend(office: &mut Office, keys: &Keys, cause: Cause, evidence: &str) -> Result<Changed, CeremonyError> {
    let evidence = said(evidence, Refusal::NoEvidence)?;
    let is_this = |what: &What| match what {
        What::Amend(done) => done.cause == cause && done.evidence == evidence,
        _ => false,
    };
    if let Some(done) = last(office, is_this)? {
        return again(office, keys, done);
    }
    let past = Past::of(office)?;
    let moves = moves(&past.draws, &past.held, &cause)?;
    proposed(office, keys, &past, What::Amend(Amendment { cause, evidence, moves }), "")
}

/// Sets seats by hand, once another party has signed that too.
///
/// # Errors
/// Where it names what is not there or a day that is over, or the system refuses.
pub fn give(
    office: &mut Office,
    keys: &Keys,
    teams: &[ByHand],
    reason: &str,
    evidence: &str,
) -> Result<Changed, CeremonyError> {
    let (evidence, reason) = (said(evidence, Refusal::NoEvidence)?, said(reason, Refusal::NoReason)?);
    let sorted = in_order(teams);
    let is_this = |what: &What| *what == What::Override { evidence: evidence.clone(), teams: sorted.clone() };
    if let Some(done) = last(office, is_this)?.filter(|(body, _, _)| is_reason(body, &reason)) {
        return again(office, keys, done);
    }
    let past = Past::of(office)?;
    let teams = by_hand(&past.draws, &past.held, teams)?;
    proposed(office, keys, &past, What::Override { evidence, teams }, &reason)
}

/// Tells who went on the visits of `date`; as they were to go, unless `told` says otherwise.
///
/// # Errors
/// Where the day was told of otherwise, something is not told, or the system refuses.
pub fn execute(
    office: &mut Office,
    keys: &Keys,
    date: NaiveDate,
    told: Option<&[Went]>,
) -> Result<Changed, CeremonyError> {
    office.is_planner(keys)?;
    let there = office.entries().iter().find_map(|entry| match &entry.body {
        Body::Executed(done) if done.date == date => Some((entry.line, done.clone())),
        _ => None,
    });
    if let Some((line, done)) = there {
        let change = read(office, &Body::Executed(done.clone()))?.0;
        let same = match (told, &change.what) {
            (None, _) => done.otherwise == 0,
            (Some(told), What::Executed { held, .. }) => *held == all_sorted(told),
            _ => false,
        };
        office.seal(keys)?;
        let (number, settled) = (done.number, Settled::Landed(line));
        return if same { Ok(Changed { number, change, settled }) } else { Err(Refusal::DayOver(date).into()) };
    }
    let past = Past::of(office)?;
    let held = went(&past.draws, &past.held, date, told)?;
    let number = office.course().next_change();
    let change = Change { salt: salt(&master(office)?, number), what: What::Executed { date, held } };
    let bytes = change_line(&change);
    let body = body(office, &past, number, &change, &bytes, "")?;
    office.course().may(&body)?;
    office.put(office.path(&change_file(number)), &bytes, super::Access::Owner)?;
    let line = office.append(body, Vec::new())?.line;
    office.seal(keys)?;
    Ok(Changed { number, change, settled: Settled::Landed(line) })
}

/// Holds that a change that waits for a second hand is what follows from its cause, for whoever is to sign it.
///
/// # Errors
/// Where it is not, or the files that it takes to see are not there.
pub fn recheck(office: &Office, stated: &Body, bytes: &[u8]) -> Result<Change, CeremonyError> {
    let wrong =
        |says: String| CeremonyError::refused(says, "do not sign it; ask the planner for a proposal that is right");
    let (change, flaws) = read_change(bytes, super::PROPOSED_CHANGE);
    let change = change.filter(|_| flaws.is_empty());
    let change = change.ok_or_else(|| wrong("the change that waits can't be read".to_owned()))?;
    let past = Past::of(office)?;
    let reason = match stated {
        Body::Override(stated) => stated.reason.as_str(),
        _ => "",
    };
    let right = match &change.what {
        What::Amend(done) => {
            let moves = moves(&past.draws, &past.held, &done.cause)?;
            What::Amend(Amendment { moves, ..done.clone() })
        }
        What::Override { evidence, teams } => {
            What::Override { evidence: evidence.clone(), teams: by_hand(&past.draws, &past.held, teams)? }
        }
        What::Executed { .. } => return Err(wrong("a day that is over takes no second signature".to_owned())),
    };
    let number = office.course().next_change();
    if right != change.what || body(office, &past, number, &change, bytes, reason)? != *stated {
        return Err(wrong("the change that waits is not what follows from its cause".to_owned()));
    }
    Ok(change)
}

/// A text that was said, in its one spelling.
fn said(text: &str, lacking: Refusal) -> Result<String, Refusal> {
    let text = one_spelling(text.trim());
    if is_blank(&text) { Err(lacking) } else { Ok(text) }
}

fn is_reason(body: &Body, reason: &str) -> bool {
    matches!(body, Body::Override(done) if done.reason == reason)
}

fn in_order(teams: &[ByHand]) -> Vec<ByHand> {
    let mut teams = teams.to_vec();
    teams.sort_by(|a, b| a.visit.cmp(&b.visit));
    for one in &mut teams {
        if let Some((_, _, team)) = &mut one.held {
            team.sort();
        }
    }
    teams
}

fn all_sorted(told: &[Went]) -> Vec<Went> {
    let mut told = told.to_vec();
    told.iter_mut().for_each(|went| went.team.sort());
    told.sort_by(|a, b| a.visit.cmp(&b.visit));
    told
}

/// A change on the ledger: its line, itself, and its file.
type Done = (Body, Change, Vec<u8>);

/// The last change on the ledger, if nothing was drawn after it and it is the one that is asked for.
fn last(office: &Office, is_this: impl Fn(&What) -> bool) -> Result<Option<Done>, CeremonyError> {
    let is_one = |body: &&Body| matches!(body, Body::Amend(_) | Body::Override(_) | Body::Executed(_) | Body::Draw(_));
    let Some(body) = office.entries().iter().rev().map(|entry| &entry.body).find(is_one) else { return Ok(None) };
    if matches!(body, Body::Draw(_)) {
        return Ok(None);
    }
    let (change, bytes) = read(office, body)?;
    Ok(is_this(&change.what).then(|| (body.clone(), change, bytes)))
}

/// The change that a line names.
fn read(office: &Office, body: &Body) -> Result<(Change, Vec<u8>), CeremonyError> {
    let (number, stated) = match body {
        Body::Amend(done) => (done.number, done.change),
        Body::Override(done) => (done.number, done.change),
        Body::Executed(done) => (done.number, done.change),
        _ => (0, [0; 32]),
    };
    let name = change_file(number);
    let path = office.path(&name);
    let bytes = read_file(&path, CHANGE_BYTES_MAX)?;
    let change = read_change(&bytes, &name).0.filter(|_| digest(&bytes) == stated);
    let says = "is not the change that the ledger names".to_owned();
    change.map(|change| (change, bytes)).ok_or(CeremonyError::File { path, says })
}

/// What is done already stays done.
fn again(office: &mut Office, keys: &Keys, (body, change, bytes): Done) -> Result<Changed, CeremonyError> {
    let number = office.course().next_change() - 1;
    let settled = office.propose(keys, body, Some(&bytes))?;
    Ok(Changed { number, change, settled })
}

fn proposed(office: &mut Office, keys: &Keys, past: &Past, what: What, reason: &str) -> Result<Changed, CeremonyError> {
    let number = office.course().next_change();
    let change = Change { salt: salt(&master(office)?, number), what };
    let bytes = change_line(&change);
    let body = body(office, past, number, &change, &bytes, reason)?;
    let settled = office.propose(keys, body, Some(&bytes))?;
    Ok(Changed { number, change, settled })
}

/// What the ledger says of a change.
fn body(
    office: &Office,
    past: &Past,
    number: u64,
    change: &Change,
    bytes: &[u8],
    reason: &str,
) -> Result<Body, CeremonyError> {
    let digest = digest(bytes);
    let after = || {
        let mut after = past.held.clone();
        after.change(change);
        tree(office, past, number, &after).map(|tree| (tree.leaves().len() as u64, tree.root()))
    };
    Ok(match &change.what {
        What::Amend(done) => {
            let (leaves, root) = after()?;
            let (seats, why) = (done.moves.len() as u64, done.cause.why());
            let unfilled = done.moves.iter().filter(|one| !one.is_filled()).count() as u64;
            Body::Amend(Amend { change: digest, leaves, number, root, seats, unfilled, why })
        }
        What::Override { teams, .. } => {
            let (leaves, root) = after()?;
            let seats = teams.iter().filter_map(|one| one.held.as_ref()).map(|(_, _, team)| team.len() as u64).sum();
            Body::Override(Override { change: digest, leaves, number, reason: reason.to_owned(), root, seats })
        }
        What::Executed { date, held } => {
            let otherwise = compared(&past.held, *date, held).len() as u64;
            let as_drawn = held.len() as u64 - otherwise;
            Body::Executed(Executed { as_drawn, change: digest, date: *date, number, otherwise })
        }
    })
}

/// The salted tree over what is held after change `number`.
fn tree(office: &Office, past: &Past, number: u64, after: &Held) -> Result<Tree, CeremonyError> {
    let case = &past.draws.last().ok_or(Refusal::NothingDrawn)?.case;
    let lines = schedule_lines(case, &after.schedule(case));
    Ok(Tree::of_schedule(&lines, &master(office)?, &format!("change/{number}")))
}

/// The master of the freeze of the last draw.
fn master(office: &Office) -> Result<Master, CeremonyError> {
    let drawn = office.entries().iter().rev().find_map(|entry| match &entry.body {
        Body::Draw(draw) => office.course().commitment(draw.counter),
        _ => None,
    });
    let freeze = drawn.ok_or(Refusal::NothingDrawn)?.commit.freeze;
    Ok(FrozenInputs::of(office, freeze)?.master)
}

/// What the digest of a change is salted with.
fn salt(master: &Master, number: u64) -> [u8; 32] {
    master.salt(&format!("change/{number}"), "change", "")
}
