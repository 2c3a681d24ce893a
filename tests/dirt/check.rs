//! Whether everything that is true is in the case that came of the files.
//!
//! It knows nothing of how files are read. It takes the case, looks for every row that may stand for a person or a place, and holds
//! each of them to the truth: a person in two rows must be kept away from a place, and from work, in both.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use chrono::{Days, NaiveDate};
use foureyes::model::{Case, ConflictTarget, EstablishmentId, InspectorId};
use foureyes::read::import::{Import, Request, import};
use foureyes::read::{Level, read_files};
use unicode_normalization::UnicodeNormalization;

use super::office::Office;
use super::truth::{Target, Truth};

/// Keys of the policy that leave something out.
const KEYS: [&str; 3] = ["`skip`", "`skip_sheets`", "`drops`"];

/// What came of the files of an office.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Everything is there, and nothing else.
    Kept,
    /// More is there than is true, and the kind of dirt makes it so.
    Wider,
    /// Something is missing, and a note names it.
    Noted,
    /// The import asks which column is which.
    Columns,
    /// The import asks what no file can say.
    Choice,
    /// It stops; the first thing that it says.
    Error(String),
    /// Something is there that nobody said.
    Invented(Vec<String>),
    /// Something is missing, and nothing says so.
    Lost(Vec<String>),
}

const POLICY: &str = "[period]\nfrom = 2027-01-04\nto = 2027-03-31\nslots = [\"am\"]\n";

/// Imports the files of an office, takes what is proposed, and looks for the truth.
pub fn outcome(office: &Office) -> Outcome {
    let scratch = tempfile::tempdir().unwrap();
    let mut request = Request { accept: true, template: POLICY.to_owned(), ..Request::default() };
    for table in ["inspectors", "establishments", "visits"].iter().filter(|table| office.has_our_header(table)) {
        // To look for likenesses of headers is most of the time of an import, and here there is nothing to find.
        let ours = office.tables[*table].sheet.titles.iter().map(|title| format!("{title} = \"{title}\"\n"));
        request.template += &format!("[import.{table}]\n{}ignore = []\n", ours.collect::<String>());
    }
    for (table, file) in &office.tables {
        let path = scratch.path().join(format!("{table}.{}", file.ending()));
        fs::write(&path, file.bytes()).unwrap();
        request.sources.push((table, path));
    }
    let came = import(&scratch.path().join("case"), &request);
    if !came.is_sound() {
        return match () {
            () if !came.choices.is_empty() => Outcome::Choice,
            () => came
                .problems
                .iter()
                .find(|problem| problem.level == Level::Error)
                .map_or(Outcome::Columns, |problem| Outcome::Error(problem.to_string())),
        };
    }
    let Some(case) = read_files(&came.files).case else { return Outcome::Error("there is no case".to_owned()) };
    judge(&office.truth, &case, &came, office.widens)
}

/// Holds a case against the truth.
pub fn judge(truth: &Truth, case: &Case, came: &Import, widens: bool) -> Outcome {
    let found = Found::new(truth, case);
    let lost = found.lost();
    if !lost.is_empty() {
        // A note that something is not read is no excuse: somebody must have said so, by a key that the note names.
        let by_a_key = |says: &str| KEYS.iter().any(|key| says.contains(key));
        let has_all = |says: &str, loss: &Loss| loss.words.iter().all(|word| says.contains(word.as_str()));
        let named = |loss: &Loss| came.notes.iter().any(|note| by_a_key(&note.says) && has_all(&note.says, loss));
        let silent: Vec<String> = lost.iter().filter(|loss| !named(loss)).map(|loss| loss.what.clone()).collect();
        return if silent.is_empty() { Outcome::Noted } else { Outcome::Lost(silent) };
    }
    match found.invented() {
        more if more.is_empty() => Outcome::Kept,
        _ if widens => Outcome::Wider,
        more => Outcome::Invented(more),
    }
}

/// Something true that is not in the case, and the words of the row that said it: a note with all of them names it.
struct Loss {
    what: String,
    words: Vec<String>,
}

/// The days on which somebody is away.
type DaySet = BTreeSet<NaiveDate>;

/// The truth, and all that may stand for it in the case.
struct Found<'a> {
    truth: &'a Truth,
    case: &'a Case,
    people: Vec<Vec<InspectorId>>,
    places: Vec<Vec<EstablishmentId>>,
}

impl<'a> Found<'a> {
    fn new(truth: &'a Truth, case: &'a Case) -> Self {
        let people = truth.people.iter().map(|one| {
            let is = |id: &InspectorId| {
                let row = case.inspector(*id);
                row.id == one.id || row.name.as_deref().is_some_and(|name| parts(name) == parts(&one.name()))
            };
            case.inspector_ids().filter(is).collect()
        });
        let places = truth.places.iter().map(|one| {
            let is = |row: &&foureyes::model::Establishment| row.id == one.id || row.name.as_deref() == Some(one.name);
            case.establishments.iter().filter(is).filter_map(|row| case.find_establishment(&row.id)).collect()
        });
        Self { truth, case, people: people.collect(), places: places.collect() }
    }

    fn lost(&self) -> Vec<Loss> {
        let mut lost = Vec::new();
        for (at, person) in self.people.iter().enumerate().filter(|(_, rows)| rows.is_empty()) {
            let id = self.truth.people[at].id.clone();
            lost.push(Loss { what: format!("{id} is not in the roster: {person:?}"), words: vec![id] });
        }
        for conflict in &self.truth.conflicts {
            let (who, kind) = (&self.truth.people[conflict.who], conflict.target.kind());
            let name = self.truth.named(conflict.target);
            let span = (conflict.from.unwrap_or(NaiveDate::MIN), conflict.to.unwrap_or(NaiveDate::MAX));
            let kept = self.people[conflict.who].iter().all(|one| self.keeps_away(*one, conflict.target, span));
            if !kept {
                let what = format!(
                    "conflict of {} {} with {kind} {name}, {:?} to {:?}",
                    who.id,
                    who.name(),
                    conflict.from,
                    conflict.to
                );
                lost.push(Loss { what, words: vec![who.id.clone(), name] });
            }
        }
        for leave in &self.truth.leaves {
            let who = &self.truth.people[leave.who];
            for one in &self.people[leave.who] {
                let away = self.away(*one);
                let missing: Vec<NaiveDate> = leave
                    .from
                    .iter_days()
                    .take_while(|day| *day <= leave.to)
                    .filter(|day| *day < horizon() && !away.contains(day))
                    .collect();
                if let (Some(first), Some(last)) = (missing.first(), missing.last()) {
                    let what = format!(
                        "{} days of leave of {} {}, {} to {}: from {first} to {last}",
                        missing.len(),
                        who.id,
                        who.name(),
                        leave.from,
                        leave.to
                    );
                    lost.push(Loss { what, words: vec![who.id.clone(), leave.from.to_string()] });
                }
            }
        }
        lost
    }

    /// Whether somebody is kept away from all that a target covers, on all days of a span.
    fn keeps_away(&self, one: InspectorId, target: Target, span: (NaiveDate, NaiveDate)) -> bool {
        let holds = |conflict: &&foureyes::model::Conflict| {
            conflict.from.unwrap_or(NaiveDate::MIN) <= span.0 && span.1 <= conflict.to.unwrap_or(NaiveDate::MAX)
        };
        let holding: Vec<_> = self.case.conflicts.iter().filter(holds).collect();
        if let Target::Person(other) = target {
            let pair = |other: InspectorId| {
                holding.iter().any(|conflict| match conflict.target {
                    ConflictTarget::Inspector(target) => {
                        (conflict.inspector, target) == (one, other) || (target, conflict.inspector) == (one, other)
                    }
                    _ => false,
                })
            };
            return self.people[other].iter().all(|other| pair(*other));
        }
        self.covered(target).iter().all(|place| {
            !place.is_empty()
                && place.iter().all(|place| {
                    holding.iter().any(|conflict| conflict.inspector == one && self.covers(&conflict.target, *place))
                })
        })
    }

    /// The places of a target, each with its rows in the case.
    fn covered(&self, target: Target) -> Vec<&Vec<EstablishmentId>> {
        let is = |at: &usize| match target {
            Target::Place(one) => *at == one,
            Target::Owner(owner) => self.truth.places[*at].owner == owner,
            Target::Person(_) => false,
        };
        (0..self.places.len()).filter(is).map(|at| &self.places[at]).collect()
    }

    fn covers(&self, target: &ConflictTarget, place: EstablishmentId) -> bool {
        let row = self.case.establishment(place);
        match target {
            ConflictTarget::Establishment(one) => *one == place,
            ConflictTarget::Owner(owner) => row.owner.as_ref() == Some(owner),
            ConflictTarget::Sector(sector) => row.sector.as_ref() == Some(sector),
            ConflictTarget::District(district) => row.district.as_ref() == Some(district),
            ConflictTarget::Inspector(_) => false,
        }
    }

    fn away(&self, one: InspectorId) -> DaySet {
        let own = self.case.absences.iter().filter(|absence| absence.inspector == one);
        own.flat_map(|absence| absence.from.iter_days().take_while(|day| *day <= absence.to && *day < horizon()))
            .collect()
    }

    /// Days and conflicts of the case that nobody said.
    fn invented(&self) -> Vec<String> {
        let mut more = Vec::new();
        let mut whose: BTreeMap<InspectorId, usize> = BTreeMap::new();
        for (at, rows) in self.people.iter().enumerate() {
            whose.extend(rows.iter().map(|row| (*row, at)));
        }
        for id in self.case.inspector_ids() {
            let own = self.truth.leaves.iter().filter(|leave| Some(&leave.who) == whose.get(&id));
            let said: DaySet = own
                .flat_map(|leave| leave.from.iter_days().take_while(|day| *day <= leave.to && *day < horizon()))
                .collect();
            let days: Vec<NaiveDate> = self.away(id).difference(&said).copied().collect();
            if let Some(first) = days.first() {
                more.push(format!(
                    "{} is away on {} days that nobody said, first {first}",
                    self.case.inspector(id).id,
                    days.len()
                ));
            }
        }
        for conflict in &self.case.conflicts {
            let who = whose.get(&conflict.inspector);
            let said = self.truth.conflicts.iter().filter(|said| Some(&said.who) == who);
            let targets: Vec<Target> = said.map(|said| said.target).collect();
            let allowed: Vec<EstablishmentId> =
                targets.iter().flat_map(|target| self.covered(*target)).flatten().copied().collect();
            let ids = self.case.establishments.iter().filter_map(|place| self.case.find_establishment(&place.id));
            let mut beyond = ids.filter(|place| self.covers(&conflict.target, *place) && !allowed.contains(place));
            if beyond.next().is_some() {
                more.push(format!(
                    "{} has a conflict that nobody said: {:?}",
                    self.case.inspector(conflict.inspector).id,
                    conflict.target
                ));
            }
        }
        more
    }
}

/// Days from here on are not looked at: a leave without end has too many.
fn horizon() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, 1).unwrap() + Days::new(500)
}

/// The parts of a name, in no order and no case.
fn parts(name: &str) -> BTreeSet<String> {
    let whole: String = name.nfc().collect::<String>().to_lowercase();
    whole
        .split(|letter: char| letter.is_whitespace() || letter == ',')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
