//! A table of the case as it is written: our columns, ISO dates, comma, UTF-8, in order.

use std::collections::BTreeMap;

use super::super::header::Header;
use super::super::problem::Problem;
use super::kind::Kind;
use super::rows::Tidy;
use crate::model::cell;

/// One table, clean.
#[derive(Clone, Debug)]
pub struct Clean {
    /// Its name, such as `inspectors`.
    pub table: &'static str,
    /// The columns that it has.
    pub columns: Vec<&'static str>,
    /// The rows, in order, by these columns.
    pub rows: Vec<Vec<String>>,
    /// Where each row comes from.
    origins: Vec<(String, u64)>,
    /// What the export calls a column.
    titles: BTreeMap<&'static str, String>,
}

impl Clean {
    /// The rows as a table of the case, with the columns that the export has or that were made.
    pub(super) fn of(kind: &Kind, header: &Header, mut rows: Vec<Tidy>) -> Self {
        rows.sort_by(|a, b| (&a.cells, a.row).cmp(&(&b.cells, b.row)));
        let made = |at: usize| rows.iter().any(|row| !row.cells[at].is_empty());
        let names = kind.table.columns.iter().map(|column| column.name).enumerate();
        let wanted: Vec<(usize, &'static str)> =
            names.filter(|(at, _)| kind.table.columns[*at].is_required() || header.has(*at) || made(*at)).collect();
        let titles =
            wanted.iter().filter(|(at, _)| header.has(*at)).map(|(at, name)| (*name, header.title(*at).to_owned()));
        Self {
            table: kind.table.name,
            columns: wanted.iter().map(|(_, name)| *name).collect(),
            titles: titles.collect(),
            origins: rows.iter().map(|row| (row.file.clone(), row.row)).collect(),
            rows: rows.iter().map(|row| wanted.iter().map(|(at, _)| row.cells[*at].clone()).collect()).collect(),
        }
    }

    /// What its file is called.
    pub fn file(&self) -> String {
        format!("{}.csv", self.table)
    }

    /// The bytes of its file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut text = self.columns.join(",") + "\n";
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        text.into_bytes()
    }

    /// A problem of the clean file, told of the row of the export that it comes from.
    pub(super) fn told_of_origin(&self, mut problem: Problem) -> Problem {
        let origin = problem.row.and_then(|row| usize::try_from(row).ok()?.checked_sub(2));
        if let Some((file, row)) = origin.and_then(|at| self.origins.get(at)) {
            (problem.file, problem.row) = (file.clone(), Some(*row));
        }
        if let Some(title) = problem.column.as_deref().and_then(|column| self.titles.get(column)) {
            problem.column = Some(title.clone());
        }
        problem
    }
}
