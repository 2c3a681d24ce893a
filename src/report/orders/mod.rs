//! Orders of a day: one sheet a team, and for each recipient a page, a calendar and a workbook of their own.
//!
//! Until the place may be told, a sheet is *sealed*: it has when, who, where to meet, and when the place will be told. Whatever follows from
//! the visit stands in [`Told`], and a sealed sheet has none, so nothing that writes a sheet could give it away; even the order of
//! sheets and the ids in calendars are made from what a sealed sheet says. Who may see what, and when, is for the command line to say.

mod calendar;
mod files;
mod json;
mod page;
#[cfg(test)]
mod tests;
mod words;
mod workbook;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};

use super::times::slot;
use crate::model::{Assignment, Case, Hours, InspectorId, Schedule, SlotId, VisitId};
use crate::record::{Head, Heads};

pub use files::{ORDERS, ORDERS_FORMAT, orders_files};
pub use json::orders_json;
pub use words::orders_in_words;

/// What orders are made from.
pub struct Ask<'a> {
    /// The case.
    pub case: &'a Case,
    /// What is held.
    pub schedule: &'a Schedule,
    /// Who heads each team.
    pub heads: &'a Heads,
    /// The day.
    pub date: NaiveDate,
    /// Whose orders; everybody's where it is empty.
    pub only: &'a [InspectorId],
    /// Where the teams meet.
    pub meet: Option<&'a str>,
    /// From when on the place may be told.
    pub release: Option<NaiveTime>,
    /// Whether it may not be told yet.
    pub is_sealed: bool,
    /// When slots begin and end, where it is otherwise than the policy says.
    pub hours: &'a BTreeMap<String, Hours>,
    /// What changed of a visit since the draw, a sentence each.
    pub changes: &'a dyn Fn(VisitId) -> Vec<String>,
    /// What shows that these are the orders that were drawn.
    pub proof: Proof,
}

/// What shows that orders are those that were drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A record that was drawn from a seed: the digest of `record.json`, in hex. There is no ledger, and so no receipt.
    Record(String),
    /// The ledger of this origin, with the receipts of those who have one, by id. Of everybody else: why there is none.
    Ledger {
        /// Whose ledger it is.
        origin: String,
        /// How many lines it has.
        lines: u64,
        /// Receipts by inspector.
        receipts: BTreeMap<String, Vec<u8>>,
        /// Why there are no receipts, if there are none.
        lacking: Option<String>,
    },
}

/// The orders of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orders {
    /// The day.
    pub date: NaiveDate,
    /// Where the teams meet.
    pub meet: Option<String>,
    /// From when on the place may be told.
    pub release: Option<NaiveTime>,
    /// Whether it may not be told yet.
    pub is_sealed: bool,
    /// One a team and visit, by slot, then by team.
    pub sheets: Vec<Sheet>,
    /// Whose orders they are, in order of id: everybody who goes, or those who were asked for and go.
    pub people: Vec<Member>,
    /// What shows that they are those that were drawn.
    pub proof: Proof,
    /// What the ids in calendars are made from; nothing of a visit.
    base: String,
}

/// One team's sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The slot in which the visit starts.
    pub slot: String,
    /// When that slot begins and ends, where it is known.
    pub hours: Option<Hours>,
    /// Who goes; whoever heads the team first.
    pub team: Vec<Member>,
    /// Who heads it: the first of the team, named by the draw as one of so many; none where nobody may.
    pub head: Option<Head>,
    /// The visit, once it may be told.
    pub told: Option<Told>,
}

/// Somebody who goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// The id.
    pub id: String,
    /// The name, where there is one.
    pub name: Option<String>,
    /// Whether they are qualified to head a team.
    pub lead: bool,
}

/// What may be told from the release on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The visit's id.
    pub visit: String,
    /// Why it is made.
    pub kind: &'static str,
    /// The place's id.
    pub establishment: String,
    /// The place's name.
    pub name: Option<String>,
    /// Where it is.
    pub address: Option<String>,
    /// The district it lies in.
    pub district: Option<String>,
    /// Whose it is.
    pub owner: Option<String>,
    /// Its trade.
    pub sector: Option<String>,
    /// The last slot, where the visit fills more than one.
    pub until: Option<String>,
    /// When the last slot ends, where it is known: in minutes from midnight of the day.
    pub ends: Option<u16>,
    /// Skills and languages that are needed.
    pub skills: Vec<String>,
    /// The operation, whose visits all start together.
    pub operation: Option<String>,
    /// Waivers that the team has for it, a sentence each.
    pub waivers: Vec<String>,
    /// What changed since the draw, a sentence each.
    pub changes: Vec<String>,
}

impl Orders {
    /// The orders that are asked for.
    pub fn new(ask: &Ask) -> Self {
        let mut held: Vec<(VisitId, &Assignment)> =
            ask.schedule.in_time().into_iter().filter(|(_, to)| to.date == ask.date).collect();
        held.sort_by_key(|(visit, to)| (to.slot, to.team.members().to_vec(), *visit));
        let wanted = |who: &InspectorId| ask.only.is_empty() || ask.only.contains(who);
        held.retain(|(_, to)| to.team.members().iter().any(wanted));
        let mut people: Vec<Member> = held
            .iter()
            .flat_map(|(_, to)| to.team.members())
            .filter(|who| wanted(who))
            .map(|who| member(ask.case, *who))
            .collect();
        people.sort();
        people.dedup();
        let origin = match &ask.proof {
            Proof::Ledger { origin, .. } => origin,
            Proof::Record(_) => "",
        };
        Self {
            date: ask.date,
            meet: ask.meet.map(clean),
            release: ask.release,
            is_sealed: ask.is_sealed,
            sheets: held.iter().map(|(visit, to)| sheet(ask, *visit, to)).collect(),
            people,
            base: format!("{}\n{origin}", ask.case.name),
            proof: ask.proof.clone(),
        }
    }

    /// The sheets of one person, each with its place among theirs of that slot.
    fn of<'o>(&'o self, id: &'o str) -> impl Iterator<Item = (usize, &'o Sheet)> {
        let own = self.sheets.iter().filter(move |sheet| sheet.team.iter().any(|member| member.id == id));
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        own.map(move |sheet| {
            let number = seen.entry(&sheet.slot).or_default();
            *number += 1;
            (*number, sheet)
        })
    }
}

fn sheet(ask: &Ask, visit: VisitId, to: &Assignment) -> Sheet {
    Sheet {
        slot: clean(slot(ask.case, to.slot)),
        hours: hours(ask, to.slot),
        team: ask.heads.in_order(visit, &to.team).into_iter().map(|who| member(ask.case, who)).collect(),
        head: ask.heads.head(visit),
        told: (!ask.is_sealed).then(|| told(ask, visit, to)),
    }
}

/// When a slot begins and ends: as somebody says for these orders, else as the policy says.
fn hours(ask: &Ask, at: SlotId) -> Option<Hours> {
    ask.hours.get(slot(ask.case, at)).or_else(|| ask.case.period.hours.get(&at)).copied()
}

fn told(ask: &Ask, visit: VisitId, to: &Assignment) -> Told {
    let (case, planned, place) = (ask.case, ask.case.visit(visit), ask.case.place_of(visit));
    let last = to.slot.0.saturating_add(planned.duration.saturating_sub(1));
    let last = Some(SlotId(last)).filter(|last| planned.duration > 1 && last.index() < case.period.slots.len());
    let text = |text: &Option<String>| text.as_deref().map(clean);
    let waivers = case.waivers.iter().filter(|one| one.visit == visit && to.team.contains(one.inspector));
    let waivers = waivers.map(|one| {
        let who = &case.inspector(one.inspector).id;
        clean(&format!(
            "{} does not hold {who} back, signed by {} on {}: {}",
            one.rule, one.approver, one.date, one.reason
        ))
    });
    Told {
        visit: clean(&planned.id),
        kind: planned.kind.word(),
        establishment: clean(&place.id),
        name: text(&place.name),
        address: text(&place.address),
        district: text(&place.district),
        owner: text(&place.owner),
        sector: text(&place.sector),
        until: last.map(|last| clean(slot(case, last))),
        ends: last.and_then(|last| hours(ask, last)).map(Hours::ends),
        skills: planned.skills.iter().map(|skill| clean(skill)).collect(),
        operation: text(&planned.operation),
        waivers: waivers.collect(),
        changes: (ask.changes)(visit).iter().map(|text| clean(text)).collect(),
    }
}

fn member(case: &Case, who: InspectorId) -> Member {
    let person = case.inspector(who);
    let name = person.name.as_deref().filter(|name| *name != person.id);
    Member { id: clean(&person.id), name: name.map(clean), lead: person.lead }
}

/// `text` on one line, without characters that hide, or turn round what stands beside them: sheets are read by people, and names come from
/// files that anybody may have written. A script that is written from right to left stays as it is.
fn clean(text: &str) -> String {
    let hides = |c: char| matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().filter(|c| !hides(*c)).map(|c| if breaks(c) { ' ' } else { c }).collect()
}
