//! Claims of a receipt: that what it shows of one inspector stands in the ledger that a planner signed and an auditor cosigned.
//!
//! An inspector needs the receipt, the public files of the planner and an auditor whom they know, and best the checkpoint as
//! it was published; they see nobody else's lines.

use std::fmt;

use chrono::DateTime;
use serde_json::{Value, json};

use super::verdict::{Claim, Finding, State, plain};
use crate::draw::Digest;
use crate::record::ledger::{Body, Party, Role, read_ledger};
use crate::record::note::{Checkpoint, Note, SignatureKind, VerifierKey};
use crate::record::{Flaw, Opened, Receipt, read_receipt};

const FORMAT: Claim = Claim { name: "format", says: "the receipt is one line in its one spelling" };
const CHECKPOINT: Claim =
    Claim { name: "checkpoint", says: "the planner signed the checkpoint, and an auditor cosigned it" };
const PUBLISHED: Claim = Claim { name: "published", says: "the checkpoint is the one that was published" };
const ENTRY: Claim = Claim { name: "entry", says: "the entry has its place in the ledger of the checkpoint" };
const OPENED: Claim = Claim { name: "opened", says: "what is shown has its place in the root of the entry" };
const ABOUT: Claim = Claim {
    name: "about",
    says: "what is shown is about this inspector: all that was entered, or visits on which they go",
};

/// What no receipt of orders can show: its tree has a leaf a visit, and whoever makes the receipt chooses which of them are shown.
const NO_OTHER: &str = "Whether you go on other visits too, it does not say: only an auditor sees the whole schedule.";

/// What an inspector sees, beside the two other readers.
const SEEN: &str =
    "your own lines, and the head of a ledger; the public has all lines of it, an auditor what they rest on";

/// What a receipt comes to.
#[derive(Clone, Debug)]
pub struct ReceiptVerdict {
    /// The receipt, where it could be read.
    pub receipt: Option<Receipt>,
    /// The auditors who cosigned, each with the time in seconds since 1970.
    pub witnesses: Vec<(String, i64)>,
    /// Each claim with its state.
    pub claims: Vec<(Claim, State)>,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    name: String,
}

/// Checks the receipt in the `bytes` of file `name` against the parties whom its reader knows, and against the checkpoint as it was `published`, if there is one.
///
/// ```
/// let verdict = foureyes::verify::verify_receipt("mine.receipt", b"", &[], None);
/// assert!(!verdict.is_sound());
/// ```
pub fn verify_receipt(name: &str, bytes: &[u8], parties: &[Party], published: Option<&[u8]>) -> ReceiptVerdict {
    let (receipt, flaws) = read_receipt(name, bytes);
    let mut verdict = ReceiptVerdict {
        receipt: None,
        witnesses: Vec::new(),
        claims: Vec::new(),
        findings: Vec::new(),
        name: name.to_owned(),
    };
    let of_format = |flaw: &Flaw| (flaw.name, flaw.says.clone());
    verdict.add(FORMAT, Some(flaws.iter().map(of_format).collect()));
    match &receipt {
        Some(receipt) => verdict.check(receipt, parties, published),
        None => [CHECKPOINT, PUBLISHED, ENTRY, OPENED, ABOUT].into_iter().for_each(|claim| verdict.add(claim, None)),
    }
    verdict.receipt = receipt;
    verdict
}

/// The name of a finding, and the facts.
type Wrong = (&'static str, String);

impl ReceiptVerdict {
    /// Whether every claim that could be checked holds.
    pub fn is_sound(&self) -> bool {
        self.claims.iter().all(|(_, state)| matches!(state, State::Sound | State::NotGiven))
    }

    fn add(&mut self, claim: Claim, wrong: Option<Vec<Wrong>>) {
        let state = match &wrong {
            None => State::Unchecked,
            Some(wrong) if wrong.is_empty() => State::Sound,
            Some(_) => State::Broken,
        };
        self.claims.push((claim, state));
        for (name, says) in wrong.into_iter().flatten() {
            self.findings.push(Finding { claim: claim.name, ..Finding::new(name, &self.name, Some(1), says) });
        }
    }

    fn check(&mut self, receipt: &Receipt, parties: &[Party], published: Option<&[u8]>) {
        let note = Note::parse(receipt.checkpoint.as_bytes());
        let checkpoint = note.as_ref().ok().and_then(|note| Checkpoint::parse(note.text()).ok());
        let signed = self.signed(note.as_ref().ok().filter(|_| checkpoint.is_some()), parties);
        self.add(CHECKPOINT, Some(signed));
        match (&checkpoint, published) {
            (_, None) => self.claims.push((PUBLISHED, State::NotGiven)),
            (None, _) => self.add(PUBLISHED, None),
            (Some(checkpoint), Some(bytes)) => self.add(PUBLISHED, Some(as_published(checkpoint, bytes))),
        }
        let entry = read_ledger(receipt.entry.as_bytes()).0.into_iter().next();
        let placed = checkpoint.zip(entry.as_ref()).map(|(checkpoint, entry)| {
            let there = receipt.has_entry(entry.stated.saturating_sub(1), checkpoint.size(), checkpoint.root());
            let says = format!("line {} of a ledger of {} lines is another one", entry.stated, checkpoint.size());
            if there { Vec::new() } else { vec![("receipt-entry", says)] }
        });
        self.add(ENTRY, placed);
        let root = entry.as_ref().and_then(|entry| root_of(&entry.body));
        self.add(OPENED, root.map(|(leaves, root)| opened(receipt, leaves, &root)));
        self.add(ABOUT, entry.map(|entry| about(receipt, &entry.body)));
    }

    /// What the checkpoint lacks of signatures of those whom the reader knows.
    fn signed(&mut self, note: Option<&Note>, parties: &[Party]) -> Vec<Wrong> {
        let wrong = |says: &str| vec![("receipt-checkpoint", says.to_owned())];
        let Some(note) = note else { return wrong("the checkpoint is no note, or no checkpoint") };
        let keys = |role: Role, kind: SignatureKind| -> Vec<VerifierKey> {
            let known = parties.iter().filter(|party| party.role == role);
            known.filter_map(|party| VerifierKey::new(&party.name, kind, party.verifying_key()?).ok()).collect()
        };
        let (planners, auditors) =
            (keys(Role::Planner, SignatureKind::Note), keys(Role::Auditor, SignatureKind::Cosignature));
        if planners.is_empty() || auditors.is_empty() {
            return wrong(
                "whose signatures are to be trusted? Name the planner's and an auditor's public files (--party)",
            );
        }
        let mut lacks = Vec::new();
        if note.verified(&planners).is_err() {
            lacks.extend(wrong("no planner whom you know signed it"));
        }
        match note.verified(&auditors) {
            Ok(signed) => {
                let times = signed.iter().filter_map(|one| Some((one.key.name().to_owned(), one.time?)));
                self.witnesses = times.collect();
            }
            Err(_) => lacks.extend(wrong("no auditor whom you know cosigned it")),
        }
        lacks
    }

    /// The verdict for machines: one line of JSON, keys in order.
    pub fn json(&self) -> String {
        let claim = |(claim, state): &(Claim, State)| json!({ "claim": claim.name, "state": state });
        let finding = |finding: &Finding| {
            json!({
                "claim": finding.claim, "explain": finding.explain, "file": finding.place.file,
                "name": finding.name, "says": finding.says,
            })
        };
        let witness = |(name, time): &(String, i64)| json!({ "name": name, "time": time });
        json!({
            "claims": self.claims.iter().map(claim).collect::<Vec<_>>(),
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
            "inspector": self.receipt.as_ref().map(|receipt| &receipt.inspector),
            "kind": "receipt",
            "seen_as": "inspector",
            "shown": self.shown(),
            "sound": self.is_sound(),
            "witnesses": self.witnesses.iter().map(witness).collect::<Vec<_>>(),
        })
        .to_string()
    }

    /// The lines that are shown.
    fn shown(&self) -> Vec<&str> {
        self.receipt.iter().flat_map(|receipt| &receipt.opened).flat_map(|opened| opened.text.lines()).collect()
    }
}

/// Whether the published note is of the same checkpoint.
fn as_published(checkpoint: &Checkpoint, bytes: &[u8]) -> Vec<Wrong> {
    let published = Note::parse(bytes).ok().and_then(|note| Checkpoint::parse(note.text()).ok());
    let says = match published {
        Some(published) if published == *checkpoint => return Vec::new(),
        Some(published) if published.size() != checkpoint.size() => format!(
            "the published checkpoint is of {} lines, that of the receipt of {}; get the one of as many lines",
            published.size(),
            checkpoint.size()
        ),
        Some(_) => "another ledger of as many lines was published: somebody was shown another one than you".to_owned(),
        None => "what was published is no checkpoint".to_owned(),
    };
    vec![("receipt-checkpoint", says)]
}

/// The tree that an entry publishes.
fn root_of(body: &Body) -> Option<(u64, Digest)> {
    match body {
        Body::Freeze(freeze) => Some((freeze.leaves, freeze.root)),
        Body::Draw(draw) => Some((draw.leaves, draw.root)),
        Body::Amend(amend) => Some((amend.leaves, amend.root)),
        Body::Override(given) => Some((given.leaves, given.root)),
        _ => None,
    }
}

fn opened(receipt: &Receipt, leaves: u64, root: &Digest) -> Vec<Wrong> {
    let strange = receipt.opened.iter().filter(|opened| !opened.is_in(leaves, root));
    let says =
        |opened: &Opened| format!("{} `{}` has no such place in the root of the entry", opened.table, opened.key);
    strange.map(|opened| ("receipt-leaf", says(opened))).collect()
}

/// What is shown that is not about the inspector, and what is not shown though it should be.
fn about(receipt: &Receipt, body: &Body) -> Vec<Wrong> {
    let is_frozen = matches!(body, Body::Freeze(_));
    let strange = |opened: &&Opened| match is_frozen {
        true => opened.table != "inspectors" || opened.key != receipt.inspector,
        false => opened.table != "schedule" || !goes(opened, &receipt.inspector),
    };
    let says = |opened: &Opened| format!("{} `{}` is not about `{}`", opened.table, opened.key, receipt.inspector);
    let mut wrong: Vec<Wrong> =
        receipt.opened.iter().filter(strange).map(|opened| ("receipt-stranger", says(opened))).collect();
    if receipt.opened.is_empty() || is_frozen && receipt.opened.len() > 1 {
        wrong.push(("receipt-stranger", format!("it shows {} leaves of the entry", receipt.opened.len())));
    }
    wrong
}

/// Whether the visit that is shown has `inspector` in its team.
fn goes(opened: &Opened, inspector: &str) -> bool {
    let line: Value = serde_json::from_str(&opened.text).unwrap_or_default();
    let is_of_it = line.get("visit").and_then(Value::as_str) == Some(opened.key.as_str());
    let team = line.get("team").and_then(Value::as_array);
    is_of_it && team.is_some_and(|team| team.iter().any(|id| id.as_str() == Some(inspector)))
}

impl fmt::Display for ReceiptVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(receipt) = &self.receipt {
            writeln!(f, "receipt of {}", plain(&receipt.inspector))?;
        }
        for line in self.shown() {
            writeln!(f, "  {}", plain(&in_words(line)))?;
        }
        for (name, time) in &self.witnesses {
            let when = DateTime::from_timestamp(*time, 0).map(|time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string());
            writeln!(f, "cosigned by {} on {}", plain(name), when.unwrap_or_else(|| time.to_string()))?;
        }
        writeln!(f, "seen as inspector: {SEEN}\n")?;
        for (claim, state) in &self.claims {
            writeln!(f, "{:9}  {:10}  {}", state.word(), claim.name, claim.says)?;
        }
        for (at, finding) in self.findings.iter().enumerate() {
            write!(f, "\n{}. {finding}", at + 1)?;
        }
        match self.is_sound() {
            true => {
                let orders = self.receipt.iter().flat_map(|receipt| &receipt.opened).any(|one| one.table == "schedule");
                let more = if orders { format!("\n{NO_OTHER}") } else { String::new() };
                let asks = "Is what it shows what you declared, or what you were told? If not, say so to the auditor.";
                writeln!(f, "\nSound. {asks}{more}")
            }
            false => writeln!(f, "\nNot sound: keep the file, and show it to the auditor."),
        }
    }
}

/// A line of the frozen inputs or of a schedule, for whoever does not read JSON.
fn in_words(line: &str) -> String {
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(line) else { return line.to_owned() };
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(|one| one.as_str().unwrap_or_default()).collect::<Vec<_>>().join(" and "),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    };
    let fields = fields.iter().map(|(name, value)| format!("{} {}", name.replace('_', " "), text(value)));
    fields.collect::<Vec<_>>().join(", ")
}
