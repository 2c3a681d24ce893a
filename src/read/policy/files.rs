//! `[files.TABLE]`, and what may be said of any file: its delimiter, its letters, its dates, its sheets.

use toml::de::DeTable;

use super::{Clerk, Value};
use crate::read::charset::{self, Charset};
use crate::read::dates::calendar::Calendar;
use crate::read::dates::end::End;
use crate::read::dates::midnight::Midnight;
use crate::read::ids::fold;
use crate::read::import::{Said, as_toml};
use crate::read::problem::shown;

/// What the policy says of one table.
#[derive(Clone, Default)]
pub(in crate::read) struct Says {
    /// The table's name.
    pub(in crate::read) table: &'static str,
    /// Whether it is said of what is imported, and not of what lies in the case.
    pub(in crate::read) imported: bool,
    pub(in crate::read) delimiter: Option<u8>,
    pub(in crate::read) encoding: Option<Charset>,
    /// The format of its dates, as `strftime` writes them.
    pub(in crate::read) dates: Option<String>,
    /// What times near midnight mean.
    pub(in crate::read) midnight: Option<Midnight>,
    /// Whether a last day at midnight is part of an absence.
    pub(in crate::read) end: Option<End>,
    /// The calendar of its dates, where it is not ours.
    pub(in crate::read) calendar: Option<Calendar>,
    /// The language of the names of its months, such as `pl`, where two differ.
    pub(in crate::read) language: Option<String>,
    /// Words that mean that nothing is known.
    pub(in crate::read) missing: Vec<String>,
    /// Headers that are not to be read.
    pub(in crate::read) ignore: Vec<String>,
    /// Sheets that are no part of the table.
    pub(in crate::read) skip_sheets: Vec<String>,
    /// What is said of sheets that nobody sees in the program that wrote them.
    pub(in crate::read) hidden_sheets: Option<HiddenSheets>,
    /// Whether quotes are letters like others, and no cell stands between them.
    pub(in crate::read) letters: bool,
    /// Whether lines within a cell are meant, also where they look like rows.
    pub(in crate::read) lines: bool,
    /// Whether columns without header are not to be read.
    pub(in crate::read) ignore_unnamed: bool,
    /// Whether a row may lack cells at its end, which are blank then.
    pub(in crate::read) short_rows: bool,
}

/// What is to be done with hidden sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum HiddenSheets {
    Read,
    Skip,
}

impl Says {
    /// Whether the sheet called `name` is no part of the table.
    pub(in crate::read) fn skips(&self, name: &str) -> bool {
        self.skip_sheets.iter().any(|skip| fold(skip) == fold(name))
    }

    /// How to say that the sheet called `name` is no part of the table.
    pub(in crate::read) fn how_to_skip(&self, name: &str) -> String {
        if self.imported {
            return format!("--map {}.skip_sheets=\"{}\"", self.table, shown(name));
        }
        let all: Vec<String> = self
            .skip_sheets
            .iter()
            .map(String::as_str)
            .chain([name])
            .map(|name| format!("\"{}\"", shown(name)))
            .collect();
        format!("skip_sheets = [{}] in policy.toml under [{}]", all.join(", "), self.section())
    }

    /// How to say one thing for good: with the command that imports, or in the policy.
    pub(in crate::read) fn how(&self, key: &str, value: &str) -> String {
        let said = Said { table: self.table.to_owned(), key: key.to_owned(), value: shown(value) };
        match self.imported {
            true => format!("--map {}.{key}=\"{}\"", self.table, said.value),
            false if matches!(value, "true" | "false") => {
                format!("{key} = {value} in policy.toml under [{}]", self.section())
            }
            false => format!("{key} = {} in policy.toml under [{}]", as_toml(&said), self.section()),
        }
    }

    /// The section of the policy in which it is said.
    pub(in crate::read) fn section(&self) -> String {
        format!("{}.{}", if self.imported { "import" } else { "files" }, self.table)
    }
}

/// What may be said of any file.
pub(super) const SAID: [&str; 15] = [
    "delimiter",
    "encoding",
    "dates",
    "midnight",
    "end",
    "calendar",
    "language",
    "na",
    "ignore",
    "skip_sheets",
    "hidden_sheets",
    "quotes",
    "cells_with_lines",
    "ignore_unnamed",
    "short_rows",
];

impl Clerk<'_> {
    pub(super) fn file(&mut self, table: &str, at: usize, section: &DeTable<'_>) {
        if !crate::read::TABLES.contains(&table) {
            return self.unknown("files", at, table, &crate::read::TABLES);
        }
        let mut says = Says::default();
        for (key, value) in section {
            let path = format!("[files.{table}] {}", shown(key.get_ref()));
            if !self.say(&mut says, &path, key.get_ref(), value) {
                self.unknown(&format!("files.{table}"), key.span().start, key.get_ref(), &SAID);
            }
        }
        self.policy.files.insert(table.to_owned(), says);
    }

    /// Takes one thing that may be said of any file; false if the key is no such thing.
    pub(super) fn say(&mut self, says: &mut Says, path: &str, key: &str, value: &Value<'_>) -> bool {
        match key {
            "delimiter" => says.delimiter = self.delimiter(path, value),
            "encoding" => says.encoding = self.encoding(path, value),
            "dates" => says.dates = self.dates(path, value),
            "midnight" => says.midnight = self.midnight(path, value),
            "end" => says.end = self.end(path, value),
            "calendar" => says.calendar = self.calendar(path, value),
            "language" => says.language = self.language(path, value),
            "na" => says.missing = self.list_of(path, value).unwrap_or_default(),
            "ignore" => says.ignore = self.list_of(path, value).unwrap_or_default(),
            "skip_sheets" => says.skip_sheets = self.list_of(path, value).unwrap_or_default(),
            "hidden_sheets" => says.hidden_sheets = self.hidden_sheets(path, value),
            "quotes" => says.letters = self.quotes(path, value),
            "cells_with_lines" => says.lines = self.switch(path, value),
            "short_rows" => says.short_rows = self.switch(path, value),
            "ignore_unnamed" => says.ignore_unnamed = self.switch(path, value),
            _ => return false,
        }
        true
    }

    fn hidden_sheets(&mut self, path: &str, value: &Value<'_>) -> Option<HiddenSheets> {
        match value.get_ref().as_str() {
            Some("read") => Some(HiddenSheets::Read),
            Some("skip") => Some(HiddenSheets::Skip),
            _ => {
                self.refuse_value(path, value, "this is not known", "Write \"read\" or \"skip\"");
                None
            }
        }
    }

    /// Whether quotes are letters.
    fn quotes(&mut self, path: &str, value: &Value<'_>) -> bool {
        let letters = value.get_ref().as_str() == Some("letters");
        if !letters {
            let advice = "Write \"letters\", where no cell of the file stands between quotes; otherwise leave it out";
            self.refuse_value(path, value, "this is not known", advice);
        }
        letters
    }

    /// True or false; between quotes too, as an import writes it.
    fn switch(&mut self, path: &str, value: &Value<'_>) -> bool {
        let word = value.get_ref().as_str();
        let found = value.get_ref().as_bool().or(match word {
            Some("true" | "yes") => Some(true),
            Some("false" | "no") => Some(false),
            _ => None,
        });
        if found.is_none() {
            self.refuse_value(path, value, "this is neither true nor false", "Write true or false");
        }
        found.unwrap_or_default()
    }

    fn delimiter(&mut self, path: &str, value: &Value<'_>) -> Option<u8> {
        let found = match value.get_ref().as_str() {
            Some("," | "comma") => Some(b','),
            Some(";" | "semicolon") => Some(b';'),
            Some("\t" | "tab") => Some(b'\t'),
            Some("|") => {
                self.refuse_value(
                    path,
                    value,
                    "`|` separates several values within a cell",
                    "Save the file with commas",
                );
                return None;
            }
            _ => None,
        };
        if found.is_none() {
            self.refuse_value(path, value, "this is no delimiter that is read", "Write \",\" or \";\" or \"tab\"");
        }
        found
    }

    fn encoding(&mut self, path: &str, value: &Value<'_>) -> Option<Charset> {
        let label = self.text_of(path, value)?;
        let found = charset::named(&label);
        if let Err(advice) = &found {
            self.refuse_value(path, value, "this encoding is not known", advice.as_str());
        }
        found.ok()
    }
}
