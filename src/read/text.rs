//! A file of delimited text, opened: its encoding, what separates its cells, and what stands in the way of reading it.
//!
//! What can't be known of it is asked, what can't be read is refused by name, before any row is looked at.

use super::csv::{self, DELIMITERS, Record, Stop, Style};
use super::decode::{self, Decoded, How, Ready, Spelling};
use super::doubt::doubt;
use super::explained::{name_of, told_of};
use super::policy::Says;
use super::problem::{Log, Problem, shown};
use super::source::Source;

/// Lines that are looked at to find out what a file is.
const LINES: usize = 50;

/// Text whose rows can be read.
pub(super) struct Text<'a> {
    decoded: Decoded<'a>,
    style: Style,
}

impl Text<'_> {
    /// Gives every row to `each`, until that returns false.
    pub(super) fn rows(mut self, each: &mut dyn FnMut(&Record<'_>) -> bool) -> Result<(), Stop> {
        csv::strict(&mut self.decoded, &self.style, each)
    }
}

/// Opens a file. None where something must be asked or mended first, which is in the log; `pick` finds the delimiter in its
/// beginning.
pub(super) fn open<'a>(
    source: &'a dyn Source,
    file: &str,
    says: &Says,
    pick: &dyn Fn(&str) -> u8,
    log: &mut Log,
) -> Result<Option<Text<'a>>, Stop> {
    let spelling = decode::detect(source, file, says.encoding).map_err(Stop::Io)?;
    if is_doubtful(source, file, &spelling, says, log)? {
        return Ok(None);
    }
    let whole = decode::sample(source, file, &spelling).map_err(Stop::Io)?;
    let said = separator(&whole);
    let above = said.map_or(0, |(_, length)| length);
    let sample = whole.get(above..).unwrap_or_default();
    let first = said.map(|(letter, _)| letter);
    if let Some(letter) = first.filter(|letter| says.delimiter.is_none() && !is_read(*letter)) {
        let why =
            format!("its first line says that `{}` separates the cells, which is not read", shown(&letter.to_string()));
        let advice = "Save it with commas, semicolons or tabs";
        log.push(Problem::error(file, why, advice).row(1));
        return Ok(None);
    }
    let stated = says.delimiter.or(first.and_then(|letter| u8::try_from(letter).ok()));
    let delimiter = stated.unwrap_or_else(|| pick(sample));
    if let Some((why, advice)) = refusal(sample, delimiter) {
        log.push(Problem::error(file, why, advice));
        return Ok(None);
    }
    let says_so = if first.is_some() && says.delimiter.is_none() { " (as its first line says)" } else { "" };
    log.note(file, format!("{}{says_so}", told_of(&spelling, sample, delimiter)));
    let style = Style { delimiter, letters: says.letters, meant: says.lines, above };
    Ok(Some(Text { decoded: Decoded::open(source, file, &spelling).map_err(Stop::Io)?, style }))
}

/// Asks which encoding is meant, where the guess makes less sense than another.
fn is_doubtful(source: &dyn Source, file: &str, spelling: &Spelling, says: &Says, log: &mut Log) -> Result<bool, Stop> {
    let guess = spelling.encoding;
    if spelling.how != How::Guessed || guess.name().starts_with("UTF") {
        return Ok(false);
    }
    let found = doubt(source.open(file).map_err(Stop::Io)?, guess).map_err(Stop::Io)?;
    let words: Vec<String> =
        found.iter().map(|one| format!("`{}` ({})", shown(&one.word), one.charset.told())).collect();
    let sets: Vec<[(&str, &str); 1]> = found.iter().map(|one| [("encoding", one.charset.name())]).collect();
    let options: Vec<(&str, &[(&str, &str)])> =
        words.iter().zip(&sets).map(|(words, sets)| (words.as_str(), sets.as_slice())).collect();
    if !found.is_empty() {
        let why = "the encoding of the file can't be told from its letters; look which word is right";
        log.ask(says, Problem::error(file, why, ""), &options);
    }
    Ok(!found.is_empty())
}

/// What the first line says that separates the cells, as Excel understands it (`sep=;`), and how long the line is.
fn separator(sample: &str) -> Option<(char, usize)> {
    let end = sample.find(['\n', '\r'])?;
    let line = sample.get(..end)?.trim_matches('"');
    let mut letters = line.get(..4).filter(|sep| sep.eq_ignore_ascii_case("sep=")).and(line.get(4..))?.chars();
    let letter = letters.next().filter(|_| letters.next().is_none())?;
    let length = if sample.get(end..)?.starts_with("\r\n") { end + 2 } else { end + 1 };
    Some((letter, length))
}

fn is_read(letter: char) -> bool {
    DELIMITERS.iter().any(|delimiter| char::from(*delimiter) == letter)
}

/// Why a file can't be read that seems to have one column, and what to do.
fn refusal(sample: &str, delimiter: u8) -> Option<(String, String)> {
    let mut rows: Vec<String> = Vec::new();
    let mut single = true;
    let _ = csv::records(&mut Ready(Some(sample)), delimiter, &mut |record| {
        if !record.is_blank() {
            single &= record.len() == 1;
            rows.push(record.cell(0).to_owned());
        }
        single && rows.len() < LINES
    });
    if single && rows.len() > 1 && sample.trim_start_matches(['\u{FEFF}', '\n', '\r']).starts_with('"') {
        let inner = DELIMITERS.into_iter().find(|inner| is_cut(rows.iter(), char::from(*inner)));
        if let Some(inner) = inner {
            let why = format!(
                "every row stands between quotes as one cell, with {} in it: `{}`",
                name_of(inner),
                shown(rows.first().map_or("", String::as_str))
            );
            let advice = "Export it again without quotes around the whole row, or delete the first and the last quote of each row and write one quote where two stand";
            return Some((why, advice.to_owned()));
        }
    }
    let lines: Vec<&str> = sample.lines().filter(|line| !line.trim().is_empty()).take(LINES).collect();
    let plain = lines.iter().filter(|line| !line.bytes().any(|byte| DELIMITERS.contains(&byte))).count();
    if lines.len() < 2 || plain * 4 < lines.len() * 3 {
        return None;
    }
    if is_cut(lines.iter(), '|') {
        let why = "its cells are separated by `|`, which here separates several values within a cell".to_owned();
        return Some((why, "Save it with commas, semicolons or tabs between the cells".to_owned()));
    }
    let apart = lines.iter().filter(|line| line.trim().contains("  ")).count();
    (single && apart * 4 >= lines.len() * 3).then(|| {
        let why = "its columns seem to stand apart by blanks only, so where a cell ends can't be known".to_owned();
        (why, "Save it with commas, semicolons or tabs between the cells".to_owned())
    })
}

/// Whether `letter` cuts nearly all lines into the same number of pieces, more than one.
fn is_cut<T: AsRef<str>>(lines: impl Iterator<Item = T>, letter: char) -> bool {
    let counts: Vec<usize> = lines.map(|line| line.as_ref().matches(letter).count()).collect();
    let usual = counts
        .iter()
        .copied()
        .filter(|count| *count > 0)
        .max_by_key(|count| counts.iter().filter(|other| *other == count).count());
    usual.is_some_and(|usual| counts.iter().filter(|count| **count == usual).count() * 4 >= counts.len() * 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_may_say_what_separates() {
        for (sample, said) in [
            ("sep=;\nid;name\n", Some((';', 6))),
            ("SEP=,\r\nid,name\r\n", Some((',', 7))),
            ("\"sep=|\"\nid|name\n", Some(('|', 8))),
            ("sep=\t\rid\tname\r", Some(('\t', 6))),
            ("sep=\nid\n", None),
            ("separate;x\n", None),
            ("id,name\n", None),
            ("", None),
        ] {
            assert_eq!(separator(sample), said, "{sample}");
        }
    }

    #[test]
    fn what_has_one_column_by_mistake_is_refused_by_name() {
        for (sample, why) in [
            ("\"id,name\"\n\"1,Ana\"\n", Some("every row")),
            ("\"id;\"\"name\"\"\"\n\"1;\"\"Ana\"\"\"\n", Some("every row")),
            ("id|name\n1|Ana\n2|Núñez, Bo\n", None),
            ("id|name\n1|Ana\n2|Bo\n", Some("its cells")),
            ("id    name\n1     Ana\n2     Bo\n", Some("its columns")),
            ("id\n1\n2\n", None),
            ("id,name\n1,Ana\n", None),
            ("date,place,inspectors\n1,2,a|b\n1,3,a|c\n", None),
            ("\"id\",\"name\"\n\"1\",\"Ana\"\n", None),
        ] {
            let found = refusal(sample, b',').map(|(found, _)| found);
            assert_eq!(
                found.as_deref().map(|found| found.starts_with(why.unwrap_or("?"))),
                why.map(|_| true),
                "{sample}"
            );
        }
    }
}
