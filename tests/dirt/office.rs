//! The files of an office, before they are bytes: tables of cells, how they are written, and what stands around them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use chrono::NaiveDate;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use zip::write::SimpleFileOptions;

use super::truth::{Target, Truth};

#[derive(Clone, Debug)]
pub enum Cell {
    Text(String),
    Day(NaiveDate),
    /// Text of a CSV that is written as it is, without quotes of its own; in a workbook a text.
    Raw(String),
    /// A formula that nobody computed.
    Formula(String),
    /// A number of days with its fraction, shown as a day.
    Serial(f64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    Csv { delimiter: char, encoding: &'static str },
    Xlsx,
}

/// A sheet: what stands above its header, the header, and the rows.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub above: Vec<Vec<Cell>>,
    pub titles: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    pub hidden: bool,
    /// Rows that are hidden, by their index among `rows`.
    pub hidden_rows: BTreeSet<usize>,
    /// Merged cells among `rows`: first row, last row, first column, last column. The header is row -1.
    pub merged: Vec<(i32, i32, u16, u16)>,
}

#[derive(Clone, Debug)]
pub struct Table {
    pub form: Form,
    pub sheet: Sheet,
    /// Further sheets of a workbook.
    pub more: Vec<Sheet>,
}

/// The truth, and the files that were written of it.
pub struct Office {
    pub truth: Truth,
    pub tables: BTreeMap<&'static str, Table>,
    /// Whether more may come of it than the truth has, as with half days.
    pub widens: bool,
    /// How many leaves of the truth stand in one row.
    pub leaves_a_row: usize,
}

pub const CLEAN: Form = Form::Csv { delimiter: ',', encoding: "utf-8" };

pub fn text(value: impl Into<String>) -> Cell {
    Cell::Text(value.into())
}

impl Office {
    /// The truth in clean tables under our own names.
    pub fn new(truth: Truth) -> Self {
        let mut office = Self { truth, tables: BTreeMap::new(), widens: false, leaves_a_row: 1 };
        let truth = office.truth.clone();
        let day = |day: Option<NaiveDate>| day.map_or_else(|| text(""), Cell::Day);
        office.add(
            "inspectors",
            &["id", "name"],
            truth.people.iter().map(|one| vec![text(&one.id), text(one.name())]).collect(),
        );
        let places = truth.places.iter().map(|one| vec![text(&one.id), text(one.name), text(truth.owners[one.owner])]);
        office.add("establishments", &["id", "name", "owner"], places.collect());
        let visits = truth.places.iter().enumerate().map(|(at, one)| vec![text(format!("V{at}")), text(&one.id)]);
        office.add("visits", &["id", "establishment"], visits.collect());
        let conflicts = truth.conflicts.iter().map(|one| {
            let id = &truth.people[one.who].id;
            vec![
                text(id),
                text(one.target.kind()),
                text(truth.named(one.target)),
                text("friendship"),
                day(one.from),
                day(one.to),
            ]
        });
        office.add("conflicts", &["inspector", "target_kind", "target", "category", "from", "to"], conflicts.collect());
        let leaves = truth
            .leaves
            .iter()
            .map(|one| vec![text(&truth.people[one.who].id), Cell::Day(one.from), Cell::Day(one.to)]);
        office.add("absences", &["inspector", "from", "to"], leaves.collect());
        office
    }

    fn add(&mut self, name: &'static str, titles: &[&str], rows: Vec<Vec<Cell>>) {
        let titles = titles.iter().map(|title| (*title).to_owned()).collect();
        let sheet = Sheet { name: name.to_owned(), titles, rows, ..Sheet::default() };
        self.tables.insert(name, Table { form: CLEAN, sheet, more: Vec::new() });
    }

    /// Whether a table has the header of the clean one.
    pub fn has_our_header(&self, name: &str) -> bool {
        let ours = Self::new(self.truth.clone());
        self.tables[name].sheet.titles == ours.tables[name].sheet.titles
    }

    pub fn table(&mut self, name: &str) -> &mut Table {
        self.tables.get_mut(name).unwrap()
    }

    pub fn sheet(&mut self, name: &str) -> &mut Sheet {
        &mut self.table(name).sheet
    }
}

impl Truth {
    /// What a conflict's target is called in the clean table.
    pub fn named(&self, target: Target) -> String {
        match target {
            Target::Place(at) => self.places[at].id.clone(),
            Target::Owner(at) => self.owners[at].to_owned(),
            Target::Person(at) => self.people[at].id.clone(),
        }
    }
}

impl Cell {
    /// What a text file has of it.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Raw(text) | Self::Formula(text) => text.clone(),
            Self::Day(day) => day.to_string(),
            Self::Serial(days) => days.to_string(),
        }
    }

    /// Changes a text, and leaves a day alone.
    pub fn change(&mut self, change: impl Fn(&str) -> String) {
        if let Self::Text(text) = self {
            *text = change(text);
        }
    }
}

impl Sheet {
    fn lines(&self) -> impl Iterator<Item = Vec<Cell>> + use<'_> {
        let titles = self.titles.iter().map(text).collect::<Vec<_>>();
        self.above.iter().cloned().chain((!titles.is_empty()).then_some(titles)).chain(self.rows.iter().cloned())
    }
}

impl Table {
    /// The ending of the file's name.
    pub fn ending(&self) -> &'static str {
        if self.form == Form::Xlsx { "xlsx" } else { "csv" }
    }

    /// The cells as text, for whoever looks for what was lost.
    pub fn told(&self) -> String {
        let mut out = String::new();
        for sheet in std::iter::once(&self.sheet).chain(&self.more) {
            out += &format!("[{}{}]\n", sheet.name, if sheet.hidden { ", hidden" } else { "" });
            for line in sheet.lines() {
                out += &(line.iter().map(|cell| format!("{:?}", cell.plain())).collect::<Vec<_>>().join(" ") + "\n");
            }
            if !sheet.merged.is_empty() || !sheet.hidden_rows.is_empty() {
                out += &format!("merged {:?}, hidden {:?}\n", sheet.merged, sheet.hidden_rows);
            }
        }
        out
    }

    pub fn bytes(&self) -> Vec<u8> {
        match self.form {
            Form::Xlsx => self.workbook(),
            Form::Csv { delimiter, encoding } => encoded(&self.text(delimiter), encoding),
        }
    }

    fn text(&self, delimiter: char) -> String {
        let cell = |cell: &Cell| {
            let text = cell.plain();
            let quoted = !matches!(cell, Cell::Raw(_)) && text.contains([delimiter, '"', '\n']);
            if quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
        };
        let line = |line: Vec<Cell>| line.iter().map(cell).collect::<Vec<_>>().join(&delimiter.to_string()) + "\r\n";
        self.sheet.lines().map(line).collect()
    }

    fn workbook(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        for sheet in std::iter::once(&self.sheet).chain(&self.more) {
            let page = book.add_worksheet();
            page.set_name(&sheet.name).unwrap();
            page.set_hidden(sheet.hidden);
            let first = u32::try_from(sheet.above.len() + usize::from(!sheet.titles.is_empty())).unwrap();
            for (from, to, left, right) in &sheet.merged {
                let row = |row: &i32| first.checked_add_signed(*row).unwrap();
                page.merge_range(row(from), *left, row(to), *right, "", &Format::new()).unwrap();
            }
            for (row, line) in (0..).zip(sheet.lines()) {
                for (column, cell) in (0..).zip(line) {
                    match cell {
                        Cell::Text(text) | Cell::Raw(text) if text.is_empty() => continue,
                        Cell::Text(text) | Cell::Raw(text) => page.write_string(row, column, text),
                        Cell::Formula(formula) => {
                            page.write_formula_with_format(row, column, Formula::new(formula).set_result(""), &day)
                        }
                        Cell::Serial(days) => page.write_number_with_format(row, column, days, &day),
                        Cell::Day(date) => {
                            let date = ExcelDateTime::parse_from_str(&date.to_string()).unwrap();
                            page.write_datetime_with_format(row, column, date, &day)
                        }
                    }
                    .unwrap();
                }
            }
            for row in &sheet.hidden_rows {
                page.set_row_hidden(first + u32::try_from(*row).unwrap()).unwrap();
            }
        }
        uncomputed(book.save_to_buffer().unwrap())
    }
}

/// A workbook whose formulas have no values, as programs leave them that write formulas and compute none. (This writer gives each a 0.)
fn uncomputed(bytes: Vec<u8>) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        let name = part.name().unwrap().into_owned();
        to.start_file(name, SimpleFileOptions::default()).unwrap();
        let text = String::from_utf8(content).unwrap().replace("</f><v>0</v>", "</f>").replace("</f><v></v>", "</f>");
        to.write_all(text.as_bytes()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// The letters of code page 850 that names of Western Europe need.
const DOS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿";

/// A text in an encoding; where it lacks a letter, in UTF-8.
fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-8 with a mark" => format!("\u{FEFF}{text}").into_bytes(),
        "utf-16" => [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        "cp850" => {
            let byte = |letter: char| match letter {
                letter if letter.is_ascii() => Some(letter as u8),
                'ß' => Some(0xE1),
                'Á' => Some(0xB5),
                letter => DOS.chars().position(|other| other == letter).map(|at| 0x80 + u8::try_from(at).unwrap()),
            };
            text.chars().map(byte).collect::<Option<Vec<u8>>>().unwrap_or_else(|| text.as_bytes().to_vec())
        }
        _ => {
            let label = encoding_rs::Encoding::for_label(encoding.as_bytes()).unwrap();
            let (bytes, _, lacks) = label.encode(text);
            if lacks { text.as_bytes().to_vec() } else { bytes.into_owned() }
        }
    }
}
