//! The page as HTML: which parts it has, in which order, for whom.

use maud::{Markup, html};

use super::names::{Names, long, span};
use super::told::Told;
use super::{View, calendar, parts, proof, rows};
use crate::report::count;
use crate::report::html::{Page, Part};

/// What the page does where scripts run, and does without where they don't: it filters, and opens the visit that a link names.
const SCRIPT: &str = include_str!("filter.js");

/// The whole file.
pub fn html(told: &Told) -> String {
    let names = Names::of(told);
    let subtitle = format!("{}. For: {}.", span(told.period.from, told.period.to), reader(told.view));
    let parts = order(told).iter().filter_map(|id| part(told, &names, id)).collect();
    let script = (!told.visits.is_empty()).then_some(SCRIPT);
    Page { title: &told.case, subtitle: Some(&subtitle), parts, script }.to_html()
}

fn reader(view: View) -> &'static str {
    match view {
        View::Planner => "those who plan. It names people and places: keep it as secret as the visits are",
        View::Auditor => "those who audit. It names people and places: keep it as secret as the visits are",
        View::Public { .. } => "everybody. It names no person, and no place before its visit is over",
    }
}

/// The parts that somebody wants to see, the most wanted first.
fn order(told: &Told) -> &'static [&'static str] {
    match told.view {
        View::Planner => &[
            "loud",
            "notices",
            "glance",
            "days",
            "people",
            "coverage",
            "visits",
            "changes",
            "load",
            "pools",
            "odds",
            "exceptions",
            "evidence",
            "check",
        ],
        View::Auditor => &[
            "loud",
            "notices",
            "glance",
            "evidence",
            "check",
            "changes",
            "exceptions",
            "odds",
            "pools",
            "coverage",
            "load",
            "days",
            "people",
            "visits",
        ],
        View::Public { .. } => &[
            "loud", "notices", "glance", "evidence", "check", "changes", "odds", "coverage", "load", "rules",
            "released",
        ],
    }
}

/// A part, where there is something to show.
fn part(told: &Told, names: &Names, id: &'static str) -> Option<Part> {
    let thin = format!("Thin pools: {}", count(told.counts.thin, "visit", "visits"));
    let (shown, title, body): (bool, String, Markup) = match id {
        "loud" => (!told.loud.is_empty(), "Done by hand, past the draw".to_owned(), proof::loud(told)),
        "notices" => (!told.notices.is_empty(), "To be known".to_owned(), proof::notices(told)),
        "glance" => (true, "At a glance".to_owned(), html! { (parts::glance(told)) (filter(told)) }),
        "days" => (true, "By day".to_owned(), calendar::by_day(told, names)),
        "people" => (true, "By inspector".to_owned(), calendar::by_person(told, names)),
        "coverage" => (true, "What is staffed".to_owned(), parts::coverage(told, names)),
        "visits" => (true, "Visit by visit".to_owned(), rows::visits(told, names)),
        "changes" => (told.ceremony, "What changed after the draw".to_owned(), proof::changes(told)),
        "load" => (true, "Load".to_owned(), parts::load(told, names)),
        "pools" => (true, thin, parts::pools(told, names)),
        "odds" => (!told.stages.is_empty(), "Odds".to_owned(), parts::odds(told)),
        "exceptions" => (true, "Exceptions".to_owned(), parts::exceptions(told, names)),
        "rules" => (!told.rules_off.is_empty(), "Rules".to_owned(), parts::exceptions(told, names)),
        "evidence" => (true, "Evidence of the draw".to_owned(), proof::evidence(told)),
        "check" => (true, "Check it".to_owned(), proof::check(told)),
        "released" => (!told.released.is_empty(), "Places that were visited".to_owned(), parts::released(told)),
        _ => return None,
    };
    shown.then_some(Part { id, title, body })
}

/// Hidden until the script shows it: without one it would do nothing.
fn filter(told: &Told) -> Markup {
    html! {
        @if !told.visits.is_empty() {
            form id="filter" class="screen" role="search" aria-label="Filter visits" hidden {
                label { "Person, visit, place or district " input type="search" autocomplete="off"; }
                label { "Day " select { option value="" { "all" } @for day in &told.period.days { option value=(day) { (long(*day)) } } } }
                output aria-live="polite" {}
            }
        }
    }
}
