//! The hours of slots, and the one clock of a period: minutes from its first midnight, as the clock on the office's wall has them.
//!
//! A change of the clocks is not counted: every day has 24 hours. Whoever needs to know when a visit begins or ends asks here.

use chrono::NaiveDate;

use super::{Period, SlotId};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// When a slot begins and ends, in minutes from midnight of the day on which it begins. It ends after it begins, on that day or the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    begins: u16,
    ends: u16,
}

impl Hours {
    /// Hours written like `22:00-06:00`; none if they are written otherwise. An end at or before the beginning is after midnight;
    /// `24:00` ends a day.
    ///
    /// ```
    /// use foureyes::model::Hours;
    /// let night = Hours::parse("22:00-06:00").unwrap();
    /// assert_eq!((night.begins(), night.ends()), (22 * 60, 30 * 60));
    /// assert_eq!(Hours::parse("16:00-00:00").unwrap().to_string(), "16:00-24:00");
    /// assert_eq!(Hours::parse("9-12"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (begins, ends) = text.split_once('-')?;
        let (begins, ends) = (minute(begins).filter(|begins| *begins < DAY)?, minute(ends)?);
        Some(Self { begins, ends: if ends <= begins { ends + DAY } else { ends } })
    }

    /// When it begins, less than a day after midnight.
    pub fn begins(self) -> u16 {
        self.begins
    }

    /// When it ends, at most a day after it begins.
    pub fn ends(self) -> u16 {
        self.ends
    }
}

/// `HH:MM` from `00:00` to `24:00`.
fn minute(text: &str) -> Option<u16> {
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes) = text.split_once(':').filter(|(hours, minutes)| digits(hours) && digits(minutes))?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let at = hours * 60 + minutes;
    (minutes < 60 && at <= DAY).then_some(at)
}

/// The time of day that lies so many minutes after a midnight: `06:00`; `24:00` at the end of the day itself.
///
/// ```
/// use foureyes::model::time_of_day;
/// assert_eq!([360, 1440, 1800].map(time_of_day), ["06:00", "24:00", "06:00"]);
/// ```
pub fn time_of_day(minutes: u16) -> String {
    let of_day = if minutes > DAY { minutes % DAY } else { minutes };
    format!("{:02}:{:02}", of_day / 60, of_day % 60)
}

/// As a policy spells it.
impl std::fmt::Display for Hours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", time_of_day(self.begins), time_of_day(self.ends))
    }
}

impl Period {
    /// When a visit begins that starts in `slot` on `date`, in minutes from the period's first midnight; none where the slot has no hours.
    ///
    /// ```
    /// # let mut period = foureyes::read::read_case("examples/harbour".as_ref()).case.unwrap().period;
    /// use foureyes::model::{Hours, SlotId};
    /// period.hours.insert(SlotId(1), Hours::parse("22:00-06:00").unwrap());
    /// let second = period.from.succ_opt().unwrap();
    /// assert_eq!(period.begins(second, SlotId(1)), Some(46 * 60));
    /// assert_eq!(period.ends(second, SlotId(1), 1), Some(54 * 60));
    /// assert_eq!(period.begins(second, SlotId(0)), None);
    /// ```
    pub fn begins(&self, date: NaiveDate, slot: SlotId) -> Option<i64> {
        Some(self.midnight(date) + i64::from(self.hours.get(&slot)?.begins))
    }

    /// When a visit ends that starts in `slot` on `date` and fills `slots` slots, on the same clock; none where its last slot has no hours.
    pub fn ends(&self, date: NaiveDate, slot: SlotId, slots: u8) -> Option<i64> {
        let last = SlotId(slot.0.saturating_add(slots.saturating_sub(1)));
        Some(self.midnight(date) + i64::from(self.hours.get(&last)?.ends))
    }

    /// When `date` begins, on the same clock.
    pub fn midnight(&self, date: NaiveDate) -> i64 {
        date.signed_duration_since(self.from).num_days() * i64::from(DAY)
    }

    /// Two slots of which the later begins before the earlier has ended, if there are any: slots stand in the order of the day.
    pub fn overlap(&self) -> Option<(SlotId, SlotId)> {
        let slots: Vec<_> = self.hours.iter().collect();
        slots.windows(2).find(|two| two[1].1.begins < two[0].1.ends).map(|two| (*two[0].0, *two[1].0))
    }

    /// Each slot by its name, with its hours where it has some: `am`, `night 22:00-06:00`.
    pub fn slots_in_words(&self) -> Vec<String> {
        let hours = |at: usize| self.hours.get(&SlotId::at(at)).map(|hours| format!(" {hours}")).unwrap_or_default();
        self.slots.iter().enumerate().map(|(at, slot)| format!("{slot}{}", hours(at))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_have_one_spelling_and_end_within_a_day_of_their_beginning() {
        for (text, begins, ends) in [
            ("08:00-12:00", 480, 720),
            ("22:00-06:00", 1320, 1800),
            ("22:00-24:00", 1320, 1440),
            ("00:00-24:00", 0, 1440),
            ("08:00-08:00", 480, 1920),
        ] {
            let hours = Hours::parse(text).unwrap();
            assert_eq!((hours.begins(), hours.ends(), hours.to_string().as_str()), (begins, ends, text));
        }
        assert_eq!(Hours::parse("00:00-00:00").unwrap().to_string(), "00:00-24:00");
    }

    #[test]
    fn what_is_no_pair_of_hours_is_refused() {
        let wrong = "8:00-12:00 08:00 08:00-12:60 24:00-06:00 25:00-26:00 08:00-24:01 08.00-12.00 08:00-12:00- +8:00-12:00 0٨:00-12:00";
        for text in wrong.split(' ').chain(["", "-", "08:00 - 12:00"]) {
            assert_eq!(Hours::parse(text), None, "{text}");
        }
    }
}
