//! Why a change can't be, as sentences.

use chrono::NaiveDate;
use thiserror::Error;

/// Why a change can't be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// There is nothing yet that could change.
    #[error("nothing was drawn yet, so there is nothing to change")]
    NothingDrawn,
    /// What shows it was not said.
    #[error("the evidence is blank; say what shows that it is so, such as the number of a letter")]
    NoEvidence,
    /// The reason of an override was not said.
    #[error("the reason is blank; an override says why it had to be")]
    NoReason,
    /// An id that nobody has.
    #[error("there is no inspector `{0}` in the last freeze")]
    UnknownInspector(String),
    /// An id that no visit has.
    #[error("there is no visit `{0}` in the last freeze")]
    UnknownVisit(String),
    /// A slot that no day has.
    #[error("there is no slot `{0}`; the slots of a day are {1}")]
    UnknownSlot(String, String),
    /// What a conflict names is not there.
    #[error("there is no {0} `{1}` in the last freeze")]
    UnknownTarget(&'static str, String),
    /// A conflict that nothing withdraws, since it does not stand.
    #[error(
        "no conflict of `{0}` with `{1}` stands that says the same: neither a draw was made with it nor an amendment declared it"
    )]
    UnknownConflict(String, String),
    /// Nobody has a conflict with themselves.
    #[error("`{0}` can't have a conflict with themselves")]
    Themselves(String),
    /// Days that run backwards.
    #[error("the absence ends on {to} before it starts on {from}")]
    Backwards {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    },
    /// Somebody went on a day on which they are said to have been absent.
    #[error("{date} is over, and `{who}` went then; a day that was executed can't change")]
    Went {
        /// Who.
        who: String,
        /// The day.
        date: NaiveDate,
    },
    /// The day is over.
    #[error("{0} was executed already; a day that is over can't change")]
    DayOver(NaiveDate),
    /// Nobody's seat falls vacant.
    #[error("nothing to change: `{0}` holds no seat that this would vacate; put it into the files of the next freeze")]
    NothingToChange(String),
    /// A visit that is not held can't be cancelled.
    #[error("visit `{0}` is not held, so it can't be taken away")]
    NotHeld(String),
    /// Only what was cancelled can be restored.
    #[error("visit `{0}` is not cancelled, so there is nothing to restore")]
    NotCancelled(String),
    /// Restored, the visit would break rules.
    #[error("visit `{visit}` can't be held again as it was: {}", .says.join("; "))]
    Breaks {
        /// Which.
        visit: String,
        /// The facts.
        says: Vec<String>,
    },
    /// A visit is named twice.
    #[error("visit `{0}` is named twice")]
    VisitTwice(String),
    /// A person is named twice.
    #[error("`{0}` is named twice on visit `{1}`")]
    PersonTwice(String, String),
    /// More people than any team has.
    #[error("visit `{0}` has {1} people; at most {2} can be written down")]
    TeamTooLarge(String, usize, usize),
    /// A day that the last freeze does not have.
    #[error("{0} is outside the period of the last freeze, {1} to {2}")]
    OutsidePeriod(NaiveDate, NaiveDate, NaiveDate),
    /// Nothing was named.
    #[error("no visit is named")]
    NoVisit,
    /// Nothing was to be done on the day.
    #[error("no visit is held on {0}")]
    NothingOn(NaiveDate),
    /// A visit that was not to be done on the day.
    #[error("visit `{0}` is not held on {1}")]
    NotOn(String, NaiveDate),
    /// A visit of the day of which nothing is said.
    #[error("visit `{0}` is held on {1}, and nothing is said of it; name it, with nobody if nobody went")]
    NotTold(String, NaiveDate),
}
