//! What importing says of each folder of `tests/cases/import`, against the `expect.txt` in it.
//!
//! A folder has what an office exports (`in/`), the case before the import (`case/`, if there is one), and `import.txt`
//! with a line for each thing that is asked: `TABLE FILE`, `map TABLE.KEY=VALUE`, `accept`, `append` or `replace`. What is read is written
//! nowhere; the clean files are told in `expect.txt`. `BLESS=1 cargo test --test import` writes those files anew; read
//! the difference before you keep it.

#![allow(clippy::unwrap_used, reason = "a test that can't read its own files fails")]

mod expected;
mod leave_calendar;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use foureyes::read::import::{Import, Request, Said, import, tables};
use foureyes::read::{Level, read_case_with};
use foureyes::report::{import_in_words, import_json, questions_in_words};

const TEMPLATE: &str = "# A policy.\n[period]\nfrom = 2027-01-04\nto = 2027-01-15\nslots = [\"am\", \"pm\"]\n";

#[test]
fn every_folder_is_imported_as_it_says() {
    expected::hold(&folders(), |folder| told(&asked(folder)));
}

/// What is imported soundly is a case that can be read, and importing it once more changes nothing.
#[test]
fn what_was_imported_can_be_read_and_imported_again() {
    for folder in folders() {
        let first = asked(&folder);
        if !first.is_sound() {
            assert!(first.questions.is_empty() || first.files.is_empty(), "{}", folder.display());
            continue;
        }
        let scratch = tempfile::tempdir().unwrap();
        let case = scratch.path().join("case");
        fs::create_dir(&case).unwrap();
        if folder.join("case").is_dir() {
            for entry in fs::read_dir(folder.join("case")).unwrap().map(Result::unwrap) {
                fs::copy(entry.path(), case.join(entry.file_name())).unwrap();
            }
        }
        first.replaced.iter().for_each(|name| fs::remove_file(case.join(name)).unwrap());
        first.files.iter().for_each(|(name, bytes)| fs::write(case.join(name), bytes).unwrap());
        let options = foureyes::read::Options { visits_needed: false, ..Default::default() };
        let reading = read_case_with(&case, &options);
        let errors =
            reading.problems.iter().filter(|one| one.level == Level::Error && one.why != "the file is missing");
        assert_eq!(errors.map(ToString::to_string).collect::<Vec<_>>(), [""; 0], "{}", folder.display());
        let again = import(&case, &Request { said: Vec::new(), accept: false, ..request(&folder) });
        assert!(again.is_sound() && again.files.is_empty(), "{}: {}", folder.display(), told(&again));
    }
}

fn folders() -> Vec<PathBuf> {
    expected::folders("import")
}

fn asked(folder: &Path) -> Import {
    import(&folder.join("case"), &request(folder))
}

fn request(folder: &Path) -> Request {
    let mut request = Request { template: TEMPLATE.to_owned(), ..Request::default() };
    for line in fs::read_to_string(folder.join("import.txt")).unwrap().lines() {
        match line.split_once(' ') {
            Some(("map", said)) => {
                let (place, value) = said.split_once('=').unwrap();
                let (table, key) = place.split_once('.').unwrap();
                request.said.push(Said { table: table.into(), key: key.into(), value: value.into() });
            }
            Some((table, file)) => {
                let table = tables().find(|known| *known == table).unwrap();
                request.sources.push((table, folder.join("in").join(file)));
            }
            None => match line {
                "append" => request.append = true,
                "replace" => request.replace = true,
                line => request.accept |= line == "accept",
            },
        }
    }
    request
}

/// Everything that a person sees, and the files whole.
fn told(import: &Import) -> String {
    let mut out = String::new();
    if !import.questions.is_empty() {
        writeln!(out, "QUESTIONS\n{}\n", questions_in_words(&import.questions)).unwrap();
    }
    for section in import_in_words(import) {
        writeln!(out, "{}\n{}\n", section.title, section.body).unwrap();
    }
    if import.is_sound() {
        for (name, bytes) in &import.files {
            writeln!(out, "== {name}\n{}", String::from_utf8(bytes.clone()).unwrap()).unwrap();
        }
    }
    import.replaced.iter().for_each(|name| writeln!(out, "replaced: {name}").unwrap());
    assert_eq!(import_json(import)["sound"], import.is_sound());
    out
}
