//! What `plan` refuses, and when: before any work where it can be seen before, and with what is left behind told where it can't.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use foureyes::record::BUILDER;

/// A small office with few tickets, which say as much here as a thousand do; made once.
fn office() -> &'static Path {
    static OFFICE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
        let (from, to) =
            (Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/plan.in/office"), tempfile::tempdir().unwrap());
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), to.path().join(entry.file_name())).unwrap();
        }
        let policy = to.path().join("policy.toml");
        let text = fs::read_to_string(&policy).unwrap();
        assert!(!text.contains("tickets"));
        fs::write(&policy, format!("{text}\n[urn]\ntickets = 100\n")).unwrap();
        to
    });
    OFFICE.path()
}

fn command(out: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_foureyes"));
    command.arg("plan").arg(office()).arg("--out").arg(out).args(more);
    command.stdin(Stdio::null());
    command
}

fn plan(out: &Path, more: &[&str]) -> (Option<i32>, String) {
    ended(command(out, more).output().unwrap())
}

fn ended(output: Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_can_be_seen_before_is_refused_before_anything_is_read_or_drawn() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { scratch.path().join(name) };
    assert_eq!(plan(&at("record"), &["--seed", "s"]).0, Some(1));
    fs::write(at("file"), "mine").unwrap();
    fs::create_dir(at("notes")).unwrap();
    fs::write(at("notes/mine.txt"), "mine").unwrap();
    let mut wrong = vec![("record", "other content"), ("file", "is a file"), ("notes", "other content")];
    #[cfg(unix)]
    for (name, to) in [("link", "record"), ("dangling", "nowhere"), ("link-to-empty", "empty")] {
        fs::create_dir_all(at("empty")).unwrap();
        std::os::unix::fs::symlink(to, at(name)).unwrap();
        wrong.push((name, "is a link"));
    }
    let before = names(scratch.path());
    for (name, says) in wrong {
        let (code, told) = plan(&at(name), &["--seed", "another"]);
        assert!(code == Some(2) && told.contains(says) && !told.contains("Reading"), "{name}: {told}");
    }
    assert_eq!(names(scratch.path()), before);
    assert_eq!(plan(&at("record"), &["--seed", "s"]).0, Some(1), "the same again is the same again");
}

/// Other inputs with the same seed are seen once they are read, and before anything is drawn from them.
#[test]
fn a_record_of_other_inputs_is_refused_before_the_draw() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("record");
    plan(&out, &["--seed", "s"]);
    let record = fs::read_to_string(out.join("record.json")).unwrap();
    let at = record.find("\"inputs\":\"").unwrap() + 10;
    let other = if record[at..].starts_with('0') { "1" } else { "0" };
    fs::write(out.join("record.json"), format!("{}{other}{}", &record[..at], &record[at + 1..])).unwrap();
    let (code, told) = plan(&out, &["--seed", "s"]);
    assert!(code == Some(2) && told.contains("other content") && !told.contains("Drawing"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_place_that_cannot_be_written_to_is_refused_before_the_draw() {
    let scratch = tempfile::tempdir().unwrap();
    fs::write(scratch.path().join("file"), "mine").unwrap();
    let (code, told) = plan(&scratch.path().join("file/record"), &["--seed", "s"]);
    assert!(code == Some(2) && told.contains("could not be written") && !told.contains("Drawing"), "{told}");
}

#[test]
fn a_seed_that_looks_like_a_slip_is_asked_about() {
    let scratch = tempfile::tempdir().unwrap();
    let out = |at: usize| scratch.path().join(at.to_string());
    for (at, seed) in
        ["", " ", "\u{200B}", "draw of ", " draw", "draw\n", "\u{FEFF}draw", "\u{A0}", "\u{301}"].iter().enumerate()
    {
        let (code, told) = plan(&out(at), &["--seed", seed]);
        assert!(code == Some(2) && told.contains("--seed-as-is") && !told.contains("Reading"), "{seed:?}: {told}");
        assert!(!out(at).exists());
    }
    let (code, told) = plan(&out(0), &["--seed", "", "--seed-as-is", "--quiet"]);
    assert!(code == Some(1) && told.contains("warning: the seed is blank, and is taken as it is"), "{told}");
    let output = command(&out(1), &["--seed", " x", "--json"]).output().unwrap();
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(value["error"]["hint"].as_str().unwrap().contains("--seed-as-is"));
    for (at, seed) in ["0", "a b", "caf\u{e9}", "x\u{30C}", "-"].iter().enumerate() {
        let (code, told) = plan(&out(100 + at), &[&format!("--seed={seed}"), "--quiet"]);
        assert!(code == Some(1) && told.is_empty(), "{seed:?}: {told}");
    }
}

/// Whoever was slower is told that the record is there, and not what the system says of a folder.
#[test]
fn two_plans_at_once_end_with_one_record_and_a_clear_answer() {
    for seeds in [["s", "s"], ["s", "t"]] {
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("record");
        let started = seeds
            .map(|seed| command(&out, &["--seed", seed]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap());
        let ended = started.map(|child| ended(child.wait_with_output().unwrap()));
        for (code, told) in &ended {
            assert!(!told.contains("not empty") && !told.contains("os error"), "{told}");
            assert!(*code == Some(1) || told.contains("other content"), "{code:?}: {told}");
        }
        assert!(ended.iter().any(|(code, _)| *code == Some(1)));
        assert!(seeds[0] != seeds[1] || ended.iter().all(|(code, _)| *code == Some(1)), "the same is no contradiction");
        let left: Vec<String> = names(scratch.path()).into_iter().filter(|name| name != "record").collect();
        assert!(left.iter().all(|name| name.ends_with(".kept")), "{left:?}");
    }
}

/// What would be refused at the end is refused at the beginning: nothing is drawn for nothing, and nothing is left beside the record.
#[test]
fn a_record_of_another_draw_is_refused_before_anything_is_drawn() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("record");
    assert_eq!(plan(&out, &["--seed", "s"]).0, Some(1));
    let (code, told) = plan(&out, &["--seed", "t"]);
    assert!(code == Some(2) && told.contains("other content") && !told.contains("Drawing"), "{told}");
    assert_eq!(names(scratch.path()), ["record"]);
    let record = out.join("record.json");
    let older =
        fs::read_to_string(&record).unwrap().replace(&format!("\"builder\":\"{BUILDER}\""), "\"builder\":\"3\"");
    fs::write(&record, older).unwrap();
    let (code, told) = plan(&out, &["--seed", "s"]);
    assert!(code == Some(2) && told.contains("made by builder 3") && !told.contains("Drawing"), "{told}");
    assert_eq!(names(scratch.path()), ["record"]);
}

/// A file may be no larger than so many blocks: as on a disk that is full, the record can't be written.
#[cfg(target_os = "linux")]
#[test]
fn what_a_full_disk_leaves_is_told() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("record");
    let line = "trap '' XFSZ; ulimit -f 1; exec \"$0\" plan \"$1\" --seed s --out \"$2\" --quiet >/dev/null";
    let full = Command::new("bash")
        .args(["-c", line, env!("CARGO_BIN_EXE_foureyes")])
        .args([office(), &out])
        .output()
        .unwrap();
    let (code, told) = ended(full);
    assert_eq!((code, out.exists()), (Some(2), false), "{told}");
    let kept = scratch.path().join(".foureyes-record.kept");
    assert_eq!(names(scratch.path()), [".foureyes-record.kept"]);
    assert!(told.contains("nothing was published") && told.contains(kept.to_str().unwrap()), "{told}");
    assert_eq!(plan(&out, &["--seed", "s"]).0, Some(1));
    assert_eq!(names(scratch.path()), ["record"]);
}
