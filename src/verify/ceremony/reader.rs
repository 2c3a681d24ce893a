//! As whom a ceremony was seen, by the files that were there; and for each claim that could not be checked, what it would take and who has it.
//!
//! The public has the ledger and its checkpoints, an inspector receipts beside them ([`verify_receipt`](crate::verify::verify_receipt)), an auditor whatever
//! the ledger names. Nothing here judges; the claims do.

use std::fmt;

use serde::Serialize;

use super::super::verdict::plain;
use super::{Claim, Evidence};
use crate::record::ledger::{Body, checkpoint_file};
use crate::record::{
    BOUNDS, FIXED, Files, INPUTS, RECORD, SALT, change_file, draw_folder, frozen_folder, required, urn_file,
};
use crate::verify::State;

/// Files that are told in words of one claim, or of all that no line names; the JSON form has all.
const TOLD_MAX: usize = 3;

/// As whom somebody sees a ceremony.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// With nothing that only auditors have.
    Public,
    /// With some of it.
    AuditorInPart,
    /// With all of it but urns.
    AuditorWithoutUrns,
    /// With all of it.
    Auditor,
}

/// What would let a claim be checked that could not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lacking {
    /// The claim's name.
    pub claim: &'static str,
    /// Files and folders, by their places in the ceremony's folder. None where all are there, and something that the claim rests on is broken.
    pub files: Vec<String>,
    /// Who has them.
    pub who: &'static str,
}

impl Reader {
    /// Whoever has what there is of a ceremony's files.
    pub(super) fn of(evidence: &Evidence) -> Self {
        let (mut given, mut gone, mut urns_gone) = (false, false, false);
        for (name, is_urn) in named(evidence) {
            match evidence.files.contains_key(&name) {
                true => given = true,
                false if is_urn => urns_gone = true,
                false => gone = true,
            }
        }
        match (given, gone, urns_gone) {
            (false, ..) => Self::Public,
            (true, true, _) => Self::AuditorInPart,
            (true, false, true) => Self::AuditorWithoutUrns,
            (true, false, false) => Self::Auditor,
        }
    }

    fn says(self) -> &'static str {
        match self {
            Self::Public => {
                "public: the ledger and its checkpoints; an inspector has receipts too, an auditor inputs, draws, urns and changes"
            }
            Self::AuditorInPart => "auditor in part: some of the inputs, draws and changes that the ledger names",
            Self::AuditorWithoutUrns => "auditor without urns: all else that the ledger names",
            Self::Auditor => "auditor: all that the ledger names",
        }
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.says())
    }
}

/// Every file that the ledger names and only auditors have, and whether it is an urn.
fn named(evidence: &Evidence) -> Vec<(String, bool)> {
    let mut named = Vec::new();
    for entry in &evidence.entries {
        match &entry.body {
            Body::Freeze(freeze) => {
                let folder = frozen_folder(freeze.number);
                named.extend(INPUTS.iter().chain([&SALT]).map(|name| (format!("{folder}/{name}"), false)));
            }
            Body::Draw(draw) => {
                let folder = draw_folder(draw.counter);
                named.extend(required().chain([FIXED]).map(|name| (format!("{folder}/{name}"), false)));
                named.push((urn_of(draw.counter), true));
                let made = evidence.course.commitment(draw.counter);
                let bound = made.and_then(|made| made.commit.bound);
                named.extend(bound.map(|_| (format!("{folder}/{BOUNDS}"), false)));
            }
            body => named.extend(change_of(body).map(|name| (name, false))),
        }
    }
    named
}

fn urn_of(counter: u64) -> String {
    let urn = urn_file(usize::try_from(counter).unwrap_or(usize::MAX));
    format!("{}/{urn}", draw_folder(counter))
}

/// The file of the change that a line names.
pub(super) fn change_of(body: &Body) -> Option<String> {
    body.change().map(|(number, _)| change_file(number))
}

/// What lacks for each claim that is not given.
pub(super) fn lacking(evidence: &Evidence, claims: &[(Claim, State)]) -> Vec<Lacking> {
    let not_given = claims.iter().filter(|(_, state)| *state == State::NotGiven);
    not_given.map(|(claim, _)| of_claim(evidence, claim.name)).collect()
}

fn of_claim(evidence: &Evidence, claim: &'static str) -> Lacking {
    let (files, who) = match claim {
        "checkpoints" | "commitments" => (
            vec![checkpoint_file(evidence.entries.len() as u64)],
            "published by the planner, and kept by auditors who cosigned it",
        ),
        "secrets" => (
            records_without_secrets(evidence),
            "kept by the planner, for auditors; `foureyes disclose` tells everybody the secrets",
        ),
        "frozen" => (frozen(evidence), AUDITORS),
        "records" => (records(evidence), AUDITORS),
        "amendments" => (changes(evidence, |body| matches!(body, Body::Amend(_) | Body::Override(_))), AUDITORS),
        _ => (changes(evidence, |body| matches!(body, Body::Executed(_))), AUDITORS),
    };
    Lacking { claim, files, who }
}

const AUDITORS: &str = "kept by the planner, for auditors";

fn has(files: &Files, folder: &str) -> bool {
    let prefix = format!("{folder}/");
    files.range(prefix.clone()..).next().is_some_and(|(name, _)| name.starts_with(&prefix))
}

fn records_without_secrets(evidence: &Evidence) -> Vec<String> {
    let shown = |counter| evidence.nonces.contains_key(&counter);
    let hidden = evidence.draws().filter(|(_, _, made)| made.disclosed.is_none() && !shown(made.commit.counter));
    hidden.map(|(_, draw, _)| format!("{}/{RECORD}", draw_folder(draw.counter))).collect()
}

fn frozen(evidence: &Evidence) -> Vec<String> {
    let folders = evidence.course.freezes.iter().map(|(_, freeze)| frozen_folder(freeze.number));
    folders.filter(|folder| !has(evidence.files, folder)).collect()
}

fn records(evidence: &Evidence) -> Vec<String> {
    let mut lacking = Vec::new();
    for (_, draw, made) in evidence.draws() {
        let folder = draw_folder(draw.counter);
        if !has(evidence.files, &folder) {
            lacking.push(folder);
            continue;
        }
        let bounds = made.commit.bound.map(|_| format!("{folder}/{BOUNDS}"));
        let files = bounds.into_iter().chain([urn_of(draw.counter)]);
        lacking.extend(files.filter(|name| !evidence.files.contains_key(name)));
        let frozen = frozen_folder(made.commit.freeze);
        if !has(evidence.files, &frozen) && !lacking.contains(&frozen) {
            lacking.push(frozen);
        }
    }
    lacking
}

/// What lies before the last line that `is_asked` names and is not there: changes, and the draws that they rest on.
fn changes(evidence: &Evidence, is_asked: impl Fn(&Body) -> bool) -> Vec<String> {
    let last = evidence.entries.iter().rposition(|entry| is_asked(&entry.body)).map_or(0, |last| last + 1);
    let named = evidence.entries.iter().take(last).filter_map(|entry| match &entry.body {
        Body::Draw(draw) => Some(draw_folder(draw.counter)),
        body => change_of(body),
    });
    named.filter(|name| !evidence.files.contains_key(name) && !has(evidence.files, name)).collect()
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {:11}  takes {}: {}", self.claim, some_of(&self.files), self.who)
    }
}

/// The first of some files, and how many more there are.
pub(super) fn some_of(files: &[String]) -> String {
    let told = files.iter().take(TOLD_MAX).map(|name| plain(name)).collect::<Vec<_>>().join(", ");
    match files.len().saturating_sub(TOLD_MAX) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::record::load_ceremony;
    use crate::verify::verify_ceremony;

    fn ceremony(folder: &str) -> Files {
        load_ceremony(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap()
    }

    fn without(files: &Files, gone: &[&str]) -> Files {
        let kept = files.iter().filter(|(name, _)| !gone.iter().any(|gone| name.contains(gone)));
        kept.map(|(name, bytes)| (name.clone(), bytes.clone())).collect()
    }

    #[test]
    fn each_reader_is_told_as_whom_they_see_it() {
        let all = ceremony("tests/tampered/ceremony/base");
        for (gone, reader) in [
            (&[][..], Reader::Auditor),
            (&["/urns/"], Reader::AuditorWithoutUrns),
            (&["changes/002"], Reader::AuditorInPart),
            (&["/bounds"], Reader::AuditorInPart),
            (&["frozen/", "draws/", "changes/"], Reader::Public),
        ] {
            let verdict = verify_ceremony(&without(&all, gone));
            assert_eq!(verdict.seen_as, reader, "without {gone:?}");
            assert!(verdict.to_string().contains(&format!("\nseen as  {reader}\n")), "{verdict}");
            let not_given = verdict.claims.iter().filter(|(_, state)| *state == State::NotGiven);
            assert!(not_given.map(|(claim, _)| claim.name).eq(verdict.lacking.iter().map(|one| one.claim)));
        }
    }

    /// Whoever gets what is said to be lacking can check the claim.
    #[test]
    fn what_is_said_to_be_lacking_is_what_it_takes() {
        let all = ceremony("tests/tampered/ceremony/base");
        for gone in [
            &["/urns/"][..],
            &["changes/001"],
            &["checkpoints/"],
            &["draws/"],
            &["frozen/001"],
            &["frozen/", "draws/", "changes/"],
            &["/bounds"],
        ] {
            let mut files = without(&all, gone);
            let before = verify_ceremony(&files);
            assert!(before.is_sound() && !before.lacking.is_empty(), "without {gone:?}: {before}");
            for lacking in &before.lacking {
                assert!(!lacking.files.is_empty(), "{lacking:?}");
                let named = |name: &str| lacking.files.iter().any(|file| name.starts_with(file.as_str()));
                files.extend(
                    all.iter().filter(|(name, _)| named(name)).map(|(name, bytes)| (name.clone(), bytes.clone())),
                );
            }
            assert!(verify_ceremony(&files).lacking.is_empty(), "without {gone:?}: {before}");
        }
    }

    #[test]
    fn what_is_published_here_is_what_auditors_have_but_for_the_urns() {
        let river = ceremony("schedules/river");
        let seen_as = |files: &Files| verify_ceremony(files).seen_as;
        assert_eq!(seen_as(&river), Reader::AuditorWithoutUrns);
        assert_eq!(seen_as(&without(&river, &["frozen/", "draws/", "changes/"])), Reader::Public);
    }

    #[test]
    fn nothing_is_asked_for_that_is_there_and_broken() {
        let mut files = ceremony("tests/tampered/ceremony/base");
        files.insert("frozen/001/salt".to_owned(), b"none".to_vec());
        let verdict = verify_ceremony(&files);
        assert!(!verdict.is_sound() && verdict.lacking.iter().all(|lacking| lacking.files.is_empty()), "{verdict}");
        assert!(!verdict.to_string().contains("takes "), "{verdict}");
    }

    #[test]
    fn a_ledger_that_cannot_be_read_is_seen_as_the_public_sees_it() {
        assert_eq!(verify_ceremony(&Files::new()).seen_as, Reader::Public);
    }
}
