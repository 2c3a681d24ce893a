//! Draws that dice decided. A throw leaves nothing that could be checked afterwards: all rests on those who say that they saw it.

use super::Evidence;
use crate::record::ledger::Role;
use crate::verify::notices::Notice;

pub(super) fn notices(evidence: &Evidence) -> Vec<Notice> {
    let thrown = evidence.draws().filter(|(_, draw, _)| draw.beacon.is_dice());
    thrown.map(|(line, draw, _)| notice(evidence, line, draw.counter)).collect()
}

fn notice(evidence: &Evidence, line: u64, counter: u64) -> Notice {
    let hands = evidence.hands.get(&line).map(|(hands, _)| hands.as_slice()).unwrap_or_default();
    let saw: Vec<String> = hands.iter().map(|party| format!("{} ({})", party.name, party.role.word())).collect();
    let saw = if saw.is_empty() { "nobody who can be named".to_owned() } else { saw.join(" and ") };
    let auditor = match hands.iter().any(|party| party.role == Role::Auditor) {
        true => "",
        false => ", and no auditor among them",
    };
    Notice::new(
        "dice",
        Some(line),
        format!("draw {counter} rests on dice that nobody is known to have seen but {saw}{auditor}"),
    )
}
