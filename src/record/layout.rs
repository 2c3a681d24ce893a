//! Which files a record has, and how large they may be.

use std::collections::BTreeMap;

/// Relative paths with `/`, and the bytes that stand there.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The format of the record; a change of any byte's meaning changes it.
pub const FORMAT: &str = "foureyes/v1";

/// The kind of a record whose seed is a text that somebody gave.
pub const SEED: &str = "seed";

/// The kind of a record whose seed comes from a ceremony.
pub const CEREMONY: &str = "ceremony";

/// The version of the builder. It is raised whenever the same inputs and seed would give another
/// schedule, so that a replay never compares what can't agree.
pub const BUILDER: &str = "4";

/// The builders whose records are read, the oldest first: a replay takes the program that made a record, and all else is the same.
pub const BUILDERS: &[&str] = &["3", BUILDER];

/// What binds the inputs, the seed and the schedule together.
pub const RECORD: &str = "record.json";

/// The schedule, one line a visit.
pub const SCHEDULE: &str = "schedule.jsonl";

/// The schedule as people read it.
pub const TABLE: &str = "schedule.csv";

/// What is counted in the urn of each stage, one line a stage.
pub const STAGES: &str = "stages.jsonl";

/// The odds of everybody on each visit that was drawn, one line a visit.
pub const ODDS: &str = "odds.jsonl";

/// Who steps in for whom, in which order, one line a visit that was drawn.
pub const RESERVES: &str = "reserves.jsonl";

/// What was fixed before a ceremony's draw; a record from a literal seed has none.
pub const FIXED: &str = "fixed.jsonl";

/// Bounds on what any lottery could do in each stage, each with its proof, one line a stage. A record may come without it.
pub const BOUNDS: &str = "bounds.jsonl";

/// Where the changes after a draw stand in a ceremony's folder.
pub(super) const CHANGES: &str = "changes/";

/// Beside the inputs, every file that a record must have. A new table is a line here, its digest in `record.json`,
/// and a claim in `verify` that recounts it.
const REQUIRED: &[&str] = &[RECORD, SCHEDULE, TABLE, STAGES, ODDS, RESERVES];

pub(super) const ABSENCES: &str = "inputs/absences.jsonl";
pub(super) const CONFLICTS: &str = "inputs/conflicts.jsonl";
pub(super) const ESTABLISHMENTS: &str = "inputs/establishments.jsonl";
pub(super) const HISTORY: &str = "inputs/history.jsonl";
pub(super) const INSPECTORS: &str = "inputs/inspectors.jsonl";
pub(crate) const POLICY: &str = "inputs/policy.jsonl";
pub(super) const VISITS: &str = "inputs/visits.jsonl";
pub(super) const WAIVERS: &str = "inputs/waivers.jsonl";

/// The frozen inputs, in order of name.
pub const INPUTS: [&str; 8] = [ABSENCES, CONFLICTS, ESTABLISHMENTS, HISTORY, INSPECTORS, POLICY, VISITS, WAIVERS];

/// Every file of a record, in no order that matters.
pub fn is_expected(name: &str) -> bool {
    required().any(|required| required == name) || name == BOUNDS || name == FIXED || stage_of_urn(name).is_some()
}

/// Every file without which a folder is no whole record: all but the urns, which may be too large or too secret to be
/// handed on, and can be built again.
pub fn required() -> impl Iterator<Item = &'static str> {
    REQUIRED.iter().chain(&INPUTS).copied()
}

/// The file of the urn of stage `number`, counted from 1.
///
/// ```
/// assert_eq!(foureyes::record::urn_file(7), "urns/007.urn");
/// ```
pub fn urn_file(number: usize) -> String {
    format!("urns/{number:03}.urn")
}

/// The number of the stage whose urn stands in file `name`.
///
/// ```
/// use foureyes::record::stage_of_urn;
/// assert_eq!(stage_of_urn("urns/007.urn"), Some(7));
/// assert_eq!(stage_of_urn("urns/7.urn"), None);
/// assert_eq!(stage_of_urn("urns/000.urn"), None);
/// ```
pub fn stage_of_urn(name: &str) -> Option<usize> {
    let number = name.strip_prefix("urns/")?.strip_suffix(".urn")?.parse().ok()?;
    (1..=STAGES_MAX).contains(&number).then_some(number).filter(|number| urn_file(*number) == name)
}

/// The folder of freeze `number` in a ceremony's folder.
///
/// ```
/// use foureyes::record::{change_file, draw_folder, frozen_folder};
/// assert_eq!([frozen_folder(1), draw_folder(20), change_file(300)], ["frozen/001", "draws/020", "changes/300.json"]);
/// ```
pub fn frozen_folder(number: u64) -> String {
    format!("frozen/{number:03}")
}

/// The folder of draw `counter` in a ceremony's folder.
pub fn draw_folder(counter: u64) -> String {
    format!("draws/{counter:03}")
}

/// The file of change `number` in a ceremony's folder.
pub fn change_file(number: u64) -> String {
    format!("changes/{number:03}.json")
}

/// The files below `folder`, by their names in it.
///
/// ```
/// use foureyes::record::{Files, below};
/// let files = Files::from([("draws/001/record.json".to_owned(), vec![1]), ("ledger.jsonl".to_owned(), vec![2])]);
/// assert_eq!(below(&files, "draws/001"), Files::from([("record.json".to_owned(), vec![1])]));
/// ```
pub fn below(files: &Files, folder: &str) -> Files {
    let prefix = format!("{folder}/");
    let within = files.range(prefix.clone()..).take_while(|(name, _)| name.starts_with(&prefix));
    within.map(|(name, bytes)| (name[prefix.len()..].to_owned(), bytes.clone())).collect()
}

/// The file of a freeze's master, in its folder.
pub const SALT: &str = "salt";

/// Bytes that one file may have.
pub(super) const FILE_BYTES_MAX: u64 = 512 << 20;
/// Bytes that all files together may have.
pub(super) const FOLDER_BYTES_MAX: u64 = 1 << 30;
/// Files that a folder may have, those that do not belong among them.
pub(super) const FILES_MAX: usize = 5000;
/// Files that a ceremony's folder may have: many years of daily draws.
pub(super) const CEREMONY_FILES_MAX: usize = 200_000;
/// Bytes that one line may have.
pub(super) const LINE_BYTES_MAX: usize = 1 << 20;
/// Bytes that `record.json` may have: its one line names every visit that is not staffed, and an office that
/// lists its whole register as programmed visits has hundreds of thousands of them. The one line of a change may name everybody who was
/// passed over for every seat.
pub(super) const RECORD_BYTES_MAX: usize = 256 << 20;
/// Lines that one table may have.
pub(super) const LINES_MAX: usize = 10_000_000;
/// People that one past visit may name: pairs are counted, and they grow with the square.
pub(super) const PAST_TEAM_MAX: usize = 1000;
/// People that one team of a schedule may name. The rules allow far fewer; beyond this they are not asked.
pub(super) const TEAM_MAX: usize = 100;
/// Days that a period may span.
pub(super) const PERIOD_DAYS_MAX: i64 = 3660;
/// Tickets that an urn may have, as many as a policy may ask for.
pub(super) const TICKETS_MAX: u32 = 1_000_000;
/// Stages that a period may have: one a day.
const STAGES_MAX: usize = PERIOD_DAYS_MAX as usize;
/// Possible teams below which a visit may be told of as thin.
pub(super) const POOL_MIN_MAX: u32 = 1000;
/// Months that may lie between two visits to a place of one risk class.
pub(super) const MONTHS_MAX: u32 = 1200;
/// Slots that a day may have.
pub(super) const SLOTS_MAX: usize = 96;
