//! The command line as people meet it: texts with commands, what they print and how they end.
//!
//! Each file of `tests/cmd/` is read from top to bottom; a folder of its name with `.in` is where its
//! commands run. `TRYCMD=overwrite cargo test --test cmd` writes what they print now. The console
//! blocks of README.md are run in the same way, in a copy of the examples.

#![allow(clippy::unwrap_used, reason = "a test that can't make its folders fails")]

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn commands_print_and_end_as_written() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}

#[test]
fn the_readme_tells_the_truth() {
    let scratch = tempfile::tempdir().unwrap();
    let (readme, folder) = (scratch.path().join("README.md"), scratch.path().join("README.in"));
    fs::copy("README.md", &readme).unwrap();
    for case in ["harbour", "vice-squad", "ceremony", "import"] {
        copy(&Path::new("examples").join(case), &folder.join("examples").join(case));
    }
    for case in ["harbour", "vice-squad"] {
        copy(&Path::new("schedules").join(case), &folder.join("schedules").join(case));
    }
    // The README shows that harbour is drawn as it was published.
    let again = ["plan", "examples/vice-squad", "--seed", "vice-squad January"];
    let ended = foureyes(&again).current_dir(&folder).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("was there already, with the same bytes"));
    let cases = trycmd::TestCases::new();
    cases.case(readme).run();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

fn foureyes(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_foureyes"));
    command.args(arguments).env_remove("CLICOLOR_FORCE");
    command
}

#[test]
fn a_reader_that_goes_away_is_a_normal_end() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let ended = foureyes(&["rules", "--markdown"]).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

#[test]
fn nobody_who_listens_on_stderr_is_a_normal_end() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let ended = foureyes(&["rules", "no-such-rule"]).stderr(writer).stdout(Stdio::piped()).output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
}

#[test]
fn a_full_disk_is_said() {
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let ended = foureyes(&["rules"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("could not be written"));
}

#[test]
fn data_goes_to_stdout_and_the_rest_to_stderr() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("record");
    let plan = ["plan", "tests/cmd/plan.in/office", "--seed", "s", "--out", out.to_str().unwrap(), "--json"];
    let ended = foureyes(&plan).output().unwrap();
    let data: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(data["coverage"]["mandatory"]["visits"], 2);
    assert!(String::from_utf8_lossy(&ended.stderr).contains("Published in"));
    let quiet = foureyes(&plan).arg("--quiet").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&quiet.stderr), "");
    assert_eq!(quiet.stdout, ended.stdout);
}

#[test]
fn threads_change_no_byte() {
    let scratch = tempfile::tempdir().unwrap();
    let case = scratch.path().join("harbour");
    fs::create_dir(&case).unwrap();
    for entry in fs::read_dir("examples/harbour").unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, case.join(from.file_name().unwrap())).unwrap();
    }
    // A tenth of the tickets do, and do not take minutes in a debug build.
    let policy = fs::read_to_string(case.join("policy.toml")).unwrap();
    fs::write(case.join("policy.toml"), policy.replace("tickets = 1000", "tickets = 100")).unwrap();
    let bytes = |threads: &str| {
        let out = scratch.path().join(threads);
        let (case, place) = (case.to_str().unwrap(), out.to_str().unwrap().to_owned());
        foureyes(&["plan", case, "--seed", "threads", "--threads", threads, "--out", &place, "-q"]).output().unwrap();
        ["record.json", "schedule.jsonl", "schedule.csv"].map(|name| fs::read(out.join(name)).unwrap())
    };
    assert_eq!(bytes("1"), bytes("8"));
}

/// A lawful schedule that the seed did not give: only the replay can see it.
#[test]
fn a_replay_finds_a_schedule_that_the_seed_did_not_give() {
    use foureyes::{draw::Root, record, urn, verify::verify};
    let scratch = tempfile::tempdir().unwrap();
    let reading = foureyes::read::read_case(Path::new("examples/harbour"));
    let mut case = reading.case.unwrap();
    case.urn.tickets = 100;
    let book = foureyes::rules::Book::new(&case.settings).unwrap();
    let frozen = record::freeze(&case, &book);
    let preferred = Root::from_seed(&frozen.digest, "a seed that somebody liked better");
    let schedule = urn::build(&case, &book, &preferred, &urn::Options { threads: 1 }).schedule;
    let announced = Root::from_seed(&frozen.digest, "the seed that was announced");
    let drawn = urn::alone(&case, &book, &announced, &schedule);
    let files = record::publish(&case, &book, &frozen, "the seed that was announced", &drawn);
    let verdict = verify(&files);
    assert!(verdict.findings.iter().all(|one| one.name == "urn-poor"), "copies of one ticket: {verdict}");
    let folder = scratch.path().join("steered");
    record::write(&folder, &files).unwrap();
    let ended = foureyes(&["verify", folder.to_str().unwrap(), "--replay"]).output().unwrap();
    let says = String::from_utf8_lossy(&ended.stdout);
    assert_eq!(ended.status.code(), Some(1));
    assert!(says.contains("replay: schedule.jsonl, line "), "{says}");
}

#[test]
fn colour_is_used_where_it_is_asked_for() {
    let titled = |how: &str| {
        let mut child =
            foureyes(&["capacity", "tests/cmd/plan.in/office", "--color", how]).stdout(Stdio::piped()).spawn().unwrap();
        let mut text = String::new();
        child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        child.wait().unwrap();
        text
    };
    assert!(titled("always").contains('\u{1b}'));
    assert!(!titled("never").contains('\u{1b}'));
    assert!(!titled("auto").contains('\u{1b}'), "a pipe is no terminal");
}

#[test]
fn the_readme_names_every_file_and_column() {
    let readme = fs::read_to_string("README.md").unwrap();
    for file in foureyes::report::CASE_FILES {
        let name = file.name.trim_end_matches(".csv");
        assert!(readme.contains(&format!("**`{name}`**")), "{name}");
        for column in file.columns {
            assert!(readme.contains(&format!("`{}`", column.name)), "{name}: {}", column.name);
        }
    }
}
