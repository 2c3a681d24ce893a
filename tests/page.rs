//! The page of `foureyes report`: what it shows, what the public one must not show, and how a browser takes it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

#[path = "page/browser.rs"]
mod browser;
#[path = "page/case.rs"]
mod case;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

/// The record of the small case, planned once.
static SMALL: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let scratch = tempfile::tempdir().unwrap();
    let case = case::write(scratch.path());
    let record = scratch.path().join("record");
    let planned = foureyes(&["--quiet", "plan", text(&case), "--seed", "a seed", "--out", text(&record)]);
    assert_eq!(planned.status.code(), Some(1), "two visits can't be staffed: {planned:?}");
    (scratch, record)
});

fn foureyes(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_foureyes")).args(arguments).env_remove("CLICOLOR_FORCE").output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The page of `record` for `view`, and its JSON.
fn report(record: &str, view: &[&str]) -> (String, Value) {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("page.html");
    let mut arguments = vec!["--quiet", "report", record, "--json", "--out", text(&out)];
    arguments.extend(view);
    let output = foureyes(&arguments);
    assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
    (fs::read_to_string(&out).unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

fn small(view: &[&str]) -> (String, Value) {
    report(text(&SMALL.1), view)
}

/// The values of an attribute.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let start = format!(" {attribute}=\"");
    page.match_indices(&start).filter_map(|(at, found)| page[at + found.len()..].split('"').next()).collect()
}

/// What people read, without markup.
fn read(page: &str) -> String {
    let body = page.split_once("<body>").unwrap().1;
    let mut out = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn every_link_leads_somewhere_and_every_visit_can_be_linked_to() {
    for (record, view) in
        [("schedules/harbour", "planner"), ("schedules/river", "auditor"), ("schedules/vice-squad", "planner")]
    {
        let (page, told) = report(record, &["--view", view]);
        let ids = values(&page, "id");
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(known.len(), ids.len(), "{record}: an id stands twice");
        for link in values(&page, "href") {
            let target = link.strip_prefix('#').unwrap_or_else(|| panic!("{record}: {link} leads out of the page"));
            assert!(known.contains(target), "{record}: nothing is called {target}");
        }
        for (list, letter) in [("visits", 'v'), ("people", 'p')] {
            for at in 0..told[list].as_array().unwrap().len() {
                assert!(known.contains(format!("{letter}{at}").as_str()), "{record}: {letter}{at}");
            }
        }
    }
}

#[test]
fn a_page_loads_nothing() {
    for view in ["planner", "auditor", "public"] {
        let (page, _) = report("schedules/vice-squad", &["--view", view]);
        // The name of what a drawing is written in is no address to go to.
        let page = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        for way in ["<link", "<img", "<iframe", "<script src", "@import", "url(", "http://", "https://"] {
            assert!(!page.contains(way), "{view}: {way}");
        }
        assert!(page.contains("default-src 'none'"), "{view}");
    }
}

#[test]
fn the_same_record_gives_the_same_page() {
    assert_eq!(small(&[]), small(&[]));
    let (planner, auditor) = (small(&[]).1, small(&["--view", "auditor"]).1);
    let without_view = |mut told: Value| {
        told["view"].take();
        told
    };
    assert_eq!(without_view(planner), without_view(auditor), "they read the same in another order");
}

#[test]
fn names_are_shown_and_never_taken_for_markup() {
    let (page, told) = small(&[]);
    assert!(!page.contains("<script>alert") && !page.contains("<b>Qxmill"), "a name became markup");
    let shown = read(&page);
    for person in told["people"].as_array().unwrap() {
        assert!(shown.contains(person["name"].as_str().unwrap()), "{person}");
    }
    assert!(page.contains("<bdi>قكس ليلى</bdi>"), "a name that runs from right to left keeps to itself");
}

#[test]
fn people_see_what_machines_get() {
    let (page, told) = small(&[]);
    let shown = read(&page);
    let mut seen = 0;
    let mut look = |value: &Value| {
        let text = value.as_str().unwrap();
        assert!(shown.contains(text), "not on the page: {text}");
        seen += 1;
    };
    for visit in told["visits"].as_array().unwrap() {
        look(&visit["id"]);
        visit["team"].as_array().unwrap().iter().for_each(&mut look);
        visit["could"].as_array().unwrap().iter().for_each(&mut look);
    }
    for open in told["open"].as_array().unwrap() {
        open["says"].as_array().unwrap().iter().for_each(&mut look);
        open["would_help"].as_array().unwrap().iter().for_each(&mut look);
    }
    for waiver in told["waivers"].as_array().unwrap() {
        ["rule", "visit", "inspector", "reason", "approver"].iter().for_each(|field| look(&waiver[field]));
    }
    for step in told["evidence"]["steps"].as_array().unwrap() {
        look(&step["says"]);
    }
    for command in told["evidence"]["commands"].as_array().unwrap() {
        look(&command["run"]);
    }
    for pool in told["pools"]["thin"].as_array().unwrap() {
        look(&pool["says"]);
    }
    assert!(seen > 30 && told["open"].as_array().unwrap().len() == 2, "{seen}");
}

#[test]
fn the_public_page_names_nobody_and_no_place() {
    let (whole, _) = small(&[]);
    let (page, told) = small(&["--view", "public"]);
    let (page, told) = (page.to_lowercase(), told.to_string().to_lowercase());
    let words = case::words();
    assert!(words.len() > 40, "{words:?}");
    assert!(
        words.iter().filter(|word| whole.to_lowercase().contains(word.as_str())).count() > 30,
        "the words are sharp"
    );
    for word in words {
        assert!(!page.contains(&word), "the public page has `{word}`");
        assert!(!told.contains(&word), "its JSON has `{word}`");
    }
    assert!(told.contains("\"staffed\":4") && page.contains("easiest guess"), "and yet it says something");
}

/// Whether `text` has `word`, not as a part of another.
fn has(text: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-');
    text.match_indices(word)
        .any(|(at, _)| !part(text[..at].chars().next_back()) && !part(text[at + word.len()..].chars().next()))
}

#[test]
fn of_a_ceremony_the_public_sees_places_only_when_they_are_released() {
    let (_, whole) = report("schedules/river", &[]);
    let named = |list: &str, field: &str| -> Vec<String> {
        let all = whole[list].as_array().unwrap().iter().filter_map(|one| one[field].as_str());
        all.map(str::to_owned).collect()
    };
    let secret = [named("people", "id"), named("people", "name"), named("visits", "id")].concat();
    // The ceremony is called after its district, and the name of a case is for everybody.
    let places = [named("places", "id"), named("places", "name")].concat();
    let (page, told) = report("schedules/river", &["--view", "public"]);
    let told = told.to_string();
    for word in secret.iter().chain(&places) {
        assert!(!has(&read(&page), word) && !has(&told, word), "`{word}`");
    }
    let (page, told) = report("schedules/river", &["--view", "public", "--released", "2023-08-24"]);
    for word in &secret {
        assert!(!has(&read(&page), word) && !has(&told.to_string(), word), "`{word}`");
    }
    let released = told["released"].as_array().unwrap();
    let first = whole["visits"].as_array().unwrap().iter().filter(|one| one["date"] == "2023-08-24").count();
    assert_eq!(released.len(), first, "those of the first day");
    assert!(
        released.iter().all(|one| one["date"] == "2023-08-24" && read(&page).contains(one["place"].as_str().unwrap()))
    );
}

#[test]
fn places_are_not_released_before_their_day_is_over() {
    let record = "schedules/river";
    let future = foureyes(&["report", record, "--json", "--view", "public", "--released", "2999-01-01"]);
    assert_eq!(future.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&future.stderr).contains("2999-01-01 is not over"));
    let all = foureyes(&["report", record, "--json", "--released", "2023-08-24"]);
    assert_eq!(all.status.code(), Some(2), "the planner sees every place anyway");
}

#[test]
fn changes_and_witnesses_of_a_ceremony_are_told() {
    let (page, told) = report("schedules/river", &["--view", "auditor"]);
    assert_eq!(told["changes"].as_array().unwrap().len(), 3);
    let shown = read(&page);
    let change: Value = serde_json::from_str(&fs::read_to_string("schedules/river/changes/001.json").unwrap()).unwrap();
    let moved = |field: &str| change["moves"][0][field].as_str().unwrap().to_owned();
    let visit = change["moves"][0]["visits"][0].as_str().unwrap();
    let says = format!("{} steps into {}'s seat on {visit}", moved("by"), moved("for"));
    assert!(shown.contains(&says), "who stepped in");
    assert!(
        shown.contains("2023-08-23 15:00:00 UTC, before the number that decides existed (2023-08-23 15:15:33 UTC)")
    );
}

/// A ceremony of one day, whose visit v-1 was then set by hand.
fn by_hand(folder: &Path) -> PathBuf {
    let place = |name: &str| text(&folder.join(name)).to_owned();
    let (ledger, planner, audit, nonce) =
        (place("ledger"), place("p/planner.secret"), place("a/audit.secret"), place("nonce"));
    let steps = [
        format!("keys new planner --role planner --out {}", place("p")),
        format!("keys new audit --role auditor --out {}", place("a")),
        format!(
            "open {ledger} --origin river.example/test --party {} --party {} --keys {planner}",
            place("p/planner.party"),
            place("a/audit.party")
        ),
        format!("freeze examples/ceremony/office {ledger} --keys {planner}"),
        format!("commit {ledger} --round 123 --keys {planner}"),
        format!("cosign {ledger} --keys {audit} --now 2023-08-23T15:00:00Z"),
        format!("keys nonce --keys {audit} --counter 1 --out {nonce}"),
        format!("draw {ledger} --beacon examples/ceremony/rounds/quicknet-123.json --nonce @{nonce} --keys {planner}"),
    ];
    for step in steps {
        let done = foureyes(&step.split(' ').chain(["--quiet"]).collect::<Vec<_>>());
        assert_eq!(done.status.code(), Some(0), "{step}: {done:?}");
    }
    let given = format!("override {ledger} --visit v-1 --date 2023-08-24 --slot am --team ada,jun --keys {planner}");
    let given = given.split(' ').chain(["--reason", "only Jun knows the way", "--evidence", "letter 17", "--quiet"]);
    let given: Vec<&str> = given.collect();
    assert_eq!(foureyes(&given).status.code(), Some(1), "it waits for a second signature");
    assert_eq!(foureyes(&["--quiet", "cosign", &ledger, "--proposal", "--keys", &audit]).status.code(), Some(0));
    assert_eq!(foureyes(&given).status.code(), Some(0));
    PathBuf::from(ledger)
}

#[test]
fn what_was_done_by_hand_is_the_first_thing_on_every_page() {
    let scratch = tempfile::tempdir().unwrap();
    let ledger = by_hand(scratch.path());
    for view in ["planner", "auditor", "public"] {
        let (page, told) = report(text(&ledger), &["--view", view]);
        let shown = read(&page);
        let (loud, glance) = (shown.find("OVERRIDE, line 5").unwrap(), shown.find("Visits with a team").unwrap());
        assert!(loud < glance, "{view}");
        assert_eq!(told["loud"][0]["signed"].as_array().unwrap().len(), 2);
        let names = shown.contains("only Jun knows the way") || told.to_string().contains("only Jun knows the way");
        assert_eq!(names, view != "public", "a reason may name somebody");
    }
    let (page, _) = report(text(&ledger), &[]);
    assert!(read(&page).contains("CHANGED SINCE THE DRAW"), "and it stands with the visit too");
}

#[test]
fn a_page_of_a_record_that_is_not_sound_says_so_first() {
    let scratch = tempfile::tempdir().unwrap();
    let record = scratch.path().join("record");
    copy(&SMALL.1, &record);
    let table = record.join("schedule.csv");
    let other = fs::read_to_string(&table).unwrap().replace("QXI-6", "QXI-7");
    fs::write(&table, other).unwrap();
    let out = scratch.path().join("page.html");
    let output = foureyes(&["--quiet", "report", text(&record), "--view", "auditor", "--out", text(&out)]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let page = fs::read_to_string(&out).unwrap();
    assert!(page.contains("NOT SOUND: ") && page.contains("Do not rely on what this page says"));
}

#[test]
fn a_page_of_a_ceremony_says_that_something_lies_beside_its_ledger_and_never_what() {
    let scratch = tempfile::tempdir().unwrap();
    let ceremony = scratch.path().join("river");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules/river"), &ceremony);
    let limit = "nothing was taken off the ledger";
    for view in ["auditor", "public"] {
        assert!(!report(text(&ceremony), &["--view", view]).0.contains(limit), "{view}");
    }
    fs::create_dir(ceremony.join("draws/of-ana-rossi")).unwrap();
    fs::write(ceremony.join("draws/of-ana-rossi/record.json"), "{}").unwrap();
    for view in ["auditor", "public"] {
        let page = report(text(&ceremony), &["--view", view]).0;
        assert!(page.contains(limit) && !page.contains("of-ana-rossi"), "{view}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, place) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if entry.is_dir() { copy(&entry, &place) } else { fs::copy(entry, place).map(|_| ()).unwrap() }
    }
}

#[test]
fn an_older_page_is_replaced_and_nothing_else_is() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("page.html");
    fs::write(&out, "<!DOCTYPE html><p>mine").unwrap();
    let refused = foureyes(&["report", "schedules/river", "--out", text(&out)]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is no page of this program"));
    assert_eq!(fs::read_to_string(&out).unwrap(), "<!DOCTYPE html><p>mine");
    fs::remove_file(&out).unwrap();
    for view in ["planner", "public"] {
        assert_eq!(
            foureyes(&["report", "schedules/river", "--view", view, "--out", text(&out)]).status.code(),
            Some(0)
        );
    }
    assert!(fs::read_to_string(&out).unwrap().contains("For: everybody"));
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[cfg(unix)]
#[test]
fn a_page_that_names_people_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = tempfile::tempdir().unwrap();
    for (view, secret) in [("planner", true), ("auditor", true), ("public", false)] {
        let out = scratch.path().join(view);
        foureyes(&["--quiet", "report", "schedules/river", "--view", view, "--out", text(&out)]);
        let mode = fs::metadata(&out).unwrap().permissions().mode() & 0o077;
        assert_eq!(mode == 0, secret, "{view}: {mode:o}");
    }
}

/// The page of a record, written where a browser can open it.
fn written(folder: &Path, record: &str, view: &str) -> PathBuf {
    let out = folder.join(format!("{}-{view}.html", Path::new(record).file_name().unwrap().to_string_lossy()));
    let output = foureyes(&["--quiet", "report", record, "--view", view, "--out", text(&out)]);
    assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
    out
}

#[test]
fn pages_fit_a_telephone_and_say_nothing_on_the_console() {
    let Some(browser) = browser::browser() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let pages = [
        written(scratch.path(), "schedules/harbour", "planner"),
        written(scratch.path(), text(&SMALL.1), "planner"),
        written(scratch.path(), "schedules/river", "auditor"),
        written(scratch.path(), "schedules/vice-squad", "public"),
    ];
    for page in pages {
        let script = "frame.document.querySelectorAll('details').forEach(function (d) { d.open = true; }); \
                      var e = frame.document.documentElement; return e.scrollWidth - e.clientWidth;";
        let (over, console) = browser::asked(&browser, &page, 360, script);
        assert_eq!(over, "0", "{} pixels too wide: {}", over, page.display());
        assert_eq!(console, [""; 0], "{}", page.display());
    }
}

#[test]
fn the_filter_shows_itself_and_leaves_what_was_asked_for() {
    let Some(browser) = browser::browser() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let page = written(scratch.path(), "schedules/harbour", "planner");
    let (_, told) = report("schedules/harbour", &[]);
    let goes = |id: &str| {
        let visits = told["visits"].as_array().unwrap().iter();
        visits.filter(|visit| visit["team"].as_array().unwrap().iter().any(|who| who == id)).count()
    };
    let script = "var d = frame.document, form = d.getElementById('filter'), text = form.querySelector('input'); \
                  text.value = 'h-02'; text.dispatchEvent(new frame.Event('input')); \
                  var rows = d.querySelectorAll('.cal tbody tr:not([hidden])').length, more = d.querySelectorAll('details.v:not([hidden])').length; \
                  frame.location.hash = '#v0'; \
                  return [form.hidden, rows, more, form.querySelector('output').textContent].join('; ');";
    let (answer, console) = browser::asked(&browser, &page, 1000, script);
    let n = goes("H-02");
    assert!(n > 0);
    assert_eq!(answer, format!("false; {n}; {n}; {n} of 80 visits"));
    assert_eq!(console, [""; 0]);
}

#[test]
fn a_page_prints() {
    let Some(browser) = browser::browser() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let page = written(scratch.path(), "schedules/harbour", "planner");
    let pdf = scratch.path().join("page.pdf");
    let to = format!("--print-to-pdf={}", pdf.display());
    let output = browser::open(&browser, &page, &[&to, "--no-pdf-header-footer"]);
    let bytes = fs::read(&pdf).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let count = |what: &[u8]| bytes.windows(what.len()).filter(|window| *window == what).count();
    let pages = count(b"/Type /Page") - count(b"/Type /Pages");
    assert!((4..=40).contains(&pages), "{pages} pages");
}

/// Six hundred visits and a hundred and twenty people.
#[test]
fn the_page_of_a_region_stays_small_and_opens() {
    let scratch = tempfile::tempdir().unwrap();
    let page = written(scratch.path(), "schedules/region", "planner");
    let size = fs::metadata(&page).unwrap().len();
    assert!(size < 2_000_000, "{size} bytes");
    let Some(browser) = browser::browser() else { return };
    let script = "var e = frame.document.documentElement; \
                  return frame.document.querySelectorAll('.cal tbody tr').length + ' rows, ' + (e.scrollWidth - e.clientWidth) + ' too wide';";
    let (answer, console) = browser::asked(&browser, &page, 360, script);
    assert_eq!((answer.as_str(), console), ("600 rows, 0 too wide", vec![]));
}
