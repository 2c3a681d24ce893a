//! Days away as people write them, language by language.

use chrono::{Datelike, NaiveDate};

/// The twelve months of a language, as they stand after a day.
pub fn months(language: &str) -> Vec<&'static str> {
    let words = match language {
        "en" => "January February March April May June July August September October November December",
        "es" => "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "pt" => "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "fr" => "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "de" => "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "it" => "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "ru" => "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "pl" => "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "el" => {
            "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου"
        }
        "tr" => "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        "nl" => "januari februari maart april mei juni juli augustus september oktober november december",
        "hu" => "január február március április május június július augusztus szeptember október november december",
        "hr" => "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca",
        "ka" => "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი",
        "ar" => "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        _ => "led úno bře dub kvě čvn čvc srp zář říj lis pro",
    };
    words.split(' ').collect()
}

/// Each language with its words: before the first day, before the last, after all; and before month and year.
const FORMS: [(&str, &str, &str, &str, &str); 15] = [
    ("en", "from ", " to ", "", " "),
    ("es", "del ", " al ", "", " de "),
    ("pt", "de ", " a ", "", " de "),
    ("fr", "du ", " au ", "", " "),
    ("de", "vom ", " bis ", "", ". "),
    ("it", "dal ", " al ", "", " "),
    ("ru", "с ", " по ", " г.", " "),
    ("pl", "od ", " do ", "", " "),
    ("el", "από ", " έως ", "", " "),
    ("tr", "", "-", "", " "),
    ("nl", "", " t/m ", "", " "),
    ("hr", "od ", " do ", ".", ". "),
    ("ka", "", "-", "", " "),
    ("ar", "من ", " إلى ", "", " "),
    ("en", "", " – ", "", " "),
];

/// How many ways of writing there are.
pub const WAYS: usize = FORMS.len() + 7;

/// Days in words, in one of the [`WAYS`]: the year once where it is one, the month once where it is one.
pub fn words(from: NaiveDate, to: NaiveDate, way: usize) -> String {
    let (y, m, d) = (from.year(), from.month(), from.day());
    let (year, month, day) = (to.year(), to.month(), to.day());
    let one = from == to;
    if let Some((language, before, between, after, link)) = FORMS.get(way) {
        let names = months(language);
        let (first, last) = (names[m as usize - 1], names[month as usize - 1]);
        let tail = if *language == "de" || *language == "hr" { " " } else { link };
        let end = format!("{day}{link}{last}{tail}{year}{after}");
        return match () {
            () if one => end,
            () if (y, m) == (year, month) => {
                format!("{before}{d}{}{between}{end}", link.trim_end_matches([' ', 'd', 'e']))
            }
            () if y == year => format!("{before}{d}{link}{first}{between}{end}"),
            () => format!("{before}{d}{link}{first}{tail}{y}{between}{end}"),
        };
    }
    match way - FORMS.len() {
        0 if one => format!("{y}年{m}月{d}日"),
        0 if (y, m) == (year, month) => format!("{y}年{m}月{d}日至{day}日"),
        0 => format!("{y}年{m}月{d}日至{year}年{month}月{day}日"),
        1 if one => format!("{d}.{m}.{y}"),
        1 if (y, m) == (year, month) => format!("{d}.–{day}.{month}.{year}"),
        1 if y == year => format!("{d}.{m}.–{day}.{month}.{year}"),
        2 if one => format!("{d}/{m}/{y}"),
        2 => format!("{d}/{m}/{y} - {day}/{month}/{year}"),
        3 if one => format!("{} {d}, {y}", &months("en")[m as usize - 1][..3]),
        3 if (y, m) == (year, month) => format!("{} {d}-{day}, {y}", &months("en")[m as usize - 1][..3]),
        3 => format!(
            "{} {d}, {y} - {} {day}, {year}",
            &months("en")[m as usize - 1][..3],
            &months("en")[month as usize - 1][..3]
        ),
        4 if one => format!("{y}. {} {d}.", months("hu")[m as usize - 1]),
        4 if (y, m) == (year, month) => format!("{y}. {} {d}–{day}.", months("hu")[m as usize - 1]),
        4 => {
            format!("{y}. {} {d}. – {year}. {} {day}.", months("hu")[m as usize - 1], months("hu")[month as usize - 1])
        }
        5 if one => format!("{y}-{m:02}-{d:02}"),
        5 => format!("{from}/{to}"),
        _ => format!("{d:02}.{m:02}.{y} - {day:02}.{month:02}.{year}"),
    }
}

/// The year first, and an end without it: the habit of Korea, Hungary, China and Japan.
pub fn short_end(from: NaiveDate, to: NaiveDate, way: usize) -> String {
    let (y, m, d, month, day) = (from.year(), from.month(), from.day(), to.month(), to.day());
    if from.year() != to.year() {
        return format!("{y}.{m:02}.{d:02}-{}.{month:02}.{day:02}", to.year());
    }
    match way {
        0 => format!("{y}.{m:02}.{d:02}-{month:02}.{day:02}"),
        1 => format!("{y}. {m}. {d}. ~ {month}. {day}."),
        2 => format!("{y}/{m}/{d}～{month}/{day}"),
        3 => format!("{y}-{m:02}-{d:02} ~ {month:02}-{day:02}"),
        4 => format!("{y}年{m}月{d}日～{month}月{day}日"),
        _ if m == month => format!("{y}.{m:02}.{d:02}-{day:02}"),
        _ => format!("{y}.{m:02}.{d:02}.-{month:02}.{day:02}."),
    }
}
