//! The page of a record or a ceremony, for those who were not there: [`tell`] gathers what there is to say, [`json`] and
//! [`html`] show it.
//!
//! There are three readers. A planner sees everything, calendar first. An auditor sees the same, evidence first. The public sees what can be told
//! without naming anybody or any place: evidence, odds as counts, bounds, coverage. What the public sees is taken from
//! the whole field by field (`public.rs`), so that a new field is told to nobody until somebody has decided so.

mod calendar;
mod charts;
mod evidence;
mod facts;
mod gather;
mod lottery;
mod names;
mod paint;
mod parts;
mod people;
mod proof;
mod public;
mod rows;
mod told;
mod visits;

pub use facts::{CeremonyFacts, Draw, Facts, LedgerLine, Proof};
pub use paint::html;
pub use told::Told;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

/// For whom a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Who plans: everything, calendar first.
    Planner,
    /// Who checks: everything, evidence first.
    Auditor,
    /// Everybody: nothing that names a person, a place or a visit. Of visits up to the day `released`, which must be over, the places.
    Public {
        /// The last day of which places are told.
        released: Option<NaiveDate>,
    },
}

impl View {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Planner => "planner",
            Self::Auditor => "auditor",
            Self::Public { .. } => "public",
        }
    }
}

impl Serialize for View {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// What a page for `view` tells of these facts.
pub fn tell(facts: &Facts, view: View) -> Told {
    let told = gather::all(facts, view);
    match view {
        View::Planner | View::Auditor => told,
        View::Public { released } => public::public(told, released),
    }
}

/// What is told, for machines.
pub fn json(told: &Told) -> serde_json::Value {
    serde_json::to_value(told).unwrap_or_default()
}
