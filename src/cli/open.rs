//! `foureyes open`: a new ledger.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::hand::told;
use super::{End, Ended, Shell};
use crate::ceremony::{self, CeremonyError, Disk, Keys, Office, read_party};
use crate::draw::to_hex;

/// What `open` is told.
#[derive(Debug, Args)]
pub struct Open {
    /// The ceremony's folder, such as schedules
    #[arg(default_value = "schedules")]
    folder: PathBuf,
    /// Whose ledger it is: a name, such as labour.example/harbour
    #[arg(long, value_name = "NAME")]
    origin: String,
    /// The folder of a ledger that is at its end, since a key was lost or a chain of secrets is used up: the name of this one says
    /// after which lines of it it comes
    #[arg(long, value_name = "DIR")]
    after: Option<PathBuf>,
    /// The public file of each party: one planner, at least one auditor, and officers
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    party: Vec<PathBuf>,
    /// The planner's secrets: NAME.secret
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Open {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let keys = Keys::load(&self.keys)?;
        let parties: Result<Vec<_>, CeremonyError> = self.party.iter().map(|path| read_party(path)).collect();
        let origin = self.origin(shell)?;
        let office = ceremony::open(&self.folder, Disk::new(), &origin, parties?, &keys)?;
        told(shell, &office);
        let parties = office.course().parties();
        shell.say("Every party should hold that the key and the anchor of their own are in the first line.");
        if self.json {
            let name = |party: &crate::record::ledger::Party| json!({ "name": party.name, "role": party.role.word() });
            let parties: Vec<_> = parties.iter().map(name).collect();
            shell.print_json(&json!({ "origin": office.origin(), "parties": parties }));
        } else {
            let one = |party: &crate::record::ledger::Party| {
                format!(
                    "{:8} {}  key {}  anchor {}\n",
                    party.role.word(),
                    party.name,
                    to_hex(&party.key),
                    to_hex(&party.anchor)
                )
            };
            let lines: String = parties.iter().map(one).collect();
            shell.print_plain(&format!("the ledger of {} is open\n{lines}", office.origin()));
        }
        Ok(End::Sound)
    }

    fn origin(&self, shell: &mut Shell) -> Result<String, CeremonyError> {
        let Some(last) = &self.after else { return Ok(self.origin.clone()) };
        let next = ceremony::after(&Office::look(last, Disk::new())?, &self.origin)?;
        for warning in &next.warnings {
            shell.warn(warning);
        }
        Ok(next.origin)
    }
}
