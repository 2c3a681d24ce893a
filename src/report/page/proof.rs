//! The evidence, as it is shown: what was done, what follows, what does not, and how to check it.

use maud::{Markup, html};

use super::names::apart;
use super::told::{Change, Claim, Cosigned, Evidence, Finding, Loud, Party, Told};
use crate::report::html::table;

/// Overrides, voids and fallbacks: before all else.
pub(super) fn loud(told: &Told) -> Markup {
    let word = |loud: &Loud| match loud.kind {
        "override" => "OVERRIDE",
        "void" => "VOID",
        _ => "FALLBACK",
    };
    html! {
        @for one in &told.loud {
            div class="note loud" {
                p { strong class="bad" { (word(one)) } ", line " (one.line) " of the ledger: " (one.says) "." }
                @if let Some(reason) = &one.reason { p { "Reason given: " (apart(reason)) } }
                @for detail in &one.details { p { (apart(detail)) } }
                p class="quiet" {
                    "Signed by " @if one.signed.is_empty() { "nobody" } (one.signed.join(" and ")) "."
                    @if one.reason.is_none() && one.kind != "fallback" { " The reason stands in that line." }
                }
            }
        }
    }
}

/// What is lawful and must be known.
pub(super) fn notices(told: &Told) -> Markup {
    html! {
        @for one in &told.notices {
            div class="note" {
                p { strong { (one.name) } @if let Some(line) = one.line { ", line " (line) } ": " (apart(&one.says)) "." }
                p class="quiet" { (one.means) }
            }
        }
    }
}

/// What was done, what follows and what does not.
pub(super) fn evidence(told: &Told) -> Markup {
    let Evidence { steps, follows, limits, digests, .. } = &told.evidence;
    html! {
        p class={ "verdict " (if told.evidence.sound { "good" } else { "bad" }) } { strong { (told.evidence.verdict) } }
        h3 { "What was done, in order" }
        ol class="steps" {
            @for step in steps {
                li {
                    (apart(&step.says))
                    @if let Some(means) = step.means { " " (means) }
                    @if let Some(line) = step.line { " " small { "line " (line) } }
                    @if let Some(seen) = &step.seen { br; span class="quiet" { (seen) } }
                }
            }
        }
        @if !follows.is_empty() { h3 { "What follows from it" } ul { @for says in follows { li { (says) } } } }
        h3 { "What does not follow from it" }
        ul { @for says in limits { li { (says) } } }
        @if !digests.is_empty() {
            details {
                summary { "Digests to compare (SHA-256)" }
                dl class="digests" { @for digest in digests { dt { (digest.of) } dd { code { (digest.hex) } } } }
            }
        }
    }
}

/// What came of checking, and how to check it without this page.
pub(super) fn check(told: &Told) -> Markup {
    let state = |claim: &Claim| {
        let class = match claim.state {
            "sound" => "good",
            "not given" => "warn",
            _ => "bad",
        };
        html! { span class=(class) { (claim.state) } }
    };
    let row = |claim: &Claim| vec![state(claim), html! { (claim.claim) }, html! { (claim.says) }];
    let rows: Vec<Vec<Markup>> = told.evidence.claims.iter().map(row).collect();
    html! {
        @for finding in &told.evidence.findings { (of_finding(finding)) }
        (table("Each claim, and what came of checking it when this page was made", &[("State", false), ("Claim", false), ("Says", false)], &rows))
        (kept(told))
        h3 { "Check it yourself" }
        p { "A page proves nothing. These commands need the folder and no network:" }
        @for command in &told.evidence.commands { p class="run" { (command.says) } pre { (command.run) } }
    }
}

/// Whose keys vouch for a ledger, and what auditors read to one another.
fn kept(told: &Told) -> Markup {
    let Evidence { head, parties, cosignatures, .. } = &told.evidence;
    let party =
        |party: &Party| vec![html! { (apart(&party.name)) }, html! { (party.role) }, html! { code { (party.key) } }];
    let parties: Vec<Vec<Markup>> = parties.iter().map(party).collect();
    let cosigned = |one: &Cosigned| vec![html! { (apart(&one.name)) }, html! { (one.lines) }, html! { (one.time) }];
    let cosigned: Vec<Vec<Markup>> = cosignatures.iter().map(cosigned).collect();
    html! {
        @if let Some(head) = head {
            h3 { "Read this to one another" }
            p { (head) }
            (table("Whose keys are in line 1 of the ledger: compare them with the files that you have from these people", &[("Name", false), ("Role", false), ("Key", false)], &parties))
            (table("Who signed to have seen so many lines, and when (UTC)", &[("Auditor", false), ("Lines", true), ("Time", false)], &cosigned))
        }
    }
}

fn of_finding(finding: &Finding) -> Markup {
    html! {
        div class="note loud" {
            p { strong class="bad" { (finding.name) } " (" (finding.claim) ")" @if let Some(says) = &finding.says { ": " (apart(says)) } }
            p class="quiet" { (finding.explain) }
        }
    }
}

/// What changed after a draw.
pub(super) fn changes(told: &Told) -> Markup {
    let one = |change: &Change| {
        html! {
            li {
                (apart(&change.says)) " " small { "line " (change.line) }
                @if !change.details.is_empty() { ul { @for detail in &change.details { li { (apart(detail)) } } } }
            }
        }
    };
    html! { ol class="steps" { @for change in &told.changes { (one(change)) } } }
}
