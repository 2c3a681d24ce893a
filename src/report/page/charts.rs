//! The charts of a page.

use maud::{Markup, html};

use super::told::{Person, Told};
use crate::report::html::chart::{Chart, Series, Shape};

/// Colours of what is shown, and of what it is held against.
const SHOWN: usize = 0;
const BESIDE: usize = 1;

/// A series: its name, how it is drawn, its colour, and the figure of each row.
type Figures<'f, T> = (&'f str, Shape, usize, &'f dyn Fn(&T) -> Option<f64>);

fn chart<T>(
    caption: &str,
    (across, up): (&str, &str),
    rows: &[T],
    label: impl Fn(&T) -> String,
    series: &[Figures<T>],
) -> Markup {
    let labels: Vec<String> = rows.iter().map(label).collect();
    let values: Vec<Vec<Option<f64>>> = series.iter().map(|(.., of)| rows.iter().map(of).collect()).collect();
    let series = series.iter().zip(&values);
    let series: Vec<Series> = series
        .map(|((name, shape, colour, _), values)| Series { name, shape: *shape, colour: *colour, values })
        .collect();
    if rows.is_empty() {
        html! {}
    } else {
        Chart { caption, across, up, labels: &labels, series: &series }.to_markup()
    }
}

/// What is staffed, by kind.
pub(super) fn coverage(told: &Told) -> Markup {
    chart(
        "Visits of each kind, and how many of them have a team",
        ("kind of visit", "visits"),
        &told.coverage,
        |kind| kind.kind.to_owned(),
        &[
            ("all", Shape::Bars, BESIDE, &|kind| Some(kind.visits as f64)),
            ("with a team", Shape::Bars, SHOWN, &|kind| Some(kind.staffed as f64)),
        ],
    )
}

/// The visits of each person, the most first; without people, how many have how many.
pub(super) fn load(told: &Told) -> Markup {
    if told.people.is_empty() {
        return chart(
            "How many people have how many visits",
            ("visits of a person", "people"),
            &told.load,
            |load| load.visits.to_string(),
            &[("people", Shape::Bars, SHOWN, &|load| Some(load.people as f64))],
        );
    }
    let mut people: Vec<&Person> = told.people.iter().collect();
    people.sort_by(|a, b| (b.visits, &a.id).cmp(&(a.visits, &b.id)));
    chart(
        "Visits of each inspector, the most first",
        ("inspector", "visits"),
        &people,
        |person| person.id.clone(),
        &[("visits", Shape::Bars, SHOWN, &|person| Some(person.visits as f64))],
    )
}

/// The easiest guess of each stage beside its bound.
pub(super) fn worst(told: &Told) -> Markup {
    let tickets = told.stages.iter().map(|stage| stage.tickets).max().unwrap_or(0);
    chart(
        &format!("The easiest guess of each stage, in tickets of {tickets}, beside what no lottery could beat"),
        ("first day of the stage", "tickets"),
        &told.stages,
        |stage| stage.from.0.format("%-d %b").to_string(),
        &[
            ("easiest guess", Shape::Bars, SHOWN, &|stage| stage.worst.map(f64::from)),
            ("no lottery could have less", Shape::Dots, 2, &|stage| stage.bound.map(f64::from)),
        ],
    )
}

/// How easily visits are guessed, beside even chance.
pub(super) fn guesses(told: &Told) -> Markup {
    chart(
        "How likely the likeliest person of a visit is, beside even chance among all who could have gone",
        ("odds of the likeliest person, %", "visits"),
        &told.guesses,
        |guess| format!("{}\u{2013}{}", guess.from, guess.to),
        &[
            ("as drawn", Shape::Bars, SHOWN, &|guess| Some(guess.visits as f64)),
            ("if all were equally likely", Shape::Dots, 2, &|guess| Some(guess.even as f64)),
        ],
    )
}

/// Programmed visits: how many were drawn beside how often their class asks for them.
pub(super) fn programmed(told: &Told) -> Markup {
    if told.programmed.iter().all(|class| class.class.is_none()) {
        return html! {};
    }
    let share = |n: usize, of: usize| n as f64 * 100.0 / of.max(1) as f64;
    chart(
        "Programmed visits of each risk class: drawn, beside the target",
        ("risk class", "% of its visits"),
        &told.programmed,
        |class| class.class.clone().unwrap_or_else(|| "(no class)".to_owned()),
        &[
            ("drawn", Shape::Bars, SHOWN, &|class| Some(share(class.drawn, class.visits))),
            ("target", Shape::Dots, 2, &|class| Some(f64::from(class.target) / 10.0)),
        ],
    )
}
