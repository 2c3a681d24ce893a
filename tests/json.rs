//! JSON.md says what every command prints with `--json`, and nothing else: the commands are run, and what they print is held against it.
//!
//! A section of JSON.md is named as a run of [`RUNS`] names it. To add a command: a section there, and a line here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Sections with what prints them, in order: later commands of a ceremony need earlier ones. All run in one folder.
const RUNS: &[(&str, &str)] = &[
    ("init", "init new"),
    ("check", "check office"),
    ("check", "check wrong"),
    ("import", "import imported --inspectors exports/staff.csv"),
    ("import", "import imported --inspectors exports/staff.csv --yes"),
    (
        "import",
        "import imported --establishments exports/places.csv --conflicts exports/interests.csv --absences exports/leave.csv",
    ),
    ("import", "import imported --inspectors exports/staff_next.csv --conflicts exports/interests_next.csv"),
    ("import", "import imported --inspectors exports/staff_changed.csv"),
    ("conflicts expiring", "conflicts expiring ROOT/examples/harbour --on 2027-01-04 --within 400d"),
    ("capacity", "capacity vice-squad"),
    ("plan", "plan vice-squad --seed s --out planned"),
    ("plan", "plan office --seed s --out small"),
    ("verify", "verify ROOT/schedules/harbour"),
    ("verify of a ceremony", "verify ROOT/schedules/river"),
    ("explain", "explain ROOT/schedules/harbour V-014"),
    ("explain", "explain ROOT/schedules/river v-2"),
    ("explain of a visit that nobody goes on", "explain ROOT/schedules/vice-squad C-1"),
    ("explain of a visit that nobody goes on", "explain ROOT/examples/harbour V-014"),
    ("whynot", "whynot ROOT/schedules/harbour V-014 H-16"),
    ("whynot", "whynot ROOT/schedules/river v-2 ada"),
    ("whynot", "whynot ROOT/schedules/river v-2 bao"),
    ("report", "report ROOT/schedules/harbour"),
    ("report", "report ROOT/schedules/river --view auditor"),
    ("report", "report ROOT/schedules/vice-squad"),
    ("report to the public", "report ROOT/schedules/harbour --view public"),
    ("report to the public", "report ROOT/schedules/river --view public --released 2023-08-25"),
    ("rules", "rules lead"),
    ("rules", "rules availability"),
    ("rules", "rules conflict-of-interest"),
    (
        "orders",
        "orders ROOT/schedules/river --date 2023-08-24 --out orders-1 --meet Pier --release 06:00 --now 2023-08-24T05:00",
    ),
    ("orders", "orders ROOT/schedules/river --date 2023-08-24 --out orders-1"),
    ("orders", "orders ROOT/schedules/harbour --date 2027-01-04 --out orders-2 --slot am=09:00-12:00"),
    ("orders", "orders ROOT/schedules/vice-squad --date 2027-02-05 --out orders-3 --slot night=20:00-23:00"),
    ("simulate", "simulate ROOT/examples/harbour --from 2026-11 --to 2026-12"),
    ("audit", "audit ROOT/schedules/harbour"),
    ("audit", "audit ROOT/schedules/river"),
    ("audit", "audit an-approver-of-one-place"),
    ("audit", "audit one-who-looks-after-an-owner"),
    ("keys new", "keys new planner --role planner"),
    ("keys new", "keys new audit --role auditor"),
    ("open", "open ledger --origin river.example/i --party planner.party --party audit.party --keys planner.secret"),
    ("freeze", "freeze ceremony ledger --keys planner.secret"),
    ("cosign to look", "cosign ledger --look --keys audit.secret"),
    ("cosign", "cosign ledger --now 2023-08-23T14:00:00Z --keys audit.secret"),
    ("receipt", "receipt ledger --inputs --inspector jun"),
    ("verify of a receipt", "verify receipts/jun.inputs.receipt --party planner.party --party audit.party"),
    ("commit", "commit ledger --round 123 --keys planner.secret"),
    ("cosign", "cosign ledger --now 2023-08-23T15:00:00Z --keys audit.secret"),
    ("keys nonce", "keys nonce --counter 1 --keys audit.secret"),
    ("", "keys nonce --counter 1 --keys audit.secret --out nonce"),
    (
        "draw",
        "draw ledger --beacon ROOT/examples/ceremony/rounds/quicknet-123.json --nonce @nonce --keys planner.secret",
    ),
    ("amend, override and executed", "amend ledger --cancel v-1 --evidence e --keys planner.secret"),
    ("cosign of a proposal", "cosign ledger --proposal --keys audit.secret"),
    ("amend, override and executed", "amend ledger --cancel v-1 --evidence e --keys planner.secret"),
    ("amend, override and executed", "executed ledger --date 2023-08-24 --keys planner.secret"),
    ("disclose", "disclose ledger --counter 1 --nonce @nonce --keys planner.secret"),
    ("commit", "commit ledger --round 1000 --keys planner.secret"),
    ("void", "void ledger --counter 2 --reason r --keys planner.secret"),
    ("", "cosign ledger --proposal --keys audit.secret"),
    ("void", "void ledger --counter 2 --reason r --keys planner.secret"),
    ("report", "report ledger"),
    ("audit", "audit ledger"),
    ("report to the public", "report ledger --view public"),
    (
        "open",
        "open next --origin river.example/i --after ledger --party planner.party --party audit.party --keys planner.secret",
    ),
    ("failure", "explain ROOT/schedules/harbour V-99999"),
    ("failure", "pln office"),
    ("failure", "orders ROOT/schedules/harbour --date 04/01/2027 --out nowhere"),
];

#[test]
fn what_is_printed_is_documented_and_what_is_documented_is_printed() {
    let scratch = tempfile::tempdir().unwrap();
    prepare(scratch.path());
    let documented = sections(&fs::read_to_string(root().join("JSON.md")).unwrap());
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (section, command) in RUNS {
        let printed = run(scratch.path(), command);
        if section.is_empty() {
            continue;
        }
        let rows = rows(&documented, section);
        let seen = seen.entry(section).or_default();
        leaves("", &printed, &mut |path, found| match rows.iter().find(|row| is_path(&row.path, path)) {
            Some(_) if found == "empty" => {}
            Some(row) if row.is_a(found) => drop(seen.insert(row.path.clone())),
            Some(row) => wrong.push(format!("{command}: `{path}` is {found}, and JSON.md says {}", row.says)),
            None if is_begun(&rows, path, found) => {}
            None => wrong.push(format!("{command}: `{path}` ({found}) stands in no row of the section {section}")),
        });
    }
    for (section, seen) in &seen {
        let missing = rows(&documented, section).into_iter().filter(|row| !row.only && !seen.contains(&row.path));
        wrong
            .extend(missing.map(|row| format!("{section}: `{}` was not printed; say when it is (Only ...)", row.path)));
    }
    let run: BTreeSet<&str> = RUNS.iter().map(|(section, _)| *section).collect();
    let unknown = documented.keys().filter(|name| !run.contains(name.as_str()) && !is_group(&documented, name));
    wrong.extend(unknown.map(|name| format!("the section {name} is printed by no run")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every command of the program can be asked for JSON but those that print what is no data, and has a section.
#[test]
fn every_command_can_be_asked_for_json() {
    let mut all = Vec::new();
    for name in commands(&help(&[])).iter().filter(|name| !["completions", "man"].contains(&name.as_str())) {
        match commands(&help(&[name])) {
            below if below.is_empty() => all.push(name.clone()),
            below => all.extend(below.iter().map(|one| format!("{name} {one}"))),
        }
    }
    assert!(all.len() > 24, "{all:?}");
    for name in all {
        assert!(help(&name.split(' ').collect::<Vec<_>>()).contains("--json"), "{name}");
        assert!(RUNS.iter().any(|(_, command)| command.starts_with(&format!("{name} "))) || shared(&name), "{name}");
    }
}

fn help(command: &[&str]) -> String {
    let ended = program().args(command).arg("--help").output().unwrap();
    String::from_utf8(ended.stdout).unwrap()
}

/// Whether a section of several commands is that of this one too.
fn shared(name: &str) -> bool {
    RUNS.iter().any(|(section, _)| section.contains(name))
}

/// The commands that a help lists.
fn commands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_foureyes"))
}

/// The folders that the runs name. A few tickets say as much of keys as a thousand do.
fn prepare(folder: &Path) {
    copy(&root().join("tests/cmd/plan.in/office"), &folder.join("office"));
    copy(&root().join("examples/vice-squad"), &folder.join("vice-squad"));
    copy(&root().join("examples/ceremony/office"), &folder.join("ceremony"));
    copy(&root().join("tests/cmd/plan.in/office"), &folder.join("wrong"));
    copy(&root().join("tests/cmd/import.in"), &folder.join("exports"));
    fs::write(folder.join("wrong/visits.csv"), "id,establishment\nV-1,nowhere\n").unwrap();
    for case in ["an-approver-of-one-place", "one-who-looks-after-an-owner"] {
        unpack(&root().join(format!("tests/cases/audit/{case}.txt")), &folder.join(case));
    }
    for case in ["vice-squad", "ceremony"] {
        let policy = folder.join(case).join("policy.toml");
        let text = fs::read_to_string(&policy).unwrap();
        fs::write(&policy, text.replace("tickets = 1000", "tickets = 20")).unwrap();
    }
    // Keys are new in each run, and so is the draw: whatever it is, its day has another visit than the one that is cancelled.
    let visits = folder.join("ceremony/visits.csv");
    let text = fs::read_to_string(&visits).unwrap();
    let (old, new) = ("v-5,w-5,2023-08-24,2023-08-25,", "v-5,w-5,2023-08-24,2023-08-24,");
    assert!(text.contains(old));
    fs::write(&visits, text.replace(old, new)).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// Writes the files that stand in one text, each below its name.
fn unpack(text: &Path, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for part in fs::read_to_string(text).unwrap().split("\n== ").skip(1) {
        let (name, content) = part.split_once('\n').unwrap();
        fs::write(folder.join(name), format!("{content}\n")).unwrap();
    }
}

fn run(folder: &Path, command: &str) -> Value {
    let words = command.split(' ').map(|word| word.replace("ROOT", root().to_str().unwrap()));
    let asked = !command.contains("--out nonce");
    let ended =
        program().args(words).args(asked.then_some("--json")).arg("--quiet").current_dir(folder).output().unwrap();
    let printed = String::from_utf8(ended.stdout).unwrap();
    match asked {
        true => serde_json::from_str(&printed).unwrap_or_else(|error| {
            panic!("{command}: {error}\n{printed}\n{}", String::from_utf8_lossy(&ended.stderr))
        }),
        false => Value::Null,
    }
}

/// A row of JSON.md.
#[derive(Clone, Debug)]
struct Row {
    path: String,
    says: String,
    /// Whether it is there only sometimes.
    only: bool,
}

impl Row {
    fn is_a(&self, found: &str) -> bool {
        self.says.split(" or ").any(|kind| kind == found)
    }
}

/// The rows of every section, as they stand.
fn sections(text: &str) -> BTreeMap<String, Vec<Row>> {
    let mut all: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    let mut name = String::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")) {
            name = title.to_owned();
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [_, path, says, meaning, _] = cells[..]
            && let Some(path) = path.strip_prefix('`')
        {
            let path = path.trim_end_matches('`').to_owned();
            let row = Row { path, says: says.to_owned(), only: meaning.starts_with("Only") };
            all.entry(name.clone()).or_default().push(row);
        }
    }
    all
}

/// The group that a row links to.
fn group(says: &str) -> Option<&str> {
    Some(says.strip_prefix('[')?.split_once(']')?.0)
}

fn is_group(all: &BTreeMap<String, Vec<Row>>, name: &str) -> bool {
    all.values().flatten().any(|row| group(&row.says) == Some(name))
}

/// The rows of a section, with those of groups in place of links.
fn rows(all: &BTreeMap<String, Vec<Row>>, section: &str) -> Vec<Row> {
    let own = all.get(section).unwrap_or_else(|| panic!("JSON.md has no section {section}"));
    let of = |row: &Row| match group(&row.says) {
        None => vec![row.clone()],
        Some(name) => {
            let below = rows(all, name).into_iter();
            let path = |path: &str| if row.path.is_empty() { path.to_owned() } else { format!("{}.{path}", row.path) };
            below.map(|one| Row { path: path(&one.path), only: one.only || row.only, ..one }).collect()
        }
    };
    own.iter().flat_map(of).collect()
}

/// Whether a documented path, which may have names in capitals that stand for any, is this one.
fn is_path(documented: &str, path: &str) -> bool {
    let (documented, path): (Vec<&str>, Vec<&str>) = (documented.split('.').collect(), path.split('.').collect());
    let is_any = |name: &str| name.trim_end_matches("[]").chars().all(|c| c.is_ascii_uppercase()) && name.len() > 2;
    documented.len() == path.len() && documented.iter().zip(&path).all(|(one, other)| one == other || is_any(one))
}

/// Whether nothing (null, or an empty list) stands where documented keys would begin.
fn is_begun(rows: &[Row], path: &str, found: &str) -> bool {
    let path = path.trim_end_matches("[]");
    let begins = |row: &Row| row.path.strip_prefix(path).is_some_and(|rest| rest.starts_with(['.', '[']));
    ["null", "empty"].contains(&found) && rows.iter().any(begins)
}

/// Tells every value that has none below it, with its path and what it is.
fn leaves(path: &str, value: &Value, tell: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::Object(fields) => {
            for (name, below) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(&path, below, tell);
            }
        }
        Value::Array(list) if list.is_empty() => tell(&format!("{path}[]"), "empty"),
        Value::Array(list) => list.iter().for_each(|below| leaves(&format!("{path}[]"), below, tell)),
        Value::Null => tell(path, "null"),
        Value::Bool(_) => tell(path, "yes/no"),
        Value::Number(_) => tell(path, "number"),
        Value::String(_) => tell(path, "text"),
    }
}
