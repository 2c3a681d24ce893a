//! A part of a workbook as a stream of XML, of which not too much is read.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesEnd, BytesStart, Event};

use super::{Archive, MOST_PART};
use crate::read::csv::{MOST_BYTES, Stop};
use crate::read::problem::shown;

/// A part of a workbook as a stream of XML.
pub(in crate::read) struct Xml<'a> {
    reader: Reader<BufReader<Box<dyn Read + 'a>>>,
    buffer: Vec<u8>,
}

/// One piece of XML. Names are without their namespace.
pub(in crate::read) enum Piece<'b> {
    Start(Start<'b>),
    End(End<'b>),
    Text(String),
    Eof,
}

/// The end of an element.
pub(in crate::read) struct End<'b>(BytesEnd<'b>);

impl End<'_> {
    pub(in crate::read) fn is(&self, name: &str) -> bool {
        self.0.local_name().as_ref() == name.as_bytes()
    }
}

/// The beginning of an element.
pub(in crate::read) struct Start<'b>(BytesStart<'b>);

impl Start<'_> {
    pub(in crate::read) fn is(&self, name: &str) -> bool {
        self.0.local_name().as_ref() == name.as_bytes()
    }

    /// The value of an attribute.
    pub(in crate::read) fn attribute(&self, name: &str) -> Option<String> {
        let mut all = self.0.attributes();
        let found = all
            .with_checks(false)
            .flatten()
            .find(|attribute| attribute.key.local_name().as_ref() == name.as_bytes())?;
        found.unescape_value().ok().map(std::borrow::Cow::into_owned)
    }

    /// Whether an attribute says yes.
    pub(in crate::read) fn is_on(&self, name: &str) -> bool {
        matches!(self.attribute(name).as_deref(), Some("1" | "true" | "on"))
    }

    /// Whether an attribute says yes, or is not there.
    pub(in crate::read) fn is_not_off(&self, name: &str) -> bool {
        !matches!(self.attribute(name).as_deref(), Some("0" | "false" | "off"))
    }

    /// The value of an attribute that is a whole number.
    pub(in crate::read) fn number(&self, name: &str) -> Option<u64> {
        self.attribute(name)?.parse().ok()
    }
}

impl<'a> Xml<'a> {
    /// The part called `name`; none if there is no such part.
    pub(in crate::read) fn open(archive: &'a mut Archive, name: &str) -> Result<Option<Self>, Stop> {
        Ok(archive.part(name)?.map(|part| Self::of(Box::new(part))))
    }

    /// A document that is no part of an archive.
    pub(in crate::read) fn whole(text: &'a [u8]) -> Self {
        Self::of(Box::new(Bounded::new(text, MOST_PART, Rc::new(Cell::new(MOST_PART)))))
    }

    fn of(bytes: Box<dyn Read + 'a>) -> Self {
        let mut reader = Reader::from_reader(BufReader::new(bytes));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new() }
    }

    /// Passes over the rest of an element called `name` that has begun, and whatever lies in it.
    pub(in crate::read) fn pass(&mut self, name: &str) -> Result<(), Stop> {
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Piece::Start(start) if start.is(name) => depth += 1,
                Piece::End(end) if end.is(name) => depth -= 1,
                Piece::Eof => depth = 0,
                _ => {}
            }
        }
        Ok(())
    }

    /// The next piece; comments and the like are passed over.
    pub(in crate::read) fn next(&mut self) -> Result<Piece<'_>, Stop> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(unreadable)?;
        Ok(match event {
            Event::Start(start) => Piece::Start(known(start)?),
            Event::End(end) => Piece::End(End(end)),
            Event::Text(text) => {
                Piece::Text(text.xml_content().map_err(|error| unreadable(error.into()))?.into_owned())
            }
            Event::CData(text) => Piece::Text(String::from_utf8_lossy(&text.into_inner()).into_owned()),
            Event::GeneralRef(entity) => Piece::Text(match entity.resolve_char_ref().map_err(unreadable)? {
                Some(letter) => letter.to_string(),
                None => predefined(&entity)?.to_owned(),
            }),
            Event::Eof => Piece::Eof,
            _ => Piece::Text(String::new()),
        })
    }
}

/// The entities that XML itself knows. A workbook declares no others; what stands for one can't be known, and is not passed over.
fn predefined(entity: &[u8]) -> Result<&'static str, Stop> {
    Ok(match entity {
        b"amp" => "&",
        b"lt" => "<",
        b"gt" => ">",
        b"quot" => "\"",
        b"apos" => "'",
        other => {
            let name = shown(&String::from_utf8_lossy(other));
            return Err(Stop::Workbook(format!("a cell in it has the XML entity `&{name};`, which is not known")));
        }
    })
}

/// A beginning whose attributes can all be read.
fn known(start: BytesStart<'_>) -> Result<Start<'_>, Stop> {
    let unread = |start: &BytesStart<'_>| {
        let mut all = start.attributes();
        all.with_checks(false).flatten().any(|attribute| attribute.unescape_value().is_err())
    };
    if start.contains(&b'&') && unread(&start) {
        return Err(Stop::Workbook("an attribute in it has an XML entity that is not known".to_owned()));
    }
    Ok(Start(start))
}

fn unreadable(error: quick_xml::Error) -> Stop {
    match error {
        quick_xml::Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => Stop::Workbook(error.to_string()),
        error => Stop::Workbook(format!("it is damaged ({error})")),
    }
}

/// A reader that refuses to give more than a part may hold, in all and between two tags.
pub(super) struct Bounded<R> {
    inner: R,
    left: u64,
    /// What is left of the bytes of all parts.
    of_all: Rc<Cell<u64>>,
    /// Bytes since the last tag, and how many there may be.
    run: usize,
    most_run: usize,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R, most: u64, of_all: Rc<Cell<u64>>) -> Self {
        Self { inner, left: most, of_all, run: 0, most_run: MOST_BYTES }
    }

    /// With so many bytes between two tags at most.
    pub(super) fn with_runs_of(self, most_run: usize) -> Self {
        Self { most_run, ..self }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        for byte in buffer.get(..count).unwrap_or_default() {
            self.run = if matches!(byte, b'<' | b'>') { 0 } else { self.run + 1 };
            if self.run > self.most_run {
                return Err(too_large("a cell in it is longer than 1 MiB"));
            }
        }
        self.left =
            self.left.checked_sub(count as u64).ok_or_else(|| too_large("it decompresses to more than 1 GiB"))?;
        let of_all = self.of_all.get().checked_sub(count as u64);
        self.of_all.set(of_all.ok_or_else(|| too_large("it decompresses to more than 2 GiB"))?);
        Ok(count)
    }
}

fn too_large(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_gives_more_than_its_bound() {
        let give = |bytes: u64, most| {
            let all = Rc::new(Cell::new(u64::MAX));
            io::copy(&mut Bounded::new(io::repeat(b'<').take(bytes), most, all), &mut io::sink())
        };
        assert!(give(1000, 1000).is_ok());
        assert!(give(1001, 1000).is_err());
    }

    #[test]
    fn no_cell_runs_on_for_ever() {
        let mut endless = Bounded::new(io::repeat(b'a'), u64::MAX, Rc::new(Cell::new(u64::MAX)));
        assert!(io::copy(&mut endless, &mut io::sink()).is_err());
    }
}
