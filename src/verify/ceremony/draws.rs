//! What is told of each draw of a ceremony: how easily it is guessed, beside its bound; how many outcomes there were; which rules were off.
//! A draw can keep to its commitment and still be worth little.

use std::fmt;

use serde::Serialize;

use super::super::verdict::plain;
use crate::record::ledger::{Draw, Made};
use crate::record::{Files, read_stages};
use crate::verify::{Notice, Verdict};

/// One draw. Fields in order of name; what its record alone says is absent where it was not handed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrawSeen {
    /// No lottery is below so many tickets, as the commitment says; absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<u64>,
    /// Its number.
    pub counter: u64,
    /// The line of the ledger.
    pub line: u64,
    /// How many outcomes of the draw differ, of all tickets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<u32>,
    /// Whether the builder gave its files anew.
    pub replayed: bool,
    /// Rules that its policy turned off although they are on by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules_off: Option<Vec<&'static str>>,
    /// What its policy says of rules beside their defaults.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<Vec<String>>,
    /// Tickets of its urn.
    pub tickets: u64,
    /// Its waivers, a sentence each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waivers: Option<Vec<String>>,
    /// Somebody goes on some visit in so many tickets, and nobody in more, as the commitment says.
    pub worst: u64,
}

impl DrawSeen {
    /// A draw in a line of the ledger, as its commitment and, where it is there, its record say it.
    pub(super) fn of((line, _, made): &(u64, &Draw, &Made), record: Option<(&Files, &Verdict)>) -> Self {
        let commit = &made.commit;
        let tally = record.and_then(|(_, verdict)| verdict.tally.as_ref());
        let stage = record.and_then(|(files, _)| read_stages(files).0.into_iter().next());
        Self {
            bound: commit.bound,
            counter: commit.counter,
            line: *line,
            outcomes: stage.map(|(_, stage)| stage.outcomes),
            replayed: false,
            rules_off: tally.map(|tally| tally.rules_off.clone()),
            settings: tally.map(|tally| tally.settings.clone()),
            tickets: commit.tickets,
            waivers: tally.map(|tally| tally.waivers.clone()),
            worst: commit.worst,
        }
    }

    /// Rules that are off, as a notice: they bend a draw as much as a waiver does.
    pub(super) fn off(&self) -> Option<Notice> {
        let off = self.rules_off.as_ref().filter(|off| !off.is_empty())?;
        let says = format!("draw {} was made without rules that are on by default: {}", self.counter, off.join(", "));
        Some(Notice::new("rules-off", Some(self.line), says))
    }
}

impl fmt::Display for DrawSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bound, counter, line, outcomes, replayed, settings, tickets, waivers, worst, .. } = self;
        write!(f, "draw {counter:<3} line {line}: worst odds {worst} of {tickets}")?;
        match bound {
            Some(bound) => write!(f, ", no lottery below {bound}")?,
            None => f.write_str(", no bound stated")?,
        }
        match outcomes {
            Some(outcomes) => write!(f, "; {outcomes} outcomes")?,
            None => f.write_str("; its record was not handed on")?,
        }
        writeln!(f, "; {}", if *replayed { "replayed" } else { "not replayed" })?;
        for setting in settings.iter().flatten() {
            writeln!(f, "         SETTING  {}", plain(setting))?;
        }
        for waiver in waivers.iter().flatten() {
            writeln!(f, "         WAIVER   {}", plain(waiver))?;
        }
        Ok(())
    }
}
