//! When two words of an office are one word: skills, tags, units, categories of conflicts.

use unicode_normalization::UnicodeNormalization;

/// Whether `a` and `b` differ in nothing but upper and lower case, or in how an accent is encoded.
pub(super) fn same(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a == b || letters(a).eq(letters(b))
}

/// The one spelling of all words that are the [`same`].
pub(super) fn folded(word: &str) -> String {
    letters(word).collect()
}

/// Whether `list` has the word.
pub(super) fn among(list: &[String], word: &str) -> bool {
    list.iter().any(|one| same(one, word))
}

fn letters(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars().flat_map(char::to_lowercase).nfc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_encoding_of_accents_do_not_matter() {
        for (a, b) in [("Fire", "fIRE"), ("ÉLEVÉ", "e\u{301}leve\u{301}"), ("Пожар", "пожар"), ("消防", "消防")]
        {
            assert!(same(a, b), "{a} and {b}");
            assert_eq!(folded(a), folded(b));
        }
    }

    #[test]
    fn other_letters_matter() {
        for (a, b) in [("fire", "fires"), ("eleve", "élevé"), ("a", "а"), ("", "a")] {
            assert!(!same(a, b), "{a} and {b}");
        }
    }
}
