//! Quotes of delimited text: where a cell between quotes begins and ends, and what can't be meant so.
//!
//! `csv-core` reads whatever it is given: what follows a closing quote becomes part of the cell. A quote that somebody left
//! open then ends at the next one, and the rows between are gone. So this small machine goes over the same text beside it,
//! from quote to quote, and stops where a closing quote is followed by anything but blanks, the delimiter or a line end.

/// Where the machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Outside of quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// After a quote between quotes: the end of the cell, or the first of two that stand for one.
    Ended,
    /// After the end of a quoted cell, among blanks.
    Blank,
    /// After two quotes between quotes, the first of which has a backslash before it.
    Doubled,
}

/// What can't be meant so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// How much of the text that was given last lies before it.
    pub(super) at: usize,
    /// The line of a text editor in which the quote was opened.
    pub(super) opened: u64,
    /// The line in which it ended.
    pub(super) ended: u64,
    /// Whether a backslash stands before the quote that ended it.
    pub(super) backslash: bool,
}

/// The machine.
pub(super) struct Quotes {
    delimiter: u8,
    state: State,
    /// The byte before what comes; a line end at the beginning.
    last: u8,
    lines: Lines,
    opened: u64,
    /// How many backslashes stand right before what comes.
    slashes: usize,
}

impl Quotes {
    /// The machine for cells that `delimiter` separates.
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, state: State::Plain, last: b'\n', lines: Lines::default(), opened: 1, slashes: 0 }
    }

    /// The machine for text that begins after this many lines of its file.
    pub(super) fn below(self, lines: u64) -> Self {
        Self { lines: Lines { ended: lines, after_return: false }, ..self }
    }

    /// The line in which a quote was opened that is still open.
    pub(super) fn open(&self) -> Option<u64> {
        (self.state == State::Quoted).then_some(self.opened)
    }

    /// Goes over the next piece of text.
    ///
    /// # Errors
    /// The first thing that can't be meant so.
    pub(super) fn take(&mut self, text: &str) -> Result<(), Fault> {
        let mut at = 0;
        while at < text.len() {
            at = match self.state {
                State::Plain | State::Quoted => self.seek(text, at),
                _ => self.after(text, at)?,
            };
        }
        Ok(())
    }

    /// Goes to the next quote, and past it.
    fn seek(&mut self, text: &str, at: usize) -> usize {
        let rest = text.get(at..).unwrap_or_default();
        let (before, found) = match rest.split_once('"') {
            Some((before, _)) => (before, true),
            None => (rest, false),
        };
        self.lines.pass(before);
        if let Some(last) = before.as_bytes().last() {
            self.last = *last;
            let slashes = before.bytes().rev().take_while(|byte| *byte == b'\\').count();
            self.slashes = if slashes == before.len() { self.slashes + slashes } else { slashes };
        }
        if !found {
            return text.len();
        }
        let begins = self.is_end(self.last);
        self.state = match self.state {
            State::Quoted => State::Ended,
            _ if begins => State::Quoted,
            _ => State::Plain,
        };
        if self.state == State::Quoted {
            self.opened = self.lines.line();
        }
        self.last = b'"';
        self.lines.pass("\"");
        if self.state != State::Ended {
            self.slashes = 0;
        }
        at + before.len() + 1
    }

    /// Looks at what follows a quote between quotes.
    fn after(&mut self, text: &str, at: usize) -> Result<usize, Fault> {
        let byte = text.as_bytes().get(at).copied().unwrap_or_default();
        let backslash = self.slashes % 2 == 1;
        let fault = |backslash| Fault { at, opened: self.opened, ended: self.lines.line(), backslash };
        match (self.state, byte) {
            (State::Ended, b'"') => {
                self.state = if backslash { State::Doubled } else { State::Quoted };
                self.last = b'"';
                self.slashes = 0;
                return Ok(at + 1);
            }
            // `\""` before the end of a cell: with backslashes the cell ends here, with doubled quotes it goes on.
            (State::Doubled, byte) if self.is_end(byte) => return Err(fault(true)),
            (State::Doubled, _) => {
                self.state = State::Quoted;
                return Ok(at);
            }
            (_, byte) if self.is_end(byte) => (self.state, self.slashes) = (State::Plain, 0),
            (_, b' ' | b'\t') => self.state = State::Blank,
            _ => return Err(fault(backslash)),
        }
        self.lines.pass(text.get(at..=at).unwrap_or_default());
        self.last = byte;
        Ok(at + 1)
    }

    /// Whether a cell ends at this byte, and another may begin after it.
    fn is_end(&self, byte: u8) -> bool {
        byte == self.delimiter || matches!(byte, b'\n' | b'\r')
    }
}

/// Counts lines as a text editor does: a line ends with CR, LF or both.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    ended: u64,
    after_return: bool,
}

impl Lines {
    /// The number of the line that comes, from 1.
    pub(super) fn line(&self) -> u64 {
        self.ended + 1
    }

    /// Goes over the next piece of text.
    pub(super) fn pass(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let Some(last) = bytes.last() else { return };
        let is = |wanted: u8| bytes.iter().filter(|byte| **byte == wanted).count() as u64;
        let both = match bytes.contains(&b'\r') {
            true => is(b'\r').saturating_sub(text.matches("\r\n").count() as u64),
            false => 0,
        };
        let second_half = self.after_return && bytes.first() == Some(&b'\n');
        self.ended = (self.ended + is(b'\n') + both).saturating_sub(u64::from(second_half));
        self.after_return = *last == b'\r';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(delimiter: u8, text: &str) -> Option<(u64, u64, bool)> {
        let whole = Quotes::new(delimiter).take(text).err();
        // However the text is cut into pieces, the same is found.
        let mut piecemeal = Quotes::new(delimiter);
        let letters: Vec<String> = text.chars().map(String::from).collect();
        let cut = letters.iter().find_map(|letter| piecemeal.take(letter).err());
        let what = |fault: Fault| (fault.opened, fault.ended, fault.backslash);
        assert_eq!(whole.clone().map(what), cut.map(what), "{text}");
        whole.map(what)
    }

    #[test]
    fn cells_between_quotes_are_sound() {
        for text in [
            "a,b\n1,2\n",
            "\"a\",\"b\"\r\n\"1\",\"2\"",
            "a,\"b, c\"\n",
            "a,\"two\nlines\"\nc,d\n",
            "a,\"he said \"\"no\"\"\"\nc,d\n",
            "a,\"\"\nc,\"\"\"\"\n",
            "a,\"b\" \nc,\"d\"\t,e\n",
            "a,5\" pipe\n12\" and 5\",b\n",
            "=\"007\",x\n",
            "\"a\"\r\"b\"\r",
            "x,\"C:\\old\\\"\ny,z\n",
            "",
        ] {
            assert_eq!(found(b',', text), None, "{text}");
        }
    }

    #[test]
    fn text_after_a_closing_quote_is_found() {
        for (delimiter, text, expected) in [
            (b',', "a,\"12 Main\nA-12,x,5\" x\n", (1, 2, false)),
            (b';', "k;n\n1;\"ill\n2;x\" y\n", (2, 3, false)),
            (b'\t', "k\tn\n1\t\"ill\n2\t\"x\n", (2, 3, false)),
            (b',', "k,n\r1,\"ill\r2,\"x\r", (2, 3, false)),
            (b',', "k,n\r\n1,\"ill\r\n2,\"x\r\n", (2, 3, false)),
            (b',', "a,\"no \"\"way\"\"\" x\n", (1, 1, false)),
            (b',', "a,\"b\" \"c\"\n", (1, 1, false)),
            (b',', "a,\"5\\\" pipe\",b\n", (1, 1, true)),
            (b',', "a,\"says \\\"no\\\"\",b\n", (1, 1, true)),
            (b',', "a,\"no \\\"\",b\n1,\"x\"\n", (1, 1, true)),
            (b';', "\"a\",\"b\"\n", (1, 1, false)),
        ] {
            assert_eq!(found(delimiter, text), Some(expected), "{text}");
        }
    }

    #[test]
    fn an_open_quote_is_known_by_its_line() {
        let mut quotes = Quotes::new(b',');
        assert_eq!(quotes.take("a,b\n1,\"x\n2,y\n"), Ok(()));
        assert_eq!(quotes.open(), Some(2));
    }

    #[test]
    fn lines_are_those_of_a_text_editor() {
        for (pieces, line) in
            [(&["a\nb\n"][..], 3), (&["a\r\nb\r", "\nc"], 3), (&["a\rb\r", "c"], 3), (&["a\r", "\r\n"], 3)]
        {
            let mut lines = Lines::default();
            pieces.iter().for_each(|piece| lines.pass(piece));
            assert_eq!(lines.line(), line, "{pieces:?}");
        }
    }
}
