//! The smaller parts of a page: the glance, what is not staffed, odds, thin pools, exceptions.

use maud::{Markup, html};

use super::charts;
use super::names::{Names, apart, short, span, tenths};
use super::told::{Open, Pool, Stage, Told, Waiver};
use crate::report::count;
use crate::report::html::table;

/// Thin days that are told; JSON has them all.
const THIN_DAYS: usize = 24;

/// What somebody wants to know at 6 a.m.
pub(super) fn glance(told: &Told) -> Markup {
    let counts = &told.counts;
    let worst = told.stages.iter().max_by_key(|stage| stage.worst.unwrap_or(0));
    let fact = |name: &str, value: String, link: Option<&str>| {
        html! { div { dt { (name) } dd { @if let Some(link) = link { a href=(link) { (value) } } @else { (value) } } } }
    };
    let all = !told.visits.is_empty();
    let of = |n: usize, all: usize| format!("{n} of {all}");
    html! {
        dl class="glance" {
            (fact("Visits with a team", of(counts.staffed, counts.visits), Some("#coverage")))
            (fact("of them mandatory", of(counts.mandatory_staffed, counts.mandatory), Some("#coverage")))
            (fact("Inspectors", format!("{}, {} may lead", counts.inspectors, counts.leads), all.then_some("#people")))
            @if let Some(Stage { worst: Some(worst), tickets, bound, .. }) = worst {
                @let bound = bound.map(|bound| format!("; no lottery below {bound}")).unwrap_or_default();
                (fact("Easiest guess", format!("{worst} of {tickets} tickets{bound}"), Some("#odds")))
            }
            (fact("Thin pools", count(counts.thin, "visit", "visits"), all.then_some("#pools")))
            (fact("Signed exceptions", counts.waivers.to_string(), all.then_some("#exceptions")))
            @if told.ceremony { (fact("Changes after the draw", counts.changes.to_string(), Some("#changes"))) }
            @if told.to_come > 0 { (fact("Still to be drawn", count(told.to_come, "visit", "visits"), None)) }
        }
    }
}

/// What is staffed, what is not and why.
pub(super) fn coverage(told: &Told, names: &Names) -> Markup {
    html! {
        (charts::coverage(told))
        @for says in &told.most { p { (says) } }
        @if told.counts.staffed + told.to_come < told.counts.visits && told.open.is_empty() && told.visits.is_empty() {
            p { (count(told.counts.visits - told.counts.staffed - told.to_come, "visit has", "visits have")) " no team." }
        }
        @if !told.unknown.is_empty() {
            p class="note" {
                "Held as well, and in no list here, for the freeze of the last draw does not know them, their day or somebody on them: "
                (apart(&told.unknown.join(", "))) "."
            }
        }
        @for open in &told.open { (not_staffed(open, names)) }
        @if !told.would_help.is_empty() {
            h3 { "What would help them together" }
            ul { @for says in &told.would_help { li { (apart(says)) } } }
        }
    }
}

fn not_staffed(open: &Open, names: &Names) -> Markup {
    let rows: Vec<Vec<Markup>> = open
        .rules
        .iter()
        .map(|one| vec![html! { (one.rule) }, html! { (one.at_best) }, html! { (one.alone) }, html! { (one.always) }])
        .collect();
    let columns = [("The rule", false), ("keeps away", true), ("alone", true), ("in every slot", true)];
    html! {
        div class={ "note" @if open.mandatory { " loud" } } {
            p { strong class=[open.mandatory.then_some("bad")] { "Not staffed: visit " (names.visit(&open.visit)) } }
            @for says in &open.says { p { (apart(says)) } }
            @if !rows.is_empty() { (table("People kept away at the best time for it", &columns, &rows)) }
            @if !open.would_help.is_empty() {
                p { "Any one of these would be enough, the smallest first:" }
                ol { @for says in &open.would_help { li { (apart(says)) } } }
            }
        }
    }
}

/// How the visits are spread.
pub(super) fn load(told: &Told, names: &Names) -> Markup {
    let idle: Vec<_> = told.people.iter().filter(|person| person.visits == 0).collect();
    html! {
        (charts::load(told))
        @if !idle.is_empty() {
            p { "Without a visit: " @for (at, person) in idle.iter().enumerate() { @if at > 0 { ", " } (names.person(&person.id)) } "." }
        }
    }
}

/// The odds of all stages beside their bounds.
pub(super) fn odds(told: &Told) -> Markup {
    let columns = [
        ("Stage", true),
        ("Days", false),
        ("Drawn ticket", true),
        ("Different tickets", true),
        ("Easiest guess", true),
        ("Bound", true),
        ("Teams", true),
        ("Left", true),
    ];
    let number = |n: Option<u32>| html! { @match n { Some(n) => (n), None => "\u{2013}" } };
    let row = |stage: &Stage| {
        vec![
            html! { (stage.stage) },
            html! { (short(stage.from)) @if stage.from != stage.to { " to " (short(stage.to)) } },
            html! { (stage.drawn) " of " (stage.tickets) },
            html! { (stage.distinct) },
            number(stage.worst),
            number(stage.bound),
            html! { (tenths(stage.teams_in_tenths)) },
            html! { @match stage.left_in_tenths { Some(left) => (tenths(left)), None => "\u{2013}" } },
        ]
    };
    let rows: Vec<Vec<Markup>> = told.stages.iter().map(row).collect();
    html! {
        p {
            "Each day is drawn from an urn of complete schedules, the tickets. Odds are counted in it: in so many tickets somebody goes somewhere. \
             The easiest guess is the most that anybody could know beforehand; the bound is what no lottery could beat, whoever makes it."
        }
        (charts::worst(told))
        (charts::guesses(told))
        (charts::programmed(told))
        (table("The stages", &columns, &rows))
        p class="quiet" {
            "Easiest guess, bound: in how many tickets somebody goes on some visit. Teams: the visit in the middle is as hard to guess as so many \
             equally likely teams. Left: tickets that remain possible to somebody who holds the urn and has seen all of their own visits."
        }
        @if told.stages.iter().any(|stage| !stage.says.is_empty()) {
            details {
                summary { "Why no lottery could do better, stage by stage" }
                dl { @for stage in &told.stages { dt { "Stage " (stage.stage) ", " (span(stage.from, stage.to)) } @for says in &stage.says { dd { (apart(says)) } } } }
            }
        }
    }
}

/// Visits with thin pools, and days that hardly anybody could take over.
pub(super) fn pools(told: &Told, names: &Names) -> Markup {
    let pool = |pool: &Pool| {
        let says = html! { (apart(&pool.says)) " " small { (names.visits(&pool.visits)) } };
        html! {
            li {
                @if pool.causes.is_empty() { (says) }
                @else { details { summary { (says) } ul { @for cause in &pool.causes { li { (apart(cause)) } } } } }
            }
        }
    };
    let days = &told.pools.days;
    html! {
        @if told.pools.thin.is_empty() { p { "No visit has a thin pool." } }
        @else { p { (told.pools.limits) } ul class="pools" { @for one in &told.pools.thin { (pool(one)) } } }
        @if !days.is_empty() {
            h3 { "Days that hardly anybody could take over" }
            p {
                @for (at, day) in days.iter().take(THIN_DAYS).enumerate() {
                    @if at > 0 { "; " }
                    (names.person(&day.inspector)) " on " (short(day.date)) " ("
                    @if day.of == 0 { strong class="bad" { "nobody" } } @else { (day.of) } ")"
                }
                @if days.len() > THIN_DAYS { "; and " (days.len() - THIN_DAYS) " more, among the visits" } "."
            }
        }
    }
}

/// Waivers, rules that are off, and other settings.
pub(super) fn exceptions(told: &Told, names: &Names) -> Markup {
    let waiver = |one: &Waiver| {
        html! {
            li {
                i { (one.rule) } " is waived for " (names.person(&one.inspector)) " on " (names.visit(&one.visit)) ": "
                (if one.used { "they go there." } else { "they do not go there." })
                br;
                span class="quiet" { "Signed by " (apart(&one.approver)) " on " (one.date) ": " (apart(&one.reason)) }
            }
        }
    };
    html! {
        @if told.waivers.is_empty() { p { (if told.counts.waivers == 0 { "No exception was signed." } else { "Whose they are is not told here." }) } }
        @else { ul { @for one in &told.waivers { (waiver(one)) } } }
        @if !told.rules_off.is_empty() {
            h3 { "Rules that the policy turned off" }
            ul { @for off in &told.rules_off { li { strong { (off.rule) } ": " (off.says) } } }
        }
        @if !told.settings.is_empty() {
            h3 { "Rules that the policy changed" }
            ul { @for says in &told.settings { li { (apart(says)) } } }
        }
    }
}

/// The places of visits that are over.
pub(super) fn released(told: &Told) -> Markup {
    let rows: Vec<Vec<Markup>> = told
        .released
        .iter()
        .map(|one| {
            let name = one.name.as_deref().unwrap_or_default();
            vec![html! { (one.date) }, html! { (apart(&one.place)) }, html! { (apart(name)) }, html! { (one.kind) }]
        })
        .collect();
    html! {
        (table("Visits whose day is over", &[("Day", false), ("Place", false), ("Name", false), ("Kind", false)], &rows))
    }
}
