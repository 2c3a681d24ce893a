//! What the commands that change something share: the table of visits and people, and what is said of a change.

use std::path::Path;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::hand::settled;
use super::{Ended, Shell, Stop};
use crate::ceremony::{Changed, Office, Settled, change_in_words};
use crate::read::{TeamRow, read_teams};
use crate::record::changes::{Change, What};

/// The rows of a table of visits and who goes on them.
pub(super) fn rows(file: &Path) -> Result<Vec<TeamRow>, Stop> {
    let bytes = crate::ceremony::read_file(file, 64 << 20)?;
    read_teams(&bytes).map_err(|problems| {
        let says: Vec<String> = problems.iter().take(20).map(ToString::to_string).collect();
        Stop::new(format!("`{}` can't be used:\n{}", file.display(), says.join("\n")), "correct the table")
    })
}

/// The date of a row, as in 2027-01-04.
pub(super) fn row_date(row: &TeamRow) -> Result<Option<NaiveDate>, Stop> {
    let date = |text: &String| text.parse().ok().filter(|_| text.len() == 10);
    match &row.date {
        None => Ok(None),
        Some(text) => date(text).map(Some).ok_or_else(|| {
            Stop::new(format!("row {}: `{text}` is no date like 2027-01-04", row.row), "write the date so")
        }),
    }
}

/// Says what a change does, and whether it is on the ledger.
pub(super) fn shown(shell: &mut Shell, office: &Office, done: &Changed, as_json: bool) -> Ended {
    let (kind, what) = match &done.change.what {
        What::Amend(_) => ("amend", format!("amendment {}", done.number)),
        What::Override { .. } => ("override", format!("override {}", done.number)),
        What::Executed { date, .. } => ("executed", format!("what was executed on {date}")),
    };
    if as_json {
        let (line, state) = match done.settled {
            Settled::Landed(line) => (Some(line), "done"),
            Settled::Waits => (None, "proposed"),
        };
        shell.print_json(&json!({
            "kind": kind, "line": line, "number": done.number, "says": change_in_words(&done.change), "state": state,
            "change": as_value(&done.change),
        }));
        return Ok(super::End::findings(done.settled == Settled::Waits));
    }
    for line in change_in_words(&done.change) {
        shell.print_plain(&format!("{line}\n"));
    }
    settled(shell, office, done.settled, &format!("{what} stands"), None)
}

/// A change as its file has it, but for the salt: that is for whoever may open it.
fn as_value(change: &Change) -> Value {
    let text = crate::record::changes::change_line(change);
    let mut value: Value = serde_json::from_slice(&text).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("salt");
    }
    value
}
