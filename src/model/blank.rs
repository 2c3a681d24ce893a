//! Texts in which nothing can be seen: an office that must give a reason could else give one that nobody can read.
//!
//! The ranges stand in DRAW.md (section 1), so that every reader finds the same texts blank, whatever edition of Unicode it knows.

/// Blanks, controls and characters that are not seen.
const UNSEEN: &[(char, char)] = &[
    ('\0', ' '),
    ('\u{7F}', '\u{A0}'),
    ('\u{AD}', '\u{AD}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{115F}', '\u{1160}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{17B4}', '\u{17B5}'),
    ('\u{180B}', '\u{180F}'),
    ('\u{2000}', '\u{200F}'),
    ('\u{2028}', '\u{202F}'),
    ('\u{205F}', '\u{206F}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{FE00}', '\u{FE0F}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFA0}', '\u{FFA0}'),
    ('\u{FFF9}', '\u{FFFB}'),
    ('\u{1D173}', '\u{1D17A}'),
    ('\u{E0000}', '\u{E0FFF}'),
];

/// Marks that belong to the letter before them, and say nothing without one.
const MARKS: &[(char, char)] = &[
    ('\u{300}', '\u{36F}'),
    ('\u{483}', '\u{489}'),
    ('\u{591}', '\u{5BD}'),
    ('\u{610}', '\u{61A}'),
    ('\u{64B}', '\u{65F}'),
    ('\u{1AB0}', '\u{1AFF}'),
    ('\u{1DC0}', '\u{1DFF}'),
    ('\u{20D0}', '\u{20FF}'),
    ('\u{3099}', '\u{309A}'),
    ('\u{FE20}', '\u{FE2F}'),
];

/// Whether nothing in a text can be seen; so is the empty text.
///
/// ```
/// use foureyes::model::is_blank;
/// assert!(is_blank("") && is_blank(" \u{200B}") && is_blank("\u{301}"));
/// assert!(!is_blank("-") && !is_blank("e\u{301}"));
/// ```
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|letter| is_in(UNSEEN, letter) || is_in(MARKS, letter))
}

/// Whether a text begins or ends with what can't be seen. A mark at the end belongs to the letter before it.
///
/// ```
/// use foureyes::model::has_blank_edge;
/// assert!(has_blank_edge("a ") && has_blank_edge("\u{FEFF}a") && has_blank_edge("\u{301}a"));
/// assert!(!has_blank_edge("a b") && !has_blank_edge("x\u{30C}") && !has_blank_edge(""));
/// ```
pub fn has_blank_edge(text: &str) -> bool {
    let starts = text.chars().next().is_some_and(|letter| is_in(UNSEEN, letter) || is_in(MARKS, letter));
    starts || text.chars().next_back().is_some_and(|letter| is_in(UNSEEN, letter))
}

fn is_in(ranges: &[(char, char)], letter: char) -> bool {
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_stand_in_order_and_apart() {
        for ranges in [UNSEEN, MARKS] {
            assert!(ranges.iter().all(|(first, last)| first <= last));
            assert!(ranges.is_sorted_by(|one, next| one.1 < next.0));
        }
    }

    #[test]
    fn every_blank_of_unicode_is_blank() {
        let blanks = ('\0'..=char::MAX).filter(|letter| letter.is_whitespace() || letter.is_control());
        blanks.for_each(|letter| assert!(is_blank(&letter.to_string()), "{letter:?}"));
    }

    #[test]
    fn what_can_be_seen_is_not_blank() {
        for text in [".", "0", "—", "ß", "雨", "अ", "ع", "א", "\u{200B}a\u{200B}", "\u{1F600}"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
