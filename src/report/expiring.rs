//! Conflicts of interest that end soon: who may go where again, and from which day.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::times::day;
use super::{Section, Side, count, person, place, table};
use crate::model::{Case, Conflict, ConflictTarget};
use crate::rules::Book;

/// Conflicts by the day on which they end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiring<'c> {
    /// The first day looked at.
    pub on: NaiveDate,
    /// The last day looked at, inclusive.
    pub to: NaiveDate,
    /// Those whose last day of excluding lies between the two, with that day; in order of days.
    pub ending: Vec<(NaiveDate, &'c Conflict)>,
    /// Those without an end.
    pub endless: Vec<&'c Conflict>,
    /// How many end later.
    pub later: usize,
    /// How many had ended before.
    pub over: usize,
}

/// The conflicts of `case` that end within `days` days of `on`, by the rule book.
pub fn expiring<'c>(case: &'c Case, book: &Book, on: NaiveDate, days: u64) -> Expiring<'c> {
    let to = on.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
    let mut found = Expiring { on, to, ending: Vec::new(), endless: Vec::new(), later: 0, over: 0 };
    for conflict in &case.conflicts {
        match book.last_day_of(conflict) {
            None => found.endless.push(conflict),
            Some(last) if last < on => found.over += 1,
            Some(last) if last > to => found.later += 1,
            Some(last) => found.ending.push((last, conflict)),
        }
    }
    found.ending.sort();
    found
}

/// The list for people; with those that have no end, where they are wanted.
pub fn expiring_in_words(case: &Case, found: &Expiring<'_>, endless: bool) -> Vec<Section> {
    let Expiring { on, to, .. } = found;
    let title = format!("{} from {on} to {to}", count(found.ending.len(), "conflict ends", "conflicts end"));
    let rows = found.ending.iter().map(|(last, conflict)| {
        let again = last.succ_opt().map_or_else(|| "never".to_owned(), day);
        let declared = conflict.to.map(|to| to.to_string()).unwrap_or_default();
        [
            again,
            person(case, conflict.inspector),
            target(case, conflict),
            category(conflict).to_owned(),
            declared,
            last.to_string(),
        ]
    });
    let columns = ["free again from", "inspector", "interest in", "category", "ended", "excludes until"]
        .map(|head| (head, Side::Left));
    let rest = format!(
        "{} later, {} no end, {} over already",
        count(found.later, "ends", "end"),
        count(found.endless.len(), "has", "have"),
        count(found.over, "is", "are")
    );
    let listed = if found.ending.is_empty() { String::new() } else { table(&columns, rows) + "\n" };
    let mut sections = vec![Section::new(title, listed + &rest)];
    if endless {
        let columns = ["inspector", "interest in", "category"].map(|head| (head, Side::Left));
        let rows = found
            .endless
            .iter()
            .map(|conflict| [person(case, conflict.inspector), target(case, conflict), category(conflict).to_owned()]);
        sections.push(Section::new("Without end", table(&columns, rows)));
    }
    sections
}

fn category(conflict: &Conflict) -> &str {
    conflict.category.as_deref().unwrap_or("(none given)")
}

/// What the interest lies in.
fn target(case: &Case, conflict: &Conflict) -> String {
    match &conflict.target {
        ConflictTarget::Establishment(at) => place(case, *at),
        ConflictTarget::Owner(owner) => format!("places of {owner}"),
        ConflictTarget::Sector(sector) => format!("sector {sector}"),
        ConflictTarget::District(district) => format!("district {district}"),
        ConflictTarget::Inspector(other) => format!("colleague {}", person(case, *other)),
    }
}

/// The same for machines, always with those that have no end.
pub fn expiring_json(case: &Case, found: &Expiring<'_>) -> Value {
    let one = |conflict: &Conflict| {
        json!({
            "inspector": case.inspector(conflict.inspector).id, "interest": target(case, conflict),
            "category": conflict.category, "ended": conflict.to.map(|day| day.to_string()),
        })
    };
    let ending = found.ending.iter().map(|(last, conflict)| {
        let mut value = one(conflict);
        value["excludes_until"] = last.to_string().into();
        value["free_from"] = last.succ_opt().map(|day| day.to_string()).into();
        value
    });
    json!({
        "on": found.on.to_string(), "to": found.to.to_string(), "ending": ending.collect::<Vec<_>>(),
        "endless": found.endless.iter().map(|conflict| one(conflict)).collect::<Vec<_>>(),
        "later": found.later, "over": found.over,
    })
}
