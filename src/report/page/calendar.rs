//! The calendar, by day and by inspector.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::names::{Names, apart, long, short};
use super::told::{Day, Told, Visit};
use crate::report::count;

/// Day by day, slot by slot.
pub(super) fn by_day(told: &Told, names: &Names) -> Markup {
    let mut days: BTreeMap<Day, Vec<&Visit>> = BTreeMap::new();
    for visit in &told.visits {
        days.entry(visit.date.unwrap_or(told.period.to)).or_default().extend(visit.date.map(|_| visit));
    }
    days.retain(|_, visits| !visits.is_empty());
    let slot = |visit: &Visit| told.period.slots.iter().position(|slot| visit.slots.first() == Some(slot));
    days.values_mut().for_each(|visits| visits.sort_by_key(|visit| (slot(visit), visit.id.as_str())));
    html! {
        @if days.is_empty() { p { "Nothing is drawn yet." } }
        @for (day, visits) in &days {
            div class="day" data-day=(day) {
                h3 id={ "d" (day) } { (long(*day)) " " small { (count(visits.len(), "visit", "visits")) } }
                (one_day(*day, visits, names))
            }
        }
    }
}

fn one_day(day: Day, visits: &[&Visit], names: &Names) -> Markup {
    html! {
        table class="cal" {
            caption class="unseen" { "Visits of " (long(day)) }
            thead { tr {
                th scope="col" { "Slot" } th scope="col" { "Visit" } th scope="col" { "Place" }
                th scope="col" { "District" } th scope="col" { "Team" }
            } }
            tbody {
                @for visit in visits {
                    tr {
                        td { (visit.slots.join(" to ")) }
                        td { (names.visit(&visit.id)) }
                        td { (names.place(&visit.place)) }
                        td { @if let Some(district) = names.district(&visit.place) { (apart(district)) } }
                        td { (names.team(&visit.team)) }
                    }
                }
            }
        }
    }
}

/// Everybody with their visits, a column a day.
pub(super) fn by_person(told: &Told, names: &Names) -> Markup {
    let mut cells: BTreeMap<(&str, Day), Vec<&Visit>> = BTreeMap::new();
    for visit in &told.visits {
        if let Some(day) = visit.date {
            visit.team.iter().for_each(|who| cells.entry((who.as_str(), day)).or_default().push(visit));
        }
    }
    let slot = |visit: &Visit| told.period.slots.iter().position(|slot| visit.slots.first() == Some(slot));
    cells.values_mut().for_each(|visits| visits.sort_by_key(|visit| slot(visit)));
    html! {
        p class="quiet" { "\u{2605} may lead a team. \u{201c}away\u{201d}: absent that day." }
        div class="scroll wide" tabindex="0" role="region" aria-label="Visits of each inspector by day" {
            table class="crew" {
                caption class="unseen" { "Visits of each inspector by day" }
                thead { tr {
                    th scope="col" { "Inspector" } th scope="col" class="number" { "Visits" }
                    @for day in &told.period.days {
                        th scope="col" {
                            // A day without a visit has no list to lead to.
                            @if cells.keys().any(|(_, on)| on == day) { a href={ "#d" (day) } { (short(*day)) } }
                            @else { (short(*day)) }
                        }
                    }
                } }
                tbody {
                    @for (at, person) in told.people.iter().enumerate() {
                        tr id={ "p" (at) } {
                            th scope="row" {
                                (names.plain_person(&person.id))
                                @if person.lead { " " span title="may lead" { "\u{2605}" } }
                            }
                            td class="number" { (person.visits) }
                            @for day in &told.period.days {
                                td { (cell(cells.get(&(person.id.as_str(), *day)), person.away.contains(day), names)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell(visits: Option<&Vec<&Visit>>, away: bool, names: &Names) -> Markup {
    html! {
        @for visit in visits.into_iter().flatten() {
            div { (names.visit(&visit.id)) " " small { (visit.slots.first().map_or("", String::as_str)) } }
        }
        @if away { small { "away" } }
    }
}
