//! The mapping is kept in `policy.toml`: what was said is written there, and every comment and line of it stays.

use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

use super::super::aliases;
use super::super::problem::{Problem, shown};
use super::super::source::POLICY;
use super::titles::Mapping;

/// Options whose value is a list; several are joined by `|` on the command line.
const LISTS: [&str; 4] = ["na", "skip", "fill", "words"];

/// Options whose value is a list of words that are asked about one by one: what is said is added to what stands there.
const GROWING: [&str; 10] =
    ["ignore", "counts", "drops", "nothing", "skip_sheets", "away", "half", "present", "whole_days", "zones"];

/// One thing that is said of the import of a table, for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The table, such as `inspectors`.
    pub table: String,
    /// A column of ours, or an option.
    pub key: String,
    /// The header that the export uses, or what the option is set to.
    pub value: String,
}

/// The policy with what was said in it.
pub(super) fn said(policy: &str, all: &[Said]) -> Result<String, Box<Problem>> {
    if all.is_empty() {
        return Ok(policy.to_owned());
    }
    let mut document = parsed(policy)?;
    for one in all {
        if one.table == aliases::SECTION {
            alias(&mut document, one)?;
            continue;
        }
        let section = section(&mut document, "import", &one.table)?;
        if let Some(ours) = one.key.strip_suffix('+') {
            add(section, ours, &one.value);
            continue;
        }
        let mut value = value_of(one);
        if GROWING.contains(&one.key.as_str())
            && let (Some(before), Value::Array(now)) = (section.get(&one.key).and_then(Item::as_array), &value)
        {
            let mut words: Vec<&str> = before.iter().chain(now.iter()).filter_map(Value::as_str).collect();
            let mut seen = std::collections::BTreeSet::new();
            words.retain(|word| seen.insert(*word));
            value = Value::Array(words.into_iter().collect());
        }
        section.insert(&one.key, Item::Value(value));
    }
    Ok(document.to_string())
}

/// The headers that the policy maps a column of ours to.
fn titles_of(section: &Table, ours: &str) -> Vec<String> {
    match section.get(ours).and_then(Item::as_value) {
        Some(Value::String(title)) => vec![title.value().clone()],
        Some(Value::Array(titles)) => titles.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Adds a header to those that a column of ours may have.
fn add(section: &mut Table, ours: &str, title: &str) {
    let mut titles = titles_of(section, ours);
    if !titles.iter().any(|other| other == title) {
        titles.push(title.to_owned());
    }
    section.insert(ours, headers(&titles));
}

/// Headers as a value of the policy: a text where it is one.
fn headers(titles: &[String]) -> Item {
    match titles {
        [one] => value(one.as_str()),
        several => Item::Value(Value::Array(several.iter().map(String::as_str).collect())),
    }
}

/// What is said, as a value of the policy.
fn value_of(said: &Said) -> Value {
    if !LISTS.contains(&said.key.as_str()) && !GROWING.contains(&said.key.as_str()) {
        return Value::from(said.value.as_str());
    }
    Value::Array(listed(&said.value))
}

/// What is said, as it is written in the policy.
pub(in crate::read) fn as_toml(said: &Said) -> String {
    value_of(said).to_string().trim().to_owned()
}

/// The policy with the mapping of a table in it, and the headers that are not read.
pub(super) fn kept(policy: &str, table: &str, mapping: &Mapping, ignored: &[String]) -> Result<String, Box<Problem>> {
    let mut document = parsed(policy)?;
    let section = section(&mut document, "import", table)?;
    for (ours, titles) in mapping {
        if titles_of(section, ours) != titles.0 {
            section.insert(ours, headers(&titles.0));
        }
    }
    let stated = titles_of(section, "ignore");
    let more: Vec<&String> = ignored.iter().filter(|title| !stated.contains(title)).collect();
    if section.get("ignore").is_none() || !more.is_empty() {
        let all = stated.iter().chain(more).map(String::as_str);
        section.insert("ignore", Item::Value(Value::Array(all.collect())));
    }
    Ok(document.to_string())
}

fn parsed(policy: &str) -> Result<DocumentMut, Box<Problem>> {
    policy.parse().map_err(|error: toml_edit::TomlError| {
        let why = format!("it can't be read: {}", shown(error.message()));
        Box::new(Problem::error(POLICY, why, "Correct the line; `foureyes init` writes a policy to begin from"))
    })
}

/// Writes which names are one, or which are two, beside what is said of them already.
fn alias(document: &mut DocumentMut, said: &Said) -> Result<(), Box<Problem>> {
    let (noun, name) = said.key.split_once('.').unwrap_or((said.key.as_str(), ""));
    if !aliases::NOUNS.contains(&noun) || name.is_empty() {
        let why = format!("`{}` is nothing that can be said of names", shown(&said.key));
        return Err(Box::new(Problem::error(
            POLICY,
            why,
            "Say aliases.owner.NAME=OTHER|OTHER, or aliases.owner.apart=ONE|TWO",
        )));
    }
    let section = section(document, aliases::SECTION, noun)?;
    let has_lists = |array: &Array| array.iter().all(|item| item.is_array());
    let mut array = match section.get(name).and_then(Item::as_array) {
        Some(there) if name != aliases::APART || has_lists(there) => there.clone(),
        _ => Array::new(),
    };
    let names = listed(&said.value);
    if name == aliases::APART {
        array.push(names);
    } else {
        let there: Vec<String> = array.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        array.extend(names.iter().filter_map(Value::as_str).filter(|one| !there.iter().any(|other| other == one)));
    }
    section.insert(name, Item::Value(Value::Array(array)));
    Ok(())
}

/// What is said of names: the section of the policy, and the line that is written there.
pub(in crate::read) fn as_line(said: &Said) -> (String, String) {
    let (noun, name) = said.key.split_once('.').unwrap_or((said.key.as_str(), ""));
    let names = Value::Array(listed(&said.value)).to_string();
    let (open, close) = if name == aliases::APART { ("[", "]") } else { ("", "") };
    let line = format!("{} = {open}{}{close}", toml_edit::Key::new(name), names.trim());
    (format!("{}.{noun}", aliases::SECTION), line)
}

fn listed(value: &str) -> Array {
    value.split('|').map(str::trim).filter(|text| !text.is_empty()).collect()
}

/// The section of a table's import, or of aliases, which is made if it is not there.
fn section<'a>(document: &'a mut DocumentMut, root: &str, table: &str) -> Result<&'a mut Table, Box<Problem>> {
    let wrong = || {
        let (why, advice) = (format!("[{root}] is no section"), format!("Write [{root}.{table}] on a line of its own"));
        Box::new(Problem::error(POLICY, why, advice))
    };
    // What a policy ends with belongs to no section; the new one comes after it, not before.
    let end = document.trailing().as_str().unwrap_or_default().to_owned();
    let is_new = document.get(root).and_then(|import| import.get(table)).is_none();
    if is_new {
        document.set_trailing("");
    }
    let import = document.entry(root).or_insert_with(|| {
        let mut import = Table::new();
        import.set_implicit(true);
        Item::Table(import)
    });
    let import = import.as_table_mut().ok_or_else(wrong)?;
    let section = import.entry(table).or_insert_with(|| {
        let mut table = Table::new();
        table.decor_mut().set_prefix(format!("{end}\n"));
        Item::Table(table)
    });
    section.as_table_mut().ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::super::titles::Titles;
    use super::*;

    #[test]
    fn what_stands_in_a_policy_stays() {
        let policy = "# ours\n[period]\nfrom = 2027-01-04 # Monday\n\n# [urn]\n# tickets = 9\n";
        let all = [
            Said { table: "inspectors".into(), key: "id".into(), value: "Nº".into() },
            Said { table: "inspectors".into(), key: "skip".into(), value: "Total|Suma".into() },
        ];
        let text = said(policy, &all).unwrap();
        assert_eq!(text, format!("{policy}\n[import.inspectors]\nid = \"Nº\"\nskip = [\"Total\", \"Suma\"]\n"));
        let mapping = Mapping::from([("id", "Nº"), ("name", "Nombre")].map(|(a, b)| (a.to_owned(), Titles::one(b))));
        let again = kept(&text, "inspectors", &mapping, &["Notas".to_owned()]).unwrap();
        assert_eq!(again, format!("{text}name = \"Nombre\"\nignore = [\"Notas\"]\n"));
        assert_eq!(kept(&again, "inspectors", &mapping, &[]).unwrap(), again);
    }
}
