//! One human being under several ids: what the column `person` of the roster says of it, and what is wrong where it is silent.
//!
//! Until the rules know persons, rows of one person are kept apart by a conflict between each two of them, and whatever keeps
//! one of the rows away (a conflict of interest, a day of leave) keeps the others away too: else it would be lost under the other id.

use std::collections::{BTreeMap, BTreeSet};

use super::import::keys_of_name;
use super::letters::fold;
use super::problem::{Level, Log, Problem, counted, shown};
use crate::model::{Absence, Case, Conflict, ConflictTarget, Inspector, InspectorId};

/// The category of the conflict between two rows of one person.
pub const SAME: &str = "same-person";
/// Most rows of one person.
const MOST: usize = 8;

/// A row of the roster: its number, whom it lists, and what it says of the person.
type Listed<'a> = (u64, &'a Inspector, Option<&'a str>);

/// The headers of the columns that tell of a person.
struct Columns<'a> {
    file: &'a str,
    name: &'a str,
    gender: &'a str,
    person: &'a str,
}

/// Those of the roster who are one human being, group by group.
#[derive(Default)]
pub(super) struct Persons(Vec<Vec<InspectorId>>);

impl Persons {
    /// Who is who among the rows, which are in the order of their ids. `titles` are those of name, gender and person.
    pub(super) fn of(rows: &[Listed<'_>], file: &str, titles: [&str; 3], log: &mut Log) -> Self {
        let [name, gender, person] = titles;
        let columns = Columns { file, name, gender, person };
        columns.namesakes(rows, log);
        let mut by_person: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, (_, _, person)) in rows.iter().enumerate() {
            if let Some(person) = person {
                by_person.entry(fold(person)).or_default().push(at);
            }
        }
        columns.zeros_apart(rows, &by_person, log);
        let several: Vec<Vec<usize>> = by_person.into_values().filter(|group| group.len() > 1).collect();
        for group in &several {
            columns.one_person(rows, group, log);
        }
        let ids = |group: Vec<usize>| group.into_iter().map(InspectorId::at).collect();
        Self(several.into_iter().filter(|group: &Vec<usize>| group.len() <= MOST).map(ids).collect())
    }

    /// Keeps rows of one person apart, and gives each what the others have of conflicts and leave.
    pub(super) fn settle(&self, case: &mut Case, file: &str, log: &mut Log) {
        if self.0.is_empty() {
            return;
        }
        let of: BTreeMap<InspectorId, &[InspectorId]> =
            self.0.iter().flat_map(|group| group.iter().map(|who| (*who, group.as_slice()))).collect();
        let before = (case.conflicts.len(), case.absences.len());
        let conflicts: BTreeSet<Conflict> =
            case.conflicts.drain(..).flat_map(|conflict| of_all(conflict, &of)).collect();
        let absences: BTreeSet<Absence> = case.absences.drain(..).flat_map(|absence| away_all(absence, &of)).collect();
        let (declared, away) = (conflicts.len().saturating_sub(before.0), absences.len().saturating_sub(before.1));
        case.conflicts = conflicts.into_iter().chain(self.0.iter().flat_map(|group| apart(group))).collect();
        case.conflicts.sort_unstable();
        case.absences = absences.into_iter().collect();
        let named = |group: &Vec<InspectorId>| {
            let ids: Vec<String> = group
                .iter()
                .filter_map(|who| Some(format!("`{}`", shown(&case.inspectors.get(who.index())?.id))))
                .collect();
            ids.join(" = ")
        };
        let list: Vec<String> = self.0.iter().take(5).map(named).collect();
        let more = if self.0.len() > 5 { format!(" and {} more", self.0.len() - 5) } else { String::new() };
        let people = counted(self.0.len() as u64, "person has several rows", "people have several rows each");
        let conflicts = counted(declared as u64, "conflict", "conflicts");
        let says = format!(
            "{people}: {}{more}; rows of one person never serve together, and conflicts and leave of one hold for all (added: {conflicts}, {})",
            list.join(", "),
            counted(away as u64, "absence", "absences"),
        );
        log.note(file, says);
    }
}

/// The conflict as each row of either person has it. Between rows of one person another conflict says more.
fn of_all(conflict: Conflict, of: &BTreeMap<InspectorId, &[InspectorId]>) -> Vec<Conflict> {
    let alone = [conflict.inspector];
    let who = of.get(&conflict.inspector).copied().unwrap_or(&alone);
    let target = match conflict.target {
        ConflictTarget::Inspector(other) => of.get(&other).map_or_else(|| vec![other], |group| group.to_vec()),
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    for inspector in who {
        if target.is_empty() {
            all.push(Conflict { inspector: *inspector, ..conflict.clone() });
        }
        let others = target.iter().filter(|other| !who.contains(other));
        all.extend(others.map(|other| Conflict {
            inspector: *inspector,
            target: ConflictTarget::Inspector(*other),
            ..conflict.clone()
        }));
    }
    all
}

fn away_all(absence: Absence, of: &BTreeMap<InspectorId, &[InspectorId]>) -> Vec<Absence> {
    let alone = [absence.inspector];
    let who = of.get(&absence.inspector).copied().unwrap_or(&alone);
    who.iter().map(|inspector| Absence { inspector: *inspector, ..absence.clone() }).collect()
}

/// A conflict between each two rows of one person.
fn apart(group: &[InspectorId]) -> impl Iterator<Item = Conflict> + '_ {
    let between = |(at, one): (usize, &InspectorId)| {
        let one = *one;
        group[at + 1..].iter().map(move |other| Conflict {
            inspector: one,
            target: ConflictTarget::Inspector(*other),
            category: Some(SAME.to_owned()),
            from: None,
            to: None,
            declared_on: None,
        })
    };
    group.iter().enumerate().flat_map(between)
}

impl Columns<'_> {
    /// Two rows with one name are one human being or two, and nobody can see which.
    fn namesakes(&self, rows: &[Listed<'_>], log: &mut Log) {
        let mut by_name: BTreeMap<String, Vec<&Listed<'_>>> = BTreeMap::new();
        for listed in rows {
            let words = listed.1.name.as_deref().and_then(|name| keys_of_name(name).pop());
            if let Some(words) = words.filter(|words| words.trim_start_matches('\0').contains(' ')) {
                by_name.entry(words).or_default().push(listed);
            }
        }
        for same in by_name.values_mut() {
            same.sort_by_key(|listed| listed.0);
            let Some((first, others)) = same.split_first() else { continue };
            for (row, inspector, _) in others.iter().filter(|other| first.2.is_none() || other.2.is_none()) {
                log.one_of(Level::Error, self.file, "rows with a name that another row has", || {
                    let why = format!(
                        "row {} (`{}`) has this name too, and nothing says whether they are one human being",
                        first.0,
                        shown(&first.1.id)
                    );
                    let advice = format!(
                        "Fill the column `{}` in both rows: the same text in both if they are one, two texts if they are two (a number that each human being has once, or 1 and 2)",
                        self.person
                    );
                    let problem = Problem::error(self.file, why, advice).row(*row).column(self.name);
                    problem.value(inspector.name.as_deref().unwrap_or_default())
                });
            }
        }
    }

    /// What must be true of rows of one person.
    fn one_person(&self, rows: &[Listed<'_>], group: &[usize], log: &mut Log) {
        let Some((first, others)) = group.split_first().map(|(first, others)| (rows[*first], others)) else { return };
        if group.len() > MOST {
            let why = format!("{} rows are this person, more than {MOST}", group.len());
            let advice = "This column is for what only one human being has; correct it";
            let problem = Problem::error(self.file, why, advice).row(first.0).column(self.person);
            return log.push(problem.value(first.2.unwrap_or_default()));
        }
        for (row, other, _) in others.iter().map(|at| rows[*at]) {
            if let (Some(one), Some(two)) = (first.1.gender, other.gender)
                && one != two
            {
                log.one_of(Level::Error, self.file, "rows of one person with two genders", || {
                    let why = format!("row {} is the same person and has another gender", first.0);
                    Problem::error(self.file, why, "Correct the gender, or the person").row(row).column(self.gender)
                });
            }
            if let (Some(one), Some(two)) = (&first.1.name, &other.name)
                && keys_of_name(one).pop() != keys_of_name(two).pop()
            {
                log.one_of(Level::Warning, self.file, "rows of one person with two names", || {
                    let why = format!("row {} is the same person and has the name `{}`", first.0, shown(one));
                    let problem = Problem::warning(self.file, why, "Correct it if they are two people");
                    problem.row(row).column(self.name).value(two)
                });
            }
        }
    }

    /// A spreadsheet takes the zeros off numbers: one person would become two.
    fn zeros_apart(&self, rows: &[Listed<'_>], by_person: &BTreeMap<String, Vec<usize>>, log: &mut Log) {
        let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
        for (person, group) in by_person {
            let Some((row, _, said)) = group.first().map(|at| rows[*at]) else { continue };
            let bare = person.trim_start_matches('0');
            match seen.get(bare).copied() {
                None => {
                    seen.insert(bare, row);
                }
                Some(first) => log.one_of(Level::Error, self.file, "persons that differ only in leading zeros", || {
                    let why = format!("the person is that of row {first} but for leading zeros");
                    let problem = Problem::error(self.file, why, "Write the same text if they are one, or another");
                    problem.row(row).column(self.person).value(said.unwrap_or_default())
                }),
            }
        }
    }
}
