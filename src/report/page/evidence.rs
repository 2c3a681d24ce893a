//! What was fixed when, what decided, what follows from it and what does not, for somebody who judges without knowing the program.

use super::told::{Change, Claim, Command, Cosigned, Digest, Evidence, Finding, Loud, Notice, Party, Stage, Step};
use super::{CeremonyFacts, Facts, LedgerLine, Proof};
use crate::record::Record;
use crate::report::count;
use crate::verify::{self, CeremonyVerdict, State, Verdict};

/// What proves the draw.
pub(super) fn evidence(facts: &Facts, stages: &[Stage]) -> Evidence {
    match &facts.proof {
        Proof::Seed { record, verdict } => of_seed(facts, stages, record, verdict),
        Proof::Ledger(ceremony) => of_ledger(facts, ceremony),
    }
}

fn of_seed(facts: &Facts, stages: &[Stage], record: &Record, verdict: &Verdict) -> Evidence {
    let tickets = stages.first().map_or(0, |stage| stage.tickets);
    let step = |says: String| Step { says, ..Step::default() };
    let steps = vec![
        step(format!(
            "What the office knew was fixed: {}, {}, and every absence, conflict and past visit. Its digest is a number of 64 digits (below). \
             Whoever changes one letter of it gets another digest.",
            count(facts.case.inspectors.len(), "inspector", "inspectors"),
            count(facts.case.visits.len(), "visit", "visits"),
        )),
        step(format!("The seed is the text \u{201c}{}\u{201d}. Somebody gave it; nothing here shows when.", record.seed)),
        step(format!(
            "{}, each kept in an urn of {tickets} complete schedules. Every one of them keeps every rule.",
            match stages.len() {
                1 => "The whole period is one stage".to_owned(),
                n => format!("The period has {n} stages"),
            },
        )),
        step(
            "From the digest and the seed follows one ticket of each urn, by published arithmetic. No clock, no choice and nobody\u{2019}s hand \
             comes in between."
                .to_owned(),
        ),
    ];
    let digest = |of: &str, hex: &str| Digest { of: of.to_owned(), hex: hex.to_owned() };
    let mut evidence = Evidence {
        steps,
        follows: vec![
            "Whoever draws again from these inputs and this seed gets this schedule, byte for byte, or has found a forgery. It takes one command \
             (below); this page did not draw again."
                .to_owned(),
            "Every rule was recounted from the inputs when this page was made.".to_owned(),
            "Who steps in for whom was drawn with the schedule, so an absence can\u{2019}t be used to choose a person.".to_owned(),
        ],
        limits: vec![
            "That the seed was not chosen. Whoever could choose it, or change an input, could have tried many and kept one. Ask who fixed it, before whom, \
             and when the inputs were closed. A ceremony rules this out."
                .to_owned(),
            "That the inputs are true. An absence or a conflict that was entered falsely is drawn from like a true one.".to_owned(),
        ],
        digests: vec![
            digest("inputs", &record.inputs),
            digest("schedule", &record.schedule),
            digest("odds", &record.odds),
            digest("stages", &record.stages),
            digest("reserves", &record.reserves),
        ],
        commands: seed_commands(&facts.folder),
        ..Evidence::default()
    };
    if !verdict.is_sound() {
        evidence.follows.clear();
    }
    judged(&mut evidence, verdict.is_sound(), &verdict.claims, &verdict.findings);
    evidence
}

/// Who keeps the ledger, and who saw how much of it when.
fn kept(evidence: &mut Evidence, verdict: &CeremonyVerdict) {
    evidence.head = Some(sentence(&verdict.head.says()));
    let party =
        |party: &verify::PartySeen| Party { name: party.name.clone(), role: party.role, key: party.key.clone() };
    evidence.parties = verdict.parties.iter().map(party).collect();
    let cosigned = |one: &verify::Cosignature| Cosigned { name: one.name.clone(), lines: one.lines, time: one.when() };
    evidence.cosignatures = verdict.cosignatures.iter().map(cosigned).collect();
}

fn seed_commands(folder: &str) -> Vec<Command> {
    let folder = quoted(folder);
    let command = |says, run: String| Command { says, run };
    vec![
        command("Recount every rule and every figure from the inputs", format!("foureyes verify {folder}")),
        command("Draw everything anew and compare every byte", format!("foureyes verify {folder} --replay")),
        command(
            "The same with a reader that shares no line with this program",
            format!("python3 examples/second_reader.py {folder}"),
        ),
        command("Why these people, and who else could have gone", format!("foureyes explain {folder} VISIT")),
        command("Why somebody does not go there", format!("foureyes whynot {folder} VISIT INSPECTOR")),
    ]
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if text.chars().all(plain) && !text.is_empty() {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

fn of_ledger(facts: &Facts, ceremony: &CeremonyFacts) -> Evidence {
    let verdict = ceremony.verdict;
    let step = |line: &LedgerLine| Step {
        says: sentence(&line.says),
        means: means(line.kind),
        line: Some(line.line),
        seen: seen(line),
    };
    let follows = FOLLOWS.iter().filter(|(claims, _)| claims.iter().all(|name| is_sound(verdict, name)));
    let mut evidence = Evidence {
        steps: ceremony.lines.iter().map(step).collect(),
        follows: follows.map(|(_, says)| (*says).to_owned()).collect(),
        limits: vec![
            "That the inputs are true. If planner and auditor agree to enter something false before it is frozen, no arithmetic sees it; receipts and \
             colleagues may."
                .to_owned(),
            "That nobody talks. Whoever is told their order may pass it on.".to_owned(),
        ],
        commands: ledger_commands(facts),
        ..Evidence::default()
    };
    evidence.limits.extend((!verdict.beside.is_empty()).then(|| BESIDE.to_owned()));
    judged(&mut evidence, verdict.is_sound(), &verdict.claims, &verdict.findings);
    kept(&mut evidence, verdict);
    evidence
}

/// What is said where no line names something that lies there. Its name may be anything, and the public reads this too.
const BESIDE: &str = "That nothing was taken off the ledger: beside it lies what none of its lines names, since an act was stopped on its way or a line is gone. \
                      foureyes verify says what it is.";

/// What follows where these claims are sound.
const FOLLOWS: &[(&[&str], &str)] = &[
    (
        &["ledger", "checkpoints", "commitments", "beacons", "secrets"],
        "Nobody could know or choose what would be drawn: the urn, the secrets and the number that decides were fixed, and an auditor signed to \
         have seen it, before that number existed.",
    ),
    (
        &["ledger", "commitments"],
        "Each commitment was drawn once. One that is made void stays on the ledger for everybody to see.",
    ),
    (
        &["signatures", "amendments"],
        "Whatever changed afterwards stands on the ledger with two signatures, and whoever stepped in follows from the order that the draw had fixed.",
    ),
];

fn is_sound(verdict: &CeremonyVerdict, name: &str) -> bool {
    verdict.claims.iter().any(|(claim, state)| claim.name == name && *state == State::Sound)
}

/// What a line of the ledger is for.
fn means(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "open" => {
            "From here on lines are only added. Each names the one above by its digest, so none can be changed or taken out unseen."
        }
        "freeze" => {
            "What the office knew was fixed. Nothing can be added to it or taken away afterwards without its root being another."
        }
        "commit" => "The urn was fixed, and what will decide: something that nobody could know then.",
        "draw" => {
            "What decides has come. With it, and the secrets that were fixed before, one ticket of the urn follows; nobody chooses."
        }
        "amend" => "Seats fell vacant. Who steps in follows from the order that the draw fixed. Two signed it.",
        "override" => "This was done by hand, past the draw. Two signed it.",
        "void" => "From this commitment nothing is drawn. Two signed it.",
        "executed" => "Who really went was written down when the day was over.",
        "disclose" => "The secrets of a draw that is over were published, so that everybody can repeat it.",
        _ => return None,
    })
}

fn ledger_commands(facts: &Facts) -> Vec<Command> {
    let folder = quoted(&facts.folder);
    let command = |says, run: String| Command { says, run };
    vec![
        command("Check the ledger, its signatures, and every draw and change", format!("foureyes verify {folder}")),
        command(
            "Hold it against the keys of those whom you know, and the copy of somebody else",
            format!("foureyes verify {folder} OTHER-FOLDER --party NAME.party --checkpoint FILE"),
        ),
        command("Draw everything anew and compare every byte", format!("foureyes verify {folder} --replay")),
        command(
            "The same with a reader that shares no line with this program",
            format!("python3 examples/second_reader.py {folder}"),
        ),
    ]
}

/// With a capital, and a stop at its end.
fn sentence(says: &str) -> String {
    let mut letters = says.chars();
    let capital: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let stop = if says.ends_with('.') { "" } else { "." };
    format!("{capital}{}{stop}", letters.as_str())
}

/// When an auditor saw a line, and of a commitment, whether that was in time.
fn seen(line: &LedgerLine) -> Option<String> {
    let Some((time, who, when)) = &line.seen else {
        return line
            .decided
            .as_ref()
            .map(|_| "No auditor is known to have seen it before its number was known.".to_owned());
    };
    let in_time = match &line.decided {
        Some((decided, at)) if time < decided => format!(", before the number that decides existed ({at})"),
        Some((_, at)) => format!(", NOT before the number that decides existed ({at})"),
        None => String::new(),
    };
    Some(format!("{who} signed to have seen it, on {when}{in_time}."))
}

/// What came of checking.
fn judged(evidence: &mut Evidence, sound: bool, claims: &[(verify::Claim, State)], findings: &[verify::Finding]) {
    evidence.sound = sound;
    let not_given = claims.iter().any(|(_, state)| *state == State::NotGiven);
    evidence.verdict = match (sound, not_given) {
        (true, false) => "Sound: every claim was checked when this page was made, and nothing is wrong.".to_owned(),
        (true, true) => {
            "Sound as far as it could be checked when this page was made. What is marked \u{201c}not given\u{201d} takes files that were not handed on."
                .to_owned()
        }
        (false, _) => {
            format!("NOT SOUND: {}. Do not rely on what this page says before it is explained.", count(findings.len(), "finding", "findings"))
        }
    };
    let claim =
        |(claim, state): &(verify::Claim, State)| Claim { claim: claim.name, says: claim.says, state: state.word() };
    evidence.claims = claims.iter().map(claim).collect();
    let finding = |finding: &verify::Finding| {
        let line = finding.place.line.map_or(String::new(), |line| format!(", line {line}"));
        Finding {
            name: finding.name,
            claim: finding.claim,
            says: Some(format!("{}{line}: {}", finding.place.file, finding.says)),
            explain: finding.explain,
        }
    };
    evidence.findings = findings.iter().map(finding).collect();
}

/// What two hands did past the draw, and what changed after it.
pub(super) fn changes(facts: &Facts) -> (Vec<Loud>, Vec<Change>) {
    let Proof::Ledger(ceremony) = &facts.proof else { return Default::default() };
    let details = |line: u64| ceremony.lines.iter().find(|of| of.line == line).map(|of| of.details.clone());
    let loud = |loud: &verify::Loud| Loud {
        kind: loud.kind,
        line: loud.line,
        says: loud.says.clone(),
        reason: Some(loud.reason.clone()).filter(|reason| !reason.is_empty()),
        details: details(loud.line).unwrap_or_default(),
        signed: loud.signed.clone(),
    };
    let change = |line: &LedgerLine| Change {
        line: line.line,
        kind: line.kind,
        says: sentence(&line.says),
        details: line.details.clone(),
    };
    let changed = ceremony.lines.iter().filter(|line| ["amend", "override", "executed"].contains(&line.kind));
    let mut all: Vec<Loud> = ceremony.verdict.loud.iter().map(loud).collect();
    all.sort_by_key(|loud| (["override", "fallback", "void"].iter().position(|kind| *kind == loud.kind), loud.line));
    (all, changed.map(change).collect())
}

/// What a reader must know though nothing is wrong.
pub(super) fn notices(facts: &Facts) -> Vec<Notice> {
    let all = match &facts.proof {
        Proof::Seed { verdict, .. } => &verdict.notices,
        Proof::Ledger(ceremony) => &ceremony.verdict.notices,
    };
    let means = |name: &str| verify::NOTICES.iter().find(|meant| meant.name == name).map_or("", |meant| meant.means);
    let one = |one: &verify::Notice| Notice {
        name: one.name,
        line: one.line,
        says: one.says.clone(),
        means: means(one.name),
        counts: one.counts.clone(),
    };
    all.iter().map(one).collect()
}

/// What the policy says of rules beside their defaults.
pub(super) fn settings(facts: &Facts) -> Vec<String> {
    match &facts.proof {
        Proof::Seed { verdict, .. } => verdict.tally.as_ref().map(|tally| tally.settings.clone()).unwrap_or_default(),
        Proof::Ledger(_) => Vec::new(),
    }
}
