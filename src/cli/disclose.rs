//! `foureyes disclose`: the secrets of a draw, for everybody.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::hand::{nonce, told};
use super::{End, Ended, Shell};
use crate::ceremony::{self, Disk, Keys, Office};
use crate::draw::Digest;

/// What `disclose` is told.
#[derive(Debug, Args)]
pub struct Disclose {
    /// The ceremony's folder
    #[arg(default_value = "schedules")]
    folder: PathBuf,
    /// The counter of the commitment, which was drawn or is void
    #[arg(long, value_name = "K")]
    counter: u64,
    /// A party's secret for it, as `foureyes keys nonce` prints it; the planner's own comes from the keys
    #[arg(long, value_name = "NAME=HEX", value_parser = nonce)]
    nonce: Vec<(String, Digest)>,
    /// The planner's secrets: NAME.secret
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Disclose {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let keys = Keys::load(&self.keys)?;
        let mut office = Office::open(&self.folder, Disk::new())?;
        told(shell, &office);
        let given: BTreeMap<_, _> = self.nonce.iter().cloned().collect();
        let line = ceremony::disclose(&mut office, &keys, self.counter, &given)?;
        shell.say(&format!(
            "Whoever has these secrets has those of the same parties for draws 1 to {} too.",
            self.counter
        ));
        match self.json {
            true => shell.print_json(&json!({ "counter": self.counter, "line": line })),
            false => {
                let counter = self.counter;
                shell.print_plain(&format!(
                    "the secrets of draw {counter} are disclosed, in line {line} of the ledger\n"
                ));
            }
        }
        Ok(End::Sound)
    }
}
