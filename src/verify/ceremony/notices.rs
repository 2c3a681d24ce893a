//! What no claim of a ceremony can say and its reader must know. Those of one kind stand with what they are about.

use super::frozen::Masters;
use super::{Evidence, between, dice, elsewhere, times};
use crate::record::ledger::Body;
use crate::record::{Files, RECORD, Record, draw_folder, read_record};
use crate::verify::notices::{Notice, few_tickets, in_order};

pub(super) fn of(evidence: &Evidence, masters: &Masters) -> Vec<Notice> {
    let few = evidence.course.commitments.iter().filter_map(|made| {
        few_tickets(made.commit.tickets, Some(made.line), &format!("commitment {}", made.commit.counter))
    });
    let mut all: Vec<Notice> = few.collect();
    all.extend(elsewhere::unproved(evidence));
    all.extend(not_cosigned(evidence));
    all.extend(dice::notices(evidence));
    all.extend(times::notices(evidence));
    all.extend(no_working_day(evidence));
    all.extend(evidence.history.notices.iter().cloned());
    all.extend(between::notices(evidence, masters));
    all.extend(left_out(evidence));
    in_order(all)
}

/// The lines behind the last that a cosignature which counts is of.
fn not_cosigned(evidence: &Evidence) -> Option<Notice> {
    let seen = evidence.checkpoints.all().last().map_or(0, |one| one.size);
    let (first, last) = (seen + 1, evidence.entries.len() as u64);
    let lines = match last.checked_sub(first)? {
        0 => format!("line {first} is"),
        _ => format!("lines {first} to {last} are"),
    };
    let says =
        format!("{lines} not cosigned, as far as these files show: those who sign can still make other lines of them");
    Some(Notice::new("not-cosigned", Some(first), says))
}

/// Draws for days on which nobody works, where their inputs are there to say so.
fn no_working_day(evidence: &Evidence) -> Vec<Notice> {
    let idle = evidence.draws().filter_map(|(line, _, made)| {
        let (case, _) = evidence.history.inputs(made.commit.counter)?.case?;
        let (from, to) = (made.commit.from, made.commit.to);
        let says = || format!("draw {} is of {from} to {to}, and no day of these is worked", made.commit.counter);
        let works = case.period.days().into_iter().any(|day| from <= day && day <= to);
        (!works).then(|| Notice::new("no-working-day", Some(line), says()))
    });
    idle.collect()
}

/// What a record of today has and one of before had not: the name of the notice of a draw that leaves it out behind one that had it, whether a
/// record has it, and what is said.
type LeftOut = (&'static str, fn(&Record) -> bool, &'static str);

const LEFT_OUT: [LeftOut; 2] = [
    ("head-by-id", |record| record.heads.is_some(), "leaves it to the ids who heads a team; earlier draws drew it"),
    (
        "levels-left-out",
        |record| record.levels.is_some(),
        "has reserves of whole days alone; earlier draws had those of visits and teams too",
    ),
];

/// Draws that leave out what one before them had.
fn left_out(evidence: &Evidence) -> Vec<Notice> {
    let (mut had, mut found) = ([false; LEFT_OUT.len()], Vec::new());
    for entry in &evidence.entries {
        let Body::Draw(draw) = &entry.body else { continue };
        let name = format!("{}/{RECORD}", draw_folder(draw.counter));
        let alone = evidence.files.get(&name).map(|bytes| Files::from([(RECORD.to_owned(), bytes.clone())]));
        let Some(record) = alone.and_then(|alone| read_record(&alone).0) else { continue };
        for ((name, has, says), had) in LEFT_OUT.iter().zip(&mut had) {
            if *had && !has(&record) {
                found.push(Notice::new(name, Some(entry.line), format!("draw {} {says}", draw.counter)));
            }
            *had |= has(&record);
        }
    }
    found
}
