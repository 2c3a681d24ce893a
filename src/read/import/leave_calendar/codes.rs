//! What the letters of a calendar mean: as the policy says, or as somebody is asked, once for each.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::ids::fold;
use super::super::super::policy::Says;
use super::super::super::problem::{Log, Problem, counted, shown};
use super::super::super::source::POLICY;
use super::super::kind::CodesOfLeave;
use super::rows::Mark;

/// Most codes that a calendar may have. What has more is no calendar of letters.
const MOST: usize = 40;

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Away,
    Half,
    Present,
}

/// The meanings of all codes; none where one of them must be asked first, or can't be.
pub(super) fn meanings(
    marks: &[&Mark],
    wishes: &CodesOfLeave,
    legend: &BTreeMap<String, String>,
    says: &Says,
    log: &mut Log,
) -> Option<BTreeMap<String, Meaning>> {
    let known = stated(wishes, log)?;
    let mut seen: BTreeMap<&str, (u64, &Mark)> = BTreeMap::new();
    for mark in marks {
        seen.entry(&mark.code).or_insert((0, mark)).0 += 1;
    }
    let (mut means, mut open, mut alike) = (BTreeMap::new(), BTreeMap::<String, Vec<&str>>::new(), Vec::new());
    for code in seen.keys().copied() {
        let same: BTreeSet<&String> = known.keys().filter(|other| fold(other) == fold(code)).collect();
        match (known.get(code), same.first()) {
            (Some(meaning), _) => drop(means.insert(code.to_owned(), *meaning)),
            (None, Some(other)) if same.len() == 1 => {
                means.insert(code.to_owned(), known[*other]);
                alike.push(format!("`{}` as `{}` ({})", shown(code), shown(other), seen[code].0));
            }
            _ => open.entry(fold(code)).or_default().push(code),
        }
    }
    if let (false, Some(mark)) = (alike.is_empty(), marks.first()) {
        log.note(&mark.file, format!("codes that differ only in case are one: {}", alike.join(", ")));
    }
    if open.is_empty() {
        return Some(means);
    }
    if open.len() > MOST {
        too_many(&open, &seen, log);
    } else {
        open.values().for_each(|codes| ask(codes, &seen, legend, says, log));
    }
    None
}

/// What the policy says; a code that it says two things of is an error.
fn stated(wishes: &CodesOfLeave, log: &mut Log) -> Option<BTreeMap<String, Meaning>> {
    let mut known = BTreeMap::new();
    let mut sound = true;
    for (list, meaning) in
        [(&wishes.away, Meaning::Away), (&wishes.half, Meaning::Half), (&wishes.present, Meaning::Present)]
    {
        for code in list {
            if known.insert(super::rows::code(code), meaning).is_some_and(|other| other != meaning) {
                let why = "this code stands in two of the lists `away`, `half` and `present`";
                log.push(
                    Problem::error(POLICY, why, "Leave it in one of them").column("[import.absences]").value(code),
                );
                sound = false;
            }
        }
    }
    sound.then_some(known)
}

/// Asks about one code, and the ways in which it is written.
fn ask(
    codes: &[&str],
    seen: &BTreeMap<&str, (u64, &Mark)>,
    legend: &BTreeMap<String, String>,
    says: &Says,
    log: &mut Log,
) {
    let Some(code) = codes.iter().copied().max_by_key(|code| (seen[code].0, std::cmp::Reverse(*code))) else { return };
    let (count, mark) = seen[code];
    let problem = |why: String, advice: &str| {
        Problem::error(&mark.file, why, advice).row(mark.row).column(mark.place.as_str()).value(code)
    };
    if code.contains(['|', '"']) {
        let why = "a code with a bar or a quotation mark in it can't be named in policy.toml";
        return log.push(problem(why.to_owned(), "Write another code into these cells"));
    }
    let also: Vec<String> = codes
        .iter()
        .filter(|other| **other != code)
        .map(|other| format!(", and `{}` in {}", shown(other), counted(seen[other].0, "cell", "cells")))
        .collect();
    let meaning = legend.get(code).map(|meaning| format!("; the legend says `{}`", shown(meaning))).unwrap_or_default();
    let why = format!(
        "does it mean that somebody is away? It stands in {}{}{meaning}",
        counted(count, "cell", "cells"),
        also.concat()
    );
    let options: [(&str, &[(&str, &str)]); 3] =
        [("away", &[("away", code)]), ("half a day away", &[("half", code)]), ("not away", &[("present", code)])];
    log.ask(says, problem(why, ""), &options);
}

fn too_many(open: &BTreeMap<String, Vec<&str>>, seen: &BTreeMap<&str, (u64, &Mark)>, log: &mut Log) {
    let Some((_, mark)) = open.values().flatten().next().and_then(|code| seen.get(code)) else { return };
    let examples: Vec<String> = open.values().flatten().take(5).map(|code| format!("`{}`", shown(code))).collect();
    let why = format!(
        "the calendar has {} different codes whose meaning is not known, more than {MOST}: {}",
        open.len(),
        examples.join(", ")
    );
    let advice = "Write short codes for what keeps people away, and leave the other cells blank";
    log.push(Problem::error(&mark.file, why, advice).row(mark.row).column(mark.place.as_str()));
}
