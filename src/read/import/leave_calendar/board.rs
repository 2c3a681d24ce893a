//! A sheet as a calendar is read from it: where its lines of days are, and which lines and columns belong to each.

use std::collections::BTreeMap;

use super::super::super::ids::fold;
use super::super::super::problem::Problem;
use super::super::grid::{Line, Sheet};
use super::super::names::Known;
use super::day::Words;
use super::line::{Column, DAYS, days_of, is_number, is_total};
use super::title::title;

/// Most lines of days in a sheet.
pub(super) const MOST_BLOCKS: usize = 400;
/// Lines above the days that may be titles of theirs.
const ABOVE: usize = 5;
/// Words of lines that count weeks.
const WEEK: &str = "kw woche week wk sem semana semaine s w нед неделя tydzień uke vecka კვირა 週";

/// A sheet, and where its cells stand in the file.
pub(super) struct Board {
    /// The file, with its sheet where it has several.
    pub(super) file: String,
    pub(super) workbook: bool,
    pub(super) sheet: Sheet,
    /// Whether rows and columns were exchanged: days go down in the file, people across.
    pub(super) turned: bool,
    /// Where cells are merged across others: row and column of the first, to the last column.
    across: BTreeMap<(u64, usize), usize>,
}

impl Block {
    /// The days that some columns lie under, by their number.
    pub(super) fn days(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        let first = self.columns.partition_point(|day| day.end < from);
        first..first.max(self.columns.partition_point(|day| day.at <= to))
    }
}

/// People down and days across, in some lines and columns of a sheet.
#[derive(Debug)]
pub(super) struct Block {
    /// The first line above the days that belongs to it, the line of the days, the first line below it, and the end.
    pub(super) head: usize,
    pub(super) line: usize,
    pub(super) body: usize,
    pub(super) end: usize,
    /// Columns that say whose row it is.
    pub(super) labels: Vec<usize>,
    pub(super) columns: Vec<Column>,
    /// Columns among the days and right of them that are no day.
    pub(super) strays: Vec<usize>,
    /// The line of the names of weekdays.
    pub(super) weekdays: Option<usize>,
}

impl Board {
    /// A sheet of a file.
    pub(super) fn new(file: String, workbook: bool, sheet: Sheet, turned: bool) -> Self {
        let wide = sheet.merged.iter().filter(|area| area.right > area.left);
        let across = wide.map(|area| ((area.top, area.left), area.right)).collect();
        Self { file, workbook, sheet, turned, across }
    }

    /// A cell as people name it: `F12`.
    pub(super) fn place(&self, row: u64, column: usize) -> String {
        let (row, column) = self.in_file(row, column);
        let (mut letters, mut rest) = (String::new(), column + 1);
        while rest > 0 {
            letters.insert(0, char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
            rest = (rest - 1) / 26;
        }
        format!("{letters}{row}")
    }

    fn in_file(&self, row: u64, column: usize) -> (u64, usize) {
        match self.turned {
            true => (column as u64 + 1, usize::try_from(row.saturating_sub(1)).unwrap_or_default()),
            false => (row, column),
        }
    }

    /// The row of the file that a cell stands in.
    pub(super) fn row(&self, row: u64, column: usize) -> u64 {
        self.in_file(row, column).0
    }

    /// An error of one cell.
    pub(super) fn problem(
        &self,
        row: u64,
        column: usize,
        why: impl Into<String>,
        advice: impl Into<String>,
    ) -> Problem {
        Problem::error(&self.file, why, advice).row(self.row(row, column)).column(self.place(row, column))
    }

    /// The text of a line's cell; empty where there is none.
    pub(super) fn cell(&self, line: usize, column: usize) -> &str {
        self.sheet.lines.get(line).map_or("", |line| line.cell(column))
    }

    /// The number of a line's row.
    pub(super) fn number(&self, line: usize) -> u64 {
        self.sheet.lines.get(line).map_or(0, |line| line.row)
    }

    /// The lines of days, and the columns of each.
    pub(super) fn lines_of_days(&self, people: Option<&Known>, words: &Words) -> Vec<(usize, Vec<Column>)> {
        let person = |line: &Line, columns: &[Column]| {
            let first = columns.first().map_or(0, |column| column.at);
            let mut labels = line.filled().take_while(|(at, _)| *at < first);
            labels.any(|(_, text)| is_total(text) || people.is_some_and(|people| people.find_quietly(text).is_some()))
        };
        let lines = self.sheet.lines.iter().enumerate();
        let days = lines.filter_map(|(at, line)| Some((at, line, days_of(line, self.workbook, words)?)));
        let days = days.filter(|(_, line, columns)| !person(line, columns));
        let wide = |(at, line, mut columns): (usize, &Line, Vec<Column>)| {
            for nth in 0..columns.len() {
                let most = columns.get(nth + 1).map_or(usize::MAX, |next| next.at - 1);
                let end = self.across.get(&(line.row, columns[nth].at)).copied().unwrap_or(columns[nth].at);
                columns[nth].end = end.min(most);
            }
            (at, columns)
        };
        days.map(wide).collect()
    }

    /// The blocks of the sheet.
    ///
    /// # Errors
    /// How many lines of days there are, where they are none or too many.
    pub(super) fn blocks(&self, people: &Known, words: &Words) -> Result<Vec<Block>, usize> {
        let days = self.lines_of_days(Some(people), words);
        if days.is_empty() || days.len() > MOST_BLOCKS {
            return Err(days.len());
        }
        let mut blocks = Vec::new();
        for (nth, (line, columns)) in days.iter().enumerate() {
            let before = nth.checked_sub(1).and_then(|nth| days.get(nth)).map_or(0, |(line, _)| line + 1);
            let head = self.head(*line, before, people, words);
            let end = match days.get(nth + 1) {
                Some((next, _)) => self.head(*next, line + 1, people, words),
                None => self.sheet.lines.len(),
            };
            let weekdays = self.weekdays(*line, head, end, columns, people, words);
            let body = if weekdays == Some(line + 1) { line + 2 } else { line + 1 };
            blocks.extend(self.beside(columns, people, (head, *line, body, end), weekdays));
        }
        Ok(blocks)
    }

    /// The first of the lines above some days that are titles of theirs.
    fn head(&self, line: usize, before: usize, people: &Known, words: &Words) -> usize {
        let least = before.max(line.saturating_sub(ABOVE));
        let titles = (least..line).rev().take_while(|at| self.is_title(*at, people, words)).count();
        line - titles
    }

    /// Whether a line is a title: nothing of it can be somebody's row.
    fn is_title(&self, at: usize, people: &Known, words: &Words) -> bool {
        let Some(line) = self.sheet.lines.get(at) else { return false };
        let cells: Vec<(usize, &str)> = line.filled().collect();
        if cells.iter().any(|(_, text)| people.find_quietly(text).is_some()) {
            return false;
        }
        let names = |text: &str| {
            let title = title(text, &words.months);
            title.sure && !(title.months.is_empty() && title.years.is_empty())
        };
        if let [(column, text)] = cells.as_slice() {
            let wide = self.across.get(&(line.row, *column)).is_some_and(|right| *right > column + 3);
            return wide || names(text) || text.chars().count() > 12;
        }
        let weeks = |text: &str| {
            let bare = fold(text);
            let bare = bare.trim_end_matches(|letter: char| letter.is_numeric() || letter == '.').trim();
            bare.is_empty() || WEEK.split(' ').any(|word| word == bare)
        };
        // `Plan`, `December 2026`, `January 2027`: a word may stand left of the months, if there are several of them.
        let rest = if cells.len() > 2 { &cells[1..] } else { &cells[..] };
        let all_names = rest.iter().all(|(_, text)| names(text));
        let week = cells.first().is_some_and(|(_, text)| !is_number(text) && weeks(text));
        if (week && cells[1..].iter().all(|(_, text)| weeks(text))) || all_names {
            return true;
        }
        let texts = cells.iter().map(|(_, text)| *text);
        let first = cells.iter().take_while(|(_, text)| !words.weekdays.knows(text)).count();
        first <= 2 && cells.len() >= first + DAYS && words.weekdays.all_known(texts.skip(first))
    }

    /// The line of the names of weekdays, above the days or below them.
    fn weekdays(
        &self,
        line: usize,
        head: usize,
        end: usize,
        columns: &[Column],
        people: &Known,
        words: &Words,
    ) -> Option<usize> {
        let is = |at: &usize| {
            let cells: Vec<&str> = columns.iter().map(|column| self.cell(*at, column.at)).collect();
            let filled: Vec<&str> = cells.into_iter().filter(|text| !text.is_empty()).collect();
            let first = columns.first().map_or(0, |column| column.at);
            let labels = self.sheet.lines.get(*at).into_iter().flat_map(Line::filled).take_while(|(at, _)| *at < first);
            let nobody = labels.into_iter().all(|(_, text)| people.find_quietly(text).is_none());
            nobody
                && filled.len() >= DAYS
                && filled.len() * 2 >= columns.len()
                && words.weekdays.all_known(filled.into_iter())
        };
        let above = line.checked_sub(1).filter(|at| *at >= head).filter(is);
        above.or_else(|| Some(line + 1).filter(|at| *at < end).filter(is))
    }

    /// A line of days cut where columns between two of them name people once more: months beside each other.
    fn beside(
        &self,
        columns: &[Column],
        people: &Known,
        (head, line, body, end): (usize, usize, usize, usize),
        weekdays: Option<usize>,
    ) -> Vec<Block> {
        let Some(first) = columns.first() else { return Vec::new() };
        let width = self.sheet.lines[line..end].iter().map(|line| line.cells.len()).max().unwrap_or_default();
        let block = |labels| Block { head, line, body, end, labels, columns: Vec::new(), strays: Vec::new(), weekdays };
        let mut blocks = vec![block((0..first.at).collect())];
        let mut next = first.at;
        let ends = columns.iter().map(Some).chain([None]);
        for column in ends {
            let gap = next..column.map_or(width, |column| column.at);
            let last = blocks.len() - 1;
            let titles: Vec<&str> = blocks[last].labels.iter().map(|at| self.cell(line, *at)).collect();
            let named = gap
                .clone()
                .find(|at| self.names_people(*at, body..end, people, titles.contains(&self.cell(line, *at))));
            match (named, column) {
                (Some(named), Some(_)) => {
                    blocks[last].strays.extend(gap.start..named);
                    blocks.push(block((named..gap.end).collect()));
                }
                _ => blocks[last].strays.extend(gap),
            }
            if let Some(column) = column {
                next = column.end + 1;
                blocks.last_mut().expect("there is a first").columns.push(column.clone());
            }
        }
        blocks
    }

    /// Whether most cells of a column name people. Numbers may be totals as well as ids, and count only under a header of ids.
    fn names_people(&self, column: usize, lines: std::ops::Range<usize>, people: &Known, titled: bool) -> bool {
        let cells = self.sheet.lines[lines].iter().map(|line| line.cell(column)).filter(|text| !text.is_empty());
        let (mut filled, mut named) = (0, 0);
        for text in cells {
            filled += 1;
            named += usize::from((titled || !is_number(text)) && people.find_quietly(text).is_some());
        }
        named > 0 && named * 2 >= filled
    }
}
