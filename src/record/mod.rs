//! What is published: the frozen inputs, the schedule, and the record that binds them to a seed.
//!
//! Every text has one spelling: JSON lines with sorted keys, no floats, NFC strings, blank fields
//! absent. [`freeze`] writes a case that way, [`thaw`] reads it back and trusts nothing, [`publish`]
//! writes the whole folder of a draw, [`load`] and [`write`](write()) carry folders to and from the disk. DRAW.md
//! describes the bytes for a second implementer. What the files claim is for [`verify`](crate::verify)
//! to check.

mod canonical;
mod day;
mod flaw;
mod folder;
mod freeze;
mod layout;
mod lines;
mod publish;
mod schedule;
mod table;
mod thaw;

pub use canonical::one_spelling;
pub use flaw::{Flaw, Flaws, flaws};
pub use folder::{LoadError, load, write};
pub use freeze::{Frozen, digest_of_inputs, freeze};
pub use layout::{BUILDER, FORMAT, Files, INPUTS, RECORD, SCHEDULE, TABLE};
pub use publish::{Counts, Record, hex, publish, read_record};
pub use schedule::{Published, read_schedule, schedule_lines};
pub use table::schedule_table;
pub use thaw::{Thawed, thaw, thaw_what_can_be};
