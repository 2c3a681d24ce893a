//! One spelling for every text: how lines are written, and read so that nothing else passes.
//!
//! A line is the compact JSON of a struct whose fields are declared in order of name, so its keys are
//! sorted; blank fields are absent; numbers are whole and below 2^53. The reader parses into the same
//! struct, writes it again and compares: whatever differs had another spelling.

use serde::Serialize;
use serde::de::DeserializeOwned;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::flaw::{Flaw, Flaws, flaws};
use super::layout::{BOUNDS, CHANGES, Files, LINE_BYTES_MAX, LINES_MAX, RECORD, RECORD_BYTES_MAX};

/// `text` in normal form C, the form that every text of a record has. A seed goes through here before
/// anything is derived from it.
///
/// ```
/// use foureyes::record::one_spelling;
/// assert_eq!(one_spelling("cafe\u{301}"), "caf\u{e9}");
/// ```
pub fn one_spelling(text: &str) -> String {
    text.nfc().collect()
}

/// The line of `value`, line feed included.
pub(super) fn line(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).expect("structs with text keys always have a JSON text");
    text.push('\n');
    text
}

/// The line of `value`, line feed included, for files of one line. Its fields must be declared in order of name, and its texts
/// have [one spelling](one_spelling).
pub fn spelled(value: &impl Serialize) -> String {
    line(value)
}

/// What the one line of file `name` says, where it has its one spelling and nothing stands behind it.
///
/// # Errors
/// Everything wrong with the bytes.
pub fn read_spelled<T: Serialize + DeserializeOwned>(bytes: &[u8], name: &str) -> Result<T, Vec<Flaw>> {
    let mut flaws = Flaws::default();
    let mut rows = rows_from::<T>(bytes, 1, name, &mut flaws).into_iter();
    let first = rows.next();
    if first.is_none() && flaws.is_empty() {
        flaws.add(flaws::MALFORMED, name, None, "the file is empty");
    }
    if rows.next().is_some() {
        flaws.add(flaws::REPEATED, name, Some(2), "the file has one line");
    }
    match first {
        Some((_, value)) if flaws.is_empty() => Ok(value),
        _ => Err(flaws.into_vec()),
    }
}

/// The bytes of a table.
pub(super) fn table<T: Serialize>(rows: impl IntoIterator<Item = T>) -> Vec<u8> {
    rows.into_iter().flat_map(|row| line(&row).into_bytes()).collect()
}

/// The rows of file `name`, each with the number of its line, from 1. Rows that can't be read at
/// all are left out; every flaw is told.
pub(super) fn rows<T: Serialize + DeserializeOwned>(files: &Files, name: &str, flaws: &mut Flaws) -> Vec<(u64, T)> {
    let Some(bytes) = files.get(name) else {
        flaws.add(flaws::MISSING_FILE, name, None, "the file is not there");
        return Vec::new();
    };
    rows_from(bytes, 1, name, flaws)
}

/// The rows of `bytes`, which stand in file `name` from line `first` on.
pub(super) fn rows_from<T: Serialize + DeserializeOwned>(
    bytes: &[u8],
    first: u64,
    name: &str,
    flaws: &mut Flaws,
) -> Vec<(u64, T)> {
    let mut rows = Vec::new();
    for (number, line) in (first..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
        if rows.len() >= LINES_MAX {
            flaws.add(flaws::TOO_LARGE, name, Some(number), format!("more than {LINES_MAX} lines"));
            break;
        }
        rows.extend(row(line, name, number, flaws).map(|row| (number, row)));
    }
    rows
}

fn row<T: Serialize + DeserializeOwned>(bytes: &[u8], name: &str, number: u64, flaws: &mut Flaws) -> Option<T> {
    let mut flaw = |kind, says: String| flaws.add(kind, name, Some(number), says);
    let most =
        if [RECORD, BOUNDS].contains(&name) || name.starts_with(CHANGES) { RECORD_BYTES_MAX } else { LINE_BYTES_MAX };
    if bytes.len() > most {
        flaw(flaws::TOO_LARGE, format!("a line of {} bytes; at most {most} are read", bytes.len()));
        return None;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        flaw(flaws::NOT_UTF8, "the line is not UTF-8".to_owned());
        return None;
    };
    let text = match text.strip_suffix('\n') {
        Some(text) => text,
        None => {
            flaw(flaws::LINE_ENDING, "the last line has no line feed".to_owned());
            text
        }
    };
    let text = match text.strip_suffix('\r') {
        Some(text) => {
            flaw(flaws::LINE_ENDING, "the line ends with a carriage return".to_owned());
            text
        }
        None => text,
    };
    if text.trim().is_empty() {
        flaw(flaws::BLANK_LINE, "the line is blank".to_owned());
        return None;
    }
    if !text.is_ascii() && !is_nfc(text) {
        flaw(flaws::NOT_NFC, "the line has text that is not in normal form C".to_owned());
    }
    parse(text, &mut flaw)
}

fn parse<T: Serialize + DeserializeOwned>(text: &str, flaw: &mut dyn FnMut(&'static str, String)) -> Option<T> {
    match serde_json::from_str::<T>(text) {
        Ok(value) => {
            let again = line(&value);
            if again.trim_end_matches('\n') != text {
                let says = format!("the line has another spelling than `{}`", shortened(again.trim_end()));
                flaw(flaws::NOT_CANONICAL, says);
            }
            Some(value)
        }
        Err(error) => {
            let says = error.to_string().replace("at line 1 column", "at column");
            flaw(flaws::MALFORMED, shortened(&says));
            None
        }
    }
}

/// At most 200 characters of `text`: a finding is for reading.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        age: Option<u32>,
        name: String,
    }

    fn found(text: &[u8]) -> Vec<&'static str> {
        let mut flaws = Flaws::default();
        let files = Files::from([("t".to_owned(), text.to_vec())]);
        let _: Vec<(u64, Row)> = rows(&files, "t", &mut flaws);
        flaws.into_vec().iter().map(|flaw| flaw.name).collect()
    }

    #[test]
    fn every_row_has_one_spelling() {
        for (text, finding) in [
            (r#"{"age":1,"name":"a"}"#, None),
            (r#"{"name":"é"}"#, None),
            (r#"{"name":"a","age":1}"#, Some("not-canonical")),
            (r#"{"age":1, "name":"a"}"#, Some("not-canonical")),
            (r#"{"age":null,"name":"a"}"#, Some("not-canonical")),
            (r#"{"age":1,"name":"\u0061"}"#, Some("not-canonical")),
            (r#"{"age":1.0,"name":"a"}"#, Some("malformed")),
            (r#"{"age":1e0,"name":"a"}"#, Some("malformed")),
            (r#"{"age":01,"name":"a"}"#, Some("malformed")),
            (r#"{"age":9007199254740993,"name":"a"}"#, Some("malformed")),
            (r#"{"age":-1,"name":"a"}"#, Some("malformed")),
            (r#"{"age":1,"age":1,"name":"a"}"#, Some("malformed")),
            (r#"{"age":1,"name":"a","more":1}"#, Some("malformed")),
            (r#"{"age":1}"#, Some("malformed")),
            ("", Some("blank-line")),
            ("\u{feff}{\"name\":\"a\"}", Some("malformed")),
            ("{\"name\":\"e\u{301}\"}", Some("not-nfc")),
            ("{\"name\":\"a\"}\r", Some("line-ending")),
        ] {
            assert_eq!(found(format!("{text}\n").as_bytes()), Vec::from_iter(finding), "{text}");
        }
        assert_eq!(found(b"{\"name\":\"a\"}"), ["line-ending"]);
        assert_eq!(found(b"{\"name\":\"\xff\"}\n"), ["not-utf8"]);
        assert_eq!(found(b""), Vec::<&str>::new());
    }
}
