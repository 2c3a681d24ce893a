//! The attacks of `tests/tampered/ceremony/`: on a ceremony as an auditor has it, and on the receipts of its inspectors.
//!
//! An attacker who is the planner has the planner's keys. What they can state again after a change, and what only with the keys of
//! others, is what the steps here say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding};
use foureyes::bound::stage_bounds;
use foureyes::ceremony::{Keys, read_party};
use foureyes::draw::beacon::Round;
use foureyes::draw::dice::{Dice, Throws};
use foureyes::draw::{Digest, Root, ceremony_seed, digest, from_hex, pick, to_hex, urn_seed};
use foureyes::model::{Case, Drawn, DrawnStage, Odds, Schedule, Span, Urn};
use foureyes::record::changes::{Held, PastDraw, read_change};
use foureyes::record::ledger::{
    Body, Commit, Entry, LEDGER, Party, Shown, Signed, checkpoint_file, read_ledger, size_of_checkpoint,
};
use foureyes::record::note::{Checkpoint, Note, SignatureKind, VerifierKey};
use foureyes::record::salted::{Master, Tree};
use foureyes::record::{
    self, BOUNDS, Ceremony, FIXED, Files, RECORD, SALT, SCHEDULE, UrnOf, bound_lines, change_file, draw_folder,
    frozen_folder, merkle_root, read_receipt, schedule_lines, urn_file,
};
use foureyes::rules::Book;
use foureyes::urn::{Nobody, Options, fill_stage};
use foureyes::verify::{Elsewhere, ReceiptVerdict, verify_receipt};
use serde_json::{Value, json};

use super::steps::{Attack, Step, at, attacks_in, ended, number};

/// Where the attacks stand.
pub fn folder() -> PathBuf {
    super::folder().join("ceremony")
}

/// The ceremony that is attacked, and under `receipts/` what its inspectors have.
pub fn base() -> Files {
    let mut files = Files::new();
    for part in ["base", "receipts"] {
        let folder = folder().join(part);
        let inside = if part == "base" { String::new() } else { format!("{part}/") };
        all(&folder, &inside, &mut files);
    }
    files
}

fn all(folder: &Path, inside: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{inside}{}", path.file_name().unwrap().to_str().unwrap());
        match path.is_dir() {
            true => all(&path, &format!("{name}/"), files),
            false => drop(files.insert(name, fs::read(&path).unwrap())),
        }
    }
}

/// Does one step to a ceremony.
pub fn apply(step: &Step, files: &mut Files) {
    step.apply_to_ceremony(files);
}

/// Every attack with its name.
pub fn attacks() -> Vec<(String, Attack)> {
    attacks_in(&folder())
}

/// What `name` signs with, which everybody knows.
pub fn keys(name: &str) -> Keys {
    Keys::load(&folder().join(format!("keys/{name}.secret"))).unwrap()
}

/// Those who take part, as an inspector knows them: from elsewhere than the ledger.
pub fn parties() -> Vec<Party> {
    ["audit", "officer", "planner"].map(|name| keys(name).party()).to_vec()
}

fn party_file(name: &str) -> PathBuf {
    folder().join(format!("keys/{name}.party"))
}

impl Attack {
    /// What is attacked: the base, after the steps of the file that the head names with `begins`.
    fn begun(&self) -> Files {
        let mut files = base();
        if let Some(name) = self.head.get("begins") {
            let text = fs::read_to_string(folder().join(format!("{name}.steps"))).unwrap();
            Attack::read(&text).steps.iter().for_each(|step| step.apply_to_ceremony(&mut files));
        }
        files
    }

    /// The ceremony and the receipts after its steps.
    pub fn ceremony(&self) -> Files {
        let mut files = self.begun();
        self.steps.iter().for_each(|step| step.apply_to_ceremony(&mut files));
        files
    }

    /// What the head gives from elsewhere, and the files without it: `known`, public files of parties; `shown`, checkpoints that somebody else
    /// was shown, which are not in the folder; `copy`, the ledger of the base. None where it gives nothing.
    pub fn elsewhere(&self, files: &Files) -> Option<(Files, Elsewhere)> {
        let named =
            |word: &str| self.head.get(word).map(|names| names.split(' ').collect::<Vec<_>>()).unwrap_or_default();
        if !["known", "shown", "copy"].iter().any(|word| self.head.contains_key(*word)) {
            return None;
        }
        let (mut files, mut elsewhere) = (files.clone(), Elsewhere::default());
        elsewhere.parties.extend(named("known").into_iter().map(|name| read_party(&party_file(name)).unwrap()));
        for name in named("shown") {
            elsewhere.checkpoints.push((name.to_owned(), files.remove(name).unwrap_or_else(|| base()[name].clone())));
        }
        for name in named("copy") {
            elsewhere.ledgers.push((name.to_owned(), base()[LEDGER].clone()));
        }
        Some((files, elsewhere))
    }

    /// The public files of those whom the head names as known.
    pub fn known(&self) -> Vec<PathBuf> {
        self.head.get("known").map(|names| names.split(' ').map(party_file).collect()).unwrap_or_default()
    }

    /// The file of the receipt that is attacked, if one is.
    pub fn receipt(&self) -> Option<&str> {
        self.head.get("receipt").map(String::as_str)
    }

    /// The note against which the receipt is held: the one of its own checkpoint, unless the head names another.
    pub fn published(&self, files: &Files) -> Vec<u8> {
        let named = self.head.get("published").cloned();
        let own = || {
            let receipt = read_receipt("", &files[self.receipt().unwrap()]).0.unwrap();
            let note = Note::parse(receipt.checkpoint.as_bytes()).unwrap();
            checkpoint_file(Checkpoint::parse(note.text()).unwrap().size())
        };
        files[&named.unwrap_or_else(own)].clone()
    }

    /// What an inspector finds in the attacked receipt.
    pub fn receipt_verdict(&self, files: &Files) -> Option<ReceiptVerdict> {
        let name = self.receipt()?;
        Some(verify_receipt(name, &files[name], &parties(), Some(&self.published(files))))
    }
}

/// The files below `folder`, named as if it were all there is.
pub fn within(files: &Files, folder: &str) -> Files {
    let inside = format!("{folder}/");
    files.iter().filter_map(|(name, bytes)| Some((name.strip_prefix(&inside)?.to_owned(), bytes.clone()))).collect()
}

fn put_within(files: &mut Files, folder: &str, inner: Files) {
    files.retain(|name, _| !name.starts_with(&format!("{folder}/")));
    files.extend(inner.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)));
}

/// The lines of the ledger, all of which must be readable for what the planner does.
fn entries(files: &Files) -> Vec<Entry> {
    let (entries, flaws) = read_ledger(&files[LEDGER]);
    let lines = files[LEDGER].iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(entries.len(), lines, "{flaws:?}");
    entries
}

/// Puts the lines on the ledger anew, each behind the one above.
fn rechain(files: &mut Files, entries: Vec<Entry>) {
    let mut chained: Vec<Entry> = Vec::new();
    for entry in entries {
        let next = Entry::next(chained.last(), entry.body, entry.signed);
        chained.push(next);
    }
    files.insert(LEDGER.to_owned(), chained.iter().flat_map(|entry| entry.bytes.clone()).collect());
}

/// Has `change` say something else in the one body that it takes.
fn restate(files: &mut Files, change: impl Fn(&mut Body) -> bool) {
    let mut entries = entries(files);
    let changed = entries.iter_mut().filter_map(|entry| change(&mut entry.body).then_some(())).count();
    assert_eq!(changed, 1, "lines of which the ledger says this");
    rechain(files, entries);
}

fn origin(entries: &[Entry]) -> String {
    match &entries[0].body {
        Body::Open(open) => open.origin.clone(),
        other => panic!("a {} opens no ledger", other.kind()),
    }
}

impl Step {
    fn apply_to_ceremony(&self, files: &mut Files) {
        let counter = || number(self.object.as_bytes()) as u64;
        match self.verb.as_str() {
            _ if self.applied(files) => {}
            "set" => self.set(files),
            "insert" => self.edit_lines(files, |lines| {
                let behind = at(lines, &self.old[0]) + 1;
                lines.splice(behind..behind, self.new.iter().map(|line| ended(line)));
            }),
            "move" => self.edit_lines(files, |lines| {
                let line = lines.remove(at(lines, &self.old[0]));
                lines.insert(at(lines, &self.old[1]) + 1, line);
            }),
            "stop" => self.stop(files),
            "copy" => drop(files.insert(text(&self.new[0]).to_owned(), files[&self.object].clone())),
            "copy-folder" => put_within(files, text(&self.new[0]), within(files, &self.object)),
            "sign" => self.sign(files),
            "unsign" => self.unsign(files),
            "cosign" => self.cosign(files),
            "fork" => self.fork(files),
            "graft" => self.graft(files),
            "backdate" => self.backdate(files),
            "witness" => self.witness(files, counter()),
            "uncosign" => self.uncosign(files),
            "rehash" => {
                let (folder, what) = self.object.rsplit_once(' ').unwrap();
                let mut inner = within(files, folder);
                super::rehash(&mut inner, what);
                put_within(files, folder, inner);
            }
            "refreeze" => refreeze(files, counter()),
            "rebuild" => rebuild(files, counter(), false),
            "rebuild-on" => rebuild(files, counter(), true),
            "redraw" => self.redraw(files, counter(), None),
            "draw-from" => self.redraw(files, counter(), Some(text(&self.new[0]))),
            "rerecord" => rerecord(files, counter()),
            "rechange" => rechange(files, counter(), true),
            "redigest" => rechange(files, counter(), false),
            "reseal" => reseal(files, &self.object.split(' ').collect::<Vec<_>>()),
            other => panic!("no step is called {other}"),
        }
    }

    /// Sets a field of a line, or takes it away.
    fn set(&self, files: &mut Files) {
        let value = self.new.first().map(|new| serde_json::from_slice(new).unwrap());
        let path = text(&self.old[1]).to_owned();
        self.edit_lines(files, |lines| {
            let line = at(lines, &self.old[0]);
            let mut row: Value = serde_json::from_slice(&lines[line]).unwrap();
            let (outer, field) = path.rsplit_once('.').unwrap_or(("", &path));
            let outer =
                outer.split('.').filter(|part| !part.is_empty()).fold(&mut row, |row, part| match part.parse() {
                    Ok(at) => row.get_mut::<usize>(at).unwrap(),
                    Err(_) => row.get_mut(part).unwrap(),
                });
            match (value, outer) {
                (Some(value), Value::Array(list)) => list[field.parse::<usize>().unwrap()] = value,
                (None, Value::Array(list)) => drop(list.remove(field.parse().unwrap())),
                (Some(value), outer) => drop(outer.as_object_mut().unwrap().insert(field.to_owned(), value)),
                (None, outer) => assert!(outer.as_object_mut().unwrap().remove(field).is_some(), "no field {field}"),
            }
            lines[line] = ended(row.to_string().as_bytes());
        });
    }

    /// As things were when the line with this text was the last.
    fn stop(&self, files: &mut Files) {
        let mut all = entries(files);
        let lines: Vec<Vec<u8>> = all.iter().map(|entry| entry.bytes.clone()).collect();
        for gone in all.split_off(at(&lines, &self.old[0]) + 1) {
            let folder = match &gone.body {
                Body::Freeze(freeze) => frozen_folder(freeze.number),
                Body::Draw(draw) => draw_folder(draw.counter),
                body => body.change().map_or_else(|| checkpoint_file(gone.line), |(number, _)| change_file(number)),
            };
            files.retain(|name, _| *name != folder && !name.starts_with(&format!("{folder}/")));
        }
        let left = all.len() as u64;
        files.retain(|name, _| size_of_checkpoint(name).is_none_or(|size| size <= left));
        rechain(files, all);
    }

    /// Whose signature a line gets, made by whom.
    fn sign(&self, files: &mut Files) {
        let mut all = entries(files);
        let origin = origin(&all);
        let lines: Vec<Vec<u8>> = all.iter().map(|entry| entry.bytes.clone()).collect();
        let entry = &mut all[at(&lines, &self.old[0])];
        let by = self.new.first().map_or(self.object.as_str(), |by| text(by));
        let signature = Signed { name: self.object.clone(), ..keys(by).sign(&origin, &entry.body) };
        entry.signed.retain(|signed| signed.name != self.object);
        entry.signed.push(signature);
        entry.signed.sort_by(|one, other| one.name.cmp(&other.name));
        rechain(files, all);
    }

    fn unsign(&self, files: &mut Files) {
        let mut all = entries(files);
        let lines: Vec<Vec<u8>> = all.iter().map(|entry| entry.bytes.clone()).collect();
        all[at(&lines, &self.old[0])].signed.retain(|signed| signed.name != self.object);
        rechain(files, all);
    }

    /// The cosignatures of a note go; where a time is given, there is one in the auditor's name, made by whom.
    fn cosign(&self, files: &mut Files) {
        let note = Note::parse(&files[&self.object]).unwrap();
        let mut again = planners(note.text());
        if let Some(time) = self.new.first() {
            let by = self.new.get(1).map_or("audit", |by| text(by));
            again.cosign("audit", keys(by).key(), number(time) as i64).unwrap();
        }
        files.insert(self.object.clone(), again.to_string().into_bytes());
    }

    /// The planner signs other lines under the same number; so does the auditor who was shown nothing else, at the time that is given.
    fn fork(&self, files: &mut Files) {
        let note = Note::parse(&files[&self.object]).unwrap();
        let was = Checkpoint::parse(note.text()).unwrap();
        let other = Checkpoint::new(was.origin(), was.size(), digest(b"other lines")).unwrap();
        let mut forked = planners(&other.to_string());
        if let Some(time) = self.new.first() {
            forked.cosign("audit", keys("audit").key(), number(time) as i64).unwrap();
        }
        files.insert(self.object.clone(), forked.to_string().into_bytes());
    }

    /// The signature of somebody under another note comes under this one.
    fn graft(&self, files: &mut Files) {
        let starts = format!("\u{2014} {} ", text(&self.old[0]));
        let line_of = |bytes: &[u8]| text(bytes).lines().find(|line| line.starts_with(&starts)).unwrap().to_owned();
        let other = line_of(&files[text(&self.new[0])]);
        let own = line_of(&files[&self.object]);
        let grafted = String::from_utf8(files[&self.object].clone()).unwrap().replace(&own, &other);
        files.insert(self.object.clone(), grafted.into_bytes());
    }

    /// The time of the auditor's cosignature becomes another.
    fn backdate(&self, files: &mut Files) {
        let note = String::from_utf8(files[&self.object].clone()).unwrap();
        let own = note.lines().find(|line| line.starts_with("\u{2014} audit ")).unwrap();
        let (head, signature) = own.rsplit_once(' ').unwrap();
        let mut bytes = Base64::decode_vec(signature).unwrap();
        bytes[4..12].copy_from_slice(&(number(&self.new[0]) as u64).to_be_bytes());
        let other = format!("{head} {}", Base64::encode_string(&bytes));
        files.insert(self.object.clone(), note.replace(own, &other).into_bytes());
    }

    /// The auditor cosigns a checkpoint of so many lines at a time.
    fn witness(&self, files: &mut Files, size: u64) {
        let all = entries(files);
        let root = merkle_root(all[..size as usize].iter().map(|entry| entry.bytes.as_slice()));
        let mut note = planners(&Checkpoint::new(&origin(&all), size, root).unwrap().to_string());
        note.cosign("audit", keys("audit").key(), number(&self.new[0]) as i64).unwrap();
        files.insert(checkpoint_file(size), note.to_string().into_bytes());
    }

    /// The checkpoint of a receipt without its cosignature, or with one in the auditor's name by somebody else at a time.
    fn uncosign(&self, files: &mut Files) {
        let mut receipt = read_receipt("", &files[&self.object]).0.unwrap();
        let was = Note::parse(receipt.checkpoint.as_bytes()).unwrap();
        let mut note = planners(was.text());
        if let Some(time) = self.new.first() {
            note.cosign("audit", keys(text(&self.new[1])).key(), number(time) as i64).unwrap();
        }
        receipt.checkpoint = note.to_string();
        files.insert(self.object.clone(), receipt.bytes());
    }

    /// Draws commitment `counter` again from its line as it is, from the beacon of the draw's line, the urn in the record, and the secrets of the
    /// parties but for those that are given; or from a seed that somebody chose.
    fn redraw(&self, files: &mut Files, counter: u64, chosen: Option<&str>) {
        let all = entries(files);
        rechain(files, all);
        let (line, commit) = committed(files, counter);
        let secret = |name: &String| {
            let given = self.old.iter().position(|old| text(old) == name.as_str());
            let own = || keys(name).nonce(counter).unwrap();
            (name.clone(), given.map_or_else(own, |at| from_hex(text(&self.new[at])).unwrap()))
        };
        let nonces: Vec<(String, Digest)> = commit.nonces.iter().map(secret).collect();
        let named: Vec<(&str, Digest)> = nonces.iter().map(|(name, nonce)| (name.as_str(), *nonce)).collect();
        let (kind, randomness) = came(files, counter);
        let own = || ceremony_seed(&line.bytes, kind, &randomness, &named);
        let seed = chosen.map_or_else(own, str::to_owned);
        let stage = Stage::of(files, &commit);
        let folder = draw_folder(counter);
        let urn = stage.urn_in(&files[&format!("{folder}/{}", urn_file(counter as usize))]);
        let hex = nonces.iter().map(|(_, nonce)| to_hex(nonce)).collect();
        let ceremony = Ceremony::new(counter, to_hex(&line.hash), stage.span, hex);
        put_within(files, &folder, stage.publish(urn, &seed, ceremony));
        rerecord(files, counter);
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap().trim()
}

/// A note that the planner signed.
fn planners(text: &str) -> Note {
    let mut note = Note::new(text).unwrap();
    note.sign("planner", keys("planner").key()).unwrap();
    note
}

fn committed(files: &Files, counter: u64) -> (Entry, Commit) {
    let found = entries(files).into_iter().find_map(|entry| match &entry.body {
        Body::Commit(commit) if commit.counter == counter => Some((entry.clone(), commit.clone())),
        _ => None,
    });
    found.unwrap()
}

/// The kind and the randomness of what the draw's line says came, genuine or not.
fn came(files: &Files, counter: u64) -> (&'static str, Digest) {
    let shown = entries(files).into_iter().find_map(|entry| match entry.body {
        Body::Draw(draw) if draw.counter == counter => Some(draw.beacon),
        _ => None,
    });
    match shown.unwrap() {
        Shown::Quicknet(shown) => {
            let round = Round { round: shown.round, signature: shown.signature };
            ("quicknet", round.verify().unwrap_or_else(|_| digest(&shown.signature)))
        }
        Shown::Dice(shown) => {
            let dice = Dice::with_faces(u8::try_from(shown.faces).unwrap()).unwrap();
            ("dice", Throws::from_spelled(dice, &shown.throws).unwrap().randomness())
        }
    }
}

fn master(files: &Files, freeze: u64) -> Master {
    Master::read(&files[&format!("{}/{SALT}", frozen_folder(freeze))]).unwrap()
}

fn inputs(files: &Files, freeze: u64) -> Files {
    let mut inputs = within(files, &frozen_folder(freeze));
    inputs.remove(SALT);
    inputs
}

/// States the root of freeze `number` as its folder is.
fn refreeze(files: &mut Files, number: u64) {
    let tree = Tree::of_inputs(&inputs(files, number), &master(files, number), &format!("freeze/{number}"));
    restate(files, |body| match body {
        Body::Freeze(freeze) if freeze.number == number => {
            (freeze.leaves, freeze.root) = (tree.leaves().len() as u64, tree.root());
            true
        }
        _ => false,
    });
}

/// States what the record of draw `counter` says.
fn rerecord(files: &mut Files, counter: u64) {
    let (_, commit) = committed(files, counter);
    let (folder, master, scope) =
        (within(files, &draw_folder(counter)), master(files, commit.freeze), format!("draw/{counter}"));
    let tree = Tree::of_schedule(&folder[SCHEDULE], &master, &scope);
    let counts = record::read_record(&folder).0.unwrap().counts;
    restate(files, |body| match body {
        Body::Draw(draw) if draw.counter == counter => {
            (draw.leaves, draw.root) = (tree.leaves().len() as u64, tree.root());
            (draw.seats, draw.staffed) = (counts.seats, counts.staffed);
            draw.record = master.digest_of("foureyes/v1/record", &scope, "record", &folder[RECORD]);
            true
        }
        _ => false,
    });
}

/// What is held before line `line`, and the freeze of the last draw before it.
fn held(files: &Files, line: u64) -> (Held, u64) {
    let (mut held, mut freeze) = (Held::default(), 0);
    for entry in entries(files).iter().filter(|entry| entry.line < line) {
        if let Body::Draw(draw) = &entry.body {
            let past = PastDraw::read(&within(files, &draw_folder(draw.counter)));
            held.draw(&past.unwrap_or_else(|why| panic!("{why}")));
            freeze = committed(files, draw.counter).1.freeze;
        }
        let Some((number, _)) = entry.body.change() else { continue };
        let name = change_file(number);
        held.change(&read_change(&files[&name], &name).0.unwrap());
    }
    (held, freeze)
}

/// States the digest of change `number` as its file is, and the root of the schedule after it; gives the file its salt before.
fn rechange(files: &mut Files, number: u64, salted: bool) {
    let is_it = |body: &Body| body.change().is_some_and(|(other, _)| other == number);
    let line = entries(files).iter().find(|entry| is_it(&entry.body)).unwrap().line;
    let (held, freeze) = held(files, line + 1);
    if salted {
        let mut change: Value = serde_json::from_slice(&files[&change_file(number)]).unwrap();
        change["salt"] = json!(to_hex(&master(files, freeze).salt(&format!("change/{number}"), "change", "")));
        files.insert(change_file(number), ended(change.to_string().as_bytes()));
    }
    let (case, _) = record::thaw(&inputs(files, freeze)).unwrap();
    let lines = schedule_lines(&case, &held.schedule(&case));
    let tree = Tree::of_schedule(&lines, &master(files, freeze), &format!("change/{number}"));
    let (stated, leaves, root) = (digest(&files[&change_file(number)]), tree.leaves().len() as u64, tree.root());
    restate(files, |body| {
        match body {
            Body::Amend(amend) if amend.number == number => {
                (amend.change, amend.leaves, amend.root) = (stated, leaves, root);
            }
            Body::Override(given) if given.number == number => {
                (given.change, given.leaves, given.root) = (stated, leaves, root);
            }
            Body::Executed(done) if done.number == number => done.change = stated,
            _ => return false,
        }
        true
    });
}

/// Builds the urn of commitment `counter` from the inputs as they are and what is held before it, and commits to that; its record is not drawn yet. `on`
/// what the record has as fixed, if so told.
fn rebuild(files: &mut Files, counter: u64, on: bool) {
    let (line, commit) = committed(files, counter);
    let (case, _) = record::thaw(&inputs(files, commit.freeze)).unwrap();
    let folder = draw_folder(counter);
    let fixed = match on {
        true => files[&format!("{folder}/{FIXED}")].clone(),
        false => schedule_lines(&case, &held(files, line.line).0.schedule(&case)),
    };
    files.insert(format!("{folder}/{FIXED}"), fixed.clone());
    let stage = Stage::of(files, &commit);
    let urn = stage.built();
    let drawn = stage.drawn(urn.clone(), 0);
    let bounds = stage_bounds(&stage.case, &stage.book, &drawn);
    files.insert(format!("{folder}/{}", urn_file(counter as usize)), stage.urn_of().file(&urn));
    let master = master(files, commit.freeze);
    restate(files, |body| match body {
        Body::Commit(commit) if commit.counter == counter => {
            let root = merkle_root(urn.tickets());
            let salted = master.digest_of("foureyes/v1/urn", &format!("draw/{counter}"), "urn", &root);
            commit.urn = commit.urn.map(|_| root);
            commit.urn_salted = commit.urn_salted.map(|_| salted);
            commit.fixed = master.digest_of("foureyes/v1/fixed", &format!("draw/{counter}"), "fixed", &fixed);
            commit.worst = drawn.stages[0].odds.worst().map_or(0, |worst| u64::from(worst.n));
            commit.bound = Some(bounds.first().map_or(0, |bounds| u64::from(bounds.worst.at_least)));
            true
        }
        _ => false,
    });
}

/// Each line behind the one above, with the signatures of those whose keys the attackers have; every checkpoint of lines that changed signed again, and
/// cosigned at the time at which it was if the auditor's is among the keys.
fn reseal(files: &mut Files, names: &[&str]) {
    let mut all = entries(files);
    let origin = origin(&all);
    for entry in &mut all {
        for signed in entry.signed.iter_mut().filter(|signed| names.contains(&signed.name.as_str())) {
            *signed = keys(&signed.name).sign(&origin, &entry.body);
        }
    }
    rechain(files, all);
    let lines: Vec<Vec<u8>> = entries(files).into_iter().map(|entry| entry.bytes).collect();
    let mut sizes: BTreeSet<u64> = files.keys().filter_map(|name| size_of_checkpoint(name)).collect();
    sizes.insert(lines.len() as u64);
    for size in sizes {
        let was = files.remove(&checkpoint_file(size));
        if size <= lines.len() as u64 {
            let root = merkle_root(lines[..size as usize].iter().map(Vec::as_slice));
            let text = Checkpoint::new(&origin, size, root).unwrap().to_string();
            let note = resealed(&text, was.as_deref(), names.contains(&"audit"));
            files.insert(checkpoint_file(size), note.to_string().into_bytes());
        }
    }
}

fn resealed(text: &str, was: Option<&[u8]>, by_the_auditor: bool) -> Note {
    let was = was.map(|bytes| Note::parse(bytes).unwrap());
    if let Some(same) = was.as_ref().filter(|was| was.text() == text) {
        return same.clone();
    }
    let audit = keys("audit");
    let key = VerifierKey::new("audit", SignatureKind::Cosignature, audit.key().verifying_key()).unwrap();
    let time = was.and_then(|was| was.verified(&[key]).ok()?.first()?.time);
    let mut note = planners(text);
    if let Some(time) = time.filter(|_| by_the_auditor) {
        note.cosign("audit", audit.key(), time).unwrap();
    }
    note
}

/// The stage of a commitment, as the inputs among the files have it.
struct Stage {
    case: Case,
    book: Book,
    frozen: record::Frozen,
    before: Schedule,
    number: usize,
    span: Span,
    /// The builder that the commitment names: what is made here must pass for its work.
    builder: String,
}

impl Stage {
    fn of(files: &Files, commit: &Commit) -> Self {
        let mut inner = inputs(files, commit.freeze);
        let (case, book) = record::thaw(&inner).unwrap();
        inner.extend(within(files, &draw_folder(commit.counter)).remove_entry(FIXED));
        let before = record::read_fixed(&inner, &case).schedule;
        let (number, span) = (commit.counter as usize, Span { from: commit.from, to: commit.to });
        let (frozen, builder) = (record::freeze(&case, &book), commit.builder.clone());
        Self { frozen, case, book, before, number, span, builder }
    }

    fn urn_of(&self) -> UrnOf<'_> {
        UrnOf { case: &self.case, inputs: &self.frozen.digest, stage: self.number, before: &self.before }
    }

    fn urn_in(&self, bytes: &[u8]) -> Urn {
        let layout = self.book.layout(&self.case, self.span, &self.before);
        let tickets = self.urn_of().tickets(&layout, &urn_file(self.number), bytes).unwrap().to_vec();
        Urn::new(layout, tickets).unwrap()
    }

    fn built(&self) -> Urn {
        let root = Root::from_seed(&self.frozen.digest, &urn_seed(self.number as u64));
        let (options, stage) = (Options { threads: 1 }, (self.number, self.span));
        fill_stage(&self.case, &self.book, &root, &options, stage, &self.before, &mut Nobody)
    }

    fn drawn(&self, urn: Urn, index: u32) -> Drawn {
        let mut schedule = self.before.clone();
        schedule.assignments.extend(urn.part(index as usize).assignments);
        let stage = DrawnStage { number: self.number, odds: Odds::count(&urn), urn, index };
        Drawn { before: self.before.clone(), schedule, stages: vec![stage] }
    }

    fn publish(&self, urn: Urn, seed: &str, ceremony: Ceremony) -> Files {
        let root = Root::from_seed(&self.frozen.digest, seed);
        let index = pick(&root, self.number, u32::try_from(urn.len()).unwrap());
        let drawn = self.drawn(urn, index);
        let mut files = record::publish_ceremony(&self.case, &self.book, &self.frozen, seed, &drawn, ceremony);
        let bounds = bound_lines(&self.case, &stage_bounds(&self.case, &self.book, &drawn));
        files.insert(BOUNDS.to_owned(), bounds);
        super::made_by(&self.builder, &mut files);
        files
    }
}
