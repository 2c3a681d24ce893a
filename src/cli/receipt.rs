//! `foureyes receipt`: what the ledger says of each inspector, one small file a person.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use serde_json::json;

use super::hand::{now, time};
use super::{End, Ended, Shell, Stop};
use crate::ceremony::{About, Access, CeremonyError, Office, is_file_name, receipts, utc};
use crate::record::Receipt as Shown;

/// What `receipt` is told.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("about").required(true).args(["inputs", "orders"]))]
pub struct Receipt {
    /// The folder of the ceremony
    #[arg(default_value = "schedules")]
    folder: PathBuf,
    /// What was entered about them in the last freeze
    #[arg(long)]
    inputs: bool,
    /// Where they go, by the last draw and the changes since
    #[arg(long)]
    orders: bool,
    /// An inspector; everybody whom it concerns unless given
    #[arg(long, value_name = "ID")]
    inspector: Vec<String>,
    /// The folder for the receipts, which are for their owners alone
    #[arg(long, value_name = "DIR", default_value = "receipts")]
    out: PathBuf,
    /// Take this to be the time, as in 2023-08-23T15:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time, requires = "orders")]
    now: Option<i64>,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Receipt {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let office = Office::view(&self.folder)?;
        let (about, kind) = match self.inputs {
            true => (About::Inputs, "inputs"),
            false => (About::Orders, "orders"),
        };
        let cosigned = office.last_cosigned()?;
        let (size, note) = cosigned.ok_or_else(|| {
            Stop::new("no checkpoint of this ledger is cosigned", "have an auditor cosign it first (`foureyes cosign`)")
        })?;
        let (mut written, mut days) = (Vec::new(), Vec::new());
        Access::Owner.make_folders(&self.out).map_err(CeremonyError::io(&self.out))?;
        for receipt in receipts(&office, about, &self.inspector, (size, &note))? {
            let path = self.out.join(format!("{}.{kind}.receipt", file_name(&receipt.inspector)));
            let put = office.disk().write_whole(&path, &receipt.bytes(), Access::Owner);
            put.map_err(CeremonyError::io(&path))?;
            days.extend(days_of(&receipt));
            written.push((receipt.inspector, path.display().to_string()));
        }
        let warnings: Vec<String> = self.told_too_early(shell, days)?.into_iter().collect();
        warnings.iter().for_each(|warning| shell.warn(warning));
        shell.say("Give each to its owner alone, who checks it with `foureyes verify` and the public files of planner and auditor.");
        match self.json {
            true => {
                let one = |(inspector, file): &(String, String)| json!({ "file": file, "inspector": inspector });
                let receipts: Vec<_> = written.iter().map(one).collect();
                shell.print_json(&json!({ "receipts": receipts, "warnings": warnings }));
            }
            false => written.iter().for_each(|(_, file)| shell.print_plain(&format!("{file}\n"))),
        }
        Ok(End::Sound)
    }
}

impl Receipt {
    /// A receipt of orders names places. One of a day that is to come tells them before anybody may know.
    fn told_too_early(&self, shell: &mut Shell, mut days: Vec<String>) -> Result<Option<String>, Stop> {
        if !self.orders || days.is_empty() {
            return Ok(None);
        }
        let today = utc(now(shell, self.now)?);
        let today = today.split('T').next().unwrap_or_default();
        days.retain(|day| day.as_str() >= today);
        days.sort_unstable();
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(None) };
        let when = if first == last { format!("on {first}") } else { format!("from {first} to {last}") };
        Ok(Some(format!(
            "these receipts tell where their owners go {when}, place and team: hand none out before the place may be told. `foureyes orders \
             --release` writes those of one day, and keeps the place back until then"
        )))
    }
}

/// The days of the visits that a receipt shows.
fn days_of(receipt: &Shown) -> impl Iterator<Item = String> {
    let lines = receipt.opened.iter().filter(|leaf| leaf.table == "schedule").flat_map(|leaf| leaf.text.lines());
    lines.filter_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(line.get("date")?.as_str()?.to_owned())
    })
}

/// An id as the name of a file: as it is where any system takes it, else in hex.
fn file_name(id: &str) -> String {
    match is_file_name(id) {
        true => id.to_owned(),
        false => format!("hex-{}", id.bytes().map(|byte| format!("{byte:02x}")).collect::<String>()),
    }
}
