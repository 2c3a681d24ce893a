//! Ids: text with one spelling, and what to say of an id that nobody has.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_security::{MixedScript, confusable_detection::skeleton};

use super::header::Header;
pub(super) use super::letters::{fold, is_invisible};
use super::problem::{Level, Log, Problem, shown};
use super::spelled::{is_no_break, without_point_zero};
use super::table::Row;

/// `text` in Unicode's composed form (NFC), trimmed, its no-break blanks blanks like others.
pub(super) fn nfc(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_owned();
    }
    let is_nfc = is_nfc_quick(text.chars()) == IsNormalized::Yes;
    let composed: String = if is_nfc { text.to_owned() } else { text.nfc().collect() };
    if composed.contains(is_no_break) { composed.replace(is_no_break, " ") } else { composed }
}

/// Of `known`, the at most `most` that are nearest to `text`, if any is near.
pub(super) fn nearest<'a>(text: &str, known: impl Iterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let plain = |text: &str| fold(text).replace([' ', '-'], "_");
    let wanted = plain(text);
    let length = wanted.chars().count();
    let far = if length <= 2 {
        0
    } else if length <= 5 {
        1
    } else {
        2
    };
    let mut near: Vec<(usize, &str)> = known
        .filter(|other| other.len().abs_diff(text.len()) <= 12)
        .map(|other| (strsim::damerau_levenshtein(&wanted, &plain(other)), other))
        .filter(|(distance, _)| *distance <= far)
        .collect();
    near.sort_unstable();
    near.truncate(most);
    near.into_iter().map(|(_, other)| other).collect()
}

/// The ids of one table, and their positions.
pub(super) struct Directory {
    /// What they are ids of: `inspector`.
    noun: &'static str,
    /// Whether its table could not be read.
    missing: bool,
    by_id: BTreeMap<String, u32>,
    by_stripped: OnceCell<BTreeMap<String, String>>,
    by_look: OnceCell<BTreeMap<String, String>>,
}

impl Directory {
    /// The directory of `ids`, each at its position.
    pub(super) fn new<'a>(noun: &'static str, ids: impl Iterator<Item = &'a str>) -> Self {
        let by_id = ids.zip(0..).map(|(id, at)| (id.to_owned(), at)).collect();
        Self { noun, missing: false, by_id, by_stripped: OnceCell::new(), by_look: OnceCell::new() }
    }

    /// The directory of a table that could not be read: nothing is known, and nothing is reported as unknown.
    pub(super) fn missing(noun: &'static str) -> Self {
        Self { missing: true, ..Self::new(noun, [].into_iter()) }
    }

    /// How many ids there are.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The position of an id.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// The known id that differs from `id` only in leading zeros.
    pub(super) fn zeros_apart(&self, id: &str) -> Option<&str> {
        let stripped = |id: &str| id.trim_start_matches('0').to_owned();
        let index = self.by_stripped.get_or_init(|| self.by_id.keys().map(|id| (stripped(id), id.clone())).collect());
        index.get(&stripped(id)).map(String::as_str)
    }

    /// The known id that looks the same as `id`.
    pub(super) fn look_alike(&self, id: &str) -> Option<&str> {
        let index = self.by_look.get_or_init(|| self.by_id.keys().map(|id| (look(id), id.clone())).collect());
        index.get(&look(id)).map(String::as_str)
    }

    /// What an unknown id may have meant, as a sentence.
    pub(super) fn advise(&self, id: &str) -> String {
        if let Some(other) = self.zeros_apart(id) {
            let what = if other.len() > id.len() { "adding" } else { "removing" };
            return format!(
                "It would match `{}` after {what} leading zeros; if that is meant, mend the ids here",
                shown(other)
            );
        }
        if let Some(other) = without_point_zero(id).filter(|whole| self.find(whole).is_some()) {
            return format!(
                "It would match `{}` without `.0`, which programs put behind whole numbers; if that is meant, mend the ids here",
                shown(other)
            );
        }
        if let Some(other) = self.look_alike(id) {
            return format!("It looks the same as `{}` and is written with other letters; type it anew", shown(other));
        }
        let near: Vec<String> = nearest(id, self.by_id.keys().map(String::as_str), 3)
            .into_iter()
            .map(|id| format!("`{}`", shown(id)))
            .collect();
        match near.len() {
            0 => format!("Add the {}, or correct the id", self.noun),
            _ => format!("Near to it: {}", near.join(", ")),
        }
    }

    /// The position of the id in a cell; an unknown one is an error of the row.
    pub(super) fn join(&self, row: &Row<'_>, column: usize, id: &str, log: &mut Log) -> Option<u32> {
        let found = self.find(id);
        if found.is_none() && !self.missing {
            let (kind, why) = match (self.zeros_apart(id), self.noun) {
                (Some(_), "inspector") => {
                    ("ids that match an inspector's but for leading zeros", "no inspector has this id")
                }
                (Some(_), "establishment") => {
                    ("ids that match an establishment's but for leading zeros", "no establishment has this id")
                }
                (Some(_), _) => ("ids that match a visit's but for leading zeros", "no visit has this id"),
                (None, "inspector") => ("ids that no inspector has", "no inspector has this id"),
                (None, "establishment") => ("ids that no establishment has", "no establishment has this id"),
                (None, _) => ("ids that no visit has", "no visit has this id"),
            };
            log.one_of(Level::Error, &row.header.file, kind, || row.problem(column, why, self.advise(id)).value(id));
        }
        found
    }
}

/// What an id looks like, however it is written (UTS 39's skeleton).
fn look(id: &str) -> String {
    if id.is_ascii() && !id.contains(['0', '1', 'I', 'm', '|', '`', '"']) {
        return id.to_owned();
    }
    skeleton(id).collect()
}

/// The id in a column of its own table: required, visible, of one script.
pub(super) fn own_id(row: &Row<'_>, column: usize, log: &mut Log) -> Option<String> {
    let file = &row.header.file;
    let Some(text) = row.text(column) else {
        let advice = "Write an id, or delete the row";
        log.one_of(Level::Error, file, "rows without an id", || row.problem(column, "the row has no id", advice));
        return None;
    };
    let id = nfc(text);
    let sound = is_sound(&id);
    if let Err(why) = &sound {
        let advice = "Type the id anew; whoever copies it must get the same letters that everybody sees";
        log.one_of(Level::Error, file, "ids with letters that deceive the eye", || row.problem(column, why, advice));
    }
    sound.ok().map(|()| id)
}

/// Why an id could deceive a reader.
fn is_sound(id: &str) -> Result<(), String> {
    if let Some(letter) = id.chars().find(|letter| is_invisible(*letter)) {
        return Err(format!("the id contains a character that is not seen (U+{:04X})", u32::from(letter)));
    }
    if id.contains('|') {
        return Err("the id contains `|`, which separates several values in one cell".to_owned());
    }
    if id.len() > 200 {
        return Err("the id is longer than 200 bytes".to_owned());
    }
    if !id.is_ascii() && !id.is_single_script() {
        return Err("the id mixes letters of several scripts".to_owned());
    }
    Ok(())
}

/// Reports ids of one table that look the same, or that a person or a spreadsheet takes for the same.
pub(super) fn look_alikes<'a>(
    header: &Header,
    column: usize,
    ids: impl Iterator<Item = (&'a str, u64)> + Clone,
    log: &mut Log,
) {
    let mut seen: BTreeMap<String, (&str, u64)> = BTreeMap::new();
    for (id, row) in ids.clone() {
        match seen.get(&look(id)).copied().filter(|(first, _)| *first != id) {
            Some(first) => looks_like(header, column, (id, row), first, log),
            None => {
                seen.insert(look(id), (id, row));
            }
        }
    }
    let mut said: BTreeMap<String, (&str, u64)> = BTreeMap::new();
    for (id, row) in ids {
        let same = fold(id).trim_start_matches('0').to_owned();
        let Some((first, first_row)) = said.get(&same).copied().filter(|(first, _)| look(first) != look(id)) else {
            said.entry(same).or_insert((id, row));
            continue;
        };
        let what = if fold(id) == fold(first) { "upper and lower case" } else { "leading zeros" };
        log.one_of(Level::Error, &header.file, "ids that differ only in case or in leading zeros", || {
            let why = format!("the id is `{}` in {} but for {what}", shown(first), header.tell_row(first_row));
            let advice = "If both rows are one, keep one of them; if they are two, give one of them another id";
            Problem::error(&header.file, why, advice).row(row).column(header.title(column)).value(id)
        });
    }
}

fn looks_like(header: &Header, column: usize, (id, row): (&str, u64), (first, first_row): (&str, u64), log: &mut Log) {
    let plain = id.is_ascii() && first.is_ascii();
    let (level, kind) = match plain {
        true => (Level::Warning, "ids that are easily taken for another"),
        false => (Level::Error, "ids that look like another"),
    };
    log.one_of(level, &header.file, kind, || {
        let first_row = header.tell_row(first_row);
        let why = format!("the id looks like `{}` in {first_row} and is written with other letters", shown(first));
        let advice = if plain { "Make sure that nobody confuses them" } else { "Type one of the two anew" };
        Problem::error(&header.file, why, advice).row(row).column(header.title(column)).value(id)
    });
}
