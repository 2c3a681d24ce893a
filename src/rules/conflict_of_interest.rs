//! Nobody goes where they have an interest.
//!
//! # Says
//! An inspector never goes to a place, to any place of an owner or a sector, or into a district that
//! a conflict of theirs names. It excludes until its last day and for the cooling-off after it; on
//! the last day of the cooling-off it still excludes. It excludes without end if it has no category,
//! or no last day, or a category of the list `endless` (kin, spouse and the like), whatever its last
//! day. Categories of the list `no_cooling` (friendship, enmity) exclude to their last day, the day
//! on which they were withdrawn, and no longer. A first day frees nobody: an interest that begins
//! next month excludes today. A waiver lifts the rule for one person on one visit.
//!
//! # Why
//! Who is paid by a place, or is kin to its owner, can't see it with clear eyes, and nobody would
//! believe that they did. Who left it last month still has friends there. A declaration that
//! somebody filled in badly must exclude rather than be lost.
//!
//! # Passes
//! Ana worked at the mill until 30 June 2024, and the cooling-off is 24 months. She inspects it on 1 July 2026.
//!
//! # Breaks
//! Ana inspects the mill on 30 June 2026. Ben's sister owns the bakery; he inspects it, ever.
//!
//! # Source
//! Spain, Ley 40/2015 art. 23: professional services in the last two years, kin to the fourth degree,
//! close friendship or manifest enmity. USA, 5 CFR 2635.502: one year after employment. Haryana:
//! three years. Maryland, COMAR 15.22.03: four years. UN paper of July 2023, para. 53.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};

use super::seats::Waived;
use super::words::among;
use super::{
    Bar, Check, Chosen, Column, Entry, Found, Held, Parameter, Reach, Rule, Shape, Start, Target, Value, Violation,
};
use crate::model::{
    Case, Conflict, ConflictTarget, ENDLESS_CATEGORIES, Establishment, EstablishmentId, InspectorId, VisitId,
};

const NAME: &str = "conflict-of-interest";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Exclusion,
    enabled: true,
    waivable: true,
    parameters: &[
        Parameter {
            name: "cooling_months",
            value: Value::Number(24, 0, 1200),
            says: "months of cooling-off after the last day of a conflict",
        },
        Parameter {
            name: "endless",
            value: Value::List(ENDLESS_CATEGORIES, Column::Category),
            says: "categories that exclude without end",
        },
        Parameter {
            name: "no_cooling",
            value: Value::List(&["friendship", "enmity"], Column::Category),
            says: "categories that exclude to their last day, without cooling-off",
        },
    ],
    later: &[],
    text: include_str!("conflict_of_interest.rs"),
    make: |chosen: &Chosen| Box::new(ConflictOfInterest { expiry: Expiry::of(chosen) }),
};

/// How long a conflict excludes. `not-together` asks it too, so that both rules agree.
pub(super) struct Expiry {
    cooling_months: u32,
    endless: Vec<String>,
    no_cooling: Vec<String>,
}

impl Expiry {
    /// What the policy says of it, whichever rule asks.
    pub(super) fn of(chosen: &Chosen) -> Self {
        let own = chosen.of(NAME);
        let cooling_months = u32::try_from(own.number("cooling_months")).expect("declared from 0 to 1200");
        Self { cooling_months, endless: own.list("endless").to_vec(), no_cooling: own.list("no_cooling").to_vec() }
    }

    /// The last day on which `conflict` excludes; none means without end. A day beyond the calendar is no end.
    pub(super) fn last_day(&self, conflict: &Conflict) -> Option<NaiveDate> {
        let category = conflict.category.as_deref()?;
        let last = conflict.to?;
        if among(&self.endless, category) {
            return None;
        }
        let cooling = if among(&self.no_cooling, category) { 0 } else { self.cooling_months };
        last.checked_add_months(Months::new(cooling))
    }

    /// The facts of `conflict`, as words in brackets.
    pub(super) fn says(&self, conflict: &Conflict) -> String {
        let category = conflict.category.as_deref().unwrap_or("no category given");
        match (conflict.to, self.last_day(conflict)) {
            (Some(to), Some(last)) if to == last => format!("({category}, until {to})"),
            (Some(to), Some(last)) => format!("({category}, until {to}; cooling-off until {last})"),
            _ => format!("({category}, without end)"),
        }
    }
}

struct ConflictOfInterest {
    expiry: Expiry,
}

impl Rule for ConflictOfInterest {
    fn bars<'c>(&self, case: &'c Case) -> Vec<Bar<'c>> {
        let bar = |conflict: &'c Conflict| {
            let target = match &conflict.target {
                ConflictTarget::Establishment(place) => Target::Establishment(*place),
                ConflictTarget::Owner(owner) => Target::Owner(owner),
                ConflictTarget::Sector(sector) => Target::Sector(sector),
                ConflictTarget::District(district) => Target::District(district),
                ConflictTarget::Inspector(_) => return None,
            };
            Some(Bar { inspector: Some(conflict.inspector), target, from: None, to: self.expiry.last_day(conflict) })
        };
        case.conflicts.iter().filter_map(bar).collect()
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        Some(Box::new(Interests::of(case, &self.expiry)))
    }
}

/// What everybody declared, and what each visit's place is. What conflicts can name has a number.
struct Interests<'c> {
    case: &'c Case,
    expiry: &'c Expiry,
    waived: Waived,
    /// By person.
    declared: Vec<Vec<Declared<'c>>>,
    /// By visit: its place, and the owner, the sector and the district of its place.
    named: Vec<[u32; 4]>,
}

/// The number of what no conflict names.
const NOBODY: u32 = u32::MAX;

struct Declared<'c> {
    names: u32,
    /// The last day on which it excludes; the last of the calendar where it has no end.
    last_day: NaiveDate,
    conflict: &'c Conflict,
}

impl<'c> Interests<'c> {
    fn of(case: &'c Case, expiry: &'c Expiry) -> Self {
        let targets: BTreeSet<_> = case.conflicts.iter().map(|conflict| &conflict.target).collect();
        let numbers: BTreeMap<_, u32> = targets.into_iter().zip(0..).collect();
        let mut declared: Vec<Vec<_>> = case.inspectors.iter().map(|_| Vec::new()).collect();
        for conflict in &case.conflicts {
            let (names, last_day) = (numbers[&conflict.target], expiry.last_day(conflict).unwrap_or(NaiveDate::MAX));
            declared[conflict.inspector.index()].push(Declared { names, last_day, conflict });
        }
        let place = |place: EstablishmentId| {
            let Establishment { owner, sector, district, .. } = case.establishment(place).clone();
            let place = Some(ConflictTarget::Establishment(place));
            let (owner, sector) = (owner.map(ConflictTarget::Owner), sector.map(ConflictTarget::Sector));
            [place, owner, sector, district.map(ConflictTarget::District)]
        };
        let number =
            |target: Option<ConflictTarget>| target.and_then(|target| numbers.get(&target).copied()).unwrap_or(NOBODY);
        let named = case.visits.iter().map(|visit| place(visit.establishment).map(number)).collect();
        Self { case, expiry, waived: Waived::of(case, NAME), declared, named }
    }
}

impl Check for Interests<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for (Start { date, visit, .. }, who) in held.seats() {
            let here = &self.named[visit.index()];
            for declared in &self.declared[who.index()] {
                if here.contains(&declared.names) && date <= declared.last_day && !self.waived.lifts(visit, who) {
                    found.tell(|| self.violation(visit, date, who, declared.conflict));
                }
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Visits
    }
}

impl Interests<'_> {
    fn violation(&self, visit: VisitId, date: NaiveDate, who: InspectorId, conflict: &Conflict) -> Violation {
        let (id, visit_id, at) =
            (&self.case.inspector(who).id, &self.case.visit(visit).id, &self.case.place_of(visit).id);
        let says = format!(
            "{id} is sent on visit {visit_id} to {at} on {date} and has an interest in {} {}",
            interest(conflict),
            self.expiry.says(conflict)
        );
        Violation { rule: NAME, visits: vec![visit], inspectors: vec![who], says }
    }
}

/// What the conflict's interest lies in, in words.
fn interest(conflict: &Conflict) -> String {
    match &conflict.target {
        ConflictTarget::Establishment(_) => "that place".to_owned(),
        ConflictTarget::Owner(named) => format!("its owner {named}"),
        ConflictTarget::Sector(named) => format!("its sector {named}"),
        ConflictTarget::District(named) => format!("its district {named}"),
        ConflictTarget::Inspector(_) => "a colleague".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        inspectors ana ben
        place mill owner=გიორგი sector=food district=Порт
        place shop
        visit v1 mill
        visit v2 shop
        plan v1 2027-01-05 am ana ben
        plan v2 2027-01-06 am ana ben
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("conflict-of-interest", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn without_conflicts_everybody_passes() {
        assert!(says("").is_empty());
    }

    #[test]
    fn a_conflict_excludes_on_the_last_day_of_its_cooling_off_and_not_on_the_next() {
        let last = says("conflict ana establishment mill employee 2020-01-01..2025-01-05");
        let expected = "ana is sent on visit v1 to mill on 2027-01-05 and has an interest in that place \
                        (employee, until 2025-01-05; cooling-off until 2027-01-05)";
        assert_eq!(last, [expected]);
        assert!(says("conflict ana establishment mill employee 2020-01-01..2025-01-04").is_empty());
    }

    #[test]
    fn the_cooling_off_is_a_parameter() {
        let conflict = "conflict ana establishment mill employee ..2026-12-31";
        assert_eq!(says(conflict).len(), 1);
        assert!(says(&format!("{conflict}\nset conflict-of-interest.cooling_months 0")).is_empty());
    }

    #[test]
    fn months_that_are_too_short_end_the_cooling_off_on_their_last_day() {
        let conflict =
            "conflict ana establishment mill employee ..2026-10-31\nset conflict-of-interest.cooling_months 4";
        let case = "weekdays sun mon\nperiod 2027-01-04..2027-03-05\ninspectors ana ben\nplace mill\nvisit v mill";
        let on = |day: &str| broken("conflict-of-interest", &format!("{case}\n{conflict}\nplan v {day} am ana ben"));
        assert_eq!(on("2027-02-28").len(), 1);
        assert!(on("2027-03-01").is_empty());
    }

    #[test]
    fn an_interest_in_owner_sector_or_district_reaches_their_places_only() {
        for (target, interest) in [
            ("owner გიორგი", "its owner გიორგი"),
            ("sector food", "its sector food"),
            ("district Порт", "its district Порт"),
        ] {
            let found = says(&format!("conflict ben {target} kin"));
            let expected = format!(
                "ben is sent on visit v1 to mill on 2027-01-05 and has an interest in {interest} (kin, without end)"
            );
            assert_eq!(found, [expected]);
        }
        assert!(says("conflict ben owner Giorgi kin").is_empty());
    }

    #[test]
    fn a_declaration_with_blanks_excludes_without_end() {
        assert_eq!(says("conflict ana establishment mill").len(), 1);
        assert_eq!(says("conflict ana establishment mill employee").len(), 1);
        let found = says("conflict ana establishment mill ..1990-01-01");
        assert!(found[0].ends_with("(no category given, without end)"), "{found:?}");
    }

    #[test]
    fn kin_exclude_for_ever_and_a_friendship_until_withdrawn() {
        assert_eq!(says("conflict ana establishment mill Kin 1980-01-01..1990-01-01").len(), 1);
        assert!(says("conflict ana establishment mill friendship ..2027-01-04").is_empty());
        let found = says("conflict ana establishment mill friendship ..2027-01-05");
        assert!(found[0].ends_with("(friendship, until 2027-01-05)"), "{found:?}");
    }

    #[test]
    fn an_interest_that_begins_later_excludes_already() {
        assert_eq!(says("conflict ana establishment mill employee 2030-01-01..2031-01-01").len(), 1);
    }

    #[test]
    fn an_end_beyond_the_calendar_is_endless() {
        assert_eq!(says("conflict ana establishment mill employee ..+262142-12-31").len(), 1);
    }

    #[test]
    fn a_waiver_lifts_it_for_one_person_on_one_visit() {
        let conflicts = "conflict ana establishment mill kin\nconflict ana establishment shop kin";
        assert_eq!(says(conflicts).len(), 2);
        assert_eq!(says(&format!("{conflicts}\nwaiver conflict-of-interest v1 ana")).len(), 1);
        assert_eq!(says(&format!("{conflicts}\nwaiver conflict-of-interest v1 ben")).len(), 2);
    }

    #[test]
    fn a_conflict_between_two_people_is_not_for_this_rule() {
        assert!(says("conflict ana inspector ben kin").is_empty());
    }
}
