//! Draws that dice decided. A throw leaves nothing that could be checked afterwards: all rests on those who say that they saw it.

use super::Evidence;
use crate::record::ledger::{Entry, Role, hands};
use crate::verify::notices::Notice;

pub(super) fn notices(evidence: &Evidence) -> Vec<Notice> {
    let thrown = evidence.draws().filter(|(_, draw, _)| draw.beacon.is_dice());
    thrown.filter_map(|(line, draw, _)| Some(notice(evidence, entry(evidence, line)?, draw.counter))).collect()
}

fn entry<'e>(evidence: &'e Evidence, line: u64) -> Option<&'e Entry> {
    evidence.entries.iter().find(|entry| entry.line == line)
}

fn notice(evidence: &Evidence, entry: &Entry, counter: u64) -> Notice {
    let (hands, _) = hands(evidence.course.origin(), &entry.body, &entry.signed, evidence.course.parties());
    let saw: Vec<String> = hands.iter().map(|party| format!("{} ({})", party.name, party.role.word())).collect();
    let saw = if saw.is_empty() { "nobody who can be named".to_owned() } else { saw.join(" and ") };
    let auditor = match hands.iter().any(|party| party.role == Role::Auditor) {
        true => "",
        false => ", and no auditor among them",
    };
    Notice::new(
        "dice",
        Some(entry.line),
        format!("draw {counter} rests on dice that nobody is known to have seen but {saw}{auditor}"),
    )
}
