//! Orders as a page that prints: a sheet of A4 a visit, in large type.

use maud::{Markup, html};

use super::words::{facts, proof};
use super::{Orders, Sheet};
use crate::report::html::{Page, Part};
use crate::report::times::day;

/// The page of one person, or of everybody for whoever prints them all.
pub(super) fn page(orders: &Orders, id: Option<&str>) -> String {
    let own: Vec<&Sheet> = match id {
        Some(id) => orders.of(id).map(|(_, sheet)| sheet).collect(),
        None => orders.sheets.iter().collect(),
    };
    let whose = orders.people.iter().find(|member| Some(member.id.as_str()) == id).map(|member| member.in_words());
    let title = format!("Orders for {}", whose.as_deref().unwrap_or("every team"));
    let body = html! { @for (at, sheet) in own.iter().enumerate() { (one(orders, sheet, id, (at + 1, own.len()))) } };
    let parts = vec![Part { id: "orders", title: day(orders.date), body }];
    let subtitle = "For those who are named here, and nobody else.";
    Page { title: &title, subtitle: Some(subtitle), parts, script: None }.to_html()
}

fn one(orders: &Orders, sheet: &Sheet, id: Option<&str>, (at, of): (usize, usize)) -> Markup {
    html! {
        article class="sheet" {
            @if of > 1 { p class="quiet" { "Sheet " (at) " of " (of) } }
            dl { @for (label, text) in facts(orders, sheet) { dt { (label) } dd { bdi { (text) } } } }
            @for (text, command) in proof(orders, id) {
                p class="proof" { (text) }
                @if let Some(command) = command { pre { (command) } }
            }
        }
    }
}
