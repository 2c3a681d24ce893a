//! Claim: each draw's record is sound, and is the one that its commitment, its beacon and the parties' secrets give.

use super::frozen::Masters;
use super::{Checked, Claim, DrawSeen, Evidence, Finding, in_folder};
use crate::draw::dice::{Dice, Throws};
use crate::draw::{Digest, ceremony_seed, digest, from_hex, to_hex};
use crate::record::ledger::{Draw, Made, Shown};
use crate::record::salted::{Master, Tree};
use crate::record::{
    BOUNDS, FIXED, Files, INPUTS, RECORD, Record, SCHEDULE, STAGES, below, draw_folder, read_record, read_stages,
    schedule_lines, urn_file,
};
use crate::verify::side_by_side::side_by_side;
use crate::verify::{State, Verdict, verify, verify_thawed};

pub(super) const CLAIM: Claim = Claim {
    name: "records",
    says: "each record is sound, and what its commitment, its beacon and the secrets of the parties give",
};

/// What came of it, and what is told of each draw.
pub(super) fn look(evidence: &Evidence, masters: &Masters) -> (Checked, Vec<DrawSeen>) {
    if !evidence.is_open() {
        return (Checked::Unchecked, Vec::new());
    }
    let draws: Vec<_> = evidence.draws().collect();
    let looked = side_by_side(&draws, |draw| of_draw(evidence, masters, draw));
    let (seen, looked): (Vec<_>, Vec<_>) = looked.into_iter().unzip();
    (checked(looked), seen)
}

/// Of each draw, whether all is there that it takes, and what is wrong; none where its record is not there.
fn checked(looked: Vec<Option<(bool, Vec<Finding>)>>) -> Checked {
    let all = looked.iter().all(|looked| looked.as_ref().is_some_and(|(whole, _)| *whole));
    let some = looked.iter().any(Option::is_some);
    let found = looked.into_iter().flatten().flat_map(|(_, found)| found).collect();
    match (some, all) {
        (true, false) => Checked::Partly(found),
        // Where nothing was drawn there is nothing to hand on.
        (_, true) => Checked::Whole(found),
        (false, false) => Checked::NotGiven,
    }
}

/// What is told of a draw; what is wrong with its record, and whether all that it takes to see is there: none where there is no record. Records of
/// different draws know nothing of each other.
fn of_draw(evidence: &Evidence, masters: &Masters, draw: &OfDraw) -> (DrawSeen, Option<(bool, Vec<Finding>)>) {
    let (_, stated, made) = *draw;
    let folder = draw_folder(made.commit.counter);
    let files = below(evidence.files, &folder);
    if files.is_empty() {
        return (DrawSeen::of(draw, None), None);
    }
    let verdict = match evidence.history.inputs(made.commit.counter) {
        Some(inputs) => verify_thawed(&files, inputs),
        None => verify(&files),
    };
    let master = masters.get(&made.commit.freeze);
    let whole = verdict.claims.iter().all(|(_, state)| *state != State::NotGiven)
        && master.is_some()
        && (made.commit.bound.is_none() || files.contains_key(BOUNDS));
    let look = Look { evidence, folder: &folder, files: &files, draw: stated, made, master };
    (DrawSeen::of(draw, Some((&files, &verdict))), Some((whole, look.findings(&verdict))))
}

/// A draw's line of the ledger, what it says, and the commitment that it names.
type OfDraw<'e> = (u64, &'e Draw, &'e Made);

/// One record, beside what the ledger says of it.
struct Look<'e> {
    evidence: &'e Evidence<'e>,
    folder: &'e str,
    files: &'e Files,
    draw: &'e Draw,
    made: &'e Made,
    master: Option<&'e Master>,
}

impl Look<'_> {
    fn findings(&self, verdict: &Verdict) -> Vec<Finding> {
        let of_record = verdict.findings.iter().cloned().map(|finding| in_folder(finding, self.folder));
        let mut found: Vec<Finding> = of_record.collect();
        if let Some(record) = read_record(self.files).0 {
            found.extend(self.ceremony(&record));
            found.extend(self.counts(&record));
        }
        found.extend(self.urn());
        found.extend(self.bound(verdict));
        found.extend(self.held());
        found.extend(self.master.map(|master| self.salted(master)).unwrap_or_default());
        found
    }

    fn finding(&self, name: &'static str, file: &str, says: String) -> Finding {
        Finding::new(name, &format!("{}/{file}", self.folder), None, says)
    }

    /// Whether the record is of this commitment, and its seed the one that follows from it.
    fn ceremony(&self, record: &Record) -> Vec<Finding> {
        let counter = self.made.commit.counter;
        let Some(ceremony) = &record.ceremony else {
            let says = format!("it is no record of a ceremony, and should be that of draw {counter}");
            return vec![self.finding("record-of-another", RECORD, says)];
        };
        let (span, commit) = (ceremony.span(), &self.made.commit);
        let is_its = ceremony.counter == counter
            && record.builder == commit.builder
            && self.frozen_case().is_none_or(|case| case == record.case)
            && ceremony.commit == to_hex(&self.made.hash)
            && (span.from, span.to) == (commit.from, commit.to);
        let mut found = Vec::new();
        if !is_its {
            let says = format!("it names another commitment, case, builder or days than draw {counter} of the ledger");
            found.push(self.finding("record-of-another", RECORD, says));
        }
        if self.seed(&ceremony.nonces).is_some_and(|seed| seed != record.seed) {
            let says = format!("the seed is not the one that commitment {counter}, its beacon and these secrets give");
            found.push(self.finding("seed-of-ceremony", RECORD, says));
        }
        found
    }

    /// The name of the case that the ledger says was frozen.
    fn frozen_case(&self) -> Option<&str> {
        let mut freezes = self.evidence.course.freezes.iter();
        freezes.find(|(_, freeze)| freeze.number == self.made.commit.freeze).map(|(_, freeze)| freeze.case.as_str())
    }

    /// The seed of the draw; none where the secrets or the throws can't be read.
    fn seed(&self, nonces: &[String]) -> Option<String> {
        let names = &self.made.commit.nonces;
        let nonces: Vec<(&str, Digest)> = names
            .iter()
            .zip(nonces)
            .map(|(name, nonce)| Some((name.as_str(), from_hex(nonce)?)))
            .collect::<Option<_>>()?;
        let line = self.evidence.entries.iter().find(|entry| entry.line == self.made.line)?;
        let (kind, randomness) = match &self.draw.beacon {
            Shown::Quicknet(round) => ("quicknet", digest(&round.signature)),
            Shown::Dice(dice) => {
                let faces = Dice::with_faces(u8::try_from(dice.faces).ok()?)?;
                ("dice", Throws::from_spelled(faces, &dice.throws)?.randomness())
            }
        };
        Some(ceremony_seed(&line.bytes, kind, &randomness, &nonces))
    }

    fn counts(&self, record: &Record) -> Option<Finding> {
        let (said, counted) = ((self.draw.staffed, self.draw.seats), (record.counts.staffed, record.counts.seats));
        (said != counted).then(|| {
            let says = format!(
                "the ledger says {} visits and {} seats; it has {} and {}",
                said.0, said.1, counted.0, counted.1
            );
            self.finding("draw-counts", RECORD, says)
        })
    }

    /// Whether the urn, its size and its odds are those that were committed to.
    fn urn(&self) -> Vec<Finding> {
        let commit = &self.made.commit;
        let Some((_, line)) = read_stages(self.files).0.into_iter().next() else { return Vec::new() };
        let mut found = Vec::new();
        let root_differs = commit.urn.is_some_and(|root| line.root != to_hex(&root));
        if root_differs || u64::from(line.tickets) != commit.tickets {
            let says = format!("the commitment names another root, or not {} tickets", line.tickets);
            found.push(self.finding("urn-committed", &self.urn_file(), says));
        }
        let worst = line.worst.as_ref().map_or(0, |worst| u64::from(worst.n));
        if worst != commit.worst {
            let says = format!("the commitment names worst odds of {}; the record has {worst}", commit.worst);
            found.push(self.finding("odds-committed", STAGES, says));
        }
        found
    }

    fn urn_file(&self) -> String {
        urn_file(usize::try_from(self.made.commit.counter).unwrap_or(0))
    }

    /// Whether the root of the urn is the one whose salted digest was committed to; none where it was stated plainly, or there is none.
    fn urn_salted(&self, master: &Master) -> Option<bool> {
        let commit = &self.made.commit;
        let (_, line) = read_stages(self.files).0.into_iter().next()?;
        let scope = format!("draw/{}", commit.counter);
        let salted = |root: Digest| master.digest_of("foureyes/v1/urn", &scope, "urn", &root);
        Some(from_hex(&line.root).map(salted) == Some(commit.urn_salted?))
    }

    /// Whether the bound that was committed to is the one that the record proves.
    fn bound(&self, verdict: &Verdict) -> Option<Finding> {
        let (said, proved) = (self.made.commit.bound?, verdict.worst.as_ref()?.bound?);
        (said != u64::from(proved)).then(|| {
            let says = format!("the commitment says that no lottery is below {said}; the record shows {proved}");
            self.finding("odds-committed", BOUNDS, says)
        })
    }

    /// Whether what was fixed is what the draws and changes before the commitment left held.
    fn held(&self) -> Option<Finding> {
        let counter = self.made.commit.counter;
        let held = self.evidence.history.at_commit.get(&counter)?;
        let draw = self.evidence.history.draws.iter().find(|draw| draw.counter == counter)?;
        let lines = schedule_lines(&draw.case, &held.schedule(&draw.case));
        (self.files.get(FIXED) != Some(&lines)).then(|| {
            let says = format!("it is not what was held when commitment {counter} was made");
            self.finding("fixed-held", FIXED, says)
        })
    }

    /// What the ledger has of the record's files, salted.
    fn salted(&self, master: &Master) -> Vec<Finding> {
        let counter = self.made.commit.counter;
        let scope = format!("draw/{counter}");
        let bytes = |name: &str| self.files.get(name).map(Vec::as_slice).unwrap_or_default();
        let tree = Tree::of_schedule(bytes(SCHEDULE), master, &scope);
        let urn_file = self.urn_file();
        let is_same = [
            (
                "fixed-committed",
                FIXED,
                master.digest_of("foureyes/v1/fixed", &scope, "fixed", bytes(FIXED)) == self.made.commit.fixed,
            ),
            (
                "record-drawn",
                RECORD,
                master.digest_of("foureyes/v1/record", &scope, "record", bytes(RECORD)) == self.draw.record,
            ),
            (
                "schedule-drawn",
                SCHEDULE,
                tree.root() == self.draw.root && tree.leaves().len() as u64 == self.draw.leaves,
            ),
            ("record-inputs", INPUTS[0], self.inputs_are_frozen()),
            ("urn-committed", urn_file.as_str(), self.urn_salted(master) != Some(false)),
        ];
        let wrong = is_same.into_iter().filter(|(_, _, same)| !same);
        wrong
            .map(|(name, file, _)| {
                self.finding(name, file, format!("it is not what the ledger names for draw {counter}"))
            })
            .collect()
    }

    /// Whether the record's inputs are the files of its freeze.
    fn inputs_are_frozen(&self) -> bool {
        let frozen = below(self.evidence.files, &crate::record::frozen_folder(self.made.commit.freeze));
        INPUTS.iter().all(|name| frozen.get(*name) == self.files.get(*name))
    }
}
