//! What a file is. That follows from its first bytes and from what lies in it; its name is only what somebody called it.

#[cfg(test)]
mod against_calamine;
mod container;

use std::io::Read;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::charset::Charset;
use super::csv::Stop;
use super::decode;
use super::problem::grouped;
use super::source::Source;
use super::workbook::{Archive, Keep, MOST_PACKED};
use super::{html, ods, spreadsheetml, xls, xlsb, xlsx};

/// The endings under which a table is looked for, without their dot.
pub(super) const ENDINGS: [&str; 13] =
    ["csv", "tsv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods", "fods", "xml", "html", "htm", "ics"];

/// Whether a file of this name holds the table.
pub(super) fn is_table(name: &str, table: &str) -> bool {
    name.to_lowercase().rsplit_once('.').is_some_and(|(stem, end)| stem == table && ENDINGS.contains(&end))
}

/// Bytes at the beginning of a file that are looked at.
const HEAD: u64 = 4096;
/// Most bytes of a part that says what an archive is.
const MOST_SAID: u64 = 4 << 20;

/// What a file is.
pub(super) enum Form {
    /// Cells that are separated by commas or the like, as far as it can be seen.
    Text,
    /// Sheets of rows.
    Book(Book),
    /// A calendar (RFC 5545).
    Calendar,
    /// Something that is no table: what it is, and what to do.
    Other(&'static str, &'static str),
}

/// A workbook that was opened.
pub(super) enum Book {
    /// With what there is to say of its comments.
    Xlsx(Archive, Option<String>),
    Xlsb(Archive),
    Ods(Archive),
    /// The stream of records in it.
    Xls(Vec<u8>),
    /// XML in UTF-8, as all of these are.
    Flat(Vec<u8>),
    Xml2003(Vec<u8>),
    /// The page, and what is to be said of its letters.
    Html(String, Option<String>),
}

impl Book {
    /// Gives every sheet to `keep`; what there is to say of what stands beside them comes back.
    pub(super) fn sheets(self, keep: Keep<'_>) -> Result<Option<String>, Stop> {
        let read = match self {
            Self::Xlsx(mut archive, _) => xlsx::sheets(&mut archive, keep),
            Self::Xlsb(mut archive) => xlsb::sheets(&mut archive, keep),
            Self::Ods(mut archive) => ods::sheets(&mut archive, keep),
            Self::Xls(stream) => xls::sheets(&stream, keep),
            Self::Flat(text) => ods::flat(&text, keep),
            Self::Xml2003(text) => spreadsheetml::sheets(&text, keep),
            Self::Html(page, _) => return html::sheets(&page, keep),
        };
        read.map(|()| None)
    }

    /// What it is called, and the endings that its name may have.
    fn name(&self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Xlsx(..) => ("an XLSX workbook", &["xlsx", "xlsm"]),
            Self::Xlsb(_) => ("an XLSB workbook", &["xlsb"]),
            Self::Ods(_) => ("an ODS workbook", &["ods"]),
            Self::Xls(_) => ("an Excel workbook of 1997 to 2003 (XLS)", &["xls"]),
            Self::Flat(_) => ("a flat ODF workbook", &["fods", "xml"]),
            Self::Xml2003(_) => ("an Excel workbook of 2003 (XML)", &["xml"]),
            Self::Html(..) => ("an HTML page", &["html", "htm"]),
        }
    }
}

impl Form {
    /// What is to be noted: a name that says something else than the content, and letters that were guessed.
    pub(super) fn notes(&self, file: &str) -> Vec<String> {
        let (what, endings) = match self {
            Self::Text => ("text", ["csv", "tsv", "txt"].as_slice()),
            Self::Book(book) => book.name(),
            Self::Calendar | Self::Other(..) => return Vec::new(),
        };
        let lower = file.to_lowercase();
        let fits = endings.iter().any(|end| lower.rsplit_once('.').is_some_and(|(_, its)| its == *end));
        let surprise = (!fits).then(|| format!("it is {what}, whatever its name says, and is read as that"));
        let told = match self {
            Self::Book(Book::Html(_, told) | Book::Xlsx(_, told)) => told.clone(),
            _ => None,
        };
        surprise.into_iter().chain(told).collect()
    }
}

const LOCKED: Form = Form::Other(
    "it is locked with a password",
    "Open it with its password, and save it without one where only you can read it",
);
const SAVE: &str = "Open it in a spreadsheet program and save it as .xlsx, .ods or CSV";
const NO_TABLE: &str = "Export the table as CSV, XLSX or ODS";
const OLD: &str = "it is an Excel workbook of before 1997, which is not read";

/// Files that are no tables, by their first bytes.
const OTHERS: [(&[u8], &str, &str); 15] = [
    (b"%PDF-", "it is a PDF document, not a table", NO_TABLE),
    (b"\x89PNG", "it is a picture, not a table", NO_TABLE),
    (b"\xFF\xD8\xFF", "it is a picture, not a table", NO_TABLE),
    (b"GIF8", "it is a picture, not a table", NO_TABLE),
    (b"{\\rtf", "it is a text document (RTF), not a table", NO_TABLE),
    (b"\x1F\x8B", "it is a compressed file (gzip), not a table", "Unpack it first"),
    (b"7z\xBC\xAF\x27\x1C", "it is a compressed file (7-Zip), not a table", "Unpack it first"),
    (b"Rar!\x1A\x07", "it is a compressed file (RAR), not a table", "Unpack it first"),
    (b"SQLite format 3\0", "it is a database (SQLite), not a table", NO_TABLE),
    (b"PAR1", "it is a Parquet file, which is not read", NO_TABLE),
    (b"MIME-Version:", "it is a web archive (MHTML), which is not read", SAVE),
    (b"\x09\x00\x04\x00", OLD, SAVE),
    (b"\x09\x02\x06\x00", OLD, SAVE),
    (b"\x09\x04\x06\x00", OLD, SAVE),
    (b"\x09\x08\x08\x00", OLD, SAVE),
];

/// Looks at a file.
pub(super) fn of(source: &dyn Source, file: &str) -> Result<Form, Stop> {
    let head = source.bytes(file, HEAD).map_err(Stop::Io)?;
    if let Some((_, what, advice)) =
        OTHERS.iter().find(|(bytes, ..)| starts(&head, bytes) || starts(bare(&head), bytes))
    {
        return Ok(Form::Other(what, advice));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return archive(packed(source, file)?);
    }
    if head.starts_with(container::MARK) {
        return container::open(packed(source, file)?);
    }
    if xls::is_new(&head) == Some(true) {
        let stream = packed(source, file)?;
        return Ok(if xls::is_locked(&stream) { LOCKED } else { Form::Book(Book::Xls(stream)) });
    }
    let text = letters_of(&head).unwrap_or(UTF_8).decode(&head).0.trim_start().to_lowercase();
    if text.starts_with("begin:vcalendar") {
        return Ok(Form::Calendar);
    }
    marked_up(&text).map_or(Ok(Form::Text), |kind| kind(source, file))
}

/// Without a mark of UTF-8 and the blanks behind it.
fn bare(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start()
}

/// Whether bytes start with others; upper and lower case of letters are the same.
fn starts(bytes: &[u8], with: &[u8]) -> bool {
    bytes.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

/// The encoding that a file is marked with, or that two-byte letters of its first tag show.
fn letters_of(head: &[u8]) -> Option<&'static Encoding> {
    let marked = Encoding::for_bom(head).map(|(encoding, _)| encoding);
    marked.or(match head {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    })
}

type Opens = fn(&dyn Source, &str) -> Result<Form, Stop>;

/// How a text that begins with these small letters is opened, if it is a document of tags.
fn marked_up(text: &str) -> Option<Opens> {
    if !text.starts_with('<') {
        return None;
    }
    let html = ["<!doctype html", "<html", "<head", "<meta", "<body", "<table", "<style", "<title"];
    let any = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if any(&["urn:schemas-microsoft-com:office:spreadsheet"]) && any(&["workbook"]) && !any(&["<html"]) {
        return Some(|source, file| Ok(Form::Book(Book::Xml2003(xml(source, file)?))));
    }
    if any(&["office:document"]) && any(&["opendocument"]) {
        return Some(|source, file| Ok(Form::Book(Book::Flat(xml(source, file)?))));
    }
    if any(&html) {
        return Some(page);
    }
    let other: Opens = |_, _| Ok(Form::Other("it is an XML document, and no workbook that is read", NO_TABLE));
    any(&["<?xml"]).then_some(other)
}

/// The bytes of a file that is read whole, where it is not too large.
fn packed(source: &dyn Source, file: &str) -> Result<Vec<u8>, Stop> {
    within(source, file, MOST_PACKED)
}

fn within(source: &dyn Source, file: &str, most: u64) -> Result<Vec<u8>, Stop> {
    if source.size(file).map_err(Stop::Io)? > most {
        return Err(Stop::Workbook(format!("it has more than {} bytes", grouped(most))));
    }
    source.bytes(file, most).map_err(Stop::Io)
}

/// An XML document in UTF-8, whatever its letters were.
fn xml(source: &dyn Source, file: &str) -> Result<Vec<u8>, Stop> {
    let bytes = packed(source, file)?;
    let stated = stated(&bytes[..bytes.len().min(200)], b"encoding=");
    let encoding = letters_of(&bytes).or(stated).unwrap_or(UTF_8);
    decoded(&bytes, encoding).map(String::into_bytes)
}

/// An HTML page. Its letters are those that it is marked with or states, else UTF-8, else a guess.
fn page(source: &dyn Source, file: &str) -> Result<Form, Stop> {
    let bytes = within(source, file, html::MOST_PAGE)?;
    let stated = stated(&bytes[..bytes.len().min(4096)], b"charset=");
    let utf_8 = std::str::from_utf8(&bytes).is_ok().then_some(UTF_8);
    let (encoding, told) = match letters_of(&bytes).or(stated).or(utf_8) {
        Some(encoding) => (encoding, None),
        None => {
            let guess = match decode::detect(source, file, None).map_err(Stop::Io)?.encoding {
                Charset::Web(encoding) => encoding,
                Charset::Dos(_) => UTF_8,
            };
            (guess, Some(format!("{} (a guess: the page does not say which letters it has)", guess.name())))
        }
    };
    Ok(Form::Book(Book::Html(decoded(&bytes, encoding)?, told)))
}

fn decoded(bytes: &[u8], encoding: &'static Encoding) -> Result<String, Stop> {
    let (text, encoding, wrong) = encoding.decode(bytes);
    match wrong {
        true => Err(Stop::Workbook(format!("some of its bytes are no letters of its encoding, {}", encoding.name()))),
        false => Ok(text.into_owned()),
    }
}

/// The encoding that stands behind `name`, in quotes or not. A document whose tags can be read as bytes does not have letters of two
/// bytes, whatever it states.
fn stated(head: &[u8], name: &[u8]) -> Option<&'static Encoding> {
    let at = head.windows(name.len()).position(|window| window.eq_ignore_ascii_case(name))?;
    let rest = head.get(at + name.len()..)?;
    let rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"-_:.".contains(byte));
    let encoding = Encoding::for_label(&rest[..end.unwrap_or(rest.len())])?;
    Some(if encoding.is_ascii_compatible() { encoding } else { UTF_8 })
}

/// Which of the forms that are ZIP archives it is.
fn archive(bytes: Vec<u8>) -> Result<Form, Stop> {
    let mut archive = Archive::new(bytes)?;
    let has = |name: &str| archive.has(name);
    if has("xl/workbook.xml") {
        let remarks = xlsx::comments(&mut archive)?;
        return Ok(Form::Book(Book::Xlsx(archive, remarks)));
    }
    if has("xl/workbook.bin") {
        return Ok(Form::Book(Book::Xlsb(archive)));
    }
    if has("word/document.xml") {
        return Ok(Form::Other("it is a text document (DOCX), not a table", NO_TABLE));
    }
    if has("ppt/presentation.xml") {
        return Ok(Form::Other("it is a presentation (PPTX), not a table", NO_TABLE));
    }
    if said(&mut archive, "META-INF/manifest.xml")?.contains("encryption-data") {
        return Ok(LOCKED);
    }
    let mime = said(&mut archive, "mimetype")?;
    match mime.trim().strip_prefix("application/vnd.oasis.opendocument.") {
        Some(kind) if !kind.starts_with("spreadsheet") => {
            Ok(Form::Other("it is an OpenDocument file, but no workbook", NO_TABLE))
        }
        _ if archive.has("content.xml") => Ok(Form::Book(Book::Ods(archive))),
        _ => Ok(Form::Other("it is a ZIP archive, and no workbook that is read lies in it", "Unpack it first")),
    }
}

/// What a small part says; nothing where there is no such part.
fn said(archive: &mut Archive, name: &str) -> Result<String, Stop> {
    let mut bytes = Vec::new();
    if let Some(part) = archive.binary(name)? {
        part.take(MOST_SAID).read_to_end(&mut bytes).map_err(Stop::Io)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::source::Memory;
    use std::collections::BTreeMap;

    fn told(bytes: &[u8]) -> String {
        let files = BTreeMap::from([("f".to_owned(), bytes.to_vec())]);
        match of(&Memory(&files), "f") {
            Ok(Form::Text) => "text".to_owned(),
            Ok(Form::Calendar) => "calendar".to_owned(),
            Ok(Form::Book(book)) => book.name().0.to_owned(),
            Ok(Form::Other(what, _)) => what.to_owned(),
            Err(Stop::Workbook(why)) => why,
            Err(_) => "stop".to_owned(),
        }
    }

    #[test]
    fn the_first_bytes_say_what_it_is() {
        assert_eq!(told(b"id;name\n1;a\n"), "text");
        assert_eq!(told(b""), "text");
        assert_eq!(told(b"<5 visits>;name\n"), "text");
        assert_eq!(told(b"\xEF\xBB\xBF\r\nBEGIN:VCALENDAR\r\n"), "calendar");
        assert_eq!(told(b"%PDF-1.7"), "it is a PDF document, not a table");
        assert_eq!(told(b"mime-version: 1.0\r\n"), "it is a web archive (MHTML), which is not read");
        assert_eq!(told(b"<?xml version='1.0'?><feed/>"), "it is an XML document, and no workbook that is read");
        assert_eq!(told(b" <TABLE border=1><tr><td>id"), "an HTML page");
        assert_eq!(told(b"\xFF\xFE<\0h\0t\0m\0l\0>\0"), "an HTML page");
        assert_eq!(told(b"<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>"), "an HTML page");
        assert_eq!(told(b"\x09\x04\x06\x00\0\0"), OLD);
    }

    #[test]
    fn a_page_has_the_letters_that_it_states() {
        let page = |bytes: &[u8]| {
            let files = BTreeMap::from([("f".to_owned(), bytes.to_vec())]);
            match of(&Memory(&files), "f") {
                Ok(Form::Book(Book::Html(text, _))) => text,
                _ => String::new(),
            }
        };
        assert_eq!(page(b"<meta charset=windows-1251><td>\xC0"), "<meta charset=windows-1251><td>\u{410}");
        assert_eq!(page(b"<meta charset='utf-16'><td>\xC3\xA9"), "<meta charset='utf-16'><td>\u{E9}");
        assert_eq!(page(b"<table><td>\xC3\xA9"), "<table><td>\u{E9}");
    }
}
