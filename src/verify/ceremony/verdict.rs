//! What a verifier says of a ceremony. Overrides and voids come first, before any claim: they are lawful, and what a reader must
//! know.

use std::fmt;

use base64ct::{Base64, Encoding};
use serde::Serialize;

use super::super::verdict::{SHOWN_MAX, json, plain};
use super::checkpoints::Witness;
use super::commitments::{is_before, utc};
use super::frozen::Masters;
use super::reader::some_of;
use super::{
    Checked, Claim, DrawSeen, Evidence, Finding, Lacking, PartySeen, Reader, beside, elsewhere, in_folder, notices,
};
use crate::record::draw_folder;
use crate::record::ledger::{BeaconLine, Body, Ending, Entry};
use crate::verify::notices::in_order;
use crate::verify::{Notice, State};

/// Who can replay a draw that was not.
const OF_REPLAY: &str = "kept by the planner, for auditors; a draw by another builder takes the program that made it";

/// What is said of files that no line names.
const UNNAMED: &str = "no line of the ledger names this; an act was stopped on its way, or its line is gone";

/// Something that two hands did past the draw: shown before all else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loud {
    /// `override` or `void`.
    pub kind: &'static str,
    /// The line of the ledger.
    pub line: u64,
    /// Why, as they wrote it.
    pub reason: String,
    /// What was done.
    pub says: String,
    /// Who signed it, as far as their signatures are genuine.
    pub signed: Vec<String>,
}

/// An auditor's genuine word that they saw a line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenBy {
    /// The line.
    pub line: u64,
    /// The auditor.
    pub name: String,
    /// When, in seconds since 1970.
    pub time: i64,
}

/// An auditor's genuine word that they saw so many lines, at a time. Fields in order of name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cosignature {
    /// How many lines.
    pub lines: u64,
    /// The auditor.
    pub name: String,
    /// When, in seconds since 1970.
    pub time: i64,
}

impl Cosignature {
    /// When, as people write it.
    ///
    /// ```
    /// let seen = foureyes::verify::Cosignature { lines: 3, name: "audit".to_owned(), time: 1_692_802_800 };
    /// assert_eq!(seen.when(), "2023-08-23T15:00:00Z");
    /// ```
    pub fn when(&self) -> String {
        utc(self.time)
    }
}

/// What auditors read to one another: whoever has another root of as many lines has another ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// How many lines there are.
    pub lines: u64,
    /// The Merkle tree hash over them, in base64, as in a checkpoint.
    pub root: String,
}

impl Head {
    fn of(evidence: &Evidence) -> Self {
        let root = Base64::encode_string(&evidence.checkpoints.root);
        Self { lines: evidence.entries.len() as u64, root }
    }

    /// The line to be read aloud.
    pub(crate) fn says(&self) -> String {
        let first: String = self.root.chars().take(FIRST_LETTERS).collect();
        format!("{}, root {first}; every auditor must have the same", count(self.lines, "line"))
    }
}

/// Letters of a root that are read aloud: 72 bits.
const FIRST_LETTERS: usize = 12;

/// What a ledger has, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CeremonyTally {
    /// Amendments.
    pub amendments: u64,
    /// Commitments.
    pub commitments: u64,
    /// Commitments that were drawn.
    pub drawn: u64,
    /// Commitments that another followed without a draw or a void.
    pub dropped: u64,
    /// Days of which it is stated who went.
    pub executed: u64,
    /// Freezes.
    pub freezes: u64,
    /// Lines.
    pub lines: u64,
    /// Commitments that are still to be drawn: one or none.
    pub open: u64,
    /// Overrides.
    pub overrides: u64,
    /// Commitments that were made void.
    pub void: u64,
}

impl CeremonyTally {
    fn of(evidence: &Evidence) -> Self {
        let kind = |word| evidence.entries.iter().filter(|entry| entry.body.kind() == word).count() as u64;
        let ended =
            |is: fn(&Ending) -> bool| evidence.course.commitments.iter().filter(|made| is(&made.ending)).count() as u64;
        Self {
            amendments: kind("amend"),
            commitments: kind("commit"),
            drawn: ended(|ending| matches!(ending, Ending::Drawn(_))),
            dropped: ended(|ending| matches!(ending, Ending::Dropped(_))),
            executed: kind("executed"),
            freezes: kind("freeze"),
            lines: evidence.entries.len() as u64,
            open: ended(|ending| matches!(ending, Ending::Open)),
            overrides: kind("override"),
            void: ended(|ending| matches!(ending, Ending::Void(_))),
        }
    }
}

/// What a verifier says of a ceremony.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CeremonyVerdict {
    /// Overrides, voids, and draws by dice that were only to decide if a round did not come; in order.
    pub loud: Vec<Loud>,
    /// What no claim can say and a reader must know, in the order of [`NOTICES`](crate::verify::NOTICES).
    pub notices: Vec<Notice>,
    /// Whose ledger it is, where it could be read.
    pub origin: Option<String>,
    /// Of each line that an auditor cosigned, the earliest word of it, in order. What the claims say rests on these.
    pub seen: Vec<SeenBy>,
    /// Every cosignature that counts, by lines, then name, then time.
    pub cosignatures: Vec<Cosignature>,
    /// Those who take part.
    pub parties: Vec<PartySeen>,
    /// What auditors read to one another.
    pub head: Head,
    /// What is told of each draw, in order of the ledger.
    pub draws: Vec<DrawSeen>,
    /// What it has.
    pub tally: CeremonyTally,
    /// As whom it was seen.
    pub seen_as: Reader,
    /// Folders and files of inputs, draws and changes that no line of the ledger names, in order.
    pub beside: Vec<String>,
    /// Each claim with its state.
    pub claims: Vec<(Claim, State)>,
    /// Everything that is wrong, by claim.
    pub findings: Vec<Finding>,
    /// For each claim that is not given, what it takes to check it.
    pub lacking: Vec<Lacking>,
}

impl CeremonyVerdict {
    pub(super) fn new(evidence: &Evidence, masters: &Masters) -> Self {
        Self {
            loud: evidence.entries.iter().filter_map(|entry| loud(evidence, entry)).collect(),
            notices: notices::of(evidence, masters),
            origin: evidence.course.opened.as_ref().map(|open| open.origin.clone()),
            seen: evidence.entries.iter().filter_map(|entry| seen(evidence, entry.line)).collect(),
            cosignatures: evidence.checkpoints.all().iter().map(cosignature).collect(),
            parties: elsewhere::parties(evidence),
            head: Head::of(evidence),
            draws: Vec::new(),
            tally: CeremonyTally::of(evidence),
            seen_as: Reader::of(evidence),
            beside: beside::of(evidence),
            claims: Vec::new(),
            findings: Vec::new(),
            lacking: Vec::new(),
        }
    }

    /// Adds what came of checking a claim.
    pub(super) fn add(&mut self, claim: Claim, checked: Checked) {
        let (state, found) = match checked {
            Checked::Unchecked => (State::Unchecked, Vec::new()),
            Checked::NotGiven => (State::NotGiven, Vec::new()),
            Checked::Whole(found) if found.is_empty() => (State::Sound, found),
            Checked::Partly(found) if found.is_empty() => (State::NotGiven, found),
            Checked::Whole(found) | Checked::Partly(found) => (State::Broken, found),
        };
        self.claims.push((claim, state));
        self.findings.extend(found.into_iter().map(|finding| Finding { claim: claim.name, ..finding }));
    }

    /// Adds a claim that is only made where something was given to hold it against.
    pub(super) fn add_if_given(&mut self, claim: Claim, checked: Option<Checked>) {
        if let Some(checked) = checked {
            self.add(claim, checked);
        }
    }

    /// Takes what is told of each draw.
    pub(super) fn add_draws(&mut self, draws: Vec<DrawSeen>) {
        self.notices.extend(draws.iter().filter_map(DrawSeen::off));
        self.notices = in_order(std::mem::take(&mut self.notices));
        self.draws = draws;
    }

    /// Adds what came of building draws anew, by counter; none of a draw that could not be. Only somebody who knows the builder can.
    pub fn add_replays(&mut self, claim: Claim, replays: Vec<(u64, Option<Vec<Finding>>)>) {
        let (mut found, mut gone) = (Vec::new(), Vec::new());
        for (counter, replay) in replays {
            match replay {
                Some(wrong) => {
                    self.draws.iter_mut().filter(|draw| draw.counter == counter).for_each(|draw| draw.replayed = true);
                    found.extend(wrong.into_iter().map(|wrong| in_folder(wrong, &draw_folder(counter))));
                }
                None => gone.push(draw_folder(counter)),
            }
        }
        let whole = gone.is_empty();
        self.add(claim, if whole { Checked::Whole(found) } else { Checked::Partly(found) });
        if !whole {
            self.lacking.push(Lacking { claim: claim.name, files: gone, who: OF_REPLAY });
        }
    }

    /// Whether the builder gave every draw anew.
    fn was_replayed(&self) -> bool {
        self.draws.iter().all(|draw| draw.replayed)
    }

    /// Whether every claim that could be checked holds, and none was kept from being checked by what is broken.
    pub fn is_sound(&self) -> bool {
        self.claims.iter().all(|(_, state)| matches!(state, State::Sound | State::NotGiven))
    }

    /// The verdict for machines: one line of JSON, keys in order.
    pub fn json(&self) -> String {
        let verdict = Json {
            beside: &self.beside,
            claims: self.claims.iter().map(|(claim, state)| json::Claim { claim: claim.name, state: *state }).collect(),
            cosignatures: &self.cosignatures,
            counts: self.tally,
            draws: &self.draws,
            findings: self.findings.iter().map(json::Finding::of).collect(),
            head: &self.head,
            lacking: &self.lacking,
            loud: &self.loud,
            notices: &self.notices,
            origin: self.origin.as_deref(),
            parties: &self.parties,
            seen_as: self.seen_as,
            sound: self.is_sound(),
        };
        serde_json::to_string(&verdict).expect("structs with text keys always have a JSON text")
    }
}

/// The shape of [`CeremonyVerdict::json`], fields in order of name.
#[derive(Serialize)]
struct Json<'v> {
    beside: &'v [String],
    claims: Vec<json::Claim>,
    cosignatures: &'v [Cosignature],
    counts: CeremonyTally,
    draws: &'v [DrawSeen],
    findings: Vec<json::Finding<'v>>,
    head: &'v Head,
    lacking: &'v [Lacking],
    loud: &'v [Loud],
    notices: &'v [Notice],
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'v str>,
    parties: &'v [PartySeen],
    seen_as: Reader,
    sound: bool,
}

fn cosignature(one: &Witness) -> Cosignature {
    Cosignature { lines: one.size, name: one.name.clone(), time: one.time }
}

fn seen(evidence: &Evidence, line: u64) -> Option<SeenBy> {
    let first = evidence.checkpoints.first_to_see(line)?;
    Some(SeenBy { line, name: first.name.clone(), time: first.time })
}

fn loud(evidence: &Evidence, entry: &Entry) -> Option<Loud> {
    let (kind, says, reason) = match &entry.body {
        Body::Override(by_hand) => {
            ("override", format!("{} given by hand", count(by_hand.seats, "seat")), by_hand.reason.clone())
        }
        Body::Void(void) => {
            let when = known_by_then(evidence, entry.line, void.counter);
            ("void", format!("nothing is drawn from commitment {}{when}", void.counter), void.reason.clone())
        }
        Body::Draw(draw) if draw.beacon.is_dice() => {
            let says = fallen_back(evidence, draw.counter)?;
            ("fallback", says, String::new())
        }
        _ => return None,
    };
    let hands = evidence.hands.get(&entry.line).map(|(hands, _)| hands.as_slice()).unwrap_or_default();
    let signed = hands.iter().map(|party| format!("{} ({})", party.name, party.role.word())).collect();
    Some(Loud { kind, line: entry.line, reason, says, signed })
}

/// What is said of a draw that dice decided though a round was to. Nobody can show that a round did not come, so nobody may overlook it.
fn fallen_back(evidence: &Evidence, counter: u64) -> Option<String> {
    match &evidence.course.commitment(counter)?.commit.beacon {
        BeaconLine::Quicknet(named) => {
            Some(format!("commitment {counter} was drawn with dice, as if round {} had not come; did it?", named.round))
        }
        BeaconLine::Dice(_) => None,
    }
}

/// Whether the number that would have decided a commitment was still to come when it was made void, as far as auditors saw it.
fn known_by_then(evidence: &Evidence, line: u64, counter: u64) -> &'static str {
    let Some(made) = evidence.course.commitment(counter) else { return "" };
    let seen = evidence.checkpoints.first_to_see(line);
    match seen {
        Some(seen) if is_before(seen.time, &made.commit.beacon) => ", as was fixed before its beacon",
        _ if evidence.checkpoints.given == 0 => "",
        _ => ", and nobody saw that before its beacon was known",
    }
}

impl fmt::Display for CeremonyVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for kind in ["override", "fallback", "void"] {
            self.loud.iter().filter(|loud| loud.kind == kind).try_for_each(|loud| write!(f, "{loud}"))?;
        }
        self.notices.iter().try_for_each(|notice| writeln!(f, "{}", notice.show()))?;
        if !(self.loud.is_empty() && self.notices.is_empty()) {
            writeln!(f)?;
        }
        let origin = self.origin.as_deref().unwrap_or("(could not be read)");
        writeln!(f, "ledger   {}, {}", plain(origin), count(self.tally.lines, "line"))?;
        write!(f, "{}", self.tally)?;
        writeln!(f, "head     {}", self.head.says())?;
        writeln!(f, "seen as  {}", self.seen_as)?;
        if !self.beside.is_empty() {
            writeln!(f, "beside   {}: {UNNAMED}", some_of(&self.beside))?;
        }
        self.parties.iter().try_for_each(|party| writeln!(f, "{party}"))?;
        self.cosignatures.iter().try_for_each(|one| writeln!(f, "{one}"))?;
        self.draws.iter().try_for_each(|draw| write!(f, "{draw}"))?;
        writeln!(f)?;
        for (claim, state) in &self.claims {
            writeln!(f, "{:9}  {:11}  {}", state.word(), claim.name, claim.says)?;
        }
        for (at, finding) in self.findings.iter().take(SHOWN_MAX).enumerate() {
            write!(f, "\n{}. {finding}", at + 1)?;
        }
        if let Some(more) = self.findings.len().checked_sub(SHOWN_MAX).filter(|more| *more > 0) {
            writeln!(f, "\nand {more} more; the JSON form has all of them")?;
        }
        let not_given: Vec<&str> = self.lacking.iter().map(|lacking| lacking.claim).collect();
        match (self.is_sound(), self.findings.len()) {
            (true, _) if not_given.is_empty() && self.was_replayed() => writeln!(f, "\nSound.")?,
            (true, _) if not_given.is_empty() => {
                writeln!(f, "\nSound. Only a replay (--replay) can tell whether the builder gave these urns.")?
            }
            (true, _) => writeln!(
                f,
                "\nSound as far as it could be checked. Not everything was handed on that it takes to check: {}.",
                not_given.join(", ")
            )?,
            (false, 0) => writeln!(f, "\nNot sound: a claim could not be checked.")?,
            (false, 1) => writeln!(f, "\nNot sound: 1 finding.")?,
            (false, many) => writeln!(f, "\nNot sound: {many} findings.")?,
        }
        // Where something that is there can't be read, a claim may be not given though no file lacks.
        let mut lacking = self.lacking.iter().filter(|lacking| !lacking.files.is_empty());
        lacking.try_for_each(|lacking| writeln!(f, "{lacking}"))
    }
}

impl fmt::Display for Loud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = match self.signed.as_slice() {
            [] => "nobody".to_owned(),
            names => names.join(" and "),
        };
        let word = self.kind.to_uppercase();
        writeln!(f, "{word:8}  line {}: {}, signed by {}", self.line, plain(&self.says), plain(&signed))?;
        match self.reason.as_str() {
            "" => Ok(()),
            reason => writeln!(f, "          reason: {}", plain(reason)),
        }
    }
}

impl fmt::Display for Cosignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cosigned {}, {}, {}", plain(&self.name), utc(self.time), count(self.lines, "line"))
    }
}

impl fmt::Display for PartySeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = if self.given { ", as in your file" } else { "" };
        write!(f, "party    {} ({}), key {}{known}", plain(&self.name), self.role, self.key)
    }
}

impl fmt::Display for CeremonyTally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { amendments, commitments, drawn, dropped, executed, freezes, open, overrides, void, .. } = *self;
        let (freezes, commitments) = (count(freezes, "freeze"), count(commitments, "commitment"));
        write!(f, "draws    {freezes}, {commitments}: {drawn} drawn, {void} void, {open} still open")?;
        match dropped {
            0 => writeln!(f)?,
            dropped => writeln!(f, ", {dropped} DROPPED")?,
        }
        let (amendments, overrides) = (count(amendments, "amendment"), count(overrides, "override"));
        writeln!(f, "changes  {amendments}, {overrides}, {} executed", count(executed, "day"))
    }
}

/// `1 freeze`, `2 freezes`.
pub(crate) fn count(n: u64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
