//! Cells that are more than text: yes and no, whole numbers, words of a list, several values.

use super::ids::{fold, nfc};
use super::policy::Policy;
use super::problem::{Level, Log};
use super::table::Row;

/// Words that a column may hold: ours, and others that mean the same.
pub(super) type Words<T> = &'static [(T, &'static str, &'static [&'static str])];

/// Yes and no, also in the languages that rosters are often written in.
pub(super) const YES_NO: Words<bool> = &[
    (
        true,
        "yes",
        &[
            "y", "true", "1", "x", "si", "sí", "s", "sim", "oui", "o", "ja", "j", "da", "да", "tak", "evet", "კი",
            "نعم", "是", "po",
        ],
    ),
    (
        false,
        "no",
        &[
            "n",
            "false",
            "0",
            "não",
            "nao",
            "non",
            "nein",
            "nee",
            "nej",
            "ne",
            "ні",
            "нет",
            "nie",
            "hayır",
            "hayir",
            "არა",
            "لا",
            "否",
            "jo",
        ],
    ),
];

/// Text as it stands, in its one spelling.
pub(super) fn label(row: &Row<'_>, column: usize) -> Option<String> {
    row.text(column).map(nfc)
}

/// Several values, in order and without repetition.
pub(super) fn list(row: &Row<'_>, column: usize) -> Vec<String> {
    let mut all: Vec<String> = split(row, column).map(nfc).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Several values of one cell, as they stand.
pub(super) fn split<'a>(row: &Row<'a>, column: usize) -> impl Iterator<Item = &'a str> + use<'a> {
    row.text(column).unwrap_or_default().split('|').map(str::trim).filter(|part| !part.is_empty())
}

/// Yes or no; none where the cell is blank or wrong.
pub(super) fn yes_no(row: &Row<'_>, column: usize, policy: &Policy, log: &mut Log) -> Option<bool> {
    word(row, column, YES_NO, policy, log)
}

/// One of some words; none where the cell is blank or wrong.
pub(super) fn word<T: Copy>(
    row: &Row<'_>,
    column: usize,
    words: Words<T>,
    policy: &Policy,
    log: &mut Log,
) -> Option<T> {
    meant(row, column, words, policy, log).map(|(meaning, _)| meaning)
}

/// One of some words: what it means, and how we write it.
pub(super) fn meant<T: Copy>(
    row: &Row<'_>,
    column: usize,
    words: Words<T>,
    policy: &Policy,
    log: &mut Log,
) -> Option<(T, &'static str)> {
    let text = row.text(column)?;
    let folded = fold(text).replace(['_', ' '], "-");
    let name = row.header.name(column);
    let means = |ours: &str, others: &[&str]| {
        ours == folded || others.contains(&folded.as_str()) || policy.means(name, ours, text)
    };
    let found = words.iter().find(|(_, ours, others)| means(ours, others)).map(|(meaning, ours, _)| (*meaning, *ours));
    if found.is_none() {
        log.one_of(Level::Error, &row.header.file, "words that are not known", || {
            let ours: Vec<&str> = words.iter().map(|(_, ours, _)| *ours).collect();
            let advice = format!(
                "Write {}; or state in policy.toml under [values.{name}] what it means: {} = [\"{}\"]",
                ours.join(" or "),
                ours[0],
                super::problem::shown(text)
            );
            row.problem(column, "this word is not known here", advice)
        });
    }
    found
}

/// A whole number from `least` to `most`; none where the cell is blank or wrong.
pub(super) fn number(row: &Row<'_>, column: usize, least: u32, most: u32, log: &mut Log) -> Option<u32> {
    let text = row.text(column)?;
    let found = text.parse::<u32>().ok().filter(|number| (least..=most).contains(number));
    if found.is_none() {
        log.one_of(Level::Error, &row.header.file, "numbers that can't be", || {
            let why = format!("this is not a whole number from {least} to {most}");
            row.problem(column, why, "Correct it, or leave the cell blank for what is usual")
        });
    }
    found
}
