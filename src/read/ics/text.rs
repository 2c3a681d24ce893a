//! From the bytes of an iCalendar file to its components: lines unfolded, each with its number in the file, and put into the
//! BEGIN and END that they stand between (RFC 5545, 3.1 and 3.6).
//!
//! Written here and not taken from a library: the parser of `icalendar` forgets the numbers of lines, reads a line without a colon
//! as a property without a value, and descends as deep as a hostile file tells it to.

use std::collections::BTreeMap;

use super::super::decode::{self, Broken, Chunks, Decoded, How};
use super::super::policy::Says;
use super::super::problem::{Level, Log, Problem, grouped, shown};
use super::super::source::{Memory, Source};

/// Most bytes of a calendar.
const MOST_BYTES: u64 = 64 << 20;
/// Most components within components: VALARM in VEVENT in VCALENDAR are three.
const MOST_DEPTH: usize = 8;
/// Most components of a file.
const MOST_PARTS: usize = 1_000_000;

/// One property: `NAME;PARAMETER=VALUE:value`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Its number in the file.
    pub(super) row: u64,
    /// In capitals.
    pub(super) name: String,
    params: Vec<(String, String)>,
    /// As the file has it; texts are escaped.
    pub(super) value: String,
}

impl Line {
    /// A parameter's value.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The value as a text, without its escapes.
    pub(super) fn text(&self) -> String {
        let (mut out, mut letters) = (String::new(), self.value.chars());
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some('n' | 'N') => out.push('\n'),
                    Some(other) => out.push(other),
                    None => out.push('\\'),
                },
                letter => out.push(letter),
            }
        }
        out.trim().to_owned()
    }
}

/// What stands between a BEGIN and its END.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// The line of its BEGIN.
    pub(super) row: u64,
    /// In capitals.
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
    pub(super) parts: Vec<Part>,
}

impl Part {
    /// The properties of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.name == name)
    }

    /// The first property of a name.
    pub(super) fn one(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    /// The text of a property; empty where there is none.
    pub(super) fn text(&self, name: &str) -> String {
        self.one(name).map(Line::text).unwrap_or_default()
    }
}

/// Whether a file is an iCalendar file, as its first word tells, whatever it is called.
pub(in crate::read) fn is_calendar(source: &dyn Source, file: &str) -> bool {
    let Ok(head) = source.bytes(file, 512) else { return false };
    let head: String = match head.as_slice() {
        [0xFF, 0xFE, rest @ ..] | [0xFE, 0xFF, rest @ ..] => {
            rest.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect()
        }
        bytes => String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).into_owned(),
    };
    head.trim_start().get(..15).is_some_and(|word| word.eq_ignore_ascii_case("BEGIN:VCALENDAR"))
}

/// The calendars of a file; none where it can't be read to its end, which is in the log.
pub(super) fn calendars(source: &dyn Source, file: &str, says: &Says, log: &mut Log) -> Option<Vec<Part>> {
    let before = log.errors();
    let lines = lines(source, file, says, log)?;
    let parts = nested(file, lines, log)?;
    (log.errors() == before).then_some(parts)
}

/// The lines of a file, unfolded, each with its number.
fn lines(source: &dyn Source, file: &str, says: &Says, log: &mut Log) -> Option<Vec<(u64, String)>> {
    match read(source, file) {
        Ok(bytes) if bytes.len() as u64 > MOST_BYTES => {
            let why = format!("the file has more than {} bytes", grouped(MOST_BYTES));
            log.push(Problem::error(file, why, "Export fewer years, or one calendar a person"));
            None
        }
        Ok(bytes) => {
            // Some writers fold between the bytes of one letter, so lines are joined before they are decoded.
            let wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
            let bytes = if wide { decoded(bytes, file, says, &[], log)?.into_bytes() } else { bytes };
            let (bytes, rows) = unfolded(&bytes);
            let text = decoded(bytes, file, says, &rows, log)?;
            Some(rows.into_iter().zip(text.split('\n').map(str::to_owned)).collect())
        }
        Err(error) => {
            let why = format!("the file can't be read: {error}");
            log.push(Problem::error(file, why, "Look at its name, at its permissions and its disk"));
            None
        }
    }
}

fn read(source: &dyn Source, file: &str) -> std::io::Result<Vec<u8>> {
    source.size(file)?;
    source.bytes(file, MOST_BYTES + 1)
}

/// Lines with their continuations joined, each ended by a newline alone, and the number of each in the file.
fn unfolded(bytes: &[u8]) -> (Vec<u8>, Vec<u64>) {
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    let (mut out, mut rows): (Vec<u8>, Vec<u64>) = (Vec::with_capacity(bytes.len()), Vec::new());
    for (at, line) in bytes.split(|byte| *byte == end).enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line {
            [b' ' | b'\t', rest @ ..] if !rows.is_empty() => out.extend_from_slice(rest),
            line => {
                if !rows.is_empty() {
                    out.push(b'\n');
                }
                rows.push(at as u64 + 1);
                out.extend_from_slice(line);
            }
        }
    }
    (out, rows)
}

/// Bytes as text. RFC 5545 wants UTF-8; what is not is read as tables are, and told.
fn decoded(bytes: Vec<u8>, file: &str, says: &Says, rows: &[u64], log: &mut Log) -> Option<String> {
    let memory = BTreeMap::from([(file.to_owned(), bytes)]);
    let memory = Memory(&memory);
    let failed = |error: std::io::Error| {
        Box::new(Problem::error(file, format!("the file can't be read: {error}"), "Export it again"))
    };
    let text = (|| {
        let stated = if rows.is_empty() { None } else { says.encoding };
        let spelling = decode::detect(&memory, file, stated).map_err(failed)?;
        if spelling.how == How::Guessed {
            let name = spelling.encoding.name();
            let says =
                format!("{name} (a guess, for it is not UTF-8; if letters are wrong, export the calendar again)");
            log.note(file, says);
        }
        let (mut text, mut reader) = (String::new(), Decoded::open(&memory, file, &spelling).map_err(failed)?);
        loop {
            match reader.next(&mut text) {
                Ok(true) => {}
                Ok(false) => return Ok(text),
                Err(Broken::Io(error)) => return Err(failed(error)),
                Err(Broken::Bytes(bad)) => {
                    let row = rows.get(text.matches('\n').count()).copied().unwrap_or(1);
                    let why =
                        format!("the bytes {} (hexadecimal) of this line are no letter of its encoding", bad.bytes);
                    let problem = Problem::error(file, why, "Export the calendar again, as UTF-8").row(row);
                    return Err(Box::new(problem));
                }
            }
        }
    })();
    text.map_err(|problem: Box<Problem>| log.push(*problem)).ok()
}

/// Lines put into their components. None where BEGIN and END do not fit.
fn nested(file: &str, lines: Vec<(u64, String)>, log: &mut Log) -> Option<Vec<Part>> {
    let (mut open, mut done, mut count): (Vec<Part>, Vec<Part>, usize) = (Vec::new(), Vec::new(), 0);
    let refuse = |row: u64, why: String, log: &mut Log| {
        log.push(Problem::error(file, why, "Export the calendar again; it may be cut short or damaged").row(row));
        None
    };
    for (row, text) in lines.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let line = property(*row, text);
        match (line, open.last_mut()) {
            (Some(line), _) if line.name == "BEGIN" => {
                count += 1;
                if open.len() >= MOST_DEPTH || count > MOST_PARTS {
                    return refuse(
                        *row,
                        "there are too many components, or they stand too deep in each other".to_owned(),
                        log,
                    );
                }
                open.push(Part { row: *row, name: line.value.trim().to_uppercase(), ..Part::default() });
            }
            (Some(line), Some(last)) if line.name == "END" => {
                if !last.name.eq_ignore_ascii_case(line.value.trim()) {
                    let why = format!("END:{} stands where END:{} should", shown(&line.value), shown(&last.name));
                    return refuse(*row, why, log);
                }
                let part = open.pop().unwrap_or_default();
                match open.last_mut() {
                    Some(outer) => outer.parts.push(part),
                    None => done.push(part),
                }
            }
            (Some(line), Some(last)) => last.lines.push(line),
            _ => strange(file, *row, text, log),
        }
    }
    match open.last() {
        Some(part) => refuse(part.row, format!("BEGIN:{} has no END", shown(&part.name)), log),
        None => Some(done),
    }
}

fn strange(file: &str, row: u64, text: &str, log: &mut Log) {
    log.one_of(Level::Error, file, "lines that are no lines of a calendar", || {
        let why = "this line is no line of a calendar (NAME:value), or stands outside of one";
        let advice = "If it belongs to the line above, put a blank before it; else export the calendar again";
        Problem::error(file, why, advice).row(row).value(text)
    });
}

/// Reads `NAME;PARAMETER=VALUE;OTHER="quoted: value":value`. None if it is nothing like it.
fn property(row: u64, text: &str) -> Option<Line> {
    let text = text.trim_start_matches('\u{FEFF}');
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_');
    let end = text.find(|letter| !is_name(letter))?;
    let (name, mut rest) = text.split_at(end);
    let name = name.rsplit('.').next().filter(|name| !name.is_empty())?.to_uppercase();
    let mut params = Vec::new();
    while let Some(after) = rest.strip_prefix(';') {
        let end = unquoted(after, &[';', ':'])?;
        let (key, value) = after[..end].split_once('=')?;
        params.push((key.trim().to_uppercase(), bare(value)));
        rest = &after[end..];
    }
    Some(Line { row, name, params, value: rest.strip_prefix(':')?.to_owned() })
}

/// Where the first of `marks` stands outside of quotes.
fn unquoted(text: &str, marks: &[char]) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, letter)| {
        quoted ^= letter == '"';
        (!quoted && marks.contains(&letter)).then_some(at)
    })
}

/// A parameter's value without its quotes and the escapes of RFC 6868.
fn bare(value: &str) -> String {
    value.trim().trim_matches('"').replace("^'", "\"").replace("^n", " ").replace("^^", "^").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_where_no_quotes_are() {
        let line = property(3, "attendee;MEMBER=\"mailto:a\",\"mailto:b\";CN=\"Núñez; Ana: x\":mailto:x@y").unwrap();
        assert_eq!(
            (line.name.as_str(), line.param("CN"), line.value.as_str()),
            ("ATTENDEE", Some("Núñez; Ana: x"), "mailto:x@y")
        );
        assert_eq!(property(1, "item1.DTSTART:20270104").unwrap().name, "DTSTART");
        assert_eq!(property(1, "SUMMARY:a\\, b\\nc\\;d:e").unwrap().text(), "a, b\nc;d:e");
    }

    #[test]
    fn what_has_no_colon_is_no_line() {
        for text in
            ["GARBAGE", "DTSTART :20270104", "DTSTART;VALUE=DATE", "DTSTART;TZID=\"open:20270104", ":x", "A;B:c"]
        {
            assert_eq!(property(1, text), None, "{text}");
        }
    }

    #[test]
    fn lines_are_joined_and_keep_their_numbers() {
        let (bytes, rows) = unfolded("A:1\r\n  2\r\n\t3\r\nB:\u{e9}\r\n".as_bytes());
        assert_eq!(String::from_utf8(bytes).unwrap(), "A:1 23\nB:\u{e9}\n");
        assert_eq!(rows, [1, 4, 5]);
        assert_eq!(unfolded(b"A:1\rB:2\r").1, [1, 2, 3]);
        // A fold within the two bytes of one letter.
        assert_eq!(unfolded(b"A:\xC3\r\n \xA9").0, "A:\u{e9}".as_bytes());
    }
}
