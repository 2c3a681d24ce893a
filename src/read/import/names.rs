//! People and places as exports name them: by id, or by a name that only one has.

use std::collections::BTreeMap;

use super::super::ids::{Directory, fold, nearest, nfc};
use super::super::problem::shown;

/// Everybody, or every place, that can be named.
pub(super) struct Known {
    noun: &'static str,
    ids: Directory,
    /// By folded name, and by its words in order of letters: the ids that have it.
    by_name: BTreeMap<String, Vec<String>>,
    names: Vec<String>,
    /// Whether nothing is known of them at all, so that nothing can be looked up.
    missing: bool,
}

/// An id, and whether it was found by a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) by_name: bool,
}

impl Known {
    /// Those that `rows` list, by id and name.
    pub(super) fn of<'a>(noun: &'static str, rows: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let rows: Vec<(&str, &str)> = rows.collect();
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (id, name) in rows.iter().filter(|(_, name)| !name.is_empty()) {
            for key in keys(name) {
                let ids = by_name.entry(key).or_default();
                if !ids.iter().any(|other| other == id) {
                    ids.push((*id).to_owned());
                }
            }
        }
        let names = rows.iter().map(|(_, name)| (*name).to_owned()).filter(|name| !name.is_empty()).collect();
        let ids = Directory::new(noun, rows.iter().map(|(id, _)| *id));
        Self { noun, ids, by_name, names, missing: rows.is_empty() }
    }

    /// Who or what `text` is.
    ///
    /// # Errors
    /// Why it is nobody, or more than one, and what to do.
    pub(super) fn find(&self, text: &str) -> Result<Found, (String, String)> {
        let text = nfc(text);
        if self.missing {
            let advice = "Import them first, or together with this";
            return Err((format!("the {}s are not known yet", self.noun), advice.to_owned()));
        }
        if self.ids.find(&text).is_some() {
            return Ok(Found { id: text, by_name: false });
        }
        let named = keys(&text).into_iter().find_map(|key| self.by_name.get(&key)).map_or(&[][..], Vec::as_slice);
        match named {
            [id] => Ok(Found { id: id.clone(), by_name: true }),
            [] => Err((format!("no {} has this id or this name", self.noun), self.advise(&text))),
            several => {
                let why = format!("{} {}s have this name: {}", several.len(), self.noun, several.join(", "));
                Err((why, "Write the id of the one that is meant".to_owned()))
            }
        }
    }

    /// The id that `text` is or names, where it is one.
    pub(super) fn find_quietly(&self, text: &str) -> Option<String> {
        self.find(text).ok().map(|found| found.id)
    }

    fn advise(&self, text: &str) -> String {
        let advice = self.ids.advise(text);
        let near = nearest(text, self.names.iter().map(String::as_str), 3);
        let turned = keys(text);
        let alike = |name: &&String| strsim::damerau_levenshtein(&turned[1], &keys(name)[1]) <= 2;
        let others = self.names.iter().filter(alike).map(String::as_str).filter(|name| !near.contains(name));
        let near: Vec<&str> = near.iter().copied().chain(others).take(3).collect();
        match near.is_empty() {
            true => advice,
            false => {
                let near: Vec<String> = near.iter().map(|name| format!("`{}`", shown(name))).collect();
                format!("Near to it: {}; write the name as the other table has it, or the id", near.join(", "))
            }
        }
    }
}

/// The ways in which a name may be written: `Surname, Name` as `name surname`, and its words in order of letters,
/// for the many languages in which the family comes first.
pub(in crate::read) fn keys(name: &str) -> Vec<String> {
    let turned = match name.split_once(',') {
        Some((surname, given)) => fold(&format!("{given} {surname}")),
        None => fold(name),
    };
    let mut words: Vec<&str> = turned.split(' ').collect();
    words.sort_unstable();
    vec![turned.clone(), format!("\u{0}{}", words.join(" "))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let rows = [("H-07", "Sá, Ana"), ("H-08", "Ben Kim"), ("H-09", "Ben Kim"), ("H-10", "გიორგი ბერიძე")];
        Known::of("inspector", rows.into_iter())
    }

    #[test]
    fn a_name_that_one_has_is_theirs() {
        for (text, id) in [
            ("H-07", "H-07"),
            ("ana  sá", "H-07"),
            ("SÁ, ANA", "H-07"),
            ("Sa\u{301} Ana", "H-07"),
            ("ბერიძე გიორგი", "H-10"),
        ] {
            assert_eq!(known().find(text).map(|found| found.id), Ok(id.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_name_that_two_have_is_nobodys() {
        assert_eq!(known().find("Ben Kim").unwrap_err().0, "2 inspectors have this name: H-08, H-09");
        assert_eq!(
            known().find("Ana Sa").unwrap_err().1,
            "Near to it: `Sá, Ana`; write the name as the other table has it, or the id"
        );
        assert_eq!(known().find("H-7").unwrap_err().0, "no inspector has this id or this name");
    }
}
