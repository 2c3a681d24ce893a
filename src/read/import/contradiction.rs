//! Rows that name a person twice, by id and by name, in two columns of which only one is read: both must be the same person.

use super::super::problem::{Level, Log, Problem, shown};
use super::lay::{Laid, tell};
use super::likeness::{LIKELY, likeness};
use super::names::Known;

/// Columns that say who somebody is.
const WHO: [&str; 3] = ["id", "name", "inspector"];

/// Reports rows whose person, in the column at `at`, is another than an unread column says.
pub(super) fn tell_of(laid: &Laid, at: usize, people: &Known, log: &mut Log) {
    let others: Vec<(usize, String)> = laid
        .header
        .others()
        .filter(|(_, title)| WHO.iter().any(|ours| likeness(ours, title) >= LIKELY))
        .map(|(place, title)| (place, title.to_owned()))
        .collect();
    if others.is_empty() {
        return;
    }
    let mut wrong = Vec::new();
    laid.rows(&mut Log::default(), &mut |row, _, _| {
        let Some(one) = row.text(at).and_then(|text| people.find_quietly(text)) else { return };
        for (place, title) in &others {
            let text = row.other(*place);
            if let Some(other) = people.find_quietly(text).filter(|other| *other != one) {
                let why =
                    format!("the row is of `{}` by one column, and of `{}` by this one", shown(&one), shown(&other));
                let problem = Problem::error(&row.header.file, why, "Correct the one that is wrong");
                wrong.push(problem.row(row.number()).column(title.as_str()).value(text));
            }
        }
    });
    for problem in wrong {
        tell(log, Level::Error, "rows that name two people", problem);
    }
}
