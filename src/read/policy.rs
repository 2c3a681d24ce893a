//! `policy.toml`: the period, the urn, the parameters of rules, and how the tables are to be read.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::aliases::Aliases;
use super::ids::{fold, is_invisible, nearest, nfc};
use super::import::Wishes;
use super::problem::{Log, Problem, shown};
use super::source::{POLICY, Source};
use super::table::Table;
use crate::model::{Parameters, Period, Programmed, Setting, Settings, UrnPolicy};

pub(super) use files::{HiddenSheets, Says};

mod aliases;
mod dates;
mod files;
mod holidays;
mod hours;
mod import;
mod urn;

/// Most bytes of a policy.
const MOST_BYTES: u64 = 1 << 20;
/// Most days of a period.
const MOST_DAYS: i64 = 400;
/// Most slots of a day.
const MOST_SLOTS: usize = 16;
/// Days of the week as the policy names them, Monday first.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What the policy says.
#[derive(Default)]
pub(super) struct Policy {
    pub(super) name: Option<String>,
    pub(super) period: Option<Period>,
    pub(super) urn: UrnPolicy,
    pub(super) programmed: Programmed,
    pub(super) settings: Settings,
    files: BTreeMap<String, Says>,
    /// By table and our column: the header that the file uses.
    columns: BTreeMap<String, BTreeMap<String, String>>,
    /// By column and our word: the words that mean the same.
    values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// By table: how what an office has becomes that table.
    imports: BTreeMap<&'static str, Wishes>,
    /// Days on which nobody inspects.
    holidays: Option<holidays::Holidays>,
    /// By column: which names are one, and which are two.
    aliases: BTreeMap<&'static str, Aliases>,
}

impl Policy {
    /// What it says of a table.
    pub(super) fn says(&self, table: &'static str) -> Says {
        Says { table, ..self.files.get(table).cloned().unwrap_or_default() }
    }

    /// Which column of the table the header `title` names.
    pub(super) fn column(&self, table: &Table, title: &str) -> Option<usize> {
        let title = fold(title);
        let names = |at: &usize| match self.mapped(table, *at) {
            Some(theirs) => fold(theirs) == title,
            None => table.columns.get(*at).is_some_and(|ours| ours.name == title.replace([' ', '-'], "_")),
        };
        (0..table.columns.len()).find(names)
    }

    /// The header that the policy maps one of our columns to.
    pub(super) fn mapped(&self, table: &Table, column: usize) -> Option<&str> {
        let name = table.columns.get(column)?.name;
        self.columns.get(table.name)?.get(name).map(String::as_str)
    }

    /// Our word for `word` in `column`, where the policy says which that is.
    pub(super) fn ours(&self, column: &str, word: &str) -> Option<&str> {
        let words = self.values.get(column)?;
        words.keys().map(String::as_str).find(|ours| self.means(column, ours, word))
    }

    /// Which names of a column are one, and which are two.
    pub(super) fn aliases(&self, noun: &str) -> Aliases {
        self.aliases.get(noun).cloned().unwrap_or_default()
    }

    /// The file of the case that has its holidays.
    pub(super) fn holiday_file(&self) -> Option<&String> {
        match &self.holidays {
            Some(holidays::Holidays::File(name, _)) => Some(name),
            _ => None,
        }
    }

    /// Days of the period on which nobody inspects: its holidays, and those that the rule of availability names.
    pub(super) fn closed(&self) -> Vec<NaiveDate> {
        match self.settings.get("availability").and_then(|rule| rule.get("blackout")) {
            Some(Setting::List(days)) => days.iter().filter_map(|day| day.parse().ok()).collect(),
            _ => Vec::new(),
        }
    }

    /// How what an office has becomes a table.
    pub(super) fn wishes(&self, table: &'static str) -> Wishes {
        let wishes = self.imports.get(table).cloned().unwrap_or_default();
        Wishes { says: Says { table, imported: true, ..wishes.says }, ..wishes }
    }

    /// Whether the policy says that `word` in `column` means `ours`.
    pub(super) fn means(&self, column: &str, ours: &str, word: &str) -> bool {
        let words = self.values.get(column).and_then(|words| words.get(ours));
        words.is_some_and(|words| words.iter().any(|other| fold(other) == fold(word)))
    }
}

/// Reads the policy; what is wrong with it is in the log.
pub(super) fn read(source: &dyn Source, log: &mut Log) -> Policy {
    let text = match text(source) {
        Ok(text) => text,
        Err(problem) => {
            log.push(*problem);
            return Policy::default();
        }
    };
    let (table, errors) = DeTable::parse_recoverable(&text);
    let mut clerk = Clerk { text: &text, log, policy: Policy::default() };
    for error in errors.iter().take(20) {
        let at = error.span().map_or(0, |span| span.start);
        clerk.refuse(at, "", None, error.message(), "Correct the line; `foureyes init` writes a policy to begin from");
    }
    if errors.is_empty() {
        clerk.sections(table.get_ref());
    }
    let Clerk { mut policy, log, .. } = clerk;
    holidays::settle(source, &mut policy, log);
    policy
}

fn text(source: &dyn Source) -> Result<String, Box<Problem>> {
    let failed = |error: std::io::Error| {
        let (why, advice) = match error.kind() {
            std::io::ErrorKind::NotFound => {
                ("the file is missing".to_owned(), "Write one, or let `foureyes init` write one to begin from")
            }
            _ => (format!("the file can't be read: {error}"), "Look at what it is, and at its permissions"),
        };
        Box::new(Problem::error(POLICY, why, advice))
    };
    if source.size(POLICY).map_err(failed)? > MOST_BYTES {
        let problem = Problem::error(POLICY, "the file is larger than 1 MiB", "A policy has a few dozen lines");
        return Err(Box::new(problem));
    }
    let bytes = source.bytes(POLICY, MOST_BYTES).map_err(failed)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").map_or(bytes.as_slice(), |rest| rest);
    String::from_utf8(bytes.to_vec()).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        Box::new(Problem::error(POLICY, "the file is not UTF-8", "Save it as UTF-8").row(line as u64 + 1))
    })
}

type Value<'a> = Spanned<DeValue<'a>>;

struct Clerk<'a> {
    text: &'a str,
    log: &'a mut Log,
    policy: Policy,
}

const SECTIONS: [&str; 10] =
    ["case", "period", "urn", "programmed", "rules", "files", "columns", "values", "import", "aliases"];

/// What may be said of the period.
const PERIOD: [&str; 6] = ["from", "to", "weekdays", "slots", "hours", "holidays"];

impl Clerk<'_> {
    fn refuse(&mut self, at: usize, key: &str, value: Option<&str>, why: impl Into<String>, advice: impl Into<String>) {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        let mut problem = Problem::error(POLICY, why, advice).row(line);
        if !key.is_empty() {
            problem = problem.column(key);
        }
        self.log.push(match value {
            Some(value) => problem.value(value),
            None => problem,
        });
    }

    fn refuse_value(&mut self, key: &str, value: &Value<'_>, why: impl Into<String>, advice: impl Into<String>) {
        let text = self.text.get(value.span()).unwrap_or_default().to_owned();
        self.refuse(value.span().start, key, Some(&text), why, advice);
    }

    /// Reports a key that is not known, with the nearest that is.
    fn unknown(&mut self, path: &str, at: usize, key: &str, known: &[&str]) {
        let near = nearest(key, known.iter().copied(), 1);
        let advice = match near.first() {
            Some(near) => format!("Is it `{near}`? Known are {}", known.join(", ")),
            None => format!("Known are {}", known.join(", ")),
        };
        let name = if path.is_empty() { format!("[{key}]") } else { format!("[{path}] {key}") };
        self.refuse(at, &shown(&name), None, "this is not known", advice);
    }

    fn sections(&mut self, table: &DeTable<'_>) {
        let mut period = None;
        for (key, value) in table {
            let name: &str = key.get_ref();
            if !SECTIONS.contains(&name) {
                self.unknown("", key.span().start, name, &SECTIONS);
                continue;
            }
            let DeValue::Table(section) = value.get_ref() else {
                self.refuse_value(
                    name,
                    value,
                    "this is a section, not a value",
                    format!("Write [{name}] on a line of its own"),
                );
                continue;
            };
            match name {
                "case" => self.case(section),
                "period" => period = Some(section),
                "urn" => self.urn(section),
                "programmed" => self.programmed(section),
                "rules" => self.each_table("rules", section, Self::rule),
                "files" => self.each_table("files", section, Self::file),
                "columns" => self.each_table("columns", section, Self::mapping),
                "import" => self.each_table("import", section, Self::wishes),
                "aliases" => self.each_table("aliases", section, Self::aliases),
                _ => self.each_table("values", section, Self::words),
            }
        }
        match period {
            Some(section) => self.period(section),
            None => {
                self.refuse(0, "[period]", None, "the section is missing", "State from, to, weekdays and slots there")
            }
        }
    }

    /// Gives each table within `section` to `take`.
    fn each_table(&mut self, path: &str, section: &DeTable<'_>, take: fn(&mut Self, &str, usize, &DeTable<'_>)) {
        for (key, value) in section {
            let name = format!("[{path}.{}]", shown(key.get_ref()));
            match value.get_ref() {
                DeValue::Table(inner) => take(self, key.get_ref(), key.span().start, inner),
                _ => self.refuse_value(
                    &name,
                    value,
                    "this is a section, not a value",
                    format!("Write {name} on a line of its own"),
                ),
            }
        }
    }

    fn case(&mut self, section: &DeTable<'_>) {
        for (key, value) in section {
            match key.get_ref().as_ref() {
                "name" => {
                    self.policy.name =
                        self.text_of("[case] name", value).map(|name| nfc(&name)).filter(|name| !name.is_empty())
                }
                other => self.unknown("case", key.span().start, other, &["name"]),
            }
        }
    }

    fn period(&mut self, section: &DeTable<'_>) {
        let (mut from, mut to) = (None, None);
        let mut weekdays = [true, true, true, true, true, false, false];
        let mut slots = vec!["day".to_owned()];
        let before = self.log.errors();
        for (key, value) in section {
            match key.get_ref().as_ref() {
                "from" => from = self.date("[period] from", value),
                "to" => to = self.date("[period] to", value),
                "weekdays" => weekdays = self.weekdays(value).unwrap_or(weekdays),
                "slots" => slots = self.slots(value).unwrap_or_default(),
                // Looked at below, once the slots are known.
                "hours" => {}
                "holidays" => self.policy.holidays = self.holidays(value),
                other => self.unknown("period", key.span().start, other, &PERIOD),
            }
        }
        let place = section.values().next().map_or(0, |value| value.span().start);
        for (name, _) in [("from", from), ("to", to)].iter().filter(|(name, _)| section.get(*name).is_none()) {
            self.refuse(place, &format!("[period] {name}"), None, "the date is missing", "Write it like 2027-01-04");
        }
        if !section.contains_key("slots") {
            self.log.note(POLICY, "no slots are stated: each day is one slot, `day`");
        }
        let hours = section.get("hours").map(|value| self.hours(value, &slots)).unwrap_or_default();
        if let (Some(from), Some(to)) = (from, to)
            && self.log.errors() == before
        {
            self.keep_period(place, Period { from, to, weekdays, slots, hours });
        }
    }

    fn keep_period(&mut self, at: usize, period: Period) {
        let days = period.to.signed_duration_since(period.from).num_days() + 1;
        if days < 1 {
            let why = format!("the period ends on {} before it begins on {}", period.to, period.from);
            self.refuse(at, "[period]", None, why, "Correct from or to");
        } else if days > MOST_DAYS {
            let why = format!("the period has {days} days, more than {MOST_DAYS}");
            self.refuse(
                at,
                "[period]",
                None,
                why,
                "Plan a shorter period; history carries the rotation from one to the next",
            );
        } else if period.days().is_empty() {
            self.refuse(at, "[period]", None, "the period has no working day", "Correct from, to or weekdays");
        } else {
            self.policy.period = Some(period);
        }
    }

    fn weekdays(&mut self, value: &Value<'_>) -> Option<[bool; 7]> {
        let advice = "Write some of \"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"";
        let mut worked = [false; 7];
        for name in self.list_of("[period] weekdays", value)? {
            match WEEKDAYS.iter().position(|day| *day == name.to_lowercase()) {
                Some(day) => worked[day] = true,
                None => {
                    self.refuse_value("[period] weekdays", value, format!("`{}` is no weekday", shown(&name)), advice)
                }
            }
        }
        if worked == [false; 7] {
            self.refuse_value("[period] weekdays", value, "no weekday is named", advice);
        }
        Some(worked)
    }

    fn slots(&mut self, value: &Value<'_>) -> Option<Vec<String>> {
        let key = "[period] slots";
        let slots: Vec<String> = self.list_of(key, value)?.iter().map(|slot| nfc(slot)).collect();
        let twice =
            slots.iter().enumerate().find(|(at, slot)| slots[..*at].iter().any(|other| fold(other) == fold(slot)));
        let why = if slots.is_empty() || slots.len() > MOST_SLOTS {
            format!("a day has 1 to {MOST_SLOTS} slots, here are {}", slots.len())
        } else if slots.iter().any(|slot| slot.is_empty() || slot.contains(['|', ',']) || slot.contains(is_invisible)) {
            "a slot's name is blank, or has a comma, a bar or an unseen character in it".to_owned()
        } else if let Some((_, slot)) = twice {
            format!("the slot `{}` is named twice", shown(slot))
        } else {
            return Some(slots);
        };
        self.refuse_value(key, value, why, "Write names like [\"am\", \"pm\"]");
        None
    }

    fn rule(&mut self, rule: &str, _at: usize, section: &DeTable<'_>) {
        let mut parameters = Parameters::new();
        for (key, value) in section {
            let path = format!("[rules.{}] {}", shown(rule), shown(key.get_ref()));
            if let Some(setting) = self.setting(&path, value) {
                parameters.insert(key.get_ref().to_string(), setting);
            }
        }
        self.policy.settings.insert(rule.to_owned(), parameters);
    }

    fn setting(&mut self, path: &str, value: &Value<'_>) -> Option<Setting> {
        match value.get_ref() {
            DeValue::Boolean(on) => Some(Setting::Switch(*on)),
            DeValue::Integer(_) => self.whole(path, value, i64::MIN, i64::MAX).map(Setting::Number),
            DeValue::String(text) => Some(Setting::Text(nfc(text))),
            DeValue::Datetime(_) => self.date(path, value).map(|date| Setting::Text(date.to_string())),
            DeValue::Array(_) => self.list_of(path, value).map(Setting::List),
            DeValue::Float(_) => {
                let advice = "Write a whole number; halves and percentages have no place in what decides a draw";
                self.refuse_value(path, value, "this number has a fraction", advice);
                None
            }
            DeValue::Table(_) => {
                self.refuse_value(path, value, "a parameter is one value, not a table", "Write name = value");
                None
            }
        }
    }

    fn mapping(&mut self, table: &str, at: usize, section: &DeTable<'_>) {
        let Some(known) = super::tables().into_iter().find(|known| known.name == table) else {
            return self.unknown("columns", at, table, &super::TABLES);
        };
        let ours: Vec<&str> = known.columns.iter().map(|column| column.name).collect();
        let mut mapped = BTreeMap::new();
        for (key, value) in section {
            if !ours.contains(&key.get_ref().as_ref()) {
                self.unknown(&format!("columns.{table}"), key.span().start, key.get_ref(), &ours);
            } else if let Some(theirs) = self.text_of(&format!("[columns.{table}] {}", key.get_ref()), value) {
                mapped.insert(key.get_ref().to_string(), theirs);
            }
        }
        self.policy.columns.insert(table.to_owned(), mapped);
    }

    fn words(&mut self, column: &str, at: usize, section: &DeTable<'_>) {
        let known = ["lead", "gender", "kind", "target_kind", "category"];
        if !known.contains(&column) {
            return self.unknown("values", at, column, &known);
        }
        let mut words = BTreeMap::new();
        for (key, value) in section {
            let path = format!("[values.{column}] {}", shown(key.get_ref()));
            let theirs = match value.get_ref() {
                DeValue::String(word) => Some(vec![word.to_string()]),
                _ => self.list_of(&path, value),
            };
            words.insert(key.get_ref().to_string(), theirs.unwrap_or_default());
        }
        self.policy.values.insert(column.to_owned(), words);
    }

    fn text_of(&mut self, path: &str, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.refuse_value(path, value, "this is not a text", "Write it between double quotes");
        }
        text
    }

    /// A list of texts; dates among them as text.
    fn list_of(&mut self, path: &str, value: &Value<'_>) -> Option<Vec<String>> {
        let Some(items) = value.get_ref().as_array() else {
            self.refuse_value(path, value, "this is not a list", "Write it like [\"a\", \"b\"]");
            return None;
        };
        let before = self.log.errors();
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => texts.push(nfc(text)),
                DeValue::Datetime(_) => texts.extend(self.date(path, item).map(|date| date.to_string())),
                _ => self.refuse_value(
                    path,
                    item,
                    "the list holds something that is not a text",
                    "Write every item between double quotes",
                ),
            }
        }
        (self.log.errors() == before).then_some(texts)
    }

    fn whole(&mut self, path: &str, value: &Value<'_>, least: i64, most: i64) -> Option<i64> {
        let number = value.get_ref().as_integer();
        let number = number.and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
        let found = number.filter(|number| (least..=most).contains(number));
        if found.is_none() {
            let range = if least == i64::MIN { String::new() } else { format!(" from {least} to {most}") };
            self.refuse_value(path, value, "this number can't be", format!("Write a whole number{range}"));
        }
        found
    }

    /// A date, bare or between quotes.
    fn date(&mut self, path: &str, value: &Value<'_>) -> Option<NaiveDate> {
        let found = match value.get_ref() {
            DeValue::Datetime(at) if at.time.is_none() => at.date.and_then(|date| {
                NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
            }),
            DeValue::String(text) if text.len() == 10 => text.parse().ok(),
            _ => None,
        };
        if found.is_none() {
            self.refuse_value(path, value, "this is not a date", "Write it like 2027-01-04");
        }
        found
    }
}
