//! What the freeze of a commitment must have, and may not have, after changes: else whatever was declared would be forgotten, and
//! whatever was cancelled drawn again.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use thiserror::Error;

use super::again::Alike;
use super::carried::PastRow;
use super::change::{AbsentDays, Conflicted};
use super::draws::PastDraw;
use super::held::Held;
use crate::model::{Absence, Case, Conflict};
use crate::rules::Book;

/// Something that a freeze lacks, or has and may not have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Lack {
    /// An absence that an amendment declared.
    #[error("`{}` is absent from {} to {} by an amendment, and the freeze does not say so", .0.inspector, .0.from, .0.to)]
    Absence(AbsentDays),
    /// A conflict that an amendment declared.
    #[error("`{}` has a conflict with `{}` by an amendment, and the freeze does not say so", .0.inspector, .0.target)]
    Conflict(Conflicted),
    /// A conflict that an earlier draw was made with, and that excludes on.
    #[error(
        "`{}` had a conflict with `{}` in an earlier draw, which excludes on, and the freeze does not have it or one that lasts as long; an \
         amendment can withdraw it", .0.inspector, .0.target
    )]
    Known(Conflicted),
    /// A visit that was executed before the period, by its id, and what stands there instead.
    #[error("visit `{0}` was executed: {1}; the history of the freeze does not have it{2}")]
    History(String, PastRow, String),
    /// A visit that was cancelled, and whose day is not over, under another name.
    #[error(
        "visit `{}` is at the place of visit `{}`, on days of it, and no draw knew it before that was cancelled; until {over} is over the freeze \
         would have it drawn again under another name", .alike.visit, .alike.after
    )]
    Renamed {
        /// The two.
        alike: Alike,
        /// The day of the one that was cancelled.
        over: NaiveDate,
    },
    /// A visit that is held.
    #[error("visit `{0}` is held on {1}, and the freeze does not have it")]
    Visit(String, NaiveDate),
    /// Somebody who goes on a visit that is held.
    #[error("`{0}` goes on visit `{1}`, and the freeze does not have them")]
    Person(String, String),
    /// The slot of a visit that is held.
    #[error("visit `{1}` starts in slot `{0}`, and the freeze has no such slot")]
    Slot(String, String),
    /// A visit that was cancelled, and whose day is not over.
    #[error(
        "visit `{0}` is cancelled, and until {1} is over it can only be restored; the freeze would have it drawn again"
    )]
    Cancelled(String, NaiveDate),
}

impl Held {
    /// What `case` with the rules of `book` lacks, or has and may not have, after `draws`, for a commitment whose first day is `from`: absences
    /// from then on in its period, conflicts, visits that are held in its period, those that are cancelled, and the history of what was executed.
    pub fn lacks(&self, draws: &[PastDraw], (case, book): (&Case, &Book), from: NaiveDate) -> Vec<Lack> {
        let covered = |days: &AbsentDays| covers(case, &days.inspector, (days.from, days.to), &[], from);
        let absences = self.absences().filter(|days| !covered(days)).cloned().map(Lack::Absence);
        let conflicts = self.conflicts().iter().filter(|conflict| !lasts(case, conflict)).cloned().map(Lack::Conflict);
        let cancelled = self.all_cancelled().filter(|(id, _)| case.find_visit(id).is_some());
        let cancelled = cancelled.map(|(id, visit)| Lack::Cancelled(id.to_owned(), visit.date));
        let held = absences.chain(conflicts).chain(self.lacks_known((case, book), from)).chain(self.lacks_visits(case));
        let again = cancelled.chain(self.lacks_names(draws, case));
        held.chain(again).chain(self.lacks_history(draws, case)).collect()
    }

    /// Conflicts that draws were made with, of people and targets that are there, which would exclude on `from` or later.
    fn lacks_known(&self, (case, book): (&Case, &Book), from: NaiveDate) -> Vec<Lack> {
        let there: BTreeSet<Conflicted> = case.conflicts.iter().map(|one| Conflicted::of(case, one)).collect();
        let unsaid = self.known_conflicts().filter(|one| !there.contains(one) && !self.conflicts().contains(one));
        let lost = unsaid.filter(|one| !lasts(case, one) && excludes_on(case, book, one, from));
        lost.cloned().map(Lack::Known).collect()
    }

    fn lacks_visits(&self, case: &Case) -> Vec<Lack> {
        let mut lacks = Vec::new();
        let inside = |date: NaiveDate| case.period.from <= date && date <= case.period.to;
        for (id, visit) in self.visits().filter(|(_, visit)| inside(visit.date)) {
            if case.find_visit(id).is_none() {
                lacks.push(Lack::Visit(id.to_owned(), visit.date));
            }
            if !case.period.slots.contains(&visit.slot) {
                lacks.push(Lack::Slot(visit.slot.clone(), id.to_owned()));
            }
            let strangers = visit.team().filter(|who| case.find_inspector(who).is_none());
            lacks.extend(strangers.map(|who| Lack::Person(who.to_owned(), id.to_owned())));
        }
        lacks
    }
}

/// Whether the absences of `case` together have every one of these days that is worked in its period, from `from` on: whole, or one with all of
/// these slots where some are named. Of somebody whom it does not have there is nothing to say.
pub(crate) fn covers(
    case: &Case,
    who: &str,
    (first, last): (NaiveDate, NaiveDate),
    slots: &[&str],
    from: NaiveDate,
) -> bool {
    let Some(who) = case.find_inspector(who) else { return true };
    let own: Vec<_> = case.absences.iter().filter(|one| one.inspector == who).collect();
    let wanted = case.period.days().into_iter().filter(|day| from <= *day && first <= *day && *day <= last);
    let has = |one: &Absence, slot: &str| {
        one.slots.iter().any(|own| case.period.slots.get(own.index()).is_some_and(|name| name == slot))
    };
    let whole = |one: &Absence| one.slots.is_empty() || one.slots.len() == case.period.slots.len();
    let enough = |one: &Absence| whole(one) || !slots.is_empty() && slots.iter().all(|slot| has(one, slot));
    wanted.into_iter().all(|day| own.iter().any(|one| one.from <= day && day <= one.to && enough(one)))
}

/// Whether a conflict excludes on `from` or later, by the rules of the freeze.
fn excludes_on(case: &Case, book: &Book, conflict: &Conflicted, from: NaiveDate) -> bool {
    let last = conflict.in_case(case).and_then(|conflict| book.last_day_of(&conflict));
    last.is_none_or(|last| from <= last)
}

/// Whether `case` has this conflict, or one that lasts at least as long. The first day of an interest decides nothing: it excludes before it too.
/// Of people and places that the case does not have there is nothing to say.
pub(crate) fn lasts(case: &Case, conflict: &Conflicted) -> bool {
    let Some(wanted) = conflict.in_case(case) else { return true };
    let as_long = |one: &Conflict| {
        one.to.is_none_or(|to| wanted.to.is_some_and(|last| last <= to))
            && (one.category == wanted.category || one.category.is_none())
    };
    let same = |one: &&Conflict| one.inspector == wanted.inspector && one.target == wanted.target;
    case.conflicts.iter().filter(same).any(as_long)
}
