//! Calendars other than the Gregorian. The policy says which one a file has; a year that is none of ours is asked about.

use chrono::NaiveDate;
use icu_calendar::Date;
use icu_calendar::cal::hijri::{TabularAlgorithmEpoch, TabularAlgorithmLeapYears};
use icu_calendar::cal::{Hijri, Japanese};
use icu_calendar::types::RataDie;

use super::super::choice::Offer;

/// A calendar that dates may be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::read) enum Calendar {
    Buddhist,
    Persian,
    HijriUmmAlQura,
    HijriCivil,
    HijriTabular,
    Japanese,
    Roc,
}

/// What the policy calls them.
const NAMES: [(&str, Calendar); 7] = [
    ("buddhist", Calendar::Buddhist),
    ("persian", Calendar::Persian),
    ("hijri-umm-al-qura", Calendar::HijriUmmAlQura),
    ("hijri-civil", Calendar::HijriCivil),
    ("hijri-tabular", Calendar::HijriTabular),
    ("japanese", Calendar::Japanese),
    ("roc", Calendar::Roc),
];

/// The eras of Japan: how they are written, and what the library calls them.
const ERAS: [(&[&str], &str, i32); 5] = [
    (&["令和", "㋿", "R"], "reiwa", 2019),
    (&["平成", "㍻", "H"], "heisei", 1989),
    (&["昭和", "㍼", "S"], "showa", 1926),
    (&["大正", "㍽", "T"], "taisho", 1912),
    (&["明治", "㍾", "M"], "meiji", 1868),
];

/// What stands before a year of the Minguo calendar.
const MINGUO: [&str; 3] = ["中華民國", "民國", "民国"];

/// An era that stands before a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum Era {
    /// One of Japan: its name and its first year.
    Japan(&'static str, i32),
    Minguo,
}

impl Calendar {
    /// The calendar that the policy calls so.
    pub(in crate::read) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, calendar)| *calendar)
    }

    /// What the policy calls it.
    pub(in crate::read) fn name(self) -> &'static str {
        NAMES.iter().find(|(_, calendar)| *calendar == self).map_or("", |(name, _)| name)
    }

    /// What the policy calls all of them, for advice.
    pub(in crate::read) fn names() -> String {
        NAMES.map(|(name, _)| format!("\"{name}\"")).join(", ")
    }

    /// The day of our calendar. Years of Japan are counted from `era`, or are ours where there is none.
    pub(in crate::read) fn day(self, era: Option<Era>, year: i32, month: u32, day: u32) -> Option<NaiveDate> {
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        match self {
            Self::Japanese => {
                let Some(Era::Japan(era, _)) = era else {
                    return NaiveDate::from_ymd_opt(year, month.into(), day.into());
                };
                ours(Date::try_new_japanese_with_calendar(era, year, month, day, Japanese::new()).ok()?.to_rata_die())
            }
            Self::Buddhist => ours(Date::try_new_buddhist(year, month, day).ok()?.to_rata_die()),
            Self::Persian => ours(Date::try_new_persian(year, month, day).ok()?.to_rata_die()),
            Self::Roc => ours(Date::try_new_roc(year, month, day).ok()?.to_rata_die()),
            Self::HijriUmmAlQura => {
                ours(Date::try_new(year.into(), month.into(), day, Hijri::new_umm_al_qura()).ok()?.to_rata_die())
            }
            Self::HijriCivil => by_table(TabularAlgorithmEpoch::Friday, year, month, day),
            Self::HijriTabular => by_table(TabularAlgorithmEpoch::Thursday, year, month, day),
        }
    }

    /// Whether its years are counted so.
    pub(super) fn has(self, era: Era) -> bool {
        match era {
            Era::Japan(..) => self == Self::Japanese,
            Era::Minguo => self == Self::Roc,
        }
    }

    /// Whether its months are those of our calendar.
    pub(in crate::read) fn has_our_months(self) -> bool {
        matches!(self, Self::Buddhist | Self::Japanese | Self::Roc)
    }
}

fn tabular(epoch: TabularAlgorithmEpoch) -> Hijri<icu_calendar::cal::hijri::TabularAlgorithm> {
    Hijri::new_tabular(TabularAlgorithmLeapYears::TypeII, epoch)
}

fn by_table(epoch: TabularAlgorithmEpoch, year: i32, month: u8, day: u8) -> Option<NaiveDate> {
    ours(Date::try_new(year.into(), month.into(), day, tabular(epoch)).ok()?.to_rata_die())
}

/// Both calendars count days from 1 January of the year 1.
fn ours(day: RataDie) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(day.to_i64_date()).ok()?)
}

/// The era at the beginning of a text, and the rest. A letter counts only before a number.
pub(in crate::read) fn era(text: &str) -> Option<(Era, &str)> {
    let numbered = |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_digit() || letter == '元');
    let after = |word: &str| {
        let rest = text.strip_prefix(word)?.trim_start_matches([' ', '.']);
        numbered(rest).then_some(rest)
    };
    if let Some(rest) = MINGUO.iter().find_map(|word| after(word)) {
        return Some((Era::Minguo, rest));
    }
    ERAS.iter().find_map(|(words, era, first)| {
        words.iter().find_map(|word| after(word).map(|rest| (Era::Japan(era, *first), rest)))
    })
}

/// What may be answered where a year is none of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::read) enum Doubt {
    Iran,
    East,
    Era,
    Minguo,
}

const PERSIAN: Offer<'static> = ("the Persian calendar (solar)", &[("calendar", "persian")]);
const UMM_AL_QURA: Offer<'static> =
    ("the Hijri calendar of Umm al-Qura (Saudi Arabia)", &[("calendar", "hijri-umm-al-qura")]);
const CIVIL: Offer<'static> =
    ("the Hijri calendar by the civil tables (from a Friday)", &[("calendar", "hijri-civil")]);
const TABULAR: Offer<'static> =
    ("the Hijri calendar by the astronomical tables (from a Thursday)", &[("calendar", "hijri-tabular")]);

impl Doubt {
    /// What is in doubt about a year with so many digits, and the era before it.
    pub(in crate::read) fn of(year: u32, digits: usize, era: Option<Era>) -> Option<Self> {
        match (era, year) {
            (Some(Era::Japan(..)), _) => Some(Self::Era),
            (Some(Era::Minguo), _) => Some(Self::Minguo),
            (None, 1300..=1500) => Some(Self::Iran),
            (None, 2440..=2700) => Some(Self::East),
            (None, 80..=200) if digits == 3 => Some(Self::Minguo),
            _ => None,
        }
    }

    /// What is not known.
    pub(in crate::read) fn why(self) -> &'static str {
        match self {
            Self::Iran => "this is no year of our calendar; the Persian calendar and three Hijri calendars have it",
            Self::East => "this is no year of our calendar; the Buddhist calendar has it",
            Self::Era => "this is a year of an era of Japan",
            Self::Minguo => "this is no year of our calendar; the Minguo calendar of Taiwan has it",
        }
    }

    /// The answers.
    pub(in crate::read) fn offers(self) -> &'static [Offer<'static>] {
        match self {
            Self::Iran => &[PERSIAN, UMM_AL_QURA, CIVIL, TABULAR],
            Self::East => &[("the Buddhist calendar", &[("calendar", "buddhist")])],
            Self::Era => &[("the calendar of Japan, by eras", &[("calendar", "japanese")])],
            Self::Minguo => &[("the Minguo calendar", &[("calendar", "roc")])],
        }
    }
}

/// A text in which years of eras of Japan are years of ours: `R9.1.4` is `2027.1.4`.
pub(in crate::read) fn without_eras(text: &str) -> String {
    let (mut out, mut rest, mut before) = (String::new(), text, ' ');
    while let Some(letter) = rest.chars().next() {
        let word = before.is_alphabetic() && letter.is_ascii_alphabetic();
        if !word && let Some((Era::Japan(_, first), after)) = era(rest) {
            let (number, after) = match after.strip_prefix('元') {
                Some(after) => ("1", after),
                None => after.split_at(after.bytes().take_while(u8::is_ascii_digit).count()),
            };
            if let Ok(year) = number.parse::<i32>()
                && number.len() <= 2
            {
                out.push_str(&(first + year - 1).to_string());
                (rest, before) = (after, '0');
                continue;
            }
        }
        out.push(letter);
        (rest, before) = (&rest[letter.len_utf8()..], letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use icu_calendar::cal::{Buddhist, Iso, Persian, Roc};

    use super::*;

    /// Every day of 2020 to 2035, written in each calendar by the library, is the same day when it is read.
    #[test]
    fn every_day_in_each_calendar_reads_back() {
        let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
        for day in first.iter_days().take_while(|day| day.year() <= 2035) {
            let iso = Date::try_new_iso(day.year(), day.month() as u8, day.day() as u8).unwrap();
            assert_eq!(iso.to_calendar(Iso).to_rata_die().to_i64_date(), i64::from(day.num_days_from_ce()));
            macro_rules! back {
                ($calendar:expr, $ours:expr) => {{
                    let there = iso.to_calendar($calendar);
                    let (year, month, date) =
                        (there.year().extended_year(), there.month().ordinal, there.day_of_month().0);
                    assert_eq!($ours.day(None, year, month.into(), date.into()), Some(day), "{year}-{month}-{date}");
                }};
            }
            back!(Buddhist, Calendar::Buddhist);
            back!(Persian, Calendar::Persian);
            back!(Roc, Calendar::Roc);
            back!(Hijri::new_umm_al_qura(), Calendar::HijriUmmAlQura);
            back!(tabular(TabularAlgorithmEpoch::Friday), Calendar::HijriCivil);
            back!(tabular(TabularAlgorithmEpoch::Thursday), Calendar::HijriTabular);
            let reiwa = Era::Japan("reiwa", 2019);
            assert_eq!(Calendar::Japanese.day(Some(reiwa), day.year() - 2018, day.month(), day.day()), Some(day));
            let text = format!("R{}.{}.{}", day.year() - 2018, day.month(), day.day());
            assert_eq!(without_eras(&text), format!("{}.{}.{}", day.year(), day.month(), day.day()));
        }
    }

    #[test]
    fn known_days_of_other_calendars() {
        let day =
            |calendar: Calendar, year, month, day| calendar.day(None, year, month, day).map(|day| day.to_string());
        assert_eq!(day(Calendar::Persian, 1405, 1, 1).as_deref(), Some("2026-03-21"));
        assert_eq!(day(Calendar::HijriUmmAlQura, 1447, 9, 1).as_deref(), Some("2026-02-18"));
        assert_eq!(day(Calendar::HijriCivil, 1447, 9, 1).as_deref(), Some("2026-02-18"));
        assert_eq!(day(Calendar::HijriTabular, 1447, 9, 1).as_deref(), Some("2026-02-17"));
        assert_eq!(day(Calendar::Roc, 116, 1, 4).as_deref(), Some("2027-01-04"));
        assert_eq!(day(Calendar::Buddhist, 2570, 1, 4).as_deref(), Some("2027-01-04"));
        assert_eq!(day(Calendar::Persian, 1405, 12, 30), None);
    }
}
