//! What the policy says of names that may be one: which spelling is in force, and which names are two however alike they look.

use std::collections::{BTreeMap, BTreeSet};

use super::letters::fold;

/// The section of the policy that says which names are one; an import writes an answer there too.
pub const SECTION: &str = "aliases";
/// The key under which names that are two are listed.
pub(super) const APART: &str = "apart";
/// What has aliases, as the columns of the tables are called.
pub(super) const NOUNS: [&str; 4] = ["owner", "district", "sector", "unit"];

/// The aliases of one kind of name.
#[derive(Clone, Debug, Default)]
pub(super) struct Aliases {
    /// By folded spelling: the name in force. A name in force stands for itself.
    in_force: BTreeMap<String, String>,
    /// The aliases as they are written.
    said: Vec<String>,
    /// By folded name in force: the lists of names that are two in which it stands.
    apart: BTreeMap<String, BTreeSet<usize>>,
    lists: usize,
}

impl Aliases {
    /// Reads `others` as `name` from now on.
    ///
    /// # Errors
    /// Which other name in force has one of them.
    pub(super) fn join(&mut self, name: &str, others: &[String]) -> Result<(), String> {
        for text in std::iter::once(name).chain(others.iter().map(String::as_str)) {
            match self.in_force.insert(fold(text), name.to_owned()) {
                Some(other) if other != name => return Err(other),
                _ => {}
            }
        }
        self.said.extend_from_slice(others);
        Ok(())
    }

    /// Takes a list of names that are all two.
    ///
    /// # Errors
    /// The name that two of them are.
    pub(super) fn part(&mut self, names: &[String]) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        for name in names {
            let name = self.read(name);
            if !seen.insert(fold(&name)) {
                return Err(name);
            }
        }
        seen.into_iter().for_each(|name| {
            self.apart.entry(name).or_default().insert(self.lists);
        });
        self.lists += 1;
        Ok(())
    }

    /// The name in force for a spelling, where the policy says one.
    pub(super) fn of(&self, text: &str) -> Option<&str> {
        if self.in_force.is_empty() { None } else { self.in_force.get(&fold(text)).map(String::as_str) }
    }

    fn read(&self, text: &str) -> String {
        self.of(text).unwrap_or(text).to_owned()
    }

    /// Whether the policy says that two names in force, folded, are two.
    pub(super) fn are_apart(&self, one: &str, other: &str) -> bool {
        match (self.apart.get(one), self.apart.get(other)) {
            (Some(one), Some(other)) => !one.is_disjoint(other),
            _ => false,
        }
    }

    /// Every alias, as it is written.
    pub(super) fn said(&self) -> &[String] {
        &self.said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_is_read_as_the_name_in_force() {
        let mut aliases = Aliases::default();
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(aliases.join("Acme Ltd", &texts(&["ACME Limited"])), Ok(()));
        assert_eq!(aliases.join("Acme Two", &texts(&["acme  limited"])), Err("Acme Ltd".to_owned()));
        assert_eq!(aliases.of("acme limited"), Some("Acme Two"));
        assert_eq!(aliases.of("Acme"), None);
    }

    #[test]
    fn names_on_one_list_are_two() {
        let mut aliases = Aliases::default();
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(aliases.part(&texts(&["Acme Ltd", "Acme Ltd 2"])), Ok(()));
        assert!(aliases.are_apart("acme ltd", "acme ltd 2"));
        assert!(!aliases.are_apart("acme ltd", "acme"));
        assert_eq!(aliases.part(&texts(&["Bolt", "BOLT"])), Err("BOLT".to_owned()));
    }
}
