//! Who may read what the commands write: whatever tells visits, people or conflicts is for its owner alone, and what is meant for everybody
//! stays readable. The folder of every command's output is walked.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What is done, in order, in one folder; and where it is written.
const RUNS: &[(&str, &str)] = &[
    ("init new", "new"),
    ("import imported --inspectors exports/staff.csv --yes", "imported"),
    ("import imported --inspectors exports/staff_next.csv", "imported"),
    ("plan office --seed s --out records/office", "records/office"),
    ("report records/office --out planner.html", "planner.html"),
    ("report records/office --view auditor --out auditor.html", "auditor.html"),
    ("report records/office --view public --out public.html", "public.html"),
    ("orders records/office --date 2027-01-05 --out orders", "orders"),
    ("audit records/office --page audit.html", "audit.html"),
    ("man --out manual", "manual"),
    ("keys new planner --role planner --out keys", "keys"),
    ("keys new audit --role auditor --out keys", "keys"),
    (
        "open ledger --origin river.example/i --party keys/planner.party --party keys/audit.party --keys keys/planner.secret",
        "ledger",
    ),
    ("freeze ceremony ledger --keys keys/planner.secret", "ledger"),
    ("cosign ledger --now 2023-08-23T14:00:00Z --keys keys/audit.secret", "keys"),
    ("receipt ledger --inputs --out receipts", "receipts"),
    ("commit ledger --round 123 --keys keys/planner.secret", "ledger"),
    ("cosign ledger --now 2023-08-23T15:00:00Z --keys keys/audit.secret", "ledger"),
    ("keys nonce --counter 1 --keys keys/audit.secret --out nonce", "nonce"),
    (
        "draw ledger --beacon ROOT/examples/ceremony/rounds/quicknet-123.json --nonce @nonce --keys keys/planner.secret",
        "ledger",
    ),
    ("amend ledger --cancel v-1 --evidence e --keys keys/planner.secret", "ledger"),
    ("cosign ledger --proposal --keys keys/audit.secret", "ledger"),
    ("amend ledger --cancel v-1 --evidence e --keys keys/planner.secret", "ledger"),
    ("executed ledger --date 2023-08-24 --keys keys/planner.secret", "ledger"),
    ("cosign ledger --now 2023-08-24T18:00:00Z --keys keys/audit.secret", "ledger"),
    ("receipt ledger --orders --now 2023-08-23T18:00:00Z --out receipts", "receipts"),
    ("report ledger --out ceremony.html", "ceremony.html"),
    ("orders ledger --date 2023-08-24 --out orders-of-the-ledger", "orders-of-the-ledger"),
];

/// Files that are meant for everybody, and folders that only hold such files or whose names say no more than the ledger.
fn is_public(place: &str) -> bool {
    let of_ledger =
        ["ledger", "ledger/ledger.jsonl", "ledger/ledger.lock", "ledger/proposed.json", "ledger/checkpoints"];
    let parents = ["ledger/frozen", "ledger/draws", "ledger/changes", "ledger/urns", "keys", "manual", "public.html"];
    of_ledger.contains(&place)
        || parents.contains(&place)
        || place.starts_with("ledger/checkpoints/")
        || place.starts_with("manual/")
        || place.ends_with(".party")
        || place.ends_with(".seen")
}

#[test]
fn what_tells_visits_people_or_conflicts_is_for_its_owner_alone() {
    let scratch = tempfile::tempdir().unwrap();
    prepare(scratch.path());
    let (mut wrong, mut public, mut private) = (Vec::new(), 0, 0);
    for (command, place) in RUNS {
        let ended = run(scratch.path(), command);
        let code = ended.status.code().unwrap();
        assert!(code < 2, "{command}: {}", String::from_utf8_lossy(&ended.stderr));
        let mut found = Vec::new();
        walk(&scratch.path().join(place), &mut found);
        assert!(!found.is_empty(), "{command} wrote nothing");
        for path in found {
            let name = path.strip_prefix(scratch.path()).unwrap().to_str().unwrap();
            let (mode, is_folder) = (mode(&path), path.is_dir());
            let wanted = match (is_public(name), is_folder) {
                (true, true) => 0o755,
                (true, false) => 0o644,
                (false, true) => 0o700,
                (false, false) => 0o600,
            };
            *(if is_public(name) { &mut public } else { &mut private }) += 1;
            if mode != wanted {
                wrong.push(format!("{command}: {name} has {mode:o}, not {wanted:o}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(public > 20 && private > 100, "{public} and {private} were looked at");
}

/// A case that lay open before stays where it is; what an import writes into it is closed all the same.
#[test]
fn what_is_written_into_an_open_folder_is_closed() {
    let scratch = tempfile::tempdir().unwrap();
    prepare(scratch.path());
    let case = scratch.path().join("imported");
    fs::create_dir(&case).unwrap();
    fs::set_permissions(&case, fs::Permissions::from_mode(0o755)).unwrap();
    for name in ["staff.csv", "staff_next.csv"] {
        let ended = run(scratch.path(), &format!("import imported --inspectors exports/{name} --yes"));
        assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    let mut found = Vec::new();
    walk(&case, &mut found);
    let open: Vec<_> = found.iter().filter(|path| **path != case && mode(path) & 0o077 != 0).collect();
    assert!(open.is_empty() && found.len() > 4, "{open:?}");
}

/// A folder and its temporary folders are closed before anything stands in them, and an empty one that was there is closed with it.
#[test]
fn an_empty_folder_that_was_open_is_closed_when_a_record_is_published_in_it() {
    let scratch = tempfile::tempdir().unwrap();
    prepare(scratch.path());
    let out = scratch.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(run(scratch.path(), "plan office --seed s --out out").status.code().unwrap() < 2);
    assert_eq!(mode(&out), 0o700);
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn walk(path: &Path, found: &mut Vec<PathBuf>) {
    found.extend(path.exists().then(|| path.to_owned()));
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| walk(&entry.unwrap().path(), found));
    }
}

/// As most systems start it: without a mask of its own it would depend on who runs the test.
fn run(folder: &Path, command: &str) -> Output {
    let root = env!("CARGO_MANIFEST_DIR");
    let line = format!("umask 022; exec \"$0\" {} --quiet", command.replace("ROOT", root));
    Command::new("sh").args(["-c", &line, env!("CARGO_BIN_EXE_foureyes")]).current_dir(folder).output().unwrap()
}

fn prepare(folder: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (from, to) in [
        ("tests/cmd/plan.in/office", "office"),
        ("examples/ceremony/office", "ceremony"),
        ("tests/cmd/import.in", "exports"),
    ] {
        fs::create_dir_all(folder.join(to)).unwrap();
        for entry in fs::read_dir(root.join(from)).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), folder.join(to).join(entry.file_name())).unwrap();
        }
    }
    // A few tickets say as much of permissions as a thousand do.
    let policy = folder.join("ceremony/policy.toml");
    let text = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, text.replace("tickets = 1000", "tickets = 20")).unwrap();
    let policy = folder.join("office/policy.toml");
    let text = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, format!("{text}\n[urn]\ntickets = 100\n")).unwrap();
    let visits = folder.join("ceremony/visits.csv");
    let text = fs::read_to_string(&visits).unwrap();
    fs::write(&visits, text.replace("v-5,w-5,2023-08-24,2023-08-25,", "v-5,w-5,2023-08-24,2023-08-24,")).unwrap();
}
