//! What can be imported: the tables of a case, and the columns that only an office's exports have.

use super::super::policy::Says;
use super::super::table::{Column, Table, may};
use super::super::{absences, conflicts, establishments, history, inspectors, visits};
use super::titles::Mapping;

/// One table that an office's export can become.
pub(in crate::read) struct Kind {
    /// The table of the case.
    pub(in crate::read) table: &'static Table,
    /// Columns that an export may have beside ours, and that are made into them.
    pub(super) extra: &'static Table,
    /// What each of our columns holds, in their order.
    pub(super) shapes: &'static [Shape],
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    List,
    Date,
    YesNo,
    Gender,
    VisitKind,
    TargetKind,
    Category,
}

use Shape::{Category, Date, Gender, List, TargetKind, Text, VisitKind, YesNo};

/// The column that says whether a row counts: approved or refused, open or withdrawn.
pub(super) const STATUS_COLUMN: &str = "status";

const STATUS: Table = Table { name: "", columns: &[may(STATUS_COLUMN)] };

/// Everything that can be imported, in the order in which it is read: what others name comes first.
pub(in crate::read) static KINDS: [Kind; 6] = [
    Kind {
        table: &establishments::TABLE,
        extra: &STATUS,
        shapes: &[Text, Text, Text, Text, Text, Text, Text, List, Text, Text],
    },
    Kind {
        table: &inspectors::TABLE,
        extra: &Table { name: "", columns: &[may("posting_from"), may("posting_to"), may(STATUS_COLUMN)] },
        shapes: &[
            Text, Text, Text, Text, List, YesNo, Text, Gender, List, List, Date, Date, Date, Text, Text, Text, Text,
            Text,
        ],
    },
    Kind {
        table: &visits::TABLE,
        extra: &STATUS,
        shapes: &[Text, Text, Date, Date, VisitKind, Text, List, Text, Text, Text, Text, List],
    },
    Kind { table: &conflicts::TABLE, extra: &STATUS, shapes: &[Text, TargetKind, Text, Category, Date, Date, Date] },
    Kind {
        table: &absences::TABLE,
        extra: &Table { name: "", columns: &[may("leave"), may("days"), may(STATUS_COLUMN)] },
        shapes: &[Text, Date, Date, Text, List],
    },
    Kind { table: &history::TABLE, extra: &STATUS, shapes: &[Date, Text, List, Text, Text, Text] },
];

impl Kind {
    /// The kind that becomes the table called `name`.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.table.name == name)
    }

    /// All columns that a header can be mapped to.
    pub(in crate::read) fn columns(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.table.columns.iter().chain(self.extra.columns)
    }

    /// Where our column stands among the table's.
    pub(super) fn at(&self, name: &str) -> usize {
        self.table.columns.iter().position(|column| column.name == name).expect("only columns of the table are asked")
    }

    /// Whether these columns are enough to make rows of the table, and which are lacking.
    pub(super) fn lacks(&self, has: &dyn Fn(&str) -> bool, by_sheet: bool) -> Vec<&'static str> {
        let needed: &[&'static str] = match self.table.name {
            "inspectors" if !has("id") => &["name"],
            "establishments" if !has("id") => &["name"],
            "inspectors" | "establishments" => &["id"],
            "visits" => &["establishment"],
            "absences" if has("leave") => &["inspector"],
            "absences" if has("days") => &["inspector", "from"],
            "absences" => &["inspector", "from", "to"],
            "conflicts" if by_sheet => &["target_kind", "target"],
            "conflicts" => &["inspector", "target_kind", "target"],
            _ => &["date", "establishment", "inspectors"],
        };
        needed.iter().copied().filter(|name| !has(name)).collect()
    }
}

/// What the policy says of the import of one table.
#[derive(Clone, Default)]
pub(in crate::read) struct Wishes {
    pub(in crate::read) says: Says,
    /// By our column: the headers that exports use.
    pub(in crate::read) columns: Mapping,
    /// Whether these are all, since an earlier import said which headers are not read.
    pub(in crate::read) kept: bool,
    /// Rows that begin with one of these are not read.
    pub(in crate::read) skip: Vec<String>,
    /// Headers of columns in which a blank cell means what stands above it.
    pub(in crate::read) fill: Vec<String>,
    /// What separates several values in a cell, where it is not `|`.
    pub(in crate::read) separator: Option<String>,
    /// Words on a person's sheet that declare nothing.
    pub(in crate::read) nothing: Vec<String>,
    /// Words of a column of status with which a row counts.
    pub(in crate::read) counts: Vec<String>,
    /// Words of a column of status with which a row does not count.
    pub(in crate::read) drops: Vec<String>,
    /// How leave in words is read.
    pub(in crate::read) leave: WordsOfLeave,
    /// How leave in a calendar is read.
    pub(in crate::read) events: EventWishes,
    /// What the letters of a calendar of leave mean.
    pub(in crate::read) codes: CodesOfLeave,
}

/// What the policy says of leave in calendars (iCalendar).
#[derive(Clone, Default)]
pub(in crate::read) struct EventWishes {
    /// Where the name of the person stands.
    pub(in crate::read) person: Option<&'static str>,
    /// The zone of the office, for times in UTC.
    pub(in crate::read) zone: Option<String>,
    /// Which zones are meant by names that nobody knows, each as `NAME=ZONE`.
    pub(in crate::read) zones: Vec<String>,
    /// Whether events at which somebody is free are leave.
    pub(in crate::read) free: Option<bool>,
    /// Whether events are leave that are cancelled by their title alone.
    pub(in crate::read) cancelled: Option<bool>,
    /// Whether events are leave that everybody declined.
    pub(in crate::read) declined: Option<bool>,
    /// Whether the end of a whole-day event is its last day.
    pub(in crate::read) end_included: Option<bool>,
}

/// What the policy says of the letters in a calendar of leave.
#[derive(Clone, Default)]
pub(in crate::read) struct CodesOfLeave {
    pub(in crate::read) away: Vec<String>,
    /// Half a day, which counts as a whole one.
    pub(in crate::read) half: Vec<String>,
    pub(in crate::read) present: Vec<String>,
}

/// What the policy says of leave in words.
#[derive(Clone, Default)]
pub(in crate::read) struct WordsOfLeave {
    /// Whether a year that is left out is the period's.
    pub(in crate::read) year_of_period: bool,
    /// In which month a year begins that two years name, such as `2026/27`.
    pub(in crate::read) year_begins: Option<u32>,
    /// Further words that mean nothing.
    pub(in crate::read) words: Vec<String>,
    /// What a number of days counts.
    pub(in crate::read) days_are: Option<DaysAre>,
    /// Headers of columns that say which part of a day is meant, and that are not read: a day is absent whole.
    pub(in crate::read) whole_days: Vec<String>,
}

/// What the days of a number of days are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum DaysAre {
    /// Those of the policy's weekdays.
    Working,
    /// All.
    Calendar,
}
