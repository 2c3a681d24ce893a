//! `[import.TABLE]`: which header of an office's export is which column of ours, and how its cells are to be read.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::super::import::{DaysAre, EventWishes, KINDS, PLACES, Titles, Wishes, WordsOfLeave};
use super::files::SAID;
use super::{Clerk, Value};
use crate::read::problem::shown;

/// What may be said of an import beside its columns, [`SAID`] apart.
const OPTIONS: [&str; 21] = [
    "skip",
    "fill",
    "separator",
    "nothing",
    "counts",
    "drops",
    "year",
    "year_begins",
    "words",
    "days_are",
    "whole_days",
    "whose",
    "zone",
    "zones",
    "free",
    "cancelled",
    "declined",
    "calendar_end",
    "away",
    "half",
    "present",
];

impl Clerk<'_> {
    pub(super) fn wishes(&mut self, table: &str, at: usize, section: &DeTable<'_>) {
        let Some(kind) = KINDS.iter().find(|kind| kind.table.name == table) else {
            let known: Vec<&str> = KINDS.iter().map(|kind| kind.table.name).collect();
            return self.unknown("import", at, table, &known);
        };
        let ours: Vec<&str> = kind.columns().map(|column| column.name).collect();
        let mut wishes = Wishes { kept: section.contains_key("ignore"), ..Wishes::default() };
        for (key, value) in section {
            let (key, at) = (key.get_ref().as_ref(), key.span().start);
            let path = format!("[import.{table}] {}", shown(key));
            if ours.contains(&key) {
                wishes.columns.extend(self.headers(&path, value).map(|theirs| (key.to_owned(), theirs)));
            } else if !self.say(&mut wishes.says, &path, key, value) && !self.wish(&mut wishes, &path, key, value) {
                let known: Vec<&str> = ours.iter().chain(&SAID).chain(&OPTIONS).copied().collect();
                self.unknown(&format!("import.{table}"), at, key, &known);
            }
        }
        self.one_each(table, section, &wishes.columns);
        self.policy.imports.insert(kind.table.name, wishes);
    }

    fn wish(&mut self, wishes: &mut Wishes, path: &str, key: &str, value: &Value<'_>) -> bool {
        match key {
            "skip" => wishes.skip = self.list_of(path, value).unwrap_or_default(),
            "fill" => wishes.fill = self.list_of(path, value).unwrap_or_default(),
            "separator" => wishes.separator = self.text_of(path, value).filter(|text| !text.is_empty()),
            "nothing" => wishes.nothing = self.list_of(path, value).unwrap_or_default(),
            "counts" => wishes.counts = self.list_of(path, value).unwrap_or_default(),
            "drops" => wishes.drops = self.list_of(path, value).unwrap_or_default(),
            "days_are" => self.days_are(&mut wishes.leave, path, value),
            "whole_days" => wishes.leave.whole_days = self.list_of(path, value).unwrap_or_default(),
            "words" => wishes.leave.words = self.list_of(path, value).unwrap_or_default(),
            "away" => wishes.codes.away = self.list_of(path, value).unwrap_or_default(),
            "half" => wishes.codes.half = self.list_of(path, value).unwrap_or_default(),
            "present" => wishes.codes.present = self.list_of(path, value).unwrap_or_default(),
            "year_begins" => wishes.leave.year_begins = self.month(path, value),
            "year" => self.year(&mut wishes.leave, path, value),
            "zone" => wishes.events.zone = self.text_of(path, value),
            "zones" => wishes.events.zones = self.list_of(path, value).unwrap_or_default(),
            "whose" | "free" | "cancelled" | "declined" | "calendar_end" => {
                self.events(&mut wishes.events, path, key, value)
            }
            _ => return false,
        }
        true
    }

    /// A header, or the headers that a column has in different files.
    fn headers(&mut self, path: &str, value: &Value<'_>) -> Option<Titles> {
        let titles = match value.get_ref().as_array() {
            Some(_) => self.list_of(path, value)?,
            None => vec![self.text_of(path, value)?],
        };
        Some(Titles(titles))
    }

    /// How leave in calendars is read: one of a few words each.
    fn events(&mut self, events: &mut EventWishes, path: &str, key: &str, value: &Value<'_>) {
        let word = value.get_ref().as_str().unwrap_or_default();
        let known: &[&'static str] = match key {
            "whose" => &PLACES,
            "free" | "cancelled" | "declined" => &["counts", "drops"],
            _ => &["included", "excluded"],
        };
        let Some(at) = known.iter().position(|other| *other == word) else {
            let words: Vec<String> = known.iter().map(|word| format!("\"{word}\"")).collect();
            return self.refuse_value(path, value, "this is not known", format!("Write one of {}", words.join(", ")));
        };
        match key {
            "whose" => events.person = known.get(at).copied(),
            "free" => events.free = Some(at == 0),
            "cancelled" => events.cancelled = Some(at == 0),
            "declined" => events.declined = Some(at == 0),
            _ => events.end_included = Some(at == 0),
        }
    }

    /// The number of a month; between quotes too, as an import writes it.
    fn month(&mut self, path: &str, value: &Value<'_>) -> Option<u32> {
        let number = value.get_ref().as_integer().map(|number| number.as_str());
        let month = number.or(value.get_ref().as_str()).and_then(|text| text.parse().ok());
        let found = month.filter(|month| (1..=12).contains(month));
        if found.is_none() {
            self.refuse_value(path, value, "this is no month", "Write its number, from 1 to 12");
        }
        found
    }

    fn year(&mut self, leave: &mut WordsOfLeave, path: &str, value: &Value<'_>) {
        leave.year_of_period = value.get_ref().as_str() == Some("period");
        if !leave.year_of_period {
            self.refuse_value(
                path,
                value,
                "this is not known",
                "Write \"period\": a year left out is then the period's",
            );
        }
    }

    fn days_are(&mut self, leave: &mut WordsOfLeave, path: &str, value: &Value<'_>) {
        leave.days_are = match value.get_ref().as_str() {
            Some("working") => Some(DaysAre::Working),
            Some("calendar") => Some(DaysAre::Calendar),
            _ => None,
        };
        if leave.days_are.is_none() {
            let advice = "Write \"working\" (days of the policy's weekdays) or \"calendar\"";
            self.refuse_value(path, value, "this is not known", advice);
        }
    }

    /// Two of our columns can't be one of theirs: one of the two is a slip.
    fn one_each(&mut self, table: &str, section: &DeTable<'_>, columns: &BTreeMap<String, Titles>) {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        let pairs = columns.iter().flat_map(|(ours, titles)| titles.0.iter().map(move |theirs| (ours, theirs)));
        for (ours, theirs) in pairs.filter(|(_, theirs)| *theirs != "(none)") {
            if let Some(first) = seen.insert(crate::read::ids::fold(theirs), ours)
                && let Some(value) = section.get(ours.as_str())
            {
                let why = format!("`{first}` has the same header");
                self.refuse_value(&format!("[import.{table}] {ours}"), value, why, "Give each the header that it has");
            }
        }
    }
}
