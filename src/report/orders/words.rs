//! A sheet in words: a list of labels and texts from which pages, calendars and tables are made, so that all say the same.

use chrono::NaiveTime;

use super::{Member, Orders, Proof, Sheet};
use crate::model::{Hours, time_of_day};
use crate::record::Head;
use crate::report::times::day;
use crate::report::{Section, Side, table};

/// A label, and what stands beside it.
pub(super) type Fact = (&'static str, String);

impl Member {
    /// The id, and the name where there is one.
    pub(super) fn in_words(&self) -> String {
        self.name.as_ref().map_or(self.id.clone(), |name| format!("{} {name}", self.id))
    }
}

/// Everything on a sheet, in the order in which somebody needs it.
pub(super) fn facts(orders: &Orders, sheet: &Sheet) -> Vec<Fact> {
    let mut facts = vec![("When", format!("{}, {}", day(orders.date), when(sheet)))];
    facts.push(("Team", team(sheet)));
    facts.extend(orders.meet.clone().map(|meet| ("Meet", meet)));
    let Some(told) = &sheet.told else {
        facts.extend(told_from(orders).map(|from| ("Place", from)));
        return facts;
    };
    let place = told.name.as_ref().map_or(told.establishment.clone(), |name| format!("{} {name}", told.establishment));
    facts.push(("Place", place));
    let texts =
        [("Address", &told.address), ("District", &told.district), ("Owner", &told.owner), ("Trade", &told.sector)];
    facts.extend(texts.into_iter().filter_map(|(label, text)| Some((label, text.clone()?))));
    facts.push(("Visit", format!("{}, {}", told.visit, told.kind)));
    if !told.skills.is_empty() {
        facts.push(("Needed", told.skills.join(", ")));
    }
    let together = |name: &String| ("Operation", format!("{name}: all its visits start together, {}", begins(sheet)));
    facts.extend(told.operation.as_ref().map(together));
    facts.extend(told.changes.iter().map(|text| ("Changed", text.clone())));
    facts.extend(told.waivers.iter().map(|text| ("Waiver", text.clone())));
    facts
}

/// The slot, to the last one that the visit fills, and the hours where they are known.
pub(super) fn when(sheet: &Sheet) -> String {
    let told = sheet.told.as_ref();
    let until = told.and_then(|told| told.until.as_ref()).map(|until| format!(" to {until}")).unwrap_or_default();
    let ends = told.and_then(|told| told.until.as_ref().map(|_| told.ends)).unwrap_or(sheet.hours.map(Hours::ends));
    let hours = sheet.hours.map(|hours| match ends {
        Some(ends) => format!(", {} to {}", time_of_day(hours.begins()), time_of_day(ends)),
        None => format!(", from {}", time_of_day(hours.begins())),
    });
    format!("{}{until}{}", sheet.slot, hours.unwrap_or_default())
}

/// When a visit begins: the hour where it is known, else the slot.
fn begins(sheet: &Sheet) -> String {
    sheet.hours.map_or(format!("in slot {}", sheet.slot), |hours| format!("at {}", time_of_day(hours.begins())))
}

/// From when on the place is told.
pub(super) fn told_from(orders: &Orders) -> Option<String> {
    orders.release.filter(|_| orders.is_sealed).map(|release| format!("told from {} on", clock(release)))
}

/// The team, whoever heads it first.
pub(super) fn team(sheet: &Sheet) -> String {
    let names: Vec<String> = sheet.team.iter().map(Member::in_words).collect();
    match (sheet.head, names.split_first()) {
        (Some(head), Some((first, others))) => format!("{first} ({}), {}", heads(head), others.join(", ")),
        _ => names.join(", "),
    }
}

/// `heads the team, drawn 1 in 2`.
fn heads(head: Head) -> String {
    match head.of {
        Some(1) => "heads the team, the only one who may".to_owned(),
        Some(of) => format!("heads the team, drawn 1 in {of}"),
        None => "heads the team".to_owned(),
    }
}

/// `06:00`.
pub(super) fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// How somebody can see that these are the orders that were drawn, a paragraph each; nothing while the place is sealed. Commands stand by themselves.
pub(super) fn proof(orders: &Orders, id: Option<&str>) -> Vec<(String, Option<String>)> {
    if orders.is_sealed {
        return vec![("The proof that this is what was drawn comes with the place.".to_owned(), None)];
    }
    match (&orders.proof, id) {
        (Proof::Record(digest), _) => vec![(
            format!(
                "This was drawn from a seed, without a ledger, so there is no receipt for one person. It stands in the record whose \
                 record.json has the SHA-256 digest {digest}. Whoever has that record can check it, and asks whether its seed is the \
                 one that was agreed beforehand:"
            ),
            Some("foureyes verify RECORD --replay".to_owned()),
        )],
        (Proof::Ledger { lacking: Some(why), .. }, _) => vec![(format!("No receipt is there yet: {why}."), None)],
        (Proof::Ledger { origin, receipts, .. }, Some(id)) if receipts.contains_key(id) => vec![(
            format!(
                "Your receipt proves that this stands in the ledger of {origin}, as drawn and amended. Check it with the public files of the planner and of an auditor whom you trust:"
            ),
            Some(format!(
                "foureyes verify {}.receipt --party planner.party --party auditor.party",
                super::files::file_name(id)
            )),
        )],
        (Proof::Ledger { origin, .. }, _) => {
            vec![(format!("Each member has a receipt that proves it from the ledger of {origin}."), None)]
        }
    }
}

/// The orders of a day for the terminal: a row a team.
pub fn orders_in_words(orders: &Orders) -> Section {
    let title = orders.date.format("%A %Y-%m-%d").to_string();
    if orders.sheets.is_empty() {
        return Section::new(title, "Nobody goes anywhere on this day.");
    }
    let rows = orders.sheets.iter().map(|sheet| {
        let told = sheet.told.as_ref();
        let place = told.map(|told| {
            let changed = if told.changes.is_empty() { "" } else { "  CHANGED" };
            format!("{} {}{changed}", told.establishment, told.name.clone().unwrap_or_default())
        });
        let visit = told.map_or(String::new(), |told| told.visit.clone());
        [when(sheet), visit, place.unwrap_or_else(|| "sealed".to_owned()), team(sheet)]
    });
    let columns = [("slot", Side::Left), ("visit", Side::Left), ("establishment", Side::Left), ("team", Side::Left)];
    let mut body = table(&columns, rows);
    let below = [
        told_from(orders).map(|from| format!("The place is {from}.")),
        orders.meet.as_ref().map(|at| format!("Meet: {at}")),
    ];
    below.into_iter().flatten().for_each(|line| body += &format!("\n{line}"));
    Section::new(title, body)
}
