//! A time of the day as ledgers spell it: `09:30`, in UTC, nothing else.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

/// How it is spelt.
const SPELLED: &str = "%H:%M";

/// A time of the day, without seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Clock(NaiveTime);

impl TryFrom<String> for Clock {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let time = NaiveTime::parse_from_str(&text, SPELLED).ok();
        let time = time.filter(|time| time.format(SPELLED).to_string() == text);
        time.map(Self).ok_or_else(|| format!("`{text}` is not a time like 09:30"))
    }
}

impl From<Clock> for String {
    fn from(clock: Clock) -> Self {
        clock.0.format(SPELLED).to_string()
    }
}

/// For fields of public structs that may be absent.
pub(super) mod text {
    use chrono::NaiveTime;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::Clock;

    pub(in crate::record) fn serialize<S: Serializer>(time: &Option<NaiveTime>, to: S) -> Result<S::Ok, S::Error> {
        time.map(Clock).serialize(to)
    }

    pub(in crate::record) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<NaiveTime>, D::Error> {
        Ok(Option::<Clock>::deserialize(from)?.map(|clock| clock.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_one_spelling() {
        assert!(["00:00", "09:30", "23:59"].iter().all(|text| Clock::try_from((*text).to_owned()).is_ok()));
        for text in ["9:30", "24:00", "09:60", "09:30:00", " 09:30", "09:30\n", "+9:30", "0930", ""] {
            assert!(Clock::try_from(text.to_owned()).is_err(), "{text:?}");
        }
    }
}
