//! The lines of the frozen inputs: one struct a table, its fields in order of name, ids as text.
//! A field that may be blank is absent when it is.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::day::Day;
use crate::model;

/// A text that is blank is none: so it has no second spelling, and a line that has it is told of.
pub(super) fn unless_blank<'de, D: Deserializer<'de>>(given: D) -> Result<Option<String>, D::Error> {
    Ok(Option::deserialize(given)?.filter(|text: &String| !text.is_empty()))
}

/// The first line of the policy.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseLine {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassLine>,
    /// The edition of the rule book; the first was not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<u32>,
    pub floor: u32,
    pub from: Day,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hours: BTreeMap<String, SlotHours>,
    pub name: String,
    pub odds_max: u32,
    pub places: bool,
    pub pool_min: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<String>,
    pub stage: Stage,
    pub tickets: u32,
    pub to: Day,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Weekday>,
}

/// When a slot begins and ends, as records spell it: `22:00-06:00`, nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct SlotHours(pub model::Hours);

impl TryFrom<String> for SlotHours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let hours = model::Hours::parse(&text).filter(|hours| hours.to_string() == text);
        hours.map(Self).ok_or_else(|| format!("`{text}` are no hours like 22:00-06:00"))
    }
}

impl From<SlotHours> for String {
    fn from(hours: SlotHours) -> Self {
        hours.0.to_string()
    }
}

/// One risk class: the months from one visit to the next.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassLine {
    pub class: String,
    pub months: u32,
}

/// Each further line of the policy: a rule that is on, with its parameters.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleLine {
    pub parameters: BTreeMap<String, Setting>,
    pub rule: String,
}

/// One inspector.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InspectorLine {
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority_from: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority_to: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub home_district: Option<String>,
    pub id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    pub lead: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_on: Option<Day>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub supervisor: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub territory: Vec<String>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits_per_day: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits_per_week: Option<u32>,
}

/// One establishment.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EstablishmentLine {
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<i32>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    pub registered: bool,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub risk: Option<String>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// One visit to be made.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VisitLine {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<String>,
    pub duration: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Day>,
    pub establishment: String,
    pub id: String,
    pub kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_women: Option<u32>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_size: Option<u32>,
}

/// One conflict of interest.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConflictLine {
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared_on: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    pub inspector: String,
    pub target: String,
    pub target_kind: TargetKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
}

/// One absence.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AbsenceLine {
    pub from: Day,
    pub inspector: String,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<String>,
    pub to: Day,
}

/// One visit that was made.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PastVisitLine {
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    pub date: Day,
    pub establishment: String,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub team: Vec<String>,
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
}

/// One signed exception.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WaiverLine {
    pub approver: String,
    pub date: Day,
    pub inspector: String,
    pub reason: String,
    pub rule: String,
    pub visit: String,
}

/// One value of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a value is true, false, a whole number, a text or a list of texts")]
pub(super) enum Setting {
    Switch(bool),
    Number(i64),
    Text(String),
    List(Vec<String>),
}

/// A word that stands for a value of the model, and the way there and back.
macro_rules! words {
    ($(#[$doc:meta] $name:ident = $model:path { $($word:ident),* })*) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub(super) enum $name { $($word),* }

        impl From<$model> for $name {
            fn from(value: $model) -> Self {
                match value { $(<$model>::$word => Self::$word),* }
            }
        }

        impl From<$name> for $model {
            fn from(word: $name) -> Self {
                match word { $($name::$word => Self::$word),* }
            }
        }
    )*};
}

words! {
    /// How much one draw decides.
    Stage = model::Stage { Day, Week, Period }
    /// Gender as the roster states it.
    Gender = model::Gender { Woman, Man, Other }
    /// Why a visit is made.
    Kind = model::Kind { Mandatory, Programmed, Complaint, FollowUp, Raid }
}

/// A day of the week, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// All of them.
pub(super) const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// What a conflict points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// One place.
    Establishment,
    /// Every place of an owner.
    Owner,
    /// Every place of a sector.
    Sector,
    /// Every place in a district.
    District,
    /// Another inspector.
    Inspector,
}
