//! What is told of each visit: who goes, by which odds, who else could have gone, who could not, and who steps in.

use maud::{Markup, html};

use super::names::{Names, apart, short, when};
use super::told::{Chance, Odds, Reserve, State, Told, Visit};
use crate::report::count;

/// Times that are told.
const TIMES: usize = 12;

/// Every visit, folded.
pub(super) fn visits(told: &Told, names: &Names) -> Markup {
    html! {
        p {
            "Open a visit to see the odds of everybody who could have gone: in how many tickets of the urn they go there; those who go are \
             marked. The bar is the part of the tickets that hold the visit. What is open is printed. The names stand in "
            a href="#people" { "the calendar by inspector" } "."
        }
        @for (at, visit) in told.visits.iter().enumerate() {
            details class="v" id={ "v" (at) } { (head(visit, names)) (body(visit, names)) }
        }
    }
}

fn head(visit: &Visit, names: &Names) -> Markup {
    let state = match visit.state {
        State::Held => None,
        State::Open => Some("NOT STAFFED"),
        State::ToCome => Some("still to be drawn"),
        State::Cancelled => Some("CANCELLED"),
    };
    html! {
        summary {
            b { (apart(&visit.id)) } " " (names.place(&visit.place))
            @if let Some(when) = when(visit) { " \u{b7} " (when) " \u{b7} " (teamed(visit, names)) }
            @if let Some(state) = state { " \u{b7} " span class="bad" { (state) } }
        }
    }
}

/// Without links: a summary is a button already.
fn teamed(visit: &Visit, names: &Names) -> Markup {
    html! { @for (at, id) in visit.team.iter().enumerate() { @if at > 0 { ", " } (names.plain_person(id)) } }
}

fn body(visit: &Visit, names: &Names) -> Markup {
    html! {
        p {
            (visit.kind)
            @if let Some(district) = names.district(&visit.place) { ", " (apart(district)) }
            @if let Some(day) = visit.date { ", " a href={ "#d" (day) } { (short(day)) } }
            @if !visit.team.is_empty() { "; goes: " (names.briefly(&visit.team)) }
        }
        @for says in &visit.changed { p { strong class="bad" { "CHANGED SINCE THE DRAW: " } (apart(says)) } }
        @if let Some(odds) = &visit.odds { (of_odds(visit, odds)) }
        (others(visit))
        @if !visit.reserves.is_empty() { (reserves(&visit.reserves, names)) }
    }
}

fn of_odds(visit: &Visit, odds: &Odds) -> Markup {
    let Odds { stage, tickets, held, different_teams, people, times } = odds;
    let held_by = if held == tickets { String::new() } else { format!("; {held} of them hold this visit") };
    html! {
        p {
            b { "Who could have gone" } ", in how many of the " (tickets) " tickets of stage " (stage) (held_by) ", with "
            (count(usize::try_from(*different_teams).unwrap_or(usize::MAX), "different team", "different teams")) ":"
        }
        ol class="o" style={ "--k:" (held.max(&1)) } {
            // Whoever goes in as many tickets stands in one row: half of a page would else be the same few numbers.
            @for alike in people.chunk_by(|a, b| a.tickets == b.tickets) {
                @if let Some(first) = alike.first() {
                    li style={ "--n:" (first.tickets) } { b { (first.tickets) } " " (ids(visit, alike)) }
                }
            }
        }
        p class="quiet" {
            "When: "
            @for (at, time) in times.iter().take(TIMES).enumerate() {
                @if at > 0 { ", " } (short(time.date)) " " (time.slot) " in " (time.tickets)
            }
            @if times.len() > TIMES { ", and " (count(times.len() - TIMES, "more time", "more times")) } "."
        }
    }
}

/// The ids of some people, those marked who go.
fn ids(visit: &Visit, people: &[Chance]) -> Markup {
    html! {
        @for (at, chance) in people.iter().enumerate() {
            @if at > 0 { ", " }
            @if visit.team.contains(&chance.inspector) { mark { (chance.inspector) } } @else { (chance.inspector) }
        }
    }
}

fn others(visit: &Visit) -> Markup {
    let drawn = |id: &&String| visit.odds.iter().flat_map(|odds| &odds.people).any(|chance| chance.inspector == **id);
    let never: Vec<&str> = visit.could.iter().filter(|id| !drawn(id)).map(String::as_str).collect();
    html! {
        @if !never.is_empty() {
            p { b { "In no ticket, though no rule keeps them away" } " with all else as drawn: " (apart(&never.join(", "))) "." }
        }
        @if !visit.could_not.is_empty() {
            p class="quiet" {
                b { "Could not, by the rule" }
                @for (at, kept) in visit.could_not.iter().enumerate() {
                    (if at > 0 { "; " } else { " " })
                    i { (kept.rule) } " (" (kept.inspectors.len()) "): " (kept.inspectors.join(", "))
                }
                "."
            }
        }
    }
}

fn reserves(reserves: &[Reserve], names: &Names) -> Markup {
    html! {
        p { b { "If one of them can\u{2019}t go" } ", the draw fixed who is asked, in this order:" }
        ul {
            @for one in reserves {
                li {
                    "for " (apart(&one.member))
                    @if !one.also.is_empty() { ", also on " (names.visits(&one.also)) }
                    ": "
                    @if one.of == 0 { strong class="bad" { "nobody may step in" } }
                    @if one.level == 2 { "nobody may take over the whole day; on this visit alone " }
                    @if one.level == 3 && one.of > 0 { "nobody may step in beside who stays; another whole team goes, " }
                    (apart(&one.order.join(", ")))
                    (apart(&one.teams.iter().map(|team| team.join(" with ")).collect::<Vec<_>>().join(", ")))
                    @if one.of > one.order.len() + one.teams.len() { ", and " (one.of - one.order.len() - one.teams.len()) " more" }
                }
            }
        }
    }
}
