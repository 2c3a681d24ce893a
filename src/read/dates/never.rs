//! Dates that are no days: what programs write for "no end" and for "nothing".
//!
//! SAP writes `31.12.9999` and `00.00.0000`, MySQL `0000-00-00`, .NET `01.01.0001`, SQL Server `1753-01-01` and
//! `1900-01-01`, Oracle HR `4712-12-31`, spreadsheets `1899-12-30`.

use chrono::NaiveDate;

use super::super::header::Header;

/// The last day of what has no end: the last that a case can hold.
pub(in crate::read) const NO_END: NaiveDate = NaiveDate::from_ymd_opt(2200, 12, 31).expect("the calendar has that day");

/// What a date that is no day stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Never {
    /// There is no end.
    NoEnd,
    /// Nothing is stated.
    Nothing,
}

/// Where a column stands in a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Begin,
    End,
    Day,
}

/// What is written in the place of such a date, or why that can't be and what to do.
pub(super) type Instead = Result<Option<NaiveDate>, (&'static str, &'static str)>;

impl Never {
    /// What a year, and a month and a day in either order, stand for; none where they are a day.
    pub(super) fn of(year: u32, a: u32, b: u32) -> Option<Self> {
        let pair = (a.min(b), a.max(b));
        let century = year > 2200 && !(2440..=2700).contains(&year);
        match (year, pair) {
            (9999, _) | (4712, (12, 31)) => Some(Self::NoEnd),
            (_, (12, 31)) if century && matches!(year % 100, 0 | 99) => Some(Self::NoEnd),
            (_, (1, 1)) if century && year.is_multiple_of(100) => Some(Self::NoEnd),
            (0, (0 | 1, 0 | 1)) | (1 | 1753, (1, 1)) | (1899, (12, 30 | 31)) | (1900, (0 | 1, 1) | (0, 0)) => {
                Some(Self::Nothing)
            }
            _ => None,
        }
    }

    /// What it means in a column.
    pub(super) fn instead(self, header: &Header, column: usize) -> Instead {
        let absence = header.says().table == "absences";
        match (self, role(header.name(column)), header.needs(column)) {
            (Self::NoEnd, Role::End, _) => Ok(absence.then_some(NO_END)),
            (Self::NoEnd, ..) => Err((
                "this date means that there is no end, and the column is no end",
                "Write the day; if the columns of the first and the last day are exchanged, map them the other way round",
            )),
            (Self::Nothing, _, false) => Ok(None),
            (Self::Nothing, Role::End, true) => Err((
                "this is what programs write where no date is known, and the last day must be known",
                "Write the last day; if there is none, write 9999-12-31",
            )),
            (Self::Nothing, _, true) => Err((
                "this is what programs write where no date is known, and the day must be known",
                "Write the day, or delete the row",
            )),
        }
    }

    /// What it means, in words.
    pub(super) fn tell(self) -> &'static str {
        match self {
            Self::NoEnd => "no end",
            Self::Nothing => "a blank",
        }
    }
}

/// Where our column stands in a span of time.
pub(super) fn role(name: &str) -> Role {
    match name {
        "to" | "authority_to" | "left_on" | "posting_to" | "latest" => Role::End,
        "from" | "authority_from" | "posting_from" | "earliest" => Role::Begin,
        _ => Role::Day,
    }
}

/// The column that begins what this one ends.
pub(super) fn begins(name: &str) -> Option<&'static str> {
    match name {
        "to" => Some("from"),
        "authority_to" => Some("authority_from"),
        "posting_to" => Some("posting_from"),
        "latest" => Some("earliest"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_write_for_no_day_is_known() {
        for (year, a, b) in [(9999, 12, 31), (9999, 31, 12), (2999, 12, 31), (4712, 31, 12), (3000, 1, 1)] {
            assert_eq!(Never::of(year, a, b), Some(Never::NoEnd), "{year}");
        }
        for (year, a, b) in [(0, 0, 0), (1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 31, 12), (1900, 1, 0)] {
            assert_eq!(Never::of(year, a, b), Some(Never::Nothing), "{year}");
        }
        for (year, a, b) in [(2027, 12, 31), (2099, 12, 31), (1999, 12, 31), (2570, 12, 31), (2926, 12, 31)] {
            assert_eq!(Never::of(year, a, b), None, "{year}");
        }
    }
}
