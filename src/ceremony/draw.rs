//! Drawing: the one draw of the open commitment, from a beacon that came after it and secrets that were fixed before.

use super::commit::fixed;
use super::past::{Past, record_in};
use super::stage::StageToDraw;
use super::{Access, CeremonyError, FrozenInputs, Keys, Office, Settled, utc};
use crate::draw::nonce::is_link;
use crate::draw::{Digest, ceremony_seed, to_hex};
use crate::model::{Span, Urn};
use crate::record::ledger::{Body, Commit, Draw, Ending, Made, Shown};
use crate::record::salted::Tree;
use crate::record::{Ceremony, Counts, Files, RECORD, SCHEDULE, draw_folder, merkle_root, read_record, urn_file};
use crate::urn::{Keeper, Options};
use crate::verify::verify;

/// What decides a draw, as it came.
pub struct Came {
    /// The beacon, genuine.
    pub beacon: Shown,
    /// Its randomness.
    pub randomness: Digest,
    /// Each party's secret, in the order of the commitment.
    pub nonces: Vec<(String, Digest)>,
}

/// Whether a draw is on the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// Now.
    Now,
    /// It was before.
    Already,
    /// It waits for a second signature.
    Waits,
}

impl Came {
    fn kind(&self) -> &'static str {
        match self.beacon {
            Shown::Quicknet(_) => "quicknet",
            Shown::Dice(_) => "dice",
        }
    }
}

/// The commitment to be drawn: the open one, or the last one where it was just drawn and is asked for again.
///
/// # Errors
/// Where there is none, or it was voided.
pub fn to_draw(office: &Office) -> Result<Made, CeremonyError> {
    let none = |says: &str| CeremonyError::refused(says, "commit first (`foureyes commit`)");
    let made = office.course().commitments.last().cloned().ok_or_else(|| none("nothing is committed to"))?;
    match made.ending {
        Ending::Open | Ending::Drawn(_) => Ok(made),
        Ending::Void(line) => Err(none(&format!("the last commitment was made void in line {line}"))),
        Ending::Dropped(line) => Err(none(&format!("the last commitment was dropped in line {line}"))),
    }
}

/// Holds that an auditor cosigned the commitment before its beacon could be known.
///
/// # Errors
/// Where nobody did, or too late: then the draw would prove nothing.
pub fn witnessed(office: &Office, made: &Made) -> Result<(), CeremonyError> {
    let hint = "make the commitment void, with the reason, and commit again to a beacon that is still to come";
    let known = made.commit.beacon.known_from().unwrap_or(i64::MAX);
    match office.witnessed(made.line)? {
        Some(time) if time < known => Ok(()),
        Some(time) => Err(CeremonyError::refused(
            format!("an auditor cosigned the commitment at {}, when its beacon was known already", utc(time)),
            hint,
        )),
        None => Err(CeremonyError::refused(
            "no auditor has cosigned the commitment",
            "have it cosigned while the beacon is still to come (`foureyes cosign`), and put the note back; if it is too late, make the \
             commitment void",
        )),
    }
}

/// Holds each secret to the anchor of its party, and puts them into the order of the commitment.
///
/// # Errors
/// Which one is missing, or not the one that its party fixed.
pub fn in_order(
    office: &Office,
    commit: &Commit,
    given: &[(String, Digest)],
) -> Result<Vec<(String, Digest)>, CeremonyError> {
    let counter = u32::try_from(commit.counter).unwrap_or(u32::MAX);
    let one = |name: &String| {
        let hint =
            format!("ask `{name}` for `foureyes keys nonce --counter {counter}`, and give it as --nonce {name}=HEX");
        let nonce = given.iter().find(|(of, _)| of == name).map(|(_, nonce)| *nonce);
        let nonce = nonce.ok_or_else(|| CeremonyError::refused(format!("the nonce of `{name}` is missing"), &hint))?;
        let party = office.course().party(name).filter(|party| is_link(name, &party.anchor, counter, &nonce));
        match party {
            Some(_) => Ok((name.clone(), nonce)),
            None => {
                let says =
                    format!("that is not the nonce of `{name}` for draw {counter}: it does not lead to their anchor");
                Err(CeremonyError::refused(says, hint))
            }
        }
    };
    commit.nonces.iter().map(one).collect()
}

/// Draws the open commitment from what `came`; gives the files of the record, and whether it is on the ledger. Whoever was stopped behind the record
/// finds it there, and goes on. A draw from dice is proposed first, and takes a second signature.
///
/// # Errors
/// Where the urn is not the one that was committed to, the record would not pass its own verification, another draw is there, or the
/// system refuses.
pub fn draw(
    office: &mut Office,
    keys: &Keys,
    came: &Came,
    options: &Options,
    keeper: &mut (dyn Keeper + Send),
) -> Result<(Files, Drawn), CeremonyError> {
    office.is_planner(keys)?;
    let made = to_draw(office)?;
    let Made { commit, line: number, hash, ending, .. } = made.clone();
    let line =
        office.entries().iter().find(|entry| entry.line == number).map(|entry| entry.bytes.clone()).unwrap_or_default();
    let nonces: Vec<(&str, Digest)> = came.nonces.iter().map(|(name, nonce)| (name.as_str(), *nonce)).collect();
    let seed = ceremony_seed(&line, came.kind(), &came.randomness, &nonces);
    let folder = office.path(&draw_folder(commit.counter));
    if let Ending::Drawn(_) = ending {
        office.seal(keys)?;
        return Ok((drawn_already(&folder, &seed)?, Drawn::Already));
    }
    witnessed(office, &made)?;
    let frozen = FrozenInputs::of(office, commit.freeze)?;
    let files = match folder.is_dir() {
        true => drawn_already(&folder, &seed)?,
        false => {
            let nonces = nonces.iter().map(|(_, nonce)| to_hex(nonce)).collect();
            let span = Span { from: commit.from, to: commit.to };
            let ceremony = Ceremony::new(commit.counter, to_hex(&hash), span, nonces);
            let files = record_of(office, (number, &commit), &frozen, &seed, ceremony, options, keeper)?;
            office.disk().create_folder_whole(&folder, &files, Access::Owner).map_err(CeremonyError::io(&folder))?;
            files
        }
    };
    let body = Body::Draw(stated(&commit, &frozen, came, &files));
    if body.needs_two() {
        if office.propose(keys, body, None)? == Settled::Waits {
            return Ok((files, Drawn::Waits));
        }
    } else {
        office.append(body, Vec::new())?;
        office.seal(keys)?;
    }
    let urn = office.path(&urn_file(commit.counter as usize));
    office.disk().remove(&urn).map_err(CeremonyError::io(&urn))?;
    Ok((files, Drawn::Now))
}

/// The record that lies in `folder`, if it was drawn with this seed: nothing is drawn twice.
fn drawn_already(folder: &std::path::Path, seed: &str) -> Result<Files, CeremonyError> {
    let files = record_in(folder)?;
    match read_record(&files).0.is_some_and(|record| record.seed == seed) {
        true => Ok(files),
        false => Err(CeremonyError::refused(
            format!("`{}` was drawn already, from another beacon or other secrets", folder.display()),
            "a draw is not repeated; what was drawn first stays",
        )),
    }
}

/// The record that `seed` draws, held to every claim that a verifier checks.
fn record_of(
    office: &Office,
    (line, commit): (u64, &Commit),
    frozen: &FrozenInputs,
    seed: &str,
    ceremony: Ceremony,
    options: &Options,
    keeper: &mut (dyn Keeper + Send),
) -> Result<Files, CeremonyError> {
    let past = Past::before(office, line)?;
    let stage = StageToDraw::new(&frozen.files, commit.counter, ceremony.span(), |case| fixed(&past, case))?;
    if frozen.fixed(commit.counter, &stage.fixed_lines()) != commit.fixed {
        return Err(CeremonyError::refused(
            "what is held has changed since the commitment",
            "make the commitment void, with the reason, and commit again",
        ));
    }
    let urn = urn(office, (commit, frozen), &stage, options, keeper)?;
    let (_, files) = stage.publish(urn, seed, ceremony);
    match verify(&files).findings.first() {
        None => Ok(files),
        Some(first) => Err(CeremonyError::refused(
            format!("the draw does not pass its own verification ({}: {}); nothing was drawn", first.name, first.says),
            "this is a fault of the program: please report it",
        )),
    }
}

/// The urn that was committed to: as it was kept, or built again.
fn urn(
    office: &Office,
    (commit, frozen): (&Commit, &FrozenInputs),
    stage: &StageToDraw,
    options: &Options,
    keeper: &mut (dyn Keeper + Send),
) -> Result<Urn, CeremonyError> {
    let name = urn_file(commit.counter as usize);
    let kept = std::fs::read(office.path(&name)).ok().and_then(|bytes| stage.read_urn(&name, &bytes));
    let is_it = |urn: &Urn| {
        let root = merkle_root(urn.tickets());
        match commit.urn_salted {
            Some(salted) => frozen.urn(commit.counter, &root) == salted,
            None => commit.urn == Some(root),
        }
    };
    if let Some(urn) = kept.filter(is_it) {
        return Ok(urn);
    }
    let urn = stage.urn(options, keeper);
    match is_it(&urn) {
        true => Ok(urn),
        false => Err(CeremonyError::refused(
            "the urn that this program builds is not the one that was committed to",
            "draw with the version of the program that committed; the ledger names its builder",
        )),
    }
}

fn stated(commit: &Commit, frozen: &FrozenInputs, came: &Came, files: &Files) -> Draw {
    let bytes = |name: &str| files.get(name).map(Vec::as_slice).unwrap_or_default();
    let tree = Tree::of_schedule(bytes(SCHEDULE), &frozen.master, &format!("draw/{}", commit.counter));
    let Counts { seats, staffed, .. } = read_record(files).0.map(|record| record.counts).unwrap_or_default();
    Draw {
        beacon: came.beacon.clone(),
        counter: commit.counter,
        leaves: tree.leaves().len() as u64,
        record: frozen.record(commit.counter, bytes(RECORD)),
        root: tree.root(),
        seats,
        staffed,
    }
}
