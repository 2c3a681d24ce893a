//! The same tables from many programs are imported to the same bytes.
//!
//! `tests/cases/writers/reference` has the tables of a small office as an import writes them. Every other folder beside it has some of
//! them as one program wrote them (`writer.txt` says which, with its version): real date cells, ids as texts, names of many
//! scripts. They are imported together, beside the other tables of the reference; where one is wrong, each alone. `tests/writers/writers.py` makes the folders;
//! the one of `rust_xlsxwriter` is made here, by `BLESS=1 cargo test --test writers`.

#![allow(clippy::unwrap_used, reason = "a test that can't read its own files fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use foureyes::read::import::{Import, Request, import, tables};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

/// Files by the table that each becomes.
type Files = BTreeMap<&'static str, PathBuf>;

const TEMPLATE: &str = "[period]\nfrom = 2027-01-04\nto = 2027-01-29\nslots = [\"am\", \"pm\"]\n";

#[test]
fn every_writer_gives_the_same_bytes() {
    let (mut wrong, mut sound) = (Vec::new(), 0);
    for files in by_writer() {
        // One import of all is what costs time; file by file only where something is wrong.
        if differs(&files).is_none() {
            sound += files.len();
            continue;
        }
        for (table, file) in files {
            match differs(&BTreeMap::from([(table, file.clone())])) {
                Some(how) => wrong.push(format!("--- {}\n{how}", file.strip_prefix(root()).unwrap().display())),
                None => sound += 1,
            }
        }
    }
    println!("{sound} files give the bytes of the reference, {} do not", wrong.len());
    assert!(wrong.is_empty(), "{} of {} files:\n{}", wrong.len(), wrong.len() + sound, wrong.join("\n"));
}

/// What stands in the reference is what an import of it writes.
#[test]
fn the_reference_is_clean() {
    assert_eq!(differs(&BTreeMap::new()), None);
}

#[test]
fn there_are_enough_files_and_writers() {
    let files = files();
    let writers: BTreeSet<String> = files.iter().map(|(_, file)| program(file)).collect();
    let endings: BTreeSet<_> = files.iter().filter_map(|(_, file)| file.extension()).collect();
    assert!(files.len() >= 120 && writers.len() >= 12 && endings.len() >= 6, "{} of {writers:?}", files.len());
}

/// A reader that reads one day wrongly, or loses one row, is found.
#[test]
fn a_file_with_another_day_or_without_a_row_is_found() {
    let scratch = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(root().join("reference/absences.csv")).unwrap();
    let without = text.lines().filter(|line| !line.starts_with("A-007")).collect::<Vec<_>>().join("\n");
    for other in [text.replace("2027-01-25,2027-01-25", "2027-01-25,2027-01-26"), without] {
        let file = scratch.path().join("absences.csv");
        fs::write(&file, other).unwrap();
        assert!(differs(&BTreeMap::from([("absences", file)])).is_some());
    }
}

/// What the version of `rust_xlsxwriter` that this program uses writes today, beside the files that it wrote once.
#[test]
fn rust_xlsxwriter_of_today_gives_the_same_bytes() {
    let scratch = tempfile::tempdir().unwrap();
    let mut files = Files::new();
    for table in tables() {
        let bytes = workbook(table, &reference(table));
        let file = scratch.path().join(format!("{table}.xlsx"));
        fs::write(&file, &bytes).unwrap();
        files.insert(table, file);
        if std::env::var_os("BLESS").is_some() {
            let folder = root().join("rust_xlsxwriter");
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(format!("{table}.xlsx")), bytes).unwrap();
            fs::write(folder.join("writer.txt"), "rust_xlsxwriter 0.102, Rust, XLSX\n").unwrap();
        }
    }
    assert_eq!(differs(&files), None);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/writers")
}

/// The bytes of a table as they must come out.
fn reference(table: &str) -> String {
    fs::read_to_string(root().join("reference").join(format!("{table}.csv"))).unwrap()
}

/// Every file that a program wrote, with the table that it holds.
fn files() -> Vec<(&'static str, PathBuf)> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    };
    let folders = entries(&root()).into_iter().filter(|folder| !folder.ends_with("reference"));
    let files = folders.flat_map(|folder| entries(&folder));
    let known = |file: &PathBuf| {
        let stem = file.file_stem()?.to_str()?.to_owned();
        tables().find(|table| *table == stem)
    };
    files.filter_map(|file| Some((known(&file)?, file))).collect()
}

/// The same, folder by folder.
fn by_writer() -> Vec<Files> {
    let mut folders: BTreeMap<PathBuf, Files> = BTreeMap::new();
    for (table, file) in files() {
        folders.entry(file.parent().unwrap().to_owned()).or_default().insert(table, file);
    }
    folders.into_values().collect()
}

/// The first word of what a folder says of its writer.
fn program(file: &Path) -> String {
    let says = fs::read_to_string(file.with_file_name("writer.txt")).unwrap();
    says.split([' ', ',']).next().unwrap().to_owned()
}

/// How what is imported from these files differs from the reference, if it does.
fn differs(files: &Files) -> Option<String> {
    let file = |name| files.get(name).cloned().unwrap_or_else(|| root().join("reference").join(format!("{name}.csv")));
    let sources = tables().map(|name| (name, file(name))).collect();
    let case = tempfile::tempdir().unwrap();
    let request = Request { sources, accept: true, template: TEMPLATE.to_owned(), ..Request::default() };
    let came = import(&case.path().join("case"), &request);
    if !came.is_sound() {
        return Some(told(&came));
    }
    let mut out = String::new();
    for table in tables() {
        let bytes = came.files.get(&format!("{table}.csv")).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let (is, must) = (bytes.unwrap_or_default(), reference(table));
        let (was, now): (BTreeSet<&str>, BTreeSet<&str>) = (must.lines().collect(), is.lines().collect());
        was.difference(&now).for_each(|line| writeln!(out, "- {line}").unwrap());
        now.difference(&was).for_each(|line| writeln!(out, "+ {line}").unwrap());
        if is != must && was == now {
            writeln!(out, "{table}: the order is another").unwrap();
        }
    }
    (!out.is_empty()).then_some(out)
}

fn told(import: &Import) -> String {
    let problems = import.problems.iter().map(ToString::to_string);
    let questions =
        import.questions.iter().map(|one| format!("asks for the columns of {}: {:?}", one.file, one.headers));
    problems.chain(questions).take(4).collect::<Vec<_>>().join("\n")
}

/// A table as `rust_xlsxwriter` writes it, with days in cells of dates.
fn workbook(table: &str, text: &str) -> Vec<u8> {
    let day = Format::new().set_num_format("d mmmm yyyy");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(table).unwrap();
    for (row, line) in (0..).zip(records(text)) {
        for (column, cell) in (0..).zip(line) {
            match ExcelDateTime::parse_from_str(&cell) {
                Ok(date) if cell.len() == 10 && row > 0 => {
                    sheet.write_datetime_with_format(row, column, &date, &day).unwrap();
                }
                _ => drop(sheet.write_string(row, column, &cell).unwrap()),
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// The cells of each line of a clean table.
fn records(text: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| {
        let (mut all, mut quoted) = (vec![String::new()], false);
        let mut letters = line.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '"' if quoted && letters.peek() == Some(&'"') => all.last_mut().unwrap().push(letters.next().unwrap()),
                '"' => quoted = !quoted,
                ',' if !quoted => all.push(String::new()),
                letter => all.last_mut().unwrap().push(letter),
            }
        }
        all
    };
    text.lines().map(cells).collect()
}
