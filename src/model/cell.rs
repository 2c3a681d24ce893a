//! How a text stands in a cell of a CSV file, such that no spreadsheet takes it for a formula.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a
//! formula. Such a cell gets one apostrophe before it, and so does a cell that begins with an
//! apostrophe; so whoever takes that apostrophe away always has the text itself. `record` writes with it what is
//! published, `read` writes and reads with it the tables of a case.

/// What must not stand at the beginning of a cell.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];

/// A cell that no spreadsheet takes for a formula, in quotes where it needs them (RFC 4180).
///
/// ```
/// use foureyes::model::cell;
/// assert_eq!(cell("=1+1"), "'=1+1");
/// assert_eq!(cell("Mill, old"), "\"Mill, old\"");
/// ```
pub fn cell(text: &str) -> String {
    let apostrophe = if text.starts_with(FORMULA) { "'" } else { "" };
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{apostrophe}{text}")
    }
}

/// The text of a cell whose quotes are off: without the apostrophe that [`cell`] put before it.
///
/// ```
/// use foureyes::model::bare;
/// assert_eq!(bare("'=1+1"), "=1+1");
/// assert_eq!(bare("'s Hertogenbosch"), "'s Hertogenbosch");
/// ```
pub fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, written) in [
            ("v1", "v1"),
            ("=1+1", "'=1+1"),
            ("-7", "'-7"),
            ("'x", "''x"),
            ("a,b", "\"a,b\""),
            ("@a\"b", "\"'@a\"\"b\""),
            ("\tx", "'\tx"),
            ("", ""),
        ] {
            assert_eq!(cell(text), written);
        }
    }

    #[test]
    fn what_was_put_before_a_cell_is_taken_off_again() {
        for text in ["v1", "=1+1", "-7", "'x", "''", "'=1", "+49 30", "@", ""] {
            assert_eq!(bare(&cell(text)), text);
        }
    }
}
