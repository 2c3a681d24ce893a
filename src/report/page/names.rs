//! How people, places and visits are called on a page, and where they are linked to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use maud::{Markup, html};

use super::told::{Day, Person, Place, Told, Visit};

/// Where everything stands.
pub(super) struct Names<'t> {
    people: BTreeMap<&'t str, (usize, &'t Person)>,
    places: BTreeMap<&'t str, &'t Place>,
    visits: BTreeMap<&'t str, usize>,
}

impl<'t> Names<'t> {
    pub fn of(told: &'t Told) -> Self {
        Self {
            people: told.people.iter().enumerate().map(|(at, one)| (one.id.as_str(), (at, one))).collect(),
            places: told.places.iter().map(|one| (one.id.as_str(), one)).collect(),
            visits: told.visits.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect(),
        }
    }

    /// Somebody with a link to their row of the calendar.
    pub fn person(&self, id: &str) -> Markup {
        match self.people.get(id) {
            Some((at, _)) => html! { a href={ "#p" (at) } { (self.plain_person(id)) } },
            None => html! { (apart(id)) },
        }
    }

    /// The same without a link.
    pub fn plain_person(&self, id: &str) -> Markup {
        let name = self.people.get(id).and_then(|(_, person)| person.name.as_deref());
        called(id, name)
    }

    /// The members of a team.
    pub fn team(&self, ids: &[String]) -> Markup {
        html! { @for (at, id) in ids.iter().enumerate() { @if at > 0 { ", " } (self.person(id)) } }
    }

    /// The same by their ids.
    pub fn briefly(&self, ids: &[String]) -> Markup {
        html! {
            @for (at, id) in ids.iter().enumerate() {
                @if at > 0 { ", " }
                @if let Some((at, _)) = self.people.get(id.as_str()) { a href={ "#p" (at) } { (apart(id)) } } @else { (apart(id)) }
            }
        }
    }

    /// A place: its name, and its id in small letters.
    pub fn place(&self, id: &str) -> Markup {
        called(id, self.places.get(id).and_then(|place| place.name.as_deref()))
    }

    /// The district of a place.
    pub fn district(&self, id: &str) -> Option<&'t str> {
        self.places.get(id)?.district.as_deref()
    }

    /// A visit with a link to what is told of it.
    pub fn visit(&self, id: &str) -> Markup {
        match self.visits.get(id) {
            Some(at) => html! { a href={ "#v" (at) } { (apart(id)) } },
            None => html! { (apart(id)) },
        }
    }

    /// Some visits.
    pub fn visits(&self, ids: &[String]) -> Markup {
        html! { @for (at, id) in ids.iter().enumerate() { @if at > 0 { ", " } (self.visit(id)) } }
    }
}

/// A text that stands for itself: where its letters run from right to left it is kept apart, so that it does not turn round what stands
/// beside it. Elsewhere that would only make the page larger.
pub(super) fn apart(text: &str) -> Markup {
    html! { @if text.chars().any(turns) { bdi { (text) } } @else { (text) } }
}

/// Letters of Hebrew, Arabic and their kin, and characters that turn the direction of writing.
fn turns(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

fn called(id: &str, name: Option<&str>) -> Markup {
    match name.filter(|name| *name != id) {
        Some(name) => html! { (apart(name)) " " small { (id) } },
        None => html! { (apart(id)) },
    }
}

/// `Mon 4 Jan` is read faster than a date in figures; the year stands in the head of the page.
pub(super) fn short(day: Day) -> String {
    day.0.format("%a %-d %b").to_string()
}

/// `Monday 4 January 2027`.
pub(super) fn long(day: Day) -> String {
    day.0.format("%A %-d %B %Y").to_string()
}

/// The days from one to another.
pub(super) fn span(from: Day, to: Day) -> String {
    let short = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    if from == to { short(from.0) } else { format!("{} to {}", short(from.0), short(to.0)) }
}

/// When a visit is held: day and slots.
pub(super) fn when(visit: &Visit) -> Option<String> {
    Some(format!("{} {}", short(visit.date?), visit.slots.join(" to ")))
}

/// A number that is counted in tenths.
pub(super) fn tenths(n: u64) -> String {
    format!("{}.{}", n / 10, n % 10)
}
