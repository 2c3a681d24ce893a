//! A sheet laid out under our columns: its header found, its merged cells filled, what is no row put aside. All of it is said.

use std::collections::{BTreeMap, BTreeSet};

use super::super::csv::Record;
use super::super::header::{Header, fits};
use super::super::ids::{fold, nearest};
use super::super::policy::Says;
use super::super::problem::{Level, Log, Problem, counted, shown};
use super::super::sheets;
use super::super::stray::Stray;
use super::super::table::Row;
use super::grid::{Grid, Line, Sheet};
use super::head::{self, Head};
use super::kind::{Kind, STATUS_COLUMN, Wishes};
use super::likeness::likeness;
use super::titles::{Mapping, NONE, Titles, has_column, is_mapped};
use super::unread::Unread;
use super::whole;

/// The column of what stands in rows that are one merged cell.
pub(super) const HEADING: &str = "(heading)";

/// A sheet under our columns.
pub(super) struct Laid {
    pub(super) sheet: String,
    /// Our columns.
    pub(super) header: Header,
    /// Those that only exports have.
    pub(super) extra: Header,
    lines: Vec<Line>,
}

impl Laid {
    /// With the columns that only another sheet has: what one sheet lacks may stand in the next.
    pub(super) fn and(self, other: Self) -> Self {
        Self { header: self.header.and(&other.header), extra: self.extra.and(&other.extra), ..self }
    }

    /// Gives every row to `each`, under our columns and under those that only exports have.
    pub(super) fn rows(&self, log: &mut Log, each: &mut dyn FnMut(&Row<'_>, &Row<'_>, &mut Log)) {
        let mut stray = Stray::default();
        for line in &self.lines {
            let (mut text, mut ends) = (String::new(), Vec::with_capacity(line.cells.len()));
            for cell in &line.cells {
                text.push_str(cell);
                ends.push(text.len());
            }
            let record = Record::new(line.row, &text, &ends);
            if fits(&self.header, &record, log) {
                stray.look(&self.header, &record);
                each(&Row::new(&self.header, &record), &Row::new(&self.extra, &record), log);
            }
        }
        stray.tell(&self.header, log);
    }
}

/// How one sheet is to be laid out.
pub(super) struct Layout<'a> {
    pub(super) kind: &'static Kind,
    pub(super) mapping: &'a Mapping,
    pub(super) wishes: &'a Wishes,
    /// Whether each sheet is one person's.
    pub(super) own: bool,
    /// Whether what is not mapped was known to be so.
    pub(super) kept: bool,
}

/// What a file's sheet is called in what is said of it.
pub(super) fn label(grid: &Grid, sheet: &Sheet) -> String {
    if sheet.several { sheets::label(&grid.file, &sheet.name) } else { grid.file.clone() }
}

impl Layout<'_> {
    /// Whether a sheet is not to be read, which is then told.
    pub(super) fn skips(&self, sheet: &Sheet, file: &str, log: &mut Log) -> bool {
        let skips = self.wishes.says.skips(&sheet.name);
        if skips {
            log.note(file, "not read, as `skip_sheets` asks");
        }
        skips
    }

    /// The header of a sheet, if it has every column that is mapped.
    pub(super) fn head(&self, sheet: &Sheet) -> Option<Head> {
        let head = self.nearly(sheet)?;
        self.mapping.values().all(|titles| has(titles, &head)).then_some(head)
    }

    /// The row that has most of the columns that are mapped.
    pub(super) fn nearly(&self, sheet: &Sheet) -> Option<Head> {
        let titles: Vec<&str> = self.mapping.values().flat_map(Titles::each).collect();
        head::of_titles(sheet, &titles)
    }

    /// Asks which columns of a sheet are those of the mapping that it lacks.
    pub(super) fn refuse(&self, file: &str, sheet: &Sheet, log: &mut Log) {
        let head = self.nearly(sheet).or_else(|| head::guess(sheet, &[]).map(|(_, head)| head));
        let Some(head) = head else {
            log.push(Problem::error(file, "there is nothing in it", "Export it again"));
            return;
        };
        if sheet.several && self.nearly(sheet).is_none() {
            return self.refuse_strange(file, sheet, log);
        }
        for (ours, titles) in self.mapping.iter().filter(|(_, titles)| !has(titles, &head)) {
            self.ask_for(file, sheet, &head, ours, titles, log);
        }
    }

    /// A sheet beside others that has none of the headers.
    fn refuse_strange(&self, file: &str, sheet: &Sheet, log: &mut Log) {
        let titles: Vec<&str> =
            self.mapping.values().flat_map(Titles::named).filter(|title| *title != HEADING).collect();
        let first = sheet.lines.first().map(|line| line.filled().map(|(_, text)| text).collect::<Vec<_>>());
        let why = format!(
            "the sheet holds something and has none of the headers {}; it begins with {}",
            shown_all(&titles),
            shown_all(&first.unwrap_or_default())
        );
        let table = self.kind.table.name;
        let advice = format!(
            "Give it the same header as the other sheets, or name its own (--map {table}.COLUMN+=\"HEADER\"); if the sheet is no part of the table: {}",
            self.wishes.says.how_to_skip(&sheet.name)
        );
        let row = sheet.lines.first().map_or(1, |line| line.row);
        log.push(Problem::error(file, why, advice).row(row));
    }

    /// Asks which header is that of our column now.
    fn ask_for(&self, file: &str, sheet: &Sheet, head: &Head, ours: &str, titles: &Titles, log: &mut Log) {
        let title = titles.named().map(|title| format!("`{}`", shown(title))).collect::<Vec<_>>().join(" or ");
        let why =
            format!("`{ours}` has the header {title}, says policy.toml, and no column has it. Which column is it now?");
        let open: Vec<&str> = head.titles.iter().map(String::as_str).filter(|other| !other.is_empty()).collect();
        let open: Vec<&str> = open.into_iter().filter(|other| !is_mapped(self.mapping, other)).collect();
        let mut near: Vec<&str> = titles.named().flat_map(|title| nearest(title, open.iter().copied(), 1)).collect();
        near.extend(open.iter().copied().filter(|open| likeness(ours, open) >= super::likeness::LIKELY));
        near.extend(open.iter().copied());
        let mut offered: Vec<&str> = Vec::new();
        near.into_iter().for_each(|title| {
            if !offered.contains(&title) {
                offered.push(title)
            }
        });
        let key = format!("{ours}+");
        let words: Vec<String> = offered.iter().take(OFFERED).map(|title| format!("`{}`", shown(title))).collect();
        let sets: Vec<[(&str, &str); 1]> = offered.iter().map(|title| [(key.as_str(), *title)]).collect();
        let mut options: Vec<(&str, &[(&str, &str)])> =
            words.iter().zip(&sets).map(|(words, sets)| (words.as_str(), sets.as_slice())).collect();
        let none = [(key.as_str(), NONE)];
        let lost = self.kind.lacks(&|name| name != ours && has_column(self.mapping, name), self.own);
        if lost.is_empty() {
            options.push(("such files have no column of this kind", &none));
        }
        let skip = [("skip_sheets", sheet.name.as_str())];
        if sheet.several {
            options.push(("the sheet is no part of the table", &skip));
        }
        let problem = Problem::error(file, why, "").row(head.row).column(titles.first());
        if options.is_empty() {
            let advice =
                format!("Add the column, or name the one that it is: --map {}.{key}=\"HEADER\"", self.kind.table.name);
            return log.push(Problem { advice, ..problem });
        }
        log.ask(&self.says(), problem, &options);
    }

    /// The sheet under our columns. None where a header that is mapped stands there twice.
    pub(super) fn lay(&self, grid: &Grid, sheet: &Sheet, head: &Head, log: &mut Log) -> Option<Laid> {
        let file = label(grid, sheet);
        let mut titles = head.titles.clone();
        let mut lines = self.body(&file, sheet, head, &mut titles, log);
        let found = Head { titles: titles.clone(), ..head.clone() };
        let before = log.errors();
        self.twice(&file, &found, log);
        self.strangers(&file, &found, log);
        self.tell_above(&file, sheet, head, log);
        self.rows_above(&file, sheet, head, log);
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (ours, mapped) in self.mapping {
            let Some((title, columns)) = mapped.found(&found).into_iter().next() else { continue };
            let place = match columns.as_slice() {
                [one] => *one,
                several => join(title, several, &mut titles, &mut lines),
            };
            places.insert(ours, place);
        }
        let place = |column: &super::super::table::Column| places.get(column.name).copied();
        let header = |table| Header::found(table, &file, grid.workbook, &titles, self.says());
        let main = header(self.kind.table).at(self.kind.table.columns.iter().map(place).collect());
        let extra = header(self.kind.extra).at(self.kind.extra.columns.iter().map(place).collect());
        whole::read(&main, self.kind.table.columns.len(), &mut lines, log);
        (log.errors() == before).then(|| Laid { sheet: sheet.name.clone(), header: main, extra, lines })
    }

    /// What stands above the header is told.
    fn tell_above(&self, file: &str, sheet: &Sheet, head: &Head, log: &mut Log) {
        if head.above == 0 {
            return;
        }
        let above: Vec<String> = sheet.lines[..head.above].iter().filter_map(first).collect();
        let row = head.row;
        log.note(
            file,
            match self.own {
                // What stands above is whose sheet it is.
                true => format!("the header is row {row}"),
                false => format!("the header is row {row}; above it stands {}", above.join(", ")),
            },
        );
    }

    /// A row above the header that is as full as one of the table may be one: somebody sorted the header along.
    fn rows_above(&self, file: &str, sheet: &Sheet, head: &Head, log: &mut Log) {
        let columns = self.mapping.values().filter(|titles| !titles.found(head).is_empty()).count().max(2);
        for line in sheet.lines[..head.above].iter().filter(|line| !self.own && !self.is_skipped(line)) {
            let filled: Vec<&str> = line.filled().map(|(_, text)| text).collect();
            if filled.len() < columns {
                continue;
            }
            let why =
                format!("the row stands above the header, which is row {}, and may be a row of the table", head.row);
            let advice = format!(
                "Put the header above all rows; if the row is a title: --map {}.skip=\"{}\"",
                self.kind.table.name,
                shown(filled[0])
            );
            let problem = Problem::error(file, why, advice).row(line.row).value(&filled.join(" | "));
            tell(log, Level::Error, "rows above the header", problem);
        }
    }

    fn says(&self) -> Says {
        self.wishes.says.clone()
    }

    fn twice(&self, file: &str, head: &Head, log: &mut Log) {
        for (ours, titles) in self.mapping {
            let found = titles.found(head);
            for (title, places) in &found {
                // A header that is several, joined by `|`, has several columns and is meant to.
                if let ([first, second, ..], true) = (places.as_slice(), head.has(title)) {
                    let why = format!("two columns have this header (column {} and column {})", first + 1, second + 1);
                    let advice = format!("Rename the one that is not `{ours}`, or delete it");
                    log.push(Problem::error(file, why, advice).row(head.row).column(*title));
                }
            }
            if let [(one, _), (other, _), ..] = found.as_slice() {
                let why = format!("both `{}` and `{}` are `{ours}`, says policy.toml", shown(one), shown(other));
                let advice = "Keep the one that is right in the file, or in policy.toml";
                log.push(Problem::error(file, why, advice).row(head.row).column(*one));
            }
        }
    }

    /// Headers that nobody was asked about. What is not read must not be so in silence.
    fn strangers(&self, file: &str, head: &Head, log: &mut Log) {
        let named = |title: &String| {
            let is_it = |other: &String| fold(other) == fold(title);
            is_mapped(self.mapping, title) || self.wishes.says.ignore.iter().any(is_it)
        };
        let strange = head.titles.iter().filter(|title| !title.is_empty() && *title != HEADING && !named(title));
        let strange: Vec<&str> = strange.map(String::as_str).collect();
        if strange.is_empty() {
            return;
        }
        for title in &strange {
            self.ask_for_status(file, head, title, log);
            self.ask_for_another(file, head, title, log);
        }
        if !self.kept {
            return log.note(file, format!("columns that are not used: {}", shown_all(&strange)));
        }
        let why = format!("columns that were not there before, and are not read: {}", shown_all(&strange));
        let table = self.kind.table.name;
        let advice =
            format!("Map them (--map {table}.COLUMN=\"HEADER\"), or add them to ignore under [import.{table}]");
        log.push(Problem::warning(file, why, advice).row(head.row));
    }

    /// Asks of a column that may say which rows count. Leave that was refused must not count because nobody looked there.
    fn ask_for_status(&self, file: &str, head: &Head, title: &str, log: &mut Log) {
        let can = self.kind.columns().any(|column| column.name == STATUS_COLUMN);
        if !can || !super::is_status(title) {
            return;
        }
        let mapped = self.mapping.get(STATUS_COLUMN).map(Titles::first).filter(|title| !title.is_empty());
        let value = mapped.map_or_else(|| title.to_owned(), |other| format!("{other}|{title}"));
        let why = "this column may say which rows count, and is not read. Does it?";
        let answers =
            [("it says which rows count", STATUS_COLUMN, value.as_str()), ("it is not read", "ignore", title)];
        Unread { file, row: Some(head.row), title }.ask(&self.says(), why, &answers, log);
    }

    /// Asks of a second column of targets or days: a second conflict of a row, or the day to which a leave was extended.
    fn ask_for_another(&self, file: &str, head: &Head, title: &str, log: &mut Log) {
        let plain = super::group::stem(title).unwrap_or_else(|| title.to_owned());
        let columns = ["target", "from", "to"].into_iter().filter(|ours| self.mapping.contains_key(*ours));
        let ends = self.mapping.contains_key("to") && likeness("new_end", title) >= super::likeness::LIKELY;
        let Some(ours) = columns.into_iter().find(|ours| likeness(ours, &plain) >= 90 || (*ours == "to" && ends))
        else {
            return;
        };
        let why = format!("this column may be another `{ours}`, and is not read");
        let says = format!("it is the `{ours}`, in place of `{}`", shown(self.mapping[ours].first()));
        let answers = [("it says nothing that counts", "ignore", title), (says.as_str(), ours, title)];
        Unread { file, row: Some(head.row), title }.ask(&self.says(), &why, &answers, log);
    }

    /// The rows below the header.
    fn body(&self, file: &str, sheet: &Sheet, head: &Head, titles: &mut Vec<String>, log: &mut Log) -> Vec<Line> {
        let mut lines: Vec<Line> = sheet.lines[head.below..].to_vec();
        let across = across(sheet, head);
        fill_merged(file, sheet, head, titles, &mut lines, log);
        let (mut kept, mut heading, mut headings, mut skipped, mut again) =
            (Vec::new(), String::new(), 0u64, 0u64, 0u64);
        for line in lines {
            if let Some(text) = heading_of(&across, &line) {
                (heading, headings) = (text, headings + 1);
            } else if self.is_skipped(&line) {
                skipped += 1;
            } else if is_header_again(&line, &head.titles) {
                again += 1;
            } else {
                kept.push((line, heading.clone()));
            }
        }
        for (count, what) in [(skipped, "skipped, as `skip` asks"), (again, "the header once more, and not read")] {
            if count > 0 {
                log.note(file, format!("{}: {what}", counted(count, "row", "rows")));
            }
        }
        if headings > 0 {
            self.tell_headings(file, headings, log);
            // Whatever stands beside the table keeps its column, and is told of.
            let widest = kept.iter().map(|(line, _)| line.cells.len()).max().unwrap_or_default();
            titles.resize(widest.max(titles.len()), String::new());
            titles.push(HEADING.to_owned());
        }
        let width = titles.len();
        let mut lines: Vec<Line> = kept
            .into_iter()
            .map(|(mut line, heading)| {
                if headings > 0 {
                    line.cells.resize(width - 1, String::new());
                    line.cells.push(heading);
                }
                line
            })
            .collect();
        self.fill_down(file, titles, &mut lines, log);
        lines
    }

    fn tell_headings(&self, file: &str, headings: u64, log: &mut Log) {
        let table = self.kind.table.name;
        let used = self.mapping.iter().find(|(_, titles)| titles.has(HEADING)).map(|(ours, _)| ours);
        let rows = counted(headings, "row is one merged cell", "rows are one merged cell each");
        log.note(
            file,
            match used {
                Some(ours) => format!("{rows}: the `{ours}` of the rows below it"),
                None => format!("{rows}, a heading, and not read (--map {table}.COLUMN=\"{HEADING}\" would use it)"),
            },
        );
    }

    fn is_skipped(&self, line: &Line) -> bool {
        let first = line.filled().next().map(|(_, text)| fold(text)).unwrap_or_default();
        self.wishes.skip.iter().any(|skip| begins_so(&first, &fold(skip)))
    }

    /// Fills blank cells with what stands above, in the columns that the policy names.
    fn fill_down(&self, file: &str, titles: &[String], lines: &mut [Line], log: &mut Log) {
        for wanted in &self.wishes.fill {
            let Some(column) = titles.iter().position(|title| fold(title) == fold(wanted)) else { continue };
            let (mut above, mut filled) = (String::new(), 0);
            for line in lines.iter_mut() {
                match line.cell(column) {
                    "" if !above.is_empty() => {
                        put(line, column, &above);
                        filled += 1;
                    }
                    text => above = text.to_owned(),
                }
            }
            let cells = counted(filled, "blank cell", "blank cells");
            log.note(file, format!("{}: {cells} filled with what stands above, as `fill` asks", shown(wanted)));
        }
    }
}

/// Headers that are offered where one is looked for.
const OFFERED: usize = 8;

/// Whether a header row has a column, or may lack it.
fn has(titles: &Titles, head: &Head) -> bool {
    titles.may_lack() || titles.has(HEADING) || !titles.found(head).is_empty()
}

/// Makes one column of several: their values joined by `|`, in the order in which they are named.
fn join(title: &str, columns: &[usize], titles: &mut Vec<String>, lines: &mut [Line]) -> usize {
    let at = titles.len();
    titles.push(title.to_owned());
    for line in lines {
        let values: Vec<&str> =
            columns.iter().map(|column| line.cell(*column)).filter(|text| !text.is_empty()).collect();
        let text = values.join("|");
        put(line, at, &text);
    }
    at
}

/// Most cells that belong to merged ones; a file could say of few areas that each of them is all of the sheet.
const MOST_FILLED: usize = 8 << 20;

/// Fills the cells that were merged downwards with what stands in the first of them.
fn fill_merged(file: &str, sheet: &Sheet, head: &Head, titles: &[String], lines: &mut [Line], log: &mut Log) {
    let mut filled: BTreeMap<usize, u64> = BTreeMap::new();
    let mut cells = 0;
    for area in sheet.merged.iter().filter(|area| area.top > head.row && area.top < area.bottom) {
        let at = |row: u64| lines.partition_point(|line| line.row < row);
        let (first, end) = (at(area.top), at(area.bottom.saturating_add(1)));
        let text = lines.get(first).filter(|line| line.row == area.top).map(|line| line.cell(area.left).to_owned());
        let Some(text) = text.filter(|text| !text.is_empty()) else { continue };
        cells += end - first;
        if cells > MOST_FILLED {
            let why = "its merged cells overlap";
            return log.push(Problem::error(file, why, "Save the sheet anew in a spreadsheet"));
        }
        for line in &mut lines[first + 1..end] {
            put(line, area.left, &text);
            *filled.entry(area.left).or_default() += 1;
        }
    }
    for (column, count) in filled {
        let title = titles.get(column).map_or("", String::as_str);
        let cells = counted(count, "cell belongs to a merged one", "cells belong to merged ones");
        log.note(file, format!("{}: {cells} and {} its text", shown(title), if count == 1 { "has" } else { "have" }));
    }
}

fn put(line: &mut Line, column: usize, text: &str) {
    if line.cells.len() <= column {
        line.cells.resize(column + 1, String::new());
    }
    text.clone_into(&mut line.cells[column]);
}

/// Where cells are merged across others: row and column of the first. Cells that are merged as those of the header above them
/// are one column, and no headings.
fn across(sheet: &Sheet, head: &Head) -> BTreeSet<(u64, usize)> {
    let columns: BTreeSet<(usize, usize)> = sheet
        .merged
        .iter()
        .filter(|area| area.left < area.right && area.top <= head.row && head.row <= area.bottom)
        .map(|area| (area.left, area.right))
        .collect();
    let across = sheet.merged.iter().filter(|area| area.left < area.right);
    let headings = across.filter(|area| !columns.contains(&(area.left, area.right)));
    headings.map(|area| (area.top, area.left)).collect()
}

/// The text of a row that is nothing but one cell, merged across others.
fn heading_of(across: &BTreeSet<(u64, usize)>, line: &Line) -> Option<String> {
    let mut filled = line.filled();
    let (at, text) = filled.next()?;
    (filled.next().is_none() && across.contains(&(line.row, at))).then(|| text.to_owned())
}

/// Whether a text begins with these words. `Kovač` is not the beginning of `Kovač, Ana`: that is another name.
pub(super) fn begins_so(text: &str, words: &str) -> bool {
    let rest = text.strip_prefix(words).map(|rest| rest.chars().next());
    rest.is_some_and(|next| next.is_none_or(|next| !next.is_alphanumeric() && next != ','))
}

fn is_header_again(line: &Line, titles: &[String]) -> bool {
    line.filled().count() > 1
        && line.filled().all(|(at, cell)| titles.get(at).is_some_and(|title| fold(title) == fold(cell)))
}

fn first(line: &Line) -> Option<String> {
    line.filled().next().map(|(_, text)| format!("`{}`", shown(text)))
}

pub(super) fn shown_all(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("`{}`", shown(text))).collect::<Vec<_>>().join(", ")
}

/// One of perhaps thousands of problems of one row.
pub(super) fn tell(log: &mut Log, level: Level, kind: &'static str, problem: Problem) {
    let file = problem.file.clone();
    log.one_of(level, &file, kind, || problem);
}
