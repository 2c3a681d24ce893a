//! Claim: whatever was drawn had been fixed, and seen by an auditor, before the number that decided it could be known; and no
//! commitment was dropped, or drawn twice.

use chrono::DateTime;

use super::checkpoints::Witness;
use super::ledger::is_of_commitments;
use super::{Checked, Claim, Evidence, Finding, in_ledger, times};
use crate::draw::beacon::time_of;
use crate::record::ledger::{BeaconLine, Ending, Made, OutOfCourse};

pub(super) const CLAIM: Claim = Claim {
    name: "commitments",
    says: "every draw was fixed and witnessed before its beacon, none was dropped, and none was made twice",
};

pub(super) fn check(evidence: &Evidence) -> Checked {
    if !evidence.is_open() {
        return Checked::Unchecked;
    }
    let strays = evidence.strays.iter().filter(|stray| is_of_commitments(&stray.why));
    let mut found: Vec<Finding> = strays.map(|stray| finding(stray.line, &stray.why)).collect();
    let mut drawn =
        evidence.course.commitments.iter().filter(|made| matches!(made.ending, Ending::Drawn(_))).peekable();
    let in_the_dark = evidence.checkpoints.given == 0 && drawn.peek().is_some();
    if !in_the_dark {
        found.extend(drawn.filter_map(|made| unwitnessed(made, evidence.checkpoints.first_to_see(made.line))));
    }
    found.extend(times::of_commitments(evidence));
    if in_the_dark { Checked::Partly(found) } else { Checked::Whole(found) }
}

fn finding(line: u64, why: &OutOfCourse) -> Finding {
    let name = match why {
        OutOfCourse::StillOpen(_) => "draw-dropped",
        _ => "drawn-again",
    };
    in_ledger(name, line, why.to_string())
}

fn unwitnessed(made: &Made, first: Option<&Witness>) -> Option<Finding> {
    let counter = made.commit.counter;
    match first {
        None => {
            let says = format!("no auditor cosigned a checkpoint that has commitment {counter}");
            Some(in_ledger("commitment-unwitnessed", made.line, says))
        }
        Some(first) if is_before(first.time, &made.commit.beacon) => None,
        Some(Witness { name, time, .. }) => {
            let says = format!(
                "`{name}` was the first to cosign commitment {counter}, at {}, and {}",
                utc(*time),
                known(&made.commit.beacon)
            );
            Some(in_ledger("commitment-late", made.line, says))
        }
    }
}

/// Whether nothing could be known of a beacon at `time`.
pub(super) fn is_before(time: i64, beacon: &BeaconLine) -> bool {
    beacon.known_from().is_some_and(|known| time < known)
}

fn known(beacon: &BeaconLine) -> String {
    match beacon {
        BeaconLine::Quicknet(round) => {
            let of_round = time_of(round.round).map_or_else(|| "no time".to_owned(), utc);
            format!("round {} was known from {of_round} on", round.round)
        }
        BeaconLine::Dice(dice) => format!("the dice were thrown on {}", dice.when()),
    }
}

/// A time in seconds since 1970, as people write it.
pub(super) fn utc(seconds: i64) -> String {
    // Beyond the year 9999 a calendar writes more digits than other readers do.
    let time = DateTime::from_timestamp(seconds, 0).filter(|_| (0..253_402_300_800).contains(&seconds));
    let time = time.map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    time.unwrap_or_else(|| format!("{seconds} seconds after 1970"))
}
