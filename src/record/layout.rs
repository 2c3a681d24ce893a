//! Which files a record has, and how large they may be.

use std::collections::BTreeMap;

/// Relative paths with `/`, and the bytes that stand there.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The format of the record; a change of any byte's meaning changes it.
pub const FORMAT: &str = "foureyes/v1";

/// The version of the builder. It is raised whenever the same inputs and seed would give another
/// schedule, so that a replay never compares what can't agree.
pub const BUILDER: &str = "1";

/// What binds the inputs, the seed and the schedule together.
pub const RECORD: &str = "record.json";

/// The schedule, one line a visit.
pub const SCHEDULE: &str = "schedule.jsonl";

/// The schedule as people read it.
pub const TABLE: &str = "schedule.csv";

pub(super) const ABSENCES: &str = "inputs/absences.jsonl";
pub(super) const CONFLICTS: &str = "inputs/conflicts.jsonl";
pub(super) const ESTABLISHMENTS: &str = "inputs/establishments.jsonl";
pub(super) const HISTORY: &str = "inputs/history.jsonl";
pub(super) const INSPECTORS: &str = "inputs/inspectors.jsonl";
pub(super) const POLICY: &str = "inputs/policy.jsonl";
pub(super) const VISITS: &str = "inputs/visits.jsonl";
pub(super) const WAIVERS: &str = "inputs/waivers.jsonl";

/// The frozen inputs, in order of name.
pub const INPUTS: [&str; 8] = [ABSENCES, CONFLICTS, ESTABLISHMENTS, HISTORY, INSPECTORS, POLICY, VISITS, WAIVERS];

/// Every file of a record, in no order that matters.
pub(super) fn is_expected(name: &str) -> bool {
    [RECORD, SCHEDULE, TABLE].contains(&name) || INPUTS.contains(&name)
}

/// Bytes that one file may have.
pub(super) const FILE_BYTES_MAX: u64 = 512 << 20;
/// Bytes that all files together may have.
pub(super) const FOLDER_BYTES_MAX: u64 = 1 << 30;
/// Files that a folder may have, those that do not belong among them.
pub(super) const FILES_MAX: usize = 1000;
/// Bytes that one line may have.
pub(super) const LINE_BYTES_MAX: usize = 1 << 20;
/// Bytes that `record.json` may have: its one line names every visit that is not staffed, and an office that
/// lists its whole register as programmed visits has hundreds of thousands of them.
pub(super) const RECORD_BYTES_MAX: usize = 256 << 20;
/// Lines that one table may have.
pub(super) const LINES_MAX: usize = 10_000_000;
/// People that one past visit may name: pairs are counted, and they grow with the square.
pub(super) const PAST_TEAM_MAX: usize = 1000;
/// People that one team of a schedule may name. The rules allow far fewer; beyond this they are not asked.
pub(super) const TEAM_MAX: usize = 100;
/// Days that a period may span.
pub(super) const PERIOD_DAYS_MAX: i64 = 3660;
/// Possible teams below which a visit may be told of as thin.
pub(super) const POOL_MIN_MAX: u32 = 1000;
/// Months that may lie between two visits to a place of one risk class.
pub(super) const MONTHS_MAX: u32 = 1200;
/// Slots that a day may have.
pub(super) const SLOTS_MAX: usize = 96;
