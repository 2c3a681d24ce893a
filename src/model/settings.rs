//! What a policy says of each rule, before the rule itself has read it.

use std::collections::BTreeMap;

/// One value of a policy. There are no floats: they have no place in what decides a draw.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// `true` or `false`.
    Switch(bool),
    /// A whole number.
    Number(i64),
    /// A text, or a date as text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

/// The parameters of one rule, by name.
pub type Parameters = BTreeMap<String, Setting>;

/// The parameters that a policy sets, by rule.
pub type Settings = BTreeMap<String, Parameters>;
