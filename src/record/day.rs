//! A date as records spell it: `2027-01-04`, nothing else.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A calendar day from year 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Day(pub NaiveDate);

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let date = text.parse::<NaiveDate>().ok().filter(|date| text.len() == 10 && date.to_string() == text);
        date.map(Self).ok_or_else(|| format!("`{text}` is not a date like 2027-01-04"))
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0.to_string()
    }
}

/// For fields of public structs: a date, spelt as a [`Day`] is.
pub(super) mod text {
    use chrono::NaiveDate;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::Day;

    pub(in crate::record) fn serialize<S: Serializer>(date: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
        Day(*date).serialize(to)
    }

    pub(in crate::record) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<NaiveDate, D::Error> {
        Day::deserialize(from).map(|day| day.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_spelling() {
        assert!(Day::try_from("2027-01-04".to_owned()).is_ok());
        for text in ["2027-1-4", "2027-02-29", "+2027-01-04", " 2027-01-04", "20270104", "12027-01-04", ""] {
            assert!(Day::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
