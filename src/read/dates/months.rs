//! The names of months in the languages of offices, from the locales of glibc: as they stand alone, in a date, and short.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{Datelike, NaiveDate};
use pure_rust_locales::{Locale, locale_match};

use super::super::ids::fold;
use super::super::problem::shown;
use super::calendar::Calendar;

/// The locales whose months are known. One a language, and more where a language has more names.
pub(in crate::read) const LOCALES: &str = "en_GB es_ES pt_PT pt_BR fr_FR fr_CA de_DE de_AT it_IT nl_NL ca_ES gl_ES eu_ES ro_RO pl_PL cs_CZ \
    sk_SK sl_SI hr_HR bs_BA sr_RS sr_RS@latin mk_MK bg_BG ru_RU uk_UA be_BY el_GR tr_TR az_AZ ka_GE \
    hy_AM ar_EG ar_SY ar_MA he_IL fa_IR ur_PK hi_IN bn_BD ta_IN th_TH vi_VN km_KH zh_CN ja_JP ko_KR \
    mn_MN kk_KZ ky_KG uz_UZ@cyrillic tg_TJ id_ID ms_MY fil_PH sw_KE am_ET so_SO sq_AL et_EE lv_LV lt_LT \
    fi_FI sv_SE nb_NO da_DK is_IS hu_HU ga_IE cy_GB mt_MT lb_LU";

/// Letters that an inflected name must share with a month's at least.
const STEM: usize = 4;

/// The months of calendars whose months are not ours, by their names in their own and in Latin letters.
const PERSIAN: [&str; 12] = [
    "فروردین; farvardin",
    "اردیبهشت; ordibehesht",
    "خرداد; khordad",
    "تیر; tir",
    "مرداد; امرداد; mordad",
    "شهریور; shahrivar",
    "مهر; mehr",
    "آبان; aban",
    "آذر; azar",
    "دی; dey",
    "بهمن; bahman",
    "اسفند; esfand",
];
const HIJRI: [&str; 12] = [
    "محرم; muharram",
    "صفر; safar",
    "ربيع الأول; ربیع‌الاول; rabi al-awwal; rabi i",
    "ربيع الآخر; ربيع الثاني; rabi al-thani; rabi ii",
    "جمادى الأولى; jumada al-ula; jumada i",
    "جمادى الآخرة; جمادى الثانية; jumada al-akhirah; jumada ii",
    "رجب; rajab",
    "شعبان; shaban; sha'ban",
    "رمضان; ramadan; ramazan",
    "شوال; shawwal",
    "ذو القعدة; ذي القعدة; dhu al-qadah",
    "ذو الحجة; ذي الحجة; dhu al-hijjah",
];

/// Names of months and days, folded.
pub(in crate::read) struct Months {
    /// By name: which months it is, and in which locales.
    names: BTreeMap<String, BTreeMap<u32, Vec<&'static str>>>,
    /// Days of the week in these languages, in full and short, and which each may be: a bit a day, Monday the lowest.
    weekdays: BTreeMap<String, u8>,
}

/// The months that were made, by language and calendar.
type Made = BTreeMap<(Option<String>, Option<Calendar>), Arc<Months>>;

/// What a word is among the names of months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::read) enum Named {
    /// A month, from 1.
    Month(u32),
    /// A month, read from a word that is not quite its name, which is given.
    Almost(u32, String),
    /// Different months in different languages; each as `11 (pl_PL)`.
    Several(Vec<String>),
    /// None.
    No,
}

impl Months {
    /// The months of all languages, or of the one given, such as `pl`; or those of another calendar. They are made once.
    pub(in crate::read) fn of(language: Option<&str>, calendar: Option<Calendar>) -> Arc<Self> {
        static MADE: Mutex<Made> = Mutex::new(Made::new());
        // What nobody speaks has no months, and there is no end of such words.
        if language.is_some_and(|language| !Self::speaks(language)) {
            return Arc::new(Self::make(language, calendar));
        }
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (language.map(str::to_owned), calendar);
        Arc::clone(made.entry(key).or_insert_with(|| Arc::new(Self::make(language, calendar))))
    }

    fn make(language: Option<&str>, calendar: Option<Calendar>) -> Self {
        let mut months = Self { names: BTreeMap::new(), weekdays: BTreeMap::new() };
        let ours = calendar.is_none_or(Calendar::has_our_months);
        for name in LOCALES.split_whitespace() {
            let Ok(locale) = Locale::try_from(name) else { continue };
            if language.is_some_and(|language| language_of(name) != language) {
                continue;
            }
            for days in [locale_match!(locale => LC_TIME::DAY), locale_match!(locale => LC_TIME::ABDAY)] {
                // Locales count from Sunday.
                for (name, at) in days.iter().zip([6, 0, 1, 2, 3, 4, 5]) {
                    let name = plain(name);
                    if name.chars().nth(1).is_some() {
                        *months.weekdays.entry(name).or_default() |= 1u8 << at;
                    }
                }
            }
            let lists = [
                Some(locale_match!(locale => LC_TIME::MON)),
                Some(locale_match!(locale => LC_TIME::ABMON)),
                locale_match!(locale => LC_TIME::ALT_MON),
                locale_match!(locale => LC_TIME::AB_ALT_MON),
            ];
            lists.into_iter().flatten().filter(|_| ours).for_each(|list| months.add(name, list));
        }
        match calendar {
            Some(calendar) if !ours => {
                let (list, name) = if calendar == Calendar::Persian { (PERSIAN, "fa") } else { (HIJRI, "ar") };
                for at in 0..3 {
                    months.add(name, &list.map(|names| names.split("; ").nth(at).unwrap_or_default()));
                }
            }
            _ => {}
        }
        months
    }

    /// Whether a language has its months here.
    pub(in crate::read) fn speaks(language: &str) -> bool {
        LOCALES.split_whitespace().any(|name| language_of(name) == language)
    }

    fn add(&mut self, locale: &'static str, names: &[&str]) {
        for (name, month) in names.iter().zip(1..) {
            let name = plain(name);
            // `1月` and `tháng 1` are read as the numbers that they are.
            if !name.is_empty() && !name.contains(|letter: char| letter.is_numeric()) {
                self.names.entry(name).or_default().entry(month).or_default().push(locale);
            }
        }
    }

    /// Whether a word is a day of the week in some language.
    pub(in crate::read) fn is_weekday(&self, word: &str) -> bool {
        self.weekdays.contains_key(&plain(word))
    }

    /// Whether a word is a day of the week, and a date none of those that it may be in any language.
    pub(in crate::read) fn contradicts(&self, word: &str, date: NaiveDate) -> bool {
        let bit = 1u8 << date.weekday().num_days_from_monday();
        self.weekdays.get(&plain(word)).is_some_and(|days| days & bit == 0)
    }

    /// The languages in which a name of months is one.
    pub(in crate::read) fn languages(&self, name: &str) -> BTreeSet<&'static str> {
        let locales = self.names.get(&plain(name)).into_iter().flat_map(BTreeMap::values).flatten();
        locales.map(|locale| language_of(locale)).collect()
    }

    /// What a word is, where it must be a name letter by letter.
    pub(in crate::read) fn exact(&self, word: &str) -> Named {
        let found = self.names.get(&plain(word)).into_iter().flatten();
        named(found.map(|(month, locales)| (*month, first(locales), None)))
    }

    /// What a word is.
    pub(in crate::read) fn find(&self, word: &str) -> Named {
        match self.exact(word) {
            Named::No => self.inflected(&plain(word)),
            found => found,
        }
    }

    /// Languages bend names (`იანვრის`, `ocak'ta`). A word that begins like months of one number only is that month.
    fn inflected(&self, word: &str) -> Named {
        let letters = word.chars().count();
        let common = |name: &str| name.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
        let alike = |name: &str| {
            let common = common(name);
            let long = name.chars().count();
            common >= STEM && common + 3 >= long && letters <= long + 4
        };
        // Names that begin alike stand together, so few are looked at.
        let stem: String = word.chars().take(STEM).collect();
        let near = self.names.range(stem.clone()..).take_while(|(name, _)| name.starts_with(&stem));
        named(near.filter(|(name, _)| alike(name)).flat_map(|(name, found)| {
            found.iter().map(|(month, locales)| (*month, first(locales), Some(name.as_str())))
        }))
    }
}

/// Why a day of the week and a date can't both be right, and what to do.
pub(in crate::read) fn contradiction(word: &str, date: NaiveDate) -> (String, &'static str) {
    let why = format!("`{}` stands with {date}, which is a {}", shown(word), date.format("%A"));
    (
        why,
        "Correct the weekday or the date; where many are wrong, day and month may be exchanged, or the year is another",
    )
}

fn first(locales: &[&'static str]) -> &'static str {
    locales.first().copied().unwrap_or_default()
}

fn language_of(locale: &str) -> &str {
    locale.split(['_', '@']).next().unwrap_or_default()
}

/// Lower case, without marks that are left out in haste: a dot at the end, a soft hyphen.
fn plain(name: &str) -> String {
    fold(name).trim_end_matches('.').replace('\u{AD}', "")
}

fn named<'a>(found: impl Iterator<Item = (u32, &'static str, Option<&'a str>)>) -> Named {
    let found: Vec<_> = found.collect();
    let months: BTreeSet<u32> = found.iter().map(|(month, ..)| *month).collect();
    let Some((month, _, name)) = found.first() else { return Named::No };
    if months.len() == 1 {
        return name.map_or(Named::Month(*month), |name| Named::Almost(*month, name.to_owned()));
    }
    let first = |month: &u32| found.iter().find(|(other, ..)| other == month).map_or("", |(_, locale, _)| locale);
    Named::Several(months.iter().map(|month| format!("{month} ({})", first(month))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_locale_of_the_list_is_there() {
        for name in LOCALES.split_whitespace() {
            assert!(Locale::try_from(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn months_of_many_scripts_are_known() {
        let months = Months::of(None, None);
        for (word, month) in [
            ("January", 1),
            ("janvier", 1),
            ("Jänner", 1),
            ("enero", 1),
            ("января", 1),
            ("январь", 1),
            ("Ιανουαρίου", 1),
            ("იანვარი", 1),
            ("Ocak", 1),
            ("يناير", 1),
            ("كانون الثاني", 1),
            ("一月", 1),
            ("sept.", 9),
            ("mayo", 5),
            ("грудня", 12),
            ("février", 2),
            ("Aralık", 12),
        ] {
            assert_eq!(months.find(word), Named::Month(month), "{word}");
        }
        assert_eq!(months.find("იანვრის"), Named::Almost(1, "იანვარი".to_owned()));
        assert_eq!(months.find("vacaciones"), Named::No);
    }

    #[test]
    fn a_day_of_the_week_contradicts_a_date_only_where_no_language_has_it() {
        let months = Months::of(None, None);
        let monday = NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
        for word in ["Tue", "Mar.", "vie", "Dienstag", "вт", "domingo", "水曜日"] {
            assert!(months.contradicts(word, monday), "{word}");
        }
        for word in ["Mon", "lun", "Mo", "понедельник", "ma", "soon"] {
            assert!(!months.contradicts(word, monday), "{word}");
        }
    }

    #[test]
    fn a_name_of_two_months_is_neither() {
        assert_eq!(
            Months::of(None, None).find("listopada"),
            Named::Several(vec!["10 (hr_HR)".into(), "11 (pl_PL)".into()])
        );
        assert_eq!(Months::of(Some("pl"), None).find("listopada"), Named::Month(11));
    }
}
