//! `foureyes receipt`: what the ledger says of each inspector, one small file a person.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use serde_json::json;

use super::{End, Ended, Shell, Stop};
use crate::ceremony::{About, Access, CeremonyError, Office, is_file_name, receipts};

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
        let mut written = Vec::new();
        for receipt in receipts(&office, about, &self.inspector, (size, &note))? {
            let path = self.out.join(format!("{}.{kind}.receipt", file_name(&receipt.inspector)));
            let put = office.disk().write_whole(&path, &receipt.bytes(), Access::Owner);
            put.map_err(CeremonyError::io(&path))?;
            written.push((receipt.inspector, path.display().to_string()));
        }
        shell.say("Give each to its owner alone, who checks it with `foureyes verify` and the public files of planner and auditor.");
        match self.json {
            true => {
                let one = |(inspector, file): &(String, String)| json!({ "file": file, "inspector": inspector });
                shell.print_json(&json!({ "receipts": written.iter().map(one).collect::<Vec<_>>() }));
            }
            false => written.iter().for_each(|(_, file)| shell.print_plain(&format!("{file}\n"))),
        }
        Ok(End::Sound)
    }
}

/// An id as the name of a file: as it is where any system takes it, else in hex.
fn file_name(id: &str) -> String {
    match is_file_name(id) {
        true => id.to_owned(),
        false => format!("hex-{}", id.bytes().map(|byte| format!("{byte:02x}")).collect::<String>()),
    }
}
