//! Cells as programs spell them: unseen characters at their edges, no-break blanks, an apostrophe before a number.

use super::ids::is_invisible;

/// `text` without blanks and unseen characters at its edges.
pub(super) fn trim(text: &str) -> &str {
    let text = text.trim();
    let seen = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    if seen(text.as_bytes().first()) && seen(text.as_bytes().last()) {
        return text;
    }
    text.trim_matches(|letter: char| letter.is_whitespace() || is_invisible(letter))
}

/// Whether [`trim`] cuts more than blanks off.
pub(super) fn has_unseen_edges(text: &str) -> bool {
    trim(text).len() != text.trim().len()
}

/// A number, an id or a date without the apostrophe that a spreadsheet asks for before it, so that it stays a text.
///
/// What is a name stays as it is: `'s Hertogenbosch`, `'68 Club`.
pub(super) fn without_apostrophe(cell: &str) -> &str {
    let number = |rest: &&str| {
        rest.starts_with(|letter: char| letter.is_ascii_digit())
            && !rest.contains('\'')
            && (!rest.contains(char::is_whitespace) || !rest.contains(char::is_alphabetic))
    };
    cell.strip_prefix('\'').filter(number).unwrap_or(cell)
}

/// Whether a letter is a blank at which no line may break.
pub(super) fn is_no_break(letter: char) -> bool {
    matches!(letter, '\u{A0}' | '\u{2007}' | '\u{202F}')
}

/// A whole number without the `.0` that programs put behind it.
pub(super) fn without_point_zero(id: &str) -> Option<&str> {
    id.strip_suffix(".0").filter(|whole| !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_cut_at_the_edges_only() {
        for (text, cut) in [
            ("a", "a"),
            (" \u{A0}a b\u{202F}", "a b"),
            ("\u{FEFF}\u{200B}007\u{AD} ", "007"),
            ("\u{200B}\u{200B}", ""),
            ("0\u{200B}07", "0\u{200B}07"),
            ("é\u{2060}", "é"),
        ] {
            assert_eq!(trim(text), cut);
        }
        assert!(has_unseen_edges(" \u{200B}x") && !has_unseen_edges("\u{A0}x "));
    }

    #[test]
    fn an_apostrophe_before_a_number_is_none_of_it() {
        for (cell, read) in [
            ("'007", "007"),
            ("'12-A", "12-A"),
            ("'2027-01-04", "2027-01-04"),
            ("'04/01/2027 00:00", "04/01/2027 00:00"),
            ("'s Hertogenbosch", "'s Hertogenbosch"),
            ("'68 Club", "'68 Club"),
            ("'1'", "'1'"),
            ("007", "007"),
        ] {
            assert_eq!(without_apostrophe(cell), read);
        }
    }

    #[test]
    fn a_whole_number_is_known_behind_its_point() {
        assert_eq!(without_point_zero("7.0"), Some("7"));
        assert_eq!(without_point_zero("007.0"), Some("007"));
        for id in [".0", "7.5", "A7.0", "7.00", "1.2.0"] {
            assert_eq!(without_point_zero(id), None, "{id}");
        }
    }
}
