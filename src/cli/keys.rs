//! `foureyes keys`: a party's keys, and the secret of one draw.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::{End, Ended, Shell, Stop};
use crate::ceremony::{self, Access, CeremonyError, Disk, KeysMade};
use crate::draw::to_hex;
use crate::record::ledger::Role;
use crate::record::spelled;

/// What `keys` is told.
#[derive(Debug, Args)]
pub struct Keys {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make NAME.secret (for its owner alone) and NAME.party (for the others)
    ///
    /// The key and the first link of the chain of secrets come from the operating system. Keys are never overwritten.
    New(New),
    /// Print the party's secret for one draw, after its beacon is known
    ///
    /// Whoever has it has those of all draws before. Before the beacon is known, nobody else should have it; afterwards the draw
    /// needs it.
    Nonce(Nonce),
}

#[derive(Debug, Args)]
struct New {
    /// The party's name, such as audit.example
    name: String,
    /// What the party does: planner, auditor or officer
    #[arg(long, value_name = "ROLE", hide_possible_values = true)]
    role: Word,
    /// For how many draws the chain of secrets is
    #[arg(long, value_name = "N", default_value_t = 1000)]
    links: u32,
    /// The folder for both files
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Nonce {
    /// The party's secrets: NAME.secret
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// The counter of the commitment that is drawn
    #[arg(long, value_name = "K")]
    counter: u64,
    /// Write it into a file that only its owner may read, and print nothing
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    out: Option<PathBuf>,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Word {
    Planner,
    Auditor,
    Officer,
}

impl From<Word> for Role {
    fn from(word: Word) -> Self {
        match word {
            Word::Planner => Self::Planner,
            Word::Auditor => Self::Auditor,
            Word::Officer => Self::Officer,
        }
    }
}

impl Keys {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        match &self.what {
            What::New(new) => new.run(shell),
            What::Nonce(nonce) => nonce.run(shell),
        }
    }
}

impl New {
    fn run(&self, shell: &mut Shell) -> Ended {
        let (keys, made) = ceremony::Keys::create(&Disk::new(), &self.out, &self.name, self.role.into(), self.links)?;
        let line = spelled(&keys.party());
        let (secret, party) = (keys.path().to_owned(), keys.path().with_extension("party"));
        let (secret, party_there) = (secret.display(), party.display());
        match made {
            KeysMade::AsBefore => {
                shell.say(&format!("{secret} and {party_there} were there already; nothing was written"))
            }
            KeysMade::Completed => {
                shell.say(&format!("{secret} was there, as an interrupted run leaves it; wrote {party_there}"))
            }
            KeysMade::New => {
                shell.say(&format!("Wrote {secret} (for you alone; keep a copy where nobody else can read it)"));
                shell.say(&format!("Wrote {party_there} (give it to whoever opens the ledger)"));
            }
        }
        match self.json {
            true => shell.print(&line),
            false => shell.print_plain(&format!("{}\n", party.display())),
        }
        Ok(End::Sound)
    }
}

impl Nonce {
    fn run(&self, shell: &mut Shell) -> Ended {
        let keys = ceremony::Keys::load(&self.keys)?;
        let (name, counter) = (keys.name().to_owned(), self.counter);
        let nonce = keys.nonce(counter).ok_or_else(|| beyond(&keys, counter))?;
        shell.say(&format!(
            "This is {name}'s secret for draw {counter}. Whoever has it has {name}'s secrets for every draw before too. Give it away \
             only for the draw itself: whoever has the secrets of all parties knows what is drawn as soon as the beacon is known."
        ));
        let nonce = to_hex(&nonce);
        if let Some(path) = &self.out {
            let written = Disk::new().write_whole(path, format!("{name}={nonce}\n").as_bytes(), Access::Owner);
            written.map_err(CeremonyError::io(path))?;
            return Ok(End::Sound);
        }
        match self.json {
            true => shell.print_json(&json!({ "counter": counter, "name": name, "nonce": nonce })),
            false => shell.print_plain(&format!("{name}={nonce}\n")),
        }
        Ok(End::Sound)
    }
}

fn beyond(keys: &ceremony::Keys, counter: u64) -> Stop {
    Stop::new(
        format!("the chain of `{}` has no secret for draw {counter}", keys.name()),
        format!(
            "its draws are numbered from 1 to {}; a chain that is used up is the end of its ledger, and `foureyes open --after` begins the next",
            keys.party().links
        ),
    )
}
