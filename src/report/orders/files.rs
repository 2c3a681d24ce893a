//! The files of a folder of orders: one overview for the planner, and for each recipient what is theirs alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Orders, Proof, calendar, orders_json, page, workbook};
use crate::draw::{digest, to_hex};
use crate::record::Files;

/// The file by which a folder of orders is known: the orders for machines, and the digest of every other file.
pub const ORDERS: &str = "orders.json";

/// The format that it states.
pub const ORDERS_FORMAT: &str = "foureyes/v1/orders";

/// Every file of the orders, and the names of those of each recipient.
///
/// # Errors
/// Why a workbook can't be made.
pub fn orders_files(orders: &Orders) -> Result<(Files, BTreeMap<String, Vec<String>>), String> {
    let failed = |error: rust_xlsxwriter::XlsxError| error.to_string();
    let rows = workbook::rows(orders, None);
    let mut files = Files::from([
        ("orders.csv".to_owned(), workbook::csv(&rows)),
        ("orders.html".to_owned(), page::page(orders, None).into_bytes()),
        ("orders.xlsx".to_owned(), workbook::workbook(orders, &rows).map_err(failed)?),
    ]);
    let mut recipients = BTreeMap::new();
    for (id, name) in names(orders) {
        let rows = workbook::rows(orders, Some(id));
        let receipt = match &orders.proof {
            Proof::Ledger { receipts, .. } if !orders.is_sealed => receipts.get(id).cloned(),
            _ => None,
        };
        let own = [
            ("html", Some(page::page(orders, Some(id)).into_bytes())),
            ("ics", Some(calendar::calendar(orders, id).into_bytes())),
            ("receipt", receipt),
            ("xlsx", Some(workbook::workbook(orders, &rows).map_err(failed)?)),
        ];
        let own = own.into_iter().filter_map(|(kind, bytes)| Some((format!("people/{name}.{kind}"), bytes?)));
        let own: Vec<(String, Vec<u8>)> = own.collect();
        recipients.insert(id.to_owned(), own.iter().map(|(name, _)| name.clone()).collect());
        files.extend(own);
    }
    let listed = listed(orders, &files);
    files.insert(ORDERS.to_owned(), listed);
    Ok((files, recipients))
}

fn listed(orders: &Orders, files: &Files) -> Vec<u8> {
    let digests = files.iter().map(|(name, bytes)| (name.clone(), Value::String(to_hex(&digest(bytes)))));
    let mut value = orders_json(orders);
    value["files"] = Value::Object(digests.collect());
    value["format"] = ORDERS_FORMAT.into();
    format!("{value:#}\n").into_bytes()
}

/// The ids of the recipients with the names of their files, of which no two are one on any system.
fn names(orders: &Orders) -> Vec<(&str, String)> {
    let mut taken = BTreeSet::new();
    let name = |id: &str| {
        let plain = file_name(id);
        let free = taken.insert(plain.to_lowercase());
        if free { plain } else { in_hex(id) }
    };
    let ids = orders.people.iter().map(|member| member.id.as_str());
    let names: Vec<String> = ids.clone().map(name).collect();
    ids.zip(names).collect()
}

/// An id as the name of a file: as it is where any system takes it, else in hex.
pub(super) fn file_name(id: &str) -> String {
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.@".contains(&byte));
    let whole = !id.is_empty() && id.len() <= 64 && !id.starts_with(['.', '-']) && !id.ends_with('.');
    if plain && whole && !is_device(id) { id.to_owned() } else { in_hex(id) }
}

/// Names that Windows keeps for devices, whatever comes after a point.
fn is_device(id: &str) -> bool {
    let stem = id.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |start: &str| {
        stem.strip_prefix(start).is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    ["con", "prn", "aux", "nul"].contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

fn in_hex(id: &str) -> String {
    // A long id has a long name in hex; its digest is as good.
    let hex: String = id.bytes().map(|byte| format!("{byte:02x}")).collect();
    if hex.len() <= 120 { format!("hex-{hex}") } else { format!("hex-{}", to_hex(&digest(id.as_bytes()))) }
}
