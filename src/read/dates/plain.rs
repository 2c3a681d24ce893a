//! What different writers write for the same thing in a date: digits of other scripts, blanks that do not break, hyphens of many kinds.

use super::super::ids::is_invisible;

/// A digit of any script that offices write dates in, as ASCII.
pub(in crate::read) fn ascii(letter: char) -> Option<char> {
    let zero = match letter {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        '০'..='৯' => '০',
        '๐'..='๙' => '๐',
        '０'..='９' => '０',
        _ => return None,
    };
    char::from_digit(u32::from(letter) - u32::from(zero), 10)
}

/// `text` with ASCII digits, single blanks, and one kind each of hyphens, slashes and dots. What is not seen is left out.
pub(in crate::read) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = match letter {
            letter if letter.is_whitespace() => ' ',
            letter if is_invisible(letter) => continue,
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '－' => '-',
            '／' | '⁄' | '∕' => '/',
            '．' | '。' | '٫' => '.',
            '：' => ':',
            '，' | '،' => ',',
            '（' => '(',
            '）' => ')',
            letter => ascii(letter).unwrap_or(letter),
        };
        if letter != ' ' || !out.ends_with(' ') {
            out.push(letter);
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_of_many_scripts_write_one_date() {
        for text in [
            "2027-01-04",
            "٢٠٢٧-٠١-٠٤",
            "۲۰۲۷-۰۱-۰۴",
            "२०२७-०१-०४",
            "২০২৭-০১-০৪",
            "๒๐๒๗-๐๑-๐๔",
            "２０２７－０１－０４",
            "2027\u{2011}01\u{2011}04",
            "\u{200F}2027-01-04\u{200F}",
            "\u{A0}2027-01-04\u{202F}",
        ] {
            assert_eq!(plain(text), "2027-01-04", "{text:?}");
        }
        assert_eq!(plain("4\u{A0}\u{A0}enero 2027"), "4 enero 2027");
    }
}
