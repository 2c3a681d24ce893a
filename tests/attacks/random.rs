//! Attacks that nobody thought of: a record, a ceremony or a receipt with something in it altered at random, and stated again as far as the attacker can.
//!
//! What must be found in one of them nobody knows; that both readers find the same, and that none fails, can be asked all the same.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use foureyes::draw::Stream;
use foureyes::record::Files;
use serde_json::{Value, json};

use super::ceremony::{apply, base};
use super::steps::{Attack, Step, ended};

/// Does a step to files, as the kind of files wants it.
type Apply = fn(&Step, &mut Files);

/// An altered record, with what was done to it.
pub fn record(stream: &mut Stream) -> (String, Files) {
    let mut files = if stream.index(3) == 0 { super::with_levels() } else { super::base() };
    let mut told = Vec::new();
    told.push(alter(stream, &mut files, "schedule.jsonl"));
    let careful = stream.index(3);
    let all = ["inputs", "check", "schedule", "table", "draw", "odds", "reserves", "stages", "urns"];
    let again: Vec<&str> = all.into_iter().filter(|_| careful > 0 && stream.index(careful + 1) > 0).collect();
    let steps = again.into_iter().map(|what| step("rehash", what)).collect();
    restate(&mut files, &mut told, steps, |step, files| step.apply(files));
    (told.join("; "), files)
}

/// An altered ceremony, with what was done to it.
pub fn ceremony(stream: &mut Stream) -> (String, Files) {
    let (mut files, mut told) = (base(), Vec::new());
    files.retain(|name, _| !name.starts_with("receipts/"));
    for _ in 0..1 + stream.index(2) {
        told.push(alter(stream, &mut files, "ledger.jsonl"));
    }
    let steps = stated_again(stream, &told);
    restate(&mut files, &mut told, steps, apply);
    (told.join("; "), files)
}

/// The ceremony of three freezes with which attacks begin, made anew as it should be.
static LATER: LazyLock<Files> = LazyLock::new(|| {
    let mut files = Attack::read("begins: later").ceremony();
    close().iter().for_each(|step| apply(step, &mut files));
    files.retain(|name, _| !name.starts_with("receipts/"));
    files
});

/// What everybody makes anew together from the third freeze on.
fn close() -> Vec<Step> {
    let all = "reseal planner audit officer";
    let steps = ["refreeze 3", "rebuild 4", all, "redraw 4", all];
    steps.into_iter().filter_map(|text| text.split_once(' ')).map(|(verb, object)| step(verb, object)).collect()
}

/// A ceremony whose last freeze, or a change before it, is altered by everybody together, and all that follows is made anew.
pub fn later(stream: &mut Stream) -> (String, Files) {
    let (mut files, mut told) = (LATER.clone(), Vec::new());
    let names: Vec<String> = files.keys().filter(|name| is_of_later(name)).cloned().collect();
    for _ in 0..1 + stream.index(2) {
        let name = names[stream.index(names.len())].clone();
        let bytes = files[&name].clone();
        let (bytes, what) = match stream.index(3) {
            0 => with_a_value(stream, bytes),
            _ => (with_lines(stream, bytes), "lines".to_owned()),
        };
        files.insert(name.clone(), bytes);
        told.push(format!("{name}: {what}"));
    }
    let changes = ["rechange 5", "rechange 6"].into_iter().filter_map(|text| text.split_once(' '));
    let steps = changes.map(|(verb, object)| step(verb, object)).chain(close()).collect();
    restate(&mut files, &mut told, steps, apply);
    (told.join("; "), files)
}

fn is_of_later(name: &str) -> bool {
    name.starts_with("frozen/003/inputs")
        || ["changes/004.json", "changes/005.json", "changes/006.json"].contains(&name)
}

/// An altered receipt, with what was done to it, and what it was.
pub fn receipt(stream: &mut Stream) -> (String, Vec<u8>, Vec<u8>) {
    let mut receipts = base();
    receipts.retain(|name, _| name.starts_with("receipts/"));
    let before: Vec<Vec<u8>> = receipts.values().cloned().collect();
    let which = stream.index(before.len());
    let (bytes, what) = with_a_value(stream, before[which].clone());
    (what, bytes, before[which].clone())
}

fn step(verb: &str, object: &str) -> Step {
    Step { verb: verb.to_owned(), object: object.to_owned(), old: Vec::new(), new: Vec::new() }
}

/// Does those of the steps that can be done: what can't be read can't be stated again either.
fn restate(files: &mut Files, told: &mut Vec<String>, steps: Vec<Step>, apply: Apply) {
    for step in steps {
        let mut after = files.clone();
        if catch_unwind(AssertUnwindSafe(|| apply(&step, &mut after))).is_ok() {
            told.push(format!("{} {}", step.verb, step.object));
            *files = after;
        }
    }
}

/// What the attacker states again: all that follows from what was altered, or nothing; with the planner's key, or with everybody's.
fn stated_again(stream: &mut Stream, told: &[String]) -> Vec<Step> {
    let mut steps = Vec::new();
    let keys = ["", "planner", "planner officer", "planner officer audit"][stream.index(4)];
    if keys.is_empty() {
        return steps;
    }
    let careful = stream.index(2) == 0;
    for name in told {
        let number = name.split('/').nth(1).map_or("", |part| part.get(..3).unwrap_or_default());
        match name.split('/').next().unwrap_or_default() {
            "frozen" => {
                steps.push(step("refreeze", number));
                steps.extend(careful.then(|| drawn_from(number)).into_iter().flatten());
            }
            "draws" => steps.push(step("rerecord", number)),
            "changes" => steps.push(step("rechange", number)),
            _ => {}
        }
    }
    steps.push(step("reseal", keys));
    steps
}

/// Everything that rests on a freeze of the base, made anew: urns, then records.
fn drawn_from(freeze: &str) -> Vec<Step> {
    let counter = if freeze == "001" { "1" } else { "3" };
    vec![step("rebuild", counter), step("redraw", counter)]
}

/// A ceremony that a planner and an officer altered, with what was done: everything is stated again as far as the two can. The auditor is none of them.
pub fn colluding(stream: &mut Stream) -> (String, Files) {
    let (mut files, mut told) = (base(), Vec::new());
    files.retain(|name, _| !name.starts_with("receipts/"));
    for _ in 0..1 + stream.index(3) {
        told.push(alter(stream, &mut files, "ledger.jsonl"));
    }
    let mut steps = Vec::new();
    for number in 1..=2 {
        steps.push(step("refreeze", &number.to_string()));
    }
    for counter in ["1", "3"] {
        steps.extend([step("rebuild", counter), step("redraw", counter)]);
    }
    for number in 1..=4 {
        steps.push(step("rechange", &number.to_string()));
    }
    // The whole of it, or as little as one step: what is left alone must not be what gives it away each time.
    steps.retain(|_| stream.index(4) > 0);
    steps.push(step("reseal", "planner officer"));
    restate(&mut files, &mut told, steps, apply);
    (told.join("; "), files)
}

/// Alters something, often in the `main` file; tells what, beginning with the file.
fn alter(stream: &mut Stream, files: &mut Files, main: &str) -> String {
    let names: Vec<String> = files.keys().cloned().collect();
    let mut any = || names[stream.index(names.len())].clone();
    let (one, other) = (any(), any());
    let one = if stream.index(3) == 0 { main.to_owned() } else { one };
    let bytes = files.get(&one).cloned().unwrap_or_default();
    match stream.index(12) {
        0 => drop(files.remove(&one)),
        1 => {
            let others = files.insert(other.clone(), bytes);
            files.insert(one.clone(), others.unwrap_or_default());
            return format!("{one} swapped with {other}");
        }
        2 => drop(files.insert(one.clone(), with_a_byte(stream, bytes))),
        3..=5 => drop(files.insert(one.clone(), with_lines(stream, bytes))),
        _ => {
            let (bytes, what) = with_a_value(stream, bytes);
            files.insert(one.clone(), bytes);
            return format!("{one}: {what}");
        }
    }
    one
}

fn with_a_byte(stream: &mut Stream, mut bytes: Vec<u8>) -> Vec<u8> {
    if !bytes.is_empty() {
        let at = stream.index(bytes.len());
        bytes[at] = b"0a\"{}\n\\ \x80"[stream.index(9)];
    }
    bytes
}

/// A line twice, gone, or in another place.
fn with_lines(stream: &mut Stream, bytes: Vec<u8>) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    if lines.is_empty() {
        return b"{}\n".to_vec();
    }
    let (one, other) = (stream.index(lines.len()), stream.index(lines.len()));
    match stream.index(3) {
        0 => drop(lines.remove(one)),
        1 => lines.insert(other, lines[one]),
        _ => lines.swap(one, other),
    }
    lines.concat()
}

/// A value somewhere in a line that is another one, with every line in its one spelling; and what.
fn with_a_value(stream: &mut Stream, bytes: Vec<u8>) -> (Vec<u8>, String) {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let at = stream.index(lines.len().max(1));
    let row = lines.get(at).and_then(|line| serde_json::from_slice(line).ok());
    let Some(mut row): Option<Value> = row else { return (with_a_byte(stream, bytes), "a byte".to_owned()) };
    let mut paths = Vec::new();
    leaves(&row, "", &mut paths);
    let path = &paths[stream.index(paths.len())];
    let others: Vec<Value> = paths.iter().filter_map(|path| row.pointer(path).cloned()).collect();
    let here = row.pointer_mut(path).unwrap();
    let before = here.clone();
    *here = another(stream, here, &others);
    let what = format!("line {}, {path}: {before} is {here}", at + 1);
    lines[at] = ended(row.to_string().as_bytes());
    (lines.concat(), what)
}

fn leaves(value: &Value, path: &str, into: &mut Vec<String>) {
    into.push(path.to_owned());
    match value {
        Value::Array(list) => list.iter().enumerate().for_each(|(at, one)| leaves(one, &format!("{path}/{at}"), into)),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, one)| leaves(one, &format!("{path}/{}", name.replace('/', "~1")), into));
        }
        _ => {}
    }
}

fn another(stream: &mut Stream, value: &Value, others: &[Value]) -> Value {
    if stream.index(4) == 0 {
        return others[stream.index(others.len())].clone();
    }
    match value {
        Value::Number(number) => {
            let number = number.as_i64().unwrap_or(0);
            [json!(number + 1), json!(number - 1), json!(0), json!(1_u64 << 53), json!(u64::MAX), json!("1")]
                [stream.index(6)]
            .clone()
        }
        Value::String(text) => [json!(turned(stream, text)), json!(""), json!(null), json!(format!("{text}\u{301}"))]
            [[0, 0, 0, 0, 1, 2, 3][stream.index(7)]]
        .clone(),
        Value::Bool(flag) => json!(!flag),
        Value::Null => json!("2027-01-04"),
        Value::Array(list) => {
            let mut list = list.clone();
            match (list.len(), stream.index(3)) {
                (0, _) => list.push(json!("x")),
                (_, 0) => drop(list.pop()),
                (_, 1) => list.push(list[0].clone()),
                _ => list.reverse(),
            }
            Value::Array(list)
        }
        Value::Object(fields) => {
            let mut fields = fields.clone();
            let name = fields.keys().nth(stream.index(fields.len().max(1))).cloned();
            match name {
                Some(name) => drop(fields.remove(&name)),
                None => drop(fields.insert("more".to_owned(), json!(1))),
            }
            Value::Object(fields)
        }
    }
}

/// The text with one letter or digit that is another one.
fn turned(stream: &mut Stream, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.is_empty() {
        return "x".to_owned();
    }
    let at = stream.index(letters.len());
    letters[at] = match letters[at] {
        '9' => '0',
        'f' => 'a',
        letter => char::from_u32(u32::from(letter) + 1).unwrap_or('x'),
    };
    letters.into_iter().collect()
}
