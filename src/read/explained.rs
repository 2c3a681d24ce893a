//! How a file is told of: its encoding and its delimiter, and why it could not be read to its end.

use super::csv::{self, Stop};
use super::decode::{How, Spelling};
use super::policy::Says;
use super::problem::{Log, Problem, grouped, shown};
use super::swallowed::Swallowed;

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

/// What a delimiter is called, in many.
pub(super) fn name_of(delimiter: u8) -> &'static str {
    match delimiter {
        b';' => "semicolons",
        b'\t' => "tabs",
        _ => "commas",
    }
}

/// Tells or asks why a file could not be read to its end.
pub(super) fn stopped(says: &Says, file: &str, stop: Stop, log: &mut Log) {
    match stop {
        Stop::Swallowed(found) => swallowed(says, file, &found, log),
        Stop::AfterQuote { row, opened, ended, backslash } => {
            log.push(after_quote(says, file, (opened, ended), backslash).row(row));
        }
        stop => log.push(explain(says, file, stop)),
    }
}

/// Which lines of a text editor a cell between quotes takes.
fn lines(opened: u64, ended: u64) -> String {
    match opened == ended {
        true => format!("opened and closed in line {opened} of a text editor"),
        false => format!("opened in line {opened} of a text editor and closed in line {ended}"),
    }
}

fn after_quote(says: &Says, file: &str, (opened, ended): (u64, u64), backslash: bool) -> Problem {
    let at = lines(opened, ended);
    let (why, advice) = match backslash {
        true => (
            format!("a quote is {at}, and a backslash stands before the quote that closes it"),
            "The program that wrote the file puts a backslash before a quote within a cell. Export it with doubled quotes (\"\") in their place, or replace each \\\" by \"\"".to_owned(),
        ),
        false => (
            format!("a quote is {at}, and more text follows before the cell ends"),
            "If it should not be open, delete it or write it twice; rows between the two lines may be lost in the cell".to_owned(),
        ),
    };
    let advice = format!("{advice}. If no cell of the file stands between quotes: {}", says.how("quotes", "letters"));
    Problem::error(file, why, advice)
}

/// A cell that may have swallowed rows: a person must look.
fn swallowed(says: &Says, file: &str, found: &Swallowed, log: &mut Log) {
    let Swallowed { row, opened, line, text } = found;
    let why = format!(
        "a cell between quotes begins in line {opened} of a text editor, and line {line} within it looks like a row of the table. If a quote was left open, close or delete it in the file"
    );
    let problem = Problem::error(file, why, "").row(*row).value(text);
    let answer = "if cells of this file really hold such lines";
    log.ask(says, problem, &[(answer, &[("cells_with_lines", "true")])]);
}

/// Why a file could not be read to its end.
fn explain(says: &Says, file: &str, stop: Stop) -> Problem {
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
            let how = says.how("encoding", "windows-1252");
            let advice = format!("Save the file as UTF-8, or state its encoding, such as {how}");
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
        Stop::Unclosed { row, line } => {
            let why = format!("a quote is opened in line {line} of a text editor and never closed");
            Problem::error(file, why, "Close it, or delete it").row(row)
        }
        Stop::AfterQuote { .. } | Stop::Swallowed(_) => {
            Problem::error(file, "a quote is not closed where its cell ends", "Close it, or delete it")
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
