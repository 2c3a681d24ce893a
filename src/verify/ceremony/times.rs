//! The times that cosignatures state and commitments name, held against one another. What no honest clock can do is a finding; what a clock that is
//! a little slow can do, or an office in a hurry, is a notice that says by how much.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};

use super::checkpoints::Witness;
use super::commitments::utc;
use super::{Evidence, Finding, in_ledger};
use crate::draw::beacon::time_of;
use crate::record::ledger::{BeaconLine, Body, Commit, Draw, Ending, Made, Shown, checkpoint_file};
use crate::verify::notices::Notice;

/// By how many seconds an honest clock may be slow: as long as a round must be away when its commitment is cosigned.
const CLOCK: i64 = 600;

/// Quicknet began on the day of its first round; before that day nobody could commit to one.
const DAY: i64 = 86_400;

/// After so many seconds somebody should have drawn.
const LONG: i64 = DAY;

/// A cosignature beside what must have come before it.
struct Seen<'e> {
    one: &'e Witness,
    /// The latest round of a draw among its lines.
    round: Option<u64>,
    /// The latest cosignature of fewer lines by the same auditor.
    before: Option<&'e Witness>,
}

/// Every cosignature, from the fewest lines to the most; in one walk, for a ledger may be long.
fn seen<'e>(evidence: &'e Evidence) -> Vec<Seen<'e>> {
    let all = evidence.checkpoints.all();
    let mut rounds = rounds(evidence).peekable();
    let (mut round, mut last) = (None, BTreeMap::<&str, &Witness>::new());
    let mut seen = Vec::new();
    for same in all.chunk_by(|one, next| one.size == next.size) {
        while let Some((_, next)) = rounds.next_if(|(line, _)| same.iter().any(|one| *line <= one.size)) {
            round = round.max(Some(next));
        }
        seen.extend(same.iter().map(|one| Seen { one, round, before: last.get(one.name.as_str()).copied() }));
        for one in same {
            let latest = last.entry(&one.name).or_insert(one);
            if one.time > latest.time {
                *latest = one;
            }
        }
    }
    seen
}

/// The round of each draw, with its line.
fn rounds(evidence: &Evidence) -> impl Iterator<Item = (u64, u64)> {
    evidence.entries.iter().filter_map(|entry| match &entry.body {
        Body::Draw(Draw { beacon: Shown::Quicknet(shown), .. }) => Some((entry.line, shown.round)),
        _ => None,
    })
}

/// What is wrong with the times of cosignatures.
pub(super) fn of_cosignatures(evidence: &Evidence) -> Vec<Finding> {
    let seen = seen(evidence);
    let mut found: Vec<Finding> = seen.iter().filter_map(Seen::too_early).collect();
    found.extend(seen.iter().filter_map(Seen::back_in_time));
    found
}

impl Seen<'_> {
    fn finding(&self, name: &'static str, says: String) -> Finding {
        Finding::new(name, &checkpoint_file(self.one.size), None, says)
    }

    /// By how many seconds the latest round among the lines came after the cosignature, and which it is.
    fn ahead(&self) -> Option<(u64, i64)> {
        let by = time_of(self.round?)?.saturating_sub(self.one.time);
        (by > 0).then_some((self.round?, by))
    }

    /// A cosignature of a line with a round that did not exist, or from before there were any.
    fn too_early(&self) -> Option<Finding> {
        let (first, Witness { name, time, .. }) = (time_of(1)?, self.one);
        if *time < first - DAY {
            let says = format!("`{name}` states {}, days before quicknet's first round ({})", utc(*time), utc(first));
            return Some(self.finding("cosigned-early", says));
        }
        let (round, by) = self.ahead().filter(|(_, by)| *by > CLOCK)?;
        let when = utc(*time);
        let says =
            format!("`{name}` states {when}, and round {round}, which stands in these lines, came {by} seconds later");
        Some(self.finding("cosigned-early", says))
    }

    /// The same auditor saw fewer lines at a later time.
    fn back_in_time(&self) -> Option<Finding> {
        let (one, before) = (self.one, self.before.filter(|before| before.time > self.one.time)?);
        let says = format!(
            "`{}` states {}, and saw only {} lines at {}, {} seconds later",
            one.name,
            utc(one.time),
            before.size,
            utc(before.time),
            before.time.saturating_sub(one.time)
        );
        Some(self.finding("cosigned-back", says))
    }

    fn slow_clock(&self) -> Option<Notice> {
        let (round, by) = self.ahead().filter(|(_, by)| *by <= CLOCK)?;
        let says = format!(
            "`{}` cosigned these lines {by} seconds before round {round}, which stands in them: a clock is slow",
            self.one.name
        );
        Some(Notice::new("slow-clock", Some(self.one.size), says))
    }
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
    let seen = seen(evidence);
    let slow = seen.iter().filter_map(Seen::slow_clock);
    let made = &evidence.course.commitments;
    let begun = made.iter().filter_map(day_begun);
    let unseen = evidence.draws().filter_map(|(line, _, made)| seen_late(evidence, line, made));
    slow.chain(begun).chain(unseen).chain(left_open(evidence)).collect()
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
