//! What draws and days that are over let everybody know, and no later freeze may forget.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::change::Conflicted;
use crate::model::Case;

/// What is only added to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// The conflicts that draws were made with.
    pub conflicts: BTreeSet<Conflicted>,
    /// Those that an amendment withdrew. A later draw from the same freeze still has them, and does not bring them back.
    pub withdrawn: BTreeSet<Conflicted>,
    /// Who went where.
    pub went: Vec<WentOn>,
}

/// A visit of a day that was executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WentOn {
    /// The day.
    pub date: NaiveDate,
    /// Which visit.
    pub visit: String,
    /// Who went, in order of id.
    pub team: Vec<String>,
    /// How many draws there were before: they say where the visit is.
    pub draws: usize,
}

impl Known {
    /// Takes the conflicts that a draw was made with. What is known is copied only where there is something new.
    pub(super) fn take(known: &mut Arc<Self>, case: &Case) {
        let all = case.conflicts.iter().map(|conflict| Conflicted::of(case, conflict));
        let new: Vec<_> = all.filter(|one| !known.conflicts.contains(one) && !known.withdrawn.contains(one)).collect();
        if !new.is_empty() {
            Arc::make_mut(known).conflicts.extend(new);
        }
    }

    pub(super) fn withdraw(&mut self, conflict: &Conflicted) {
        self.conflicts.remove(conflict);
        self.withdrawn.insert(conflict.clone());
    }
}
