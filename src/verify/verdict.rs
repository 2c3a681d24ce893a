//! What a verifier says: each claim with its state, each finding with its place, and the counts that
//! a reader should see before anything else.

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use super::notices::{Notice, few_tickets};
use super::stages::Stages;
use super::{Evidence, StageFigures, known};
use crate::draw::to_hex;
use crate::model::{Case, Visit};
use crate::record::Counts;
use crate::rules::{Book, Booked, Parameter};

/// Something that a record claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its name, one word.
    pub name: &'static str,
    /// What is claimed, as a sentence.
    pub says: &'static str,
}

/// What came of checking a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It was checked and holds.
    Sound,
    /// It does not hold.
    Broken,
    /// What it takes to check it could not be read; another claim's findings say why.
    Unchecked,
    /// Part of what it takes was not handed on, as an urn need not be; the rest of it holds.
    NotGiven,
}

impl State {
    /// The word that people are shown; what is not sound is loud.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Broken => "BROKEN",
            Self::Unchecked => "UNCHECKED",
            Self::NotGiven => "not given",
        }
    }
}

/// Where a finding lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, by its path in the record's folder.
    pub file: String,
    /// The line, from 1, where there is one.
    pub line: Option<u64>,
}

/// Something that is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the claim that it breaks.
    pub claim: &'static str,
    /// Its name: one of [`FINDINGS`](super::FINDINGS), or the name of the rule that is broken.
    pub name: &'static str,
    /// Where.
    pub place: Place,
    /// The facts.
    pub says: String,
    /// What it would take to explain it, and what to do.
    pub explain: &'static str,
}

impl Finding {
    /// A finding in `file`; [`Verdict::add`] says which claim it breaks.
    pub fn new(name: &'static str, file: &str, line: Option<u64>, says: impl Into<String>) -> Self {
        let place = Place { file: file.to_owned(), line };
        Self { claim: "", name, place, says: says.into(), explain: known(name).explain }
    }
}

/// The counts of a record, recounted from its inputs and its schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The edition of the rule book that the policy is of. Rules that came later are off in it.
    pub edition: u32,
    /// Inspectors on the roster.
    pub inspectors: u64,
    /// Visits that every schedule must staff if the rules allow.
    pub mandatory: u64,
    /// How many of those are staffed.
    pub mandatory_staffed: u64,
    /// Mandatory visits that are not staffed, by id.
    pub mandatory_unstaffed: Vec<String>,
    /// Rules that the policy turned off although they are on by default.
    pub rules_off: Vec<&'static str>,
    /// Places in the teams of staffed visits.
    pub seats: u64,
    /// Parameters of rules that are kept, where the policy says something else than the default:
    /// `RULE: PARAMETER = VALUE, by default VALUE`. A rule can be made to ask nothing without turning it off.
    pub settings: Vec<String>,
    /// Visits that are staffed.
    pub staffed: u64,
    /// All visits.
    pub visits: u64,
    /// Waivers among the inputs: `RULE for INSPECTOR on VISIT, signed by APPROVER on DATE: REASON`.
    pub waivers: Vec<String>,
    /// Waivers whose person goes on the visit that they are for.
    pub waivers_used: u64,
}

impl Tally {
    /// Of a ceremony's draw, `until` is the last day that it decided.
    fn of(case: &Case, book: &Book, published: &crate::record::Published, until: Option<NaiveDate>) -> Self {
        let schedule = &published.schedule;
        let Counts { mandatory, mandatory_staffed, seats, staffed, visits, .. } = Counts::of(case, schedule);
        let goes = |visit, who| schedule.assignments.get(&visit).is_some_and(|a| a.team.contains(who));
        let unstaffed = case.visit_ids().filter(|visit| !schedule.assignments.contains_key(visit));
        // What a later draw of a ceremony may still staff is not missed.
        let is_over = |visit: &&Visit| until.is_none_or(|day| visit.latest.unwrap_or(case.period.to) <= day);
        let missed = unstaffed.map(|visit| case.visit(visit)).filter(|visit| visit.kind.is_mandatory()).filter(is_over);
        let off = book.all().iter().filter(|booked| booked.entry.enabled && booked.rule.is_none());
        Self {
            edition: book.edition(),
            inspectors: case.inspectors.len() as u64,
            mandatory,
            mandatory_staffed,
            mandatory_unstaffed: missed.map(|visit| visit.id.clone()).collect(),
            rules_off: off.map(|booked| booked.entry.name).collect(),
            seats,
            settings: book.all().iter().filter(|booked| booked.rule.is_some()).flat_map(settings_of).collect(),
            staffed,
            visits,
            waivers: case.waivers.iter().map(|waiver| waiver_line(case, waiver)).collect(),
            waivers_used: case.waivers.iter().filter(|w| goes(w.visit, w.inspector)).count() as u64,
        }
    }
}

/// What the policy says of a rule beside its defaults.
fn settings_of(booked: &Booked) -> Vec<String> {
    let told = |parameter: &Parameter| {
        let (given, default) = (booked.parameters.get(parameter.name)?, parameter.value.default());
        let says = || format!("{}: {} = {given}, by default {default}", booked.entry.name, parameter.name);
        (*given != default).then(says)
    };
    booked.entry.all_parameters().filter_map(told).collect()
}

fn waiver_line(case: &Case, waiver: &crate::model::Waiver) -> String {
    let (who, visit) = (&case.inspector(waiver.inspector).id, &case.visit(waiver.visit).id);
    let crate::model::Waiver { rule, approver, date, reason, .. } = waiver;
    format!("{rule} for {who} on visit {visit}, signed by {approver} on {date}: {reason}")
}

/// What was looked at of the urns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Recounted {
    /// Stages whose urn is there and can be read.
    pub read: u64,
    /// Stages of the period.
    pub stages: u64,
    /// Tickets of the urns that could be read, each of which was recounted.
    pub tickets: u64,
}

impl Recounted {
    fn of(stages: &Stages) -> Self {
        let read = stages.all.iter().filter(|stage| stage.urn.is_some()).count() as u64;
        Self { read, stages: stages.all.len() as u64, tickets: stages.tickets() }
    }

    fn show(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, stages, tickets } = self;
        writeln!(f, "urns    {read} of {stages} read, {tickets} tickets recounted")
    }
}

/// The easiest guess that a record states, of all its stages, beside its bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Worst {
    /// No lottery could have less, as the record states; absent where it states none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<u32>,
    /// The inspector.
    pub inspector: String,
    /// In how many tickets they go on the visit.
    pub n: u32,
    /// The stage, from 1.
    pub stage: u64,
    /// Tickets of its urn.
    pub tickets: u32,
    /// The visit.
    pub visit: String,
}

impl Worst {
    fn of(evidence: &Evidence) -> Option<Self> {
        let lines = evidence.stages.as_ref()?.lines.iter().map(|(_, line)| line);
        let line = lines.rev().max_by_key(|line| line.worst.as_ref().map_or(0, |worst| worst.n))?;
        let worst = line.worst.as_ref()?;
        let bound = evidence.bounds.iter().find(|(_, bounds)| bounds.stage == line.stage);
        Some(Self {
            bound: bound.map(|(_, bounds)| bounds.worst.at_least),
            inspector: worst.inspector.clone(),
            n: worst.n,
            stage: line.stage,
            tickets: line.tickets,
            visit: worst.visit.clone(),
        })
    }

    /// One line, where neither the odds nor the bounds were found to be wrong.
    fn show(&self, verdict: &Verdict, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bound, inspector, n, stage, tickets, visit } = self;
        let state = |name| verdict.claims.iter().find(|(claim, _)| claim.name == name).map(|(_, state)| *state);
        let how = match state("odds") {
            Some(State::Sound) => "recounted",
            Some(State::NotGiven) => "as stated",
            _ => return Ok(()),
        };
        let (who, visit) = (plain(inspector), plain(visit));
        write!(f, "odds    worst {n} of {tickets} tickets ({who} on {visit}, stage {stage}), {how}")?;
        match (bound, state("bounds")) {
            (Some(bound), Some(State::Sound)) => writeln!(f, "; no lottery below {bound}, proved"),
            (Some(bound), Some(State::NotGiven)) => writeln!(f, "; no lottery below {bound}, as stated"),
            _ => writeln!(f),
        }
    }
}

/// What no claim about a record can say and its reader must know.
fn notices(evidence: &Evidence) -> Vec<Notice> {
    let tickets = evidence.thawed.case.map(|(case, _)| u64::from(case.urn.tickets));
    tickets.and_then(|tickets| few_tickets(tickets, None, "each stage")).into_iter().collect()
}

/// What a verifier says of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The name of the case, where it could be read.
    pub case: Option<String>,
    /// The seed, where it could be read.
    pub seed: Option<String>,
    /// The digest of the inputs as they are, in hex.
    pub inputs: String,
    /// Each claim with its state.
    pub claims: Vec<(Claim, State)>,
    /// Everything that is wrong, by claim.
    pub findings: Vec<Finding>,
    /// What no claim can say and a reader must know, in the order of [`NOTICES`](super::NOTICES).
    pub notices: Vec<Notice>,
    /// What is stated of the urn of each stage, in order.
    pub stages: Vec<StageFigures>,
    /// The counts, where the inputs could be read.
    pub tally: Option<Tally>,
    /// The urns, where the record and the inputs could be read.
    pub urns: Option<Recounted>,
    /// The easiest guess, as stated; what the claims `odds` and `bounds` came to says what that is worth.
    pub worst: Option<Worst>,
}

impl Verdict {
    pub(super) fn new(evidence: &Evidence) -> Self {
        let case = evidence.thawed.case.zip(evidence.published.as_ref());
        let ceremony = evidence.record.as_ref().and_then(|record| record.ceremony.as_ref());
        let until = ceremony.map(|ceremony| ceremony.span().to);
        Self {
            case: evidence.thawed.case.map(|(case, _)| case.name.clone()),
            seed: evidence.record.as_ref().map(|record| record.seed.clone()),
            inputs: to_hex(&evidence.inputs),
            claims: Vec::new(),
            findings: Vec::new(),
            notices: notices(evidence),
            stages: StageFigures::all(evidence),
            tally: case.map(|((case, book), published)| Tally::of(case, book, published, until)),
            urns: evidence.stages.as_ref().map(Recounted::of),
            worst: Worst::of(evidence),
        }
    }

    /// Adds what came of checking a claim: its findings, or none where it could not be checked.
    pub fn add(&mut self, claim: Claim, found: Option<Vec<Finding>>) {
        let state = match &found {
            None => State::Unchecked,
            Some(findings) if findings.is_empty() => State::Sound,
            Some(_) => State::Broken,
        };
        self.claims.push((claim, state));
        self.findings.extend(found.into_iter().flatten().map(|finding| Finding { claim: claim.name, ..finding }));
    }

    /// Adds what came of a claim about urns: where nothing is wrong, it is still not checked if an urn is `missing`, or
    /// could not be read.
    pub(super) fn add_partly(&mut self, claim: Claim, found: Option<Vec<Finding>>, missing: bool, unread: bool) {
        self.add(claim, found);
        if let Some((_, state)) = self.claims.last_mut().filter(|(_, state)| *state == State::Sound) {
            *state = match (unread, missing) {
                (true, _) if claim.name != "urns" => State::Unchecked,
                (_, true) => State::NotGiven,
                _ => State::Sound,
            };
        }
    }

    /// Whether every claim was checked and holds. Visits that are not staffed do
    /// not break a claim, and neither does an urn that was not handed on: nothing is said of it.
    pub fn is_sound(&self) -> bool {
        self.claims.iter().all(|(_, state)| matches!(state, State::Sound | State::NotGiven))
    }

    /// Whether somebody who knows the builder has built the schedule anew and said what came of it. Recounting alone
    /// can't tell a lawful schedule that the seed gave from one that it did not.
    fn was_replayed(&self) -> bool {
        self.claims.iter().any(|(claim, _)| claim.name == super::REPLAY)
    }

    /// The verdict for machines: one line of JSON, keys in order.
    pub fn json(&self) -> String {
        let verdict = json::Verdict {
            case: self.case.as_deref(),
            claims: self.claims.iter().map(|(claim, state)| json::Claim { claim: claim.name, state: *state }).collect(),
            counts: self.tally.as_ref(),
            findings: self.findings.iter().map(json::Finding::of).collect(),
            inputs: &self.inputs,
            notices: &self.notices,
            seed: self.seed.as_deref(),
            sound: self.is_sound(),
            stages: &self.stages,
            urns: self.urns,
            worst: self.worst.as_ref(),
        };
        serde_json::to_string(&verdict).expect("structs with text keys always have a JSON text")
    }
}

/// The shape of [`Verdict::json`], fields in order of name.
pub(super) mod json {
    use serde::Serialize;

    use super::{Recounted, State, Tally, Worst};
    use crate::verify::{Notice, StageFigures};

    #[derive(Serialize)]
    pub(super) struct Verdict<'v> {
        #[serde(skip_serializing_if = "Option::is_none")]
        pub case: Option<&'v str>,
        pub claims: Vec<Claim>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub counts: Option<&'v Tally>,
        pub findings: Vec<Finding<'v>>,
        pub inputs: &'v str,
        pub notices: &'v [Notice],
        #[serde(skip_serializing_if = "Option::is_none")]
        pub seed: Option<&'v str>,
        pub sound: bool,
        pub stages: &'v [StageFigures],
        #[serde(skip_serializing_if = "Option::is_none")]
        pub urns: Option<Recounted>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub worst: Option<&'v Worst>,
    }

    #[derive(Serialize)]
    pub(in crate::verify) struct Claim {
        pub claim: &'static str,
        pub state: State,
    }

    #[derive(Serialize)]
    pub(in crate::verify) struct Finding<'v> {
        pub claim: &'static str,
        pub explain: &'static str,
        pub file: &'v str,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub line: Option<u64>,
        pub name: &'static str,
        pub says: &'v str,
    }

    impl<'v> Finding<'v> {
        pub(in crate::verify) fn of(finding: &'v super::Finding) -> Self {
            let super::Finding { claim, name, place, says, explain } = finding;
            Self { claim, explain, file: &place.file, line: place.line, name, says }
        }
    }
}

/// Findings that people are shown; machines get all of them.
pub(super) const SHOWN_MAX: usize = 200;

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.notices.iter().try_for_each(|notice| writeln!(f, "{}", notice.show()))?;
        if !self.notices.is_empty() {
            writeln!(f)?;
        }
        writeln!(f, "case    {}", plain(self.case.as_deref().unwrap_or("(could not be read)")))?;
        writeln!(
            f,
            "seed    {}",
            plain(&self.seed.as_ref().map_or("(could not be read)".into(), |s| format!("\"{s}\"")))
        )?;
        writeln!(f, "inputs  {}", self.inputs)?;
        if let Some(tally) = &self.tally {
            tally.show(f)?;
        }
        if let Some(urns) = self.urns {
            urns.show(f)?;
        }
        if let Some(worst) = &self.worst {
            worst.show(self, f)?;
        }
        StageFigures::show(&self.stages, f)?;
        writeln!(f)?;
        for (claim, state) in &self.claims {
            writeln!(f, "{:9}  {:8}  {}", state.word(), claim.name, claim.says)?;
        }
        for (at, finding) in self.findings.iter().take(SHOWN_MAX).enumerate() {
            write!(f, "\n{}. {finding}", at + 1)?;
        }
        if let Some(more) = self.findings.len().checked_sub(SHOWN_MAX).filter(|more| *more > 0) {
            writeln!(f, "\nand {more} more; the JSON form has all of them")?;
        }
        match (self.is_sound(), self.findings.len()) {
            (true, _) if self.was_replayed() => writeln!(f, "\nSound."),
            (true, _) if self.claims.iter().any(|(_, state)| *state == State::NotGiven) => {
                writeln!(f, "\nSound as far as it could be checked: an urn was not handed on.")
            }
            (true, _) => writeln!(f, "\nSound. Only a replay can tell whether the seed gave this very schedule."),
            (false, 0) => writeln!(f, "\nNot sound: a claim could not be checked."),
            (false, 1) => writeln!(f, "\nNot sound: 1 finding."),
            (false, many) => writeln!(f, "\nNot sound: {many} findings."),
        }
    }
}

impl Tally {
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { staffed, visits, mandatory, mandatory_staffed, seats, inspectors, .. } = self;
        writeln!(
            f,
            "visits  {staffed} of {visits} staffed, {mandatory_staffed} of {mandatory} mandatory ones; \
             {seats} seats, {inspectors} inspectors"
        )?;
        writeln!(f, "rules   edition {} of the rule book", self.edition)?;
        for visit in &self.mandatory_unstaffed {
            writeln!(f, "NOT STAFFED  mandatory visit {}", plain(visit))?;
        }
        for rule in &self.rules_off {
            writeln!(f, "RULE OFF     {rule}: on by default, turned off by the policy")?;
        }
        for setting in &self.settings {
            writeln!(f, "SETTING      {}", plain(setting))?;
        }
        for waiver in &self.waivers {
            writeln!(f, "WAIVER       {}", plain(waiver))?;
        }
        if !self.waivers.is_empty() {
            writeln!(f, "waivers {} in all, {} of them used", self.waivers.len(), self.waivers_used)?;
        }
        Ok(())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, plain(&self.place.file))?;
        if let Some(line) = self.place.line {
            write!(f, ", line {line}")?;
        }
        writeln!(f, "\n   {}\n   {}", plain(&self.says), self.explain)
    }
}

/// `text` with every character that could move a cursor, hide or turn round other text written as its
/// number: what is shown comes from files that nobody vouches for.
pub(super) fn plain(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(
                c,
                '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}' | '\u{ffa0}' | '\u{feff}'
            )
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
            || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
    };
    text.chars().map(|c| if hidden(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_record_can_move_the_cursor() {
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}c"), "a\\u{1b}[2Jb\\u{202e}c");
        assert_eq!(plain("a\u{ad}b\u{61c}c\u{e0041}"), "a\\u{ad}b\\u{61c}c\\u{e0041}");
    }
}
