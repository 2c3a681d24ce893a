//! The ledger of a ceremony: what was published, in which order, each line bound to the one above.
//!
//! [`read_ledger`] takes the bytes of `ledger.jsonl` apart and trusts nothing; [`Entry::next`] makes the line that comes
//! next. [`Course`] says what may follow what: who writes asks it before, who verifies asks it of every line.
//! [`signed_text`] is what a party signs of a line that needs more than one hand. DRAW.md, sections 11 and 13, has the bytes.

mod beacon;
mod body;
mod course;
mod entry;
pub(super) mod hexed;
mod line;
mod party;
mod signed;
#[cfg(test)]
pub(crate) mod testing;

pub use beacon::{BeaconLine, Dice, Quicknet, Shown, ShownDice, ShownRound};
pub use body::{
    Amend, Body, Commit, Disclose, Draw, Executed, Fallback, Freeze, NonceShown, Open, Override, Void, Why,
};
pub use course::{Course, Ending, Made, OutOfCourse, Stray};
pub use entry::{Entry, LEDGER_BYTES_MAX, LEDGER_LINES_MAX, read_ledger};
pub use line::Draft;
pub use party::{PARTIES_MAX, Party, PartyFlaw, Role, is_party_name};
pub use signed::{SignatureFlaw, Signed, Unsigned, hands, is_signed_by_two, signed_text};

/// Where the ledger stands in a ceremony's folder.
pub const LEDGER: &str = "ledger.jsonl";

/// Where the checkpoint of so many lines stands.
///
/// ```
/// assert_eq!(foureyes::record::ledger::checkpoint_file(42), "checkpoints/000042.note");
/// ```
pub fn checkpoint_file(size: u64) -> String {
    format!("checkpoints/{size:06}.note")
}

/// Of how many lines file `name` has the checkpoint; none where it is another file.
///
/// ```
/// use foureyes::record::ledger::size_of_checkpoint;
/// assert_eq!(size_of_checkpoint("checkpoints/000042.note"), Some(42));
/// assert_eq!(size_of_checkpoint("checkpoints/42.note"), None);
/// ```
pub fn size_of_checkpoint(name: &str) -> Option<u64> {
    let size = name.strip_prefix("checkpoints/")?.strip_suffix(".note")?.parse().ok()?;
    (size <= LEDGER_LINES_MAX as u64 && checkpoint_file(size) == name).then_some(size)
}

/// The format that the first line states.
pub const LEDGER_FORMAT: &str = "foureyes/v1/ledger";
