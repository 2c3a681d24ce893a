//! Notices of what a freeze lacks that the freeze before had, of history that nobody knows, and of what the policy says otherwise.
//!
//! Nearly all of it happens in honest offices: people leave, complaints are taken back. So nothing here is a finding; but whoever looks for
//! somebody who makes facts vanish sees each of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Evidence;
use super::frozen::Masters;
use crate::model::{Absence, Case, Conflict, Kind, Setting, Visit, Waiver};
use crate::record::changes::{Conflicted, PastRow, covers, lasts};
use crate::record::{Files, POLICY, below, frozen_folder, thaw};
use crate::rules::{Book, Booked, ENABLED};
use crate::verify::Notice;

/// Facts that are named; the others are counted.
const FACTS_MAX: usize = 3;
/// Characters of a fact that are shown.
const FACT_MAX: usize = 100;
/// A value of a policy with more characters is not shown.
const VALUE_MAX: usize = 40;

/// Inputs that were frozen, as they are compared.
pub(crate) struct FreezeRead {
    number: u64,
    case: Case,
    book: Book,
    policy: Policy,
}

/// What a policy says: its first line, and each rule with its parameters in force. A rule that is off says nothing else.
struct Policy {
    head: Map<String, Value>,
    rules: BTreeMap<&'static str, Map<String, Value>>,
}

/// What must be known of a freeze: the name of its notice, what is counted, and the facts.
pub(crate) struct Since {
    pub name: &'static str,
    pub counts: String,
    pub facts: String,
}

impl FreezeRead {
    /// The inputs of freeze `number`; none where they have flaws.
    pub(crate) fn of(number: u64, files: &Files) -> Option<Self> {
        let (case, book) = thaw(files).ok()?;
        let policy = Policy::of(files.get(POLICY)?, &book)?;
        Some(Self { number, case, book, policy })
    }

    /// What it lacks of what the freeze before had, and what its policy says otherwise; of visits those that were not `drawn` until then.
    pub(crate) fn since(&self, before: &Self, drawn: &dyn Fn(&str) -> bool) -> Vec<Since> {
        let (number, last) = (self.number, before.number);
        let lacks = self.lacks(before, drawn).into_iter();
        let gone =
            lacks.map(|(kind, facts)| ("vanished", format!("freeze {number} lacks {kind} of freeze {last}"), facts));
        let other = format!("freeze {number} has another policy than freeze {last}");
        let policy = ("policy-changed", other, self.policy.since(&before.policy));
        let told = gone.chain([policy]).filter(|(.., facts)| !facts.is_empty());
        told.map(|(name, says, facts)| Since {
            name,
            counts: format!("{says}: {}", facts.len()),
            facts: some_facts(&facts),
        })
        .collect()
    }

    /// What this freeze lacks of what the one before had, kind by kind.
    fn lacks(&self, before: &Self, drawn: &dyn Fn(&str) -> bool) -> [(&'static str, Vec<String>); 7] {
        let (now, was) = (&self.case, &before.case);
        [
            ("visits that were not drawn", visits(now, was, drawn)),
            ("conflicts", conflicts((now, &self.book), was)),
            ("absences", absences(now, was)),
            ("rows of history", history(now, was)),
            ("people", people(now, was)),
            ("places", places(now, was)),
            ("waivers", waivers(now, was)),
        ]
    }

    /// Its number.
    #[cfg(feature = "cli")]
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The days that it plans.
    #[cfg(feature = "cli")]
    pub(crate) fn period(&self) -> (chrono::NaiveDate, chrono::NaiveDate) {
        (self.case.period.from, self.case.period.to)
    }

    /// The case and its rules.
    #[cfg(feature = "cli")]
    pub(crate) fn case(&self) -> (&Case, &Book) {
        (&self.case, &self.book)
    }

    fn rows(&self) -> impl Iterator<Item = PastRow> {
        self.case.history.iter().map(|past| PastRow::of(&self.case, past))
    }
}

/// What must be known of the freezes whose inputs are what the ledger names, each held against the one before among them.
pub(super) fn notices(evidence: &Evidence, masters: &Masters) -> Vec<Notice> {
    if masters.len() < 2 {
        return Vec::new();
    }
    let known = evidence.course.freezes.iter().filter(|(_, freeze)| masters.contains_key(&freeze.number));
    let read = |number: u64| FreezeRead::of(number, &below(evidence.files, &frozen_folder(number)));
    let mut all = known.filter_map(|(line, freeze)| Some((*line, read(freeze.number)?)));
    let (mut told, mut before) = (Vec::new(), all.next());
    let first = before.as_ref().map_or(0, |(_, first)| first.number);
    let mut rows: BTreeSet<PastRow> = before.iter().flat_map(|(_, first)| first.rows()).collect();
    for (line, now) in all {
        if let Some((_, before)) = &before {
            let drawn = |visit: &str| evidence.history.drawn.get(visit).is_some_and(|first| *first < line);
            let since = now.since(before, &drawn).into_iter();
            told.extend(since.map(|one| Notice::counted(one.name, line, one.counts, &one.facts)));
        }
        if let Some(went) = &evidence.history.went {
            let added: Vec<PastRow> = now.rows().filter(|row| !went.contains(row) && !rows.contains(row)).collect();
            told.extend(not_known(line, (now.number, first), &added));
            rows.extend(added);
        }
        before = Some((line, now));
    }
    told
}

fn not_known(line: u64, (number, first): (u64, u64), added: &[PastRow]) -> Option<Notice> {
    let facts: BTreeSet<String> = added.iter().map(PastRow::to_string).collect();
    let facts: Vec<String> = facts.into_iter().collect();
    let says = format!("history of freeze {number} that neither freeze {first} nor the ledger knows: {}", facts.len());
    (!facts.is_empty()).then(|| Notice::counted("history-added", line, says, &some_facts(&facts)))
}

/// In brackets, the first few facts, each cut where it is long, and how many more there are.
pub(super) fn some_facts(facts: &[String]) -> String {
    let cut = |fact: &String| match fact.char_indices().nth(FACT_MAX) {
        Some((end, _)) => format!("{}...", fact.get(..end).unwrap_or_default()),
        None => fact.clone(),
    };
    let told: Vec<String> = facts.iter().take(FACTS_MAX).map(cut).collect();
    match facts.len().saturating_sub(FACTS_MAX) {
        0 => format!(" ({})", told.join(", ")),
        more => format!(" ({} and {more} more)", told.join(", ")),
    }
}

/// A visit under another kind or at another place is not the one that it was.
fn visits(now: &Case, was: &Case, drawn: &dyn Fn(&str) -> bool) -> Vec<String> {
    let must = was.visits.iter().filter(|visit| visit.kind != Kind::Programmed && !drawn(&visit.id));
    let place = |case: &Case, visit: &Visit| case.establishment(visit.establishment).id.clone();
    let same = |visit: &Visit| {
        let there = now.find_visit(&visit.id).map(|at| now.visit(at));
        there.is_some_and(|there| there.kind == visit.kind && place(now, there) == place(was, visit))
    };
    must.filter(|visit| !same(visit)).map(|visit| format!("{} ({})", visit.id, visit.kind.word())).collect()
}

/// Conflicts of people and targets that are still there, which would exclude in the new period.
fn conflicts((now, book): (&Case, &Book), was: &Case) -> Vec<String> {
    let all = was.conflicts.iter().map(|one| (one, Conflicted::of(was, one)));
    let ends = |one: &Conflict| book.last_day_of(one).is_some_and(|last| last < now.period.from);
    let has: BTreeSet<Conflicted> = now.conflicts.iter().map(|one| Conflicted::of(now, one)).collect();
    let lost = all.filter(|(one, said)| !ends(one) && !has.contains(said) && !lasts(now, said));
    lost.map(|(_, said)| format!("{} with {}", said.inspector, said.target)).collect()
}

/// Absences of days that the new period has.
fn absences(now: &Case, was: &Case) -> Vec<String> {
    let id = |one: &Absence| was.inspector(one.inspector).id.clone();
    let slots = |one: &Absence| -> Vec<&str> {
        one.slots.iter().filter_map(|slot| was.period.slots.get(slot.index())).map(String::as_str).collect()
    };
    let lost =
        was.absences.iter().filter(|one| !covers(now, &id(one), (one.from, one.to), &slots(one), now.period.from));
    let part = |one: &Absence| slots(one).iter().map(|slot| format!(", {slot}")).collect::<String>();
    lost.map(|one| format!("{} from {} to {}{}", id(one), one.from, one.to, part(one))).collect()
}

fn history(now: &Case, was: &Case) -> Vec<String> {
    let has: BTreeSet<PastRow> = now.history.iter().map(|past| PastRow::of(now, past)).collect();
    let rows = was.history.iter().map(|past| PastRow::of(was, past));
    rows.filter(|row| !has.contains(row)).map(|row| row.to_string()).collect()
}

/// Whoever is on the roster no more, although it did not say that they leave.
fn people(now: &Case, was: &Case) -> Vec<String> {
    let stay = was.inspectors.iter().filter(|one| one.left_on.is_none());
    stay.filter(|one| now.find_inspector(&one.id).is_none()).map(|one| one.id.clone()).collect()
}

/// Places of the register.
fn places(now: &Case, was: &Case) -> Vec<String> {
    let registered = |id: &str| now.find_establishment(id).is_some_and(|place| now.establishment(place).registered);
    let lost = was.establishments.iter().filter(|place| place.registered && !registered(&place.id));
    lost.map(|place| place.id.clone()).collect()
}

/// Waivers of visits and people that are still there.
fn waivers(now: &Case, was: &Case) -> Vec<String> {
    let words = |case: &Case, one: &Waiver| {
        (one.rule.clone(), case.inspector(one.inspector).id.clone(), case.visit(one.visit).id.clone())
    };
    let has: BTreeSet<_> = now.waivers.iter().map(|one| words(now, one)).collect();
    let all = was.waivers.iter().map(|one| words(was, one)).filter(|one| !has.contains(one));
    let there = all.filter(|(_, who, visit)| now.find_inspector(who).is_some() && now.find_visit(visit).is_some());
    there.map(|(rule, who, visit)| format!("{rule} for {who} on {visit}")).collect()
}

impl Policy {
    fn of(bytes: &[u8], book: &Book) -> Option<Self> {
        let head = serde_json::from_slice(bytes.split(|byte| *byte == b'\n').next()?).ok()?;
        let rule = |booked: &Booked| {
            let said = booked.parameters.iter().filter(|(name, _)| booked.is_asked() || *name == ENABLED);
            (booked.entry.name, said.map(|(name, value)| (name.clone(), json_of(value))).collect())
        };
        Some(Self { head, rules: book.all().iter().map(rule).collect() })
    }

    fn since(&self, before: &Self) -> Vec<String> {
        let rules = self.rules.iter().filter_map(|(name, now)| Some((name, now, before.rules.get(name)?)));
        let mut facts: Vec<String> = rules.flat_map(|(name, now, was)| rule_since(name, now, was)).collect();
        // The name and the days of a case are new with every period; the edition follows from the rules.
        let decides = |name: &&String| !["edition", "from", "name", "to"].contains(&name.as_str());
        let names: BTreeSet<&String> = self.head.keys().chain(before.head.keys()).filter(decides).collect();
        facts.extend(names.into_iter().filter_map(|name| differs(name, self.head.get(name), before.head.get(name))));
        facts
    }
}

fn json_of(value: &Setting) -> Value {
    match value {
        Setting::Switch(on) => Value::from(*on),
        Setting::Number(number) => Value::from(*number),
        Setting::Text(text) => Value::from(text.as_str()),
        Setting::List(list) => Value::from(list.as_slice()),
    }
}

/// Whether it is off or on since then, and what else of it is another.
fn rule_since(name: &str, now: &Map<String, Value>, was: &Map<String, Value>) -> Vec<String> {
    // What a rule asks is another only where it was on and still is.
    let names = now.keys().filter(|name| was.contains_key(*name));
    let one = |parameter: &String| {
        let (now, was) = (now.get(parameter), was.get(parameter));
        match (parameter.as_str(), now) {
            _ if now == was => None,
            ("enabled", Some(Value::Bool(true))) => Some(format!("rule {name} is on")),
            ("enabled", _) => Some(format!("rule {name} is off")),
            _ => differs(&format!("rule {name}: {parameter}"), now, was),
        }
    };
    names.filter_map(one).collect()
}

fn differs(name: &str, now: Option<&Value>, was: Option<&Value>) -> Option<String> {
    let spelled = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
    let (new, old) = (spelled(now), spelled(was));
    let long = [&new, &old].iter().any(|value| value.chars().count() > VALUE_MAX);
    (now != was).then(|| match long {
        true => format!("{name} is another"),
        false => format!("{name} {new} instead of {old}"),
    })
}
