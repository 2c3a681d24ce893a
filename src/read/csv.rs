//! Records of delimited text (RFC 4180 and what offices make of it), one at a time and of bounded size.
//!
//! Rows are counted as a spreadsheet counts them: one a record, a blank line too. Quoted cells may hold
//! newlines; a quote that is never closed is an error, not a cell that swallows the rest of the file.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::decode::{Broken, Chunks, Ready, Undecodable};

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
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    /// A row whose cells end at `ends` of `text`.
    pub(super) fn new(row: u64, text: &'a str, ends: &'a [usize]) -> Self {
        Self { row, text, ends }
    }

    /// The same row under a number that is `before` higher.
    pub(super) fn after(&self, before: u64) -> Self {
        Self { row: self.row + before, ..*self }
    }

    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell without the blanks around it; empty where there is none.
    pub(super) fn cell(&self, at: usize) -> &'a str {
        let start = if at == 0 { Some(0) } else { self.ends.get(at - 1).copied() };
        let range = start.zip(self.ends.get(at).copied());
        range.and_then(|(start, end)| self.text.get(start..end)).map_or("", str::trim)
    }

    /// All cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = &'a str> + '_ {
        (0..self.len()).map(|at| self.cell(at))
    }

    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
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
    },
    /// A workbook that can't be read, and why.
    Workbook(String),
    /// No more rows are wanted.
    Enough,
    Io(std::io::Error),
}

/// Gives every record to `each`, until that returns false.
pub(super) fn records(
    text: &mut dyn Chunks,
    delimiter: u8,
    each: &mut dyn FnMut(&Record<'_>) -> bool,
) -> Result<(), Stop> {
    let mut splitter = Splitter::new(delimiter);
    let mut chunk = String::new();
    loop {
        chunk.clear();
        let next = text.next(&mut chunk);
        if !splitter.take(chunk.as_bytes(), each)? {
            return Ok(());
        }
        match next {
            Ok(true) => {}
            Ok(false) => return splitter.end(each),
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
    /// Between records: what comes may be a blank line.
    fresh: bool,
    after_return: bool,
}

impl Splitter {
    fn new(delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        let (cells, ends) = (vec![0; 4096], vec![0; 64]);
        Self { reader, cells, filled: 0, ends, ended: 0, row: 1, line: 1, fresh: true, after_return: false }
    }

    /// Splits `input`; false if `each` wants no more.
    fn take(&mut self, mut input: &[u8], each: &mut dyn FnMut(&Record<'_>) -> bool) -> Result<bool, Stop> {
        while let Some(first) = input.first() {
            if self.fresh && self.skip_blank(*first) {
                input = &input[1..];
                continue;
            }
            let (result, read, wrote, ended) =
                self.reader.read_record(input, &mut self.cells[self.filled..], &mut self.ends[self.ended..]);
            let (taken, rest) = input.split_at(read);
            self.line += taken.iter().filter(|byte| **byte == b'\n').count() as u64;
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
        self.line += u64::from(byte == b'\n');
        self.row += u64::from(matches!(byte, b'\n' | b'\r') && !second_half);
        matches!(byte, b'\n' | b'\r')
    }

    fn emit(&mut self, each: &mut dyn FnMut(&Record<'_>) -> bool) -> bool {
        // The text was decoded as a whole and is split at ASCII only, so it is always valid.
        let text = std::str::from_utf8(&self.cells[..self.filled]).unwrap_or_default();
        let goes_on = each(&Record::new(self.row, text, &self.ends[..self.ended]));
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

    /// A line end closes the last record, unless a quote is open.
    fn end(mut self, each: &mut dyn FnMut(&Record<'_>) -> bool) -> Result<(), Stop> {
        if self.fresh {
            return Ok(());
        }
        self.take(b"\n", each)?;
        if self.fresh { Ok(()) } else { Err(Stop::Unclosed { row: self.row }) }
    }
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
