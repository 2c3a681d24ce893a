//! Several headers that are one column of ours together: `official1`, `official2`, `official3` are the team.

use super::super::ids::fold;
use super::likeness::{LIKELY, likeness};

/// Our columns that hold several values.
const LISTS: [&str; 3] = ["inspectors", "skills", "languages"];

/// Columns of ours that hold several values, each with headers that differ only in a number and are called like it, joined by `|`.
pub(super) fn of_several(
    titles: &[String],
    taken: &[(&'static str, String)],
    open: &[&'static str],
) -> Vec<(&'static str, String)> {
    let is_free = |title: &&String| !taken.iter().any(|(_, other)| other == *title);
    let lists = open.iter().copied().filter(|ours| LISTS.contains(ours));
    let lists = lists.filter(|ours| !taken.iter().any(|(other, _)| other == ours));
    lists
        .filter_map(|ours| {
            let like = |title: &&String| stem(title).is_some_and(|stem| likeness(ours, &stem) >= LIKELY);
            let found: Vec<&String> = titles.iter().filter(is_free).filter(like).collect();
            let first = stem(found.first()?)?;
            let same: Vec<&str> =
                found.iter().filter(|title| stem(title).as_ref() == Some(&first)).map(|title| title.as_str()).collect();
            (same.len() > 1).then(|| (ours, same.join("|")))
        })
        .collect()
}

/// A title without the number at its end; none where it has none.
pub(super) fn stem(title: &str) -> Option<String> {
    let folded = fold(title);
    let bare = folded.trim_end_matches(|letter: char| letter.is_numeric());
    let bare_of_sign = bare.trim_end_matches(['#', '.', 'º', '°', '_', '-', ' ', '(']).trim_end_matches(" n").trim();
    (bare.len() < folded.len() && !bare_of_sign.is_empty()).then(|| bare_of_sign.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_differ_in_a_number_are_one_column() {
        let titles = ["date", "official1", "official2", "Official 3", "room 1"].map(str::to_owned);
        let found = of_several(&titles, &[], &["inspectors", "skills"]);
        assert_eq!(found, [("inspectors", "official1|official2|Official 3".to_owned())]);
        assert_eq!(stem("Inspector nº 2"), Some("inspector".to_owned()));
        assert_eq!(stem("Inspector"), None);
    }
}
