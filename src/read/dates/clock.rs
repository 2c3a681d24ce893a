//! The time of day that follows a date.

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// Whole seconds since midnight.
    pub(super) seconds: u32,
    pub(super) zone: Zone,
    twelve: bool,
}

/// The zone that a time is given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// None is given.
    None,
    /// Universal time.
    Utc,
    /// Any other.
    Other,
}

impl Clock {
    /// What kind of time it is, for comparison with that of other cells.
    pub(super) fn kind(&self) -> &'static str {
        match self.zone {
            Zone::None if self.twelve => "time of twelve hours",
            Zone::None => "time",
            _ => "time with zone",
        }
    }

    /// The time that is a part of a day.
    pub(super) fn of_part(seconds: u32) -> Self {
        Self { seconds, zone: Zone::None, twelve: false }
    }
}

/// The seconds of a day.
const DAY: u32 = 86_400;

const MORNING: [&str; 8] = ["am", "a.m.", "a. m.", "π.μ.", "上午", "午前", "오전", "ص"];
const AFTERNOON: [&str; 8] = ["pm", "p.m.", "p. m.", "μ.μ.", "下午", "午後", "오후", "م"];

/// The time that stands in a text by itself; none where it is no time.
pub(super) fn alone(text: &str) -> Option<Clock> {
    let text = text.trim().to_lowercase();
    let (text, half) = halved(&text);
    let clocks = |letter: char| letter.is_ascii_digit() || letter == ':' || letter == '.';
    let end = text.find(|letter| !clocks(letter)).unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let (rest, late) = halved(rest.trim());
    let half = half.or(late);
    let seconds = match half {
        None => seconds(clock)?,
        Some(afternoon) => {
            let of_clock = Some(seconds(clock)?).filter(|seconds| (3600..13 * 3600).contains(seconds))?;
            of_clock % (12 * 3600) + if afternoon { 12 * 3600 } else { 0 }
        }
    };
    Some(Clock { seconds, zone: zone(rest)?, twelve: half.is_some() })
}

/// A text without its word for morning or afternoon, and whether it is the afternoon.
fn halved(text: &str) -> (&str, Option<bool>) {
    let both = MORNING.iter().map(|word| (*word, false)).chain(AFTERNOON.iter().map(|word| (*word, true)));
    for (word, afternoon) in both {
        if let Some(rest) = text.strip_prefix(word).or_else(|| text.strip_suffix(word)) {
            return (rest.trim(), Some(afternoon));
        }
    }
    (text, None)
}

/// Whole seconds since midnight of `23:59`, `23:59:16`, `23:59:16.5` or `23.59.16`.
fn seconds(clock: &str) -> Option<u32> {
    let (colons, dotted) = (clock.contains(':'), clock.replacen('.', ":", 2));
    let clock = if colons { clock } else { &dotted };
    let mut parts = clock.splitn(3, ':');
    let number = |text: Option<&str>, below: u32| {
        let text = text.filter(|text| (1..=2).contains(&text.len()))?;
        text.parse::<u32>().ok().filter(|number| *number < below)
    };
    let (hours, minutes) = (number(parts.next(), 25)?, number(parts.next(), 60)?);
    let last = match parts.next() {
        // Hours and minutes alone could be any number: `10.30`.
        None if !colons => return None,
        None => 0,
        Some(text) => {
            let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| number(Some(whole), 60))??
        }
    };
    // 24:00 ends a day; the last second before it is that day's.
    let all = hours * 3600 + minutes * 60 + last;
    (all <= DAY).then_some(all.min(DAY - 1))
}

fn zone(text: &str) -> Option<Zone> {
    let text = text.split('(').next().unwrap_or_default().trim();
    if text.is_empty() {
        return Some(Zone::None);
    }
    let rest = ["utc", "gmt", "z"].iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    if rest.is_empty() {
        return Some(Zone::Utc);
    }
    let hours = rest.trim().strip_prefix(['+', '-'])?;
    let right = matches!(hours.len(), 1..=5) && hours.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    let zero = hours.bytes().all(|byte| byte == b'0' || byte == b':');
    right.then_some(if zero { Zone::Utc } else { Zone::Other })
}

/// What follows a date: nothing, or a time. None where it is anything else.
pub(super) fn after(rest: &str) -> Option<Option<Clock>> {
    if rest.trim().is_empty() {
        return Some(None);
    }
    let rest = rest.strip_prefix(',').unwrap_or(rest);
    alone(rest.strip_prefix(['T', 't', ' '])?).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_many_writers_are_read() {
        for (text, seconds, zone) in [
            ("00:00", 0, Zone::None),
            ("23:59:16", 86_356, Zone::None),
            ("23:00:00.000Z", 82_800, Zone::Utc),
            ("05:00:00+00", 18_000, Zone::Utc),
            ("00:00:00 GMT+0100 (CET)", 0, Zone::Other),
            ("12:00:00 AM", 0, Zone::None),
            ("12:30 p. m.", 45_000, Zone::None),
            ("上午12:00:00", 0, Zone::None),
            ("12.00.00.000000 AM", 0, Zone::None),
            ("0:00", 0, Zone::None),
            ("24:00", 86_399, Zone::None),
        ] {
            let clock = alone(text);
            assert_eq!(clock.map(|clock| (clock.seconds, clock.zone)), Some((seconds, zone)), "{text}");
        }
        for text in ["24:01", "25:00", "24:00 PM", "13:00 PM", "7", "7.5", "x", "10:00 tomorrow", "10:61", ""] {
            assert_eq!(alone(text), None, "{text}");
        }
    }
}
