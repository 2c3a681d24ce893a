//! `[aliases.owner]` and its kin: which spellings are one name, and which names are two.

use toml::de::{DeTable, DeValue};

use super::{Clerk, Value};
use crate::read::aliases::{APART, Aliases, NOUNS, SECTION};
use crate::read::problem::shown;

impl Clerk<'_> {
    pub(super) fn aliases(&mut self, noun: &str, at: usize, section: &DeTable<'_>) {
        let Some(noun) = NOUNS.into_iter().find(|known| *known == noun) else {
            return self.unknown(SECTION, at, noun, &NOUNS);
        };
        let mut aliases = Aliases::default();
        let lists = section.iter().filter(|(key, value)| key.get_ref() == APART && has_lists(value));
        let names = section.iter().filter(|(key, value)| key.get_ref() != APART || !has_lists(value));
        for (key, value) in names {
            let path = format!("[{SECTION}.{noun}] {}", shown(key.get_ref()));
            let others = match value.get_ref() {
                DeValue::String(one) => vec![one.to_string()],
                _ => self.list_of(&path, value).unwrap_or_default(),
            };
            if let Err(other) = aliases.join(key.get_ref().trim(), &others) {
                let why = format!("one of these names is read as `{}` too", shown(&other));
                self.refuse_value(&path, value, why, "A name can be read as one other; leave it where it belongs");
            }
        }
        for (_, value) in lists {
            self.apart(&mut aliases, &format!("[{SECTION}.{noun}] {APART}"), value);
        }
        self.policy.aliases.insert(noun, aliases);
    }

    fn apart(&mut self, aliases: &mut Aliases, path: &str, value: &Value<'_>) {
        for list in value.get_ref().as_array().into_iter().flat_map(|lists| lists.iter()) {
            let Some(names) = self.list_of(path, list) else { continue };
            if let Err(name) = aliases.part(&names) {
                let why = format!("two of these names are one, `{}`", shown(&name));
                self.refuse_value(path, list, why, "Name each once; names that are one stand in a line of their own");
            }
        }
    }
}

/// Whether the value is a list of lists: `apart` with a list of texts is a name like others.
fn has_lists(value: &Value<'_>) -> bool {
    value.get_ref().as_array().is_some_and(|items| items.iter().all(|item| item.get_ref().as_array().is_some()))
}
