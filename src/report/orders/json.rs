//! Orders for machines: everything that stands on the sheets.

use serde_json::{Value, json};

use super::words::clock;
use super::{Member, Orders, Proof, Sheet, Told};
use crate::model::time_of_day;

/// Everything that stands on the sheets.
pub fn orders_json(orders: &Orders) -> Value {
    json!({
        "date": orders.date.to_string(),
        "meet": orders.meet,
        "release": orders.release.map(clock),
        "sealed": orders.is_sealed,
        "sheets": orders.sheets.iter().map(sheet).collect::<Vec<_>>(),
        "recipients": orders.people.iter().map(|member| member.id.as_str()).collect::<Vec<_>>(),
        "proof": proof(orders),
    })
}

fn sheet(sheet: &Sheet) -> Value {
    let mut value = json!({
        "slot": sheet.slot,
        "begins": sheet.hours.map(|hours| time_of_day(hours.begins())),
        "ends": sheet.hours.map(|hours| time_of_day(hours.ends())),
        "head": sheet.head.and(sheet.team.first()).map(|first| &first.id),
        "head_of": sheet.head.and_then(|head| head.of),
        "team": sheet.team.iter().map(member).collect::<Vec<_>>(),
    });
    if let Some(visit) = &sheet.told {
        value["visit"] = told(visit);
    }
    value
}

fn member(member: &Member) -> Value {
    json!({ "id": member.id, "name": member.name, "lead": member.lead })
}

fn told(told: &Told) -> Value {
    json!({
        "id": told.visit,
        "kind": told.kind,
        "establishment": told.establishment,
        "name": told.name,
        "address": told.address,
        "district": told.district,
        "owner": told.owner,
        "sector": told.sector,
        "until_slot": told.until,
        "ends": told.ends.map(time_of_day),
        "skills": told.skills,
        "operation": told.operation,
        "waivers": told.waivers,
        "changes": told.changes,
    })
}

/// Nothing is said of it before the place is told.
fn proof(orders: &Orders) -> Value {
    match &orders.proof {
        _ if orders.is_sealed => Value::Null,
        Proof::Record(digest) => json!({ "kind": "record", "digest": digest }),
        Proof::Ledger { origin, lines, receipts, lacking } => json!({
            "kind": "ledger",
            "origin": origin,
            "lines": lines,
            "receipts": receipts.keys().collect::<Vec<_>>(),
            "lacking": lacking,
        }),
    }
}
