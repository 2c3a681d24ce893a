//! Files of Microsoft's older container (OLE, MS-CFB): old workbooks, and new ones that are locked with a password.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use cfb::CompoundFile;

use super::{Book, Form, LOCKED, NO_TABLE, OLD, SAVE};
use crate::read::biff::{u16_at, u32_at};
use crate::read::csv::Stop;
use crate::read::workbook::MOST_PACKED;
use crate::read::xls;

/// How such a file begins.
pub(super) const MARK: &[u8] = b"\xD0\xCF\x11\xE0";

/// Most sectors of the list of lists of sectors. A file of 64 MiB needs 8.
const MOST_LISTS: usize = 16;

type Container = CompoundFile<Cursor<Vec<u8>>>;

/// What such a file holds.
pub(super) fn open(bytes: Vec<u8>) -> Result<Form, Stop> {
    bounded(&bytes)?;
    let bytes = padded(bytes);
    // The library says no with an error; should it have a fault, that must not take the program down either.
    catch_unwind(AssertUnwindSafe(|| look(bytes)))
        .unwrap_or_else(|_| Err(Stop::Workbook("its container is damaged".to_owned())))
}

fn look(bytes: Vec<u8>) -> Result<Form, Stop> {
    let damaged = |error: std::io::Error| Stop::Workbook(format!("its container is damaged ({error})"));
    let mut container = CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if container.exists("/EncryptedPackage") || container.exists("/EncryptionInfo") {
        return Ok(LOCKED);
    }
    if container.is_stream("/Workbook") {
        let stream = read(&mut container, "/Workbook")?;
        return Ok(match xls::is_new(&stream) {
            Some(true) if xls::is_locked(&stream) => LOCKED,
            Some(true) => Form::Book(Book::Xls(stream)),
            Some(false) => Form::Other(OLD, SAVE),
            None => return Err(Stop::Workbook("it does not begin as a workbook does".to_owned())),
        });
    }
    Ok(match [container.is_stream("/Book"), container.is_stream("/WordDocument")] {
        [true, _] => Form::Other(OLD, SAVE),
        [_, true] => Form::Other("it is a text document (DOC), not a table", NO_TABLE),
        _ => Form::Other("it is an old Office file, and no workbook", NO_TABLE),
    })
}

/// A stream, all of it: one that is shorter than it says has lost rows.
fn read(container: &mut Container, name: &str) -> Result<Vec<u8>, Stop> {
    let stream = container.open_stream(name).map_err(Stop::Io)?;
    let (length, mut bytes) = (stream.len(), Vec::new());
    if length > MOST_PACKED {
        return Err(Stop::Workbook("its container is damaged (a stream is longer than the file)".to_owned()));
    }
    let why = |error: std::io::Error| Stop::Workbook(format!("its container is damaged ({error})"));
    stream.take(MOST_PACKED).read_to_end(&mut bytes).map_err(why)?;
    match bytes.len() as u64 == length {
        true => Ok(bytes),
        false => Err(Stop::Workbook("it is cut short".to_owned())),
    }
}

/// With room for all sectors that the last list of them names: some writers (SheetJS) name more than the file has. A text or a record that
/// really lay there was cut off, and what stands there now makes no sense as either.
fn padded(mut bytes: Vec<u8>) -> Vec<u8> {
    let size = sector(&bytes);
    let group = size * (size / 4);
    let sectors = bytes.len().saturating_sub(size).next_multiple_of(group);
    bytes.resize(size + sectors, 0xFF);
    bytes
}

/// The size of a sector.
fn sector(bytes: &[u8]) -> usize {
    1 << u16_at(bytes, 30).clamp(9, 12)
}

/// Refuses a file that lists the same sectors again and again: the library reads each list before it looks whether it may be there.
fn bounded(bytes: &[u8]) -> Result<(), Stop> {
    let size = sector(bytes);
    let mut next = u32_at(bytes, 68);
    for _ in 0..MOST_LISTS {
        let begin = usize::try_from(next).ok().and_then(|next| next.checked_add(1)?.checked_mul(size));
        let Some(sector) = begin.and_then(|begin| bytes.get(begin..begin.checked_add(size)?)) else { return Ok(()) };
        next = u32_at(sector, size - 4);
    }
    Err(Stop::Workbook("its container is damaged (it lists too many sectors)".to_owned()))
}
