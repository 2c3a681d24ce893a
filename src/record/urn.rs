//! The file of an urn: one line that says which urn it is, then its tickets, packed, in their order.

use serde::{Deserialize, Serialize};

use super::canonical::{line, rows_from};
use super::day::Day;
use super::flaw::{Flaw, Flaws, flaws};
use super::layout::{LINE_BYTES_MAX, TICKETS_MAX};
use super::schedule::schedule_lines;
use crate::draw::{Digest, digest, to_hex};
use crate::model::{Case, Layout, Schedule, Urn};

/// The format of the file; it changes when a byte of a ticket changes its meaning.
const FORMAT: &str = "foureyes/v1/urn";

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    before: String,
    bytes: u64,
    format: String,
    from: Day,
    inputs: String,
    stage: u64,
    tickets: u32,
    to: Day,
}

/// Which urn is meant: everything that its first line says.
pub struct UrnOf<'a> {
    /// The case.
    pub case: &'a Case,
    /// The digest of the frozen inputs.
    pub inputs: &'a Digest,
    /// The number of the stage, from 1.
    pub stage: usize,
    /// What earlier stages drew.
    pub before: &'a Schedule,
}

impl UrnOf<'_> {
    fn head(&self, layout: &Layout, tickets: u32) -> Head {
        Head {
            before: to_hex(&digest(&schedule_lines(self.case, self.before))),
            bytes: layout.bytes_per_ticket() as u64,
            format: FORMAT.to_owned(),
            from: Day(layout.span().from),
            inputs: to_hex(self.inputs),
            stage: self.stage as u64,
            tickets,
            to: Day(layout.span().to),
        }
    }

    /// The bytes of the file.
    pub fn file(&self, urn: &Urn) -> Vec<u8> {
        let tickets = u32::try_from(urn.len()).expect("an urn has fewer tickets than 2^32");
        let mut bytes = line(&self.head(urn.layout(), tickets)).into_bytes();
        bytes.extend_from_slice(urn.bytes());
        bytes
    }

    /// The tickets in file `name` with these `bytes`, where it says that it is this urn, of as many tickets as the
    /// policy asks for, and has the bytes that this takes. What the tickets themselves say is not looked at.
    ///
    /// # Errors
    /// Everything wrong with the first line and with the size.
    pub fn tickets<'b>(&self, layout: &Layout, name: &str, bytes: &'b [u8]) -> Result<&'b [u8], Vec<Flaw>> {
        let mut flaws = Flaws::default();
        let end = bytes.iter().take(LINE_BYTES_MAX).position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (first, tickets) = bytes.split_at(end);
        let asked = self.case.urn.tickets;
        let said = rows_from::<Head>(first, 1, name, &mut flaws).pop();
        match said {
            Some((_, head)) if head == self.head(layout, asked) => {}
            Some(_) => {
                let head = line(&self.head(layout, asked));
                flaws.add(flaws::URN_HEADER, name, Some(1), format!("the first line should be `{}`", head.trim_end()));
            }
            None => flaws.add(flaws::URN_HEADER, name, Some(1), "the first line does not say which urn this is"),
        }
        if asked > TICKETS_MAX {
            flaws.add(flaws::TOO_LARGE, name, None, format!("{asked} tickets; at most {TICKETS_MAX} are read"));
        }
        let takes = u64::from(asked) * layout.bytes_per_ticket() as u64;
        if flaws.is_empty() && tickets.len() as u64 != takes {
            let each = layout.bytes_per_ticket();
            let says = format!("{asked} tickets of {each} bytes take {takes} bytes; there are {}", tickets.len());
            flaws.add(flaws::URN_SIZE, name, None, says);
        }
        if flaws.is_empty() { Ok(tickets) } else { Err(flaws.into_vec()) }
    }
}
