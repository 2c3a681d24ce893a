//! What lies in a ceremony's folders and no line of its ledger names: what an act that was stopped on the way left there, or what is left of
//! a line that is gone.
//!
//! It is no finding, since files alone can't tell the one from the other; but whoever looks for the second may not overlook it.

use std::collections::BTreeSet;

use super::Evidence;
use super::reader::change_of;
use crate::record::ledger::Body;
use crate::record::{INPUTS, SALT, draw_folder, frozen_folder};

/// The folders and files, in order. What is too much in the folder of a draw is told of with its record.
pub(super) fn of(evidence: &Evidence) -> Vec<String> {
    let named: BTreeSet<String> = evidence.entries.iter().filter_map(|entry| named(&entry.body)).collect();
    let beside: BTreeSet<String> = evidence.files.keys().filter_map(|name| unnamed(&named, name)).collect();
    beside.into_iter().collect()
}

/// The folder or file that a line names.
fn named(body: &Body) -> Option<String> {
    match body {
        Body::Freeze(freeze) => Some(frozen_folder(freeze.number)),
        Body::Draw(draw) => Some(draw_folder(draw.counter)),
        _ => change_of(body),
    }
}

/// What is not named of file `name`: the folder in which it lies, or the file.
fn unnamed(named: &BTreeSet<String>, name: &str) -> Option<String> {
    let (folder, rest) = name.split_once('/').filter(|(folder, _)| ["changes", "draws", "frozen"].contains(folder))?;
    let (number, inner) = rest.split_once('/').unwrap_or((rest, ""));
    let place = format!("{folder}/{number}");
    if !named.contains(&place) {
        return Some(place);
    }
    let is_frozen = inner == SALT || INPUTS.contains(&inner);
    (folder == "frozen" && !is_frozen).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::record::load_ceremony;
    use crate::verify::verify_ceremony;

    #[test]
    fn what_no_line_names_is_told_and_is_no_finding() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tampered/ceremony/base");
        let mut files = load_ceremony(&folder).unwrap();
        assert!(verify_ceremony(&files).beside.is_empty());
        for name in
            ["draws/004/record.json", "frozen/001/notes.txt", "frozen/003/salt", "changes/005.json", "draws/old/a"]
        {
            files.insert(name.to_owned(), Vec::new());
        }
        let verdict = verify_ceremony(&files);
        let expected = ["changes/005.json", "draws/004", "draws/old", "frozen/001/notes.txt", "frozen/003"];
        assert_eq!(verdict.beside, expected);
        assert!(verdict.is_sound(), "{verdict}");
        assert!(
            verdict.to_string().contains("\nbeside   changes/005.json, draws/004, draws/old and 2 more: "),
            "{verdict}"
        );
    }

    #[test]
    fn a_draw_whose_line_was_taken_off_the_ledger_is_told() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tampered/ceremony/base");
        let mut files = load_ceremony(&folder).unwrap();
        let ledger = String::from_utf8(files["ledger.jsonl"].clone()).unwrap();
        let until: Vec<&str> =
            ledger.lines().take_while(|line| !line.contains("\"counter\":3,\"kind\":\"draw\"")).collect();
        files.insert("ledger.jsonl".to_owned(), format!("{}\n", until.join("\n")).into_bytes());
        let size = until.len();
        files.retain(|name, _| !name.starts_with("checkpoints/") || *name <= format!("checkpoints/{size:06}.note"));
        let verdict = verify_ceremony(&files);
        assert!(verdict.is_sound(), "nobody who has only this can know: {verdict}");
        assert!(verdict.beside.contains(&"draws/003".to_owned()), "{:?}", verdict.beside);
    }
}
