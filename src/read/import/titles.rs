//! What the files call one of our columns: one header, or some, since one file has `Desde` and another `From`.

use std::collections::BTreeMap;

use super::super::ids::fold;
use super::head::Head;

/// Stands for a header where a file may lack the column.
pub(super) const NONE: &str = "(none)";

/// Our column to what the files call it.
pub(in crate::read) type Mapping = BTreeMap<String, Titles>;

/// The headers that one of our columns may have.
///
/// A header may be several, joined by `|`: the values of those columns are then the values of one, as in a history with a column
/// for each member of the team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::read) struct Titles(pub(in crate::read) Vec<String>);

impl Titles {
    /// One header.
    pub(super) fn one(title: &str) -> Self {
        Self(vec![title.to_owned()])
    }

    /// Whether a file may lack the column.
    pub(super) fn may_lack(&self) -> bool {
        self.0.iter().any(|title| title == NONE)
    }

    /// Whether it stands for a column at all, and not for none.
    fn is_any(&self) -> bool {
        self.named().next().is_some()
    }

    /// The headers, each as it is stated.
    pub(super) fn named(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str).filter(|title| *title != NONE)
    }

    /// Every header by itself.
    pub(super) fn each(&self) -> impl Iterator<Item = &str> {
        self.named().flat_map(|title| std::iter::once(title).chain(title.split('|').map(str::trim)))
    }

    /// Whether `title` is one of them.
    pub(super) fn has(&self, title: &str) -> bool {
        self.each().any(|other| fold(other) == fold(title))
    }

    /// Those that a header row has, each with its columns.
    pub(super) fn found<'t>(&'t self, head: &Head) -> Vec<(&'t str, Vec<usize>)> {
        let places = |title: &str| head.find(title).collect::<Vec<_>>();
        let joined = |title: &str| {
            let parts: Vec<Vec<usize>> = title.split('|').map(|part| places(part.trim())).collect();
            let whole = parts.len() > 1 && parts.iter().all(|part| part.len() == 1);
            if whole { parts.concat() } else { Vec::new() }
        };
        let found = self.named().map(|title| {
            let whole = places(title);
            (title, if whole.is_empty() { joined(title) } else { whole })
        });
        found.filter(|(_, places)| !places.is_empty()).collect()
    }

    /// The header for advice: the first.
    pub(super) fn first(&self) -> &str {
        self.named().next().unwrap_or_default()
    }
}

/// Whether some column of ours has this header.
pub(super) fn is_mapped(mapping: &Mapping, title: &str) -> bool {
    mapping.values().any(|titles| titles.has(title))
}

/// Whether a column of ours has a header.
pub(super) fn has_column(mapping: &Mapping, ours: &str) -> bool {
    mapping.get(ours).is_some_and(Titles::is_any)
}
