//! The text of an attack, and the steps that change any files: what is done to a record or to a ceremony alone stands beside it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use foureyes::record::Files;
use serde_json::Value;

/// One step of an attack: its verb and object, and the texts taken away and put in.
pub struct Step {
    pub verb: String,
    pub object: String,
    pub old: Vec<Vec<u8>>,
    pub new: Vec<Vec<u8>>,
}

/// An attack: who gains what by it, the findings that it must give, what else its head says, and what is done.
pub struct Attack {
    pub why: String,
    pub expect: BTreeSet<String>,
    pub head: BTreeMap<String, String>,
    pub steps: Vec<Step>,
}

impl Attack {
    pub fn read(text: &str) -> Self {
        let (mut why, mut expect, mut head, mut steps) =
            (String::new(), BTreeSet::new(), BTreeMap::new(), Vec::<Step>::new());
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
            match first {
                "why:" => why = rest.to_owned(),
                "expect:" => drop(expect.insert(rest.to_owned())),
                "-" => steps.last_mut().unwrap().old.push(unescaped(rest)),
                "+" => steps.last_mut().unwrap().new.push(unescaped(rest)),
                _ if first.ends_with(':') => drop(head.insert(first.trim_end_matches(':').to_owned(), rest.to_owned())),
                _ => {
                    let (verb, object) = (first.to_owned(), rest.to_owned());
                    steps.push(Step { verb, object, old: Vec::new(), new: Vec::new() });
                }
            }
        }
        Self { why, expect, head, steps }
    }
}

/// Every attack in the folder, with its name.
pub fn attacks_in(folder: &Path) -> Vec<(String, Attack)> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), Attack::read(&fs::read_to_string(path).unwrap()))).collect()
}

/// `\xNN` is a byte.
fn unescaped(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(&part.as_bytes()[2..]);
    }
    bytes
}

impl Step {
    /// Does it to `files`, if it is a step for any files; false if it is none.
    pub fn applied(&self, files: &mut Files) -> bool {
        match self.verb.as_str() {
            "change" => self.change(files.get_mut(&self.object).unwrap()),
            "drop" => self.edit_lines(files, |lines| {
                lines.remove(at(lines, &self.old[0]));
            }),
            "append" => self.edit_lines(files, |lines| lines.extend(self.new.iter().map(|line| ended(line)))),
            "swap" => self.edit_lines(files, |lines| {
                let (one, other) = (at(lines, &self.old[0]), at(lines, &self.old[1]));
                lines.swap(one, other);
            }),
            "delete" => assert!(files.remove(&self.object).is_some(), "{} is not there", self.object),
            "add" => {
                let bytes = self.new.iter().flat_map(|line| ended(line)).collect();
                assert!(files.insert(self.object.clone(), bytes).is_none(), "{} is there already", self.object);
            }
            "cut" => {
                let bytes = files.get_mut(&self.object).unwrap();
                bytes.truncate(bytes.len() - number(&self.old[0]));
            }
            "copy-ticket" => self.edit_tickets(files, |tickets, from, to| tickets[to] = tickets[from].clone()),
            "swap-tickets" => self.edit_tickets(files, |tickets, one, other| tickets.swap(one, other)),
            "set-ticket" => {
                let hex = std::str::from_utf8(&self.new[0]).unwrap();
                let bytes = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
                let ticket: Vec<u8> = (0..hex.len()).step_by(2).map(bytes).collect();
                self.edit_tickets(files, |tickets, at, _| tickets[at] = ticket);
            }
            _ => return false,
        }
        true
    }

    fn change(&self, bytes: &mut Vec<u8>) {
        let (old, new) = (&self.old[0], self.new.first().cloned().unwrap_or_default());
        let found: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(old)).collect();
        assert_eq!(found.len(), 1, "`{}` stands there {} times", String::from_utf8_lossy(old), found.len());
        bytes.splice(found[0]..found[0] + old.len(), new);
    }

    /// Hands the tickets of an urn to `edit`, beside one or two numbers of tickets.
    fn edit_tickets(&self, files: &mut Files, edit: impl FnOnce(&mut Vec<Vec<u8>>, usize, usize)) {
        let bytes = files.get_mut(&self.object).unwrap();
        let head = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let said: Value = serde_json::from_slice(&bytes[..head]).unwrap();
        let each = said["bytes"].as_u64().unwrap() as usize;
        let mut tickets = bytes[head..].chunks(each).map(<[u8]>::to_vec).collect();
        edit(&mut tickets, number(&self.old[0]), self.old.get(1).map_or(0, |old| number(old)));
        bytes.splice(head.., tickets.concat());
    }

    pub fn edit_lines(&self, files: &mut Files, edit: impl FnOnce(&mut Vec<Vec<u8>>)) {
        let bytes = files.get_mut(&self.object).unwrap();
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        edit(&mut lines);
        *bytes = lines.concat();
    }
}

pub fn number(text: &[u8]) -> usize {
    std::str::from_utf8(text).unwrap().trim().parse().unwrap()
}

/// The line with its line feed.
pub fn ended(line: &[u8]) -> Vec<u8> {
    [line, b"\n"].concat()
}

pub fn at(lines: &[Vec<u8>], text: &[u8]) -> usize {
    let has = |line: &Vec<u8>| line.windows(text.len()).any(|part| part == text);
    let found: Vec<_> = (0..lines.len()).filter(|at| has(&lines[*at])).collect();
    assert_eq!(found.len(), 1, "`{}` stands on {} lines", String::from_utf8_lossy(text), found.len());
    found[0]
}
