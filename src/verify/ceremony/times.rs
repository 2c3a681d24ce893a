//! The times that cosignatures state and commitments name, held against one another. What no honest clock can do is a finding; what a clock that is
//! a little slow can do, or an office in a hurry, is a notice that says by how much.

use chrono::{Days, NaiveDate, NaiveTime};

use super::checkpoints::Witness;
use super::commitments::utc;
use super::{Evidence, Finding, in_ledger};
use crate::draw::beacon::time_of;
use crate::record::ledger::{BeaconLine, Body, Commit, Ending, Made, Shown, checkpoint_file};
use crate::verify::notices::Notice;

/// By how many seconds an honest clock may be slow: as long as a round must be away when its commitment is cosigned.
const CLOCK: i64 = 600;

/// Quicknet began on the day of its first round; before that day nobody could commit to one.
const DAY: i64 = 86_400;

/// After so many seconds somebody should have drawn.
const LONG: i64 = DAY;

/// What is wrong with the times of cosignatures.
pub(super) fn of_cosignatures(evidence: &Evidence) -> Vec<Finding> {
    let all = evidence.checkpoints.all();
    let mut found: Vec<Finding> = all.iter().filter_map(|one| too_early(evidence, one)).collect();
    found.extend(all.iter().filter_map(|one| back_in_time(all, one)));
    found
}

fn of_checkpoint(name: &'static str, one: &Witness, says: String) -> Finding {
    Finding::new(name, &checkpoint_file(one.size), None, says)
}

/// A cosignature of a line with a round that did not exist, or from before there were any.
fn too_early(evidence: &Evidence, one: &Witness) -> Option<Finding> {
    let first = time_of(1)?;
    if one.time < first - DAY {
        let says =
            format!("`{}` states {}, days before quicknet's first round ({})", one.name, utc(one.time), utc(first));
        return Some(of_checkpoint("cosigned-early", one, says));
    }
    let (round, by) = ahead(evidence, one)?;
    let says = format!(
        "`{}` states {}, and round {round}, which stands in these lines, came {by} seconds later",
        one.name,
        utc(one.time)
    );
    (by > CLOCK).then(|| of_checkpoint("cosigned-early", one, says))
}

/// The round of the draw, among the lines that were cosigned, that is the furthest ahead of the cosignature, and by how much.
fn ahead(evidence: &Evidence, one: &Witness) -> Option<(u64, i64)> {
    let seen = evidence.entries.iter().take_while(|entry| entry.line <= one.size);
    let rounds = seen.filter_map(|entry| match &entry.body {
        Body::Draw(draw) => match &draw.beacon {
            Shown::Quicknet(shown) => Some(shown.round),
            Shown::Dice(_) => None,
        },
        _ => None,
    });
    let last = rounds.filter_map(|round| Some((time_of(round)?, round))).max()?;
    (last.0 > one.time).then(|| (last.1, last.0.saturating_sub(one.time)))
}

/// The same auditor saw fewer lines at a later time.
fn back_in_time(all: &[Witness], one: &Witness) -> Option<Finding> {
    let later = all.iter().filter(|other| other.name == one.name && other.size < one.size && other.time > one.time);
    let other = later.max_by_key(|other| other.time)?;
    let says = format!(
        "`{}` states {}, and saw only {} lines at {}, {} seconds later",
        one.name,
        utc(one.time),
        other.size,
        utc(other.time),
        other.time.saturating_sub(one.time)
    );
    Some(of_checkpoint("cosigned-back", one, says))
}

/// Commitments that were to be decided when the first day that they draw was over.
pub(super) fn of_commitments(evidence: &Evidence) -> Vec<Finding> {
    let late = |made: &Made| {
        let over = over_everywhere(made.commit.from)?;
        let when = decided(&made.commit)?;
        let says = || {
            format!(
                "commitment {} is decided on {}, and its first day {} was over by then",
                made.commit.counter,
                utc(when),
                made.commit.from
            )
        };
        (when >= over).then(|| in_ledger("decided-late", made.line, says()))
    };
    evidence.course.commitments.iter().filter_map(late).collect()
}

/// What honest people can have done.
pub(super) fn notices(evidence: &Evidence) -> Vec<Notice> {
    let slow = evidence.checkpoints.all().iter().filter_map(|one| slow_clock(evidence, one));
    let made = &evidence.course.commitments;
    let begun = made.iter().filter_map(day_begun);
    let unseen = evidence.draws().filter_map(|(line, _, made)| seen_late(evidence, line, made));
    slow.chain(begun).chain(unseen).chain(left_open(evidence)).collect()
}

fn slow_clock(evidence: &Evidence, one: &Witness) -> Option<Notice> {
    let (round, by) = ahead(evidence, one).filter(|(_, by)| *by <= CLOCK)?;
    let says = format!(
        "`{}` cosigned these lines {by} seconds before round {round}, which stands in them: a clock is slow",
        one.name
    );
    Some(Notice::new("slow-clock", Some(one.size), says))
}

fn day_begun(made: &Made) -> Option<Notice> {
    let (from, when) = (made.commit.from, decided(&made.commit)?);
    let (begun, over) = (noon(from)?, over_everywhere(from)?);
    let says = || {
        format!(
            "commitment {} is decided on {}, {} seconds after its first day {from} had begun everywhere",
            made.commit.counter,
            utc(when),
            when - begun
        )
    };
    (when >= begun && when < over).then(|| Notice::new("day-begun", Some(made.line), says()))
}

/// A draw that no auditor saw before its last day was over.
fn seen_late(evidence: &Evidence, line: u64, made: &Made) -> Option<Notice> {
    let (seen, over) = (evidence.checkpoints.first_to_see(line)?.time, over_everywhere(made.commit.to)?);
    let says = || {
        format!(
            "draw {} was first cosigned on {}, {} seconds after its last day {} was over; nobody shows that it was made before",
            made.commit.counter,
            utc(seen),
            seen - over,
            made.commit.to
        )
    };
    (seen >= over).then(|| Notice::new("drawn-unseen", Some(line), says()))
}

/// The last commitment, if it could have been drawn long ago, as far as cosignatures show the time.
fn left_open(evidence: &Evidence) -> Option<Notice> {
    let made = evidence.course.commitments.last().filter(|made| matches!(made.ending, Ending::Open))?;
    let now = evidence.checkpoints.all().iter().map(|one| one.time).max()?;
    let since = now.saturating_sub(decided(&made.commit)?);
    let says = || {
        format!("commitment {} was still open at {}, {since} seconds after its beacon", made.commit.counter, utc(now))
    };
    (since > LONG).then(|| Notice::new("left-open", Some(made.line), says()))
}

/// When what decides a commitment is known, in seconds since 1970. Dice are thrown on a day; it is taken as its beginning, in UTC.
fn decided(commit: &Commit) -> Option<i64> {
    match &commit.beacon {
        BeaconLine::Quicknet(round) => time_of(round.round),
        BeaconLine::Dice(dice) => Some(dice.date.and_time(NaiveTime::MIN).and_utc().timestamp()),
    }
}

/// When a day has begun wherever people live: the last zone is twelve hours behind UTC.
fn noon(day: NaiveDate) -> Option<i64> {
    Some(day.and_hms_opt(12, 0, 0)?.and_utc().timestamp())
}

/// When it is over everywhere.
fn over_everywhere(day: NaiveDate) -> Option<i64> {
    noon(day.checked_add_days(Days::new(1))?)
}
