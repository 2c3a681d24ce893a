//! A conflict that somebody names in fewer words than its line has.

use chrono::NaiveDate;

use super::{CeremonyError, Office, Past};
use crate::record::TargetKind;
use crate::record::changes::Conflicted;

/// What is said of a conflict. Whatever is not said may be anything.
#[derive(Clone, Debug)]
pub struct Named {
    /// Whose it is.
    pub inspector: String,
    /// What kind of thing it is with.
    pub target_kind: TargetKind,
    /// What it is with.
    pub target: String,
    /// Its category.
    pub category: Option<String>,
    /// The first day of the interest.
    pub from: Option<NaiveDate>,
    /// Its last day.
    pub to: Option<NaiveDate>,
    /// The day of the declaration.
    pub declared_on: Option<NaiveDate>,
}

impl Named {
    fn is(&self, one: &Conflicted) -> bool {
        let same = (&self.inspector, self.target_kind, &self.target) == (&one.inspector, one.target_kind, &one.target);
        same && self.category.as_ref().is_none_or(|word| one.category.as_ref() == Some(word))
            && self.from.is_none_or(|day| one.from == Some(day))
            && self.to.is_none_or(|day| one.to == Some(day))
            && self.declared_on.is_none_or(|day| one.declared_on == Some(day))
    }
}

/// The one conflict that stands and is named so; where none stands, the one that was withdrawn before.
///
/// # Errors
/// Where there is none or more than one, or the past can't be read.
pub fn conflict_named(office: &Office, named: &Named) -> Result<Conflicted, CeremonyError> {
    let held = Past::of(office)?.held;
    let mut all: Vec<Conflicted> = held.all_conflicts().filter(|one| named.is(one)).cloned().collect();
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

fn words(one: &Conflicted) -> String {
    let day = |what: &str, day: Option<NaiveDate>| day.map(|day| format!(", {what} {day}")).unwrap_or_default();
    let category = one.category.as_deref().unwrap_or("no category");
    format!("{category}{}{}{}", day("from", one.from), day("to", one.to), day("declared on", one.declared_on))
}
