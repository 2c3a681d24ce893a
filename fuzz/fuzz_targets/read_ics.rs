//! Whatever stands in a calendar, reading it as leave and as holidays says so and does not fall over, the same each time.
//!
//! What does not begin as a calendar gets the beginning and the end of one, so that the fuzzer need not learn them.

#![no_main]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use foureyes::read::import::{Request, Said, import};
use foureyes::read::{Level, read_files};
use libfuzzer_sys::fuzz_target;

const POLICY: &str = "[period]\nfrom = 2027-01-04\nto = 2027-01-15\nslots = [\"am\"]\n";
const WORDS: [(&str, &str); 4] =
    [("whose", "summary"), ("zone", "Europe/Madrid"), ("free", "counts"), ("calendar_end", "excluded")];

static SCRATCH: LazyLock<PathBuf> = LazyLock::new(|| {
    let scratch = std::env::temp_dir().join(format!("foureyes-fuzz-ics-{}", std::process::id()));
    fs::create_dir_all(scratch.join("case")).expect("there is room for a small case");
    fs::write(scratch.join("case/policy.toml"), POLICY).expect("there is room for a small case");
    fs::write(scratch.join("case/inspectors.csv"), "id,name\nI1,Ana Sa\n").expect("there is room for a small case");
    scratch
});

fuzz_target!(|data: &[u8]| {
    if data.len() > 1 << 16 {
        return;
    }
    let whole = data.starts_with(b"BEGIN:VCALENDAR");
    let bytes = match whole {
        true => data.to_vec(),
        false => [b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:I1\n", data, b"\nEND:VEVENT\nEND:VCALENDAR\n"].concat(),
    };
    let export = SCRATCH.join("leave.ics");
    fs::write(&export, &bytes).expect("there is room for an export");
    let said = WORDS.map(|(key, value)| Said { table: "absences".into(), key: key.into(), value: value.into() });
    let request = Request { sources: vec![("absences", export)], said: said.to_vec(), ..Request::default() };
    let done = import(&SCRATCH.join("case"), &request);
    assert_eq!(format!("{done:?}"), format!("{:?}", import(&SCRATCH.join("case"), &request)));
    let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let files = BTreeMap::from([
        file("policy.toml", format!("{POLICY}holidays = \"h.ics\"\n").as_bytes()),
        file("inspectors.csv", b"id\nI1\nI2\n"),
        file("establishments.csv", b"id\nE1\n"),
        file("visits.csv", b"id,establishment\nV1,E1\n"),
        file("h.ics", &bytes),
    ]);
    let reading = read_files(&files);
    let failed = reading.problems.iter().any(|problem| problem.level == Level::Error);
    assert_eq!(reading.case.is_none(), failed);
});
