//! The house stays as it was drawn: who may import whom, what decides nothing, what lies where.
//!
//! A new import between rooms is a line in [`MAY_USE`] and a sentence in ARCHITECTURE.md.

#![allow(clippy::unwrap_used, reason = "a test that can't read the sources fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room of `src/`, and the rooms that it may name.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("read", &["model"]),
    ("rules", &["model"]),
    ("draw", &["model"]),
    ("urn", &["model", "rules", "draw"]),
    ("bound", &["model", "rules"]),
    ("record", &["model", "rules", "draw"]),
    ("verify", &["model", "rules", "draw", "record"]),
    ("ceremony", &["model", "read", "rules", "draw", "urn", "bound", "record", "verify"]),
    ("audit", &["model", "read", "rules", "draw", "record", "verify"]),
    ("report", &["model", "read", "rules", "draw", "urn", "bound", "record", "verify", "audit"]),
    ("cli", &["model", "read", "rules", "draw", "urn", "bound", "record", "verify", "audit", "ceremony", "report"]),
];

/// Rooms in which something is decided or recounted: no floats, clocks or hash orders there.
const DECIDE: &[&str] = &["model", "rules", "urn", "draw", "record", "verify"];

const NEVER_THERE: &[&str] = &["HashMap", "HashSet", "f32", "f64", "SystemTime", "Instant", "thread_rng", "std::env"];

/// What may lie at the top, apart from what git is told to ignore.
const TOP: &[&str] = &[
    ".ci",
    ".git",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "DRAW.md",
    "JSON.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "RULES.md",
    "benches",
    "clippy.toml",
    "examples",
    "findings",
    "fuzz",
    "rustfmt.toml",
    "schedules",
    "src",
    "target",
    "tests",
];

#[test]
fn rooms_import_only_what_the_house_allows() {
    let mut wrong = Vec::new();
    for (file, room) in files_of_rooms() {
        let allowed = MAY_USE.iter().find(|(name, _)| *name == room).map(|(_, may)| *may);
        let Some(allowed) = allowed else {
            wrong.push(format!("{}: the room `{room}` has no line in MAY_USE", file.display()));
            continue;
        };
        let named = rooms_named_by(&code(&file));
        let strangers = named.iter().filter(|named| **named != room && !allowed.contains(&named.as_str()));
        wrong.extend(strangers.map(|stranger| format!("{}: {room} may not name {stranger}", file.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<_> = sources("src").into_iter().filter(|file| !text(file).starts_with("//! ")).collect();
    assert!(silent.is_empty(), "without a head: {silent:?}");
    let silent: Vec<_> = sources("tests").into_iter().filter(|file| !text(file).starts_with("//! ")).collect();
    assert!(silent.is_empty(), "without a head: {silent:?}");
}

#[test]
fn nothing_that_decides_knows_floats_clocks_or_hash_orders() {
    let mut wrong = Vec::new();
    for (file, room) in files_of_rooms().into_iter().filter(|(_, room)| DECIDE.contains(&room.as_str())) {
        let code = code(&file);
        let found = NEVER_THERE.iter().filter(|word| has_word(&code, word));
        wrong.extend(found.map(|word| format!("{}: {room} may not use {word}", file.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_top_holds_only_what_belongs_there() {
    let entries = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let strangers: Vec<_> = entries.filter(|name| !TOP.contains(&name.as_str()) && !name.ends_with(".tmp")).collect();
    assert!(strangers.is_empty(), "at the top, and in no line of TOP: {strangers:?}");
}

#[test]
fn library_lists_every_room() {
    let library = text(&root().join("src/lib.rs"));
    for (room, _) in MAY_USE {
        assert!(library.contains(&format!("pub mod {room};")), "src/lib.rs does not list {room}");
    }
}

#[test]
fn every_dependency_is_used_where_it_is_declared() {
    let manifest = text(&root().join("Cargo.toml"));
    let text_of = |folders: &[&str]| -> String {
        folders.iter().flat_map(|folder| sources(folder)).map(|file| text(&file)).collect()
    };
    let (src, checks) = (text_of(&["src"]), text_of(&["src", "tests", "benches", "examples"]));
    let unused = |section: &str, code: &str| -> Vec<String> {
        let names = dependencies(&manifest, section);
        assert!(!names.is_empty(), "no {section} were found");
        names.into_iter().filter(|name| !code.contains(&format!("{}::", name.replace('-', "_")))).collect()
    };
    assert_eq!(unused("[dependencies]", &src), [""; 0], "in [dependencies], and named nowhere in src/");
    assert_eq!(unused("[dev-dependencies]", &checks), [""; 0], "in [dev-dependencies], and named nowhere");
}

/// The names in one section of a manifest.
fn dependencies(manifest: &str, section: &str) -> Vec<String> {
    let lines = manifest.lines().skip_while(|line| *line != section).skip(1).take_while(|line| !line.starts_with('['));
    lines
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.to_owned())
        .filter(|name| !name.starts_with('#'))
        .collect()
}

#[test]
fn imports_are_seen_in_every_spelling() {
    let seen = |code: &str| rooms_named_by(code).into_iter().collect::<Vec<_>>();
    assert_eq!(seen("use crate::urn::build;"), ["urn"]);
    assert_eq!(seen("use crate::{bound, model::{Case, Visit}, read};"), ["bound", "model", "read"]);
    assert_eq!(seen("let built = crate::urn::build(case);"), ["urn"]);
    assert_eq!(seen("use foureyes::verify;"), ["verify"]);
    assert_eq!(seen("use crate::{\n    draw,\n    urn::Built,\n};"), ["draw", "urn"]);
}

#[test]
fn comments_and_tests_are_not_held_against_a_file() {
    assert_eq!(without_comments("a // crate::urn\n//! crate::urn\nb\n"), "a \n\nb\n");
    assert!(has_word("let x: f64 = y;", "f64") && !has_word("self64", "f64"));
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}

/// Every Rust file below `folder`, in order. Folders of input files hold none.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every file of `src/` that belongs to a room, with the room's name.
fn files_of_rooms() -> Vec<(PathBuf, String)> {
    let src = root().join("src");
    let room = |file: &PathBuf| {
        let inside = file.strip_prefix(&src).unwrap();
        (inside.components().count() > 1)
            .then(|| inside.components().next().unwrap().as_os_str().to_str().unwrap().to_owned())
    };
    sources("src").into_iter().filter_map(|file| room(&file).map(|room| (file, room))).collect()
}

/// A file's code: without comments, and without the tests at its end, which may use what they like.
fn code(file: &Path) -> String {
    let text = without_comments(&text(file));
    let end = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
    text[..end].to_owned()
}

fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.find("//").map_or(line, |at| &line[..at])).map(|line| format!("{line}\n")).collect()
}

/// The rooms that some code names after `crate::` (or `foureyes::`, in programs), alone or in braces.
fn rooms_named_by(code: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for start in ["crate::", "foureyes::"] {
        for (at, _) in code.match_indices(start) {
            let rest = &code[at + start.len()..];
            match rest.strip_prefix('{') {
                Some(list) => named.extend(first_words(list)),
                None => named.extend(word_at_start(rest)),
            }
        }
    }
    named
}

/// The first word of each entry of a braced list, whose opening brace has been read.
fn first_words(list: &str) -> Vec<String> {
    let (mut depth, mut begins, mut words) = (1, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => {
                words.extend(word_at_start(&list[begins..at]));
                begins = at + 1;
            }
            _ => {}
        }
        if depth == 0 {
            words.extend(word_at_start(&list[begins..at]));
            break;
        }
    }
    words
}

fn word_at_start(text: &str) -> Option<String> {
    let word: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

fn has_word(code: &str, word: &str) -> bool {
    let part_of_a_word = |letter: Option<char>| letter.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(word).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + word.len()..]);
        !part_of_a_word(before.chars().next_back()) && !part_of_a_word(after.chars().next())
    })
}
