//! An inspector's visits of one day lie in one district.
//!
//! # Says
//! All visits of one inspector on one day are to places in one district. Places without a district
//! count as a district of their own. A visit that history records on the same day counts where its
//! place has a district. Of two planned visits the later one breaks the rule, and a waiver for it
//! lifts the rule for that person.
//!
//! # Why
//! Who crosses the country between two visits inspects little at either, and is seen on the way.
//!
//! # Passes
//! Ana goes to two places in Harbour on Monday, and to one in Old Town on Tuesday.
//!
//! # Breaks
//! On Monday Ana goes to Harbour in the morning and to Old Town in the afternoon.
//!
//! # Source
//! Practice of county inspectorates: in Wake County two of three visits of an inspector lie in one town.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::seats::Waived;
use super::shared::{self, within};
use super::{
    Board, Check, Chosen, Clash, Entry, Found, Guard, Held, Place, Question, Reach, Rule, Shape, Start, Violation,
};
use crate::model::{Case, EstablishmentId, InspectorId};

const NAME: &str = "one-district";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    since: 1,
    shape: Shape::Limit,
    enabled: true,
    waivable: true,
    parameters: &[],
    later: &[],
    text: include_str!("one_district.rs"),
    make: |_: &Chosen| Box::new(OneDistrict),
};

struct OneDistrict;

impl Rule for OneDistrict {
    fn guard<'c>(&self, case: &'c Case) -> Option<Box<dyn Guard + 'c>> {
        let mut numbers = BTreeMap::new();
        let mut district = Vec::with_capacity(case.establishments.len());
        for establishment in &case.establishments {
            let next = numbers.len();
            district.push(*numbers.entry(establishment.district.as_deref()).or_insert(next));
        }
        let mut past: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for row in within(&case.history, case.period.from, case.period.to) {
            if case.establishment(row.establishment).district.is_some() {
                for who in &row.team {
                    past.entry((*who, row.date)).or_default().push(district[row.establishment.index()]);
                }
            }
        }
        let district_of = case.visits.iter().map(|visit| district[visit.establishment.index()]).collect();
        let guard = Districts { waived: Waived::of(case, NAME), district_of, past };
        (numbers.len() > 1).then(|| Box::new(guard) as Box<dyn Guard>)
    }

    fn checker<'c>(&'c self, case: &'c Case) -> Option<Box<dyn Check + 'c>> {
        let mut past = vec![Vec::new(); case.inspectors.len()];
        for row in case.history.iter().filter(|row| case.establishment(row.establishment).district.is_some()) {
            row.team.iter().for_each(|who| past[who.index()].push((row.date, row.establishment)));
        }
        Some(Box::new(Days { case, waived: Waived::of(case, NAME), districts: shared::Districts::of(case), past }))
    }
}

/// Where history has people.
struct Days<'c> {
    case: &'c Case,
    waived: Waived,
    districts: shared::Districts<'c>,
    /// By person, in order of time: when, and at which place whose district is known.
    past: Vec<Vec<(NaiveDate, EstablishmentId)>>,
}

impl Check for Days<'_> {
    fn check(&self, held: &Held, found: &mut Found) {
        for (who, starts) in held.people() {
            for day in starts.chunk_by(|a, b| a.day == b.day) {
                let past = self.past_on(who, day[0].date);
                let here = self.districts.of_visit(day[0].visit);
                // Most people have one visit or one district on a day, and need no closer look.
                if !past.is_empty() || day[1..].iter().any(|start| self.districts.of_visit(start.visit) != here) {
                    self.check_day(who, past, day, found);
                }
            }
        }
    }

    fn reach(&self) -> Reach {
        Reach::Weeks
    }
}

impl Days<'_> {
    fn past_on(&self, who: InspectorId, date: NaiveDate) -> &[(NaiveDate, EstablishmentId)] {
        let past = &self.past[who.index()];
        if past.last().is_none_or(|(day, _)| *day < date) {
            return &[];
        }
        let end = past.partition_point(|(day, _)| *day <= date);
        &past[past[..end].partition_point(|(day, _)| *day < date)..end]
    }

    fn check_day(&self, who: InspectorId, past: &[(NaiveDate, EstablishmentId)], day: &[Start], found: &mut Found) {
        let case = self.case;
        let district = |place: EstablishmentId| case.establishment(place).district.as_deref();
        // The first visit to each district is evidence enough.
        let mut seen: BTreeMap<Option<&str>, String> = BTreeMap::new();
        for (_, place) in past {
            seen.entry(district(*place)).or_insert_with(|| format!("{} (history)", case.establishment(*place).id));
        }
        for Start { visit, date, .. } in day {
            let here = district(case.visit(*visit).establishment);
            let other = seen.iter().find(|(district, _)| **district != here);
            if let Some((there, place)) = other.filter(|_| !self.waived.lifts(*visit, who)) {
                let (id, visit_id) = (&case.inspector(who).id, &case.visit(*visit).id);
                let (there, here) = (there.unwrap_or("no district"), here.unwrap_or("no district"));
                found.tell(|| {
                    let says = format!("{id} is in {there} at {place} and in {here} on visit {visit_id} on {date}");
                    Violation { rule: NAME, visits: vec![*visit], inspectors: vec![who], says }
                });
            }
            let at = || format!("{} (visit {})", case.place_of(*visit).id, case.visit(*visit).id);
            seen.entry(here).or_insert_with(at);
        }
    }
}

/// Districts as numbers, for the builder.
struct Districts {
    waived: Waived,
    district_of: Vec<usize>,
    past: BTreeMap<(InspectorId, NaiveDate), Vec<usize>>,
}

impl Guard for Districts {
    fn answers(&self, question: Question) -> bool {
        question == Question::Person
    }

    fn person(&self, board: &Board, place: Place, who: InspectorId, clash: &mut dyn FnMut(Clash)) {
        let here = self.district_of[place.visit.index()];
        for duty in board.duties(who, place.day) {
            if self.district_of[duty.visit.index()] == here {
                continue;
            }
            let later = (place.slot, place.visit).max((duty.slot, duty.visit)).1;
            if !self.waived.lifts(later, who) {
                clash(Clash::Planned { visits: &[duty.visit], go: 1 });
            }
        }
        let past = || self.past.get(&(who, board.calendar.date(place.day)));
        let elsewhere = || past().is_some_and(|past| past.iter().any(|district| *district != here));
        if !self.past.is_empty() && elsewhere() && !self.waived.lifts(place.visit, who) {
            clash(Clash::Fixed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::broken;

    const CASE: &str = "
        slots am pm night
        inspectors ana ben cem dea
        place h1 district=Harbour
        place h2 district=Harbour
        place t1 district=Town
        place n1
        place n2
        visit vh1 h1
        visit vh2 h2
        visit vt t1
        visit vn1 n1
        visit vn2 n2
    ";

    fn says(lines: &str) -> Vec<String> {
        broken("one-district", &format!("{CASE}\n{lines}"))
    }

    #[test]
    fn one_district_a_day_passes() {
        let day = "plan vh1 2027-01-04 am ana ben\nplan vh2 2027-01-04 pm ana cem";
        assert!(says(&format!("{day}\nplan vt 2027-01-05 am ana ben")).is_empty());
    }

    #[test]
    fn a_second_district_on_the_same_day_breaks() {
        let found = says("plan vt 2027-01-04 am ana ben\nplan vh1 2027-01-04 pm ana cem");
        assert_eq!(found, ["ana is in Town at t1 (visit vt) and in Harbour on visit vh1 on 2027-01-04"]);
    }

    #[test]
    fn places_without_a_district_are_a_district_of_their_own() {
        assert!(says("plan vn1 2027-01-04 am ana ben\nplan vn2 2027-01-04 pm ana cem").is_empty());
        let found = says("plan vn1 2027-01-04 am ana ben\nplan vt 2027-01-04 pm ana cem");
        assert_eq!(found, ["ana is in no district at n1 (visit vn1) and in Town on visit vt on 2027-01-04"]);
    }

    #[test]
    fn history_of_the_day_counts_where_its_district_is_known() {
        assert!(says("history 2027-01-04 h1 ana\nplan vh2 2027-01-04 am ana ben").is_empty());
        assert!(says("history 2027-01-04 n1 ana\nplan vh2 2027-01-04 am ana ben").is_empty());
        let found = says("history 2027-01-04 h1 ana\nplan vt 2027-01-04 am ana ben");
        assert_eq!(found, ["ana is in Harbour at h1 (history) and in Town on visit vt on 2027-01-04"]);
    }

    #[test]
    fn a_waiver_excuses_the_later_visit() {
        let plan = "plan vt 2027-01-04 am ana ben\nplan vh1 2027-01-04 pm ana cem";
        assert!(says(&format!("waiver one-district vh1 ana\n{plan}")).is_empty());
        assert_eq!(says(&format!("waiver one-district vt ana\n{plan}")).len(), 1);
        assert_eq!(says(&format!("waiver one-district vh1 cem\n{plan}")).len(), 1);
    }
}
