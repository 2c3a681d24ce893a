//! What an audit looks at: visits with the odds they were drawn by, absences, conflicts, and what happened on the ledger. People and
//! places are numbers here, so that the records of many years can be told together; where they come from, `gather` knows.

use chrono::NaiveDate;

/// Everything that was gathered. Whoever fills it by hand (a simulation does) keeps the numbers within the lists.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Inspectors, in order of id.
    pub people: Vec<Person>,
    /// Establishments, in order of id.
    pub places: Vec<Place>,
    /// Visits, in order of date and place.
    pub visits: Vec<Event>,
    /// Working days of the drawn periods and days with a visit, in order.
    pub days: Vec<NaiveDate>,
    /// Days of absence, in order, none twice.
    pub absences: Vec<Absent>,
    /// Conflicts with the day of their declaration.
    pub declared: Vec<Declared>,
    /// Lines of a ledger that took two signatures.
    pub acts: Vec<Act>,
    /// Signed exceptions of the cases.
    pub waivers: Vec<Signed>,
    /// Seats that a reserve took over.
    pub stood_in: Vec<StoodIn>,
    /// Seats of days that are over: who was to go, and whether they went.
    pub seats: Vec<Seat>,
    /// Stages whose urn was counted for pairs.
    pub stages: Vec<PairStage>,
    /// Visits whose choice absences narrowed.
    pub thinned: Vec<Thinned>,
    /// What the ledger has of commitments that were not drawn, each in a sentence.
    pub undrawn: Vec<String>,
    /// Months that a term in a district may last, where the rule is on.
    pub tenure_months: Option<u32>,
    /// What was read, for people.
    pub sources: Vec<String>,
}

/// An inspector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The id.
    pub id: String,
    /// The name, where one is known.
    pub name: Option<String>,
    /// Whether they may lead a team.
    pub lead: bool,
}

/// An establishment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The id.
    pub id: String,
    /// The name, where one is known.
    pub name: Option<String>,
    /// Whose it is.
    pub owner: Option<String>,
    /// Where it lies.
    pub district: Option<String>,
}

/// A visit that was drawn or made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// The day.
    pub date: NaiveDate,
    /// The place.
    pub place: usize,
    /// Who went, in order.
    pub team: Vec<usize>,
    /// What kind of visit, as the office calls it.
    pub kind: Option<String>,
    /// Of a drawn visit, how likely each inspector was to go on it, in order; none where it is only remembered.
    pub odds: Option<Vec<(usize, f64)>>,
    /// The stage among [`Evidence::stages`], where its urn was counted.
    pub stage: Option<usize>,
}

/// A day on which somebody did not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Absent {
    /// Who.
    pub who: usize,
    /// When.
    pub date: NaiveDate,
}

/// A conflict of interest with a place, or with each place of an owner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declared {
    /// Who.
    pub who: usize,
    /// The places, in order.
    pub places: Vec<usize>,
    /// When it was declared.
    pub on: NaiveDate,
}

/// What takes two signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Seats were vacated and filled by the order of reserves.
    Amendment,
    /// Seats were given by hand.
    Override,
    /// A commitment was made void.
    Void,
}

/// A line that took two signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// What it did.
    pub kind: Kind,
    /// Who signed.
    pub signed: Vec<String>,
}

/// A waiver.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signed {
    /// Who approved it.
    pub approver: String,
    /// For whom.
    pub who: usize,
    /// Where.
    pub place: usize,
    /// Of which rule.
    pub rule: String,
}

/// Somebody stepped in on a visit.
#[derive(Clone, Debug, PartialEq)]
pub struct StoodIn {
    /// Who stepped in.
    pub by: usize,
    /// For whom.
    pub from: usize,
    /// Where.
    pub place: usize,
    /// When.
    pub date: NaiveDate,
    /// Whether they took over all visits of the day; else this one alone, or with another whole team.
    pub whole_day: bool,
    /// How likely it was, at most, that it would be just this person: those passed over and one more, of all who could.
    pub chance: f64,
}

/// Somebody's seat on a visit whose day is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Who was to go.
    pub who: usize,
    /// Where.
    pub place: usize,
    /// Whether they went.
    pub went: bool,
}

/// How likely each pair was to serve together in a stage, counted in its urn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PairStage {
    /// The first day.
    pub from: NaiveDate,
    /// Pairs that some ticket has, in order.
    pub pairs: Vec<((usize, usize), f64)>,
}

/// A visit on whose day people were away who could have gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thinned {
    /// When.
    pub date: NaiveDate,
    /// Where.
    pub place: usize,
    /// Those away who could have gone, in order.
    pub away: Vec<usize>,
    /// How many could go.
    pub left: usize,
}

impl Evidence {
    /// The districts of places, each by a number.
    pub(super) fn districts(&self) -> Vec<Option<&str>> {
        self.places.iter().map(|place| place.district.as_deref()).collect()
    }

    /// Whether any visit was drawn with odds that are known.
    pub fn has_odds(&self) -> bool {
        self.visits.iter().any(|visit| visit.odds.is_some())
    }

    /// Whether any visit is only remembered.
    pub fn has_memory(&self) -> bool {
        self.visits.iter().any(|visit| visit.odds.is_none())
    }
}
