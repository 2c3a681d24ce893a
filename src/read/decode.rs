//! From bytes to text: which encoding a file is in, how that is known, and its text chunk by chunk.
//!
//! A byte order mark settles it; so does the policy. Without either, a file that is valid UTF-8 from end
//! to end is UTF-8. One that is mostly so is a damaged UTF-8 file and refused; any other is guessed from
//! its letters, and the guess is stated together with a word to judge it by. Nothing is ever replaced.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use oem_cp::code_table_type::TableType;

use super::charset::Charset;
use super::source::Source;

/// Bytes read at a time.
const CHUNK: usize = 1 << 14;
/// Bytes of text that are looked at to find the delimiter.
const SAMPLE: usize = 1 << 16;

/// The encoding of a file, and what tells it.
#[derive(Clone, Debug)]
pub(super) struct Spelling {
    pub(super) encoding: Charset,
    mark: usize,
    pub(super) how: How,
}

/// What tells an encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// `policy.toml` states it.
    Stated,
    /// The byte order mark at the beginning.
    Mark,
    /// Every byte of the file fits.
    Proven,
    /// The letters make it likely.
    Guessed,
}

/// Bytes that the encoding does not have.
#[derive(Clone, Debug)]
pub(super) struct Undecodable {
    /// Their position in the file, from 0.
    pub(super) offset: u64,
    /// The bytes, in hexadecimal.
    pub(super) bytes: String,
}

/// Why text stops before its end.
pub(super) enum Broken {
    Bytes(Undecodable),
    Io(io::Error),
}

/// Text that comes in pieces.
pub(super) trait Chunks {
    /// Appends the next piece to `out`; false at the end. What precedes a broken byte is still appended.
    fn next(&mut self, out: &mut String) -> Result<bool, Broken>;
}

/// Finds the encoding of a file.
pub(super) fn detect(source: &dyn Source, name: &str, stated: Option<Charset>) -> io::Result<Spelling> {
    let mut head = Vec::new();
    source.open(name)?.take(4096).read_to_end(&mut head)?;
    let marked = Encoding::for_bom(&head);
    if let Some(encoding) = stated {
        let mark = marked.map_or(0, |(of, length)| if Charset::Web(of) == encoding { length } else { 0 });
        return Ok(Spelling { encoding, mark, how: How::Stated });
    }
    if let Some((encoding, mark)) = marked {
        return Ok(Spelling { encoding: Charset::Web(encoding), mark, how: How::Mark });
    }
    if let Some(encoding) = unmarked_utf_16(&head) {
        return Ok(Spelling { encoding: Charset::Web(encoding), mark: 0, how: How::Guessed });
    }
    let survey = Survey::of(source.open(name)?)?;
    let (encoding, how) = match survey {
        Survey { broken: 0, .. } => (UTF_8, How::Proven),
        // In a file of another encoding bytes form UTF-8 letters only by rare accident.
        Survey { broken, letters } if letters > broken => (UTF_8, How::Guessed),
        _ => (guess(source.open(name)?)?, How::Guessed),
    };
    Ok(Spelling { encoding: Charset::Web(encoding), mark: 0, how })
}

/// UTF-16 of mostly Latin text has a zero in every other byte.
fn unmarked_utf_16(head: &[u8]) -> Option<&'static Encoding> {
    let zeros = |start: usize| head.iter().skip(start).step_by(2).filter(|byte| **byte == 0).count();
    let half = head.len() / 2;
    match (zeros(0), zeros(1)) {
        (0, odd) if half >= 4 && odd * 10 > half * 4 => Some(UTF_16LE),
        (even, 0) if half >= 4 && even * 10 > half * 4 => Some(UTF_16BE),
        _ => None,
    }
}

/// How well a file fits UTF-8.
#[derive(Default)]
struct Survey {
    letters: u64,
    broken: u64,
}

impl Survey {
    fn of(mut reader: impl Read) -> io::Result<Self> {
        let (mut survey, mut buffer, mut kept) = (Self::default(), vec![0; CHUNK], 0);
        loop {
            let count = reader.read(&mut buffer[kept..])?;
            let filled = kept + count;
            let tail = survey.take(&buffer[..filled]);
            if count == 0 {
                survey.broken += u64::from(tail > 0);
                return Ok(survey);
            }
            buffer.copy_within(filled - tail..filled, 0);
            kept = tail;
        }
    }

    /// Looks at `bytes`; returns how many at the end are the beginning of a letter.
    fn take(&mut self, mut bytes: &[u8]) -> usize {
        loop {
            let (valid, rest, length) = match std::str::from_utf8(bytes) {
                Ok(_) => (bytes.len(), 0, None),
                Err(error) => (error.valid_up_to(), bytes.len() - error.valid_up_to(), error.error_len()),
            };
            self.letters += bytes[..valid].iter().filter(|byte| **byte >= 0xC0).count() as u64;
            let Some(length) = length else { return rest };
            self.broken += 1;
            bytes = &bytes[valid + length..];
        }
    }
}

fn guess(mut reader: impl Read) -> io::Result<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut buffer = vec![0; CHUNK];
    loop {
        let count = reader.read(&mut buffer)?;
        detector.feed(&buffer[..count], count == 0);
        if count == 0 {
            return Ok(detector.guess(None, Utf8Detection::Deny));
        }
    }
}

/// From bytes to letters.
enum Decoder {
    Web(encoding_rs::Decoder),
    /// A code page of DOS: a letter a byte.
    Dos(&'static TableType),
}

/// The text of a file in a known encoding.
pub(super) struct Decoded<'a> {
    reader: Box<dyn Read + 'a>,
    decoder: Decoder,
    /// Whether the letters U+0080 to U+009F, which stand for bytes that windows-125x leaves undefined, are refused.
    strict: bool,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    /// Bytes of the file before `buffer[from]`.
    offset: u64,
    ended: bool,
}

impl<'a> Decoded<'a> {
    pub(super) fn open(source: &'a dyn Source, name: &str, spelling: &Spelling) -> io::Result<Self> {
        let mut reader = source.open(name)?;
        let mut mark = vec![0; spelling.mark];
        reader.read_exact(&mut mark)?;
        let (decoder, strict) = match (spelling.encoding, spelling.encoding.page()) {
            (Charset::Web(encoding), _) => {
                (Decoder::Web(encoding.new_decoder_without_bom_handling()), encoding.is_single_byte())
            }
            (Charset::Dos(_), Some(page)) => (Decoder::Dos(page), false),
            (Charset::Dos(_), None) => return Err(io::Error::other("its code page has no letters")),
        };
        Ok(Self {
            reader,
            decoder,
            strict,
            buffer: vec![0; CHUNK],
            from: 0,
            to: 0,
            offset: spelling.mark as u64,
            ended: false,
        })
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.from == self.to && !self.ended {
            (self.from, self.to) = (0, self.reader.read(&mut self.buffer)?);
            self.ended = self.to == 0;
        }
        Ok(())
    }

    fn undecodable(&self, bad: usize, after: usize) -> Broken {
        let end = self.from.saturating_sub(after);
        let start = end.saturating_sub(bad);
        let bytes: Vec<String> = self.buffer[start..end].iter().map(|byte| format!("{byte:02X}")).collect();
        let offset = self.offset.saturating_sub((after + bad) as u64);
        Broken::Bytes(Undecodable { offset, bytes: bytes.join(" ") })
    }
}

impl Chunks for Decoded<'_> {
    fn next(&mut self, out: &mut String) -> Result<bool, Broken> {
        self.fill().map_err(Broken::Io)?;
        let input = &self.buffer[self.from..self.to];
        let decoder = match &mut self.decoder {
            Decoder::Web(decoder) => decoder,
            Decoder::Dos(page) => {
                let page = *page;
                return self.page(page, out);
            }
        };
        out.reserve(decoder.max_utf8_buffer_length_without_replacement(input.len()).unwrap_or(CHUNK * 4));
        let start = out.len();
        let (result, read) = decoder.decode_to_string_without_replacement(input, out, self.ended);
        let chunk = self.from;
        self.from += read;
        self.offset += read as u64;
        if let DecoderResult::Malformed(bad, after) = result {
            return Err(self.undecodable(bad.into(), after.into()));
        }
        if self.strict
            && let Some((at, _)) =
                out[start..].char_indices().find(|(_, letter)| ('\u{80}'..='\u{9F}').contains(letter))
        {
            let position = out[start..start + at].chars().count();
            out.truncate(start + at);
            let offset = self.offset - read as u64 + position as u64;
            let bytes = format!("{:02X}", self.buffer.get(chunk + position).copied().unwrap_or_default());
            return Err(Broken::Bytes(Undecodable { offset, bytes }));
        }
        Ok(!(self.ended && result == DecoderResult::InputEmpty))
    }
}

impl Decoded<'_> {
    /// The next piece of a file in a code page of DOS.
    fn page(&mut self, page: &TableType, out: &mut String) -> Result<bool, Broken> {
        for byte in &self.buffer[self.from..self.to] {
            self.from += 1;
            self.offset += 1;
            match page.decode_char_checked(*byte) {
                Some(letter) => out.push(letter),
                None => {
                    let offset = self.offset - 1;
                    return Err(Broken::Bytes(Undecodable { offset, bytes: format!("{byte:02X}") }));
                }
            }
        }
        Ok(!self.ended)
    }
}

/// Text that is already in memory, as one piece.
pub(super) struct Ready<'a>(pub(super) Option<&'a str>);

impl Chunks for Ready<'_> {
    fn next(&mut self, out: &mut String) -> Result<bool, Broken> {
        out.push_str(self.0.take().unwrap_or_default());
        Ok(false)
    }
}

/// The beginning of a file as text, at least [`SAMPLE`] of it where there is as much.
pub(super) fn sample(source: &dyn Source, name: &str, spelling: &Spelling) -> io::Result<String> {
    let mut text = String::new();
    let mut decoded = Decoded::open(source, name, spelling)?;
    while text.len() < SAMPLE {
        match decoded.next(&mut text) {
            Ok(true) => {}
            Ok(false) | Err(Broken::Bytes(_)) => break,
            Err(Broken::Io(error)) => return Err(error),
        }
    }
    Ok(text)
}
