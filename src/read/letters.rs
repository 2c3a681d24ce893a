//! Letters that are the same to a reader: case, blanks, and marks that look alike; and letters of another script that look the
//! same, which nobody can tell apart and which therefore must not be joined in silence.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// `text` for comparison without regard to case, to runs of blanks, to characters that are not seen, and to which of the many
/// hyphens, quotes and full-width letters was typed.
pub(super) fn fold(text: &str) -> String {
    let words = text.split_whitespace().map(folded_word).filter(|word| !word.is_empty());
    let words: Vec<String> = words.collect();
    words.join(" ").nfc().collect()
}

fn folded_word(word: &str) -> String {
    if word.is_ascii() && !word.contains('`') {
        return word.to_ascii_lowercase();
    }
    let seen: String = word.nfc().filter(|letter| !is_format(*letter)).map(plain_mark).collect();
    seen.to_lowercase()
}

/// The mark or letter of the keyboard that `letter` looks like.
fn plain_mark(letter: char) -> char {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '`' | '\u{B4}' | '\u{2B9}' | '\u{2BC}' | '\u{5F3}' | '\u{2018}'..='\u{201B}' | '\u{2032}' => '\'',
        '\u{AB}' | '\u{BB}' | '\u{5F4}' | '\u{201C}'..='\u{201F}' | '\u{2033}' | '\u{301D}'..='\u{301F}' => '"',
        '\u{2044}' | '\u{2215}' => '/',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        letter => letter,
    }
}

/// Characters that are not seen but change what an id is, or the order in which it is shown.
pub(super) fn is_invisible(letter: char) -> bool {
    letter.is_control() || is_format(letter)
}

fn is_format(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// The scripts whose letters are easily taken for another's. Japanese names mix scripts by right, and none of them looks like
/// another; so only these three are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Script {
    Latin,
    Greek,
    Cyrillic,
}

impl Script {
    fn of(letter: char) -> Option<Self> {
        match letter {
            'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => Some(Self::Latin),
            '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => Some(Self::Greek),
            '\u{400}'..='\u{52F}' => Some(Self::Cyrillic),
            _ => None,
        }
    }

    /// The letters that look like one of another of the three.
    fn twins(self) -> &'static str {
        match self {
            Self::Latin => "aceijopsuvxykABCEHIJKMNOPSTXYZëïËÏáóé",
            Self::Greek => "αικνορυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧόάϊ",
            Self::Cyrillic => "асеіјорѕухкёїАВСЕНІЈКМОРЅТХУЁЇ",
        }
    }
}

/// The scripts of a text, of those that look alike.
pub(super) fn scripts(text: &str) -> BTreeSet<Script> {
    text.chars().filter_map(Script::of).collect()
}

/// A word of `text` that mixes scripts such that nobody sees it. `Яndex` is seen; a Cyrillic `о` in `Nord` is not.
pub(super) fn deceiving_word(text: &str) -> Option<&str> {
    if text.is_ascii() {
        return None;
    }
    text.split(|letter: char| !letter.is_alphanumeric()).find(|word| {
        let all = scripts(word);
        let hidden = |script: &Script| {
            word.chars().filter(|letter| Script::of(*letter) == Some(*script)).all(|one| script.twins().contains(one))
        };
        all.len() > 1 && all.iter().any(hidden)
    })
}

/// What a text looks like in capitals, whichever script it is written in (UTS 39's skeleton).
pub(super) fn looks(text: &str) -> String {
    skeleton(&fold(text).to_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_look_alike_are_one() {
        let same = [
            ("Nord\u{2011}Fisch GmbH", "NORD-FISCH  gmbh"),
            ("O’Brien", "o'brien"),
            ("ООО «Ромашка»", "ооо \"ромашка\""),
            ("Ａｃｍｅ\u{3000}Ｌｔｄ", "acme ltd"),
            ("Acme\u{A0}Ltd\u{200B}", "Acme Ltd"),
            ("בע״מ", "בע\"מ"),
        ];
        for (a, b) in same {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
        assert_ne!(fold("Núñez"), fold("Nunez"));
    }

    #[test]
    fn letters_of_another_script_are_found_where_they_hide() {
        for (text, word) in [("Nоrd Fisch", Some("Nоrd")), ("ООО Пoрт", Some("Пoрт")), ("ΑΕ Αcme", Some("Αcme"))]
        {
            assert_eq!(deceiving_word(text), word, "{text}");
        }
        for text in ["ООО Nord-Fisch", "Яndex", "株式会社Tシャツ", "Acme", "Núñez Ω"] {
            assert_eq!(deceiving_word(text), None, "{text}");
        }
        assert_eq!(looks("АСМЕ"), looks("Acme"));
    }
}
