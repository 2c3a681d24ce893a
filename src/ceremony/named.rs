//! A conflict that somebody names in fewer words than its line has.

use chrono::NaiveDate;

use super::{CeremonyError, Office, Past};
use crate::record::changes::Conflicted;

/// The one conflict that stands and is `named` so; where none stands, the one that was withdrawn before. What `named` leaves out may be anything.
///
/// # Errors
/// Where there is none or more than one, or the past can't be read.
pub fn conflict_named(office: &Office, named: &Conflicted) -> Result<Conflicted, CeremonyError> {
    let held = Past::of(office)?.held;
    let mut all: Vec<Conflicted> = held.all_conflicts().filter(|one| is(named, one)).cloned().collect();
    all.sort();
    all.dedup();
    if all.iter().any(|one| held.stands(one)) {
        all.retain(|one| held.stands(one));
    }
    let (who, target) = (&named.inspector, &named.target);
    match all.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(CeremonyError::refused(
            format!(
                "no conflict of `{who}` with `{target}` stands: neither a draw was made with one nor an amendment declared it"
            ),
            "what no draw was made with is taken out of the case's files, and they are frozen again",
        )),
        many => Err(CeremonyError::refused(
            format!(
                "{} conflicts of `{who}` with `{target}` stand: {}",
                many.len(),
                many.iter().map(words).collect::<Vec<_>>().join("; ")
            ),
            "say which, with --category, --from, --to and --declared-on",
        )),
    }
}

/// Whether `one` has all that `named` says. How it was settled who leaves for it names no conflict.
fn is(named: &Conflicted, one: &Conflicted) -> bool {
    (&named.inspector, named.target_kind, &named.target) == (&one.inspector, one.target_kind, &one.target)
        && named.category.as_ref().is_none_or(|word| one.category.as_ref() == Some(word))
        && named.from.is_none_or(|day| one.from == Some(day))
        && named.to.is_none_or(|day| one.to == Some(day))
        && named.declared_on.is_none_or(|day| one.declared_on == Some(day))
}

fn words(one: &Conflicted) -> String {
    let day = |what: &str, day: Option<NaiveDate>| day.map(|day| format!(", {what} {day}")).unwrap_or_default();
    let category = one.category.as_deref().unwrap_or("no category");
    format!("{category}{}{}{}", day("from", one.from), day("to", one.to), day("declared on", one.declared_on))
}
