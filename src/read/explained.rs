//! How a file is told of: its encoding and its delimiter, and why it could not be read to its end.

use super::csv::{self, Stop};
use super::decode::{How, Spelling};
use super::problem::{Problem, grouped, shown};

/// How encoding and delimiter are told to people.
pub(super) fn told_of(spelling: &Spelling, sample: &str, delimiter: u8) -> String {
    format!("{}, separated by {}", tell(spelling, sample), name_of(delimiter))
}

/// How the encoding is told to people; a guess with a word to judge it by.
fn tell(spelling: &Spelling, sample: &str) -> String {
    let name = spelling.encoding.name();
    match spelling.how {
        How::Stated => format!("{name} (as policy.toml says)"),
        How::Mark => format!("{name} (marked)"),
        How::Proven => name.to_owned(),
        How::Guessed => {
            let mut words = sample.split([',', ';', '\t', '\n', '\r', '"', ' ']);
            let word = words.find(|word| !word.is_ascii()).map(|word| format!(", e.g. `{}`", shown(word)));
            format!("{name} (a guess{}; if letters are wrong, state encoding in policy.toml)", word.unwrap_or_default())
        }
    }
}

fn name_of(delimiter: u8) -> &'static str {
    match delimiter {
        b';' => "semicolons",
        b'\t' => "tabs",
        _ => "commas",
    }
}

/// Why a file could not be read to its end.
pub(super) fn explain(file: &str, stop: Stop) -> Problem {
    let most = grouped(csv::MOST_BYTES as u64);
    match stop {
        Stop::Undecodable { row, line, bad } => {
            let at = grouped(bad.offset.saturating_add(1));
            let why = match bad.bytes.as_str() {
                "" => "the file ends in the middle of a letter".to_owned(),
                bytes => format!(
                    "byte {at} of the file (hexadecimal {bytes}; line {line} in a text editor) is no letter of its encoding"
                ),
            };
            let advice = "Save the file as UTF-8, or state its encoding in policy.toml under [files]";
            Problem::error(file, why, advice).row(row)
        }
        Stop::TooLong { row } => {
            let why = format!("the row is longer than {most} bytes");
            Problem::error(file, why, "Look for a quote that is never closed; a cell can't be this long").row(row)
        }
        Stop::TooManyCells { row } => {
            let why = format!("the row has more than {} cells", csv::MOST_CELLS);
            Problem::error(file, why, "Delete the columns that are not needed").row(row)
        }
        Stop::Unclosed { row } => {
            let why = "a quote is opened in this row and never closed";
            Problem::error(file, why, "Close it, or delete it").row(row)
        }
        Stop::Workbook(why) => {
            let why = format!("the workbook can't be read: {why}");
            Problem::error(file, why, "Open it in a spreadsheet and save the table alone, best of all as CSV")
        }
        Stop::Enough => Problem::warning(file, "the table was not read to its end", "Look at its other problems"),
        Stop::Io(error) => Problem::error(
            file,
            format!("the file can't be read: {error}"),
            "Look at what it is, at its permissions and its disk",
        ),
    }
}
