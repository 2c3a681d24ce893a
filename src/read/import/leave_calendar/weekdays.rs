//! The names of the days of the week: they prove which month and year a calendar is of, for a wrong month has other days.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use pure_rust_locales::{Locale, locale_match};

use super::super::super::dates::months::LOCALES;
use super::super::super::ids::fold;

/// Short names that offices write and no locale has, Monday first.
const SHORT: &[&str] = &[
    "l m x j v s d",
    "lu ma mi ju vi sa do",
    "2ª 3ª 4ª 5ª 6ª sáb dom",
    "seg ter qua qui sex sáb dom",
    "pn wt śr cz pt so nd",
    "pon wt śr czw pt sob ndz",
    "pon wto śro czw pią sob nie",
    "p w ś c p s n",
    "po út st čt pá so ne",
    "пн вт ср чт пт сб вс",
    "пн вт ср чт пт сб нд",
    "pzt sal çar per cum cmt paz",
    "mon tues wed thurs fri sat sun",
    "m t w th f s su",
    "m t w r f s u",
    "一 二 三 四 五 六 日",
    "周一 周二 周三 周四 周五 周六 周日",
    "週一 週二 週三 週四 週五 週六 週日",
    "δε τρ τε πε πα σα κυ",
    "mo di mi do fr sa so",
];

/// The words of each language, and which days each may be: a bit a day, Monday the lowest.
pub(super) struct Weekdays(Vec<BTreeMap<String, u8>>);

/// What a line of words says of the days under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Agree,
    /// The first that is wrong in the language that has most right.
    Wrong(usize),
}

impl Weekdays {
    /// Those of all languages whose months are known. They are made once.
    pub(super) fn all() -> &'static Self {
        static ALL: LazyLock<Weekdays> = LazyLock::new(Weekdays::make);
        &ALL
    }

    fn make() -> Self {
        let locales = LOCALES.split_whitespace().filter_map(|name| Locale::try_from(name).ok());
        let of_locale = |locale: Locale| {
            // Locales count from Sunday.
            let from_monday = |names: &[&str]| (1..8).map(|at| plain(names[at % 7])).collect::<Vec<_>>();
            let (long, short) = (
                from_monday(locale_match!(locale => LC_TIME::DAY)),
                from_monday(locale_match!(locale => LC_TIME::ABDAY)),
            );
            let cut = |letters: usize| long.iter().map(move |name| name.chars().take(letters).collect());
            let initial = short.iter().map(|name| name.chars().take(1).collect());
            let all: Vec<String> =
                long.iter().chain(&short).cloned().chain(cut(1)).chain(cut(2)).chain(cut(3)).chain(initial).collect();
            language(all.into_iter())
        };
        let own = |names: &&str| language(names.split(' ').map(plain));
        Self(locales.map(of_locale).chain(SHORT.iter().map(own)).collect())
    }

    /// Whether a word is a day of the week somewhere.
    pub(super) fn knows(&self, word: &str) -> bool {
        let word = plain(word);
        self.0.iter().any(|language| language.contains_key(&word))
    }

    /// Whether one language has all these words.
    pub(super) fn all_known<'a>(&self, words: impl Iterator<Item = &'a str> + Clone) -> bool {
        self.0.iter().any(|language| words.clone().all(|word| language.contains_key(&plain(word))))
    }

    /// Whether the words are those of the days, in one language that has all of them.
    pub(super) fn judge(&self, days: &[(&str, NaiveDate)]) -> Verdict {
        let words: Vec<String> = days.iter().map(|(word, _)| plain(word)).collect();
        let mut best: Option<(usize, usize)> = None;
        for language in self.0.iter().filter(|language| words.iter().all(|word| language.contains_key(word))) {
            let right = |at: &usize| language[&words[*at]] & (1 << days[*at].1.weekday().num_days_from_monday()) != 0;
            let Some(wrong) = (0..days.len()).find(|at| !right(at)) else { return Verdict::Agree };
            let count = (0..days.len()).filter(right).count();
            if best.is_none_or(|(most, _)| count > most) {
                best = Some((count, wrong));
            }
        }
        best.map_or(Verdict::Wrong(0), |(_, wrong)| Verdict::Wrong(wrong))
    }
}

/// Names in the order of the week, again and again, as a dictionary.
fn language(names: impl Iterator<Item = String>) -> BTreeMap<String, u8> {
    let mut words = BTreeMap::new();
    for (name, at) in names.zip((0..7).cycle()).filter(|(name, _)| !name.is_empty()) {
        *words.entry(name).or_default() |= 1u8 << at;
    }
    words
}

/// Lower case, without what stands around a short name: dots, brackets.
fn plain(name: &str) -> String {
    fold(name).trim_matches(|letter: char| matches!(letter, '.' | ',' | '(' | ')' | ':' | '\u{AD}')).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_prove_a_month_in_many_languages() {
        let weekdays = Weekdays::all();
        let from = NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
        for line in [
            "Mo Di Mi Do Fr Sa So",
            "L M X J V S D",
            "L M M J V S D",
            "M T W T F S S",
            "Mon Tue Wed Thu Fri Sat Sun",
            "пн вт ср чт пт сб вс",
            "月 火 水 木 金 土 日",
            "ორშ სამ ოთხ ხუთ პარ შაბ კვი",
            "S T Q Q S S D",
            "Pn Wt Śr Cz Pt So Nd",
            "lun. mar. mer. jeu. ven. sam. dim.",
            "一 二 三 四 五 六 日",
        ] {
            let days: Vec<(&str, NaiveDate)> = line.split(' ').zip(from.iter_days()).collect();
            assert_eq!(weekdays.judge(&days), Verdict::Agree, "{line}");
            let other: Vec<(&str, NaiveDate)> = line.split(' ').zip(from.iter_days().skip(31)).collect();
            assert!(matches!(weekdays.judge(&other), Verdict::Wrong(_)), "{line}");
        }
    }
}
