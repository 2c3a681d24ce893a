//! One row a posting becomes one row a person: the posting that holds on the first day of the period.

use std::collections::BTreeMap;

use super::super::header::Header;
use super::super::ids::fold;
use super::super::problem::{Level, Log, Problem, counted, shown};
use super::lay::tell;
use super::rows::Tidy;
use crate::model::Period;

const ID: usize = 0;
const NAME: usize = 1;
const GENDER: usize = 7;
const AUTHORITY_FROM: usize = 10;
const AUTHORITY_TO: usize = 11;

/// Before and after every day that a text may name.
const ALWAYS: (&str, &str) = ("", "9999");

/// The people of the rows, one row each.
pub(super) struct Roster<'a> {
    pub(super) header: &'a Header,
    /// Whether postings have a first or a last day.
    pub(super) dated: bool,
    pub(super) period: &'a Period,
}

impl Roster<'_> {
    /// Makes one row of the rows of one id.
    pub(super) fn settle(&self, rows: Vec<Tidy>, log: &mut Log) -> Vec<Tidy> {
        let all = rows.len();
        let mut people: BTreeMap<String, Vec<Tidy>> = BTreeMap::new();
        let mut kept = Vec::new();
        for row in rows {
            match row.cells[ID].as_str() {
                "" => kept.push(row),
                id => people.entry(id.to_owned()).or_default().push(row),
            }
        }
        let file = people.values().flatten().next().map(|row| row.file.clone()).unwrap_or_default();
        let count = people.len();
        let several = people.values().filter(|rows| rows.len() > 1).count();
        kept.extend(people.into_values().filter_map(|rows| self.person(rows, log)));
        if several > 0 {
            let taken = match self.dated {
                true => format!("what holds on {} is taken", self.period.from),
                false => "without days they must say the same".to_owned(),
            };
            let rows = counted(all as u64, "row", "rows");
            let several = counted(several as u64, "of them has", "of them have");
            let says = format!("{rows} of {count} people; {several} more than one row, and {taken}");
            log.note(&file, says);
        }
        kept
    }

    fn person(&self, mut rows: Vec<Tidy>, log: &mut Log) -> Option<Tidy> {
        rows.sort_by(|a, b| (span(a), a.row).cmp(&(span(b), b.row)));
        rows.dedup_by(|a, b| a.cells == b.cells && a.extra == b.extra);
        for row in &rows {
            self.order(row, log)?;
        }
        for later in &rows[1..] {
            self.same_person(&rows[0], later, log)?;
        }
        if !self.dated {
            return self.only(rows, log);
        }
        let first = self.period.from.to_string();
        let holds = |row: &Tidy| span(row).0 <= first.as_str() && first.as_str() <= span(row).1;
        let holding: Vec<&Tidy> = rows.iter().filter(|row| holds(row)).collect();
        match holding.as_slice() {
            [one] => Some(self.within((*one).clone(), &rows, log)),
            [] => self.outside(&rows, log),
            [one, other, ..] => {
                let why = format!("this posting and that in row {} both hold on {first}", one.row);
                let advice = "End the one that is over, in the export or where it comes from";
                tell(log, Level::Error, "postings that hold at the same time", self.of(other, ID, why, advice));
                None
            }
        }
    }

    fn of(&self, row: &Tidy, column: usize, why: impl Into<String>, advice: &str) -> Problem {
        row.problem(self.header, column, &row.cells[column], why, advice)
    }

    /// Without days nothing says which of two rows holds.
    fn only(&self, mut rows: Vec<Tidy>, log: &mut Log) -> Option<Tidy> {
        if let [first, second, ..] = rows.as_slice() {
            let why = format!("the id stands in row {} too, with other content", first.row);
            let advice = "Keep the row that is right; if the rows are postings, map the columns that say from when to when: \
                          --map inspectors.posting_from=\"HEADER\" --map inspectors.posting_to=\"HEADER\"";
            tell(log, Level::Error, "rows that contradict an earlier one", self.of(second, ID, why, advice));
            return None;
        }
        rows.pop()
    }

    fn order(&self, row: &Tidy, log: &mut Log) -> Option<()> {
        let (from, to) = span(row);
        if to < from {
            let why = format!("the posting ends on {to}, before it begins on {from}");
            tell(
                log,
                Level::Error,
                "postings that end before they begin",
                self.of(row, ID, why, "Correct one of the two days"),
            );
            return None;
        }
        Some(())
    }

    /// A person has one name and one gender, whatever their posting.
    fn same_person(&self, a: &Tidy, b: &Tidy, log: &mut Log) -> Option<()> {
        for column in [NAME, GENDER] {
            let (one, other) = (&a.cells[column], &b.cells[column]);
            if !one.is_empty() && !other.is_empty() && fold(one) != fold(other) {
                let why = format!("row {} has `{}` for the same id `{}`", a.row, shown(one), shown(&a.cells[ID]));
                let advice = "These are two people with one id, or one of the rows is wrong; correct it";
                tell(log, Level::Error, "postings that contradict each other", self.of(b, column, why, advice));
                return None;
            }
        }
        Some(())
    }

    /// The posting that holds on the first day, and what becomes of it within the period.
    fn within(&self, mut row: Tidy, rows: &[Tidy], log: &mut Log) -> Tidy {
        let last = self.period.to.to_string();
        let end = span(&row).1.to_owned();
        if end >= last {
            return row;
        }
        let next = rows.iter().find(|other| span(other).0 > end.as_str() && span(other).0 <= last.as_str());
        if let Some(next) = next {
            let why = format!("the posting of row {} follows on {}, within the period", next.row, span(next).0);
            let advice = "That of the first day is taken for all of it; if that is wrong, plan the two parts apart";
            let problem = Problem { level: Level::Warning, ..self.of(&row, ID, why, advice) };
            tell(log, Level::Warning, "postings that change within the period", problem);
        } else {
            self.ends(&mut row, &end, log);
        }
        row
    }

    /// Who has no posting on the first day: their last one is over, or their first is still to come.
    fn outside(&self, rows: &[Tidy], log: &mut Log) -> Option<Tidy> {
        let first = self.period.from.to_string();
        let over = rows.iter().rfind(|row| span(row).1 < first.as_str());
        let coming = rows.iter().find(|row| span(row).0 > first.as_str());
        if let Some(row) = coming {
            let mut row = row.clone();
            let from = span(&row).0.to_owned();
            log.note(
                &row.file,
                format!("{}: the posting begins on {from} (row {}), and authority with it", row.cells[ID], row.row),
            );
            if row.cells[AUTHORITY_FROM] < from {
                row.cells[AUTHORITY_FROM] = from;
            }
            return Some(row);
        }
        let mut row = over?.clone();
        let end = span(&row).1.to_owned();
        self.ends(&mut row, &end, log);
        Some(row)
    }

    fn ends(&self, row: &mut Tidy, end: &str, log: &mut Log) {
        let says =
            format!("{}: the last posting ends on {end} (row {}), and authority with it", row.cells[ID], row.row);
        log.note(&row.file, says);
        let known = &mut row.cells[AUTHORITY_TO];
        if known.is_empty() || known.as_str() > end {
            end.clone_into(known);
        }
    }
}

/// The first and the last day of a posting, as texts that sort as days do.
fn span(row: &Tidy) -> (&str, &str) {
    let (from, to) = (row.extra[0].as_str(), row.extra[1].as_str());
    (if from.is_empty() { ALWAYS.0 } else { from }, if to.is_empty() { ALWAYS.1 } else { to })
}
