//! What is held, by the ledger and the files that lie beside it: every draw and every change, in order.

use std::path::Path;

use super::CeremonyError;
use super::Office;
use super::office::read_file;
use crate::draw::digest;
use crate::record::changes::{Change, Held, PastDraw, read_change};
use crate::record::ledger::Body;
use crate::record::{Files, change_file, draw_folder, load};

/// No change is longer.
pub(super) const CHANGE_BYTES_MAX: u64 = 64 << 20;

/// The draws so far, in order, and what is held after them and all changes.
#[derive(Default)]
pub struct Past {
    /// The draws.
    pub draws: Vec<PastDraw>,
    /// What is held.
    pub held: Held,
}

impl Past {
    /// What the office of a ledger has done so far.
    ///
    /// # Errors
    /// Where a draw or a change that the ledger names does not lie in its place, or is another one.
    pub fn of(office: &Office) -> Result<Self, CeremonyError> {
        Self::before(office, u64::MAX)
    }

    /// The same before line `line` of the ledger: what a commitment on that line found.
    ///
    /// # Errors
    /// As for [`of`](Self::of).
    pub fn before(office: &Office, line: u64) -> Result<Self, CeremonyError> {
        let mut past = Self::default();
        for entry in office.entries().iter().filter(|entry| entry.line < line) {
            if let Body::Draw(draw) = &entry.body {
                past.draw(&office.path(&draw_folder(draw.counter)))?;
            }
            if let Some((number, stated)) = entry.body.change() {
                past.change(office, number, stated)?;
            }
        }
        Ok(past)
    }

    fn draw(&mut self, folder: &Path) -> Result<(), CeremonyError> {
        let files = record_in(folder)?;
        let draw = PastDraw::read(&files).map_err(|why| damaged(folder, &why.to_string()))?;
        self.held.draw(&draw);
        self.draws.push(draw);
        Ok(())
    }

    fn change(&mut self, office: &Office, number: u64, stated: [u8; 32]) -> Result<(), CeremonyError> {
        let name = change_file(number);
        let path = office.path(&name);
        let bytes = read_file(&path, CHANGE_BYTES_MAX)?;
        let (change, flaws) = read_change(&bytes, &name);
        let change: Change = change
            .filter(|_| flaws.is_empty() && digest(&bytes) == stated)
            .ok_or_else(|| damaged(&path, "is not the change that the ledger names"))?;
        self.held.change(&change);
        Ok(())
    }
}

/// The files of the record in a folder.
pub(super) fn record_in(folder: &Path) -> Result<Files, CeremonyError> {
    load(folder).map_err(|error| damaged(folder, &error.to_string()))
}

fn damaged(path: &Path, says: &str) -> CeremonyError {
    CeremonyError::File { path: path.to_owned(), says: says.to_owned() }
}
