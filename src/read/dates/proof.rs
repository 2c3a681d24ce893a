//! Which of day and month comes first where the year is last: only a value that can be read in no other way proves it.

use super::super::header::Header;
use super::super::policy::Says;
use super::super::problem::{Log, Problem, shown};
use super::cut::{Order, Parts};
use super::{Cell, Dates};

/// The values of a column that prove something.
pub(super) struct Proof<'a> {
    day: Option<&'a Cell>,
    month: Option<&'a Cell>,
    /// Whether all values read alike in both ways.
    alike: bool,
}

impl<'a> Proof<'a> {
    /// What the dates of a column prove.
    pub(super) fn of<'b>(dates: impl Iterator<Item = (&'b Parts, &'a Cell)>) -> Self {
        let mut proof = Self { day: None, month: None, alike: true };
        for (parts, cell) in dates.filter(|(parts, _)| parts.form.order == Order::YearLast) {
            let [first, second, _] = parts.numbers;
            if first > 12 {
                proof.day = proof.day.or(Some(cell));
            }
            if second > 12 {
                proof.month = proof.month.or(Some(cell));
            }
            proof.alike &= first == second;
        }
        proof
    }

    /// Whether the day comes first; none, and an error, where it is not proven.
    pub(super) fn settle(&self, column: &Dates, header: &Header, log: &mut Log) -> Option<bool> {
        let (why, advice) = match (self.day, self.month) {
            (Some(day), Some(month)) => {
                let (day, month) = (shown(&day.text), shown(&month.text));
                let why = format!("`{day}` can only be read day first, `{month}` only month first");
                (why, "Write all dates like 2026-04-03".to_owned())
            }
            (Some(_), None) => return Some(true),
            (None, Some(_)) => return Some(false),
            (None, None) if self.alike => return Some(true),
            (None, None) => {
                let examples: Vec<String> = column.cells.iter().take(3).map(|cell| cell.told(header)).collect();
                let mark = column
                    .cells
                    .first()
                    .and_then(|cell| cell.text.chars().find(|mark| matches!(mark, '.' | '-' | '/')));
                let mark = mark.unwrap_or('/');
                let advice =
                    format!("Write them like 2026-04-03, or say which comes first: {}", orders(header.says(), mark));
                (format!("nothing proves whether day or month comes first: {}", examples.join(", ")), advice)
            }
        };
        log.push(Problem::error(&header.file, why, advice).column(header.title(column.column)));
        None
    }
}

/// How it is said whether day or month comes first, in dates with this mark.
fn orders(says: &Says, mark: char) -> String {
    let [day, month] = ["%d{}%m{}%Y", "%m{}%d{}%Y"].map(|form| form.replace("{}", &mark.to_string()));
    match says.imported {
        true => {
            format!("--map {0}.dates=\"{day}\" (day first) or --map {0}.dates=\"{month}\" (month first)", says.table)
        }
        false => format!(
            "dates = \"{day}\" (day first) or \"{month}\" (month first) in policy.toml under [{}]",
            says.section()
        ),
    }
}

/// One column of a file proves that the day comes first and another that the month does: one of the two is wrong, and nobody
/// can know which. True where it is so, and told.
pub(super) fn two_orders(all: &[(&Dates, &Header, Proof<'_>)], log: &mut Log) -> bool {
    let day = all
        .iter()
        .find_map(|(dates, header, proof)| Some((dates, header, proof.day.filter(|_| proof.month.is_none())?)));
    let month = all
        .iter()
        .find_map(|(dates, header, proof)| Some((dates, header, proof.month.filter(|_| proof.day.is_none())?)));
    let (Some((day_dates, header, day)), Some((dates, other, month))) = (day, month) else { return false };
    let why = format!(
        "the file has two orders of day and month: {} of {} can only be read day first, {} of {} only month first",
        day.told(header),
        header.title(day_dates.column),
        month.told(other),
        other.title(dates.column)
    );
    let advice =
        "Look at how the file was made: one of the two columns is probably wrong. Write all dates like 2026-04-03";
    log.push(Problem::error(&header.file, why, advice).row(day.row.min(month.row)));
    true
}
