//! Claim: every file is there, nothing else is, and each has the one spelling that it may have.

use super::{Claim, Evidence, Finding};
use crate::record::{
    BUILDERS, CEREMONY, DRAWN, FIXED, FORMAT, Flaw, INPUTS, LEVELS, ODDS, RECORD, RESERVES, Record, SCHEDULE, SEED,
    STAGES, flaws, is_expected, required, stage_of_urn,
};

pub(super) const CLAIM: Claim =
    Claim { name: "format", says: "every file is there, nothing else is, and each has its one spelling" };

pub(super) fn check(evidence: &Evidence) -> Option<Vec<Finding>> {
    let mut found = Vec::new();
    for name in evidence.files.keys().filter(|name| !is_expected(name)) {
        found.push(Finding::new("extra-file", name, None, format!("no record has a file `{name}`")));
    }
    for name in evidence.files.keys().filter(|name| is_of_no_stage(evidence, name)) {
        found.push(Finding::new("extra-file", name, None, "the period has no such stage"));
    }
    // Whoever reads the other files has told if they are missing.
    let read = |name: &str| {
        let of_case = [ODDS, RESERVES].contains(&name) && evidence.thawed.case.is_some();
        [RECORD, STAGES].contains(&name) || of_case || INPUTS.contains(&name)
    };
    for name in required().filter(|name| !read(name)) {
        if !evidence.files.contains_key(name) {
            found.push(Finding::new("missing-file", name, None, "the file is not there"));
        }
    }
    if evidence.files.contains_key(FIXED) && evidence.record.as_ref().is_some_and(|record| record.ceremony.is_none()) {
        found.push(Finding::new("extra-file", FIXED, None, "nothing is fixed before a draw from a literal seed"));
    }
    found.extend(evidence.flaws().filter(|flaw| is_of_format(flaw)).map(finding));
    found.extend(evidence.record.iter().flat_map(versions));
    Some(found)
}

/// Whether `name` is the urn of a stage that the period does not have.
fn is_of_no_stage(evidence: &Evidence, name: &str) -> bool {
    let number = stage_of_urn(name);
    let stretch = evidence.stretch.as_ref();
    number.zip(stretch).is_some_and(|(number, stretch)| stretch.stages.iter().all(|(stage, _)| *stage != number))
}

/// Flaws in what the schedule says belong to the claim about the schedule.
pub(super) fn is_of_format(flaw: &Flaw) -> bool {
    use flaws::{MISSING_FILE, PERSON_TWICE, TEAM_SIZE, UNKNOWN_ID, VISIT_MISSING, VISIT_TWICE};
    let said = [UNKNOWN_ID, PERSON_TWICE, TEAM_SIZE, VISIT_MISSING, VISIT_TWICE, MISSING_FILE];
    flaw.file != SCHEDULE || !said.contains(&flaw.name)
}

pub(super) fn finding(flaw: &Flaw) -> Finding {
    Finding::new(flaw.name, &flaw.file, flaw.line, flaw.says.clone())
}

fn versions(record: &Record) -> Vec<Finding> {
    let kind = if record.ceremony.is_some() { &[CEREMONY] } else { &[SEED] };
    let known: [(_, _, _, &[&str]); 3] = [
        ("unknown-format", "format", &record.format, &[FORMAT]),
        ("unknown-builder", "builder", &record.builder, BUILDERS),
        ("unknown-kind", "kind", &record.kind, kind),
    ];
    let heads = record.heads.as_ref().map(|heads| ("bad-value", "heads", heads, &[DRAWN] as &[&str]));
    let tell = |name, what: &str, stated: &str, known: &str| {
        let says = format!("the record's {what} is `{stated}`; this program knows `{known}`");
        Finding::new(name, RECORD, Some(1), says)
    };
    let strange = known.into_iter().chain(heads).filter(|(_, _, stated, known)| !known.contains(&stated.as_str()));
    let levels = record.levels.filter(|levels| *levels != LEVELS);
    let levels = levels.map(|levels| tell("bad-value", "levels", &levels.to_string(), &LEVELS.to_string()));
    strange.map(|(name, what, stated, known)| tell(name, what, stated, &known.join("`, `"))).chain(levels).collect()
}
