//! Visits that would be drawn again under another name, after one was taken off.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;

use super::draws::PastDraw;
use super::held::{Held, Off, Why};
use super::lacks::Lack;
use crate::model::{Case, Establishment, VisitId};

/// A visit that may be one that was taken off, drawn once more. Honest reasons are as likely, so it is told and no finding.
///
/// ```
/// let alike = foureyes::record::changes::Alike { visit: "v9".into(), place: "w-2".into(), after: "v4".into(), of: "w-4".into() };
/// assert_eq!(alike.to_string(), "v9 (w-2) after v4 (w-4)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alike {
    /// The visit that can be drawn.
    pub visit: String,
    /// Where it is.
    pub place: String,
    /// The one that was taken off.
    pub after: String,
    /// Where that was.
    pub of: String,
}

impl fmt::Display for Alike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}) after {} ({})", self.visit, self.place, self.after, self.of)
    }
}

/// First and last day on which a visit may be held.
type Window = (NaiveDate, NaiveDate);

/// A visit that was taken off, as the draws before knew it.
#[derive(Clone, Copy)]
struct Was<'d> {
    id: &'d str,
    day: NaiveDate,
    place: &'d Establishment,
    window: Window,
    /// The draws before it was taken off.
    draws: &'d [PastDraw],
}

impl<'d> Was<'d> {
    fn of(draws: &'d [PastDraw], (id, off): (&'d String, &Off)) -> Option<Self> {
        let draws = draws.get(..off.draws).unwrap_or(draws);
        let (case, visit) = draws.iter().rev().find_map(|draw| Some((&draw.case, draw.case.find_visit(id)?)))?;
        Some(Self { id, day: off.visit.date, place: case.place_of(visit), window: window(case, visit), draws })
    }

    /// Whether a visit of `case` may be held on one of its days.
    fn has_day_of(&self, case: &Case, visit: VisitId) -> bool {
        let (from, to) = window(case, visit);
        (from <= self.window.1 && self.window.0 <= to) || (from <= self.day && self.day <= to)
    }

    /// Whether a draw before had this visit at the same place, and on one of these days where that is `asked`: then it is a second one, and no
    /// other name.
    fn knew(&self, id: &str, place: &str, asked: bool) -> bool {
        let has = |draw: &PastDraw| {
            let visit = draw.case.find_visit(id).filter(|visit| draw.case.place_of(*visit).id == place);
            visit.is_some_and(|visit| !asked || self.has_day_of(&draw.case, visit))
        };
        self.draws.iter().any(has)
    }
}

fn window(case: &Case, visit: VisitId) -> Window {
    let (visit, period) = (case.visit(visit), &case.period);
    (visit.earliest.unwrap_or(period.from), visit.latest.unwrap_or(period.to))
}

/// One place under two ids has one address.
fn is_same(one: &Establishment, other: &Establishment) -> bool {
    one.id == other.id || (one.address.is_some() && one.address == other.address)
}

/// A visit that the program itself puts into a case, for a place that no visit names: nobody chose it.
fn is_programs_own(case: &Case, visit: VisitId) -> bool {
    let visit = case.visit(visit);
    case.programmed.places && visit.id.strip_prefix("P-") == Some(case.establishment(visit.establishment).id.as_str())
}

/// A visit that nothing holds, beside one after which it may be drawn once more.
struct Suspect<'d> {
    visit: VisitId,
    was: Was<'d>,
    /// Whether it is the very same id.
    own: bool,
    /// Whether it is the same place; else it is one of the same owner.
    same: bool,
    /// Whether it may be held on a day of the other.
    days: bool,
}

impl Suspect<'_> {
    fn alike(&self, case: &Case) -> Alike {
        let (visit, place) = (case.visit(self.visit).id.clone(), case.place_of(self.visit).id.clone());
        Alike { visit, place, after: self.was.id.to_owned(), of: self.was.place.id.clone() }
    }

    /// Whether it is the same visit under another name, which the office chose.
    fn is_again(&self, case: &Case) -> bool {
        !self.own && self.same && self.days && !is_programs_own(case, self.visit)
    }
}

/// Where visits were that were taken off, by what tells a place: its id, its address, its owner.
type ByPlace<'w, 'd> = BTreeMap<(u8, &'d str), Vec<&'w Was<'d>>>;

fn by_place<'w, 'd>(all: &'w [Was<'d>]) -> ByPlace<'w, 'd> {
    let mut found = ByPlace::new();
    for was in all {
        let mut put = |kind: u8, word: &'d str| found.entry((kind, word)).or_default().push(was);
        put(0, &was.place.id);
        was.place.address.iter().for_each(|address| put(1, address));
        was.place.owner.iter().for_each(|owner| put(2, owner));
    }
    found
}

impl Held {
    /// Visits of `case` that nothing holds, each with those of `off` after which it may be drawn once more.
    fn suspects<'d>(
        &self,
        draws: &'d [PastDraw],
        case: &Case,
        off: impl IntoIterator<Item = (&'d String, &'d Off)>,
    ) -> Vec<Suspect<'d>> {
        let all: Vec<Was<'d>> = off.into_iter().filter_map(|one| Was::of(draws, one)).collect();
        let places = by_place(&all);
        let mut found = Vec::new();
        for visit in case.visit_ids().filter(|visit| !all.is_empty() && self.visit(&case.visit(*visit).id).is_none()) {
            let (id, place) = (&case.visit(visit).id, case.place_of(visit));
            let words = [(0, Some(&place.id)), (1, place.address.as_ref()), (2, place.owner.as_ref())];
            let words = words.into_iter().filter_map(|(kind, word)| Some((kind, word?.as_str())));
            for was in words.filter_map(|word| places.get(&word)).flatten() {
                let (own, same, days) = (was.id == id, is_same(place, was.place), was.has_day_of(case, visit));
                if (same || days) && (own || !was.knew(id, &place.id, days)) {
                    found.push(Suspect { visit, was: **was, own, same, days });
                }
            }
        }
        found
    }

    /// What `case` has of visits that are cancelled, under other names.
    pub(super) fn lacks_names(&self, draws: &[PastDraw], case: &Case) -> Vec<Lack> {
        let suspects = self.suspects(draws, case, self.off(Why::Cancelled));
        let again = suspects.iter().filter(|one| one.is_again(case));
        let lacks: BTreeMap<Alike, NaiveDate> = again.map(|one| (one.alike(case), one.was.day)).collect();
        lacks.into_iter().map(|(alike, over)| Lack::Renamed { alike, over }).collect()
    }

    /// What `case` has that may be a visit drawn once more after it was taken off, and may as well be another, in order.
    pub fn alike(&self, draws: &[PastDraw], case: &Case) -> Vec<Alike> {
        let cancelled = self.suspects(draws, case, self.off(Why::Cancelled));
        let cancelled = cancelled.into_iter().filter(|one| !one.own && !one.is_again(case));
        let by_hand = self.suspects(draws, case, self.off(Why::ByHand));
        let over = self.suspects(draws, case, self.off(Why::Over)).into_iter().filter(|one| one.own || one.same);
        let all = cancelled.chain(by_hand).chain(over).map(|one| one.alike(case));
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Office, by_hand_off, day, draw};
    use super::super::{Cause, What};
    use super::*;

    /// Three places, two of one owner; v1 is drawn for Monday, and v3 is known, on another day.
    const FIRST: &str = "
        inspectors ana ben cem dea
        place p1 owner=O
        place p2 owner=O
        place p3
        visit v1 p1 earliest=2027-01-04 latest=2027-01-05
        visit v3 p1 earliest=2027-01-08 latest=2027-01-08
        set lead.leads 0
        plan v1 2027-01-04 am ana ben
    ";

    fn cancelled() -> Office {
        let mut office = Office::drawn(FIRST);
        office.amend(Cause::Cancelled("v1".to_owned())).unwrap();
        office
    }

    /// Names of what is found and of what is told, where the next freeze has these visits.
    fn told(office: &Office, visits: &str) -> (Vec<String>, Vec<String>) {
        let text = format!("inspectors ana ben cem dea\nplace p1 owner=O\nplace p2 owner=O\nplace p3\n{visits}");
        let next = draw(2, (5, 8), &text);
        let found = office.held.lacks_names(&office.draws, &next.case).into_iter().map(|lack| match lack {
            Lack::Renamed { alike, .. } => alike.visit,
            other => panic!("{other}"),
        });
        let alike = office.held.alike(&office.draws, &next.case).into_iter().map(|one| one.visit);
        (found.collect(), alike.collect())
    }

    fn found(visits: &str) -> (Vec<String>, Vec<String>) {
        told(&cancelled(), visits)
    }

    fn is(found: &str, alike: &str) -> (Vec<String>, Vec<String>) {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        (words(found), words(alike))
    }

    #[test]
    fn the_same_place_on_the_same_days_is_the_same_visit() {
        assert_eq!(found("visit v9 p1"), is("v9", ""));
        assert_eq!(found("visit v9 p1 earliest=2027-01-05 latest=2027-01-05"), is("v9", ""), "a day of its window");
        assert_eq!(found("visit v9 p1 earliest=2027-01-06 latest=2027-01-06"), is("", "v9"), "other days");
        assert_eq!(found("visit v9 p2"), is("", "v9"), "another place of the owner");
        assert_eq!(found("visit v9 p2 earliest=2027-01-06"), is("", ""));
        assert_eq!(found("visit v9 p3"), is("", ""));
    }

    #[test]
    fn a_visit_that_was_known_before_is_a_second_one_on_its_own_days() {
        assert_eq!(found("visit v3 p1 earliest=2027-01-08 latest=2027-01-08"), is("", ""));
        assert_eq!(found("visit v3 p1 earliest=2027-01-05 latest=2027-01-08"), is("v3", ""), "it has other days now");
    }

    #[test]
    fn once_its_day_is_over_the_place_can_be_drawn_and_is_told() {
        let mut office = cancelled();
        office.change(What::Executed { date: day(4), held: vec![] });
        assert_eq!(told(&office, "visit v9 p1"), is("", "v9"));
        assert_eq!(told(&office, "visit v1 p1"), is("", "v1"));
        assert_eq!(told(&office, "visit v9 p2"), is("", ""));
    }

    #[test]
    fn what_an_override_took_off_is_told_under_any_name() {
        let mut office = Office::drawn(FIRST);
        office.change(by_hand_off("v1"));
        assert_eq!(told(&office, "visit v1 p1"), is("", "v1"));
        assert_eq!(told(&office, "visit v9 p1"), is("", "v9"));
    }
}
