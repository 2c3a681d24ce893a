//! What is published: the frozen inputs, the urns with what is counted in them, the schedule, and the record that
//! binds them to a seed.
//!
//! Every text has one spelling: JSON lines with sorted keys, no floats, NFC strings, blank fields
//! absent. [`freeze`] writes a case that way, [`thaw`] reads it back and trusts nothing, [`publish`]
//! writes the whole folder of a draw, [`load`] and [`write`](write()) carry folders to and from the disk. DRAW.md
//! describes the bytes for a second implementer. What the files claim is for [`verify`](crate::verify)
//! to check.

mod access;
mod beacon;
mod bounds;
mod canonical;
pub mod changes;
mod clock;
mod coverage;
mod day;
mod flaw;
mod folder;
mod freeze;
mod heads;
mod layout;
pub mod ledger;
mod lines;
pub mod merkle;
pub mod note;
mod publish;
mod receipt;
mod reserves;
pub mod salted;
mod schedule;
mod stages;
mod stretch;
mod table;
mod thaw;
mod urn;

pub use access::Access;
pub use beacon::{BEACON_BYTES_MAX, BeaconError, read_beacon};
pub use bounds::{bound_lines, read_bounds};
pub use canonical::{one_spelling, read_spelled, spelled};
pub use flaw::{Flaw, Flaws, flaws};
pub use folder::{LoadError, load, load_ceremony, write};
pub use freeze::{Frozen, digest_of_inputs, freeze};
pub use heads::{DRAWN, Head, Heads, with_heads_by_id};
pub(crate) use layout::POLICY;
pub use layout::{
    BOUNDS, BUILDER, BUILDERS, CEREMONY, FIXED, FORMAT, Files, INPUTS, ODDS, RECORD, RESERVES, SALT, SCHEDULE, SEED,
    STAGES, TABLE, below, change_file, draw_folder, frozen_folder, is_expected, required, stage_of_urn, urn_file,
};
pub use lines::TargetKind;
pub use merkle::merkle_root;
pub use publish::{Counts, Record, publish, publish_ceremony, read_record};
pub use receipt::{Opened, RECEIPT_BYTES_MAX, RECEIPT_FORMAT, Receipt, read_receipt};
pub use reserves::{
    LEVELS, RESERVES_MAX, TEAMS_MAX, read_reserves, reserve_lines, reserves, whole_order, with_reserves_of_days,
};
pub use schedule::{Published, read_fixed, read_schedule, schedule_lines};
pub use stages::{
    LeakLine, LeastMedian, MeetingsLine, OddsLine, SpreadLine, StageLine, Time, WorstLine, read_odds, read_stages,
};
pub use stretch::{Ceremony, stretch};
pub use table::schedule_table;
pub use thaw::{Thawed, thaw, thaw_what_can_be};
pub use urn::UrnOf;
