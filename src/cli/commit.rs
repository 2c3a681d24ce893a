//! `foureyes commit`: build the urn of the next draw, and put on the ledger what will decide it.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use chrono::{NaiveDate, NaiveTime};
use clap::{ArgGroup, Args};
use serde_json::json;

use super::hand::{day, hour, time, told};
use super::kept::Kept;
use super::plan::threads;
use super::{End, Ended, Shell, Stop};
use crate::ceremony::{self, Disk, FrozenInputs, Keys, Office, ToCommit, utc};
use crate::draw::beacon::{CHAIN, round_at, time_of};
use crate::draw::dice;
use crate::draw::{to_hex, urn_seed};
use crate::model::Span;
use crate::record::ledger::{BeaconLine, Commit as Committed, Dice, Made, Quicknet};
use crate::record::{digest_of_inputs, urn_file};
use crate::urn::Options;

/// What `commit` is told.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("beacon").required(true).args(["round", "after", "dice"]))]
pub struct Commit {
    /// The folder of the ceremony
    #[arg(default_value = "schedules")]
    folder: PathBuf,
    /// The planner's secrets: NAME.secret
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// The round of drand quicknet that decides
    #[arg(long, value_name = "N")]
    round: Option<u64>,
    /// Take the first round at or after this time, such as 2027-01-03T18:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    after: Option<i64>,
    /// Dice with so many faces decide, thrown on --date at --place
    #[arg(long, value_name = "FACES", requires_all = ["date", "place"])]
    dice: Option<u8>,
    /// The day on which dice are thrown: those of --dice, or those that decide if the round does not come
    #[arg(long, value_name = "DATE", value_parser = day, requires = "place")]
    date: Option<NaiveDate>,
    /// The hour at which they are thrown, in UTC, such as 09:30: an auditor's signature counts only before it
    #[arg(long, value_name = "HH:MM", value_parser = hour, requires = "date")]
    at: Option<NaiveTime>,
    /// Where they are thrown, so that anybody may come
    #[arg(long, value_name = "TEXT", requires = "date")]
    place: Option<String>,
    /// Faces of the dice that decide if the round does not come
    #[arg(long, value_name = "FACES", requires_all = ["date", "place"], conflicts_with = "dice")]
    fallback: Option<u8>,
    /// The first day to draw; the next stage of the policy unless given
    #[arg(long, value_name = "DATE", value_parser = day, requires = "to")]
    from: Option<NaiveDate>,
    /// The last day to draw
    #[arg(long, value_name = "DATE", value_parser = day, requires = "from")]
    to: Option<NaiveDate>,
    /// A party whose secret takes part; the planner and every officer unless given
    #[arg(long, value_name = "NAME")]
    nonce_of: Vec<String>,
    /// How many threads to use; they change the time, never the urn
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Commit {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let (keys, asked) = (Keys::load(&self.keys)?, self.asked()?);
        let mut office = Office::open(&self.folder, Disk::new())?;
        told(shell, &office);
        let counter = office.course().commitments.len() as u64 + 1;
        let mut kept = self.kept(&office, counter, shell)?;
        shell.say("Building the urn");
        let options = Options { threads: threads(self.threads) };
        let (made, new) = ceremony::commit(&mut office, &keys, &asked, &options, &mut kept)?;
        kept.end();
        kept.forget();
        if !new {
            shell.say("It was committed to already.");
        }
        self.show(shell, &made);
        Ok(End::Sound)
    }

    fn asked(&self) -> Result<ToCommit, Stop> {
        let dice = |faces: u8| {
            let needed = dice::Dice::with_faces(faces).map(dice::Dice::throws_needed).ok_or_else(|| {
                Stop::new(format!("dice have 2 to 100 faces, not {faces}"), "take 6, 10 or 20, as they can be bought")
            })?;
            let (date, place) = self
                .date
                .zip(self.place.clone())
                .ok_or_else(|| Stop::new("when and where are the dice thrown?", "say it with --date and --place"))?;
            let time = Some(self.at.ok_or_else(timeless)?);
            Ok::<_, Stop>(Dice { date, faces: u64::from(faces), place, throws: needed as u64, time })
        };
        let round = self.round.or_else(|| self.after.map(round_at));
        let beacon = match (round, self.dice) {
            (Some(round), _) => BeaconLine::Quicknet(Quicknet { chain: CHAIN, round }),
            (None, faces) => BeaconLine::Dice(dice(faces.unwrap_or_default())?),
        };
        let span = self.from.zip(self.to).map(|(from, to)| Span { from, to });
        let mut nonces = self.nonce_of.clone();
        nonces.sort_unstable();
        Ok(ToCommit {
            span,
            beacon,
            fallback: self.fallback.map(dice).transpose()?,
            nonces: (!nonces.is_empty()).then_some(nonces),
        })
    }

    /// What an interrupted run has built of the urn.
    fn kept(&self, office: &Office, counter: u64, shell: &Shell) -> Result<Kept, Stop> {
        let freeze = office.course().freezes.last().map_or(0, |(_, freeze)| freeze.number);
        let inputs = match freeze {
            0 => [0; 32],
            number => digest_of_inputs(&FrozenInputs::of(office, number)?.files),
        };
        let seed = format!("{} {:?} {:?} {}", urn_seed(counter), self.from, self.to, office.entries().len());
        Ok(Kept::new(&office.path(&urn_file(counter as usize)), &inputs, &seed, shell))
    }

    fn show(&self, shell: &mut Shell, made: &Made) {
        let commit = &made.commit;
        let folder = self.folder.display();
        shell.say(&format!(
            "Next: an auditor cosigns before the beacon exists (foureyes cosign {folder}); once it does, foureyes draw {folder}"
        ));
        let Committed { counter, from, to, tickets, worst, bound, urn, urn_salted, nonces, .. } = commit;
        let warnings = ceremony::cautions_of_commitment(made);
        warnings.iter().for_each(|warning| shell.warn(warning));
        if self.json {
            let value = serde_json::to_value(commit).unwrap_or_default();
            return shell.print_json(&json!({ "commitment": value, "warnings": warnings }));
        }
        let bound = bound.map(|bound| format!("; no lottery below {bound}")).unwrap_or_default();
        shell.print_plain(&format!(
            "commitment {counter}: {from} to {to}, {tickets} tickets, salted root {}\n\
             worst odds {worst} of {tickets}{bound}\n\
             decided by {}, with the secrets of {}\n",
            urn_salted.or(*urn).map(|urn| to_hex(&urn)).unwrap_or_default(),
            decides(&commit.beacon),
            nonces.join(" and "),
        ));
    }
}

/// Whoever throws first and has it cosigned afterwards would choose; so a throw has an hour, and not only a day.
fn timeless() -> Stop {
    Stop::new(
        "at what hour are the dice thrown?",
        "say it with --at, in UTC, such as --at 09:30; an auditor must cosign the commitment before it",
    )
}

/// What decides, in words.
fn decides(beacon: &BeaconLine) -> String {
    match beacon {
        BeaconLine::Quicknet(Quicknet { round, .. }) => {
            let when = time_of(*round).map(utc).unwrap_or_else(|| "a time beyond the calendar".to_owned());
            format!("round {round} of drand quicknet, at {when}")
        }
        BeaconLine::Dice(dice) => {
            let Dice { faces, place, throws, .. } = dice;
            format!("{throws} throws of a die with {faces} faces on {}, {place}", dice.when())
        }
    }
}
