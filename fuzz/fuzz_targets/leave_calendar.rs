//! Whatever stands in the cells of a leave calendar, importing makes absences of people and days that the calendar has, or says why not.
//!
//! The first byte says how the days are written and whether the names of weekdays stand below them; each further byte is a cell.

#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use foureyes::read::Level;
use foureyes::read::import::{Request, Said, import};
use libfuzzer_sys::fuzz_target;

const POLICY: &str = "[period]\nfrom = 2027-01-04\nto = 2027-01-15\nslots = [\"am\", \"pm\"]\n";
/// What a cell may hold.
const CELLS: [&str; 32] = [
    "",
    "",
    "",
    "V",
    "V",
    "v",
    "K",
    "T",
    "½",
    "8",
    "7.5",
    "06-14",
    "#REF!",
    "I1",
    "Ana",
    "Ben",
    "Zoe",
    "Total",
    "1",
    "2",
    "31",
    "Mo",
    "Di",
    "Januar 2027",
    "Feb",
    "2027",
    "04.01.",
    "2027-01-04",
    "V = Urlaub",
    "Legende",
    "KW 1",
    "x",
];

static SCRATCH: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("foureyes-fuzz-calendar-{}", std::process::id()));
    fs::create_dir_all(folder.join("case")).expect("there is room for a small case");
    let files =
        [("inspectors.csv", "id,name\nI1,Ana\nI2,Ben\n"), ("establishments.csv", "id\nE1\n"), ("policy.toml", POLICY)];
    files.iter().for_each(|(name, text)| fs::write(folder.join("case").join(name), text).expect("there is room"));
    folder
});

/// A title, a line of days, and the cells.
fn calendar(first: u8, cells: &[u8]) -> String {
    let width = 5 + usize::from(first % 27);
    let day = |at: usize| match first % 3 {
        0 => at.to_string(),
        1 => format!("{at:02}.01."),
        _ => format!("2027-01-{at:02}"),
    };
    let days: Vec<String> = (1..=width.min(31)).map(day).collect();
    let mut text = format!("Januar 2027\nName;{}\n", days.join(";"));
    for line in cells.chunks(width + 1).take(200) {
        let cells: Vec<&str> = line.iter().map(|byte| CELLS[usize::from(*byte) % CELLS.len()]).collect();
        text += &cells.join(";");
        text.push('\n');
    }
    text
}

fuzz_target!(|data: &[u8]| {
    let Some((first, cells)) = data.split_first() else { return };
    let export = SCRATCH.join("plan.csv");
    fs::write(&export, calendar(*first, cells)).expect("there is room for a calendar");
    let said = |key: &str, value: &str| Said { table: "absences".into(), key: key.into(), value: value.into() };
    let said = vec![said("away", "V|K|x"), said("half", "½"), said("present", "T|8|7.5|06-14|1|2|31|Mo|Di")];
    let request = Request {
        sources: vec![("absences", export)],
        said,
        accept: true,
        template: POLICY.to_owned(),
        ..Request::default()
    };
    let done = import(&SCRATCH.join("case"), &request);
    assert_eq!(format!("{done:?}"), format!("{:?}", import(&SCRATCH.join("case"), &request)));
    if !done.is_sound() {
        assert!(!done.questions.is_empty() || done.problems.iter().any(|one| one.level == Level::Error));
    }
});
