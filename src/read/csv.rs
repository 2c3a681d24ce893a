//! Records of delimited text (RFC 4180 and what offices make of it), one at a time and of bounded size.
//!
//! Rows are counted as a spreadsheet counts them: one a record, a blank line too. Quoted cells may hold
//! newlines; a quote that is never closed is an error, not a cell that swallows the rest of the file, and so is one that
//! closes where no cell ends ([`super::quotes`]) or about rows of the table ([`super::swallowed`]).

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::decode::{Broken, Chunks, Ready, Undecodable};
use super::quotes::Quotes;
use super::swallowed::{Look, Swallowed};

/// Most bytes of one record.
pub(super) const MOST_BYTES: usize = 1 << 20;
/// Most cells of one record.
pub(super) const MOST_CELLS: usize = 1024;
/// The delimiters that are looked for.
pub(super) const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// One row of a table, as text.
pub(super) struct Record<'a> {
    /// Its number in a spreadsheet, from 1.
    pub(super) row: u64,
    /// The line of a text editor in which it begins; 0 in a workbook.
    pub(super) line: u64,
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    /// A row whose cells end at `ends` of `text`.
    pub(super) fn new(row: u64, text: &'a str, ends: &'a [usize]) -> Self {
        Self { row, line: 0, text, ends }
    }

    /// The same row under a number that is `before` higher.
    pub(super) fn after(&self, before: u64) -> Self {
        Self { row: self.row + before, ..*self }
    }

    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell without the blanks around it; empty where there is none. `="007"`, with which Excel keeps a text, is `007`.
    pub(super) fn cell(&self, at: usize) -> &'a str {
        let cell = self.raw(at).trim();
        if self.line > 0 { kept_text(cell).unwrap_or(cell) } else { cell }
    }

    /// A cell as it stands.
    pub(super) fn raw(&self, at: usize) -> &'a str {
        let start = if at == 0 { Some(0) } else { self.ends.get(at - 1).copied() };
        let range = start.zip(self.ends.get(at).copied());
        range.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }

    /// Whether a cell of it has several lines.
    pub(super) fn has_lines(&self) -> bool {
        self.text.as_bytes().contains(&b'\n') || self.text.as_bytes().contains(&b'\r')
    }

    /// Whether all of it is ASCII, in which nothing is hidden but control characters.
    pub(super) fn is_ascii(&self) -> bool {
        self.text.is_ascii()
    }

    /// All cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = &'a str> + '_ {
        (0..self.len()).map(|at| self.cell(at))
    }

    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        super::spelled::trim(self.text).is_empty()
    }
}

/// What stands between `="` and `"`: a formula whose only use is that a spreadsheet does not take the text for a number.
fn kept_text(cell: &str) -> Option<&str> {
    cell.strip_prefix("=\"")?.strip_suffix('"').filter(|text| !text.contains('"'))
}

/// How a file separates and quotes its cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) delimiter: u8,
    /// Whether quotes are letters like others.
    pub(super) letters: bool,
    /// Whether the policy says that lines within a cell are meant, also where they look like rows.
    pub(super) meant: bool,
    /// Bytes of text that stand above the table, on a line of their own.
    pub(super) above: usize,
}

impl Style {
    /// Cells between delimiters or quotes, and nothing special.
    pub(super) fn of(delimiter: u8) -> Self {
        Self { delimiter, letters: false, meant: false, above: 0 }
    }
}

/// Why records stop before the end of the file; `row` is the one that could not be read.
pub(super) enum Stop {
    Undecodable {
        row: u64,
        line: u64,
        bad: Undecodable,
    },
    TooLong {
        row: u64,
    },
    TooManyCells {
        row: u64,
    },
    Unclosed {
        row: u64,
        line: u64,
    },
    /// Text follows a closing quote.
    AfterQuote {
        row: u64,
        opened: u64,
        ended: u64,
        backslash: bool,
    },
    /// A quoted cell holds what may be a row.
    Swallowed(Box<Swallowed>),
    /// A workbook that can't be read, and why.
    Workbook(String),
    /// No more rows are wanted.
    Enough,
    Io(std::io::Error),
}

/// Gives every record to `each`, until that returns false; quotes are taken as they come.
pub(super) fn records(
    text: &mut dyn Chunks,
    delimiter: u8,
    each: &mut dyn FnMut(&Record<'_>) -> bool,
) -> Result<(), Stop> {
    split(text, &Style::of(delimiter), None, each)
}

/// Gives every record to `each`, until that returns false or a quote can't be meant as it stands.
pub(super) fn strict(
    text: &mut dyn Chunks,
    style: &Style,
    each: &mut dyn FnMut(&Record<'_>) -> bool,
) -> Result<(), Stop> {
    let quotes = (!style.letters).then(|| Quotes::new(style.delimiter).below(u64::from(style.above > 0)));
    let mut look = Look::new(style.delimiter);
    let looks = !style.letters && !style.meant;
    let mut both = |record: &Record<'_>| {
        if looks {
            look.take(record);
        }
        each(record)
    };
    split(text, style, quotes, &mut both)?;
    match look.end().filter(|_| looks) {
        Some(swallowed) => Err(Stop::Swallowed(Box::new(swallowed))),
        None => Ok(()),
    }
}

fn split(
    text: &mut dyn Chunks,
    style: &Style,
    mut quotes: Option<Quotes>,
    each: &mut dyn FnMut(&Record<'_>) -> bool,
) -> Result<(), Stop> {
    let mut splitter = Splitter::new(style);
    let (mut chunk, mut above) = (String::new(), style.above);
    loop {
        chunk.clear();
        let next = text.next(&mut chunk);
        let piece = chunk.get(above.min(chunk.len())..).unwrap_or_default();
        above -= above.min(chunk.len());
        let fault = quotes.as_mut().and_then(|quotes| quotes.take(piece).err());
        let sound = fault.as_ref().and_then(|fault| piece.get(..fault.at)).unwrap_or(piece);
        if !splitter.take(sound.as_bytes(), each)? {
            return Ok(());
        }
        if let Some(fault) = fault {
            let (row, opened, ended) = (splitter.row, fault.opened, fault.ended);
            return Err(Stop::AfterQuote { row, opened, ended, backslash: fault.backslash });
        }
        match next {
            Ok(true) => {}
            Ok(false) => return splitter.end(quotes.as_ref().and_then(Quotes::open), each),
            Err(Broken::Io(error)) => return Err(Stop::Io(error)),
            Err(Broken::Bytes(bad)) => {
                return Err(Stop::Undecodable { row: splitter.row, line: splitter.line, bad });
            }
        }
    }
}

struct Splitter {
    reader: Reader,
    cells: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    ended: usize,
    row: u64,
    line: u64,
    /// The line in which the record begins.
    began: u64,
    /// Between records: what comes may be a blank line.
    fresh: bool,
    after_return: bool,
}

impl Splitter {
    fn new(style: &Style) -> Self {
        let reader = ReaderBuilder::new().delimiter(style.delimiter).quoting(!style.letters).build();
        let (cells, ends) = (vec![0; 4096], vec![0; 64]);
        let line = if style.above > 0 { 2 } else { 1 };
        let (row, fresh, after_return) = (1, true, false);
        Self { reader, cells, filled: 0, ends, ended: 0, row, line, began: line, fresh, after_return }
    }

    /// Splits `input`; false if `each` wants no more.
    fn take(&mut self, mut input: &[u8], each: &mut dyn FnMut(&Record<'_>) -> bool) -> Result<bool, Stop> {
        while let Some(first) = input.first() {
            if self.fresh && self.skip_blank(*first) {
                input = &input[1..];
                continue;
            }
            if self.fresh {
                self.began = self.line;
            }
            let (result, read, wrote, ended) =
                self.reader.read_record(input, &mut self.cells[self.filled..], &mut self.ends[self.ended..]);
            let (taken, rest) = input.split_at(read);
            self.line += line_ends(taken, self.after_return && !self.fresh);
            self.after_return = taken.last().is_some_and(|byte| *byte == b'\r');
            (input, self.filled, self.ended, self.fresh) = (rest, self.filled + wrote, self.ended + ended, false);
            match result {
                ReadRecordResult::Record if !self.emit(each) => return Ok(false),
                ReadRecordResult::OutputFull => self.widen()?,
                ReadRecordResult::OutputEndsFull => self.add_cells()?,
                _ => {}
            }
        }
        Ok(true)
    }

    /// Counts a blank line, or the second half of a line end, that begins with `byte`.
    fn skip_blank(&mut self, byte: u8) -> bool {
        let second_half = std::mem::replace(&mut self.after_return, byte == b'\r') && byte == b'\n';
        self.line += u64::from(matches!(byte, b'\n' | b'\r') && !second_half);
        self.row += u64::from(matches!(byte, b'\n' | b'\r') && !second_half);
        matches!(byte, b'\n' | b'\r')
    }

    fn emit(&mut self, each: &mut dyn FnMut(&Record<'_>) -> bool) -> bool {
        // The text was decoded as a whole and is split at ASCII only, so it is always valid.
        let text = std::str::from_utf8(&self.cells[..self.filled]).unwrap_or_default();
        let goes_on = each(&Record { row: self.row, line: self.began, text, ends: &self.ends[..self.ended] });
        (self.filled, self.ended, self.fresh) = (0, 0, true);
        self.row += 1;
        goes_on
    }

    fn widen(&mut self) -> Result<(), Stop> {
        if self.cells.len() >= MOST_BYTES {
            return Err(Stop::TooLong { row: self.row });
        }
        self.cells.resize(self.cells.len() * 2, 0);
        Ok(())
    }

    fn add_cells(&mut self) -> Result<(), Stop> {
        if self.ends.len() >= MOST_CELLS {
            return Err(Stop::TooManyCells { row: self.row });
        }
        self.ends.resize(self.ends.len() * 2, 0);
        Ok(())
    }

    /// A line end closes the last record, unless a quote is open: in the line `open`, where that is known.
    fn end(mut self, open: Option<u64>, each: &mut dyn FnMut(&Record<'_>) -> bool) -> Result<(), Stop> {
        if self.fresh {
            return Ok(());
        }
        self.take(b"\n", each)?;
        if self.fresh { Ok(()) } else { Err(Stop::Unclosed { row: self.row, line: open.unwrap_or(self.began) }) }
    }
}

/// How many lines end in these bytes, with CR, LF or both; `after` says whether a CR stands before them.
fn line_ends(bytes: &[u8], after: bool) -> u64 {
    let feeds = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
    if !after && !bytes.contains(&b'\r') {
        return feeds;
    }
    let returns = bytes.iter().filter(|byte| **byte == b'\r').count() as u64;
    let both = bytes.windows(2).filter(|pair| pair == b"\r\n").count() as u64;
    (feeds + returns - both).saturating_sub(u64::from(after && bytes.first() == Some(&b'\n')))
}

/// The delimiter of a table that begins with `sample`: the one under which most header cells are `known`,
/// then the one that cuts every row alike, then the one that cuts most.
pub(super) fn delimiter(sample: &str, known: &dyn Fn(&str) -> bool) -> u8 {
    let score = |delimiter: &u8| {
        let (mut widths, mut matched) = (Vec::new(), 0);
        let _ = records(&mut Ready(Some(sample)), *delimiter, &mut |record| {
            if widths.is_empty() {
                matched = record.cells().filter(|cell| known(cell)).count();
            }
            widths.push(record.len());
            widths.len() < 50
        });
        let width = widths.first().copied().unwrap_or_default();
        let alike = width > 1 && widths.iter().rev().skip(1).all(|other| *other == width);
        (matched, alike, width)
    };
    DELIMITERS.into_iter().rev().max_by_key(score).unwrap_or(b',')
}
