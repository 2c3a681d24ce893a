//! Inspectors, and what keeps them from a visit: absences and conflicts of interest.

use chrono::NaiveDate;

use super::{EstablishmentId, InspectorId, SlotId};

/// One person who inspects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspector {
    /// The id that the office knows, unique, text.
    pub id: String,
    /// Name, for people; decides nothing.
    pub name: Option<String>,
    /// Unit within the office.
    pub unit: Option<String>,
    /// Agency that the inspector belongs to, where people of several serve together.
    pub agency: Option<String>,
    /// District the inspector lives in.
    pub home_district: Option<String>,
    /// Districts served; empty means all.
    pub territory: Vec<String>,
    /// Qualified to head a team.
    pub lead: bool,
    /// Grade or rank, as the office writes it.
    pub grade: Option<String>,
    /// Gender, where it was given.
    pub gender: Option<Gender>,
    /// Skills, in order and without repetition.
    pub skills: Vec<String>,
    /// Languages, in order and without repetition.
    pub languages: Vec<String>,
    /// First day with authority to inspect; none means since ever.
    pub authority_from: Option<NaiveDate>,
    /// Last day with authority to inspect, inclusive.
    pub authority_to: Option<NaiveDate>,
    /// Day on which the inspector left; from that day on they don't serve.
    pub left_on: Option<NaiveDate>,
    /// Most visits a day, where it differs from the policy's.
    pub visits_per_day: Option<u32>,
    /// Most visits a week, where it differs from the policy's.
    pub visits_per_week: Option<u32>,
    /// The inspector's supervisor, where one was named.
    pub supervisor: Option<InspectorId>,
}

/// Gender as the roster states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gender {
    /// A woman.
    Woman,
    /// A man.
    Man,
    /// Neither, or not to be counted as either.
    Other,
}

/// Days on which an inspector does not serve, both ends inclusive; whole days, or the same slots of each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Absence {
    /// Who is absent.
    pub inspector: InspectorId,
    /// First day, inclusive.
    pub from: NaiveDate,
    /// Last day, inclusive.
    pub to: NaiveDate,
    /// Leave, training, court, as the office writes it.
    pub reason: Option<String>,
    /// Only these slots of each day, in order; none where it is the whole day.
    pub slots: Vec<SlotId>,
}

/// A declared conflict of interest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// Who declared it, or of whom it was declared.
    pub inspector: InspectorId,
    /// What the interest lies in.
    pub target: ConflictTarget,
    /// `kin`, `household`, `employee` and so on; in lower case. None excludes without end.
    pub category: Option<String>,
    /// First day of the interest.
    pub from: Option<NaiveDate>,
    /// Last day of the interest, before any cooling-off. None excludes without end.
    pub to: Option<NaiveDate>,
    /// Day of the declaration.
    pub declared_on: Option<NaiveDate>,
}

/// Categories of conflict that have no end, as long as a policy does not list others.
///
/// Source: Spain, Ley 40/2015 art. 23.2 (kin and affinity); US 5 CFR 2635.502 (household).
pub const ENDLESS_CATEGORIES: &[&str] = &[
    "kin",
    "kinship",
    "family",
    "relative",
    "affinity",
    "in-law",
    "spouse",
    "partner",
    "household",
    "residence",
    "birthplace",
];

/// What a conflict of interest points at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConflictTarget {
    /// One place.
    Establishment(EstablishmentId),
    /// Every place of an owner.
    Owner(String),
    /// Every place of a sector.
    Sector(String),
    /// Every place in a district.
    District(String),
    /// Another inspector: these two never serve together.
    Inspector(InspectorId),
}
