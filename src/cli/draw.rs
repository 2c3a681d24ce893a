//! `foureyes draw`: the one draw of the open commitment.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::hand::{nonce, settled, told};
use super::input::heads;
use super::plan::threads;
use super::progress::Filling;
use super::{End, Ended, Shell, Stop};
use crate::ceremony::{self, Came, Disk, Drawn, Keys, Office, Settled};
use crate::draw::Digest;
use crate::record::ledger::{BeaconLine, Body, Commit, Quicknet, Shown, ShownRound, Signed};
use crate::record::{Files, RESERVES, SCHEDULE, draw_folder, read_beacon, read_schedule, thaw};
use crate::report::{timetable, timetable_json};
use crate::urn::Options;

/// What `draw` is told.
#[derive(Debug, Args)]
pub struct Draw {
    /// The folder of the ceremony
    #[arg(default_value = "schedules")]
    folder: PathBuf,
    /// The planner's secrets: NAME.secret
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// The round, as drand's public/N or rounds/N answers (fetch it with any browser; this program opens no connection)
    #[arg(long, value_name = "FILE", required_unless_present = "dice", conflicts_with = "dice")]
    beacon: Option<PathBuf>,
    /// What the dice showed, as one person wrote it down; give it twice, from two people
    #[arg(long, value_name = "FILE")]
    dice: Vec<PathBuf>,
    /// Another party's secret for this draw: NAME=HEX, as `foureyes keys nonce` prints it, or @FILE where it stands in a file
    #[arg(long = "nonce", value_name = "NAME=HEX", value_parser = nonce)]
    nonces: Vec<(String, Digest)>,
    /// How many threads to use, if the urn must be built again
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Draw {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let keys = Keys::load(&self.keys)?;
        let mut office = Office::open(&self.folder, Disk::new())?;
        told(shell, &office);
        let made = ceremony::to_draw(&office)?;
        let (beacon, randomness) = self.shown(&made.commit)?;
        let nonces = ceremony::in_order(&office, &made.commit, &self.secrets(&keys, &made.commit))?;
        let came = Came { beacon, randomness, nonces };
        let options = Options { threads: threads(self.threads) };
        let mut filling = Filling::new(shell);
        let drawn = ceremony::draw(&mut office, &keys, &came, &options, &mut filling);
        filling.end();
        let (files, drawn) = drawn?;
        match drawn {
            Drawn::Already => shell.say("It was drawn already; nothing is drawn twice."),
            Drawn::Waits => {
                let what = format!("commitment {} is drawn", made.commit.counter);
                let waiting = office.proposal()?.map(|waiting| (waiting.draft.body, waiting.draft.signed));
                let warnings = cautions(shell, &office, &keys, waiting);
                return settled(shell, &office, Settled::Waits, &what, self.json.then_some(warnings.as_slice()));
            }
            Drawn::Now => {}
        }
        let line = office.entries().last().filter(|_| drawn == Drawn::Now);
        let line = line.map(|line| (line.body.clone(), line.signed.clone()));
        let warnings = cautions(shell, &office, &keys, line);
        self.show(shell, &office.path(&draw_folder(made.commit.counter)), &made.commit, (&files, &warnings))
    }

    /// Those given, and the planner's own.
    fn secrets(&self, keys: &Keys, commit: &Commit) -> Vec<(String, Digest)> {
        let own = keys.nonce(commit.counter).map(|nonce| (keys.name().to_owned(), nonce));
        self.nonces.iter().cloned().chain(own).collect()
    }

    /// What came, genuine, and its randomness.
    fn shown(&self, commit: &Commit) -> Result<(Shown, Digest), Stop> {
        match &self.beacon {
            Some(path) => round(path, commit),
            None => super::thrown::thrown(&self.dice, commit),
        }
    }

    fn show(&self, shell: &mut Shell, folder: &Path, commit: &Commit, (files, warnings): (&Files, &[String])) -> Ended {
        let broken = || Stop::new("the record that was drawn can't be read", "look at it with `foureyes verify`");
        let (case, _) = thaw(files).map_err(|_| broken())?;
        let schedule = read_schedule(files, &case).schedule;
        let heads = heads(files, &case, &schedule);
        let days = |date| commit.from <= date && date <= commit.to;
        let mut drawn = schedule.clone();
        drawn.assignments.retain(|_, to| days(to.date));
        shell.say(&format!(
            "Drawn in {}, for auditors; what the ledger says of it is public. Next: an auditor cosigns, everybody who goes gets \
             their order (foureyes receipt {} --orders)",
            folder.display(),
            self.folder.display()
        ));
        if self.json {
            let value = json!({
                "counter": commit.counter, "folder": folder.display().to_string(),
                "schedule": timetable_json(&case, &drawn, &heads), "files": [SCHEDULE, RESERVES], "warnings": warnings,
            });
            shell.print_json(&value);
        } else {
            shell.print_sections(&timetable(&case, &drawn, &heads));
        }
        Ok(End::Sound)
    }
}

/// What is to be known of dice that nobody but the signers saw; told, too.
fn cautions(shell: &mut Shell, office: &Office, keys: &Keys, line: Option<(Body, Vec<Signed>)>) -> Vec<String> {
    let dice = line.filter(|(body, _)| matches!(body, Body::Draw(_)));
    // Of a draw it does not matter what time it is.
    let warnings = dice.map(|(body, signed)| ceremony::cautions(office, &body, &signed, keys.name(), 0));
    let warnings = warnings.unwrap_or_default();
    warnings.iter().for_each(|warning| shell.warn(warning));
    warnings
}

/// The round in a file: the one that was committed to, and genuine.
fn round(path: &Path, commit: &Commit) -> Result<(Shown, Digest), Stop> {
    let shown = path.display();
    let bytes = std::fs::read(path)
        .map_err(|error| Stop::new(format!("`{shown}`: {error}"), "name the file in which the round was saved"))?;
    let wrong = |says: String| Stop::new(format!("`{shown}`: {says}"), "fetch the round again; nothing was drawn");
    let (round, randomness) = read_beacon(&bytes).map_err(|error| wrong(error.to_string()))?;
    match &commit.beacon {
        BeaconLine::Quicknet(Quicknet { round: committed, .. }) if *committed == round.round => {}
        BeaconLine::Quicknet(Quicknet { round: committed, .. }) => {
            return Err(Stop::new(
                format!("`{shown}` is round {}; the commitment waits for round {committed}", round.round),
                "wait for that round and take no other, however late it is",
            ));
        }
        BeaconLine::Dice(_) => {
            return Err(Stop::new(
                "the commitment waits for dice, not for a round",
                "give what they showed with --dice",
            ));
        }
    }
    let beacon = Shown::Quicknet(ShownRound { round: round.round, signature: round.signature });
    Ok((beacon, randomness))
}
