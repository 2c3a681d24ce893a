//! What a mistyped word may have meant.

use strsim::jaro_winkler;

/// Below this likeness a word is no help.
const LIKE: f64 = 0.75;
const MOST: usize = 3;

/// The words most like `word`, at most three, the best first; none where nothing is like it.
pub(super) fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = word.to_lowercase();
    let rated = among.into_iter().map(|known| (jaro_winkler(&folded, &known.to_lowercase()), known));
    let mut alike: Vec<_> = rated.filter(|(likeness, _)| *likeness >= LIKE).collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    alike.into_iter().take(MOST).map(|(_, known)| known).collect()
}

/// `Did you mean A, B or C?`, or `otherwise` where nothing is like it.
pub(super) fn did_you_mean<'a>(word: &str, among: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    match nearest(word, among).as_slice() {
        [] => otherwise.to_owned(),
        [only] => format!("did you mean `{only}`?"),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|known| format!("`{known}`")).collect();
            format!("did you mean {} or `{last}`?", most.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forgotten_nought_is_found() {
        assert_eq!(nearest("V-17", ["V-017", "V-018", "X-400"])[0], "V-017");
    }

    #[test]
    fn nothing_is_offered_for_nonsense() {
        assert_eq!(did_you_mean("§§§", ["V-017"], "look again"), "look again");
    }
}
