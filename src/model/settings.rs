//! What a policy says of each rule, before the rule itself has read it.

use std::collections::BTreeMap;
use std::fmt;

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

/// As `policy.toml` writes it.
///
/// ```
/// use foureyes::model::Setting;
/// assert_eq!(Setting::List(vec!["kin".into(), "a \"b\"".into()]).to_string(), r#"["kin", "a \"b\""]"#);
/// ```
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => write!(f, "{on}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::List(list) => write!(f, "[{}]", list.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")),
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The parameters of one rule, by name.
pub type Parameters = BTreeMap<String, Setting>;

/// The parameters that a policy sets, by rule.
pub type Settings = BTreeMap<String, Parameters>;
