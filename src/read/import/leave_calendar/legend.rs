//! The legend of a calendar: `V = Vacaciones`, `U Urlaub`, or a code and its meaning in two cells.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::code;

/// Words that a legend begins with.
const WORDS: &str = "legende legend leyenda legenda légende légende: key keys códigos codigos code codes kürzel zeichen условные обозначения legendă \
    λεζάντα აღნიშვნები 凡例 图例 objaśnienia siglas claves";
/// Letters of a code in a legend.
const LETTERS: usize = 8;

/// What a line says of codes, where it says nothing else.
pub(super) fn read(cells: &[&str], codes: &BTreeSet<String>) -> Option<BTreeMap<String, String>> {
    let cells: Vec<String> = cells.iter().map(|cell| code(cell)).collect();
    let is_word = |cell: &String| {
        let bare = cell.to_lowercase();
        WORDS.split_whitespace().any(|word| word == bare.trim_end_matches(':').trim())
    };
    let skip = usize::from(cells.first().is_some_and(is_word));
    let (mut said, mut at) = (BTreeMap::new(), skip);
    while let Some(cell) = cells.get(at) {
        if let Some((code, meaning)) = cut(cell).filter(|(code, _)| codes.contains(code)) {
            said.insert(code, meaning);
            at += 1;
            continue;
        }
        let bare = cell.trim_end_matches(['=', ':']).trim();
        let meaning = cells.get(at + 1..)?.iter().find(|cell| !matches!(cell.as_str(), "=" | ":" | "-" | "–"))?;
        let meaning = meaning.trim_start_matches(['=', ':', '-', '–']).trim();
        let fits = codes.contains(bare) && !codes.contains(meaning) && is_meaning(meaning);
        fits.then_some(())?;
        said.insert(bare.to_owned(), meaning.to_owned());
        at +=
            if cells.get(at + 1).is_some_and(|next| matches!(next.as_str(), "=" | ":" | "-" | "–")) { 3 } else { 2 };
    }
    (!said.is_empty()).then_some(said)
}

/// `V = Vacaciones`, `V: Vacaciones`, `V - Vacaciones`, `V Vacaciones`.
fn cut(cell: &str) -> Option<(String, String)> {
    let (code, meaning) = match cell.split_once(['=', ':', '–', '—', '→']) {
        Some(pair) => pair,
        None => cell.split_once(" - ").or_else(|| cell.split_once(' '))?,
    };
    let (code, meaning) = (code.trim(), meaning.trim());
    (code.chars().count() <= LETTERS && !code.is_empty() && is_meaning(meaning))
        .then(|| (code.to_owned(), meaning.to_owned()))
}

/// A word, not a code and not a number.
fn is_meaning(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    letters >= 3 || (letters >= 2 && !text.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legend_says_what_known_codes_mean_and_nothing_else() {
        let codes: BTreeSet<String> = ["V", "K", "½"].map(str::to_owned).into();
        let read = |cells: &[&str]| {
            read(cells, &codes)
                .map(|said| said.into_iter().map(|(a, b)| format!("{a}={b}")).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(read(&["V = Vacaciones"]).as_deref(), Some("V=Vacaciones"));
        assert_eq!(read(&["Leyenda:", "V", "Vacaciones", "K", "Krank"]).as_deref(), Some("K=Krank V=Vacaciones"));
        assert_eq!(read(&["V", "=", "Vacaciones"]).as_deref(), Some("V=Vacaciones"));
        assert_eq!(read(&["V Urlaub", "½ halber Tag"]).as_deref(), Some("V=Urlaub ½=halber Tag"));
        assert_eq!(read(&["Zoe", "V", "V"]), None);
        assert_eq!(read(&["V", "K"]), None);
        assert_eq!(read(&["X", "Ausland"]), None);
    }
}
