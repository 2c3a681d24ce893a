//! Establishments, the visits to be made, and the visits that were made.

use chrono::NaiveDate;
use smallvec::SmallVec;

use super::{EstablishmentId, InspectorId, SlotId};

/// A place that is inspected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Establishment {
    /// The id that the office knows, unique, text.
    pub id: String,
    /// Whether the register lists it. False for a place that only history names: nothing may be
    /// planned there, yet its past visits count.
    pub registered: bool,
    /// Name, for people; decides nothing.
    pub name: Option<String>,
    /// Owner or owner group.
    pub owner: Option<String>,
    /// District it lies in.
    pub district: Option<String>,
    /// Sector or trade.
    pub sector: Option<String>,
    /// Risk class, as the office writes it.
    pub risk: Option<String>,
    /// Address, for orders; decides nothing.
    pub address: Option<String>,
    /// Tags, in order and without repetition.
    pub tags: Vec<String>,
    /// Where on the Earth it lies, where that is known.
    pub point: Option<Point>,
}

/// A point of the Earth, in millionths of a degree.
///
/// ```
/// use foureyes::model::Point;
/// assert!(Point::new(41_149_450, -8_610_790).is_some());
/// assert_eq!(Point::new(80_000_001, 0), None, "too near a pole");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    lat: i32,
    lon: i32,
}

impl Point {
    /// The greatest latitude, north and south.
    pub const MOST_LATITUDE: i32 = 80_000_000;
    /// The greatest longitude, east and west.
    pub const MOST_LONGITUDE: i32 = 180_000_000;

    /// The point of this latitude and longitude; none where there is no such point, or it lies too near a pole.
    pub fn new(lat: i32, lon: i32) -> Option<Self> {
        let is_within = |angle: i32, most: i32| (-most..=most).contains(&angle);
        let there = is_within(lat, Self::MOST_LATITUDE) && is_within(lon, Self::MOST_LONGITUDE);
        there.then_some(Self { lat, lon })
    }

    /// Its latitude, from the equator to the north.
    pub fn lat(self) -> i32 {
        self.lat
    }

    /// Its longitude, from Greenwich to the east.
    pub fn lon(self) -> i32 {
        self.lon
    }

    /// Whether the way between any two of these points need not cross the date line.
    ///
    /// ```
    /// use foureyes::model::Point;
    /// let at = |lon| Point::new(-17_000_000, lon).unwrap();
    /// assert!(Point::have_one_side([at(-170_000_000), at(10_000_000)]));
    /// assert!(!Point::have_one_side([at(-179_900_000), at(179_900_000)]));
    /// ```
    pub fn have_one_side(points: impl IntoIterator<Item = Self>) -> bool {
        let all = points.into_iter().map(|point| i64::from(point.lon));
        let ends = all.fold(None, |ends: Option<(i64, i64)>, lon| match ends {
            None => Some((lon, lon)),
            Some((west, east)) => Some((west.min(lon), east.max(lon))),
        });
        ends.is_none_or(|(west, east)| east - west <= i64::from(Self::MOST_LONGITUDE))
    }
}

/// Why a visit is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Must be made in this period.
    Mandatory,
    /// Fills what capacity is left.
    Programmed,
    /// Answers a complaint.
    Complaint,
    /// Looks again at what an earlier visit found.
    FollowUp,
    /// A raid, often by a larger team.
    Raid,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Mandatory, Self::Programmed, Self::Complaint, Self::FollowUp, Self::Raid];

    /// Whether every schedule must staff it if the rules allow: all kinds but programmed.
    pub fn is_mandatory(self) -> bool {
        self != Self::Programmed
    }

    /// Its word, as files and reports spell it.
    ///
    /// ```
    /// assert_eq!(foureyes::model::Kind::FollowUp.word(), "follow-up");
    /// ```
    pub fn word(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Programmed => "programmed",
            Self::Complaint => "complaint",
            Self::FollowUp => "follow-up",
            Self::Raid => "raid",
        }
    }
}

/// One inspection to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The id that the office knows, unique, text.
    pub id: String,
    /// Where.
    pub establishment: EstablishmentId,
    /// First day allowed; none means the first of the period.
    pub earliest: Option<NaiveDate>,
    /// Last day allowed, inclusive; none means the last of the period.
    pub latest: Option<NaiveDate>,
    /// Why it is made.
    pub kind: Kind,
    /// People in the team, where it differs from the policy's.
    pub team_size: Option<u32>,
    /// Skills and languages that the team together must have.
    pub skills: Vec<String>,
    /// Women that the team must have at least.
    pub min_women: Option<u32>,
    /// The slot it must start in, where one is fixed.
    pub slot: Option<SlotId>,
    /// How many slots of one day it fills, at least 1.
    pub duration: u8,
    /// The operation it belongs to: visits of one operation start together.
    pub operation: Option<String>,
    /// Agencies of which somebody must be in the team, in order and without repetition.
    pub agencies: Vec<String>,
}

/// A visit that was made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PastVisit {
    /// When.
    pub date: NaiveDate,
    /// Where.
    pub establishment: EstablishmentId,
    /// Who went, as far as the roster knows them; in order and without repetition.
    pub team: SmallVec<[InspectorId; 4]>,
    /// Ids of those who went and whom the roster does not know (any more).
    pub others: Vec<String>,
    /// The id of the visit, where it was kept.
    pub visit: Option<String>,
    /// Why it was made, where it was kept, as the office writes it.
    pub kind: Option<String>,
    /// Another agency that made it, or took part in it; none where only the office did.
    pub agency: Option<String>,
}

impl PastVisit {
    /// Whether it is a visit of the office's own. One of another agency that names nobody of the roster is not: the place was
    /// visited, but no team of the office came.
    ///
    /// ```
    /// # use foureyes::model::{EstablishmentId, InspectorId, PastVisit};
    /// # let date = "2026-12-01".parse().unwrap();
    /// let (team, others) = (Default::default(), vec!["tax-7".to_owned()]);
    /// let mut past =
    ///     PastVisit { date, establishment: EstablishmentId(0), team, others, visit: None, kind: None, agency: None };
    /// assert!(past.is_own(), "somebody who has left the office");
    /// past.agency = Some("tax".to_owned());
    /// assert!(!past.is_own());
    /// past.team.push(InspectorId(0));
    /// assert!(past.is_own(), "both came");
    /// ```
    pub fn is_own(&self) -> bool {
        self.agency.is_none() || !self.team.is_empty()
    }
}
