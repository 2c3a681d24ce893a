//! The smallest change with which several visits could be staffed together: "waive pair-rotation on V-1 and V-7", "three more
//! leads in North in week 2". What helps one visit by itself stands in [`why_unstaffed`](super::why_unstaffed); here one
//! change may help several, and what helps one may not hinder another.
//!
//! In plain words: each visit without a team gets a list of options, a time and a team each, also such as break a rule,
//! lie beside the window, or need somebody whom the roster does not have. A few visits that stand in the way may move to another
//! option without breaking anything, or be given up where they are programmed. A small model in whole numbers
//! chooses one option a visit such that the changes are fewest. What it chooses is laid before the rules' own checks; whatever these find
//! wrong must be lifted by a waiver or chosen otherwise, and the model is asked again, until the checks find nothing. So no
//! rule is spelled here, and nothing is told that did not pass them.
//!
//! **How changes are ranked.** A conflict of interest is lifted only where nothing else helps, and then as few as can be. Next counts the
//! number of changes. Of as many changes those come first that touch the rules least: a longer window, any slot, a
//! programmed visit given up, a further seat, a limit or a team rule waived, an exclusion waived, somebody called from leave.
//! What no waiver lifts (`team-size`, `window`) is never offered.

mod choose;
mod options;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::change::{Change, apply as change_case, is_conflict};
use crate::model::{Assignment, Case, Inspector, InspectorId, Schedule, SlotId, Team, VisitId, Week};
use crate::rules::Book;
use choose::{Allowed, Choice, choose};
use options::{Options, Reach};

/// A quality that a team must have: the rule that asks for it, and the quality in its words.
type Quality = (&'static str, String);

/// Changes that together let visits be staffed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What is changed, by visit.
    pub changes: Vec<(VisitId, Change)>,
    /// The visits that could then be made, one way to make them.
    pub staffed: Vec<Mended>,
    /// Visits that were planned otherwise and would move, without breaking a rule.
    pub moved: Vec<Mended>,
    /// Visits that no change of these kinds lets be staffed with the others.
    pub left: Vec<VisitId>,
    /// Whether every option was looked at, so that with all other visits as they are no fewer changes could do.
    pub least: bool,
}

/// A visit as it could be held.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mended {
    /// Which visit.
    pub visit: VisitId,
    /// The day.
    pub date: NaiveDate,
    /// The slot in which it starts.
    pub slot: SlotId,
    /// Those of the roster who go.
    pub people: Vec<InspectorId>,
    /// Seats for which the roster has nobody, each with what its holder must have.
    pub further: Vec<Vec<Quality>>,
}

/// Further seats of one kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FurtherSeats {
    /// The week.
    pub week: Week,
    /// The district they serve.
    pub district: Option<String>,
    /// What they must have.
    pub qualities: Vec<Quality>,
    /// The visits, one a seat.
    pub visits: Vec<VisitId>,
}

impl Remedy {
    /// How many changes it takes: those of the case, and the further seats.
    pub fn size(&self) -> usize {
        self.changes.len() + self.staffed.iter().map(|one| one.further.len()).sum::<usize>()
    }

    /// Whether it lifts a conflict of interest: the last thing to consider.
    pub fn lifts_conflict(&self) -> bool {
        self.changes.iter().any(|(_, change)| is_conflict(change))
    }

    /// Whether it lifts any rule.
    pub fn lifts_rule(&self) -> bool {
        self.changes.iter().any(|(_, change)| matches!(change, Change::Waive { .. }))
    }

    /// The further seats, those of one week, district and kind together.
    pub fn further(&self, case: &Case) -> Vec<FurtherSeats> {
        let mut seats: BTreeMap<_, Vec<VisitId>> = BTreeMap::new();
        for one in &self.staffed {
            for qualities in &one.further {
                let district = case.place_of(one.visit).district.clone();
                seats.entry((Week::of(one.date), district, qualities.clone())).or_default().push(one.visit);
            }
        }
        let told = |((week, district, qualities), visits)| FurtherSeats { week, district, qualities, visits };
        seats.into_iter().map(told).collect()
    }
}

/// The smallest changes with which `visits`, which `schedule` does not staff, could be staffed. The first is the smallest of
/// all. Where it lifts a rule, the smallest that lifts none follows, if there is one; where it asks for people
/// whom the roster does not have, the smallest that does without. Only the first few visits are considered.
///
/// ```
/// # use foureyes::{bound::remedies, model::Schedule, read::read_case, rules::Book};
/// let case = read_case("examples/harbour".as_ref()).case.expect("the harbour ships in order");
/// let book = Book::new(&case.settings).expect("and its policy too");
/// assert!(remedies(&case, &book, &Schedule::default(), &[]).is_empty(), "nothing is to be mended");
/// ```
pub fn remedies(case: &Case, book: &Book, schedule: &Schedule, visits: &[VisitId]) -> Vec<Remedy> {
    within(case, book, schedule, visits, Reach::default())
}

fn within(case: &Case, book: &Book, schedule: &Schedule, visits: &[VisitId], reach: Reach) -> Vec<Remedy> {
    if visits.is_empty() {
        return Vec::new();
    }
    let options = Options::new(case, book, schedule, visits, reach);
    let ask = |allowed| {
        let remedy = told(case, schedule, &options, choose(&options, allowed)?);
        (!remedy.staffed.is_empty() && is_proved(case, book, schedule, &remedy)).then_some(remedy)
    };
    let Some(first) = ask(Allowed { waivers: true, further: true }) else { return Vec::new() };
    let mut all = vec![first.clone()];
    let mut other = |allowed| {
        let found = ask(allowed).filter(|other| other.staffed.len() == first.staffed.len());
        all.extend(found);
    };
    if first.lifts_rule() {
        other(Allowed { waivers: false, further: true });
    }
    if first.staffed.iter().any(|one| !one.further.is_empty()) {
        other(Allowed { waivers: true, further: false });
    }
    all
}

/// Of `others`, those that the smallest change for `visit` lets be staffed too, with no change more; and that change.
pub fn remedies_with(
    case: &Case,
    book: &Book,
    schedule: &Schedule,
    visit: VisitId,
    others: &[VisitId],
) -> (Vec<Remedy>, Vec<VisitId>) {
    let mut best = remedies(case, book, schedule, &[visit]);
    let (mut asked, mut mended) = (vec![visit], Vec::new());
    for other in others.iter().filter(|other| **other != visit).take(OTHERS) {
        let Some(size) = best.first().map(Remedy::size) else { break };
        let tried: Vec<_> = asked.iter().copied().chain([*other]).collect();
        let found = remedies(case, book, schedule, &tried);
        if found.first().is_some_and(|first| first.left.is_empty() && first.size() <= size) {
            (best, asked) = (found, tried);
            mended.push(*other);
        }
    }
    (best, mended)
}

/// Other visits of which it is asked whether the same change mends them.
const OTHERS: usize = 6;

/// The case and the schedule after the remedy, so that anybody can try it. People whom the roster does not have are at its
/// end, each there in one week, for one visit in its district.
pub fn with_remedy(case: &Case, schedule: &Schedule, remedy: &Remedy) -> (Case, Schedule) {
    let (mut case, mut schedule) = (case.clone(), schedule.clone());
    for (visit, change) in &remedy.changes {
        (case, schedule) = change_case(&case, &schedule, *visit, std::slice::from_ref(change));
    }
    let book = Book::new(&case.settings).ok();
    for one in remedy.staffed.iter().chain(&remedy.moved) {
        let mut people = one.people.clone();
        for qualities in &one.further {
            let person = book.as_ref().and_then(|book| further_person(&case, book, one.visit, qualities));
            let monday = Week::of(one.date).monday();
            let sunday = monday.and_then(|monday| monday.checked_add_days(chrono::Days::new(6)));
            if let Some(person) = person {
                people.push(InspectorId::at(case.inspectors.len()));
                let per_week = Some(1);
                case.inspectors.push(Inspector {
                    authority_from: monday,
                    authority_to: sunday,
                    visits_per_week: per_week,
                    ..person
                });
            }
        }
        let held = Team::new(people).map(|team| Assignment { date: one.date, slot: one.slot, team });
        schedule.assignments.extend(held.map(|held| (one.visit, held)));
    }
    (case, schedule)
}

/// Somebody whom the roster does not have, like somebody who has these qualities, and the most that the visit asks besides.
/// None where nobody has them.
fn further_person(case: &Case, book: &Book, visit: VisitId, qualities: &[Quality]) -> Option<Inspector> {
    let has = |who, rule: &str, quality: &str| {
        book.rules().any(|(entry, asked)| entry.name == rule && asked.has(case, who, quality))
    };
    let asked = || book.rules().flat_map(|(entry, rule)| rule.needs(case, visit).into_iter().map(move |n| (entry, n)));
    let all = |who: &InspectorId| qualities.iter().all(|(rule, quality)| has(*who, rule, quality));
    let most = |who: &InspectorId| {
        let more = asked().filter(|(entry, need)| has(*who, entry.name, &need.quality)).count();
        (more, std::cmp::Reverse(*who))
    };
    let like = case.inspector_ids().filter(all).max_by_key(most)?;
    Some(Inspector {
        id: format!("further {}", case.inspectors.len()),
        name: None,
        territory: case.place_of(visit).district.iter().cloned().collect(),
        home_district: None,
        authority_from: None,
        authority_to: None,
        left_on: None,
        visits_per_day: None,
        visits_per_week: None,
        supervisor: None,
        ..case.inspector(like).clone()
    })
}

/// What was chosen, told of the case as it is.
fn told(case: &Case, schedule: &Schedule, options: &Options, choice: Choice) -> Remedy {
    let mut remedy = Remedy {
        changes: Vec::new(),
        staffed: Vec::new(),
        moved: Vec::new(),
        left: Vec::new(),
        least: options.complete,
    };
    for option in choice.options {
        remedy.changes.extend(option.changes.iter().map(|change| (option.visit, change.clone())));
        let was = schedule.assignments.get(&option.visit);
        match &option.held {
            None if was.is_none() => remedy.left.push(option.visit),
            None => {}
            held if held.as_ref() == was => {}
            Some(held) => {
                let known = |who: &&InspectorId| who.index() < case.inspectors.len();
                let people = held.team.members().iter().filter(known).copied().collect();
                let further = option.further.clone();
                let mended = Mended { visit: option.visit, date: held.date, slot: held.slot, people, further };
                if was.is_none() { remedy.staffed.push(mended) } else { remedy.moved.push(mended) }
            }
        }
    }
    let waived = |(rule, visit, inspector): (&'static str, VisitId, InspectorId)| {
        let change = Change::Waive { rule, inspector };
        (visit, change)
    };
    remedy.changes.extend(choice.lifted.into_iter().map(waived));
    remedy.changes.sort();
    remedy
}

/// Whether the rules' own checks find nothing in the changed case that they did not find before.
fn is_proved(case: &Case, book: &Book, schedule: &Schedule, remedy: &Remedy) -> bool {
    let before = book.check(case, schedule);
    let (case, schedule) = with_remedy(case, schedule, remedy);
    book.check(&case, &schedule).iter().all(|broken| before.contains(broken))
}

#[cfg(test)]
mod tests;
