//! Does somebody who was to go stay away more often than others, over all or at one place?
//!
//! *By chance:* of all seats of days that are over, those on which nobody sat as drawn are a random choice: an inspector's seats have no more
//! of them than the others' (hypergeometric).

use std::collections::{BTreeMap, BTreeSet};

use super::asking::{Answer, Asking, Question, Subject};
use super::evidence::{Evidence, Seat};
use super::tails::Counts;

pub(super) fn ask(evidence: &Evidence) -> Answer {
    let mut asking = Asking::new(Question::Executed);
    let seats = &evidence.seats;
    let missed = |of: &dyn Fn(&Seat) -> bool| {
        let these = seats.iter().filter(|seat| of(seat));
        (these.clone().count(), these.filter(|seat| !seat.went).count())
    };
    let (all, all_missed) = missed(&|_| true);
    for who in seats.iter().map(|seat| seat.who).collect::<BTreeSet<_>>() {
        let (theirs, both) = missed(&|seat| seat.who == who);
        compare(&mut asking, Subject::Person(who), (all, all_missed), (theirs, both));
    }
    let mut meetings: BTreeMap<(usize, usize), (usize, usize)> = BTreeMap::new();
    for seat in seats {
        let (theirs, both) = meetings.entry((seat.who, seat.place)).or_default();
        *theirs += 1;
        *both += usize::from(!seat.went);
    }
    for ((who, place), counted) in meetings {
        compare(&mut asking, Subject::Meeting { who, place }, (all, all_missed), counted);
    }
    asking.answer()
}

fn compare(asking: &mut Asking, subject: Subject, (all, missed): (usize, usize), (theirs, both): (usize, usize)) {
    let counts = Counts::of_overlap(all as u64, missed as u64, theirs as u64);
    asking.counts(|| subject, both, theirs, missed as f64 * theirs as f64 / all.max(1) as f64, &counts);
}
